"""A worker runs jobs: each comes to one end, whatever the work, the people or the database do."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from analysis.errors import InputError
from analysis.progress import Progress as AnalysisProgress
from consult.config import Settings
from consult.db import make_engine, unit_of_work
from consult.jobs.context import Context, Interrupted, WorkFailed
from consult.jobs.presence import Presence
from consult.jobs.registry import Registry, Step, Work
from consult.jobs.runner import Runner
from consult.jobs.stages import Stages
from consult.models import Job
from consult.services import job_claims, jobs
from tests.support.consultations import NOW
from tests.support.jobs import (
    ENDED,
    FAST,
    LEDGER,
    add_once,
    ask,
    ended,
    kinds_for_tests,
    make_ledger,
)
from tests.support.logs import Logged


class Bench:
    """A database, a worker on it, and work that a test writes."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        self.kinds = kinds_for_tests()
        self.stop = threading.Event()
        self.at = NOW
        self.sessions = sessionmaker[Session](engine, expire_on_commit=False)
        self.settings = Settings.for_tests(folder)
        self.presence = Presence(folder / "workers")
        self.runner = self.another(self.presence)

    def another(self, presence: Presence) -> Runner:
        return Runner(
            self.sessions,
            self.kinds,
            self.settings,
            presence,
            stop=self.stop,
            pace=FAST,
            clock=lambda: self.at,
        )

    def ask(self, work: Work | str, **parameters: int) -> UUID:
        """Ask for a piece of work, a new kind or one by name."""
        name = work if isinstance(work, str) else f"kind-{len(self.kinds.names)}"
        if not isinstance(work, str):
            self.kinds.kind(name, label="A test")(work)
        with self.sessions() as session:
            return ask(session, name, 1, **parameters)[0]

    def job(self, job_id: UUID) -> Job:
        with Session(self.engine) as session:
            return jobs.get(session, job_id)

    def act(self, do: Callable[..., object], *arguments: object, **more: object) -> None:
        with self.sessions() as session, unit_of_work(session):
            do(session, *arguments, **more)

    def ended(self) -> list[int]:
        with self.engine.connect() as connection:
            return [total for _job, total in ended(connection)]

    def steal(self) -> None:
        """Take the running job away, as if its worker were lost."""
        with self.sessions() as session:
            [running] = job_claims.running(session)
            with unit_of_work(session):
                assert job_claims.take_up(session, running, now=self.at) == "waiting"

    @contextmanager
    def running(self) -> Iterator[threading.Thread]:
        """The worker at work in a thread; stopped at the end."""
        thread = threading.Thread(target=self.runner.run)
        thread.start()
        try:
            yield thread
        finally:
            self.stop.set()
            thread.join(10)
            assert not thread.is_alive(), "the worker did not stop"

    def wait_until(self, job_id: UUID, *wanted: str) -> Job:
        """Wait until a job is in one of these states."""
        for _ in range(1000):
            job = self.job(job_id)
            if job.state in wanted:
                return job
            time.sleep(0.01)
        raise AssertionError(f"the job is still {self.job(job_id).state}")


@pytest.fixture
def bench(migrated_database_url: str, tmp_path: Path) -> Iterator[Bench]:
    engine = make_engine(migrated_database_url)
    make_ledger(engine)
    yield Bench(engine, tmp_path)
    engine.dispose()


# Coming to an end


def test_work_is_done_and_its_result_stored(bench: Bench) -> None:
    job_id = bench.ask("parts", parts=3)
    assert bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.result, job.attempt) == ("done", {"total": 6}, 1)
    assert bench.ended() == [6]
    assert not bench.runner.run_next()


def test_work_without_a_last_step_is_done_too(bench: Bench) -> None:
    job_id = bench.ask(lambda context: None)
    bench.runner.run_next()
    assert (bench.job(job_id).state, bench.job(job_id).result) == ("done", None)


def test_a_last_step_that_fails_stores_nothing(bench: Bench) -> None:
    def work(context: Context) -> Step:
        def store(session: Session) -> None:
            session.execute(sa.insert(ENDED).values(job="x", total=1))
            raise KeyError("a resident's words")

        context.progress(9, 9, "storing")
        return store

    job_id = bench.ask(work)
    bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.fault, job.fault_detail) == ("failed", "error", "KeyError")
    assert (job.progress_done, job.progress_total, job.progress_stage) == (9, 9, "storing")
    assert jobs.percent(job) == 99
    assert bench.ended() == []


def test_a_result_that_cannot_be_kept_fails_the_job(bench: Bench) -> None:
    job_id = bench.ask(lambda context: lambda session: {"when": NOW})
    bench.runner.run_next()
    assert bench.job(job_id).state == "failed"


def test_an_exception_fails_the_job_and_tells_nobody_its_words(
    bench: Bench, logged: Logged
) -> None:
    def work(context: Context) -> None:
        raise ValueError("a resident's words")

    job_id = bench.ask(work)
    bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.fault, job.fault_detail) == ("failed", "error", "ValueError")
    after = bench.ask("once")
    [record] = [record for record in logged if record.getMessage() == "job failed"]
    assert record.facts["job"] == str(job_id)  # type: ignore[attr-defined]
    assert "resident" not in record.getMessage()
    bench.runner.run_next()
    assert bench.job(after).state == "done"


def test_work_can_say_itself_what_is_wrong(bench: Bench) -> None:
    def work(context: Context) -> None:
        context.progress(1, 2, "reading")
        try:
            raise InputError("no column 'x'")
        except InputError as error:
            raise WorkFailed("no_column", "3 columns") from error

    job_id = bench.ask(work)
    bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.fault, job.fault_detail) == ("failed", "no_column", "3 columns")
    assert jobs.percent(job) == 50


def test_a_failed_job_is_tried_again_and_done(bench: Bench) -> None:
    outcomes: list[Exception | None] = [ValueError(), None]

    def work(context: Context) -> None:
        outcome = outcomes.pop(0)
        if outcome is not None:
            raise outcome

    job_id = bench.ask(work)
    bench.runner.run_next()
    bench.act(jobs.retry, job_id, actor="a", now=NOW)
    bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.attempt, job.fault) == ("done", 2, None)


def test_ctrl_c_hands_the_job_back(bench: Bench) -> None:
    def work(context: Context) -> None:
        raise KeyboardInterrupt

    job_id = bench.ask(work)
    with pytest.raises(KeyboardInterrupt):
        bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.lost_count) == ("waiting", 0)


# Fencing


def test_who_has_lost_the_job_stores_nothing(bench: Bench) -> None:
    def work(context: Context) -> Step:
        if context.claim.attempt == 1:
            bench.steal()
        return add_once(context)

    job_id = bench.ask(work)
    bench.runner.run_next()
    assert bench.ended() == []
    assert bench.job(job_id).state == "waiting"
    bench.runner.run_next()
    assert bench.ended() == [1]
    job = bench.job(job_id)
    assert (job.state, job.attempt, job.lost_count) == ("done", 2, 1)


def test_who_has_lost_the_job_cannot_write_on_the_way(bench: Bench) -> None:
    reached = []

    def work(context: Context) -> None:
        if context.claim.attempt == 2:
            return
        bench.steal()
        with context.writing() as session:
            session.execute(sa.insert(LEDGER).values(job="x", attempt=1, value=1))
        reached.append("past the unit of work")

    bench.ask(work)
    bench.runner.run_next()
    with bench.engine.connect() as connection:
        assert connection.execute(sa.select(LEDGER)).all() == []
    assert reached == []


def test_who_has_lost_the_job_hears_it_while_working(bench: Bench) -> None:
    stopped: list[str] = []

    def work(context: Context) -> None:
        if context.claim.attempt == 2:
            return
        bench.steal()
        try:
            while True:
                context.check()
                time.sleep(0.005)
        except Interrupted as reason:
            stopped.append(type(reason).__name__)
            raise

    bench.ask(work)
    bench.runner.run_next()
    assert stopped == ["Lost"]


def test_a_failure_after_the_loss_is_nobodys(bench: Bench) -> None:
    def work(context: Context) -> None:
        bench.steal()
        raise ValueError

    job_id = bench.ask(work)
    bench.runner.run_next()
    assert (bench.job(job_id).state, bench.job(job_id).fault) == ("waiting", None)


# Cancelling


def test_running_work_is_cancelled(bench: Bench) -> None:
    job_id = bench.ask("waits")
    with bench.running():
        bench.wait_until(job_id, "running")
        bench.act(jobs.cancel, job_id, actor="a", now=NOW)
        job = bench.wait_until(job_id, "cancelled")
    assert (job.progress_done, job.progress_total, job.progress_stage) == (1, 4, "waiting")


def test_a_handler_of_exceptions_does_not_swallow_the_wish(bench: Bench) -> None:
    def work(context: Context) -> None:
        while True:
            try:
                context.check()
            except Exception:
                raise AssertionError("swallowed") from None
            time.sleep(0.005)

    job_id = bench.ask(work)
    with bench.running():
        bench.wait_until(job_id, "running")
        bench.act(jobs.cancel, job_id, actor="a", now=NOW)
        bench.wait_until(job_id, "cancelled")


def test_work_that_never_looks_stores_nothing_when_cancelled(bench: Bench) -> None:
    def work(context: Context) -> Step:
        bench.act(jobs.cancel, context.claim.job_id, actor="a", now=NOW)
        return add_once(context)

    job_id = bench.ask(work)
    bench.runner.run_next()
    assert bench.job(job_id).state == "cancelled"
    assert bench.ended() == []


def test_cancelling_after_the_end_undoes_nothing(bench: Bench) -> None:
    job_id = bench.ask("once")
    bench.runner.run_next()
    bench.act(jobs.cancel, job_id, actor="a", now=NOW)
    assert bench.job(job_id).state == "done"
    assert bench.ended() == [1]


# The heart


def test_the_heart_beats_and_tells_the_progress_while_the_work_is_silent(bench: Bench) -> None:
    go_on = threading.Event()

    def work(context: Context) -> None:
        context.progress(2, 8, "reading")
        go_on.wait(10)

    job_id = bench.ask(work)
    with bench.running():
        bench.wait_until(job_id, "running")
        beats = set()
        for _ in range(500):
            beats.add(bench.job(job_id).heartbeat_at)
            bench.at += timedelta(seconds=1)
            if len(beats) == 4:
                break
            time.sleep(0.01)
        job = bench.job(job_id)
        go_on.set()
        assert (job.progress_done, job.progress_total, job.progress_stage) == (2, 8, "reading")
        assert len(beats) == 4
        bench.wait_until(job_id, "done")


def test_more_done_than_there_is_counts_as_all(bench: Bench) -> None:
    def work(context: Context) -> None:
        context.progress(12, 10, "reading")
        assert (context.reached.done, context.reached.total) == (10, 10)
        context.progress(-1, 10)
        assert (context.reached.done, context.reached.total) == (0, 10)
        context.progress(5, -1)
        assert (context.reached.done, context.reached.total) == (0, 0)

    job_id = bench.ask(work)
    bench.runner.run_next()
    assert bench.job(job_id).state == "done"


def test_the_analysis_reports_into_the_job(bench: Bench) -> None:
    told: list[tuple[int, int, str]] = []

    def analyse(progress: AnalysisProgress, note: Callable[[], None]) -> None:
        with progress.stage("Reading", "answers") as report:
            for done in (2, 4):
                report(done, 4)
                note()
        with progress.stage("A stage that nobody weighed"):
            note()
        with progress.stage("Embedding", "statements") as report:
            report(0, 0)
            report(9, 6)
            note()
        note()

    def work(context: Context) -> None:
        def note() -> None:
            reached = context.reached
            told.append((reached.done, reached.total, reached.stage))

        analyse(Stages(context, {"Reading": 1, "Embedding": 3}), note)

    job_id = bench.ask(work)
    bench.runner.run_next()
    assert bench.job(job_id).state == "done"
    assert told == [
        (50, 400, "Reading"),
        (100, 400, "Reading"),
        (100, 400, "A stage that nobody weighed"),
        (400, 400, "Embedding"),
        (400, 400, "Embedding"),
    ]


def test_a_stage_of_the_analysis_can_be_cancelled(bench: Bench) -> None:
    def work(context: Context) -> None:
        with Stages(context, {"Embedding": 1}).stage("Embedding") as report:
            while True:
                report(1, 2)
                time.sleep(0.005)

    job_id = bench.ask(work)
    with bench.running():
        bench.wait_until(job_id, "running")
        bench.act(jobs.cancel, job_id, actor="a", now=NOW)
        assert jobs.percent(bench.wait_until(job_id, "cancelled")) == 50


# The end of a worker


def test_a_worker_that_is_told_to_end_hands_its_job_back(bench: Bench) -> None:
    job_id = bench.ask("waits")
    with bench.running():
        bench.wait_until(job_id, "running")
    job = bench.job(job_id)
    assert (job.state, job.attempt, job.lost_count) == ("waiting", 1, 0)


def test_jobs_of_a_worker_that_is_gone_are_taken_up_at_once(bench: Bench) -> None:
    with Presence(bench.settings.data_dir / "workers") as living:
        held = bench.ask("once")
        bench.act(job_claims.claim, living.name, kinds=["once"], now=NOW)
        bench.runner.take_up_lost()
        assert bench.job(held).state == "running", "its worker lives"
        dead = living.name
        assert living._descriptor is not None
    # A killed process leaves its file; only the lock is gone.
    token = dead.rsplit(":", 1)[1]
    (bench.settings.data_dir / "workers" / f"{token}.lock").touch()
    bench.runner.take_up_lost()
    assert (bench.job(held).state, bench.job(held).lost_count) == ("waiting", 1)
    bench.runner.take_up_lost()
    assert list((bench.settings.data_dir / "workers").iterdir()) == []


# The database gone


class Outage:
    """Makes every statement of a worker's threads fail, for as long as it lasts."""

    def __init__(self, engine: Engine) -> None:
        self.lasts = False
        self.met = threading.Event()

        @event.listens_for(engine, "before_cursor_execute")
        def fail(_connection, _cursor, statement, *_more) -> None:
            if self.lasts and threading.current_thread() is not threading.main_thread():
                self.met.set()
                raise OperationalError(statement, {}, Exception("gone"))


def test_work_that_meets_no_database_is_put_off_and_done_later(bench: Bench) -> None:
    outage = Outage(bench.engine)

    def work(context: Context) -> Step:
        if context.claim.attempt == 1:
            outage.lasts = True
            with context.writing():
                raise AssertionError("not reached")
        return add_once(context)

    job_id = bench.ask(work)
    with bench.running():
        assert outage.met.wait(10)
        time.sleep(0.2)
        outage.lasts = False
        job = bench.wait_until(job_id, "waiting")
        assert (job.put_off_count, job.not_before) == (1, NOW + timedelta(seconds=5))
        time.sleep(0.1)
        assert bench.job(job_id).state == "waiting"
        bench.at = NOW + timedelta(seconds=5)
        job = bench.wait_until(job_id, "done")
    assert (job.attempt, job.lost_count) == (2, 0)
    assert bench.ended() == [1]


def test_what_was_found_is_stored_once_the_database_is_back(bench: Bench) -> None:
    tries = []

    def work(context: Context) -> Step:
        store = add_once(context)

        def store_in_trouble(session: Session) -> None:
            tries.append(1)
            store(session)
            if len(tries) < 3:
                raise OperationalError("COMMIT", {}, Exception("gone"))

        return store_in_trouble

    job_id = bench.ask(work)
    bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.attempt) == ("done", 1), "the long part was not done again"
    assert len(tries) == 3
    assert bench.ended() == [1]


def test_the_database_may_be_gone_while_the_work_needs_none(bench: Bench) -> None:
    outage = Outage(bench.engine)

    def work(context: Context) -> Step:
        outage.lasts = True
        assert outage.met.wait(10), "the heart did not try to beat"
        context.progress(1, 2)
        outage.lasts = False
        return add_once(context)

    job_id = bench.ask(work)
    bench.runner.run_next()
    job = bench.job(job_id)
    assert (job.state, job.attempt, bench.ended()) == ("done", 1, [1])


def test_a_worker_outlives_a_database_that_is_gone(bench: Bench, logged: Logged) -> None:
    outage = Outage(bench.engine)
    job_id = bench.ask("once")
    outage.lasts = True
    with bench.running():
        assert outage.met.wait(10)
        time.sleep(0.2)
        outage.lasts = False
        bench.wait_until(job_id, "done")
    said = [record.getMessage() for record in logged]
    assert said.count("jobs wait: database out of reach") == 1


def test_a_worker_outlives_a_fault_of_its_own(
    bench: Bench, logged: Logged, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_up = bench.runner.take_up_lost
    faults = [RuntimeError()]

    def broken() -> None:
        if faults:
            raise faults.pop()
        take_up()

    monkeypatch.setattr(bench.runner, "take_up_lost", broken)
    job_id = bench.ask("once")
    with bench.running():
        bench.wait_until(job_id, "done")
    assert "worker failed" in [record.getMessage() for record in logged]


@pytest.mark.postgres
def test_postgresql_gone_during_a_job_and_back(
    postgres_server, migrated_postgres, tmp_path: Path
) -> None:
    name = postgres_server.create_database(template=migrated_postgres)
    engine = make_engine(postgres_server.url(name))
    make_ledger(engine)
    bench = Bench(engine, tmp_path)
    outside = create_engine(postgres_server.url("postgres"), isolation_level="AUTOCOMMIT")

    def allow(connections: bool) -> None:
        with outside.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {connections}'))
            if not connections:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"
                    ),
                    {"n": name},
                )

    def work(context: Context) -> Step:
        if context.claim.attempt == 1:
            with context.writing() as session:
                session.execute(sa.insert(LEDGER).values(job="x", attempt=1, value=1))
                allow(False)
                session.execute(sa.select(LEDGER))
        return add_once(context)

    job_id = bench.ask(work)
    with bench.running():
        time.sleep(0.5)
        allow(True)
        job = bench.wait_until(job_id, "waiting")
        assert job.put_off_count == 1
        bench.at = NOW + timedelta(seconds=5)
        job = bench.wait_until(job_id, "done")
    assert job.attempt == 2
    assert bench.ended() == [1]
    with engine.connect() as connection:
        assert connection.execute(sa.select(LEDGER)).all() == []
    outside.dispose()
    engine.dispose()
    postgres_server.drop_database(name)


# Clocks


def test_a_clock_that_jumps_takes_no_job_from_a_living_worker(bench: Bench) -> None:
    """Another worker, whose clock is a day ahead, looks on while this one works."""
    go_on = threading.Event()

    def work(context: Context) -> Step:
        go_on.wait(10)
        return add_once(context)

    job_id = bench.ask(work)
    with Presence(bench.settings.data_dir / "elsewhere") as elsewhere:
        other = bench.another(elsewhere)
        with bench.running():
            bench.wait_until(job_id, "running")
            for jump in (timedelta(days=1), timedelta(days=-2), timedelta(days=365)):
                bench.at += jump
                other.take_up_lost()
                assert bench.job(job_id).state == "running"
                time.sleep(0.05)
            go_on.set()
            job = bench.wait_until(job_id, "done")
    assert (job.attempt, job.lost_count) == (1, 0)


def test_the_runners_own_clock_is_aware() -> None:
    from consult.jobs.runner import utc_now

    assert abs(utc_now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_two_kinds_of_one_name_are_a_fault_of_the_program() -> None:
    kinds = Registry()
    kinds.kind("themes", label="Themes")(lambda context: None)
    with pytest.raises(ValueError, match="themes"):
        kinds.kind("themes", label="Themes again")
