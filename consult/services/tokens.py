"""Tokens by which another program reads for a person.

A token is 256 random bits behind a prefix by which scanners for lost secrets know it; only its
hash is kept. It opens what its scopes name, and of that what the person may see when the program
asks: a role that is taken away, or an account that is closed, takes it from the token at once.
"""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from consult.models import Account, ApiToken
from consult.services import audit

PREFIX: Final = "consult_"
RANDOM_BYTES: Final = 32

LONGEST: Final = timedelta(days=365)
"""How long a token can be of use."""

MOST: Final = 20
"""Tokens that a person can have at once: a list that nobody reads guards nothing."""

LONGEST_NAME: Final = 120

KEPT: Final = timedelta(days=90)
"""How long a token of no use is still listed."""

USED_EVERY: Final = timedelta(minutes=1)
"""How often the last use of a token is written down, at most."""


class Scope(StrEnum):
    """What a token opens."""

    CONSULTATIONS = "consultations:read"
    """Consultations that residents cannot see yet."""
    RESPONSES = "responses:read"
    THEMES = "themes:read"


class TokenRefused(ValueError):
    """A token cannot be made as somebody asks for it."""


class NoName(TokenRefused):
    """It does not say what it is for, or at too great a length."""


class NoScope(TokenRefused):
    """It would open nothing."""


class WrongTime(TokenRefused):
    """It would be of use for longer than a year, or not at all."""


class TooMany(TokenRefused):
    """The person has so many already."""


class NoSuchToken(LookupError):
    """The account has no such token, or it was taken back."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program that has shown a token that counts."""

    token_id: UUID
    token_name: str
    scopes: frozenset[Scope]
    account: Account


def make(
    session: Session,
    account: Account,
    *,
    name: str,
    scopes: Collection[Scope],
    lasts: timedelta,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a token, and the secret itself, which nobody can look up later.

    Raises
    ------
    TokenRefused
        In one of its kinds.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NoName
    if not scopes:
        raise NoScope
    if not timedelta() < lasts <= LONGEST:
        raise WrongTime
    if live_count(session, account, now=now) >= MOST:
        raise TooMany
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = ApiToken(
        account_id=account.id,
        name=name,
        token_hash=token_hash(secret),
        scopes=sorted(scope.value for scope in scopes),
        made_at=now,
        expires_at=now + lasts,
    )
    session.add(token)
    session.flush()
    _record(session, "token made", account, token, now, expires=f"{token.expires_at:%Y-%m-%d}")
    return token, secret


def revoke(session: Session, account: Account, token_id: UUID, *, now: datetime) -> ApiToken:
    """Take one of a person's tokens back.

    Raises
    ------
    NoSuchToken
        If it is not theirs, or was taken back before.
    """
    token = session.get(ApiToken, token_id, with_for_update=True)
    if token is None or token.account_id != account.id or token.revoked_at is not None:
        raise NoSuchToken(token_id)
    token.revoked_at = now
    session.flush()
    _record(session, "token taken back", account, token, now)
    return token


def revoke_all(session: Session, account: Account, *, actor: str, now: datetime) -> int:
    """Take all of a person's tokens back, and say how many were of use."""
    live = [each for each in listing(session, account) if is_live(each, now)]
    for token in live:
        token.revoked_at = now
        _record(session, "token taken back", account, token, now, actor=actor)
    session.flush()
    return len(live)


def listing(session: Session, account: Account) -> list[ApiToken]:
    """A person's tokens, also those of no use any more, the newest first."""
    return list(
        session.scalars(
            select(ApiToken)
            .where(ApiToken.account_id == account.id)
            .order_by(ApiToken.made_at.desc(), ApiToken.id)
        )
    )


def live_count(session: Session, account: Account, *, now: datetime) -> int:
    """How many of a person's tokens are of use."""
    rows = select(func.count(ApiToken.id)).where(
        ApiToken.account_id == account.id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > now,
    )
    return session.scalar(rows) or 0


def is_live(token: ApiToken, now: datetime) -> bool:
    """Whether a token was not taken back and its time is not over."""
    return token.revoked_at is None and now < token.expires_at


def bearer(session: Session, secret: str, *, now: datetime) -> Bearer | None:
    """Who reads by that token; nothing where there is no such token, or it does not count.

    That of a closed account does not.
    """
    if not secret.startswith(PREFIX) or not secret.isascii():
        return None
    found = session.execute(
        select(ApiToken, Account)
        .join(Account, Account.id == ApiToken.account_id)
        .where(ApiToken.token_hash == token_hash(secret))
    ).one_or_none()
    if found is None:
        return None
    token, account = found
    if not is_live(token, now) or not account.active:
        return None
    known = {scope.value for scope in Scope}
    scopes = frozenset(Scope(each) for each in token.scopes if each in known)
    return Bearer(token.id, token.name, scopes, account)


def is_use_due(session: Session, token_id: UUID, *, now: datetime) -> bool:
    """Whether a token's last use was written down so long ago that this one should be."""
    last = session.scalar(select(ApiToken.last_used_at).where(ApiToken.id == token_id))
    return last is None or now - last >= USED_EVERY


def note_use(session: Session, token_id: UUID, *, now: datetime) -> None:
    """Write down that a token was used just now."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id)
        .values(last_used_at=now)
        .execution_options(synchronize_session=False)
    )


def remove_old(session: Session, *, now: datetime) -> int:
    """Forget tokens that have been of no use for long, and say how many.

    The audit trail keeps the acts.
    """
    over = or_(ApiToken.revoked_at < now - KEPT, ApiToken.expires_at < now - KEPT)
    removed = session.execute(delete(ApiToken).where(over))
    return int(removed.rowcount)  # type: ignore[attr-defined]


def token_hash(secret: str) -> str:
    """What is kept of a token. It is random, so that a plain hash gives nothing away."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(
    session: Session,
    action: str,
    account: Account,
    token: ApiToken,
    now: datetime,
    *,
    actor: str = "",
    **details: str,
) -> None:
    audit.record(
        session,
        actor=actor or account.email,
        action=action,
        subject=f"account {account.email}",
        now=now,
        name=token.name,
        scopes=token.scopes,
        **details,
    )
