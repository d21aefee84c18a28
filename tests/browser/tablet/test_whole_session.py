"""A whole session as its people live through it, from the plan to the officer's desk."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.officer import Officer
from tests.browser.tablet.disk import contents
from tests.browser.tablet.hands import PASSPHRASE, SEVEN_INCHES, Hands
from tests.browser.tablet.place import set_clock, time_runs
from tests.browser.tablet.rig import Profile
from tests.support.browser import NewPage
from tests.support.outreach import fill, put_partner
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import NOON, SLUG

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADA, AMINA = "ada@council.example.org", "amina@mosque.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
URDU, BENGALI = "اردو", "বাংলা"
SAID = {
    "Red hat": "Woodpeckers nest behind the swings.",
    "Green coat": "পার্কে রাতে আলো দরকার",
    "Blue scarf": "پارک رات کو اندھیرا ہوتا ہے",
    "Grey shawl": "Kingfishers need a cleaner canal.",
    "Brown bag": "بس شام چھ بجے بند ہو جاتی ہے",
}
AT_THE_TABLE = "Everybody would walk if the lanterns worked."
SECRETS = (
    *SAID,
    *SAID.values(),
    AT_THE_TABLE,
    PASSPHRASE,
    "Woodpeckers",
    "the swings.",
    "Kingfishers",
    "পার্কে রাতে",
    "আলো দরকার",
    "پارک رات",
    "بس شام چھ",
    "lanterns worked",
)
"""All that was typed at the tablet, whole and in parts: LevelDB may cut a line in two."""
VENUE, TABLET = "Lozells Mosque hall", "Tablet 7"
MUSLIM = frozenset({"muslim"})
HELPED, ALONE = "A helper, for the person", "The person alone, on the partner’s tablet"
INTERPRETED, NOT_INTERPRETED = "With an interpreter", "Without an interpreter"
CAME_ABOUT = {
    "Red hat": ("English", HELPED, NOT_INTERPRETED),
    "Green coat": ("Bangla (বাংলা)", HELPED, NOT_INTERPRETED),
    "Blue scarf": ("Urdu (اردو)", ALONE, INTERPRETED),
    "Grey shawl": ("English", ALONE, NOT_INTERPRETED),
    "Brown bag": ("Urdu (اردو)", HELPED, NOT_INTERPRETED),
}


@pytest.fixture
def asked() -> list[str]:
    """The addresses of the tablet's app that the server was asked for, as they come.

    Without the worker's: Chromium itself looks for a newer one, and its switch for being offline
    does not reach that far.
    """
    return []


@pytest.fixture
def site(app: Flask, desk: object, live_server: Callable[[Any], Any], asked: list[str]) -> str:
    """170 people have answered online, of whom 25 are Muslim; a mosque reaches others."""
    time_runs(app)
    fill(app)
    put_partner(app)
    make_account(app, ADA, "officer", name="Ada")
    make_account(app, AMINA, "partner", name="Amina")

    def noting(environ: dict[str, Any], start_response: Any) -> Any:
        address = environ["PATH_INFO"]
        if address.startswith("/tablet/") and address != "/tablet/worker.js":
            asked.append(address)
        return app(environ, start_response)

    url: str = live_server(noting).url
    return url


@pytest.fixture
def profile(site: str, browser: Browser, tmp_path: Path) -> Iterator[Profile]:
    """The tablet's browser, whose folder lies on the disk."""
    made = Profile(browser.browser_type, tmp_path / "profile", site)
    yield made
    made.switch_off()


def in_hand(profile: Profile, moment: datetime) -> Page:
    """The tablet of seven inches is switched on at a moment."""
    profile.switch_on()
    assert profile.context is not None
    set_clock(profile.context, moment)
    page = profile.blank()
    page.set_viewport_size(SEVEN_INCHES)
    return page


def muslims_on_the_gap_chart(officer: Officer) -> tuple[str, list[str]]:
    """How many responses there are; a group, how many of it, and their share, by the chart."""
    officer.open(f"consultations/{SLUG}/watch")
    officer.page.click("#gap-religion-table-open")
    table = officer.page.locator("details", has=officer.page.locator("#gap-religion-table-open"))
    row = table.locator("tr", has_text="Muslim")
    everybody = officer.page.locator(".consult-watch-sums dd").first.inner_text()
    return everybody, row.inner_text().split("\t")[:3]


def plan(officer: Officer) -> None:
    """From the outreach plan in one step, then the partner's person."""
    officer.open(f"consultations/{SLUG}/watch/outreach")
    officer.page.get_by_role("link", name="Plan a session").first.click()
    officer.page.get_by_label("Place").fill(VENUE)
    officer.page.get_by_label("Day").fill(NOON.date().isoformat())
    for language in ("en", "bn", "ur"):
        officer.page.locator(f"[name=languages][value={language}]").check()
    officer.page.get_by_label("Who leads it").fill("Amina")
    officer.page.get_by_label("Interpreter, if there is one").fill("Mrs Khan, Urdu")
    officer.press("Plan the session")
    expect(officer.page.locator("main")).to_contain_text("The session is planned.")
    officer.open(f"consultations/{SLUG}/sessions/partners")
    officer.page.get_by_label("E-mail address of somebody of Lozells Mosque").fill(AMINA)
    officer.press("Add")
    expect(officer.page.locator("main")).to_contain_text("Amina")


def get_ready(page: Page, site: str) -> Hands:
    """The partner finds the session on their pages, and opens its address on the tablet."""
    page.goto(f"{site}/en/staff/account/login")
    page.fill("[name=email]", AMINA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=VENUE).click()
    address = page.locator("main a[href*='/tablet/#session=']").get_attribute("href")
    assert address is not None
    page.goto(site + address[address.index("/tablet/") :])
    tablet = Hands(page, site)
    page.fill("#name", TABLET)
    tablet.press("Add this tablet")
    if page.get_by_role("button", name="Go on").count():
        tablet.press("Go on")
    tablet.choose_passphrase()
    return tablet


def clear(tablet: Hands, *, alone: bool = False) -> None:
    """The code is written down; a tablet that was handed over comes back."""
    tablet.go_on()
    if alone:
        tablet.unlock()
    expect(tablet.page.locator("[data-owed]")).to_be_visible()


def answer(tablet: Hands, nickname: str, *, until: str | None = None) -> None:
    tablet.answer({"text 1": SAID[nickname]}, until=until, chosen=MUSLIM)


def test_a_whole_session(
    site: str, profile: Profile, new_page: NewPage, asked: list[str], tmp_path: Path
) -> None:
    officer = Officer(new_page(viewport=LAPTOP), site)
    officer.sign_in(ADA)
    assert muslims_on_the_gap_chart(officer) == ("170", ["Muslim", "25", "15%"]), "14.7 %"
    plan(officer)

    page = in_hand(profile, NOON)
    tablet = get_ready(page, site)
    page.context.set_offline(True)
    asked.clear()

    tablet.begin("English", nickname="Red hat")
    answer(tablet, "Red hat")
    tablet.finish()
    clear(tablet)

    tablet.begin(BENGALI, nickname="Green coat")
    answer(tablet, "Green coat", until="text 1")
    tablet.leave(page.locator(".tablet-bar button").last.click)
    tablet.begin(URDU, nickname="Blue scarf", alone=True, interpreted=True)
    answer(tablet, "Blue scarf", until="text 1")
    page.wait_for_timeout(1_500)  # it is kept soon after the last letter
    profile.kill()
    nothing_is_readable(profile)

    page = in_hand(profile, NOON + timedelta(minutes=5))
    page.context.set_offline(True)
    page.goto(f"{site}/tablet/")
    tablet = Hands(page, site)
    expect(page.locator("html")).to_have_attribute("lang", "ur")
    assert page.locator("main button").count() == 1, "nobody gets past the passphrase"
    tablet.unlock()
    expect(page.locator(".tablet-paused li")).to_have_count(2)
    tablet.press("Go on Blue scarf")
    expect(page.locator("textarea")).to_have_value(SAID["Blue scarf"])
    answer(tablet, "Blue scarf")
    tablet.finish()
    clear(tablet, alone=True)
    tablet.press("Go on Green coat")
    expect(page.locator("textarea")).to_have_value(SAID["Green coat"])
    answer(tablet, "Green coat")
    tablet.finish()
    clear(tablet)

    tablet.begin("English", nickname="Grey shawl", alone=True)
    answer(tablet, "Grey shawl")
    tablet.finish()
    clear(tablet, alone=True)
    tablet.begin(URDU, nickname="Brown bag")
    answer(tablet, "Brown bag")
    tablet.finish()
    clear(tablet)

    tablet.press("Group talk")
    page.fill("#table", "By the window")
    page.fill("#people", "6")
    page.fill("#talk-said", AT_THE_TABLE)
    tablet.press("Keep it")
    tablet.owed(6)
    nothing_is_readable(profile)
    assert asked == [], "all of this was without a network"

    page.context.set_offline(False)  # it sends by itself
    # A page that was opened under Playwright's switch takes itself to be online, and hears nothing
    # when the switch is turned; a browser without a network tells it.
    page.evaluate("dispatchEvent(new Event('online'))")
    tablet.owed(0)
    expect(page.locator("[data-taken]")).to_have_attribute("data-taken", "6")
    assert asked.count("/tablet/api/send") == 6
    profile.switch_off()
    nothing_is_readable(profile)

    look_at_the_desk(officer)
    assert found_in(tmp_path, (*SAID, AT_THE_TABLE)) == {AT_THE_TABLE}, "no nickname was sent"


def nothing_is_readable(profile: Profile) -> None:
    """Whoever finds the tablet reads its name, and no word of anybody."""
    assert found_in(profile.folder, (TABLET, *SECRETS)) == {TABLET}


def found_in(folder: Path, sought: Sequence[str]) -> set[str]:
    """Which of these words stand in any file of a folder, in UTF-8 or UTF-16."""
    written = {words: (words.encode(), words.encode("utf-16-le")) for words in sought}
    return {
        words
        for path in folder.rglob("*")
        if path.is_file()
        for content in contents(path)
        for words, ways in written.items()
        if any(way in content for way in ways)
    }


def look_at_the_desk(officer: Officer) -> None:
    """Every response with how it came about, the session's numbers, the talk, and the gap."""
    officer.open(f"consultations/{SLUG}/responses?channel=assisted")
    expect(officer.page.get_by_role("status")).to_contain_text("5 responses")
    for nickname, (language, mode, interpreter) in CAME_ABOUT.items():
        about = how_it_came_about(officer, SAID[nickname])
        assert about["Session"].splitlines()[0] == VENUE
        wanted = {
            "Language": language,
            "Way of answering": "With help",
            "Partner who held it": "Lozells Mosque",
            "Tablet": TABLET,
            "Who entered the answers": mode,
            "Interpreter": interpreter,
            "In time?": "In time",
        }
        assert {key: about[key] for key in wanted} == wanted, nickname

    officer.open(f"consultations/{SLUG}/sessions")
    officer.page.get_by_role("link", name=VENUE).click()
    main = officer.page.locator("main")
    expect(main).to_contain_text("What it came to")
    assert facts(officer.page, after="What it came to") == {
        "Responses": "5",
        "In English": "2",
        "In Urdu (اردو)": "2",
        "In Bangla (বাংলা)": "1",
        HELPED: "3",
        ALONE: "2",
        INTERPRETED: "1",
        "Tables that talked together": "1",
        "People at those tables": "6",
    }
    row = main.locator("tr", has_text="Muslim").locator("td").all_inner_texts()
    assert row[:5] == ["Still missing", "5", "15%", "17%", "32%"], "25 of 170, then 30 of 175"

    officer.open(f"consultations/{SLUG}/sessions")
    officer.page.get_by_role("link", name="What was said at tables").click()
    for words in (AT_THE_TABLE, "By the window", VENUE, "6 people at its tables", "1 note"):
        expect(main).to_contain_text(words)
    assert muslims_on_the_gap_chart(officer) == ("175", ["Muslim", "30", "17%"]), "17.1 %"


def how_it_came_about(officer: Officer, words: str) -> dict[str, str]:
    """What the desk says of the response in which these words stand."""
    officer.open(f"consultations/{SLUG}/responses?channel=assisted")
    row = officer.page.locator(".consult-response-list__item", has_text=words)
    row.get_by_role("link").first.click()
    expect(officer.page.locator("main .consult-words", has_text=words)).to_be_visible()
    return facts(officer.page)


def facts(page: Page, *, after: str = "") -> dict[str, str]:
    """The first list of facts on a page, or the first below a heading."""
    below = f"//h2[normalize-space()='{after}']/following::" if after else "//main//"
    found = page.locator(f"xpath=({below}dl)[1]")
    names = found.locator("dt").all_inner_texts()
    return dict(zip(names, found.locator("dd").all_inner_texts(), strict=True))
