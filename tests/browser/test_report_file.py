"""A report's web page, opened from a disk: by axe, on a phone, on paper."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.reports.data import Form
from consult.telling.report import files
from tests.support.browser import NewPage, assert_accessible
from tests.support.reports import sample_data

pytestmark = pytest.mark.browser

FROM_DISK = [r"^request to another host: file://.*/report\.html$"]
"""The page is a file; anything else that it asked for would be a fault."""


def opened(app: Flask, folder: Path, page: Page, language: str, form: Form = Form.FULL) -> Page:
    with app.app_context():
        content = files.render(sample_data(), form, language, "html")
    file = folder / "report.html"
    file.write_bytes(content)
    page.goto(file.as_uri())
    return page


def overflow(page: Page) -> int:
    found: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ur", "rtl")])
@pytest.mark.parametrize("form", Form)
def test_it_is_accessible_and_fits_a_phone(
    app: Flask, tmp_path: Path, new_page: NewPage, language: str, direction: str, form: Form
) -> None:
    page = new_page(viewport={"width": 320, "height": 640}, expected_errors=FROM_DISK)
    opened(app, tmp_path, page, language, form)
    expect(page.locator("html")).to_have_attribute("dir", direction)
    for details in page.locator("details").all():
        details.evaluate("element => { element.open = true }")
    assert_accessible(page)
    assert overflow(page) == 0


def test_letters_twice_as_large_stay_on_the_page(
    app: Flask, tmp_path: Path, new_page: NewPage
) -> None:
    page = opened(
        app,
        tmp_path,
        new_page(viewport={"width": 1280, "height": 800}, expected_errors=FROM_DISK),
        "en",
    )
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert overflow(page) == 0
    assert_accessible(page)


def test_the_keyboard_reaches_the_main_part_and_what_scrolls(
    app: Flask, tmp_path: Path, new_page: NewPage
) -> None:
    page = opened(app, tmp_path, new_page(expected_errors=FROM_DISK), "en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.locator(".consult-table-frame").first.focus()
    expect(page.locator(".consult-table-frame").first).to_be_focused()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_it_prints_its_tables_with_their_headings_again(
    app: Flask, tmp_path: Path, new_page: NewPage, language: str
) -> None:
    page = opened(app, tmp_path, new_page(expected_errors=FROM_DISK), language)
    page.emulate_media(media="print")
    expect(page.locator(".contents")).to_be_hidden()
    expect(page.locator(".skip-link")).to_be_hidden()
    style = page.locator("thead").first.evaluate("element => getComputedStyle(element).display")
    assert style == "table-header-group"
    for wanted in ("h2", "caption"):
        broken = page.locator(wanted).first.evaluate(
            "element => getComputedStyle(element).breakAfter"
        )
        assert broken == "avoid"
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_charts_are_named_and_described(app: Flask, tmp_path: Path, new_page: NewPage) -> None:
    page = opened(app, tmp_path, new_page(expected_errors=FROM_DISK), "ur")
    charts = page.locator("main svg")
    assert charts.count() >= 3
    for chart in charts.all():
        expect(chart).to_have_attribute("role", "img")
        assert chart.locator("title").text_content()
        assert chart.locator("desc").text_content()
