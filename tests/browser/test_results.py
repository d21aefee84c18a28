"""Published results in a browser: by axe, on a phone, by keyboard, and what they weigh."""

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.seen import look
from tests.browser.test_weight import FIRST_PAGE, LATER_PAGE, Meter
from tests.support.browser import NewPage, assert_accessible
from tests.support.versions import put_version
from tests.support.visitors import SLUG

pytestmark = pytest.mark.browser

PARTS = ("summary", "answered", "missing", "closed", "themes", "left_out", "method", "equality")


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_of_the_results_is_accessible_and_fits_a_phone(
    app: Flask, live_server, new_page: NewPage, language: str
) -> None:
    put_version(app, 1)
    put_version(app, 2, note="Paper answers are in.")
    page = new_page(viewport={"width": 360, "height": 740})
    base = f"{live_server(app).url}/{language}/{SLUG}/results"
    for path in ("", "/1", *(f"/2/part/{part}" for part in PARTS)):
        page.goto(base + path)
        assert_accessible(page)
        assert look(page).faults() == [], path


def test_results_are_light(app: Flask, live_server, new_page: NewPage) -> None:
    put_version(app, 1)
    page = new_page()
    meter = Meter(page)
    base = f"{live_server(app).url}/en/{SLUG}/results"
    assert meter.of(base, first=True) <= FIRST_PAGE
    for part in PARTS:
        assert meter.of(f"{base}/1/part/{part}", first=False) <= LATER_PAGE, part


def test_by_keyboard_from_the_first_page_to_a_chart_and_on(
    app: Flask, live_server, new_page: NewPage
) -> None:
    put_version(app, 1)
    page = new_page(javascript=False)
    page.goto(f"{live_server(app).url}/en/{SLUG}/")
    page.get_by_role("link", name="See the results of the consultation").press("Enter")
    page.get_by_role("link", name="Who is missing").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Who is missing")
    expect(page.get_by_role("img").first).to_be_visible()
    page.get_by_role("link", name="What was done to reach people").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What was done to reach people")
