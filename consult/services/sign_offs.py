"""A second person's word before residents meet anything.

One officer asks, another one reads and agrees or declines. What they agree to is all that
residents would meet; any change of it afterwards makes the word void.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Account, AuditEvent, SignOff, Workspace
from consult.readiness.findings import blocking
from consult.services import access, accounts, audit, changes, workspaces
from consult.services.readiness_findings import NotReady, case_of, findings_of
from consult.services.workspaces import digest

LONGEST_NOTE = 2_000

WRITING = ("setting up began", "setting up changed")
"""Acts by which a person writes what residents would meet."""


class State(StrEnum):
    """Where the second person's word stands."""

    NONE = "none"
    """Nobody has asked for it."""
    WAITING = "waiting"
    AGREED = "agreed"
    DECLINED = "declined"
    VOID = "void"
    """Something has changed since it was asked for or given."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A part that says something else than what was asked about, and who changed it last."""

    part: str
    by: str | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest sign-off, and what has become of it."""

    state: State
    sign_off: SignOff | None = None
    changed: tuple[Changed, ...] = ()
    """What makes it void."""


class AlreadyAsked(Exception):
    """Somebody has asked for the sign-off of exactly this, or it is signed."""


class NotWaiting(Exception):
    """There is nothing to sign: it was signed, is void, or another was asked for."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing.state)
        self.standing = standing


class OwnRequest(Exception):
    """Who asks for a sign-off cannot give it."""


class OnlyEditor(Exception):
    """Nobody else has written anything, so that no second person would have read it."""


class NoReason(ValueError):
    """Declining needs a note that says why."""


def standing(session: Session, workspace: Workspace) -> Standing:
    """Where the second person's word stands."""
    sign_off = session.scalars(
        select(SignOff)
        .where(SignOff.workspace_id == workspace.id)
        .order_by(SignOff.requested_at.desc(), SignOff.id)
        .limit(1)
    ).first()
    if sign_off is None:
        return Standing(State.NONE)
    if sign_off.agreed is False:
        return Standing(State.DECLINED, sign_off)
    parts = changes.shown_digests(session, workspace)
    if digest(parts) != sign_off.content_digest:
        if workspace.opened_at is not None and not changes.pending(session, workspace).parts:
            return Standing(State.NONE)  # only the times were moved since, by acts of their own
        changed = changes.different(sign_off.parts, parts)
        return Standing(State.VOID, sign_off, _who_changed(session, workspace, sign_off, changed))
    return Standing(State.AGREED if sign_off.agreed else State.WAITING, sign_off)


def ask(session: Session, slug: str, *, actor: str, now: datetime) -> SignOff:
    """Ask for a second person's word on what is written now.

    Raises
    ------
    NotReady
        If something else has to be settled first: nobody should have to read it twice.
    AlreadyAsked
        If somebody has, and nothing has changed since.
    """
    workspace = workspaces.lock(session, slug)
    if standing(session, workspace).state in {State.WAITING, State.AGREED}:
        raise AlreadyAsked(slug)
    blockers = blocking(findings_of(session, workspace, case_of(session, workspace, now=now)))
    if blockers:
        raise NotReady(blockers)
    parts = changes.shown_digests(session, workspace)
    made = SignOff(
        workspace_id=workspace.id,
        content_digest=digest(parts),
        parts=parts,
        requested_by=actor,
        requested_at=now,
    )
    session.add(made)
    audit.record(session, actor=actor, action="sign-off asked for", subject=slug, now=now)
    return made


def sign(
    session: Session,
    slug: str,
    sign_off_id: UUID,
    *,
    agreed: bool,
    note: str,
    actor: str,
    now: datetime,
) -> SignOff:
    """Agree or decline, as the second person. ``sign_off_id`` is the request that they read.

    Raises
    ------
    NotWaiting
        If somebody was quicker, or something has changed since it was asked for.
    OwnRequest, OnlyEditor
        If the person is no second one.
    NoReason
        If they decline and do not say why.
    """
    workspace = workspaces.lock(session, slug)
    here = standing(session, workspace)
    if here.sign_off is None or here.sign_off.id != sign_off_id or here.state is not State.WAITING:
        raise NotWaiting(here)
    if here.sign_off.requested_by == actor:
        raise OwnRequest
    if agreed and editors(session, workspace) == {actor}:
        raise OnlyEditor
    if not agreed and not note.strip():
        raise NoReason
    here.sign_off.agreed = agreed
    here.sign_off.signed_by = actor
    here.sign_off.signed_at = now
    here.sign_off.note = note.strip()[:LONGEST_NOTE]
    action = "sign-off agreed" if agreed else "sign-off declined"
    audit.record(session, actor=actor, action=action, subject=slug, now=now)
    return here.sign_off


def editors(session: Session, workspace: Workspace) -> set[str]:
    """Who has written what stands in a workspace."""
    return set(
        session.scalars(
            select(AuditEvent.actor)
            .where(AuditEvent.subject == workspace.slug, AuditEvent.action.in_(WRITING))
            .distinct()
        )
    )


def who_may_sign(session: Session, workspace: Workspace, requested_by: str) -> list[Account]:
    """Colleagues who can be the second person to somebody, by address."""
    people = {account.email: account for account in accounts.working_everywhere(session)}
    people |= {account.email: account for account, _ in accounts.members(session, workspace.id)}
    writers = editors(session, workspace)
    return [
        account
        for email, account in sorted(people.items())
        if account.active
        and email != requested_by
        and writers != {email}
        and access.allows(access.roles_in(account, workspace.id), access.EDITORS)
    ]


def history(session: Session, workspace: Workspace) -> list[SignOff]:
    """Every sign-off that was asked for, the newest first."""
    return list(
        session.scalars(
            select(SignOff)
            .where(SignOff.workspace_id == workspace.id)
            .order_by(SignOff.requested_at.desc(), SignOff.id)
        )
    )


def _who_changed(
    session: Session, workspace: Workspace, sign_off: SignOff, parts: tuple[str, ...]
) -> tuple[Changed, ...]:
    """Who changed each part last, as the audit trail tells it."""
    events = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.subject == workspace.slug, AuditEvent.at >= sign_off.requested_at)
        .order_by(AuditEvent.at.desc())
    )
    last: dict[str, AuditEvent] = {}
    for event in events:
        for name in _names(event):
            last.setdefault(name, event)
    found = []
    for part in parts:
        latest = last.get(part) or last.get(workspaces.EVERYTHING)
        found.append(
            Changed(part, None, None) if latest is None else Changed(part, latest.actor, latest.at)
        )
    return tuple(found)


def _names(event: AuditEvent) -> list[str]:
    """The parts that an act has changed."""
    named = [str(part) for part in event.details.get("parts", ())]
    if "part" in event.details:
        part = str(event.details["part"])
        listed = part.removeprefix("order of ")
        named.append(part if part == listed else f"{changes.ORDER}.{listed}")
    if "language" in event.details:
        named.append(f"{changes.TEXTS}.{event.details['language']}")
    return named
