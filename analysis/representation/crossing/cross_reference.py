"""How the population divides by several dimensions together."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from analysis.representation.crossing.fitting import fit_table
from analysis.statistics import Floats


class ReferenceKind(StrEnum):
    """Where the population of crossed groups comes from; every output says which."""

    EXACT = "exact"
    """A published table of the crossing."""
    MODELLED = "modelled"
    """Fitted to published tables of fewer dimensions."""


@dataclass(frozen=True, slots=True, eq=False)
class CrossReference:
    """How the population divides by several dimensions together.

    Attributes
    ----------
    dimensions : tuple of str
    categories : tuple of tuple of str
        Of each dimension.
    shares : ndarray
        An axis for each dimension; sums to one.
    kind : ReferenceKind
    residual : float
        What a modelled reference misses of the tables it was fitted to, as a share.
    """

    dimensions: tuple[str, ...]
    categories: tuple[tuple[str, ...], ...]
    shares: Floats
    kind: ReferenceKind
    residual: float = 0.0

    @classmethod
    def exact(
        cls, dimensions: Sequence[str], categories: Sequence[Sequence[str]], counts: ArrayLike
    ) -> "CrossReference":
        """Take a published table of people, or of shares.

        Raises
        ------
        ValueError
            If its shape does not fit, a value is negative, or all are zero.
        """
        people = np.asarray(counts, dtype=np.float64)
        named = tuple(tuple(names) for names in categories)
        if people.shape != tuple(map(len, named)) or len(named) != len(dimensions):
            raise ValueError("a reference has an axis for each dimension")
        # A comparison with NaN is False, so this finds it too.
        if not (np.all(people >= 0) and 0 < people.sum() < np.inf):
            raise ValueError("reference counts are from 0 on, and not all 0")
        return cls(tuple(dimensions), named, people / people.sum(), ReferenceKind.EXACT)

    @classmethod
    def modelled(
        cls,
        dimensions: Sequence[str],
        categories: Sequence[Sequence[str]],
        tables: Sequence[tuple[Sequence[str], ArrayLike]],
        start: ArrayLike | None = None,
    ) -> "CrossReference":
        """Fit a table to published ones of fewer dimensions.

        Parameters
        ----------
        dimensions, categories
            Of the table wanted.
        tables : sequence of (dimensions, counts)
            Each with its dimensions in the order of the table wanted. Every dimension occurs.
        start : array-like, optional
            A table whose pattern to keep, e.g. of another year or a wider area; otherwise
            the dimensions are taken to be independent where no table says more.

        Raises
        ------
        ValueError
            If a dimension occurs in no table, or tables do not fit.

        Examples
        --------
        >>> found = CrossReference.modelled(
        ...     ["age", "sex"], [["young", "old"], ["f", "m"]],
        ...     [(["age"], [40, 60]), (["sex"], [50, 50])])
        >>> found.shares.tolist(), found.kind.value
        ([[0.2, 0.2], [0.3, 0.3]], 'modelled')
        """
        order = list(dimensions)
        named = tuple(tuple(names) for names in categories)
        if {name for names, _ in tables for name in names} != set(order):
            raise ValueError("tables have the dimensions of the reference, each at least once")
        begin = np.ones(tuple(map(len, named))) if start is None else start
        fitted, residual = fit_table(
            begin, [(tuple(order.index(name) for name in names), t) for names, t in tables]
        )
        shares = fitted / fitted.sum()
        return cls(tuple(dimensions), named, shares, ReferenceKind.MODELLED, residual)
