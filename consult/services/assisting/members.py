"""The people of partner organisations: accounts that officers name by e-mail address."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import (
    Account,
    Device,
    Invitation,
    Organisation,
    OrganisationMember,
    Workspace,
)
from consult.services import access, accounts, audit, invitations


class NoAccount(LookupError):
    """Nobody has an account with that address: somebody has to be invited."""


class NotAMember(LookupError):
    """The person does not work for the organisation, or not any more."""


def of_organisation(session: Session, organisation: Organisation) -> list[Account]:
    """An organisation's people, by address."""
    wanted = (
        select(Account)
        .join(OrganisationMember, OrganisationMember.account_id == Account.id)
        .where(OrganisationMember.organisation_id == organisation.id)
    )
    return list(session.scalars(wanted.order_by(Account.email)))


def organisations_of(session: Session, account: Account) -> list[Organisation]:
    """The organisations that an account works for, by name."""
    wanted = (
        select(Organisation)
        .join(OrganisationMember, OrganisationMember.organisation_id == Organisation.id)
        .where(OrganisationMember.account_id == account.id)
    )
    return list(session.scalars(wanted.order_by(Organisation.name, Organisation.id)))


def is_partner(session: Session, account: Account) -> bool:
    """Whether somebody holds sessions: as a partner by role, or for an organisation."""
    roles = {held.role for held in account.memberships} | access.roles_everywhere(account)
    return access.PARTNER in roles or bool(organisations_of(session, account))


def tablets_of(session: Session, organisation_ids: list[UUID]) -> list[Device]:
    """The tablets of organisations, those in use first, by name."""
    wanted = select(Device).where(Device.organisation_id.in_(organisation_ids))
    return list(
        session.scalars(wanted.order_by(Device.revoked_at.is_not(None), Device.name, Device.id))
    )


def add(
    session: Session, organisation: Organisation, email: str, *, actor: str, now: datetime
) -> Account:
    """Link the account of an address to an organisation. Done twice, it stays.

    Raises
    ------
    consult.services.accounts.NotAnEmail
        If the address cannot be one.
    NoAccount
        If nobody has an account with it.
    """
    account = accounts.find(session, email)
    if account is None:
        raise NoAccount(email)
    if session.get(OrganisationMember, (organisation.id, account.id)) is None:
        session.add(
            OrganisationMember(
                organisation_id=organisation.id,
                account_id=account.id,
                added_by=actor,
                added_at=now,
            )
        )
        session.flush()
        _note(session, organisation, account.email, "partner's person added", actor, now)
    return account


def invite(
    session: Session, organisation: Organisation, email: str, *, by: Account, now: datetime
) -> tuple[Invitation, str]:
    """Invite somebody to an account as a partner; accepting it links them to the organisation.

    Raises
    ------
    consult.services.accounts.NotAnEmail
        If the address cannot be one.
    consult.services.account_changes.NotYoursToGive
        If the person who invites is no officer of the organisation's consultation.
    """
    return invitations.invite(
        session,
        email=email,
        memberships=[(organisation.workspace_id, access.PARTNER)],
        organisation=organisation,
        by=by,
        now=now,
    )


def remove(
    session: Session, organisation: Organisation, account_id: UUID, *, actor: str, now: datetime
) -> None:
    """Let somebody not work for an organisation any more; tablets that they enrolled stay.

    Raises
    ------
    NotAMember
        If they do not, or not any more.
    """
    row = session.get(OrganisationMember, (organisation.id, account_id))
    if row is None:
        raise NotAMember(account_id)
    email = session.get_one(Account, account_id).email
    session.delete(row)
    session.flush()
    _note(session, organisation, email, "partner's person removed", actor, now)


def waiting(session: Session, organisation: Organisation, *, now: datetime) -> list[Invitation]:
    """Invitations to an organisation that can still be accepted."""
    return [
        each
        for each in invitations.pending(session)
        if each.organisation_id == organisation.id
        and invitations.standing(session, each, now) is invitations.Standing.WAITING
    ]


def _note(
    session: Session,
    organisation: Organisation,
    email: str,
    action: str,
    actor: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=session.get_one(Workspace, organisation.workspace_id).slug,
        now=now,
        partner=organisation.name,
        person=email,
    )
