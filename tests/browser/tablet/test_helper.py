"""What a helper sees and can do: notes of a table, harm, what is owed, and a tablet added anew."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from consult.db import unit_of_work
from consult.document.model import Consultation as Document
from consult.models import Device, GroupTalk
from consult.services import consultations
from consult.services.assisting import enrolling
from tests.browser.tablet.hands import SEVEN_INCHES, Hands
from tests.browser.tablet.place import PARTNER, Place, set_clock
from tests.support.browser import NewPage, assert_accessible
from tests.support.consultations import changed
from tests.support.staff import PASSWORD
from tests.support.visitors import NOON, SLUG, in_session, put

pytestmark = pytest.mark.browser

SAID = "The bus stops at six, so nobody comes home from the late shift."
WAITING = ".tablet-paused li"


@pytest.fixture
def tablet(place: Place, new_page: NewPage) -> Hands:
    """A tablet of seven inches that nobody has used, whose clock is right."""
    page = new_page(
        viewport=SEVEN_INCHES,
        expected_errors=["ERR_INTERNET_DISCONNECTED", "status of 40[13]"],
    )
    set_clock(page.context, NOON)
    return Hands(page, place.url)


@pytest.fixture
def ready(tablet: Hands) -> Hands:
    """A tablet with the questions loaded, at the screen of the session."""
    tablet.enrol()
    tablet.load()
    return tablet


def talks(place: Place) -> list[GroupTalk]:
    with in_session(place.app) as session:
        return list(session.scalars(select(GroupTalk)))


# Notes of a table


def test_a_note_that_is_left_waits_and_goes_on(place: Place, ready: Hands) -> None:
    page = ready.page
    ready.press("Group talk")
    page.fill("#table", "Table by the door")
    page.fill("#talk-said", SAID)
    ready.press("Back")
    expect(page.locator(WAITING)).to_contain_text("Table by the door")
    ready.press("Go on Table by the door")
    expect(page.locator("#talk-said")).to_have_value(SAID)
    page.fill("#people", "٧")
    page.wait_for_timeout(1_500)
    page.reload()
    ready.unlock()
    ready.press("Go on Table by the door")
    expect(page.locator("#people")).to_have_value("٧")
    ready.press("Keep it")
    ready.owed(0)
    assert page.locator(WAITING).count() == 0
    (talk,) = talks(place)
    assert (talk.table_name, talk.people, talk.said) == ("Table by the door", 7, SAID)


def test_a_note_of_nothing_does_not_wait(ready: Hands) -> None:
    ready.press("Group talk")
    ready.press("Back")
    ready.owed(0)
    assert ready.page.locator(WAITING).count() == 0


@pytest.mark.parametrize(
    ("people", "said", "told"),
    [
        ("", SAID, "Write how many people, from 1 to 500"),
        ("501", SAID, "Write how many people, from 1 to 500"),
        ("7", " \u200b ", "Write what was said"),
        ("7", "x" * 20_001, "Write no more than 20000 characters. Make two notes of it."),
    ],
)
def test_a_note_that_cannot_be_taken_says_why(
    ready: Hands, people: str, said: str, told: str
) -> None:
    page = ready.page
    ready.press("Group talk")
    page.fill("#people", people)
    page.fill("#talk-said", said)
    ready.press("Keep it")
    expect(page.locator(".tablet-error")).to_have_text(told)
    expect(page.locator("#talk-said")).to_have_value(said)
    expect(page.locator(".tablet-field--wrong :is(input, textarea)")).to_be_focused()
    assert_accessible(page)


# Harm


def test_what_to_do_about_harm_is_a_step_away_from_any_question(ready: Hands) -> None:
    page = ready.page
    ready.begin("English", nickname="Blue scarf")
    ready.answer({"text 1": "I would rather"}, until="text 1")
    ready.press("For the helper")
    ready.arrive("When somebody tells you of harm")
    expect(page.locator("main")).to_contain_text("call 999")
    ready.press("Back")
    expect(page.locator("textarea")).to_have_value("I would rather")


def test_nobody_is_led_out_of_a_hand_over_by_it(ready: Hands) -> None:
    ready.begin("English", alone=True)
    assert ready.page.get_by_role("button", name="For the helper").count() == 0


# Nothing to seal


def test_nobody_seals_nothing(place: Place, ready: Hands) -> None:
    page = ready.page
    put(place.app, _with_nothing_required(place))
    ready.press("All sessions")
    ready.press("Open the session")
    for way in ("Finish and seal my answers", "Stop here, and keep nothing"):
        if way.startswith("Finish"):
            ready.begin("English")
            _skip_everything(ready)
        ready.press(way)
        if way.startswith("Finish"):
            expect(page.get_by_role("alert")).to_contain_text("There is nothing to seal yet.")
            assert_accessible(page)
    ready.arrive("Please give the tablet back to the helper")
    expect(page.locator("main")).to_contain_text("Nothing about you was kept.")
    ready.press("I am the helper")
    ready.owed(0)
    assert page.locator(WAITING).count() == 0
    assert place.stored() == []


def _with_nothing_required(place: Place) -> Document:
    with in_session(place.app) as session:
        document = consultations.document_of(session, consultations.get(session, SLUG))
    questions = [each.model_copy(update={"required": False}) for each in document.questions]
    return changed(document, questions=[each.model_dump() for each in questions])


def _skip_everything(ready: Hands) -> None:
    for _ in range(80):
        if ready.page.locator(".tablet-check").count():
            return
        skip = ready.page.get_by_role("button", name="Skip this question")
        ready.leave(
            skip.click if skip.count() else ready.main.locator(".tablet-button--main").click
        )


# Who signed in


def test_who_added_the_tablet_is_signed_out_of_it(tablet: Hands) -> None:
    page = tablet.page
    tablet.enrol()
    page.goto(f"{tablet.site}/en/staff/")
    expect(page.locator("[name=password]")).to_be_visible()


def test_signing_out_is_made_up_for_when_the_network_went(tablet: Hands) -> None:
    page = tablet.page
    page.route("**/tablet/api/sign-out", lambda route: route.abort("internetdisconnected"))
    tablet.enrol()
    page.unroute("**/tablet/api/sign-out")
    with page.expect_response("**/tablet/api/sign-out"):
        page.reload()
    page.goto(f"{tablet.site}/en/staff/")
    expect(page.locator("[name=password]")).to_be_visible()


# What is owed, and what became of it


def test_what_is_owed_stands_on_every_screen_of_the_helper(ready: Hands) -> None:
    page = ready.page
    page.context.set_offline(True)
    ready.begin("English")
    ready.answer({})
    ready.finish()
    ready.press("I have the code. Clear the screen")
    ready.owed(1)
    for words in ("Group talk", "Somebody tells me of harm"):
        ready.press(words)
        expect(page.locator("#owes")).to_contain_text("Finished and still on this tablet: 1")
        assert_accessible(page)
        ready.press("Back")
        expect(page.locator("#owes")).to_be_hidden()
    ready.begin("English", alone=True)
    expect(page.locator("#owes")).to_be_hidden()


def test_what_the_council_took_is_counted(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    ready.answer({})
    ready.finish()
    ready.press("I have the code. Clear the screen")
    expect(page.locator("[data-taken]")).to_have_text("Taken by the council from this session: 1")


def test_the_tablet_says_when_it_tries_again(ready: Hands) -> None:
    page = ready.page
    page.route("**/tablet/api/send", lambda route: route.abort("internetdisconnected"))
    ready.begin("English")
    ready.answer({})
    ready.finish()
    ready.press("I have the code. Clear the screen")
    expect(page.locator("[data-owed]")).to_contain_text("The tablet tries again in 1 minute.")


# A tablet that the council has revoked


def test_a_revoked_tablet_is_added_anew_and_nothing_goes(
    place: Place, ready: Hands, tmp_path: Path
) -> None:
    page = ready.page
    page.context.set_offline(True)
    ready.begin("English")
    ready.answer({"text 1": SAID})
    ready.finish()
    ready.press("I have the code. Clear the screen")
    ready.owed(1)
    _forget_device(place)
    page.context.set_offline(False)
    ready.press_send()
    expect(page.locator("[data-owed]")).to_contain_text(
        "The council does not know this tablet any more."
    )
    ready.press("Add this tablet anew")
    expect(page.locator("main")).to_contain_text("In it: 1")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a sealed copy as a file").click()
    copy = tmp_path / "copy.json"
    download.value.save_as(copy)
    assert copy.read_text().count('"ey') == 1
    page.get_by_role("button", name="Add it anew").click()
    ready.arrive("Get this tablet ready")
    page.click("a.tablet-button")
    page.fill("[name=email]", PARTNER)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.fill("#name", "Tablet 8")
    ready.press("Add this tablet")
    if page.get_by_role("button", name="Go on").count():
        ready.press("Go on")
    ready.arrive("Sessions")
    ready.press("Open the session")
    ready.unlock()
    expect(page.locator("[data-owed]")).to_contain_text("Could not be taken: 1")
    ready.press("See what could not be taken")
    expect(page.locator("main")).to_contain_text("sealed before this tablet was added anew")
    ready.press("Back")
    ready.begin("English")
    ready.answer({})
    ready.finish()
    ready.press("I have the code. Clear the screen")
    ready.owed(0)
    assert len(place.stored()) == 1


def _forget_device(place: Place) -> None:
    with in_session(place.app) as session, unit_of_work(session):
        session.delete(session.scalars(select(Device)).one())


def test_a_revoked_tablet_says_so_and_offers_to_be_added_anew(place: Place, ready: Hands) -> None:
    page = ready.page
    with in_session(place.app) as session, unit_of_work(session):
        device = session.scalars(select(Device)).one()
        enrolling.revoke(session, device, actor="officer@council.example.org", now=NOON)
    page.reload()
    ready.unlock()
    expect(page.locator("[data-owed]")).to_contain_text("Add this tablet anew")
    ready.begin("English")
    ready.answer({})
    ready.finish()
    ready.press("I have the code. Clear the screen")
    ready.owed(0)
    expect(page.locator("[data-owed]")).to_contain_text("Of these, an officer looks at first: 1")
    assert place.stored() == []


# The passphrase of the day


@pytest.mark.parametrize(("begun", "asked"), [(True, "Open this session"), (False, "Choose a")])
def test_each_day_has_its_own_passphrase_once_nobody_is_unfinished(
    place: Place, new_page: NewPage, begun: bool, asked: str
) -> None:
    page = new_page(viewport=SEVEN_INCHES)
    evening = NOON.replace(hour=20)
    set_clock(page.context, evening)
    tablet = Hands(page, place.url)
    tablet.enrol()
    tablet.load()
    if begun:
        tablet.begin("English", nickname="Blue scarf")
        tablet.press("Take a break")
    set_clock(page.context, evening + timedelta(hours=9))
    page.reload()
    expect(page.locator("h1")).to_contain_text(asked)


def test_what_went_after_twelve_hours_is_told(place: Place, new_page: NewPage) -> None:
    page = new_page(viewport=SEVEN_INCHES)
    set_clock(page.context, NOON)
    tablet = Hands(page, place.url)
    tablet.enrol()
    tablet.load()
    tablet.begin("English", nickname="Blue scarf")
    tablet.press("Take a break")
    set_clock(page.context, NOON + timedelta(hours=13))
    page.reload()
    page.fill("#passphrase", "another lamp river")
    tablet.press("Continue")
    expect(page.locator("main")).to_contain_text("never finished, and removed now: 1")
    assert page.locator(WAITING).count() == 0


# Where the app cannot run


def test_an_address_without_https_says_so(place: Place, new_page: NewPage) -> None:
    page = new_page(viewport=SEVEN_INCHES)
    page.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', {value: false})")
    page.goto(f"{place.url}/tablet/")
    expect(page.locator("main")).to_contain_text("the address that begins with https")
    assert page.locator("main button, main a").count() == 0


# A tablet that lies about


@pytest.mark.parametrize("alone", [False, True])
def test_it_locks_itself_after_ten_minutes_and_keeps_what_was_typed(
    place: Place, new_page: NewPage, alone: bool
) -> None:
    page = new_page(viewport=SEVEN_INCHES)
    page.clock.install(time=NOON)
    tablet = Hands(page, place.url)
    tablet.enrol()
    tablet.load()
    tablet.begin("English", nickname="Blue scarf", alone=alone)
    tablet.answer({"text 1": "Half a thought"}, until="text 1")
    page.clock.fast_forward("09:00")
    expect(page.locator("textarea")).to_have_value("Half a thought")
    page.clock.fast_forward("02:00")
    expect(page.locator("#passphrase")).to_be_visible()
    heading = "Please give the tablet back to the helper" if alone else "Open this session"
    assert tablet.heading == heading
    assert "Half a thought" not in page.content()
    tablet.unlock()
    tablet.press("Go on Blue scarf")
    expect(page.locator("textarea")).to_have_value("Half a thought")
