"""Forms as they come out of the printer, and typed in from the keyboard alone."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import select

from consult.models import Response
from tests.browser.seen import look
from tests.support.browser import assert_accessible
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import SLUG, in_session

pytestmark = pytest.mark.browser

ADA = "ada@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def site(app, desk, live_server):
    make_account(app, ADA, "officer", name="Ada")
    return live_server(app).url


def sign_in(page: Page, site: str, language: str) -> str:
    """Sign in, and return where the consultation's pages begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", ADA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    return f"{staff}/consultations/{SLUG}"


def make_forms(page: Page, here: str, language: str, count: int) -> list[str]:
    """Print forms; their numbers."""
    page.goto(f"{here}/paper")
    page.select_option("[name=language]", language)
    page.fill("[name=count]", str(count))
    page.click("form[action$='/print'] button")
    page.wait_for_url(f"{here}/paper/print")
    return page.locator("[data-form-number]").all_inner_texts()


def check(page: Page) -> None:
    """Look at a page with all widths."""
    assert_accessible(page)
    for size in (LAPTOP, TABLET, PHONE):
        page.set_viewport_size(size)
        assert look(page).faults() == [], (page.url, size)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_accessible_and_legible(site, new_page, language):
    page = new_page(viewport=LAPTOP)
    here = sign_in(page, site, language)
    page.goto(f"{here}/paper")
    check(page)
    (number,) = make_forms(page, here, language, 1)
    check(page)
    page.goto(f"{here}/paper/enter")
    check(page)
    page.fill("[name=form_number]", number)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-paper=form]")
    check(page)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_recordings_page_is_accessible_and_legible(site, new_page, language):
    page = new_page(viewport=LAPTOP)
    here = sign_in(page, site, language)
    page.goto(f"{here}/recordings")
    expect(page.locator("audio")).to_have_count(0)
    check(page)
    page.select_option("[name=language]", "ur")
    page.select_option("[name=target]", "question:vision_agree")
    clip = {"name": "clip.ogg", "mimeType": "audio/ogg", "buffer": b"OggS" + bytes(400)}
    page.set_input_files("[name=recording]", clip)
    page.click("form[enctype] button")
    expect(page.locator("audio")).to_have_count(1)
    check(page)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_a_form_prints_on_sheets_of_its_own(site, new_page, language):
    page = new_page(viewport=LAPTOP)
    here = sign_in(page, site, "en")
    make_forms(page, here, language, 1)
    one = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
    make_forms(page, here, language, 2)
    two = page.pdf(format="A4", prefer_css_page_size=True).count(b"/Type /Page\n")
    assert one <= 16, "eight sheets, printed on both sides"
    assert two - one - one in {0, 1}, "the second begins on a front"
    page.emulate_media(media="print")
    box = page.locator(".consult-paper-choice__box").nth(3).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 26, "7 mm"
    expect(page.locator(".consult-handout-tools").first).to_be_hidden()


def test_a_form_is_typed_in_from_the_keyboard_alone(app, site, new_page):
    page = new_page(viewport=LAPTOP)
    here = sign_in(page, site, "en")
    (number,) = make_forms(page, here, "en", 1)
    page.goto(f"{here}/paper/enter")
    expect(page.locator("[name=form_number]")).to_be_focused()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-paper=form]")
    expect(page.locator("[name=filled_on-day]")).to_be_focused()
    for part in ("30", "11", "2026"):
        page.keyboard.type(part)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")  # the language stays
    page.keyboard.press("Enter")  # nobody interpreted
    expect(page.locator("[name='who.answer']")).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Tab")  # words beside an answer, or the next question
    page.locator("[name='vision_agree.answer']").focus()
    page.keyboard.type("2")
    expect(page.locator("[name='vision_say.answer']")).to_be_focused()
    page.keyboard.type("More trees.")
    page.locator("form[data-paper] button[value=store]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{here}/paper/enter")
    expect(page.locator("body")).to_contain_text("The form is stored with 3 answers.")
    with in_session(app) as session:
        assert len(session.scalars(select(Response)).all()) == 1


def test_it_works_without_scripts(app, site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    here = sign_in(page, site, "en")
    (number,) = make_forms(page, here, "en", 1)
    page.goto(f"{here}/paper/enter")
    page.fill("[name=form_number]", number)
    page.keyboard.press("Enter")
    for part, typed in (("day", "30"), ("month", "11"), ("year", "2026")):
        page.fill(f"[name=filled_on-{part}]", typed)
    page.fill("[name='who.answer']", "1")
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_contain_text("Nothing is stored yet")
    with in_session(app) as session:
        assert session.scalars(select(Response)).all() == []
    page.click("button[value=store]")
    expect(page.locator("body")).to_contain_text("The form is stored with 1 answer.")
    context.close()
