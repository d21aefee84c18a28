"""How alike the make-up of responses is to that of the population, in one figure.

The figure is proportional similarity, 1 - D, where D is the dissimilarity index: the share of
responses that would have to come from other groups. Even a perfect random sample has D above
0, the more so the smaller it is and the more groups are told apart; so what chance alone
brings is always shown beside it.

References
----------
.. [1] Duncan and Duncan (1955). A methodological analysis of segregation indexes. American
       Sociological Review 20(2), 210-217.
.. [2] Kish (1992). Weighting for unequal P_i. Journal of Official Statistics 8(2), 183-200.
.. [3] Diaconis and Zabell (1991). Closed form summation for classical distributions: variations
       on a theme of de Moivre. Statistical Science 6(3), 284-302.
.. [4] Schouten, Cobben and Bethlehem (2009). Indicators for the representativeness of survey
       response. Survey Methodology 35(1), 101-113.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Overall:
    """One dimension as a whole. Groups that the population does not count are left out.

    Attributes
    ----------
    known : int
        Respondents in the other groups. All that follows is None when there are none, or
        when the population has one group only.
    similarity : float or None
        1 - D, from 0 (no group in common) to 1 (the same make-up).
    similarity_by_chance : float or None
        What a random sample of the population as large as this has on average.
    excess : float or None
        How much of the dissimilarity that chance leaves room for is there, from 0 (no more
        than by chance) to 1.
    variation : float or None
        Coefficient of variation of participation: the spread of the groups' ratios around
        1, each weighted by its population share. Its square is chi-squared / n.
    design_effect : float or None
        Kish's: the variance that weighting to the population would cost, as a factor. None
        too when a group has no respondents, for nothing can be weighted up from nobody.
    effective_n : float or None
        ``known`` divided by it.
    empty : tuple of int
        Places of groups with a reference and without respondents.
    parts : tuple of (float or None)
        For each group given, ``sqrt(P) * (ratio - 1)``: negative for groups that are too few,
        the largest by magnitude drive the variation (the squares add up to its square) [4]_.
    """

    known: int
    similarity: float | None
    similarity_by_chance: float | None
    excess: float | None
    variation: float | None
    design_effect: float | None
    effective_n: float | None
    empty: tuple[int, ...]
    parts: tuple[float | None, ...]


def overall(counts: ArrayLike, population_counts: ArrayLike) -> Overall:
    """Compare a whole dimension with the population; for dimensions with one answer a person.

    Parameters
    ----------
    counts, population_counts : array-like of shape (n_groups,)
        Respondents and people, in the same order.

    Raises
    ------
    ValueError
        If shapes differ or a count is negative or not finite.

    Examples
    --------
    >>> whole = overall([30, 50, 20], [200, 500, 300])
    >>> round(whole.similarity, 6), round(whole.similarity_by_chance, 6)
    (0.9, 0.94599)
    >>> round(whole.design_effect, 6), round(whole.effective_n, 4)
    (1.083333, 92.3077)
    """
    observed, reference = np.asarray(counts, dtype=float), np.asarray(population_counts, float)
    if observed.ndim != 1 or observed.shape != reference.shape:
        raise ValueError("respondents and population have one count for each group")
    if not all(np.all(np.isfinite(v) & (v >= 0)) for v in (observed, reference)):
        raise ValueError("counts are finite and not negative")
    at = np.flatnonzero(reference > 0)
    known = math.fsum(observed[at])
    empty = tuple(int(place) for place in at[observed[at] == 0])
    if at.size < 2 or known == 0:
        nothing = (None,) * observed.size
        return Overall(int(known), None, None, None, None, None, None, empty, nothing)

    shares = observed[at] / known
    expected = reference[at] / math.fsum(reference[at])
    distance = math.fsum(np.abs(shares - expected)) / 2
    by_chance = dissimilarity_by_chance(expected, int(known))
    ratios = shares / expected
    parts: list[float | None] = [None] * observed.size
    for place, part in zip(at, np.sqrt(expected) * (ratios - 1), strict=True):
        parts[place] = float(part)
    effect = None if empty else math.fsum(expected**2 / shares)
    return Overall(
        known=int(known),
        similarity=1 - distance,
        similarity_by_chance=1 - by_chance,
        excess=max(0.0, (distance - by_chance) / (1 - by_chance)),
        variation=math.sqrt(math.fsum(expected * (ratios - 1) ** 2)),
        design_effect=effect,
        effective_n=None if effect is None else known / effect,
        empty=empty,
        parts=tuple(parts),
    )


def dissimilarity_by_chance(population_shares: ArrayLike, n: int) -> float:
    """Return the mean of D over random samples of ``n`` from the population, exactly.

    D is a sum of absolute deviations, one for each group, and each has de Moivre's closed
    form: ``E|X - np| = 2 m (1 - p) P(X = m)`` for ``X ~ Bin(n, p)`` and ``m = floor(np) + 1``
    [3]_. That groups depend on each other does not matter to a mean.

    For large ``n`` it is close to ``sum(sqrt(p (1 - p) / (2 pi n)))``, the form usually
    quoted; the exact one also holds for groups of whom less than one is expected.

    Raises
    ------
    ValueError
        If ``n`` is below 1, or shares are negative or do not add up to 1.

    Examples
    --------
    >>> round(dissimilarity_by_chance([0.2, 0.5, 0.3], 100), 6)
    0.05401
    """
    p = np.asarray(population_shares, dtype=float)
    if n < 1:
        raise ValueError(f"a sample has at least one person, not {n}")
    if not np.all(p >= 0) or abs(math.fsum(p) - 1) > 1e-9:
        raise ValueError("shares are not negative and add up to 1")
    m = np.floor(n * p) + 1
    deviations = 2 * m * (1 - p) * binom.pmf(m, n, p)
    return math.fsum(deviations) / (2 * n)
