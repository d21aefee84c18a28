"""Programs that read through the interface, and the tokens that people make for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from consult.db import unit_of_work
from consult.services import accounts, tokens
from consult.services.tokens import Scope
from tests.support.staff import make_account
from tests.support.visitors import NOON, SLUG, in_session

ALL = tuple(Scope)


@dataclass
class Program:
    """A program with a token, or without one."""

    client: FlaskClient
    secret: str = ""
    email: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", **options: Any) -> TestResponse:
        """Ask for an address of the interface."""
        headers = {**self.headers, **options.pop("headers", {})}
        if self.secret:
            headers.setdefault("Authorization", f"Bearer {self.secret}")
        return self.client.open(f"/api/v1/{path}", method=method, headers=headers, **options)

    def read(self, path: str, **query: str | int) -> Any:
        """Ask, and take what comes apart."""
        answer = self.ask(path, query_string=query or None)
        assert answer.status_code == 200, answer.text
        return answer.get_json()

    def here(self, path: str, **query: str | int) -> Any:
        """The same, of the consultation at hand."""
        return self.read(f"consultations/{SLUG}/{path}", **query)


Install = Callable[..., Program]


@pytest.fixture
def install(app: Flask) -> Install:
    """A program of somebody: ``install("analyst", scopes=[Scope.THEMES])``."""

    def install(
        *roles: str,
        scopes: Sequence[Scope] = ALL,
        on: dict[str, str] | None = None,
        lasts: timedelta = timedelta(days=30),
    ) -> Program:
        email = f"{'-'.join(roles) or 'nobody'}-{uuid4().hex[:6]}@council.example.org"
        make_account(app, email, *roles, memberships=on)
        with in_session(app) as session, unit_of_work(session):
            account = accounts.find(session, email)
            assert account is not None
            _, secret = tokens.make(
                session, account, name="statistics", scopes=scopes, lasts=lasts, now=NOON
            )
        return Program(app.test_client(), secret, email)

    return install


@pytest.fixture
def stranger(app: Flask) -> Program:
    """A program without a token."""
    return Program(app.test_client())
