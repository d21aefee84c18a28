"""Which themes each group raises more than others do, weighted beside unweighted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.representation.weights.change import Question
from analysis.representation.weights.margins import UNKNOWN, Margin
from analysis.representation.weights.shares import Share, WeightedShare
from analysis.representation.weights.weighting import Weighting, base_reasons
from analysis.statistics import (
    Floats,
    Interval,
    benjamini_hochberg,
    fisher_exact_each,
    newcombe_each,
)

LEAST_BASE = 10
FALSE_DISCOVERIES = 0.05


class Raised(StrEnum):
    """How often a group raises a theme, beside all others."""

    MORE = "more"
    LESS = "less"
    NO_SIGN = "no_sign"


@dataclass(frozen=True, slots=True)
class GroupTheme:
    """One theme in one group.

    Attributes
    ----------
    dimension, group, theme : str
    in_group, others : WeightedShare
        Respondents who raise it, in the group and among all others who are known.
    difference : float
        The group's share less the others': weighted, or unweighted when nothing was weighted.
    interval : Interval
        Newcombe's 95 %, with effective sample sizes for numbers of people.
    p_value, q_value : float
        Fisher's, of the counts that the effective sample sizes amount to, rounded; and
        adjusted over all that is shown together.
    state : Raised
        More or less when the interval leaves out 0 and the q-value is .05 or less.
    """

    dimension: str
    group: str
    theme: str
    in_group: WeightedShare
    others: WeightedShare
    difference: float
    interval: Interval
    p_value: float
    q_value: float
    state: Raised


@dataclass(frozen=True, slots=True)
class ThemeGrid:
    """All themes in all groups.

    Attributes
    ----------
    rows : tuple of GroupTheme
        By dimension, group and theme, in the order given.
    hidden : tuple of (dimension, group)
        Groups with fewer than ten respondents, or fewer than ten others.
    """

    rows: tuple[GroupTheme, ...]
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Side:
    """A group or its others: people and those who raise each theme, plain and in effect."""

    n: float
    counts: Floats
    effective_n: float
    effective_counts: Floats


def raised_by_group(themes: Question, margins: Sequence[Margin], weighting: Weighting) -> ThemeGrid:
    """Compare how often each group and all others raise each theme.

    Without weighting the figures are those of the plain counts.

    Parameters
    ----------
    themes : Question
        With a theme for each option; answered by those who wrote anything.
    margins : sequence of Margin
        All of their groups and all themes are one family for the q-values.
    weighting : Weighting
        Of the same respondents.

    Raises
    ------
    ValueError
        If they are not of the same respondents.
    """
    if any(m.codes.size != weighting.n for m in margins) or themes.answered.size != weighting.n:
        raise ValueError("themes, margins and weights are of the same respondents")
    # Added up from the smallest weight, sums do not depend on the order of respondents.
    order = np.argsort(weighting.weights, kind="stable")
    shown: list[tuple[str, str, _Side, _Side]] = []
    hidden: list[tuple[str, str]] = []
    for margin in margins:
        for group, inside, outside in _sides(themes, margin, weighting.weights, order):
            if min(inside.n, outside.n) < LEAST_BASE:
                hidden.append((margin.name, group))
            else:
                shown.append((margin.name, group, inside, outside))
    return ThemeGrid(_rows(shown, themes.options, weighting), tuple(hidden))


def _sides(
    themes: Question, margin: Margin, weights: Floats, order: NDArray[np.int64]
) -> Iterator[tuple[str, _Side, _Side]]:
    known = order[(themes.answered & (margin.codes != UNKNOWN))[order]]
    codes, weight = margin.codes[known], weights[known]
    size = len(margin.categories)
    raised = themes.chosen[known]

    def sums(values: Floats | None = None, theme: int | None = None) -> Floats:
        some = slice(None) if theme is None else raised[:, theme]
        of = None if values is None else values[some]
        return np.bincount(codes[some], of, size).astype(np.float64)

    n, total, squares = sums(), sums(weight), sums(weight * weight)
    options = range(len(themes.options))
    counts = np.array([sums(theme=option) for option in options]).reshape(-1, size)
    masses = np.array([sums(weight, option) for option in options]).reshape(-1, size)
    for at, (group, share) in enumerate(zip(margin.categories, margin.shares, strict=True)):
        if share > 0:
            others = np.arange(size) != at
            yield (
                group,
                _side(n[at], counts[:, at], total[at], squares[at], masses[:, at]),
                _side(
                    n[others].sum(),
                    counts[:, others].sum(axis=1),
                    total[others].sum(),
                    squares[others].sum(),
                    masses[:, others].sum(axis=1),
                ),
            )


def _side(n: float, counts: Floats, total: float, squares: float, masses: Floats) -> _Side:
    effective = total * total / squares if squares else 0.0
    return _Side(float(n), counts, float(effective), effective * masses / (total or 1.0))


def _rows(
    shown: Sequence[tuple[str, str, _Side, _Side]], options: Sequence[str], weighting: Weighting
) -> tuple[GroupTheme, ...]:
    if not shown or not options:
        return ()
    inside, outside = [row[2] for row in shown], [row[3] for row in shown]
    x_1, n_1 = _columns(inside)
    x_2, n_2 = _columns(outside)
    low, high = newcombe_each(x_1, n_1, x_2, n_2)
    a, c = np.rint(x_1), np.rint(x_2)
    p_values = fisher_exact_each(a, np.rint(n_1) - a, c, np.rint(n_2) - c)
    q_values = benjamini_hochberg(p_values)
    differences = x_1 / n_1 - x_2 / n_2
    rows = []
    for at, (dimension, group, side, rest) in enumerate(shown):
        for option, theme in enumerate(options):
            here = (at, option)
            rows.append(
                GroupTheme(
                    dimension=dimension,
                    group=group,
                    theme=theme,
                    in_group=_figure(side, option, weighting),
                    others=_figure(rest, option, weighting),
                    difference=float(differences[here]),
                    interval=Interval(float(low[here]), float(high[here])),
                    p_value=float(p_values[here]),
                    q_value=float(q_values[here]),
                    state=_state(low[here], high[here], q_values[here]),
                )
            )
    return tuple(rows)


def _columns(sides: Sequence[_Side]) -> tuple[Floats, Floats]:
    counts = np.array([side.effective_counts for side in sides])
    return counts, np.array([side.effective_n for side in sides])[:, None] + np.zeros_like(counts)


def _figure(side: _Side, option: int, weighting: Weighting) -> WeightedShare:
    plain = Share.of(float(side.counts[option]), side.n)
    if not weighting.applied:
        return WeightedShare(plain, None, weighting.reasons)
    weighted = Share.of(float(side.effective_counts[option]), side.effective_n)
    return WeightedShare(plain, weighted, base_reasons(weighting, side.n, side.effective_n))


def _state(low: float, high: float, q_value: float) -> Raised:
    if q_value > FALSE_DISCOVERIES or low <= 0 <= high:
        return Raised.NO_SIGN
    return Raised.MORE if low > 0 else Raised.LESS
