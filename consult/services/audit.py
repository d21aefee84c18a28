"""Writing the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consult.models import AuditEvent

MACHINE = "machine"
RESIDENT = "resident"
COMMAND_LINE = "command line"


def record(
    session: Session, *, actor: str, action: str, subject: str, now: datetime, **details: Any
) -> None:
    """Note one act. ``details`` hold figures and names of things, never answers."""
    session.add(AuditEvent(at=now, actor=actor, action=action, subject=subject, details=details))
    session.flush()
