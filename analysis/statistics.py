"""Intervals and tests for counts: the few that themes and representation both need.

Each comes for one count and, where a whole table is worked at once, for arrays (``_each``).
A count and its base may be fractions: a weighted share enters as share times effective
sample size.

References
----------
.. [1] Brown, Cai and DasGupta (2001). Interval Estimation for a Binomial Proportion.
       Statistical Science 16(2), 101-133.
.. [2] Newcombe (1998). Interval estimation for the difference between independent
       proportions: comparison of eleven methods. Statistics in Medicine 17, 873-890.
.. [3] Benjamini and Hochberg (1995). Controlling the False Discovery Rate. Journal of the
       Royal Statistical Society B 57(1), 289-300.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special
from scipy.stats import false_discovery_control, hypergeom

Floats = NDArray[np.float64]
_Ints = NDArray[np.int64]

# Two tables are as likely as each other when their probabilities differ by no more than
# rounding does; R's fisher.test uses the same.
_TIE = 1 + 1e-7

_MOST_TABLES = 50_000
_known_tables: dict[tuple[int, ...], float] = {}


@dataclass(frozen=True, slots=True)
class Interval:
    """Two bounds of a share (0 to 1) or of a difference of shares (-1 to 1)."""

    low: float
    high: float


def wilson(count: float, n: float, confidence: float = 0.95) -> Interval:
    """Return Wilson's score interval of a share.

    Parameters
    ----------
    count : float
        From 0 to ``n``.
    n : float
        People asked, or an effective sample size. With none the share may be anything.
    confidence : float
        Above 0 and below 1.

    Raises
    ------
    ValueError
        If a value lies outside its range.

    Examples
    --------
    >>> wilson(3, 50)  # doctest: +ELLIPSIS
    Interval(low=0.02061..., high=0.16217...)
    """
    low, high = wilson_each(count, n, confidence)
    return Interval(float(low), float(high))


def wilson_each(counts: ArrayLike, n: ArrayLike, confidence: float = 0.95) -> tuple[Floats, Floats]:
    """Return the lower and upper bounds of :func:`wilson` for arrays, by broadcasting.

    Raises
    ------
    ValueError
        If a value lies outside its range.
    """
    counts, n = _checked(counts, n)
    z = z_score(confidence)
    base = np.where(n > 0, n, 1.0)
    share = counts / base
    middle = (share + z * z / (2 * base)) / (1 + z * z / base)
    spread = share * (1 - share) / base + z * z / (4 * base * base)
    half = z * np.sqrt(spread) / (1 + z * z / base)
    # The bound is exactly 0 or 1 there; arithmetic would leave 1e-18.
    low = np.where(counts == 0, 0.0, np.clip(middle - half, 0.0, 1.0))
    high = np.where(counts == n, 1.0, np.clip(middle + half, 0.0, 1.0))
    return low, high


def clopper_pearson(count: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the exact interval of a share: at least the stated coverage, often more.

    Parameters and errors are those of :func:`wilson`.

    Examples
    --------
    >>> clopper_pearson(0, 20)  # doctest: +ELLIPSIS
    Interval(low=0.0, high=0.168433...)
    """
    return _beta_interval(count, n, confidence, inner=0.0, outer=1.0)


def jeffreys(count: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the equal-tailed interval under Jeffreys' prior, beta(1/2, 1/2).

    As usual [1]_, it reaches down to 0 when the count is 0 and up to 1 when it is ``n``.
    Parameters and errors are those of :func:`wilson`.

    Examples
    --------
    >>> jeffreys(3, 50)  # doctest: +ELLIPSIS
    Interval(low=0.01718..., high=0.15153...)
    """
    return _beta_interval(count, n, confidence, inner=0.5, outer=0.5)


def newcombe(
    count_1: float, n_1: float, count_2: float, n_2: float, confidence: float = 0.95
) -> Interval:
    """Return Newcombe's interval of the first share less the second (his method 10) [2]_.

    Parameters are as in :func:`wilson`. Without people on one side the difference may be
    anything: -1 to 1.

    Raises
    ------
    ValueError
        If a value lies outside its range.

    Examples
    --------
    >>> newcombe(8, 20, 10, 80)  # doctest: +ELLIPSIS
    Interval(low=0.07267..., high=0.49555...)
    """
    low, high = newcombe_each(count_1, n_1, count_2, n_2, confidence)
    return Interval(float(low), float(high))


def newcombe_each(
    counts_1: ArrayLike,
    n_1: ArrayLike,
    counts_2: ArrayLike,
    n_2: ArrayLike,
    confidence: float = 0.95,
) -> tuple[Floats, Floats]:
    """Return the lower and upper bounds of :func:`newcombe` for arrays, by broadcasting.

    Raises
    ------
    ValueError
        If a value lies outside its range.
    """
    low_1, high_1 = wilson_each(counts_1, n_1, confidence)
    low_2, high_2 = wilson_each(counts_2, n_2, confidence)
    counts_1, n_1 = _checked(counts_1, n_1)
    counts_2, n_2 = _checked(counts_2, n_2)
    share_1 = counts_1 / np.where(n_1 > 0, n_1, 1.0)
    share_2 = counts_2 / np.where(n_2 > 0, n_2, 1.0)
    difference = share_1 - share_2
    low = difference - np.hypot(share_1 - low_1, high_2 - share_2)
    high = difference + np.hypot(high_1 - share_1, share_2 - low_2)
    nobody = (n_1 == 0) | (n_2 == 0)
    return (
        np.where(nobody, -1.0, np.maximum(low, -1.0)),
        np.where(nobody, 1.0, np.minimum(high, 1.0)),
    )


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Return p-values adjusted for the false discovery rate of all of them together [3]_.

    Parameters
    ----------
    p_values : array-like of any shape
        From 0 to 1; one family, whatever the shape.

    Returns
    -------
    ndarray of the same shape
        What is at most ``q`` may be reported with a false discovery rate of ``q``.

    Raises
    ------
    ValueError
        If a value is not from 0 to 1.

    Examples
    --------
    >>> benjamini_hochberg([0.01, 0.04, 0.03]).round(6).tolist()
    [0.03, 0.04, 0.04]
    """
    values = np.asarray(p_values, dtype=np.float64)
    # A comparison with NaN is False, so this finds it too.
    if not np.all((values >= 0) & (values <= 1)):
        raise ValueError("p-values lie between 0 and 1")
    if not values.size:
        return values.copy()
    return np.asarray(false_discovery_control(values.ravel(), method="bh")).reshape(values.shape)


def fisher_exact(a: int, b: int, c: int, d: int) -> float:
    """Return the two-sided p-value of Fisher's exact test of ``[[a, b], [c, d]]``.

    Two-sided as usual: all tables with these margins that are no likelier than this one.

    Raises
    ------
    ValueError
        If a count is negative or not a whole number.

    Examples
    --------
    >>> round(fisher_exact(8, 12, 10, 70), 8)
    0.00822735
    """
    return float(fisher_exact_each(a, b, c, d))


def fisher_exact_each(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> Floats:
    """Return the p-values of :func:`fisher_exact` for arrays, by broadcasting.

    A grid of five thousand tables takes a moment; scipy's own function, called for each,
    takes seconds.

    Raises
    ------
    ValueError
        If a count is negative or not a whole number.
    """
    cells = np.broadcast_arrays(*(np.asarray(cell, dtype=np.float64) for cell in (a, b, c, d)))
    if not all(np.all((cell >= 0) & (cell == np.floor(cell))) for cell in cells):
        raise ValueError("counts are whole numbers from 0 on")
    tables = np.stack([cell.astype(np.int64).ravel() for cell in cells], axis=1)
    return _fisher_of(tables).reshape(cells[0].shape)


def _fisher_of(tables: _Ints) -> Floats:
    """Return the p-values of tables, one a row; each different one is worked out once.

    Figures of themes are made anew after every edit, which changes few of the tables: those
    that were met before are remembered.
    """
    named = [tuple(table) for table in tables.tolist()]
    found = {table: _known_tables.get(table) for table in sorted(set(named))}
    if new := [table for table, value in found.items() if value is None]:
        anew = _fisher_anew(np.array(new, dtype=np.int64)).tolist()
        found.update(zip(new, anew, strict=True))
        if len(_known_tables) + len(new) > _MOST_TABLES:
            _known_tables.clear()
        _known_tables.update(zip(new, anew, strict=True))
    return np.array([found[table] for table in named], dtype=np.float64)


def _fisher_anew(tables: _Ints) -> Floats:
    one, two, three, four = tables.T
    row, column = one + two, one + three
    # An empty table is as likely as itself; the law asks for somebody to draw from.
    total = np.maximum(row + three + four, 1)
    least, most = np.maximum(0, row + column - total), np.minimum(row, column)
    likelihood = hypergeom.pmf(one, total, row, column) * _TIE
    mode = (row + 1) * (column + 1) // (total + 2)

    # Probabilities rise up to the mode and fall after it: by halving, find the last table
    # below it and the first above it that are no likelier than this one.
    lower = _first(least, mode + 1, lambda k: hypergeom.pmf(k, total, row, column) > likelihood)
    upper = _first(mode, most + 1, lambda k: hypergeom.pmf(k, total, row, column) <= likelihood)
    below = hypergeom.cdf(lower - 1, total, row, column)
    above = hypergeom.sf(upper - 1, total, row, column)
    # Where the mode itself is no likelier the two tails overlap, and hold everything.
    return np.asarray(np.where(lower >= upper, 1.0, np.minimum(below + above, 1.0)))


def _first(start: _Ints, end: _Ints, holds: Callable[[_Ints], NDArray[np.bool_]]) -> _Ints:
    """Return the first whole number from start on where something holds, or else end.

    It has to hold from there to the end, for halving to find it.
    """
    low, high = start.copy(), end.copy()
    while np.any(low < high):
        middle = (low + high) // 2
        found = holds(middle)
        high = np.where((low < high) & found, middle, high)
        low = np.where((low < high) & ~found, middle + 1, low)
    return high


def _beta_interval(
    count: float, n: float, confidence: float, inner: float, outer: float
) -> Interval:
    """Return quantiles of beta laws; ``inner`` and ``outer`` are what each adds to a count."""
    count, n = (float(value) for value in _checked(count, n))
    tail = (1 - _checked_confidence(confidence)) / 2
    low, high = 0.0, 1.0
    if count > 0:
        low = float(special.betaincinv(count + inner, n - count + outer, tail))
    if count < n:
        high = float(special.betaincinv(count + outer, n - count + inner, 1 - tail))
    return Interval(low, high)


def _checked(counts: ArrayLike, n: ArrayLike) -> tuple[Floats, Floats]:
    """Return both as floats, a count that exceeds its base by mere rounding set to it."""
    counts = np.asarray(counts, dtype=np.float64)
    n = np.asarray(n, dtype=np.float64)
    if not (np.all(np.isfinite(n)) and np.all(counts >= 0) and np.all(counts <= n * (1 + 1e-9))):
        raise ValueError("a count lies between 0 and its base, and a base is finite")
    return np.minimum(counts, n), n


def _checked_confidence(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")
    return confidence


def z_score(confidence: float) -> float:
    """Return how many standard errors an interval of this confidence reaches either way.

    Examples
    --------
    >>> round(z_score(0.95), 6)
    1.959964
    """
    return float(special.ndtri(0.5 + _checked_confidence(confidence) / 2))
