"""A margin: one dimension of respondents beside the same dimension of the population."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics import Floats

Codes = NDArray[np.int32]

UNKNOWN = -1
"""Code of a respondent who gave no answer, or one without a counterpart in the population."""


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """Respondents coded by one dimension, and how the population divides by it.

    Parameters
    ----------
    name : str
        Of the dimension.
    categories : sequence of str
        Each once.
    population : array-like of shape (n_categories,)
        People per category, counts or shares; at least one above zero.
    codes : array-like of int, shape (n,)
        Index of each respondent's category, or -1. Respondents of a category that nobody in
        the population has cannot be compared and become -1.

    Attributes
    ----------
    shares : ndarray of shape (n_categories,)
        The population's, summing to one.
    counts : ndarray of shape (n_categories,)
        Respondents per category.

    Raises
    ------
    ValueError
        If lengths differ, a category occurs twice, a count is negative, not finite or all are
        zero, or a code points at no category.
    """

    name: str
    categories: tuple[str, ...]
    population: tuple[float, ...]
    codes: Codes

    def __init__(
        self, name: str, categories: Sequence[str], population: ArrayLike, codes: ArrayLike
    ) -> None:
        people = np.asarray(population, dtype=np.float64)
        if len(set(categories)) != len(categories) or people.shape != (len(categories),):
            raise ValueError(f"{name}: one population count for each category, each category once")
        # A comparison with NaN is False, so this finds it too.
        if not (np.all(people >= 0) and 0 < people.sum() < np.inf):
            raise ValueError(f"{name}: population counts are from 0 on, and not all 0")
        given = np.asarray(codes)
        if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
            raise ValueError(f"{name}: codes are whole numbers, one for each respondent")
        if given.size and not (given.min() >= UNKNOWN and given.max() < len(categories)):
            raise ValueError(f"{name}: a code points at no category")
        kept = given.astype(np.int32)
        kept[(people == 0)[kept] & (kept != UNKNOWN)] = UNKNOWN
        kept.setflags(write=False)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "categories", tuple(categories))
        object.__setattr__(self, "population", tuple(people.tolist()))
        object.__setattr__(self, "codes", kept)

    @classmethod
    def from_answers(
        cls, name: str, population: Mapping[str, float], answers: Sequence[str | None]
    ) -> Self:
        """Code answers by their names; what the population does not have becomes unknown.

        Examples
        --------
        >>> margin = Margin.from_answers("sex", {"female": 51, "male": 49}, ["male", None, "x"])
        >>> margin.codes.tolist()
        [1, -1, -1]
        """
        index = {category: at for at, category in enumerate(population)}
        codes = [UNKNOWN if answer is None else index.get(answer, UNKNOWN) for answer in answers]
        return cls(name, tuple(population), list(population.values()), np.array(codes, np.int32))

    @property
    def shares(self) -> Floats:
        people = np.array(self.population)
        return np.asarray(people / people.sum())

    @property
    def counts(self) -> NDArray[np.int64]:
        known = self.codes[self.codes != UNKNOWN]
        return np.bincount(known, minlength=len(self.categories)).astype(np.int64)

    @property
    def missing(self) -> float:
        """Share of respondents whose category is unknown, 0 to 1; 0 without respondents."""
        return float(np.mean(self.codes == UNKNOWN)) if self.codes.size else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Respondents who are alike in every margin, counted: work grows with these, not with people.

    Attributes
    ----------
    margins : tuple of Margin
        Sorted by name, so that results do not depend on the order they came in.
    codes : ndarray of int, shape (n_margins, n_cells)
        Bucket of each cell in each margin; the last bucket of a margin holds the unknown.
    counts : ndarray of shape (n_cells,)
        People.
    cell_of : ndarray of int, shape (n,)
        Each respondent's cell.
    """

    margins: tuple[Margin, ...]
    codes: NDArray[np.int64]
    counts: Floats
    cell_of: NDArray[np.int64]

    @classmethod
    def of(cls, margins: Sequence[Margin]) -> Self:
        """Find the distinct combinations of categories, in the order of the categories.

        Raises
        ------
        ValueError
            If there is no margin, a name occurs twice, or the numbers of respondents differ.
        """
        ordered = tuple(sorted(margins, key=lambda margin: margin.name))
        if not ordered or len({margin.name for margin in ordered}) < len(ordered):
            raise ValueError("at least one margin, and each name once")
        if len({margin.codes.size for margin in ordered}) > 1:
            raise ValueError("margins are of the same respondents")
        shape = [len(margin.categories) + 1 for margin in ordered]
        key = np.zeros(ordered[0].codes.size, dtype=np.int64)
        for margin, size in zip(ordered, shape, strict=True):
            key = key * size + np.where(margin.codes == UNKNOWN, size - 1, margin.codes)
        distinct, cell_of, counts = np.unique(key, return_inverse=True, return_counts=True)
        codes = np.array(np.unravel_index(distinct, shape), dtype=np.int64)
        return cls(ordered, codes, counts.astype(np.float64), cell_of)

    @property
    def n(self) -> float:
        """People in all cells."""
        return float(self.counts.sum())

    def count(self, people: NDArray[np.bool_]) -> Floats:
        """Count some of the respondents per cell."""
        found = np.bincount(self.cell_of[people], minlength=self.counts.size)
        return found.astype(np.float64)

    def totals(self, values: Floats) -> list[Floats]:
        """Sum a value per cell into the buckets of each margin."""
        return [
            np.asarray(np.bincount(codes, values, len(margin.categories) + 1), dtype=np.float64)
            for margin, codes in zip(self.margins, self.codes, strict=True)
        ]

    def targets(self) -> list[Floats]:
        """Return what each bucket should hold, in people.

        The unknown keep the share they have; the population's shares divide the rest.
        """
        return [
            self.n * np.append((1 - margin.missing) * margin.shares, margin.missing)
            for margin in self.margins
        ]
