"""Old themes found again after a full re-clustering that somebody asked for.

Even then a theme that is still there keeps its id, and one that is not there any more is
retired and never deleted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from analysis.errors import InputError
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.tracking.assigning import unit
from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.identity import theme_ids

LEAST_SCORE = 0.3


@dataclass(frozen=True, slots=True, eq=False)
class Cluster:
    """A theme of one clustering.

    Attributes
    ----------
    keys : frozenset of str
        Keys of its distinct units.
    centroid : ndarray of shape (dimension,)
        Of any length above zero.
    """

    keys: frozenset[str]
    centroid: Vectors


@dataclass(frozen=True, slots=True)
class Matching:
    """Which theme each new cluster is.

    Attributes
    ----------
    ids : tuple of str
        For each new cluster: that of the old theme it matches, or a new one.
    scores : tuple of (float or None)
        For each new cluster: how well it matches, from .3 to 1; None where the id is new.
    retired : tuple of str
        Old themes that match no cluster, ascending.
    """

    ids: tuple[str, ...]
    scores: tuple[float | None, ...]
    retired: tuple[str, ...]


def match(
    old: Mapping[str, Cluster],
    new: Sequence[Cluster],
    *,
    seed: int,
    taken: Collection[str] = (),
) -> Matching:
    """Give new clusters the ids of the old themes that they are.

    Parameters
    ----------
    old : mapping of str to Cluster
        By theme id. An old theme may be one that is retired already: it can come back.
    new : sequence of Cluster
        No two with the same units. Their order does not count.
    seed : int
        Goes into the new ids.
    taken : collection of str, optional
        Every id ever given out, those from a person's edits too; the ids of ``old`` need not
        be named.
    """
    names = sorted(old)
    # In the order of their content, so that ties are not settled by the order they came in.
    order = sorted(range(len(new)), key=lambda at: sorted(new[at].keys))
    similarity = match_scores([old[name] for name in names], [new[at] for at in order])
    ids: dict[int, str] = {}
    scores: dict[int, float] = {}
    for row, column in best_pairs(similarity):
        ids[order[column]] = names[row]
        scores[order[column]] = float(similarity[row, column])
    fresh = [at for at in order if at not in ids]
    given = theme_ids([new[at].keys for at in fresh], seed, {*taken, *names})
    ids.update(zip(fresh, given, strict=True))
    return Matching(
        ids=tuple(ids[at] for at in range(len(new))),
        scores=tuple(scores.get(at) for at in range(len(new))),
        retired=tuple(sorted(set(names) - set(ids.values()))),
    )


def match_scores(old: Sequence[Cluster], new: Sequence[Cluster]) -> NDArray[np.float64]:
    """Return how well old and new clusters match.

    Half is the Jaccard similarity of their units, of those that both clusterings saw: a unit
    that came later or was withdrawn says nothing on whether a theme is the same. The other
    half is the cosine of their centroids, where that is above zero.

    Returns
    -------
    ndarray of shape (n_old, n_new)
        From 0 to 1, rounded to twelve places.
    """
    scores = np.zeros((len(old), len(new)))
    if not old or not new:
        return scores
    both = frozenset().union(*(c.keys for c in old)) & frozenset().union(*(c.keys for c in new))
    before, after = [c.keys & both for c in old], [c.keys & both for c in new]
    for row, mine in enumerate(before):
        for column, theirs in enumerate(after):
            shared = len(mine & theirs)
            if shared:
                scores[row, column] = 0.5 * shared / (len(mine) + len(theirs) - shared)
    cosines = np.einsum("id,jd->ij", _unit(old), _unit(new))
    return np.asarray(np.round(scores + 0.5 * np.clip(cosines, 0.0, 1.0), 12))


def best_pairs(
    scores: NDArray[np.float64], least: float = LEAST_SCORE
) -> tuple[tuple[int, int], ...]:
    """Pair rows with columns so that the scores of the pairs add up to the most.

    Parameters
    ----------
    scores : ndarray of shape (n_old, n_new)
        0 or above.
    least : float
        No pair scores less. What would is counted as nothing from the start: two pairs too
        weak to be taken must not push out one that is strong enough.

    Returns
    -------
    tuple of (int, int)
        Row and column, rows ascending.

    References
    ----------
    .. [1] Kuhn (1955). The Hungarian method for the assignment problem. Naval Research
       Logistics Quarterly 2(1-2), 83-97.

    Examples
    --------
    >>> best_pairs(np.array([[0.9, 0.8, 0.1], [0.85, 0.2, 0.1]]))
    ((0, 1), (1, 0))
    """
    counted = np.where(scores >= least, scores, 0.0)
    rows, columns = linear_sum_assignment(-counted)
    return tuple(
        (int(row), int(column))
        for row, column in zip(rows, columns, strict=True)
        if counted[row, column] > 0.0
    )


def carry_over(old: Frame, new: Frame, matching: Matching) -> Frame:
    """Return the new frame with the ids of the old one, and the old themes that are retired.

    Parameters
    ----------
    old, new : Frame
        ``new`` has the themes in the order of the clusters that were matched; its ids do not
        count. A matched theme has the new label: one that a person gave comes from the log.
    matching : Matching

    Raises
    ------
    InputError
        If the old frame is locked and a theme would be added.
    """
    if old.locked and not set(matching.ids) <= set(old.ids):
        raise InputError("The list of themes is locked: unlock it to run the themes again")
    found = tuple(
        replace(theme, id=name) for theme, name in zip(new.themes, matching.ids, strict=True)
    )
    gone = tuple(
        replace(theme, retired=True) for theme in old.themes if theme.id not in matching.ids
    )
    return replace(new, themes=found + gone, locked=old.locked)


def _unit(clusters: Sequence[Cluster]) -> NDArray[np.float64]:
    return unit(np.stack([cluster.centroid for cluster in clusters]))
