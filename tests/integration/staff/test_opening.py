"""The page that opens a consultation to residents, and what can be done with it from then on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent
from consult.services import consultations, opening, workspaces
from consult.services.workspaces import State
from tests.support.consultations import CLOSES, NOW, OPENS
from tests.support.readiness import BEFORE, PARKS, found, make_ready, save, sign, write
from tests.support.visitors import in_session

ACTS = ("open", "publish", "pause", "resume", "extend", "close")
CLOSING = {
    "closes_at-day": "14",
    "closes_at-month": "4",
    "closes_at-year": "2026",
    "closes_at-time": "23:59",
}


@pytest.fixture
def ready(app, clock):
    """A consultation that may open, a month before it is to."""
    clock.now = BEFORE
    with in_session(app) as session:
        make_ready(session)


@pytest.fixture
def opened(app, clock, ready):
    """The same, open by now."""
    with in_session(app) as session, unit_of_work(session):
        opening.open_to_residents(session, PARKS, at_once=False, actor="test", now=BEFORE)
    clock.now = NOW


@pytest.fixture
def at_parks(hire):
    def at_parks(*roles, **options):
        colleague = hire(*roles, **options)
        colleague.slug = PARKS
        return colleague

    return at_parks


def state(app):
    with in_session(app) as session:
        return workspaces.state_of(found(session), app.config["CONSULT_CLOCK"]())


def public(app):
    with in_session(app) as session:
        return consultations.document_of(session, consultations.get(session, PARKS))


def acts(app, action):
    with in_session(app) as session:
        wanted = select(AuditEvent.actor).where(
            AuditEvent.subject == PARKS, AuditEvent.action == action
        )
        return list(session.scalars(wanted))


def save_words(app, **changes):
    with in_session(app) as session:
        save(session, "words", now=NOW, **changes)


# Opening


def test_opening_at_its_time(app, clock, ready, at_parks, visitor):
    officer = at_parks("officer")
    page = officer.consultation("opening")
    assert "By itself at its opening time, 09:00 on 2 March 2026" in page.text
    page = officer.send("opening/open", {"when": "at_its_time", "read": "yes"})
    assert "It will open to residents at its time." in page.text
    assert state(app) is State.SCHEDULED
    assert acts(app, "consultation opened") == [officer.email]
    visitor.slug = PARKS
    assert visitor.visit().status == 200
    assert "Opens on 2 March 2026" in visitor.get("/en/").text
    clock.now = OPENS
    assert state(app) is State.OPEN


def test_opening_now(app, clock, ready, at_parks):
    clock.now = OPENS - timedelta(hours=3)
    officer = at_parks("officer")
    officer.consultation("opening")
    page = officer.send("opening/open", {"when": "at_once", "read": "yes"})
    assert "It is open to residents." in page.text
    assert state(app) is State.OPEN


def test_opening_needs_a_choice_and_a_tick(app, ready, at_parks):
    officer = at_parks("officer")
    officer.consultation("opening")
    page = officer.send("opening/open", {"when": "at_its_time"})
    assert page.status == 422
    assert "Tick the box once you have read the list" in page.text
    assert page.form("opening/open").fields["when"] == ["at_its_time"]
    page = officer.send("opening/open", {"when": None, "read": "yes"})
    assert page.status == 422
    assert "Choose when it opens" in page.text
    assert state(app) is State.PREPARING


def test_what_stands_in_the_way_is_shown_instead_of_the_form(app, clock, at_parks):
    clock.now = BEFORE
    with in_session(app) as session:
        write(session)
    page = at_parks("officer").consultation("opening")
    assert "It cannot open yet." in page.text
    assert "5 things to settle before it can open" in page.text
    assert not [form for form in page.forms if "opening/open" in form.action]


def test_what_came_up_since_the_page_was_read_is_named(app, ready, at_parks):
    officer = at_parks("officer")
    officer.consultation("opening")
    save_words(app, asked_by="Riverton’s council")
    page = officer.send("opening/open", {"when": "at_its_time", "read": "yes"})
    assert page.status == 409
    assert "Something has changed since it was signed off." in page.text
    assert state(app) is State.PREPARING


def test_opening_earlier_than_answered_for_is_explained(app, ready, at_parks):
    officer = at_parks("officer")
    officer.consultation("opening")
    page = officer.send("opening/open", {"when": "at_once", "read": "yes"})
    assert page.status == 409
    assert "for other dates" in page.text
    assert "election" in page.text
    assert state(app) is State.PREPARING


def test_two_officers_open_it_and_the_second_is_told(app, ready, at_parks):
    first, second = at_parks("officer"), at_parks("officer")
    first.consultation("opening")
    second.consultation("opening")
    first.send("opening/open", {"when": "at_its_time", "read": "yes"})
    page = second.send("opening/open", {"when": "at_its_time", "read": "yes"})
    assert page.status == 409
    assert f"{first.email} was quicker" in page.text
    assert acts(app, "consultation opened") == [first.email]


# Once it is open


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (BEFORE, {"extend"}),
        (NOW, {"pause", "extend", "close"}),
        (CLOSES + timedelta(days=1), {"extend"}),
    ],
)
def test_its_state_decides_what_is_offered(app, clock, opened, at_parks, now, offered):
    clock.now = now
    page = at_parks("officer").consultation("opening")
    shown = {act for act in ACTS if any(f"opening/{act}" in form.action for form in page.forms)}
    assert shown == offered


def test_pausing_and_going_on(app, opened, at_parks, visitor):
    officer = at_parks("officer")
    officer.consultation("opening")
    page = officer.send("opening/pause")
    assert "It is paused." in page.text
    visitor.slug = PARKS
    assert "paused" in visitor.visit("answer").text
    page = officer.send("opening/resume")
    assert "residents can answer again" in page.text
    assert state(app) is State.OPEN


def test_two_officers_pause_it_and_the_second_is_told(app, opened, at_parks):
    first, second = at_parks("officer"), at_parks("officer")
    first.consultation("opening")
    second.consultation("opening")
    first.send("opening/pause")
    page = second.send("opening/pause")
    assert page.status == 409
    assert f"{first.email} was quicker" in page.text
    assert acts(app, "consultation paused") == [first.email]


def test_closing_later(app, opened, at_parks):
    officer = at_parks("officer")
    page = officer.consultation("opening")
    assert page.form("opening/extend").fields["closes_at-day"] == ["31"]
    assert "Late answers, now taken until 12:00 on 2 April 2026" in page.text
    page = officer.send("opening/extend", CLOSING)
    assert "The new closing time is set." in page.text
    assert "23:59 on 14 April 2026" in page.text
    assert public(app).closes_at.isoformat() == "2026-04-14T23:59:00"
    assert acts(app, "consultation extended") == [officer.email]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"closes_at-day": "30", "closes_at-month": "2"}, "There is no such day."),
        ({"closes_at-time": "25:00"}, "from 00:00 to 23:59"),
        ({"closes_at-month": "3", "closes_at-day": "30"}, "later than now"),
        ({"closes_at-year": "2099"}, "at most five years away"),
        (dict.fromkeys(CLOSING, ""), "Write the new closing time"),
        ({"closes_at-year": ""}, "Write the day, the month and the year"),
    ],
)
def test_a_closing_time_that_is_none_is_refused_and_kept(app, opened, at_parks, typed, told):
    officer = at_parks("officer")
    officer.consultation("opening")
    page = officer.send("opening/extend", {**CLOSING, **typed})
    assert page.status == 422
    assert told in page.text
    assert page.form("opening/extend").fields["closes_at-day"] == [typed.get("closes_at-day", "14")]
    assert public(app).closes == CLOSES


def test_closing_now_is_confirmed(app, opened, at_parks):
    officer = at_parks("officer")
    officer.consultation("opening")
    page = officer.send("opening/close")
    assert page.status == 422
    assert state(app) is State.OPEN
    page = officer.send("opening/close", {"sure": "yes"})
    assert "It is closed." in page.text
    assert state(app) is State.CLOSED
    assert acts(app, "consultation closed") == [officer.email]


def test_two_officers_close_it_and_the_second_is_told(app, opened, at_parks):
    first, second = at_parks("officer"), at_parks("officer")
    first.consultation("opening")
    second.consultation("opening")
    first.send("opening/close", {"sure": "yes"})
    page = second.send("opening/close", {"sure": "yes"})
    assert page.status == 409
    assert f"{first.email} was quicker" in page.text


# Changes


def test_changes_are_listed_signed_and_published(app, opened, at_parks, visitor):
    save_words(app, asked_by="Riverton’s council")
    officer = at_parks("officer")
    page = officer.consultation("opening")
    assert "Changes that residents do not see yet" in page.text
    assert "Words of the consultation" in page.text
    assert "The changes cannot be published yet." in page.text
    with in_session(app) as session:
        sign(session, now=NOW)
    officer.consultation("opening")
    page = officer.send("opening/publish")
    assert page.status == 422
    page = officer.send("opening/publish", {"read": "yes"})
    assert "residents see them from now on" in page.text
    visitor.slug = PARKS
    assert "Riverton’s council" in visitor.visit().text
    page = officer.post(
        f"/en/staff/consultations/{PARKS}/opening/publish",
        {"csrf_token": page.forms[0].fields["csrf_token"][0], "read": "yes"},
    )
    assert page.status == 409
    assert "Nothing is left to publish" in page.text


def test_questions_that_get_a_new_version_are_named(app, opened, at_parks, visitor):
    visitor.slug = PARKS
    visitor.send_all("3")  # a number does for words, too
    with in_session(app) as session:
        save(session, "questions.visits", now=NOW, label="How often last week?")
        part = "questions.order"
        with unit_of_work(session):
            seen = workspaces.digest(workspaces.part_of(found(session), part))
            workspaces.remove_item(session, PARKS, part, seen=seen, actor="test", now=NOW)
    page = at_parks("officer").consultation("opening")
    text = page.text.replace("\u2068", "").replace("\u2069", "")
    new, gone = text.split("get a new version")[1].split("are not asked any more")
    assert "Question “How often last week?”" in new
    assert "Question “What comes first?”" in gone.split("Second")[0]
    assert "What comes first" not in new


# Denials


def test_a_viewer_looks_and_does_nothing(app, opened, at_parks):
    viewer = at_parks(on={PARKS: "viewer"})
    page = viewer.consultation("opening")
    assert page.status == 200
    assert not [form for form in page.forms if "/opening/" in form.action]
    for act in ACTS:
        assert viewer.post(f"/en/staff/consultations/{PARKS}/opening/{act}", {}).status == 403, act
    assert state(app) is State.OPEN


def test_forged_and_signed_out_forms_do_nothing(app, opened, at_parks, visitor):
    officer = at_parks("officer")
    for act in ACTS:
        address = f"/en/staff/consultations/{PARKS}/opening/{act}"
        everything = {"sure": "yes", "read": "yes", "when": "at_once", **CLOSING}
        assert officer.post(address, {**everything, "csrf_token": "forged"}).status == 400, act
        assert visitor.post(address, everything).status == 401, act
    assert state(app) is State.OPEN
    assert public(app).closes == CLOSES
