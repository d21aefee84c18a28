"""Consultations in the database: stored whole, changed without touching given answers."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.demo.setting_up import model_case
from consult.document.model import Consultation as Document
from consult.document.writing import write_consultation
from consult.models import Answer, AuditEvent, Question, Response, Translation
from consult.services import consultations, drafts, responses
from tests.support.consultations import (
    CLOSES,
    DELETE_ON,
    FULL,
    LATE_UNTIL,
    NOW,
    OPENS,
    SLUG,
    changed,
    example,
    with_question,
)


def versions(world, key):
    """Number and label of each version of a question, in order."""
    world.session.expire_all()
    [question] = [q for q in world.stored.questions if q.key == key]
    return [(version.number, version.definition["label"]) for version in question.versions]


def relabelled(document, key, label):
    return with_question(document, key, label=label)


read_model_case = cache(model_case)


@pytest.mark.parametrize("make", [example, read_model_case])
def test_what_is_stored_comes_back_whole(world, make):
    document = make()
    world.store(document)
    with Session(world.engine) as session:
        stored = consultations.get(session, document.slug)
        read = consultations.document_of(session, stored)
    assert read == document
    assert write_consultation(read) == write_consultation(document)  # the order of texts, too


def test_times_with_an_offset_and_a_pause_come_back(world):
    document = changed(example(), closes_at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC), paused=True)
    world.store(document)
    assert world.document == document
    assert world.stored.closes_at == CLOSES


def test_columns_repeat_what_the_database_judges_by(world):
    stored = world.stored
    assert (stored.opens_at, stored.closes_at, stored.late_until) == (OPENS, CLOSES, LATE_UNTIL)
    assert (stored.delete_on, stored.deletion, stored.paused) == (DELETE_ON, "anonymise", False)
    assert stored.created_at == OPENS
    assert [q.key for q in stored.questions] == list(FULL)


def test_names_are_found_and_unknown_ones_are_not(world):
    later = changed(
        example(),
        slug="later",
        closes_at=datetime(2026, 5, 1, 9),
        late_until=datetime(2026, 5, 2, 9),
    )
    world.store(later)
    assert consultations.slugs(world.session) == ["later", SLUG]
    assert consultations.find(world.session, "nothing") is None
    assert consultations.edition_of(world.session, "nothing") is None
    with pytest.raises(consultations.NoSuchConsultation):
        consultations.get(world.session, "nothing")


def test_without_answers_a_version_is_replaced(world):
    world.store(relabelled(example(), "vision_agree", "Is the vision right?"))
    assert versions(world, "vision_agree") == [(1, "Is the vision right?")]
    assert world.question("vision_agree").label == "Is the vision right?"
    assert world.question("vision_agree").version == 1


def test_with_answers_a_new_version_comes_and_old_answers_keep_the_old_one(world):
    first = world.send(world.begin())
    second_document = relabelled(example(), "vision_agree", "Is the vision right?")
    world.store(second_document)
    assert versions(world, "vision_agree") == [
        (1, "Do you agree with the vision?"),
        (2, "Is the vision right?"),
    ]
    assert world.question("vision_agree").version == 2
    second = world.send(world.begin())
    asked = {
        receipt.response_id: world.session.scalars(
            sa.select(Answer).where(
                Answer.response_id == receipt.response_id, Answer.question_key == "vision_agree"
            )
        )
        .one()
        .question_version.number
        for receipt in (first, second)
    }
    assert asked == {first.response_id: 1, second.response_id: 2}
    assert versions(world, "vision_why") == [(1, "Why?")]  # an unchanged question keeps its one
    world.store(second_document)  # the same file again, which still says version 1
    assert [number for number, _ in versions(world, "vision_agree")] == [1, 2]


def test_an_unanswered_second_version_is_replaced_by_the_next_change(world):
    receipt = world.send(world.begin())
    world.store(relabelled(example(), "vision_agree", "Second"))
    with unit_of_work(world.session):
        responses.withdraw(world.session, world.response(receipt), now=NOW)
    world.store(relabelled(example(), "vision_agree", "Third"))
    numbers = [number for number, _ in versions(world, "vision_agree")]
    assert versions(world, "vision_agree")[-1][1] == "Third"
    assert numbers == sorted(set(numbers))
    assert world.question("vision_agree").version == numbers[-1] >= 2


def test_a_change_is_seen_by_who_has_answered_in_a_draft(world):
    # Nobody has sent an answer yet, but somebody has read the old question.
    draft = world.begin({"vision_agree": {"answer": ["agree"]}})
    world.store(relabelled(example(), "vision_agree", "Do you disagree with the vision?"))
    world.session.expire_all()
    assert drafts.needs_a_look(world.document, draft, world.question("vision_agree"))


def test_a_question_with_answers_is_retired_and_comes_back(world):
    receipt = world.send(world.begin())
    plain = example().model_dump()
    plain["questions"] = [q for q in plain["questions"] if q["key"] not in {"visits", "order"}]
    world.store(Document.model_validate(plain))
    assert world.document.question("visits") is None
    retired = world.session.scalars(sa.select(Question).where(Question.key == "visits")).one()
    assert retired.retired
    assert "visits" not in consultations.version_ids(world.session, world.stored)
    answers = responses.answers_of(world.response(receipt))
    assert answers["visits"] == {"number": 12}
    world.store(example())
    world.session.expire_all()
    assert world.document == example()
    brought_back = world.session.scalars(sa.select(Question).where(Question.key == "visits")).one()
    assert (brought_back.id, brought_back.retired) == (retired.id, False)
    assert versions(world, "visits") == [(1, "How often did you go last month?")]


def test_a_question_without_answers_is_removed(world):
    plain = example().model_dump()
    plain["questions"] = [q for q in plain["questions"] if q["key"] != "visits"]
    world.store(Document.model_validate(plain))
    assert world.scalar("SELECT count(*) FROM question WHERE key = 'visits'") == 0
    assert world.count("question") == world.count("question_version") == 8


def test_a_new_order_is_read_back_within_the_same_unit_of_work(world):
    plain = example().model_dump()
    keys = [q["key"] for q in plain["questions"]]
    keys[3], keys[5] = keys[5], keys[3]
    plain["questions"] = sorted(plain["questions"], key=lambda q: keys.index(q["key"]))
    new = {**plain["questions"][1], "key": "new_one", "label": "And the trees?"}
    plain["questions"].insert(1, new)
    document = Document.model_validate(plain)
    with unit_of_work(world.session):
        stored = consultations.store(world.session, document, actor="an officer", now=NOW)
        assert consultations.document_of(world.session, stored) == document
    assert world.document == document


def test_translations_are_replaced(world):
    texts = {**example().translations["ur"], "title": "پارک"}
    del texts["asked_by"]
    world.store(changed(example(), translations={"ur": texts}))
    assert world.document.translations == {"ur": texts}
    stored = world.session.execute(
        sa.select(Translation.path, Translation.text).where(Translation.language == "ur")
    )
    assert dict(stored.all()) == texts
    world.store(changed(example(), translations={}, languages=("en",)))
    assert world.count("translation") == 0


def test_a_version_holds_its_own_translations_only(world):
    [question] = [q for q in world.stored.questions if q.key == "visits"]
    assert question.current.translations == {
        "ur": {
            "questions.visits.label": "آپ پچھلے مہینے کتنی بار گئے؟",
            "questions.visits.unit": "بار",
        }
    }
    world.send(world.begin())
    texts = {**example().translations["ur"], "questions.visits.unit": "دفعہ"}
    world.store(changed(example(), translations={"ur": texts}))
    [question] = [q for q in world.stored.questions if q.key == "visits"]
    assert len(question.versions) == 1  # a better translation asks nothing else
    assert question.current.translations["ur"]["questions.visits.unit"] == "دفعہ"


def test_the_revision_grows_with_every_change(world):
    assert consultations.edition_of(world.session, SLUG) == (world.stored.id, 1)
    world.store(example())
    assert consultations.edition_of(world.session, SLUG) == (world.stored.id, 2)
    with unit_of_work(world.session):
        consultations.set_paused(world.session, SLUG, True, actor="an officer", now=NOW)
    assert consultations.edition_of(world.session, SLUG) == (world.stored.id, 3)


def test_pausing_and_going_on(world):
    with unit_of_work(world.session):
        consultations.set_paused(world.session, SLUG, True, actor="an officer", now=NOW)
    assert world.document.paused
    assert world.stored.paused
    with unit_of_work(world.session):
        consultations.set_paused(
            world.session, SLUG, False, actor="an officer", now=NOW + timedelta(hours=1)
        )
    assert not world.document.paused
    with pytest.raises(consultations.NoSuchConsultation), unit_of_work(world.session):
        consultations.set_paused(world.session, "nothing", True, actor="an officer", now=NOW)


def test_every_change_is_in_the_audit_trail(world):
    world.store(example())
    with unit_of_work(world.session):
        consultations.set_paused(
            world.session, SLUG, True, actor="an officer", now=NOW + timedelta(hours=1)
        )
    events = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.at)).all()
    assert [(event.action, event.actor, event.subject) for event in events] == [
        ("consultation created", "an officer", SLUG),
        ("consultation changed", "an officer", SLUG),
        ("consultation paused", "an officer", SLUG),
    ]
    assert events[1].details == {"revision": 2, "questions": 9, "languages": ["en", "ur"]}


def test_two_consultations_keep_apart(world):
    other = changed(example(), slug="another", title="Another")
    world.store(other)
    world.send(world.begin())
    world.store(relabelled(other, "vision_agree", "Here nobody has answered"))
    stored = consultations.get(world.session, "another")
    [question] = [q for q in stored.questions if q.key == "vision_agree"]
    assert [version.number for version in question.versions] == [1]
    assert world.document == example()
    ids = world.session.scalars(sa.select(Response.consultation_id)).all()
    assert ids == [world.stored.id]
