"""Passkeys: made, used in place of the password or after it, and what is refused."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Account, AuditEvent, Passkey
from consult.services import identities
from consult.sign_in import passkeys
from tests.support.authenticator import code_of, key_on
from tests.support.passkeys import Device
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import NOON, SLUG, Page, in_session

EMAIL = "anna@council.example.org"
BEN = "ben@council.example.org"
LOGIN = "/en/staff/account/login"
REFUSED = "Your passkey could not be checked."


@pytest.fixture
def anna(app: Flask) -> Colleague:
    return hired(app, EMAIL, "officer")


def hired(app: Flask, email: str, *roles: str) -> Colleague:
    make_account(app, email, *roles, name=email.split("@")[0].title())
    colleague = Colleague(app.test_client())
    colleague.email = email
    sign_in(colleague)
    return colleague


def options_on(page: Page) -> dict[str, Any]:
    """What the page hands to the script."""
    found = re.search(r'data-options="([^"]*)"', page.html)
    assert found is not None, page.text
    options: dict[str, Any] = json.loads(unescape(found.group(1)))
    return options


def register(colleague: Colleague, device: Device, name: str = "Work laptop") -> Page:
    colleague.visit("account/wan-register")
    page = colleague.send("wan-register", {"name": name})
    return colleague.send("wan-register/", {"credential": device.make(options_on(page))})


def begin(colleague: Colleague) -> dict[str, Any]:
    """Press the button on the sign-in page."""
    colleague.visit("account/login")
    return options_on(colleague.send("wan-signin"))


def enter(colleague: Colleague, device: Device) -> Page:
    options = begin(colleague)
    return colleague.send("wan-signin/", {"credential": device.sign(options)})


def kept(app: Flask) -> list[Passkey]:
    with in_session(app) as session:
        return list(session.scalars(select(Passkey).order_by(Passkey.name)))


def actions(app: Flask) -> list[tuple[str, dict[str, Any]]]:
    with in_session(app) as session:
        return [(each.action, each.details) for each in session.scalars(select(AuditEvent))]


def test_a_passkey_replaces_the_password(app, anna, clock):
    device = Device()
    page = register(anna, device)
    assert page.path == "/en/staff/account/"
    assert "The passkey Work laptop is added." in page.text
    anna.send("logout")
    clock.now = NOON + timedelta(minutes=7)
    page = enter(anna, device)
    assert page.path == "/en/staff/"
    assert "Anna" in page.text
    (passkey,) = kept(app)
    assert passkey.lastuse_datetime == clock.now
    assert passkey.create_datetime == NOON
    assert passkey.sign_count == 2
    assert ("signed in", {"way": "passkey"}) in actions(app)
    added = {"factor": "passkey", "name": "Work laptop"}
    assert ("second factor added", added) in actions(app)


def test_what_a_device_is_asked_for(anna):
    anna.visit("account/wan-register")
    options = options_on(anna.send("wan-register", {"name": "Key"}))
    assert options["rp"] == {"id": "localhost", "name": "Consult"}
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    anna.send("logout")
    options = begin(anna)
    assert options["userVerification"] == "required"
    assert not options.get("allowCredentials"), "no name is told, so none is given away"


def test_a_passkey_follows_the_password_as_a_second_step(app, anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    anna.visit("account/login")
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.path == "/en/staff/account/wan-signin"
    assert "Otherwise ask an admin" in page.text
    options = options_on(anna.send("wan-signin"))
    assert len(options["allowCredentials"]) == 1
    assert options["userVerification"] == "discouraged"
    device.knows_owner = False
    page = anna.send("wan-signin/", {"credential": device.sign(options)})
    assert page.path == "/en/staff/"
    assert ("signed in", {"way": "password and passkey"}) in actions(app)


def test_the_way_on_is_kept(app, desk, anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    anna.visit(f"consultations/{SLUG}/")
    options = options_on(anna.send("wan-signin"))
    page = anna.send("wan-signin/", {"credential": device.sign(options)})
    assert page.path == f"/en/staff/consultations/{SLUG}/"


def test_with_an_app_and_a_passkey_one_may_choose(anna, clock):
    device = Device()
    register(anna, device)
    anna.visit("account/tf-setup")
    key = key_on(anna.send("tf-setup", {"setup": "authenticator"}).html)
    anna.send("tf-setup/", {"code": code_of(key, clock.now)})
    anna.send("logout")
    anna.visit("account/login")
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.path == "/en/staff/account/tf-select"
    page = anna.send("tf-select", {"which": "carrier pigeon"})
    assert page.status == 422
    page = anna.send("tf-select", {"which": "authenticator"})
    assert "Use a passkey" in page.text
    clock.now += timedelta(seconds=30)
    page = anna.send("tf-validate", {"code": code_of(key, clock.now)})
    assert page.path == "/en/staff/"
    anna.send("logout")
    anna.visit("account/login")
    anna.send("login", {"email": EMAIL, "password": PASSWORD})
    anna.send("tf-select", {"which": "webauthn"})
    options = options_on(anna.send("wan-signin"))
    page = anna.send("wan-signin/", {"credential": device.sign(options)})
    assert page.path == "/en/staff/"


def test_in_place_of_a_password_it_has_to_know_its_owner(anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    device.knows_owner = False
    page = enter(anna, device)
    assert REFUSED in page.text
    assert anna.visit().path == LOGIN


def test_a_touch_asked_for_after_the_password_serves_nothing_else(app, anna, clock):
    """The second step asks no finger of the owner: without the password it is no sign-in."""
    device = Device()
    register(anna, device)
    anna.send("logout")
    anna.visit("account/login")
    anna.send("login", {"email": EMAIL, "password": PASSWORD})
    options = options_on(anna.send("wan-signin"))
    clock.now += timedelta(minutes=10, seconds=1)  # the password counts no more
    device.knows_owner = False
    page = anna.send("wan-signin/", {"credential": device.sign(options)})
    assert REFUSED in page.text
    assert anna.visit().path == LOGIN


def test_a_device_that_cannot_know_its_owner_is_not_registered(app, anna):
    page = register(anna, Device(knows_owner=False))
    assert REFUSED in page.text
    assert not kept(app)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://localhost:81", "http://127.0.0.1"]
)
def test_an_answer_from_another_place_is_refused(app, anna, origin):
    device = Device()
    page = register(anna, Device(origin=origin))
    assert REFUSED in page.text
    assert not kept(app)
    register(anna, device)
    anna.send("logout")
    device.origin = origin
    assert REFUSED in enter(anna, device).text
    assert anna.visit().path == LOGIN


def test_an_answer_to_another_question_is_refused(app, anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    earlier = device.sign(begin(anna))
    begin(anna)
    page = anna.send("wan-signin/", {"credential": earlier})
    assert REFUSED in page.text
    assert anna.visit().path == LOGIN


def test_an_answer_works_once_and_in_its_own_browser(app, anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    options = begin(anna)
    form = anna.page.form("wan-signin/")
    credential = device.sign(options)

    stranger = Colleague(app.test_client())
    begin(stranger)
    assert stranger.page is not None
    token = stranger.page.form("wan-signin/").fields["csrf_token"]
    page = stranger.post(form.action, {"csrf_token": token, "credential": credential})
    assert "Start again from this page." in page.text
    assert stranger.visit().path == LOGIN

    page = anna.post(form.action, {**form.fields, "credential": credential})
    assert page.path == "/en/staff/"
    anna.send("logout")
    anna.visit("account/login")
    token = anna.page.form("login").fields["csrf_token"]
    page = anna.post(form.action, {"csrf_token": token, "credential": credential})
    assert "Start again from this page." in page.text
    assert anna.visit().path == LOGIN


def test_a_question_that_waited_too_long_is_asked_anew(app, anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    options = begin(anna)
    app.config["SECURITY_WAN_SIGNIN_WITHIN"] = timedelta(seconds=-1)
    page = anna.send("wan-signin/", {"credential": device.sign(options)})
    assert "Start again from this page." in page.text


def test_a_passkey_that_nobody_registered_is_refused(anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    assert REFUSED in enter(anna, Device(owner=device.owner)).text
    assert anna.visit().path == LOGIN


def test_a_copied_passkey_is_noticed_by_its_count(anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    enter(anna, device)
    anna.send("logout")
    device.counts = 0
    assert REFUSED in enter(anna, device).text


def test_somebody_else_s_passkey_is_no_second_step(app, anna):
    """Who knows Anna's password gets neither into her account nor, by a key found, elsewhere."""
    register(anna, Device())
    ben, bens = hired(app, BEN, "officer"), Device()
    register(ben, bens)
    anna.send("logout")
    anna.visit("account/login")
    anna.send("login", {"email": EMAIL, "password": PASSWORD})
    anna.visit("account/wan-signin")
    options = options_on(anna.send("wan-signin"))
    bens.knows_owner = False
    page = anna.send("wan-signin/", {"credential": bens.sign(options)})
    assert REFUSED in page.text
    assert anna.visit().path == LOGIN


def test_a_closed_account_s_passkey_opens_nothing(app, anna):
    device = Device()
    register(anna, device)
    anna.send("logout")
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().active = False
    assert "This account is closed." in enter(anna, device).text
    assert anna.visit().path == LOGIN


@pytest.mark.parametrize(
    "answer", ["", "nonsense", "{}", "[]", '{"id": 1}', '{"id": "AA", "rawId": "AA"}', "null"]
)
def test_answers_that_are_none_are_refused(app, anna, answer):
    anna.visit("account/wan-register")
    anna.send("wan-register", {"name": "Key"})
    page = anna.send("wan-register/", {"credential": answer})
    assert page.status == 200
    assert "There is a problem" in page.text
    assert not kept(app)
    anna.send("logout")
    begin(anna)
    page = anna.send("wan-signin/", {"credential": answer})
    assert "There is a problem" in page.text
    assert anna.visit().path == LOGIN


def test_a_forged_state_is_refused(app, anna):
    token = anna.visit("account/wan-register").form("wan-register").fields["csrf_token"]
    page = anna.post(
        "/en/staff/account/wan-register/forged", {"csrf_token": token, "credential": "{}"}
    )
    assert "There is a problem" in page.text
    assert not kept(app)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Give the passkey a name"),
        ("  ", "Give the passkey a name"),
        ("Work laptop", "You have a passkey called Work laptop already."),
        ("a" * 65, "That name is too long: use at most 64 characters."),
        ("<b>key</b>", "cannot be used here"),
        ("key\u202e", "Use letters, numbers, spaces"),
    ],
)
def test_names_are_checked_and_what_was_typed_stays(anna, name, said):
    register(anna, Device())
    anna.visit("account/wan-register")
    page = anna.send("wan-register", {"name": name})
    assert page.status == 422
    assert said in page.text
    assert page.form("wan-register").fields["name"] == [name]


@pytest.mark.parametrize("name", ["میرا لیپ ٹاپ", "ਮੇਰਾ ਫ਼ੋਨ", "আমার ফোন", "Klucz-1_b"])
def test_names_may_be_in_any_script(app, anna, name):
    page = register(anna, Device(), name)
    assert name in page.text
    assert kept(app)[0].name == name


def test_there_are_not_more_than_twenty(app, anna):
    with in_session(app) as session, unit_of_work(session):
        account = session.scalars(select(Account)).one()
        for number in range(passkeys.MOST):
            account.webauthn.append(
                Passkey(
                    credential_id=str(number).encode(),
                    public_key=b"key",
                    backup_state=False,
                    device_type="single_device",
                    name=f"Key {number}",
                    usage=passkeys.KIND,
                    create_datetime=NOON,
                    lastuse_datetime=NOON,
                )
            )
    anna.visit("account/wan-register")
    page = anna.send("wan-register", {"name": "One more"})
    assert page.status == 422
    assert "You have 20 passkeys, which is the most." in page.text


def test_a_device_is_registered_once(app, anna):
    device = Device()
    register(anna, device)
    anna.visit("account/wan-register")
    options = options_on(anna.send("wan-register", {"name": "Again"}))
    assert len(options["excludeCredentials"]) == 1
    page = anna.send("wan-register/", {"credential": device.make(options)})
    assert "That passkey is registered already." in page.text
    assert len(kept(app)) == 1


def test_a_passkey_is_removed_by_its_name(app, anna):
    device = Device()
    register(anna, device)
    register(anna, Device(), "Phone")
    anna.visit("account/wan-register")
    page = anna.send("wan-delete", {"name": "Work laptop"})
    assert "The passkey Work laptop is removed." in page.text
    assert [passkey.name for passkey in kept(app)] == ["Phone"]
    removed = {"factor": "passkey", "name": "Work laptop"}
    assert ("second factor removed", removed) in actions(app)
    page = anna.send("wan-delete", {"name": "Work laptop"})
    assert "You have no passkey called Work laptop." in page.text
    anna.send("logout")
    assert REFUSED in enter(anna, device).text


def test_where_it_is_required_the_last_one_stays(make_app, settings, app):
    anna = hired(make_app(replace(settings, second_factor="required")), EMAIL, "officer")
    register(anna, Device())
    assert anna.visit().path == "/en/staff/"
    anna.visit("account/wan-register")
    page = anna.send("wan-delete")
    assert "this is the only one you have" in page.text
    assert len(kept(app)) == 1


def without_password(app):
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().password = None


def test_the_last_way_in_stays(app, anna):
    register(anna, Device())
    register(anna, Device(), "Phone")
    without_password(app)
    anna.visit("account/wan-register")
    assert "The passkey Phone is removed." in anna.send("wan-delete", {"name": "Phone"}).text
    page = anna.send("wan-delete", {"name": "Work laptop"})
    assert "This is the only way into your account." in page.text
    assert [passkey.name for passkey in kept(app)] == ["Work laptop"]


def test_a_sign_in_at_a_provider_that_serves_no_more_is_no_way_in(app, anna):
    register(anna, Device())
    without_password(app)
    with in_session(app) as session, unit_of_work(session):
        account = session.scalars(select(Account)).one()
        identities.bind(session, account, "https://id.old.example.org", "anna", now=NOON)
    anna.visit("account/wan-register")
    assert "This is the only way into your account." in anna.send("wan-delete").text
    assert len(kept(app)) == 1


def test_a_passkey_shows_again_who_one_is(app, anna):
    device = Device()
    register(anna, device)
    anna.visit("account/verify?next=/en/staff/account/change")
    options = options_on(anna.send("wan-verify"))
    assert len(options["allowCredentials"]) == 1
    page = anna.send("wan-verify/", {"credential": device.sign(options)})
    assert page.path == "/en/staff/account/change"


def test_only_a_passkey_that_knows_its_owner_shows_it(anna):
    """A security key that was left in the computer is as open as the browser is."""
    device = Device()
    register(anna, device)
    with anna.client.session_transaction() as kept:
        kept["fs_paa"] = 0
        kept.pop("fs_gexp", None)
    anna.visit("account/verify?next=/en/staff/account/change")
    options = options_on(anna.send("wan-verify"))
    assert options["userVerification"] == "required"
    device.knows_owner = False
    page = anna.send("wan-verify/", {"credential": device.sign(options)})
    assert page.path == "/en/staff/account/wan-verify"
    assert REFUSED in page.text
    assert anna.visit("account/wan-register").path == "/en/staff/account/verify"


def test_somebody_else_s_passkey_does_not(app, anna):
    register(anna, Device())
    ben, bens = hired(app, BEN, "officer"), Device()
    register(ben, bens)
    anna.visit("account/verify")
    options = options_on(anna.send("wan-verify"))
    page = anna.send("wan-verify/", {"credential": bens.sign(options)})
    assert page.path == "/en/staff/account/wan-verify"
    assert REFUSED in page.text


@pytest.mark.parametrize(
    ("base", "works", "instead"),
    [
        ("http://localhost:8000", True, None),
        ("https://consult.example.gov.uk", True, None),
        ("http://127.0.0.1:8000", False, "http://localhost:8000/en/staff/account/wan-signin"),
        ("http://[::1]:8000", False, "http://localhost:8000/en/staff/account/wan-signin"),
        ("http://127.0.0.1", False, "http://localhost/en/staff/account/wan-signin"),
        ("https://192.0.2.7", False, None),
        ("http://consult.example.gov.uk", False, None),
    ],
)
def test_a_page_says_where_passkeys_work(app, base, works, instead):
    page = Page(app.test_client().get("/en/staff/account/wan-signin", base_url=base))
    assert ("this address is a number" in page.text) is (instead is not None)
    assert ("begins with https://" in page.text) is (not works and instead is None)
    if instead is not None:
        assert f'href="{instead}"' in page.html
