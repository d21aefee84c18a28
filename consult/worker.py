"""The work that happens beside the pages: today, housekeeping."""

import threading
from datetime import UTC, datetime

from flask import Flask

from consult.db import UNAVAILABLE, db, forget_removed, unit_of_work
from consult.logs import logger
from consult.services import housekeeping

ROUND_SECONDS = 15 * 60


def run_round(app: Flask) -> None:
    """One round of housekeeping, each job by itself: one that fails stops no other.

    While the database is gone, jobs are put off to the next round.
    """
    with app.app_context():
        for name, job in housekeeping.JOBS.items():
            try:
                with unit_of_work(db.session):
                    done = job(db.session, now=datetime.now(UTC))
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


def run(app: Flask, stop: threading.Event) -> None:
    """Rounds of housekeeping until told to stop."""
    while not stop.is_set():
        run_round(app)
        stop.wait(ROUND_SECONDS)


def start_beside(app: Flask) -> threading.Event:
    """Start a worker in a thread of this process; the event returned stops it."""
    stop = threading.Event()
    threading.Thread(target=run, args=(app, stop), name="worker", daemon=True).start()
    return stop
