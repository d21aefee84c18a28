"""Pages of how responses came about, as people see them."""

import pytest
from playwright.sync_api import ViewportSize

from tests.browser.seen import look
from tests.support.assisting_desk import came_from, held_at, note, tablet_of
from tests.support.browser import assert_accessible
from tests.support.reading import respond
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import NOON, SLUG

pytestmark = pytest.mark.browser

ADA = "ada@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def places(app, desk):
    """The pages, with something on them."""
    held = held_at(app, venue="The Sikh temple, Soho Road")
    tablet = tablet_of(app)
    response_id = None
    for number in range(12):
        response_id = respond(app, f"Words {number}", answers={"vision_agree": {"choice": "agree"}})
        came_from(app, response_id, held, device_id=tablet, interpreted=True, consented_at=NOON)
        respond(app, answers={"vision_agree": {"choice": "disagree"}})
    note(app, held, "More benches by the pond, and a light on the path.", people=7)
    note(app, held, "پارک میں روشنی چاہیے۔", people=4, language="ur", question="vision_agree")
    return ["responses", f"responses/{response_id}", "sessions/talk", "watch/ways"]


@pytest.mark.parametrize("language", ["en", "ur"])
def test_pages_are_accessible_and_fit(app, places, live_server, new_page, language):
    make_account(app, ADA, "officer", name="Ada")
    url = live_server(app).url
    page = new_page(viewport=LAPTOP)
    page.goto(f"{url}/{language}/staff/account/login")
    page.fill("[name=email]", ADA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{url}/{language}/staff/")
    for place in places:
        page.goto(f"{url}/{language}/staff/consultations/{SLUG}/{place}")
        assert_accessible(page)
        for size in (LAPTOP, PHONE):
            page.set_viewport_size(size)
            assert look(page).faults() == [], place
        page.set_viewport_size(LAPTOP)
