"""Runs jobs one after another, each of them to one end."""

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from sqlalchemy.orm import Session, sessionmaker

from consult.config import Settings
from consult.db import UNAVAILABLE, unit_of_work
from consult.jobs.context import Cancelled, Context, Lost, Stopping, WorkFailed
from consult.jobs.heart import Heart
from consult.jobs.pace import Pace
from consult.jobs.presence import Presence
from consult.jobs.registry import Kind, Registry, Step
from consult.jobs.watch import Watch
from consult.logs import logger
from consult.models.job import CANCELLED, DONE, FAILED
from consult.services import job_claims
from consult.services.job_claims import Claim, JobLost

ERROR = "error"
"""Fault of work that fell over something nobody thought of."""

LOST = "lost"
"""What a log says of an attempt whose job somebody else has now."""

FINISHES = 3
"""How often storing what was found is tried before the whole job is put off."""

Ending = Callable[[Session], str]
"""Writes how an attempt ended, and returns the state that the job is in now."""


def utc_now() -> datetime:
    """The time it is."""
    return datetime.now(UTC)


class Runner:
    """One worker's way through the queue.

    Parameters
    ----------
    sessions : sessionmaker
        On the database that holds the jobs.
    kinds : Registry
    settings : Settings
        For the work.
    presence : Presence
        Who the worker is.
    stop : threading.Event
        Tells the worker to end: the job at hand goes back into the queue.
    around : callable, optional
        Gives what each job runs in, as an application's context.
    """

    def __init__(
        self,
        sessions: sessionmaker[Session],
        kinds: Registry,
        settings: Settings,
        presence: Presence,
        *,
        stop: threading.Event,
        pace: Pace | None = None,
        clock: Callable[[], datetime] = utc_now,
        around: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        self._sessions = sessions
        self._kinds = kinds
        self._settings = settings
        self._presence = presence
        self._stop = stop
        self._pace = pace or Pace()
        self._clock = clock
        self._around = around
        self._watch = Watch(presence.is_gone, self._pace.lost_after_seconds)

    def run(self) -> None:
        """Take up what was lost and run what waits, until told to stop.

        Whatever goes wrong, the worker goes on: it may be another job's turn, and a database
        that is gone comes back.
        """
        watched_at: float | None = None
        reached = True
        while not self._stop.is_set():
            pause = self._pace.idle_seconds
            try:
                if watched_at is None or time.monotonic() - watched_at >= self._pace.watch_seconds:
                    watched_at = time.monotonic()
                    self.take_up_lost()
                if self.run_next():
                    pause = 0
                reached = True
            except UNAVAILABLE as error:
                if reached:
                    facts = {"kind": type(error).__name__}
                    logger.error("jobs wait: database out of reach", extra={"facts": facts})
                reached = False
                pause = self._pace.again_seconds
            except Exception as error:
                logger.error("worker failed", exc_info=error)
                pause = self._pace.again_seconds
            if pause:
                self._stop.wait(pause)

    def run_next(self) -> bool:
        """Run the next job that waits, if there is one, and say whether there was."""
        with self._sessions() as session:
            if not job_claims.is_anything_waiting(session, kinds=self._kinds.names):
                return False
            with unit_of_work(session):
                claim = job_claims.claim(
                    session, self._presence.name, kinds=self._kinds.names, now=self._clock()
                )
        kind = None if claim is None else self._kinds.get(claim.kind)
        if claim is None or kind is None:
            return False
        self._run(claim, kind)
        return True

    def take_up_lost(self) -> None:
        """Free the jobs whose worker is lost."""
        with self._sessions() as session:
            running = job_claims.running(session)
            for seen in self._watch.lost(running):
                with unit_of_work(session):
                    state = job_claims.take_up(session, seen, now=self._clock())
                if state is not None:
                    facts = {"job": str(seen.job_id), "attempt": seen.attempt, "state": state}
                    logger.warning("job taken up: its worker is lost", extra={"facts": facts})
        self._presence.tidy({job.worker for job in running})

    def _run(self, claim: Claim, kind: Kind) -> None:
        started = time.monotonic()
        context = Context(claim, self._sessions, self._settings, clock=self._clock, stop=self._stop)
        facts = {"job": str(claim.job_id), "kind": claim.kind, "attempt": claim.attempt}
        logger.info("job begun", extra={"facts": facts})
        try:
            with Heart(context, self._sessions, self._pace), self._around():
                ending = self._attempt(kind, context)
        except BaseException:  # Ctrl+C in the thread that works
            self._settle(lambda session: self._hand_back(session, claim))
            raise
        state = DONE if ending is None else self._settle(ending)
        seconds = round(time.monotonic() - started, 1)
        logger.info("job ended", extra={"facts": {**facts, "state": state, "seconds": seconds}})

    def _attempt(self, kind: Kind, context: Context) -> Ending | None:
        """Work, and store what came of it; else say how to end the attempt."""
        claim = context.claim
        try:
            self._finish(context, kind.work(context))
        except Cancelled:
            return lambda session: self._stop_cancelled(session, context)
        except Stopping:
            return lambda session: self._hand_back(session, claim)
        except (Lost, JobLost):
            return lambda session: LOST
        except WorkFailed as failed:
            fault, detail = failed.fault, failed.detail
        except UNAVAILABLE as error:
            detail = type(error).__name__
            self._log_fault("job put off: database out of reach", context, error)
            return lambda session: job_claims.put_off(session, claim, detail, now=self._clock())
        except Exception as error:
            fault, detail = ERROR, type(error).__name__
            self._log_fault("job failed", context, error)
        else:
            return None
        return lambda session: self._fail(session, context, fault, detail)

    def _finish(self, context: Context, step: Step | None) -> None:
        """Store what was found and mark the job done, both at once."""
        for tried in range(1, FINISHES + 1):
            try:
                with self._sessions() as session, unit_of_work(session):
                    context.hold(session)
                    result = None if step is None else step(session)
                    job_claims.finish(session, context.claim, result, now=self._clock())
            except UNAVAILABLE:
                if tried == FINISHES or self._stop.wait(self._pace.again_seconds):
                    raise
            else:
                return

    def _settle(self, ending: Ending) -> str:
        """Write how an attempt ended, as soon as the database can be reached.

        Where the worker is told to end meanwhile, the job stays as one of a worker that is
        gone, and the next one takes it up.
        """
        while True:
            try:
                with self._sessions() as session, unit_of_work(session):
                    return ending(session)
            except JobLost:
                return LOST
            except UNAVAILABLE:
                if self._stop.wait(self._pace.again_seconds):
                    return LOST

    def _stop_cancelled(self, session: Session, context: Context) -> str:
        job_claims.stop(session, context.claim, progress=context.reached, now=self._clock())
        return CANCELLED

    def _hand_back(self, session: Session, claim: Claim) -> str:
        return job_claims.hand_back(session, claim, now=self._clock())

    def _fail(self, session: Session, context: Context, fault: str, detail: str) -> str:
        job_claims.fail(
            session, context.claim, fault, detail, progress=context.reached, now=self._clock()
        )
        return FAILED

    def _log_fault(self, event: str, context: Context, error: Exception) -> None:
        claim = context.claim
        facts = {"job": str(claim.job_id), "kind": claim.kind, "attempt": claim.attempt}
        logger.error(event, exc_info=error, extra={"facts": facts})
