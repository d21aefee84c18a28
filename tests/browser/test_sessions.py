"""Partners' own pages, and the officers' pages of sessions, as people see them."""

from datetime import date

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize

from consult.db import unit_of_work
from consult.models import AssistedSession, Organisation, Workspace
from consult.services.assisting import members
from tests.browser.seen import look
from tests.support.assisting_desk import PARTNER, came_from, held_at, note, tablet_of
from tests.support.browser import assert_accessible
from tests.support.outreach import fill, let_answer
from tests.support.staff import PASSWORD, make_account
from tests.support.tablet import organisation_of
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

ADA, PIOTR = "ada@council.example.org", "piotr@partner.example.org"
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture
def held(app: Flask, desk: Workspace) -> str:
    """A session that many came to, and one to come, with an officer and a partner; its id."""
    fill(app)
    make_account(app, ADA, "officer", name="Ada")
    make_account(app, PIOTR, "partner", name="Piotr")
    found = held_at(app, venue="The Sikh temple")
    held_at(app, venue="Coffee morning", on=date(2026, 12, 10))
    tablet_of(app, "Tablet 7")
    note(app, found, "More shade, and benches by the pond.")
    with in_session(app) as session, unit_of_work(session):
        row = session.get_one(AssistedSession, found)
        row.hopes = [["religion", "muslim"]]
        partner = organisation_of(session, SLUG, now=NOON, name=PARTNER)
        members.add(session, session.get_one(Organisation, partner.id), PIOTR, actor=ADA, now=NOON)
        stored = session.get_one(Workspace, row.workspace_id).consultation
        assert stored is not None
        made = let_answer(session, stored, "religion", {"muslim": 60, "sikh": 2})
    for response in made:
        came_from(app, response, found)
    return str(found)


def sign_in(page: Page, site: str, email: str, language: str = "en") -> str:
    """Sign in, and return where the pages for staff begin."""
    staff = f"{site}/{language}/staff"
    page.goto(f"{staff}/account/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "/account/" not in address)
    return staff


def seen_everywhere(page: Page, name: str) -> None:
    """The page at hand is accessible, and legible at every size."""
    assert_accessible(page)
    for size in (LAPTOP, TABLET, PHONE):
        page.set_viewport_size(size)
        assert look(page).faults() == [], (name, size)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_partners_pages_are_accessible_and_legible(app, held, live_server, new_page, language):
    page = new_page(viewport=LAPTOP)
    staff = sign_in(page, live_server(app).url, PIOTR, language)
    assert page.url == f"{staff}/sessions/"
    for rest in ("", held, f"{held}/tell", f"{held}/change", "upload"):
        page.goto(f"{staff}/sessions/{rest}")
        seen_everywhere(page, rest)


@pytest.mark.parametrize("language", ["en", "ur"])
def test_officers_pages_are_accessible_and_legible(app, held, live_server, new_page, language):
    page = new_page(viewport=LAPTOP)
    staff = sign_in(page, live_server(app).url, ADA, language)
    for rest in ("", f"/{held}", "/new", "/partners", "/arrivals", f"/{held}/call-off"):
        page.goto(f"{staff}/consultations/{SLUG}/sessions{rest}")
        seen_everywhere(page, rest)


def test_a_partner_tells_how_it_went_without_scripts(app, held, live_server, new_page):
    page = new_page(javascript=False)
    staff = sign_in(page, live_server(app).url, PIOTR)
    page.goto(f"{staff}/sessions/{held}")
    page.get_by_role("link", name="Tell how it went").click()
    page.get_by_label("How many people would not or could not answer?").fill("3")
    page.get_by_label("What was hard?").fill("Too little time.")
    page.get_by_role("button", name="Tell the council").click()
    assert "Too little time." in page.inner_text("main")
    assert "Thank you." in page.inner_text("main")
