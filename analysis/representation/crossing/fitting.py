"""Iterative proportional fitting: a table that keeps its pattern and meets given margins.

References
----------
.. [1] Deming and Stephan (1940). On a least squares adjustment of a sampled frequency table
       when the expected marginal totals are known. Annals of Mathematical Statistics 11(4).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.statistics import Floats

Axes = tuple[int, ...]

TOLERANCE = 1e-9
SWEEPS = 200


def fit_table(
    start: ArrayLike,
    margins: Sequence[tuple[Axes, ArrayLike]],
    *,
    tolerance: float = TOLERANCE,
    sweeps: int = SWEEPS,
) -> tuple[Floats, float]:
    """Scale a table in turns until its margins are the given ones.

    What the margins do not say (odds ratios, cells of zero) stays as in the start.

    Parameters
    ----------
    start : array-like of d dimensions
        From 0 on.
    margins : sequence of (axes, target)
        The axes that a target has, ascending, and its values: counts or shares of one total.
        Targets that do not sum to the first one's total are scaled to it.
    tolerance : float
        On shares of the total.
    sweeps : int
        At most so many.

    Returns
    -------
    table : ndarray of start's shape
    residual : float
        The largest difference from a target that is left, as a share of the total. Above the
        tolerance when cells of zero stand in the way.

    Raises
    ------
    ValueError
        If there is no margin, an axis does not exist, shapes differ, or a value is negative,
        not finite, or a target sums to zero.

    Examples
    --------
    >>> table, residual = fit_table([[10, 10], [10, 10]], [((0,), [30, 10]), ((1,), [20, 20])])
    >>> table.tolist(), residual
    ([[15.0, 15.0], [5.0, 5.0]], 0.0)
    """
    table = np.array(start, dtype=np.float64)
    if not margins or not _plain(table):
        raise ValueError("a table from 0 on, and at least one margin")
    targets, total = [], 0.0
    for axes, values in margins:
        target = np.asarray(values, dtype=np.float64)
        if sorted(set(axes)) != list(axes) or not all(0 <= a < table.ndim for a in axes):
            raise ValueError(f"{axes} are no axes of the table, ascending")
        if target.shape != tuple(table.shape[a] for a in axes) or not _plain(target):
            raise ValueError("a margin has the table's shape, and values from 0 on, not all 0")
        total = total or float(target.sum())
        targets.append((axes, target * (total / target.sum())))
    fitted, left = fit_many(table[None], [(a, t[None]) for a, t in targets], tolerance, sweeps)
    return fitted[0], left / total


def fit_many(
    start: Floats,
    margins: Sequence[tuple[Axes, Floats]],
    tolerance: float = TOLERANCE,
    sweeps: int = SWEEPS,
) -> tuple[Floats, float]:
    """Fit many tables of one shape at once, as :func:`fit_table` does.

    Parameters
    ----------
    start : ndarray of shape (1 or n_tables, ...)
    margins : sequence of (axes, ndarray of shape (n_tables, ...))
        Axes count from the first after that of the tables. Checked by the caller.
    tolerance : float
        On a table whose values sum to one.

    Returns
    -------
    tables : ndarray of shape (n_tables, ...)
    residual : float
        The largest difference from a target that is left in any table.
    """
    depth = start.ndim - 1
    table = np.repeat(start, margins[0][1].shape[0] // start.shape[0], axis=0)
    shaped = []
    for axes, target in margins:
        others = tuple(1 + axis for axis in range(depth) if axis not in axes)
        shaped.append((others, np.expand_dims(target, others)))
    scale = float(shaped[0][1][0].sum())
    residual = np.inf
    for _ in range(sweeps):
        for others, target in shaped:
            have = table.sum(axis=others, keepdims=True)
            table *= np.divide(target, have, out=np.zeros_like(have), where=have > 0)
        residual = max(
            float(np.max(np.abs(table.sum(axis=others, keepdims=True) - target)))
            for others, target in shaped
        )
        if residual <= tolerance * scale:
            break
    return table, residual


def _plain(values: Floats) -> bool:
    # A comparison with NaN is False, so this finds it too.
    return bool(values.size and np.all(values >= 0) and 0 < values.sum() < np.inf)
