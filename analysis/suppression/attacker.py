"""What somebody who holds every published table can work out about a hidden figure.

Each figure is known to lie between two bounds: a rounded one within its rounding, a hidden one
within what its label admits. Figures are tied to each other by sums. The least and the most
that a hidden figure can then be are two linear programs [1]_. The programs allow fractions of
people; in tables of two dimensions that makes no difference, in others the attacker might do
slightly better with whole numbers.

References
----------
.. [1] Fischetti and Salazar-González (2001). Solving the cell suppression problem on tabular
       data with linear constraints. Management Science 47(7), 1008-1027.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

Floats = NDArray[np.float64]
Key = Hashable

# Solvers answer to about this much.
TOLERANCE = 1e-6


class Contradiction(ValueError):
    """No figures at all agree with what was published and assumed."""


class Unbounded(ValueError):
    """A weighted sum of figures can be as small as one likes."""


@dataclass(frozen=True, slots=True)
class Feasible:
    """The least and the most that a figure can be; ``high`` may be infinite."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How far apart the two are."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class System:
    """Figures with bounds, and sums of them with bounds.

    Attributes
    ----------
    low, high : ndarray of shape (n,)
        Bounds of each figure, ``low`` finite; ``high`` may be infinite.
    sums : sparse array of shape (m, n)
        Coefficients.
    sum_low, sum_high : ndarray of shape (m,)
        Bounds of ``sums @ figures``.
    """

    low: Floats
    high: Floats
    sums: csr_array
    sum_low: Floats
    sum_high: Floats

    def extreme(self, weights: Floats) -> Floats:
        """Return figures, of shape (n,), that make ``weights @ figures`` as small as it can be.

        Raises
        ------
        Unbounded
            If it has no least value.
        Contradiction
            If no figures keep all bounds.
        """
        equal = self.sum_low == self.sum_high
        upper, lower = ~equal & np.isfinite(self.sum_high), ~equal & np.isfinite(self.sum_low)
        above = vstack([self.sums[upper], -self.sums[lower]], format="csr")
        limits = np.concatenate([self.sum_high[upper], -self.sum_low[lower]])
        solution = linprog(
            weights,
            A_ub=above if len(limits) else None,
            b_ub=limits if len(limits) else None,
            A_eq=self.sums[equal] if equal.any() else None,
            b_eq=self.sum_low[equal] if equal.any() else None,
            bounds=np.column_stack([self.low, self.high]),
            method="highs",
        )
        if solution.status == 3:
            raise Unbounded
        if not solution.success:
            raise Contradiction(f"no figures agree with all that is known: {solution.message}")
        figures: Floats = solution.x
        return figures

    def interval(self, place: int) -> Feasible:
        """Return what the figure at ``place`` can be.

        Raises
        ------
        Contradiction
            If no figures keep all bounds.
        """
        weights = np.zeros(len(self.low))
        weights[place] = 1
        low = float(self.extreme(weights)[place])
        try:
            high = float(self.extreme(-weights)[place])
        except Unbounded:
            high = np.inf
        return Feasible(low, high)


class Attacker:
    """Collects what is published, figure by figure, and works out the rest.

    A figure's key is whatever names it, the same in every table it occurs in.

    Examples
    --------
    >>> attacker = Attacker()
    >>> attacker.learn("yes", 38, 42)
    >>> attacker.learn("no", 0, 9)
    >>> attacker.learn("all", 43, 43)
    >>> attacker.adds_up(["yes", "no"], "all")
    >>> attacker.interval("no")
    Feasible(low=1.0, high=5.0)
    """

    def __init__(self) -> None:
        self._places: dict[Key, int] = {}
        self._low: list[float] = []
        self._high: list[float] = []
        self._sums: list[tuple[dict[int, float], float, float]] = []

    def __contains__(self, key: Key) -> bool:
        return key in self._places

    def learn(self, key: Key, low: float = 0, high: float = np.inf) -> None:
        """Note that a figure lies between two bounds, beside what is known of it.

        Raises
        ------
        ValueError
            If ``low`` is above ``high``.
        """
        if low > high:
            raise ValueError(f"{key!r}: from {low} to {high}")
        place = self._place(key)
        self._low[place] = max(self._low[place], low)
        self._high[place] = min(self._high[place], high)

    def adds_up(self, parts: Iterable[Key], total: Key) -> None:
        """Note that parts sum to a total."""
        self.relate({**dict.fromkeys(parts, 1.0), total: -1.0}, 0, 0)

    def at_most(self, part: Key, whole: Key) -> None:
        """Note that one figure does not exceed another."""
        self.relate({part: 1.0, whole: -1.0}, -np.inf, 0)

    def relate(self, weights: Mapping[Key, float], low: float, high: float) -> None:
        """Note bounds of a weighted sum of figures."""
        self._sums.append(
            ({self._place(key): weight for key, weight in weights.items()}, low, high)
        )

    def interval(self, key: Key) -> Feasible:
        """Return what a figure can be.

        Raises
        ------
        KeyError
            If nothing is known of it.
        Contradiction
            If what was noted cannot all be true.
        """
        return self.system().interval(self._places[key])

    def intervals(self, keys: Iterable[Key]) -> dict[Key, Feasible]:
        """Return what each of several figures can be."""
        system = self.system()
        return {key: system.interval(self._places[key]) for key in keys}

    def system(self) -> System:
        """Return all that is known, in the order in which it was learnt."""
        return make_system(self._low, self._high, self._sums)

    def _place(self, key: Key) -> int:
        if key not in self._places:
            self._places[key] = len(self._places)
            self._low.append(0.0)
            self._high.append(np.inf)
        return self._places[key]


def make_system(
    low: Sequence[float] | Floats,
    high: Sequence[float] | Floats,
    sums: Sequence[tuple[Mapping[int, float], float, float]],
) -> System:
    """Put bounds and sums, each a mapping of places to weights with two bounds, into arrays."""
    rows = [row for row, (weights, _, _) in enumerate(sums) for _ in weights]
    places = [place for weights, _, _ in sums for place in weights]
    values = [value for weights, _, _ in sums for value in weights.values()]
    return System(
        np.asarray(low, dtype=float),
        np.asarray(high, dtype=float),
        csr_array((values, (rows, places)), shape=(len(sums), len(low)), dtype=float),
        np.array([low for _, low, _ in sums], dtype=float),
        np.array([high for _, _, high in sums], dtype=float),
    )
