"""Accounts, invitations and the audit trail as a person sees them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from consult.db import unit_of_work
from consult.services import invitations
from tests.browser.seen import look
from tests.openid.real_provider import CLIENT_ID, CLIENT_SECRET, running_provider
from tests.support.browser import assert_accessible
from tests.support.server import LiveServer
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

ADA = "ada@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
WIDTHS = (1366, 360)


@pytest.fixture
def settings(settings):
    return replace(
        settings,
        oidc_issuer="https://login.council.example.org",
        oidc_client_id="consult",
        oidc_name="Riverton Login",
    )


def sign_in(page: Page, url: str, email: str = ADA) -> None:
    page.goto(f"{url}/account/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/")


def invited(app, email, now=NOON):
    with in_session(app) as session, unit_of_work(session):
        _, token = invitations.invite(session, email=email, roles=["officer"], by=None, now=now)
    return f"invitation/{token}"


def assert_sound(page: Page, name: str) -> None:
    """Axe on the laptop, and nothing cut or squeezed at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert look(page).faults() == [], (name, width)
    page.set_viewport_size(LAPTOP)
    assert_accessible(page)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_sound(app, desk, live_server, new_page, language):
    make_account(app, ADA, "admin", name="Ada Admin", memberships={SLUG: "analyst"})
    make_account(app, "bo@council.example.org", "viewer", memberships={SLUG: "officer"})
    url = f"{live_server(app).url}/{language}/staff"
    errors = ["status of 404", "status of 422"]
    page = new_page(viewport=LAPTOP, expected_errors=errors)
    for rest in (
        invited(app, "new@council.example.org"),
        invited(app, ADA),
        "invitation/unheard-of",
        "account/openid/failed?reason=silent",
    ):
        page.goto(f"{url}/{rest}")
        assert_sound(page, rest)
    sign_in(page, url)
    for rest in (
        "accounts",
        "accounts?q=nobody",
        "accounts/invite",
        "audit-trail",
        "audit-trail?since=never&q=x",
        f"consultations/{SLUG}/people",
        "account/openid",
    ):
        page.goto(f"{url}/{rest}")
        assert_sound(page, rest)
    page.goto(f"{url}/accounts")
    page.locator("th[scope=row] a").first.click()
    assert_sound(page, "one account")
    page.locator("form[action$=password-link] button").click()
    expect(page.locator("[data-code]")).to_be_visible()
    assert_sound(page, "a link shown once")
    page.goto(f"{url}/accounts/invite")
    page.locator("form[action$=invite] button[type=submit]").click()
    assert_sound(page, "an invitation that was refused")


def test_a_link_is_copied(app, desk, live_server, new_page):
    make_account(app, ADA, "admin")
    url = f"{live_server(app).url}/en/staff"
    page = new_page(viewport=LAPTOP, permissions=["clipboard-read", "clipboard-write"])
    sign_in(page, url)
    page.goto(f"{url}/accounts/invite")
    page.get_by_label("E-mail address").fill("new@council.example.org")
    page.get_by_label("Viewer").first.check()
    page.get_by_role("button", name="Make the invitation").click()
    link = page.locator("[data-code]").inner_text()
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_text("The link is copied.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link
    newcomer = new_page(viewport=LAPTOP, javascript=False)
    newcomer.goto(link)
    newcomer.get_by_label("Your name").fill("Nura")
    for label in ("Password", "The same password again"):
        newcomer.get_by_label(label, exact=True).fill("kettle meadow orbit sandal")
    newcomer.get_by_role("button", name="Accept and sign in").click()
    expect(newcomer.get_by_role("heading", level=1)).to_have_text("Consultations")


def test_the_council_s_own_sign_in_from_an_invitation_on(
    app, make_app, settings, new_page, request
):
    """In Chromium, with a real provider: also what its policies make of our redirects."""
    serving: list[Flask] = []
    server = LiveServer(lambda environ, start: serving[0](environ, start))
    server.start()
    try:
        with running_provider(request.config, f"{server.url}/staff-sign-in/openid") as issuer:
            serving.append(
                make_app(
                    replace(
                        settings,
                        oidc_issuer=issuer,
                        oidc_client_id=CLIENT_ID,
                        oidc_client_secret=CLIENT_SECRET,
                    )
                )
            )
            serving[0].config.pop("CONSULT_CLOCK")  # the provider's clock is the real one
            rest = invited(serving[0], "pat@council.example.org", now=datetime.now(UTC))
            page = new_page(viewport=LAPTOP, expected_errors=["/favicon.ico"])  # not there
            _from_invitation_to_desk(page, f"{server.url}/en/staff/{rest}")
    finally:
        server.stop()


def _from_invitation_to_desk(page: Page, invitation: str) -> None:
    page.goto(invitation)
    page.get_by_role("link", name="Accept with Riverton Login").click()
    page.locator("[name=login]").fill("pat")
    page.locator("[name=password]").fill("any will do")
    for _sign_in_and_consent in range(2):
        page.locator("button[type=submit]").click()
    expect(page.get_by_text("You are pat of the council there.")).to_be_visible()
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Consultations")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("link", name="Sign in with Riverton Login").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Consultations")
