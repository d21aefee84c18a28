"""Accounts of people who work here: making them, what they may do, and closing them.

Nobody gives or takes a role that they do not hold themselves; an admin may all. One admin who
can sign in always remains: whoever takes an admin away holds the row of that role until the
work is done, so that of two who do it at once the second sees what the first has done.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID, uuid4

import email_validator
from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import ROLES, Account, Membership, Role, StaffSession, Workspace
from consult.models.account import account_role
from consult.services import access, audit

EMAIL_LENGTH_LIMIT = 190
"""So that the audit trail can name an account in full."""

NAME_LENGTH_LIMIT = 200


class NotAnEmail(ValueError):
    """What was entered cannot be an e-mail address."""


class EmailTaken(ValueError):
    """There is an account with that e-mail address."""


class NoSuchAccount(LookupError):
    """There is no account of that id or address."""


class NotYoursToGive(Exception):
    """Somebody would give or take a role that they do not hold; ``role`` names it."""

    def __init__(self, role: str) -> None:
        super().__init__(role)
        self.role = role


class LastAdmin(Exception):
    """Nobody would be left who may do everything."""


class RolesChanged(Exception):
    """Somebody else has changed the account's roles since they were read."""


def normal_email(text: str) -> str:
    """An e-mail address in the one form in which accounts keep it.

    Raises
    ------
    NotAnEmail
        If it cannot be one.
    """
    try:
        checked = email_validator.validate_email(text.strip(), check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise NotAnEmail(text) from None
    email = checked.normalized.lower()
    if len(email) > EMAIL_LENGTH_LIMIT:
        raise NotAnEmail(text)
    return email


def subject_of(email: str) -> str:
    """What the audit trail calls an account."""
    return f"account {email}"


def find(session: Session, email: str) -> Account | None:
    """The account of an e-mail address, if there is one."""
    return session.scalar(select(Account).where(Account.email == normal_email(email)))


def get(session: Session, account_id: UUID) -> Account:
    """The account of that id.

    Raises
    ------
    NoSuchAccount
        If there is none.
    """
    account = session.get(Account, account_id)
    if account is None:
        raise NoSuchAccount(account_id)
    return account


def members(session: Session, workspace_id: UUID) -> list[tuple[Account, list[str]]]:
    """Who works on one consultation only, with their roles there."""
    people: dict[str, tuple[Account, list[str]]] = {}
    rows = session.execute(
        select(Account, Membership.role)
        .join(Membership, Membership.account_id == Account.id)
        .where(Membership.workspace_id == workspace_id)
        .order_by(Account.email)
    )
    for account, role in rows:
        people.setdefault(account.email, (account, []))[1].append(role)
    return [(account, in_order(roles)) for account, roles in people.values()]


def working_everywhere(session: Session) -> list[Account]:
    """Accounts in use whose roles hold in every consultation, by address."""
    return list(
        session.scalars(
            select(Account)
            .where(Account.active, exists().where(account_role.c.account_id == Account.id))
            .order_by(Account.email)
        )
    )


def in_order(roles: Iterable[str]) -> list[str]:
    """Roles in the order in which they are always shown."""
    held = set(roles)
    return [role for role in ROLES if role in held]


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


def create(
    session: Session,
    *,
    email: str,
    name: str,
    language: str,
    password_hash: str | None,
    roles: Collection[str],
    memberships: Collection[tuple[UUID, str]] = (),
    actor: str | None = None,
    now: datetime,
) -> Account:
    """Make an account; the trail names its owner as the one who acts where nobody else is.

    Raises
    ------
    NotAnEmail
        If the address cannot be one.
    EmailTaken
        If there is an account with it.
    """
    email = normal_email(email)
    account = Account(
        email=email,
        name=name.strip()[:NAME_LENGTH_LIMIT],
        language=language,
        password=password_hash,
        created_at=now,
        password_set_at=now if password_hash else None,
        roles=[_role(session, role) for role in in_order(roles)],
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:  # also where two come at once
        raise EmailTaken(email) from None
    add_memberships(session, account, memberships)
    audit.record(
        session,
        actor=actor or email,
        action="account made",
        subject=subject_of(email),
        now=now,
        roles=in_order(roles),
        consultations=named(session, memberships),
    )
    return account


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
    account = _lock(session, account_id)
    before, wanted = access.roles_everywhere(account), frozenset(roles)
    if wanted == before:
        return account
    if before != frozenset(seen):
        raise RolesChanged
    _check_grantable(before ^ wanted, held)
    if access.ADMIN in before - wanted:
        _check_other_admin(session, account)
    account.roles = [_role(session, role) for role in in_order(wanted)]
    audit.record(
        session,
        actor=actor,
        action="roles changed",
        subject=subject_of(account.email),
        now=now,
        before=in_order(before),
        after=in_order(wanted),
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
    account = _lock(session, account_id)
    _check_grantable({role}, held)
    if session.get(Membership, (account.id, workspace.id, role)) is None:
        add_memberships(session, account, [(workspace.id, role)])
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
    account = _lock(session, account_id)
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
    account = _lock(session, account_id)
    if account.active:
        if access.ADMIN in access.roles_everywhere(account):
            _check_other_admin(session, account)
        account.active = False
        _end_sessions(session, account, now)
        _record(session, "account closed", account, actor, now)
    return account


def reactivate(session: Session, account_id: UUID, *, actor: str, now: datetime) -> Account:
    """Open an account that was closed.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    """
    account = _lock(session, account_id)
    if not account.active:
        account.active = True
        _record(session, "account opened again", account, actor, now)
    return account


def end_sessions(session: Session, account_id: UUID, *, actor: str, now: datetime) -> Account:
    """Sign an account out everywhere.

    Raises
    ------
    NoSuchAccount
        If there is no such account.
    """
    account = _lock(session, account_id)
    _end_sessions(session, account, now)
    _record(session, "sessions ended", account, actor, now)
    return account


def note_reset_link(session: Session, account_id: UUID, *, actor: str, now: datetime) -> Account:
    """Note that somebody has made a link by which the account's password can be set.

    Raises
    ------
    NoSuchAccount
        If there is no such account, or it is closed.
    """
    account = _lock(session, account_id)
    if not account.active:
        raise NoSuchAccount(account_id)
    _record(session, "password link made", account, actor, now)
    return account


def add_memberships(
    session: Session, account: Account, memberships: Iterable[tuple[UUID, str]]
) -> None:
    """Add roles in consultations that are there, without asking who gives them."""
    for workspace_id, role in memberships:
        held = session.get(Membership, (account.id, workspace_id, role))
        if held is None and session.get(Workspace, workspace_id) is not None:
            session.add(Membership(account_id=account.id, workspace_id=workspace_id, role=role))
    session.flush()
    session.expire(account, ["memberships"])


def add_roles(session: Session, account: Account, roles: Iterable[str]) -> None:
    """Add roles everywhere, without asking who gives them."""
    account = _lock(session, account.id)
    wanted = access.roles_everywhere(account) | frozenset(roles)
    account.roles = [_role(session, role) for role in in_order(wanted)]
    session.flush()


def named(session: Session, memberships: Iterable[tuple[UUID, str]]) -> dict[str, list[str]]:
    """Roles by the name of each consultation that is there, as the audit trail tells them."""
    told: dict[str, list[str]] = {}
    for workspace_id, role in memberships:
        workspace = session.get(Workspace, workspace_id)
        if workspace is not None:
            told.setdefault(workspace.slug, []).append(role)
    return told


def _lock(session: Session, account_id: UUID) -> Account:
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NoSuchAccount(account_id)
    return account


def _role(session: Session, name: str) -> Role:
    """The row of a role, made where it was never given before."""
    is_sqlite = session.connection().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    session.execute(
        insert(Role)
        .values(id=uuid4(), name=name)
        .on_conflict_do_nothing(index_elements=[Role.name])
    )
    return session.scalars(select(Role).where(Role.name == name)).one()


def _hold_admins(session: Session) -> None:
    """Wait until nobody else is taking an admin away, and let others wait."""
    _role(session, access.ADMIN)
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


def _end_sessions(session: Session, account: Account, now: datetime) -> None:
    account.fs_uniquifier = uuid4().hex
    session.execute(
        update(StaffSession)
        .where(StaffSession.account_id == account.id, StaffSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def _record(session: Session, action: str, account: Account, actor: str, now: datetime) -> None:
    audit.record(session, actor=actor, action=action, subject=subject_of(account.email), now=now)


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
        subject=subject_of(account.email),
        now=now,
        role=role,
        consultation=workspace.slug,
    )
