"""What a piece of work is given: what it is about, ways to the database, and the wish to stop."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from consult.config import Settings
from consult.db import unit_of_work
from consult.services import job_claims
from consult.services.job_claims import Claim, JobLost, Progress


class Interrupted(BaseException):
    """The work is to stop here. No ``Exception``, so that none of its handlers swallows it."""


class Cancelled(Interrupted):
    """Somebody wants the job to stop."""


class Lost(Interrupted):
    """Another worker has the job now; what is written would be refused."""


class Stopping(Interrupted):
    """The worker is told to end; the job goes back and starts afresh later."""


class WorkFailed(Exception):
    """The work cannot be done, for a reason that a person can be told.

    Parameters
    ----------
    fault : str
        A key of the kind's ``faults``, which say in words what is wrong and what to do.
    detail : str
        For whoever helps: names and figures that are safe to show, never what people wrote.
    """

    def __init__(self, fault: str, detail: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.detail = detail


class Context:
    """One attempt at a job, as its work sees it."""

    def __init__(
        self,
        claim: Claim,
        sessions: sessionmaker[Session],
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        stop: threading.Event,
    ) -> None:
        self.claim = claim
        self.settings = settings
        self.now = clock
        self.reached = Progress()
        """How far the work is, as it said last."""
        self.cancelled = threading.Event()
        self.lost = threading.Event()
        self._sessions = sessions
        self._stop = stop

    @property
    def parameters(self) -> Mapping[str, Any]:
        """What the job was asked to do."""
        return self.claim.parameters

    @property
    def subject(self) -> str:
        """The consultation that it is about, by its name in addresses; may be empty."""
        return self.claim.subject

    def check(self) -> None:
        """Stop here if there is a reason to. It costs next to nothing: call it often.

        Raises
        ------
        Interrupted
            If somebody cancelled the job, it was taken away, or the worker is told to end.
        """
        if self.lost.is_set():
            raise Lost
        if self.cancelled.is_set():
            raise Cancelled
        if self._stop.is_set():
            raise Stopping

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """Say how far the work is, and stop here if there is a reason to.

        Nothing is written here: the heart of the job takes it along when it beats. ``stage``
        is a key of the kind's ``stages``.

        Raises
        ------
        Interrupted
            As :meth:`check`.
        """
        total = max(0, total)
        self.reached = Progress(min(max(0, done), total), total, stage)
        self.check()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session to read with; what it changes is not kept."""
        with self._sessions() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A unit of work in the middle of the job, kept only if the job is still ours.

        The job may be taken up again after it and start from the beginning: write nothing
        here that must not be written twice, and clear at the start what an attempt before
        may have left. What must happen once belongs into the step that the work returns.

        Raises
        ------
        Interrupted
            As :meth:`check`.
        """
        self.check()
        with self._sessions() as session, unit_of_work(session):
            self.hold(session)
            yield session

    def hold(self, session: Session) -> None:
        """Make sure, until the unit of work ends, that the job is ours and still wanted.

        Raises
        ------
        Interrupted
            If it was taken away or cancelled.
        """
        try:
            wanted = not job_claims.hold(session, self.claim)
        except JobLost:
            self.lost.set()
            raise Lost from None
        if not wanted:
            self.cancelled.set()
            raise Cancelled
