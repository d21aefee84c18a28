"""Who may do what: roles that hold everywhere, and roles in one consultation."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Account, Membership, Workspace

ADMIN = "admin"
OFFICER = "officer"
ANALYST = "analyst"
PARTNER = "partner"
VIEWER = "viewer"

READERS = (OFFICER, ANALYST, VIEWER)
"""Who may look at a consultation in the making; partners meet it in their sessions only."""

ANALYSTS = (OFFICER, ANALYST)
"""Who may read and judge what people wrote, and see exact small numbers."""

EDITORS = (OFFICER,)
"""Who may change and open a consultation."""


def roles_everywhere(account: Account) -> frozenset[str]:
    """Names of the roles that an account has in every consultation."""
    return frozenset(role.name for role in account.roles)


def roles_in(account: Account, workspace_id: UUID) -> frozenset[str]:
    """Names of the roles that an account has in one consultation, general ones among them."""
    here = (held.role for held in account.memberships if held.workspace_id == workspace_id)
    return roles_everywhere(account) | frozenset(here)


def allows(held: Collection[str], wanted: Collection[str]) -> bool:
    """Whether one of the wanted roles is held; an admin may do everything."""
    return ADMIN in held or not set(wanted).isdisjoint(held)


def visible_workspaces(session: Session, account: Account) -> list[Workspace]:
    """The consultations that an account may look at, the one changed last first."""
    wanted = select(Workspace).order_by(Workspace.changed_at.desc(), Workspace.slug)
    if not allows(roles_everywhere(account), READERS):
        mine = select(Membership.workspace_id).where(
            Membership.account_id == account.id, Membership.role.in_((ADMIN, *READERS))
        )
        wanted = wanted.where(Workspace.id.in_(mine))
    return list(session.scalars(wanted))
