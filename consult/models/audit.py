"""The trail of who did what. The database refuses to change or remove a row of it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from consult.models.base import Base


class AuditEvent(Base):
    """One act of a person or of the machine. Holds no answer and no contact detail."""

    __tablename__ = "audit_event"
    __table_args__ = (CheckConstraint("actor <> ''", name="actor_named"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(String(200))
    """An account, ``machine``, ``resident`` or ``command line``."""
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200), index=True)
    details: Mapped[dict[str, Any]]
