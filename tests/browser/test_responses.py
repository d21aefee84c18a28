"""The pages of responses as people see and use them."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.seen import look
from tests.support.browser import assert_accessible
from tests.support.reading import BUSES, PARKS, SAY, respond, study, unit_ids
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import SLUG

pytestmark = pytest.mark.browser

ADA = "ada@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}
ENGLISH = "My name is Asha Patel, ring 07700 900123. 🚌 Asha waits for the number 8 bus."
URDU = "میرا نام عائشہ ہے۔ میرا فون 07700 900123 ہے۔"
LETTER = "Please keep the leisure centre open because our children learn to swim there."


@pytest.fixture
def given(app, desk):
    return respond(app, ENGLISH)


@pytest.fixture
def places(app, given):
    """Every page of the room, with something on it."""
    urdu = respond(app, URDU, language="ur", timing="doubtful")
    respond(app, "আমার নাম রহিম খান এবং আমি হাঁটি।", language="bn")
    copies = [respond(app, LETTER) for _ in range(3)]
    study(
        app,
        {given: [BUSES, BUSES], **{each: [PARKS] for each in copies}},
        campaigns=dict.fromkeys(copies, 0),
    )
    unit = unit_ids(app, given)[0]
    return [
        "responses",
        "responses?show=waiting",
        "responses/repeats",
        f"responses/{given}",
        f"responses/{urdu}",
        f"responses/{given}/answers/{SAY}",
        f"responses/{urdu}/answers/{SAY}",
        f"answer-translations/{SAY}",
        f"themes/{SAY}/quotes",
        f"themes/{SAY}/quotes/{unit}/{BUSES}",
        f"themes/{SAY}/quotes/{unit}/{PARKS}",
    ]


@pytest.fixture
def site(app, desk, live_server):
    make_account(app, ADA, "officer", name="Ada")
    return live_server(app).url


def sign_in(page: Page, site: str, language: str) -> str:
    """Sign in, and return where the pages of the consultation begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", ADA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    return f"{staff}/consultations/{SLUG}"


@pytest.mark.parametrize("language", ["en", "ur"])
def test_every_page_is_accessible_and_legible(site, places, new_page, language):
    page = new_page(viewport=LAPTOP, expected_errors=["status of 422"])
    here = sign_in(page, site, language)
    for rest in places:
        page.goto(f"{here}/{rest}")
        assert_accessible(page)
        for size in (LAPTOP, TABLET, PHONE):
            page.set_viewport_size(size)
            assert look(page).faults() == [], (rest, size)


SELECT = """([wanted, nth]) => {
  const node = document.querySelector("#original").firstChild;
  let at = -1;
  for (let i = 0; i <= nth; i += 1) at = node.data.indexOf(wanted, at + 1);
  const range = document.createRange();
  range.setStart(node, at);
  range.setEnd(node, at + wanted.length);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}"""


def test_selected_words_are_hidden(site, given, new_page):
    page = new_page(viewport=LAPTOP)
    here = sign_in(page, site, "en")
    page.goto(f"{here}/responses/{given}/answers/{SAY}")
    # A part of a word after a sign that counts twice in the browser's strings.
    page.evaluate(SELECT, ["umber", 0])
    expect(page.locator("#words")).to_have_value("umber")
    page.get_by_label("Something else by which").check()
    page.get_by_role("button", name="Hide these words").click()
    expect(page.get_by_text("1 place is hidden.")).to_be_visible()
    shown = page.locator(".consult-quoted").first
    expect(shown).to_contain_text("the n[personal details removed] 8 bus")
    page.get_by_role("button", name="Show these words again").click()
    expect(shown).to_contain_text("the number 8 bus")


def test_words_are_hidden_without_scripts(site, given, new_page):
    page = new_page(javascript=False, viewport=PHONE)
    here = sign_in(page, site, "en")
    page.goto(f"{here}/responses/{given}/answers/{SAY}")
    page.fill("#words", "asha")
    page.get_by_label("A person’s name").check()
    page.get_by_role("button", name="Hide these words").click()
    expect(page.get_by_text("2 places are hidden.")).to_be_visible()
    expect(page.locator(".consult-quoted").first).to_contain_text("[name removed] Patel")
