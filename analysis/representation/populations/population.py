"""The population that respondents are compared with, as data: counts with base, source, date.

A file has the columns ``dimension,category,count`` and, where they are known, ``area``,
``base`` (who is counted), ``source`` and ``date``. A count is of people, or all of a
dimension are shares or percentages. What would bias every share in silence is refused:
a total among the categories, a group beside its own parts, two bases in one dimension.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from math import isclose
from pathlib import Path

from analysis.errors import InputError
from analysis.representation.populations.answers import is_unknown
from analysis.tables import Row, matching_key, parse_number, read_table

REFERENCE_FOLDER = Path(str(resources.files("analysis.representation"))) / "reference"
# By place; the authority's code finds it too.
PLACES = {
    "birmingham": "E08000025",
    "westminster": "E09000033",
    "bury": "E08000002",
}
_REQUIRED = ("dimension", "category", "count")
_OPTIONAL = ("area", "base", "source", "date")
_TOTALS = frozenset((
    "total", "totals", "all", "all people", "all persons", "all residents",
    "all usual residents", "everyone", "everybody", "overall", "grand total", "sum",
    "all categories", "all ages", "all areas",
))  # fmt: skip
# ONS tables differ among each other by a few people.
_SAME_TOTAL = 0.005
# Fractions that sum to less are shares: no place with estimated counts is as small.
_FEWEST_PEOPLE = 200
# Percentages of two or three digits may sum to 99 or 101.
_ROUNDED = 0.0105


@dataclass(frozen=True, slots=True)
class ReferenceDimension:
    """Counts by category of one dimension, in one area or in the whole place.

    Attributes
    ----------
    name : str
    area : str or None
        None is the whole place.
    categories : tuple of str
        In the file's order.
    counts : tuple of float
        At least 0, some above. People, or shares if the file gave shares.
    base, source, date : str
        Who is counted, the table it comes from and the day it was true; blank if the file
        does not say.
    """

    name: str
    area: str | None
    categories: tuple[str, ...]
    counts: tuple[float, ...]
    base: str = ""
    source: str = ""
    date: str = ""

    @property
    def total(self) -> float:
        """People counted."""
        return sum(self.counts)

    def answered(self) -> "ReferenceDimension":
        """Return the dimension without "Not answered" and its like.

        Respondents who did not say are left out too, and like is compared with like.
        """
        kept = [place for place, name in enumerate(self.categories) if not is_unknown(name)]
        if len(kept) == len(self.categories):
            return self
        return replace(
            self,
            categories=tuple(self.categories[place] for place in kept),
            counts=tuple(self.counts[place] for place in kept),
            base=f"{self.base} who answered the question".strip(),
        )


@dataclass(frozen=True, slots=True)
class ReferencePopulation:
    """Every dimension of a place, as a whole and by area.

    Attributes
    ----------
    parts : tuple of ReferenceDimension
        In the file's order, the whole place of a dimension before its areas.
    """

    parts: tuple[ReferenceDimension, ...]
    _places: dict[tuple[str, str | None], ReferenceDimension] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        places = {(matching_key(part.name), part.area): part for part in self.parts}
        object.__setattr__(self, "_places", places)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """Names, in the file's order."""
        return tuple(dict.fromkeys(part.name for part in self.parts))

    @property
    def areas(self) -> tuple[str, ...]:
        """Areas that any dimension is counted in, in the file's order."""
        return tuple(dict.fromkeys(part.area for part in self.parts if part.area is not None))

    def has(self, name: str, area: str | None = None) -> bool:
        """Whether there are counts of a dimension in an area."""
        return (matching_key(name), area) in self._places

    def dimension(self, name: str, area: str | None = None) -> ReferenceDimension:
        """Return the counts of a dimension, in an area or in the whole place.

        Raises
        ------
        ValueError
            If there are none.
        """
        try:
            return self._places[matching_key(name), area]
        except KeyError:
            raise ValueError(f"no reference for {name!r} in {area or 'the whole place'}") from None

    def by_area(self, name: str) -> tuple[ReferenceDimension, ...]:
        """Return a dimension's counts in each area that has them."""
        key = matching_key(name)
        return tuple(
            part for part in self.parts if part.area is not None and matching_key(part.name) == key
        )

    def with_wholes(self) -> "ReferencePopulation":
        """Return the population with every dimension counted for the whole place.

        A dimension that the file counts by area alone is summed over its areas. Areas of
        several levels (wards and constituencies) add the same people twice; as long as each
        level covers the place, shares stay what they are.

        Raises
        ------
        InputError
            If a dimension has shares by area alone: how many people an area has is not known.
        """
        parts: list[ReferenceDimension] = []
        for name in self.dimensions:
            areas = self.by_area(name)
            if not self.has(name) and len(areas) > 1 and all(map(_are_shares, areas)):
                raise InputError(
                    f'"{name}" has shares by area, which cannot be added up; give counts of '
                    "people, or rows of the whole place with a blank area."
                )
            whole = self.dimension(name) if self.has(name) else _summed(areas)
            parts.extend((whole, *areas))
        return ReferencePopulation(tuple(parts))


def read_population(path: Path) -> ReferencePopulation:
    """Read a reference population from a CSV file.

    Parameters
    ----------
    path : Path
        Columns ``dimension``, ``category``, ``count`` and, optionally, ``area`` (blank for
        the whole place), ``base``, ``source``, ``date``. "N/A" and "None" are categories
        like any other.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or a row is wrong: the line names it and
        says what to do.
    """
    table = read_table(path, _REQUIRED, _OPTIONAL)
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    counts: dict[int, float] = {}
    for row in table.rows:
        counts[row.number] = _count(path, row)
        rows[matching_key(row["dimension"]), matching_key(row["area"])].append(row)
    _check_bases(path, table.rows)
    for part in rows.values():
        _check_part(path, part, counts)
    names: dict[str, str] = {}
    areas: dict[str, str] = {}
    for row in table.rows:
        names.setdefault(matching_key(row["dimension"]), row["dimension"])
        areas.setdefault(matching_key(row["area"]), row["area"])
    order = {name: place for place, name in enumerate(names)}
    keys = sorted(rows, key=lambda key: (order[key[0]], key[1] != ""))
    return ReferencePopulation(
        tuple(
            ReferenceDimension(
                name=names[name],
                area=areas[area] or None,
                categories=tuple(row["category"] for row in rows[name, area]),
                counts=tuple(counts[row.number] for row in rows[name, area]),
                base=_joined(rows[name, area], "base"),
                source=_joined(rows[name, area], "source"),
                date=_joined(rows[name, area], "date"),
            )
            for name, area in keys
        )
    )


def load_reference(place: str) -> ReferencePopulation:
    """Return the census figures of a place that come with the product.

    Parameters
    ----------
    place : str
        ``birmingham``, ``westminster`` or ``bury``, in any case, or the authority's code.

    Raises
    ------
    ValueError
        If the place is another.

    Notes
    -----
    Source: Office for National Statistics licensed under the Open Government Licence v.3.0.
    ``reference/README.md`` says what each dimension counts.

    Examples
    --------
    >>> muslims = load_reference("Birmingham").dimension("religion").answered()
    >>> round(muslims.counts[muslims.categories.index("Muslim")] / muslims.total, 4)
    0.3179
    """
    key = matching_key(place)
    for name, code in PLACES.items():
        if key in (name, code.casefold()):
            return _reference(name)
    raise ValueError(f"no reference figures for {place!r}; there are {', '.join(PLACES)}")


@cache
def _reference(name: str) -> ReferencePopulation:
    return read_population(REFERENCE_FOLDER / f"{name}.csv")


def _count(path: Path, row: Row) -> float:
    for column in ("dimension", "category"):
        if not row[column]:
            raise InputError(f"{path.name}, row {row.number}: {column} is blank.")
    text = row["count"]
    count = parse_number(text)
    if count is None:
        shown = f'"{text}" is not a number' if text else "the count is blank"
        raise InputError(
            f"{path.name}, row {row.number}: {shown}; write it in digits, 0 for nobody."
        )
    if count < 0:
        raise InputError(
            f"{path.name}, row {row.number}: {text} is negative; a count is 0 or more."
        )
    return count


def _check_bases(path: Path, rows: Iterable[Row]) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(matching_key(row["dimension"]), row)
        if matching_key(other["base"]) != matching_key(row["base"]):
            raise InputError(
                f'{path.name}, row {row.number}: "{row["dimension"]}" counts '
                f'"{row["base"] or "(blank)"}" here and "{other["base"] or "(blank)"}" in row '
                f"{other.number}; give each base a dimension of its own."
            )


def _check_part(path: Path, rows: Sequence[Row], counts: Mapping[int, float]) -> None:
    """Check the rows of one dimension in one area."""
    dimension, area = rows[0]["dimension"], rows[0]["area"]
    where = f'"{dimension}"' + (f' in "{area}"' if area else "")
    seen: dict[str, Row] = {}
    for row in rows:
        other = seen.setdefault(matching_key(row["category"]), row)
        if other is not row:
            raise InputError(
                f'{path.name}, row {row.number}: "{row["category"]}" of {where} stands in row '
                f"{other.number} already; keep one of them."
            )
    answered = [row for row in rows if not is_unknown(row["category"])]
    if not any(counts[row.number] for row in answered):
        raise InputError(
            f"{path.name}, row {rows[0].number}: the counts of {where} sum to zero; give counts "
            'of people by category ("Not answered" is none), or take the rows out.'
        )
    _check_totals(path, where, seen, counts)
    _check_shares(path, where, rows, [counts[row.number] for row in rows])


def _check_totals(
    path: Path, where: str, rows: Mapping[str, Row], counts: Mapping[int, float]
) -> None:
    """Refuse a row that counts the people of other rows once more."""
    total = sum(counts[row.number] for row in rows.values())
    parts: dict[str, float] = defaultdict(float)
    for name, row in rows.items():
        head, colon, _ = name.partition(":")
        if colon and head in rows:
            parts[head] += counts[row.number]
    for name, row in rows.items():
        count = counts[row.number]
        head, colon, _ = name.partition(":")
        called_total = name in _TOTALS or (colon and head in {"total", "all"})
        if called_total and len(rows) > 1 and isclose(count, total - count, rel_tol=_SAME_TOTAL):
            raise InputError(
                f'{path.name}, row {row.number}: "{row["category"]}" is the total of the other '
                f"categories of {where}; take it out."
            )
        if parts.get(name) and isclose(count, parts[name], rel_tol=_SAME_TOTAL):
            raise InputError(
                f'{path.name}, row {row.number}: "{row["category"]}" holds the same people as '
                f'the rows "{row["category"]}: ..." of {where}; keep the whole or its parts.'
            )


def _check_shares(path: Path, where: str, rows: Sequence[Row], counts: Sequence[float]) -> None:
    """Refuse shares and percentages that do not sum; whole numbers are counts of people."""
    total = sum(counts)
    if all(count == int(count) for count in counts) or total > _FEWEST_PEOPLE:
        return
    whole = 1.0 if max(counts) <= 1 else 100.0
    if not isclose(total, whole, rel_tol=_ROUNDED):
        raise InputError(
            f"{path.name}, row {rows[0].number}: the shares of {where} sum to {total:g}, not "
            f"{whole:g}; add what is missing or give counts of people."
        )


def _are_shares(part: ReferenceDimension) -> bool:
    fractions = any(count != int(count) for count in part.counts)
    return fractions and any(isclose(part.total, whole, rel_tol=_ROUNDED) for whole in (1, 100))


def _joined(rows: Iterable[Row], column: str) -> str:
    return "; ".join(dict.fromkeys(row[column] for row in rows if row[column]))


def _summed(parts: Sequence[ReferenceDimension]) -> ReferenceDimension:
    totals: dict[str, float] = defaultdict(float)
    shown: dict[str, str] = {}
    for part in parts:
        for category, count in zip(part.categories, part.counts, strict=True):
            shown.setdefault(matching_key(category), category)
            totals[matching_key(category)] += count
    return ReferenceDimension(
        name=parts[0].name,
        area=None,
        categories=tuple(shown[key] for key in totals),
        counts=tuple(totals.values()),
        base=parts[0].base,
        source="; ".join(dict.fromkeys(part.source for part in parts if part.source)),
        date="; ".join(dict.fromkeys(part.date for part in parts if part.date)),
    )
