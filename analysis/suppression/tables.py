"""Tables of people by group, area, answer or theme: exact ones, and as the public sees them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.disclosure import Published

Counts = NDArray[np.int64]
Place = tuple[int, ...]
FigureKey = tuple[str, frozenset[tuple[str, str]]]


class Kind(StrEnum):
    """What a dimension of a table says about people."""

    GROUP = "group"
    """A personal characteristic, or an area."""
    ANSWER = "answer"
    """An option of a closed question."""
    THEME = "theme"
    """Something they wrote."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A dimension of a table.

    Attributes
    ----------
    name : str
    categories : tuple of str
        At least one, each once. People who did not answer are a category too.
    kind : Kind
    several : bool
        Whether one person may be in several categories, or in none.
    parents : tuple of str
        For nested areas, the category that each is part of, blank at the top; see
        :func:`analysis.suppression.areas.nested_axis`. Empty where nothing nests.

    Raises
    ------
    ValueError
        If there are no categories, or one occurs twice.
    """

    name: str
    categories: tuple[str, ...]
    kind: Kind
    several: bool = False
    parents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.categories or len(set(self.categories)) < len(self.categories):
            raise ValueError(f"{self.name}: categories must be there, each once")
        if self.parents and (self.several or len(self.parents) != len(self.categories)):
            raise ValueError(f"{self.name}: a parent for each category, one category a person")

    def families(self) -> Iterator[tuple[int, list[int]]]:
        """Yield wholes and their parts as places; the place after the last is the total."""
        end = len(self.categories)
        if not self.parents:
            yield end, list(range(end))
            return
        for whole, name in enumerate((*self.categories, "")):
            parts = [place for place, parent in enumerate(self.parents) if parent == name]
            if parts:
                yield whole, parts


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Exact counts with their totals.

    Attributes
    ----------
    name : str
    axes : tuple of Axis
    counts : ndarray of shape (len(axis.categories) + 1, ...)
        The last place of each axis is the total over it.
    universe : str
        Names the people counted, where tables are of different people: only figures of the
        same people are the same figure.
    """

    name: str
    axes: tuple[Axis, ...]
    counts: Counts
    universe: str = ""

    def places(self) -> Iterator[Place]:
        """Yield the place of every figure, totals included, rows first."""
        return product(*map(range, self.counts.shape))

    def key(self, place: Place) -> FigureKey:
        """Return what names a figure in all tables."""
        return self.universe, frozenset(
            (axis.name, axis.categories[at])
            for axis, at in zip(self.axes, place, strict=True)
            if at < len(axis.categories)
        )

    def about(self, place: Place) -> list[Axis]:
        """Return the dimensions that a figure is not a total over."""
        return [
            axis for axis, at in zip(self.axes, place, strict=True) if at < len(axis.categories)
        ]

    def lines(self) -> Iterator[tuple[Axis, list[Place]]]:
        """Yield each line of figures along an axis, its total last."""
        for along, axis in enumerate(self.axes):
            others = [range(n) for at, n in enumerate(self.counts.shape) if at != along]
            for rest in product(*others):
                yield (
                    axis,
                    [(*rest[:along], at, *rest[along:]) for at in range(self.counts.shape[along])],
                )


def make_table(
    name: str,
    axes: Sequence[Axis],
    counts: ArrayLike,
    *,
    bases: ArrayLike | None = None,
    universe: str = "",
) -> Table:
    """Put counts into a table and work out its totals.

    Parameters
    ----------
    name : str
    axes : sequence of Axis
    counts : array-like of int of shape (len(axis.categories), ...)
        People, each in one category unless an axis says otherwise.
    bases : array-like of int, optional
        Needed where people may be in several categories of one axis: how many people there
        are; the shape of ``counts`` without that axis.
    universe : str

    Raises
    ------
    ValueError
        If shapes differ, a count is negative or no whole number, a part exceeds its whole,
        nested areas do not add up, bases are missing, or several axes need them.
    """
    cells = np.asarray(counts)
    if cells.shape != tuple(len(axis.categories) for axis in axes):
        raise ValueError(f"{name}: counts of shape {cells.shape} do not fit the categories")
    if not np.issubdtype(cells.dtype, np.integer) or (cells < 0).any():
        raise ValueError(f"{name}: counts are whole numbers, 0 or more")
    full: Counts = cells.astype(np.int64)
    several = [along for along, axis in enumerate(axes) if axis.several]
    if len(several) > 1 or bool(several) != (bases is not None):
        raise ValueError(f"{name}: bases go with one axis of several categories a person")
    if bases is not None:
        people = np.expand_dims(np.asarray(bases, dtype=np.int64), several[0])
        full = np.concatenate([full, people], axis=several[0])
    for along, axis in enumerate(axes):
        if not axis.several:
            full = np.concatenate([full, _total(full, axis, along)], axis=along)
    table = Table(name, tuple(axes), full, universe)
    for axis, line in table.lines():
        _check_line(table, axis, line)
    return table


def _total(counts: Counts, axis: Axis, along: int) -> Counts:
    whole, parts = list(axis.families())[-1]
    del whole
    total: Counts = counts.take(parts, axis=along).sum(axis=along, keepdims=True)
    return total


def _check_line(table: Table, axis: Axis, line: list[Place]) -> None:
    counts = [int(table.counts[place]) for place in line]
    if axis.several:
        if max(counts) > counts[-1]:
            raise ValueError(f"{table.name}: more people in a category of {axis.name} than in all")
        return
    for whole, parts in axis.families():
        if counts[whole] != sum(counts[part] for part in parts):
            raise ValueError(f"{table.name}: the parts of {axis.categories[whole]} do not add up")


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table as the public sees it.

    Attributes
    ----------
    name, universe : str
    axes : tuple of Axis
    figures : tuple of Published
        Totals included, in the order of :meth:`Table.places`.
    """

    name: str
    axes: tuple[Axis, ...]
    figures: tuple[Published, ...]
    universe: str = ""

    def at(self, *categories: str | None) -> Published:
        """Return one figure; None for an axis is the total over it.

        Raises
        ------
        ValueError
            If there is no such category, or not one for each axis.
        """
        place = 0
        for axis, category in zip(self.axes, categories, strict=True):
            end = len(axis.categories)
            place = place * (end + 1)
            place += end if category is None else axis.categories.index(category)
        return self.figures[place]


def collapse(table: Table, axis: str, into: Mapping[str, str]) -> Table:
    """Merge categories of an axis, e.g. small groups into one.

    Parameters
    ----------
    table : Table
    axis : str
        An axis without nesting, with one category a person.
    into : mapping of str to str
        New category by old one; others stay.

    Raises
    ------
    ValueError
        If the axis does not allow it or a category does not exist.
    """
    along = [one.name for one in table.axes].index(axis)
    old = table.axes[along]
    if old.several or old.parents or not into.keys() <= set(old.categories):
        raise ValueError(f"{axis}: cannot merge {', '.join(into)}")
    new = [into.get(category, category) for category in old.categories]
    categories = tuple(dict.fromkeys(new))
    parts = [
        table.counts.take([at for at, name in enumerate(new) if name == category], axis=along)
        for category in categories
    ]
    merged = [part.sum(axis=along, keepdims=True) for part in parts]
    total = table.counts.take([-1], axis=along)
    axes = list(table.axes)
    axes[along] = replace(old, categories=categories)
    return Table(
        table.name, tuple(axes), np.concatenate([*merged, total], axis=along), table.universe
    )


@dataclass(frozen=True, slots=True)
class DeclaredTables:
    """The crossings that were announced before opening; nothing else is public.

    Free filters would let a reader subtract one choice from another.
    """

    crossings: frozenset[frozenset[str]]

    def require(self, dimensions: Collection[str]) -> None:
        """Refuse a crossing that was not declared.

        Raises
        ------
        ValueError
        """
        if frozenset(dimensions) not in self.crossings:
            raise ValueError(f"{' by '.join(dimensions)} was not declared as a public table")
