"""Texts side by side as an officer sees and types them: with the keyboard, in both directions."""

from dataclasses import replace
from io import BytesIO

import polib
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from consult.db import unit_of_work
from consult.services import translating, workspaces
from consult.services import translating_saving as saving
from consult.services.translating_saving import Author
from tests.browser.seen import look
from tests.browser.test_keyboard import press_and_wait, tab_to
from tests.support.browser import assert_accessible, follow
from tests.support.staff import PASSWORD, make_account
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

ANNA = "anna@council.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
WIDTHS = (1366, 768, 360)


@pytest.fixture
def site(app, desk, live_server):
    """The model case in Urdu and Bengali with a text of each standing, and an officer."""
    app.config["CONSULT_SETTINGS"] = replace(
        app.config["CONSULT_SETTINGS"], translate_url="http://127.0.0.1:9"
    )
    make_account(app, ANNA, "officer", name="Anna")
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        sources = workspaces.source_texts(workspace.content)
        for language in ("ur", "bn"):
            for path, text, origin in (
                ("title", "", "person"),
                ("asked_by", "Birmingham City Council in English", "machine"),
                ("what_happens_next", "شکریہ" if language == "ur" else "ধন্যবাদ", "person"),
            ):
                saving.write(
                    session, workspace, language, path, text,
                    source=sources[path], author=Author("omar", origin), now=NOON,
                )  # fmt: skip
        introduction = workspace.content["introduction"].replace("not a real", "no real")
        workspace.content = {**workspace.content, "introduction": introduction}
    return live_server(app).url


def sign_in(page: Page, site: str, language: str = "en") -> str:
    """Sign in, and return where the pages of the consultation begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", ANNA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{staff}/")
    return f"{staff}/consultations/{SLUG}"


def line(app, path, language="ur"):
    with in_session(app) as session:
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        return {each.path: each for each in translating.lines(session, workspace, language)}[path]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
def test_pages_are_sound(site, new_page, language):
    page = new_page(viewport=LAPTOP, expected_errors=["status of 422"])
    here = sign_in(page, site, language)
    for rest in (
        "languages",
        "translations/ur?part=words",
        "translations/bn?part=words",
        "translations/ur?only=sections.food.full",
        "translations/ur/files",
    ):
        page.goto(f"{here}/{rest}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            assert look(page).faults() == [], (rest, width)
        page.set_viewport_size(LAPTOP)
        assert_accessible(page)


@pytest.mark.parametrize(
    ("code", "direction", "starts"), [("ur", "rtl", "right"), ("bn", "ltr", "left")]
)
def test_each_text_runs_in_its_own_direction(site, new_page, code, direction, starts):
    page = new_page(viewport=LAPTOP)
    page.goto(f"{sign_in(page, site)}/translations/{code}?only=sections.food.summary")
    field = page.locator("textarea")
    expect(field).to_have_attribute("dir", direction)
    expect(field).to_have_attribute("lang", code)
    source = page.locator("[id='source-sections.food.summary']")
    expect(source).to_have_attribute("dir", "ltr")
    beside = field.bounding_box()
    read = source.bounding_box()
    assert beside is not None
    assert read is not None
    assert read["x"] + read["width"] <= beside["x"], "the source stands on the left"
    align = "element => getComputedStyle(element).textAlign"
    resolved = {"start": {"rtl": "right", "ltr": "left"}[direction]}
    found = field.evaluate(align)
    assert resolved.get(found, found) == starts
    inner = "element => element.scrollHeight <= element.clientHeight + 1"
    assert field.evaluate(inner), "the whole text is in sight"


def test_translating_with_the_keyboard_alone(app, site, new_page):
    page = new_page(viewport=LAPTOP, expected_errors=["status of 422"])
    page.goto(f"{sign_in(page, site)}/translations/ur?only=title")
    stops = tab_to(page, "textarea")
    page.keyboard.type("ایک شہر")
    stops += tab_to(page, "button[value=next]", most=8)
    press_and_wait(page, "Enter")
    assert line(app, "title").text == "ایک شہر"
    expect(page.locator("textarea")).to_have_attribute("id", "text-asked_by")
    stops += tab_to(page, "textarea")
    page.keyboard.press("Control+A")
    page.keyboard.type("کونسل")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert line(app, "asked_by").text == "کونسل"
    page.goto(page.url.replace("only=introduction", "only=title"))
    stops += tab_to(page, "button[value=approve]")
    press_and_wait(page, "Enter")
    expect(page.locator("[data-error-summary]")).to_be_focused()
    stops += tab_to(page, "[data-error-summary] a", most=1)
    page.keyboard.press("Enter")
    expect(page.locator("#reader")).to_be_focused()
    page.keyboard.press("Space")
    press_and_wait(page, "Enter")  # saves, and does not approve by accident
    assert line(app, "title").approved_by is None
    stops += tab_to(page, "#reader")
    page.keyboard.press("Space")
    stops += tab_to(page, "button[value=approve]", most=3)
    press_and_wait(page, "Enter")
    assert line(app, "title").approved_by == ANNA
    unseen = [stop for stop in stops if not (stop.shows and stop.in_sight)]
    assert not unseen, f"focus cannot be seen: {unseen}"


def test_after_saving_one_text_the_next_field_has_the_focus(app, site, new_page):
    page = new_page(viewport=LAPTOP)
    page.goto(f"{sign_in(page, site)}/translations/bn?part=words")
    page.locator("[id=text-title]").fill("একটি শহর")
    follow(page.locator("button[value=save-0]"))
    expect(page.locator("[id=text-asked_by]")).to_be_focused()
    assert line(app, "title", "bn").text == "একটি শহর"


def test_what_is_typed_is_not_left_behind_unnoticed(site, new_page):
    page = new_page(viewport=LAPTOP)
    page.goto(f"{sign_in(page, site)}/translations/ur?only=title")
    asked: list[str] = []

    def answer(dialog):
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.reload()
    assert asked == [], "nothing was typed"
    page.locator("textarea").click()
    page.keyboard.type("شہر")
    page.reload()
    assert asked == ["beforeunload"]


def test_translating_without_scripts(app, site, new_page):
    page = new_page(viewport=LAPTOP, javascript=False)
    page.goto(f"{sign_in(page, site)}/translations/ur?part=words")
    expect(page.locator("[data-keys]")).to_be_hidden()
    page.locator("[id=text-asked_by]").fill("کونسل")
    page.locator("#reader-2").check()
    page.locator("#reader_name").fill("Sadia Khan")
    follow(page.locator("button[value=approve-1]"))
    found = line(app, "asked_by")
    assert (found.text, found.on_word_of) == ("کونسل", "Sadia Khan")


def test_a_file_goes_out_and_comes_back(app, site, new_page):
    page = new_page(viewport=LAPTOP)
    page.goto(f"{sign_in(page, site)}/translations/bn/files")
    with page.expect_download() as download:
        page.locator("a[href$='/files/po?texts=open']").click()
    file = polib.pofile("\n" + download.value.path().read_text(encoding="utf-8"))
    assert [entry.msgctxt for entry in file] == [
        "title", "asked_by", "introduction", "what_happens_next",
    ]  # fmt: skip
    file[0].msgstr = "একটি শহর"
    content = BytesIO(str(file).encode()).read()
    page.locator("#file").set_input_files(
        {"name": "bn.po", "mimeType": "text/x-gettext", "buffer": content}
    )
    follow(page.get_by_role("button", name="See what it would change"))
    assert_accessible(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert look(page).faults() == [], width
    page.locator("#translator").fill("Planted translator")
    follow(page.get_by_role("button", name="Bring the file in"))
    expect(page.get_by_role("status").first).to_contain_text("1 translation is brought in.")
    assert line(app, "title", "bn").written_by == "Planted translator"
