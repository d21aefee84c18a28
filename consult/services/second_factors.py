"""The second step of signing in: a code from an app, a passkey, or a recovery code."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from consult.models import Account
from consult.services import access, audit

NEEDED_BY = (access.ADMIN, access.OFFICER)
"""Roles, anywhere, that need a second factor where the settings ask for one."""


def has_any(account: Account) -> bool:
    """Whether an account has an authenticator app or a passkey."""
    return account.tf_totp_secret is not None or bool(account.webauthn)


def needed_for(account: Account) -> bool:
    """Whether an account is so powerful that a password alone should not open it."""
    held: Collection[str] = {
        *access.roles_everywhere(account),
        *(membership.role for membership in account.memberships),
    }
    return not set(NEEDED_BY).isdisjoint(held)


def remove_all(session: Session, account: Account, *, actor: str, now: datetime) -> None:
    """Take all second factors from an account whose owner has lost them."""
    account.tf_primary_method = None
    account.tf_totp_secret = None
    account.mf_recovery_codes = None
    account.webauthn.clear()
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="second factors removed",
        subject=f"account {account.email}",
        now=now,
    )
