"""Trimming: no respondent may speak for too many, at the price of margins that fit less well.

References
----------
.. [1] Potter (1990). A study of procedures to identify and trim extreme sampling weights.
       Proceedings of the Section on Survey Research Methods, American Statistical Association.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.representation.weights.margins import Cells
from analysis.representation.weights.raking import TOLERANCE, fit, residuals
from analysis.statistics import Floats

CAP = 5.0
"""Times the mean weight."""
ROUNDS = 10

_SLACK = 1e-6
# A share that misses its target by less looks the same with one decimal.
_SHOWS = 5e-4


@dataclass(frozen=True, slots=True, eq=False)
class Trimming:
    """Weights per cell that keep a cap.

    Attributes
    ----------
    weights : ndarray of shape (n_cells,)
        Of mean one over people; none above the cap.
    people : int
        How many of the first weights were above the cap.
    rounds : int
        How often margins were fitted again.
    residuals : mapping of str to float
        Per margin, the largest difference between achieved and target share that is left.
    """

    weights: Floats
    people: int
    rounds: int
    residuals: Mapping[str, float]

    @property
    def margins_met(self) -> bool:
        """Whether margins still hold to what can be seen; when not, figures must say so."""
        return max(self.residuals.values(), default=0.0) <= _SHOWS


def trim(weights: ArrayLike, cap: float = CAP, counts: ArrayLike = 1.0) -> Floats:
    """Cut weights at a multiple of their mean and scale the others up to mean one.

    This is where cutting and scaling in turns would end: the largest are exactly ``cap``, the
    others keep their proportions. Margins that the weights met are met no longer;
    :func:`trim_to_margins` fits them again.

    Parameters
    ----------
    weights : array-like of shape (n,)
        Above zero.
    cap : float
        Above one: a mean of one cannot be reached below.
    counts : array-like, broadcastable to weights
        People who have each weight.

    Raises
    ------
    ValueError
        If a weight is not above zero or the cap not above one.

    Examples
    --------
    >>> trim([0.5] * 60 + [1] * 30 + [6] * 10, cap=3)[[0, 60, 90]].round(6).tolist()
    [0.583333, 1.166667, 3.0]
    """
    weights = np.asarray(weights, dtype=np.float64)
    people = np.broadcast_to(np.asarray(counts, dtype=np.float64), weights.shape)
    if not (np.all(weights > 0) and np.all(np.isfinite(weights))):
        raise ValueError("weights are above zero")
    if not cap > 1:
        raise ValueError(f"a cap is above the mean weight, 1; this one is {cap}")
    if not weights.size:
        return weights.copy()
    largest_first = np.argsort(-weights, kind="stable")
    ordered, of = weights[largest_first], people[largest_first]
    n = of.sum()
    # With the j largest at the cap, the others are scaled by this to a mean of one.
    capped = np.concatenate(([0.0], np.cumsum(of)[:-1]))
    rest = np.cumsum((ordered * of)[::-1])[::-1]
    scale = (n - cap * capped) / rest
    first = int(np.argmax(scale * ordered <= cap * (1 + 1e-12)))
    return np.asarray(np.minimum(weights * scale[first], cap))


def trim_to_margins(
    cells: Cells, weights: Floats, *, cap: float = CAP, rounds: int = ROUNDS
) -> Trimming:
    """Trim and rake in turns until both hold, or so many rounds are over.

    Ends with trimming: the cap holds in any case, and what the margins then miss is told.

    Parameters
    ----------
    cells : Cells
        Every category of the population has a respondent.
    weights : ndarray of shape (n_cells,)
        Raked, of mean one.
    cap, rounds
        Multiple of the mean weight; at most so many times.
    """
    over = weights > cap * (1 + _SLACK)
    people = int(cells.counts[over].sum())
    if not people:
        return Trimming(weights, 0, 0, residuals(cells, weights))
    done = 0
    trimmed = trim(weights, cap, cells.counts)
    while done < rounds and max(residuals(cells, trimmed).values()) > TOLERANCE:
        raked, _ = fit(cells, trimmed)
        trimmed = trim(raked, cap, cells.counts)
        done += 1
    return Trimming(trimmed, people, done, residuals(cells, trimmed))
