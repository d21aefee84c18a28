"""Raking: weights under which several margins of respondents agree with the population's.

References
----------
.. [1] Deming and Stephan (1940). On a least squares adjustment of a sampled frequency table
       when the expected marginal totals are known. Annals of Mathematical Statistics 11(4).
.. [2] Kish (1965). Survey Sampling. Wiley, section 11.7.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analysis.representation.weights.margins import Cells
from analysis.statistics import Floats

TOLERANCE = 1e-6
"""Largest difference from a target that counts as met, as a share of all respondents."""
SWEEPS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Raking:
    """What :func:`rake` found.

    Attributes
    ----------
    weights : ndarray of shape (n_cells,)
        Above zero, of mean one over people. All one when the margins could not be met.
    converged : bool
        Whether every margin is met by the last weights; a fit that stands still is no success.
    residuals : mapping of str to float
        Per margin, the largest difference between achieved and target share at the end.
    sweeps : int
        How often all margins were gone through.
    empty : tuple of (margin, category)
        Categories that the population has and no respondent: nobody can speak for them, and
        nothing was fitted.
    """

    weights: Floats
    converged: bool
    residuals: Mapping[str, float]
    sweeps: int
    empty: tuple[tuple[str, str], ...] = ()

    @property
    def residual(self) -> float:
        """The largest of all residuals, a share from 0 to 1."""
        return max(self.residuals.values(), default=0.0)


def rake(cells: Cells, *, tolerance: float = TOLERANCE, sweeps: int = SWEEPS) -> Raking:
    """Weight respondents so that every margin has the population's shares.

    Starts at one for everybody and goes through the margins in alphabetical order. Who is
    unknown in a margin is a bucket of its own whose share stays as it is.

    Parameters
    ----------
    cells : Cells
        At least one respondent.
    tolerance : float
        On shares.
    sweeps : int
        At most so many; at least one.

    Raises
    ------
    ValueError
        If there is no respondent.

    Examples
    --------
    Two young and six old people, where the population has as many of each:

    >>> from analysis.representation.weights.margins import Margin
    >>> cells = Cells.of([Margin("age", ["young", "old"], [1, 1], [0] * 2 + [1] * 6)])
    >>> rake(cells).weights.round(6).tolist()
    [2.0, 0.666667]
    """
    if not cells.n:
        raise ValueError("there is nobody to weight")
    empty = tuple(
        (margin.name, category)
        for margin in cells.margins
        for category, share, count in zip(
            margin.categories, margin.shares, margin.counts, strict=True
        )
        if share > 0 and count == 0
    )
    ones = np.ones(cells.counts.size)
    if empty:
        return Raking(ones, False, residuals(cells, ones), 0, empty)
    fitted, done = fit(cells, ones, tolerance=tolerance, sweeps=sweeps)
    left = residuals(cells, fitted)
    converged = max(left.values()) <= tolerance
    return Raking(fitted if converged else ones, converged, left, done)


def fit(
    cells: Cells, start: Floats, *, tolerance: float = TOLERANCE, sweeps: int = SWEEPS
) -> tuple[Floats, int]:
    """Rake weights per cell from a start; return them and the number of sweeps.

    Every category of the population has a respondent (:func:`rake` sees to it).
    """
    weights = start.copy()
    targets = cells.targets()
    sizes = [target.size for target in targets]
    for sweep in range(1, sweeps + 1):
        for codes, target, size in zip(cells.codes, targets, sizes, strict=True):
            achieved = np.bincount(codes, weights=weights * cells.counts, minlength=size)
            # An empty bucket (nobody unknown, or nobody in the population) has no cell.
            weights *= (target / np.where(achieved > 0, achieved, 1.0))[codes]
        if max(residuals(cells, weights).values()) <= tolerance:
            return weights, sweep
    return weights, sweeps


def residuals(cells: Cells, weights: Floats) -> Mapping[str, float]:
    """Return per margin the largest difference between achieved and target share."""
    achieved = cells.totals(weights * cells.counts)
    return MappingProxyType(
        {
            margin.name: float(np.max(np.abs(have - want))) / cells.n
            for margin, have, want in zip(cells.margins, achieved, cells.targets(), strict=True)
        }
    )


def effective_size(weights: ArrayLike, counts: ArrayLike = 1.0) -> float:
    """Return how many equally weighted people carry as much information [2]_.

    Parameters
    ----------
    weights : array-like of shape (n,)
        From 0 on.
    counts : array-like, broadcastable to weights
        People who have each weight.

    Returns
    -------
    float
        ``(sum w)^2 / sum w^2``; 0 without people.

    Examples
    --------
    >>> effective_size([1, 1, 1, 1]), effective_size([4, 0, 0, 0])
    (4.0, 1.0)
    """
    weights = np.asarray(weights, dtype=np.float64)
    squares = float(np.sum(weights * weights * counts))
    return float(np.sum(weights * counts)) ** 2 / squares if squares else 0.0
