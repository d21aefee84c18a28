"""The workbench as an officer sees it: in both directions, by keyboard, and without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from consult.services.themes import studies
from tests.browser.seen import look
from tests.browser.test_keyboard import press_and_wait, tab_to
from tests.support.browser import assert_accessible
from tests.support.staff import PASSWORD, make_account
from tests.support.themes import QUESTION, study_of
from tests.support.visitors import SLUG, in_session

pytestmark = pytest.mark.browser

ANNA = "anna@council.example.org"
WIDTHS = (1366, 768, 360)


@pytest.fixture
def app(themed_app):
    """The model case with its themes."""
    return themed_app


@pytest.fixture
def site(app, live_server):
    make_account(app, ANNA, "officer", name="Anna")
    return live_server(app).url


@pytest.fixture
def theme(app):
    """A theme that has many statements."""
    with in_session(app) as session:
        return studies.standing(session, study_of(session)).state.standing[0]


def sign_in(page: Page, site: str, language: str = "en") -> str:
    """Sign in, and return where the themes of the question begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", ANNA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    return f"{staff}/consultations/{SLUG}/themes/{QUESTION}"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
def test_pages_are_sound(site, new_page, theme, language):
    page = new_page(viewport={"width": 1366, "height": 768})
    here = sign_in(page, site, language)
    for rest in (
        "",
        f"/theme/{theme}",
        f"/theme/{theme}/split",
        f"/theme/{theme}/split/by-hand",
        "/answers",
        "/fewer",
        "/new",
        "/again",
        "/history",
    ):
        page.goto(f"{here}{rest}")
        assert_accessible(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            assert look(page).faults() == [], (rest, width)
        page.set_viewport_size({"width": 1366, "height": 768})


def test_a_statement_is_moved_and_moved_back_with_the_keyboard(site, new_page, theme):
    page = new_page()
    here = sign_in(page, site)
    page.goto(f"{here}/theme/{theme}")
    expect(page.locator("[data-ticked]")).to_have_text("Ticked: 0")
    tab_to(page, "[name=unit]", most=120)
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("Ticked: 1")
    tab_to(page, "#to", most=120)
    page.keyboard.press("ArrowDown")
    tab_to(page, "[name=act][value=move]")
    press_and_wait(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("1 statement was moved to")
    assert re.search(rf"/theme/{theme}\?done=1$", page.url)
    tab_to(page, "form[action$='/undo'] button")
    press_and_wait(page, "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Undone: 1 statement was moved to")


def test_one_button_ticks_all_and_none(site, new_page):
    page = new_page()
    here = sign_in(page, site)
    page.goto(f"{here}/answers")
    boxes = page.locator("[name=unit]")
    button = page.get_by_role("button", name="Tick all on this page, or none")
    button.click()
    expect(page.locator("[name=unit]:checked")).to_have_count(boxes.count())
    expect(page.locator("[data-ticked]")).to_have_text(f"Ticked: {boxes.count()}")
    button.click()
    expect(page.locator("[data-ticked]")).to_have_text("Ticked: 0")


def test_everything_works_without_scripts(site, new_page, theme):
    page = new_page(javascript=False)
    here = sign_in(page, site)
    page.goto(f"{here}/theme/{theme}")
    expect(page.get_by_role("button", name="Tick all on this page, or none")).to_be_hidden()
    page.locator("[name=unit]").first.check()
    page.get_by_role("button", name="Right where they are").click()
    expect(page.get_by_role("alert")).to_contain_text("1 statement was confirmed where it is.")
