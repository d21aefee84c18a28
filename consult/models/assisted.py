"""Assisted sessions: who holds them, on which tablets, what the tablets send, and what came in."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consult.models.base import Base
from consult.models.watch import Organisation


class OrganisationMember(Base):
    """An account that works for a partner organisation."""

    __tablename__ = "organisation_member"

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True
    )
    account_id: Mapped[UUID] = mapped_column(
        ForeignKey("account.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    added_by: Mapped[str] = mapped_column(String(254))
    added_at: Mapped[datetime]


class AssistedSession(Base):
    """A visit of a partner to people: where, when, for whom; afterwards, how it went."""

    __tablename__ = "assisted_session"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'held', 'called_off')", name="state_known"),
        CheckConstraint("hoped_for IS NULL OR hoped_for >= 1", name="hopes_for_somebody"),
        CheckConstraint("turned_away IS NULL OR turned_away >= 0", name="turned_away_counted"),
        CheckConstraint("venue <> ''", name="venue_named"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), index=True
    )
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    code: Mapped[str] = mapped_column(String(8), unique=True)
    """Six letters and digits that nobody mixes up; a tablet finds the session by it."""
    venue: Mapped[str] = mapped_column(String(200))
    area: Mapped[str | None] = mapped_column(String(20))
    """Code of an area of the consultation."""
    on: Mapped[date]
    languages: Mapped[list[Any]] = mapped_column(JSON)
    """Codes."""
    hopes: Mapped[list[Any]] = mapped_column(JSON)
    """Groups that it hopes to reach, as pairs of dimension and category."""
    hoped_for: Mapped[int | None]
    """How many people."""
    facilitator: Mapped[str] = mapped_column(String(200), default="")
    interpreter: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(20), default="planned")
    planned_by: Mapped[str] = mapped_column(String(254))
    planned_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    turned_away: Mapped[int | None]
    """Afterwards: how many would not or could not answer."""
    what_was_hard: Mapped[str] = mapped_column(Text, default="")
    told_by: Mapped[str | None] = mapped_column(String(254))
    told_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()


class Device(Base):
    """A tablet with a signing key of its own, of which only the public half is known here."""

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("name <> ''", name="named"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by IS NULL)", name="revoker_named"),
        CheckConstraint("owes >= 0 AND unfinished >= 0", name="owes_a_count"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisation.id", ondelete="RESTRICT"), index=True
    )
    name: Mapped[str] = mapped_column(String(80))
    public_key: Mapped[dict[str, Any]]
    """A JWK (P-256)."""
    thumbprint: Mapped[str] = mapped_column(String(64), unique=True)
    """RFC 7638, SHA-256: one key is one device."""
    enrolled_by: Mapped[str] = mapped_column(String(254))
    enrolled_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    owes: Mapped[int] = mapped_column(default=0)
    """Finished responses that it said it still held, when last seen."""
    oldest_owed_at: Mapped[datetime | None]
    unfinished: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[str | None] = mapped_column(String(254))

    organisation: Mapped[Organisation] = relationship()


class ServerKey(Base):
    """A key pair of the server; the private half is sealed under the key file."""

    __tablename__ = "server_key"
    __table_args__ = (
        CheckConstraint("purpose IN ('encryption', 'signing')", name="purpose_known"),
        CheckConstraint(
            "removed_at IS NULL OR retired_at IS NOT NULL", name="removed_when_retired"
        ),
        CheckConstraint(
            "(private_sealed IS NULL) = (removed_at IS NOT NULL)", name="private_until_removed"
        ),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Its thumbprint, which is the ``kid`` of what is made with it."""
    purpose: Mapped[str] = mapped_column(String(20))
    public_key: Mapped[dict[str, Any]]
    private_sealed: Mapped[str | None] = mapped_column(Text)
    """The private JWK as a JWE under the key file's key; gone once nobody needs it."""
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """From when nothing new is made with it; what comes is still opened."""
    removed_at: Mapped[datetime | None]


class SessionPack(Base):
    """The questions as tablets got them, for answers that come after the questions changed."""

    __tablename__ = "session_pack"
    __table_args__ = (UniqueConstraint("consultation_id", "digest"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(ForeignKey("consultation.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the document and of the questions' versions: what tablets call it by."""
    document: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """The consultation's definition then."""
    question_versions: Mapped[dict[str, Any]]
    """Ids of question versions by question key."""
    made_at: Mapped[datetime]


class Arrival(Base):
    """Something sealed that a tablet sent, and what became of it.

    A second sending of the same is the same row. The sealed words are kept only while somebody
    has to decide about them.
    """

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("client_id", "digest"),
        CheckConstraint("kind IN ('response', 'talk', 'unknown')", name="kind_known"),
        CheckConstraint(
            "outcome IN ('stored', 'kept_aside', 'quarantined', 'too_late', 'withdrawn')",
            name="outcome_known",
        ),
        CheckConstraint("decision IS NULL OR decision IN ('accepted', 'refused')", name="decided"),
        CheckConstraint("(decision IS NULL) = (decided_by IS NULL)", name="decider_named"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    device_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("device.id", ondelete="SET NULL"), index=True
    )
    client_id: Mapped[UUID]
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the sealed text as it came."""
    kind: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(40), default="")
    """Why it was kept aside or put into quarantine: a word of the service's list."""
    sealed: Mapped[str | None] = mapped_column(Text)
    by_file: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it came as a saved copy, from another machine."""
    received_at: Mapped[datetime]
    decision: Mapped[str | None] = mapped_column(String(20))
    decided_by: Mapped[str | None] = mapped_column(String(254))
    decided_at: Mapped[datetime | None]


class Provenance(Base):
    """How an assisted or a paper response came about."""

    __tablename__ = "provenance"
    __table_args__ = (CheckConstraint("mode IN ('helped', 'self', 'paper')", name="mode_known"),)

    response_id: Mapped[UUID] = mapped_column(
        ForeignKey("response.id", ondelete="CASCADE"), primary_key=True
    )
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("assisted_session.id", ondelete="SET NULL"), index=True
    )
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"))
    pack_id: Mapped[UUID | None] = mapped_column(ForeignKey("session_pack.id", ondelete="SET NULL"))
    mode: Mapped[str] = mapped_column(String(20))
    """Whether a helper entered it, or the person alone with the tablet in hand."""
    interpreted: Mapped[bool] = mapped_column(default=False, server_default=false())
    consented_at: Mapped[datetime | None]
    """By the device's clock; nothing for paper, where the form says it."""
    entered_by: Mapped[str | None] = mapped_column(String(254))
    """Who typed a paper form."""


class GroupTalk(Base):
    """What a table said together: kept and counted apart from single responses."""

    __tablename__ = "group_talk"
    __table_args__ = (
        CheckConstraint("people >= 1", name="somebody_talked"),
        CheckConstraint("said <> '' OR removed_at IS NOT NULL", name="something_said"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("assisted_session.id", ondelete="CASCADE"), index=True
    )
    client_id: Mapped[UUID] = mapped_column(unique=True)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id", ondelete="SET NULL"))
    table_name: Mapped[str] = mapped_column(String(80))
    question_key: Mapped[str | None] = mapped_column(String(60))
    """What they talked about; nothing for the draft as a whole."""
    language: Mapped[str] = mapped_column(String(20))
    people: Mapped[int]
    said: Mapped[str] = mapped_column(Text)
    """Empty once it was removed."""
    written_at: Mapped[datetime]
    received_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by: Mapped[str | None] = mapped_column(String(254))


class PaperForm(Base):
    """A printed form: the sheet with a number, its person's slip with their receipt code."""

    __tablename__ = "paper_form"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    consultation_id: Mapped[UUID] = mapped_column(
        ForeignKey("consultation.id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("assisted_session.id", ondelete="SET NULL")
    )
    pack_id: Mapped[UUID] = mapped_column(ForeignKey("session_pack.id", ondelete="CASCADE"))
    """The questions as they are printed on it."""
    language: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(8), unique=True)
    """Eight digits that stand on the sheet; whoever types it in finds it by them."""
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Of the receipt code, which stands on the slip only."""
    client_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    """Of the response that is typed from it, so that it can be typed once only."""
    printed_by: Mapped[str] = mapped_column(String(254))
    printed_at: Mapped[datetime]


class ReadAloud(Base):
    """A recording of a text of the consultation, read out in one language."""

    __tablename__ = "read_aloud"
    __table_args__ = (UniqueConstraint("workspace_id", "language", "target"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(20))
    target: Mapped[str] = mapped_column(String(80))
    """``question:<key>`` or ``section:<key>`` or ``consent``."""
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    """Bytes."""
    brought_by: Mapped[str] = mapped_column(String(254))
    brought_at: Mapped[datetime]
