"""The list of accounts, and one of them."""

import re

import pytest

from consult.db import unit_of_work
from consult.services import account_lists
from tests.support.invitations import (
    ADA,
    GOOD,
    acts,
    known,
    link_on,
    one,
    roles_of,
)
from tests.support.staff import PASSWORD, make_account, sign_in
from tests.support.visitors import SLUG, Visitor, in_session


@pytest.fixture
def ada(hire, desk):
    """An admin, signed in."""
    return hire("admin", email=ADA)


# The list


def test_everybody_is_listed_and_found(app, ada):
    make_account(app, "zoe@council.example.org", "viewer", name="Zoë Zed")
    page = ada.visit("accounts")
    assert "Zoë Zed zoe@council.example.org Viewer Never In use" in page.text
    assert "Ada ada@council.example.org Admin 12:00 on 1 December 2026 In use" in page.text
    assert "Zoë" not in ada.visit("accounts?q=ada").text
    assert "No account fits." in ada.visit("accounts?q=%3Cb%3E").text


def test_a_long_list_goes_on(app, ada, monkeypatch):
    for letter in "bcd":
        make_account(app, f"{letter}@council.example.org")
    search = account_lists.search
    monkeypatch.setattr(account_lists, "search", lambda *a, **k: search(*a, **k, limit=3))
    page = ada.visit("accounts")
    assert "c@council.example.org" in page.text
    assert "d@council.example.org" not in page.text
    more = re.search(r'href="([^"]+after[^"]+)"', page.html)
    assert more is not None
    page = ada.get(more[1].replace("&amp;", "&"))
    assert "d@council.example.org" in page.text
    assert "More accounts" not in page.text


# One account


def test_roles_are_changed_on_the_page_and_hold_at_once(app, ada, hire):
    colleague = hire("viewer", email="bo@council.example.org")
    assert colleague.visit("accounts").status == 403
    one(ada, app, colleague.email)
    page = ada.send("/roles", {"roles": ["admin", "viewer", "king"]})
    assert "The roles are saved." in page.text
    assert roles_of(app, colleague.email)[0] == {"admin", "viewer"}
    assert colleague.visit("accounts").status == 200


def test_a_page_that_is_out_of_date_overwrites_nothing(app, ada, hire):
    make_account(app, "bo@council.example.org", "viewer")
    stale = one(ada, app, "bo@council.example.org")
    ada.send("/roles", {"roles": ["viewer", "analyst"]})
    ada.page = stale
    page = ada.send("/roles", {"roles": ["partner"]})
    assert page.status == 422
    assert "Somebody else has changed these roles meanwhile" in page.text
    assert page.form("/roles").fields["seen"] == ["analyst,viewer"]
    assert roles_of(app, "bo@council.example.org")[0] == {"viewer", "analyst"}


def test_the_last_admin_is_told_so(app, ada):
    one(ada, app, ADA)
    page = ada.send("/roles", {"roles": ["officer"]})
    assert page.status == 422
    assert "This is the only admin who can sign in" in page.text
    assert page.form("/roles").fields["roles"] == ["officer"]
    page = ada.send("/close")
    assert page.status == 422
    assert "This is the only admin who can sign in" in page.text
    assert roles_of(app, ADA)[0] == {"admin"}


def test_closing_acts_at_once_and_can_be_undone(app, ada, hire):
    colleague = hire("viewer", email="bo@council.example.org")
    one(ada, app, colleague.email)
    assert "Nobody can sign in with it." in ada.send("/close").text
    assert colleague.visit().path == "/en/staff/account/login"
    page = colleague.send("login", {"email": colleague.email, "password": PASSWORD})
    assert page.path == "/en/staff/account/login"
    one(ada, app, colleague.email)
    assert not any("/close" in form.action for form in ada.page.forms)
    assert "The account is open again." in ada.send("/open").text
    sign_in(colleague)
    assert colleague.visit().path == "/en/staff/"
    assert (acts(app, "account closed"), acts(app, "account opened again")) == (1, 1)


def test_somebody_is_signed_out_everywhere(app, ada, hire):
    colleague = hire("viewer", email="bo@council.example.org")
    one(ada, app, colleague.email)
    assert "signed out everywhere" in ada.send("/sessions/end").text
    assert colleague.visit().path == "/en/staff/account/login"
    assert ada.visit("accounts").status == 200


def test_a_password_link_is_shown_once_and_works(app, ada):
    make_account(app, "bo@council.example.org", "viewer")
    one(ada, app, "bo@council.example.org")
    page = ada.send("/password-link")
    link = link_on(page)
    assert link
    assert "bo@council.example.org" in page.text
    assert link_on(ada.get(page.path)) == ""
    bo = Visitor(app.test_client())
    assert bo.get(link).status == 200
    page = bo.send("/reset", {"password": GOOD, "password_confirm": GOOD})
    assert page.status == 200, page.text
    with in_session(app) as session:
        changed = known(session, "bo@council.example.org")
        assert changed.password is not None
    again = Visitor(app.test_client())
    page = again.get("/en/staff/account/login")
    page = again.send("login", {"email": "bo@council.example.org", "password": GOOD})
    assert "/account/login" not in page.path


def test_lost_second_steps_are_removed(app, ada):
    make_account(app, "bo@council.example.org", "viewer")
    assert "Remove the second step" not in one(ada, app, "bo@council.example.org").text
    with in_session(app) as session, unit_of_work(session):
        found = known(session, "bo@council.example.org")
        found.tf_totp_secret, found.tf_primary_method = "secret", "authenticator"
    assert "Authenticator app" in one(ada, app, "bo@council.example.org").text
    assert "is removed" in ada.send("/second-factors/remove").text
    with in_session(app) as session:
        assert known(session, "bo@council.example.org").tf_totp_secret is None
    assert acts(app, "second factors removed") == 1


def test_roles_in_one_consultation_are_given_and_taken(app, ada):
    make_account(app, "bo@council.example.org")
    one(ada, app, "bo@council.example.org")
    page = ada.send("/memberships", {"consultation": SLUG, "role": "analyst"})
    assert "Creating a Bolder, Healthier City" in page.text
    assert roles_of(app, "bo@council.example.org") == (set(), {"analyst"})
    assert "The roles are saved." in ada.send("/memberships/remove").text
    assert roles_of(app, "bo@council.example.org") == (set(), set())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"consultation": "", "role": "viewer"}, "Choose a consultation"),
        ({"consultation": "unheard-of", "role": "viewer"}, "Choose a consultation"),
        ({"consultation": SLUG, "role": ""}, "Choose a role"),
        ({"consultation": SLUG, "role": "king"}, "Choose a role"),
    ],
)
def test_half_a_choice_is_explained(app, ada, fields, words):
    one(ada, app, ADA)
    page = ada.send("/memberships", fields)
    assert page.status == 422
    assert words in page.text


def test_an_account_that_is_not_there_is_not_found(app, ada):
    nobody = "00000000-0000-0000-0000-000000000000"
    assert ada.visit(f"accounts/{nobody}").status == 404
    page = one(ada, app, ADA)
    token = page.form("/roles").fields["csrf_token"][0]
    fields = {"csrf_token": token, "consultation": SLUG, "role": "viewer", "roles": "viewer"}
    for rest in (
        "roles", "memberships", "memberships/remove", "close", "open", "sessions/end",
        "password-link", "second-factors/remove",
    ):  # fmt: skip
        assert ada.post(ada.address(f"accounts/{nobody}/{rest}"), fields).status == 404
    withdraw = ada.address(f"accounts/invitations/{nobody}/withdraw")
    assert ada.post(withdraw, fields).status == 404
    assert ada.visit("accounts/nonsense").status == 404
