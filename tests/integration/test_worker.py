"""The work beside the pages: it does its round, and a database that is gone does not end it."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from consult import worker
from consult.models import Contact, ContactIntake, Draft
from consult.services import consultations, housekeeping
from tests.integration.test_faults import Trouble
from tests.support.visitors import SLUG, in_session


def put_what_is_due(app: Flask) -> None:
    """Put an expired draft and an address of last week."""
    now = datetime.now(UTC)
    with in_session(app) as session:
        stored = consultations.get(session, SLUG)
        session.add(
            Draft(
                consultation_id=stored.id,
                receipt_seed="a" * 64,
                language="en",
                created_at=now - timedelta(days=40),
                updated_at=now - timedelta(days=40),
                expires_at=now - timedelta(days=10),
            )
        )
        session.add(
            ContactIntake(
                consultation_id=stored.id,
                email="someone@example.org",
                language="en",
                given_on=(now - timedelta(days=7)).date(),
            )
        )
        session.commit()


def test_a_round_does_what_is_due(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    put_what_is_due(app)
    worker.run_round(app)
    with in_session(app) as session:
        assert session.scalars(select(Draft)).all() == []
        assert session.scalars(select(ContactIntake)).all() == []
        assert session.scalars(select(Contact)).one().email == "someone@example.org"
    logged = capsys.readouterr().err
    assert '"job": "expired drafts removed", "done": 1' in logged
    assert '"job": "contacts filed", "done": 1' in logged
    assert "someone@example.org" not in logged


def test_a_round_without_a_database_is_put_off(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    put_what_is_due(app)
    trouble = Trouble(app, "unable to open database file", writes_only=False)
    trouble.active = True
    worker.run_round(app)
    assert "housekeeping put off" in capsys.readouterr().err
    trouble.active = False
    worker.run_round(app)
    with in_session(app) as session:
        assert session.scalars(select(Draft)).all() == []


def test_a_job_that_fails_stops_no_other_and_tells_no_words(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise ValueError("someone@example.org")

    put_what_is_due(app)
    monkeypatch.setitem(housekeeping.JOBS, "contacts filed", broken)
    worker.run_round(app)
    with in_session(app) as session:
        assert session.scalars(select(Draft)).all() == []
    logged = capsys.readouterr().err
    assert "housekeeping failed" in logged
    assert "someone@example.org" not in logged


def test_the_worker_stops_when_told(app: Flask) -> None:
    put_what_is_due(app)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app, stop))
    stop.set()
    thread.start()
    thread.join(timeout=10)
    assert not thread.is_alive()
    with in_session(app) as session:
        assert len(session.scalars(select(Draft)).all()) == 1, "stopped before its first round"


def test_a_worker_beside_the_server_does_its_first_round_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = threading.Event()
    monkeypatch.setattr(worker, "run_round", lambda _app: done.set())
    stop = worker.start_beside(app)
    try:
        assert done.wait(10)
    finally:
        stop.set()
