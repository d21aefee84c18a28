"""Whether two people, or a person and the machine, put the same themes to the same units.

Percent agreement flatters: where nine units in ten lack a theme, two coders who toss coins
weighted that way agree on most of them. Kappa [1]_ takes off what chance would give, theme by
theme; alpha [2]_ with the distance of MASI [3]_ judges whole sets of themes, so that one theme
in common counts for something. Intervals are by the bootstrap over units.

References
----------
.. [1] Cohen (1960). A Coefficient of Agreement for Nominal Scales. Educational and
   Psychological Measurement 20(1), 37-46.
.. [2] Krippendorff (2004). Content Analysis, 2nd edition, chapter 11.
.. [3] Passonneau (2006). Measuring Agreement on Set-valued Items (MASI) for Semantic and
   Pragmatic Annotation. LREC.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, masi_distance
from numpy.typing import NDArray

from analysis.statistics import Interval

#: Units that both coders judged, below which no coefficient is shown.
LEAST_UNITS = 20
_DRAWS = 500

Themes = frozenset[str]


@dataclass(frozen=True, slots=True)
class Coefficient:
    """A coefficient of agreement.

    Attributes
    ----------
    value : float or None
        1 is full agreement, 0 what chance gives, below it less. None where it says nothing:
        fewer than 20 units, or both coders used one category alone.
    interval : Interval or None
        95 %, by the bootstrap; None with the value.
    units : int
        That both judged.
    observed : float or None
        Share of units on which the two were at one; None without units.
    """

    value: float | None
    interval: Interval | None
    units: int
    observed: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two coders beside each other.

    Attributes
    ----------
    units : int
        That both judged; others are no disagreement and left out.
    only_first, only_second : int
        Units that one of them alone judged.
    alpha : Coefficient
        Over whole sets of themes.
    f1 : float or None
        Harmonic mean of precision and recall over all units and themes, either coder taken
        for the truth: it is the same. None when neither gave a theme.
    themes : mapping of str to Coefficient
        Kappa of each theme that either of them used.
    languages : mapping of str to Coefficient
        Alpha by language.
    """

    units: int
    only_first: int
    only_second: int
    alpha: Coefficient
    f1: float | None
    themes: Mapping[str, Coefficient]
    languages: Mapping[str, Coefficient]


def agreement(
    first: Mapping[str, Collection[str]],
    second: Mapping[str, Collection[str]],
    *,
    languages: Mapping[str, str] | None = None,
    seed: int = 0,
) -> Agreement:
    """Compare two coders, of whom one may be the machine.

    Parameters
    ----------
    first, second : mapping of str to collection of str
        Themes by unit; an empty collection is the judgement that none fits.
    languages : mapping of str to str, optional
        Language by unit.
    seed : int
        Of the bootstrap.

    Returns
    -------
    Agreement
    """
    both = sorted(first.keys() & second.keys())
    one = [frozenset(first[unit]) for unit in both]
    two = [frozenset(second[unit]) for unit in both]
    by_language: dict[str, list[int]] = {}
    for at, unit in enumerate(both):
        if languages and languages.get(unit):
            by_language.setdefault(languages[unit], []).append(at)
    return Agreement(
        units=len(both),
        only_first=len(first.keys() - second.keys()),
        only_second=len(second.keys() - first.keys()),
        alpha=alpha(one, two, seed=seed),
        f1=_f1(one, two),
        themes={
            theme: kappa(
                [theme in each for each in one], [theme in each for each in two], seed=seed
            )
            for theme in sorted({theme for each in (*one, *two) for theme in each})
        },
        languages={
            language: alpha([one[at] for at in rows], [two[at] for at in rows], seed=seed)
            for language, rows in sorted(by_language.items())
        },
    )


def kappa(first: Sequence[bool], second: Sequence[bool], *, seed: int = 0) -> Coefficient:
    """Return Cohen's kappa of two coders on one theme.

    Parameters
    ----------
    first, second : sequence of bool, length n
        Whether each unit is in the theme.
    seed : int

    Raises
    ------
    ValueError
        If the lengths differ.

    Examples
    --------
    >>> first = [True] * 25 + [False] * 25
    >>> second = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    >>> round(kappa(first, second).value, 9)
    0.4
    """
    sets = [[frozenset({str(each)}) for each in coder] for coder in (first, second)]
    return _coefficient(sets[0], sets[1], _Kappa, seed)


def alpha(first: Sequence[Themes], second: Sequence[Themes], *, seed: int = 0) -> Coefficient:
    """Return Krippendorff's alpha of two coders, with MASI as the distance of two sets.

    Parameters
    ----------
    first, second : sequence of frozenset of str, length n
        No theme is a judgement too, as far from any theme as two themes are apart.
    seed : int

    Raises
    ------
    ValueError
        If the lengths differ.
    """
    none = frozenset({""})
    return _coefficient(
        [each or none for each in first], [each or none for each in second], _Alpha, seed
    )


def _coefficient(
    first: Sequence[Themes], second: Sequence[Themes], kind: "type[_Measure]", seed: int
) -> Coefficient:
    if len(first) != len(second):
        raise ValueError(f"{len(first)} judgements beside {len(second)}")
    n = len(first)
    if not n:
        return Coefficient(None, None, 0, None)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    if n < LEAST_UNITS or len({*first, *second}) < 2:
        return Coefficient(None, None, n, observed)
    kinds = Counter(zip(first, second, strict=True))
    # An order of their own: neither the order of the units nor of a hash may show.
    pairs = sorted(kinds, key=lambda pair: (sorted(pair[0]), sorted(pair[1])))
    counts = np.array([kinds[pair] for pair in pairs])
    measure = kind(pairs)
    draws = np.random.default_rng(seed).multinomial(n, counts / n, size=_DRAWS)
    drawn = [found for row in draws if (found := measure.of(row)) is not None]
    low, high = np.quantile(drawn, [0.025, 0.975])
    interval = Interval(float(low), float(high))
    return Coefficient(measure.by_library(first, second), interval, n, observed)


class _Measure(ABC):
    """A coefficient over kinds of pairs.

    The value that is shown comes from NLTK; the hundreds of draws of the bootstrap are
    worked out from the counts of each kind, in a thousandth of the time.
    """

    def __init__(self, pairs: Sequence[tuple[Themes, Themes]]) -> None:
        self.values = sorted({each for pair in pairs for each in pair}, key=sorted)
        place = {value: at for at, value in enumerate(self.values)}
        self.first = np.array([place[one] for one, _ in pairs])
        self.second = np.array([place[two] for _, two in pairs])

    @abstractmethod
    def of(self, counts: NDArray[np.int64]) -> float | None:
        """Return the coefficient, or None where it is not defined."""

    @abstractmethod
    def by_library(self, first: Sequence[Themes], second: Sequence[Themes]) -> float:
        """Return the coefficient of the units as they are."""

    def _margins(self, counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], ...]:
        weights, size = counts.astype(np.float64), len(self.values)
        return tuple(
            np.asarray(np.bincount(coder, weights=weights, minlength=size), dtype=np.float64)
            for coder in (self.first, self.second)
        )


class _Kappa(_Measure):
    def of(self, counts: NDArray[np.int64]) -> float | None:
        n = int(counts.sum())
        one, two = self._margins(counts)
        chance = float(one @ two) / n**2
        if chance >= 1.0:
            return None
        return (int(counts[self.first == self.second].sum()) / n - chance) / (1.0 - chance)

    def by_library(self, first: Sequence[Themes], second: Sequence[Themes]) -> float:
        return float(_task(first, second).kappa_pairwise("first", "second"))


class _Alpha(_Measure):
    def __init__(self, pairs: Sequence[tuple[Themes, Themes]]) -> None:
        super().__init__(pairs)
        self.apart = np.array([[masi_distance(a, b) for b in self.values] for a in self.values])

    def of(self, counts: NDArray[np.int64]) -> float | None:
        one, two = self._margins(counts)
        both = one + two
        total = float(both.sum())
        chance = float(both @ self.apart @ both) / (total * (total - 1))
        if chance <= 0.0:
            return None
        seen = float(counts @ self.apart[self.first, self.second]) / int(counts.sum())
        return 1.0 - seen / chance

    def by_library(self, first: Sequence[Themes], second: Sequence[Themes]) -> float:
        return float(_task(first, second, masi_distance).alpha())


def _task(
    first: Sequence[Themes],
    second: Sequence[Themes],
    distance: Callable[[Themes, Themes], float] = binary_distance,
) -> AnnotationTask:
    data = [
        (coder, str(unit), themes)
        for coder, judged in (("first", first), ("second", second))
        for unit, themes in enumerate(judged)
    ]
    return AnnotationTask(data, distance=distance)


def _f1(first: Sequence[Themes], second: Sequence[Themes]) -> float | None:
    given = sum(map(len, first)) + sum(map(len, second))
    if not given:
        return None
    return 2 * sum(len(a & b) for a, b in zip(first, second, strict=True)) / given
