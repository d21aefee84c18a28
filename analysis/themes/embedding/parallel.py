"""Texts dealt out over processes or machines, the same bytes back."""

from collections.abc import Sequence

import numpy as np

from analysis.themes.embedding.protocol import Embedder, Vectors
from analysis.themes.embedding.wrapper import Wrapper

# Below this a process costs more to start than it saves.
_LEAST_SHARD = 256
# Shards per worker, so that one slow worker does not hold up the rest.
_SHARDS_PER_WORKER = 4


def embed_sharded(embedder: Embedder, texts: Sequence[str], n_jobs: int | None = None) -> Vectors:
    """Embed through joblib, on whichever backend is active.

    ``with joblib.parallel_config("dask"):`` around the call moves the work to a Dask
    cluster. Each worker prepares the model in its own cache folder at its first shard.

    Parameters
    ----------
    embedder : Embedder
        Already fitted, when it is one that fits.
    texts : sequence of str
    n_jobs : int, optional
        Workers; by default what the active backend says, which is one without any.

    Returns
    -------
    ndarray of shape (n_texts, dimension), float32
        The same bytes as ``embedder.embed(texts)`` when the workers have this machine's
        instruction set.
    """
    from joblib import Parallel, delayed

    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    parallel = Parallel(n_jobs=n_jobs)
    workers = parallel._effective_n_jobs()
    shards = min(workers * _SHARDS_PER_WORKER, len(distinct) // _LEAST_SHARD)
    if workers == 1 or shards < 2:
        return embedder.embed(texts)
    # Dealt like cards from the sorted texts: every shard gets short and long ones alike.
    hands = [distinct[start::shards] for start in range(shards)]
    rows = parallel(delayed(_embed)(embedder, hand) for hand in hands)
    place = {
        text: (hand, at) for hand, members in enumerate(hands) for at, text in enumerate(members)
    }
    result = np.empty((len(texts), embedder.dimension), dtype=np.float32)
    for index, text in enumerate(texts):
        hand, at = place[text]
        result[index] = rows[hand][at]
    return result


def _embed(embedder: Embedder, texts: Sequence[str]) -> Vectors:
    return embedder.embed(texts)


class ShardedEmbedder(Wrapper):
    """An embedder whose texts go out in shards; put a cache around it, not inside.

    Parameters
    ----------
    embedder : Embedder
    n_jobs : int, optional
        As in :func:`embed_sharded`.
    """

    def __init__(self, embedder: Embedder, n_jobs: int | None = None) -> None:
        self.embedder = embedder
        self.n_jobs = n_jobs

    def fit(self, texts: Sequence[str]) -> "ShardedEmbedder":
        """Return the fitted embedder, sharded."""
        return ShardedEmbedder(self.embedder.fit(texts), self.n_jobs)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, as the embedder within would."""
        return embed_sharded(self.embedder, texts, self.n_jobs)

    def long_texts(self, texts: Sequence[str]) -> tuple[int, ...]:
        """As the embedder within."""
        return self.embedder.long_texts(texts)
