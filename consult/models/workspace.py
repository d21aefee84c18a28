"""Setting a consultation up: what officers have written so far, finished or not."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from consult.models.base import Base
from consult.models.consultation import Consultation

ORIGINS = ("person", "file", "machine")
"""Where a translation came from."""


class Workspace(Base):
    """A consultation in the making, and the place of its later changes.

    ``content`` has the shape of :class:`consult.document.model.Consultation` without
    translations, and may lack anything: officers write it piece by piece. What residents meet
    is the stored consultation, made from it when the consultation opens.
    """

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("revision >= 1", name="revision_from_one"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    content: Mapped[dict[str, Any]]
    readiness: Mapped[dict[str, Any]]
    """Officers' answers to what no machine can check, by question: text, who, when."""
    draft_notes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    """What was done with the oddities of the file that it began from: code and values each."""
    revision: Mapped[int] = mapped_column(default=1)
    """Grows with every change."""
    consultation_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("consultation.id", ondelete="SET NULL"), unique=True
    )
    """What residents meet; for a preview too, which is not opened yet."""
    opened_at: Mapped[datetime | None]
    """When it opened to residents by an officer's act."""
    preview_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the private link's code, while there is a link."""
    created_by: Mapped[str] = mapped_column(String(254))
    created_at: Mapped[datetime]
    changed_by: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime]

    consultation: Mapped[Consultation | None] = relationship()
    texts: Mapped[list["WorkspaceText"]] = relationship(
        back_populates="workspace", cascade="all, delete-orphan"
    )
    sign_offs: Mapped[list["SignOff"]] = relationship(
        back_populates="workspace",
        order_by="SignOff.requested_at",
        cascade="all, delete-orphan",
    )


class WorkspaceText(Base):
    """One text of a workspace in one other language, with who wrote and who approved it."""

    __tablename__ = "workspace_text"
    __table_args__ = (
        CheckConstraint("origin IN ('person', 'file', 'machine')", name="origin_known"),
        CheckConstraint(
            "(approved_at IS NULL) = (approved_by IS NULL)", name="approval_has_a_name"
        ),
        CheckConstraint(
            "on_word_of IS NULL OR approved_by IS NOT NULL", name="word_for_an_approval"
        ),
    )

    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), primary_key=True
    )
    language: Mapped[str] = mapped_column(String(20), primary_key=True)
    path: Mapped[str] = mapped_column(String(250), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    source_digest: Mapped[str] = mapped_column(String(64))
    """Of the source text that this translates: another source makes it stale."""
    source_text: Mapped[str] = mapped_column(Text, default="")
    """That source text, so that a change of it can be shown; empty where nobody noted it."""
    origin: Mapped[str] = mapped_column(String(10))
    written_by: Mapped[str] = mapped_column(String(254))
    """An account, a translator named in a file, or the machine's name."""
    written_at: Mapped[datetime]
    approved_by: Mapped[str | None] = mapped_column(String(254))
    """The account that answers for it."""
    approved_at: Mapped[datetime | None]
    on_word_of: Mapped[str | None] = mapped_column(String(200))
    """Who read it, where the person who approved it does not read the language."""

    workspace: Mapped[Workspace] = relationship(back_populates="texts")


class TranslationImport(Base):
    """A translator's file that was read, with what to do about it: nothing is written yet.

    When it has been applied its texts go, and what stays tells that this file was brought in.
    """

    __tablename__ = "translation_import"
    __table_args__ = (
        CheckConstraint(
            "(applied_at IS NULL) = (applied_by IS NULL)", name="application_has_a_name"
        ),
        Index("ix_translation_import_file", "workspace_id", "language", "file_digest"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    workspace_id: Mapped[UUID] = mapped_column(ForeignKey("workspace.id", ondelete="CASCADE"))
    language: Mapped[str] = mapped_column(String(20))
    file_name: Mapped[str] = mapped_column(String(200))
    file_digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[dict[str, Any]]
    """What stands in the file, as :mod:`consult.translation_files` read it."""
    uploaded_by: Mapped[str] = mapped_column(String(254))
    uploaded_at: Mapped[datetime]
    applied_by: Mapped[str | None] = mapped_column(String(254))
    applied_at: Mapped[datetime | None]


class SignOff(Base):
    """A second person's word that what stands in a workspace may be opened as it is."""

    __tablename__ = "sign_off"
    __table_args__ = (
        CheckConstraint("signed_by IS NULL OR signed_by <> requested_by", name="second_person"),
        CheckConstraint("(signed_at IS NULL) = (signed_by IS NULL)", name="signature_has_a_name"),
        CheckConstraint("(signed_at IS NULL) = (agreed IS NULL)", name="signature_says"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    workspace_id: Mapped[UUID] = mapped_column(
        ForeignKey("workspace.id", ondelete="CASCADE"), index=True
    )
    content_digest: Mapped[str] = mapped_column(String(64))
    """Of all that residents would meet; a change makes the sign-off void."""
    parts: Mapped[dict[str, Any]]
    """Digests of its parts by name, so that a void sign-off can say what has changed."""
    requested_by: Mapped[str] = mapped_column(String(254))
    requested_at: Mapped[datetime]
    signed_by: Mapped[str | None] = mapped_column(String(254))
    signed_at: Mapped[datetime | None]
    agreed: Mapped[bool | None]
    note: Mapped[str] = mapped_column(Text, default="")

    workspace: Mapped[Workspace] = relationship(back_populates="sign_offs")


class Council(Base):
    """The council that runs this installation: one row."""

    __tablename__ = "council"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(200))
    colour: Mapped[str | None] = mapped_column(String(7))
    """Of the header, as #rrggbb, checked for contrast with white."""
    logo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    logo_type: Mapped[str | None] = mapped_column(String(40))
    logo_digest: Mapped[str | None] = mapped_column(String(64))
    logo_text: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime]
