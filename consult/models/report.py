"""Reports: what officers wrote for them, and the versions that were made."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from consult.models.base import Base

TEXT_KEY = 120
"""Longest key of a text of a report."""


class Report(Base):
    """How the report of a consultation is laid out; its words are rows of their own."""

    __tablename__ = "report"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision_from_one"),)

    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    sections: Mapped[list[Any]] = mapped_column(JSON)
    """Keys of sections and of own paragraphs (``own:<id>``), in order; what is not here is not
    printed."""
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with every change of the layout; each text is looked after by itself."""
    changed_by: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime]


class ReportText(Base):
    """One text that an officer wrote for a report, in one language.

    Keys: ``own:<id>:title``, ``own:<id>:text``, ``considered:<characteristic>``,
    ``theme:<question>:<theme>:label`` and ``...:description`` (those two in other languages than
    the theme's own).
    """

    __tablename__ = "report_text"
    __table_args__ = (
        CheckConstraint("origin IN ('machine', 'person')", name="origin_known"),
        CheckConstraint("text <> ''", name="text_not_empty"),
    )

    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(TEXT_KEY), primary_key=True)
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10))
    written_by: Mapped[str] = mapped_column(String(254))
    written_at: Mapped[datetime]


class QuoteTranslation(Base):
    """An approved quote in another language. It goes with the quote."""

    __tablename__ = "quote_translation"
    __table_args__ = (
        CheckConstraint("origin IN ('machine', 'person')", name="origin_known"),
        CheckConstraint("text <> ''", name="text_not_empty"),
    )

    quote_id: Mapped[UUID] = mapped_column(
        ForeignKey("quote.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10))
    written_by: Mapped[str] = mapped_column(String(254))
    written_at: Mapped[datetime]


class ReportVersion(Base):
    """A report as it was made at one time. Its figures never change; quotes are looked up.

    A public version counts as a release from the moment it is made: files of it may be anywhere.
    """

    __tablename__ = "report_version"
    __table_args__ = (
        UniqueConstraint("consultation_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("audience IN ('public', 'internal')", name="audience_known"),
        CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)", name="publication_named"
        ),
        CheckConstraint(
            "published_at IS NULL OR audience = 'public'", name="only_public_published"
        ),
        CheckConstraint(
            "taken_down_at IS NULL OR published_at IS NOT NULL", name="taken_down_after_publishing"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    number: Mapped[int]
    audience: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    """Of the figures and words that it was made from: the same again makes no new version."""
    data: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """:class:`consult.reports.data.ReportData`, quotes without their words."""
    release: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """Exact numbers, that the next release must know; of a public version."""
    note: Mapped[str] = mapped_column(String(500), default="")
    """What is new in it, in the officer's words."""
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None] = mapped_column(String(254))
    taken_down_at: Mapped[datetime | None]


class ReportFile(Base):
    """A file of a version, made once and kept until something in it must go."""

    __tablename__ = "report_file"

    version_id: Mapped[UUID] = mapped_column(
        ForeignKey("report_version.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    """Form, language and format: ``full-ur.docx``."""
    digest: Mapped[str] = mapped_column(String(64))
    """Of the data with the words of its quotes: another makes the file old."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]


class ApiToken(Base):
    """What another program shows to read for a person. Only its hash is kept."""

    __tablename__ = "api_token"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("expires_at > made_at", name="expires_after_making"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(120))
    """What it is for, in the person's words."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
