"""Browsers that are signed in: how long, where, and how each of them is ended."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from consult.db import unit_of_work
from consult.models import Account, AuditEvent, Role, StaffSession
from consult.services import sessions
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import NOON, in_session

EMAIL = "anna@council.example.org"
LOGIN = "/en/staff/account/login"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1"
)


def browser(app: Flask, agent: str = FIREFOX, email: str = EMAIL) -> Colleague:
    colleague = Colleague(app.test_client())
    colleague.client.environ_base["HTTP_USER_AGENT"] = agent
    colleague.client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    colleague.email = email
    return colleague


@pytest.fixture
def anna(app: Flask) -> Colleague:
    """An officer who is signed in, in Firefox."""
    make_account(app, EMAIL, "officer", name="Anna")
    colleague = browser(app)
    sign_in(colleague)
    return colleague


def rows(app: Flask) -> list[StaffSession]:
    with in_session(app) as session:
        return list(session.scalars(select(StaffSession).order_by(StaffSession.created_at)))


def actions(app: Flask) -> list[str]:
    with in_session(app) as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.at)))


def test_an_idle_hour_ends_it(anna, clock):
    clock.now = NOON + timedelta(minutes=59, seconds=59)
    assert anna.visit().path == "/en/staff/"
    clock.now += timedelta(minutes=60)
    assert anna.visit().path == LOGIN


def test_twelve_hours_end_it_however_busy(anna, clock):
    for half_hours in range(1, 24):
        clock.now = NOON + timedelta(minutes=30 * half_hours)
        assert anna.visit("account/").path == "/en/staff/account/", half_hours
    clock.now = NOON + timedelta(hours=12)
    assert anna.visit().path == LOGIN


def test_presence_is_written_once_a_minute_at_most(app, anna, clock):
    clock.now = NOON + timedelta(seconds=59)
    anna.visit()
    assert rows(app)[0].seen_at == NOON
    clock.now = NOON + timedelta(seconds=60)
    anna.visit()
    assert rows(app)[0].seen_at == clock.now


def test_a_page_that_looks_for_news_by_itself_is_no_presence(app, anna, clock):
    clock.now = NOON + timedelta(minutes=30)
    assert anna.get("/en/staff/", headers={"Sec-Fetch-Dest": "empty"}).status == 200
    assert rows(app)[0].seen_at == NOON


def test_nothing_that_leads_to_a_place_is_stored(app, anna):
    columns = {column.key for column in inspect(StaffSession).columns}
    assert columns == {"id", "account_id", "device", "created_at", "seen_at", "ended_at"}
    (kept,) = rows(app)
    assert kept.device == "Firefox/Windows"


def test_all_browsers_are_listed_and_this_one_is_marked(app, anna, clock):
    phone = browser(app, SAFARI)
    clock.now = NOON + timedelta(minutes=5)
    sign_in(phone)
    page = anna.visit("account/")
    assert "Firefox on Windows This browser" in page.text
    assert "Safari on iPhone 12:05 on 1 December 2026" in page.text
    assert page.text.count("This browser") == 1


def test_one_browser_is_signed_out_from_another(app, anna):
    phone = browser(app, SAFARI)
    sign_in(phone)
    page = anna.visit("account/")
    other = next(
        form
        for form in page.forms
        if "sessions/end" in form.action and form.fields.get("session") == [str(rows(app)[1].id)]
    )
    page = anna.post(other.action, other.fields)
    assert "That browser is signed out." in page.text
    assert "Safari" not in page.text
    assert phone.visit().path == LOGIN
    assert anna.visit().path == "/en/staff/"
    assert "session ended" in actions(app)


def test_a_browser_that_was_signed_out_meanwhile_is_no_fault(anna):
    page = anna.visit("account/")
    form = page.form("sessions/end")
    for unknown in (str(uuid4()), "nonsense", ""):
        page = anna.post(form.action, {**form.fields, "session": unknown})
        assert page.status == 200
        assert "signed out already" in page.text


def test_nobody_ends_the_sessions_of_others(app, anna):
    make_account(app, "ben@council.example.org", "admin")
    ben = browser(app, SAFARI, "ben@council.example.org")
    sign_in(ben)
    form = ben.visit("account/").form("sessions/end")
    page = ben.post(form.action, {**form.fields, "session": str(rows(app)[0].id)})
    assert "signed out already" in page.text
    assert anna.visit().path == "/en/staff/"


def test_signing_out_everywhere_means_here_too(app, anna):
    phone = browser(app, SAFARI)
    sign_in(phone)
    anna.visit("account/")
    page = anna.send("end-all")
    assert page.path == LOGIN
    assert "You are signed out everywhere." in page.text
    assert phone.visit().path == LOGIN
    assert all(kept.ended_at == NOON for kept in rows(app))
    assert {"sessions ended", "signed out"} <= set(actions(app))


def test_a_new_password_signs_the_others_out_and_not_this_one(app, anna):
    phone = browser(app, SAFARI)
    sign_in(phone)
    anna.visit("account/change")
    new = "battery staple horse correct 9"
    page = anna.send(
        "change",
        {"password": PASSWORD, "new_password": new, "new_password_confirm": new},
    )
    assert page.path == "/en/staff/account/"
    assert "Your password is changed. Other browsers are signed out." in page.text
    assert phone.visit().path == LOGIN
    assert anna.visit().path == "/en/staff/"
    live = [kept for kept in rows(app) if kept.ended_at is None]
    assert len(live) == 1
    assert {"password changed", "sessions ended"} <= set(actions(app))


def test_signing_in_again_in_a_browser_leaves_no_second_row_alive(app, anna, clock):
    clock.now = NOON + timedelta(hours=2)
    sign_in(anna)
    first, second = rows(app)
    assert first.ended_at == clock.now
    assert second.ended_at is None


def test_a_closed_account_is_out_at_once(app, anna):
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().active = False
    assert anna.visit().path == LOGIN


def test_a_role_counts_at_once_and_is_gone_at_once(app, anna):
    assert anna.visit("accounts").status == 403
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().roles = [Role(name="admin")]
    assert anna.visit("accounts").status == 200
    with in_session(app) as session, unit_of_work(session):
        session.scalars(select(Account)).one().roles = []
    assert anna.visit("accounts").status == 403


@pytest.mark.parametrize("stolen", ["", "nonsense", None, 7])
def test_a_cookie_without_its_row_opens_nothing(anna, stolen):
    with anna.client.session_transaction() as cookie:
        cookie["staff_session"] = stolen
    assert anna.visit().path == LOGIN


def test_the_row_of_somebody_else_opens_nothing(app, anna):
    make_account(app, "ben@council.example.org", "viewer")
    ben = browser(app, SAFARI, "ben@council.example.org")
    sign_in(ben)
    with ben.client.session_transaction() as cookie:
        bens = cookie["staff_session"]
    with anna.client.session_transaction() as cookie:
        cookie["staff_session"] = bens
    assert anna.visit().path == LOGIN


def test_while_the_database_is_gone_the_page_says_so(anna, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def gone(*_args: object, **_more: object) -> bool:
        raise OperationalError("select", {}, Exception("gone"))

    monkeypatch.setattr(sessions, "live", gone)
    page = anna.visit()
    assert page.status == 503
    assert "We cannot reach our records just now" in page.text
    monkeypatch.undo()
    assert anna.visit().path == "/en/staff/"


def test_long_ended_sessions_are_removed(app, anna):
    late = NOON + sessions.KEPT_FOR
    with in_session(app) as session, unit_of_work(session):
        assert sessions.remove_old(session, now=late) == 0
        assert sessions.remove_old(session, now=late + timedelta(seconds=1)) == 1


NEW_NAME = {"name": "Anna Á. Smith, écrivaine", "language": "en"}


def kept_and_sent(anna: Colleague) -> str:
    """What the browser has in the end, once the kept form is sent."""
    page = anna.send("account/name")
    assert "Your name and language are saved." in page.text, page.text
    return page.form("account/name").fields["name"][0]


def test_what_was_typed_outlives_an_hour_away(anna, clock):
    form = anna.visit("account/").form("account/name")
    clock.now = NOON + timedelta(hours=1)
    page = anna.post(form.action, {**form.fields, **NEW_NAME})
    assert page.status == 401
    assert NEW_NAME["name"] in page.text
    waiting = anna.page

    second_tab = Colleague(anna.client)
    second_tab.email = EMAIL
    page = second_tab.visit("signed-in")
    assert page.path == LOGIN
    page = second_tab.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.path == "/en/staff/signed-in"

    anna.page = waiting
    assert kept_and_sent(anna) == NEW_NAME["name"]


def test_what_was_typed_outlives_being_signed_out_elsewhere(app, anna):
    form = anna.visit("account/").form("account/name")
    phone = browser(app, SAFARI)
    sign_in(phone)
    phone.visit("account/")
    phone.send("end-all")
    page = anna.post(form.action, {**form.fields, **NEW_NAME})
    assert page.status == 401
    waiting = anna.page
    sign_in(anna)
    anna.page = waiting
    assert kept_and_sent(anna) == NEW_NAME["name"]


def test_what_was_typed_outlives_a_forged_or_stale_token(anna):
    form = anna.visit("account/").form("account/name")
    page = anna.post(form.action, {**form.fields, **NEW_NAME, "csrf_token": "forged"})
    assert page.status == 400
    assert NEW_NAME["name"] in page.text
    assert kept_and_sent(anna) == NEW_NAME["name"]


def test_what_somebody_else_typed_is_not_sent_by_a_sound_token(app, anna, clock):
    """Another person at the same browser has to press once more."""
    form = anna.visit("account/").form("account/name")
    clock.now = NOON + timedelta(hours=1)
    anna.post(form.action, {**form.fields, **NEW_NAME})
    waiting = anna.page
    make_account(app, "ben@council.example.org", "viewer")
    anna.email = "ben@council.example.org"
    sign_in(anna)
    anna.page = waiting
    assert anna.send("account/name").status == 400


def test_a_kept_form_repeats_no_secret(anna, clock):
    form = anna.visit("account/").form("account/name")
    secrets = {"password": "s3cret-one", "code": "s3cret-two", "credential": "s3cret-three"}
    clock.now = NOON + timedelta(hours=1)
    page = anna.post(form.action, {**form.fields, **NEW_NAME, **secrets})
    assert "s3cret" not in page.html
