"""Answers begun and not sent: nothing typed is lost, nothing stays longer than promised."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Draft, DraftAnswer
from consult.services import consultations, drafts
from consult.services.answering import Fault
from consult.services.codes import hash_code, parse_code
from consult.services.responses import send_draft
from tests.support.consultations import (
    FULL,
    FULL_VALUES,
    NOW,
    SECRET,
    SLUG,
    changed,
    example,
    with_question,
)

LATER = NOW + timedelta(hours=3)


def row(world, draft, key):
    world.session.expire_all()
    return world.session.get_one(DraftAnswer, (draft.id, key))


def first_open(world, draft):
    found = drafts.first_open_question(world.document, draft)
    return None if found is None else found.key


def test_a_new_draft_is_empty_and_lasts_as_long_as_the_consultation_says(world):
    draft = world.begin({})
    other = world.begin({})
    assert draft.answers == []
    assert draft.expires_at == NOW + timedelta(days=30)
    assert (draft.sent_at, draft.code_hash, draft.replaces_response_id) == (None, None, None)
    assert draft.receipt_seed != other.receipt_seed
    assert draft.client_id != other.client_id
    assert first_open(world, draft) == "capacity"
    assert first_open(world, None) == "capacity"
    assert drafts.values(None) == {}
    assert drafts.typed(None, "capacity") is None


def test_every_answer_is_kept_as_typed_and_as_read(world):
    draft = world.begin()
    assert drafts.values(draft) == FULL_VALUES
    assert drafts.typed(draft, "wishes") == {"answer": ["toilets", "benches"]}
    assert drafts.typed(draft, "order") == {"rank-trees": ["2"], "rank-play": ["1"]}
    assert first_open(world, draft) is None


def test_what_makes_no_answer_is_kept_as_typed(world):
    draft = world.begin({})
    reading = world.save(draft, "visits", {"answer": ["lots"], "csrf_token": ["x"]})
    assert [problem.fault for problem in reading.problems] == [Fault.NOT_A_NUMBER]
    kept = row(world, draft, "visits")
    assert kept.typed == {"answer": ["lots"]}
    assert kept.value is None
    assert drafts.needs_a_look(world.document, draft, world.question("visits"))
    assert drafts.is_visited(draft, "visits")
    assert not drafts.is_visited(draft, "order")


def test_saving_again_replaces_and_moves_the_expiry(world):
    draft = world.begin({"visits": {"answer": ["3"]}})
    world.save(draft, "visits", {"answer": ["4"]}, language="ur", now=LATER)
    kept = row(world, draft, "visits")
    assert (kept.value, kept.language, kept.answered_at) == ({"number": 4}, "ur", LATER)
    assert draft.language == "ur"
    assert draft.updated_at == LATER
    assert draft.expires_at == LATER + timedelta(days=30)
    assert world.count("draft_answer") == 1


def test_skipping_keeps_what_was_typed_and_takes_no_answer(world):
    draft = world.begin({})
    world.save(draft, "name_of_park", {"answer": ["Half a thou"]}, skip=True)
    kept = row(world, draft, "name_of_park")
    assert (kept.typed, kept.value, kept.skipped) == ({"answer": ["Half a thou"]}, None, True)
    assert not drafts.needs_a_look(world.document, draft, world.question("name_of_park"))
    world.save(draft, "visits", {"answer": ["lots"]}, skip=True)
    assert not drafts.needs_a_look(world.document, draft, world.question("visits"))
    world.save(draft, "name_of_park", {"answer": ["A whole one"]})
    assert row(world, draft, "name_of_park").skipped is False


def test_a_required_question_is_not_skipped(world):
    draft = world.begin({})
    reading = world.save(draft, "capacity", {}, skip=True)
    assert [problem.fault for problem in reading.problems] == [Fault.REQUIRED]
    assert row(world, draft, "capacity").skipped is False
    assert first_open(world, draft) == "capacity"
    world.skip_rest(draft)
    assert first_open(world, draft) == "capacity"
    world.save(draft, "capacity", {"answer": ["resident"]}, skip=True)
    assert row(world, draft, "capacity").value == {"choice": "resident"}
    assert first_open(world, draft) is None


def test_a_question_changed_since_needs_a_look(world):
    world.send(world.begin())
    draft = world.begin()
    assert first_open(world, draft) is None
    world.store(with_question(example(), "visits", label="How often did you go last year?"))
    world.session.expire_all()
    assert first_open(world, draft) == "visits"
    assert drafts.typed(draft, "visits") == {"answer": ["12"]}
    world.save(draft, "visits", {"answer": ["12"]})
    assert first_open(world, draft) is None


def test_a_skipped_question_that_is_required_now_needs_a_look(world):
    draft = world.begin({})
    world.skip_rest(draft)
    world.save(draft, "capacity", {"answer": ["resident"]})
    assert first_open(world, draft) is None
    world.store(with_question(example(), "name_of_park", required=True))
    world.session.expire_all()
    assert first_open(world, draft) == "name_of_park"


def test_the_way_follows_the_routing(world):
    draft = world.begin({"capacity": FULL["capacity"], "vision_agree": {"answer": ["agree"]}})
    assert first_open(world, draft) == "name_of_park"  # "Why?" is for those who disagree
    world.save(draft, "vision_agree", {"answer": ["disagree"]})
    assert first_open(world, draft) == "vision_why"
    world.save(draft, "vision_agree", {"answer": ["disagree"]}, skip=True)
    assert first_open(world, draft) == "name_of_park"


def test_a_code_is_kept_as_a_hash_and_replaced_by_the_next(world):
    draft = world.begin()
    with unit_of_work(world.session):
        first = drafts.make_code(world.session, draft, SECRET, now=LATER)
    assert parse_code(first) == first
    assert draft.code_hash == hash_code(SECRET, first)
    assert draft.updated_at == LATER
    assert first not in world.everything()
    with unit_of_work(world.session):
        second = drafts.make_code(world.session, draft, SECRET, now=LATER)
    assert second != first
    assert draft.code_hash == hash_code(SECRET, second)


def test_a_draft_is_found_until_it_expires_and_only_in_its_consultation(world):
    world.store(changed(example(), slug="another"))
    draft = world.begin({})
    find = drafts.find
    assert find(world.session, world.stored, draft.id, now=LATER) is draft
    expires = NOW + timedelta(days=30)
    just_before = expires - timedelta(microseconds=1)
    assert find(world.session, world.stored, draft.id, now=just_before) is draft
    another = consultations.get(world.session, "another")
    for stored, draft_id, now in (
        (world.stored, draft.id, expires),
        (another, draft.id, NOW),
        (world.stored, uuid4(), NOW),
    ):
        with pytest.raises(drafts.DraftGone):
            find(world.session, stored, draft_id, now=now)


def test_expired_drafts_are_removed_with_their_answers(world):
    old_id = world.begin(FULL, now=NOW - timedelta(days=5)).id
    kept = world.begin({"visits": {"answer": ["3"]}})
    with unit_of_work(world.session):
        at = NOW + timedelta(days=25)
        assert drafts.remove_expired(world.session, now=at - timedelta(seconds=1)) == 0
        assert drafts.remove_expired(world.session, now=at) == 1
        assert drafts.remove_expired(world.session, now=at) == 0
    assert world.session.scalars(sa.select(Draft.id)).all() == [kept.id]
    assert world.count("draft_answer") == 1
    assert world.session.get(Draft, old_id) is None
    assert "Planted" not in world.everything()


def test_clearing_removes_everything(world):
    draft = world.begin()
    with unit_of_work(world.session):
        drafts.clear_unless_coded(world.session, draft.id)
    assert (world.count("draft"), world.count("draft_answer")) == (0, 0)
    assert "Planted" not in world.everything()


def test_what_has_a_code_or_was_sent_is_not_cleared(world):
    coded, sent = world.begin(), world.begin()
    with unit_of_work(world.session):
        drafts.make_code(world.session, coded, SECRET, now=NOW)
    world.send(sent)
    with unit_of_work(world.session):
        for draft_id in (coded.id, sent.id, uuid4()):
            drafts.clear_unless_coded(world.session, draft_id)
    assert set(world.session.scalars(sa.select(Draft.id))) == {coded.id, sent.id}
    assert drafts.values(coded) == FULL_VALUES


def test_nothing_can_be_saved_in_a_sent_draft(world):
    draft = world.begin()
    world.send(draft)
    with pytest.raises(drafts.AlreadySent):
        world.save(draft, "visits", {"answer": ["3"]})
    with pytest.raises(drafts.AlreadySent), unit_of_work(world.session):
        drafts.make_code(world.session, draft, SECRET, now=NOW)
    assert world.count("draft_answer") == 0


# Two tabs


def save(key, typed, draft_id):
    def act(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        draft = drafts.find(session, stored, draft_id, now=LATER)
        question = document.question(key)
        assert question is not None
        drafts.save_answer(session, draft, document, question, typed, language="en", now=LATER)
        return draft.id

    return act


def test_two_tabs_that_save_different_questions_both_keep_theirs(world):
    draft_id = world.begin({}).id
    world.meanwhile(
        save("name_of_park", {"answer": ["Left"]}, draft_id),
        save("visits", {"answer": ["5"]}, draft_id),
    )
    with Session(world.engine) as session:
        draft = session.get_one(Draft, draft_id)
        assert drafts.values(draft) == {"name_of_park": {"text": "Left"}, "visits": {"number": 5}}


def test_a_button_pressed_twice_saves_the_same_question_once(world):
    draft_id = world.begin({}).id
    world.meanwhile(
        save("name_of_park", {"answer": ["First"]}, draft_id),
        save("name_of_park", {"answer": ["Second"]}, draft_id),
    )
    with Session(world.engine) as session:
        assert drafts.values(session.get_one(Draft, draft_id)) == {
            "name_of_park": {"text": "Second"}
        }


def test_a_tab_that_saves_while_the_other_sends_leaves_nothing_in_the_sent_draft(world):
    draft_id = world.begin().id

    def send(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        send_draft(session, stored, document, draft_id, secret_key=SECRET, now=LATER)

    with pytest.raises(drafts.AlreadySent):
        world.meanwhile(send, save("name_of_park", {"answer": ["Left behind"]}, draft_id))
    assert world.count("draft_answer") == 0
    assert "Left behind" not in world.everything()


def test_a_draft_cleared_in_another_tab_is_gone(world):
    draft_id = world.begin({}).id

    def clear(session):
        drafts.clear_unless_coded(session, draft_id)

    with pytest.raises(drafts.DraftGone):
        world.meanwhile(clear, save("visits", {"answer": ["5"]}, draft_id))
    assert world.count("draft_answer") == 0
