"""The browsers in which somebody is signed in: one row each, and each can be ended."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from consult.models import Account, StaffSession
from consult.services import audit, tokens

IDLE_LIMIT = timedelta(minutes=60)
"""A browser that asks for nothing for so long is signed out."""

LONGEST = timedelta(hours=12)
"""After so long everybody signs in anew, however busy."""

SEEN_EVERY = timedelta(minutes=1)
"""How often a browser's last sign of life is written down, at most."""

KEPT_FOR = timedelta(days=90)
"""How long an ended session is kept: it says when an account was last used."""


class NoSuchSession(LookupError):
    """The account has no such session, or it is over."""


def begin(session: Session, account: Account, *, device: str, now: datetime) -> StaffSession:
    """Note that an account is signed in, in a browser."""
    begun = StaffSession(account_id=account.id, device=device, created_at=now, seen_at=now)
    session.add(begun)
    session.flush()
    return begun


def is_live(kept: StaffSession, now: datetime) -> bool:
    """Whether a session still counts."""
    return (
        kept.ended_at is None
        and now - kept.seen_at < IDLE_LIMIT
        and now - kept.created_at < LONGEST
    )


def live(session: Session, session_id: UUID, account_id: UUID, *, now: datetime) -> bool:
    """Whether an account is signed in by the session of that id."""
    kept = session.get(StaffSession, session_id)
    return kept is not None and kept.account_id == account_id and is_live(kept, now)


def note_seen(session: Session, session_id: UUID, *, now: datetime) -> None:
    """Write down that a browser is still there."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.id == session_id, StaffSession.seen_at < now)
        .values(seen_at=now)
    )


def listing(session: Session, account: Account, *, now: datetime) -> list[StaffSession]:
    """The browsers in which an account is signed in, the one seen last first."""
    found = session.scalars(
        select(StaffSession)
        .where(StaffSession.account_id == account.id, StaffSession.ended_at.is_(None))
        .order_by(StaffSession.seen_at.desc(), StaffSession.id)
    )
    return [kept for kept in found if is_live(kept, now)]


def end(session: Session, account: Account, session_id: UUID, *, now: datetime) -> None:
    """Sign one browser of an account out.

    Raises
    ------
    NoSuchSession
        If the account has none of that id that still counts.
    """
    kept = session.get(StaffSession, session_id)
    if kept is None or kept.account_id != account.id or not is_live(kept, now):
        raise NoSuchSession(session_id)
    kept.ended_at = now
    _record(session, account, "session ended", now, device=kept.device)


def end_quietly(session: Session, session_id: UUID, account_id: UUID, *, now: datetime) -> None:
    """End a session that another one replaces, or that signing out ends anyhow."""
    kept = session.get(StaffSession, session_id)
    if kept is not None and kept.account_id == account_id and kept.ended_at is None:
        kept.ended_at = now
        session.flush()


def end_others(
    session: Session, account: Account, *, keep: Iterable[UUID] = (), now: datetime
) -> int:
    """Sign an account out of every browser but those to keep, and return how many there were.

    Its tokens are taken back too: whoever got in may have made one to stay.
    """
    ended = [kept for kept in listing(session, account, now=now) if kept.id not in set(keep)]
    for kept in ended:
        kept.ended_at = now
    if ended:
        _record(session, account, "sessions ended", now, count=len(ended))
    tokens.revoke_all(session, account, actor=account.email, now=now)
    return len(ended)


def remove_old(session: Session, *, now: datetime) -> int:
    """Remove sessions that ended long ago, and return how many there were."""
    long_ago = now - KEPT_FOR
    removed = session.execute(
        delete(StaffSession).where(
            or_(StaffSession.ended_at < long_ago, StaffSession.seen_at < long_ago)
        )
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _record(
    session: Session, account: Account, action: str, now: datetime, **details: str | int
) -> None:
    audit.record(
        session,
        actor=account.email,
        action=action,
        subject=f"account {account.email}",
        now=now,
        **details,
    )
