"""Linking the council's sign-in to an account, joining with it, and showing again who one is."""

from dataclasses import replace
from datetime import timedelta

import pytest

from consult.db import unit_of_work
from consult.services import accounts, identities
from tests.openid.flow import (
    ADA,
    CALLBACK,
    come_back,
    identity_count,
    invited,
    known,
    set_out,
    signed_in_as,
    there_and_back,
)
from tests.support.visitors import NOON, Visitor, in_session

# Linking


def verify_path(page):
    return "/account/verify" in page.path


def test_a_signed_in_person_links_and_unlinks_it(app, hire, provider):
    officer = hire("officer", email=ADA)
    page = officer.visit("account/openid")
    assert "Go on with Riverton Login" in page.text
    brought = set_out(officer, provider, purpose="link")
    assert brought["prompt"] == "login"
    page = come_back(officer, brought)
    assert page.path == "/en/staff/account/openid"
    assert "At Riverton Login you are Pat Provider." in page.text
    assert identity_count(app) == 0
    page = officer.send("openid/link")
    assert "you can sign in here with Riverton Login" in page.text
    assert identity_count(app) == 1
    officer.client.delete_cookie("consult")
    assert "Ada" in there_and_back(officer, provider).text
    officer.visit("account/openid")
    assert "not linked any more" in officer.send("openid/unlink").text
    assert identity_count(app) == 0


def test_nothing_is_linked_without_a_sound_form(app, hire, provider):
    officer = hire("officer", email=ADA)
    come_back(officer, set_out(officer, provider, purpose="link"))
    answer = officer.client.post(officer.address("account/openid/link"), data={"csrf_token": "x"})
    assert answer.status_code == 400
    assert identity_count(app) == 0


def test_nothing_is_linked_that_was_not_just_proven(app, hire, clock, provider):
    officer = hire("officer", email=ADA)
    come_back(officer, set_out(officer, provider, purpose="link"))
    page = officer.page
    clock.now += timedelta(minutes=10, seconds=1)
    officer.page = page
    assert officer.send("openid/link").path == "/en/staff/account/openid"
    assert identity_count(app) == 0


def test_who_has_not_lately_shown_who_they_are_does_so_first(app, hire, provider):
    officer = hire("officer", email=ADA)
    come_back(officer, set_out(officer, provider, purpose="link"))
    form = officer.page.form("openid/link")
    with officer.client.session_transaction() as kept:
        kept["fs_paa"] = kept["fs_paa"] - 3600
        kept.pop("fs_gexp", None)
    assert "First show that it is you." in officer.visit("account/openid").text
    answer = officer.client.post(form.action, data=form.fields)
    assert answer.status_code == 303
    assert "/account/verify" in answer.headers["Location"]
    assert identity_count(app) == 0


def test_a_sign_in_of_somebody_else_is_not_linked(app, ada, hire, provider):
    other = hire("officer", email="bo@council.example.org")
    come_back(other, set_out(other, provider, purpose="link"))
    page = other.send("openid/link")
    assert page.status == 422
    assert "belongs to another account here already" in page.text
    assert identity_count(app) == 1


def test_the_only_way_in_cannot_be_unlinked(app, ada, provider, visitor):
    with in_session(app) as session, unit_of_work(session):
        known(session, ada).password = None
    there_and_back(visitor, provider)
    visitor.get("/en/staff/account/openid")
    page = visitor.send("openid/unlink")
    assert page.status == 422
    assert "This is the only way into your account" in page.text


# Accepting an invitation with it


def accept_there(visitor, provider, here):
    page = visitor.get(here)
    assert "Accept with Riverton Login" in page.text
    return come_back(visitor, set_out(visitor, provider, purpose="join", next=here))


def test_an_invitation_is_accepted_with_it(app, provider, visitor):
    page = accept_there(visitor, provider, invited(app))
    assert "You are Pat Provider there." in page.text
    assert page.form("/council").fields["name"] == ["Pat Provider"]
    page = visitor.send("/council", {"name": ""})
    assert page.status == 422
    assert "Write your name" in page.text
    page = visitor.send("/council", {"name": "Pat P."})
    assert page.path == "/en/staff/"
    assert "Pat P." in page.text
    with in_session(app) as session:
        made = known(session, "new@council.example.org")
        assert made.password is None
        assert identities.find(session, provider.issuer, "subject-1") is made


def test_an_invitation_is_not_accepted_by_a_forged_form(app, provider, visitor):
    page = accept_there(visitor, provider, invited(app))
    answer = visitor.client.post(page.form("/council").action, data={"name": "Pat"})
    assert answer.status_code == 422
    assert identity_count(app) == 0


def test_an_invitation_is_not_accepted_by_a_sign_in_that_is_somebody_s(app, ada, provider, visitor):
    accept_there(visitor, provider, invited(app))
    page = visitor.send("/council", {"name": "Pat"})
    assert page.status == 422
    assert "belongs to another account here already" in page.text
    with in_session(app) as session:
        assert accounts.find(session, "new@council.example.org") is None


def test_an_invitation_needs_a_proof_that_is_fresh(app, clock, provider, visitor):
    here = invited(app)
    accept_there(visitor, provider, here)
    clock.now += timedelta(minutes=11)
    page = visitor.send("/council", {"name": "Pat"})
    assert page.path == here
    assert "Or choose a password" in page.text


# Showing again who one is


def begin_again(colleague, provider):
    brought = set_out(colleague, provider, next="/en/staff/account/openid")
    assert (brought["prompt"], brought["max_age"]) == ("login", "0")
    return brought


def test_who_is_signed_in_shows_again_who_they_are(ada, provider, visitor):
    there_and_back(visitor, provider)
    with visitor.client.session_transaction() as kept:
        kept["fs_paa"] = kept["fs_paa"] - 3600
        kept.pop("fs_gexp", None)
    provider.claims = {"auth_time": NOON.timestamp()}
    assert come_back(visitor, begin_again(visitor, provider)).path == "/en/staff/account/openid"
    visitor.get("/en/staff/account/openid")
    assert "not linked any more" in visitor.send("openid/unlink").text


@pytest.mark.parametrize("signed_in_at", [None, NOON.timestamp() - 61, "now"])
def test_an_older_sign_in_there_shows_nothing(ada, provider, visitor, signed_in_at):
    there_and_back(visitor, provider)
    provider.claims = {"auth_time": signed_in_at}
    page = come_back(visitor, begin_again(visitor, provider))
    assert page.path == "/en/staff/account/openid/failed"
    assert "did not say that you signed in there just now" in page.text


def test_somebody_else_there_does_not_take_this_browser_over(app, ada, hire, provider):
    other = hire("viewer", email="bo@council.example.org")
    provider.claims = {"auth_time": NOON.timestamp()}
    page = come_back(other, begin_again(other, provider))
    assert "you are somebody else than here" in page.text
    assert "Bo" in (signed_in_as(other) or "")


def test_the_way_back_has_the_host_of_the_settings(make_app, settings, app, ada, provider):
    there = make_app(replace(settings, public_url="https://consult.example.gov.uk"))
    visitor = Visitor(there.test_client())
    brought = set_out(visitor, provider)
    assert brought["redirect_uri"] == f"https://consult.example.gov.uk{CALLBACK}"
    come_back(visitor, brought)
    assert provider.form["redirect_uri"] == brought["redirect_uri"]
