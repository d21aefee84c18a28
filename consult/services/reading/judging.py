"""What people suspect of single responses. A mark excludes nothing; exclusions are in deciding."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import Response, ResponseMark
from consult.services import audit

SPAM, REPEAT = "suspected_spam", "suspected_repeat"

PERSONS_REASONS = {
    SPAM: ("advertising", "not_about_this", "made_up"),
    REPEAT: ("same_person", "same_words"),
}
"""Why a person marks a response, by kind; the machine has reasons of its own."""


def mark(
    session: Session, response: Response, kind: str, reason: str, *, actor: str, now: datetime
) -> None:
    """Note a person's suspicion. Where the same is noted already, that note stays.

    Raises
    ------
    ValueError
        If there is no such kind or reason.
    """
    if reason not in PERSONS_REASONS.get(kind, ()):
        raise ValueError(f"no reason to mark a response: {kind}, {reason}")
    try:
        with session.begin_nested():
            session.add(
                ResponseMark(
                    response_id=response.id,
                    kind=kind,
                    reason=reason,
                    marked_by=actor,
                    marked_at=now,
                )
            )
    except IntegrityError:
        if not _is_marked(session, response, kind, reason):
            raise
    audit.record(
        session,
        actor=actor,
        action="response marked",
        subject=f"response {response.id}",
        now=now,
        mark=kind,
        reason=reason,
    )


def take_mark(
    session: Session, response: Response, mark_id: UUID, *, actor: str, now: datetime
) -> bool:
    """Take a person's mark away; whether there was one. The machine's stay."""
    found = session.get(ResponseMark, mark_id)
    if found is None or found.response_id != response.id or found.marked_by == audit.MACHINE:
        return False
    session.delete(found)
    audit.record(
        session,
        actor=actor,
        action="mark taken away",
        subject=f"response {response.id}",
        now=now,
        mark=found.kind,
        reason=found.reason,
    )
    return True


def _is_marked(session: Session, response: Response, kind: str, reason: str) -> bool:
    same = select(ResponseMark.id).where(
        ResponseMark.response_id == response.id,
        ResponseMark.kind == kind,
        ResponseMark.reason == reason,
    )
    return session.scalar(same) is not None
