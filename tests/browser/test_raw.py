"""The pages of raw data and of tokens, as analysts see and use them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.seen import look
from tests.support.browser import assert_accessible
from tests.support.reading import respond
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import SLUG

pytestmark = pytest.mark.browser

ADA = "ada@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def site(app, desk, live_server):
    """The model case with a response."""
    respond(app, "More buses.")
    make_account(app, ADA, "analyst", name="Ada")
    return live_server(app).url


def sign_in(page: Page, site: str, language: str) -> str:
    """Sign in, and return where the staff's pages begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", ADA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    return staff


def seen(page: Page, name: str) -> None:
    """Hold a page to what everybody needs, at three widths."""
    assert_accessible(page)
    for size in (LAPTOP, TABLET, PHONE):
        page.set_viewport_size(size)
        assert look(page).faults() == [], (name, size)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_pages_are_accessible_and_legible(site, new_page, language):
    page = new_page(viewport=LAPTOP, expected_errors=["status of 422"])
    staff = sign_in(page, site, language)
    page.goto(f"{staff}/consultations/{SLUG}/data")
    seen(page, f"data-{language}")
    page.goto(f"{staff}/consultations/{SLUG}/data/responses?format=x&which=x&into=x")
    seen(page, f"data-refused-{language}")
    page.goto(f"{staff}/account/tokens")
    page.locator("form[action$='tokens/make'] button").click()
    seen(page, f"tokens-refused-{language}")
    page.fill("[name=name]", "Statistics on my laptop")
    page.check("[value='responses:read']")
    page.locator("form[action$='tokens/make'] button").click()
    expect(page.locator("[data-code]")).to_contain_text("consult_")
    seen(page, f"tokens-{language}")


def test_a_file_is_downloaded_from_the_page(site, new_page):
    page = new_page(viewport=LAPTOP)
    staff = sign_in(page, site, "en")
    page.goto(f"{staff}/consultations/{SLUG}/data")
    page.check("[value=csv]")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download").click()
    content = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    assert "More buses." in content
