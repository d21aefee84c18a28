"""What can be said about crossed groups and areas: ratios, states and causes."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.representation.crossing.cross_reference import ReferenceKind
from analysis.representation.crossing.smoothing import LARGEST_ALPHA, likelihood_alpha, smooth
from analysis.statistics import Floats

LEAST_EXPECTED = 5.0
LIKELY = 0.95
WATCH = 0.8
ADDS_UP_BELOW = 0.5


class CellState(StrEnum):
    """What can be said about a crossed group."""

    LIKELY_UNDER = "likely_under"
    WATCH = "watch"
    NO_SIGN = "no_sign"
    TOO_FEW = "too_few"
    """Too few people are expected to tell; the steadied ratio is shown all the same."""


class Cause(StrEnum):
    """Why a group that is likely or perhaps under-represented is so."""

    WORSE_THAN_PARTS = "worse_than_parts"
    """Fewer than its parts imply, likely by a material factor."""
    ADDS_UP = "adds_up"
    """Its parts alone leave it under-represented, and nothing points to more than that."""
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class RoughInterval:
    """Bounds of a ratio that cover somewhat less often than their 90 % says.

    Examples
    --------
    >>> print(RoughInterval(0.31, 0.87))
    roughly 0.31 to 0.87
    """

    low: float
    high: float

    def __str__(self) -> str:
        return f"roughly {self.low:.2f} to {self.high:.2f}"


@dataclass(frozen=True, slots=True)
class CellGap:
    """One crossed group, or one area.

    Attributes
    ----------
    categories : tuple of str
    observed : int
        Respondents.
    expected : float
        Respondents if everyone took part alike.
    population_share : float
        0 to 1, above 0.
    ratio : float
        Observed over expected.
    smoothed : float
        The same, steadied.
    interval : RoughInterval
        Of the steadied ratio.
    parts : float
        The ratio that the single dimensions imply; of an area, that of its group of areas.
    p_under, p_worse : float
        Probability that the ratio is below the materiality, and that it is so beyond its parts.
    state : CellState
    cause : Cause or None
        None where nothing is to be explained, or nothing to explain it by.
    """

    categories: tuple[str, ...]
    observed: int
    expected: float
    population_share: float
    ratio: float
    smoothed: float
    interval: RoughInterval
    parts: float
    p_under: float
    p_worse: float
    state: CellState
    cause: Cause | None


@dataclass(frozen=True, slots=True)
class Crossing:
    """All groups that some dimensions define together.

    Attributes
    ----------
    dimensions : tuple of str
    kind : ReferenceKind
    n : int
        Respondents who are known in every dimension and counted in the reference.
    outside : int
        Respondents in groups that the reference does not have.
    alpha : float
        How alike groups and their parts were found to be; 16 at most.
    cells : tuple of CellGap
        In the order of the categories; empty without respondents. Groups that nobody in the
        population belongs to are left out.
    """

    dimensions: tuple[str, ...]
    kind: ReferenceKind
    n: int
    outside: int
    alpha: float
    cells: tuple[CellGap, ...]


def assess(
    names: Sequence[tuple[str, ...]],
    observed: NDArray[np.int64],
    shares: Floats,
    parts: Floats,
    *,
    materiality: float,
    explained: bool = True,
) -> tuple[float, tuple[CellGap, ...]]:
    """Steady the ratios of groups and say what they mean; return alpha and the groups.

    Parameters
    ----------
    names, observed, shares
        Per group: its categories, its respondents, its share of the population above zero.
    parts : ndarray of shape (1 + n_draws, n_groups)
        What the parts imply: the best guess, then draws.
    materiality : float
    explained : bool
        Whether there are parts that could explain a gap.
    """
    n = int(observed.sum())
    if not n:
        return LARGEST_ALPHA, ()
    expected = n * shares
    alpha = likelihood_alpha(observed, expected * parts[0])
    found = smooth(observed, expected, parts[1:], alpha, materiality=materiality)
    cells = []
    for at, name in enumerate(names):
        p_under, p_worse = float(found.p_under[at]), float(found.p_worse[at])
        state = _state(float(expected[at]), p_under)
        flagged = explained and state in (CellState.LIKELY_UNDER, CellState.WATCH)
        cells.append(
            CellGap(
                categories=name,
                observed=int(observed[at]),
                expected=float(expected[at]),
                population_share=float(shares[at]),
                ratio=float(observed[at] / expected[at]),
                smoothed=float(found.ratio[at]),
                interval=RoughInterval(float(found.low[at]), float(found.high[at])),
                parts=float(parts[0, at]),
                p_under=p_under,
                p_worse=p_worse,
                state=state,
                cause=_cause(float(parts[0, at]), p_worse, materiality) if flagged else None,
            )
        )
    return alpha, tuple(cells)


def draw_shares(
    name: str,
    categories: Sequence[str],
    counts: NDArray[np.int64],
    *,
    seed: int,
    draws: int,
) -> Floats:
    """Draw how a margin may divide, from the Dirichlet law of its counts and a half each.

    Returns
    -------
    ndarray of shape (1 + draws, n_categories)
        The mean, then draws. Drawn in the order of the names: a category has the same draws
        wherever it stands.
    """
    order = np.argsort(np.array(categories, dtype=np.str_), kind="stable")
    random = np.random.default_rng([seed, *name.encode()])
    shape = counts[order] + 0.5
    ordered = np.vstack([shape, random.standard_gamma(shape, (draws, shape.size))])
    drawn = np.empty_like(ordered)
    drawn[:, order] = ordered
    return np.asarray(drawn / drawn.sum(axis=1, keepdims=True))


def _state(expected: float, p_under: float) -> CellState:
    if expected < LEAST_EXPECTED:
        return CellState.TOO_FEW
    if p_under >= LIKELY:
        return CellState.LIKELY_UNDER
    return CellState.WATCH if p_under >= WATCH else CellState.NO_SIGN


def _cause(parts: float, p_worse: float, materiality: float) -> Cause:
    if p_worse >= LIKELY:
        return Cause.WORSE_THAN_PARTS
    if parts < materiality and p_worse < ADDS_UP_BELOW:
        return Cause.ADDS_UP
    return Cause.UNCLEAR
