"""What happens beside the way: screens that come late, sessions that change, a closing day."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Dialog, Route, expect

from consult.db import unit_of_work
from consult.models import AssistedSession, Organisation
from consult.services import consultations, opening
from consult.services.assisting import planning
from tests.browser.tablet.hands import SEVEN_INCHES, Hands
from tests.browser.tablet.place import VENUE, Place, set_clock
from tests.support.browser import NewPage
from tests.support.tablet import session_of
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

GIVE_BACK = "Please give the tablet back to the helper"
OTHER_VENUE = "Handsworth library"


@pytest.fixture
def tablet(place: Place, new_page: NewPage) -> Hands:
    """A tablet of seven inches that nobody has used, whose clock is right."""
    page = new_page(
        viewport=SEVEN_INCHES, expected_errors=["ERR_INTERNET_DISCONNECTED", "status of 404"]
    )
    set_clock(page.context, NOON)
    return Hands(page, place.url)


@pytest.fixture
def ready(tablet: Hands) -> Hands:
    """A tablet with the questions loaded, at the screen of the session."""
    tablet.enrol()
    tablet.load()
    return tablet


def test_two_sessions_with_the_same_questions_stay_two(place: Place, tablet: Hands) -> None:
    page = tablet.page
    with in_session(place.app) as session, unit_of_work(session):
        organisation = session.get_one(Organisation, place.organisation_id)
        other = session_of(
            session,
            organisation,
            now=NOON,
            venue=OTHER_VENUE,
            on=NOON.date() + timedelta(1),
            languages=["en", "bn"],
        ).id
    tablet.enrol()
    first = page.locator("li", has_text=VENUE)
    tablet.leave(first.get_by_role("button", name="Load the questions").click)
    tablet.choose_passphrase()
    tablet.press("All sessions")
    second = page.locator("li", has_text=OTHER_VENUE)
    tablet.leave(second.get_by_role("button", name="Load the questions").click)
    expect(page.locator("[data-home]")).to_contain_text(OTHER_VENUE)
    page.context.set_offline(True)
    tablet.press("All sessions")
    tablet.leave(first.get_by_role("button", name="Open the session").click)
    expect(page.locator("[data-home]")).to_contain_text(VENUE)
    for venue in (VENUE, OTHER_VENUE):
        tablet.begin("English")
        tablet.answer({"text 1": venue})
        tablet.finish()
        tablet.press("I have the code. Clear the screen")
        if venue == VENUE:
            tablet.press("All sessions")
            tablet.leave(second.get_by_role("button", name="Open the session").click)
    page.context.set_offline(False)
    tablet.press_send()
    tablet.owed(0)
    assert {each.answers["vision_say"]["text"]: each.session_id for each in place.stored()} == {
        VENUE: place.session_id,
        OTHER_VENUE: other,
    }


def test_a_list_that_comes_late_does_not_lie_over_what_is_there_by_then(
    place: Place, new_page: NewPage
) -> None:
    page = new_page(viewport=SEVEN_INCHES, expected_errors=["ERR_INTERNET_DISCONNECTED"])
    page.clock.install(time=NOON)
    tablet = Hands(page, place.url)
    tablet.enrol()
    tablet.load()
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route("**/tablet/api/sessions", hold)
    page.get_by_role("button", name="All sessions").click()
    expect(page.get_by_role("status").filter(has_text="Loading")).to_be_visible()
    page.clock.fast_forward("11:00")
    tablet.arrive("Open this session")
    waiting[-1].abort("internetdisconnected")
    page.wait_for_timeout(500)
    tablet.arrive("Open this session")


def test_a_break_before_help_is_chosen_shows_nobody_else(ready: Hands) -> None:
    page = ready.page
    ready.begin("English", nickname="Red hat")
    ready.press("Take a break")
    ready.press("Next person")
    ready.press("English")
    ready.go_on()
    page.fill("#nickname", "Blue scarf")
    ready.press("Take a break")
    assert ready.heading == GIVE_BACK
    assert "Red hat" not in page.content()
    ready.unlock()
    expect(page.locator(".tablet-paused li")).to_have_count(2)
    expect(page.locator(".tablet-paused")).to_contain_text("Blue scarf")


def test_a_code_on_the_screen_of_a_hand_over_is_not_left_by_a_reload(ready: Hands) -> None:
    page = ready.page
    ready.begin("English", nickname="Red hat")
    ready.press("Take a break")
    ready.begin("English", alone=True)
    ready.answer({})
    ready.finish()
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.reload()
    assert asked == ["beforeunload"]
    ready.arrive(GIVE_BACK)
    assert page.get_by_role("button", name="I have forgotten it").count() == 0


def test_a_session_that_was_called_off_is_told_when_the_app_opens(
    place: Place, ready: Hands
) -> None:
    page = ready.page
    with in_session(place.app) as session, unit_of_work(session):
        held = session.get_one(AssistedSession, place.session_id)
        planning.call_off(session, held, actor="officer@council.example.org", now=NOON)
    with page.expect_response("**/tablet/api/pack/*"):
        page.reload()
    ready.unlock()
    expect(page.get_by_role("alert")).to_contain_text("This session was called off")


def test_who_finishes_after_the_closing_is_told_before_sealing(
    place: Place, new_page: NewPage
) -> None:
    with in_session(place.app) as session:
        closes = consultations.get(session, SLUG).closes_at
    before = closes.astimezone(UTC) - timedelta(hours=1)
    _at(place, before)
    page = new_page(viewport=SEVEN_INCHES, expected_errors=["status of 409"])
    set_clock(page.context, before)
    tablet = Hands(page, place.url)
    tablet.enrol()
    tablet.load()
    tablet.begin("English", nickname="Red hat")
    tablet.answer({"text 1": "Half a thought"}, until="text 1")
    tablet.press("Take a break")
    _at(place, before + timedelta(hours=4))
    set_clock(page.context, before + timedelta(hours=4))
    page.reload()
    tablet.unlock()
    expect(page.locator("main")).to_contain_text("The consultation has closed.")
    for gone in ("Next person", "Group talk"):
        assert page.get_by_role("button", name=gone).count() == 0
    tablet.press("Go on Red hat")
    tablet.answer({"text 1": "Half a thought"})
    tablet.press("Finish and seal my answers")
    expect(page.get_by_role("alert")).to_contain_text("The consultation closed before you finished")
    assert page.locator(".tablet-code").count() == 0


def test_while_the_consultation_is_paused_nobody_begins_and_nobody_loses_anything(
    place: Place, ready: Hands
) -> None:
    page = ready.page
    ready.begin("English", nickname="Red hat")
    ready.answer({"text 1": "Half a thought"}, until="text 1")
    ready.press("Take a break")
    _pause(place, True)
    page.reload()
    ready.unlock()
    expect(page.get_by_text("This consultation is paused for now.")).to_be_visible()
    for gone in ("Next person", "Group talk"):
        assert page.get_by_role("button", name=gone).count() == 0
    ready.press("Go on Red hat")
    ready.answer({"text 1": "A whole thought"})
    ready.finish()
    ready.press("I have the code. Clear the screen")
    ready.owed(0)
    (stored,) = place.stored()
    assert stored.answers["vision_say"] == {"text": "A whole thought"}
    _pause(place, False)
    page.reload()
    ready.unlock()
    expect(page.get_by_role("button", name="Next person")).to_be_visible()


def test_what_is_loaded_while_somebody_answers_is_used_after_them(
    place: Place, ready: Hands
) -> None:
    page = ready.page
    held: list[Route] = []
    page.route("**/tablet/api/pack/*", lambda route: held.append(route))
    page.reload()
    ready.unlock()
    ready.begin("English", nickname="Red hat")
    assert len(held) == 1
    _pause(place, True)
    with page.expect_response("**/tablet/api/pack/*"):
        held[0].continue_()
    ready.answer({"text 1": "Half a thought"}, until="text 1")
    ready.press("Take a break")
    expect(page.get_by_text("This consultation is paused for now.")).to_be_visible()


def _pause(place: Place, paused: bool) -> None:
    with in_session(place.app) as session, unit_of_work(session):
        opening.pause(session, SLUG, paused, actor="test", now=NOON)


def _at(place: Place, moment: datetime) -> None:
    place.app.config["CONSULT_CLOCK"] = lambda: moment


def test_enter_in_the_list_of_wards_looks_and_answers_nothing(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    for _ in range(60):
        if page.locator("#filter").count():
            break
        if page.locator("input[type=radio]").count():
            page.locator(".tablet-choice label").first.click()
        ready.go_on()
    at = ready.progress
    page.fill("#filter", "lozells")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert ready.progress == at
    expect(page.locator("#said")).to_contain_text("In the list now:")


def test_pressed_twice_a_change_still_leads_back_to_the_check(ready: Hands) -> None:
    page = ready.page
    ready.begin("English")
    ready.answer({})
    ready.leave(page.locator(".tablet-row button").nth(3).click)
    page.evaluate(
        """() => {
          const button = document.querySelector("button[type=submit]");
          button.click();
          button.click();
        }"""
    )
    expect(page.locator(".tablet-check")).to_be_visible()
    page.wait_for_timeout(300)
    assert page.locator(".tablet-check").count() == 1
