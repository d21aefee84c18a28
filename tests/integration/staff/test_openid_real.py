"""The council's sign-in against a real provider, run on this machine."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from consult.db import unit_of_work
from consult.services import accounts, identities, invitations
from tests.openid.real_provider import CLIENT_ID, CLIENT_SECRET, Person, running_provider
from tests.support.visitors import NOON, Visitor, in_session

REDIRECT_URI = "http://localhost/staff-sign-in/openid"


@pytest.fixture(params=["client_secret_basic", "client_secret_post"])
def issuer(request):
    with running_provider(request.config, REDIRECT_URI, request.param) as issuer:
        yield issuer


@pytest.fixture
def people(app, make_app, settings, issuer):
    """Makes visitors of an application that knows the provider and has the real time."""
    configured = make_app(
        replace(
            settings,
            oidc_issuer=issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=CLIENT_SECRET,
        )
    )
    configured.config.pop("CONSULT_CLOCK")
    return lambda: Visitor(configured.test_client())


def go(visitor, there, person, name):
    """From one of our pages over the provider's and back."""
    answer = visitor.client.get(there)
    assert answer.status_code == 303
    back = urlsplit(person.sign_in(answer.headers["Location"], name))
    assert back.path == "/staff-sign-in/openid"
    assert parse_qs(back.query)["iss"] == [person._issuer]
    return visitor.get(f"{back.path}?{back.query}")


def invite(app):
    from consult.views.clock import now

    with in_session(app) as session, unit_of_work(session):
        with app.app_context():
            app.config.pop("CONSULT_CLOCK", None)
            moment = now()
        _, token = invitations.invite(
            session, email="pat@council.example.org", roles=["officer"], by=None, now=moment
        )
    return f"/en/staff/invitation/{token}"


def test_from_an_invitation_to_signing_in_every_day(app, issuer, people):
    here = invite(app)
    newcomer, pat = people(), Person(issuer)
    assert "Accept with the council’s sign-in" in newcomer.get(here).text
    page = go(newcomer, f"/en/staff/account/openid/begin?purpose=join&next={here}", pat, "pat")
    assert page.path == here
    assert "You are pat of the council there." in page.text
    page = newcomer.send("/council")
    assert (page.status, page.path) == (200, "/en/staff/")
    with in_session(app) as session:
        made = accounts.find(session, "pat@council.example.org")
        assert made is not None
        assert identities.find(session, issuer, "pat") is made
        assert made.created_at > NOON.replace(year=2020)
    another_day = people()
    page = go(another_day, "/en/staff/account/openid/begin", pat, "pat")
    assert page.path == "/en/staff/"
    assert "pat of the council" in page.text


def test_somebody_unknown_is_not_let_in_whatever_their_address(app, issuer, people):
    stranger = people()
    page = go(stranger, "/en/staff/account/openid/begin", Person(issuer), "mallory")
    assert page.path == "/en/staff/account/openid/failed"
    assert "Ask an admin for an invitation" in page.text
    assert stranger.get("/en/staff/").path == "/en/staff/account/login"


def test_a_wrong_secret_is_explained(issuer, settings, make_app, app):
    wrong = make_app(
        replace(settings, oidc_issuer=issuer, oidc_client_id=CLIENT_ID, oidc_client_secret="wrong")
    )
    visitor = Visitor(wrong.test_client())
    page = go(visitor, "/en/staff/account/openid/begin", Person(issuer), "pat")
    assert "is not set up rightly" in page.text


def test_who_turns_back_there_is_told(issuer, people):
    visitor = people()
    answer = visitor.client.get("/en/staff/account/openid/begin")
    asked = answer.headers["Location"] + "&prompt=none"
    back = urlsplit(Person(issuer).sign_in(asked, "pat"))
    assert parse_qs(back.query)["error"] == ["login_required"]
    page = visitor.get(f"{back.path}?{back.query}")
    assert "You came back from the council’s sign-in without having signed in" in page.text
