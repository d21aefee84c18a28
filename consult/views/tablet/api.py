"""The tablet's interface: enrolling, fetching sessions and questions, and sending.

Who is signed in enrols a tablet; all else is signed by the tablet itself, and needs no cookie.
"""

from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from flask_security import logout_user
from flask_wtf.csrf import generate_csrf

from consult.db import db, unit_of_work
from consult.models import Account
from consult.services.assisting import enrolling, receiving, sealing
from consult.services.assisting.enrolling import Owed
from consult.services.assisting.payloads import LATEST
from consult.sign_in import second_factor
from consult.views.clock import now, settings
from consult.views.staff.current import signed_in
from consult.views.tablet.current import Refusal, as_json, blueprint, device, keys

LARGEST_SENDING = sealing.LONGEST_SEALED + 10_000
"""Bytes of a request."""

TRY_AGAIN_SECONDS = "3600"
"""When a tablet may send on of which too much waits for a decision."""


@blueprint.get("/api/me")
def me() -> ResponseReturnValue:
    """Who is signed in, and for which organisations a tablet can be enrolled."""
    person = _partner()
    if person is None:
        return as_json({"signed_in": False, "name": "", "organisations": [], "csrf": None})
    found = enrolling.organisations_for(db.session, person)
    return as_json(
        {
            "signed_in": True,
            "name": person.name,
            "organisations": [{"id": str(each.id), "name": each.name} for each in found],
            "csrf": generate_csrf(),
        }
    )


@blueprint.post("/api/enrol")
def enrol() -> ResponseReturnValue:
    """Enrol the tablet by its public key, for who is signed in on it."""
    if _partner() is None:
        raise Refusal(401, "signed_out")
    given = _body()
    with unit_of_work(db.session) as session:
        person = _partner()
        if person is None:
            raise Refusal(401, "signed_out")
        try:
            found = enrolling.enrol(
                session,
                person,
                organisation_id=_id(given.get("organisation")),
                name=_text(given.get("name")),
                public_key=given.get("public_key"),
                now=now(),
            )
        except enrolling.NotYourOrganisation:
            raise Refusal(403, "not_your_organisation") from None
        except enrolling.NameMissing:
            raise Refusal(400, "name_missing") from None
        except sealing.BadKey:
            raise Refusal(400, "bad_key") from None
        except enrolling.KeyInUse:
            raise Refusal(409, "key_in_use") from None
    return as_json(enrolling.as_told(found))


@blueprint.post("/api/sign-out")
def sign_out() -> ResponseReturnValue:
    """Let go of who signed in to add the tablet: it goes into other hands now."""
    with unit_of_work(db.session):
        logout_user()
    return as_json({})


@blueprint.post("/api/send")
def send() -> ResponseReturnValue:
    """Take one sealed item; a revoked tablet's too, which then waits for an officer."""
    request.max_content_length = LARGEST_SENDING
    given = _body()
    sealed, owed = _text(given.get("sealed")), _owed(given)
    with unit_of_work(db.session) as session:  # what it owes is noted, whatever comes of the item
        found = device(session)
        enrolling.note_seen(session, found, owed, now=now())
        sender = found.id
    with unit_of_work(db.session) as session:
        try:
            receipt = receiving.receive(
                session,
                sealed,
                opener=keys(),
                sender=sender,
                device_now=owed.device_now,
                secret_key=settings().secret_key,
                now=now(),
            )
        except sealing.NotSealed:
            raise Refusal(400, "unreadable") from None
        except receiving.TooMuch:
            raise Refusal(429, "too_much", retry_after=TRY_AGAIN_SECONDS) from None
    return as_json({"receipt": receipt.signed})


@blueprint.post("/api/owe")
def owe() -> ResponseReturnValue:
    """Hear what a tablet still holds, and tell it the time and the keys."""
    owed = _owed(_body())
    with unit_of_work(db.session) as session:
        found = device(session)
        enrolling.note_seen(session, found, owed, now=now())
        published = keys().published(session, now=now())
    return as_json(
        {
            "server_now": int(now().timestamp() * 1000),
            "keys": published,
            "revoked": found.revoked_at is not None,
        }
    )


SIGNED_BY_DEVICE = (send, owe)
"""What comes without a cookie, so that no form's token belongs to it."""


def _partner() -> Account | None:
    """Who is signed in completely, if anybody is."""
    person = signed_in()
    return None if person is None or second_factor.is_missing(person) else person


def _body() -> dict[str, Any]:
    given = request.get_json(silent=True)
    if not isinstance(given, dict):
        raise Refusal(400, "bad_request")
    return given


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Refusal(400, "bad_request")
    return value


def _id(value: object) -> UUID:
    try:
        return UUID(_text(value))
    except ValueError:
        raise Refusal(400, "bad_request") from None


def _owed(given: dict[str, Any]) -> Owed:
    oldest = given.get("oldest_ms")
    return Owed(
        device_now=_count(given.get("device_now")),
        owes=_count(given.get("owes")),
        oldest=None if oldest is None else _count(oldest),
        unfinished=_count(given.get("unfinished")),
    )


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < LATEST:
        raise Refusal(400, "bad_request")
    return value
