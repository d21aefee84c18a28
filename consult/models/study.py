"""The themes of one text question: what the machine found, and what people made of it.

Themes themselves have no rows. The machine's are in ``frame``, people's edits in a log, and
:func:`analysis.themes.tracking.replay.replay` makes the themes of the two. What is stored beside
is where each statement stands after the last edit, so that pages can count in the database.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from consult.models.base import Base

THEME_ID = 20
"""Longest id of a theme."""


class Study(Base):
    """The themes of the answers to one question."""

    __tablename__ = "study"
    __table_args__ = (
        UniqueConstraint("consultation_id", "question_key"),
        CheckConstraint("last_sequence >= 0", name="sequence_not_negative"),
        CheckConstraint("revision >= 1", name="revision_from_one"),
        CheckConstraint("(analysed_at IS NULL) = (analysed_by IS NULL)", name="analysis_named"),
        CheckConstraint("audit_size >= 1", name="audit_of_somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    question_key: Mapped[str] = mapped_column(String(60))
    seed: Mapped[int] = mapped_column(default=0)
    """Kept for the life of the consultation: ids and the audit sample hang on it."""
    salt: Mapped[str] = mapped_column(String(32))
    """Goes into the keys of statements, so that nobody can look a guessed sentence up."""
    frame: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """The machine's themes (:class:`analysis.themes.tracking.frame.Frame`); nothing without."""
    findings: Mapped[dict[str, Any]]
    """What the last run said: engine, model, notes, words by theme. No words of people."""
    last_sequence: Mapped[int] = mapped_column(default=0)
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with every edit and every analysis."""
    analysed_at: Mapped[datetime | None]
    analysed_by: Mapped[str | None] = mapped_column(String(254))
    audit_size: Mapped[int | None]
    """How many of the random order are read without seeing the machine's themes; nothing before
    somebody asks for it."""
    double_sample: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    """Ids of the responses that two colleagues read apart; fixed when they begin."""


class StudyEvent(Base):
    """One edit (:mod:`analysis.themes.tracking.events`). None is ever changed or removed.

    Edits that one act of a person made together name the first of them as their ``batch``.
    """

    __tablename__ = "study_event"
    __table_args__ = (CheckConstraint("sequence >= 1", name="sequence_from_one"),)

    study_id: Mapped[UUID] = mapped_column(
        ForeignKey("study.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    author: Mapped[str] = mapped_column(String(254))
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    """As :meth:`analysis.themes.tracking.events.Event.to_dict` writes it; no words of people
    who answered."""


class StudyAnswer(Base):
    """One analysed answer. It goes with the answer; a changed answer is a new one."""

    __tablename__ = "study_answer"
    __table_args__ = (
        CheckConstraint("status IN ('content', 'no_content', 'unclear')", name="status_known"),
        Index("ix_study_answer_study_id_response_id", "study_id", "response_id"),
    )

    answer_id: Mapped[UUID] = mapped_column(
        ForeignKey("answer.id", ondelete="CASCADE"), primary_key=True
    )
    study_id: Mapped[UUID] = mapped_column(ForeignKey("study.id", ondelete="CASCADE"))
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(20))
    """What the words are in, as far as the machine can tell; the answer's row holds the form's."""
    is_language_uncertain: Mapped[bool] = mapped_column(default=False)
    campaign: Mapped[int | None]
    """Which letter that many people sent; 0 is the one with most copies."""


class StudyKey(Base):
    """A distinct statement, however many people made it: where it stands.

    The key is a salted digest of the statement. The row goes when nobody's answer holds the
    statement any more.
    """

    __tablename__ = "study_key"
    __table_args__ = (
        CheckConstraint("decided_by IN ('machine', 'person')", name="decider_known"),
        CheckConstraint("status IN ('assigned', 'uncertain', 'unclear')", name="status_known"),
        Index("ix_study_key_study_id_theme", "study_id", "theme"),
    )

    study_id: Mapped[UUID] = mapped_column(
        ForeignKey("study.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """Little-endian float32: its place in the space of the study's model."""
    may_seed: Mapped[bool]
    """Whether it may found a theme: it has two words or more."""
    machine_theme: Mapped[str | None] = mapped_column(String(THEME_ID))
    """Where the machine put it, before any edit."""
    strength: Mapped[float]
    margin: Mapped[float]
    status: Mapped[str] = mapped_column(String(10))
    """The machine's own sureness: assigned, uncertain or unclear."""
    theme: Mapped[str | None] = mapped_column(String(THEME_ID))
    """Where it is now, after every edit in force."""
    decided_by: Mapped[str] = mapped_column(String(10))


class StudyUnit(Base):
    """A statement in one person's answer."""

    __tablename__ = "study_unit"
    __table_args__ = (
        UniqueConstraint("answer_id", "number"),
        ForeignKeyConstraint(
            ["study_id", "key"],
            ["study_key.study_id", "study_key.key"],
            ondelete="CASCADE",
            name="fk_study_unit_study_id_study_key",
        ),
        Index("ix_study_unit_study_id_key", "study_id", "key"),
        Index("ix_study_unit_response_id", "response_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    study_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(String(64))
    answer_id: Mapped[UUID] = mapped_column(
        ForeignKey("study_answer.answer_id", ondelete="CASCADE")
    )
    response_id: Mapped[UUID] = mapped_column(ForeignKey("response.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Its place in the answer, from 1."""
    text: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    """For searching: :func:`analysis.text.normalise.comparison_key` of the text."""


class StudySuggestion(Base):
    """Statements that fit no theme and lie together: a theme that the machine proposes."""

    __tablename__ = "study_suggestion"

    study_id: Mapped[UUID] = mapped_column(
        ForeignKey("study.id", ondelete="CASCADE"), primary_key=True
    )
    theme: Mapped[str] = mapped_column(String(THEME_ID), primary_key=True)
    """The id of the theme that it would be."""
    is_large_enough: Mapped[bool]
    """Proposed; else it waits for more of its kind."""
    label: Mapped[str] = mapped_column(String(200))
    content: Mapped[dict[str, Any]]
    """Keys, middle, threshold and cohesion, as :class:`analysis.themes.tracking.suggesting.Group`
    has them."""
