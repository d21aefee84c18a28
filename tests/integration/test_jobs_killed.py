"""Workers that race, are killed, or are told to end: every job ends once, and right."""

import random
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from consult.db import make_engine, unit_of_work
from consult.models import Job
from consult.services import jobs
from tests.support.consultations import NOW
from tests.support.databases import DIALECTS
from tests.support.jobs import (
    JEALOUS,
    LEDGER,
    ask,
    ended,
    kill,
    make_ledger,
    start_worker,
    states,
    workers,
)


@dataclass
class Queue:
    """A database of jobs that workers in other processes run."""

    url: str
    engine: Engine
    folder: Path

    def ask(self, kind: str, count: int, **parameters: float) -> list[str]:
        with Session(self.engine) as session:
            return [job_id.hex for job_id in ask(session, kind, count, **parameters)]

    def states(self) -> dict[str, int]:
        with self.engine.connect() as connection:
            return states(connection)

    def all_jobs(self) -> list[Job]:
        with Session(self.engine) as session:
            return list(session.scalars(sa.select(Job)))

    def retry(self, failed: list[Job]) -> None:
        with Session(self.engine) as session, unit_of_work(session):
            for job in failed:
                jobs.retry(session, job.id, actor="a", now=NOW)

    def attempts(self) -> int:
        with self.engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.sum(Job.attempt))) or 0

    def is_at_work_again(self, attempts: int) -> bool:
        """Whether another attempt at a job was begun since there were so many."""
        return self.attempts() > attempts

    def wait_until(self, met: Callable[[], bool], seconds: float = 240) -> None:
        until = time.monotonic() + seconds
        while not met():
            assert time.monotonic() < until, self.states()
            time.sleep(0.02)

    def wait_until_ended(self, seconds: float = 240) -> None:
        self.wait_until(lambda: not {"waiting", "running"} & set(self.states()), seconds)

    def ended(self) -> list[tuple[str, int]]:
        with self.engine.connect() as connection:
            return ended(connection)


@pytest.fixture
def queue(migrated_database_url: str, tmp_path: Path) -> Iterator[Queue]:
    engine = make_engine(migrated_database_url)
    make_ledger(engine)
    yield Queue(migrated_database_url, engine, tmp_path)
    engine.dispose()


def test_two_workers_run_each_of_200_jobs_once(queue: Queue) -> None:
    asked = queue.ask("once", 200)
    with workers(queue.url, queue.folder, 2):
        queue.wait_until_ended()
    assert queue.states() == {"done": 200}
    assert queue.ended() == [(job, 1) for job in sorted(asked)]
    assert {job.attempt for job in queue.all_jobs()} == {1}


PARTS = 4
RIGHT = 1 + 2 + 3 + 4


def run_and_kill(queue: Queue, kills: int) -> None:
    """Kill a worker again and again while jobs wait; let a last one do what is left.

    Every other kill comes when a job is at work, however slow the machine; the rest at random.

    A job that was at work at three of the kills counts as the reason for them. Somebody
    presses "Try again" then, as they would.
    """
    moments = random.Random(20261122)
    asked: list[str] = []
    for number in range(kills):
        asked += queue.ask("parts", 8 - queue.states().get("waiting", 0), parts=PARTS, pause=0.01)
        attempts = queue.attempts()
        worker = start_worker(queue.url, queue.folder)
        if number % 2:
            queue.wait_until(partial(queue.is_at_work_again, attempts))
            time.sleep(moments.uniform(0, 0.06))
        else:
            time.sleep(moments.uniform(0.02, 0.35))
        kill(worker)
    given_up = finish(queue)
    assert queue.states() == {"done": len(asked)}
    assert queue.ended() == [(job, RIGHT) for job in sorted(asked)]
    assert_every_part_once(queue, asked)
    met = sum(job.attempt - 1 for job in queue.all_jobs()) - given_up
    assert met >= kills // 4, "too few of the kills met a job at work to show anything"


def finish(queue: Queue) -> int:
    """Let a worker do what is left, try again what was given up, and say how many that were."""
    with workers(queue.url, queue.folder, 1):
        queue.wait_until_ended()
        given_up = [job for job in queue.all_jobs() if job.state == "failed"]
        assert {job.fault for job in given_up} <= {"stopped_worker"}
        assert len(queue.ended()) == queue.states()["done"]
        queue.retry(given_up)
        queue.wait_until_ended()
    return len(given_up)


def assert_every_part_once(queue: Queue, asked: list[str]) -> None:
    """What an attempt before had left was cleared by the one that went through."""
    with queue.engine.connect() as connection:
        rows = connection.execute(sa.select(LEDGER)).all()
    assert Counter((row.job, row.value) for row in rows) == Counter(
        (job, part) for job in asked for part in range(1, PARTS + 1)
    )
    attempts = {job.id.hex: job.attempt for job in queue.all_jobs()}
    assert all(row.attempt == attempts[row.job] for row in rows)


@pytest.mark.slow
@pytest.mark.parametrize("migrated_database_url", DIALECTS[:1], indirect=True)
def test_a_worker_killed_at_50_random_moments_ends_every_job_once_and_right(queue: Queue) -> None:
    run_and_kill(queue, kills=50)


@pytest.mark.parametrize("migrated_database_url", DIALECTS[1:], indirect=True)
def test_on_postgresql_too(queue: Queue) -> None:
    run_and_kill(queue, kills=8)


def test_workers_that_take_each_other_for_lost_end_every_job_once(queue: Queue) -> None:
    asked = queue.ask("parts", 40, parts=PARTS, pause=0.01)
    with workers(queue.url, queue.folder, 2, JEALOUS):
        queue.wait_until_ended()
    stolen = [job for job in queue.all_jobs() if job.lost_count]
    assert stolen, "nobody took anything from anybody"
    finish(queue)
    assert queue.states() == {"done": 40}
    assert queue.ended() == [(job, RIGHT) for job in sorted(asked)]
    assert_every_part_once(queue, asked)


def test_work_that_takes_every_worker_down_is_given_up(queue: Queue) -> None:
    [killer] = queue.ask("kills", 1)
    for _ in range(3):
        worker = start_worker(queue.url, queue.folder)
        worker.join(20)
        assert worker.exitcode == -signal.SIGKILL
    others = queue.ask("once", 3)
    with workers(queue.url, queue.folder, 1):
        queue.wait_until_ended()
    assert queue.states() == {"done": 3, "failed": 1}
    [failed] = [job for job in queue.all_jobs() if job.state == "failed"]
    assert (failed.id.hex, failed.fault, failed.attempt) == (killer, "stopped_worker", 3)
    assert queue.ended() == [(job, 1) for job in sorted(others)]


def test_a_worker_told_to_end_hands_its_job_back(queue: Queue) -> None:
    queue.ask("waits", 1)
    with workers(queue.url, queue.folder, 1) as [worker]:
        queue.wait_until(lambda: queue.states() == {"running": 1})
        worker.terminate()
        worker.join(15)
        assert worker.exitcode == 0
    [job] = queue.all_jobs()
    assert (job.state, job.attempt, job.lost_count) == ("waiting", 1, 0)
    assert list((queue.folder / "workers").iterdir()) == []
    with workers(queue.url, queue.folder, 1):
        queue.wait_until(lambda: queue.states() == {"running": 1})
        assert queue.all_jobs()[0].attempt == 2


def test_a_running_job_is_cancelled_from_outside(queue: Queue) -> None:
    queue.ask("waits", 1)
    with workers(queue.url, queue.folder, 1):
        queue.wait_until(lambda: queue.states() == {"running": 1})
        with Session(queue.engine) as session, unit_of_work(session):
            jobs.cancel(session, queue.all_jobs()[0].id, actor="a", now=NOW)
        queue.wait_until(lambda: queue.states() == {"cancelled": 1})
