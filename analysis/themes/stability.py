"""Whether a theme would be found again if some of the answers had not come.

The units are clustered again without a fifth of them, several times over; a theme's stability
is the mean overlap (Jaccard) with the theme most like it among the units that took part.
Between 0 and 1: from .75 on a theme is found again as it is, below .5 it is one way among
several to cut the subject.

References
----------
.. [1] Hennig (2007). Cluster-wise assessment of cluster stability. Computational Statistics
   and Data Analysis 52(1), 258-271.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.progress import Report
from analysis.themes.clustering import FIRM_UNITS, Labels, build_tree
from analysis.themes.embedding.protocol import Vectors

_KEPT = 0.8
_MOST_UNITS = 2_000
_TIMES = 5


def stability(
    vectors: Vectors, labels: Labels, *, seed: int = 0, report: Report | None = None
) -> NDArray[np.float64]:
    """Return the stability of each theme.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Centred unit rows of the units that were clustered.
    labels : ndarray of shape (n,), int
        Their themes, 0 to k - 1, each with a unit.
    seed : int
    report : callable, optional

    Returns
    -------
    ndarray of shape (k,)
        0 to 1; of one theme alone 1. NaN for a theme of which no unit was ever drawn.

    Notes
    -----
    Of more than 2,500 units 2,000 are drawn each time: stability then is a little lower than
    with all of them, because a smaller sample moves more.
    """
    n, k = len(vectors), int(labels.max()) + 1
    if k == 1:
        return np.ones(1)
    size = min(int(_KEPT * n), _MOST_UNITS)
    found = np.full((_TIMES, k), np.nan)
    for time in range(_TIMES):
        # A stream of its own each time, none of them the clustering's.
        draw = np.random.default_rng([seed, 1 + time])
        chosen = np.sort(draw.permutation(n)[:size])
        before = labels[chosen]
        # The bound shrinks as the sample does, so that both are clustered in the same way.
        tree = build_tree(vectors[chosen], seed=seed, least=int(_KEPT * FIRM_UNITS))
        after = tree.cut(min(k, len(tree.merges) + 1))
        both = np.zeros((k, int(after.max()) + 1))
        np.add.at(both, (before, after), 1.0)
        sizes = both.sum(axis=1)
        joined = sizes[:, None] + both.sum(axis=0)[None, :] - both
        best = np.max(both / np.maximum(joined, 1.0), axis=1)
        found[time, sizes > 0] = best[sizes > 0]
        if report:
            report(time + 1, _TIMES)
    drawn = ~np.all(np.isnan(found), axis=0)
    mean = np.full(k, np.nan)
    mean[drawn] = np.nanmean(found[:, drawn], axis=0)
    return mean
