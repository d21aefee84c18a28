"""A new officer takes a Word draft to an open consultation, and a resident answers in Urdu."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.officer import SLUG, Officer, set_up
from tests.browser.seen import look
from tests.support.browser import assert_accessible
from tests.support.staff import make_account

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}
NEW, SECOND = "new@riverton.example.org", "second@riverton.example.org"


@pytest.mark.slow
def test_from_a_word_draft_to_a_resident_s_answer_in_urdu(app, clock, live_server, new_page):
    clock.now = datetime.now(UTC).replace(microsecond=0)
    for email in (NEW, SECOND):
        make_account(app, email, "officer")
    site = live_server(app).url
    officer = Officer(new_page(viewport=LAPTOP), site)
    officer.sign_in(NEW)
    began = time.monotonic()
    done: list[str] = []
    faults: list[str] = []
    for step in set_up(officer, clock.now):
        done.append(f"{step}: {time.monotonic() - began:.1f} s")
        faults.extend(f"{step}: {fault}" for fault in look(officer.page).faults())
    print("\n".join(done))  # the pace of a machine, for the closing note
    assert not faults, "\n".join(faults)
    second = Officer(new_page(viewport=LAPTOP), site)
    second.sign_in(SECOND)
    second.consultation("sign-off")
    second.page.locator("[name=answer][value=agree], [name=answer][value=yes]").check()
    second.press("Give my word")
    officer.consultation("opening")
    officer.page.locator("[name=when][value=at_its_time]").check()
    officer.page.locator("[name=read]").check()
    officer.press("Open to residents")
    officer.consultation()
    expect(officer.page.locator("main .govuk-tag").first).to_have_text("Opens soon")
    clock.now += timedelta(days=3)
    resident = new_page(locale="ur")
    resident.goto(f"{site}/ur/{SLUG}/")
    expect(resident.locator("html")).to_have_attribute("dir", "rtl")
    resident.locator("main a.govuk-button").first.click()
    for _ in range(10):
        if resident.locator("#question-form").count():
            text = resident.locator("#question-form textarea")
            if text.count():
                text.fill("زیادہ درخت، براہِ کرم")
            else:
                resident.locator("[name=answer]").first.check()
        consent = resident.locator("[name=consent]")
        if consent.count():
            consent.check()
        resident.locator("main form .govuk-button:not(.govuk-button--secondary)").first.click()
        if resident.url.endswith("/receipt"):
            break
    expect(resident.locator("[data-code]")).to_be_visible()
    assert_accessible(resident)
