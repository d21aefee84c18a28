"""What a tablet may load: its organisation's sessions, and whether their questions are ready."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import AssistedSession, Consultation, Device, Translation, Workspace
from consult.services import consultations
from consult.services.timing import Phase, phase

CALLED_OFF = "called_off"


class NoSuchSession(LookupError):
    """The tablet's organisation holds no such session, or it was called off."""


class NotReady(Exception):
    """The consultation of the session is not open, or not any more."""


def sessions_for(session: Session, device: Device, *, now: datetime) -> list[dict[str, Any]]:
    """The sessions of a tablet's organisation, the next first, as the tablet is told of them.

    Those of a consultation that is over are left out; one that is not open yet is not ready.
    """
    found = session.execute(
        select(AssistedSession, Workspace)
        .join(Workspace, Workspace.id == AssistedSession.workspace_id)
        .where(
            AssistedSession.organisation_id == device.organisation_id,
            AssistedSession.state != CALLED_OFF,
        )
        .order_by(AssistedSession.on, AssistedSession.code)
    ).all()
    told: dict[UUID, tuple[bool, dict[str, Any]] | None] = {}
    for _held, workspace in found:
        if workspace.id not in told:
            told[workspace.id] = _of_consultation(session, workspace, now)
    return [
        {
            "id": str(held.id),
            "code": held.code,
            "venue": held.venue,
            "on": held.on.isoformat(),
            "languages": list(held.languages),
            "state": held.state,
            "ready": known[0],
            "consultation": known[1],
        }
        for held, workspace in found
        if (known := told[workspace.id]) is not None
    ]


def loadable(
    session: Session, device: Device, session_id: UUID, *, now: datetime
) -> tuple[AssistedSession, Consultation]:
    """A session whose questions a tablet may load, and the consultation that they are of.

    Raises
    ------
    NoSuchSession
        If it is not the tablet's.
    NotReady
        If the consultation is not open.
    """
    held = session.get(AssistedSession, session_id)
    if held is None or held.organisation_id != device.organisation_id or held.state == CALLED_OFF:
        raise NoSuchSession
    stored = session.get_one(Workspace, held.workspace_id).consultation
    if stored is None or not _is_open(stored, now):
        raise NotReady
    return held, stored


def _of_consultation(
    session: Session, workspace: Workspace, now: datetime
) -> tuple[bool, dict[str, Any]] | None:
    """Whether a consultation is ready, and what it is called; nothing for one that is over."""
    stored = workspace.consultation
    if stored is None or stored.is_preview:
        return False, {"slug": workspace.slug, "title": _written_title(workspace)}
    if now >= stored.closes_at:
        return None
    rows = session.execute(
        select(Translation.language, Translation.text).where(
            Translation.consultation_id == stored.id, Translation.path == "title"
        )
    )
    titles = {row.language: row.text for row in rows}
    source = str(stored.definition["source_language"])
    title = {source: str(stored.definition["title"]), **titles}
    return _is_open(stored, now), {"slug": stored.slug, "title": title}


def _written_title(workspace: Workspace) -> dict[str, str]:
    title = workspace.content.get("title")
    language = workspace.content.get("source_language", "en")
    return {str(language): title} if isinstance(title, str) else {}


def _is_open(stored: Consultation, now: datetime) -> bool:
    """Whether people can be asked; a pause is for the tablet to tell, and may be over soon."""
    is_asking = phase(consultations.rules_of(stored), now) in {Phase.OPEN, Phase.PAUSED}
    return is_asking and not stored.is_preview and now < stored.closes_at
