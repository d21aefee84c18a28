"""What the app does as the web page does, and what a hand-over and a scanned code must not lose."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.tablet.hands import PASSPHRASE, SEVEN_INCHES, Hands
from tests.browser.tablet.place import PARTNER, VENUE, Place, set_clock
from tests.support.browser import NewPage, assert_accessible
from tests.support.staff import PASSWORD
from tests.support.visitors import NOON

pytestmark = pytest.mark.browser

BENGALI = "বাংলা"
WORDS_IN_BENGALI = "পার্কে রাতে আলো দরকার"


@pytest.fixture
def tablet(place: Place, new_page: NewPage) -> Hands:
    """A tablet of seven inches that nobody has used, whose clock is right."""
    page = new_page(viewport=SEVEN_INCHES, expected_errors=["ERR_INTERNET_DISCONNECTED"])
    set_clock(page.context, NOON)
    return Hands(page, place.url)


@pytest.fixture
def ready(tablet: Hands) -> Hands:
    """A tablet with the questions loaded, at the screen of the session."""
    tablet.enrol()
    tablet.load()
    return tablet


def test_a_scanned_code_leads_to_its_session_through_the_sign_in(
    tablet: Hands, place: Place
) -> None:
    page = tablet.page
    page.goto(f"{place.url}/tablet/#session={place.session_id}")
    page.click("a.tablet-button")
    page.fill("[name=email]", PARTNER)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{place.url}/tablet/")
    page.fill("#name", "Tablet 7")
    tablet.press("Add this tablet")
    if page.get_by_role("button", name="Go on").count():
        tablet.press("Go on")
    tablet.arrive("Choose a passphrase for today")
    page.fill("#passphrase", PASSPHRASE)
    tablet.press("Continue")
    expect(page.locator("[data-home]")).to_contain_text(VENUE)


def test_answers_have_the_hints_of_the_web_page(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    label = page.locator(".tablet-choice label", has=page.locator(".tablet-hint--choice")).first
    expect(label.locator(".tablet-hint--choice")).to_have_text(
        "Such as a charity, a faith group, a school or a firm"
    )
    assert_accessible(page)


def test_numbers_are_read_as_on_the_web_page(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    number = page.locator("input[name=answer][inputmode=numeric]")
    _walk_to(ready, "input[name=answer][inputmode=numeric]")
    question = ready.progress
    for typed, told in (
        ("seven", "Write a number, such as 3"),
        ("7,5", "Write a number, such as 3"),
        ("1.000", "Write a number, such as 3"),
        ("1,200", "Write a number that is not above 7"),
        ("-3", "Write a number that is not below 0"),
    ):
        number.fill(typed)
        ready.press("Continue")
        expect(page.locator(".tablet-error")).to_have_text(told)
        expect(number).to_have_value(typed)
    for typed in ("৩", "۲", " 4.0 "):
        number.fill(typed)
        ready.press("Continue")
        assert ready.progress != question
        ready.press("Back")
        expect(number).to_have_value(typed)


def _walk_to(tablet: Hands, selector: str) -> None:
    for _ in range(60):
        if tablet.page.locator(selector).count():
            return
        if tablet.page.locator("input[type=radio]").count():
            tablet.page.locator(".tablet-choice label").first.click()
        tablet.go_on()
    raise AssertionError(f"no screen has {selector}")


def test_the_list_says_how_far_somebody_has_come(ready: Hands) -> None:
    page = ready.page
    ready.begin("English", nickname="Blue scarf")
    ready.answer({"text 1": "Half a thought"}, until="text 1")
    at = ready.progress
    ready.press("Take a break")
    expect(page.locator(".tablet-paused li")).to_contain_text(at)
    expect(page.locator(".tablet-paused li")).to_contain_text("Blue scarf · English")


def test_nobody_gives_up_the_answers_of_others_out_of_a_hand_over(ready: Hands) -> None:
    page = ready.page
    ready.begin("English", nickname="Blue scarf")
    ready.press("Take a break")
    ready.begin(BENGALI, alone=True)
    ready.leave(page.locator(".tablet-bar button").click)
    ready.unlock("wrong horse staple")
    expect(page.locator(".tablet-error")).to_be_visible()
    assert page.locator("main button").count() == 1
    ready.unlock()
    expect(page.locator(".tablet-paused li")).to_have_count(2)


def test_a_helper_who_forgot_it_gets_the_tablet_back_when_nothing_is_unfinished(
    ready: Hands,
) -> None:
    page = ready.page
    ready.begin(BENGALI, alone=True)
    ready.answer({"text 1": WORDS_IN_BENGALI})
    ready.finish()
    ready.go_on()
    assert page.locator("main button").count() == 1
    ready.unlock("wrong horse staple")
    expect(page.locator(".tablet-error")).to_be_visible()
    ready.press("I have forgotten it")
    ready.press("Give up what is unfinished")
    ready.arrive("Choose a passphrase for today")
    assert WORDS_IN_BENGALI not in page.content()


def test_bengali_comes_in_as_it_was_typed(place: Place, ready: Hands) -> None:
    page = ready.page
    page.context.set_offline(True)
    ready.begin(BENGALI, interpreted=True)
    ready.answer({"text 1": WORDS_IN_BENGALI})
    ready.finish()
    ready.go_on()
    ready.owed(1)
    page.context.set_offline(False)
    ready.press_send()
    ready.owed(0)
    (stored,) = place.stored()
    assert stored.answers["vision_say"] == {"text": WORDS_IN_BENGALI}
    assert (stored.language, stored.mode, stored.interpreted) == ("bn", "helped", True)


def test_a_second_tab_says_so_and_takes_over_when_asked(ready: Hands, page: Page) -> None:
    second = ready.page.context.new_page()
    second.goto(f"{ready.site}/tablet/")
    expect(second.locator("h1")).to_have_text("This app is open in another tab")
    second.get_by_role("button", name="Use this tab instead").click()
    expect(second.locator("#passphrase")).to_be_visible()
    expect(ready.page.locator("h1")).to_have_text("This app is open in another tab")


def test_a_wrong_clock_is_told(place: Place, new_page: NewPage) -> None:
    page = new_page(viewport=SEVEN_INCHES)
    set_clock(page.context, NOON.replace(hour=4))
    tablet = Hands(page, place.url)
    tablet.enrol()
    tablet.load()
    expect(page.locator(".tablet-notice").first).to_contain_text(
        "The clock of this tablet is wrong"
    )
