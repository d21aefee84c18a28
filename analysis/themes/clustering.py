"""Themes as a tree that a person can open and close.

Units are placed by :func:`analysis.themes.diffusion.diffuse` and joined from the bottom up:
at each step the two groups whose union loses least. Up to some hundred groups that is Ward's
tree; above, the sizes count less than Ward has them, so that a small theme unlike the others
outlasts the halves of a large one. A cut through the tree gives any number of themes; each
theme can be split on its own and any two be merged.

Every distinct unit weighs the same here. Who and how many said it is counted afterwards, so
that five hundred copies of a letter do not draw the themes their way.
"""

import hashlib
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import silhouette_score
from threadpoolctl import threadpool_limits

from analysis.themes.diffusion import Coordinates, diffuse
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.ward import centres_of, crown, losses, ward

Labels = NDArray[np.intp]

#: Below this there are no themes to be found: the answers are listed instead.
LEAST_UNITS = 12
#: Below this the themes are provisional.
FIRM_UNITS = 60
# Groups at the bottom of the tree: beyond it units are gathered first.
_LEAVES = 1_000
# Groups from which themes are joined, and how much their sizes count. Between .35 and .5, and
# from 40 groups to 240, the measures of docs/benchmarks.md hardly move; 1 is Ward to the top.
_GROUPS = 160
_SIZE_POWER = 0.5
_ROUNDS = 20
# Groups of a cut are unlike in size on purpose; many rounds would make them even again.
_CUT_ROUNDS = 1
_BLOCK = 8192  # bounds the distances held at once
_SILHOUETTE_SAMPLE = 2_000
_TRIED = (2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 24, 30)


@dataclass(frozen=True, slots=True, eq=False)
class ThemeTree:
    """A tree over units.

    Attributes
    ----------
    coordinates : ndarray of shape (n, q)
        Where the units lie.
    leaf : ndarray of shape (n,), int
        The smallest group of each unit, of at most 1,000.
    group : ndarray of shape (n,), int
        The group of each unit from which themes are joined, of at most 160.
    merges : ndarray of shape (n_groups - 1, 2), int
        As scipy's linkage: group ``n_groups + i`` is made in step ``i``.
    heights : ndarray of shape (n_groups - 1,)
        What each step loses.
    seed : int
    """

    coordinates: Coordinates
    leaf: Labels
    group: Labels
    merges: NDArray[np.intp]
    heights: NDArray[np.float64]
    seed: int

    def cut(self, themes: int) -> Labels:
        """Return each unit's theme, of so many themes.

        Parameters
        ----------
        themes : int
            From 1 to the number of groups: distinct places, 160 at most.

        Returns
        -------
        ndarray of shape (n,), int
            From 0 on; larger themes first, ties by the first unit.

        Raises
        ------
        ValueError
            If there cannot be so many.
        """
        joined = self.joined(themes)[self.group]
        return by_size(refine(self.coordinates, joined, rounds=_CUT_ROUNDS))

    def joined(self, count: int) -> Labels:
        """Return what each group is part of when so many are left, before any refining.

        Raises
        ------
        ValueError
            If there cannot be so many.
        """
        n_groups = len(self.merges) + 1
        if not 1 <= count <= n_groups:
            raise ValueError(f"{count} themes from {n_groups} groups of units")
        top = np.arange(n_groups + len(self.merges))
        for step in range(n_groups - count):
            left, right = self.merges[step]
            top[left] = top[right] = n_groups + step
        # From the top down each group takes over where its parent went.
        for group in range(len(top) - 1, -1, -1):
            top[group] = top[top[group]]
        return top[:n_groups]

    def split(self, labels: Labels, theme: int, parts: int = 2) -> Labels:
        """Return labels with one theme opened into parts; the first part keeps its number.

        Raises
        ------
        ValueError
            If the theme has fewer distinct places than parts.
        """
        members = np.flatnonzero(labels == theme)
        inside = _tree(self.coordinates[members], self.seed).cut(parts)
        after = labels.copy()
        after[members] = np.where(inside == 0, theme, labels.max() + inside)
        return after

    def merge(self, labels: Labels, first: int, second: int) -> Labels:
        """Return labels with the second theme joined to the first; its number falls free."""
        return np.where(labels == second, first, labels)

    def closest(self, labels: Labels) -> tuple[int, int]:
        """Return the two themes whose union loses least: what "fewer" merges.

        Raises
        ------
        ValueError
            If there are not two.
        """
        themes, place = np.unique(labels, return_inverse=True)
        if len(themes) < 2:
            raise ValueError("one theme has no neighbour")
        loss = losses(*centres_of(self.coordinates, place, len(themes)), _SIZE_POWER)
        first, second = np.unravel_index(np.argmin(loss), loss.shape)
        return int(themes[min(first, second)]), int(themes[max(first, second)])

    def loosest(self, labels: Labels) -> int:
        """Return the theme whose split gains most: what "more" opens.

        Raises
        ------
        ValueError
            If none has units of two bottom groups.
        """
        best, gain = -1, 0.0
        for theme in np.unique(labels):
            members = labels == theme
            # By the tree's own bottom groups: new ones for every theme would take minutes.
            held, leaf = np.unique(self.leaf[members], return_inverse=True)
            _, heights = ward(*centres_of(self.coordinates[members], leaf, len(held)))
            if len(heights) and heights[-1] > gain:
                best, gain = int(theme), float(heights[-1])
        if best < 0:
            raise ValueError("no theme can be split")
        return best


def build_tree(vectors: Vectors, seed: int = 0, *, least: int = FIRM_UNITS) -> ThemeTree:
    """Return the tree of distinct units.

    Units of one and the same vector lie in one place, and no theme parts them.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Centred unit rows of distinct units, at least one, in an order that their content
        gives (sorted by key): then the order of the responses changes nothing.
    seed : int
    least : int
        How many different vectors, two or more, it takes to follow neighbours.

    Returns
    -------
    ThemeTree

    Raises
    ------
    ValueError
        If there are no units, or a value is not finite.

    Notes
    -----
    Fewer than 60 units have too few neighbours to follow: there the vectors themselves are
    joined, which did better (SIB-200, 30 units: AMI .33 to .37 against .20 to .30).
    """
    if not len(vectors):
        raise ValueError("no units")
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a value that is not finite")
    first, place = _different(vectors)
    if len(first) < least:
        return _tree(vectors.astype(np.float64), seed)
    if len(first) == len(vectors):
        return _tree(diffuse(vectors, seed=seed), seed)
    return _tree(diffuse(vectors[first], seed=seed)[place], seed)


def _different(vectors: Vectors) -> tuple[Labels, Labels]:
    """Return the first row of each different vector, and which of them each row is."""
    # By digest: sorting the rows would take their memory three times over.
    seen: dict[bytes, int] = {}
    first: list[int] = []
    place = np.empty(len(vectors), dtype=np.intp)
    for at, row in enumerate(vectors):
        digest = hashlib.blake2b(row.tobytes(), digest_size=16).digest()
        place[at] = seen.setdefault(digest, len(first))
        if place[at] == len(first):
            first.append(at)
    return np.array(first, dtype=np.intp), place


def _tree(coordinates: Coordinates, seed: int) -> ThemeTree:
    leaf = _leaves(coordinates, seed)
    merges, heights = ward(*centres_of(coordinates, leaf, int(leaf.max()) + 1))
    tree = ThemeTree(coordinates, leaf, leaf, merges, heights, seed)
    if len(coordinates) < FIRM_UNITS:
        return tree
    count = min(_GROUPS, len(merges) + 1)
    group = refine(coordinates, tree.joined(count)[leaf])
    merges, heights = crown(*centres_of(coordinates, group, count), _SIZE_POWER)
    return ThemeTree(coordinates, leaf, group, merges, heights, seed)


def _leaves(coordinates: Coordinates, seed: int) -> Labels:
    """Return bottom groups: equal places first, and nearby ones when there are many."""
    if len(coordinates) <= 4 * _LEAVES:  # of more, hardly any lie in equal places
        _, first, place = np.unique(coordinates, axis=0, return_index=True, return_inverse=True)
        if len(first) <= _LEAVES:
            return np.asarray(place.reshape(-1), dtype=np.intp)
    # One thread: scikit-learn adds up per thread, in no fixed order.
    with threadpool_limits(limits=1), warnings.catch_warnings():
        # Where places lie together to the last digits there are fewer groups than asked for.
        warnings.simplefilter("ignore", ConvergenceWarning)
        chosen = np.random.default_rng(seed).permutation(len(coordinates))
        sample = coordinates[np.sort(chosen[: 4 * _LEAVES])]
        start = coordinates[np.sort(chosen[:_LEAVES])]
        model = KMeans(_LEAVES, init=start, n_init=1, max_iter=10).fit(sample)
        found = model.predict(coordinates)
    return np.asarray(np.unique(found, return_inverse=True)[1], dtype=np.intp)


def refine(coordinates: Coordinates, labels: Labels, *, rounds: int = _ROUNDS) -> Labels:
    """Let each unit go to the nearest theme's centre, at most so many times over (Lloyd).

    A round that would leave a theme without units is not made: as many themes come out as
    went in.
    """
    _, labels = np.unique(labels, return_inverse=True)
    labels = labels.reshape(-1)
    count = int(labels.max()) + 1
    with threadpool_limits(limits=1):
        for _ in range(rounds):
            centres, _ = centres_of(coordinates, labels, count)
            after = _nearest_centre(coordinates, centres)
            if len(np.unique(after)) < count or np.array_equal(after, labels):
                break
            labels = after
    return np.asarray(labels, dtype=np.intp)


def _nearest_centre(coordinates: Coordinates, centres: Coordinates) -> Labels:
    squares = np.sum(centres * centres, axis=1)
    found = np.empty(len(coordinates), dtype=np.intp)
    for start in range(0, len(coordinates), _BLOCK):
        distances = squares - 2.0 * (coordinates[start : start + _BLOCK] @ centres.T)
        found[start : start + _BLOCK] = np.argmin(distances, axis=1)
    return found


def by_size(labels: Labels) -> Labels:
    """Return labels numbered from 0, larger themes first, ties by their first unit."""
    _, first, place, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.lexsort((first, -sizes))
    rank = np.empty(len(order), dtype=np.intp)
    rank[order] = np.arange(len(order))
    return rank[place.reshape(-1)]


def default_themes(tree: ThemeTree) -> int:
    """Return a sensible number of themes to begin with.

    The number whose silhouette is best, within bounds that grow with the number of units:
    real answers have weak structure, where the index alone tends to very few, and merging
    two themes costs an officer less than taking one apart.

    Parameters
    ----------
    tree : ThemeTree

    Returns
    -------
    int
        1 when all units lie in one place.

    References
    ----------
    .. [1] Rousseeuw (1987). Silhouettes. Journal of Computational and Applied
       Mathematics 20, 53-65.
    """
    n = len(tree.coordinates)
    places = len(tree.merges) + 1
    low, high = bounds(n)
    choices = [k for k in _TRIED if low <= k <= min(high, places - 1)]
    if not choices:
        return max(1, min(low, places))
    chosen = np.random.default_rng(tree.seed).permutation(n)[:_SILHOUETTE_SAMPLE]
    sample = np.sort(chosen)
    rows = tree.coordinates[sample]
    best, best_score = choices[0], -2.0
    with threadpool_limits(limits=1):
        squares = np.sum(rows * rows, axis=1)
        between = squares[:, None] + squares[None, :] - 2.0 * (rows @ rows.T)
        np.fill_diagonal(between, 0.0)
        between = np.sqrt(np.maximum(between, 0.0))
        for k in choices:
            labels = refine(rows, tree.joined(k)[tree.group[sample]], rounds=_CUT_ROUNDS)
            if not 2 <= len(np.unique(labels)) < len(labels):
                continue
            score = float(silhouette_score(between, labels, metric="precomputed"))
            if score > best_score + 1e-9:
                best, best_score = k, score
    return best


def bounds(n: int) -> tuple[int, int]:
    """Return the least and the most themes to begin with, for ``n`` distinct units."""
    if n < FIRM_UNITS:
        return 2, max(2, n // 3)
    low = 6 if n < 300 else 10 if n < 2_000 else 12
    return low, int(np.clip(n // 15, low, 30))
