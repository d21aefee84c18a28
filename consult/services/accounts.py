"""Accounts of people who work here: finding them, making them, and the roles they begin with.

What others do to an account later is in :mod:`consult.services.account_changes`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID, uuid4

import email_validator
from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import ROLES, Account, Membership, Role, Workspace
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
        roles=[role_row(session, role) for role in in_order(roles)],
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
    account = lock(session, account.id)
    wanted = access.roles_everywhere(account) | frozenset(roles)
    account.roles = [role_row(session, role) for role in in_order(wanted)]
    session.flush()


def named(session: Session, memberships: Iterable[tuple[UUID, str]]) -> dict[str, list[str]]:
    """Roles by the name of each consultation that is there, as the audit trail tells them."""
    told: dict[str, list[str]] = {}
    for workspace_id, role in memberships:
        workspace = session.get(Workspace, workspace_id)
        if workspace is not None:
            told.setdefault(workspace.slug, []).append(role)
    return told


def lock(session: Session, account_id: UUID) -> Account:
    """The account of that id, its row held until the unit of work ends.

    Raises
    ------
    NoSuchAccount
        If there is none.
    """
    account = session.get(Account, account_id, with_for_update=True, populate_existing=True)
    if account is None:
        raise NoSuchAccount(account_id)
    return account


def role_row(session: Session, name: str) -> Role:
    """The row of a role, made where it was never given before."""
    is_sqlite = session.connection().dialect.name == "sqlite"
    insert = sqlite.insert if is_sqlite else postgresql.insert
    session.execute(
        insert(Role)
        .values(id=uuid4(), name=name)
        .on_conflict_do_nothing(index_elements=[Role.name])
    )
    return session.scalars(select(Role).where(Role.name == name)).one()
