"""The review queue in Chromium: one key takes one answer, and every page can be read."""

import re
import time
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page, ViewportSize, expect
from sqlalchemy import func, select

from consult.db import unit_of_work
from consult.models import AnswerTranslation, StudyAnswer, StudyEvent, StudyKey
from consult.services.reviewing import coding
from consult.services.reviewing.lineup import double_sample, lineup
from tests.browser.seen import look
from tests.support.browser import assert_accessible, follow, until
from tests.support.staff import PASSWORD, make_account
from tests.support.themes import QUESTION, study_of
from tests.support.visitors import NOON, SLUG, Clock, in_session

pytestmark = pytest.mark.browser

LAPTOP: ViewportSize = {"width": 1366, "height": 768}
ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"
REFUSALS = ["status of 422"]


@pytest.fixture
def app(themed_app: Flask, clock: Clock) -> Flask:
    """The model case with its themes; every look at the clock moves it on."""

    def ticking() -> object:
        clock.now = NOON.fromtimestamp(NOON.timestamp() + time.monotonic() % 3600, NOON.tzinfo)
        return clock.now

    themed_app.config["CONSULT_CLOCK"] = ticking
    make_account(themed_app, ANNA, "analyst", name="Anna")
    with in_session(themed_app) as session, unit_of_work(session):
        study = study_of(session)
        for answer in session.scalars(
            select(StudyAnswer).where(
                StudyAnswer.study_id == study.id, StudyAnswer.language != "en"
            )
        ):
            session.add(
                AnswerTranslation(
                    answer_id=answer.answer_id,
                    language="en",
                    text="The park is dark in the evening.",
                    origin="machine",
                    translator="a machine",
                    brought_by=OMAR,
                    brought_at=NOON,
                )
            )
    return themed_app


@pytest.fixture
def site(app: Flask, live_server: Callable[..., object]) -> str:
    return str(live_server(app).url)  # type: ignore[attr-defined]


def sign_in(page: Page, site: str, language: str = "en") -> str:
    """Sign in as Anna, and return where the pages of the study begin."""
    page.goto(f"{site}/{language}/staff/account/login")
    page.fill("[name=email]", ANNA)
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/{language}/staff/")
    return f"{site}/{language}/staff/consultations/{SLUG}/themes/{QUESTION}"


def decisions(app: Flask, kind: str) -> int:
    with in_session(app) as session:
        wanted = select(func.count()).select_from(StudyEvent).where(StudyEvent.kind == kind)
        return session.scalar(wanted) or 0


def shown(page: Page) -> str:
    """Which answer is shown."""
    return page.locator("form[data-review] [name=response]").input_value()


def test_sixty_answers_with_the_keyboard_alone(app, site, new_page, record_property):
    """Enter takes an answer; every fifth has its first statement moved by a digit."""
    page = new_page(viewport=LAPTOP)
    page.goto(f"{sign_in(page, site)}/review")
    seconds = []
    for number in range(60):
        before = shown(page)
        assert page.evaluate("document.activeElement.matches('[data-statement]')")
        began = time.perf_counter()
        count = page.locator("[data-statement]").count()
        if number % 5 == 0:
            page.keyboard.press("1")
        if number % 5 or count > 1:
            page.keyboard.press("Enter")
        until(
            page,
            "before => document.readyState === 'complete' && ("
            "document.querySelector('form[data-review] [name=response]') || {}).value !== before",
            before,
        )
        seconds.append(time.perf_counter() - began)
    # An answer in the very words of another is looked at with it.
    expect(page.get_by_text(re.compile("^6[0-3] of 72 answers looked at"))).to_be_visible()
    expect(page.get_by_text("You have decided 60 answers today.")).to_be_visible()
    print(f"machine's time per answer: mean {sum(seconds) / 60:.3f} s, max {max(seconds):.3f} s")
    assert sum(seconds) < 300  # half of the ten minutes stay for reading, on a busy machine too


def test_each_key_does_what_the_page_says(app, site, new_page):
    page = new_page(viewport=LAPTOP)
    page.goto(f"{sign_in(page, site)}/review")
    while page.locator("[data-statement]").count() < 2:
        page.keyboard.press("s")
        page.wait_for_load_state()
    answer = shown(page)
    statements = page.locator("[data-statement]")
    page.keyboard.press("j")
    expect(statements.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(statements.nth(0)).to_be_focused()
    page.keyboard.press("0")
    expect(statements.nth(0).locator("select")).to_have_value("none")
    expect(statements.nth(1)).to_be_focused()
    page.keyboard.press("t")
    expect(statements.nth(1).locator("select")).to_be_focused()
    page.keyboard.press("Escape")
    expect(statements.nth(1)).to_be_focused()
    page.keyboard.press("y")
    expect(page.get_by_text("1 of 72 answers looked at")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("Undone. This is the answer")).to_be_visible()
    assert shown(page) == answer
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("New theme")
    page.get_by_label("What is the theme called?").fill("Noise")
    follow(page.get_by_role("button", name="Make the theme"))
    assert shown(page) == answer
    assert decisions(app, "create") == 1


def test_keys_that_are_switched_off_do_nothing_and_stay_off(app, site, new_page):
    page = new_page(viewport=LAPTOP)
    page.goto(f"{sign_in(page, site)}/review")
    page.get_by_role("button", name="Switch the keys off").click()
    page.reload()
    answer = shown(page)
    expect(page.get_by_role("button", name="Switch the keys on")).to_be_visible()
    expect(page.locator(".consult-key").first).to_be_hidden()
    for key in ("y", "1", "s", "n", "Enter"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert shown(page) == answer
    assert decisions(app, "confirm") + decisions(app, "move") == 0
    page.get_by_role("button", name="Switch the keys on").click()
    page.locator("h1").click()
    page.keyboard.press("y")
    expect(page.get_by_text("1 of 72 answers looked at")).to_be_visible()


def test_without_scripts_buttons_and_lists_do_it_all(app, site, new_page):
    page = new_page(viewport=LAPTOP, javascript=False)
    page.goto(f"{sign_in(page, site)}/review")
    page.locator("[data-statement] select").first.select_option("none")
    page.get_by_role("button", name="This is right: next answer").click()
    expect(page.get_by_text("1 of 72 answers looked at")).to_be_visible()
    page.get_by_role("link", name="Skip", exact=True).click()
    page.get_by_role("button", name="Undo my last decision").click()
    expect(page.get_by_text("0 of 72 answers looked at")).to_be_visible()


def read_by_two(app: Flask) -> None:
    """Anna and Omar have read fifty answers apart, as the machine has them."""
    with in_session(app) as session, unit_of_work(session):
        study = study_of(session)
        study.audit_size = 50
        coding.begin_double(session, study.id, 50)
        lined_up = lineup(session, study)
        theme = session.scalar(
            select(StudyKey.theme).where(StudyKey.study_id == study.id, StudyKey.theme.is_not(None))
        )
        for number, place in enumerate(double_sample(lined_up, study)):
            for coder in (ANNA, OMAR):
                found = [theme] if number % 3 and (coder == ANNA or number % 7) else []
                coding.code(
                    session,
                    study.id,
                    lined_up.responses[place],
                    [each for each in found if each],
                    purpose=coding.DOUBLE,
                    actor=coder,
                    now=NOON,
                )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "ur"])
@pytest.mark.parametrize("viewport", [LAPTOP, {"width": 360, "height": 740}])
def test_every_page_is_accessible_and_fits(app, site, new_page, language, viewport):
    page = new_page(viewport=viewport, expected_errors=REFUSALS)
    at = sign_in(page, site, language)
    faults: list[str] = []

    def check(name: str) -> None:
        faults.extend(f"{name}: {fault}" for fault in look(page).faults())
        try:
            assert_accessible(page)
        except AssertionError as error:
            faults.append(f"{name}: {error}")

    for rest in ("review", "review/audit", "review/double", "agreement"):
        page.goto(f"{at}/{rest}")
        check(rest)
    page.goto(f"{at}/review")
    page.locator("[data-new-theme]").first.click()
    page.locator("main form button[type=submit]").click()
    check("a theme without a name")
    with in_session(app) as session:
        study = study_of(session)
        foreign = session.scalars(
            select(StudyAnswer.response_id).where(
                StudyAnswer.study_id == study.id,
                StudyAnswer.language.in_(["ur", "bn"]),
                StudyAnswer.status == "content",
            )
        ).all()
    for each in foreign[:2]:
        page.goto(f"{at}/review?answer={each}")
        check("an answer with its translation")
    read_by_two(app)
    for rest in ("review/audit/figures", "agreement", "agreement?first=anna%40council.example.org"):
        page.goto(f"{at}/{rest}")
        check(rest)
    with in_session(app) as session, unit_of_work(session):
        study_of(session).audit_size = 100
    page.goto(f"{at}/review/audit")
    page.locator("form.consult-blind button[type=submit]").click()
    check("nothing ticked")
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)
