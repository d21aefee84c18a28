"""Words and letter groups, reduced: always there, and blind across languages."""

import hashlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.themes.embedding.machine import instruction_set
from analysis.themes.embedding.protocol import ANY_LANGUAGE, Vectors, unit_rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix
    from sklearn.pipeline import FeatureUnion

_COMPONENTS = 100
_SEED = 0
# Enough for the axes to settle; beyond it a fit grows and the axes do not change to speak of.
_MOST_TEXTS = 20_000
_MOST_WORDS = 30_000
_MOST_LETTERS = 60_000

QUALITY: Mapping[str, str] = MappingProxyType(
    {
        ANY_LANGUAGE: "Compares words and spelling: it does not see that two languages say the "
        "same, and statements that share no words can land together."
    }
)


class LsaEmbedder:
    """TF-IDF of words and letter groups, reduced to 100 axes by singular values.

    The axes are those of the texts it was fitted on, whatever their order and however often
    each occurs. To place later texts among earlier ones, fit on the earlier ones again: the
    same texts give the same axes.

    Attributes
    ----------
    dimension : int
        101: the last column is one for a text that shares nothing with the fitted ones.

    References
    ----------
    .. [1] Deerwester et al. (1990). Indexing by Latent Semantic Analysis. JASIS 41(6).
    """

    name = "lsa"
    dimension = _COMPONENTS + 1
    quality = QUALITY

    def __init__(self) -> None:
        self._features: FeatureUnion | None = None
        self._axes: NDArray[np.float64] | None = None
        self._fitted_on = ""

    @property
    def model_id(self) -> str:
        """The method and what it was fitted on."""
        return f"lsa/1/{self._fitted_on}"

    @property
    def engine(self) -> str:
        """Libraries and instruction set."""
        import sklearn

        return f"scikit-learn {sklearn.__version__} numpy {np.__version__}, {instruction_set()}"

    def fit(self, texts: Sequence[str]) -> "LsaEmbedder":
        """Return a new embedder with the axes of these texts.

        Of more than 20,000 distinct texts, as many are used, chosen by their checksum.
        """
        from sklearn.utils.extmath import randomized_svd
        from threadpoolctl import threadpool_limits

        fitted = LsaEmbedder()
        chosen = _chosen(texts)
        fitted._fitted_on = hashlib.sha256(_bytes("\0".join(chosen))).hexdigest()[:16]
        features = _features(len(chosen))
        try:
            table = features.fit_transform(chosen)
        except ValueError:  # no text, or none with a letter
            return fitted
        fitted._features = features
        components = min(_COMPONENTS, table.shape[1] - 1, table.shape[0])
        if components < 1:
            fitted._axes = np.zeros((table.shape[1], 0))
            return fitted
        # One thread: how a sum is split over threads changes its last bits.
        with threadpool_limits(limits=1):
            _, _, axes = randomized_svd(table, components, n_iter=5, random_state=_SEED)
        fitted._axes = np.ascontiguousarray(axes.T)
        return fitted

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows of shape (n_texts, 101), float32.

        An embedder that was not fitted is fitted on these very texts, for this call alone.
        """
        if not self._fitted_on:
            return self.fit(texts).embed(texts)
        rows = np.zeros((len(texts), self.dimension))
        if self._features is not None and self._axes is not None and len(texts):
            table: csr_matrix = self._features.transform(texts)
            # Sparse times dense: one row at a time, so that a row's bytes are its own.
            rows[:, : self._axes.shape[1]] = table @ self._axes
        rows[np.sqrt(np.sum(rows * rows, axis=1)) < 1e-9] = 0.0
        rows[:, -1] = ~rows.any(axis=1)
        return unit_rows(rows)

    def long_texts(self, texts: Sequence[str]) -> tuple[int, ...]:
        """Return nothing: no text is too long to be counted whole."""
        return ()


def _chosen(texts: Sequence[str]) -> list[str]:
    distinct = sorted(set(texts))
    if len(distinct) <= _MOST_TEXTS:
        return distinct
    ranked = sorted(distinct, key=lambda text: hashlib.sha256(_bytes(text)).digest())
    return sorted(ranked[:_MOST_TEXTS])


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _features(texts: int) -> "FeatureUnion":
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    # Once is noise in a large set, and all there is in a small one.
    least = 2 if texts >= 1000 else 1
    words = TfidfVectorizer(
        ngram_range=(1, 2), min_df=least, max_features=_MOST_WORDS, sublinear_tf=True,
        token_pattern=r"(?u)\b\w+\b",  # noqa: S106
    )  # fmt: skip
    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), min_df=least, max_features=_MOST_LETTERS,
        sublinear_tf=True,
    )  # fmt: skip
    return FeatureUnion([("words", words), ("letters", letters)])
