"""Which further figures must be hidden so that a hidden one cannot be worked out.

A figure is safe when two different sets of figures, both in agreement with all that is
published, put it far enough apart. What is unsafe is mended by the cheapest such pair of sets,
a linear program in which publishing is given up for a price [1]_; around one cell of a plain
table this finds the cheapest rectangle, and where zeros block every rectangle a longer way
round. In the end whatever turns out not to be needed is published after all, the largest first.

References
----------
.. [1] Kelly, Golden and Assad (1992). Cell suppression: disclosure protection for sensitive
       tabular data. Networks 22(4), 397-417.
"""

from collections.abc import Callable, Hashable, Iterable

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array

from analysis.suppression.attacker import TOLERANCE, Floats
from analysis.suppression.audit import Audit, Figures, Flags, Places

Progress = Callable[[int, int], None]

MOST_FIGURES = 12_000
"""In one system of tables, totals included; beyond, looking at all of them would take too long."""


class CannotProtect(Exception):
    """Figures that can be worked out whatever else is hidden; categories must be collapsed.

    Attributes
    ----------
    keys : tuple
        Their places, or what names them.
    """

    def __init__(self, keys: Iterable[Hashable]) -> None:
        self.keys = tuple(keys)
        named = "; ".join(map(str, self.keys[:5]))
        super().__init__(f"{len(self.keys)} figures cannot be protected: {named}")


def protect(figures: Figures, hidden: Flags, progress: Progress | None = None) -> Flags:
    """Hide more figures until all that need it are far enough from being known.

    Parameters
    ----------
    figures : Figures
    hidden : ndarray of bool of shape (n,)
        What is hidden to begin with; stays hidden.
    progress : callable, optional
        Called with the figures looked at and how many there are to look at.

    Returns
    -------
    ndarray of bool of shape (n,)
        All that is to be hidden.

    Raises
    ------
    CannotProtect
        If some cannot be protected; it has their places.
    ValueError
        If the truth breaks a bound, or there are more than :data:`MOST_FIGURES`.
    """
    if len(figures.truth) > MOST_FIGURES:
        raise ValueError(f"{len(figures.truth)} figures in one system, {MOST_FIGURES} at most")
    audit = Audit(figures, hidden)
    result = hidden.copy()
    for_whom: dict[int, int] = {}
    # What is hidden for others' sake must not be known closely either, hence more than once.
    while unsafe := audit.unsafe(result):
        hopeless, before = [], result.sum()
        for done, place in enumerate(unsafe):
            more = _cheapest(figures, result, place)
            if more is None:
                hopeless.append(place)
            else:
                result[more] = True
                for_whom |= dict.fromkeys(more.tolist(), place)
            if progress:
                progress(done + 1, len(unsafe))
        if hopeless or result.sum() == before:
            raise CannotProtect(hopeless or unsafe)
    # Publish what need not be hidden after all, the dearest first.
    order = sorted(for_whom, key=lambda place: (-figures.cost[place], place))
    for done, place in enumerate(order):
        result[place] = False
        if audit.unsafe(result, suspect=for_whom[place]):
            result[place] = True
        if progress:
            progress(done + 1, len(order))
    return result


def _cheapest(figures: Figures, hidden: Flags, place: int) -> Places | None:
    """Return what else to hide so that one figure is safe; None if nothing helps."""
    n, m = len(figures.truth), figures.sums.shape[0]
    known = figures.as_known(hidden)
    needed = figures.needed[place]
    offered = np.flatnonzero(~hidden & np.isfinite(figures.cost))
    k = len(offered)
    # Figures change by no more than the one that is looked at, or little more.
    least, most = figures.truth - 2 * needed, figures.truth + 2 * needed
    low, high = np.maximum(known.low, least), np.minimum(known.high, most)
    open_low, open_high = low.copy(), high.copy()
    open_low[offered] = np.maximum(np.minimum(known.low, figures.hidden_low), least)[offered]
    open_high[offered] = np.minimum(np.maximum(known.high, figures.hidden_high), most)[offered]
    # The price is paid in full by a figure that leaves what is published of it by as much as
    # is needed.
    down = _diagonal(np.minimum(low - open_low, needed)[offered])
    up = _diagonal(np.minimum(open_high - high, needed)[offered])
    pick = csr_array((np.ones(k), (np.arange(k), offered)), shape=(k, n))
    none, blank, free = csr_array((k, n)), csr_array((m, n)), csr_array((m, k))
    apart = csr_array(([1.0], ([0], [place])), shape=(1, n))
    matrix = block_array(
        [
            [figures.sums, blank, free],
            [blank, figures.sums, free],
            [pick, none, down],
            [pick, none, -up],
            [none, pick, down],
            [none, pick, -up],
            [apart, -apart, csr_array((1, k))],
        ],
        format="csr",
    )
    endless = np.full(k, np.inf)
    solution = milp(
        # Of equally cheap ones, the earlier: a tie must have one answer.
        np.concatenate([np.zeros(2 * n), figures.cost[offered] * (1 + 1e-6 * np.arange(k) / n)]),
        constraints=LinearConstraint(
            matrix,
            np.concatenate(
                [figures.sum_low] * 2 + [low[offered], -endless] * 2 + [np.array([needed])]
            ),
            np.concatenate(
                [figures.sum_high] * 2 + [endless, high[offered]] * 2 + [np.array([np.inf])]
            ),
        ),
        bounds=Bounds(
            np.concatenate([open_low, open_low, np.zeros(k)]),
            np.concatenate([open_high, open_high, np.ones(k)]),
        ),
    )
    if solution.x is None:
        return None
    chosen: Places = offered[solution.x[2 * n :] > TOLERANCE]
    return chosen


def _diagonal(values: Floats) -> csr_array:
    at = np.arange(len(values))
    return csr_array((values, (at, at)), shape=(len(values), len(values)))
