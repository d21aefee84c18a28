"""An application that knows a provider of our own, and an account that signs in there."""

from dataclasses import replace

import pytest

from consult.db import unit_of_work
from consult.services import accounts
from tests.openid.fake_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    FakeProvider,
)
from tests.openid.flow import ADA, bind
from tests.support.visitors import NOON, in_session


@pytest.fixture
def provider():
    fake = FakeProvider()
    fake.now = NOON.timestamp()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def settings(settings, provider):
    return replace(
        settings,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_name="Riverton Login",
    )


@pytest.fixture
def ada(app):
    """An account to which the provider's subject-1 belongs; it has a password that nobody has."""
    with in_session(app) as session, unit_of_work(session):
        accounts.create(
            session,
            email=ADA,
            name="Ada",
            language="en",
            password_hash="no hash of anything",
            roles=["officer"],
            now=NOON,
        )
    bind(app, ADA, "subject-1")
    return ADA
