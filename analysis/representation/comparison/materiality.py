"""When a gap matters, and the exact tests for it.

Every test is of a boundary: ``materiality`` times a group's share of the population below, and
that share divided by ``materiality`` above.

References
----------
.. [1] Schuirmann (1987). A comparison of the two one-sided tests procedure. Journal of
       Pharmacokinetics and Biopharmaceutics 15, 657-680.
"""

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]

MATERIALITY = 0.8
SIGNIFICANCE = 0.05


def check_options(materiality: float, significance: float, cluster_factor: float) -> None:
    """Raise ValueError unless the options of :func:`group_gaps` are within their ranges."""
    if not 0 < materiality <= 1:
        raise ValueError(f"materiality is above 0 and up to 1, not {materiality}")
    if not 0 < significance < 0.5:
        raise ValueError(f"significance is above 0 and below 0.5, not {significance}")
    if not 1 <= cluster_factor < math.inf:
        raise ValueError(f"a cluster factor is at least 1, not {cluster_factor}")


def responses_needed(
    population_share: float,
    *,
    materiality: float = MATERIALITY,
    significance: float = SIGNIFICANCE,
    cluster_factor: float = 1.0,
) -> int:
    """Return how many must answer before silence from a group means anything.

    That is the least n with ``(1 - materiality * population_share) ** n <= significance``.

    Raises
    ------
    ValueError
        If the share is not between 0 and 1 or an option is out of its range.

    Examples
    --------
    >>> responses_needed(0.05)
    74
    """
    check_options(materiality, significance, cluster_factor)
    if not 0 < population_share < 1:
        raise ValueError(f"a share of the population is between 0 and 1, not {population_share}")
    exact = math.log(significance) / math.log1p(-materiality * population_share)
    # Rounded first: floating noise must not make 21 of 20.000000001.
    return math.ceil(round(cluster_factor * exact, 9))


def material_p_values(
    counts: ArrayLike, n: ArrayLike, population_shares: ArrayLike, materiality: float = MATERIALITY
) -> tuple[Floats, Floats]:
    """Return the one-sided exact p-values of a material gap below, and of one above.

    Parameters
    ----------
    counts, n, population_shares : array-like, shapes that broadcast
        Respondents, their base, and the share above 0 and up to 1. Counts and bases that were
        divided by a cluster factor may be fractions: the binomial law is then continued by
        the incomplete beta function.
    materiality : float, default 0.8

    Returns
    -------
    tuple of two ndarrays
        P(X <= count) at a share of materiality times the population's, and P(X >= count) at
        the population's divided by materiality. The latter is 1 where that division
        reaches 1: no share could be above it.
    """
    counts, n, shares = _as_floats(counts, n, population_shares)
    upper = shares / materiality
    p_over = _at_least(counts, n, np.where(upper < 1, upper, 0.5))
    return _at_most(counts, n, materiality * shares), np.where(upper < 1, p_over, 1.0)


def in_line_p_values(
    counts: ArrayLike, n: ArrayLike, population_shares: ArrayLike, materiality: float = MATERIALITY
) -> Floats:
    """Return the p-values of the hypothesis that there *is* a material gap [1]_.

    Two one-sided tests against the same two boundaries, each towards the other; the larger
    p-value. Parameters are those of :func:`material_p_values`.
    """
    counts, n, shares = _as_floats(counts, n, population_shares)
    upper = shares / materiality
    # A share cannot exceed a boundary of 1 or more: that side needs no showing.
    p_upper = np.where(upper < 1, _at_most(counts, n, np.where(upper < 1, upper, 0.5)), 0.0)
    return np.maximum(_at_least(counts, n, materiality * shares), p_upper)


def _at_most(counts: Floats, n: Floats, p: Floats) -> Floats:
    """P(X <= count) for X ~ Bin(n, p), 0 < p < 1 (p = 1 where materiality and share are 1)."""
    rest = np.where(counts < n, n - counts, 1.0)
    return np.where(counts < n, special.betaincc(counts + 1, rest, p), 1.0)


def _at_least(counts: Floats, n: Floats, p: Floats) -> Floats:
    """P(X >= count) for X ~ Bin(n, p)."""
    some = np.where(counts > 0, counts, 1.0)
    return np.where(counts > 0, special.betainc(some, n - counts + 1, p), 1.0)


def _as_floats(*values: ArrayLike) -> tuple[Floats, ...]:
    return tuple(np.broadcast_arrays(*(np.asarray(value, dtype=float) for value in values)))
