"""The work that happens beside the pages: jobs as they come, and housekeeping in rounds."""

import atexit
import signal
import threading
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from consult.config import Settings
from consult.db import UNAVAILABLE, db, forget_removed, unit_of_work
from consult.jobs.housekeeping import do_one
from consult.jobs.kinds import KINDS
from consult.jobs.pace import Pace
from consult.jobs.presence import Presence
from consult.jobs.registry import Registry
from consult.jobs.runner import Runner
from consult.logs import logger
from consult.services import housekeeping

ROUND_SECONDS = 15 * 60

WORKERS_FOLDER = "workers"
"""In the data folder: a file for each worker that lives. Nothing in it is worth keeping."""

GOODBYE_SECONDS = 10
"""How long a process that ends waits for its worker to hand back what it is at."""


def run_round(app: Flask) -> None:
    """One round of housekeeping, each job by itself: one that fails stops no other.

    While the database is gone, jobs are put off to the next round.
    """
    with app.app_context():
        for name, job in housekeeping.JOBS.items():
            try:
                with unit_of_work(db.session):
                    done = do_one(job, db.session, now=datetime.now(UTC))
            except UNAVAILABLE as error:
                facts = {"job": name, "kind": type(error).__name__}
                logger.error("housekeeping put off", extra={"facts": facts})
            except Exception as error:
                logger.error("housekeeping failed", exc_info=error, extra={"facts": {"job": name}})
            else:
                logger.info("housekeeping", extra={"facts": {"job": name, "done": done}})
        try:
            forget_removed(db.session)
        except UNAVAILABLE as error:
            facts = {"job": "forget removed", "kind": type(error).__name__}
            logger.error("housekeeping put off", extra={"facts": facts})


def run(
    app: Flask, stop: threading.Event, *, kinds: Registry = KINDS, pace: Pace | None = None
) -> None:
    """Run jobs, and housekeeping beside them, until told to stop.

    The job at hand then goes back into the queue, and starts afresh with the next worker.
    """
    rounds = threading.Thread(target=_rounds, args=(app, stop), name="housekeeping", daemon=True)
    rounds.start()
    settings: Settings = app.config["CONSULT_SETTINGS"]
    with app.app_context():
        sessions = sessionmaker[Session](db.engine, expire_on_commit=False)
    with Presence(settings.data_dir / WORKERS_FOLDER) as presence:
        Runner(
            sessions, kinds, settings, presence, stop=stop, pace=pace, around=app.app_context
        ).run()
    rounds.join(GOODBYE_SECONDS)


def run_alone(app: Flask, *, kinds: Registry = KINDS, pace: Pace | None = None) -> None:
    """Be a worker and nothing else, until the process is told to end."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    run(app, stop, kinds=kinds, pace=pace)


def start_beside(app: Flask) -> threading.Event:
    """Start a worker in a thread of this process; the event returned stops it.

    A process that ends by itself lets the worker hand back what it is at.
    """
    stop = threading.Event()
    thread = threading.Thread(target=run, args=(app, stop), name="worker", daemon=True)
    thread.start()
    atexit.register(_say_goodbye, stop, thread)
    return stop


def _rounds(app: Flask, stop: threading.Event) -> None:
    while not stop.is_set():
        run_round(app)
        stop.wait(ROUND_SECONDS)


def _say_goodbye(stop: threading.Event, thread: threading.Thread) -> None:
    stop.set()
    thread.join(GOODBYE_SECONDS)
