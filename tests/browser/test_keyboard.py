"""The whole way without a mouse, and without JavaScript."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.models import Response
from tests.browser.journey import MAIN_BUTTON, WORDS, Resident
from tests.browser.seen import Focus, focus, look
from tests.support.browser import assert_accessible
from tests.support.visitors import SLUG, in_session

pytestmark = pytest.mark.browser


def tab_to(page: Page, wanted: str, most: int = 60) -> list[Focus]:
    """Press Tab until a selector has the focus, and return what had it on the way."""
    seen: list[Focus] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        focused = focus(page)
        assert focused is not None, f"the focus left the page before {wanted}: {seen}"
        seen.append(focused)
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return seen
    raise AssertionError(f"Tab does not lead to {wanted}: {[f.words for f in seen]}")


def press_and_wait(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_the_whole_way_with_the_keyboard_alone(app, live_server, new_page):
    page = new_page(expected_errors=["status of 422"])
    resident = Resident(page, live_server(app).url)
    resident.open()
    stops = tab_to(page, "a[href$='/answer']")
    assert stops[0].href == "#main"
    press_and_wait(page, "Enter")
    for _ in range(40):
        key = resident.question()
        if key == "who":
            stops += choose_who(page)
        elif key in {"help_most", "life_stages"}:
            stops += tab_to(page, "#answer")
            page.keyboard.press("Space")
            expect(page.locator("#answer")).to_be_checked()
            stops += tab_to(page, f"{MAIN_BUTTON}:not([name])")
            press_and_wait(page, "Enter")
        elif key == "priorities":
            stops += tab_to(page, "#rank")
            page.keyboard.press("ArrowDown")
            expect(page.locator("#rank")).to_have_value("1")
            stops += tab_to(page, f"{MAIN_BUTTON}:not([name])")
            press_and_wait(page, "Enter")
        elif key in {"walk_days", "good_place"}:
            stops += tab_to(page, "#answer")
            page.keyboard.type("7")
            press_and_wait(page, "Enter")  # the form's own button, not a language's
        elif key is not None and page.locator("textarea").count():
            stops += tab_to(page, "#answer")
            page.keyboard.type("Trees")
            stops += tab_to(page, f"{MAIN_BUTTON}:not([name])")
            press_and_wait(page, "Space")
        elif key is not None:
            stops += tab_to(page, "#answer")
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            expect(page.locator("#answer-2")).to_be_checked()
            stops += tab_to(page, f"{MAIN_BUTTON}:not([name])")
            press_and_wait(page, "Enter")
        elif resident.is_at("about-you"):
            stops += tab_to(page, "[name=skip]")
            press_and_wait(page, "Enter")
        else:
            break
    assert resident.is_at("check"), page.url
    stops += tab_to(page, "form[action$='/send'] button")
    press_and_wait(page, "Enter")
    assert resident.is_at("receipt"), page.url
    unseen = [stop for stop in stops if not (stop.shows and stop.in_sight)]
    assert not unseen, f"focus cannot be seen: {unseen}"
    with in_session(app) as session:
        response = session.scalars(select(Response)).one()
        assert response.language == "en"
        assert len(response.answers) == 16


def choose_who(page: Page) -> list[Focus]:
    """Send nothing, follow the error's link into the field, and choose there."""
    stops = tab_to(page, f"{MAIN_BUTTON}:not([name])")
    press_and_wait(page, "Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    stops += tab_to(page, "[data-error-summary] a", most=1)
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    expect(page.locator("legend")).to_be_in_viewport()
    page.keyboard.press("Space")
    expect(page.locator("#answer")).to_be_checked()
    stops += tab_to(page, f"{MAIN_BUTTON}:not([name])")
    press_and_wait(page, "Enter")
    return stops


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_order_of_focus_is_the_order_of_reading(app, live_server, new_page, language):
    page = new_page()
    resident = Resident(page, live_server(app).url, language)
    resident.open("question/vision_agree")
    stops = tab_to(page, "footer button")
    tops = [stop.top for stop in stops[1:]]  # the skip link is out of sight until it is reached
    assert tops == sorted(tops)
    assert stops[0].classes == "govuk-skip-link"
    assert stops[1].tag == "a", "the consultation's name"
    assert stops[2].tag == "summary", "the languages"
    assert len([stop for stop in stops if stop.name == "answer"]) == 1
    assert not [stop for stop in stops if "consult-enter-key" in stop.classes]


def test_the_skip_link_leads_into_the_page(app, live_server, new_page):
    page = new_page()
    resident = Resident(page, live_server(app).url)
    resident.open("draft")
    page.keyboard.press("Tab")
    expect(page.locator(".govuk-skip-link")).to_be_focused()
    expect(page.locator(".govuk-skip-link")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    [stop] = tab_to(page, "main a", most=1)
    assert stop.href == f"/en/{SLUG}/draft.html"


def test_the_whole_way_without_javascript(app, live_server, new_page):
    page = new_page(javascript=False, locale="ur", expected_errors=["status of 422"])
    resident = Resident(page, live_server(app).url, "ur")
    resident.open()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("a.govuk-button").click()
    resident.go_on()
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("[data-error-summary] a").click()
    expect(page.locator("#answer")).to_be_in_viewport()
    faults = []
    for key in resident.answer_until("check", WORDS["ur"]):
        if key in {"help_most", "ward"}:
            # Without scripts every field shows, and none that needs them.
            expect(page.locator("[data-filter]")).to_have_count(int(key == "ward"))
            if key == "ward":
                expect(page.locator("[data-filter]")).to_be_hidden()
            else:
                expect(page.locator("#other-other")).to_be_visible()
            assert_accessible(page)
        faults += [f"{key}: {fault}" for fault in look(page).faults()]
    resident.go_on()
    assert resident.is_at("receipt"), page.url
    expect(page.locator("[data-code]")).to_be_visible()
    expect(page.locator("[data-copy]")).to_be_hidden()
    expect(page.locator("[data-print]")).to_be_hidden()
    assert not faults, "\n".join(faults)
    with in_session(app) as session:
        response = session.scalars(select(Response)).one()
        assert response.language == "ur"
        texts = {a.question_key: a.value.get("text") for a in response.answers}
        assert texts["vision_say"] == WORDS["ur"]
