"""Watching a consultation: figures kept ready, whom to reach by whom, and flags told."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from consult.models.base import Base


class WatchSnapshot(Base):
    """Figures that take long, as they were when they were made."""

    __tablename__ = "watch_snapshot"

    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(64))
    """Of the responses that they count: another stamp makes them old."""
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class Organisation(Base):
    """A partner who reaches people: whom, in which languages, where, and how many."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("workspace_id", "name"),
        CheckConstraint("most IS NULL OR most >= 1", name="reaches_somebody"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str] = mapped_column(String(200))
    languages: Mapped[list[Any]] = mapped_column(JSON)
    """Codes."""
    reaches: Mapped[list[Any]] = mapped_column(JSON)
    """Groups, as pairs of dimension and category."""
    areas: Mapped[list[Any]] = mapped_column(JSON)
    """Codes of areas; empty for everywhere."""
    most: Mapped[int | None]
    """How many people it can bring; nothing where that is not known."""
    note: Mapped[str] = mapped_column(Text, default="")
    recorded_by: Mapped[str] = mapped_column(String(254))
    recorded_at: Mapped[datetime]


class OutreachAct(Base):
    """Something done to reach people: a new stage of the watching begins with it."""

    __tablename__ = "outreach_act"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    what: Mapped[str] = mapped_column(String(300))
    """In the officer's words: "a morning at the mosque in Lozells"."""
    on: Mapped[date]
    recorded_by: Mapped[str] = mapped_column(String(254))
    recorded_at: Mapped[datetime]


class FlagNotice(Base):
    """A confirmed flag and since when, so that each person is told of it once."""

    __tablename__ = "flag_notice"

    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), primary_key=True
    )
    dimension: Mapped[str] = mapped_column(String(120), primary_key=True)
    category: Mapped[str] = mapped_column(String(200), primary_key=True)
    area: Mapped[str] = mapped_column(String(120), primary_key=True, default="")
    state: Mapped[str] = mapped_column(String(10), primary_key=True)
    """Under or over."""
    confirmed_at: Mapped[datetime]


class DigestWish(Base):
    """Somebody of the staff wants to be told by e-mail when a flag is confirmed."""

    __tablename__ = "digest_wish"

    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True
    )
    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    wished_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    """When the last e-mail was due: what was confirmed until then is not told again."""
