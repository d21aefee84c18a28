"""What every embedder offers, and the one rule its rows keep."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

ANY_LANGUAGE = "*"


class Embedder(Protocol):
    """Texts in, one unit-length row per text out.

    A row depends on its text alone: not on the order, the batch, the shard or the cache
    that it came through. Everything else here leans on that.

    Attributes
    ----------
    name : str
        Short name for people: ``e5``, ``lsa`` or the folder's name.
    model_id : str
        Changes whenever a row could: weights, prefix, pooling, or the texts fitted on.
    engine : str
        Software and instruction set. Rows of one model are the same to the byte under
        one engine, and close (cosine .998 and above, measured) across engines. Record it with
        a run.
    dimension : int
        Columns of :meth:`embed`.
    quality : Mapping[str, str]
        A sentence on what to expect, by language; ``"*"`` stands for every other one.
    """

    @property
    def name(self) -> str: ...
    @property
    def model_id(self) -> str: ...
    @property
    def engine(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def quality(self) -> Mapping[str, str]: ...

    def fit(self, texts: Sequence[str]) -> "Embedder":
        """Return an embedder ready for these texts; itself when it learns nothing from them."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return an array of shape (n_texts, dimension), float32, rows of length one."""
        ...

    def long_texts(self, texts: Sequence[str]) -> tuple[int, ...]:
        """Return where the texts are that do not fit the model in one piece.

        They are embedded in windows and averaged, so nothing is dropped; but their vector
        is blunter, and a run should say how many there were.
        """
        ...


def unit_rows(rows: NDArray[np.floating]) -> Vectors:
    """Return the rows scaled to length one; a row of zeros stays as it is.

    Parameters
    ----------
    rows : ndarray of shape (n, dimension)

    Returns
    -------
    ndarray of shape (n, dimension), float32

    Examples
    --------
    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()
    [[0.6000000238418579, 0.800000011920929], [0.0, 0.0]]
    """
    wide = rows.astype(np.float64)
    # Not np.linalg.norm: its BLAS path may sum in another order for another number of rows.
    lengths = np.sqrt(np.sum(wide * wide, axis=1, keepdims=True))
    lengths[lengths == 0.0] = 1.0
    return np.asarray(wide / lengths, dtype=np.float32)
