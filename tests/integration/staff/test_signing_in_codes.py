"""The second step: codes from an app, recovery codes, who needs one, showing again who one is."""

import re
import time
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Account, AuditEvent
from consult.services import second_factors
from tests.support.authenticator import code_of, key_on
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import NOON, SLUG, Clock, in_session

EMAIL = "anna@council.example.org"
LOGIN = "/en/staff/account/login"


@pytest.fixture
def anna(app: Flask) -> Any:
    return hired(app, "officer")


@pytest.fixture
def strict(make_app: Any, settings: Any, app: Flask) -> Flask:
    """The same installation, where a second step is required."""
    made = make_app(replace(settings, second_factor="required"))
    assert isinstance(made, Flask)
    return made


def hired(app: Flask, *roles: str, email: str = EMAIL, **more: Any) -> Any:
    make_account(app, email, *roles, name="Anna", **more)
    colleague = Colleague(app.test_client())
    colleague.email = email
    sign_in(colleague)
    return colleague


def set_app_up(colleague: Colleague, clock: Clock) -> str:
    """Set an authenticator app up, and return its key."""
    colleague.visit("account/tf-setup")
    page = colleague.send("tf-setup", {"setup": "authenticator"})
    key = key_on(page.html)
    page = colleague.send("tf-setup/", {"code": code_of(key, clock.now)})
    assert "Your authenticator app is set up." in page.text, page.text
    return key


def make_recovery_codes(colleague: Colleague) -> list[str]:
    colleague.visit("account/mf-recovery-codes")
    page = colleague.send("mf-recovery-codes", {"generate_new_codes": "1"})
    return re.findall(r"<li>([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</li>", page.html)


def password_step(colleague: Colleague) -> None:
    colleague.send("logout")
    colleague.visit("account/login")
    page = colleague.send("login", {"email": colleague.email, "password": PASSWORD})
    assert page.path != "/en/staff/", "the password alone was enough"


def stored(app: Flask) -> Account:
    with in_session(app) as session:
        return session.scalars(select(Account).where(Account.email == EMAIL)).one()


def actions(app: Flask) -> list[tuple[str, dict[str, Any]]]:
    with in_session(app) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.actor == EMAIL))
        return [(event.action, event.details) for event in events]


def test_after_setting_an_app_up_its_code_is_needed(app, anna, clock):
    key = set_app_up(anna, clock)
    password_step(anna)
    assert anna.page.path == "/en/staff/account/tf-validate"
    clock.now += timedelta(seconds=30)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert page.path == "/en/staff/"
    assert ("second factor added", {"factor": "authenticator app"}) in actions(app)
    assert ("signed in", {"way": "password and authenticator app"}) in actions(app)


def test_between_password_and_code_nothing_opens(anna, clock):
    set_app_up(anna, clock)
    password_step(anna)
    assert anna.visit().path == LOGIN
    assert anna.visit("account/").path == LOGIN


def test_the_picture_holds_the_key_and_is_drawn_in_the_page(anna):
    anna.visit("account/tf-setup")
    page = anna.send("tf-setup", {"setup": "authenticator"})
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page.html or "<svg" in page.html
    assert "data:" not in page.html


def test_no_code_works_twice(app, anna, clock):
    key = set_app_up(anna, clock)
    password_step(anna)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert page.status == 422, "the code that set it up is used up"
    assert "each code works once only" in page.text
    clock.now += timedelta(seconds=30)
    code = code_of(key, clock.now)
    assert anna.send("tf-validate", {"code": code}).path == "/en/staff/"
    password_step(anna)
    assert anna.send("tf-validate", {"code": code}).status == 422
    earlier = code_of(key, clock.now, steps=-1)
    assert anna.send("tf-validate", {"code": earlier}).status == 422


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_phone_s_clock_may_be_off_by_half_a_minute(anna, clock, steps, taken):
    key = set_app_up(anna, clock)
    password_step(anna)
    clock.now += timedelta(minutes=5)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now, steps=steps)})
    assert (page.path == "/en/staff/") is taken


@pytest.mark.parametrize(
    "typed", ["", " ", "12345", "1234567", "abcdef", "12 34", "-1", "9" * 5000, "\u0663" * 6, "<b>"]
)
def test_what_is_no_code_is_refused(anna, clock, typed):
    set_app_up(anna, clock)
    password_step(anna)
    page = anna.send("tf-validate", {"code": typed})
    assert page.status == 422
    wanted = "That code is not right." if typed.strip() else "Enter the code."
    assert wanted in page.text


def test_a_code_may_be_typed_with_spaces_and_in_other_digits(anna, clock):
    key = set_app_up(anna, clock)
    password_step(anna)
    clock.now += timedelta(seconds=30)
    code = code_of(key, clock.now)
    urdu = "".join(chr(0x06F0 + int(digit)) for digit in code)
    page = anna.send("tf-validate", {"code": f" {urdu[:3]} {urdu[3:]} "})
    assert page.path == "/en/staff/"


def test_a_wrong_code_at_setting_up_leaves_the_same_picture(anna, clock):
    anna.visit("account/tf-setup")
    key = key_on(anna.send("tf-setup", {"setup": "authenticator"}).html)
    page = anna.send("tf-setup/", {"code": "000000"})
    assert "That code is not right." in page.text
    assert key_on(page.html) == key
    page = anna.send("tf-setup/", {"code": code_of(key, clock.now)})
    assert "Your authenticator app is set up." in page.text


def test_an_app_that_was_never_confirmed_is_not_asked_for(app, anna):
    anna.visit("account/tf-setup")
    anna.send("tf-setup", {"setup": "authenticator"})
    anna.send("logout")
    sign_in(anna)
    assert stored(app).tf_totp_secret is None


@pytest.mark.parametrize("token", ["nonsense", "e30.forged.token"])
def test_a_forged_setting_up_is_refused(app, anna, token):
    anna.visit("account/tf-setup")
    form = anna.page.form("tf-setup")
    page = anna.post(f"/en/staff/account/tf-setup/{token}", {**form.fields, "code": "123456"})
    assert "There is a problem" in page.text
    assert stored(app).tf_totp_secret is None


def test_a_setting_up_begun_in_another_browser_is_refused(app, anna, clock):
    """Else somebody could have another person's account ask for the codes of their own app."""
    mallory = hired(app, "viewer", email="mallory@council.example.org")
    mallory.visit("account/tf-setup")
    page = mallory.send("tf-setup", {"setup": "authenticator"})
    address, key = page.form("tf-setup/").action, key_on(page.html)
    own = anna.visit("account/tf-setup").form("tf-setup").fields
    page = anna.post(address, {**own, "code": code_of(key, clock.now)})
    assert "That code is not right." in page.text
    assert stored(app).tf_totp_secret is None
    anna.visit("account/tf-setup")
    anna.send("tf-setup", {"setup": "authenticator"})  # one of her own does not lend itself to it
    page = anna.post(address, {**own, "code": code_of(key, clock.now)})
    assert "That code is not right." in page.text
    assert stored(app).tf_totp_secret is None


def test_a_setting_up_that_took_too_long_is_begun_again(app, anna, clock):
    anna.visit("account/tf-setup")
    key = key_on(anna.send("tf-setup", {"setup": "authenticator"}).html)
    app.config["SECURITY_TWO_FACTOR_SETUP_WITHIN"] = timedelta(seconds=-1)
    page = anna.send("tf-setup/", {"code": code_of(key, clock.now)})
    assert "Start again from this page." in page.text
    assert stored(app).tf_totp_secret is None


def test_secrets_of_apps_are_kept_encrypted(app, anna, clock):
    key = set_app_up(anna, clock)
    kept = stored(app).tf_totp_secret
    assert kept is not None
    assert key.replace("-", "") not in kept
    assert '"enckey"' in kept


def test_an_app_can_be_replaced_and_removed(app, anna, clock):
    first = set_app_up(anna, clock)
    clock.now += timedelta(minutes=1)
    second = set_app_up(anna, clock)
    assert first != second
    anna.visit("account/tf-setup")
    page = anna.send("tf-setup", {"setup": "disable"})
    assert "The authenticator app is removed." in page.text
    assert ("second factor removed", {"factor": "authenticator app"}) in actions(app)
    anna.send("logout")
    sign_in(anna)


def test_only_the_two_things_on_the_page_can_be_done(anna):
    anna.visit("account/tf-setup")
    for other in ("sms", "email", "", "nonsense"):
        page = anna.send("tf-setup", {"setup": other})
        assert page.status == 422
        assert "Choose one of the ways on this page." in page.text
        anna.visit("account/tf-setup")


def test_five_wrong_codes_have_to_wait(anna, clock):
    key = set_app_up(anna, clock)
    password_step(anna)
    clock.now += timedelta(minutes=5)
    pages = [anna.send("tf-validate", {"code": f"00000{number}"}) for number in range(5)]
    assert ["Wait until 12:06, then try again." in page.text for page in pages] == [False] * 4 + [
        True
    ]
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert "Wait until 12:06" in page.text
    clock.now += timedelta(minutes=1)
    assert anna.send("tf-validate", {"code": code_of(key, clock.now)}).path == "/en/staff/"


def test_the_right_password_does_not_forgive_wrong_codes(anna, clock):
    set_app_up(anna, clock)
    anna.send("logout")
    told = []
    for number in range(5):
        anna.visit("account/login")
        anna.send("login", {"email": EMAIL, "password": PASSWORD})
        page = anna.send("tf-validate", {"code": f"00000{number}"})
        told.append("Wait until 12:01" in page.text)
    assert told == [False] * 4 + [True]


def test_the_second_step_has_to_follow_soon(anna, clock):
    key = set_app_up(anna, clock)
    password_step(anna)
    clock.now += timedelta(minutes=10, seconds=1)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert page.path == LOGIN
    assert "Start again from this page." in page.text


def test_a_closed_account_gets_no_further_than_the_code(app, anna, clock):
    key = set_app_up(anna, clock)
    password_step(anna)
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().active = False
    clock.now += timedelta(seconds=30)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert page.status == 422
    assert anna.visit().path == LOGIN


def test_a_password_changed_meanwhile_ends_a_sign_in_half_way(app, anna, clock):
    key = set_app_up(anna, clock)
    password_step(anna)
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().fs_uniquifier = "another"
    clock.now += timedelta(seconds=30)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert page.path == LOGIN


def test_the_way_on_is_kept_through_the_second_step(app, desk, anna, clock):
    key = set_app_up(anna, clock)
    anna.send("logout")
    anna.visit(f"consultations/{SLUG}/")
    anna.send("login", {"email": EMAIL, "password": PASSWORD})
    clock.now += timedelta(seconds=30)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert page.path == f"/en/staff/consultations/{SLUG}/"


def test_a_recovery_code_works_once(app, anna, clock):
    set_app_up(anna, clock)
    codes = make_recovery_codes(anna)
    assert len(set(codes)) == 10
    password_step(anna)
    anna.visit("account/mf-recovery")
    page = anna.send("mf-recovery", {"code": f" {codes[3].upper().replace('-', ' ')} "})
    assert page.path == "/en/staff/"
    assert "Codes you have left: 9" in anna.visit("account/").text
    password_step(anna)
    anna.visit("account/mf-recovery")
    page = anna.send("mf-recovery", {"code": codes[3]})
    assert page.status == 422
    assert "it was used before" in page.text
    assert ("signed in", {"way": "password and recovery code"}) in actions(app)


def test_recovery_codes_are_kept_as_keyed_hashes_and_never_shown_again(app, anna, clock):
    set_app_up(anna, clock)
    codes = make_recovery_codes(anna)
    kept = stored(app).mf_recovery_codes
    assert kept is not None
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in kept)
    for address in ("account/mf-recovery-codes", "account/mf-recovery-codes?show_codes=1"):
        page = anna.visit(address)
        assert page.status == 200
        assert "Codes you have left: 10" in page.text
        assert not any(code in page.html for code in codes)


def test_new_recovery_codes_replace_the_old_ones(anna, clock):
    set_app_up(anna, clock)
    old = make_recovery_codes(anna)
    new = make_recovery_codes(anna)
    password_step(anna)
    anna.visit("account/mf-recovery")
    assert anna.send("mf-recovery", {"code": old[0]}).status == 422
    assert anna.send("mf-recovery", {"code": new[0]}).path == "/en/staff/"


def test_five_wrong_recovery_codes_have_to_wait(anna, clock):
    set_app_up(anna, clock)
    codes = make_recovery_codes(anna)
    password_step(anna)
    anna.visit("account/mf-recovery")
    told = []
    for wrong in ("0000-0000-0000", "x", "<b>", "\u0660", "1" * 3000):
        page = anna.send("mf-recovery", {"code": wrong})
        told.append((page.status, "Wait until 12:01" in page.text))
    assert told == [(422, False)] * 4 + [(422, True)]
    assert "Wait until 12:01" in anna.send("mf-recovery", {"code": codes[0]}).text


def test_the_offer_of_recovery_codes_is_made_to_who_has_some(anna, clock):
    set_app_up(anna, clock)
    password_step(anna)
    assert "Use a recovery code" not in anna.page.text
    assert "ask an admin" in anna.page.text


def test_the_other_second_steps_lead_to_one_another(anna, clock):
    set_app_up(anna, clock)
    make_recovery_codes(anna)
    password_step(anna)
    page = anna.get(_link(anna.page.html, "Use a recovery code"))
    assert page.path == "/en/staff/account/mf-recovery"
    page = anna.get(_link(page.html, "Use the code from the app"))
    assert page.path == "/en/staff/account/tf-validate"


def _link(html: str, words: str) -> str:
    found = re.search(rf'href="([^"]*)">{words}<', html)
    assert found is not None, words
    return unescape(found.group(1))


def test_somebody_without_recovery_codes_is_told(anna, clock):
    set_app_up(anna, clock)
    assert "You have no recovery codes." in anna.visit("account/").text
    make_recovery_codes(anna)
    assert "You have no recovery codes." not in anna.visit("account/").text


@pytest.mark.parametrize("page", ["tf-setup", "wan-register", "mf-recovery-codes", "wan-delete"])
def test_ways_of_signing_in_are_changed_only_soon_after_showing_who_one_is(anna, monkeypatch, page):
    later = time.time() + 16 * 60
    monkeypatch.setattr("flask_security.utils.naive_utcnow", lambda: _naive(later))
    shown = anna.visit(f"account/{page}")
    assert shown.path == "/en/staff/account/verify"
    assert "show once more that it is you" in shown.text
    monkeypatch.setattr(time, "time", lambda: later)
    shown = anna.send("verify", {"password": PASSWORD})
    wanted = "wan-register" if page == "wan-delete" else page
    assert shown.path == f"/en/staff/account/{wanted}"


def _naive(timestamp: float) -> Any:
    from flask_security.utils import naive_utcfromtimestamp

    return naive_utcfromtimestamp(timestamp)


def test_where_it_is_required_an_officer_sets_it_up_before_anything_else(strict, clock):
    anna = hired(strict, "officer")
    assert anna.page.path == "/en/staff/account/second-step"
    assert "a password alone is not enough" in anna.page.text
    assert anna.visit("jobs").path == "/en/staff/account/second-step"
    set_app_up(anna, clock)
    assert anna.visit().path == "/en/staff/"
    assert anna.visit("account/second-step").path == "/en/staff/account/"


@pytest.mark.parametrize(
    ("roles", "memberships", "needed"),
    [
        (["admin"], {}, True),
        (["officer"], {}, True),
        ([], {SLUG: "officer"}, True),
        ([], {SLUG: "admin"}, True),
        (["analyst", "partner"], {}, False),
        ([], {SLUG: "viewer"}, False),
    ],
)
def test_who_needs_a_second_step(strict, desk, roles, memberships, needed):
    anna = hired(strict, *roles, memberships=memberships)
    assert (anna.page.path == "/en/staff/account/second-step") is needed


def test_what_was_typed_outlives_being_asked_for_a_second_step(strict, desk, clock):
    """A role that was given in the middle of a long edit."""
    anna = hired(strict, memberships={SLUG: "viewer"})
    from consult.models import Membership

    token = anna.visit("account/").form("account/name").fields["csrf_token"][0]
    with in_session(strict) as session, unit_of_work(session):
        held = session.scalars(select(Membership)).one()
        held.role = "officer"
    typed = {"title": "A long and careful text", "csrf_token": token}
    page = anna.post("/en/staff/council", typed)
    assert page.status == 403
    assert "A long and careful text" in page.text
    assert "second-step" in page.html


def test_where_it_is_required_the_last_one_stays(strict, clock):
    anna = hired(strict, "officer")
    set_app_up(anna, clock)
    anna.visit("account/tf-setup")
    page = anna.send("tf-setup", {"setup": "disable"})
    assert page.status == 422
    assert "this is the only one you have" in page.text
    assert stored(strict).tf_totp_secret is not None


def test_who_came_by_the_council_s_own_sign_in_is_not_asked_again(strict):
    anna = hired(strict, "officer")
    with anna.client.session_transaction() as cookie:
        cookie["staff_way"] = "openid"
    assert anna.visit().path == "/en/staff/"


def test_an_admin_frees_somebody_who_has_lost_all(app, anna, clock):
    set_app_up(anna, clock)
    make_recovery_codes(anna)
    with in_session(app) as session, unit_of_work(session):
        account = session.scalars(select(Account)).one()
        assert second_factors.has_any(account)
        second_factors.remove_all(session, account, actor="chief@example.org", now=NOON)
        assert not second_factors.has_any(account)
        assert account.mf_recovery_codes is None
    anna.send("logout")
    sign_in(anna)
    with in_session(app) as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.actor == "chief@example.org")
        ).one()
        assert (event.action, event.subject) == ("second factors removed", f"account {EMAIL}")


def test_signed_in_people_do_not_meet_the_pages_between(anna):
    for page in ("tf-validate", "tf-select", "mf-recovery"):
        assert anna.visit(f"account/{page}").path == "/en/staff/account/"
    assert anna.visit().path == "/en/staff/", "and stay signed in"
