"""Consultations in the making: parts saved one by one, and nobody's words lost."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import AuditEvent, Workspace
from consult.services import changes, consultations, workspaces
from consult.services.workspaces import (
    KeyTaken,
    NoSuchPart,
    PartChanged,
    SlugTaken,
    State,
    digest,
)
from tests.support.consultations import (
    CLOSES,
    NOW,
    OPENS,
    SLUG,
)

LATER = NOW + timedelta(minutes=5)
ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"


@pytest.fixture
def parks(world):
    """A consultation with a title and three questions."""
    with unit_of_work(world.session):
        workspaces.create(world.session, "parks", {"title": "Parks"}, actor=ANNA, now=NOW)
        for key in ("one", "two", "three"):
            workspaces.add_item(
                world.session, "parks", "questions", question(key), actor=ANNA, now=NOW
            )
    return world


def question(key, part="draft", label="What do you think?"):
    return {"key": key, "part": part, "kind": "long_text", "label": label}


def save(world, part, value, *, seen, actor=ANNA, now=LATER):
    with unit_of_work(world.session):
        return workspaces.save_part(
            world.session, "parks", part, value, seen=seen, actor=actor, now=now
        )


def at_hand(world) -> Workspace:
    world.session.expire_all()
    found = workspaces.find(world.session, "parks")
    assert found is not None
    return found


def keys(world):
    return [each["key"] for each in at_hand(world).content["questions"]]


def test_a_new_consultation_has_what_was_given_and_no_more(parks):
    workspace = at_hand(parks)
    assert workspace.content["title"] == "Parks"
    assert workspace.content["languages"] == ["en"]
    assert workspace.created_by == ANNA
    assert workspaces.state_of(workspace, NOW) is State.PREPARING


@pytest.mark.parametrize("name", ["parks", SLUG])
def test_a_name_in_addresses_is_given_once(parks, name):
    with pytest.raises(SlugTaken), unit_of_work(parks.session):
        workspaces.create(parks.session, name, {}, actor=ANNA, now=NOW)


def test_a_part_is_saved_and_who_did_it_is_known(parks):
    words = workspaces.part_of(at_hand(parks), "words")
    save(parks, "words", {**words, "introduction": "Tell us."}, seen=digest(words), actor=OMAR)
    workspace = at_hand(parks)
    assert workspace.content["introduction"] == "Tell us."
    assert (workspace.changed_by, workspace.changed_at) == (OMAR, LATER)
    last = parks.session.scalars(select(AuditEvent).order_by(AuditEvent.at.desc())).first()
    assert last is not None
    assert (last.actor, last.subject, last.details) == (OMAR, "parks", {"part": "words"})


def test_words_that_were_taken_out_are_gone(parks):
    words = workspaces.part_of(at_hand(parks), "words")
    save(parks, "words", {"introduction": "Tell us."}, seen=digest(words))
    assert "title" not in at_hand(parks).content


def test_of_two_who_write_the_same_part_the_second_is_told_what_the_first_wrote(parks):
    seen = workspaces.part_of(at_hand(parks), "questions.two")
    anna, omar = question("two", label="Anna's"), question("two", label="Omar's")
    save(parks, "questions.two", anna, seen=digest(seen))
    with pytest.raises(PartChanged) as told:
        save(parks, "questions.two", omar, seen=digest(seen), actor=OMAR)
    assert told.value.current == anna
    assert told.value.changed_by == ANNA
    assert workspaces.part_of(at_hand(parks), "questions.two") == anna
    save(parks, "questions.two", omar, seen=digest(anna), actor=OMAR)
    assert workspaces.part_of(at_hand(parks), "questions.two") == omar


def test_two_who_write_different_parts_do_not_meet(parks):
    one = workspaces.part_of(at_hand(parks), "questions.one")
    two = workspaces.part_of(at_hand(parks), "questions.two")
    save(parks, "questions.one", question("one", label="Anna's"), seen=digest(one))
    save(parks, "questions.two", question("two", label="Omar's"), seen=digest(two), actor=OMAR)
    labels = [each["label"] for each in at_hand(parks).content["questions"]]
    assert labels == ["Anna's", "Omar's", "What do you think?"]


def test_the_same_words_twice_are_no_conflict(parks):
    seen = workspaces.part_of(at_hand(parks), "questions.two")
    value = question("two", label="The same")
    save(parks, "questions.two", value, seen=digest(seen))
    before = at_hand(parks).revision
    save(parks, "questions.two", value, seen=digest(seen), actor=OMAR)
    assert at_hand(parks).revision == before


def test_many_at_once_write_one_after_another(engine, parks):
    start = threading.Barrier(6)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with Session(engine) as session:
                start.wait(10)
                with unit_of_work(session):
                    workspaces.add_item(
                        session, "parks", "sections", section(number), actor=ANNA, now=NOW
                    )
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not failures
    found = [each["key"] for each in at_hand(parks).content["sections"]]
    assert sorted(found) == [f"s{number}" for number in range(6)]


def section(number):
    return {"key": f"s{number}", "title": "T", "summary": "S", "easy_read": "E", "full": "F"}


def test_a_key_is_used_once(parks):
    with pytest.raises(KeyTaken), unit_of_work(parks.session):
        workspaces.add_item(
            parks.session, "parks", "questions", question("two"), actor=ANNA, now=NOW
        )


def test_an_item_can_be_put_before_another(parks):
    with unit_of_work(parks.session):
        workspaces.add_item(
            parks.session,
            "parks",
            "questions",
            question("zero"),
            before="two",
            actor=ANNA,
            now=NOW,
        )
    assert keys(parks) == ["one", "zero", "two", "three"]


def test_questions_stay_in_the_order_of_their_parts(parks):
    with unit_of_work(parks.session):
        for key, part in (("age", "monitoring"), ("who", "who"), ("four", "draft")):
            workspaces.add_item(
                parks.session, "parks", "questions", question(key, part), actor=ANNA, now=NOW
            )
    assert keys(parks) == ["who", "one", "two", "three", "four", "age"]


@pytest.mark.parametrize(
    ("part", "places", "position", "order"),
    [
        ("questions.one", 1, 1, ["two", "one", "three"]),
        ("questions.three", -1, 1, ["one", "three", "two"]),
        ("questions.one", -1, 0, ["one", "two", "three"]),
        ("questions.three", 5, 2, ["one", "two", "three"]),
        ("questions.three", -9, 0, ["three", "one", "two"]),
    ],
)
def test_items_are_moved(parks, part, places, position, order):
    with unit_of_work(parks.session):
        at = workspaces.move_item(parks.session, "parks", part, places, actor=ANNA, now=NOW)
    assert (at, keys(parks)) == (position, order)


def test_an_item_is_removed_as_it_was_seen(parks):
    seen = digest(workspaces.part_of(at_hand(parks), "questions.two"))
    save(parks, "questions.two", question("two", label="New"), seen=seen)
    with pytest.raises(PartChanged), unit_of_work(parks.session):
        workspaces.remove_item(
            parks.session, "parks", "questions.two", seen=seen, actor=OMAR, now=LATER
        )
    assert keys(parks) == ["one", "two", "three"]
    now_seen = digest(question("two", label="New"))
    with unit_of_work(parks.session):
        workspaces.remove_item(
            parks.session, "parks", "questions.two", seen=now_seen, actor=OMAR, now=LATER
        )
    assert keys(parks) == ["one", "three"]


@pytest.mark.parametrize("part", ["questions.gone", "questions.", "nothing", "titles.one"])
def test_a_part_that_is_not_there_is_said_so(parks, part):
    with pytest.raises(NoSuchPart):
        workspaces.part_of(at_hand(parks), part)
    with pytest.raises(NoSuchPart), unit_of_work(parks.session):
        workspaces.save_part(parks.session, "parks", part, {}, seen=digest({}), actor=ANNA, now=NOW)


def test_a_consultation_that_is_not_there_is_said_so(parks):
    with pytest.raises(consultations.NoSuchConsultation), unit_of_work(parks.session):
        workspaces.lock(parks.session, "gone")


def adopt(world):
    with unit_of_work(world.session):
        return workspaces.adopt(
            world.session,
            world.stored,
            translations_by="Planted translator",
            actor=ANNA,
            now=NOW,
        )


def test_a_stored_consultation_is_taken_up_whole(world):
    workspace = adopt(world)
    assert workspace.content == workspaces.content_of(world.document)
    texts = {(text.language, text.path): text for text in workspace.texts}
    assert {
        language: {path for lang, path in texts if lang == language}
        for language in world.document.translations
    } == {language: set(each) for language, each in world.document.translations.items()}
    assert {text.written_by for text in workspace.texts} == {"Planted translator"}
    assert changes.pending(world.session, workspace).parts == ()


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (OPENS - timedelta(seconds=1), State.SCHEDULED),
        (OPENS, State.OPEN),
        (CLOSES - timedelta(seconds=1), State.OPEN),
        (CLOSES, State.CLOSED),
    ],
)
def test_where_a_consultation_stands(world, moment, state):
    assert workspaces.state_of(adopt(world), moment) is state


def test_a_paused_consultation_says_so(world):
    workspace = adopt(world)
    with unit_of_work(world.session):
        consultations.set_paused(world.session, SLUG, True, actor=ANNA, now=NOW)
    assert workspaces.state_of(workspace, NOW) is State.PAUSED


def test_consultations_without_a_workspace_get_one_once(world):
    with unit_of_work(world.session):
        assert workspaces.adopt_all(world.session, actor=ANNA, now=NOW) == 1
    with unit_of_work(world.session):
        assert workspaces.adopt_all(world.session, actor=ANNA, now=NOW) == 0


def test_texts_to_translate_are_those_that_are_written(parks):
    sources = workspaces.source_texts(at_hand(parks).content)
    assert sources == {
        "title": "Parks",
        "questions.one.label": "What do you think?",
        "questions.two.label": "What do you think?",
        "questions.three.label": "What do you think?",
    }


def test_who_is_told_of_a_change_hears_who_made_it_and_not_who_changed_something_else(parks):
    two = workspaces.part_of(at_hand(parks), "questions.two")
    one = workspaces.part_of(at_hand(parks), "questions.one")
    save(parks, "questions.two", question("two", label="Anna's"), seen=digest(two), now=LATER)
    later = LATER + timedelta(minutes=5)
    omars = question("one", label="Omar's")
    save(parks, "questions.one", omars, seen=digest(one), actor=OMAR, now=later)
    with pytest.raises(PartChanged) as told:
        save(parks, "questions.two", question("two", label="Third"), seen=digest(two), actor=OMAR)
    assert (told.value.changed_by, told.value.changed_at) == (ANNA, LATER)
