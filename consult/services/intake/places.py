"""Where what comes from elsewhere is kept: a stored consultation, opened to residents or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from consult.document.completing import STAND_IN, completed
from consult.document.model import Consultation as Document
from consult.models import Consultation, Petition, Response, ResponseImport, Workspace
from consult.services import consultations, workspaces
from consult.services.translating import published_translations


def is_opened(workspace: Workspace) -> bool:
    """Whether residents meet, or have met, the consultation: its questions stand fast then."""
    stored = workspace.consultation
    return stored is not None and not stored.is_preview


def document_of(session: Session, workspace: Workspace) -> Document:
    """What responses are held against: what residents meet, else what is written so far."""
    stored = workspace.consultation
    if stored is not None:
        return consultations.document_of(session, stored)
    return as_written(session, workspace)


def as_written(session: Session, workspace: Workspace) -> Document:
    """What is written so far, with stand-ins for the rest."""
    content: Mapping[str, Any] = {
        **workspace.content,
        "translations": published_translations(session, workspace, approved_only=False),
    }
    document, _gaps = completed(content, slug=workspace.slug)
    return document


def asked_in(document: Document) -> Document:
    """The document without questions that only stand in for ones that nobody has written."""
    asked = tuple(each for each in document.questions if each.label != STAND_IN)
    return document.model_copy(update={"questions": asked})


def prepare(session: Session, slug: str, *, actor: str, now: datetime) -> Consultation:
    """The stored consultation; one that was not opened is brought up to what is written.

    It stays out of residents' sight until it is opened (``is_preview``). What comes in is no
    test all the same, and opening keeps it.
    """
    workspace = workspaces.lock(session, slug)
    stored = workspace.consultation
    if stored is not None and not stored.is_preview:
        return stored
    document = as_written(session, workspace)
    if stored is None or consultations.document_of(session, stored) != document:
        stored = consultations.store(session, document, actor=actor, now=now, is_preview=True)
        workspace.consultation = stored
        session.flush()
    return stored


def holds_gathered(session: Session, stored: Consultation) -> bool:
    """Whether something is kept with a consultation that did not come through its pages.

    A preview that holds such things must not be removed with its test answers.
    """
    wanted = (
        exists().where(Response.consultation_id == stored.id, Response.is_test.is_(False)),
        exists().where(Petition.consultation_id == stored.id),
        exists().where(ResponseImport.consultation_id == stored.id),
    )
    return any(session.scalar(select(each)) for each in wanted)


def gathered_count(session: Session, stored: Consultation) -> int:
    """How many responses are held, apart from tests."""
    held = select(func.count()).select_from(Response)
    found = session.scalar(
        held.where(Response.consultation_id == stored.id, Response.is_test.is_(False))
    )
    return found or 0
