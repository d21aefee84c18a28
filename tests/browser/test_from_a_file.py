"""An officer's afternoon, in Chromium: from another platform's file to reviewed themes."""

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.officer import Officer
from tests.support.browser import follow
from tests.support.intake import work
from tests.support.staff import make_account

pytestmark = pytest.mark.browser

ANNA = "anna@council.example.org"
SUBJECTS = {
    "buses": ("The last bus leaves at seven", "No bus comes on Sundays", "Buses are always late"),
    "parks": ("The park is dark at night", "There is no park near us", "Mend the park's swings"),
    "doctors": ("I wait weeks for my doctor", "Nobody answers the surgery's phone", "No dentist"),
    "food": ("Fresh food is too dear", "Only takeaways on our street", "Fruit costs too much"),
}
AGAIN = ("", " and nobody cares", " for my mother", " where we live", " this winter")


def export() -> bytes:
    """What a platform of no name would export: sixty rows, one of them with a formula."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["Number", "What would you change?", "Area", "Team's own code"])
    said = [f"{words}{more}" for more in AGAIN for each in SUBJECTS.values() for words in each]
    for number, words in enumerate(said, start=1):
        rows.writerow([number, words, "North" if number % 2 else "South", "=1+1"])
    return text.getvalue().encode()


def test_from_another_platforms_file_to_reviewed_themes(
    app: Flask, live_server: Callable[..., Any], new_page: Callable[..., Page]
) -> None:
    make_account(app, ANNA, "officer", name="Anna")
    page = new_page()
    officer = Officer(page, live_server(app).url)
    officer.sign_in(ANNA)

    # the file becomes a consultation that residents never meet
    officer.open("new")
    page.check("[name=kind][value=elsewhere]")
    officer.fill({"title": "Letters to the council"})
    for field, day in (("first_day", "1"), ("last_day", "28")):
        officer.fill({f"{field}-day": day, f"{field}-month": "3", f"{field}-year": "2026"})
    page.set_input_files(
        "input[type=file]",
        {"name": "letters.csv", "mimeType": "text/csv", "buffer": export()},
    )
    officer.press("Begin")
    slug = page.url.split("/consultations/")[1].split("/")[0]
    for column, what in enumerate(
        (
            "Number of the response",
            "New question, answered in one’s own words",
            "New question, one choice",
            "Leave it out",
        )
    ):
        page.select_option(f"[name=use-{column}]", label=what)
    officer.press("Go on")
    expect(page.locator("main")).to_contain_text("The last bus leaves at seven")
    officer.press("Check the whole file")
    officer.press("Bring 60 responses in")
    assert work(app)
    page.reload()
    expect(page.locator("main")).to_contain_text("Responses brought in")

    # its themes
    officer.open(f"consultations/{slug}/themes")
    follow(page.get_by_role("button", name="Find themes"))
    assert work(app)
    page.reload()
    expect(page.locator("main")).to_contain_text("The work is done.")
    officer.open(f"consultations/{slug}/themes")
    page.get_by_role("link", name="What would you change?").click()
    question = page.url.split("?")[0]
    page.locator("main a[href*='/theme/']").first.click()
    officer.fill({"label": "Getting about"})
    officer.press("Rename")
    expect(page.locator("main")).to_contain_text("Getting about")

    # one key takes one answer
    page.goto(f"{question}/review")
    for _ in range(3):
        with page.expect_navigation():
            page.keyboard.press("y")
    expect(page.locator("main")).to_contain_text("3 of 60 answers looked at")
    page.goto(f"{question}/history")
    expect(page.locator("main")).to_contain_text("Getting about")
