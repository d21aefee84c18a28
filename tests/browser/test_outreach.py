"""The pages of outreach as officers see, print and use them."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.browser.seen import look
from tests.support.browser import assert_accessible
from tests.support.outreach import fill, put_partner
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import SLUG

pytestmark = pytest.mark.browser

ADA = "ada@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}
PAGES = (
    "outreach?rate=5",
    "outreach?rate=x&most=x",
    "outreach/print?rate=5",
    "partners",
    "partners/new",
)


@pytest.fixture
def site(app, desk, live_server):
    """The model case with a confirmed flag and a partner."""
    fill(app)
    put_partner(app)
    make_account(app, ADA, "officer", name="Ada")
    return live_server(app).url


def sign_in(page: Page, site: str, language: str) -> str:
    """Sign in, and return where the pages of watching begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", ADA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    return f"{staff}/consultations/{SLUG}/watch"


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_accessible_and_legible(site, new_page, language):
    page = new_page(viewport=LAPTOP, expected_errors=["status of 422"])
    watch = sign_in(page, site, language)
    for rest in PAGES:
        page.goto(f"{watch}/{rest}")
        assert_accessible(page)
        for size in (LAPTOP, TABLET, PHONE):
            page.set_viewport_size(size)
            assert look(page).faults() == [], (rest, size)


def test_each_sheet_is_a_page(site, new_page):
    page = new_page(viewport=LAPTOP)
    watch = sign_in(page, site, "ur")
    page.goto(f"{watch}/outreach/print?rate=5")
    sheets = page.locator(".consult-plan__sheet").count()
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert sheets == 3, "the overview, the mosque, the open invitation"
    assert printed.count(b"/Type /Page\n") == sheets
