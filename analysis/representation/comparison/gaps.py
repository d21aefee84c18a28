"""Which groups answered less, or more, than their share of the population.

A gap counts only when it is material: below 0.8 or above 1.25 times the population share
unless told otherwise. A test of the exact share would find "gaps" of no importance as soon as
enough people answer. So four states: clearly under, clearly over, shown to be in line, and
too few to tell, which is the right answer more often than one would like.

The tests take responses as independent of each other. They say whether a gap is more than
chance; they say nothing about opinions, for respondents chose themselves.

References
----------
.. [1] Wilson (1927). Probable inference, the law of succession, and statistical inference.
       Journal of the American Statistical Association 22, 209-212.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.representation.comparison.materiality import (
    MATERIALITY,
    SIGNIFICANCE,
    check_options,
    in_line_p_values,
    material_p_values,
    responses_needed,
)
from analysis.statistics import Interval, wilson_each

Floats = NDArray[np.float64]


class State(StrEnum):
    """How a group's share stands to its share of the population."""

    UNDER = "under"
    IN_LINE = "in_line"
    OVER = "over"
    TOO_FEW = "too_few"


class Untested(StrEnum):
    """Why a group has no test; its state is then too few to tell."""

    NO_RESPONSES = "no_responses"
    """Nobody answered the question."""
    NO_REFERENCE = "no_reference"
    """The population counts nobody in this group."""
    WHOLE_POPULATION = "whole_population"
    """The population knows no other group."""


@dataclass(frozen=True, slots=True)
class GroupGap:
    """One group beside its share of the population.

    Attributes
    ----------
    category : str
    respondents : int
        In this group.
    known : int
        The base of ``share``: respondents in any group that has a reference; with several
        answers a person, people who gave any.
    share, population_share : float or None
        From 0 to 1. None without a base, or without a reference.
    interval : Interval or None
        Wilson's [1]_, of ``share``.
    ratio : float or None
        ``share / population_share``.
    state : State
    untested : Untested or None
    p_under, p_over : float or None
        Of the hypotheses that the group's share of arrivals is at least materiality times its
        population share, and at most that share divided by materiality. One-sided.
    p_in_line : float or None
        The larger of the two p-values that it is material, either way.
    needed : int or None
        Fewest answers to the question with which none from this group would be a sign.
    """

    category: str
    respondents: int
    known: int
    share: float | None
    interval: Interval | None
    population_share: float | None
    ratio: float | None
    state: State
    untested: Untested | None
    p_under: float | None
    p_over: float | None
    p_in_line: float | None
    needed: int | None

    @property
    def direction(self) -> State:
        """Over when the ratio is above 1, else under."""
        return State.OVER if self.ratio is not None and self.ratio > 1 else State.UNDER

    @property
    def p_value(self) -> float | None:
        """The p-value on the side on which the group lies."""
        return self.p_over if self.direction is State.OVER else self.p_under

    @property
    def ratio_interval(self) -> Interval | None:
        """The interval of the share, as multiples of the population share."""
        if self.interval is None or not self.population_share:
            return None
        return Interval(
            self.interval.low / self.population_share, self.interval.high / self.population_share
        )


def group_gaps(
    counts: ArrayLike,
    population_counts: ArrayLike,
    *,
    categories: Sequence[str] | None = None,
    known: int | None = None,
    population: float | None = None,
    multiple: bool = False,
    materiality: float = MATERIALITY,
    significance: float = SIGNIFICANCE,
    confidence: float = 0.95,
    cluster_factor: float = 1.0,
) -> tuple[GroupGap, ...]:
    """Compare the groups of one dimension with the population.

    Parameters
    ----------
    counts : array-like of shape (n_groups,)
        Respondents by group, whole numbers. Who did not answer is in none.
    population_counts : array-like of shape (n_groups,)
        People by group in the same order. A group with none has no reference: its
        respondents are shown and are in no base.
    categories : sequence of str, optional
        Names of the groups, all different; else "0", "1" and so on.
    known, population : optional
        With ``multiple`` only, and then both: how many people answered the question and how
        many the population has. Groups overlap, so neither is the sum.
    multiple : bool, default False
        A person may be in several groups. Each is then held against all who are not in it.
    materiality : float, default 0.8
        Above 0, up to 1. A ratio below it, or above 1 divided by it, matters.
    significance : float, default 0.05
        Of each one-sided test; above 0 and below 0.5.
    confidence : float, default 0.95
        Of the intervals.
    cluster_factor : float, default 1
        People who answered for one reason together (a coach party, a batch of forms), on
        average: 1 is everybody for themselves. Counts are divided by it for tests and
        intervals, and who uses it says so.

    Returns
    -------
    tuple of GroupGap
        In the order given.

    Raises
    ------
    ValueError
        If shapes differ, a count is negative, not finite or (of respondents) not whole, or
        an option is out of its range.

    Examples
    --------
    The religion of 142 people who answered Birmingham in 2021, by the census of that year:

    >>> muslim, other = group_gaps([16, 126], [341_811, 803_106])
    >>> round(muslim.share, 3), round(muslim.population_share, 3), round(muslim.ratio, 2)
    (0.113, 0.299, 0.38)
    >>> str(muslim.state)
    'under'
    """
    observed, reference = _checked_counts(counts, population_counts)
    names = _checked_names(categories, observed.size)
    check_options(materiality, significance, cluster_factor)
    referred = reference > 0
    if multiple:
        base, total = _checked_bases(observed, reference, known, population)
    elif known is not None or population is not None:
        raise ValueError("`known` and `population` are sums unless `multiple` is set")
    else:
        base = int(observed[referred].sum())
        # An exact sum is the same in whatever order the groups come.
        total = math.fsum(reference)

    shares = reference / total if total else np.zeros_like(reference)
    shown = referred & (base > 0)
    tested = shown & (shares < 1)
    # Groups without a test go through the formulas as nobody of nobody, and come out as None.
    responses = np.where(shown, observed, 0.0) / cluster_factor
    inside = np.where(tested, shares, 0.5)
    low, high = wilson_each(responses, base / cluster_factor, confidence)
    p_under, p_over = material_p_values(responses, base / cluster_factor, inside, materiality)
    p_in_line = in_line_p_values(responses, base / cluster_factor, inside, materiality)

    gaps = []
    for at, name in enumerate(names):
        population_share = float(shares[at]) if referred[at] else None
        share = float(observed[at]) / base if shown[at] else None
        gap = GroupGap(
            category=name,
            respondents=int(observed[at]),
            known=base,
            share=share,
            interval=Interval(float(low[at]), float(high[at])) if shown[at] else None,
            population_share=population_share,
            ratio=share / population_share if share is not None and population_share else None,
            state=State.TOO_FEW,
            untested=_untested(base, population_share),
            p_under=None,
            p_over=None,
            p_in_line=None,
            needed=responses_needed(
                population_share,
                materiality=materiality,
                significance=significance,
                cluster_factor=cluster_factor,
            )
            if population_share is not None and population_share < 1
            else None,
        )
        if tested[at]:
            p_values = float(p_under[at]), float(p_over[at]), float(p_in_line[at])
            gap = replace(
                gap,
                state=_state(*p_values, significance),
                p_under=p_values[0],
                p_over=p_values[1],
                p_in_line=p_values[2],
            )
        gaps.append(gap)
    return tuple(gaps)


def _state(p_under: float, p_over: float, p_in_line: float, significance: float) -> State:
    # No two can hold: each pair of tests asks for opposite tails of one law or of two.
    if p_under <= significance:
        return State.UNDER
    if p_over <= significance:
        return State.OVER
    return State.IN_LINE if p_in_line <= significance else State.TOO_FEW


def _untested(base: int, population_share: float | None) -> Untested | None:
    if population_share is None:
        return Untested.NO_REFERENCE
    if population_share == 1:
        return Untested.WHOLE_POPULATION
    return None if base else Untested.NO_RESPONSES


def _checked_counts(counts: ArrayLike, population: ArrayLike) -> tuple[Floats, Floats]:
    observed, reference = np.asarray(counts, dtype=float), np.asarray(population, dtype=float)
    if observed.ndim != 1 or observed.shape != reference.shape:
        raise ValueError("respondents and population have one count for each group")
    for values in observed, reference:
        if not np.all(np.isfinite(values) & (values >= 0)):
            raise ValueError("counts are finite and not negative")
    if np.any(observed != np.floor(observed)):
        raise ValueError("respondents are whole people")
    return observed, reference


def _checked_names(categories: Sequence[str] | None, size: int) -> Sequence[str]:
    names = [str(at) for at in range(size)] if categories is None else categories
    if len(names) != size or len(set(names)) != size:
        raise ValueError("categories have one name each, all different")
    return names


def _checked_bases(
    observed: Floats, reference: Floats, known: int | None, population: float | None
) -> tuple[int, float]:
    if known is None or population is None:
        raise ValueError("with `multiple`, `known` and `population` are needed")
    if np.any(observed > known) or np.any(reference > population):
        raise ValueError("no group is larger than `known` or `population`")
    return known, population
