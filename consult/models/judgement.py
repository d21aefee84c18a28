"""What people judge of answers: codings, redactions, quotes and translations, each with a name."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from consult.models.base import Base
from consult.models.study import THEME_ID


class Coding(Base):
    """The themes that one person found in one response without seeing anybody else's.

    For the audit, which may correct shares, and for double coding, which measures agreement.
    Neither moves a statement.
    """

    __tablename__ = "coding"
    __table_args__ = (
        UniqueConstraint("study_id", "response_id", "coder", "purpose"),
        CheckConstraint("purpose IN ('audit', 'double')", name="purpose_known"),
        Index("ix_coding_answer_id", "answer_id"),
        Index("ix_coding_response_id", "response_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    """What was read: a changed answer is a new one, which nobody has read yet."""
    coder: Mapped[str] = mapped_column(String(254))
    purpose: Mapped[str] = mapped_column(String(10))
    themes: Mapped[list[Any]] = mapped_column(JSON)
    """Ids of themes; empty where the person found none."""
    offered: Mapped[list[Any]] = mapped_column(JSON)
    """Ids of the themes that the person chose among: of one made later nothing is known."""
    coded_at: Mapped[datetime]


class Redaction(Base):
    """A stretch of an answer that no output shows."""

    __tablename__ = "redaction"
    __table_args__ = (
        CheckConstraint('start >= 0 AND "end" > start', name="stretch_not_empty"),
        CheckConstraint("reason <> ''", name="reason_given"),
        Index("ix_redaction_answer_id", "answer_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    start: Mapped[int]
    """Offsets in the answer as written, in characters."""
    end: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[str] = mapped_column(String(254))
    made_at: Mapped[datetime]


class Quote(Base):
    """A statement that a person approved to stand for a theme in public."""

    __tablename__ = "quote"
    __table_args__ = (
        UniqueConstraint("unit_id", "theme"),
        Index("ix_quote_study_id_theme", "study_id", "theme"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    theme: Mapped[str] = mapped_column(String(THEME_ID))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("study_unit.id", ondelete="CASCADE"))
    response_id: Mapped[UUID] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str] = mapped_column(Text)
    """As approved, without what was redacted."""
    cleared: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """Words in it that a machine takes for personal data and the approver does not, such as the
    name of a councillor."""
    language: Mapped[str] = mapped_column(String(20))
    approved_by: Mapped[str] = mapped_column(String(254))
    approved_at: Mapped[datetime]


class AnswerTranslation(Base):
    """An answer's words in another language, by a machine or by a named person."""

    __tablename__ = "answer_translation"
    __table_args__ = (
        UniqueConstraint("answer_id", "language", "origin"),
        CheckConstraint("origin IN ('machine', 'person')", name="origin_known"),
        CheckConstraint("translator <> ''", name="translator_named"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    answer_id: Mapped[UUID] = mapped_column(ForeignKey("answer.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(20))
    """Into which."""
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(10))
    translator: Mapped[str] = mapped_column(String(200))
    """The person's name, or the machine's."""
    brought_by: Mapped[str] = mapped_column(String(254))
    """The account that brought it in."""
    brought_at: Mapped[datetime]


class AnswerSheet(Base):
    """Translations of answers as a sheet brought them back, until somebody says to take them.

    The row goes when they are taken or put away, and by itself after some days.
    """

    __tablename__ = "answer_sheet"
    __table_args__ = (Index("ix_answer_sheet_consultation_id", "consultation_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    question_key: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(20))
    """Into which."""
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[Any]] = mapped_column(JSON)
    """The row's number in the file, the answer that it names, its mark and its text."""
    uploaded_by: Mapped[str] = mapped_column(String(254))
    uploaded_at: Mapped[datetime]
