"""Accounts and invitations in a world of the tests."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Account, AuditEvent, Workspace
from consult.services import account_changes, accounts, invitations, workspaces
from tests.support.consultations import NOW, World

LATER = NOW + timedelta(hours=1)
ADMIN = "ada@council.example.org"
OTHER_ADMIN = "bo@council.example.org"
OFFICER = "cy@council.example.org"
ISSUER = "https://login.council.example.org"


def make(
    world: World,
    email: str = ADMIN,
    *roles: str,
    memberships: Collection[tuple[UUID, str]] = (),
    password: str | None = "a hash",
) -> UUID:
    """An account, committed; its id."""
    with unit_of_work(world.session):
        made = accounts.create(
            world.session,
            email=email,
            name="Somebody",
            language="en",
            password_hash=password,
            roles=roles,
            memberships=memberships,
            now=NOW,
        )
        return made.id


def desk(world: World) -> Workspace:
    """The workspace of the example, committed."""
    with unit_of_work(world.session):
        return workspaces.adopt(
            world.session, world.stored, translations_by="machine", actor="test", now=NOW
        )


def account(world: World, email: str) -> Account:
    """The account of an address as the database has it, which has to be there."""
    world.session.expire_all()
    found = accounts.find(world.session, email)
    assert found is not None
    return found


def invite(
    world: World,
    email: str = "new@council.example.org",
    *,
    by: str | None = ADMIN,
    now: datetime = NOW,
    **offer: Any,
) -> str:
    """An invitation's secret, committed."""
    with unit_of_work(world.session):
        made, token = invitations.invite(
            world.session,
            email=email,
            by=None if by is None else account(world, by),
            now=now,
            **(offer or {"roles": ["officer"]}),
        )
        assert made.token_hash != token
        return token


def accept(world: World, token: str, now: datetime = LATER, **changes: Any) -> str:
    """Accept as somebody new, committed; the address of the account."""
    given: dict[str, Any] = {
        "name": "New Person",
        "language": "ur",
        "password_hash": "a hash",
        **changes,
    }
    with unit_of_work(world.session):
        return invitations.accept_anew(world.session, token, now=now, **given).email


def told(world: World, action: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Rows of the trail about one kind of act."""
    rows = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.at)
    )
    return [(row.actor, row.subject, row.details) for row in rows]


def sets_roles(
    account_id: UUID,
    roles: Collection[str],
    seen: Collection[str],
    held: Collection[str] = ("admin",),
) -> Callable[[Session], Account]:
    """What sets an account's roles in somebody's session."""
    return lambda session: account_changes.set_roles(
        session, account_id, roles, seen=seen, held=held, actor="test", now=LATER
    )
