"""Guessing is slowed down, and nobody is shut out for good."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AuditEvent, SignInFailure
from consult.services import lock_out
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import NOON, in_session

EMAIL = "anna@council.example.org"
MUST_WAIT = "That went wrong too often. Wait until 12:01, then try again."


@pytest.fixture
def anna(app: Flask) -> Colleague:
    make_account(app, EMAIL, "officer", name="Anna")
    colleague = Colleague(app.test_client())
    colleague.email = EMAIL
    return colleague


def guess(colleague: Colleague, *, times: int = 1, email: str = EMAIL) -> str:
    for number in range(times):
        colleague.visit("account/login")
        colleague.send("login", {"email": email, "password": f"wrong guess {number}"})
    assert colleague.page is not None
    return colleague.page.text


def events(app: Flask, action: str) -> list[AuditEvent]:
    with in_session(app) as session:
        return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_after_five_failures_even_the_right_password_waits(app, anna, clock):
    assert MUST_WAIT not in guess(anna, times=4)
    assert MUST_WAIT in guess(anna)
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert page.status == 422
    assert MUST_WAIT in page.text
    clock.now = NOON + timedelta(seconds=59)
    assert MUST_WAIT in anna.send("login", {"email": EMAIL, "password": PASSWORD}).text
    clock.now = NOON + timedelta(minutes=1)
    assert anna.send("login", {"email": EMAIL, "password": PASSWORD}).path == "/en/staff/"


def test_tries_while_waiting_do_not_make_it_longer(app, anna, clock):
    guess(anna, times=5)
    assert MUST_WAIT in guess(anna, times=3)
    clock.now = NOON + timedelta(minutes=1)
    sign_in(anna)


def test_a_time_between_two_minutes_is_told_as_the_later_one(anna, clock):
    clock.now = NOON + timedelta(seconds=1)
    assert "Wait until 12:02" in guess(anna, times=5)


def test_success_starts_afresh(anna, clock):
    guess(anna, times=4)
    sign_in(anna)
    anna.send("logout")
    assert MUST_WAIT not in guess(anna, times=4)


def test_a_name_that_nobody_has_waits_just_the_same(app, anna):
    nobody = guess(anna, times=5, email="nobody@council.example.org")
    assert MUST_WAIT in nobody
    somebody = guess(anna, times=5)
    assert somebody == nobody
    assert "Anna" not in somebody


def test_the_trail_hears_of_accounts_and_never_of_what_was_typed(app, anna):
    guess(anna, times=5, email="my secret password")
    assert not events(app, "sign-in slowed down")
    guess(anna, times=5)
    (event,) = events(app, "sign-in slowed down")
    assert (event.actor, event.subject) == ("machine", f"account {EMAIL}")
    assert event.details == {"until": "2026-12-01T12:01+00:00"}


def test_only_a_hash_of_the_name_is_kept(app, anna):
    guess(anna)
    with in_session(app) as session:
        (kept,) = session.scalars(select(SignInFailure))
        assert EMAIL not in kept.name_hash
        assert len(kept.name_hash) == 64


def test_whoever_is_signed_in_goes_on(app, anna):
    sign_in(anna)
    stranger = Colleague(app.test_client())
    assert MUST_WAIT in guess(stranger, times=5)
    assert anna.visit("account/").status == 200


def test_showing_again_who_one_is_waits_too(app, anna):
    sign_in(anna)
    said = []
    for number in range(5):
        anna.visit("account/verify")
        page = anna.send("verify", {"password": f"wrong guess {number}"})
        said.append((page.status, MUST_WAIT in page.text))
    assert said == [(422, False)] * 4 + [(422, True)]
    page = anna.send("verify", {"password": PASSWORD})
    assert MUST_WAIT in page.text
    anna.visit("account/change")
    page = anna.send("change", {"password": PASSWORD, "new_password": "x"})
    assert MUST_WAIT in page.text


def test_one_wrong_password_when_showing_again_is_said_at_its_field(anna):
    sign_in(anna)
    anna.visit("account/verify")
    page = anna.send("verify", {"password": "wrong guess"})
    assert page.status == 422
    assert "The password is not right." in page.text


def test_when_too_much_fails_everywhere_everybody_waits_and_is_told(app, anna, clock):
    with in_session(app) as session, unit_of_work(session):
        session.add(
            SignInFailure(
                name_hash="f" * 64,
                hour=NOON,
                failed_count=lock_out.FAILURES_PER_HOUR,
                last_failed_at=NOON,
            )
        )
    anna.visit("account/login")
    page = anna.send("login", {"email": EMAIL, "password": PASSWORD})
    assert "do not work for anybody until 13:00. A passkey does." in page.text
    clock.now = NOON + timedelta(hours=1)
    sign_in(anna)
