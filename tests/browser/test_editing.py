"""Writing a consultation, as an officer does it: by keyboard, on a phone, without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.seen import focus, look
from tests.support.browser import assert_accessible, until
from tests.support.editing import content_of, item, keys
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import SLUG

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}
TABLET = {"width": 768, "height": 1024}
PHONE = {"width": 360, "height": 740}
PAGES = [
    *("words", "dates", "contact", "privacy", "areas", "residents", "population"),
    *("population/age", "population/age/remove", "sections", "sections/add", "section/food"),
    *("section/food/remove", "questions", "questions/add", "questions/standard", "routing"),
    *("questions/add/fields?kind=several_choices", "question/ethnic_group", "question/ward"),
    *("question/organisation_name", "question/who/kind"),
]


@pytest.fixture
def open_desk(app, desk, live_server, new_page):
    """Sign somebody in: ``open_desk("anna")`` gives a page and the address of the consultation."""
    url = live_server(app).url

    def open_desk(name="anna", language="en", **options):
        address = f"{name}@council.example.org"
        make_account(app, address, "officer", name=name.title())
        page = new_page(**{"viewport": LAPTOP, **options})
        page.goto(f"{url}/{language}/staff/account/login")
        page.locator("[name=email]").fill(address)
        page.locator("[name=password]").fill(PASSWORD)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/staff/")
        return page, f"{url}/{language}/staff/consultations/{SLUG}"

    return open_desk


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_accessible_and_fits(open_desk, language):
    page, base = open_desk(language=language)
    faults = []
    for rest in PAGES:
        page.goto(f"{base}/{rest}")
        for screen in (LAPTOP, TABLET, PHONE):
            page.set_viewport_size(screen)
            found = look(page).faults()
            faults += [f"{rest}, {screen['width']}: {fault}" for fault in found]
        page.set_viewport_size(LAPTOP)
        try:
            assert_accessible(page)
        except AssertionError as error:
            faults.append(f"{rest}: {error}")
    assert not faults, "\n".join(faults)


def test_the_frame_follows_typing_and_the_form_can_still_be_saved(app, open_desk):
    page, base = open_desk()
    page.goto(f"{base}/question/life_stages")
    frame = page.frame_locator("#preview")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Which stages of life")
    entries = page.evaluate("history.length")
    page.get_by_label("Question", exact=True).fill("Typed words?")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Typed words?")
    page.get_by_role("group", name="Answer 1", exact=True).get_by_label("Words", exact=True).fill(
        "Typed answer"
    )
    expect(frame.get_by_label("Typed answer")).to_be_visible()
    assert (
        item(app, "questions", "life_stages")["label"] == "Which stages of life need the most help?"
    )
    page.get_by_label("Language of the preview").select_option("ur")
    expect(frame.locator("html")).to_have_attribute("dir", "rtl")
    expect(frame.get_by_text("Typed answer")).to_be_visible()
    assert page.locator("iframe").count() == 1
    assert page.evaluate("history.length") == entries
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("Saved")
    assert item(app, "questions", "life_stages")["options"][0]["label"] == "Typed answer"
    expect(page.frame_locator("#preview").locator("html")).to_have_attribute("lang", "ur")


def test_the_frame_shows_each_depth_of_a_section(open_desk):
    page, base = open_desk()
    page.goto(f"{base}/section/food")
    frame = page.frame_locator("#preview")
    page.get_by_label("Full text").fill("## Typed heading\n\n- one\n- two")
    page.get_by_label("Text of the preview").select_option("full")
    expect(frame.get_by_role("heading", name="Typed heading")).to_be_visible()
    width = page.locator("#preview").evaluate("frame => frame.contentWindow.innerWidth")
    assert width == 360


def test_a_frame_that_gets_no_page_keeps_the_one_it_has(app, open_desk):
    page, base = open_desk(expected_errors=["status of 500", "frame-ancestors", "Framing"])
    page.goto(f"{base}/words")
    frame = page.frame_locator("#preview")
    expect(frame.get_by_role("heading", level=1)).to_be_visible()
    page.route("**/as-residents/**", lambda route: route.fulfill(status=500, body="no page"))
    with page.expect_response("**/as-residents/**"):
        page.get_by_label("Title").fill("Typed title")
    until(page, "document.querySelectorAll('iframe').length === 1")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Creating a Bolder, Healthier City")


def test_without_scripts_a_button_fills_the_frame(app, open_desk):
    page, base = open_desk(javascript=False)
    page.goto(f"{base}/question/life_stages")
    page.get_by_label("Question", exact=True).fill("Typed words?")
    page.get_by_role("button", name="Show what I have written").click()
    frame = page.frame_locator("#preview")
    expect(frame.get_by_role("heading", level=1)).to_contain_text("Typed words?")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed words?")
    assert "Typed" not in str(content_of(app))


def test_without_scripts_rows_grow_and_the_new_one_has_the_focus(app, open_desk):
    page, base = open_desk(javascript=False)
    page.goto(f"{base}/question/life_stages")
    page.get_by_label("Question", exact=True).fill("Typed words?")
    page.get_by_role("button", name="Add another answer").click()
    page.wait_for_url("**#option-4-label")
    at_hand = focus(page)
    assert at_hand is not None
    assert at_hand.id == "option-4-label"
    page.keyboard.type("A fourth stage")
    expect(page.get_by_label("Question", exact=True)).to_have_value("Typed words?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Saved")
    question = item(app, "questions", "life_stages")
    assert question["label"] == "Typed words?"
    assert [each["label"] for each in question["options"]][3:] == ["A fourth stage"]


@pytest.mark.parametrize("javascript", [True, False])
def test_order_is_changed_with_the_keyboard_alone(app, open_desk, javascript):
    page, base = open_desk(javascript=javascript)
    page.goto(f"{base}/sections")
    page.get_by_role("button", name="Move down : Our vision").focus()
    for number in (2, 3):
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text=f"now {number} of 10")).to_be_visible()
        at_hand = focus(page)
        assert at_hand is not None
        assert at_hand.id == "down-vision"
        assert at_hand.shows
        assert at_hand.in_sight
    assert keys(app, "sections")[:3] == ["food", "mental", "vision"]


def test_a_conflict_is_shown_accessibly_and_nothing_is_lost(app, open_desk):
    omar, base = open_desk("omar", expected_errors=["status of 409"])
    omar.goto(f"{base}/section/food")
    anna, _ = open_desk("anna")
    anna.goto(f"{base}/section/food")
    anna.get_by_label("In short").fill("Anna's short text. " * 30)
    anna.get_by_role("button", name="Save", exact=True).last.click()
    expect(anna.get_by_role("alert")).to_contain_text("Saved")
    omar.get_by_label("In short").fill("Omar's short text.")
    omar.get_by_role("button", name="Save", exact=True).last.click()
    expect(
        omar.get_by_role("heading", name="Anna changed this while you were writing")
    ).to_be_visible()
    for screen in (LAPTOP, PHONE):
        omar.set_viewport_size(screen)
        assert look(omar).faults() == []
    assert_accessible(omar)
    expect(omar.get_by_label("In short")).to_have_value("Omar's short text.")
    expect(omar.frame_locator("#preview").get_by_text("Omar's short text.")).to_be_visible()
    omar.get_by_role("button", name="Save mine").click()
    expect(omar.get_by_role("alert")).to_contain_text("Saved")
    assert item(app, "sections", "food")["summary"] == "Omar's short text."


def test_a_refused_form_leads_to_its_fields(open_desk):
    page, base = open_desk(expected_errors=["status of 422"])
    page.goto(f"{base}/dates")
    page.get_by_role("group", name="Closes").get_by_label("Day").fill("32")
    page.get_by_role("button", name="Save", exact=True).last.click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    assert_accessible(page)
    summary.get_by_role("link").click()
    expect(page.get_by_role("group", name="Closes").get_by_label("Day")).to_be_focused()
