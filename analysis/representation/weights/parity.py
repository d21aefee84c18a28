"""What one group alone could change: at its share of the population, or if all of it answered.

The first is a sentence that can be read out in a meeting: a group's gap in shares times its
difference of opinion. The second needs no model at all: the best and the worst case.

References
----------
.. [1] Manski (1989). Anatomy of the Selection Problem. Journal of Human Resources 24(3).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.representation.weights.change import is_majority
from analysis.representation.weights.margins import UNKNOWN, Margin
from analysis.representation.weights.shares import Share, checked_answers
from analysis.statistics import Interval, newcombe

LEAST_TO_PUBLISH = 10
LEAST_FOR_OPINION = 30


class Voice(StrEnum):
    """How far a group's respondents tell what it thinks."""

    HEARD = "heard"
    FEW = "few"
    """Enough to publish their number, too few to report an opinion."""
    UNKNOWN = "unknown"
    """Too few even for that: we do not know what they think."""


@dataclass(frozen=True, slots=True)
class GroupAtParity:
    """A result with one group at its share of the population, the others as they are.

    Attributes
    ----------
    group : str
    voice : Voice
    share, population_share : float
        Of the group, among respondents and in the population, 0 to 1.
    support, others : Share or None
        Who chose the option in the group, and among all others. None unless the group is
        heard; ``others`` also when there are none.
    opinion_gap : Interval or None
        Newcombe's, of the group's share less the others'.
    difference : float or None
        By which the result would change.
    """

    group: str
    voice: Voice
    share: float
    population_share: float
    support: Share | None = None
    others: Share | None = None
    opinion_gap: Interval | None = None
    difference: float | None = None

    def values(self) -> dict[str, str | float]:
        """Return what a sentence about it needs; shares in per cent, the difference in points.

        Without an opinion to report, only the group and its two shares.
        """
        found: dict[str, str | float] = {
            "group": self.group,
            "share": 100 * self.share,
            "population_share": 100 * self.population_share,
        }
        if self.support is not None and self.others is not None and self.difference is not None:
            found |= {
                "support": 100 * (self.support.value or 0.0),
                "others": 100 * (self.others.value or 0.0),
                "difference": 100 * self.difference,
            }
        return found


def at_parity(
    group: str,
    *,
    n_group: int,
    chosen_by_group: int,
    n: int,
    chosen: int,
    population_share: float,
) -> GroupAtParity:
    """Return what would change with a group at its share of the population.

    Parameters
    ----------
    group : str
    n_group, chosen_by_group : int
        The group's respondents, and how many of them chose the option.
    n, chosen : int
        The same for everybody, the group included.
    population_share : float
        0 to 1.

    Raises
    ------
    ValueError
        If a part exceeds its whole, there is nobody, or the share is not from 0 to 1.

    Examples
    --------
    A fifth of 150 respondents and three tenths of the population; 9 of its 30 agree, and 69 of
    the other 120: (.3 - .2) x (.3 - .575).

    >>> found = at_parity(
    ...     "16 to 24", n_group=30, chosen_by_group=9, n=150, chosen=78, population_share=0.3)
    >>> round(found.difference, 6)
    -0.0275
    """
    rest, chosen_by_rest = n - n_group, chosen - chosen_by_group
    if not (0 <= chosen_by_group <= n_group and 0 <= chosen_by_rest <= rest and n > 0):
        raise ValueError("parts are from 0 up to their whole, and somebody answered")
    if not 0 <= population_share <= 1:
        raise ValueError("a share of the population is from 0 to 1")
    share = n_group / n
    if n_group < LEAST_FOR_OPINION:
        voice = Voice.FEW if n_group >= LEAST_TO_PUBLISH else Voice.UNKNOWN
        return GroupAtParity(group, voice, share, population_share)
    support = Share.of(chosen_by_group, n_group)
    if not rest:
        return GroupAtParity(group, Voice.HEARD, share, population_share, support)
    gap = chosen_by_group / n_group - chosen_by_rest / rest
    return GroupAtParity(
        group,
        Voice.HEARD,
        share,
        population_share,
        support,
        Share.of(chosen_by_rest, rest),
        newcombe(chosen_by_group, n_group, chosen_by_rest, rest),
        (population_share - share) * gap,
    )


def each_at_parity(
    margin: Margin, chosen: ArrayLike, answered: ArrayLike | None = None
) -> tuple[GroupAtParity, ...]:
    """Return :func:`at_parity` for each group of a dimension, in the order of its categories.

    Parameters
    ----------
    margin : Margin
        Who is unknown in it is left out.
    chosen : array-like of bool, shape (n,)
        Who chose the option.
    answered : array-like of bool, shape (n,), optional
        Everybody by default.

    Returns
    -------
    tuple of GroupAtParity
        Without groups that nobody in the population belongs to; empty if nobody answered.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    picked, base = checked_answers(np.asarray(chosen)[:, None], answered, margin.codes.size)
    known = base & (margin.codes != UNKNOWN)
    size = len(margin.categories)
    counts = np.bincount(margin.codes[known], minlength=size)
    agreeing = np.bincount(margin.codes[known & picked[:, 0]], minlength=size)
    if not counts.sum():
        return ()
    return tuple(
        at_parity(
            category,
            n_group=int(counts[at]),
            chosen_by_group=int(agreeing[at]),
            n=int(counts.sum()),
            chosen=int(agreeing.sum()),
            population_share=float(share),
        )
        for at, (category, share) in enumerate(zip(margin.categories, margin.shares, strict=True))
        if share > 0
    )


@dataclass(frozen=True, slots=True)
class StressTest:
    """A result if people who are missing had answered.

    Attributes
    ----------
    low, high : float
        The share if none of them chose the option, and if all did.
    majority : bool
        Whether more than half chose it so far.
    flip_share : float or None
        A majority stands unless fewer than this share of the missing choose the option; a
        minority unless more do. None when nothing they choose could turn it.
    """

    low: float
    high: float
    majority: bool
    flip_share: float | None


def stress_test(chosen: int, n: int, missing: int) -> StressTest:
    """Ask how far missing people could move a result.

    Parameters
    ----------
    chosen, n : int
        Who chose the option, of how many.
    missing : int
        People who did not answer, e.g. those a group lacks to its share of the population.

    Raises
    ------
    ValueError
        If more chose than there are, nobody answered, or fewer than none are missing.

    Examples
    --------
    >>> stress_test(52, 100, 25)
    StressTest(low=0.416, high=0.616, majority=True, flip_share=0.42)
    """
    if not (0 <= chosen <= n and n > 0 and missing >= 0):
        raise ValueError("who chose is from 0 up to n, n above 0, and missing from 0 on")
    everyone = n + missing
    majority = is_majority(chosen / n)
    flip = (everyone / 2 - chosen) / missing if missing else None
    if flip is not None and not (flip > 0 if majority else flip < 1):
        flip = None
    return StressTest(chosen / everyone, (chosen + missing) / everyone, majority, flip)
