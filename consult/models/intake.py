"""Responses that came by another way than the pages, and petitions."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from consult.models.base import Base


class ResponseImport(Base):
    """A file of responses from another platform: looked at, brought in, perhaps undone."""

    __tablename__ = "response_import"
    __table_args__ = (
        CheckConstraint("(applied_at IS NULL) = (applied_by IS NULL)", name="application_named"),
        CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)"
            " AND (undone_at IS NULL OR applied_at IS NOT NULL)",
            name="undoing_named",
        ),
        Index("ix_response_import_consultation_id", "consultation_id", "file_digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    """The file, until it is brought in or given up."""
    shape: Mapped[dict[str, Any]]
    """What stands in it: sheet, columns with examples, number of rows."""
    mapping: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What each column is, as a person said."""
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What was brought in and what was not, by row and reason."""
    uploaded_by: Mapped[str] = mapped_column(String(254))
    uploaded_at: Mapped[datetime]
    applied_by: Mapped[str | None] = mapped_column(String(254))
    applied_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(254))
    undone_at: Mapped[datetime | None]


class ImportMapping(Base):
    """What the columns of such a file were last time, remembered by its headings."""

    __tablename__ = "import_mapping"

    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    headings_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[dict[str, Any]]
    saved_by: Mapped[str] = mapped_column(String(254))
    saved_at: Mapped[datetime]


class ResponseOrigin(Base):
    """How a response came that nobody gave on the pages."""

    __tablename__ = "response_origin"
    __table_args__ = (
        UniqueConstraint("consultation_id", "source_key"),
        CheckConstraint(
            "kind IN ('file', 'email', 'letter', 'phone', 'paper_form')", name="kind_known"
        ),
        CheckConstraint("(kind = 'file') = (import_id IS NOT NULL)", name="file_has_import"),
        Index("ix_response_origin_import_id", "import_id"),
    )

    response_id: Mapped[UUID] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), primary_key=True
    )
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(200))
    """In the officer's words: "letter of 3 May, scanned"; or the file's name and row."""
    entered_by: Mapped[str] = mapped_column(String(254))
    entered_at: Mapped[datetime]
    import_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("response_import.id", ondelete="CASCADE")
    )
    row: Mapped[int | None]
    """Its row in the file, the headings' row being 1."""
    source_key: Mapped[str | None] = mapped_column(String(64))
    """Digest of its id in the other platform, or of its content: nothing comes in twice."""


class Petition(Base):
    """Many signatures under one text. Counted apart: a signature is no response."""

    __tablename__ = "petition"
    __table_args__ = (CheckConstraint("signatures >= 1", name="somebody_signed"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[str] = mapped_column(String(200))
    asks: Mapped[str] = mapped_column(Text)
    """What it asks for."""
    organiser: Mapped[str] = mapped_column(String(200))
    signatures: Mapped[int]
    received_on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(254))
    recorded_at: Mapped[datetime]
