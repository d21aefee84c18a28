"""Whether the person at hand still has to set up a second step of signing in."""

from flask import session
from sqlalchemy import select

from consult.db import db
from consult.models import Account
from consult.services import second_factors
from consult.sign_in import sessions
from consult.views.clock import settings


def is_needed(account: Account) -> bool:
    """Whether an account may not go without one."""
    return settings().second_factor == "required" and second_factors.needed_for(account)


def is_missing(account: Account) -> bool:
    """Whether the person at hand is let no further before setting one up.

    Who came by the council's own sign-in has it there, or not: that is the provider's rule.
    """
    return (
        is_needed(account)
        and not second_factors.has_any(account)
        and not sessions.came_from_provider()
    )


def half_way() -> Account | None:
    """Whose password was right just now in this browser, where a second step has to follow."""
    uniquifier = session.get("tf_user_id")
    if uniquifier is None or session.get("tf_state") != "ready":
        return None
    return db.session.scalar(select(Account).where(Account.fs_uniquifier == uniquifier))


def is_last(account: Account, *, app: bool = False, passkeys: int = 0) -> bool:
    """Whether an account that needs one would have none without its app, or some passkeys.

    They follow a password: an account without one comes in with a passkey or by the provider.
    """
    if account.password is None or not is_needed(account):
        return False
    left = len(account.webauthn) - passkeys + int(account.tf_totp_secret is not None and not app)
    return left <= 0
