"""Themes from a cut: ids, middles, and how firmly each unit belongs.

Units of two words or more found the themes. Those of one word ("parking") say too little for
that; they are put to a theme that is there, or said to be unclear.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.themes.clustering import Labels
from analysis.themes.embedding.protocol import Vectors, unit_rows
from analysis.themes.prepare import Indexes, Prepared
from analysis.themes.tracking.assigning import (
    CLEAR_MARGIN,
    Status,
    assign,
    cohesion,
    cosines_of,
    strengths,
    thresholds,
)
from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.identity import theme_ids

_BLOCK = 4096


@dataclass(frozen=True, slots=True, eq=False)
class Founded:
    """Themes over distinct units.

    Attributes
    ----------
    frame : Frame
        The themes, without labels.
    theme : ndarray of shape (n_keys,), int
        Place in the frame; -1 for none.
    strength : ndarray of shape (n_keys,)
        Cosine to the theme's middle; to the nearest where it is none.
    margin : ndarray of shape (n_keys,)
        What that is above the highest cosine to another theme's middle.
    status : ndarray of shape (n_keys,), str
        Values of :class:`Status`.
    """

    frame: Frame
    theme: Indexes
    strength: NDArray[np.float64]
    margin: NDArray[np.float64]
    status: NDArray[np.str_]

    @property
    def centroids(self) -> Vectors:
        """Middles of the themes, shape (n_themes, dimension)."""
        return np.stack([theme.centroid for theme in self.frame.themes])


def found(
    prepared: Prepared,
    vectors: Vectors,
    labels: Labels,
    *,
    model_id: str,
    means_version: str,
    seed: int,
) -> Founded:
    """Make themes of a cut.

    Parameters
    ----------
    prepared : Prepared
    vectors : ndarray of shape (n_keys, dimension)
        Of all distinct units.
    labels : ndarray of shape (n_seeds,), int
        Themes of those units that may found one, from 0 on, none of them empty.
    model_id, means_version : str
        Whose vectors they are.
    seed : int

    Returns
    -------
    Founded
        Units of one word belong to none yet.
    """
    count = int(labels.max()) + 1
    seeds = np.flatnonzero(prepared.seeds)
    rows = vectors[seeds]
    centroids = _middles(rows, labels, count)
    members = [seeds[labels == theme] for theme in range(count)]
    ids = theme_ids([[prepared.keys[at] for at in each] for each in members], seed)
    least = thresholds(rows, labels, centroids)
    frame = Frame(
        themes=tuple(
            FrozenTheme(
                id=ids[theme],
                label="",
                centroid=centroids[theme],
                threshold=float(least[theme]),
                cohesion=cohesion(vectors[each]) if len(each) > 1 else None,
            )
            for theme, each in enumerate(members)
        ),
        model_id=model_id,
        means_version=means_version,
        seed=seed,
    )
    theme = np.full(len(vectors), -1, dtype=np.intp)
    strength, margin = np.zeros(len(vectors)), np.zeros(len(vectors))
    status = np.full(len(vectors), Status.UNCLEAR, dtype="<U9")
    theme[seeds] = labels
    strength[seeds], margin[seeds] = _belonging(rows, labels, centroids)
    sure = margin[seeds] >= CLEAR_MARGIN
    status[seeds] = np.where(sure, Status.ASSIGNED, Status.UNCERTAIN)
    return Founded(frame, theme, strength, margin, status)


def with_single_words(
    founded: Founded,
    prepared: Prepared,
    vectors: Vectors,
    keywords: Mapping[str, Collection[str]],
) -> Founded:
    """Return the themes with the units of one word put to them, where they fit.

    Parameters
    ----------
    founded : Founded
    prepared : Prepared
    vectors : ndarray of shape (n_keys, dimension)
    keywords : mapping of str to collection of str
        By theme id.
    """
    single = np.flatnonzero(~prepared.seeds)
    if not len(single):
        return founded
    put = assign(
        vectors[single],
        founded.frame,
        texts=[prepared.key_text[at] for at in single],
        keywords=keywords,
    )
    theme, status = founded.theme.copy(), founded.status.copy()
    strength, margin = founded.strength.copy(), founded.margin.copy()
    theme[single], status[single] = put.theme, put.status
    strength[single], margin[single] = put.strength, put.margin
    return replace(founded, theme=theme, strength=strength, margin=margin, status=status)


def _middles(rows: Vectors, labels: Labels, count: int) -> Vectors:
    middles = unit_rows(
        np.stack([rows[labels == theme].sum(axis=0, dtype=np.float64) for theme in range(count)])
    )
    for theme in np.flatnonzero(~middles.any(axis=1)):
        # Opposite units that cancel out; one of them stands for the theme.
        middles[theme] = rows[np.flatnonzero(labels == theme)[0]]
    return middles


def _belonging(
    rows: Vectors, labels: Labels, centroids: Vectors
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return each row's cosine to its own theme, and what it is above the best other one."""
    strength, margin = np.empty(len(rows)), np.empty(len(rows))
    wide = centroids.astype(np.float64)
    for start in range(0, len(rows), _BLOCK):
        block = slice(start, start + _BLOCK)
        cosines = cosines_of(rows[block], wide)
        strength[block], margin[block] = strengths(cosines, labels[block])
    return strength, margin
