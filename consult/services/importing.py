"""Consultation files: stored for residents at once, or taken as the beginning of a new one."""

from datetime import datetime

from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import Consultation
from consult.services import changes, consultations, opening, workspaces


class UnpublishedChanges(Exception):
    """Officers have written what residents do not meet yet, and a file would sweep it away."""


def store_file(
    session: Session,
    document: Document,
    *,
    translations_by: str,
    actor: str,
    now: datetime,
    replace: bool = False,
) -> Consultation:
    """Create a consultation that residents meet, or bring one up to a file.

    What officers see of it on their pages follows.

    Raises
    ------
    UnpublishedChanges
        If officers have written something that is not published and that the file says
        otherwise, unless it may be replaced.
    """
    workspace = workspaces.find(session, document.slug)
    if workspace is not None:
        workspace = workspaces.lock(session, document.slug)
        if not replace and changes.swept_away(session, workspace, document):
            raise UnpublishedChanges(document.slug)
        opening.remove_preview(session, workspace, actor=actor, now=now)
    stored = consultations.store(session, document, actor=actor, now=now)
    workspaces.adopt(session, stored, translations_by=translations_by, actor=actor, now=now)
    return stored
