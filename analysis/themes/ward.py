"""Ward's tree over weighted points."""

import functools

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import ThreadpoolController

from analysis.themes.diffusion import Coordinates


def ward(
    centres: Coordinates, weights: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Join weighted points from the bottom up, each time the pair that loses least.

    The loss of joining a and b is w_a w_b / (w_a + w_b) times their squared distance. Found
    by chains of nearest neighbours, in O(m^2).

    Parameters
    ----------
    centres : ndarray of shape (m, q)
    weights : ndarray of shape (m,)
        Above zero.

    Returns
    -------
    merges : ndarray of shape (m - 1, 2), int
    heights : ndarray of shape (m - 1,)

    References
    ----------
    .. [1] Ward (1963). Hierarchical Grouping to Optimize an Objective Function. JASA 58.
    .. [2] Murtagh (1983). A Survey of Recent Advances in Hierarchical Clustering
       Algorithms. The Computer Journal 26(4).
    """
    m = len(centres)
    loss = losses(centres, weights)
    size = weights.astype(np.float64).copy()
    alive = np.ones(m, dtype=bool)
    steps: list[tuple[float, int, int]] = []
    chain: list[int] = []
    while len(steps) < m - 1:
        if not chain:
            chain.append(int(np.argmax(alive)))
        while True:
            here = chain[-1]
            best = int(np.argmin(loss[here]))
            # The one before wins a tie, or equal places would be walked for ever.
            if len(chain) > 1 and loss[here, chain[-2]] <= loss[here, best]:
                best = chain[-2]
                break
            chain.append(best)
        del chain[-2:]
        low, high = min(here, best), max(here, best)
        height = float(loss[low, high])
        steps.append((height, low, high))
        _join(loss, size, alive, low, high, height)
    return _numbered(steps, m)


def crown(
    centres: Coordinates, weights: NDArray[np.float64], power: float
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Join some hundred groups greedily, the sizes counting less than Ward has them.

    Ward's loss grows with the size of both groups, so that it would rather join two small
    groups that are unlike than two large ones that are alike: themes of even size, and small
    ones lost first.

    Parameters
    ----------
    centres : ndarray of shape (m, q)
    weights : ndarray of shape (m,)
        Above zero.
    power : float
        As in :func:`losses`.

    Returns
    -------
    merges : ndarray of shape (m - 1, 2), int
        As scipy's linkage, in the order in which they are made.
    heights : ndarray of shape (m - 1,)
        What each lost; it can fall from one to the next.
    """
    m = len(centres)
    sums = centres * weights[:, None]
    size = weights.astype(np.float64)
    name = np.arange(m)
    merges = np.empty((m - 1, 2), dtype=np.intp)
    heights = np.empty(m - 1)
    for step in range(m - 1):
        loss = losses(sums / size[:, None], size, power)
        low, high = sorted(int(at) for at in np.unravel_index(np.argmin(loss), loss.shape))
        merges[step] = sorted((name[low], name[high]))
        heights[step] = loss[low, high]
        sums[low] += sums[high]
        size[low] += size[high]
        name[low] = m + step
        kept = np.arange(len(size)) != high
        sums, size, name = sums[kept], size[kept], name[kept]
    return merges, heights


def _join(
    loss: NDArray[np.float64],
    size: NDArray[np.float64],
    alive: NDArray[np.bool_],
    low: int,
    high: int,
    height: float,
) -> None:
    """Put the union in the row of ``low``, by the formula of Lance and Williams."""
    others = alive.copy()
    others[[low, high]] = False
    total = size[low] + size[high] + size[others]
    new = (
        (size[low] + size[others]) * loss[low, others]
        + (size[high] + size[others]) * loss[high, others]
        - size[others] * height
    ) / total
    # Never below the less of the two but for rounding, which would turn chains into rings.
    new = np.maximum(new, np.minimum(loss[low, others], loss[high, others]))
    loss[low, others] = loss[others, low] = new
    loss[high, :] = loss[:, high] = np.inf
    size[low] += size[high]
    alive[high] = False


def _numbered(
    steps: list[tuple[float, int, int]], m: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the steps in order of height, their groups numbered as they come about."""
    order = sorted(range(len(steps)), key=lambda at: (steps[at][0], at))
    top = list(range(2 * m - 1))

    def find(group: int) -> int:
        while top[group] != group:
            top[group] = top[top[group]]
            group = top[group]
        return group

    merges = np.empty((len(steps), 2), dtype=np.intp)
    heights = np.empty(len(steps))
    for number, at in enumerate(order):
        height, low, high = steps[at]
        pair = sorted((find(low), find(high)))
        merges[number] = pair
        heights[number] = height
        top[pair[0]] = top[pair[1]] = m + number
    return merges, heights


def centres_of(
    coordinates: Coordinates, labels: NDArray[np.intp], count: int
) -> tuple[Coordinates, NDArray[np.float64]]:
    """Return the middle of each of so many groups, none of them empty, and its size."""
    weights = np.bincount(labels, minlength=count).astype(np.float64)
    # A sum per theme as a product: adding row by row takes ten times as long.
    belongs = sparse.csr_matrix(
        (np.ones(len(labels)), labels, np.arange(len(labels) + 1)), shape=(len(labels), count)
    )
    return np.asarray(belongs.T @ coordinates) / weights[:, None], weights


def losses(
    centres: Coordinates, weights: NDArray[np.float64], power: float = 1.0
) -> NDArray[np.float64]:
    """Return what joining each two of m weighted points loses, shape (m, m).

    That is (w_a w_b / (w_a + w_b)) to the power, times their squared distance; inf with
    itself. The power is how much the sizes say: 1 is Ward's loss, 0 the distance alone.
    """
    squares = np.sum(centres * centres, axis=1)
    with _libraries().limit(limits=1):
        distances = squares[:, None] + squares[None, :] - 2.0 * (centres @ centres.T)
    share = weights[:, None] * weights[None, :] / (weights[:, None] + weights[None, :])
    loss = np.maximum(distances, 0.0) * share**power
    np.fill_diagonal(loss, np.inf)
    return np.asarray(loss)


@functools.cache
def _libraries() -> ThreadpoolController:
    """Return what limits the threads of a product.

    Looking for the libraries takes longer than the products of small themes, and a tree takes
    hundreds of them; numpy's is there from the start.
    """
    return ThreadpoolController()
