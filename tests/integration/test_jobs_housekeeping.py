"""Housekeeping on demand, and jobs run by the worker that the product starts."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import worker
from consult.config import Settings
from consult.db import make_engine, unit_of_work
from consult.jobs.context import Context
from consult.jobs.housekeeping import FIGURES, WORDS, do_one
from consult.jobs.kinds import KINDS
from consult.jobs.registry import Registry
from consult.models import Contact, Draft, Job
from consult.services import housekeeping, jobs
from tests.integration.test_worker import put_what_is_due
from tests.support.visitors import in_session


def ask(app: Flask, kind: str) -> UUID:
    with in_session(app) as session, unit_of_work(session):
        return jobs.enqueue(session, kind, requested_by="test", now=datetime.now(UTC)).id


def wait_until_ended(app: Flask, job_id: UUID) -> Job:
    until = time.monotonic() + 15
    while True:
        with in_session(app) as session:
            job = jobs.get(session, job_id)
        if job.state not in {"waiting", "running"}:
            return job
        assert time.monotonic() < until, f"the job is still {job.state}"
        time.sleep(0.01)


@pytest.fixture
def no_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that does no housekeeping by itself."""
    monkeypatch.setattr(worker, "run_round", lambda _app: None)


def run_one(app: Flask, kind: str, kinds: Registry = KINDS) -> Job:
    """Ask for a job, and let the product's worker run it."""
    job_id = ask(app, kind)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app, stop), kwargs={"kinds": kinds})
    thread.start()
    try:
        return wait_until_ended(app, job_id)
    finally:
        stop.set()
        thread.join(10)
        assert not thread.is_alive()


def test_housekeeping_is_done_on_demand(app: Flask, no_rounds: None) -> None:
    put_what_is_due(app)
    job = run_one(app, "housekeeping")
    assert job.state == "done", job.fault_detail
    assert job.result is not None
    assert (job.result["expired drafts removed"], job.result["contacts filed"]) == (1, 1)
    with in_session(app) as session:
        assert session.scalars(select(Draft)).all() == []
        assert session.scalars(select(Contact)).one().email == "someone@example.org"


def test_what_a_piece_of_it_lists_is_counted(
    app: Flask, no_rounds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "JOBS", {"due data removed": lambda _s, now: ["a", "b"]})
    assert run_one(app, "housekeeping").result == {"due data removed": 2}


def test_every_piece_of_housekeeping_has_words() -> None:
    assert set(housekeeping.JOBS) <= set(WORDS)
    assert set(WORDS) == set(FIGURES)


@pytest.mark.postgres
def test_two_workers_do_not_keep_house_at_the_same_time(postgres_server, migrated_postgres) -> None:
    name = postgres_server.create_database(template=migrated_postgres)
    engine = make_engine(postgres_server.url(name))
    began, may_end = threading.Event(), threading.Event()
    order: list[str] = []

    def slow(_session: Session, *, now: datetime) -> None:
        began.set()
        assert may_end.wait(10)
        order.append("first")

    def second(_session: Session, *, now: datetime) -> None:
        order.append("second")

    def keep_house(job: Callable[..., None]) -> None:
        with Session(engine) as session, unit_of_work(session):
            do_one(job, session, now=datetime.now(UTC))

    one = threading.Thread(target=keep_house, args=(slow,))
    one.start()
    assert began.wait(10)
    other = threading.Thread(target=keep_house, args=(second,))
    other.start()
    other.join(0.3)
    assert other.is_alive(), "it did not wait for the first"
    may_end.set()
    one.join(10)
    other.join(10)
    assert order == ["first", "second"]
    engine.dispose()
    postgres_server.drop_database(name)


def test_the_worker_gives_work_the_application_and_its_settings(
    app: Flask, no_rounds: None
) -> None:
    kinds = Registry()
    seen: list[tuple[str, Settings]] = []
    kinds.kind("looks", label="Looking")(
        lambda context: seen.append((current_app.name, context.settings))
    )
    assert run_one(app, "looks", kinds).state == "done"
    assert seen == [("consult", app.config["CONSULT_SETTINGS"])]


def test_a_long_job_holds_no_housekeeping_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[float] = []
    monkeypatch.setattr(worker, "ROUND_SECONDS", 0.05)
    monkeypatch.setattr(worker, "run_round", lambda _app: rounds.append(time.monotonic()))
    kinds = Registry()

    def work(context: Context) -> None:
        before = len(rounds)
        until = time.monotonic() + 10
        while len(rounds) < before + 3:
            assert time.monotonic() < until, "no round while the job ran"
            time.sleep(0.01)

    kinds.kind("long", label="Long work")(work)
    assert run_one(app, "long", kinds).state == "done"


def test_a_process_that_ends_lets_its_worker_hand_the_job_back(
    app: Flask, no_rounds: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    goodbyes: list[Callable[[], object]] = []
    monkeypatch.setattr("atexit.register", lambda do, *given: goodbyes.append(lambda: do(*given)))
    begun = threading.Event()

    def work(context: Context) -> None:
        begun.set()
        while True:
            context.check()
            time.sleep(0.005)

    KINDS.kind("test of a goodbye", label="A test")(work)
    try:
        job_id = ask(app, "test of a goodbye")
        worker.start_beside(app)
        assert begun.wait(10)
        [goodbye] = goodbyes
        goodbye()
    finally:
        del KINDS._kinds["test of a goodbye"]
    with in_session(app) as session:
        job = jobs.get(session, job_id)
    assert (job.state, job.lost_count) == ("waiting", 0)
