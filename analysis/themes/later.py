"""Later answers beside the earlier ones: what a study needs when it is not run afresh."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.themes.centring import CentringReport
from analysis.themes.clustering import Labels, build_tree, default_themes
from analysis.themes.embedding.protocol import Vectors, unit_rows
from analysis.themes.prepare import Prepared, key_languages
from analysis.themes.space import Space
from analysis.themes.tracking.assigning import cohesion, thresholds
from analysis.themes.tracking.frame import Frame


def gather(vectors: Vectors, seed: int) -> Labels:
    """Return groups of units that fit no theme, for :func:`.tracking.suggesting.suggest`."""
    tree = build_tree(vectors, seed)
    return tree.cut(default_themes(tree))


def moved(
    frame: Frame,
    members: Mapping[str, Sequence[int]],
    vectors: Vectors,
    *,
    model_id: str,
    means_version: str,
) -> Frame:
    """Return the themes of a frame in another space, each where its units lie there.

    What learns from the texts (LSA) has another space whenever texts come or go, and so has
    another model. Ids, labels and retirement stay.

    Parameters
    ----------
    frame : Frame
    members : mapping of str to sequence of int
        Rows of each theme's units, by theme id.
    vectors : ndarray of shape (n, dimension)
        Unit rows in the new space, at least one.
    model_id, means_version : str
        Whose vectors they are.

    Returns
    -------
    Frame
        A theme none of whose units is left lies in the middle of all, and takes nothing.
    """
    labels = np.full(len(vectors), -1, dtype=np.intp)
    middle = _middle(vectors, vectors)
    centroids = []
    for at, theme in enumerate(frame.themes):
        rows = np.array(sorted(members.get(theme.id, ())), dtype=np.intp)
        labels[rows] = at
        centroids.append(_middle(vectors[rows], vectors) if len(rows) else middle)
    least = (
        thresholds(vectors, labels, np.stack(centroids))
        if (labels >= 0).any()
        else np.ones(len(centroids))
    )
    themes = []
    for at, theme in enumerate(frame.themes):
        rows = np.flatnonzero(labels == at)
        themes.append(
            replace(
                theme,
                centroid=centroids[at],
                threshold=float(least[at]) if len(rows) else 1.0,
                cohesion=cohesion(vectors[rows]) if len(rows) > 1 else None,
            )
        )
    return replace(frame, themes=tuple(themes), model_id=model_id, means_version=means_version)


def centring_report(prepared: Prepared, space: Space) -> CentringReport:
    """Return what is to be said of all units' languages, new and known ones."""
    if space.means is None:
        return CentringReport(centred=False, without_lines={})
    known = space.means.languages
    unknown = Counter(code for code in key_languages(prepared) if code not in known)
    return CentringReport(centred=True, without_lines=dict(sorted(unknown.items())))


def _middle(rows: Vectors, every: Vectors) -> Vectors:
    total = rows.sum(axis=0, dtype=np.float64)
    if not total.any():
        # Units that cancel out; one of them stands for all.
        total = (rows if len(rows) else every)[0].astype(np.float64)
    return np.asarray(unit_rows(total[None, :])[0])
