"""The council's sign-in by a sound provider, and who it is that comes back."""

import base64
import hashlib
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from joserfc.jwk import ECKey

from consult.db import unit_of_work
from consult.models import StaffSession
from consult.services import account_changes, identities
from consult.sign_in import openid, openid_fetching, openid_provider
from tests.openid.fake_provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    rsa_key,
)
from tests.openid.flow import (
    ADA,
    CALLBACK,
    assert_refused,
    come_back,
    invited,
    known,
    set_out,
    signed_in_as,
    there_and_back,
)
from tests.support.staff import make_account
from tests.support.visitors import NOON, Visitor, in_session

# The sound way


def test_who_is_proven_to_be_known_is_signed_in(app, ada, provider, visitor):
    page = there_and_back(visitor, provider)
    assert page.path == "/en/staff/"
    assert "Ada" in page.text
    with in_session(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(StaffSession)) == 1


def test_what_goes_to_the_provider_proves_where_it_comes_from(ada, provider, visitor):
    brought = set_out(visitor, provider)
    assert brought["address"] == f"{provider.issuer}/authorize"
    assert brought["tenant"] == "1"
    assert brought["client_id"] == CLIENT_ID
    assert brought["redirect_uri"] == f"http://localhost{CALLBACK}"
    assert (brought["response_type"], brought["code_challenge_method"]) == ("code", "S256")
    assert "openid" in brought["scope"].split()
    assert len({brought["state"], brought["nonce"], brought["code_challenge"]}) == 3
    come_back(visitor, brought)
    digest = hashlib.sha256(provider.form["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert challenge == brought["code_challenge"]
    assert provider.form["code"] == "a-code"
    assert provider.form["grant_type"] == "authorization_code"
    assert provider.form["redirect_uri"] == brought["redirect_uri"]
    assert provider.secret_in_header() == (CLIENT_ID, CLIENT_SECRET)
    assert "client_secret" not in provider.form


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(ada, provider, visitor):
    provider.description["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert there_and_back(visitor, provider).path == "/en/staff/"
    assert provider.authorization is None
    assert (provider.form["client_id"], provider.form["client_secret"]) == (
        CLIENT_ID,
        CLIENT_SECRET,
    )


def test_a_client_without_a_secret_sends_its_name_alone(app, settings, make_app, ada, provider):
    visitor = Visitor(make_app(replace(settings, oidc_client_secret=None)).test_client())
    assert there_and_back(visitor, provider).path == "/en/staff/"
    assert provider.authorization is None
    assert provider.form["client_id"] == CLIENT_ID
    assert "client_secret" not in provider.form


def test_the_way_back_leads_to_the_page_that_was_wanted(ada, provider, visitor):
    page = come_back(visitor, set_out(visitor, provider, next="/en/staff/account/openid"))
    assert page.path == "/en/staff/account/openid"


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:1", "/a b", "x", ""],
)
def test_the_way_back_leads_nowhere_else(ada, provider, visitor, elsewhere):
    page = come_back(visitor, set_out(visitor, provider, next=elsewhere))
    assert page.path == "/en/staff/"


def test_the_language_comes_back_too(ada, provider, visitor):
    answer = visitor.client.get("/ur/staff/account/openid/begin")
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["ui_locales"] == ["ur"]
    provider.nonce = query["nonce"][0]
    page = come_back(visitor, {"state": query["state"][0]})
    assert page.path == "/ur/staff/"


def test_the_description_and_the_keys_are_asked_for_once(ada, provider, visitor):
    for _ in range(3):
        visitor.client.delete_cookie("consult")
        assert there_and_back(visitor, provider).path == "/en/staff/"
    assert provider.asked.count("/.well-known/openid-configuration") == 1
    assert provider.asked.count("/keys") == 1


def test_new_keys_are_fetched_when_a_token_names_one(ada, provider, visitor, monkeypatch):
    assert there_and_back(visitor, provider).path == "/en/staff/"
    provider.key = rsa_key("k2")
    provider.header = {"alg": "RS256", "kid": "k2"}
    provider.keys = {"keys": [provider.key.as_dict(private=False)]}
    monkeypatch.setattr(openid_provider, "KEYS_AT_MOST_EVERY", 0)
    visitor.client.delete_cookie("consult")
    assert there_and_back(visitor, provider).path == "/en/staff/"
    assert provider.asked.count("/keys") == 2


def test_unknown_keys_do_not_make_us_ask_all_the_time(ada, provider, visitor):
    provider.header = {"alg": "RS256", "kid": "unheard-of"}
    for _ in range(3):
        assert_refused(there_and_back(visitor, provider), visitor, "not surely from Riverton Login")
    assert provider.asked.count("/keys") == 1


@pytest.mark.parametrize("kind", ["ES256", "PS256", "one key without a name"])
def test_other_sound_signatures_are_taken(ada, provider, visitor, kind):
    if kind == "ES256":
        provider.key = ECKey.generate_key("P-256", {"kid": "e", "use": "sig"})
        provider.header = {"alg": "ES256", "kid": "e", "x5u-ish": "unknown words are passed over"}
        provider.keys = {
            "keys": ["no key", {"kty": "RSA"}, {"kty": "new"}, provider.key.as_dict(private=False)]
        }
    elif kind == "PS256":
        provider.header = {"alg": "PS256", "kid": "k1"}
    else:
        provider.header = {"alg": "RS256"}
    assert there_and_back(visitor, provider).path == "/en/staff/"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": [CLIENT_ID]},
        {"aud": ["another", CLIENT_ID], "azp": CLIENT_ID},
        {"azp": CLIENT_ID},
        {"exp": NOON.timestamp() - 59},
        {"iat": NOON.timestamp() + 59},
        {"nbf": NOON.timestamp() + 59.5},
        {"name": None, "email": None},
        {"name": ["not", "text"]},
    ],
    ids=str,
)
def test_sound_claims_are_taken(ada, provider, visitor, claims):
    provider.claims = claims
    assert there_and_back(visitor, provider).path == "/en/staff/"


# Who it is


def test_a_subject_that_nobody_has_asks_for_an_invitation(app, provider, visitor):
    make_account(app, ADA, "officer")  # the address in the token, which proves nothing
    page = there_and_back(visitor, provider)
    assert_refused(page, visitor, "Ask an admin for an invitation")


def test_the_same_subject_of_another_issuer_is_somebody_else(app, provider, visitor):
    make_account(app, ADA, "officer")
    with in_session(app) as session, unit_of_work(session):
        found = known(session, ADA)
        identities.bind(session, found, "https://elsewhere.example", "subject-1", now=NOON)
    assert_refused(there_and_back(visitor, provider), visitor, "Ask an admin for an invitation")


def test_a_closed_account_stays_closed(app, ada, provider, visitor):
    make_account(app, "boss@council.example.org", "admin")
    with in_session(app) as session, unit_of_work(session):
        account_changes.deactivate(session, known(session, ada).id, actor="test", now=NOON)
    assert_refused(there_and_back(visitor, provider), visitor, "Your account here is closed")


def test_a_late_tab_that_signs_somebody_else_in_ends_the_session_before(app, ada, hire, provider):
    other = hire("viewer", email="bo@council.example.org")
    with other.client.session_transaction() as kept:
        mine = {
            name: kept.pop(name) for name in list(kept) if name in {"_user_id", "staff_session"}
        }
    brought = set_out(other, provider)
    with other.client.session_transaction() as kept:
        kept.update(mine)
    assert "Bo" in (signed_in_as(other) or "")
    page = come_back(other, brought)
    assert "Ada" in page.text
    with in_session(app) as session:
        live = session.scalars(sa.select(StaffSession).where(StaffSession.ended_at.is_(None)))
        assert [kept.account_id for kept in live] == [known(session, ada).id]


# Without it, and odd addresses


def test_without_settings_there_is_no_such_sign_in(make_app, settings, app):
    plain = Visitor(make_app(replace(settings, oidc_issuer=None)).test_client())
    for address in (
        "/en/staff/account/openid/begin",
        "/en/staff/account/openid/failed?reason=lost",
        f"{CALLBACK}?state=x&code=y",
    ):
        assert plain.get(address).status == 404


def test_odd_addresses_are_not_there(visitor):
    for address in ("begin?purpose=rule", "failed", "failed?reason=nonsense"):
        assert visitor.get(f"/en/staff/account/openid/{address}").status == 404


def test_every_trouble_has_words(visitor):
    told = {
        visitor.get(f"/en/staff/account/openid/failed?reason={each}").text
        for each in openid.Trouble
    }
    assert len(told) == len(openid.Trouble)


@pytest.mark.parametrize("planted", ["x", [1], [{"state": "s"}], {"a": 1}, [{"state": 7}]])
def test_an_odd_session_is_no_way(app, provider, visitor, planted):
    with visitor.client.session_transaction() as kept:
        kept["openid"] = planted
        kept["openid_proven"] = planted
    assert visitor.get(f"{CALLBACK}?state=s&code=c").path == "/en/staff/account/openid/failed"
    assert "Or choose a password" in visitor.get(invited(app)).text


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://login.example.org/a", True),
        ("http://127.0.0.1:9/a", True),
        ("http://localhost/a", True),
        ("http://login.example.org/a", False),
        ("ftp://login.example.org", False),
        ("https://", False),
        ("https://a@login.example.org", False),
        ("https://login.example.org/#x", False),
        ("https://login.example.org:x", False),
        ("https://ünicode.example", False),
        ("https://login.example.org/\n", False),
        (None, False),
        (7, False),
    ],
)
def test_secrets_travel_safely_or_not_at_all(address, safe):
    assert openid_fetching.is_safe(address) is safe


def test_nothing_is_fetched_from_an_unsafe_address():
    with pytest.raises(openid_fetching.ProviderMisbehaved):
        openid_fetching.get_json("file:///etc/hostname")
