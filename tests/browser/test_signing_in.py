"""Signing in, as people do it: password, code, passkey, by keyboard, and without scripts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.seen import Focus, look
from tests.browser.test_keyboard import press_and_wait, tab_to
from tests.support.authenticator import code_of
from tests.support.browser import NewPage, assert_accessible
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import Clock

pytestmark = pytest.mark.browser

EMAIL = "anna@council.example.org"
LAPTOP = {"width": 1366, "height": 768}
REFUSALS = ["status of 422", "status of 401", "status of 403"]


@pytest.fixture
def house(app: Flask, live_server: Any) -> str:
    """The address of an installation where Anna works, by a name that passkeys can belong to."""
    make_account(app, EMAIL, "officer", name="Anna")
    return str(live_server(app).url).replace("127.0.0.1", "localhost")


@pytest.fixture
def strict_house(make_app: Any, settings: Any, app: Flask, live_server: Any) -> str:
    """The same, where a second step is required."""
    make_account(app, EMAIL, "officer", name="Anna")
    strict = make_app(replace(settings, second_factor="required"))
    return str(live_server(strict).url).replace("127.0.0.1", "localhost")


class Anna:
    """Somebody at a browser, on the pages of one language."""

    def __init__(self, page: Page, house: str, language: str = "en") -> None:
        self.page = page
        self.desk = f"{house}/{language}/staff/"

    def go(self, rest: str = "") -> None:
        self.page.goto(self.desk + rest)

    def at(self, rest: str = "") -> None:
        """Wait until the browser shows a page."""
        expect(self.page).to_have_url(re.compile(re.escape(self.desk + rest) + r"(\?.*)?$"))

    def press(self, part: str, nth: int = 0) -> None:
        """Press the button of the form in whose address a text stands."""
        self.page.locator(f'main form[action*="{part}"] button[type=submit]').nth(nth).click()

    def sign_in(self) -> None:
        self.go("account/login")
        self.page.locator("#email").fill(EMAIL)
        self.page.locator("#password").fill(PASSWORD)
        self.press("/login")

    def sign_out(self) -> None:
        self.page.locator('header form[action*="logout"] button').click()
        self.at("account/login")

    def ask_for_passkey(self, name: str) -> None:
        """Begin to make a passkey; the device decides what comes of it."""
        self.go("account/wan-register")
        self.page.locator("#name").fill(name)
        self.press("wan-register")

    def set_app_up(self, clock: Clock) -> str:
        """Set an authenticator app up by hand, and return its key."""
        self.go("account/tf-setup")
        self.press("tf-setup")
        key = self.page.locator(".consult-app-key").text_content() or ""
        self.page.locator("#code").fill(code_of(key, clock.now))
        self.press("tf-setup/")
        self.at("account/")
        return key


def plug_reader_in(page: Page, *, finger_on_it: bool) -> CDPSession:
    """Let the browser be on a device with a fingerprint reader."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    debugger.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": finger_on_it,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return debugger


@pytest.fixture
def device(new_page: NewPage) -> Iterator[Page]:
    """A page of a browser on a device with a fingerprint reader, and a finger on it."""
    page = new_page(expected_errors=REFUSALS)
    debugger = plug_reader_in(page, finger_on_it=True)
    yield page
    debugger.detach()


@pytest.mark.parametrize("javascript", [True, False])
def test_a_password_and_the_code_of_an_app(house, new_page, clock, javascript):
    anna = Anna(new_page(javascript=javascript), house)
    anna.sign_in()
    anna.at()
    key = anna.set_app_up(clock)
    anna.sign_out()
    anna.sign_in()
    anna.at("account/tf-validate")
    clock.now += timedelta(seconds=30)
    anna.page.locator("#code").fill(code_of(key, clock.now))
    anna.press("tf-validate")
    anna.at()


def test_a_passkey_is_made_and_signs_in(house, device):
    anna = Anna(device, house)
    anna.sign_in()
    anna.ask_for_passkey("This laptop")
    anna.at("account/")
    expect(device.get_by_text("The passkey This laptop is added.")).to_be_visible()
    anna.sign_out()
    anna.press("wan-signin")
    anna.at()
    expect(device.get_by_text("Anna", exact=True)).to_be_visible()


def test_a_passkey_is_the_second_step_and_shows_again_who_one_is(house, device):
    anna = Anna(device, house)
    anna.sign_in()
    anna.ask_for_passkey("This laptop")
    anna.at("account/")
    anna.sign_out()
    anna.sign_in()
    anna.at("account/wan-signin")
    anna.press("wan-signin")
    anna.at()
    anna.go("account/verify?next=/en/staff/account/change")
    anna.press("wan-verify")
    anna.at("account/change")


def test_a_device_that_is_registered_says_so(house, device):
    anna = Anna(device, house)
    anna.sign_in()
    for name in ("Once", "Twice"):
        anna.ask_for_passkey(name)
        if name == "Once":
            anna.at("account/")
    expect(device.get_by_role("status")).to_have_text(
        "This device has a passkey for your account already."
    )
    expect(device.get_by_role("button", name="Make the passkey")).to_be_visible()


def test_where_there_is_no_passkey_one_may_try_again(house, new_page):
    """A browser without any device: its request fails, and the page says what to do."""
    page = new_page()
    plug_reader_in(page, finger_on_it=False)
    anna = Anna(page, house)
    anna.sign_in()
    anna.ask_for_passkey("Key")
    expect(page.get_by_role("status")).to_have_text(re.compile("did not work, or it was cancelled"))
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("status")).to_have_text(re.compile("did not work, or it was cancelled"))
    assert_accessible(page)


def test_without_scripts_passkeys_explain_themselves(house, new_page):
    anna = Anna(new_page(javascript=False), house)
    anna.go("account/login")
    anna.press("wan-signin")
    expect(anna.page.get_by_text("Passkeys need scripts")).to_be_visible()
    expect(anna.page.get_by_role("button", name="Use the passkey")).to_be_hidden()
    assert_accessible(anna.page)


def test_at_an_address_of_numbers_passkeys_lead_to_one_with_a_name(house, page):
    anna = Anna(page, house.replace("localhost", "127.0.0.1"))
    anna.go("account/wan-signin")
    page.locator("main a[href^='http://localhost:']").click()
    expect(page).to_have_url(f"{house}/en/staff/account/wan-signin")


def test_an_hour_away_keeps_what_was_typed(house, new_page, clock):
    page = new_page(expected_errors=REFUSALS)
    anna = Anna(page, house)
    anna.sign_in()
    anna.go("account/")
    page.locator("#name").fill("Anna, after a long thought")
    clock.now += timedelta(hours=1)
    anna.press("account/name")
    expect(page.get_by_role("heading", level=1)).to_have_text("Not saved yet")
    assert_accessible(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("^Sign in")).click()
    second = Anna(opened.value, house)
    second.page.locator("#email").fill(EMAIL)
    second.page.locator("#password").fill(PASSWORD)
    second.press("/login")
    second.at("signed-in")
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("Your name and language are saved.")).to_be_visible()
    expect(page.locator("#name")).to_have_value("Anna, after a long thought")


def test_by_keyboard_alone(house, new_page, clock):
    """Sign in, set an app up, sign in with its code: nothing but keys, the focus always seen."""
    page = new_page(viewport=LAPTOP)
    anna = Anna(page, house)
    stops: list[Focus] = []

    def press(wanted: str) -> None:
        stops.extend(tab_to(page, wanted))
        press_and_wait(page, "Enter")

    def write(wanted: str, words: str) -> None:
        stops.extend(tab_to(page, wanted))
        page.keyboard.type(words)

    def sign_in() -> None:
        anna.go("account/login")
        write("#email", EMAIL)
        write("#password", PASSWORD)
        press_and_wait(page, "Enter")

    sign_in()
    press("header a[href$='/account/']")
    press("#change-app")
    press("button[value=authenticator]")
    stops.extend(tab_to(page, "summary.govuk-details__summary"))
    page.keyboard.press("Enter")
    key = page.locator(".consult-app-key").text_content() or ""
    write("#code", code_of(key, clock.now))
    press_and_wait(page, "Enter")
    press("header form[action*=logout] button")
    sign_in()
    anna.at("account/tf-validate")
    clock.now += timedelta(seconds=30)
    write("#code", code_of(key, clock.now))
    press_and_wait(page, "Enter")
    anna.at()
    assert all(stop.shows for stop in stops), [stop for stop in stops if not stop.shows]


def tour(anna: Anna, clock: Clock) -> Iterator[str]:
    """Every page of signing in, one after another."""
    page = anna.page
    anna.go("account/login")
    yield "login"
    anna.press("/login")
    yield "login refused"
    anna.go("account/reset")
    yield "no mail server"
    anna.go("account/wan-signin")
    yield "passkey"
    anna.sign_in()
    anna.at("account/second-step")
    yield "second step"
    anna.go("account/")
    yield "my account, nothing set up"
    page.locator("#name").fill("")
    anna.press("account/name")
    yield "my account refused"
    anna.go("account/change")
    yield "change"
    anna.press("change")
    yield "change refused"
    anna.go("account/verify")
    yield "verify"
    anna.go("account/wan-register")
    yield "passkeys, none"
    anna.ask_for_passkey("Work laptop")
    anna.at("account/")
    yield "my account, no recovery codes"
    anna.go("account/wan-register")
    yield "passkeys"
    anna.go("account/wan-verify")
    yield "verify by passkey"
    anna.go("account/tf-setup")
    yield "app"
    anna.press("tf-setup")
    page.locator("summary", has_not=page.locator("svg")).click()
    key = page.locator(".consult-app-key").text_content() or ""
    yield "app, picture"
    page.locator("#code").fill("000000")
    anna.press("tf-setup/")
    yield "app, wrong code"
    page.locator("#code").fill(code_of(key, clock.now))
    anna.press("tf-setup/")
    anna.at("account/")
    anna.go("account/tf-setup")
    yield "app, set up"
    anna.go("account/mf-recovery-codes")
    yield "recovery codes, none"
    anna.press("mf-recovery-codes")
    yield "recovery codes, made"
    anna.go("account/")
    yield "my account"
    anna.sign_out()
    anna.sign_in()
    anna.at("account/tf-select")
    yield "which second step"
    anna.press("tf-select")
    yield "code"
    anna.press("tf-validate")
    yield "code refused"
    anna.go("account/mf-recovery")
    yield "recovery code"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_accessible_and_fits(strict_house, device, clock, language):
    anna = Anna(device, strict_house, language)
    faults: list[str] = []
    seen: list[str] = []
    for name in tour(anna, clock):
        seen.append(name)
        device.wait_for_load_state("load")
        for size in (LAPTOP, {"width": 768, "height": 1024}, {"width": 360, "height": 740}):
            device.set_viewport_size(size)
            faults.extend(f"{name} at {size['width']}: {fault}" for fault in look(device).faults())
        try:
            assert_accessible(device)
        except AssertionError as error:
            faults.append(f"{name}: {error}")
    assert len(seen) == len(set(seen)) == 25
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)
