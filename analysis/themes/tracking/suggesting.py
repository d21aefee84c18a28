"""What fits no theme, gathered into themes that a person may take on.

Nothing is dropped for being rare: a group that is too small to be proposed is named as waiting,
and a person can make it a theme at once from its own units.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.themes.embedding.protocol import Vectors, unit_rows
from analysis.themes.tracking.assigning import cohesion, thresholds
from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.identity import theme_ids

_LEAST_UNITS = 10


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Units that fit no theme and lie together.

    Attributes
    ----------
    id : str
        The id of the theme that they would be.
    keys : tuple of str
        Ascending.
    centroid : ndarray of shape (dimension,), float32
        A unit row.
    threshold, cohesion : float
        As in :class:`~analysis.themes.tracking.frame.FrozenTheme`.
    """

    id: str
    keys: tuple[str, ...]
    centroid: Vectors
    threshold: float
    cohesion: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What became of the units that fit no theme; every one is in one of the three.

    Attributes
    ----------
    themes : tuple of Group
        Large and alike enough to be themes, largest first. None while the frame is locked.
    waiting : tuple of Group
        Alike, and too few so far, or the frame is locked. Largest first.
    pool : tuple of str
        Keys of units that lie with no others, ascending.
    least : int
        Units that a group needs to be proposed.
    """

    themes: tuple[Group, ...]
    waiting: tuple[Group, ...]
    pool: tuple[str, ...]
    least: int


def suggest(
    vectors: Vectors,
    keys: Sequence[str],
    *,
    frame: Frame,
    cluster: Callable[[Vectors], NDArray[np.integer]],
    seed: int,
    total: int,
    taken: Collection[str] = (),
    may_seed: Sequence[bool] | None = None,
) -> Suggestions:
    """Gather the units that fit no theme.

    They are clustered once there are ten, or one in a hundred of all units if that is more. A
    group of that size is proposed if its members are as alike as those of the frame's looser
    themes, going by the lower quartile of their cohesion. (Measured on sentences in three
    languages with one topic of seven held out in turn: of 33 groups 12 were mostly of the new
    topic. The quartile took 7 of them and none of the others, the median 4 and none, the
    least cohesion 8 and three of the others.)

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Unit rows of the distinct units that fit no theme.
    keys : sequence of str of length n
        Their keys, all different; their order does not count.
    frame : Frame
        Not changed. A locked one gets no proposals; what they would be is waiting.
    cluster : callable
        From vectors to a label for each row, -1 for none.
    seed : int
        Goes into the ids.
    total : int
        Distinct units in all, those with a theme included.
    taken : collection of str, optional
        Every id ever given out; the frame's need not be named.
    may_seed : sequence of bool, optional
        False for a unit of one word: it makes no theme and stays in the pool.

    Raises
    ------
    ValueError
        If a length does not fit, two keys are the same, or there are more units than in all.
    """
    n = len(keys)
    allowed = np.ones(n, dtype=np.bool_) if may_seed is None else np.asarray(may_seed, np.bool_)
    if len(vectors) != n or len(allowed) != n:
        raise ValueError(f"{n} keys, {len(vectors)} vectors, {len(allowed)} marks")
    if len(set(keys)) != n:
        raise ValueError("two units of one key")
    if n > total:
        raise ValueError(f"{n} units fit no theme, of {total} in all")
    least = max(_LEAST_UNITS, math.ceil(total / 100))
    # In the order of their keys, so that the order they came in counts for nothing.
    order = [at for at in sorted(range(n), key=keys.__getitem__) if allowed[at]]
    if len(order) < least:
        return Suggestions((), (), tuple(sorted(keys)), least)

    rows, names = vectors[order], [keys[at] for at in order]
    found = np.asarray(cluster(rows))
    if found.shape != (len(rows),):
        raise ValueError(f"clustering gave labels of shape {found.shape} for {len(rows)} rows")
    known = [theme.cohesion for theme in frame.themes if theme.cohesion is not None]
    bar = float(np.quantile(known, 0.25)) if known else 0.0
    kept = [
        members
        for label in np.unique(found[found >= 0])
        if len(members := np.flatnonzero(found == label)) > 1
        and cohesion(rows[members]) >= bar
        and rows[members].sum(axis=0, dtype=np.float64).any()
    ]
    groups = _groups(rows, names, kept, seed, {*taken, *frame.ids})
    grouped = {key for group in groups for key in group.keys}
    large = () if frame.locked else tuple(g for g in groups if len(g.keys) >= least)
    return Suggestions(
        themes=large,
        waiting=tuple(group for group in groups if group not in large),
        pool=tuple(sorted(set(keys) - grouped)),
        least=least,
    )


def adopt(frame: Frame, groups: Sequence[Group], labels: Mapping[str, str]) -> Frame:
    """Return the frame with groups that a person took on as themes.

    Parameters
    ----------
    frame : Frame
    groups : sequence of Group
    labels : mapping of str to str
        By the groups' ids.

    Raises
    ------
    InputError
        If the frame is locked.
    """
    if frame.locked and groups:
        raise InputError("The list of themes is locked: unlock it to add suggested themes")
    added = tuple(
        FrozenTheme(
            id=group.id,
            label=labels[group.id],
            centroid=group.centroid,
            threshold=group.threshold,
            cohesion=group.cohesion,
        )
        for group in groups
    )
    return replace(frame, themes=frame.themes + added)


def _groups(
    rows: Vectors,
    names: Sequence[str],
    kept: Sequence[NDArray[np.intp]],
    seed: int,
    taken: Collection[str],
) -> tuple[Group, ...]:
    if not kept:
        return ()
    members = [tuple(names[at] for at in group) for group in kept]
    sums = np.stack([rows[group].sum(axis=0, dtype=np.float64) for group in kept])
    centroids = unit_rows(sums)
    labels = np.full(len(rows), -1)
    for at, group in enumerate(kept):
        labels[group] = at
    least_cosines = thresholds(rows, labels, centroids)
    groups = [
        Group(
            id=name,
            keys=keys,
            centroid=centroid,
            threshold=float(least_cosine),
            cohesion=cohesion(rows[group]),
        )
        for name, keys, centroid, least_cosine, group in zip(
            theme_ids(members, seed, taken), members, centroids, least_cosines, kept, strict=True
        )
    ]
    return tuple(sorted(groups, key=lambda group: (-len(group.keys), group.id)))
