"""The way to a provider of our own and back, as a browser goes it."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode, urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Account, ExternalIdentity
from consult.services import accounts, identities, invitations
from tests.openid.fake_provider import FakeProvider
from tests.support.visitors import NOON, Page, Visitor, in_session

CALLBACK = "/staff-sign-in/openid"
ADA = "ada@council.example.org"


def known(session: Session, email: str) -> Account:
    """The account of an address, which has to be there."""
    found = accounts.find(session, email)
    assert found is not None
    return found


def bind(app: Flask, email: str, subject: str) -> None:
    """Let a subject at the provider belong to an account."""
    with in_session(app) as session, unit_of_work(session):
        found = known(session, email)
        issuer = app.config["CONSULT_SETTINGS"].oidc_issuer
        identities.bind(session, found, issuer, subject, now=NOON)


def set_out(visitor: Visitor, provider: FakeProvider, **query: str) -> dict[str, str]:
    """Go to the provider: what the browser brings there."""
    answer = visitor.client.get(f"/en/staff/account/openid/begin?{urlencode(query)}")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    address = urlsplit(answer.headers["Location"])
    brought = {name: values[0] for name, values in parse_qs(address.query).items()}
    provider.nonce = brought.get("nonce", "")
    brought["address"] = f"{address.scheme}://{address.netloc}{address.path}"
    return brought


def come_back(visitor: Visitor, brought: Mapping[str, str], **reply: str | None) -> Page:
    """Come back from the provider with a code, or as the test wants it; the page that comes."""
    query = {"state": brought["state"], "code": "a-code", **reply}
    return visitor.get(f"{CALLBACK}?{urlencode({k: v for k, v in query.items() if v is not None})}")


def there_and_back(visitor: Visitor, provider: FakeProvider, **reply: str | None) -> Page:
    """Go to the provider and come back at once."""
    return come_back(visitor, set_out(visitor, provider), **reply)


def signed_in_as(visitor: Visitor) -> str | None:
    """The name on the page of somebody who is signed in; nothing for nobody."""
    page = visitor.get("/en/staff/")
    return None if "/account/login" in page.path else page.text


def assert_refused(page: Page, visitor: Visitor, words: str) -> None:
    """Fail unless the page says so, and nobody is signed in."""
    assert page.path == "/en/staff/account/openid/failed"
    assert words in page.text, page.text
    assert signed_in_as(visitor) is None


def identity_count(app: Flask) -> int:
    """How many sign-ins at the provider belong to accounts."""
    with in_session(app) as session:
        return session.scalar(sa.select(sa.func.count()).select_from(ExternalIdentity)) or 0


def invited(app: Flask, email: str = "new@council.example.org") -> str:
    """The path of an invitation's page."""
    with in_session(app) as session, unit_of_work(session):
        _, token = invitations.invite(session, email=email, roles=["officer"], by=None, now=NOON)
    return f"/en/staff/invitation/{token}"
