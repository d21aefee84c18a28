"""New versions, recordings, browsers that promise or know less, and helpers who read Bengali."""

import io
import wave
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, expect
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Device
from consult.services import consultations, workspaces
from consult.services.assisting import clips, enrolling
from consult.views.tablet import shell
from tests.browser.seen import look
from tests.browser.tablet.hands import PASSPHRASE, SEVEN_INCHES, Hands
from tests.browser.tablet.place import PARTNER, Place, set_clock
from tests.support.browser import NewPage, assert_accessible, until
from tests.support.staff import PASSWORD
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

OFFLINE = ["ERR_INTERNET_DISCONNECTED", "ERR_FAILED"]

NO_VOICE = "speechSynthesis.getVoices = () => []"
ONE_VOICE = """speechSynthesis.getVoices = () => [{lang: "%s", localService: %s}];
globalThis.SpeechSynthesisUtterance = class { constructor(words) { this.words = words; } };
speechSynthesis.speak = (said) => { globalThis.spoken = `${said.lang}: ${said.words}`; }"""
NOTES_WHAT_PLAYS = """globalThis.Audio = class extends globalThis.Audio {
  constructor(address) { super(address); globalThis.played = this; }
}"""
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', {value: undefined})"
NO_RANDOM_UUID = "delete Crypto.prototype.randomUUID"
PROMISES = """StorageManager.prototype.persist = async () => %s;
StorageManager.prototype.persisted = async () => %s;
StorageManager.prototype.estimate = async () => ({quota: %d, usage: 0})"""
PRIVATE, USUAL = 500_000_000, 50_000_000_000


@pytest.fixture
def tablet(place: Place, new_page: NewPage) -> Hands:
    """A tablet of seven inches that nobody has used, whose clock is right."""
    page = new_page(viewport=SEVEN_INCHES, expected_errors=OFFLINE)
    set_clock(page.context, NOON)
    return Hands(page, place.url)


# A new version


def test_a_new_version_is_used_when_asked_and_loses_nothing(
    place: Place, tablet: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tablet.page
    tablet.enrol()
    tablet.load()
    page.route("**/tablet/api/send", lambda route: route.abort("internetdisconnected"))
    tablet.begin("English", nickname="Red hat")
    tablet.answer({"text 1": "A whole one"})
    tablet.finish()
    tablet.press("I have the code. Clear the screen")
    tablet.begin("English", nickname="Blue scarf")
    tablet.answer({"text 1": "Half a thought"}, until="text 1")
    tablet.press("Take a break")
    assert page.get_by_text("There is a new version").count() == 0
    before = _theme(page)

    monkeypatch.setattr(shell, "COLOUR", "#123456")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("There is a new version of this app.")).to_be_visible()
    assert _theme(page) == before, "nothing changes by itself"
    page.get_by_role("button", name="Use the new version now").click()
    expect(page.locator("#passphrase")).to_be_visible()
    assert _theme(page) == "#123456"
    tablet.unlock()
    tablet.owed(1)
    assert page.get_by_text("There is a new version").count() == 0
    tablet.press("Go on Blue scarf")
    expect(page.locator("textarea")).to_have_value("Half a thought")
    tablet.answer({"text 1": "Half a thought"})
    tablet.finish()
    page.unroute("**/tablet/api/send")
    tablet.press("I have the code. Clear the screen")
    tablet.press_send()
    tablet.owed(0)
    said = [each.answers.get("vision_say") for each in place.stored()]
    assert said == [{"text": "A whole one"}, {"text": "Half a thought"}]


def test_a_page_that_was_loaded_past_the_worker_is_cared_for(
    place: Place, tablet: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tablet.page
    tablet.enrol()
    tablet.load()
    past = page.context.new_cdp_session(page)
    past.send("Page.reload", {"ignoreCache": True})
    tablet.arrive("Open this session")
    until(page, "navigator.serviceWorker.controller !== null")
    tablet.unlock()
    monkeypatch.setattr(shell, "COLOUR", "#123456")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_text("There is a new version of this app.")).to_be_visible()


@pytest.mark.parametrize(
    "source",
    [
        "this is no script",
        "addEventListener('install', (event) => event.waitUntil(Promise.reject()));",
    ],
    ids=["refused", "lacks something"],
)
def test_where_the_browser_does_not_keep_the_app_the_helper_is_told(
    place: Place, new_page: NewPage, monkeypatch: pytest.MonkeyPatch, source: str
) -> None:
    monkeypatch.setattr(shell, "_source", lambda _path: source)
    page = new_page(viewport=SEVEN_INCHES, expected_errors=["script: ", "undefined"])
    set_clock(page.context, NOON)
    tablet = Hands(page, place.url)
    tablet.enrol()
    tablet.press("Load the questions")
    page.fill("#passphrase", PASSPHRASE)
    tablet.press("Continue")
    expect(page.get_by_text("The browser could not keep this app")).to_be_visible()


def _theme(page: Page) -> str | None:
    return page.locator("meta[name=theme-color]").get_attribute("content")


# Recordings


def test_a_recording_is_loaded_when_asked_and_heard_without_a_network(
    place: Place, tablet: Hands
) -> None:
    page = tablet.page
    _attach(place.app, "question:who")
    page.add_init_script(NO_VOICE)
    page.add_init_script(NOTES_WHAT_PLAYS)
    tablet.enrol()
    tablet.load()
    expect(page.locator("[data-clips]")).to_contain_text("Not loaded yet: 1, together 0.1 MB")
    tablet.leave(page.get_by_role("button", name="Load the recordings").click)
    expect(page.locator("[data-clips]")).to_have_count(0)
    page.context.set_offline(True)
    tablet.begin("English")
    page.get_by_role("button", name="Read aloud").click()
    until(page, "Boolean(globalThis.played) && played.readyState >= 2")
    assert page.evaluate("played.duration") == pytest.approx(0.5, abs=0.05)
    tablet.answer({}, until="text 1")
    assert page.locator("[data-aloud]").count() == 0, "neither a recording nor a voice"
    assert page.evaluate("played.paused"), "it falls silent on the next screen"


def test_recordings_that_cannot_be_loaded_are_told_of(place: Place, tablet: Hands) -> None:
    page = tablet.page
    _attach(place.app, "question:who")
    tablet.enrol()
    tablet.load()
    page.context.set_offline(True)
    page.get_by_role("button", name="Load the recordings").click()
    expect(page.get_by_role("alert")).to_contain_text("Some recordings could not be loaded.")
    expect(page.locator("[data-clips]")).to_have_attribute("data-clips", "1")


@pytest.mark.parametrize(
    ("speaks", "is_local", "heard"),
    [("en-GB", "true", True), ("en-GB", "false", False), ("ur-PK", "true", False)],
)
def test_a_voice_of_the_device_reads_where_nothing_was_recorded(
    tablet: Hands, speaks: str, is_local: str, heard: bool
) -> None:
    page = tablet.page
    page.add_init_script(ONE_VOICE % (speaks, is_local))
    tablet.enrol()
    tablet.load()
    tablet.begin("English")
    buttons = page.locator("[data-aloud]")
    expect(buttons).to_have_count(1 if heard else 0)
    if heard:
        buttons.click()
        question = page.locator("h1").inner_text()
        assert page.evaluate("spoken").startswith(f"en-GB: {question}.")


def _attach(app: Flask, target: str) -> None:
    """A half second of silence, as an officer attaches it."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(8_000))
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        clips.attach(
            session,
            workspace,
            consultations.document_of(session, consultations.get(session, SLUG)),
            target=target,
            language="en",
            content=sound.getvalue(),
            actor="officer@council.example.org",
            now=NOON,
        )


# Browsers


@pytest.mark.parametrize("missing", [NO_LOCKS, NO_RANDOM_UUID])
def test_an_older_browser_sends_each_response_once(
    place: Place, tablet: Hands, missing: str
) -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.url.endswith("/tablet/api/send"):
            sent.append(request.url)

    tablet.page.on("request", note)
    tablet.page.add_init_script(missing)
    tablet.enrol()
    tablet.load()
    tablet.page.context.set_offline(True)
    for words in ("First.", "Second."):
        tablet.begin("English")
        tablet.answer({"text 1": words})
        tablet.finish()
        tablet.press("I have the code. Clear the screen")
    tablet.owed(2)
    sent.clear()
    tablet.page.context.set_offline(False)
    for _ in range(3):
        tablet.press_send()
    tablet.owed(0)
    assert len(sent) == 2, "the server would forgive more"
    assert [each.answers["vision_say"]["text"] for each in place.stored()] == ["First.", "Second."]


@pytest.mark.parametrize(
    ("promised", "quota", "told"),
    [
        ("true", USUAL, None),
        ("false", USUAL, "The browser does not promise to keep what is stored here"),
        ("false", PRIVATE, "This looks like a private window."),
    ],
)
def test_what_the_browser_promises_is_told(
    tablet: Hands, promised: str, quota: int, told: str | None
) -> None:
    page = tablet.page
    page.add_init_script(PROMISES % (promised, promised, quota))
    heard: list[str] = []
    tablet.seen = lambda _name: heard.append(page.inner_text("main"))
    tablet.enrol()
    warned = [words for words in heard if "one thing to know" in words]
    assert len(warned) == (0 if told is None else 1)
    assert told is None or told in warned[0]
    tablet.load()
    notice = page.get_by_text("The browser does not promise to keep what is stored here")
    expect(notice).to_have_count(0 if told is None else 1)


def test_a_full_tablet_is_told_of_before_anybody_begins(tablet: Hands) -> None:
    page = tablet.page
    page.add_init_script(PROMISES % ("true", "true", 5_000_000))
    tablet.enrol()
    tablet.load()
    expect(page.locator("main")).to_contain_text("The tablet is nearly full.")


# A helper who reads Bengali, on a telephone's width and on seven inches


Look = Callable[[], None]


@pytest.fixture
def say(place: Place, new_page: NewPage) -> dict[str, str]:
    """The app's words in Bengali."""
    answer = new_page().request.get(f"{place.url}/tablet/words.json")
    words: dict[str, str] = answer.json()["words"]["bn"]
    return words


@pytest.fixture
def bengali(place: Place, new_page: NewPage) -> Hands:
    """A tablet in Bengali, whose browser promises nothing and has a Bengali voice."""
    expected = [*OFFLINE, "status of 4[0-9][0-9]"]
    page = new_page(locale="bn-BD", viewport=SEVEN_INCHES, expected_errors=expected)
    set_clock(page.context, NOON)
    page.add_init_script(PROMISES % ("false", "false", USUAL))
    page.add_init_script(ONE_VOICE % ("bn-BD", "true"))
    return Hands(page, place.url)


@pytest.fixture
def see(bengali: Hands) -> Look:
    """Look at the screen at hand: it is in Bengali, accessible, and fits both widths."""
    page = bengali.page

    def look_at_both() -> None:
        expect(page.locator("html")).to_have_attribute("lang", "bn")
        for width in (320, 600):
            page.set_viewport_size({"width": width, "height": 1024})
            assert_accessible(page)
            assert look(page).faults() == [], page.locator("h1").inner_text()
        assert page.evaluate(IN_ENGLISH) == [], page.locator("h1").inner_text()

    return look_at_both


IN_ENGLISH = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    const isBengali = parentElement.closest("[lang]").lang === "bn";
    const isName = parentElement.closest("bdi, option, [hidden], body [dir=ltr]");
    if (isBengali && !isName && /[a-z]{2,} [a-z]{2,}/i.test(data)) {
      found.push(data);
    }
  }
  return found;
}"""
"""Words in English that a screen reader would read as Bengali."""


def test_getting_ready_in_bengali(bengali: Hands, say: dict[str, str], see: Look) -> None:
    page = bengali.page
    page.route("**/tablet/api/me", lambda route: route.abort("internetdisconnected"))
    page.goto(f"{bengali.site}/tablet/")
    expect(page.get_by_role("button", name=say["enrol.again"])).to_be_visible()
    see()
    page.unroute("**/tablet/api/me")
    bengali.press(say["enrol.again"])
    see()
    page.click("a.tablet-button")
    assert page.url.startswith(f"{bengali.site}/bn/staff/account/login")
    page.fill("[name=email]", PARTNER)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#name")).to_be_visible()
    see()
    bengali.press(say["enrol.enrol"])
    expect(page.get_by_role("alert")).to_be_visible()
    see()
    page.fill("#name", "Tablet 7")
    bengali.press(say["enrol.enrol"])
    bengali.arrive(say["storage.title"])
    see()
    bengali.press(say["storage.go_on"])
    bengali.arrive(say["sessions.title"])
    see()
    bengali.press(say["sessions.load"])
    bengali.arrive(say["passphrase.choose"])
    see()
    page.fill("#passphrase", "short")
    bengali.press(say["passphrase.go_on"])
    expect(page.locator(".tablet-error")).to_be_visible()
    see()
    page.fill("#passphrase", PASSPHRASE)
    bengali.press(say["passphrase.go_on"])
    expect(page.locator("[data-owed]")).to_be_visible()
    see()


@pytest.fixture
def ready(bengali: Hands, say: dict[str, str]) -> Hands:
    """A tablet in Bengali with the questions loaded, at the screen of the session."""
    page = bengali.page
    page.goto(f"{bengali.site}/tablet/")
    page.click("a.tablet-button")
    page.fill("[name=email]", PARTNER)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("#name", "Tablet 7")
    bengali.press(say["enrol.enrol"])
    bengali.press(say["storage.go_on"])
    bengali.press(say["sessions.load"])
    page.fill("#passphrase", PASSPHRASE)
    bengali.press(say["passphrase.go_on"])
    expect(page.locator("[data-owed]")).to_be_visible()
    until(page, "navigator.serviceWorker.controller !== null")
    return bengali


def begin(tablet: Hands, say: dict[str, str], *, alone: bool = False) -> None:
    """The next person, in Bengali, says yes."""
    tablet.press(say["home.next"])
    tablet.press("বাংলা")
    tablet.go_on()
    tablet.page.fill("#nickname", "লাল টুপি")
    tablet.press(say["person.self" if alone else "person.helped"])


def test_a_person_in_bengali(ready: Hands, say: dict[str, str], see: Look) -> None:
    page = ready.page
    ready.press(say["home.next"])
    see()
    ready.press(say["person.not_now"])
    see()
    ready.press(say["declined.helper"])
    ready.press(say["home.next"])
    ready.press("বাংলা")
    see()
    ready.go_on()
    page.fill("#nickname", "লাল টুপি")
    see()
    ready.press(say["person.helped"])
    ready.press(say["question.next"])
    expect(page.locator(".tablet-error")).to_be_visible()
    see()
    kinds: set[str] = set()

    def see_each_kind(_heading: str) -> None:
        kind = page.evaluate(KIND)
        if kind not in kinds:
            kinds.add(kind)
            see()

    ready.seen = see_each_kind
    ready.answer({"text 1": "পার্কে রাতে আলো দরকার", "text 2": "আ" * 300})
    assert kinds == {
        "details",
        "radio",
        "radio search",
        "radio text",
        "checkbox",
        "checkbox text",
        "select-one",
        "textarea",
        "text",
        "",
        "dl",
    }
    ready.seen = lambda _heading: None
    ready.finish()
    see()
    ready.press(say["done.clear"])
    see()


KIND = """() => [...new Set(
  [...document.querySelectorAll("main :is(input, textarea, select, details, dl)")]
    .map((each) => each.type || each.localName),
)].sort().join(" ")"""
"""What a screen asks for; nothing where it only tells what comes."""


def test_who_waits_and_a_hand_over_in_bengali(ready: Hands, say: dict[str, str], see: Look) -> None:
    page = ready.page
    begin(ready, say)
    ready.press(say["bar.helper"])
    see()
    ready.press(say["question.back"])
    ready.press(say["person.pause"])
    expect(page.locator(".tablet-paused li")).to_have_count(1)
    see()
    ready.press(f"{say['home.remove']} লাল টুপি")
    see()
    ready.press(say["question.back"])
    ready.press(say["home.lock"])
    see()
    ready.unlock("wrong horse staple")
    expect(page.locator(".tablet-error")).to_be_visible()
    see()
    ready.press(say["passphrase.forgotten"])
    see()
    ready.press(say["question.back"])
    ready.unlock()
    expect(page.locator("[data-owed]")).to_be_visible()
    begin(ready, say, alone=True)
    see()
    ready.press(say["person.pause"])
    see()
    ready.unlock("wrong horse staple")
    expect(page.locator(".tablet-error")).to_be_visible()
    see()


def test_a_table_and_what_is_owed_in_bengali(
    place: Place, ready: Hands, say: dict[str, str], see: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = ready.page
    _attach(place.app, "question:who")
    page.reload()
    ready.unlock()
    expect(page.locator("[data-owed]")).to_be_visible()
    page.route(
        "**/tablet/api/send",
        lambda route: route.fulfill(status=400, json={"error": "unreadable"}),
    )
    ready.press(say["home.talk"])
    see()
    ready.press(say["talk.keep"])
    expect(page.locator(".tablet-error")).to_be_visible()
    see()
    for name, typed in (("#table", "জানালার পাশে"), ("#people", "6"), ("#talk-said", "আরও আলো")):
        page.fill(name, typed)
    ready.press(say["talk.keep"])
    expect(page.get_by_role("button", name=say["owed.look"])).to_be_visible()
    see()
    ready.press(say["owed.look"])
    see()
    ready.press(say["refused.remove"])
    see()
    ready.press(say["question.back"])
    ready.press(say["question.back"])
    page.unroute("**/tablet/api/send")
    monkeypatch.setattr(shell, "COLOUR", "#123456")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.get_by_role("button", name=say["update.use"])).to_be_visible()
    page.context.set_offline(True)
    begin(ready, say)
    ready.answer({})
    ready.finish()
    ready.press(say["done.clear"])
    ready.owed(1)
    expect(page.locator("[data-owed]")).to_contain_text(say["error.offline"])
    expect(page.locator("[data-clips]")).to_be_visible()
    expect(page.get_by_role("button", name=say["update.use"])).to_be_visible()
    see()
    ready.press(say["home.sessions"])
    see()


def test_a_revoked_tablet_and_a_second_tab_in_bengali(
    place: Place, ready: Hands, say: dict[str, str], see: Look
) -> None:
    page = ready.page
    with in_session(place.app) as session, unit_of_work(session):
        device = session.scalars(select(Device)).one()
        enrolling.revoke(session, device, actor="officer@council.example.org", now=NOON)
    page.reload()
    ready.unlock()
    expect(page.get_by_role("button", name=say["anew.open"])).to_be_visible()
    see()
    ready.press(say["anew.open"])
    see()
    second = page.context.new_page()
    second.goto(f"{ready.site}/tablet/")
    second.get_by_role("button", name=say["tab.here"]).click()
    expect(page.locator("h1")).to_have_text(say["tab.title"])
    see()
