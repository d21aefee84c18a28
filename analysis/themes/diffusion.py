"""Coordinates in which units that share neighbours lie together.

Distances between sentence vectors say little beyond the nearest few, and two ways of saying
one thing are often joined only through a third. So each unit is tied to its nearest
neighbours, and the ties are followed for a few steps: a diffusion map. Themes cut from these
coordinates came closer to hand-coded ones than themes cut from the vectors, on every set
that was tried, and a sentence and its translation came to lie in one theme
(docs/benchmarks.md).

Up to :data:`EXACT` units take part themselves. Of more, a fixed sample does, and every other
unit gets the mean place of its neighbours in the sample, so that time grows with the number
of units and not with its square.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from analysis.themes.embedding.protocol import Vectors

Coordinates = NDArray[np.float64]

EXACT = 12_000
LANDMARKS = 4_000
# Measured on survey answers and on parallel sentences; 10 to 20 neighbours and 30 to 60
# coordinates differ by less than two seeds of k-means do.
_NEIGHBOURS = 15
_COORDINATES = 60
# So many steps that the 16th coordinate has a fifth of its weight left: two or three where
# subjects mix, scores where each sentence has its translations for closest neighbours.
_FADING = 15
_LEFT = 0.2
_MOST_STEPS = 200.0
# Columns for the search of neighbours of units outside the sample: a sixth of the time, and
# the sample's own ties are found in all columns.
_SEARCH_COLUMNS = 64
_BLOCK = 1024  # fixed, so that no row depends on the number of processors
# Blocks at once: of the most units that take part themselves, one takes 150 MB.
_THREADS = 4
_DENSE = 600


def diffuse(
    vectors: Vectors, *, seed: int = 0, exact: int = EXACT, landmarks: int = LANDMARKS
) -> Coordinates:
    """Return coordinates for clustering.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Centred unit rows, at least two, no two the same (rounding would choose neighbours
        among equal ones), in an order that the content gives: the sample depends on it.
    seed : int
        Of the sample and of the eigenvectors' start.
    exact : int
        Up to so many units, all take part.
    landmarks : int
        Size of the sample otherwise.

    Returns
    -------
    ndarray of shape (n, at most 60)
        Unit rows. The same bytes whatever the number of processors.

    Raises
    ------
    ValueError
        If there are fewer than two units, or the sample is to have fewer.

    References
    ----------
    .. [1] Coifman and Lafon (2006). Diffusion maps. Applied and Computational Harmonic
       Analysis 21(1), 5-30.
    .. [2] Ng, Jordan and Weiss (2001). On Spectral Clustering: Analysis and an algorithm.
       NIPS 14.
    """
    if min(len(vectors), landmarks) < 2:
        raise ValueError(f"no neighbours among {min(len(vectors), landmarks)} units")
    # One thread inside each block: a sum of many threads has no fixed order.
    with threadpool_limits(limits=1):
        if len(vectors) <= exact:
            return _map(vectors, seed)
        chosen = np.sort(np.random.default_rng(seed).permutation(len(vectors))[:landmarks])
        sample = _map(vectors[chosen], seed)
        return _extend(vectors, chosen, sample)


def neighbour_count(n: int) -> int:
    """Return how many neighbours a unit of ``n`` is tied to."""
    return int(np.clip(n // 15, 5, _NEIGHBOURS))


def _map(vectors: Vectors, seed: int) -> Coordinates:
    n = len(vectors)
    count = min(neighbour_count(n), n - 1)
    near = nearest(vectors, vectors, count, without_self=True)
    ties = sparse.coo_matrix(
        (np.ones(n * count), (np.repeat(np.arange(n), count), near.ravel())), shape=(n, n)
    ).tocsr()
    ties = (ties + ties.T) / 2
    scale = sparse.diags(np.asarray(ties.sum(axis=1)).ravel() ** -0.5)
    values, axes = _largest(scale @ ties @ scale, min(_COORDINATES, n - 1), seed)
    return _unit(axes * np.maximum(values, 0.0) ** _steps(values))


def _steps(values: Coordinates) -> float:
    """Return how far to follow the ties."""
    fading = values[min(_FADING, len(values) - 1)]
    if not 0.0 < fading < 1.0 - 1e-9:  # so many separate parts that no step joins them
        return 1.0
    return float(np.clip(np.log(_LEFT) / np.log(fading), 1.0, _MOST_STEPS))


def _largest(ties: Any, count: int, seed: int) -> tuple[Coordinates, Coordinates]:
    """Return the largest eigenvalues and their vectors.

    By block power iteration beyond a few hundred units: eigenvalues of such graphs lie close
    together, where a search for each single vector takes long, while only the space that
    they span together matters here.
    """
    n = ties.shape[0]
    if n <= _DENSE:
        values, axes = np.linalg.eigh(ties.toarray())
        return values[::-1][:count], axes[:, ::-1][:, :count]
    lazy = (ties + sparse.identity(n)) / 2  # no negative eigenvalue comes first by size
    block = np.random.default_rng(seed).standard_normal((n, min(n, count + 20)))
    for _ in range(30):
        block = lazy @ (lazy @ (lazy @ block))
        block, _ = np.linalg.qr(block)
    values, turn = np.linalg.eigh(block.T @ (ties @ block))
    return values[::-1][:count], (block @ turn)[:, ::-1][:, :count]


def _extend(vectors: Vectors, chosen: NDArray[np.intp], sample: Coordinates) -> Coordinates:
    narrow = _narrowed(vectors, chosen)
    among = narrow[chosen]
    count = neighbour_count(len(chosen))
    places = np.empty((len(vectors), sample.shape[1]))

    def place(start: int) -> None:
        block = narrow[start : start + _BLOCK]
        near = _nearest_in_block(block @ among.T, count)
        # Summed one neighbour at a time: a gather of all would be fifteen times the memory.
        total = np.zeros((len(block), sample.shape[1]))
        for column in near.T:
            total += sample[column]
        places[start : start + _BLOCK] = total

    _in_blocks(len(vectors), place)
    places = _unit(places)
    places[chosen] = sample
    return places


def _narrowed(vectors: Vectors, chosen: NDArray[np.intp]) -> Vectors:
    sample = vectors[chosen].astype(np.float64)
    _, axes = np.linalg.eigh(sample.T @ sample)
    axes = axes[:, ::-1][:, :_SEARCH_COLUMNS].astype(np.float32)
    narrow = np.empty((len(vectors), axes.shape[1]), dtype=np.float32)

    def turn(start: int) -> None:
        block = vectors[start : start + _BLOCK] @ axes
        lengths = np.sqrt(np.sum(block * block, axis=1, keepdims=True))
        narrow[start : start + _BLOCK] = block / np.maximum(lengths, np.float32(1e-12))

    _in_blocks(len(vectors), turn)
    return narrow


def nearest(
    rows: Vectors, among: Vectors, count: int, *, without_self: bool = False
) -> NDArray[np.intp]:
    """Return the places of each row's nearest rows, by dot product, in no order.

    Parameters
    ----------
    rows : ndarray of shape (n, dimension)
    among : ndarray of shape (m, dimension)
    count : int
        Less than ``m``.
    without_self : bool
        When both are the same rows: a row is not its own neighbour.

    Returns
    -------
    ndarray of shape (n, count), int
    """
    found = np.empty((len(rows), count), dtype=np.intp)

    def search(start: int) -> None:
        scores = rows[start : start + _BLOCK] @ among.T
        if without_self:
            at = np.arange(len(scores))
            scores[at, start + at] = -np.inf
        found[start : start + _BLOCK] = _nearest_in_block(scores, count)

    _in_blocks(len(rows), search)
    return found


def _nearest_in_block(scores: Vectors, count: int) -> NDArray[np.intp]:
    """Return the places of the highest scores of each row; the scores are used up."""
    if count >= scores.shape[1]:
        return np.tile(np.arange(scores.shape[1]), (len(scores), 1))
    np.negative(scores, out=scores)
    # A copy, or all places of the block would be kept.
    return np.argpartition(scores, count, axis=1)[:, :count].copy()


def _in_blocks(n: int, work: Callable[[int], None]) -> None:
    with ThreadPoolExecutor(min(os.cpu_count() or 1, _THREADS)) as pool:
        for _ in pool.map(work, range(0, n, _BLOCK)):
            pass


def _unit(rows: Coordinates) -> Coordinates:
    lengths = np.sqrt(np.sum(rows * rows, axis=1, keepdims=True))
    return np.asarray(rows / np.maximum(lengths, 1e-300))
