"""Links by which people get an account, or more roles for the account that they have.

Of a link only a hash is kept. It works once, for a week, and for as long as the person who
made it may still give what it offers.
"""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.models import Account, Invitation, Organisation, OrganisationMember
from consult.services import access, account_changes, accounts, audit, identities

LASTS = timedelta(days=7)
KEPT = timedelta(days=90)
"""How long an invitation is remembered after it was made; the audit trail keeps the act."""

Grants = Collection[tuple[UUID, str]]
"""Roles in consultations: pairs of workspace id and role."""


class Standing(StrEnum):
    """What has become of an invitation."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REVOKED = "revoked"
    EXPIRED = "expired"
    VOID = "void"
    """The person who made it may not give what it offers, or not any more."""


class NoSuchInvitation(LookupError):
    """No invitation has that link or id."""


class InvitationOver(Exception):
    """The invitation cannot be accepted; ``standing`` says why."""

    def __init__(self, standing: Standing) -> None:
        super().__init__(standing)
        self.standing = standing


class OfSomebodyElse(Exception):
    """The invitation is for another e-mail address than the account's."""


class NothingOffered(ValueError):
    """An invitation without any role is of no use."""


@dataclass(frozen=True, slots=True)
class ProvenIdentity:
    """A sign-in at the council's provider that was just proven."""

    issuer: str
    subject: str


def invite(
    session: Session,
    *,
    email: str,
    name: str = "",
    roles: Collection[str] = (),
    memberships: Grants = (),
    organisation: Organisation | None = None,
    by: Account | None,
    now: datetime,
) -> tuple[Invitation, str]:
    """Make an invitation, and the secret part of its link. Nobody ``by`` is the command line.

    Who accepts one of an ``organisation`` becomes one of its people.

    Raises
    ------
    consult.services.accounts.NotAnEmail
        If the address cannot be one.
    NothingOffered
        If it offers no role.
    consult.services.account_changes.NotYoursToGive
        If it offers what the person who makes it may not give.
    """
    email = accounts.normal_email(email)
    if not roles and not memberships:
        raise NothingOffered
    if by is not None:
        _check_authority(by, roles, memberships)
    token = secrets.token_urlsafe(32)
    made = Invitation(
        token_hash=token_hash(token),
        email=email,
        name=name.strip()[: accounts.NAME_LENGTH_LIMIT],
        roles=accounts.in_order(roles),
        memberships=[[str(workspace_id), role] for workspace_id, role in memberships],
        organisation_id=None if organisation is None else organisation.id,
        invited_by=audit.COMMAND_LINE if by is None else by.email,
        created_at=now,
        expires_at=now + LASTS,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        actor=made.invited_by,
        action="invitation made",
        subject=accounts.subject_of(email),
        now=now,
        roles=made.roles,
        consultations=accounts.named(session, memberships),
    )
    return made, token


def find(session: Session, token: str) -> Invitation:
    """The invitation of a link.

    Raises
    ------
    NoSuchInvitation
        If there is none.
    """
    found = session.scalar(select(Invitation).where(Invitation.token_hash == token_hash(token)))
    if found is None:
        raise NoSuchInvitation
    return found


def standing(session: Session, invitation: Invitation, now: datetime) -> Standing:
    """What has become of an invitation."""
    if invitation.accepted_at is not None:
        return Standing.ACCEPTED
    if invitation.revoked_at is not None:
        return Standing.REVOKED
    if invitation.expires_at <= now:
        return Standing.EXPIRED
    return Standing.WAITING if _still_given(session, invitation) else Standing.VOID


def accept_anew(
    session: Session,
    token: str,
    *,
    name: str,
    language: str,
    password_hash: str | None = None,
    identity: ProvenIdentity | None = None,
    now: datetime,
) -> Account:
    """Make the account that an invitation is for, with a password or a proven identity.

    Raises
    ------
    NoSuchInvitation
        If no invitation has that link.
    InvitationOver
        If it cannot be accepted any more.
    consult.services.accounts.EmailTaken
        If there is an account already: its owner signs in and accepts.
    consult.services.identities.IdentityTaken
        If the identity belongs to another account.
    """
    if (password_hash is None) == (identity is None):
        raise ValueError("an account begins with one way in")
    invitation = _lock_waiting(session, token, now)
    account = accounts.create(
        session,
        email=invitation.email,
        name=name,
        language=language,
        password_hash=password_hash,
        roles=invitation.roles,
        memberships=memberships_of(invitation),
        now=now,
    )
    if identity is not None:
        identities.bind(session, account, identity.issuer, identity.subject, now=now)
    _join_organisation(session, invitation, account, now)
    _mark_accepted(session, invitation, now)
    return account


def accept(session: Session, token: str, account: Account, *, now: datetime) -> None:
    """Add what an invitation offers to the account that it is for.

    Raises
    ------
    NoSuchInvitation
        If no invitation has that link.
    InvitationOver
        If it cannot be accepted any more.
    OfSomebodyElse
        If it is for another address.
    """
    invitation = _lock_waiting(session, token, now)
    if account.email != invitation.email:
        raise OfSomebodyElse
    accounts.add_roles(session, account, invitation.roles)
    accounts.add_memberships(session, account, memberships_of(invitation))
    _join_organisation(session, invitation, account, now)
    _mark_accepted(session, invitation, now)


def revoke(session: Session, invitation_id: UUID, *, actor: str, now: datetime) -> None:
    """Let an invitation's link work no more; one that is over already stays as it is.

    Raises
    ------
    NoSuchInvitation
        If there is none of that id.
    """
    found = session.get(Invitation, invitation_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoSuchInvitation
    if found.accepted_at is None and found.revoked_at is None:
        found.revoked_at = now
        audit.record(
            session,
            actor=actor,
            action="invitation withdrawn",
            subject=accounts.subject_of(found.email),
            now=now,
        )


def pending(session: Session, *, workspace_id: UUID | None = None) -> list[Invitation]:
    """Invitations that nobody accepted or withdrew, the newest first.

    Of one consultation: those that offer roles there and nothing else, for they are all that
    its own admins may see and withdraw.
    """
    found = session.scalars(
        select(Invitation)
        .where(Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None))
        .order_by(Invitation.created_at.desc(), Invitation.email)
    )
    return [each for each in found if workspace_id is None or is_only_of(each, workspace_id)]


def is_only_of(invitation: Invitation, workspace_id: UUID) -> bool:
    """Whether an invitation offers roles in one consultation and nothing else."""
    places = {found for found, _role in memberships_of(invitation)}
    return not invitation.roles and places == {workspace_id}


def memberships_of(invitation: Invitation) -> list[tuple[UUID, str]]:
    """Roles in consultations that an invitation offers."""
    return [(UUID(workspace_id), role) for workspace_id, role in invitation.memberships]


def remove_old(session: Session, *, now: datetime) -> int:
    """Remove invitations made long ago, and say how many."""
    long_ago = now - KEPT
    gone = session.scalars(
        delete(Invitation).where(Invitation.created_at <= long_ago).returning(Invitation.id)
    )
    return len(gone.all())


def token_hash(token: str) -> str:
    """What is kept of an invitation's link."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _lock_waiting(session: Session, token: str, now: datetime) -> Invitation:
    """The invitation, held until the unit of work ends: of two who accept, one is first."""
    found = session.scalar(
        select(Invitation)
        .where(Invitation.token_hash == token_hash(token))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NoSuchInvitation
    now_standing = standing(session, found, now)
    if now_standing is not Standing.WAITING:
        raise InvitationOver(now_standing)
    return found


def _join_organisation(
    session: Session, invitation: Invitation, account: Account, now: datetime
) -> None:
    """Make an account one of the people of the organisation, if it is still there."""
    found = (
        None
        if invitation.organisation_id is None
        else session.get(Organisation, invitation.organisation_id)
    )
    if found is None or session.get(OrganisationMember, (found.id, account.id)) is not None:
        return
    session.add(
        OrganisationMember(
            organisation_id=found.id,
            account_id=account.id,
            added_by=invitation.invited_by,
            added_at=now,
        )
    )
    session.flush()


def _mark_accepted(session: Session, invitation: Invitation, now: datetime) -> None:
    invitation.accepted_at = now
    audit.record(
        session,
        actor=invitation.email,
        action="invitation accepted",
        subject=accounts.subject_of(invitation.email),
        now=now,
        invited_by=invitation.invited_by,
        roles=invitation.roles,
        consultations=accounts.named(session, memberships_of(invitation)),
    )


def _still_given(session: Session, invitation: Invitation) -> bool:
    """Whether the person who made an invitation may still give what it offers."""
    if invitation.invited_by == audit.COMMAND_LINE:
        return True
    by = session.scalar(select(Account).where(Account.email == invitation.invited_by))
    if by is None or not by.active:
        return False
    try:
        _check_authority(by, invitation.roles, memberships_of(invitation))
    except account_changes.NotYoursToGive:
        return False
    return True


def _check_authority(by: Account, roles: Iterable[str], memberships: Grants) -> None:
    """Inviting is for admins: everywhere, or in the consultations that it is about.

    Officers too invite partners, who see nothing but their own sessions.
    """
    if access.ADMIN not in access.roles_everywhere(by):
        for role in roles:
            raise account_changes.NotYoursToGive(role)
    for workspace_id, role in memberships:
        wanted = access.EDITORS if role == access.PARTNER else ()
        if not access.allows(access.roles_in(by, workspace_id), wanted):
            raise account_changes.NotYoursToGive(role)
