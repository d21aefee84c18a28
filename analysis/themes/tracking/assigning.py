"""New units into themes that stay as they are.

Themes are frozen once a person has seen them: their centroids stay, new units go to the nearest
one, and what lies outside every theme is said to be unclear. Freezing keeps every old
assignment and loses at most .013 AMI against clustering all over again, which keeps 82 to 85 %
of them (methods, A10).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analysis.text.normalise import comparison_key
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.tracking.frame import Frame

QUANTILE = 0.05
CLEAR_MARGIN = 0.05
# Of twenty members, five in a hundred are one: with fewer there is no such quantile.
_PRIOR_MEMBERS = 20
# Bounds the float64 copies; no row depends on it.
_BLOCK = 4096


class Status(StrEnum):
    """How sure an assignment is."""

    ASSIGNED = "assigned"
    UNCERTAIN = "uncertain"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """Where the machine puts units, an entry per row.

    Attributes
    ----------
    theme : ndarray of shape (n,), int32
        Index into the frame's themes; -1 where the unit lies outside every one.
    strength : ndarray of shape (n,), float64
        Cosine to that theme, -1 to 1; to the nearest where it is none.
    margin : ndarray of shape (n,), float64
        What the strength is above the highest cosine to another theme (0 where there is no
        other). Below zero where a nearer theme is so tight that it does not take the unit.
    status : ndarray of shape (n,), str
        Values of :class:`Status`.
    by_keyword : ndarray of shape (n,), bool
        The unit was taken for being a keyword of the theme.
    """

    theme: NDArray[np.int32]
    strength: NDArray[np.float64]
    margin: NDArray[np.float64]
    status: NDArray[np.str_]
    by_keyword: NDArray[np.bool_]

    def ids(self, frame: Frame) -> tuple[str | None, ...]:
        """Return the id of each row's theme, None where it has none."""
        names = (*frame.ids, None)
        return tuple(names[at] for at in self.theme.tolist())


def thresholds(
    vectors: Vectors, labels: NDArray[np.integer], centroids: Vectors
) -> NDArray[np.float64]:
    """Return how near to each centroid a unit must lie to belong to its theme.

    That is the cosine which 95 % of the theme's members reach. A few members do not tell it:
    the quantile of all themes counts as twenty members, which leaves a large theme its own
    value and a small one nearly the common one.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Unit rows.
    labels : ndarray of shape (n,)
        Theme of each row, -1 for none.
    centroids : ndarray of shape (n_themes, dimension)
        Of any length above zero.

    Returns
    -------
    ndarray of shape (n_themes,)
        From 0 to 1; for a theme without members the common value.

    Raises
    ------
    ValueError
        If no row has a theme, or a shape or label does not fit.
    """
    labels = np.asarray(labels)
    if vectors.ndim != 2 or labels.shape != (len(vectors),):
        raise ValueError(f"vectors of shape {vectors.shape}, labels of shape {labels.shape}")
    if not (labels >= 0).any():
        raise ValueError("no row has a theme")
    if labels.max() >= len(centroids):
        raise ValueError(f"label {labels.max()} with {len(centroids)} centroids")
    centres = unit(centroids)
    cosines = np.zeros(len(vectors))
    for start in range(0, len(vectors), _BLOCK):
        rows = slice(start, start + _BLOCK)
        own = centres[np.maximum(labels[rows], 0)]
        cosines[rows] = np.einsum("nd,nd->n", vectors[rows].astype(np.float64), own)
    common = np.quantile(cosines[labels >= 0], QUANTILE)
    found = np.full(len(centroids), common)
    for theme in np.unique(labels[labels >= 0]):
        members = cosines[labels == theme]
        weight = len(members) / (len(members) + _PRIOR_MEMBERS)
        found[theme] = weight * np.quantile(members, QUANTILE) + (1 - weight) * common
    return np.clip(found, 0.0, 1.0)


def cohesion(vectors: Vectors) -> float:
    """Return the mean cosine between two different members of a group.

    Unlike the mean cosine to the group's own centroid it does not rise as the group gets
    smaller: ten vectors at random have .3 of that, and 0 of this.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Unit rows, two or more.

    Returns
    -------
    float
        From -1 to 1, rounded to nine places so that the order of rows does not show.

    Raises
    ------
    ValueError
        If there are fewer than two rows.

    Examples
    --------
    >>> cohesion(np.array([[1.0, 0.0], [0.6, 0.8]], dtype=np.float32))
    0.600000024
    """
    n = len(vectors)
    if n < 2:
        raise ValueError("cohesion is between two or more units")
    total = vectors.sum(axis=0, dtype=np.float64)
    own = np.einsum("nd,nd->", vectors, vectors, dtype=np.float64)
    pairs = float(np.sum(total * total) - own)
    return round(pairs / (n * (n - 1)), 9)


def assign(
    vectors: Vectors,
    frame: Frame,
    *,
    texts: Sequence[str] | None = None,
    keywords: Mapping[str, Collection[str]] | None = None,
) -> Assignment:
    """Put units into the themes of a frame.

    Of the themes that a unit is near enough to, it goes to the nearest one. A unit of one
    word that is near enough to none goes to the theme that has the word for a keyword, the
    nearest if there are several.

    A row's result depends on the row and the frame alone, to the byte: not on the other rows,
    their order, or the order of the themes.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Unit rows, centred as the frame's were.
    frame : Frame
    texts : sequence of str of length n, optional
        The units, for the keywords.
    keywords : mapping of str to collection of str, optional
        By theme id.

    Raises
    ------
    ValueError
        If a shape does not fit or a value is not finite.
    """
    n, k = len(vectors), len(frame.themes)
    if vectors.ndim != 2 or (k and vectors.shape[1] != frame.themes[0].centroid.size):
        raise ValueError(f"vectors of shape {vectors.shape} do not fit the frame")
    if texts is not None and len(texts) != n:
        raise ValueError(f"{n} vectors but {len(texts)} texts")
    # By id, so that a tie is not settled by the order of the themes.
    order = sorted(
        (at for at, theme in enumerate(frame.themes) if not theme.retired),
        key=lambda at: frame.themes[at].id,
    )
    themes, strength, margin = np.full(n, -1, np.int32), np.zeros(n), np.zeros(n)
    by_keyword = np.zeros(n, dtype=np.bool_)
    status = np.full(n, Status.UNCLEAR, dtype="<U9")
    result = Assignment(themes, strength, margin, status, by_keyword)
    if not order:
        return result

    centres = unit(np.stack([frame.themes[at].centroid for at in order]))
    least = np.array([frame.themes[at].threshold for at in order])
    for start in range(0, n, _BLOCK):
        rows = slice(start, start + _BLOCK)
        cosines = cosines_of(vectors[rows], centres)
        # At right angles to everything, as a row of zeros is, belongs to nothing.
        accepted = (cosines >= least) & (cosines > 0.0)
        clear = np.asarray(accepted.any(axis=1))
        best = np.argmax(np.where(accepted | ~clear[:, None], cosines, -np.inf), axis=1)
        strength[rows], margin[rows] = strengths(cosines, best)
        themes[rows] = np.where(clear, np.array(order)[best], -1)
        sure = np.where(margin[rows] < CLEAR_MARGIN, Status.UNCERTAIN, Status.ASSIGNED)
        status[rows] = np.where(clear, sure, Status.UNCLEAR)

    if texts is not None and keywords:
        holders = _holders(keywords, [frame.ids[at] for at in order])
        for row in np.flatnonzero(themes < 0).tolist():
            word = comparison_key(texts[row])
            held = [] if " " in word else holders.get(word, [])
            if held:
                cosines = cosines_of(vectors[row : row + 1], centres)
                best = np.array([max(held, key=lambda at: (cosines[0, at], -at))])
                strength[row : row + 1], margin[row : row + 1] = strengths(cosines, best)
                themes[row] = order[best[0]]
                status[row] = Status.ASSIGNED if len(held) == 1 else Status.UNCERTAIN
                by_keyword[row] = True
    return result


def _holders(keywords: Mapping[str, Collection[str]], ids: Sequence[str]) -> dict[str, list[int]]:
    """Return the places of the themes that have a keyword, by the keyword's comparison key."""
    holders: dict[str, list[int]] = {}
    for at, name in enumerate(ids):
        for word in {comparison_key(keyword) for keyword in keywords.get(name, ())} - {""}:
            holders.setdefault(word, []).append(at)
    return holders


def strengths(
    cosines: NDArray[np.float64], best: NDArray[np.integer]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each row's cosine to one centre, and what it is above the highest to another."""
    every = np.arange(len(cosines))
    strength = cosines[every, best]
    if cosines.shape[1] == 1:
        return strength, strength
    others = cosines.copy()
    others[every, best] = -np.inf
    return strength, strength - others.max(axis=1)


def cosines_of(vectors: Vectors, centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the cosines of unit rows to unit centres, each row's by itself to the byte.

    Raises
    ------
    ValueError
        If a value of the rows is not finite.
    """
    if not np.isfinite(vectors).all():
        raise ValueError("a vector holds a value that is not finite")
    # einsum without optimize: its sums have one order, whatever the number of rows. BLAS
    # gives a row other last digits in another block; 200,000 rows take seconds either way.
    return np.asarray(np.einsum("nd,kd->nk", vectors.astype(np.float64), centres))


def unit(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return rows of any length above zero at length one."""
    wide = np.asarray(rows, dtype=np.float64)
    return np.asarray(wide / np.sqrt(np.sum(wide * wide, axis=1, keepdims=True)))
