"""Groups that two dimensions define together, where enough people are expected to tell.

The population's figures are of one dimension at a time, so crossed ones are modelled: as if
dimensions did not depend on each other. Every page that shows them says so.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any
from zlib import crc32

import numpy as np

from analysis.representation.crossing.cross_reference import CrossReference
from analysis.representation.crossing.crossings import LEAST_EXPECTED, Cause, CellGap, CellState
from analysis.representation.crossing.intersections import intersections
from analysis.representation.populations.answers import SEPARATORS
from analysis.representation.populations.population import ReferenceDimension
from analysis.tables import matching_key
from consult.document.model import Consultation as Document
from consult.document.model import QuestionKind
from consult.services.watching import respondents
from consult.services.watching.respondents import Person

ENOUGH = 0.5
"""Share of a crossing's groups in which five responses must be expected; else it is left out."""

MOST_GROUPS = 60
"""Groups of one crossing; more would be guessed at, and take long."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """A group of two dimensions that looks under.

    Attributes
    ----------
    dimensions, categories : tuple of two str
    observed : int
        Respondents.
    expected : float
        Respondents if everybody took part alike.
    state : str
        ``likely_under`` or ``watch``.
    cause : str
        ``worse_than_parts``, ``adds_up`` or ``unclear``.
    low, high : float
        Of the ratio of the two, steadied; roughly 90 %.
    """

    dimensions: tuple[str, str]
    categories: tuple[str, str]
    observed: int
    expected: float
    state: str
    cause: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Crossings:
    """What was looked at, and what was found.

    Attributes
    ----------
    pairs : tuple of (str, str)
        Dimensions of which there is enough to tell.
    found : tuple of Crossed
        Those that are worse than their parts first, and the surest of them.
    """

    pairs: tuple[tuple[str, str], ...]
    found: tuple[Crossed, ...]

    def as_data(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "pairs": [list(pair) for pair in self.pairs],
            "found": [asdict(c) for c in self.found],
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "Crossings":
        """The reverse of :meth:`as_data`."""
        return cls(
            tuple((one, other) for one, other in data["pairs"]),
            tuple(
                Crossed(
                    **{
                        **each,
                        "dimensions": tuple(each["dimensions"]),
                        "categories": tuple(each["categories"]),
                    }
                )
                for each in data["found"]
            ),
        )


def crossings(found: Sequence[Person], document: Document) -> Crossings:
    """Compare the groups of every two dimensions with the population, where that can tell.

    Dimensions of which people chose several categories are left out, and so are wards: most of
    their crossings are of a handful of people.
    """
    population = respondents.population(document)
    wards = {name for name, q in respondents.asked(document).items() if q.kind is QuestionKind.WARD}
    dimensions = [
        population.dimension(name).answered()
        for name in population.dimensions
        if population.has(name) and name in respondents.asked(document) and name not in wards
    ]
    codes = {part.name: _codes(found, part) for part in dimensions}
    pairs: list[tuple[str, str]] = []
    under: list[tuple[float, Crossed]] = []
    for one, other in combinations([part for part in dimensions if codes[part.name]], 2):
        counts = _crossed(codes[one.name] or [], codes[other.name] or [], one, other)
        reference = CrossReference.modelled(
            (one.name, other.name),
            (one.categories, other.categories),
            [((one.name,), one.counts), ((other.name,), other.counts)],
        )
        if not _is_enough(counts, reference):
            continue
        pairs.append((one.name, other.name))
        crossing = intersections(counts, reference, seed=_seed(document, one.name, other.name))
        under += [
            (cell.p_under, _told(one, other, cell))
            for cell in crossing.cells
            if cell.state in (CellState.LIKELY_UNDER, CellState.WATCH)
        ]
    under.sort(
        key=lambda pair: (
            pair[1].cause != Cause.WORSE_THAN_PARTS,
            -pair[0],
            pair[1].dimensions,
            pair[1].categories,
        )
    )
    return Crossings(tuple(pairs), tuple(crossed for _, crossed in under))


def _codes(found: Sequence[Person], part: ReferenceDimension) -> list[int] | None:
    """Each person's category, -1 for none; nothing where somebody chose several."""
    places = {matching_key(name): at for at, name in enumerate(part.categories)}
    codes = []
    for person in found:
        answer = person.categories[part.name]
        if len(SEPARATORS.split(answer)) > 1:
            return None
        codes.append(places.get(matching_key(answer), -1))
    return codes


def _crossed(
    ones: Sequence[int], others: Sequence[int], one: ReferenceDimension, other: ReferenceDimension
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    counts = np.zeros((len(one.categories), len(other.categories)), dtype=np.int64)
    for (row, column), people in Counter(zip(ones, others, strict=True)).items():
        if row >= 0 and column >= 0:
            counts[row, column] = people
    return counts


def _is_enough(
    counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]], reference: CrossReference
) -> bool:
    expected = reference.shares * counts.sum()
    there = reference.shares > 0
    if there.sum() > MOST_GROUPS:
        return False
    return bool((expected[there] >= LEAST_EXPECTED).mean() > ENOUGH)


def _seed(document: Document, one: str, other: str) -> int:
    return crc32(f"{document.slug}\n{one}\n{other}".encode())


def _told(one: ReferenceDimension, other: ReferenceDimension, cell: CellGap) -> Crossed:
    return Crossed(
        dimensions=(one.name, other.name),
        categories=(cell.categories[0], cell.categories[1]),
        observed=cell.observed,
        expected=cell.expected,
        state=cell.state.value,
        cause=cell.cause.value if cell.cause else "",
        low=cell.interval.low,
        high=cell.interval.high,
    )
