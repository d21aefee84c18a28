"""The app on a tablet, by hand: whole ways with and without a network, in two languages."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from consult.models import Device
from consult.telling.tablet_words import WORDS
from tests.browser.tablet.hands import SEVEN_INCHES, Hands
from tests.browser.tablet.place import Place, set_clock
from tests.support.browser import ROOT, NewPage, assert_accessible
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

OFFLINE = ["ERR_INTERNET_DISCONNECTED"]
URDU, BENGALI = "اردو", "বাংলা"
WORDS_IN_URDU = "پارک رات کو اندھیرا ہوتا ہے"


@pytest.fixture
def tablet(place: Place, new_page: NewPage) -> Hands:
    """A tablet of seven inches that nobody has used, whose clock is right."""
    page = new_page(viewport=SEVEN_INCHES, expected_errors=OFFLINE)
    set_clock(page.context, NOON)
    return Hands(page, place.url)


@pytest.fixture
def ready(tablet: Hands) -> Hands:
    """A tablet with the questions loaded, at the screen of the session."""
    tablet.enrol()
    tablet.load()
    return tablet


def test_a_session_without_a_network_and_sent_afterwards(place: Place, ready: Hands) -> None:
    page = ready.page
    page.context.set_offline(True)

    ready.begin("English", nickname="Blue scarf")
    ready.answer({"text 1": "More benches, please."})
    helped = ready.finish()
    ready.press("I have the code. Clear the screen")
    ready.owed(1)

    ready.begin(URDU, alone=True, interpreted=True)
    ready.answer({"text 1": WORDS_IN_URDU})
    alone = ready.finish()
    ready.go_on()
    _kiosk_holds(ready)
    page.reload()
    _kiosk_holds(ready)
    ready.unlock()
    ready.owed(2)
    assert "More benches" not in page.content()
    assert WORDS_IN_URDU not in page.content()

    page.context.set_offline(False)
    ready.press_send()
    ready.owed(0)
    english, urdu = place.stored()
    assert english.answers["vision_say"] == {"text": "More benches, please."}
    assert urdu.answers["vision_say"] == {"text": WORDS_IN_URDU}
    assert (english.language, english.mode, english.interpreted) == ("en", "helped", False)
    assert (urdu.language, urdu.mode, urdu.interpreted) == ("ur", "self", True)
    device = _told(place, page)
    assert {(each.session_id, each.device_id, each.channel) for each in (english, urdu)} == {
        (place.session_id, device.id, "assisted")
    }
    assert (device.name, device.owes) == ("Tablet 7", 0)
    _code_opens(page, place, helped, "en", "More benches, please.")
    _code_opens(page, place, alone, "ur", WORDS_IN_URDU)


def _told(place: Place, page: Page) -> Device:
    """The tablet as the server knows it, once it has said that nothing is left on it."""
    device = _device(place)
    for _ in range(100):
        if device.owes == 0:
            break
        page.wait_for_timeout(100)
        device = _device(place)
    return device


def _device(place: Place) -> Device:
    with in_session(place.app) as session:
        return session.scalars(select(Device)).one()


def _kiosk_holds(tablet: Hands) -> None:
    """Nothing but the passphrase leads out of a hand-over, a wrong one neither."""
    page = tablet.page
    expect(page.locator("#passphrase")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "ur"
    assert page.locator("main button").count() == 1
    assert page.locator("main a").count() == 0
    tablet.unlock("wrong horse staple")
    expect(page.locator(".tablet-error")).to_be_visible()
    assert page.locator("[data-owed]").count() == 0


def _code_opens(page: Page, place: Place, code: str, language: str, words: str) -> None:
    """The residents' page shows a response to whoever has its code."""
    other = page.context.new_page()
    other.goto(f"{place.url}/{language}/{SLUG}/code")
    other.fill("[name=code]", code)
    other.keyboard.press("Enter")
    expect(other.get_by_text(words, exact=True).first).to_be_visible()
    other.context.clear_cookies()
    other.close()


def test_a_hand_over_holds_while_somebody_answers(ready: Hands) -> None:
    page = ready.page
    ready.begin(URDU, alone=True)
    assert page.locator("[data-owed]").count() == 0
    page.reload()
    _kiosk_holds(ready)
    page.go_back()
    page.goto(f"{ready.site}/tablet/#session=00000000-0000-0000-0000-000000000000")
    page.reload()
    _kiosk_holds(ready)
    ready.unlock()
    expect(page.locator(".tablet-paused li")).to_have_count(1)


def test_two_people_at_once(place: Place, ready: Hands) -> None:
    page = ready.page
    ready.begin("English", nickname="Blue scarf")
    ready.answer({"text 1": "From the blue scarf."}, until="text 1")
    ready.press("Take a break")
    ready.begin(URDU, nickname="Red hat")
    ready.answer({"text 1": WORDS_IN_URDU}, until="text 1")
    ready.press("وقفہ لیں") if page.get_by_role("button", name="وقفہ لیں").count() else (
        ready.leave(page.locator(".tablet-bar button").last.click)
    )
    expect(page.locator(".tablet-paused li")).to_have_count(2)
    ready.press("Go on Blue scarf")
    expect(page.locator("textarea")).to_have_value("From the blue scarf.")
    ready.answer({"text 1": "From the blue scarf."})
    ready.finish()
    ready.go_on()
    expect(page.locator(".tablet-paused li")).to_have_count(1)
    page.reload()
    expect(page.locator("#passphrase")).to_be_visible()
    ready.unlock()
    ready.press("Go on Red hat")
    expect(page.locator("textarea")).to_have_value(WORDS_IN_URDU)
    ready.answer({"text 1": WORDS_IN_URDU})
    ready.finish()
    ready.go_on()
    ready.owed(0)
    assert [each.answers["vision_say"]["text"] for each in place.stored()] == [
        "From the blue scarf.",
        WORDS_IN_URDU,
    ]


@pytest.mark.parametrize(
    ("language", "helpers"), [("English", ("en", "ur")), (URDU, ("ar",)), (BENGALI, ("bn",))]
)
def test_every_screen_is_accessible_and_fits(
    tablet: Hands, language: str, helpers: tuple[str, ...]
) -> None:
    page = tablet.page
    seen: set[str] = set()

    def look(name: str) -> None:
        if name in seen:
            return
        seen.add(name)
        assert_accessible(page)
        for width in (320, 600):
            page.set_viewport_size({"width": width, "height": 1024})
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, width, wide)

    tablet.seen = look
    tablet.enrol()
    tablet.load()
    look("home")
    tablet.begin(language, nickname="Blue scarf")
    tablet.answer({"text 1": WORDS_IN_URDU, "text 2": "x" * 300, "text 3": ""})
    tablet.finish()
    tablet.go_on()
    home = page.locator(".tablet-buttons").last.locator("button")
    for helper in helpers:
        tablet.leave(home.nth(3).click)
        _read_in(tablet, helper)
        look(f"passphrase {helper}")
        tablet.leave(page.locator(".tablet-button--quiet").click)
        look(f"forgotten {helper}")
        tablet.leave(page.locator(".tablet-button--quiet").click)
        tablet.unlock()
        expect(page.locator("[data-owed]")).to_be_visible()
        look(f"home {helper}")
        for number, name in enumerate(("talk", "harm", "sessions")):
            tablet.leave(home.nth(number).click)
            look(f"{name} {helper}")
            if name == "talk":
                tablet.leave(page.locator("button[type=submit]").click)
                look(f"talk refused {helper}")
            if name != "sessions":
                tablet.leave(page.locator("main > .tablet-button").last.click)
        tablet.leave(page.locator(".tablet-sessions button").click)
    tablet.leave(home.nth(3).click)
    _read_in(tablet, "en")
    tablet.unlock()
    expect(page.locator("[data-owed]")).to_be_visible()
    tablet.begin(language, alone=True)
    tablet.leave(page.locator(".tablet-bar button").click)
    look("kiosk")
    assert len(seen) > 30


def _read_in(tablet: Hands, language: str) -> None:
    """Choose the helper's language, and wait for the screen in it."""
    languages = tablet.page.locator("#helper-language")

    def choose() -> None:
        languages.select_option(language)

    if languages.input_value() != language:
        tablet.leave(choose)


def test_a_required_question_says_so(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    ready.press("Continue")
    expect(page.locator(".tablet-error")).to_have_text("This question needs an answer")
    assert page.get_by_role("button", name="Skip this question").count() == 0
    assert page.evaluate("document.activeElement.name") == "answer"
    assert_accessible(page)


def test_too_long_a_text_says_by_how_much_and_keeps_it(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    ready.answer({"text 1": "é" * 5_003}, until="text 1")
    ready.press("Continue")
    expect(page.locator(".tablet-error")).to_have_text(
        "This is too long. Characters allowed: 5000. Characters too many: 3"
    )
    expect(page.locator("textarea")).to_have_value("é" * 5_003)


def test_too_many_choices_say_how_many(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    for _ in range(60):
        if page.locator("input[type=checkbox]").count():
            break
        if page.locator("input[type=radio]").count():
            page.locator(".tablet-choice label").first.click()
        ready.go_on()
    for label in page.locator(".tablet-choice label").all()[:3]:
        label.click()
    ready.press("Continue")
    expect(page.locator(".tablet-error").first).to_have_text("Choose no more than this many: 2")


def test_a_full_disk_takes_nothing_from_the_screen(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    ready.answer({"text 1": "What I have to say."}, until="text 1")
    page.evaluate(
        """() => {
          const put = IDBObjectStore.prototype.put;
          globalThis.giveRoom = () => { IDBObjectStore.prototype.put = put; };
          IDBObjectStore.prototype.put = () => {
            throw new DOMException("", "QuotaExceededError");
          };
        }"""
    )
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("The tablet is nearly full.")
    expect(page.locator("textarea")).to_have_value("What I have to say.")
    page.evaluate("giveRoom()")
    ready.press("Continue")
    ready.answer({})
    ready.finish()


def test_finishing_twice_is_finishing_once(place: Place, ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    ready.answer({"text 1": "Once."})
    page.evaluate(
        """() => {
          const button = document.querySelector("main > .tablet-button--main");
          button.click();
          button.click();
        }"""
    )
    code = page.locator(".tablet-code").inner_text()
    page.wait_for_timeout(500)
    assert page.locator(".tablet-code").inner_text() == code
    ready.press("I have the code. Clear the screen")
    ready.owed(0)
    assert len(place.stored()) == 1


def test_the_same_way_with_choices_left_out(place: Place, ready: Hands) -> None:
    """Whoever skips everything that is not required can finish."""
    page = ready.page
    ready.begin("English")
    for _ in range(80):
        if page.locator(".tablet-check").count():
            break
        skip = page.get_by_role("button", name="Skip this question")
        if skip.count():
            ready.leave(skip.click)
        else:
            if page.locator("input[type=radio]").count():
                page.locator(".tablet-choice label").first.click()
            ready.go_on()
    ready.finish()
    ready.press("I have the code. Clear the screen")
    ready.owed(0)
    assert [each.answers for each in place.stored()] == [{"who": {"choice": "resident"}}]


def test_by_keyboard_alone(place: Place, ready: Hands) -> None:
    page = ready.page

    def tab_to(words: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            here = page.evaluate("document.activeElement.innerText || ''")
            if here.strip() == words:
                return
        raise AssertionError(f"the keyboard does not reach {words}")

    def press(words: str, key: str = "Enter") -> None:
        tab_to(words)
        ready.leave(lambda: page.keyboard.press(key))
        assert page.evaluate("document.activeElement.tagName") in {"H1", "INPUT", "TEXTAREA"}

    press("Next person")
    press("English")
    press("Yes, I want to take part")
    press("Somebody helps me", "Space")
    for _ in range(80):
        if page.locator(".tablet-check").count():
            break
        if page.locator("input[type=radio]").count():
            page.keyboard.press("Tab")
            while page.evaluate("document.activeElement.type") != "radio":
                page.keyboard.press("Tab")
            page.keyboard.press("Space")
        press("Continue")
    press("Finish and seal my answers")
    expect(page.locator(".tablet-code")).to_be_visible()
    press("I have the code. Clear the screen")
    ready.owed(0)
    (stored,) = place.stored()
    assert stored.answers["vision_agree"] == {"choice": "strongly_agree"}


def test_every_word_that_the_app_uses_is_there() -> None:
    used: set[str] = set()
    for path in sorted((ROOT / "static/js/tablet").rglob("*.js")):
        source = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'"((?:[a-z]+)\.(?:[a-z_]+))"', source))
        used |= {f"error.{word}" for word in re.findall(r'new TabletError\("(\w+)"', source)}
        used |= {f"error.{word}" for word in re.findall(r'super\("(\w+)"', source)}
    begins = {key.partition(".")[0] for key in WORDS}
    missing = {key for key in used if key.partition(".")[0] in begins} - set(WORDS)
    assert missing == set()
    assert len(used & set(WORDS)) > 100
    told = {key for key in WORDS if not key.startswith(("error.", "answer.", "refused."))}
    assert told - used == set(), "words that no screen shows"
