"""The score of the one other platform that has one, for comparison only."""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def lowest_by_highest_rate(counts: ArrayLike, population_counts: ArrayLike) -> NDArray[np.float64]:
    """Return the smallest response rate of a group divided by the largest.

    Go Vocal shows it as the representativeness score of a project. One silent group makes it
    0, and a perfect random sample is far from 1: the more groups and the fewer people, the
    farther.

    Parameters
    ----------
    counts : array-like of shape (..., n_groups)
        Respondents.
    population_counts : array-like of shape (n_groups,)
        Above 0.

    Returns
    -------
    ndarray of shape (...)
        From 0 to 1; not a number where nobody responded.
    """
    rates = np.asarray(counts, dtype=float) / np.asarray(population_counts, dtype=float)
    highest = rates.max(axis=-1)
    somebody = np.where(highest > 0, highest, 1.0)
    return np.where(highest > 0, rates.min(axis=-1) / somebody, np.nan)
