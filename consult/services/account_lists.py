"""Lists for admins: accounts with their last use, and consultations to choose from."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from consult.models import Account, StaffSession, Workspace


@dataclass(frozen=True, slots=True)
class Listed:
    """One account in a list, with when it was last used."""

    account: Account
    seen_at: datetime | None


def search(
    session: Session, text: str = "", *, after: str = "", limit: int = 50
) -> tuple[list[Listed], bool]:
    """Accounts whose name or address contains a text, by address; and whether more follow."""
    last_seen = func.max(StaffSession.seen_at)
    wanted = (
        select(Account, last_seen)
        .outerjoin(StaffSession, StaffSession.account_id == Account.id)
        .where(Account.email > after)
        .group_by(Account.id)
        .order_by(Account.email)
        .limit(limit + 1)
    )
    if text:
        wanted = wanted.where(
            or_(
                Account.email.icontains(text, autoescape=True),
                Account.name.icontains(text, autoescape=True),
            )
        )
    found = [Listed(account, seen_at) for account, seen_at in session.execute(wanted)]
    return found[:limit], len(found) > limit


def last_seen(session: Session, account_id: UUID) -> datetime | None:
    """When an account was last used."""
    return session.scalar(
        select(func.max(StaffSession.seen_at)).where(StaffSession.account_id == account_id)
    )


def every_workspace(session: Session) -> list[Workspace]:
    """All consultations, for an admin to choose from, the one changed last first."""
    return list(
        session.scalars(select(Workspace).order_by(Workspace.changed_at.desc(), Workspace.slug))
    )
