"""Receipts and plans on paper."""

import pytest
from playwright.sync_api import expect

from tests.browser.journey import Resident

pytestmark = pytest.mark.browser

ON_SCREEN_ONLY = (
    ".consult-languages",
    ".consult-footer",
    ".govuk-button",
    ".govuk-back-link",
    ".govuk-skip-link",
)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_paper_shows_the_code_and_no_buttons(app, live_server, new_page, language):
    page = new_page(locale=language)
    resident = Resident(page, live_server(app).url, language)
    resident.go_to_check(app)
    resident.go_on()
    assert resident.is_at("receipt"), page.url
    page.emulate_media(media="print")
    expect(page.locator("[data-code]")).to_be_visible()
    for wanted in ON_SCREEN_ONLY:
        for part in page.locator(wanted).all():
            expect(part).to_be_hidden()
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_the_plan_on_paper_starts_no_part_at_the_foot_of_a_page(app, live_server, new_page):
    page = new_page()
    resident = Resident(page, live_server(app).url)
    resident.open("draft.html")
    page.emulate_media(media="print")
    for wanted in ON_SCREEN_ONLY:
        for part in page.locator(wanted).all():
            expect(part).to_be_hidden()
    heading = page.locator(".consult-printed-section h2").first
    assert heading.evaluate("element => getComputedStyle(element).breakAfter") == "avoid"
    expect(page.locator(".consult-easy-read").first).to_be_visible()
