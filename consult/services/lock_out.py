"""Slowing down who tries passwords and codes: by the name tried, and for all names together.

After some failures a name has to wait before each further try, longer each time and never for
good; a name that belongs to nobody waits just the same, so that nothing is told about who has
an account. Only a keyed hash of the name is kept, and no address of a computer: an office is
one address. Who is signed in already is not disturbed, and a passkey needs no waiting, because
it cannot be guessed.
"""

import hashlib
import hmac
import unicodedata
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consult.models import SignInFailure

FREE_TRIES = 5
"""Failures, with less than an hour between them, before the first wait."""

LONGEST_WAIT_MINUTES = 30

FAILURES_PER_HOUR = 2_000
"""Failures of all names together: high, for who reaches it keeps all passwords from working."""

AN_HOUR = timedelta(hours=1)

KEPT_FOR = timedelta(hours=24)
"""No streak of failures is followed back further."""


class MustWait(Exception):
    """No further try counts before ``until``."""

    def __init__(self, until: datetime, *, everywhere: bool = False) -> None:
        super().__init__(until)
        self.until = until
        self.everywhere = everywhere
        """Whether it is so for every name, not for this one alone."""


def name_hash(secret_key: str, name: str) -> str:
    """The keyed hash of a name as it was typed, whatever its case and spaces around."""
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    key = hmac.new(secret_key.encode("utf-8"), b"sign-in", hashlib.sha256).digest()
    return hmac.new(key, plain.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def check(session: Session, hashed: str, *, now: datetime) -> None:
    """Let a try go on.

    Raises
    ------
    MustWait
        If this name, or everybody, has to wait.
    """
    everywhere = session.scalar(
        select(func.sum(SignInFailure.failed_count)).where(SignInFailure.hour == _hour(now))
    )
    if (everywhere or 0) >= FAILURES_PER_HOUR:
        raise MustWait(_hour(now) + AN_HOUR, everywhere=True)
    until = _waits_until(session, hashed, now)
    if until is not None and until > now:
        raise MustWait(until)


def count_failure(session: Session, hashed: str, *, now: datetime) -> datetime | None:
    """Count one failure, and say until when the name has to wait now, if it has to."""
    # In one statement, so that of two first failures in an hour neither is lost.
    is_sqlite = session.connection().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    session.execute(
        insert(SignInFailure)
        .values(name_hash=hashed, hour=_hour(now), failed_count=1, last_failed_at=now)
        .on_conflict_do_update(
            index_elements=[SignInFailure.name_hash, SignInFailure.hour],
            set_={"failed_count": SignInFailure.failed_count + 1, "last_failed_at": now},
        )
    )
    return _waits_until(session, hashed, now)


def forget(session: Session, hashed: str) -> None:
    """Start afresh with a name: somebody signed in with it, or set a new password."""
    session.execute(delete(SignInFailure).where(SignInFailure.name_hash == hashed))


def remove_old(session: Session, *, now: datetime) -> int:
    """Remove what counts no more, and return how many rows that were."""
    removed = session.execute(
        delete(SignInFailure).where(SignInFailure.last_failed_at <= now - KEPT_FOR)
    )
    return int(removed.rowcount)  # type: ignore[attr-defined]


def _waits_until(session: Session, hashed: str, now: datetime) -> datetime | None:
    count, last = _streak(session, hashed, now)
    if last is None or count < FREE_TRIES:
        return None
    # The cap on the exponent keeps the number small; the one on minutes is the rule.
    minutes = min(2 ** min(count - FREE_TRIES, 10), LONGEST_WAIT_MINUTES)
    return last + timedelta(minutes=minutes)


def _streak(session: Session, hashed: str, now: datetime) -> tuple[int, datetime | None]:
    """Failures without an hour's rest between them, and the last one.

    They are counted by the clock's hours, so a rest of little more than an hour may be missed.
    """
    kept = session.execute(
        select(SignInFailure.hour, SignInFailure.failed_count, SignInFailure.last_failed_at)
        .where(SignInFailure.name_hash == hashed, SignInFailure.last_failed_at > now - KEPT_FOR)
        .order_by(SignInFailure.hour.desc())
    )
    count, last, then = 0, None, now
    for hour, failed_count, last_failed_at in kept:
        if then - last_failed_at >= AN_HOUR:
            break
        count += failed_count
        last = last or last_failed_at
        then = hour
    return count, last


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
