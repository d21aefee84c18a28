"""How well a clustering agrees with known classes, and themes with translations.

For benchmarks and for checks against hand-coded answers. Measures that grow with the number
of clusters by chance alone (purity, normalised mutual information) are left out on purpose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    homogeneity_completeness_v_measure,
)

Labels = Sequence[str] | Sequence[int] | NDArray[Any]


@dataclass(frozen=True, slots=True)
class PrecisionRecall:
    """Two shares between 0 and 1.

    Attributes
    ----------
    precision : float
        Of what was put together, the share that belongs together.
    recall : float
        Of what belongs together, the share that was put together.
    """

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 0 when both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class ClusterAgreement:
    """A clustering beside known classes.

    Attributes
    ----------
    ami, ari : float
        Adjusted mutual information and adjusted Rand index: 1 for the same partition, about
        0 for one by chance, at times below.
    homogeneity, completeness, v_measure : float
        Between 0 and 1, not corrected for chance.
    b_cubed : PrecisionRecall
        Averaged over items, so every item counts once, also in a small class.
    pairwise : PrecisionRecall
        Over pairs of items, so large classes outweigh small ones by far.
    """

    ami: float
    ari: float
    homogeneity: float
    completeness: float
    v_measure: float
    b_cubed: PrecisionRecall
    pairwise: PrecisionRecall


def compare(classes: Labels, clusters: Labels) -> ClusterAgreement:
    """Return every measure of a clustering against known classes.

    Parameters
    ----------
    classes, clusters : sequence of str or int, of shape (n_items,)
        Of one length, at least 1. A label that stands for "noise" is a cluster like another.

    Raises
    ------
    ValueError
        If lengths differ or there is no item.
    """
    _check(classes, clusters)
    homogeneity, completeness, v_measure = homogeneity_completeness_v_measure(classes, clusters)
    return ClusterAgreement(
        ami=float(adjusted_mutual_info_score(classes, clusters)),
        ari=float(adjusted_rand_score(classes, clusters)),
        homogeneity=float(homogeneity),
        completeness=float(completeness),
        v_measure=float(v_measure),
        b_cubed=b_cubed(classes, clusters),
        pairwise=pairwise(classes, clusters),
    )


def b_cubed(classes: Labels, clusters: Labels) -> PrecisionRecall:
    """Return B-cubed precision and recall.

    An item's precision is the share of its cluster that is of its class, itself included;
    its recall the share of its class that is in its cluster. Both are averaged over items.

    Parameters
    ----------
    classes, clusters : sequence of str or int, of shape (n_items,)

    Raises
    ------
    ValueError
        If lengths differ or there is no item.

    References
    ----------
    .. [1] Bagga and Baldwin (1998). Entity-based cross-document coreferencing using the
       vector space model. COLING-ACL.
    .. [2] Amigó et al. (2009). A comparison of extrinsic clustering evaluation metrics based
       on formal constraints. Information Retrieval 12, 461-486.

    Examples
    --------
    >>> shares = b_cubed([0, 0, 0, 1], [0, 0, 1, 1])
    >>> round(shares.precision, 3), round(shares.recall, 3)
    (0.75, 0.667)
    """
    cells = _contingency(classes, clusters)
    squares = cells.counts**2
    items = cells.counts.sum()
    return PrecisionRecall(
        precision=float((squares / cells.cluster_sizes).sum() / items),
        recall=float((squares / cells.class_sizes).sum() / items),
    )


def pairwise(classes: Labels, clusters: Labels) -> PrecisionRecall:
    """Return precision and recall over pairs of items.

    Parameters
    ----------
    classes, clusters : sequence of str or int, of shape (n_items,)

    Returns
    -------
    PrecisionRecall
        Precision is 1 when no pair was put together, recall when none belongs together:
        nothing was claimed, nothing was missed.

    Raises
    ------
    ValueError
        If lengths differ or there is no item.
    """
    cells = _contingency(classes, clusters)
    together = _pairs(cells.counts)
    return PrecisionRecall(
        precision=_share(together, _pairs(_sizes(clusters))),
        recall=_share(together, _pairs(_sizes(classes))),
    )


def lands_with_source(
    themes: Labels,
    sentences: Labels,
    languages: Sequence[str] | NDArray[np.str_],
    source: str = "en",
) -> dict[str, float]:
    """Return how often a translation has the theme of its source sentence, by language.

    Parameters
    ----------
    themes : sequence of str or int, of shape (n_texts,)
    sentences : sequence of str or int, of shape (n_texts,)
        The same for a sentence and its translations.
    languages : sequence of str, of shape (n_texts,)
    source : str
        The language that the others are held against.

    Returns
    -------
    dict of str to float
        Share between 0 and 1 for each language but the source, in alphabetical order.
        Translations whose source sentence is not there are left out; so is a language that
        has no other.

    Raises
    ------
    ValueError
        If lengths differ, the source language is missing, or has a sentence twice.

    Examples
    --------
    >>> lands_with_source([1, 1, 2, 1], ["a", "a", "b", "b"], ["en", "so", "en", "so"])
    {'so': 0.5}
    """
    _check(themes, sentences)
    _check(themes, languages)
    of_source: dict[object, object] = {}
    for theme, sentence, language in zip(themes, sentences, languages, strict=True):
        if language == source and sentence in of_source:
            raise ValueError(f"sentence {sentence!r} is there twice in {source!r}")
        if language == source:
            of_source[sentence] = theme
    if not of_source:
        raise ValueError(f"no sentence in {source!r}")
    landed: dict[str, list[bool]] = {}
    for theme, sentence, language in zip(themes, sentences, languages, strict=True):
        if language != source and sentence in of_source:
            landed.setdefault(str(language), []).append(bool(theme == of_source[sentence]))
    return {language: sum(hits) / len(hits) for language, hits in sorted(landed.items())}


@dataclass(frozen=True, slots=True)
class _Contingency:
    """The filled cells alone: 200,000 items in 400 clusters need no dense table."""

    counts: NDArray[np.int64]
    class_sizes: NDArray[np.int64]
    cluster_sizes: NDArray[np.int64]


def _contingency(classes: Labels, clusters: Labels) -> _Contingency:
    _check(classes, clusters)
    _, rows, class_sizes = np.unique(np.asarray(classes), return_inverse=True, return_counts=True)
    _, columns, cluster_sizes = np.unique(
        np.asarray(clusters), return_inverse=True, return_counts=True
    )
    width = len(cluster_sizes)
    cells, counts = np.unique(rows * width + columns, return_counts=True)
    return _Contingency(
        counts=counts.astype(np.int64),
        class_sizes=class_sizes[cells // width],
        cluster_sizes=cluster_sizes[cells % width],
    )


def _sizes(labels: Labels) -> NDArray[np.int64]:
    return np.unique(np.asarray(labels), return_counts=True)[1].astype(np.int64)


def _pairs(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _check(first: Labels, second: Labels) -> None:
    if len(first) != len(second):
        raise ValueError(f"{len(first)} labels beside {len(second)}")
    if len(first) == 0:
        raise ValueError("no item to compare")
