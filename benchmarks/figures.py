"""Summaries of measured times."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that at least ``percent`` of all values do not exceed.

    Parameters
    ----------
    values : sequence of float
        In any order; at least one.
    percent : float
        Above 0, up to 100.

    Returns
    -------
    float
        One of the values (nearest rank, no interpolation).

    Raises
    ------
    ValueError
        If there are no values, or ``percent`` is out of range.
    """
    if not values:
        raise ValueError("no values")
    if not 0 < percent <= 100:
        raise ValueError(f"{percent} is not above 0 and up to 100")
    return sorted(values)[math.ceil(percent / 100 * len(values)) - 1]


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in milliseconds."""

    count: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    longest_ms: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Self:
        """Summarise times in seconds; at least one."""
        p50, p95, p99, longest = (
            round(1000 * percentile(seconds, percent), 2) for percent in (50, 95, 99, 100)
        )
        return cls(len(seconds), p50, p95, p99, longest)
