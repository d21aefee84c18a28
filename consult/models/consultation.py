"""A consultation as stored: its definition, its questions' versions, its translations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.models.base import Base


class Consultation(Base):
    """One public question to residents about a draft.

    ``definition`` holds what :class:`consult.document.model.Consultation` says, apart from
    questions and translations, which have rows of their own. The columns beside it repeat
    what the database must judge by.
    """

    __tablename__ = "consultation"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
        CheckConstraint("late_until >= closes_at", name="late_after_closing"),
        CheckConstraint("deletion IN ('delete', 'anonymise')", name="deletion_known"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    definition: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    late_until: Mapped[datetime]
    paused: Mapped[bool] = mapped_column(default=False)
    delete_on: Mapped[date]
    deletion: Mapped[str] = mapped_column(String(20))
    data_removed_at: Mapped[datetime | None]
    is_preview: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Not open to residents yet: shown to who has the private link, and wiped on opening."""
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with every change of what residents read, so that caches know."""
    created_at: Mapped[datetime]

    questions: Mapped[list["Question"]] = relationship(
        back_populates="consultation", order_by="Question.position", cascade="all, delete-orphan"
    )


class Question(Base):
    """A question's lasting identity; what it asks stands in its versions."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("consultation_id", "key"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(String(60))
    position: Mapped[int]
    retired: Mapped[bool] = mapped_column(default=False)
    """No longer asked, kept because it has answers."""

    consultation: Mapped[Consultation] = relationship(back_populates="questions")
    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question",
        order_by="QuestionVersion.number",
        cascade="all, delete-orphan",
        lazy="selectin",
    )

    @property
    def current(self) -> "QuestionVersion":
        """The version asked now."""
        return self.versions[-1]


class QuestionVersion(Base):
    """What a question asked from one change to the next. Answers point here."""

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    question_id: Mapped[UUID] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    number: Mapped[int]
    definition: Mapped[dict[str, Any]]
    """As :class:`consult.document.model.Question`, with the source text."""
    translations: Mapped[dict[str, Any]]
    """The question's texts per language and path, as they were last asked."""
    created_at: Mapped[datetime]

    question: Mapped[Question] = relationship(back_populates="versions")


class Translation(Base):
    """One text of a consultation in one other language."""

    __tablename__ = "translation"

    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    path: Mapped[str] = mapped_column(String(250), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
