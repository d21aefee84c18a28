"""The work that happens beside the pages: today, housekeeping."""

import threading
from datetime import UTC, datetime

from flask import Flask

from consult.db import UNAVAILABLE, db, unit_of_work
from consult.logs import logger
from consult.services import housekeeping

ROUND_SECONDS = 15 * 60


def run_round(app: Flask) -> None:
    """One round of housekeeping. While the database is gone, the round is left out."""
    with app.app_context():
        try:
            with unit_of_work(db.session):
                done = housekeeping.run(db.session, now=datetime.now(UTC))
        except UNAVAILABLE as error:
            logger.error("housekeeping put off", extra={"facts": {"kind": type(error).__name__}})
            return
    facts = {
        "drafts_expired": done.drafts_expired,
        "contacts_filed": done.contacts_filed,
        "consultations_removed": list(done.consultations_removed),
    }
    logger.info("housekeeping", extra={"facts": facts})


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
