"""Taking a person's word on an answer: what moves, what stands, and what comes back."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Answer, Study, StudyEvent, StudyKey
from consult.services.reviewing import deciding
from consult.services.reviewing.deciding import Choice, Decided
from consult.services.reviewing.queue import look
from consult.services.themes import editing
from consult.services.themes.editing import Refusal
from consult.services.themes.studies import standing
from tests.support.reviewing import (
    BUSES,
    FOOD,
    PARKS,
    Given,
    Said,
    make_study,
    response_id,
    said,
    unit_id,
)
from tests.support.visitors import NOON, in_session

ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"


@pytest.fixture
def session(app) -> Iterator[Session]:
    """A session on the model case."""
    with in_session(app) as session:
        yield session


@pytest.fixture
def study(session) -> Study:
    """An answer of three statements, one that says the last of them again, and three more."""
    three = Given((Said("Green", PARKS), Said("Late", BUSES), Said("Hm", None)))
    others = [said("Hm", None), said("Chips", FOOD), said("Slow", BUSES), said("Dear", BUSES)]
    with unit_of_work(session):
        return make_study(session, [three, *others])


def split_buses(session: Session, study: Study) -> None:
    """Omar parts the theme of three statements, and says of two of them into which part."""
    with unit_of_work(session):
        editing.split(
            session, study.id, BUSES, [["slow"], ["dear"]], ["Late", "Dear"], actor=OMAR, now=NOON
        )


def choice(number: int, shown: str | None, chosen: str | None, answer: int = 0) -> Choice:
    return Choice(unit_id(answer, number), shown, chosen)


ALL_RIGHT = (choice(1, PARKS, PARKS), choice(2, BUSES, BUSES), choice(3, None, None))


def take(
    session: Session,
    study: Study,
    *choices: Choice,
    seen: int = 0,
    actor: str = ANNA,
    minutes: int = 1,
) -> Decided:
    with unit_of_work(session):
        return deciding.decide(
            session,
            study.id,
            choices,
            seen=seen,
            actor=actor,
            now=NOON + timedelta(minutes=minutes),
        )


def stands(session: Session, study: Study) -> dict[str, tuple[str | None, str]]:
    rows = session.execute(
        select(StudyKey.key, StudyKey.theme, StudyKey.decided_by).where(
            StudyKey.study_id == study.id
        )
    )
    return {key: (theme, by) for key, theme, by in rows}


def kinds(session: Session, study: Study) -> list[str]:
    return list(
        session.scalars(
            select(StudyEvent.kind)
            .where(StudyEvent.study_id == study.id)
            .order_by(StudyEvent.sequence)
        )
    )


def test_what_is_right_is_confirmed_that_it_fits_no_theme_too(session, study):
    assert take(session, study, *ALL_RIGHT) == Decided(confirmed=3)
    assert stands(session, study) == {
        "green": (PARKS, "person"),
        "late": (BUSES, "person"),
        "hm": (None, "person"),
        "chips": (FOOD, "machine"),
        "slow": (BUSES, "machine"),
        "dear": (BUSES, "machine"),
    }


def test_what_is_wrong_is_moved_and_the_rest_confirmed(session, study):
    done = take(session, study, choice(1, PARKS, FOOD), choice(2, BUSES, None), ALL_RIGHT[2])
    assert done == Decided(confirmed=1, moved=2)
    assert stands(session, study)["green"] == (FOOD, "person")
    assert stands(session, study)["late"] == (None, "person")


def test_saying_the_same_again_writes_nothing(session, study):
    take(session, study, *ALL_RIGHT)
    before = kinds(session, study)
    assert take(session, study, *ALL_RIGHT, seen=study.last_sequence) == Decided()
    assert kinds(session, study) == before


def test_what_a_colleague_decided_meanwhile_stands(session, study):
    """Omar looked at the page before Anna decided; his word comes later and does not count."""
    take(session, study, choice(1, PARKS, FOOD), choice(2, BUSES, BUSES))
    done = take(session, study, choice(1, PARKS, PARKS), ALL_RIGHT[1], ALL_RIGHT[2], actor=OMAR)
    assert done == Decided(confirmed=1, by_others=1)
    assert stands(session, study)["green"] == (FOOD, "person")
    assert kinds(session, study).count("move") == 2  # Green by Anna, and that Hm fits none


def test_who_has_seen_a_colleagues_word_may_change_it(session, study):
    take(session, study, choice(1, PARKS, FOOD))
    done = take(session, study, choice(1, FOOD, BUSES), seen=study.last_sequence, actor=OMAR)
    assert done == Decided(moved=1)
    assert stands(session, study)["green"] == (BUSES, "person")


def test_ones_own_stale_page_counts(session, study):
    take(session, study, choice(1, PARKS, FOOD))
    assert take(session, study, choice(1, PARKS, BUSES), minutes=2) == Decided(moved=1)
    assert stands(session, study)["green"] == (BUSES, "person")


def test_a_theme_that_was_merged_is_followed(session, study):
    with unit_of_work(session):
        editing.merge(session, study.id, BUSES, PARKS, actor=OMAR, now=NOON)
    done = take(session, study, choice(1, PARKS, PARKS), choice(2, BUSES, PARKS))
    assert (done.confirmed + done.moved, done.changed) == (2, 0)
    assert stands(session, study)["green"] == (BUSES, "person")
    assert stands(session, study)["late"] == (BUSES, "person")


def test_who_agreed_to_a_theme_that_was_split_has_to_look_again(session, study):
    split_buses(session, study)
    done = take(session, study, choice(1, PARKS, PARKS), choice(2, BUSES, BUSES))
    assert done == Decided(confirmed=1, changed=1)
    assert stands(session, study)["late"][1] == "machine"


def test_a_split_theme_is_no_choice_and_nothing_is_done(session, study):
    split_buses(session, study)
    with pytest.raises(deciding.ThemesGone) as caught:
        take(session, study, choice(1, PARKS, BUSES), choice(3, None, None))
    refusal = caught.value.refusals[unit_id(0, 1)]
    assert refusal.reason is Refusal.WAS_SPLIT
    assert [label for _, label in refusal.parts] == ["Late", "Dear"]
    assert stands(session, study)["hm"] == (None, "machine")
    with pytest.raises(deciding.ThemesGone) as caught:
        take(session, study, choice(1, PARKS, "t-unknown"))
    assert caught.value.refusals[unit_id(0, 1)].reason is Refusal.UNKNOWN_THEME


def test_an_answer_withdrawn_in_the_middle_takes_no_word(session, study):
    with unit_of_work(session):
        session.execute(delete(Answer).where(Answer.response_id == response_id(0)))
    with pytest.raises(deciding.AnswerGone):
        take(session, study, *ALL_RIGHT)
    assert kinds(session, study) == []


def test_a_decision_is_taken_back_whole_and_the_answer_is_found_again(session, study):
    take(session, study, choice(1, PARKS, FOOD), *ALL_RIGHT[1:])
    take(session, study, choice(1, FOOD, FOOD, answer=2), minutes=2)
    last = look(session, study, actor=ANNA, midnight=NOON).undoable
    assert last is not None
    assert last.keys == ("chips",)
    take_back(session, study, last.sequences)
    last = look(session, study, actor=ANNA, midnight=NOON).undoable
    assert last is not None
    assert set(last.keys) == {"green", "late", "hm"}
    found = take_back(session, study, last.sequences)
    assert found in {response_id(0), response_id(1)}
    assert {by for _, by in stands(session, study).values()} == {"machine"}


def take_back(session: Session, study: Study, sequences: tuple[int, ...]) -> UUID | None:
    with unit_of_work(session):
        return deciding.take_back(
            session, study.id, sequences, actor=ANNA, now=NOON + timedelta(minutes=9)
        )


def test_nobody_takes_back_what_is_anothers_or_undone_or_not_there(session, study):
    take(session, study, choice(1, PARKS, FOOD), actor=OMAR)
    for sequences in ((1,), (99,)):
        with pytest.raises(deciding.NotTheirs):
            take_back(session, study, sequences)
    take(session, study, choice(2, BUSES, FOOD))
    take_back(session, study, (2,))
    with pytest.raises(deciding.NotTheirs):
        take_back(session, study, (2,))


def test_a_new_theme_holds_the_statement_that_it_was_made_of(session, study):
    with unit_of_work(session):
        found = deciding.new_theme(
            session, study.id, unit_id(0, 3), "Noise", "Loud streets", actor=ANNA, now=NOON
        )
    assert found == response_id(0)
    theme, by = stands(session, study)["hm"]
    assert by == "person"
    assert standing(session, study).state.themes[theme or ""].label == "Noise"
    last = look(session, study, actor=ANNA, midnight=NOON).undoable
    assert last is not None
    assert last.keys == ("hm",)


def test_a_new_theme_needs_its_statement(session, study):
    with unit_of_work(session):
        session.execute(delete(Answer).where(Answer.response_id == response_id(2)))
    with pytest.raises(deciding.AnswerGone), unit_of_work(session):
        deciding.new_theme(session, study.id, unit_id(2), "Noise", "", actor=ANNA, now=NOON)
