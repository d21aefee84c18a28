"""Weighted figures beside the unweighted ones, and when not to put them first.

Weighting corrects the make-up of respondents by the dimensions that were asked about, and
nothing else: weighted results are never "what residents think". The steps are declared before
anyone answers: which dimensions, in which order categories are joined
(:mod:`~analysis.representation.weights.collapsing`), where weights are cut
(:mod:`~analysis.representation.weights.trimming`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from analysis.representation.weights.collapsing import Collapsed, DropReason, Merge, collapse
from analysis.representation.weights.margins import Cells, Margin
from analysis.representation.weights.raking import effective_size, rake, residuals
from analysis.representation.weights.trimming import CAP, Trimming, trim_to_margins
from analysis.statistics import Floats

MOST_MARGINS = 4
LEAST_EFFECTIVE = 100
MOST_DESIGN_EFFECT = 2.5
LARGEST_WEIGHT = 5.0
MOST_MISSING = 0.2
MOST_RESIDUAL = 0.01
"""Share by which a category may miss its target after trimming."""

# Weights that were cut at five are five, give or take rounding.
_SLACK = 1e-6


class ReasonKind(StrEnum):
    """Why weighted figures do not come first, or why there are none."""

    NO_RESPONSES = "no_responses"
    NO_MARGIN = "no_margin"
    """No dimension is fit to weight by."""
    INFEASIBLE = "infeasible"
    """No weights meet all margins, because some combinations have no respondent."""
    EFFECTIVE_SIZE = "effective_size"
    DESIGN_EFFECT = "design_effect"
    LARGEST_WEIGHT = "largest_weight"
    MISSING = "missing"
    MARGINS_NOT_MET = "margins_not_met"
    """Cutting the largest weights left a margin too far from its target."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with the figure and the limit that it broke.

    Attributes
    ----------
    kind : ReasonKind
    value, limit : float
        Both 0 where the kind has no figure.
    margin : str
        The dimension it is about, or empty.
    """

    kind: ReasonKind
    value: float = 0.0
    limit: float = 0.0
    margin: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """Weights of respondents, and how far to trust them.

    Attributes
    ----------
    n : int
        Respondents.
    cells : Cells or None
        What was weighted by; None when nothing could be.
    cell_weights : ndarray of shape (n_cells,)
        Of mean one over people; empty when nothing was weighted.
    margins : tuple of Collapsed
        What became of each dimension, in the order given.
    residuals : mapping of str to float
        Per margin, how far the largest miss is from its target share at the end.
    trimmed : Trimming or None
        What cutting did; None when no cap was asked for or nothing was weighted.
    n_effective, design_effect, largest : float
        Kish's effective sample size, ``n`` over it, and the largest weight.
    reasons : tuple of Reason
        Empty when weighted figures may come first.
    """

    n: int
    cells: Cells | None
    cell_weights: Floats
    margins: tuple[Collapsed, ...]
    residuals: Mapping[str, float]
    trimmed: Trimming | None
    n_effective: float
    design_effect: float
    largest: float
    reasons: tuple[Reason, ...]

    @property
    def headline(self) -> bool:
        """Whether weighted figures may come first."""
        return not self.reasons

    @property
    def applied(self) -> bool:
        """Whether anything was weighted."""
        return self.cells is not None

    @property
    def weights(self) -> Floats:
        """Each respondent's, of shape (n,); all one when nothing was weighted."""
        return np.ones(self.n) if self.cells is None else self.cell_weights[self.cells.cell_of]


def weigh(
    margins: Sequence[Margin],
    *,
    order: Mapping[str, Sequence[Merge]] = MappingProxyType({}),
    cap: float | None = CAP,
    respondents: int = 0,
) -> Weighting:
    """Weight respondents to the population, or say why not.

    Parameters
    ----------
    margins : sequence of Margin
        The most important first: of those that are fit, the first four are used.
    order : mapping of str to sequence of Merge
        Per dimension, the declared order of joining small categories.
    cap : float or None
        Multiple of the mean weight at which weights are cut; None cuts none.
    respondents : int
        How many there are, for when no dimension was asked about at all.

    Raises
    ------
    InputError
        If a declared order makes no sense.
    ValueError
        If margins are not of the same respondents, a name occurs twice, or the cap is not
        above one.

    Examples
    --------
    >>> codes = [0] * 150 + [1] * 250
    >>> found = weigh([Margin("age", ["young", "old"], [50, 50], codes)])
    >>> found.weights[[0, 399]].round(6).tolist(), round(found.design_effect, 4), found.headline
    ([1.333333, 0.8], 1.0667, True)
    """
    reports = tuple(_limited([collapse(m, order.get(m.name, ())) for m in margins]))
    n = margins[0].codes.size if margins else respondents
    usable = [report.margin for report in reports if report.margin is not None]
    if not n:
        return _unweighted(n, reports, ReasonKind.NO_RESPONSES)
    if not usable:
        return _unweighted(n, reports, ReasonKind.NO_MARGIN)
    cells = Cells.of(usable)
    raking = rake(cells)
    if not raking.converged:
        return _unweighted(n, reports, ReasonKind.INFEASIBLE, raking.residuals)
    weights = raking.weights
    trimmed = None
    if cap is not None:
        trimmed = trim_to_margins(cells, weights, cap=cap)
        weights = trimmed.weights
    effective = effective_size(weights, cells.counts)
    largest = float(weights.max())
    left = residuals(cells, weights)
    reasons = (
        *_size_reasons(cells.n, effective),
        *_weight_reasons(largest, left),
        *(
            Reason(ReasonKind.MISSING, margin.missing, MOST_MISSING, margin.name)
            for margin in cells.margins
            if margin.missing > MOST_MISSING
        ),
    )
    return Weighting(
        n, cells, weights, reports, left, trimmed,
        effective, cells.n / effective, largest, reasons,
    )  # fmt: skip


def _limited(reports: Sequence[Collapsed]) -> Iterator[Collapsed]:
    """Drop what stands behind as many fit dimensions as are allowed."""
    used = 0
    for report in reports:
        if report.margin is not None and used == MOST_MARGINS:
            yield Collapsed(report.name, None, report.merged, DropReason.BEYOND_LIMIT)
        else:
            used += report.margin is not None
            yield report


def _unweighted(
    n: int,
    reports: tuple[Collapsed, ...],
    kind: ReasonKind,
    left: Mapping[str, float] = MappingProxyType({}),
) -> Weighting:
    return Weighting(
        n, None, np.ones(0), reports, left, None, float(n), 1.0, 1.0,
        (Reason(kind, max(left.values(), default=0.0)),),
    )  # fmt: skip


def base_reasons(weighting: Weighting, n: float, effective: float) -> tuple[Reason, ...]:
    """Return why figures of some of the respondents do not come first.

    Parameters
    ----------
    weighting : Weighting
        Its reasons hold, but for those on sample size.
    n, effective : float
        People behind the figures, and their effective sample size.
    """
    own = (ReasonKind.EFFECTIVE_SIZE, ReasonKind.DESIGN_EFFECT)
    others = (reason for reason in weighting.reasons if reason.kind not in own)
    return (*_size_reasons(n, effective), *others)


def _size_reasons(n: float, effective: float) -> Iterator[Reason]:
    if effective < LEAST_EFFECTIVE:
        yield Reason(ReasonKind.EFFECTIVE_SIZE, effective, LEAST_EFFECTIVE)
    if effective and n / effective > MOST_DESIGN_EFFECT:
        yield Reason(ReasonKind.DESIGN_EFFECT, n / effective, MOST_DESIGN_EFFECT)


def _weight_reasons(largest: float, left: Mapping[str, float]) -> Iterator[Reason]:
    if largest > LARGEST_WEIGHT * (1 + _SLACK):
        yield Reason(ReasonKind.LARGEST_WEIGHT, largest, LARGEST_WEIGHT)
    for name, residual in left.items():
        if residual > MOST_RESIDUAL:
            yield Reason(ReasonKind.MARGINS_NOT_MET, residual, MOST_RESIDUAL, name)
