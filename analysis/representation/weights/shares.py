"""Shares of people with their intervals; a weighted one always beside its unweighted one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.representation.weights.raking import effective_size
from analysis.representation.weights.weighting import Reason, Weighting, base_reasons
from analysis.statistics import Interval, wilson

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people with Wilson's interval.

    Attributes
    ----------
    value : float or None
        From 0 to 1; None when nobody is behind it.
    interval : Interval
        95 %.
    base : float
        People; of a weighted share, the effective sample size.
    """

    value: float | None
    interval: Interval
    base: float

    @classmethod
    def of(cls, count: float, base: float) -> "Share":
        """Return the share of a count, with its interval."""
        return cls(count / base if base else None, wilson(count, base), base)


@dataclass(frozen=True, slots=True)
class WeightedShare:
    """A weighted share, which never goes without its unweighted one.

    Attributes
    ----------
    unweighted : Share
    weighted : Share or None
        None when nothing was weighted. The interval takes the effective sample size for the
        number of people, which is a little cautious.
    reasons : tuple of Reason
        Why the unweighted one comes first; empty when the weighted one does.
    """

    unweighted: Share
    weighted: Share | None
    reasons: tuple[Reason, ...]

    @property
    def first(self) -> Share:
        """The one to put first."""
        return self.unweighted if self.reasons or self.weighted is None else self.weighted


def weighted_shares(
    chosen: ArrayLike, weighting: Weighting, *, answered: ArrayLike | None = None
) -> tuple[WeightedShare, ...]:
    """Return the share of each option, weighted and not.

    Parameters
    ----------
    chosen : array-like of bool, shape (n, n_options)
        Who chose what.
    weighting : Weighting
        Of the same respondents.
    answered : array-like of bool, shape (n,), optional
        Who answered the question; everybody by default. The rules on sample size are applied
        to them again.

    Raises
    ------
    ValueError
        If shapes do not fit.

    Examples
    --------
    >>> from analysis.representation.weights.margins import Margin
    >>> from analysis.representation.weights.weighting import weigh
    >>> codes = [0] * 150 + [1] * 250
    >>> weighting = weigh([Margin("age", ["young", "old"], [50, 50], codes)])
    >>> (figure,) = weighted_shares([[True]] * 150 + [[False]] * 250, weighting)
    >>> figure.unweighted.value, round(figure.weighted.value, 6)
    (0.375, 0.5)
    """
    picked, base = checked_answers(chosen, answered, weighting.n)
    picked = picked & base[:, None]
    n = float(base.sum())
    unweighted = [Share.of(float(count), n) for count in picked.sum(axis=0)]
    cells, weights = weighting.cells, weighting.cell_weights
    if cells is None:
        return tuple(WeightedShare(share, None, weighting.reasons) for share in unweighted)
    people = cells.count(base)
    effective, total = effective_size(weights, people), float(np.sum(weights * people))
    reasons = base_reasons(weighting, n, effective)
    weighted = [
        Share.of(
            effective * float(np.sum(weights * cells.count(column))) / (total or 1.0), effective
        )
        for column in picked.T
    ]
    return tuple(
        WeightedShare(plain, share, reasons)
        for plain, share in zip(unweighted, weighted, strict=True)
    )


def checked_answers(chosen: ArrayLike, answered: ArrayLike | None, n: int) -> tuple[Bools, Bools]:
    """Return who chose what and who answered as arrays of the right shape.

    Raises
    ------
    ValueError
        If shapes do not fit.
    """
    picked = np.asarray(chosen, dtype=np.bool_)
    base = np.ones(n, dtype=np.bool_) if answered is None else np.asarray(answered, dtype=np.bool_)
    if picked.ndim != 2 or picked.shape[0] != n or base.shape != (n,):
        raise ValueError("a row of options, and who answered, for each respondent")
    return picked, base
