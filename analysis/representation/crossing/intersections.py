"""Groups that several dimensions define together, such as young women or men of one faith.

Few people are expected in most of them, so each ratio is steadied by what its parts imply
(:mod:`~analysis.representation.crossing.smoothing`), and the uncertainty about the parts is carried
along. A group that is missing because each of its parts is ("adds up") needs other outreach
than one that is missing beyond them ("worse than its parts").
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import prod

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.errors import InputError
from analysis.representation.crossing.cross_reference import CrossReference
from analysis.representation.crossing.crossings import Crossing, assess, draw_shares
from analysis.representation.crossing.fitting import fit_many
from analysis.representation.crossing.smoothing import MATERIALITY
from analysis.representation.weights.margins import UNKNOWN, Margin
from analysis.statistics import Floats

DRAWS = 100
MOST_CELLS = 20_000
"""Crossed groups at once; every draw holds all of them."""

# Draws differ by far more than this; finer sweeps would only cost time.
_DRAW_TOLERANCE = 1e-6
# Where cells of zero make margins unreachable a ratio creeps towards zero for ever.
_LEAST_PARTS = 1e-9


def intersections(
    observed: ArrayLike,
    reference: CrossReference,
    *,
    seed: int,
    draws: int = DRAWS,
    materiality: float = MATERIALITY,
) -> Crossing:
    """Compare crossed groups with the population.

    Parameters
    ----------
    observed : array-like of int, with an axis for each dimension of the reference
        Respondents who are known in all of them.
    reference : CrossReference
    seed : int
        Of the draws. The same for whatever order categories come in.
    draws : int
        How many ratios of the single dimensions to draw; 40 to 200 make sense.
    materiality : float
        Ratio below which a group counts as under-represented.

    Raises
    ------
    ValueError
        If shapes differ, a count is negative or there is no draw.
    """
    counts = np.asarray(observed)
    if counts.shape != reference.shares.shape or np.any(counts < 0) or draws < 1:
        raise ValueError("a count from 0 on for each group of the reference, and a draw or more")
    held = np.where(reference.shares > 0, counts, 0)
    outside = int(counts.sum() - held.sum())
    n = int(held.sum())
    names = np.array(list(product(*reference.categories)), dtype=object)
    parts = _parts(held, reference, seed, draws)
    there = reference.shares.ravel() > 0
    alpha, cells = assess(
        [tuple(row) for row in names[there]],
        held.ravel()[there],
        reference.shares.ravel()[there],
        parts.reshape(parts.shape[0], -1)[:, there],
        materiality=materiality,
    )
    return Crossing(reference.dimensions, reference.kind, n, outside, alpha, cells)


def every_pair(
    margins: Sequence[Margin],
    references: Sequence[CrossReference] = (),
    *,
    seed: int,
    draws: int = DRAWS,
    materiality: float = MATERIALITY,
) -> Iterator[Crossing]:
    """Yield the crossing of every two dimensions, by name, one after the other.

    A pair without a reference of its own is compared with one modelled from its two margins.

    Raises
    ------
    InputError
        If two dimensions have more than 20,000 groups together; before the first pair.
    ValueError
        If a reference has other categories than the margins.
    """
    known = {frozenset(reference.dimensions): reference for reference in references}
    by_name = {margin.name: margin for margin in margins}
    pairs = list(combinations(sorted(by_name), 2))
    for pair in pairs:
        cells = prod(len(by_name[name].categories) for name in pair)
        if cells > MOST_CELLS:
            raise InputError(
                f"{' and '.join(pair)} have {cells:,} groups together, more than {MOST_CELLS:,}: "
                "join categories or leave one of them out"
            )
    for pair in pairs:
        reference = known.get(frozenset(pair))
        if reference is None:
            both = [by_name[name] for name in pair]
            reference = CrossReference.modelled(
                pair, [m.categories for m in both], [([m.name], m.population) for m in both]
            )
        table = crossed([by_name[name] for name in reference.dimensions])
        if reference.categories != tuple(by_name[n].categories for n in reference.dimensions):
            raise ValueError(f"the reference of {' and '.join(pair)} has other categories")
        yield intersections(table, reference, seed=seed, draws=draws, materiality=materiality)


def crossed(margins: Sequence[Margin]) -> NDArray[np.int64]:
    """Count respondents who are known in all margins; an axis for each.

    Examples
    --------
    >>> age = Margin("age", ["young", "old"], [1, 1], [0, 0, 1, -1])
    >>> sex = Margin("sex", ["f", "m"], [1, 1], [0, 1, 1, 0])
    >>> crossed([age, sex]).tolist()
    [[1, 1], [0, 1]]
    """
    codes = np.array([margin.codes for margin in margins], dtype=np.int64)
    shape = tuple(len(margin.categories) for margin in margins)
    flat = np.ravel_multi_index(tuple(codes[:, (codes != UNKNOWN).all(axis=0)]), shape)
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape).astype(np.int64)


def _parts(observed: NDArray[np.int64], reference: CrossReference, seed: int, draws: int) -> Floats:
    """Return ratios of crossed groups that only have the margins' gaps: best guess, then draws."""
    shares = reference.shares
    margins = []
    for axis, (name, categories) in enumerate(
        zip(reference.dimensions, reference.categories, strict=True)
    ):
        others = tuple(at for at in range(shares.ndim) if at != axis)
        there = shares.sum(axis=others) > 0
        drawn = np.zeros((1 + draws, len(categories)))
        kept = [category for category, is_there in zip(categories, there, strict=True) if is_there]
        counts = observed.sum(axis=others)[there]
        drawn[:, there] = draw_shares(name, kept, counts, seed=seed, draws=draws)
        margins.append(((axis,), drawn))
    fitted, _ = fit_many(shares[None], margins, tolerance=_DRAW_TOLERANCE)
    ratios = np.divide(fitted, shares, out=np.ones_like(fitted), where=shares > 0)
    return np.maximum(ratios, _LEAST_PARTS)
