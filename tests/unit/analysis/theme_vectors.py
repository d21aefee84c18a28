"""Small made-up vectors with and without structure."""

import numpy as np


def unit(rows):
    """Return float32 rows of length one."""
    wide = np.asarray(rows, dtype=np.float64)
    return (wide / np.linalg.norm(wide, axis=1, keepdims=True)).astype(np.float32)


def cloud(n, dimension=16, seed=0):
    """Return rows that point anywhere."""
    return unit(np.random.default_rng(seed).standard_normal((n, dimension)))


def blobs(count, size, dimension=32, spread=0.1, seed=0):
    """Return groups far from each other in mixed order, and which group each row is of."""
    random = np.random.default_rng(seed)
    middles, _ = np.linalg.qr(random.standard_normal((max(count, dimension), count)))
    group = random.permutation(np.repeat(np.arange(count), size))
    noise = random.standard_normal((len(group), len(middles))) / np.sqrt(len(middles))
    return unit(middles.T[group] + spread * noise), group


def parts(labels):
    """Return the groups of a labelling, whatever they are called."""
    return {tuple(np.flatnonzero(labels == label)) for label in np.unique(labels)}
