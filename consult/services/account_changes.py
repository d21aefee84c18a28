"""What others do to an account: its roles, closing it, signing it out.

Nobody gives or takes a role that they do not hold themselves; an admin may all. One admin who
can sign in always remains: whoever takes an admin away holds the row of that role until the
work is done, so that of two who do it at once the second sees what the first has done.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.models import ROLES, Account, Membership, Role, StaffSession, Workspace
from consult.models.account import account_role
from consult.services import access, accounts, audit, tokens


class NotYoursToGive(Exception):
    """Somebody would give or take a role that they do not hold; ``role`` names it."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.role = role


class LastAdmin(Exception):
    """Nobody would be left who may do everything."""


class RolesChanged(Exception):
    """Somebody else has changed the account's roles since they were read."""


def grantable(held: Collection[str]) -> frozenset[str]:
    """The roles that somebody may give and take who holds these, where they hold them.

    What a viewer may do an officer may do too, so an officer gives nothing away that is not
    theirs.
    """
    if access.ADMIN in held:
        return frozenset(ROLES)
    if access.OFFICER in held:
        return frozenset(held) | {access.VIEWER}
    return frozenset()


def set_roles(
    session: Session,
    account_id: UUID,
    roles: Collection[str],
    *,
    seen: Collection[str],
    held: Collection[str],
    actor: str,
    now: datetime,
) -> Account:
    """Give an account these roles everywhere, and no others.

    ``seen`` are those that the page showed, ``held`` those of the person who acts.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    NotYoursToGive
        If that takes or gives a role that the person does not hold.
    RolesChanged
        If the account has other roles by now than the page showed.
    LastAdmin
        If no admin would be left.
    """
    _hold_admins(session)
    account = accounts.lock(session, account_id)
    before, wanted = access.roles_everywhere(account), frozenset(roles)
    if wanted == before:
        return account
    if before != frozenset(seen):
        raise RolesChanged
    _check_grantable(before ^ wanted, held)
    if access.ADMIN in before - wanted:
        _check_other_admin(session, account)
    account.roles = [accounts.role_row(session, role) for role in accounts.in_order(wanted)]
    audit.record(
        session,
        actor=actor,
        action="roles changed",
        subject=accounts.subject_of(account.email),
        now=now,
        before=accounts.in_order(before),
        after=accounts.in_order(wanted),
    )
    return account


def add_member(
    session: Session,
    account_id: UUID,
    workspace: Workspace,
    role: str,
    *,
    held: Collection[str],
    actor: str,
    now: datetime,
) -> None:
    """Give an account a role in one consultation; one that it has is no fault.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    NotYoursToGive
        If the person who acts does not hold the role there.
    """
    account = accounts.lock(session, account_id)
    _check_grantable({role}, held)
    if session.get(Membership, (account.id, workspace.id, role)) is None:
        accounts.add_memberships(session, account, [(workspace.id, role)])
        _record_membership(session, "role given", account, workspace, role, actor, now)


def remove_member(
    session: Session,
    account_id: UUID,
    workspace: Workspace,
    role: str,
    *,
    held: Collection[str],
    actor: str,
    now: datetime,
) -> None:
    """Take a role in one consultation from an account; one that it has not is no fault.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    NotYoursToGive
        If the person who acts does not hold the role there.
    """
    account = accounts.lock(session, account_id)
    _check_grantable({role}, held)
    membership = session.get(Membership, (account.id, workspace.id, role))
    if membership is not None:
        session.delete(membership)
        session.flush()
        session.expire(account, ["memberships"])
        _record_membership(session, "role taken away", account, workspace, role, actor, now)


def deactivate(session: Session, account_id: UUID, *, actor: str, now: datetime) -> Account:
    """Close an account: nobody can sign in with it, and who is signed in is not any more.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    LastAdmin
        If no admin would be left.
    """
    _hold_admins(session)
    account = accounts.lock(session, account_id)
    if account.active:
        if access.ADMIN in access.roles_everywhere(account):
            _check_other_admin(session, account)
        account.active = False
        _end_sessions(session, account, actor, now)
        _record(session, "account closed", account, actor, now)
    return account


def reactivate(session: Session, account_id: UUID, *, actor: str, now: datetime) -> Account:
    """Open an account that was closed.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    """
    account = accounts.lock(session, account_id)
    if not account.active:
        account.active = True
        _record(session, "account opened again", account, actor, now)
    return account


def end_sessions(session: Session, account_id: UUID, *, actor: str, now: datetime) -> Account:
    """Sign an account out everywhere, and take its tokens back.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    """
    account = accounts.lock(session, account_id)
    _end_sessions(session, account, actor, now)
    _record(session, "sessions ended", account, actor, now)
    return account


def note_reset_link(session: Session, account_id: UUID, *, actor: str, now: datetime) -> Account:
    """Note that somebody has made a link by which the account's password can be set.

    Raises
    ------
    NoSuchAccount
        If there is no such account, or it is closed.
    """
    account = accounts.lock(session, account_id)
    if not account.active:
        raise accounts.NoSuchAccount(account_id)
    _record(session, "password link made", account, actor, now)
    return account


def _hold_admins(session: Session) -> None:
    """Wait until nobody else is taking an admin away, and let others wait."""
    accounts.role_row(session, access.ADMIN)
    session.execute(select(Role.id).where(Role.name == access.ADMIN).with_for_update())


def _check_other_admin(session: Session, account: Account) -> None:
    other = (
        select(Account.id)
        .join(account_role, account_role.c.account_id == Account.id)
        .join(Role, Role.id == account_role.c.role_id)
        .where(Role.name == access.ADMIN, Account.active, Account.id != account.id)
    )
    if session.scalar(other.limit(1)) is None:
        raise LastAdmin


def _check_grantable(roles: Collection[str], held: Collection[str]) -> None:
    for role in sorted(set(roles) - grantable(held)):
        raise NotYoursToGive(role)


def _end_sessions(session: Session, account: Account, actor: str, now: datetime) -> None:
    account.fs_uniquifier = uuid4().hex
    session.execute(
        update(StaffSession)
        .where(StaffSession.account_id == account.id, StaffSession.ended_at.is_(None))
        .values(ended_at=now)
    )
    tokens.revoke_all(session, account, actor=actor, now=now)


def _record(session: Session, action: str, account: Account, actor: str, now: datetime) -> None:
    audit.record(
        session, actor=actor, action=action, subject=accounts.subject_of(account.email), now=now
    )


def _record_membership(
    session: Session,
    action: str,
    account: Account,
    workspace: Workspace,
    role: str,
    actor: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=accounts.subject_of(account.email),
        now=now,
        role=role,
        consultation=workspace.slug,
    )
