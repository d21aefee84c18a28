"""A response: one person's set of answers, and what has been decided about it."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.models.base import Base
from consult.models.consultation import QuestionVersion

CHANNELS = ("online", "assisted", "paper", "phone")


class Response(Base):
    """One person's answers to one consultation.

    The device or draft picks ``client_id`` before the first send, so a resend after a lost
    reply meets the unique constraint instead of making a second response. Nothing here
    points at contact details, and contact details point at nothing.
    """

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("consultation_id", "client_id"),
        CheckConstraint(
            "channel IN ('online', 'assisted', 'paper', 'phone')", name="channel_known"
        ),
        CheckConstraint("timing IN ('on_time', 'late', 'doubtful')", name="timing_known"),
        CheckConstraint(
            "timing_decision IS NULL OR timing_decision IN ('accepted', 'refused')",
            name="timing_decision_known",
        ),
        CheckConstraint(
            "(timing_decision IS NULL) = (timing_decided_by IS NULL)", name="timing_decider_named"
        ),
        CheckConstraint("withdrawn_at >= received_at", name="withdrawn_after_received"),
        CheckConstraint("changed_at >= received_at", name="changed_after_received"),
        CheckConstraint(
            "(excluded_at IS NULL) = (excluded_by IS NULL)"
            " AND (excluded_at IS NULL) = (exclusion_reason IS NULL)",
            name="exclusion_has_reason",
        ),
        Index("ix_response_consultation_id_received_at", "consultation_id", "received_at"),
        Index("ix_response_consultation_id_content_digest", "consultation_id", "content_digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    client_id: Mapped[UUID]
    content_digest: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the answers: tells a resend from a different response, and finds repeats."""
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    channel: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    finished_at_device: Mapped[datetime | None]
    """When the person finished by their device's clock, which may be wrong."""
    received_at: Mapped[datetime]
    timing: Mapped[str] = mapped_column(String(20))
    timing_decision: Mapped[str | None] = mapped_column(String(20))
    timing_decided_by: Mapped[str | None] = mapped_column(String(200))
    is_test: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Given by a colleague in a preview; counts nowhere."""
    is_resident: Mapped[bool | None]
    """Whether it enters representation; unknown where the consultation does not ask."""
    changed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    excluded_at: Mapped[datetime | None]
    excluded_by: Mapped[str | None] = mapped_column(String(200))
    exclusion_reason: Mapped[str | None] = mapped_column(String(1000))

    answers: Mapped[list["Answer"]] = relationship(
        back_populates="response", cascade="all, delete-orphan", passive_deletes=True
    )
    marks: Mapped[list["ResponseMark"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class Answer(Base):
    """The answer to one question, as given."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("response_id", "question_key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    question_key: Mapped[str] = mapped_column(String(60))
    question_version_id: Mapped[UUID] = mapped_column(
        ForeignKey("question_version.id", ondelete="RESTRICT"), index=True
    )
    value: Mapped[dict[str, Any]]
    language: Mapped[str] = mapped_column(String(20))
    answered_at: Mapped[datetime]

    response: Mapped[Response] = relationship(back_populates="answers")
    question_version: Mapped[QuestionVersion] = relationship()


class ResponseMark(Base):
    """A suspicion about a response, by the machine or a person. It excludes nothing."""

    __tablename__ = "response_mark"
    __table_args__ = (
        UniqueConstraint("response_id", "kind", "reason"),
        CheckConstraint("kind IN ('suspected_spam', 'suspected_repeat')", name="kind_known"),
        CheckConstraint("marked_by <> ''", name="marker_named"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(60))
    marked_by: Mapped[str] = mapped_column(String(200))
    """``machine``, or the person's account."""
    marked_at: Mapped[datetime]
