"""The heart of a running job: beats, tells how far it is, and hears whether it shall stop."""

import threading
import time
from types import TracebackType
from typing import Self

from sqlalchemy.orm import Session, sessionmaker

from consult.db import UNAVAILABLE, unit_of_work
from consult.jobs.context import Context
from consult.jobs.pace import Pace
from consult.logs import logger
from consult.services import job_claims
from consult.services.job_claims import JobLost


class Heart:
    """Beats in a thread and on a connection of its own while the work goes on.

    So the work itself never waits for the database to say how far it is, and a database that
    is gone for a while stops no work that does not need it.
    """

    def __init__(self, context: Context, sessions: sessionmaker[Session], pace: Pace) -> None:
        self._context = context
        self._sessions = sessions
        self._pace = pace
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._live, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _live(self) -> None:
        told = self._context.reached
        beaten_at = time.monotonic()
        while not self._ended.wait(self._pace.look_seconds):
            reached = self._context.reached
            due = time.monotonic() - beaten_at >= self._pace.beat_seconds
            try:
                if due or reached != told:
                    self._beat(reached)
                    told, beaten_at = reached, time.monotonic()
                else:
                    self._look()
            except JobLost:
                self._context.lost.set()
                return
            except UNAVAILABLE:
                continue  # who takes the job for lost meanwhile needs the database, too
            except Exception as error:
                facts = {"job": str(self._context.claim.job_id)}
                logger.error("heartbeat failed", exc_info=error, extra={"facts": facts})

    def _beat(self, reached: job_claims.Progress) -> None:
        context = self._context
        with self._sessions() as session, unit_of_work(session):
            cancelled = job_claims.beat(session, context.claim, reached, now=context.now())
        self._hear(cancelled)

    def _look(self) -> None:
        with self._sessions() as session:
            self._hear(job_claims.look(session, self._context.claim))

    def _hear(self, cancelled: bool) -> None:
        if cancelled:
            self._context.cancelled.set()
