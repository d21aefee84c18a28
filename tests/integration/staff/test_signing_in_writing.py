"""Signing in writes in whole units, and several people may do it at once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from consult.config import Settings
from consult.db import db, unit_of_work
from consult.models import Account, AuditEvent, SignInFailure, StaffSession
from consult.services import audit
from tests.integration.staff.test_signing_in_codes import make_recovery_codes, set_app_up
from tests.support.authenticator import code_of
from tests.support.staff import PASSWORD, Colleague, make_account, sign_in
from tests.support.visitors import in_session

ANNA, BEN = "anna@council.example.org", "ben@council.example.org"


@pytest.fixture
def house(make_app: Any, tmp_path: Any, migrated_database_url: str) -> Flask:
    """An application without a consultation, on SQLite and on PostgreSQL."""
    app: Flask = make_app(Settings.for_tests(tmp_path, migrated_database_url))
    for email in (ANNA, BEN):
        make_account(app, email, "officer", name=email[:3].title())
    return app


def browser(app: Flask, email: str) -> Any:
    colleague = Colleague(app.test_client())
    colleague.email = email
    return colleague


def at_once(*works: Any) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]


def test_two_people_sign_in_and_out_at_once(house):
    rounds = 5

    def come_and_go(email: str) -> Any:
        colleague = browser(house, email)
        for _ in range(rounds):
            sign_in(colleague)
            colleague.visit("account/")
            colleague.send("account/name", {"name": f"Name of {email}"})
            colleague.send("logout")
        return colleague.page.status

    assert at_once(lambda: come_and_go(ANNA), lambda: come_and_go(BEN)) == [200, 200]
    with in_session(house) as session:
        assert session.scalar(select(func.count(StaffSession.id))) == 2 * rounds
        assert (
            session.scalar(
                select(func.count(StaffSession.id)).where(StaffSession.ended_at.is_(None))
            )
            == 0
        )
        for action in ("signed in", "signed out"):
            counted = select(func.count(AuditEvent.id)).where(AuditEvent.action == action)
            assert session.scalar(counted) == 2 * rounds


def test_guesses_at_once_are_all_counted(house):
    def guess() -> Any:
        stranger = browser(house, ANNA)
        stranger.visit("account/login")
        return stranger.send("login", {"email": ANNA, "password": "wrong horse battery"}).status

    assert at_once(guess, guess, guess, guess) == [422] * 4
    with in_session(house) as session:
        assert session.scalars(select(SignInFailure.failed_count)).all() == [4]


def test_one_recovery_code_used_in_two_browsers_at_once_works_in_one(house, clock):
    anna = browser(house, ANNA)
    sign_in(anna)
    set_app_up(anna, clock)
    (code, *_others) = make_recovery_codes(anna)
    assert sorted(_second_steps(house, "mf-recovery", code)) == [False, True]


def test_one_app_code_used_in_two_browsers_at_once_works_in_one(house, clock):
    anna = browser(house, ANNA)
    sign_in(anna)
    key = set_app_up(anna, clock)
    code = code_of(key, clock.now, steps=1)
    assert sorted(_second_steps(house, "tf-validate", code)) == [False, True]


def _second_steps(app: Flask, page: str, code: str) -> list[bool]:
    browsers = [browser(app, ANNA), browser(app, ANNA)]
    for each in browsers:
        each.visit("account/login")
        each.send("login", {"email": ANNA, "password": PASSWORD})
        each.visit(f"account/{page}")
    return at_once(
        *(
            lambda each=each: each.send(page, {"code": code}).path == "/en/staff/"
            for each in browsers
        )
    )


def commits(app: Flask) -> list[str]:
    """Counts what is committed after something was written."""
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    @event.listens_for(engine, "commit")
    def on_commit(connection: Any) -> None:
        if connection.get_execution_options().get("consult_writes"):
            seen.append("unit")
        else:
            seen.append("stray")

    return seen


def test_each_form_is_one_unit(house, clock):
    anna = browser(house, ANNA)
    anna.visit("account/login")
    seen = commits(house)

    def units_of(send: Any) -> list[str]:
        seen.clear()
        send()
        return list(seen)

    assert units_of(lambda: anna.send("login", {"email": ANNA, "password": "wrong"})) == ["unit"]
    assert units_of(lambda: anna.send("login", {"email": ANNA, "password": PASSWORD})) == ["unit"]
    anna.visit("account/change")
    new = "battery staple horse correct 9"
    told = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    assert units_of(lambda: anna.send("change", told)) == ["unit"]
    anna.visit("account/mf-recovery-codes")
    assert units_of(lambda: anna.send("mf-recovery-codes")) == ["unit"]
    assert units_of(lambda: anna.visit("account/")) == []
    assert units_of(lambda: anna.send("logout")) == ["unit"]


def test_what_fails_half_way_leaves_nothing(house, monkeypatch):
    def fail(*_args: object, **_more: object) -> None:
        raise RuntimeError("after the row was written")

    monkeypatch.setattr(audit, "record", fail)
    anna = browser(house, ANNA)
    anna.visit("account/login")
    page = anna.send("login", {"email": ANNA, "password": PASSWORD})
    assert page.status == 500
    with in_session(house) as session:
        assert session.scalar(select(func.count(StaffSession.id))) == 0
    monkeypatch.undo()
    assert anna.visit().path == "/en/staff/account/login"


def test_a_writer_who_waits_is_let_in_when_the_other_is_done(house):
    """Somebody holds the turn to write, and the very row, while another signs in."""
    anna = browser(house, ANNA)
    anna.visit("account/login")
    with ThreadPoolExecutor(1) as pool:
        with in_session(house) as session, unit_of_work(session):
            session.scalars(select(Account).where(Account.email == ANNA)).one().name = "Annabel"
            session.flush()
            told = {"email": ANNA, "password": PASSWORD}
            signing_in = pool.submit(anna.send, "login", told)
            with pytest.raises(TimeoutError):
                signing_in.result(timeout=1)
        page = signing_in.result(timeout=30)
    assert page.path == "/en/staff/"
    assert "Annabel" in page.text
