"""From a workspace to what residents meet: preview, opening, publishing changes, closing."""

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.document.completing import completed
from consult.document.model import Consultation as Document
from consult.models import (
    AuditEvent,
    Consultation,
    Contact,
    ContactIntake,
    Draft,
    Response,
    Workspace,
)
from consult.services import audit, changes, consultations, readiness, workspaces
from consult.services.intake import places
from consult.services.translating import published_translations
from consult.services.workspaces import State

PREVIEW_DAYS = 60
"""How long a preview can be answered in, where the consultation's own dates are over."""


LATEST_YEARS = 5
"""How far from now a closing can be put: further is a slip of the keys."""


ACTS = (
    "consultation opened",
    "changes published",
    "consultation paused",
    "consultation resumed",
    "consultation extended",
    "consultation closed",
)
"""What is told of a consultation since it opened."""


class AlreadyOpened(Exception):
    """The consultation has been opened to residents, so this cannot be done any more."""


class NotNow(Exception):
    """The consultation is not where this could be done; ``state`` says where it is."""

    def __init__(self, state: State) -> None:
        super().__init__(state)
        self.state = state


class NothingToPublish(Exception):
    """Residents meet all that officers have written."""


class TimesDoNotFit(ValueError):
    """The new closing time is not later than now and than the closing so far, or years away."""


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
    if workspace.preview_hash is None:
        return
    workspace.preview_hash = None
    audit.record(session, actor=actor, action="preview link ended", subject=slug, now=now)
    remove_preview(session, workspace, actor=actor, now=now)


def enter_preview(session: Session, code: str, *, now: datetime) -> Workspace | None:
    """The workspace that a private link leads to, its preview brought up to what is written."""
    held_hash = preview_hash(code)
    workspace = find_preview(session, held_hash)
    if workspace is None:
        return None
    workspace = workspaces.lock(session, workspace.slug)
    if workspace.preview_hash != held_hash:  # ended, renewed or opened while we waited
        return None
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
    readiness.require(session, workspace, now=now, at_once=at_once)
    if at_once:
        opens_at = _local(document_of(session, workspace), now)
        workspace.content = {**workspace.content, "opens_at": opens_at}
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
    NotNow
        If it was not opened yet.
    NothingToPublish
        If nothing has changed, or somebody else has just published it.
    readiness.NotReady
        If something that must be settled is not, or nobody signed the changes off.
    """
    workspace = workspaces.lock(session, slug)
    stored = _opened(workspace, now)
    pending = changes.pending(session, workspace)
    if not pending.parts:
        raise NothingToPublish(slug)
    readiness.require(session, workspace, now=now)
    document = document_of(session, workspace)
    document = document.model_copy(update={"paused": stored.paused})
    published = consultations.store(session, document, actor=actor, now=now)
    audit.record(
        session,
        actor=actor,
        action="changes published",
        subject=slug,
        now=now,
        published=list(pending.parts),
        new_versions=list(pending.new_versions),
    )
    return published


def pause(session: Session, slug: str, paused: bool, *, actor: str, now: datetime) -> None:
    """Pause an open consultation, or let a paused one go on.

    Raises
    ------
    NotNow
        If it is not open, or not paused: somebody may have been quicker.
    """
    state = workspaces.state_of(workspaces.lock(session, slug), now)
    if state is not (State.OPEN if paused else State.PAUSED):
        raise NotNow(state)
    consultations.set_paused(session, slug, paused, actor=actor, now=now)


def extend(session: Session, slug: str, *, closes_at: datetime, actor: str, now: datetime) -> None:
    """Let an opened consultation close later (or again, if it has closed).

    What follows the closing moves with it: ``late_until``, and the deletion date where it
    would no longer come after that.

    Raises
    ------
    NotNow
        If it was not opened yet.
    TimesDoNotFit
        If the new time is not later than now and than the closing so far, or years away.
    """
    workspace = workspaces.lock(session, slug)
    stored = _opened(workspace, now)
    latest = now + timedelta(days=365 * LATEST_YEARS)
    if not max(now, stored.closes_at) < closes_at <= latest:
        raise TimesDoNotFit
    _set_closing(session, workspace, closes_at, actor=actor, now=now)
    _note_closing(session, slug, "consultation extended", closes_at, actor=actor, now=now)


def close(session: Session, slug: str, *, actor: str, now: datetime) -> None:
    """Close an opened consultation now; who has begun may finish within the grace.

    Raises
    ------
    NotNow
        If residents cannot answer it yet, or not any more.
    """
    workspace = workspaces.lock(session, slug)
    stored = _opened(workspace, now)
    closes_at = now.replace(microsecond=0)
    if not stored.opens_at < closes_at < stored.closes_at:
        raise NotNow(workspaces.state_of(workspace, now))
    _set_closing(session, workspace, closes_at, actor=actor, now=now)
    _note_closing(session, slug, "consultation closed", closes_at, actor=actor, now=now)


def times_after_closing(public: Document, closes_at: datetime) -> tuple[datetime, date]:
    """Until when late answers are taken, and the deletion date, for another closing."""
    kept_open = max(public.late - public.closes, timedelta(minutes=public.grace_minutes))
    late_until = closes_at + kept_open
    day = late_until.astimezone(ZoneInfo(public.timezone)).date()
    return late_until, max(public.privacy.delete_on, day + timedelta(days=1))


def _opened(workspace: Workspace, now: datetime) -> Consultation:
    stored = workspace.consultation
    if stored is None or stored.is_preview or workspace.opened_at is None:
        raise NotNow(workspaces.state_of(workspace, now))
    return stored


def _set_closing(
    session: Session, workspace: Workspace, closes_at: datetime, *, actor: str, now: datetime
) -> None:
    """Move the closing in what residents meet and in the workspace alike, and nothing else."""
    public = consultations.document_of(session, _opened(workspace, now))
    late_until, delete_on = times_after_closing(public, closes_at)
    times = {"closes_at": _local(public, closes_at), "late_until": _local(public, late_until)}
    privacy = dict(workspace.content.get("privacy") or {})
    if delete_on > public.privacy.delete_on:
        privacy["delete_on"] = max(delete_on.isoformat(), str(privacy.get("delete_on", "")))
    workspace.content = {**workspace.content, **times, "privacy": privacy}
    workspace.revision += 1
    workspace.changed_by, workspace.changed_at = actor, now
    plain = public.model_dump(mode="json")
    changed = {**plain, **times, "privacy": {**plain["privacy"], "delete_on": delete_on}}
    consultations.store(session, Document.model_validate(changed), actor=actor, now=now)


def _note_closing(
    session: Session, slug: str, action: str, closes_at: datetime, *, actor: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=slug,
        now=now,
        closes_at=closes_at.isoformat(),
        parts=["dates", "privacy"],
    )


def _local(document: Document, time: datetime) -> str:
    """A time as the content writes it: local to the consultation, to the second.

    In the hour that comes twice in autumn the offset says which one is meant.
    """
    zone = ZoneInfo(document.timezone)
    there = time.astimezone(zone).replace(microsecond=0)
    plain = there.replace(tzinfo=None, fold=0)
    meant = plain.replace(tzinfo=zone).utcoffset() == there.utcoffset()
    return (plain if meant else there).isoformat()


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
    times = {"opens_at": _local(document, min(document.opens, began))}
    if document.closes <= now:
        closes = now + timedelta(days=PREVIEW_DAYS)
        times["closes_at"] = _local(document, closes)
        times["late_until"] = _local(document, closes + timedelta(days=7))
        content["privacy"] = {**(content.get("privacy") or {}), "delete_on": "2199-12-31"}
    document, _gaps = completed({**content, **times}, slug=workspace.slug)
    return document.model_copy(update={"paused": False})


def remove_preview(session: Session, workspace: Workspace, *, actor: str, now: datetime) -> None:
    """Remove what colleagues answered in a preview, and the preview itself.

    Where responses from elsewhere or petitions are kept with it, it stays for them.
    """
    stored = workspace.consultation
    if stored is None or not stored.is_preview:
        return
    tests = delete(Response).where(Response.consultation_id == stored.id, Response.is_test)
    removed = len(session.scalars(tests.returning(Response.id)).all())
    for table in (Draft, Contact, ContactIntake):
        session.execute(delete(table).where(table.consultation_id == stored.id))
    if not places.holds_gathered(session, stored):
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


def last_acts(session: Session, slug: str, *, limit: int = 20) -> list[AuditEvent]:
    """What was done with a consultation in public, and by whom, the newest first."""
    return list(
        session.scalars(
            select(AuditEvent)
            .where(AuditEvent.subject == slug, AuditEvent.action.in_(ACTS))
            .order_by(AuditEvent.at.desc(), AuditEvent.id)
            .limit(limit)
        )
    )
