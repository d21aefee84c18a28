"""A job's page in Chromium: its progress comes by itself, quietly, and it can be cancelled."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from consult.db import unit_of_work
from consult.jobs.registry import Registry
from consult.services import job_claims, jobs
from consult.services.job_claims import Claim, Progress
from tests.support.browser import assert_accessible
from tests.support.staff import Colleague
from tests.support.visitors import NOON, SLUG, in_session

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}
SOON = 6_000


@pytest.fixture(autouse=True)
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = Registry()
    stages = {"reading": "Reading the answers", "naming": "Naming the themes"}
    kinds.kind("themes", label="Finding themes", stages=stages, figures={"n": "Themes found"})(
        lambda context: None
    )
    monkeypatch.setattr("consult.views.staff.job_words.KINDS", kinds)


class Work:
    """A job that a test moves on by hand."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.held: Claim | None = None
        with in_session(app) as session, unit_of_work(session):
            self.id: UUID = jobs.enqueue(
                session, "themes", requested_by="a@example.org", subject=SLUG, now=NOON
            ).id

    def begin(self) -> None:
        with in_session(self.app) as session, unit_of_work(session):
            self.held = job_claims.claim(session, "worker", kinds=["themes"], now=NOON)

    def act(self, do: Callable[..., object], *arguments: object, **more: object) -> None:
        with in_session(self.app) as session, unit_of_work(session):
            do(session, self.held, *arguments, now=NOON, **more)

    def reach(self, done: int, stage: str) -> None:
        self.act(job_claims.beat, Progress(done, 8, stage))


@pytest.fixture
def work(app: Flask) -> Work:
    return Work(app)


@pytest.fixture
def enter(live_server, new_page, app: Flask) -> Callable[..., Page]:
    """Open a page of the desk in Chromium as somebody who is signed in."""

    def enter(colleague: Colleague, rest: str, **options: object) -> Page:
        url = live_server(app).url
        page: Page = new_page(viewport=LAPTOP, **options)
        cookie = colleague.client.get_cookie("consult")
        assert cookie is not None
        page.context.add_cookies([{"name": "consult", "value": cookie.value, "url": url}])
        page.goto(f"{url}{colleague.address(rest)}")
        return page

    return enter


def test_the_progress_comes_by_itself_and_the_end_too(desk, hire, work: Work, enter):
    page = enter(hire("officer"), f"jobs/{work.id}")
    bar, said = page.locator("progress"), page.locator("[data-job-said]")
    expect(page.get_by_role("link", name="Refresh")).to_be_hidden()
    expect(page.get_by_text("It waits for its turn")).to_be_visible()
    work.begin()
    work.reach(1, "reading")
    expect(bar).to_have_attribute("value", "12", timeout=SOON)
    expect(page.get_by_role("progressbar", name="Reading the answers")).to_be_visible()
    expect(page.get_by_text("12% done", exact=True)).to_be_visible()
    expect(said).to_have_text("Reading the answers 12% done")
    work.reach(6, "naming")
    expect(bar).to_have_attribute("value", "75", timeout=SOON)
    expect(said).to_have_text("Naming the themes 75% done")
    work.act(job_claims.finish, {"n": 12})
    expect(page.get_by_text("Themes found")).to_be_visible(timeout=SOON)
    expect(said).to_have_text("The work is done.")
    expect(bar).to_have_count(0)
    expect(page.get_by_role("button", name="Cancel this work")).to_have_count(0)


def test_small_steps_are_shown_and_not_said(desk, hire, work: Work, enter):
    work.begin()
    work.reach(2, "reading")
    page = enter(hire("officer"), f"jobs/{work.id}")
    page.wait_for_timeout(2500)
    work.reach(3, "reading")
    expect(page.locator("progress")).to_have_attribute("value", "37", timeout=SOON)
    expect(page.locator("[data-job-said]")).to_have_text("")


def test_cancelling_by_keyboard_while_the_page_renews_itself(desk, hire, work: Work, enter):
    page = enter(hire("officer"), f"jobs/{work.id}")
    button = page.get_by_role("button", name="Cancel this work")
    button.focus()
    work.begin()
    # The box was renewed under the focus: it is where the state is said, not lost.
    expect(page.locator("h2")).to_have_text("Running", timeout=SOON)
    expect(page.locator("h2")).to_be_focused()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("stops as soon as it safely can")).to_be_visible()
    work.act(job_claims.stop, progress=Progress(1, 8, "reading"))
    expect(page.get_by_role("button", name="Try again")).to_be_visible(timeout=SOON)


def test_who_is_signed_out_meanwhile_gets_the_link_back(desk, hire, work: Work, enter):
    page = enter(hire("officer"), f"jobs/{work.id}")
    expect(page.get_by_role("link", name="Refresh")).to_be_hidden()
    page.context.clear_cookies()
    expect(page.get_by_role("link", name="Refresh")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Refresh").click()
    expect(page).to_have_url(re.compile("/account/login"))


def test_a_server_that_is_gone_for_a_while_does_no_harm(desk, hire, work: Work, enter):
    page = enter(hire("officer"), f"jobs/{work.id}", expected_errors=["status of 503"])
    page.route("**/progress", lambda route: route.fulfill(status=503, body="gone"))
    expect(page.get_by_role("link", name="Refresh")).to_be_visible(timeout=SOON)
    page.unroute("**/progress")
    work.begin()
    expect(page.locator("h2")).to_have_text("Running", timeout=15_000)


def test_without_scripts_there_is_a_link(desk, hire, work: Work, enter):
    work.begin()
    work.reach(1, "reading")
    page = enter(hire("officer"), f"jobs/{work.id}", javascript=False)
    expect(page.locator("progress")).to_have_attribute("value", "12")
    work.reach(4, "reading")
    page.get_by_role("link", name="Refresh").click()
    expect(page.locator("progress")).to_have_attribute("value", "50")
    page.get_by_role("button", name="Cancel this work").click()
    expect(page.get_by_text("stops as soon as it safely can")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ur"])
def test_the_pages_are_accessible(desk, hire, work: Work, app: Flask, enter, language: str):
    work.begin()
    work.reach(1, "reading")
    failed = Work(app)
    failed.begin()
    failed.act(job_claims.fail, "error", "ValueError", progress=Progress(1, 2, "reading"))
    colleague = hire("admin", language=language)
    for rest in ("jobs", f"jobs/{work.id}", f"jobs/{failed.id}"):
        page = enter(colleague, rest)
        direction = "rtl" if language == "ur" else "ltr"
        expect(page.locator("html")).to_have_attribute("dir", direction)
        assert_accessible(page)


def test_cancelling_the_same_from_two_tabs_does_no_harm(desk, hire, work: Work, enter, app):
    page = enter(hire("officer"), f"jobs/{work.id}")
    with in_session(app) as session, unit_of_work(session):
        jobs.cancel(session, work.id, actor="another", now=NOON)
    page.get_by_role("button", name="Cancel this work").click()
    expect(page.get_by_text("The work was cancelled.")).to_be_visible()
