"""The review model: what people decide teaches the machine.

Every confirmation and every move is a label. A logistic classifier for each theme learns
from them on top of the embeddings, and is then weighed against what the machine had said:
one more logistic regression, over all themes together, learns from held-out folds how far
to trust either [1]_. With few labels the machine's word decides, with many the people's,
and nobody has to say when to change over.

Three choices, each measured (docs/benchmarks.md):

- A vector goes in as the middle between itself and the mean of its twenty nearest
  neighbours: units without a label say which differences matter little [2]_.
- A theme with fewer than two examples keeps the units that the machine gave it, as far as
  the machine has been right so far: not looked at yet does not mean not there.
- No class weights: they cost accuracy and bring little to rare themes, which the machine's
  word carries.

References
----------
.. [1] Wolpert (1992). Stacked generalization. Neural Networks 5(2), 241-259.
.. [2] Wu et al. (2019). Simplifying Graph Convolutional Networks. ICML. arXiv:1902.07153.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from analysis.themes.embedding.protocol import Vectors, unit_rows

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]

# With fewer decisions the machine's assignment stands alone, ...
LEAST_CONFIRMED = 20
# ... and with fewer positive ones so does its word on that theme.
LEAST_POSITIVE = 2
# A theme beside the best one is chosen from this chance on. A label adds to F1 when its
# chance is above half the F1; .4 was best and .5 hardly worse.
SECOND_THEME = 0.4

_NEIGHBOURS = 20
_REFERENCE = 8192
_BLOCK = 2048
_FOLDS = 5
_C = 5.0
_MACHINE_TEMPERATURE = 0.05


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """What a run's units say about which differences matter.

    Attributes
    ----------
    middle : ndarray of shape (dimension,)
        Mean of all units, or of a sample of 8,192.
    reference : ndarray of shape (m, dimension), float32
        The same as unit rows around their mean; neighbours are sought among them.
    scale : float
        Brings features to a length of one on the mean (root mean square).
    """

    middle: Floats
    reference: Vectors
    scale: float

    def features(self, vectors: Vectors) -> Vectors:
        """Return the features of units, of this run or later.

        Parameters
        ----------
        vectors : ndarray of shape (n, dimension)
            Centred unit rows.

        Returns
        -------
        ndarray of shape (n, dimension), float32
        """
        rows = _smoothed(vectors, self.middle, self.reference)
        rows *= np.float32(self.scale)
        return rows


def learn_features(vectors: Vectors, *, seed: int = 0) -> FeatureSpace:
    """Learn the feature space of a run from all its units; no labels are needed.

    Parameters
    ----------
    vectors : ndarray of shape (n, dimension)
        Centred unit rows, at least one. Their order does not matter.
    seed : int
        Draws the sample of a large run.

    Raises
    ------
    ValueError
        If there are no rows.
    """
    if not len(vectors):
        raise ValueError("no vectors to learn from")
    order = _by_content(vectors)
    if len(order) > _REFERENCE:
        order = np.random.default_rng(seed).choice(order, _REFERENCE, replace=False)
    sample = vectors[order]
    middle = sample.mean(axis=0, dtype=np.float64)
    reference = unit_rows(sample - middle)
    squares = _smoothed(sample, middle, reference).astype(np.float64) ** 2
    length = float(np.sqrt(squares.sum(axis=1).mean()))
    return FeatureSpace(middle, reference, scale=1.0 / length if length > 0 else 1.0)


@dataclass(frozen=True, slots=True)
class ReviewModel:
    """A classifier of units by theme; made by :func:`fit_review_model`.

    Attributes
    ----------
    confirmed : int
        Decisions it learned from.
    positive : tuple of int
        Of these, in each theme.
    blend : tuple of float or None
        How far it trusts the classifiers, the machine's score and the machine's choice, and
        a constant. None when there are too few decisions: then the machine decides alone.
    """

    confirmed: int
    positive: tuple[int, ...]
    blend: tuple[float, float, float, float] | None
    _weights: Vectors
    _constants: Floats
    _prior_mean: Floats
    _prior_scale: Floats
    _record: Floats

    @property
    def by_machine(self) -> tuple[int, ...]:
        """The themes that the machine's word decides, for want of examples; say so."""
        if self.blend is None:
            return tuple(range(len(self.positive)))
        return tuple(np.flatnonzero(~self._weights.any(axis=1)).tolist())

    def scores(self, features: Vectors, prior: ArrayLike) -> Floats:
        """Return how likely each unit is in each theme.

        Parameters
        ----------
        features : ndarray of shape (n, dimension)
            From :meth:`FeatureSpace.features`.
        prior : array-like of shape (n, n_themes)
            The machine's scores: cosines to the themes' centroids, higher for likelier.

        Returns
        -------
        ndarray of shape (n, n_themes)
            From 0 to 1. Chances, borne out within a few points where measured; when the
            machine decides alone, a mere ranking.

        Raises
        ------
        ValueError
            If the shapes do not fit or a score is not finite.
        """
        prior = _checked_prior(features, prior, len(self.positive))
        if self.blend is None:
            return np.asarray(softmax(prior / _MACHINE_TEMPERATURE, axis=1))
        own = features @ self._weights.T + self._constants
        choice = _word(prior)
        standard = (prior - self._prior_mean) / self._prior_scale
        trust, likeness, word, constant = self.blend
        scores = np.asarray(expit(trust * own + likeness * standard + word * choice + constant))
        alone = list(self.by_machine)
        kept = choice[:, alone] * self._record[alone]
        scores[:, alone] = np.maximum(scores[:, alone], kept)
        return scores


def fit_review_model(
    features: Vectors, prior: ArrayLike, rows: Sequence[int], labels: ArrayLike
) -> ReviewModel:
    """Learn from people's decisions.

    Leave the audit sample out: an estimate corrected by it is honest only for a model that
    has not seen it.

    Parameters
    ----------
    features : ndarray of shape (n, dimension)
        Of all units, from :meth:`FeatureSpace.features`.
    prior : array-like of shape (n, n_themes)
        The machine's scores of all units.
    rows : sequence of int, shape (m,)
        The units decided on, each once. Their order does not matter.
    labels : array-like of bool, shape (m, n_themes)
        The decisions: a unit may be in several themes, or in none.

    Returns
    -------
    ReviewModel

    Raises
    ------
    ValueError
        If the shapes do not fit, there are no themes, a row occurs twice, or a score is not
        finite.
    """
    truth = np.asarray(labels, dtype=np.bool_)
    if truth.ndim != 2 or len(truth) != len(rows):
        raise ValueError(f"labels of shape {truth.shape} for {len(rows)} rows")
    if len(set(rows)) != len(rows):
        raise ValueError("a row was decided on twice")
    prior = _checked_prior(features, prior, truth.shape[1])
    if not prior.shape[1]:
        raise ValueError("no themes to review")
    mean, scale = prior.mean(axis=0), prior.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)  # a constant's is rounding

    at = np.asarray(rows, dtype=np.intp)
    order = _by_content(features[at])
    at, truth = at[order], truth[order]
    seen = features[at]
    blend = None
    # On arrays this small a second thread costs ten times what it brings.
    with threadpool_limits(limits=1):
        weights, constants = _fit_themes(seen, truth)
        if len(at) >= LEAST_CONFIRMED and truth.any() and not truth.all():
            standard = ((prior - mean) / scale)[at]
            blend = _fit_blend(_held_out(seen, truth), standard, _word(prior[at]), truth)
    return ReviewModel(
        confirmed=len(at),
        positive=tuple(truth.sum(axis=0).tolist()),
        blend=blend,
        _weights=weights,
        _constants=constants,
        _prior_mean=mean,
        _prior_scale=scale,
        _record=_record(_word(prior[at]) > 0, truth),
    )


def choose_themes(scores: Floats) -> Labels:
    """Return the best theme of each unit, and every other one with a chance of 0.4 or more.

    Parameters
    ----------
    scores : ndarray of shape (n, n_themes)
        From :meth:`ReviewModel.scores`.

    Returns
    -------
    ndarray of bool, shape (n, n_themes)
    """
    return (scores >= SECOND_THEME) | (_choice(scores) > 0)


def _smoothed(vectors: Vectors, middle: Floats, reference: Vectors) -> Vectors:
    """Return each row half and half with the mean of its nearest neighbours."""
    count = min(_NEIGHBOURS, len(reference))
    rows = np.empty(vectors.shape, dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):  # bounds the similarities held at once
        own = unit_rows(vectors[start : start + _BLOCK] - middle)
        nearest = np.argpartition(own @ reference.T, -count, axis=1)[:, -count:]
        # In one order, because a sum of floats depends on it.
        nearest.sort(axis=1)
        rows[start : start + _BLOCK] = (own + reference[nearest].mean(axis=1)) / 2
    return rows


def _by_content(rows: Vectors) -> NDArray[np.intp]:
    """Return an order that depends on the rows alone; eight numbers tell two texts apart."""
    return np.lexsort(rows[:, :8].T[::-1])


def _choice(scores: Floats) -> Floats:
    """Return 1 at the highest score of each row (the first of equals), 0 elsewhere."""
    chosen = np.zeros(scores.shape)
    if scores.shape[1]:
        chosen[np.arange(len(scores)), scores.argmax(axis=1)] = 1.0
    return chosen


def _word(prior: Floats) -> Floats:
    """Return the machine's choice, none in a row where it scores every theme alike."""
    silent = np.ptp(prior, axis=1, keepdims=True) == 0
    return np.where(silent, 0.0, _choice(prior))


def _fit_themes(features: Vectors, truth: Labels) -> tuple[Vectors, Floats]:
    """Return a classifier by theme; weights of zero where there is nothing to learn from."""
    weights = np.zeros((truth.shape[1], features.shape[1]), dtype=np.float32)
    positive = truth.sum(axis=0)
    # The constant of a theme without a classifier is how common it is.
    constants = np.log((positive + 0.5) / (len(truth) - positive + 0.5))
    for theme in range(truth.shape[1]):
        if LEAST_POSITIVE <= positive[theme] < len(truth):
            fitted = LogisticRegression(C=_C, max_iter=1000).fit(features, truth[:, theme])
            weights[theme], constants[theme] = fitted.coef_[0], fitted.intercept_[0]
    return weights, constants


def _held_out(features: Vectors, truth: Labels) -> Floats:
    """Return what classifiers say that have not seen the row."""
    said = np.zeros(truth.shape)
    fold = np.arange(len(truth)) % _FOLDS
    for number in range(_FOLDS):
        inside = fold == number
        weights, constants = _fit_themes(features[~inside], truth[~inside])
        said[inside] = features[inside] @ weights.T + constants
    return said


def _fit_blend(
    own: Floats, standard: Floats, choice: Floats, truth: Labels
) -> tuple[float, float, float, float]:
    pairs = np.column_stack([own.ravel(), standard.ravel(), choice.ravel()])
    fitted = LogisticRegression(max_iter=1000).fit(pairs, truth.ravel())
    first, second, third = fitted.coef_[0].tolist()
    return first, second, third, float(fitted.intercept_[0])


def _record(chosen: Labels, truth: Labels) -> Floats:
    """Return how often people agreed with the machine's choice of each theme.

    Five decisions' weight goes to its record over all themes, which is all there is for a
    theme nobody has looked at yet. Without this a theme that the queue has not reached would
    be read as one that does not exist, and its people given to others.
    """
    agreed = (chosen & truth).sum(axis=0)
    overall = (agreed.sum() + 1) / (len(truth) + 2)
    return np.asarray((agreed + 5 * overall) / (chosen.sum(axis=0) + 5))


def _checked_prior(features: Vectors, prior: ArrayLike, n_themes: int) -> Floats:
    scores = np.asarray(prior, dtype=np.float64)
    if scores.shape != (len(features), n_themes):
        raise ValueError(
            f"machine scores of shape {scores.shape} for {len(features)} units and "
            f"{n_themes} themes"
        )
    if not np.isfinite(scores).all():
        raise ValueError("a machine score is not finite")
    return scores
