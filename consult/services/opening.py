"""From a workspace to what residents meet: preview, opening, publishing changes, closing."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.document.completing import completed
from consult.document.model import Consultation as Document
from consult.models import (
    Consultation,
    Contact,
    ContactIntake,
    Draft,
    Response,
    Workspace,
)
from consult.services import audit, consultations, readiness, workspaces
from consult.services.translating import published_translations

PREVIEW_DAYS = 60
"""How long a preview can be answered in, where the consultation's own dates are over."""


class NotOpened(Exception):
    """The consultation has not been opened to residents, so this cannot be done."""


class AlreadyOpened(Exception):
    """The consultation has been opened to residents, so this cannot be done any more."""


class TimesDoNotFit(ValueError):
    """The new closing time is not later than now, or not before what follows it."""


def document_of(session: Session, workspace: Workspace) -> Document:
    """The workspace as a consultation, with the translations that may be shown.

    Raises
    ------
    pydantic.ValidationError
        If it is not complete, or its parts contradict each other.
    """
    return Document.model_validate(
        {
            **workspace.content,
            "slug": workspace.slug,
            "translations": published_translations(session, workspace),
        }
    )


def make_preview(session: Session, slug: str, *, actor: str, now: datetime) -> str:
    """Make a private link for colleagues; an earlier one stops working. Returns its code.

    Raises
    ------
    AlreadyOpened
        If residents can see the consultation itself.
    """
    workspace = workspaces.lock(session, slug)
    if workspace.opened_at is not None:
        raise AlreadyOpened(slug)
    code = secrets.token_urlsafe(24)
    workspace.preview_hash = preview_hash(code)
    _store_preview(session, workspace, actor=actor, now=now)
    audit.record(session, actor=actor, action="preview link made", subject=slug, now=now)
    return code


def end_preview(session: Session, slug: str, *, actor: str, now: datetime) -> None:
    """Let the private link lead nowhere, and remove what was answered through it."""
    workspace = workspaces.lock(session, slug)
    workspace.preview_hash = None
    remove_preview(session, workspace, actor=actor, now=now)


def enter_preview(session: Session, code: str, *, now: datetime) -> Workspace | None:
    """The workspace that a private link leads to, its preview brought up to what is written."""
    workspace = find_preview(session, preview_hash(code))
    if workspace is not None:
        _store_preview(session, workspace, actor=audit.MACHINE, now=now)
    return workspace


def find_preview(session: Session, held_hash: str) -> Workspace | None:
    """The workspace of a private link by the hash of its code, while the link works."""
    return session.scalar(
        select(Workspace).where(Workspace.preview_hash == held_hash, Workspace.opened_at.is_(None))
    )


def preview_hash(code: str) -> str:
    """What is kept of a private link's code."""
    return hashlib.sha256(code.encode()).hexdigest()


def open_to_residents(
    session: Session, slug: str, *, at_once: bool, actor: str, now: datetime
) -> Workspace:
    """Open a consultation: at its opening time, or at once. Test answers are wiped.

    Raises
    ------
    readiness.NotReady
        If something that must be settled is not, or nobody signed it off.
    AlreadyOpened
        If it was opened before.
    """
    workspace = workspaces.lock(session, slug)
    if workspace.opened_at is not None:
        raise AlreadyOpened(slug)
    readiness.require(session, workspace, now=now)
    if at_once:
        workspace.content = {**workspace.content, "opens_at": _local(workspace, now)}
    document = document_of(session, workspace)
    remove_preview(session, workspace, actor=actor, now=now)
    workspace.consultation = consultations.store(session, document, actor=actor, now=now)
    workspace.opened_at = now
    workspace.preview_hash = None
    audit.record(session, actor=actor, action="consultation opened", subject=slug, now=now)
    return workspace


def publish_changes(session: Session, slug: str, *, actor: str, now: datetime) -> Consultation:
    """Bring an opened consultation up to its workspace.

    A question that has answers and asks something else now gets a new version; its old answers
    stay with the old one.

    Raises
    ------
    NotOpened
        If it was not opened yet.
    readiness.NotReady
        If something that must be settled is not, or nobody signed the changes off.
    """
    workspace = workspaces.lock(session, slug)
    stored = _opened(workspace)
    readiness.require(session, workspace, now=now)
    document = document_of(session, workspace)
    document = document.model_copy(update={"paused": stored.paused})
    return consultations.store(session, document, actor=actor, now=now)


def pause(session: Session, slug: str, paused: bool, *, actor: str, now: datetime) -> None:
    """Pause an opened consultation, or let it go on.

    Raises
    ------
    NotOpened
        If it was not opened yet.
    """
    _opened(workspaces.lock(session, slug))
    consultations.set_paused(session, slug, paused, actor=actor, now=now)


def extend(session: Session, slug: str, *, closes_at: datetime, actor: str, now: datetime) -> None:
    """Let an opened consultation close later (or again, if it has closed).

    What follows the closing moves with it: ``late_until``, and the deletion date where it
    would no longer come after that.

    Raises
    ------
    NotOpened
        If it was not opened yet.
    TimesDoNotFit
        If the new time is not later than now and than the closing so far.
    """
    workspace = workspaces.lock(session, slug)
    stored = _opened(workspace)
    if closes_at <= max(now, stored.closes_at):
        raise TimesDoNotFit
    _set_closing(session, workspace, closes_at, actor=actor, now=now)
    audit.record(
        session,
        actor=actor,
        action="consultation extended",
        subject=slug,
        now=now,
        closes_at=closes_at.isoformat(),
    )


def close(session: Session, slug: str, *, actor: str, now: datetime) -> None:
    """Close an opened consultation now; who has begun may finish within the grace.

    Raises
    ------
    NotOpened
        If residents cannot answer it yet, or not any more.
    """
    workspace = workspaces.lock(session, slug)
    stored = _opened(workspace)
    if not stored.opens_at < now < stored.closes_at:
        raise NotOpened(slug)
    _set_closing(session, workspace, now, actor=actor, now=now)
    audit.record(session, actor=actor, action="consultation closed", subject=slug, now=now)


def _opened(workspace: Workspace) -> Consultation:
    stored = workspace.consultation
    if stored is None or workspace.opened_at is None:
        raise NotOpened(workspace.slug)
    return stored


def _set_closing(
    session: Session, workspace: Workspace, closes_at: datetime, *, actor: str, now: datetime
) -> None:
    """Move the closing in what residents meet and in the workspace alike, and nothing else."""
    public = consultations.document_of(session, _opened(workspace))
    late_until = closes_at + max(
        public.late - public.closes, timedelta(minutes=public.grace_minutes)
    )
    delete_on = max(public.privacy.delete_on, late_until.date() + timedelta(days=1))
    times = {
        "closes_at": _local(workspace, closes_at),
        "late_until": _local(workspace, late_until),
    }
    workspace.content = {
        **workspace.content,
        **times,
        "privacy": {
            **(workspace.content.get("privacy") or {}),
            "delete_on": delete_on.isoformat(),
        },
    }
    workspace.revision += 1
    changed = Document.model_validate(
        {
            **public.model_dump(mode="json"),
            **times,
            "privacy": {**public.privacy.model_dump(mode="json"), "delete_on": delete_on},
        }
    )
    consultations.store(session, changed, actor=actor, now=now)


def _local(workspace: Workspace, time: datetime) -> str:
    """A time as the content writes it: local to the consultation, to the minute."""
    zone = ZoneInfo(workspace.content.get("timezone", "Europe/London"))
    return time.astimezone(zone).replace(tzinfo=None).isoformat(timespec="seconds")


def _store_preview(session: Session, workspace: Workspace, *, actor: str, now: datetime) -> None:
    document = preview_document(session, workspace, now=now)
    stored = workspace.consultation
    if stored is not None and consultations.document_of(session, stored) == document:
        return
    workspace.consultation = consultations.store(
        session, document, actor=actor, now=now, is_preview=True
    )
    session.flush()


def preview_document(session: Session, workspace: Workspace, *, now: datetime) -> Document:
    """What a preview shows: all that is written, stand-ins for the rest, open now."""
    content: dict[str, Any] = {
        **workspace.content,
        "translations": published_translations(session, workspace, approved_only=False),
    }
    document, _gaps = completed(content, slug=workspace.slug)
    began = workspace.created_at - timedelta(days=1)
    times = {"opens_at": _local(workspace, min(document.opens, began))}
    if document.closes <= now:
        closes = now + timedelta(days=PREVIEW_DAYS)
        times["closes_at"] = _local(workspace, closes)
        times["late_until"] = _local(workspace, closes + timedelta(days=7))
        content["privacy"] = {**(content.get("privacy") or {}), "delete_on": "2199-12-31"}
    document, _gaps = completed({**content, **times}, slug=workspace.slug)
    return document.model_copy(update={"paused": False})


def remove_preview(session: Session, workspace: Workspace, *, actor: str, now: datetime) -> None:
    """Remove the previewed consultation with all that colleagues answered in it."""
    stored = workspace.consultation
    if stored is None or not stored.is_preview:
        return
    removed = len(
        session.scalars(
            delete(Response).where(Response.consultation_id == stored.id).returning(Response.id)
        ).all()
    )
    for table in (Draft, Contact, ContactIntake):
        session.execute(delete(table).where(table.consultation_id == stored.id))
    workspace.consultation = None
    session.flush()
    session.delete(stored)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="preview removed",
        subject=workspace.slug,
        now=now,
        test_responses=removed,
    )
