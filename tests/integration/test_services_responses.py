"""Responses: each taken once, changed and withdrawn for good, marked and never dropped."""

import sqlite3
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Answer, AuditEvent, CodeGuess, Draft, Response
from consult.services import codes, consultations, deciding, drafts, responses
from consult.services.timing import TooLate
from tests.support.consultations import (
    CLOSES,
    FULL,
    FULL_VALUES,
    GRACE_ENDS,
    LATE_UNTIL,
    NOW,
    OPENS,
    PLANTED,
    SECRET,
    SLUG,
    changed,
    example,
    submission,
    with_question,
    world_in,
)

MINUTE = timedelta(minutes=1)
LATER = NOW + timedelta(days=1)
LONG_TEXT = "The gate has been broken for a year"


def begin_change(world, receipt, now=LATER, language="en"):
    with unit_of_work(world.session):
        return drafts.start_change(
            world.session,
            world.stored,
            world.document,
            world.response(receipt),
            language=language,
            now=now,
        )


def withdraw(world, receipt, now=LATER):
    with unit_of_work(world.session):
        responses.withdraw(world.session, world.response(receipt), now=now)


def look_up(world, code, now=NOW, slug=SLUG):
    with unit_of_work(world.session):
        stored = consultations.get(world.session, slug)
        try:
            return responses.find_by_code(world.session, stored, code, secret_key=SECRET, now=now)
        except codes.UnknownCode:
            world.session.commit()
            raise


def audit_of(world, response_id):
    events = world.session.scalars(
        sa.select(AuditEvent)
        .where(AuditEvent.subject == f"response {response_id}")
        .order_by(AuditEvent.at)
    )
    return [(event.action, event.actor) for event in events]


def resident_acts(world):
    """What residents did, with the day: nothing in it leads to a response."""
    events = world.session.scalars(sa.select(AuditEvent).where(AuditEvent.actor == "resident"))
    return [(event.action, event.subject, event.at.time(), event.details) for event in events]


# Submitting


def test_a_response_is_stored_as_given(world):
    code = codes.new_code()
    client_id = uuid4()
    receipt = world.submit(
        client_id=client_id,
        code=code,
        answers=FULL_VALUES,
        language="ur",
        channel="assisted",
        answer_languages={"vision_why": "pa"},
        answered_at={"visits": NOW - MINUTE},
    )
    assert receipt.code == code
    assert receipt.repeated is False
    response = world.response(receipt)
    assert (response.client_id, response.channel, response.language) == (
        client_id,
        "assisted",
        "ur",
    )
    assert (response.received_at, response.started_at) == (NOW, NOW - 10 * MINUTE)
    assert (response.timing, response.timing_decision) == ("on_time", None)
    assert responses.answers_of(response) == FULL_VALUES
    assert {a.question_key: a.language for a in response.answers} == {
        key: "pa" if key == "vision_why" else "ur" for key in FULL
    }
    assert {a.question_key: a.answered_at for a in response.answers} == {
        key: NOW - MINUTE if key == "visits" else NOW for key in FULL
    }
    assert all(a.question_version.number == 1 for a in response.answers)
    assert all(a.question_version.question.key == a.question_key for a in response.answers)
    assert response.code_hash == codes.hash_code(SECRET, code)
    assert code not in world.everything()


def test_the_same_sent_again_is_stored_once(world):
    given = {"client_id": uuid4(), "code": codes.new_code(), "answers": FULL_VALUES}
    first = world.submit(**given)
    again = world.submit(
        **{**given, "answers": {key: FULL_VALUES[key] for key in reversed(list(FULL))}}, now=LATER
    )
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.response_id, again.code) == (first.response_id, first.code)
    assert world.count("response") == 1
    assert world.count("answer") == 9
    assert world.response(first).received_at == NOW


def test_a_resend_is_recognised_when_nothing_is_taken_any_more(world):
    given = {"client_id": uuid4(), "code": codes.new_code()}
    first = world.submit(**given)
    assert world.submit(**given, now=LATE_UNTIL + MINUTE).response_id == first.response_id


def test_a_different_resend_is_refused_and_changes_nothing(world):
    client_id = uuid4()
    first = world.submit(client_id=client_id)
    with pytest.raises(responses.ResponseConflict):
        world.submit(client_id=client_id, answers={"capacity": {"choice": "group"}})
    assert responses.answers_of(world.response(first))["capacity"] == {"choice": "resident"}
    assert world.count("response") == 1


def test_another_person_with_the_same_answers_is_another_response(world):
    assert world.submit().response_id != world.submit().response_id
    assert world.count("response") == 2


def test_two_resends_at_once_make_one_response(world):
    given = submission(answers=FULL_VALUES)

    def send(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        return responses.submit(session, stored, document, given, secret_key=SECRET, now=NOW)

    try:
        receipt = world.meanwhile(send, send)
    except IntegrityError:
        receipt = None  # refused by the database: the device tries again
    assert receipt is None or receipt.repeated
    assert world.count("response") == 1
    assert world.count("answer") == 9


def test_answers_that_the_routing_does_not_ask_for_are_left_out(world):
    answers = {**FULL_VALUES, "vision_agree": {"choice": "agree"}, "unheard_of": {"text": "x"}}
    receipt = world.submit(answers=answers)
    assert set(responses.answers_of(world.response(receipt))) == set(FULL) - {"vision_why"}
    assert PLANTED[1] not in world.everything()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [({"choice": "resident"}, True), ({"choice": "group"}, False), (None, None)],
)
def test_residents_are_told_apart(world, answer, expected):
    answers = {"vision_agree": {"choice": "agree"}}
    if answer:
        answers["capacity"] = answer
    assert world.response(world.submit(answers=answers)).is_resident is expected


def test_who_is_a_resident_is_unknown_where_nobody_asks(world):
    world.store(changed(example(), residents=None))
    assert world.response(world.submit()).is_resident is None


def test_timing_is_judged_as_it_comes_in(world):
    begun = {"started_at": CLOSES - MINUTE}
    on_time = world.submit(**begun, now=GRACE_ENDS - MINUTE)
    late = world.submit(**begun, finished_at_device=CLOSES, now=LATE_UNTIL)
    doubtful = world.submit(**begun, finished_at_device=CLOSES - timedelta(hours=1), now=LATE_UNTIL)
    assert [world.response(r).timing for r in (on_time, late, doubtful)] == [
        "on_time",
        "late",
        "doubtful",
    ]
    with pytest.raises(TooLate):
        world.submit(**begun, now=GRACE_ENDS)
    with pytest.raises(TooLate):
        world.submit(**begun, finished_at_device=CLOSES, now=LATE_UNTIL + MINUTE)
    assert world.count("response") == 3


def test_digests_need_the_key_and_tell_answers_apart():
    one = responses.content_digest(SECRET, {"a": {"text": "ہاں"}, "b": {"number": 1}})
    assert one == responses.content_digest(SECRET, {"b": {"number": 1}, "a": {"text": "ہاں"}})
    assert one != responses.content_digest(SECRET, {"a": {"text": "ہاں"}, "b": {"number": 2}})
    assert one != responses.content_digest(SECRET + "x", {"a": {"text": "ہاں"}, "b": {"number": 1}})
    assert len(one) == 64


# Sending a draft


def test_a_draft_becomes_a_response_and_is_emptied(world):
    draft = world.begin(FULL, language="ur")
    world.save(draft, "visits", {"answer": ["12"]}, language="en", now=NOW + MINUTE)
    receipt = world.send(draft, now=NOW + 10 * MINUTE)
    assert receipt.repeated is False
    response = world.response(receipt)
    assert responses.answers_of(response) == FULL_VALUES
    assert (response.channel, response.language) == ("online", "en")
    assert response.client_id == draft.client_id
    assert (response.started_at, response.received_at) == (NOW, NOW + 10 * MINUTE)
    by_key = {a.question_key: a for a in response.answers}
    assert (by_key["visits"].language, by_key["visits"].answered_at) == ("en", NOW + MINUTE)
    assert (by_key["vision_why"].language, by_key["vision_why"].answered_at) == ("ur", NOW)
    assert draft.sent_at == NOW + 10 * MINUTE
    assert draft.answers == []
    assert world.count("draft_answer") == 0
    assert receipt.code is not None
    assert receipt.code == codes.derived_code(SECRET, draft.receipt_seed)
    assert look_up(world, receipt.code) is response


def test_skipped_and_unasked_answers_stay_out_of_the_response(world):
    draft = world.begin()
    world.save(draft, "vision_agree", {"answer": ["agree"]})
    world.save(draft, "name_of_park", FULL["name_of_park"], skip=True)
    receipt = world.send(draft)
    assert set(responses.answers_of(world.response(receipt))) == set(FULL) - {
        "vision_why",
        "name_of_park",
    }
    everything = world.everything()
    assert PLANTED[0] in everything
    assert PLANTED[1] not in everything
    assert PLANTED[2] not in everything


def test_sending_twice_gives_the_same_receipt(world):
    draft = world.begin()
    first = world.send(draft)
    second = world.send(draft, now=NOW + MINUTE)
    assert (second.response_id, second.code, second.repeated) == (
        first.response_id,
        first.code,
        True,
    )
    assert world.count("response") == 1
    assert draft.sent_at == NOW


def send_of(draft_id, now=NOW):
    def send(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        drafts.find(session, stored, draft_id, now=now)  # read before the other is done
        return responses.send_draft(session, stored, document, draft_id, secret_key=SECRET, now=now)

    return send


def test_who_sends_while_a_send_is_under_way_waits_and_gets_the_same_receipt(world):
    draft_id = world.begin().id
    first = []
    send = send_of(draft_id)
    second = world.meanwhile(lambda session: first.append(send(session)), send)
    assert second.repeated
    assert (second.response_id, second.code) == (first[0].response_id, first[0].code)
    assert world.count("response") == 1
    assert world.count("answer") == 9


def test_sends_at_once_make_one_response_with_one_code(world):
    draft_id = world.begin().id
    receipts = world.at_once(send_of(draft_id))
    assert len({receipt.response_id for receipt in receipts}) == 1
    assert len({receipt.code for receipt in receipts}) == 1
    assert sorted(receipt.repeated for receipt in receipts) == [False, True, True, True]
    assert world.count("response") == 1
    assert world.count("answer") == 9


def test_an_incomplete_draft_is_not_sent_and_stays_as_it_was(world):
    draft = world.begin({**FULL, "visits": {"answer": ["lots"]}})
    with pytest.raises(responses.Incomplete) as caught:
        world.send(draft)
    assert caught.value.question.key == "visits"
    empty = world.begin({})
    with pytest.raises(responses.Incomplete) as caught:
        world.send(empty)
    assert caught.value.question.key == "capacity"
    world.session.expire_all()
    assert draft.sent_at is None
    assert drafts.typed(draft, "visits") == {"answer": ["lots"]}
    assert world.count("draft_answer") == 9
    assert world.count("response") == 0


def test_a_draft_whose_question_has_changed_is_not_sent_unseen(world):
    world.send(world.begin())
    draft = world.begin()
    world.store(with_question(example(), "visits", label="How often did you go last year?"))
    with pytest.raises(responses.Incomplete) as caught:
        world.send(draft)
    assert caught.value.question.key == "visits"
    world.save(draft, "visits", {"answer": ["50"]})
    response = world.response(world.send(draft))
    numbers = {a.question_key: a.question_version.number for a in response.answers}
    assert numbers == {key: 2 if key == "visits" else 1 for key in FULL}


def test_nothing_is_taken_while_paused_and_nothing_is_lost(world):
    draft = world.begin()
    with unit_of_work(world.session):
        consultations.set_paused(world.session, SLUG, True, actor="an officer", now=NOW)
    with pytest.raises(responses.Paused):
        world.send(draft)
    assert world.count("draft_answer") == 9
    with unit_of_work(world.session):
        consultations.set_paused(world.session, SLUG, False, actor="an officer", now=NOW)
    assert world.send(draft).repeated is False


def test_a_sent_draft_finds_its_receipt_while_paused(world):
    draft = world.begin()
    first = world.send(draft)
    with unit_of_work(world.session):
        consultations.set_paused(world.session, SLUG, True, actor="an officer", now=NOW)
    assert world.send(draft).code == first.code


def test_a_draft_is_sent_until_the_grace_ends(world):
    begun = CLOSES - MINUTE
    in_grace = world.begin(now=begun)
    too_late = world.begin(now=begun)
    after_closing = world.begin(now=CLOSES)
    late = world.begin(now=begun)
    assert world.response(world.send(in_grace, now=GRACE_ENDS - MINUTE)).timing == "on_time"
    with pytest.raises(TooLate):
        world.send(too_late, now=GRACE_ENDS)
    with pytest.raises(TooLate):
        world.send(after_closing, now=CLOSES + MINUTE)
    receipt = world.send(late, now=GRACE_ENDS, finished_at_device=CLOSES)
    assert world.response(receipt).timing == "late"
    assert world.response(receipt).finished_at_device == CLOSES
    world.session.expire_all()
    assert too_late.sent_at is None
    assert len(too_late.answers) == 9


def test_a_draft_that_is_gone_cannot_be_sent(world):
    draft = world.begin()
    with pytest.raises(drafts.DraftGone):
        world.send(draft, now=NOW + timedelta(days=30))
    draft_id = draft.id
    with unit_of_work(world.session):
        drafts.clear_unless_coded(world.session, draft.id)
    with Session(world.engine) as session, pytest.raises(drafts.DraftGone):
        send_of(draft_id)(session)


# Coming back by code


def test_codes_lead_to_a_draft_then_to_its_response(world):
    draft = world.begin()
    with unit_of_work(world.session):
        code = drafts.make_code(world.session, draft, SECRET, now=NOW)
    assert look_up(world, code) is draft
    receipt = world.send(draft)
    with pytest.raises(drafts.AlreadySent):
        look_up(world, code)
    found = look_up(world, receipt.code)
    assert isinstance(found, Response)
    assert found.id == receipt.response_id
    assert world.count("code_guess") == 0


def test_an_older_code_and_one_of_another_consultation_lead_nowhere(world):
    world.store(changed(example(), slug="another"))
    draft = world.begin()
    with unit_of_work(world.session):
        old = drafts.make_code(world.session, draft, SECRET, now=NOW)
        new = drafts.make_code(world.session, draft, SECRET, now=NOW)
    receipt = world.send(world.begin())
    for code, slug, now in (
        (old, SLUG, NOW),
        (new, "another", NOW),
        (receipt.code, "another", NOW),
        (new, SLUG, NOW + timedelta(days=30)),
    ):
        with pytest.raises(codes.UnknownCode):
            look_up(world, code, now=now, slug=slug)
    assert look_up(world, new) is draft
    assert codes.wrong_guesses(world.session) == 4


def test_wrong_codes_are_counted_by_the_hour_until_the_limit(world, monkeypatch):
    monkeypatch.setattr(codes, "GUESSES_PER_HOUR", 3)
    receipt = world.send(world.begin())
    just_before = datetime(2026, 3, 10, 12, 59, 59, tzinfo=UTC)
    for _ in range(3):
        assert look_up(world, receipt.code, now=just_before).id == receipt.response_id
        with pytest.raises(codes.UnknownCode):
            look_up(world, codes.new_code(), now=just_before)
    with pytest.raises(codes.TooManyGuesses):
        look_up(world, receipt.code, now=just_before)
    next_hour = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
    assert look_up(world, receipt.code, now=next_hour).id == receipt.response_id
    guesses = world.session.execute(sa.select(CodeGuess.hour, CodeGuess.wrong_count)).all()
    assert [tuple(guess) for guess in guesses] == [(datetime(2026, 3, 10, 12, tzinfo=UTC), 3)]


def test_the_limit_is_the_one_that_the_manual_counts_with(world):
    with unit_of_work(world.session):
        hour = datetime(2026, 3, 10, 12, tzinfo=UTC)
        world.session.add(CodeGuess(hour=hour, wrong_count=19_999))
    codes.check_guesses(world.session, NOW)
    with unit_of_work(world.session):
        codes.count_wrong_guess(world.session, NOW)
    with pytest.raises(codes.TooManyGuesses):
        codes.check_guesses(world.session, NOW)


def test_two_first_guesses_in_an_hour_are_both_counted(world):
    def guess(session):
        codes.count_wrong_guess(session, NOW)

    world.meanwhile(guess, guess)
    assert world.scalar("SELECT wrong_count FROM code_guess") == 2


# Changing


def test_a_change_replaces_the_answers_and_keeps_the_code(world):
    receipt = world.send(world.begin())
    change = begin_change(world, receipt)
    assert drafts.values(change) == FULL_VALUES
    assert drafts.typed(change, "capacity") == FULL["capacity"]
    assert responses.answers_of(world.response(receipt)) == FULL_VALUES  # what was sent stands
    world.save(change, "vision_why", {"answer": ["Second thoughts"]}, language="ur", now=LATER)
    world.save(change, "visits", {"answer": ["12"]}, skip=True, now=LATER)
    changed_receipt = world.send(change, now=LATER + MINUTE)
    assert changed_receipt.response_id == receipt.response_id
    assert changed_receipt.code is None
    assert world.count("response") == 1
    response = world.response(receipt)
    expected = {**FULL_VALUES, "vision_why": {"text": "Second thoughts"}}
    del expected["visits"]
    assert responses.answers_of(response) == expected
    assert (response.received_at, response.changed_at) == (NOW, LATER + MINUTE)
    answered = {a.question_key: (a.language, a.answered_at) for a in response.answers}
    assert answered["vision_why"] == ("ur", LATER)
    assert answered["order"] == ("en", NOW)
    assert look_up(world, receipt.code).id == receipt.response_id
    assert PLANTED[1] not in world.everything()
    assert world.count("draft_answer") == 0
    assert resident_acts(world) == [("response changed", SLUG, time(0, 0), {})]
    assert world.send(change, now=LATER + 2 * MINUTE).repeated
    assert world.response(receipt).changed_at == LATER + MINUTE


def test_a_change_may_make_a_resident_of_a_group(world):
    receipt = world.send(world.begin())
    assert world.response(receipt).is_resident is False
    change = begin_change(world, receipt)
    world.save(change, "capacity", {"answer": ["resident"]}, now=LATER)
    world.send(change, now=LATER)
    assert world.response(receipt).is_resident is True


def test_questions_left_out_the_first_time_need_no_look(world):
    draft = world.begin({"capacity": FULL["capacity"]})
    world.skip_rest(draft)
    receipt = world.send(draft)
    change = begin_change(world, receipt)
    assert drafts.first_open_question(world.document, change) is None
    world.send(change, now=LATER)
    assert set(responses.answers_of(world.response(receipt))) == {"capacity"}


def test_an_answer_to_an_older_version_needs_a_look_before_the_change_is_sent(world):
    receipt = world.send(world.begin())
    world.store(with_question(example(), "visits", label="How often did you go last year?"))
    change = begin_change(world, receipt)
    with pytest.raises(responses.Incomplete) as caught:
        world.send(change, now=LATER)
    assert caught.value.question.key == "visits"
    assert drafts.typed(change, "visits") == {"answer": ["12"]}


def test_a_change_is_sent_until_the_grace_ends(world):
    receipt = world.send(world.begin())
    in_grace = begin_change(world, receipt, now=CLOSES - MINUTE)
    too_late = begin_change(world, receipt, now=CLOSES - MINUTE)
    world.send(in_grace, now=GRACE_ENDS - MINUTE)
    with pytest.raises(TooLate):
        world.send(too_late, now=GRACE_ENDS, finished_at_device=CLOSES)


def test_a_question_that_is_gone_is_left_out_of_a_change(world):
    receipt = world.send(world.begin())
    plain = example().model_dump()
    plain["questions"] = [q for q in plain["questions"] if q["key"] != "visits"]
    world.store(type(example()).model_validate(plain))
    change = begin_change(world, receipt)
    assert set(drafts.values(change)) == set(FULL) - {"visits"}


# Withdrawing


def test_a_withdrawal_takes_every_word_out_of_every_table(world):
    receipt = world.send(world.begin(), hidden_field_filled=True)
    begin_change(world, receipt)
    kept = world.submit(answers={"name_of_park": {"text": "Somebody else's own meadow"}})
    before = world.everything()
    for words in PLANTED:
        assert words in before
    withdraw(world, receipt)
    after = world.everything()
    for words in PLANTED:
        assert words not in after
    assert "Somebody else's own meadow" in after
    response = world.response(receipt)
    assert response.withdrawn_at == LATER
    assert (response.answers, response.marks, response.is_resident) == ([], [], None)
    assert world.count("response") == 2  # that there was one can be explained
    assert world.count("draft") == 1  # the sent one, which is empty
    assert world.count("draft_answer") == 0
    assert responses.answers_of(world.response(kept)) != {}
    assert resident_acts(world) == [("response withdrawn", SLUG, time(0, 0), {})]


def test_withdrawing_again_changes_nothing(world):
    receipt = world.send(world.begin())
    withdraw(world, receipt)
    digest = world.response(receipt).content_digest
    withdraw(world, receipt, now=LATER + MINUTE)
    assert world.response(receipt).withdrawn_at == LATER
    assert world.response(receipt).content_digest == digest
    assert len(resident_acts(world)) == 1


def test_a_withdrawn_response_takes_no_resend_and_keeps_no_digest(world):
    given = {"client_id": uuid4(), "code": codes.new_code(), "answers": FULL_VALUES}
    receipt = world.submit(**given)
    old = world.response(receipt).content_digest
    withdraw(world, receipt)
    assert world.response(receipt).content_digest != old
    with pytest.raises(responses.Withdrawn):
        world.submit(**given)
    assert world.count("answer") == 0


def test_a_change_begun_before_a_withdrawal_brings_nothing_back(world):
    receipt = world.send(world.begin())
    response_id = receipt.response_id

    def withdraw_it(session):
        responses.withdraw(session, session.get_one(Response, response_id), now=LATER)

    def change_it(session):
        stored = consultations.get(session, SLUG)
        document = consultations.document_of(session, stored)
        response = session.get_one(Response, response_id)
        # PostgreSQL shows it as it was before the withdrawal, SQLite lets nobody in till then.
        assert len(response.answers) == (9 if session.connection().dialect.name != "sqlite" else 0)
        drafts.start_change(session, stored, document, response, language="en", now=LATER)

    world.meanwhile(withdraw_it, change_it)
    for words in PLANTED:
        assert words not in world.everything()


def test_a_change_of_a_withdrawn_response_is_refused(world):
    receipt = world.send(world.begin())
    withdraw(world, receipt)
    change = begin_change(world, receipt)
    world.save(change, "capacity", {"answer": ["resident"]}, now=LATER)
    with pytest.raises(responses.Withdrawn):
        world.send(change, now=LATER)
    assert world.count("answer") == 0


def bytes_on_disk(path: Path) -> bytes:
    connection = sqlite3.connect(path)
    try:
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.close()
    assert not busy
    folder = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
    return b"".join(file.read_bytes() for file in folder)


def test_withdrawn_words_leave_the_bytes_of_the_file(sqlite_database_url):
    path = Path(sqlite_database_url.removeprefix("sqlite:///"))
    with world_in(sqlite_database_url) as world:
        receipt = world.send(world.begin())
        world.session.rollback()
    before = bytes_on_disk(path)
    for words in PLANTED:
        assert words.encode() in before
    with world_in(sqlite_database_url) as world:
        withdraw(world, receipt)
        world.session.rollback()
    after = bytes_on_disk(path)
    for words in PLANTED:
        assert words.encode() not in after
    assert b"Planted" not in after


# Decisions of people


def test_an_exclusion_needs_a_reason_and_can_be_taken_back(world):
    receipt = world.submit()
    response = world.response(receipt)
    with pytest.raises(ValueError, match="say why"), unit_of_work(world.session):
        deciding.exclude(world.session, response, actor="an officer", reason=" \n", now=NOW)
    assert response.excluded_at is None
    with unit_of_work(world.session):
        deciding.exclude(
            world.session, response, actor="an officer", reason=" Sent by us to try \n", now=LATER
        )
    assert response.excluded_at == LATER
    assert response.excluded_by == "an officer"
    assert response.exclusion_reason == "Sent by us to try"
    assert responses.answers_of(response)  # left out, not removed
    with unit_of_work(world.session):
        deciding.include_again(world.session, response, actor="another officer", now=LATER + MINUTE)
    world.session.expire_all()
    for name in ("excluded_at", "excluded_by", "exclusion_reason"):
        assert getattr(response, name) is None
    assert audit_of(world, receipt.response_id) == [
        ("response excluded", "an officer"),
        ("response included again", "another officer"),
    ]


def test_only_a_doubtful_timing_is_decided(world):
    begun = {"started_at": CLOSES - MINUTE}
    doubtful = world.response(
        world.submit(**begun, finished_at_device=CLOSES - timedelta(hours=1), now=LATE_UNTIL)
    )
    on_time = world.response(world.submit())
    with unit_of_work(world.session):
        deciding.decide_timing(
            world.session, doubtful, accepted=False, actor="an officer", now=LATER
        )
    assert (doubtful.timing_decision, doubtful.timing_decided_by) == ("refused", "an officer")
    with unit_of_work(world.session):
        deciding.decide_timing(
            world.session, doubtful, accepted=True, actor="an officer", now=LATER + MINUTE
        )
    assert doubtful.timing_decision == "accepted"
    with pytest.raises(ValueError, match="not in doubt"), unit_of_work(world.session):
        deciding.decide_timing(world.session, on_time, accepted=True, actor="an officer", now=LATER)
    assert on_time.timing_decision is None
    assert audit_of(world, doubtful.id) == [
        ("late response refused", "an officer"),
        ("late response accepted", "an officer"),
    ]


# Suspicions


def words(text):
    return {"capacity": {"choice": "resident"}, "name_of_park": {"text": text}}


def test_an_ordinary_response_has_no_mark(world):
    assert world.marks(world.submit(answers=words("See www.parks.example and Park Road"))) == set()


def test_a_field_that_no_person_sees_makes_a_mark_and_drops_nothing(world):
    receipt = world.send(world.begin(), now=NOW + MINUTE, hidden_field_filled=True)
    assert world.marks(receipt) == {("suspected_spam", "hidden_field")}
    assert responses.answers_of(world.response(receipt)) == FULL_VALUES
    [mark] = world.response(receipt).marks
    assert (mark.marked_by, mark.marked_at) == ("machine", NOW + MINUTE)


def test_three_links_make_a_mark_and_two_do_not(world):
    two = "https://www.a.example and http://www.b.example"
    three = "https://a.example www.b.example HTTP://C.EXAMPLE"
    in_other_words = {
        "capacity": {"choice": "group", "other": "www.a.example www.b.example"},
        "name_of_park": {"text": "www.c.example"},
    }
    assert world.marks(world.submit(answers=words(two))) == set()
    assert world.marks(world.submit(answers=words(three))) == {("suspected_spam", "many_links")}
    assert world.marks(world.submit(answers=in_other_words)) == {("suspected_spam", "many_links")}
    assert world.count("response") == 3


def test_six_answers_in_less_than_six_seconds_make_a_mark(world):
    six = {k: v for k, v in FULL_VALUES.items() if k in list(FULL)[:6]}
    five = {k: v for k, v in FULL_VALUES.items() if k in list(FULL)[:5]}
    fast = NOW - timedelta(seconds=5, milliseconds=999)
    assert len(six) == 6
    for answers, started_at, channel, expected in (
        (six, fast, "online", {("suspected_spam", "very_fast")}),
        (six, NOW - timedelta(seconds=6), "online", set()),
        (five, NOW, "online", set()),
        (six, NOW, "paper", set()),
    ):
        receipt = world.submit(
            answers={**answers, "vision_why": {"text": str(uuid4())}},
            started_at=started_at,
            channel=channel,
        )
        assert world.marks(receipt) == expected, (channel, started_at)
    assert world.count("response") == 4


def test_the_same_long_words_again_make_a_mark_on_the_later_response_only(world):
    first = world.submit(answers=words(LONG_TEXT))
    second = world.submit(answers=words(LONG_TEXT))
    assert world.marks(first) == set()
    assert world.marks(second) == {("suspected_repeat", "same_answers")}
    short = "x" * 19
    assert world.marks(world.submit(answers=words(short))) == set()
    assert world.marks(world.submit(answers=words(short))) == set()
    twenty = "x" * 20
    world.submit(answers=words(twenty))
    assert world.marks(world.submit(answers=words(twenty))) != set()
    only_clicks = {"capacity": {"choice": "resident"}}
    world.submit(answers=only_clicks)
    assert world.marks(world.submit(answers=only_clicks)) == set()
    assert world.count("response") == 8


def test_the_same_words_in_another_consultation_are_no_repeat(world):
    world.store(changed(example(), slug="another"))
    world.submit(answers=words(LONG_TEXT))
    with unit_of_work(world.session):
        stored = consultations.get(world.session, "another")
        receipt = responses.submit(
            world.session,
            stored,
            consultations.document_of(world.session, stored),
            submission(answers=words(LONG_TEXT)),
            secret_key=SECRET,
            now=NOW,
        )
    assert world.marks(receipt) == set()


def test_a_change_is_marked_by_what_it_says_now(world):
    receipt = world.send(world.begin(), hidden_field_filled=True)
    change = begin_change(world, receipt)
    links = "www.a.example www.b.example www.c.example"
    world.save(change, "name_of_park", {"answer": [links]}, now=LATER)
    world.send(change, now=LATER)  # at once, yet a change is no fast response
    assert world.marks(receipt) == {("suspected_spam", "many_links")}


# A copy for the resident


def test_the_copy_holds_all_that_is_held(world):
    draft = world.begin(FULL, language="ur")
    receipt = world.send(draft, now=NOW + MINUTE, hidden_field_filled=True, finished_at_device=NOW)
    with unit_of_work(world.session):
        deciding.exclude(
            world.session,
            world.response(receipt),
            actor="an officer",
            reason="Sent to try",
            now=LATER,
        )
    copy = responses.copy_for_resident(world.session, world.response(receipt), world.document)
    answers = copy.pop("answers")
    assert copy == {
        "consultation": SLUG,
        "title": "Parks for Riverton",
        "started_at": "2026-03-10T12:00:00+00:00",
        "finished_at_device": "2026-03-10T12:00:00+00:00",
        "received_at": "2026-03-10T12:01:00+00:00",
        "timing": "on_time",
        "timing_decision": None,
        "changed_at": None,
        "withdrawn_at": None,
        "language": "ur",
        "channel": "online",
        "came_about": None,
        "counted_as_resident": False,
        "marks": [
            {
                "kind": "suspected_spam",
                "reason": "hidden_field",
                "marked_at": "2026-03-10T12:01:00+00:00",
            },
        ],
        "excluded_at": "2026-03-11T12:00:00+00:00",
        "excluded_because": "Sent to try",
    }
    assert {answer["question"]: answer["answer"] for answer in answers} == FULL_VALUES
    assert [answer["question"] for answer in answers] == list(FULL)
    assert answers[3] == {
        "question": "name_of_park",
        "asked": "Which park do you go to?",
        "version": 1,
        "answer": {"text": "Planted meadow"},
        "language": "ur",
        "answered_at": "2026-03-10T12:00:00+00:00",
    }


def test_every_column_of_a_response_is_in_the_copy_or_kept_out_for_a_reason():
    in_the_copy = {
        "started_at",
        "finished_at_device",
        "received_at",
        "timing",
        "timing_decision",
        "changed_at",
        "withdrawn_at",
        "language",
        "channel",
        "is_resident",
        "excluded_at",
        "exclusion_reason",
        "consultation_id",
    }
    no_words_of_the_person = {"id", "client_id", "content_digest", "code_hash"}
    names_of_officers = {"timing_decided_by", "excluded_by"}
    of_a_preview = {"is_test"}
    columns = set(Response.__table__.columns.keys())
    assert columns == in_the_copy | no_words_of_the_person | names_of_officers | of_a_preview


def test_an_old_answer_is_copied_with_the_question_as_it_was_asked(world):
    receipt = world.send(world.begin())
    world.store(with_question(example(), "visits", label="How often did you go last year?"))
    copy = responses.copy_for_resident(world.session, world.response(receipt), world.document)
    [visits] = [answer for answer in copy["answers"] if answer["question"] == "visits"]
    assert (visits["asked"], visits["version"]) == ("How often did you go last month?", 1)


def test_nothing_of_all_this_leaves_a_draft_behind_that_opens_before(world):
    # A sent draft stays, empty, only as long as a draft may stay.
    world.send(world.begin(now=OPENS))
    with unit_of_work(world.session):
        assert drafts.remove_expired(world.session, now=OPENS + timedelta(days=30)) == 1
    assert world.session.scalars(sa.select(Draft)).all() == []
    assert world.session.scalar(sa.select(sa.func.count(Answer.id))) == 9
