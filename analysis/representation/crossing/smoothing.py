"""Ratios of small groups, steadied by what their parts lead one to expect.

The number of respondents in a cell is taken as Poisson with mean ``expected * parts * own``:
``parts`` is the ratio that the single dimensions imply, ``own`` what is special to the cell,
and gamma-distributed around one. The fewer people are expected in a cell, the closer its
ratio is drawn to that of its parts [1]_ [2]_.

References
----------
.. [1] Clayton and Kaldor (1987). Empirical Bayes estimates of age-standardized relative risks
       for use in disease mapping. Biometrics 43(3), 671-681.
.. [2] Efron and Morris (1975). Data analysis using Stein's estimator and its generalizations.
       Journal of the American Statistical Association 70(350), 311-319.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special
from scipy.optimize import minimize_scalar

from analysis.statistics import Floats

MATERIALITY = 0.8
CONFIDENCE = 0.9
LARGEST_ALPHA = 16.0
"""At it, a cell's own factor still varies by a quarter; a few cells that happen to agree with
their parts do not prove that all do."""

_SMALLEST_ALPHA = 0.05
_GRID = 60
_STEPS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Smoothed:
    """Posterior ratios; arrays of shape (n_cells,).

    Attributes
    ----------
    ratio : ndarray
        Mean.
    low, high : ndarray
        Equal-tailed interval. In simulations it covers a few points less than it says
        (``make bench``): say "roughly" with it.
    p_under : ndarray
        Probability that the ratio is below the materiality.
    p_worse : ndarray
        Probability that the cell's own factor is: worse than its parts.
    """

    ratio: Floats
    low: Floats
    high: Floats
    p_under: Floats
    p_worse: Floats


def smooth(
    observed: ArrayLike,
    expected: ArrayLike,
    parts: ArrayLike,
    alpha: float,
    *,
    materiality: float = MATERIALITY,
    confidence: float = CONFIDENCE,
) -> Smoothed:
    """Return the posterior of each cell's ratio, averaged over draws of its parts.

    Parameters
    ----------
    observed : array-like of shape (n_cells,)
        Respondents.
    expected : array-like of shape (n_cells,)
        Respondents if everyone took part alike; above zero.
    parts : array-like of shape (n_draws, n_cells)
        Draws of the ratio that the single dimensions imply; above zero. One row if it is
        known. A plug-in estimate in their place makes flags far too sure.
    alpha : float
        Of the gamma distribution, above zero; large draws cells close to their parts.

    Raises
    ------
    ValueError
        If shapes differ or a value is out of range.

    Examples
    --------
    Two came where ten were expected: (4 + 2) / (4 + 10).

    >>> found = smooth([2], [10], [[1.0]], alpha=4)
    >>> found.ratio.round(6).tolist(), found.p_under.round(6).tolist()
    ([0.428571], [0.966726])
    """
    observed, expected = _checked(observed, expected)
    parts = np.asarray(parts, dtype=np.float64)
    if parts.ndim != 2 or parts.shape[1:] != observed.shape or not parts.shape[0]:
        raise ValueError("parts hold a draw for each cell in every row")
    if not (np.all(expected > 0) and np.all((parts > 0) & np.isfinite(parts))):
        raise ValueError("what is expected, and every draw of the parts, is above zero")
    if not (alpha > 0 and materiality > 0 and 0 < confidence < 1):
        raise ValueError("alpha and materiality are above zero, confidence between 0 and 1")
    # Given a draw, the ratio is gamma with this shape and this rate.
    shape = alpha + observed
    rates = alpha / parts + expected
    own_rates = alpha + expected * parts
    tail = (1 - confidence) / 2
    return Smoothed(
        ratio=np.mean(shape / rates, axis=0),
        low=_quantile(shape, rates, tail),
        high=_quantile(shape, rates, 1 - tail),
        p_under=np.mean(special.gammainc(shape, materiality * rates), axis=0),
        p_worse=np.mean(special.gammainc(shape, materiality * own_rates), axis=0),
    )


def moment_alpha(observed: ArrayLike, expected: ArrayLike) -> float:
    """Return alpha by moments: infinite when cells vary no more than chance lets them.

    Parameters
    ----------
    observed, expected : array-like of shape (n_cells,)
        Respondents, and how many their parts lead one to expect.

    Raises
    ------
    ValueError
        If shapes differ or a value is negative.

    Examples
    --------
    >>> round(moment_alpha([2, 8, 15, 25, 50], [10, 10, 20, 20, 40]), 4)
    22.0339
    """
    observed, expected = _checked(observed, expected)
    excess = float(np.sum((observed - expected) ** 2 - expected))
    return float(np.sum(expected**2)) / excess if excess > 0 else np.inf


def likelihood_alpha(
    observed: ArrayLike, expected: ArrayLike, *, largest: float = LARGEST_ALPHA
) -> float:
    """Return alpha by maximum likelihood of the negative binomial, capped.

    Parameters
    ----------
    observed, expected : array-like of shape (n_cells,)
        As in :func:`moment_alpha`; cells where nobody is expected say nothing.
    largest : float
        Where to stop.

    Raises
    ------
    ValueError
        If shapes differ or a value is negative.

    Examples
    --------
    >>> round(likelihood_alpha([2, 8, 15, 25, 50], [10, 10, 20, 20, 40]), 4)
    7.0189
    """
    observed, expected = _checked(observed, expected)
    some = expected > 0
    observed, expected = observed[some], expected[some]
    if not observed.size:
        return largest

    def loss(alpha: float) -> float:
        terms = (
            special.gammaln(alpha + observed)
            - special.gammaln(alpha)
            - alpha * np.log1p(expected / alpha)
            - observed * np.log(alpha + expected)
        )
        return -float(np.sum(terms))

    # The likelihood can have two humps: a grid finds the higher one.
    grid = np.geomspace(_SMALLEST_ALPHA, largest, _GRID)
    best = int(np.argmin([loss(at) for at in grid]))
    around = np.log([grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)]])
    found = minimize_scalar(
        lambda at: loss(np.exp(at)), bounds=around, method="bounded", options={"xatol": 1e-10}
    )
    return min((float(grid[best]), float(np.exp(found.x))), key=loss)


def _quantile(shape: Floats, rates: Floats, probability: float) -> Floats:
    """Return a quantile of the mixture of gamma laws over draws.

    By Newton's steps, and by halving where such a step would leave the bounds.
    """
    unscaled = special.gammaincinv(shape, probability)
    low, high = unscaled / rates.max(axis=0), unscaled / rates.min(axis=0)
    at = (low + high) / 2
    for _ in range(_STEPS):
        scaled = at * rates
        over = np.mean(special.gammainc(shape, scaled), axis=0) - probability
        low, high = np.where(over < 0, at, low), np.where(over < 0, high, at)
        density = np.mean(np.exp(shape * np.log(scaled) - scaled - special.gammaln(shape)), axis=0)
        # Where the density underflows the step is infinite, and halving takes over.
        step = at - over * at / np.maximum(density, np.finfo(np.float64).tiny)
        following = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        moved = np.abs(following - at)
        at = following
        if np.all(moved <= 1e-12 * at):
            break
    return np.asarray(at)


def _checked(observed: ArrayLike, expected: ArrayLike) -> tuple[Floats, Floats]:
    observed = np.asarray(observed, dtype=np.float64)
    expected = np.asarray(expected, dtype=np.float64)
    if observed.ndim != 1 or observed.shape != expected.shape:
        raise ValueError("one expected number for each observed one")
    # A comparison with NaN is False, so this finds it too.
    if not (np.all((observed >= 0) & (expected >= 0)) and np.all(np.isfinite(expected))):
        raise ValueError("observed and expected numbers are from 0 on")
    return observed, expected
