"""What tablets send: each item stored once, and nothing that came is lost or believed blindly."""

import json
import random
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import (
    Consultation,
    Device,
    GroupTalk,
    Provenance,
    Response,
    SessionPack,
)
from consult.services import consultations, responses
from consult.services.assisting import enrolling, receiving, sealing
from consult.services.assisting.keys import KeyFileProblem
from tests.integration.assisting.visit import Visit, visit_in
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
    World,
    changed,
    example,
)
from tests.support.tablet import Tablet, organisation_of, read_receipt, session_of

WITHOUT_PARK = {key: typed for key, typed in FULL.items() if key != "name_of_park"}
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(name="visit")
def visiting(world: World, tmp_path: Path) -> Visit:
    return visit_in(world, tmp_path)


def test_what_a_tablet_sends_is_stored_with_how_it_came_about(visit: Visit) -> None:
    payload = visit.payload(language="ur", mode="self", interpreted=True)
    payload["answers"]["visits"]["language"] = "en"
    sealed = visit.tablet.seal(payload)
    assert visit.take(sealed) == "stored"
    response = visit.response(payload)
    assert responses.answers_of(response) == FULL_VALUES
    assert (response.channel, response.language, response.timing) == ("assisted", "ur", "on_time")
    assert response.started_at == NOW - 10 * MINUTE
    assert (response.finished_at_device, response.received_at) == (NOW, NOW)
    assert {a.question_key: a.language for a in response.answers} == {
        key: "en" if key == "visits" else "ur" for key in FULL
    }
    assert {a.answered_at for a in response.answers} == {NOW - 5 * MINUTE}
    came = visit.world.session.get_one(Provenance, response.id)
    assert (came.session_id, came.device_id) == (visit.held.id, visit.tablet.device_id)
    assert (came.mode, came.interpreted) == ("self", True)
    assert came.consented_at == NOW - timedelta(seconds=700)
    row = visit.arrival(sealed)
    assert (row.kind, row.outcome, row.reason, row.sealed) == ("response", "stored", "", None)
    assert (row.consultation_id, row.device_id) == (
        visit.world.stored.id,
        visit.tablet.device_id,
    )


def test_its_person_can_read_it_with_the_code_from_the_tablet(visit: Visit) -> None:
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    with unit_of_work(visit.world.session) as session:
        found = responses.find_by_code(
            session, visit.world.stored, payload["code"], secret_key=SECRET, now=NOW
        )
    assert str(found.client_id) == payload["client_id"]


def test_the_receipt_is_signed_by_the_server_for_that_item(visit: Visit) -> None:
    payload = visit.payload()
    sealed = visit.tablet.seal(payload)
    receipt = visit.receipt(sealed)
    with unit_of_work(visit.world.session) as session:
        signing = visit.keys.published(session, now=NOW)["signing"]
    assert read_receipt(receipt.signed, signing) == {
        "v": 1,
        "client_id": payload["client_id"],
        "digest": sealing.digest_of(sealed),
        "outcome": "stored",
        "at": int(NOW.timestamp() * 1000),
    }


def test_nothing_of_an_item_can_be_read_without_the_key_file(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload(), kid="x")
    assert visit.take(sealed) == "quarantined"
    assert visit.arrival(sealed).sealed == sealed
    everything = visit.world.everything()
    assert not any(words in everything for words in PLANTED)


# Exactly once


def test_the_same_item_sent_again_is_stored_once(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload())
    assert [visit.take(sealed) for _ in range(3)] == ["stored"] * 3
    assert visit.world.count("response") == 1
    assert visit.world.count("arrival") == 1
    assert visit.world.count("provenance") == 1


def test_the_same_content_sealed_anew_is_stored_once(visit: Visit) -> None:
    payload = visit.payload()
    first, again = visit.tablet.seal(payload), visit.tablet.seal(payload)
    assert first != again
    assert [visit.take(first), visit.take(again)] == ["stored", "stored"]
    assert visit.world.count("response") == 1
    assert visit.world.count("provenance") == 1


def test_a_difference_under_the_same_id_is_kept_aside_and_changes_nothing(visit: Visit) -> None:
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    other = visit.tablet.seal(visit.payload(fields=WITHOUT_PARK, client_id=payload["client_id"]))
    assert visit.take(other) == "kept_aside"
    assert visit.take(other) == "kept_aside"
    assert visit.why(other) == ("kept_aside", "different")
    assert visit.arrival(other).sealed == other
    assert responses.answers_of(visit.response(payload)) == FULL_VALUES
    assert visit.world.count("response") == 1


def test_the_same_sent_twice_at_once_is_stored_once(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload())

    def send(session: Session) -> str:
        given = {"secret_key": SECRET}
        return visit.tablet.send(session, sealed, visit.keys, **given).outcome.value

    assert visit.world.at_once(send) == ["stored"] * 4
    assert visit.world.count("response") == 1
    assert visit.world.count("arrival") == 1
    assert visit.world.count("answer") == 9


def test_the_same_sealed_twice_and_sent_at_once_is_stored_once(visit: Visit) -> None:
    payload = visit.payload()
    items = [visit.tablet.seal(payload) for _ in range(4)]

    def send(session: Session) -> str:
        given = {"secret_key": SECRET}
        return visit.tablet.send(session, items.pop(), visit.keys, **given).outcome.value

    assert visit.world.at_once(send) == ["stored"] * 4
    assert visit.world.count("response") == 1
    assert visit.world.count("arrival") == 4
    assert visit.world.count("provenance") == 1


def test_one_code_sent_at_once_for_several_people_stays_one_person_s(visit: Visit) -> None:
    first = visit.payload()
    items = [visit.tablet.seal(visit.payload(code=first["code"])) for _ in range(4)]

    def send(session: Session) -> str:
        given = {"secret_key": SECRET}
        return visit.tablet.send(session, items.pop(), visit.keys, **given).outcome.value

    assert sorted(visit.world.at_once(send)) == [*["quarantined"] * 3, "stored"]
    assert visit.world.count("response") == 1


def test_a_copy_from_a_file_is_the_same_item(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload())
    assert visit.take(sealed, by_file=True, device_now=None) == "stored"
    assert visit.arrival(sealed).by_file is True
    assert visit.take(sealed) == "stored"
    assert visit.world.count("response") == 1


def test_what_was_withdrawn_stays_withdrawn(visit: Visit) -> None:
    payload = visit.payload()
    first, again = visit.tablet.seal(payload), visit.tablet.seal(payload)
    different = visit.tablet.seal(
        visit.payload(fields=WITHOUT_PARK, client_id=payload["client_id"])
    )
    incomplete = visit.tablet.seal({**payload, "answers": {}})
    visit.take(first)
    assert visit.take(different) == "kept_aside"
    with unit_of_work(visit.world.session) as session:
        response = session.scalars(select(Response)).one()
        responses.withdraw(session, response, now=NOW)
    assert visit.take(first) == "withdrawn"
    assert visit.take(again) == "withdrawn"
    for sealed in (different, incomplete):
        assert visit.take(sealed) == "withdrawn"
        assert visit.arrival(sealed).sealed is None
    assert visit.world.count("answer") == 0


def test_what_its_person_has_changed_meanwhile_is_told_apart(visit: Visit) -> None:
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    with unit_of_work(visit.world.session) as session:
        session.execute(update(Response).values(changed_at=NOW, content_digest="0" * 64))
    again = visit.tablet.seal(payload)
    assert visit.take(again) == "kept_aside"
    assert visit.why(again) == ("kept_aside", "changed_since")


# Whom to believe


def test_what_a_revoked_tablet_sends_waits_for_an_officer(visit: Visit) -> None:
    before, after = visit.tablet.seal(visit.payload()), visit.tablet.seal(visit.payload())
    visit.take(before)
    revoke(visit)
    assert visit.take(after) == "quarantined"
    assert visit.why(after) == ("quarantined", "revoked")
    assert visit.take(before) == "stored"
    assert visit.world.count("response") == 1


def revoke(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        device = session.get_one(Device, visit.tablet.device_id)
        enrolling.revoke(session, device, actor="officer@example.org", now=NOW)


def other_tablet(visit: Visit, name: str = "Another organisation") -> Tablet:
    """A tablet of another organisation of the same consultation."""
    with unit_of_work(visit.world.session) as session:
        organisation = organisation_of(session, SLUG, now=NOW, name=name)
        held = session_of(session, organisation, now=NOW)
        pack = session.scalars(select(SessionPack)).one()
        return Tablet.enrolled(session, held, pack, visit.keys, now=NOW, name="Other tablet")


def test_a_forged_signature_is_told(visit: Visit) -> None:
    payload = visit.payload()
    forger = other_tablet(visit)
    signed = forger.sign(sealing.canonical(payload), kid=str(visit.tablet.device_id))
    sealed = visit.tablet.seal_signed(signed, cid=payload["client_id"])
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "signature")


def test_a_tablet_that_nobody_enrolled_is_told(visit: Visit) -> None:
    stranger = Tablet(
        ECKey.generate_key("P-256"),
        uuid4(),
        visit.held.id,
        visit.tablet.pack_digest,
        visit.tablet.seal_to,
        NOW,
    )
    sealed = stranger.seal(visit.payload())
    assert visit.take(sealed, by_file=True) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "unknown_device")
    assert visit.arrival(sealed).device_id is None
    assert visit.arrival(sealed).consultation_id is None


def test_an_item_under_another_tablet_s_name_is_told(visit: Visit) -> None:
    other = other_tablet(visit)
    sealed = visit.tablet.seal(visit.payload(), dev=str(other.device_id))
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "mismatch")


def test_an_item_sent_again_under_another_id_is_told(visit: Visit) -> None:
    payload = visit.payload()
    visit.take(visit.tablet.seal(payload))
    replayed = visit.tablet.seal(payload, cid=str(uuid4()))
    assert visit.take(replayed) == "quarantined"
    assert visit.why(replayed) == ("quarantined", "mismatch")
    assert visit.world.count("response") == 1


def test_the_outside_of_an_item_cannot_be_changed(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload())
    changed_header = with_header(sealed, cid=str(uuid4()))
    assert visit.take(changed_header) == "quarantined"
    assert visit.why(changed_header) == ("quarantined", "unreadable")


def with_header(sealed: str, **changes: Any) -> str:
    """An item whose outside somebody has changed on the way."""
    first, *rest = sealed.split(".")
    header = json.loads(urlsafe_b64decode(f"{first}==")) | changes
    return ".".join([urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("="), *rest])


def test_a_session_of_another_organisation_is_told(visit: Visit) -> None:
    other = other_tablet(visit)
    for session_id in (other.session_id, uuid4()):
        sealed = visit.tablet.seal(visit.payload(session=str(session_id)))
        assert visit.take(sealed) == "quarantined"
        assert visit.why(sealed) == ("quarantined", "unknown_session")


def test_questions_that_nobody_was_given_are_told(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload(pack="0" * 64))
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "unknown_pack")


def test_a_receipt_code_of_somebody_else_is_told(visit: Visit) -> None:
    first = visit.payload()
    visit.take(visit.tablet.seal(first))
    second = visit.tablet.seal(visit.payload(code=first["code"]))
    assert visit.take(second) == "quarantined"
    assert visit.why(second) == ("quarantined", "code_clash")
    assert visit.world.count("response") == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"fields": {**FULL, "visits": {"answer": ["seven"]}}},
        {"fields": {**FULL, "wishes": {"answer": ["a palace"]}}},
        {"fields": {**FULL, "unheard_of": {"answer": ["x"]}}},
        {"language": "tlh"},
    ],
)
def test_answers_that_the_form_would_not_take_are_told(
    visit: Visit, changes: dict[str, Any]
) -> None:
    sealed = visit.tablet.seal(visit.payload(**changes))
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "bad_answers")
    assert visit.world.count("response") == 0


def test_answers_that_the_routing_does_not_ask_for_are_left_out(visit: Visit) -> None:
    payload = visit.payload(fields={**FULL, "vision_agree": {"answer": ["agree"]}})
    assert visit.take(visit.tablet.seal(payload)) == "stored"
    assert set(responses.answers_of(visit.response(payload))) == set(FULL) - {"vision_why"}


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"kind": "petition"},
        {"more": 1},
        {"mode": "kiosk"},
        {"interpreted": "yes"},
        {"code": "1234567890123456"},
        {"started_at": -1},
        {"finished_at": 2**60},
        {"finished_at": 1.5},
        {"clock_offset": 2**70},
        {"pack": "x"},
        {"session": "x"},
        {"answers": {"visits": {"typed": {"answer": [7]}, "language": "en", "at": 1}}},
        {"answers": []},
    ],
)
def test_what_no_tablet_writes_is_kept_unread(visit: Visit, change: dict[str, Any]) -> None:
    sealed = visit.tablet.seal({**visit.payload(), **change})
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "unreadable")


@pytest.mark.parametrize(
    "signed", ["", "words", "a.b.c", "[" * 50_000, "eyJhbGciOiJub25lIn0.e30.", "x" * 200_000]
)
def test_nothing_that_was_signed_within_is_kept_unread(visit: Visit, signed: str) -> None:
    sealed = visit.tablet.seal_signed(signed, cid=str(uuid4()))
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed)[1] in {"unreadable", "mismatch"}


def test_json_without_an_end_is_kept_unread(visit: Visit) -> None:
    for text in ("[" * 100_000, "{}", "null", '"x"', "NaN", '{"kind":"response"}'):
        sealed = visit.tablet.seal_signed(visit.tablet.sign(text), cid=str(uuid4()))
        assert visit.take(sealed) == "quarantined"
        assert visit.why(sealed) == ("quarantined", "unreadable")


def test_half_an_emoji_is_left_out_of_what_was_said(visit: Visit) -> None:
    payload = visit.payload(fields={**FULL, "name_of_park": {"answer": ["CUT"]}})
    text = sealing.canonical(payload).replace('"CUT"', '"Meadow \\ud83c"')
    sealed = visit.tablet.seal_signed(visit.tablet.sign(text), cid=payload["client_id"])
    assert visit.take(sealed) == "stored"
    assert responses.answers_of(visit.response(payload))["name_of_park"] == {"text": "Meadow "}


@pytest.mark.parametrize(
    "text",
    ["", "words", "a.b.c.d.e", "....", "x" * 2_000_000, "é.a.b.c.d", '{"ciphertext": "x"}'],
)
def test_garbage_is_no_item_and_nothing_is_kept(visit: Visit, text: str) -> None:
    with pytest.raises(sealing.NotSealed):
        visit.receipt(text)
    assert visit.world.count("arrival") == 0


def test_no_damage_on_the_way_brings_anything_down(visit: Visit) -> None:
    damage = random.Random(8)
    sealed = visit.tablet.seal(visit.payload())
    for _ in range(120):
        place = damage.randrange(len(sealed))
        other = damage.choice("Aa0-_.é\n ")
        if sealed[place] == other:
            continue
        with suppress(sealing.NotSealed):
            assert visit.take(f"{sealed[:place]}{other}{sealed[place + 1 :]}") == "quarantined"
    assert visit.world.count("response") == 0
    assert visit.take(sealed) == "stored"


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"cid": "not an id"},
        {"cid": str(uuid4()).upper()},
        {"dev": ""},
        {"kid": ""},
        {"kid": "k" * 65},
        {"crit": ["cid"]},
        {"jku": "https://elsewhere.example"},
        {"apu": "QWxpY2U"},
    ],
)
def test_an_item_with_another_outside_is_none(visit: Visit, header: dict[str, Any]) -> None:
    with pytest.raises(sealing.NotSealed):
        visit.receipt(visit.tablet.seal(visit.payload(), **header))


@pytest.mark.parametrize(
    ("alg", "enc"), [("ECDH-ES+A256KW", "A256GCM"), ("ECDH-ES", "A128GCM"), ("dir", "A256GCM")]
)
def test_other_algorithms_are_refused(visit: Visit, alg: str, enc: str) -> None:
    sealed = visit.tablet.seal(visit.payload())
    with pytest.raises(sealing.NotSealed):
        visit.receipt(with_header(sealed, alg=alg, enc=enc))


def test_a_key_that_the_server_does_not_have_is_told(visit: Visit) -> None:
    own = ECKey.generate_key("P-256")
    visit.tablet.seal_to = {"kid": own.thumbprint(), "jwk": own.as_dict(private=False)}
    sealed = visit.tablet.seal(visit.payload())
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "unknown_key")


def test_a_signing_key_opens_nothing(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        signing = visit.keys.published(session, now=NOW)["signing"][0]
    visit.tablet.seal_to = signing
    sealed = visit.tablet.seal(visit.payload())
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "unknown_key")


def test_while_the_key_file_is_away_nothing_is_taken_and_nothing_lost(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.payload())
    away = visit.keys.path.with_name("away")
    visit.keys.path.rename(away)
    with pytest.raises(KeyFileProblem, match="is missing"):
        visit.receipt(sealed)
    assert visit.world.count("arrival") == 0
    away.rename(visit.keys.path)
    assert visit.take(sealed) == "stored"


def test_a_stolen_tablet_cannot_fill_the_disk(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_WAITING", 2)
    revoke(visit)
    for _ in range(2):
        assert visit.take(visit.tablet.seal(visit.payload())) == "quarantined"
    with pytest.raises(receiving.TooMuch):
        visit.receipt(visit.tablet.seal(visit.payload()))
    assert visit.world.count("arrival") == 2


# Questions changed meanwhile


def test_questions_changed_meanwhile_are_answered_as_their_old_version(visit: Visit) -> None:
    payload = visit.payload()
    document = example()
    agree = document.question("vision_agree")
    assert agree is not None
    asked_anew = agree.model_copy(update={"label": "Do you like the plan?"})
    kept = [
        asked_anew if question.key == "vision_agree" else question
        for question in document.questions
        if question.key != "name_of_park"
    ]
    visit.world.store(changed(document, questions=kept))
    assert visit.take(visit.tablet.seal(payload)) == "stored"
    response = visit.response(payload)
    assert responses.answers_of(response) == FULL_VALUES
    asked = {a.question_key: a.question_version for a in response.answers}
    assert asked["vision_agree"].number == 1
    assert asked["vision_agree"].definition["label"] == agree.label
    assert asked["name_of_park"].question.retired
    now_asked = consultations.document_of(visit.world.session, visit.world.stored)
    assert [question.key for question in now_asked.questions] == [q.key for q in kept]
    newest = now_asked.question("vision_agree")
    assert newest is not None
    assert (newest.version, newest.label) == (2, "Do you like the plan?")


# In time


def at_the_end(visit: Visit, finished: Any, received: Any, **changes: Any) -> tuple[str, str]:
    """What becomes of what was finished then and is sent later, and its timing."""
    visit.tablet.now = finished
    payload = visit.payload(**changes)
    sealed = visit.tablet.seal(payload)
    visit.tablet.now = received
    outcome = visit.take(sealed)
    return outcome, visit.response(payload).timing if outcome == "stored" else ""


def test_what_was_finished_before_closing_is_taken_until_late_until(visit: Visit) -> None:
    assert at_the_end(visit, CLOSES - HOUR, CLOSES - MINUTE) == ("stored", "on_time")
    assert at_the_end(visit, CLOSES - HOUR, GRACE_ENDS - MINUTE) == ("stored", "on_time")
    assert at_the_end(visit, CLOSES - HOUR, LATE_UNTIL) == ("stored", "late")
    assert at_the_end(visit, CLOSES + MINUTE, LATE_UNTIL) == ("stored", "late")
    assert at_the_end(visit, GRACE_ENDS, LATE_UNTIL) == ("too_late", "")
    assert at_the_end(visit, CLOSES + HOUR, CLOSES + HOUR) == ("too_late", "")
    assert at_the_end(visit, CLOSES - HOUR, LATE_UNTIL + MINUTE) == ("too_late", "")


def test_a_wrong_clock_is_put_right(visit: Visit) -> None:
    visit.tablet.wrong_by = timedelta(days=-400)
    assert at_the_end(visit, CLOSES - HOUR, LATE_UNTIL) == ("stored", "late")
    assert at_the_end(visit, GRACE_ENDS, LATE_UNTIL) == ("too_late", "")
    visit.tablet.wrong_by = timedelta(days=4000)
    payload = visit.payload()
    visit.tablet.now = CLOSES - HOUR
    assert at_the_end(visit, CLOSES - HOUR, CLOSES - HOUR) == ("stored", "on_time")
    assert payload["finished_at"] > visit.tablet.clock


def test_a_clock_that_was_moved_before_sending_is_doubted_and_refuses_nothing(
    visit: Visit,
) -> None:
    visit.tablet.now = CLOSES + 2 * HOUR  # by its clock at finishing, nobody knows when
    visit.tablet.wrong_by = timedelta(hours=-3)
    payload = visit.payload()
    sealed = visit.tablet.seal(payload)
    visit.tablet.now, visit.tablet.wrong_by = LATE_UNTIL, timedelta()
    assert visit.take(sealed) == "stored"
    response = visit.response(payload)
    assert response.timing == "doubtful"
    assert response.started_at == LATE_UNTIL
    assert response.finished_at_device == CLOSES + 2 * HOUR


def test_a_clock_moved_by_minutes_is_believed(visit: Visit) -> None:
    visit.tablet.wrong_by = timedelta(minutes=4)
    visit.tablet.now = CLOSES - HOUR
    payload = visit.payload()
    sealed = visit.tablet.seal(payload)
    visit.tablet.now, visit.tablet.wrong_by = LATE_UNTIL, timedelta()
    assert visit.take(sealed) == "stored"
    assert visit.response(payload).timing == "late"


def test_a_moved_clock_changes_nothing_while_it_is_open(visit: Visit) -> None:
    visit.tablet.wrong_by = timedelta(days=300)  # after closing, by its clock
    payload = visit.payload(clock_offset=0)
    assert visit.take(visit.tablet.seal(payload)) == "stored"
    assert visit.response(payload).timing == "on_time"


def test_a_tablet_that_never_knew_its_offset_is_judged_by_the_one_it_sends_with(
    visit: Visit,
) -> None:
    visit.tablet.wrong_by = timedelta(days=-10)
    assert at_the_end(visit, CLOSES - HOUR, LATE_UNTIL, clock_offset=None) == ("stored", "late")


def test_a_copy_in_a_file_is_judged_by_the_offset_within(visit: Visit) -> None:
    visit.tablet.now = CLOSES - HOUR
    known, unknown = visit.payload(), visit.payload(clock_offset=None)
    items = [visit.tablet.seal(payload) for payload in (known, unknown)]
    for sealed in items:
        assert visit.take(sealed, by_file=True, device_now=None, now=LATE_UNTIL) == "stored"
    assert visit.response(known).timing == "late"
    assert visit.response(unknown).timing == "doubtful"


def test_a_clock_that_stands_before_the_opening_is_doubted(visit: Visit) -> None:
    early = OPENS - timedelta(days=1000)
    assert at_the_end(visit, early, LATE_UNTIL) == ("stored", "doubtful")


def test_what_came_too_late_is_taken_once_the_closing_was_moved(visit: Visit) -> None:
    visit.tablet.now = CLOSES - HOUR
    sealed = visit.tablet.seal(visit.payload())
    after = LATE_UNTIL + MINUTE
    assert visit.take(sealed, now=after, device_now=None) == "too_late"
    assert visit.arrival(sealed).sealed is None
    later = (CLOSES + timedelta(days=9)).replace(tzinfo=None)
    visit.world.store(
        changed(example(), closes_at=later, late_until=later + timedelta(days=2)), now=after
    )
    assert visit.take(sealed, now=after, device_now=None) == "stored"
    assert visit.world.count("arrival") == 1


def test_what_nobody_can_decide_about_any_more_is_too_late(visit: Visit) -> None:
    revoke(visit)
    sealed = visit.tablet.seal(visit.payload())
    visit.tablet.now = LATE_UNTIL + MINUTE
    assert visit.take(sealed) == "too_late"
    assert visit.arrival(sealed).sealed is None


def test_a_paused_consultation_takes_what_was_finished(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        consultations.set_paused(session, SLUG, True, actor="officer", now=NOW)
    payload = visit.payload()
    assert visit.take(visit.tablet.seal(payload)) == "stored"
    assert visit.response(payload).timing == "on_time"


def test_what_comes_before_the_opening_waits(visit: Visit) -> None:
    visit.tablet.now = OPENS - HOUR
    sealed = visit.tablet.seal(visit.payload())
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "not_open")


def test_after_the_data_were_removed_nothing_is_taken(visit: Visit) -> None:
    with unit_of_work(visit.world.session) as session:
        session.execute(update(Consultation).values(data_removed_at=NOW))
    sealed = visit.tablet.seal(visit.payload())
    assert visit.take(sealed) == "too_late"
    assert visit.world.count("response") == 0


# What a table said


def talk_of(visit: Visit) -> GroupTalk:
    visit.world.session.rollback()
    return visit.world.session.scalars(select(GroupTalk)).one()


def test_what_a_table_said_is_stored_apart(visit: Visit) -> None:
    payload = visit.tablet.talk("Planted talk\u0000", question="vision_why", language="ur")
    sealed = visit.tablet.seal(payload)
    assert [visit.take(sealed), visit.take(visit.tablet.seal(payload))] == ["stored", "stored"]
    talk = talk_of(visit)
    assert (talk.session_id, talk.device_id) == (visit.held.id, visit.tablet.device_id)
    assert (talk.said, talk.people, talk.language) == ("Planted talk", 5, "ur")
    assert (talk.question_key, talk.table_name) == ("vision_why", "Table 1")
    assert (talk.written_at, talk.received_at) == (NOW, NOW)
    assert visit.world.count("response") == 0
    assert visit.arrival(sealed).kind == "talk"


def test_another_content_of_the_same_talk_is_kept_aside(visit: Visit) -> None:
    payload = visit.tablet.talk("First words")
    visit.take(visit.tablet.seal(payload))
    other = visit.tablet.seal({**payload, "people": 6})
    assert visit.take(other) == "kept_aside"
    assert talk_of(visit).people == 5


def test_a_talk_sent_at_once_is_stored_once(visit: Visit) -> None:
    payload = visit.tablet.talk("Said once")
    items = [visit.tablet.seal(payload) for _ in range(4)]

    def send(session: Session) -> str:
        given = {"secret_key": SECRET}
        return visit.tablet.send(session, items.pop(), visit.keys, **given).outcome.value

    assert visit.world.at_once(send) == ["stored"] * 4
    assert visit.world.count("group_talk") == 1


@pytest.mark.parametrize("change", [{"question": "unheard_of"}, {"language": "tlh"}])
def test_a_talk_about_nothing_that_is_asked_waits(visit: Visit, change: dict[str, Any]) -> None:
    sealed = visit.tablet.seal(visit.tablet.talk("Words", **change))
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "bad_answers")


@pytest.mark.parametrize(
    "change", [{"people": 0}, {"people": 501}, {"said": " \n"}, {"said": "x" * 100_001}]
)
def test_a_talk_of_nobody_or_nothing_is_kept_unread(visit: Visit, change: dict[str, Any]) -> None:
    sealed = visit.tablet.seal({**visit.tablet.talk("Words"), **change})
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "unreadable")


def test_talks_come_in_time_too(visit: Visit) -> None:
    sealed = visit.tablet.seal(visit.tablet.talk("Late words"))
    visit.tablet.now = LATE_UNTIL + MINUTE
    assert visit.take(sealed) == "too_late"
    early = visit.tablet.seal(visit.tablet.talk("Early words"))
    visit.tablet.now = OPENS - MINUTE
    assert visit.take(early) == "quarantined"


def test_a_talk_that_was_removed_stays_so(visit: Visit) -> None:
    payload = visit.tablet.talk("Words")
    first = visit.tablet.seal(payload)
    visit.take(first)
    with unit_of_work(visit.world.session) as session:
        session.execute(update(GroupTalk).values(removed_at=NOW, removed_by="officer"))
    assert visit.take(first) == "withdrawn"
    assert visit.take(visit.tablet.seal(payload)) == "withdrawn"
