"""Telling which jobs have lost their worker, by what one sees oneself."""

import time
from collections.abc import Callable, Iterable

from consult.services.job_claims import Running


class Watch:
    """Remembers since when each heartbeat stands still.

    Times of heartbeats are only ever compared with themselves, and the waiting is measured on
    a clock that nobody sets: neither a clock that jumps nor one that is ahead on another
    machine makes a living worker look lost, or a lost one alive.
    """

    def __init__(
        self,
        is_gone: Callable[[str], bool],
        lost_after_seconds: float,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_gone = is_gone
        self._lost_after_seconds = lost_after_seconds
        self._clock = clock
        self._still_since: dict[Running, float] = {}

    def lost(self, running: Iterable[Running]) -> list[Running]:
        """Those whose worker is certainly gone, or whose heartbeat stood still for too long."""
        at = self._clock()
        self._still_since = {job: self._still_since.get(job, at) for job in running}
        return [
            job
            for job, since in self._still_since.items()
            if self._is_gone(job.worker) or at - since >= self._lost_after_seconds
        ]
