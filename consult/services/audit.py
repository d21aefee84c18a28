"""Writing the audit trail."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from consult.models import AuditEvent, Consultation, Response

MACHINE = "machine"
RESIDENT = "resident"
COMMAND_LINE = "command line"


def record(
    session: Session, *, actor: str, action: str, subject: str, now: datetime, **details: Any
) -> None:
    """Note one act. ``details`` hold figures and names of things, never answers."""
    session.add(AuditEvent(at=now, actor=actor, action=action, subject=subject, details=details))
    session.flush()


def record_resident_act(
    session: Session, response: Response, *, action: str, now: datetime
) -> None:
    """Note that somebody changed or withdrew a response: the day and the consultation only.

    The trail cannot be changed later, so what could lead to a person never enters it.
    """
    stored = session.get_one(Consultation, response.consultation_id)
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    record(session, actor=RESIDENT, action=action, subject=stored.slug, now=day)
