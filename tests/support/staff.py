"""People who work for the council, through Flask's test client."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Account, Membership, Role, Workspace
from consult.services import consultations, workspaces
from consult.sign_in.setting_up import HASHING
from tests.support.visitors import NOON, SLUG, Page, Visitor, in_session

PASSWORD = "correct horse battery staple 7"

# Careful hashing takes a third of a second, and every test signs somebody in.
HASHING.update({"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1})


class Colleague(Visitor):
    """Somebody who is signed in; pages are named without ``/LANGUAGE/staff/``."""

    email: str

    def address(self, rest: str = "") -> str:
        return f"/{self.language}/staff/{rest}"

    def consultation(self, rest: str = "") -> Page:
        """Fetch a page of the consultation at hand."""
        return self.visit(f"consultations/{self.slug}/{rest}")


Hire = Callable[..., Colleague]


def make_account(
    app: Flask,
    email: str,
    *roles: str,
    name: str = "",
    memberships: dict[str, str] | None = None,
    password: str = PASSWORD,
) -> None:
    """An account with roles everywhere, and roles by consultation."""
    with app.test_request_context(), in_session(app) as session, unit_of_work(session):
        account = Account(
            email=email,
            name=name or email.split("@")[0].title(),
            password=hash_password(password),
            created_at=NOON,
            password_set_at=NOON,
            roles=[_role(session, role) for role in roles],
        )
        session.add(account)
        session.flush()
        for slug, role in (memberships or {}).items():
            found = workspaces.find(session, slug)
            assert found is not None
            session.add(Membership(account_id=account.id, workspace_id=found.id, role=role))


def _role(session: Session, name: str) -> Role:
    role = session.scalar(select(Role).where(Role.name == name))
    if role is None:
        role = Role(name=name)
        session.add(role)
        session.flush()
    return role


@pytest.fixture
def hire(app: Flask) -> Hire:
    """Make an account and sign in: ``hire("officer")``, ``hire(on={"slug": "viewer"})``."""

    def hire(
        *roles: str, on: dict[str, str] | None = None, email: str = "", language: str = "en"
    ) -> Colleague:
        address = email or f"{'-'.join(roles) or 'nobody'}-{uuid4().hex[:6]}@council.example.org"
        make_account(app, address, *roles, memberships=on)
        colleague = Colleague(app.test_client(), language)
        colleague.email = address
        sign_in(colleague)
        return colleague

    return hire


def sign_in(colleague: Colleague) -> None:
    """Sign in on the page, as a person does."""
    colleague.visit("account/login")
    page = colleague.send("login", {"email": colleague.email, "password": PASSWORD})
    assert page.status == 200, page.text
    assert "/account/login" not in page.path, page.text


@pytest.fixture
def desk(app: Flask) -> Workspace:
    """The workspace of the model case, opened, as after ``consult demo``."""
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        return workspaces.adopt(session, stored, translations_by="machine", actor="test", now=NOON)
