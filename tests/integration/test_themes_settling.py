"""After any edits, the rows say what the whole log says; and edits are refused with reasons."""

import contextlib
import random

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Response, Study, StudyEvent, StudyKey
from consult.services import responses
from consult.services.themes import editing, forgetting, proposing, studies
from consult.services.themes.editing import EditRefused, Refusal
from tests.support.consultations import NOW, example
from tests.support.studies import THEMES, SmallStudy, small_study

BUSES, PARKS, SHOPS = THEMES


@pytest.fixture
def small(world) -> SmallStudy:
    world.store(example())
    return small_study(world)


def refused(small: SmallStudy, *edit) -> EditRefused:
    before = (small.stands(), small.study.last_sequence, small.study.revision)
    with pytest.raises(EditRefused) as caught:
        small.do(*edit)
    assert (small.stands(), small.study.last_sequence, small.study.revision) == before
    return caught.value


def any_edit(small: SmallStudy, chance: random.Random) -> None:
    """One edit by chance; one that does not fit is refused and changes nothing."""
    standing = list(studies.read_standing(small.session, small.study).state.standing)
    keys = sorted(small.stands())
    some = chance.sample(keys, chance.randint(1, 3))
    theme = max(chance.sample(standing, min(2, len(standing))), key=lambda t: len(small.of(t)))
    last = small.study.last_sequence
    edits = [
        lambda: small.do(editing.move, some, chance.choice([*standing, None])),
        lambda: small.do(editing.confirm, some),
        lambda: small.do(editing.merge, theme, chance.choice(standing)),
        lambda: small.do(editing.split, theme, _halves(small.of(theme), chance)),
        lambda: small.do(editing.create, "Made", "", some),
        lambda: small.do(editing.lock, theme),
        lambda: small.do(editing.unlock, theme),
        lambda: small.do(editing.undo, chance.randint(1, max(1, last))),
        lambda: small.do(editing.undo, max(1, last)),
    ]
    with contextlib.suppress(EditRefused):
        chance.choice(edits)()


def _halves(keys: list[str], chance: random.Random) -> list[list[str]]:
    chance.shuffle(keys)
    return [keys[:1], keys[1:3]]


@pytest.mark.parametrize("seed", range(6))
def test_settling_what_an_edit_touches_is_settling_everything(world, seed) -> None:
    world.store(example())
    small = small_study(world, 20, seed)
    chance = random.Random(seed)
    kinds = set()
    for _ in range(60):
        any_edit(small, chance)
        assert small.stands() == small.resolved()
    for event in small.session.scalars(select(StudyEvent)):
        kinds.add(event.kind)
    assert {"move", "merge", "split", "undo", "create"} <= kinds


def test_an_undo_and_its_undo_bring_everything_back(small: SmallStudy) -> None:
    first = small.stands()
    merged = small.do(editing.merge, BUSES, PARKS)
    after = small.stands()
    assert PARKS not in {theme for theme, _ in after.values()}
    undone = small.do(editing.undo, merged)
    assert small.stands() == first
    small.do(editing.undo, undone)
    assert small.stands() == after


def test_statements_that_one_act_moved_are_taken_back_together(small: SmallStudy) -> None:
    first = small.stands()
    some = small.of(BUSES)[:3]
    last = small.do(editing.move, some, PARKS)
    assert last == 3
    assert {small.stands()[key] for key in some} == {(PARKS, "person")}
    (line,) = editing.history(small.session, small.study)
    assert (line.sequences, line.labels, line.can_undo) == ((1, 2, 3), ("Buses", "Parks"), True)
    small.do(editing.undo, 2)
    assert small.stands() == first
    undone, done = editing.history(small.session, small.study)
    assert undone.sequences == (4, 5, 6)
    assert undone.target == done.event
    assert (done.is_undone, done.can_undo, undone.can_undo) == (True, False, True)
    assert refused(small, editing.undo, 3).reason is Refusal.UNDONE_ALREADY


def test_a_merged_theme_is_followed(small: SmallStudy) -> None:
    small.do(editing.merge, BUSES, PARKS)
    small.do(editing.rename, PARKS, "Out and about")
    state = studies.standing(small.session, small.study).state
    assert state.themes[BUSES].label == "Out and about"
    assert refused(small, editing.merge, PARKS, BUSES).reason is Refusal.SAME_THEME


def test_of_a_theme_that_was_split_the_parts_are_named(small: SmallStudy) -> None:
    keys = small.of(BUSES)
    small.do(editing.split, BUSES, [keys[:1], keys[1:2]], ["Late", "Dear"])
    error = refused(small, editing.move, [keys[0]], BUSES)
    assert (error.reason, error.label) == (Refusal.WAS_SPLIT, "Buses")
    assert [label for _, label in error.parts] == ["Late", "Dear"]
    assert small.of(BUSES) == []
    late = next(name for name, label in error.parts if label == "Late")
    assert small.stands()[keys[0]] == (late, "person")


def test_what_does_not_fit_is_refused_with_its_reason(small: SmallStudy) -> None:
    keys = small.of(SHOPS)
    cases = [
        ((editing.rename, "t-none", "X"), Refusal.UNKNOWN_THEME),
        ((editing.rename, BUSES, "  "), Refusal.NO_LABEL),
        ((editing.rename, BUSES, "x" * 201), Refusal.LABEL_TOO_LONG),
        ((editing.move, [], BUSES), Refusal.NO_UNITS),
        ((editing.move, ["f" * 32], BUSES), Refusal.UNKNOWN_UNIT),
        ((editing.create, "New", "", ()), Refusal.NO_UNITS),
        ((editing.create, "New", "", ["f" * 32]), Refusal.UNKNOWN_UNIT),
        ((editing.split, SHOPS, [keys[:1], []]), Refusal.NO_UNITS),
        ((editing.split, SHOPS, [keys[:1], keys[:2]]), Refusal.IN_TWO_PARTS),
        ((editing.undo, 1), Refusal.UNKNOWN_EDIT),
        ((editing.adopt, "t-none", "New"), Refusal.UNKNOWN_SUGGESTION),
    ]
    for edit, reason in cases:
        assert refused(small, *edit).reason is reason
    small.do(editing.lock, BUSES)
    error = refused(small, editing.rename, BUSES, "Trams")
    assert (error.reason, error.label) == (Refusal.LOCKED, "Buses")
    small.do(editing.move, keys[:1], BUSES)  # what people put into it


def test_an_edit_that_others_build_on_cannot_be_undone(small: SmallStudy) -> None:
    keys = small.of(BUSES)
    split = small.do(editing.split, BUSES, [keys[:1], keys[1:2]], ["Late", "Dear"])
    parts = studies.standing(small.session, small.study).state.groups[BUSES]
    small.do(editing.rename, parts[0], "Too late")
    assert refused(small, editing.undo, split).reason is Refusal.NOT_UNDOABLE
    renamed, whole = editing.history(small.session, small.study)
    assert (renamed.can_undo, whole.can_undo) == (True, False)
    assert whole.labels == ("Buses", "Too late", "Dear")


def test_what_is_so_already_makes_no_edit(small: SmallStudy) -> None:
    small.do(editing.rename, BUSES, "Trams")
    small.do(editing.hide, BUSES)
    small.do(editing.lock, None)
    assert small.do(editing.rename, BUSES, " Trams ") == 3
    assert small.do(editing.hide, BUSES) == 3
    assert small.do(editing.lock, None) == 3
    assert small.do(editing.unlock, BUSES) == 3
    assert small.do(editing.describe, PARKS, " ") == 3


def test_a_statement_in_no_theme_can_be_confirmed_there(small: SmallStudy) -> None:
    loose = next(key for key, (theme, _) in small.stands().items() if theme is None)
    small.do(editing.confirm, [loose])
    assert small.stands()[loose] == (None, "person")


def test_two_officers_at_once_both_count(small: SmallStudy) -> None:
    one, two = small.of(BUSES)[:2]

    def first(session):
        return editing.move(session, small.id, [one], PARKS, actor="amina", now=NOW)

    def second(session):
        return editing.move(session, small.id, [two], SHOPS, actor="brian", now=NOW)

    assert small.world.meanwhile(first, second) == 2
    assert small.stands()[one] == (PARKS, "person")
    assert small.stands()[two] == (SHOPS, "person")


def test_many_edits_in_the_same_moment_are_all_in_the_log(small: SmallStudy) -> None:
    key = small.of(BUSES)[0]

    def edit(session):
        return editing.move(session, small.id, [key], PARKS, actor="amina", now=NOW)

    assert sorted(small.world.at_once(edit)) == [1, 2, 3, 4]
    assert small.study.last_sequence == 4


def test_an_edit_that_was_rolled_back_is_not_remembered(small: SmallStudy) -> None:
    def fail() -> None:
        with unit_of_work(small.session):
            editing.rename(small.session, small.id, BUSES, "Trams", actor="amina", now=NOW)
            studies.standing(small.session, small.session.get_one(Study, small.id))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    small.do(editing.rename, PARKS, "Greens", actor="brian")
    state = studies.standing(small.session, small.study).state
    assert [state.themes[name].label for name in THEMES] == ["Buses", "Greens", "Shops"]


def test_a_withdrawn_answer_takes_its_statements_along(small: SmallStudy) -> None:
    keys = small.of(BUSES)
    small.do(editing.split, BUSES, [keys[:2], keys[2:4]], ["Late", "Dear"])
    said = small.said()
    for response in list(said)[:-1]:
        with unit_of_work(small.session):
            gone = small.session.get_one(Response, response)
            responses.withdraw(small.session, gone, now=NOW)
        del said[response]
        assert set(small.stands()) == {key for keys in said.values() for key in keys}
        assert small.stands() == small.resolved()
    assert small.stands()
    with unit_of_work(small.session):
        assert forgetting.forget_orphans(small.session) == 0


def test_a_theme_is_proposed_in_parts_that_come_out_as_said(small: SmallStudy) -> None:
    theme = proposing.loosest(small.session, small.study)
    parts = proposing.proposed_parts(small.session, small.study, theme)
    assert sum(part.statements for part in parts) == len(small.of(theme))
    small.do(editing.split, theme, [part.keys for part in parts], ["One", "Two"])
    made = studies.standing(small.session, small.study).state.groups[theme]
    assert [len(small.of(name)) for name in made] == [part.statements for part in parts]
    with pytest.raises(EditRefused) as caught:
        proposing.propose_split(small.session, small.study, theme)
    assert caught.value.reason is Refusal.WAS_SPLIT


def test_the_closest_two_are_proposed_to_be_one(small: SmallStudy) -> None:
    pair = proposing.closest_pair(small.session, small.study)
    assert set(pair) < set(THEMES)
    assert len(small.of(pair[0])) >= len(small.of(pair[1]))
    small.do(editing.lock, pair[1])
    assert pair[1] not in proposing.closest_pair(small.session, small.study)


def test_another_study_s_statements_stay_untouched(small: SmallStudy) -> None:
    other = studies.NoSuchStudy
    with pytest.raises(other):
        editing.rename(small.session, type(small.id)(int=1), BUSES, "X", actor="amina", now=NOW)
    assert small.session.scalar(select(StudyKey.key).limit(1)) is not None
