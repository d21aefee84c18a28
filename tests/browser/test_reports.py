"""The report as an officer makes it: with the keyboard alone, in both directions of writing."""

import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import docx
import pytest
from playwright.sync_api import Page, expect

from consult.db import db, unit_of_work
from consult.reports.data import Audience
from consult.services import consultations
from consult.services.reporting import layouts, versions
from tests.browser.seen import look
from tests.browser.test_keyboard import press_and_wait, tab_to
from tests.browser.test_themes import ANNA, sign_in
from tests.support.browser import assert_accessible
from tests.support.staff import make_account
from tests.support.themes import run_jobs
from tests.support.versions import gathered
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

WIDTHS = (1366, 360)


@pytest.fixture
def app(themed_app):
    """The model case with its themes."""
    return themed_app


@pytest.fixture
def site(app, live_server):
    make_account(app, ANNA, "officer", name="Anna")
    return live_server(app).url


@pytest.fixture
def versions_there(app):
    """A paragraph, a published version, a later one, and an internal one."""
    with in_session(app) as session, unit_of_work(session):
        stored = consultations.get(session, SLUG)
        layouts.add_own(
            session, stored, title="Our view", text="We thank everybody who took part.",
            after="asked", language="en", actor=ANNA, now=NOON,
        )  # fmt: skip
        first, _, _ = (
            versions.make(session, stored, gathered(*each), actor=ANNA, now=NOON, note="With post")
            for each in (("a",), ("b",), ("c", Audience.INTERNAL))
        )
        versions.publish(session, first, actor=ANNA, now=NOON)


def begin(page: Page, site: str, language: str = "en") -> str:
    """Sign in, and return where the consultation's pages begin."""
    return sign_in(page, site, language).partition("/themes/")[0]


@contextmanager
def worker(app, settings) -> Iterator[None]:
    """A worker that does what is asked for meanwhile."""
    with app.app_context():
        engine = db.engine
    stop = threading.Event()

    def work() -> None:
        while not stop.is_set():
            run_jobs(engine, settings.data_dir, settings)
            time.sleep(0.1)

    at_work = threading.Thread(target=work)
    at_work.start()
    try:
        yield
    finally:
        stop.set()
        at_work.join(60)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
def test_pages_are_sound(site, new_page, versions_there, language):
    page = new_page(viewport={"width": 1366, "height": 768})
    here = begin(page, site, language)
    for rest in (
        "",
        "/paragraphs/add",
        "/equality",
        "/languages",
        "/texts/ur",
        "/versions",
        f"/versions/2?in={language}",
        "/versions/3",
        "/versions/2/publish",
        "/versions/1/take-down",
    ):
        page.goto(f"{here}/report{rest}")
        assert_accessible(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 768})
            assert look(page).faults() == [], (rest, width)
        page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.slow
@pytest.mark.parametrize(("language", "audience"), [("en", "public"), ("ur", "internal")])
def test_from_themes_to_a_word_file_with_the_keyboard(
    app, settings, site, new_page, language, audience
):
    page = new_page()
    here = begin(page, site, language)
    page.goto(f"{here}/")
    tab_to(page, "a[href$='/report']", most=80)
    press_and_wait(page, "Enter")
    tab_to(page, "a[href$='/paragraphs/add']")
    press_and_wait(page, "Enter")
    tab_to(page, "#title")
    page.keyboard.type("Our view")
    tab_to(page, "#text")
    page.keyboard.type("We thank everybody.")
    tab_to(page, "main form button")
    press_and_wait(page, "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    tab_to(page, "a[href$='/report/versions']")
    press_and_wait(page, "Enter")
    tab_to(page, "[name=audience]", most=80)
    page.keyboard.press("Space")
    if audience == "internal":
        page.keyboard.press("ArrowDown")
    tab_to(page, "#note")
    page.keyboard.type("For the board")
    tab_to(page, "main form button")
    with worker(app, settings):
        press_and_wait(page, "Enter")
        assert_accessible(page)
        expect(page.locator("[data-job='done']")).to_be_visible(timeout=120_000)
    page.goto(f"{here}/report/versions")
    tab_to(page, "a[href$='/versions/1']")
    press_and_wait(page, "Enter")
    with in_session(app) as session:
        version = versions.numbered(session, consultations.get(session, SLUG), 1)
        assert (version.audience, version.note) == (audience, "For the board")
    assert_accessible(page)
    tab_to(page, "a[href*='format=docx']")
    with page.expect_download(timeout=60_000) as download:
        page.keyboard.press("Enter")
    document = docx.Document(io.BytesIO(download.value.path().read_bytes()))
    written = [paragraph.text for paragraph in document.paragraphs]
    assert "We thank everybody." in written
