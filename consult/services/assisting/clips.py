"""Recordings: texts of a consultation read out, a clip for each text and language."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import ReadAloud, Workspace
from consult.services import audit

LARGEST: Final = 1_000_000
"""Bytes of one clip: two minutes of clear speech as MP3."""

CONSENT: Final = "consent"

_MPEG_SYNC = 0b111
_MPEG_LAYER_3 = 0b01


class NotARecording(ValueError):
    """The file is none of the kinds of recording that browsers play."""


class TooLarge(ValueError):
    """The recording is larger than a tablet should have to load."""


class UnknownTarget(ValueError):
    """There is no such text, or the consultation is not in that language."""


class NoSuchClip(LookupError):
    """There is no recording of that id or digest, or not any more."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording without its sound."""

    id: UUID
    language: str
    target: str
    media_type: str
    digest: str
    size: int
    brought_by: str
    brought_at: datetime


def targets_of(document: Document) -> list[str]:
    """What can be read out, in the order in which a person meets it."""
    found = [CONSENT]
    for question in document.questions:
        section = f"section:{question.section}"
        if question.section is not None and section not in found:
            found.append(section)
        found.append(f"question:{question.key}")
    rest = [f"section:{section.key}" for section in document.sections]
    return found + [target for target in rest if target not in found]


def attach(
    session: Session,
    workspace: Workspace,
    document: Document,
    *,
    language: str,
    target: str,
    content: bytes,
    actor: str,
    now: datetime,
) -> ReadAloud:
    """Attach a recording; one that was there for the same text and language goes.

    Raises
    ------
    UnknownTarget, TooLarge, NotARecording
        If it cannot be attached.
    """
    if language not in document.languages or target not in targets_of(document):
        raise UnknownTarget(target)
    if len(content) > LARGEST:
        raise TooLarge
    media_type = media_type_of(content)
    if media_type is None:
        raise NotARecording
    row = session.scalar(
        select(ReadAloud)
        .where(
            ReadAloud.workspace_id == workspace.id,
            ReadAloud.language == language,
            ReadAloud.target == target,
        )
        .with_for_update()
    )
    if row is None:
        row = ReadAloud(workspace_id=workspace.id, language=language, target=target)
        session.add(row)
    row.media_type = media_type
    row.content = content
    row.digest = hashlib.sha256(content).hexdigest()
    row.size = len(content)
    row.brought_by = actor
    row.brought_at = now
    _record(session, workspace, row, "recording attached", actor, now)
    session.flush()
    return row


def remove(
    session: Session, workspace: Workspace, clip_id: UUID, *, actor: str, now: datetime
) -> None:
    """Remove a recording.

    Raises
    ------
    NoSuchClip
        If it is not there.
    """
    row = find(session, workspace, clip_id)
    _record(session, workspace, row, "recording removed", actor, now)
    session.delete(row)
    session.flush()


def find(session: Session, workspace: Workspace, clip_id: UUID) -> ReadAloud:
    """A recording of a consultation.

    Raises
    ------
    NoSuchClip
        If it is not there.
    """
    row = session.get(ReadAloud, clip_id)
    if row is None or row.workspace_id != workspace.id:
        raise NoSuchClip
    return row


def find_by_digest(session: Session, digest: str) -> ReadAloud:
    """A recording by what it holds: whoever was told of it may load it.

    Raises
    ------
    NoSuchClip
        If it is not there.
    """
    row = session.scalars(select(ReadAloud).where(ReadAloud.digest == digest).limit(1)).first()
    if row is None:
        raise NoSuchClip
    return row


def listed(session: Session, workspace: Workspace) -> list[Clip]:
    """All recordings of a consultation, without their sound."""
    rows = session.execute(
        select(
            ReadAloud.id,
            ReadAloud.language,
            ReadAloud.target,
            ReadAloud.media_type,
            ReadAloud.digest,
            ReadAloud.size,
            ReadAloud.brought_by,
            ReadAloud.brought_at,
        )
        .where(ReadAloud.workspace_id == workspace.id)
        .order_by(ReadAloud.language, ReadAloud.target)
    )
    return [Clip(*row) for row in rows]


def media_type_of(content: bytes) -> str | None:
    """The kind of a recording by its first bytes, whatever its name says; nothing for others.

    Examples
    --------
    >>> media_type_of(b"OggS" + bytes(40)), media_type_of(b"RIFF" + bytes(4) + b"WAVE")
    ('audio/ogg', 'audio/wav')
    >>> media_type_of(b"<html>") is None
    True
    """
    if content.startswith(b"OggS"):
        return "audio/ogg"
    if content.startswith(b"RIFF") and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[4:8] == b"ftyp" and content[8:11] in {b"M4A", b"mp4", b"iso", b"das"}:
        return "audio/mp4"
    if content.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in content[:64]:
        return "audio/webm"
    return "audio/mpeg" if content.startswith(b"ID3") or _is_mpeg_frame(content) else None


def _is_mpeg_frame(content: bytes) -> bool:
    """Whether it begins with a frame of MPEG audio, layer III."""
    if len(content) < 4 or content[0] != 0xFF or content[1] >> 5 != _MPEG_SYNC:
        return False
    has_version = content[1] >> 3 & 0b11 != 0b01
    has_rate = content[2] >> 4 not in {0, 0b1111} and content[2] >> 2 & 0b11 != 0b11
    return content[1] >> 1 & 0b11 == _MPEG_LAYER_3 and has_version and has_rate


def _record(
    session: Session, workspace: Workspace, row: ReadAloud, action: str, actor: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=workspace.slug,
        now=now,
        language=row.language,
        target=row.target,
        size=row.size,
    )
