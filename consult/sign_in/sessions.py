"""Whose browser this is: one row for each, named in the signed cookie, asked at each request."""

from typing import Any
from uuid import UUID

from flask import Flask, after_this_request, g, request, session
from flask.wrappers import Response
from flask_login import LoginManager, user_logged_out
from flask_security import current_user, user_authenticated

from consult.db import db, unit_of_work
from consult.models import Account, StaffSession
from consult.services import audit, sessions
from consult.sign_in import lock_out
from consult.sign_in.addresses import HALF_WAY_SINCE
from consult.sign_in.device import Device
from consult.views.clock import now

KEY = "staff_session"
"""In the cookie: the id of the row."""

WAY = "staff_way"
"""In the cookie: how somebody signed in."""

AT_THE_PROVIDER = frozenset({"openid"})
"""Ways whose second factor is another house's business."""

_WAYS = {
    "security.login": "password",
    "security.wan_signin_response": "passkey",
}
"""By endpoint of the library, how somebody signed in by one step."""

_WAYS_OF_TWO = {
    "security.two_factor_token_validation": "password and authenticator app",
    "security.mf_recovery": "password and recovery code",
    "security.wan_signin_response": "password and passkey",
}
"""By endpoint, where signing in ended with a second step: the library names no way then."""


def init_app(app: Flask, manager: LoginManager) -> None:
    """Ask for the row wherever somebody is signed in, and write it where they sign in or out."""
    by_cookie = manager.user_callback

    def load(user_id: str) -> Account | None:
        """The account that a cookie names, while the row behind it counts.

        While the database is gone this is tried once: the page that says so asks again who is
        there, and has to get an answer.
        """
        if g.get("accounts_out_of_reach"):
            return None
        g.accounts_out_of_reach = True
        account: Account | None = by_cookie(user_id)
        found = account if account is not None and _is_live(account) else None
        g.accounts_out_of_reach = False
        return found

    manager.user_loader(load)
    manager.request_loader(lambda _request: None)  # no tokens in headers or addresses
    app.before_request(_note_presence)
    user_authenticated.connect(_signed_in, app)
    user_logged_out.connect(_signed_out, app)


def current_id() -> UUID | None:
    """The id of the row that the cookie names, whether or not it counts."""
    try:
        return UUID(session.get(KEY, ""))
    except (ValueError, TypeError, AttributeError):
        return None


def came_from_provider() -> bool:
    """Whether this browser was signed in by the council's own sign-in."""
    return session.get(WAY) in AT_THE_PROVIDER


def _is_live(account: Account) -> bool:
    session_id = current_id()
    return session_id is not None and sessions.live(db.session, session_id, account.id, now=now())


def _note_presence() -> None:
    """Write down, now and then, that the browser is still there.

    A page that looks by itself for news is no sign of a person.
    """
    if request.blueprint not in {"staff", "security"}:
        return
    if request.headers.get("Sec-Fetch-Dest") == "empty" or not current_user.is_authenticated:
        return
    session_id = current_id()
    kept = None if session_id is None else db.session.get(StaffSession, session_id)
    if kept is not None and now() - kept.seen_at >= sessions.SEEN_EVERY:
        with unit_of_work(db.session):
            sessions.note_seen(db.session, kept.id, now=now())


def _signed_in(_app: Flask, *, user: Account, authn_via: list[str] | None, **_more: Any) -> None:
    """Begin a session: a new one each time, so that none that was planted here goes on."""
    _end_earlier(user)
    begun = sessions.begin(
        db.session, user, device=Device.of(request.user_agent.string).to_keep(), now=now()
    )
    session[KEY] = str(begun.id)
    session.pop(HALF_WAY_SINCE, None)
    if authn_via == ["change"]:  # the password; whoever is here goes on
        return
    way = _way(authn_via)
    session[WAY] = way
    lock_out.forget(user.email)
    audit.record(
        db.session,
        actor=user.email,
        action="signed in",
        subject=f"account {user.email}",
        now=now(),
        way=way,
    )
    after_this_request(_forget_what_was_said)


def _way(authn_via: list[str] | None) -> str:
    endpoint = request.endpoint or ""
    if authn_via is None:
        return _WAYS_OF_TWO.get(endpoint, "second step")
    return _WAYS.get(endpoint, authn_via[0])


def _end_earlier(user: Account) -> None:
    """End what this browser had before; the form token goes with it, but for the same person.

    A form that outlived its session can then be sent as it is after signing in again.
    """
    earlier_id = current_id()
    earlier = None if earlier_id is None else db.session.get(StaffSession, earlier_id)
    if earlier is not None and earlier.account_id == user.id:
        sessions.end_quietly(db.session, earlier.id, user.id, now=now())
        return
    session.pop("openid_proven", None)
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)


def _signed_out(_app: Flask, *, user: Any, **_more: Any) -> None:
    session_id = current_id()
    session.pop(KEY, None)
    session.pop(WAY, None)
    session.pop("openid_proven", None)
    if session_id is None or not isinstance(user, Account):
        return
    sessions.end_quietly(db.session, session_id, user.id, now=now())
    audit.record(
        db.session,
        actor=user.email,
        action="signed out",
        subject=f"account {user.email}",
        now=now(),
    )


def _forget_what_was_said(response: Response) -> Response:
    """Where signing in leads, nobody needs to be told to sign in."""
    session.pop("_flashes", None)
    return response
