"""What the audit trail hears of passwords and second factors."""

from typing import Any

from flask import Flask
from flask_security import (
    password_changed,
    password_reset,
    tf_disabled,
    tf_profile_changed,
    wan_deleted,
    wan_registered,
)

from consult.db import db
from consult.models import Account
from consult.services import audit, sessions
from consult.sign_in import lock_out
from consult.sign_in.app_codes import account_of
from consult.sign_in.sessions import current_id
from consult.views.clock import now


def init_app(app: Flask) -> None:
    """Listen to the library."""
    password_changed.connect(_password_changed, app)
    password_reset.connect(_password_reset, app)
    tf_profile_changed.connect(_app_added, app)
    tf_disabled.connect(_app_removed, app)
    wan_registered.connect(_passkey_added, app)
    wan_deleted.connect(_passkey_removed, app)


def _password_changed(_app: Flask, *, user: Any, **_more: Any) -> None:
    """The library has signed this browser in anew: that one stays."""
    account = account_of(user)
    account.password_set_at = now()
    _record(account, "password changed")
    here = current_id()
    sessions.end_others(db.session, account, keep=() if here is None else (here,), now=now())


def _password_reset(_app: Flask, *, user: Any, **_more: Any) -> None:
    account = account_of(user)
    account.password_set_at = now()
    _record(account, "password reset")
    sessions.end_others(db.session, account, now=now())
    lock_out.forget(account.email)


def _app_added(_app: Flask, *, user: Any, **_more: Any) -> None:
    _record(account_of(user), "second factor added", factor="authenticator app")


def _app_removed(_app: Flask, *, user: Any, **_more: Any) -> None:
    _record(account_of(user), "second factor removed", factor="authenticator app")


def _passkey_added(_app: Flask, *, user: Any, name: str, **_more: Any) -> None:
    _record(account_of(user), "second factor added", factor="passkey", name=name)


def _passkey_removed(_app: Flask, *, user: Any, name: str, **_more: Any) -> None:
    _record(account_of(user), "second factor removed", factor="passkey", name=name)


def _record(account: Account, action: str, **details: str) -> None:
    audit.record(
        db.session,
        actor=account.email,
        action=action,
        subject=f"account {account.email}",
        now=now(),
        **details,
    )
