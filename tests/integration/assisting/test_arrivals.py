"""What waits for an officer: seen, taken or refused once, and gone when it is withdrawn."""

import json
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from consult.db import unit_of_work
from consult.models import Arrival, AuditEvent, Consultation, Device, GroupTalk, Response
from consult.services import codes, responses
from consult.services.assisting import arrivals, enrolling
from consult.services.assisting.outcomes import Outcome, Reason
from consult.services.assisting.payloads import FinishedResponse, FinishedTalk
from tests.integration.assisting.visit import Visit, visit_in
from tests.support.consultations import (
    CLOSES,
    FULL,
    FULL_VALUES,
    GRACE_ENDS,
    LATE_UNTIL,
    NOW,
    PLANTED,
    SECRET,
    World,
    changed,
    example,
)

OFFICER = "officer@council.example.org"


@pytest.fixture(name="visit")
def visiting(world: World, tmp_path: Path) -> Visit:
    return visit_in(world, tmp_path)


def revoke(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        device = session.get_one(Device, visit.tablet.device_id)
        enrolling.revoke(session, device, actor=OFFICER, now=NOW)


def waiting(visit: Visit, *, is_admin: bool = False) -> list[arrivals.Waiting]:
    visit.world.session.rollback()
    session, stored = visit.world.session, visit.world.stored
    found = arrivals.waiting(session, stored, is_admin=is_admin)
    assert arrivals.count_waiting(session, stored, is_admin=is_admin) == len(found)
    return found


def accept(visit: Visit, arrival_id: UUID, *, is_admin: bool = False) -> Outcome:
    with unit_of_work(visit.world.session) as session:
        return arrivals.accept(
            session,
            visit.world.stored,
            arrival_id,
            opener=visit.keys,
            secret_key=SECRET,
            actor=OFFICER,
            is_admin=is_admin,
            now=NOW,
        )


def refuse(visit: Visit, arrival_id: UUID) -> None:
    with unit_of_work(visit.world.session) as session:
        arrivals.refuse(
            session, visit.world.stored, arrival_id, actor=OFFICER, is_admin=False, now=NOW
        )


def acts(visit: Visit) -> list[tuple[str, str, dict[str, str]]]:
    found = visit.world.session.scalars(
        select(AuditEvent).where(AuditEvent.action.startswith("item from a tablet"))
    )
    return [(event.action, event.actor, event.details) for event in found]


def test_what_waits_is_listed_with_where_it_comes_from(visit: Visit) -> None:
    revoke(visit)
    first = visit.tablet.seal(visit.payload())
    visit.take(first)
    visit.take(visit.tablet.seal(visit.tablet.talk("Words")), by_file=True)
    stranger = visit.tablet.seal(visit.payload(), dev=str(uuid4()))
    visit.take(stranger)
    found = waiting(visit)
    assert {(each.kind, each.reason, each.by_file, each.tablet) for each in found} == {
        ("response", Reason.REVOKED, False, "Tablet 1"),
        ("talk", Reason.REVOKED, True, "Tablet 1"),
        ("unknown", Reason.MISMATCH, False, "Tablet 1"),
    }
    assert {each.organisation for each in found} == {"Lozells Women's Group"}
    assert {(each.outcome, each.received_at) for each in found} == {(Outcome.QUARANTINED, NOW)}


def test_another_consultation_s_officers_do_not_see_it(visit: Visit) -> None:
    revoke(visit)
    visit.take(visit.tablet.seal(visit.payload()))
    visit.world.store(changed(example(), slug="another-one"))
    (item,) = waiting(visit)
    session = visit.world.session
    other = session.scalars(select(Consultation).where(Consultation.slug == "another-one")).one()
    assert arrivals.waiting(session, other, is_admin=True) == []
    with pytest.raises(arrivals.NoSuchArrival):
        arrivals.find(session, other, item.id, is_admin=True)
    with pytest.raises(arrivals.AlreadyDecided), unit_of_work(session):
        arrivals.refuse(session, other, item.id, actor=OFFICER, is_admin=True, now=NOW)


def test_an_officer_can_look_at_what_it_says(visit: Visit) -> None:
    revoke(visit)
    payload = visit.payload()
    response, talk = visit.tablet.seal(payload), visit.tablet.seal(visit.tablet.talk("Words"))
    unknown = visit.tablet.seal(visit.payload(), kid="another key")
    for sealed in (response, talk, unknown):
        visit.take(sealed)
    session = visit.world.session
    seen = [arrivals.look(session, visit.arrival(s), visit.keys) for s in (response, talk, unknown)]
    assert isinstance(seen[0], FinishedResponse)
    assert seen[0].answers["visits"].typed == {"answer": ["12"]}
    assert isinstance(seen[1], FinishedTalk)
    assert seen[1].said == "Words"
    assert seen[2] is None


def test_what_a_revoked_tablet_sent_can_be_taken(visit: Visit) -> None:
    revoke(visit)
    payload = visit.payload()
    sealed = visit.tablet.seal(payload)
    visit.take(sealed)
    (item,) = waiting(visit)
    assert accept(visit, item.id) is Outcome.STORED
    response = visit.response(payload)
    assert responses.answers_of(response) == FULL_VALUES
    assert (response.received_at, response.timing) == (NOW, "on_time")
    row = visit.arrival(sealed)
    assert (row.decision, row.decided_by, row.decided_at) == ("accepted", OFFICER, NOW)
    assert row.sealed is None
    assert waiting(visit) == []
    details = {"kind": "response", "reason": "revoked"}
    assert acts(visit) == [("item from a tablet accepted", OFFICER, details)]
    assert visit.take(sealed) == "quarantined"
    assert visit.world.count("response") == 1


def test_what_is_refused_is_gone(visit: Visit) -> None:
    revoke(visit)
    sealed = visit.tablet.seal(visit.payload())
    visit.take(sealed)
    (item,) = waiting(visit)
    refuse(visit, item.id)
    row = visit.arrival(sealed)
    assert (row.decision, row.sealed) == ("refused", None)
    assert visit.world.count("response") == 0
    assert waiting(visit) == []
    for decide in (accept, refuse):
        with pytest.raises(arrivals.AlreadyDecided):
            decide(visit, item.id)
    assert visit.take(sealed) == "quarantined"
    assert waiting(visit) == []


def test_what_was_kept_aside_takes_the_other_s_place(visit: Visit) -> None:
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    fewer = {key: typed for key, typed in FULL.items() if key != "visits"}
    other = visit.payload(fields=fewer, client_id=payload["client_id"])
    visit.take(visit.tablet.seal(other))
    (item,) = waiting(visit)
    assert (item.outcome, item.reason) == (Outcome.KEPT_ASIDE, Reason.DIFFERENT)
    assert accept(visit, item.id) is Outcome.STORED
    response = visit.response(payload)
    assert set(responses.answers_of(response)) == set(FULL) - {"visits"}
    assert response.code_hash == codes.hash_code(SECRET, payload["code"])
    assert visit.world.count("response") == 1
    assert visit.world.count("provenance") == 1


def test_another_content_of_a_talk_takes_its_place(visit: Visit) -> None:
    payload = visit.tablet.talk("First words")
    visit.take(visit.tablet.seal(payload))
    visit.take(visit.tablet.seal({**payload, "said": "Other words", "people": 7}))
    (item,) = waiting(visit)
    assert accept(visit, item.id) is Outcome.STORED
    visit.world.session.rollback()
    talk = visit.world.session.scalars(select(GroupTalk)).one()
    assert (talk.said, talk.people) == ("Other words", 7)


def test_answers_that_are_none_are_left_out_and_the_others_taken(visit: Visit) -> None:
    wrong = {**FULL, "visits": {"answer": ["seven"]}, "unheard_of": {"answer": ["x"]}}
    payload = visit.payload(fields=wrong, language="tlh")
    visit.take(visit.tablet.seal(payload))
    (item,) = waiting(visit)
    assert item.reason is Reason.BAD_ANSWERS
    assert accept(visit, item.id) is Outcome.STORED
    response = visit.response(payload)
    assert set(responses.answers_of(response)) == set(FULL) - {"visits"}
    assert response.language == example().source_language


def test_a_clashing_code_is_replaced_by_one_that_nobody_knows(visit: Visit) -> None:
    first = visit.payload()
    visit.take(visit.tablet.seal(first))
    second = visit.payload(code=first["code"])
    visit.take(visit.tablet.seal(second))
    (item,) = waiting(visit)
    assert item.reason is Reason.CODE_CLASH
    assert accept(visit, item.id) is Outcome.STORED
    assert visit.response(second).code_hash != visit.response(first).code_hash
    assert visit.world.count("response") == 2


def test_what_nobody_can_place_can_only_be_refused(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload(pack="0" * 64))
    visit.take(sealed)
    (item,) = waiting(visit)
    with pytest.raises(arrivals.CannotAccept) as caught:
        accept(visit, item.id)
    assert caught.value.reason is Reason.UNKNOWN_PACK
    assert visit.arrival(sealed).decision is None
    refuse(visit, item.id)


def test_the_decision_may_come_after_the_end_of_everything_else(visit: Visit) -> None:
    revoke(visit)
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    (item,) = waiting(visit)
    with unit_of_work(visit.world.session) as session:
        outcome = arrivals.accept(
            session,
            visit.world.stored,
            item.id,
            opener=visit.keys,
            secret_key=SECRET,
            actor=OFFICER,
            is_admin=False,
            now=LATE_UNTIL.replace(year=2027),
        )
    assert outcome is Outcome.STORED
    assert visit.response(payload).timing == "on_time"


def test_what_was_finished_too_late_is_taken_as_doubtful_by_accepting_it(visit: Visit) -> None:
    revoke(visit)
    visit.tablet.now = GRACE_ENDS
    payload = visit.payload(started_at=visit.tablet.clock - 3_600_000)
    sealed = visit.tablet.seal(payload)
    visit.take(sealed, now=LATE_UNTIL)
    (item,) = waiting(visit)
    assert accept(visit, item.id) is Outcome.STORED
    assert visit.response(payload).timing == "doubtful"
    assert [action for action, _, _ in acts(visit)] == ["item from a tablet accepted"]


def test_what_came_after_the_last_day_keeps_its_words_when_it_is_accepted(visit: Visit) -> None:
    revoke(visit)
    visit.tablet.now = CLOSES
    items = [visit.tablet.seal(visit.payload()), visit.tablet.seal(visit.tablet.talk("Words"))]
    for sealed in items:
        assert visit.take(sealed) == "quarantined"
    earlier = (CLOSES - timedelta(hours=2)).replace(tzinfo=None)
    visit.world.store(
        changed(example(), closes_at=earlier, late_until=earlier + timedelta(hours=1))
    )
    for item in waiting(visit):
        with pytest.raises(arrivals.CameTooLate):
            accept(visit, item.id)
    assert [visit.arrival(sealed).sealed for sealed in items] == items
    assert acts(visit) == []


def test_what_was_withdrawn_meanwhile_is_not_called_accepted(visit: Visit) -> None:
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    fewer = {key: typed for key, typed in FULL.items() if key != "visits"}
    other = visit.tablet.seal(visit.payload(fields=fewer, client_id=payload["client_id"]))
    visit.take(other)
    with unit_of_work(visit.world.session) as session:
        session.execute(update(Response).values(withdrawn_at=NOW))
    (item,) = waiting(visit)
    assert accept(visit, item.id) is Outcome.WITHDRAWN
    row = visit.arrival(other)
    assert (row.outcome, row.sealed, row.decision) == ("withdrawn", None, None)
    assert acts(visit) == []


def test_what_belongs_to_no_consultation_is_for_admins(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload(), dev=str(uuid4()))
    assert visit.take(sealed, by_file=True) == "quarantined"
    assert waiting(visit) == []
    (item,) = waiting(visit, is_admin=True)
    with pytest.raises(arrivals.AlreadyDecided):
        refuse(visit, item.id)
    with pytest.raises(arrivals.AlreadyDecided):
        accept(visit, item.id)
    with pytest.raises(arrivals.CannotAccept):
        accept(visit, item.id, is_admin=True)


def test_nothing_is_accepted_into_another_consultation(visit: Visit) -> None:
    revoke(visit)
    payload = visit.payload()
    sealed = visit.tablet.seal(payload)
    visit.take(sealed)
    visit.world.store(changed(example(), slug="another-one"))
    session = visit.world.session
    with unit_of_work(session):
        session.execute(update(Arrival).values(consultation_id=None))
        other = session.scalars(
            select(Consultation).where(Consultation.slug == "another-one")
        ).one()
    row = visit.arrival(sealed)
    with pytest.raises(arrivals.BelongsElsewhere), unit_of_work(session):
        arrivals.accept(
            session,
            other,
            row.id,
            opener=visit.keys,
            secret_key=SECRET,
            actor="admin@council.example.org",
            is_admin=True,
            now=NOW,
        )
    assert visit.arrival(sealed).sealed == sealed
    assert visit.world.count("response") == 0
    assert accept(visit, row.id, is_admin=True) is Outcome.STORED


@pytest.mark.parametrize("said", ["x" * 100_001, "\u200b\u200b"])
def test_what_is_no_payload_is_shown_as_it_came(visit: Visit, said: str) -> None:
    payload = visit.tablet.talk(said, table="Where Planted words may stand")
    sealed = visit.tablet.seal(payload)
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "unreadable")
    seen = arrivals.look(visit.world.session, visit.arrival(sealed), visit.keys)
    assert isinstance(seen, str)
    assert json.loads(seen) == payload


def test_a_long_talk_is_taken(visit: Visit) -> None:
    assert visit.take(visit.tablet.seal(visit.tablet.talk("x" * 100_000))) == "stored"


def test_nobody_can_say_when_a_talk_was_written_so_an_officer_decides(visit: Visit) -> None:
    visit.tablet.now = LATE_UNTIL
    sealed = visit.tablet.seal(visit.tablet.talk("Words", clock_offset=None))
    assert visit.take(sealed, by_file=True, device_now=None) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "doubtful")
    (item,) = waiting(visit)
    assert (item.kind, item.reason) == ("talk", Reason.DOUBTFUL)
    assert accept(visit, item.id) is Outcome.STORED
    visit.world.session.rollback()
    assert visit.world.session.scalars(select(GroupTalk)).one().written_at == LATE_UNTIL


def test_an_empty_response_cannot_be_accepted(visit: Visit) -> None:
    nothing_read = {"unheard_of": {"answer": ["x"]}}
    visit.take(visit.tablet.seal(visit.payload(fields=nothing_read)))
    (item,) = waiting(visit)
    with pytest.raises(arrivals.CannotAccept) as caught:
        accept(visit, item.id)
    assert caught.value.reason is Reason.NO_ANSWERS
    assert visit.world.count("response") == 0


def test_a_withdrawal_takes_copies_that_wait_with_it(visit: Visit) -> None:
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    fewer = {key: typed for key, typed in FULL.items() if key != "visits"}
    other = visit.tablet.seal(visit.payload(fields=fewer, client_id=payload["client_id"]))
    unrelated = visit.tablet.seal(visit.payload(pack="0" * 64))
    visit.take(other)
    visit.take(unrelated)
    with unit_of_work(visit.world.session) as session:
        responses.withdraw(session, session.scalars(select(Response)).one(), now=NOW)
    assert [item.reason for item in waiting(visit)] == [Reason.UNKNOWN_PACK]
    assert visit.arrival(other).sealed is None
    assert visit.arrival(other).outcome == "withdrawn"
    assert visit.world.session.scalars(
        select(Arrival.digest).where(Arrival.sealed.is_not(None))
    ).all() == [visit.arrival(unrelated).digest]
    assert not any(words in visit.world.everything() for words in PLANTED)
