"""Answers that a resident has begun and not sent."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.models.base import Base


class Draft(Base):
    """One person's unsent answers.

    Its ``client_id`` becomes the response's, so that sending twice makes one response.
    After sending it stays, empty, until it expires: a repeated send finds its receipt.
    """

    __tablename__ = "draft"
    __table_args__ = (
        CheckConstraint("expires_at > created_at", name="expires_later"),
        CheckConstraint("updated_at >= created_at", name="updated_later"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    client_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    receipt_seed: Mapped[str] = mapped_column(String(64))
    """The receipt code is derived from it and the secret key, the same however often it is sent."""
    replaces_response_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE")
    )
    """The response that a resident is changing, if this is a change."""
    language: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    sent_at: Mapped[datetime | None]

    answers: Mapped[list["DraftAnswer"]] = relationship(
        back_populates="draft", cascade="all, delete-orphan"
    )


class DraftAnswer(Base):
    """What stands in one question's fields. Two tabs write two rows and do not collide."""

    __tablename__ = "draft_answer"

    draft_id: Mapped[UUID] = mapped_column(
        ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True
    )
    question_key: Mapped[str] = mapped_column(String(60), primary_key=True)
    question_version: Mapped[int]
    typed: Mapped[dict[str, Any]]
    """The form's fields exactly as typed, also where they make no valid answer."""
    value: Mapped[dict[str, Any] | None]
    """The answer, where the fields make one; none if skipped or not valid."""
    skipped: Mapped[bool] = mapped_column(default=False)
    """Passed over by choice; what is typed then counts for nothing, and stays."""
    language: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime]

    draft: Mapped[Draft] = relationship(back_populates="answers")
