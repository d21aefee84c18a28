"""The analysis's way of telling its progress, led into a job's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from analysis.progress import Report
from consult.jobs.context import Context

FINENESS = 100
"""Parts that a stage of weight one is told in."""


class Stages:
    """Progress of the analysis as one bar over all stages: an ``analysis.progress.Progress``.

    Parameters
    ----------
    context : Context
    weights : mapping of str to int
        How long each stage takes in proportion to the others, by the name that the analysis
        gives it; that name is the job's stage, too. One that is not named here moves nothing.
    """

    def __init__(self, context: Context, weights: Mapping[str, int]) -> None:
        self._context = context
        self._weights = weights
        self._total = sum(weights.values()) * FINENESS
        self._before = 0

    @contextmanager
    def stage(self, name: str, unit: str = "") -> Iterator[Report]:
        """Tell of one stage; the job can be stopped at every report."""
        share = self._weights.get(name, 0) * FINENESS

        def report(done: int, total: int) -> None:
            part = share * min(done, total) // total if total else 0
            self._context.progress(self._before + part, self._total, name)

        report(0, 0)
        yield report
        self._before += share
        self._context.progress(self._before, self._total, name)
