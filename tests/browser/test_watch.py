"""The page that watches a consultation, in Chromium: legible, and renewed without a jolt."""

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect

from consult.db import unit_of_work
from consult.services import consultations
from tests.browser.seen import look
from tests.support.browser import assert_accessible
from tests.support.outreach import let_answer
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import SLUG, in_session

pytestmark = pytest.mark.browser

ADA = "ada@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}
MINUTE = 61_000


def fill(app: Flask, people: dict[str, int]) -> None:
    with in_session(app) as session, unit_of_work(session):
        let_answer(session, consultations.get(session, SLUG), "religion", people)


@pytest.fixture
def site(app, desk, live_server):
    fill(app, {"muslim": 23, "christian": 61, "no_religion": 47, "sikh": 7, "hindu": 3})
    make_account(app, ADA, "officer", name="Ada")
    return live_server(app).url


def watch(page: Page, site: str, language: str = "en") -> None:
    """Sign in, and open the page."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", ADA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    page.goto(f"{staff}/consultations/{SLUG}/watch")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_page_is_accessible_and_legible(site, new_page, language):
    page = new_page(viewport=LAPTOP)
    watch(page, site, language)
    for is_open in (False, True):
        if is_open:
            page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true })")
        assert_accessible(page)
        for size in (LAPTOP, TABLET, PHONE):
            page.set_viewport_size(size)
            assert look(page).faults() == [], (size, is_open)


def test_new_figures_come_by_themselves_and_move_nothing(app, site, new_page):
    page = new_page(viewport=LAPTOP)
    page.clock.install()
    watch(page, site)
    page.click("#gap-religion-table-open")
    assert page.evaluate("document.activeElement.id") == "gap-religion-table-open"
    before = page.evaluate("scrollY")
    fill(app, {"sikh": 1})
    page.clock.run_for(MINUTE)
    expect(page.get_by_role("status").filter(has_text="have changed")).to_be_visible()
    expect(page.locator(".consult-watch-sums dd").first).to_have_text("142")
    assert page.locator("#gap-religion-table-more").get_attribute("open") is not None
    assert page.evaluate("document.activeElement.id") == "gap-religion-table-open"
    assert page.evaluate("scrollY") == before


def test_what_stays_the_same_is_not_announced(site, new_page):
    page = new_page(viewport=LAPTOP)
    page.clock.install()
    watch(page, site)
    with page.expect_response("**/watch/figures"):
        page.clock.run_for(MINUTE)
    page.clock.run_for(1_000)
    expect(page.locator("[data-watch-said]")).to_have_text("")


def test_updates_can_be_paused_and_resumed(app, site, new_page):
    page = new_page(viewport=LAPTOP)
    page.clock.install()
    watch(page, site)
    page.get_by_role("button", name="Pause updates").click()
    fill(app, {"sikh": 1})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(3 * MINUTE)
    assert asked == []
    expect(page.locator(".consult-watch-sums dd").first).to_have_text("141")
    page.get_by_role("button", name="Resume updates").click()
    expect(page.locator(".consult-watch-sums dd").first).to_have_text("142")


def test_who_was_signed_out_is_told_to_refresh(site, new_page):
    page = new_page(viewport=LAPTOP)
    page.clock.install()
    watch(page, site)
    page.context.clear_cookies()
    page.clock.run_for(MINUTE)
    expect(page.locator("[data-watch-said]")).to_contain_text("could not be fetched")


def test_without_scripts_refreshing_is_a_link(app, site, new_page):
    page = new_page(viewport=LAPTOP, javascript=False)
    watch(page, site)
    fill(app, {"sikh": 1})
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator(".consult-watch-sums dd").first).to_have_text("142")
    expect(page.get_by_role("button", name="Pause updates")).to_be_hidden()
