"""Readiness, the second person's word, previews and opening as officers see and press them."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from consult.db import unit_of_work
from consult.services import opening, sign_offs, workspaces
from tests.browser.seen import look
from tests.support.browser import assert_accessible, follow
from tests.support.consultations import NOW
from tests.support.readiness import (
    BEFORE,
    OMAR,
    PARKS,
    answer_all,
    found,
    make_ready,
    save,
    write,
)
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import in_session

pytestmark = pytest.mark.browser

LAPTOP: ViewportSize = {"width": 1366, "height": 768}
POOR, SIGNED = "poor", "signed"
REFUSALS = ["status of 422", "status of 409"]


@pytest.fixture
def site(app, clock, live_server):
    """Three consultations: one in a poor state, one that waits for a word, one that may open."""
    clock.now = BEFORE
    with in_session(app) as session:
        write(session, POOR, translated=False)
        with unit_of_work(session):
            content = found(session, POOR).content
            found(session, POOR).content = {
                **content,
                "introduction": "The ICB wants a JSNA. " + "Notwithstanding difficulties " * 20,
                "minimum_age": 12,
                "residents": {"question": "gone", "any_of": ["resident"]},
            }
        write(session)
        answer_all(session)
        make_ready(session, SIGNED)
    make_account(app, OMAR, "officer", name="Omar")
    return live_server(app).url


def sign_in(page: Page, site: str, language: str = "en") -> str:
    """Sign in as Omar, and return where the pages of consultations begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", OMAR)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    return f"{staff}/consultations"


def stops(app, clock, page: Page, site: str, language: str) -> Iterator[str]:
    """Every kind of page of this room, one after another."""
    at = sign_in(page, site, language)

    def go(slug: str, rest: str) -> None:
        page.goto(f"{at}/{slug}/{rest}")

    go(POOR, "readiness")
    yield "a poor one"
    go(POOR, "opening")
    yield "opening a poor one"
    go(POOR, "sign-off")
    yield "nothing to sign"
    go(POOR, "preview-link")
    yield "no link"
    follow(page.locator("form[action$='preview-link'] button"))
    yield "a link, just made"
    go(PARKS, "readiness/questions")
    yield "questions"
    page.locator("textarea").first.fill("x" * 5_001)
    follow(page.locator("main form button[type=submit]").last)
    yield "an answer too long"
    with in_session(app) as session, unit_of_work(session):
        sign_offs.ask(session, PARKS, actor="pia@council.example.org", now=BEFORE)
    go(PARKS, "sign-off")
    yield "a word to give"
    follow(page.locator("main form button[type=submit]").last)
    yield "no word chosen"
    with in_session(app) as session:
        save(session, "words", asked_by="Riverton", now=BEFORE)
    go(PARKS, "sign-off")
    yield "void"
    go(SIGNED, "readiness")
    yield "a ready one"
    go(SIGNED, "opening")
    yield "opening"
    follow(page.locator("form[action$='opening/open'] button"))
    yield "opening refused"
    with in_session(app) as session, unit_of_work(session):
        opening.open_to_residents(session, SIGNED, at_once=False, actor=OMAR, now=BEFORE)
        content = found(session, SIGNED).content
        found(session, SIGNED).content = {**content, "asked_by": "Riverton"}
    clock.now = NOW
    sign_in(page, site, language)  # nobody stays signed in for a month
    go(SIGNED, "opening")
    yield "open, with changes"
    follow(page.locator("form[action$='opening/extend'] button"))
    yield "a closing time that does not fit"
    clock.now = BEFORE


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("viewport", [LAPTOP, {"width": 360, "height": 740}])
def test_every_page_is_accessible_and_fits(app, clock, site, new_page, language, viewport):
    page = new_page(viewport=viewport, expected_errors=REFUSALS)
    faults: list[str] = []
    names: list[str] = []
    for name in stops(app, clock, page, site, language):
        names.append(name)
        faults.extend(f"{name}: {fault}" for fault in look(page).faults())
        try:
            assert_accessible(page)
        except AssertionError as error:
            faults.append(f"{name}: {error}")
    assert len(names) == 15
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


def press(page: Page, words: str) -> None:
    """Reach a button with the keyboard alone, and press it."""
    button = page.get_by_role("button", name=words, exact=True)
    for _ in range(200):
        page.keyboard.press("Tab")
        if button.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            page.wait_for_load_state()
            return
    raise AssertionError(f"{words} cannot be reached")


def reach(page: Page, label: str) -> None:
    """Reach a box or a choice with the keyboard alone."""
    field = page.get_by_label(label)
    for _ in range(200):
        page.keyboard.press("Tab")
        if field.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"{label} cannot be reached")


def test_from_the_list_to_open_with_the_keyboard(app, clock, site, new_page):
    """Anna has asked for the second person's word; Omar gives it, and opens."""
    page = new_page(viewport=LAPTOP)
    with in_session(app) as session, unit_of_work(session):
        sign_offs.ask(session, PARKS, actor="pia@council.example.org", now=BEFORE)
    at = sign_in(page, site)
    page.goto(f"{at}/{PARKS}/sign-off")
    reach(page, "I agree that residents see this as it is")
    page.keyboard.press("Space")
    press(page, "Give my word")
    expect(page.get_by_text("Your agreement is noted.")).to_be_visible()
    page.goto(f"{at}/{PARKS}/opening")
    reach(page, "By itself at its opening time")
    page.keyboard.press("Space")
    reach(page, "I have read the list")
    page.keyboard.press("Space")
    press(page, "Open to residents")
    expect(page.get_by_text("It will open to residents at its time.")).to_be_visible()
    with in_session(app) as session:
        state = workspaces.state_of(found(session), BEFORE)
    assert state is workspaces.State.SCHEDULED


def test_a_link_is_copied_and_leads_a_telephone_through_in_urdu(
    app, site, new_page: Callable[..., Page]
):
    officer = new_page(viewport=LAPTOP, permissions=["clipboard-read", "clipboard-write"])
    officer.goto(f"{sign_in(officer, site)}/{PARKS}/preview-link")
    officer.get_by_role("button", name="Make a private link").click()
    officer.get_by_role("button", name="Copy the link").click()
    expect(officer.get_by_text("The link is copied.")).to_be_visible()
    link = officer.evaluate("navigator.clipboard.readText()")
    assert link == officer.locator("[data-code]").inner_text()
    phone = new_page()
    phone.goto(link)
    phone.get_by_role("link", name="اردو").first.click()
    expect(phone.locator("html")).to_have_attribute("dir", "rtl")
    expect(phone.locator(".consult-illustration").first).to_be_visible()
    phone.goto(f"{site}/ur/{PARKS}/question/capacity")
    phone.get_by_label("بطور رہائشی").check()
    phone.locator("main form button[type=submit]").first.click()
    expect(phone).to_have_url(f"{site}/ur/{PARKS}/question/vision_agree")
