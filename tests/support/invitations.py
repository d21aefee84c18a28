"""Pages about accounts, as admins and newcomers use them."""

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from consult.models import Account, AuditEvent
from consult.services import access, accounts, workspaces
from tests.support.staff import Colleague
from tests.support.visitors import SLUG, Page, Visitor, in_session

ADA = "ada@council.example.org"
NEW = "new@council.example.org"
GOOD = "kettle meadow orbit sandal"
PEOPLE = f"consultations/{SLUG}/people"


def known(session: Session, email: str) -> Account:
    """The account of an address, which has to be there."""
    found = accounts.find(session, email)
    assert found is not None
    return found


def account_id(app: Flask, email: str) -> UUID:
    """Of the account of an address."""
    with in_session(app) as session:
        return known(session, email).id


def roles_of(app: Flask, email: str) -> tuple[set[str], set[str]]:
    """Roles everywhere, and in the model case."""
    with in_session(app) as session:
        found = known(session, email)
        here = workspaces.find(session, SLUG)
        assert here is not None
        mine = {held.role for held in found.memberships if held.workspace_id == here.id}
        return set(access.roles_everywhere(found)), mine


def acts(app: Flask, action: str) -> int:
    """How often the trail tells of an act."""
    with in_session(app) as session:
        rows = sa.select(sa.func.count()).select_from(AuditEvent)
        return session.scalar(rows.where(AuditEvent.action == action)) or 0


def one(colleague: Colleague, app: Flask, email: str) -> Page:
    """The page of one account."""
    return colleague.visit(f"accounts/{account_id(app, email)}")


def link_on(page: Page) -> str:
    """The path of the link that a page shows; empty where it shows none."""
    found = re.search(r"data-code>([^<]+)<", page.html)
    return "" if found is None else urlsplit(found[1]).path


def invite(ada: Colleague, email: str = NEW, **fields: Any) -> Page:
    """Invite somebody on the page."""
    ada.visit("accounts/invite")
    return ada.send("accounts/invite", {"email": email, **(fields or {"roles": ["officer"]})})


def join(visitor: Visitor, **changes: Any) -> Page:
    """Send the form of the invitation that the visitor looks at."""
    return visitor.send(
        "/invitation/",
        {"name": "New Person", "password": GOOD, "password_again": GOOD, **changes},
    )
