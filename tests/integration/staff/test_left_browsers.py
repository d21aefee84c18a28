"""Browsers that somebody left open, and other sites that send forms through them."""

import pytest

from consult.services import accounts
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import in_session

OTHER = "somebody@council.example.org"


@pytest.fixture
def admin(app, hire):
    make_account(app, OTHER, "viewer")
    return hire("admin")


def forget_proof(admin):
    """As if the sign-in was long ago, and the session still lives."""
    with admin.client.session_transaction() as session:
        session["fs_paa"] = 0
        session.pop("fs_gexp", None)


@pytest.mark.parametrize("act", ["roles", "password-link", "second-factors/remove"])
def test_what_opens_an_account_asks_who_is_there(app, admin, act):
    with in_session(app) as session:
        account = accounts.find(session, OTHER)
        assert account is not None
        address = f"/en/staff/accounts/{account.id}"
    token = admin.get(address).form("roles").fields["csrf_token"][0]
    forget_proof(admin)
    page = admin.post(f"{address}/{act}", {"csrf_token": token, "roles": "admin"})
    assert page.path == "/en/staff/account/verify"
    assert "reset" not in page.html
    with in_session(app) as session:
        account = accounts.find(session, OTHER)
        assert account is not None
        assert [role.name for role in account.roles] == ["viewer"]


def test_an_invitation_asks_who_is_there(app, admin):
    token = admin.visit("accounts/invite").form("invite").fields["csrf_token"][0]
    forget_proof(admin)
    fields = {"csrf_token": token, "email": "x@council.example.org", "roles": "admin"}
    assert admin.post("/en/staff/accounts/invite", fields).path == "/en/staff/account/verify"
    assert "x@council.example.org" not in admin.visit("accounts").text


def test_who_shows_the_password_once_more_goes_on(app, admin):
    forget_proof(admin)
    admin.visit("account/verify")
    page = admin.send("verify", {"password": PASSWORD})
    assert page.status == 200
    assert admin.visit("accounts/invite").status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(
    "address", ["/en/staff/accounts/invite", "/en/bolder-healthier-city/question/who"]
)
def test_another_site_s_form_is_neither_kept_nor_answered_with_a_cookie(app, site, address):
    planted = "Planted: attacker@elsewhere.example"
    reply = app.test_client().post(
        address, data={"email": planted, "answer": planted}, headers={"Sec-Fetch-Site": site}
    )
    assert reply.status_code == 403
    assert "Planted" not in reply.text
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_forms_go_through(app, site):
    reply = app.test_client().post(
        "/en/bolder-healthier-city/question/who",
        data={"answer": "resident"},
        headers={"Sec-Fetch-Site": site},
    )
    assert reply.status_code != 403
