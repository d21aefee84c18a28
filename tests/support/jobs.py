"""Work for tests of jobs, and workers in processes of their own that can be killed.

Each kind of work here writes into two tables without any unique key, so that work done twice
shows: ``ledger`` takes what attempts write on the way, ``ended`` what a finishing step writes.
"""

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from consult import create_app, worker
from consult.config import Settings
from consult.db import unit_of_work
from consult.jobs.context import Context
from consult.jobs.pace import Pace
from consult.jobs.registry import Registry, Step
from consult.models import Job
from consult.services import jobs
from tests.support.consultations import NOW

FAST = Pace(
    idle_seconds=0.01,
    look_seconds=0.02,
    beat_seconds=0.05,
    watch_seconds=0.05,
    lost_after_seconds=5.0,
    again_seconds=0.05,
)
"""A worker that waits for nothing."""

JEALOUS = replace(FAST, watch_seconds=0, lost_after_seconds=0)
"""A worker that takes every other for lost, whenever it looks."""

_tables = sa.MetaData()
LEDGER = sa.Table(
    "ledger",
    _tables,
    sa.Column("job", sa.String(32)),
    sa.Column("attempt", sa.Integer),
    sa.Column("value", sa.Integer),
)
ENDED = sa.Table("ended", _tables, sa.Column("job", sa.String(32)), sa.Column("total", sa.Integer))


def make_ledger(engine: Engine) -> None:
    """Make the two tables, empty."""
    _tables.drop_all(engine)
    with engine.begin() as connection:
        _tables.create_all(connection)


def add_parts(context: Context) -> Step:
    """Write one row a part on the way, and their sum at the end; start over after a loss."""
    job = context.claim.job_id.hex
    parts = int(context.parameters["parts"])
    with context.writing() as session:
        session.execute(sa.delete(LEDGER).where(LEDGER.c.job == job))
    for part in range(1, parts + 1):
        context.progress(part - 1, parts, "adding")
        with context.writing() as session:
            session.execute(
                sa.insert(LEDGER).values(job=job, attempt=context.claim.attempt, value=part)
            )
        time.sleep(context.parameters.get("pause", 0))

    def store(session: Session) -> Mapping[str, Any]:
        total = session.scalar(sa.select(sa.func.sum(LEDGER.c.value)).where(LEDGER.c.job == job))
        session.execute(sa.insert(ENDED).values(job=job, total=total))
        return {"total": total}

    return store


def add_once(context: Context) -> Step:
    """The smallest work: one row at the end."""
    job = context.claim.job_id.hex

    def store(session: Session) -> None:
        session.execute(sa.insert(ENDED).values(job=job, total=1))

    return store


def wait_for_stop(context: Context) -> Step:
    """Go on until stopped, looking all the time."""
    while True:
        context.progress(1, 4, "waiting")
        time.sleep(0.005)


def end_the_process(context: Context) -> Step:
    """Take the whole worker down, as a fault in a library does."""
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("not reached")


def kinds_for_tests() -> Registry:
    """The kinds of work above."""
    kinds = Registry()
    kinds.kind("parts", label="Adding parts")(add_parts)
    kinds.kind("once", label="Adding once")(add_once)
    kinds.kind("waits", label="Waiting")(wait_for_stop)
    kinds.kind("kills", label="Taking the worker down")(end_the_process)
    return kinds


def ask(session: Session, kind: str, count: int = 1, **parameters: Any) -> list[UUID]:
    """Ask for some work, and commit."""
    with unit_of_work(session):
        return [
            jobs.enqueue(session, kind, requested_by="test", parameters=parameters, now=NOW).id
            for _ in range(count)
        ]


def states(connection: Connection) -> dict[str, int]:
    """How many jobs are in which state."""
    counted = sa.select(Job.state, sa.func.count()).group_by(Job.state)
    return {row.state: row[1] for row in connection.execute(counted)}


def ended(connection: Connection) -> list[tuple[str, int]]:
    """What finishing steps have written: job and total, in the order of jobs."""
    rows = connection.execute(sa.select(ENDED).order_by(ENDED.c.job))
    return [(row.job, row.total) for row in rows]


# Workers in processes of their own


def _be_a_worker(url: str, folder: str, pace: Pace, ready: Event) -> None:
    app = create_app(Settings.for_tests(Path(folder), url))
    ready.set()
    worker.run_alone(app, kinds=kinds_for_tests(), pace=pace)


_context: ForkServerContext = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def start_worker(url: str, folder: Path, pace: Pace = FAST) -> ForkServerProcess:
    """Start a worker as ``consult worker`` does, in a process of its own; it is ready."""
    ready = _context.Event()
    process = _context.Process(
        target=_be_a_worker, args=(url, str(folder), pace, ready), daemon=True
    )
    process.start()
    assert ready.wait(30), "the worker did not start"
    return process


def kill(process: ForkServerProcess) -> None:
    """End a process so that it can do nothing about it, and wait until it is gone."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join(10)
    assert process.exitcode == -signal.SIGKILL


@contextmanager
def workers(
    url: str, folder: Path, count: int, pace: Pace = FAST
) -> Iterator[list[ForkServerProcess]]:
    """Some workers, ended at the end."""
    started = [start_worker(url, folder, pace) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            if process.is_alive():
                kill(process)
