"""The people of one consultation."""

import re

import pytest

from consult.services import invitations
from tests.support.invitations import (
    ADA,
    NEW,
    PEOPLE,
    account_id,
    invite,
    join,
    link_on,
    roles_of,
)
from tests.support.staff import make_account
from tests.support.visitors import SLUG, Visitor, in_session


@pytest.fixture
def ada(hire, desk):
    """An admin, signed in."""
    return hire("admin", email=ADA)


# The people of one consultation


@pytest.mark.parametrize("role", ["admin", "officer"])
def test_officers_add_colleagues_who_have_accounts(app, desk, hire, role):
    make_account(app, "bo@council.example.org")
    officer = hire(on={SLUG: role})
    officer.visit(PEOPLE)
    page = officer.send("/people/add", {"email": "Bo@council.example.org", "role": "viewer"})
    assert "The person is added." in page.text
    assert roles_of(app, "bo@council.example.org") == (set(), {"viewer"})
    page = officer.send(
        "/people/remove",
        {"account": str(account_id(app, "bo@council.example.org")), "role": "viewer"},
    )
    assert "The role is taken away." in page.text
    assert roles_of(app, "bo@council.example.org") == (set(), set())


def test_an_officer_gives_no_role_that_they_do_not_hold(app, desk, hire):
    make_account(app, "bo@council.example.org", memberships={SLUG: "analyst"})
    officer = hire(on={SLUG: "officer"})
    page = officer.visit(PEOPLE)
    assert page.form("/people/add").values["role"] == ["officer", "viewer"]
    page = officer.send("/people/add", {"email": "bo@council.example.org", "role": "admin"})
    assert page.status == 422
    assert "You may not give or take this role: Admin." in page.text
    page = officer.send(
        "/people/remove",
        {"account": str(account_id(app, "bo@council.example.org")), "role": "analyst"},
    )
    assert "You may not give or take this role: Analyst." in page.text
    assert roles_of(app, "bo@council.example.org") == (set(), {"analyst"})


def test_an_officer_invites_nobody_new(app, desk, hire):
    officer = hire(on={SLUG: "officer"})
    officer.visit(PEOPLE)
    page = officer.send("/people/add", {"email": NEW, "role": "viewer"})
    assert page.status == 422
    assert "ask an admin to invite them" in page.text
    assert page.form("/people/add").fields["email"] == [NEW]
    assert page.form("/people/add").fields["role"] == ["viewer"]


def test_an_admin_of_the_consultation_invites_to_it(app, desk, hire, visitor):
    boss = hire(on={SLUG: "admin"})
    boss.visit(PEOPLE)
    page = boss.send("/people/add", {"email": NEW, "role": "analyst", "language": "pl"})
    link = link_on(page)
    assert link.startswith("/pl/staff/invitation/")
    assert f"{NEW} : Analyst." in page.text
    newcomer = Visitor(app.test_client(), "pl")
    newcomer.get(link)
    assert join(newcomer).path == "/pl/staff/"
    assert roles_of(app, NEW) == (set(), {"analyst"})


def test_an_admin_of_the_consultation_withdraws_only_its_invitations(app, ada, hire):
    elsewhere = link_on(invite(ada))
    boss = hire(on={SLUG: "admin"})
    boss.visit(PEOPLE)
    page = boss.send("/people/add", {"email": "b@council.example.org", "role": "viewer"})
    here = link_on(page)
    page = boss.visit(PEOPLE)
    assert NEW not in page.text
    withdraw = page.form("/withdraw")
    with in_session(app) as session:
        other = invitations.find(session, elsewhere.rsplit("/", 1)[1]).id
    foreign = re.sub(r"invitations/[^/]+", f"invitations/{other}", withdraw.action)
    assert boss.post(foreign, withdraw.fields).status == 404
    boss.post(withdraw.action, withdraw.fields)
    stranger = Visitor(app.test_client())
    assert stranger.get(here).status == 410
    assert stranger.get(elsewhere).status == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nobody", "role": "viewer"}, "Write an e-mail address"),
        ({"email": ADA, "role": ""}, "Choose a role"),
        ({"email": ADA, "role": "king"}, "Choose a role"),
    ],
)
def test_adding_that_lacks_something_is_explained(ada, fields, words):
    ada.visit(PEOPLE)
    page = ada.send("/people/add", fields)
    assert page.status == 422
    assert words in page.text


def test_who_takes_their_own_last_role_away_lands_at_home(app, desk, hire):
    officer = hire(on={SLUG: "officer"})
    officer.visit(PEOPLE)
    assert officer.send("/people/remove").path == "/en/staff/"
    assert officer.visit(PEOPLE).status == 404


@pytest.mark.parametrize("wrong", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_taking_a_role_from_nobody_is_not_found(ada, wrong):
    page = ada.visit(PEOPLE)
    token = page.form("/people/add").fields["csrf_token"][0]
    fields = {"account": wrong, "role": "viewer", "csrf_token": token}
    assert ada.post(ada.address(f"{PEOPLE}/remove"), fields).status == 404


def test_the_page_names_who_works_everywhere(app, ada):
    make_account(app, "zoe@council.example.org", "officer", name="Zoë")
    assert "Zoë : Officer" in ada.visit(PEOPLE).text
