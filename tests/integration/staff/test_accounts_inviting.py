"""From an invitation on the page to a newcomer at the desk."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.models import Invitation, StaffSession
from tests.support.invitations import (
    ADA,
    GOOD,
    NEW,
    PEOPLE,
    invite,
    join,
    known,
    link_on,
    one,
    roles_of,
)
from tests.support.mail_server import running_mail_server
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import SLUG, Visitor, in_session


@pytest.fixture
def ada(hire, desk):
    """An admin, signed in."""
    return hire("admin", email=ADA)


# Inviting and joining


def test_an_invitation_goes_from_the_page_to_the_desk(app, ada, visitor):
    page = invite(ada, roles=["analyst"], consultation=SLUG, role="officer", name="Nura")
    link = link_on(page)
    assert link
    assert f"{NEW}" in page.text
    assert "Analyst Creating a Bolder, Healthier City : Officer" in page.text
    assert link_on(ada.visit("accounts")) == ""
    page = visitor.get(link)
    assert "ada@council.example.org invites new@council.example.org" in page.text
    assert "In every consultation: Analyst" in page.text
    assert "In “Creating a Bolder, Healthier City”: Officer" in page.text
    assert page.form("/invitation/").fields["name"] == ["Nura"]
    page = join(visitor, name=" Nura  Ali\x07 ")
    assert (page.status, page.path) == (200, "/en/staff/")
    assert "Nura Ali" in page.text
    assert roles_of(app, NEW) == ({"analyst"}, {"officer"})
    assert "None." in ada.visit("accounts").text
    with in_session(app) as session:
        signed_in = session.scalars(sa.select(StaffSession.account_id)).all()
        assert known(session, NEW).id in signed_in


def test_looking_uses_nothing_up(app, ada, visitor):
    link = link_on(invite(ada))
    for _ in range(3):
        assert Visitor(app.test_client()).get(link).status == 200
    visitor.get(link)
    assert join(visitor).path == "/en/staff/"


def test_the_newcomer_is_welcomed_in_their_language(app, ada):
    page = invite(ada, roles=["viewer"], language="ur")
    link = link_on(page)
    assert link.startswith("/ur/staff/invitation/")
    newcomer = Visitor(app.test_client(), "ur")
    assert 'dir="rtl"' in newcomer.get(link).html
    assert join(newcomer).path == "/ur/staff/"
    with in_session(app) as session:
        assert known(session, NEW).language == "ur"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "  "}, "Write your name"),
        ({"name": "n" * 201}, "Write a shorter name: we can take up to 200 characters"),
        ({"password": "short", "password_again": "short"}, "12"),
        ({"password": "", "password_again": ""}, "12"),
        ({"password_again": GOOD + "x"}, "Write the same password a second time"),
    ],
)
def test_what_does_not_fit_is_explained_and_the_name_kept(app, ada, visitor, changes, words):
    link = link_on(invite(ada))
    visitor.get(link)
    page = join(visitor, **changes)
    assert page.status == 422
    assert words in page.text
    kept = " ".join(changes.get("name", "New Person").split())
    assert page.form("/invitation/").fields["name"] == [kept]
    assert page.form("/invitation/").fields["password"] == [""]
    assert GOOD not in page.html
    assert join(visitor).path == "/en/staff/"


def test_a_forged_form_makes_no_account(app, ada, visitor):
    link = link_on(invite(ada))
    visitor.get(link)
    page = join(visitor, csrf_token="forged")
    assert page.status == 422
    assert "press the button once more" in page.text
    assert page.form("/invitation/").fields["name"] == ["New Person"]
    assert join(visitor).path == "/en/staff/"


def test_a_used_link_says_so(app, ada, visitor):
    link = link_on(invite(ada))
    visitor.get(link)
    form = visitor.page
    join(visitor)
    second = Visitor(app.test_client())
    page = second.get(link)
    assert page.status == 410
    assert "It was used already." in page.text
    visitor.page = form
    assert join(visitor).status == 410


def test_a_withdrawn_link_says_so(app, ada, visitor):
    link = link_on(invite(ada))
    visitor.get(link)
    ada.visit("accounts")
    assert "None." in ada.send("/withdraw").text
    assert "It was withdrawn." in join(visitor).text
    assert "It was withdrawn." in visitor.get(link).text


def test_an_old_link_says_so_on_both_sides(app, ada, clock, visitor, hire):
    link = link_on(invite(ada))
    clock.now += timedelta(days=7)
    page = visitor.get(link)
    assert page.status == 410
    assert "works for seven days" in page.text
    sign_in(ada)
    assert "Does not work any more" in ada.visit("accounts").text


def test_a_link_of_a_former_admin_says_so(app, ada, hire, visitor):
    link = link_on(invite(ada))
    other = hire("admin", email="bo@council.example.org")
    one(other, app, ADA)
    other.send("/close")
    assert "may not invite any more" in visitor.get(link).text


def test_a_link_that_leads_nowhere_says_so(visitor):
    page = visitor.get("/en/staff/invitation/unheard-of")
    assert page.status == 404
    assert "Check the link" in page.text
    for rest in ("", "/council", "/accept"):
        answer = visitor.client.post(f"/en/staff/invitation/unheard-of{rest}")
        assert answer.status_code == 404


def test_who_has_an_account_signs_in_and_accepts(app, ada):
    make_account(app, NEW, "viewer")
    link = link_on(invite(ada))
    newcomer = Visitor(app.test_client())
    page = newcomer.get(link)
    assert "You have an account already." in page.text
    answer = newcomer.client.post(link + "/accept", data={})
    assert answer.status_code == 303
    [sign_in_first] = re.findall(r'govuk-button" href="([^"]*/login[^"]*)"', page.html)
    newcomer.get(sign_in_first.replace("&amp;", "&"))
    page = newcomer.send("login", {"email": NEW, "password": PASSWORD})
    assert page.path == link
    assert newcomer.client.post(link + "/accept", data={}).status_code == 422
    assert newcomer.send("/accept").path == "/en/staff/"
    assert roles_of(app, NEW)[0] == {"viewer", "officer"}


def test_an_invitation_for_somebody_else_is_not_accepted(app, ada, hire):
    link = link_on(invite(ada))
    other = hire("viewer", email="bo@council.example.org")
    page = other.get(link)
    assert "You are signed in as bo@council.example.org" in page.text
    token = page.form("/logout").fields["csrf_token"][0]
    other.client.post(link + "/accept", data={"csrf_token": token})
    assert roles_of(app, "bo@council.example.org")[0] == {"viewer"}
    with in_session(app) as session:
        assert session.scalar(sa.select(Invitation.accepted_at)) is None


def test_an_account_made_meanwhile_is_not_taken_over(app, ada, visitor):
    link = link_on(invite(ada))
    visitor.get(link)
    make_account(app, NEW, "viewer")
    page = join(visitor)
    assert page.path == link
    assert "You have an account already." in page.text
    assert roles_of(app, NEW)[0] == {"viewer"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"email": "nobody", "roles": ["viewer"]}, "Write an e-mail address"),
        ({"email": NEW, "roles": []}, "Choose at least one role"),
        ({"email": NEW, "roles": ["king"]}, "Choose at least one role"),
        ({"email": NEW, "roles": ["viewer"], "name": "n" * 201}, "Write a shorter name"),
        ({"email": NEW, "consultation": SLUG}, "Choose the role in that consultation"),
        ({"email": NEW, "role": "viewer"}, "Choose the consultation of that role"),
        ({"email": NEW, "role": "viewer", "consultation": "x"}, "Choose the consultation of that"),
    ],
)
def test_an_invitation_that_lacks_something_is_explained_and_kept(app, ada, fields, words):
    page = invite(ada, **fields)
    assert page.status == 422
    assert words in page.text
    assert page.form("/invite").fields["email"] == [fields["email"]]
    with in_session(app) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 0


# By e-mail


@pytest.fixture
def mail_server():
    with running_mail_server() as server:
        yield server


@pytest.fixture
def posting(app, desk, make_app, settings, mail_server):
    """The application with a mail server, and an address of its own."""
    return make_app(
        replace(
            settings,
            smtp_url=f"smtp://127.0.0.1:{mail_server.port}",
            public_url="https://consult.example.gov.uk",
        )
    )


def test_an_invitation_goes_out_by_e_mail_in_the_newcomer_s_language(posting, mail_server):
    make_account(posting, ADA, "admin", name="Ada Admin")
    ada = Colleague(posting.test_client())
    ada.email = ADA
    sign_in(ada)
    page = invite(ada, roles=["viewer"], language="pl")
    posting.extensions["consult_outbox"].wait()
    assert "An e-mail with this link is on its way to new@council.example.org." in page.text
    (letter,) = mail_server.letters
    assert letter["To"] == NEW
    text = mail_server.text()
    assert "Ada Admin" in text
    link = re.search(r"https://consult.example.gov.uk(/pl/staff/invitation/\S+)", text)
    assert link is not None
    assert link_on(page) == link[1]
    newcomer = Visitor(posting.test_client(), "pl")
    newcomer.get(link[1])
    assert join(newcomer).path == "/pl/staff/"


def test_people_of_one_consultation_are_invited_by_e_mail_too(posting, mail_server):
    make_account(posting, ADA, memberships={SLUG: "admin"})
    ada = Colleague(posting.test_client())
    ada.email = ADA
    sign_in(ada)
    ada.visit(PEOPLE)
    page = ada.send("/people/add", {"email": NEW, "role": "viewer", "language": "en"})
    posting.extensions["consult_outbox"].wait()
    assert "is on its way" in page.text
    assert str(link_on(page)) in mail_server.text()


def test_links_to_send_on_have_the_settings_host(posting):
    make_account(posting, ADA, "admin")
    ada = Colleague(posting.test_client())
    ada.email = ADA
    sign_in(ada)
    ada.get("/en/staff/accounts", headers={"Host": "evil.example"})
    one(ada, posting, ADA)
    page = ada.send("/password-link")
    assert "https://consult.example.gov.uk/en/staff/account/reset/" in page.text
