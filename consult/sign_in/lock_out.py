"""Waiting after failures, in words, and what the audit trail is told of it."""

from datetime import datetime, timedelta

from flask_babel import format_time, gettext

from consult.db import db
from consult.models import Account
from consult.services import audit, lock_out
from consult.views.clock import now, settings


def problem(name: str) -> str | None:
    """A sentence if nothing may be tried with this name just now, else nothing."""
    try:
        lock_out.check(db.session, _hash(name), now=now())
    except lock_out.MustWait as wait:
        return _words(wait)
    return None


def failed(name: str, account: Account | None) -> str | None:
    """Count a failure; a sentence if it makes the name wait.

    The trail hears of it only where the name is an account's: what was typed for another may be
    anything, a password too.
    """
    until = lock_out.count_failure(db.session, _hash(name), now=now())
    if until is None:
        return None
    if account is not None:
        audit.record(
            db.session,
            actor=audit.MACHINE,
            action="sign-in slowed down",
            subject=f"account {account.email}",
            now=now(),
            until=until.isoformat(timespec="minutes"),
        )
    return _words(lock_out.MustWait(until))


def forget(name: str) -> None:
    """Start afresh with a name."""
    lock_out.forget(db.session, _hash(name))


def _hash(name: str) -> str:
    return lock_out.name_hash(settings().secret_key, name)


def _words(wait: lock_out.MustWait) -> str:
    time = _minute(wait.until)
    if wait.everywhere:
        return gettext(
            "Too many people are failing to sign in at this moment, so passwords and codes do not "
            "work for anybody until %(time)s. A passkey does.",
            time=time,
        )
    return gettext(
        "That went wrong too often. Wait until %(time)s, then try again. This protects the "
        "account from being guessed; whoever is signed in already can go on.",
        time=time,
    )


def _minute(until: datetime) -> str:
    """The time of day, to the full minute by which the waiting is surely over."""
    if until.second or until.microsecond:
        until = until.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return format_time(until, "HH:mm")
