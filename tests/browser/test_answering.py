"""What scripts add to the pages, and what double taps and the back button must not do."""

import re
from datetime import datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from consult.models import Response
from tests.browser.journey import Resident
from tests.support.visitors import SLUG, in_session

pytestmark = pytest.mark.browser


@pytest.fixture
def resident(app, live_server, new_page):
    """Someone who reads English, with scripts."""
    return Resident(
        new_page(
            expected_errors=["status of 422"], permissions=["clipboard-read", "clipboard-write"]
        ),
        live_server(app).url,
    )


def test_changing_the_language_keeps_what_is_being_typed(resident):
    page = resident.page
    resident.open("question/vision_say")
    page.locator("#answer").press_sequentially("Half a thou")
    page.locator(".consult-languages summary").click()
    page.get_by_role("button", name="اردو").click()
    expect(page).to_have_url(re.compile(rf"/ur/{SLUG}/question/vision_say$"))
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("html")).to_have_attribute("lang", "ur")
    expect(page.locator("#answer")).to_have_value("Half a thou")
    answer = page.locator("#answer")
    button, body = page.locator("#question-form .govuk-button").first, page.locator("main")
    assert answer.evaluate("element => getComputedStyle(element).direction") == "ltr"
    assert body.evaluate("element => getComputedStyle(element).direction") == "rtl"
    assert button.evaluate("element => getComputedStyle(element).direction") == "rtl"
    mark = page.locator(".govuk-details__summary").first
    left_of_text = "element => getComputedStyle(element, '::before').left"
    assert mark.evaluate(left_of_text) != "0px", "the open mark stands on the right"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_double_click_stores_one_response(app, live_server, new_page, javascript):
    page = new_page(javascript=javascript)
    resident = Resident(page, live_server(app).url)
    resident.go_to_check(app)
    page.locator("form[action$='/send'] button").dblclick()
    expect(page).to_have_url(re.compile("/receipt$"))
    code = page.locator("[data-code]").inner_text()
    assert re.fullmatch(r"(\d{4} ){3}\d{4}", code)
    page.reload()
    assert page.locator("[data-code]").inner_text() == code
    page.go_back()
    expect(page).to_have_url(re.compile("/receipt$"))
    assert page.locator("[data-code]").inner_text() == code
    with in_session(app) as session:
        assert session.scalar(select(func.count()).select_from(Response)) == 1


def test_the_devices_time_is_sent_and_the_code_copied(app, resident):
    page = resident.page
    resident.go_to_check(app)
    assert page.locator("[name=finished_at_device]").input_value() == ""
    with page.expect_request(lambda request: request.method == "POST") as sent:
        resident.go_on()
    fields = sent.value.post_data_json
    assert fields is not None
    assert datetime.fromisoformat(fields["finished_at_device"]).utcoffset() is not None
    assert fields["website"] == ""
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    code = page.locator("[data-code]").inner_text()
    page.get_by_role("button", name="Copy the code").click()
    expect(page.locator("[data-copied]")).to_have_text("The code is copied.")
    assert page.evaluate("navigator.clipboard.readText()") == code


def test_a_code_that_cannot_be_copied_says_so(app, resident):
    page = resident.page
    resident.go_to_check(app)
    resident.go_on()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Copy the code").click()
    expect(page.locator("[data-copied]")).to_have_text(re.compile("write it down"))


def test_the_hidden_field_cannot_be_seen_or_reached(app, resident):
    page = resident.page
    resident.go_to_check(app)
    field = page.locator("[name=website]")
    box = page.locator(".consult-not-shown").bounding_box()
    assert box is not None
    assert box["width"] <= 1
    assert box["height"] <= 1
    assert field.evaluate("element => getComputedStyle(element).display") != "none"
    assert field.get_attribute("tabindex") == "-1"


def test_the_list_of_wards_gets_shorter(resident):
    page = resident.page
    resident.open("question/ward")
    items = page.locator("#answer-list .govuk-radios__item:visible")
    assert items.count() > 69
    page.get_by_label("Type a few letters to shorten the list").press_sequentially("sel")
    expect(items).to_have_text(
        ["Bournbrook & Selly Park", "Moseley", "Tyseley & Hay Mills", "Weoley & Selly Oak"]
    )
    expect(page.get_by_role("status")).to_have_text("Matches: 4")
    items.last.locator("input").check()
    page.locator("#answer-filter").fill("alum")
    expect(items).to_have_text(["Alum Rock", "Weoley & Selly Oak"])  # what is chosen stays in sight
    expect(page.get_by_role("status")).to_have_text("Matches: 1")
    page.locator("#answer-filter").press("Enter")
    assert resident.is_at("question/ward")
    page.locator("#answer-filter").fill("")
    expect(page.get_by_role("status")).to_have_text("")
    assert items.count() > 69


def test_characters_left_are_counted_and_said(resident):
    page = resident.page
    resident.open("question/vision_say")
    page.locator("#answer").fill("🌳" * 4_990)  # an emoji is one character, as on the server
    expect(page.locator("#answer-count")).to_have_text("Characters left: 10")
    expect(page.get_by_role("status")).to_have_text("Characters left: 10")
    page.locator("#answer").press_sequentially("twelve signs")
    expect(page.locator("#answer-count")).to_have_text("Characters too many: 2")
    expect(page.locator("#answer-count")).to_have_class(re.compile("govuk-error-message"))
    expect(page.get_by_role("status")).to_have_text("Characters too many: 2")


def test_other_words_show_with_their_choice_and_an_exclusive_choice_clears_the_rest(resident):
    page = resident.page
    resident.open("question/help_most")
    words = page.locator("#other-other")
    expect(words).to_be_hidden()
    other = page.get_by_label("Something else")
    other.check()
    expect(words).to_be_visible()
    words.fill("A bench")
    page.get_by_label("Someone to talk to").check()
    page.get_by_label("I do not need any help").check()
    expect(other).not_to_be_checked()
    expect(page.get_by_label("Someone to talk to")).not_to_be_checked()
    expect(words).to_be_hidden()
    page.get_by_label("Free things to do").check()
    expect(page.get_by_label("I do not need any help")).not_to_be_checked()
    other.check()
    expect(words).to_have_value("A bench")
    resident.go_on()
    resident.open("question/help_most")
    expect(words).to_have_value("A bench")
    expect(other).to_be_checked()


@pytest.mark.parametrize("media", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_pages_work_with_the_colours_and_the_calm_that_people_set(
    app, live_server, new_page, media
):
    page = new_page(expected_errors=["status of 422"], **media)
    resident = Resident(page, live_server(app).url)
    resident.open("question/who")
    resident.go_on()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.locator("#answer").check()
    if "forced_colors" in media:
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        dot = page.locator("label[for=answer]")
        style = dot.evaluate(
            "element => { const mark = getComputedStyle(element, '::after');"
            " return [mark.opacity, mark.borderTopColor, getComputedStyle(document.body)"
            ".backgroundColor] }"
        )
        assert style[0] == "1"
        assert style[1] != style[2], "the chosen mark has a colour of its own"
        edge = page.locator("#question-form .govuk-button").first
        edges = edge.evaluate(
            "element => [getComputedStyle(element).borderTopStyle,"
            " getComputedStyle(element).borderTopWidth]"
        )
        assert edges == ["solid", "2px"]
    else:
        moving = page.evaluate(
            "[...document.querySelectorAll('*')].filter(element => {"
            " const style = getComputedStyle(element);"
            " return style.animationName !== 'none'"
            " || parseFloat(style.transitionDuration) > 0.01 }).length"
        )
        assert moving == 0
    resident.go_on()
    assert resident.is_at("question/vision_agree")
