"""Linking the council's sign-in to an account, joining with it, and showing again who one is."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.db import unit_of_work
from consult.models import Passkey, StaffSession
from consult.services import accounts, identities
from consult.sign_in.passkeys import KIND
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
from tests.support.staff import sign_in
from tests.support.visitors import NOON, Visitor, in_session

# Linking


def begin_again(colleague, provider):
    brought = set_out(colleague, provider, next="/en/staff/account/openid")
    assert (brought["prompt"], brought["max_age"]) == ("login", "0")
    return brought


def show_again(visitor, provider):
    """Sign in at the provider anew, as it says itself."""
    provider.claims = {"auth_time": NOON.timestamp()}
    page = come_back(visitor, begin_again(visitor, provider))
    assert page.path == "/en/staff/account/openid"


def a_passkey():
    return Passkey(
        credential_id=b"phone",
        public_key=b"key",
        backup_state=False,
        device_type="single_device",
        name="Phone",
        usage=KIND,
        create_datetime=NOON,
        lastuse_datetime=NOON,
    )


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
    show_again(officer, provider)
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
    show_again(visitor, provider)
    page = visitor.send("openid/unlink")
    assert page.status == 422
    assert "This is the only way into your account" in page.text
    assert identity_count(app) == 1


def test_who_has_a_passkey_may_unlink_it_without_a_password(app, ada, provider, visitor):
    with in_session(app) as session, unit_of_work(session):
        account = known(session, ada)
        account.password = None
        account.webauthn.append(a_passkey())
    there_and_back(visitor, provider)
    show_again(visitor, provider)
    assert "not linked any more" in visitor.send("openid/unlink").text
    assert identity_count(app) == 0


def test_who_signs_in_there_may_remove_their_last_passkey(
    make_app, settings, app, ada, provider, visitor
):
    """The second step that a role needs is the provider's matter, for there is no password."""
    with in_session(app) as session, unit_of_work(session):
        account = known(session, ada)
        account.password = None
        account.webauthn.append(a_passkey())
    strict = Visitor(make_app(replace(settings, second_factor="required")).test_client())
    there_and_back(strict, provider)
    show_again(strict, provider)
    strict.get("/en/staff/account/wan-register")
    assert "The passkey Phone is removed." in strict.send("wan-delete").text
    with in_session(app) as session:
        assert known(session, ada).webauthn == []


def test_what_was_proven_there_serves_once(app, hire, provider):
    officer = hire("officer", email=ADA)
    come_back(officer, set_out(officer, provider, purpose="link"))
    officer.send("openid/link")
    officer.send("openid/unlink")
    page = officer.visit("account/openid")
    assert "Go on with Riverton Login" in page.text
    assert "you are Pat Provider" not in page.text


@pytest.mark.parametrize("leave", ["sign out", "lose the session"])
def test_what_one_person_proved_is_not_linked_by_the_next(app, hire, provider, leave):
    """Pat shows who they are on a shared computer and goes; Bo, who comes next, is not Pat."""
    officer = hire("officer", email=ADA)
    come_back(officer, set_out(officer, provider, purpose="link"))
    if leave == "sign out":
        officer.send("logout")
    hire("officer", email="bo@council.example.org")
    officer.email = "bo@council.example.org"
    if leave == "lose the session":
        with in_session(app) as session, unit_of_work(session):
            for begun in session.scalars(sa.select(StaffSession)):
                begun.ended_at = NOON
    sign_in(officer)
    page = officer.visit("account/openid")
    assert "Go on with Riverton Login" in page.text
    assert "Pat Provider" not in page.text


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
    visitor.get("/en/staff/account/openid")
    assert visitor.send("openid/unlink").path == "/en/staff/account/verify"
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


def test_being_let_in_there_unasked_shows_nothing(app, ada, provider, visitor):
    there_and_back(visitor, provider)
    visitor.get("/en/staff/account/openid")
    assert visitor.send("openid/unlink").path == "/en/staff/account/verify"
    assert identity_count(app) == 1


def test_nor_does_it_where_somebody_had_just_shown_who_they_are(app, hire, provider):
    officer = hire("officer", email=ADA)
    come_back(officer, set_out(officer, provider, purpose="link"))
    officer.send("openid/link")
    officer.send("logout")
    brought = set_out(officer, provider)
    sign_in(officer)
    come_back(officer, brought)
    officer.visit("account/openid")
    assert officer.send("openid/unlink").path == "/en/staff/account/verify"


def test_who_is_signed_in_shows_again_who_they_are(app, ada, provider, visitor):
    there_and_back(visitor, provider)
    show_again(visitor, provider)
    assert "not linked any more" in visitor.send("openid/unlink").text
    assert identity_count(app) == 0


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
