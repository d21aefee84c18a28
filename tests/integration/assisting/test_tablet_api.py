"""The tablet's interface: who may use it, what it answers, and what it says when it cannot."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from joserfc.jwk import ECKey
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from consult.config import Settings
from consult.db import unit_of_work
from consult.models import (
    Account,
    Arrival,
    AssistedSession,
    Consultation,
    Device,
    OrganisationMember,
    Response,
    SessionPack,
)
from consult.services.assisting.keys import Keys
from tests.support.staff import Colleague, Hire
from tests.support.tablet import Tablet, ms, organisation_of, pack_of, read_receipt, session_of
from tests.support.visitors import NOON, SLUG, Clock, in_session

OWED = {"device_now": ms(NOON), "owes": 3, "oldest_ms": ms(NOON) - 60_000, "unfinished": 1}


@pytest.fixture(name="tablet")
def enrolled_tablet(app: Flask, settings: Settings) -> Tablet:
    """A tablet that is enrolled for a partner of the model case."""
    with app.app_context(), in_session(app) as session, unit_of_work(session):
        organisation = organisation_of(session, SLUG, now=NOON)
        held = session_of(session, organisation, now=NOON)
        pack = pack_of(session, organisation, now=NOON)
        return Tablet.enrolled(session, held, pack, Keys(settings.key_path), now=NOON)


@pytest.fixture(name="partner")
def signed_in_partner(app: Flask, hire: Hire, tablet: Tablet) -> Colleague:
    """Somebody who works for the organisation."""
    colleague = hire("partner")
    with in_session(app) as session, unit_of_work(session):
        account = session.scalars(select(Account).where(Account.email == colleague.email)).one()
        session.add(
            OrganisationMember(
                organisation_id=organisation_id(session, tablet),
                account_id=account.id,
                added_by="test",
                added_at=NOON,
            )
        )
    return colleague


def organisation_id(session: Any, tablet: Tablet) -> UUID:
    found: UUID = session.get_one(Device, tablet.device_id).organisation_id
    return found


def ask(app: Flask, tablet: Tablet, path: str, body: Any = None, **changes: Any) -> TestResponse:
    """Send a signed request, as a tablet without any cookie does."""
    method = "GET" if body is None else "POST"
    header = tablet.authorisation(method, f"/tablet/api/{path}", **changes)
    return app.test_client().open(
        f"/tablet/api/{path}", method=method, json=body, headers={"Authorization": header}
    )


def seen(app: Flask, tablet: Tablet) -> Device:
    with in_session(app) as session:
        return session.get_one(Device, tablet.device_id)


# Enrolling


def me(colleague: Colleague) -> dict[str, Any]:
    found: dict[str, Any] = colleague.client.get("/tablet/api/me").get_json()
    return found


def enrol(colleague: Colleague, token: str | None = None, **changes: Any) -> TestResponse:
    """Enrol a tablet as its app does."""
    about = me(colleague)
    body = {
        "name": "Blue tablet",
        "public_key": ECKey.generate_key("P-256").as_dict(private=False),
        "organisation": about["organisations"][0]["id"] if about["organisations"] else str(uuid4()),
        **changes,
    }
    token = about["csrf"] if token is None else token
    headers = {"X-CSRFToken": token} if token else {}
    return colleague.client.post("/tablet/api/enrol", json=body, headers=headers)


def test_nobody_is_told_anything_who_is_not_signed_in(app: Flask) -> None:
    reply = app.test_client().get("/tablet/api/me")
    assert reply.get_json() == {
        "signed_in": False,
        "name": "",
        "organisations": [],
        "csrf": None,
    }
    assert reply.headers["Cache-Control"] == "no-store"


def test_a_partner_enrols_a_tablet(app: Flask, partner: Colleague) -> None:
    about = me(partner)
    assert [each["name"] for each in about["organisations"]] == ["Lozells Women's Group"]
    key = ECKey.generate_key("P-256")
    public = key.as_dict(private=False)
    reply = enrol(partner, public_key={**public, "use": "sig", "ext": True})
    assert reply.status_code == 200, reply.text
    told = reply.get_json()
    assert told == {
        "device": told["device"],
        "organisation": about["organisations"][0]["id"],
        "name": "Blue tablet",
    }
    with in_session(app) as session:
        device = session.get_one(Device, UUID(told["device"]))
        assert device.public_key == {k: public[k] for k in ("kty", "crv", "x", "y")}
        assert (device.thumbprint, device.enrolled_by) == (key.thumbprint(), partner.email)
        assert (device.enrolled_at, device.seen_at, device.revoked_at) == (NOON, NOON, None)
    again = enrol(partner, public_key=public, name="Other name")
    assert again.get_json()["device"] == told["device"]


def test_an_officer_may_enrol_one_too_and_a_stranger_may_not(
    hire: Hire, partner: Colleague
) -> None:
    assert enrol(hire("officer")).status_code == 200
    organisation = me(partner)["organisations"][0]["id"]
    for stranger in (hire("partner"), hire("viewer")):
        assert me(stranger)["organisations"] == []
        reply = enrol(stranger, organisation=organisation)
        assert (reply.status_code, reply.get_json()) == (403, {"error": "not_your_organisation"})


def test_enrolling_needs_somebody_and_the_form_s_token(app: Flask, partner: Colleague) -> None:
    for token in ("", "forged"):
        reply = enrol(partner, token)
        assert (reply.status_code, reply.get_json()) == (400, {"error": "csrf"})
    about = me(partner)
    partner.client.delete_cookie("consult")
    reply = partner.client.post(
        "/tablet/api/enrol", json={}, headers={"X-CSRFToken": about["csrf"]}
    )
    assert (reply.status_code, reply.get_json()) == (400, {"error": "csrf"})


def test_who_added_the_tablet_is_signed_out_on_it(partner: Colleague) -> None:
    token = me(partner)["csrf"]
    assert enrol(partner).status_code == 200
    assert sign_out(partner, "forged").status_code == 400
    assert me(partner)["signed_in"]
    assert sign_out(partner, token).get_json() == {}
    assert not me(partner)["signed_in"]
    assert partner.client.get("/en/staff/").status_code == 303


def sign_out(colleague: Colleague, token: str) -> TestResponse:
    """Let go of who added a tablet, as its app does."""
    headers = {"X-CSRFToken": token}
    return colleague.client.post("/tablet/api/sign-out", json={}, headers=headers)


def test_who_signed_out_meanwhile_is_told_so(app: Flask, partner: Colleague) -> None:
    about = me(partner)
    with in_session(app) as session, unit_of_work(session):
        session.execute(update(Account).where(Account.email == partner.email).values(active=False))
    reply = enrol(partner, about["csrf"])
    assert (reply.status_code, reply.get_json()) == (401, {"error": "signed_out"})


def test_another_site_enrols_nothing(partner: Colleague) -> None:
    token = me(partner)["csrf"]
    reply = partner.client.post(
        "/tablet/api/enrol",
        json={},
        headers={"X-CSRFToken": token, "Sec-Fetch-Site": "cross-site"},
    )
    assert reply.status_code == 403


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_tablet_needs_a_name(partner: Colleague, name: str) -> None:
    reply = enrol(partner, name=name)
    assert (reply.status_code, reply.get_json()) == (400, {"error": "name_missing"})


def private_key() -> dict[str, Any]:
    return dict(ECKey.generate_key("P-256").as_dict(private=True))


def other_curve() -> dict[str, Any]:
    return dict(ECKey.generate_key("P-384").as_dict(private=False))


@pytest.mark.parametrize(
    "key",
    [
        None,
        "key",
        {},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "crv": "P-256"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "A" * 500, "y": "A" * 500},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": 2},
        private_key(),
        other_curve(),
    ],
)
def test_only_public_keys_of_our_kind_are_taken(partner: Colleague, key: object) -> None:
    reply = enrol(partner, public_key=key)
    assert (reply.status_code, reply.get_json()) == (400, {"error": "bad_key"})


def test_a_revoked_key_cannot_come_back(app: Flask, partner: Colleague) -> None:
    public = ECKey.generate_key("P-256").as_dict(private=False)
    assert enrol(partner, public_key=public).status_code == 200
    with in_session(app) as session, unit_of_work(session):
        session.execute(update(Device).values(revoked_at=NOON, revoked_by="officer"))
    reply = enrol(partner, public_key=public)
    assert (reply.status_code, reply.get_json()) == (409, {"error": "key_in_use"})


@pytest.mark.parametrize("body", ["[]", "null", "{", '"x"', '{"name": 7}'])
def test_what_is_no_request_is_told(partner: Colleague, body: str) -> None:
    reply = partner.client.post(
        "/tablet/api/enrol",
        data=body,
        content_type="application/json",
        headers={"X-CSRFToken": me(partner)["csrf"]},
    )
    assert (reply.status_code, reply.get_json()) == (400, {"error": "bad_request"})


# Sending


def test_a_tablet_sends_without_any_cookie(app: Flask, settings: Settings, tablet: Tablet) -> None:
    payload = tablet.response({"who": {"answer": ["resident"]}})
    sealed = tablet.seal(payload)
    reply = ask(app, tablet, "send", {"sealed": sealed, **OWED})
    assert reply.status_code == 200, reply.text
    assert "Set-Cookie" not in reply.headers
    with in_session(app) as session, unit_of_work(session):
        signing = Keys(settings.key_path).published(session, now=NOON)["signing"]
        response = session.scalars(
            select(Response).where(Response.client_id == UUID(payload["client_id"]))
        ).one()
        assert (response.channel, response.received_at) == ("assisted", NOON)
    claims = read_receipt(reply.get_json()["receipt"], signing)
    assert (claims["client_id"], claims["outcome"]) == (payload["client_id"], "stored")
    device = seen(app, tablet)
    assert (device.owes, device.unfinished) == (3, 1)
    assert device.oldest_owed_at is not None
    assert ms(device.oldest_owed_at) == ms(NOON) - 60_000


def test_the_oldest_is_told_by_our_clock(app: Flask, tablet: Tablet) -> None:
    owed = {"device_now": 1_000_000, "owes": 1, "oldest_ms": 400_000, "unfinished": 0}
    assert ask(app, tablet, "owe", owed).status_code == 200
    oldest = seen(app, tablet).oldest_owed_at
    assert oldest is not None
    assert ms(oldest) == ms(NOON) - 600_000
    assert ask(app, tablet, "owe", {**owed, "oldest_ms": None}).status_code == 200
    assert seen(app, tablet).oldest_owed_at is None


def test_a_tablet_is_told_the_time_and_the_keys(app: Flask, tablet: Tablet, clock: Clock) -> None:
    told = ask(app, tablet, "owe", OWED).get_json()
    assert told["server_now"] == ms(clock.now)
    assert told["revoked"] is False
    assert told["keys"]["encryption"] == [tablet.seal_to]
    assert [set(key) for key in told["keys"]["signing"]] == [{"kid", "jwk"}]
    assert set(told["keys"]["signing"][0]["jwk"]) == {"kty", "crv", "x", "y"}


def test_a_revoked_tablet_still_hands_over_what_it_holds(app: Flask, tablet: Tablet) -> None:
    revoke(app)
    assert ask(app, tablet, "owe", OWED).get_json()["revoked"] is True
    reply = ask(app, tablet, "send", {"sealed": tablet.seal(tablet.response({})), **OWED})
    assert reply.status_code == 200
    with in_session(app) as session:
        arrival = session.scalars(select(Arrival)).one()
        assert (arrival.outcome, arrival.reason) == ("quarantined", "revoked")


def revoke(app: Flask) -> None:
    with in_session(app) as session, unit_of_work(session):
        session.execute(update(Device).values(revoked_at=NOON, revoked_by="officer"))


def test_what_is_no_item_stays_with_the_tablet(app: Flask, tablet: Tablet) -> None:
    reply = ask(app, tablet, "send", {"sealed": "words", **OWED})
    assert (reply.status_code, reply.get_json()) == (400, {"error": "unreadable"})
    with in_session(app) as session:
        assert session.scalars(select(Arrival)).all() == []
    assert (seen(app, tablet).owes, seen(app, tablet).unfinished) == (3, 1)


@pytest.mark.parametrize(
    "change",
    [
        {"sealed": None},
        {"sealed": 7},
        {"owes": -1},
        {"owes": True},
        {"owes": "3"},
        {"owes": 2**50},
        {"unfinished": None},
        {"oldest_ms": "then"},
        {"device_now": None},
    ],
)
def test_numbers_have_to_be_numbers(app: Flask, tablet: Tablet, change: dict[str, Any]) -> None:
    reply = ask(app, tablet, "send", {"sealed": "x", **OWED, **change})
    assert (reply.status_code, reply.get_json()) == (400, {"error": "bad_request"})


def test_too_much_at_once_is_told(app: Flask, tablet: Tablet) -> None:
    reply = ask(app, tablet, "send", {"sealed": "x" * 1_600_000, **OWED})
    assert (reply.status_code, reply.get_json()) == (413, {"error": "too_large"})
    reply = ask(app, tablet, "send", {"sealed": "x" * 1_400_000, **OWED})
    assert (reply.status_code, reply.get_json()) == (400, {"error": "unreadable"})


def test_while_the_keys_cannot_be_opened_tablets_try_again_later(
    app: Flask, settings: Settings, tablet: Tablet
) -> None:
    sealed = tablet.seal(tablet.response({}))
    settings.key_path.rename(settings.key_path.with_name("away"))
    reply = ask(app, tablet, "send", {"sealed": sealed, **OWED})
    assert (reply.status_code, reply.get_json()) == (503, {"error": "unavailable"})
    assert reply.headers["Retry-After"] == "30"
    settings.key_path.with_name("away").rename(settings.key_path)
    assert ask(app, tablet, "send", {"sealed": sealed, **OWED}).status_code == 200


def test_a_tablet_of_which_too_much_waits_tries_again_in_an_hour(
    app: Flask, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("consult.services.assisting.receiving.MOST_WAITING", 0)
    revoke(app)
    reply = ask(app, tablet, "send", {"sealed": tablet.seal(tablet.response({})), **OWED})
    assert (reply.status_code, reply.get_json()) == (429, {"error": "too_much"})
    assert reply.headers["Retry-After"] == "3600"
    assert (seen(app, tablet).owes, seen(app, tablet).unfinished) == (3, 1)


def test_a_tablet_cannot_send_in_another_one_s_name(app: Flask, tablet: Tablet) -> None:
    with in_session(app) as session, unit_of_work(session):
        held = session.get_one(AssistedSession, tablet.session_id)
        pack = session.scalars(select(SessionPack)).one()
        keys = Keys(app.config["CONSULT_SETTINGS"].key_path)
        other = Tablet.enrolled(session, held, pack, keys, now=NOON, name="Other")
    sealed = tablet.seal(tablet.response({"who": {"answer": ["resident"]}}))
    assert ask(app, other, "send", {"sealed": sealed, **OWED}).status_code == 200
    with in_session(app) as session:
        arrival = session.scalars(select(Arrival)).one()
        assert (arrival.reason, arrival.device_id) == ("mismatch", other.device_id)


def test_a_fault_of_ours_is_told_as_such(
    app: Flask, tablet: Tablet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any, **_options: Any) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("consult.services.assisting.receiving.receive", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    reply = ask(app, tablet, "send", {"sealed": tablet.seal(tablet.response({})), **OWED})
    assert (reply.status_code, reply.get_json()) == (500, {"error": "fault"})


# Whose request it is


def test_a_request_without_a_signature_is_refused(app: Flask) -> None:
    for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": "Device"}):
        reply = app.test_client().post("/tablet/api/owe", json=OWED, headers=header)
        assert (reply.status_code, reply.get_json()) == (401, {"error": "not_signed"})


@pytest.mark.parametrize(
    "signed", ["x", "a.b.c", "é", "x" * 5_000, "eyJhbGciOiJub25lIiwia2lkIjoiYSJ9.e30."]
)
def test_what_is_no_signature_is_refused(app: Flask, signed: str) -> None:
    reply = app.test_client().post(
        "/tablet/api/owe", json=OWED, headers={"Authorization": f"Device {signed}"}
    )
    assert (reply.status_code, reply.get_json()) == (401, {"error": "forged"})


def test_a_request_signed_for_another_one_is_refused(app: Flask, tablet: Tablet) -> None:
    for changes in ({"m": "GET"}, {"p": "/tablet/api/send"}, {"p": None}):
        reply = ask(app, tablet, "owe", OWED, **changes)
        assert (reply.status_code, reply.get_json()) == (401, {"error": "forged"})


def test_a_request_signed_with_another_key_is_refused(app: Flask, tablet: Tablet) -> None:
    tablet.key = ECKey.generate_key("P-256")
    reply = ask(app, tablet, "owe", OWED)
    assert (reply.status_code, reply.get_json()) == (401, {"error": "forged"})


def test_a_tablet_that_nobody_enrolled_is_told(app: Flask, tablet: Tablet) -> None:
    tablet.device_id = uuid4()
    reply = ask(app, tablet, "owe", OWED)
    assert (reply.status_code, reply.get_json()) == (401, {"error": "unknown_device"})


def test_a_tablet_s_clock_does_not_matter(app: Flask, tablet: Tablet) -> None:
    for moment in (0, 2**42, "yesterday"):
        assert ask(app, tablet, "owe", OWED, t=moment).status_code == 200


# Loading


def test_a_tablet_is_told_its_own_sessions(app: Flask, tablet: Tablet) -> None:
    with app.app_context(), in_session(app) as session, unit_of_work(session):
        own = session.get_one(AssistedSession, tablet.session_id).organisation
        session_of(session, own, now=NOON, on=date(2026, 12, 5), code="LATER2", venue="The mosque")
        session_of(session, own, now=NOON, code="OFF222", state="called_off")
        other = organisation_of(session, SLUG, now=NOON, name="Another")
        session_of(session, other, now=NOON, code="OTHER2")
    told = ask(app, tablet, "sessions").get_json()
    assert [(each["venue"], each["on"], each["ready"]) for each in told] == [
        ("The library", "2026-03-10", True),
        ("The mosque", "2026-12-05", True),
    ]
    assert told[1] == {
        "id": told[1]["id"],
        "code": "LATER2",
        "venue": "The mosque",
        "on": "2026-12-05",
        "languages": ["en"],
        "state": "planned",
        "ready": True,
        "consultation": told[0]["consultation"],
    }
    assert told[0]["consultation"]["slug"] == SLUG
    assert {"en", "ur"} <= set(told[0]["consultation"]["title"])


def test_sessions_are_told_while_the_consultation_is_to_come_or_open(
    app: Flask, tablet: Tablet, clock: Clock
) -> None:
    expected = {
        datetime(2026, 11, 1, 12, tzinfo=UTC): [False],
        datetime(2026, 11, 2, 9, tzinfo=UTC): [True],
        datetime(2027, 1, 17, 23, 58, tzinfo=UTC): [True],
        datetime(2027, 1, 17, 23, 59, tzinfo=UTC): [],
    }
    for moment, ready in expected.items():
        clock.now = moment
        assert [each["ready"] for each in ask(app, tablet, "sessions").get_json()] == ready
        reply = ask(app, tablet, f"pack/{tablet.session_id}")
        assert reply.status_code == (200 if ready == [True] else 409)
        if ready != [True]:
            assert reply.get_json() == {"error": "not_ready"}


def test_a_consultation_in_the_making_is_told_and_not_ready(app: Flask, tablet: Tablet) -> None:
    with in_session(app) as session, unit_of_work(session):
        session.execute(update(Consultation).values(is_preview=True))
    (told,) = ask(app, tablet, "sessions").get_json()
    assert told["ready"] is False
    assert told["consultation"]["title"]["en"]
    assert ask(app, tablet, f"pack/{tablet.session_id}").status_code == 409


def test_a_tablet_loads_a_session_s_questions(app: Flask, tablet: Tablet, clock: Clock) -> None:
    first = ask(app, tablet, f"pack/{tablet.session_id}")
    assert first.status_code == 200
    loaded = first.get_json()
    assert loaded["format"] == "consult-pack/1"
    assert loaded["session"]["id"] == str(tablet.session_id)
    assert loaded["keys"]["encryption"] == [tablet.seal_to]
    assert loaded["consultation"]["receipt_url"]["ur"] == f"http://localhost/ur/{SLUG}/code"
    assert "ETag" not in first.headers
    clock.now = NOON + timedelta(hours=1)
    with in_session(app) as session, unit_of_work(session):
        session.execute(update(AssistedSession).values(venue="The town hall"))
    changed = ask(app, tablet, f"pack/{tablet.session_id}").get_json()
    assert seen(app, tablet).seen_at == clock.now
    assert changed["session"]["venue"] == "The town hall"
    assert changed["digest"] == loaded["digest"]


def test_what_was_answered_by_loaded_questions_is_stored(app: Flask, tablet: Tablet) -> None:
    tablet.pack_digest = ask(app, tablet, f"pack/{tablet.session_id}").get_json()["digest"]
    payload = tablet.response({"who": {"answer": ["resident"]}})
    ask(app, tablet, "send", {"sealed": tablet.seal(payload), **OWED})
    with in_session(app) as session:
        assert session.scalars(select(Arrival)).one().outcome == "stored"


def test_no_tablet_loads_another_organisation_s_session(app: Flask, tablet: Tablet) -> None:
    with app.app_context(), in_session(app) as session, unit_of_work(session):
        other = organisation_of(session, SLUG, now=NOON, name="Another")
        theirs = session_of(session, other, now=NOON).id
        own = session.get_one(AssistedSession, tablet.session_id).organisation
        off = session_of(session, own, now=NOON, state="called_off").id
    for session_id in (theirs, off, uuid4()):
        reply = ask(app, tablet, f"pack/{session_id}")
        assert (reply.status_code, reply.get_json()) == (404, {"error": "no_session"})


def test_a_revoked_tablet_loads_nothing(app: Flask, tablet: Tablet) -> None:
    revoke(app)
    for path in ("sessions", f"pack/{tablet.session_id}"):
        reply = ask(app, tablet, path)
        assert (reply.status_code, reply.get_json()) == (403, {"error": "revoked"})


def test_loading_needs_the_tablet_s_own_signature(app: Flask, tablet: Tablet) -> None:
    for path in ("sessions", f"pack/{tablet.session_id}"):
        reply = app.test_client().get(f"/tablet/api/{path}")
        assert (reply.status_code, reply.get_json()) == (401, {"error": "not_signed"})
