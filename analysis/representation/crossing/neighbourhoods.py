"""Areas of one level, such as wards, compared with their populations."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.representation.crossing.cross_reference import ReferenceKind
from analysis.representation.crossing.crossings import Crossing, assess, draw_shares
from analysis.representation.crossing.intersections import DRAWS
from analysis.representation.crossing.smoothing import MATERIALITY


def neighbourhoods(
    name: str,
    areas: Sequence[str],
    observed: ArrayLike,
    population: ArrayLike,
    *,
    groups: Sequence[str] | None = None,
    seed: int,
    draws: int = DRAWS,
    materiality: float = MATERIALITY,
) -> Crossing:
    """Compare areas with their populations, each steadied by its group or by all.

    Parameters
    ----------
    name : str
        Of the level, e.g. "ward".
    areas : sequence of str
    observed : array-like of int, shape (n_areas,)
        Respondents.
    population : array-like of shape (n_areas,)
        From 0 on; areas without people are left out.
    groups : sequence of str, optional
        What each area has in common with others, e.g. its fifth of deprivation. An area is
        then drawn to its group's ratio, and flagged ones say whether they are worse than it.
    seed, draws, materiality
        As in :func:`~analysis.representation.crossing.intersections.intersections`.

    Raises
    ------
    ValueError
        If lengths differ, a number is negative, nobody lives anywhere, or there is no draw.

    Examples
    --------
    >>> found = neighbourhoods("ward", ["A", "B", "C"], [0, 45, 45], [30, 30, 30], seed=1)
    >>> [(cell.categories[0], cell.state.value) for cell in found.cells]
    [('A', 'likely_under'), ('B', 'no_sign'), ('C', 'no_sign')]
    """
    counts = np.asarray(observed)
    people = np.asarray(population, dtype=np.float64)
    if not counts.shape == people.shape == (len(areas),) or np.any(counts < 0) or draws < 1:
        raise ValueError("respondents and population from 0 on for each area, and a draw or more")
    if groups is not None and len(groups) != len(areas):
        raise ValueError("a group for each area")
    # A comparison with NaN is False, so this finds it too.
    if not (np.all(people >= 0) and 0 < people.sum() < np.inf):
        raise ValueError("populations are from 0 on, and not all 0")
    there = people > 0
    held, shares = counts[there].astype(np.int64), people[there] / people.sum()
    parts = np.ones((2, held.size))
    if groups is not None:
        levels, codes = np.unique(np.array(groups, dtype=np.str_)[there], return_inverse=True)
        answered = np.bincount(codes, weights=held, minlength=levels.size).astype(np.int64)
        drawn = draw_shares(name, levels.tolist(), answered, seed=seed, draws=draws)
        parts = (drawn / np.bincount(codes, weights=shares))[:, codes]
    alpha, cells = assess(
        [(area,) for area, lived_in in zip(areas, there, strict=True) if lived_in],
        held,
        shares,
        parts,
        materiality=materiality,
        explained=groups is not None,
    )
    outside = int(counts.sum() - held.sum())
    return Crossing((name,), ReferenceKind.EXACT, int(held.sum()), outside, alpha, cells)
