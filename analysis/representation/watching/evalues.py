"""Evidence that may be looked at every day: e-values, and bands that always hold.

A p-value is right for one look. Looked at daily, some group will be "significant" on some day.
An e-value is the pay-off of a fair bet against a hypothesis: if the hypothesis holds, it is at
most 1 on average at whatever moment one stops, and P(ever >= 1/a) <= a (Ville's inequality)
[1]_. The bets here: each response is the next event of a likelihood ratio against the boundary
``p0``, mixed over all shares on the other side of it. They assume that responses come
independently of each other with an unchanging chance of being from the group; when that chance
changes (a mailing, an event), a new stage has to begin with new counts.

All is worked in logarithms: with 200,000 responses e-values leave the range of numbers.

References
----------
.. [1] Ramdas, Grünwald, Vovk and Shafer (2023). Game-theoretic statistics and safe anytime-valid
       inference. Statistical Science 38(4), 576-601.
.. [2] Wang and Ramdas (2022). False discovery rate control with e-values. Journal of the Royal
       Statistical Society B 84(3), 822-852.
.. [3] Robbins (1970). Statistical methods related to the law of the iterated logarithm. Annals
       of Mathematical Statistics 41(5), 1397-1409.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from analysis.statistics import Interval

Floats = NDArray[np.float64]

ALPHA = 0.10

_UNDERFLOW = 1e-290
_PRECISION = 1e-17
_HALVINGS = 80
_TIE = 1e-12
_LARGEST = 700.0


def log_e_value(counts: ArrayLike, n: ArrayLike, p0: ArrayLike) -> Floats:
    """Return the logarithm of the e-value against a share of at least ``p0``.

    The alternative is a share drawn evenly from 0 to ``p0``: likelihood ratios of each to
    ``p0`` are averaged. For a share of at *most* ``p0`` pass what is left:
    ``log_e_value(n - counts, n, 1 - p0)``.

    Parameters
    ----------
    counts, n, p0 : array-like, shapes that broadcast
        Respondents in the group, their base, and the boundary (above 0, below 1).

    Returns
    -------
    ndarray
        0 without responses (an e-value of 1 is no evidence), negative where responses speak
        for the hypothesis.

    Raises
    ------
    ValueError
        If a count is not from 0 to its base or ``p0`` not between 0 and 1.

    Notes
    -----
    With ``a = x + 1`` and ``b = n - x + 1`` the value is ``B(a, b) I(p0; a, b)`` divided by
    ``p0 * p0**x * (1 - p0)**(n - x)``.

    Examples
    --------
    >>> float(np.exp(log_e_value(30, 500, 0.1)).round(6))
    44.240594
    """
    x, n, p0 = _checked(counts, n, p0)
    inside = special.betainc(x + 1, n - x + 1, p0)
    lost = inside < _UNDERFLOW
    log_e = np.asarray(
        special.betaln(x + 1, n - x + 1)
        + np.log(np.where(lost, 1.0, inside))
        - (x + 1) * np.log(p0)
        - (n - x) * np.log1p(-p0)
    )
    if np.any(lost):
        log_e[lost] = _log_e_far_above(x[lost], n[lost], p0[lost])
    # An even bet before the first response, exactly.
    return np.where(n == 0, 0.0, log_e)


def e_value(count: float, n: float, p0: float) -> float:
    """Return the e-value against a share of at least ``p0``; at most :func:`as_number` allows.

    Examples
    --------
    >>> e_value(0, 1, 0.5)
    1.5
    """
    return as_number(float(log_e_value([count], [n], [p0])[0]))


def as_number(log_e: float) -> float:
    """Return an e-value for showing and for files: e^700 stands for everything above it."""
    return math.exp(min(log_e, _LARGEST))


def e_bh(log_e_values: ArrayLike, alpha: float = ALPHA) -> NDArray[np.bool_]:
    """Return which hypotheses of a family fall, by the e-BH rule.

    The k largest fall for the largest k with ``k * e_(k) >= K / alpha``, of K in all. The
    false discovery rate is then at most ``alpha`` however the e-values depend on each
    other [2]_ (shares of one question do), and at whatever look one stops.

    Today's e-values are meant. Running maxima are no e-values, and e-BH of them promises
    nothing; see :func:`ever_certain` for what may be said of a maximum.

    Parameters
    ----------
    log_e_values : array-like of shape (K,)
        Natural logarithms.
    alpha : float, default 0.1

    Examples
    --------
    >>> e_bh(np.log([8.0, 250.0, 44.24, 60.0, 1.2, 0.9, 0.5, 0.3, 0.2, 0.1])).nonzero()[0].tolist()
    [1, 2, 3]
    """
    _check_alpha(alpha)
    values = np.asarray(log_e_values, dtype=float)
    if values.ndim != 1 or np.any(np.isnan(values)):
        raise ValueError("one e-value for each hypothesis")
    if not values.size:
        return np.zeros(0, dtype=bool)
    falling = np.sort(values)[::-1]
    enough = falling + np.log(np.arange(1, values.size + 1)) >= math.log(values.size / alpha) - _TIE
    if not enough.any():
        return np.zeros(values.size, dtype=bool)
    # By value and not by place, so that equal e-values fall together.
    return np.asarray(values >= falling[np.flatnonzero(enough)[-1]])


def ever_certain(log_e_values: ArrayLike, alpha: float = ALPHA) -> NDArray[np.bool_]:
    """Return which hypotheses of a family have at some look fallen for good.

    A running maximum may be held against the strict bound K / alpha: by Ville's inequality
    each true hypothesis ever passes it with chance alpha / K at most, so that all looks
    together show a single false one with chance alpha at most. Such a finding stays true when
    the e-value falls again later.

    Parameters
    ----------
    log_e_values : array-like of shape (n_looks, K)
        In any order of looks, all of one stage.
    alpha : float, default 0.1
    """
    _check_alpha(alpha)
    values = np.asarray(log_e_values, dtype=float)
    if values.ndim != 2 or not values.shape[0] or np.any(np.isnan(values)):
        raise ValueError("one row of e-values for each look, and at least one look")
    if not values.shape[1]:
        return np.zeros(0, dtype=bool)
    return np.asarray(values.max(axis=0) >= math.log(values.shape[1] / alpha) - _TIE)


def confidence_sequence(count: float, n: float, confidence: float = 0.95) -> Interval:
    """Return a band for a share that holds at all looks together.

    With the given confidence the true share of arrivals lies in the band at every look, not
    only at one chosen beforehand [3]_. It is 1.5 to 2 times as wide as Wilson's interval.

    Parameters
    ----------
    count, n : float
        Respondents in the group and their base.
    confidence : float, default 0.95

    Raises
    ------
    ValueError
        If the count is not from 0 to its base, or the confidence not between 0 and 1.

    Examples
    --------
    >>> band = confidence_sequence(3, 50)
    >>> round(band.low, 5), round(band.high, 5)
    (0.00431, 0.22684)
    """
    low, high = confidence_sequence_each([count], [n], confidence)
    return Interval(float(low[0]), float(high[0]))


def confidence_sequence_each(
    counts: ArrayLike, n: ArrayLike, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """Return the lower and upper bounds of :func:`confidence_sequence` for arrays."""
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not {confidence}")
    x, n, _ = _checked(counts, n, 0.5)
    # p is in the band while the mixture of shares by beta(1/2, 1/2) explains the counts no
    # more than 1 / alpha times as well as p does; written as a distance from the share seen.
    some = np.where(n > 0, n, 1.0)
    share = x / some
    seen = special.xlogy(x, share) + special.xlogy(n - x, 1 - share)
    mixed = special.betaln(x + 0.5, n - x + 0.5) - math.log(math.pi)
    radius = -math.log(1 - confidence) + seen - mixed
    low = _distance_below(x, n, share, radius)
    high = 1 - _distance_below(n - x, n, 1 - share, radius)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def _distance_below(x: Floats, n: Floats, share: Floats, radius: Floats) -> Floats:
    """Return p below ``share`` with ``n * KL(share || p) = radius``, or 0 for a share of 0.

    By halving: the distance falls from infinity at 0 to nothing at the share itself.
    """
    low, high = np.zeros_like(share), share.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        # A half of the smallest number may be 0; the share is then 0 and so is the bound.
        p = np.where(middle > 0, middle, 0.5)
        rest = np.where(share < 1, 1 - share, 1.0)
        distance = special.xlogy(x, np.where(x > 0, share, 1.0) / p) + special.xlogy(
            n - x, rest / (1 - p)
        )
        far = distance > radius
        low, high = np.where(far, middle, low), np.where(far, high, middle)
    return np.where(x > 0, (low + high) / 2, 0.0)


def _log_e_far_above(x: Floats, n: Floats, p0: Floats) -> Floats:
    """Return log e-values where the share lies so far above ``p0`` that the integral underflows.

    There ``e = (1 - p0) / (x + 1) * sum of p0^k (n + 2)...(n + k + 1) / (x + 2)...(x + k + 1)``
    (the hypergeometric series of the incomplete beta function): terms fall at least as fast as
    powers of ``p0 * (n + 2) / (x + 2)``, which is well below 1.
    """
    total, term, k = np.ones_like(x), np.ones_like(x), 0
    while np.any(term > _PRECISION * total):
        term = term * p0 * (n + 2 + k) / (x + 2 + k)
        total += term
        k += 1
    return np.asarray(np.log1p(-p0) - np.log(x + 1) + np.log(total))


def _checked(counts: ArrayLike, n: ArrayLike, p0: ArrayLike) -> tuple[Floats, Floats, Floats]:
    x, base, boundary = np.broadcast_arrays(
        *(np.asarray(value, dtype=float) for value in (counts, n, p0))
    )
    if not np.all((x >= 0) & (x <= base) & np.isfinite(base)):
        raise ValueError("a count lies between 0 and its base, and a base is finite")
    if not np.all((boundary > 0) & (boundary < 1)):
        raise ValueError("a boundary lies between 0 and 1")
    return x, base, boundary


def _check_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha lies between 0 and 1, not {alpha}")
