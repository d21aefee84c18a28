"""Who answered: a row per person, or counts.

Both kinds count the same way, so that nothing after them has to know which it was. An
answer counts in a category, as unknown (blank, "prefer not to say"), or as outside: one
that the reference population has no category for. The last is shown, never tested.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from analysis.errors import InputError
from analysis.representation.populations.answers import Reader, Reading, is_unknown
from analysis.tables import Column, matching_key, parse_number, read_columns, read_table, tidy

Ints = NDArray[np.int64]

_COUNT_COLUMNS = ("dimension", "category", "respondents")
# A respondent's area stands in this column, or in the one whose values are areas.
AREA_COLUMN = "area"


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers to one question, against the categories of a reference.

    Attributes
    ----------
    counts : tuple of int
        People per category, in the order asked for.
    known : int
        People in at least one category: the base of every share. Less than the sum of
        ``counts`` when people chose several.
    unknown : int
        People who left the question out or preferred not to say.
    outside : mapping of str to int
        People by answer, for answers that the reference has no category for.
    """

    counts: tuple[int, ...]
    known: int
    unknown: int
    outside: Mapping[str, int] = field(default_factory=dict)

    @property
    def several(self) -> bool:
        """Whether anybody chose more than one category.

        Each category can still be held against all others; the make-up as a whole cannot be
        compared with people who are counted once each.
        """
        return sum(self.counts) > self.known


@dataclass(frozen=True, slots=True)
class Respondents:
    """Tallies of answers by dimension, in all and by area.

    Attributes
    ----------
    dimensions : tuple of str
        Columns, or dimensions of a file of counts, in the file's order.
    area_column : str or None
        The dimension that says where a respondent lives; None if the file does not say.
    areas : tuple of str
        Where respondents live, as the file names it.
    """

    dimensions: tuple[str, ...]
    area_column: str | None
    areas: tuple[str, ...]
    _area_rows: Mapping[str, int]
    _tallies: Mapping[str, "_Tally"]

    def has(self, dimension: str) -> bool:
        """Whether a dimension was tallied."""
        return matching_key(dimension) in self._tallies

    def values(self, dimension: str) -> Mapping[str, int]:
        """Return every value of a dimension as it was given, with its people.

        Raises
        ------
        ValueError
            If there is no such dimension.
        """
        tally = self._tally(dimension)
        return MappingProxyType(dict(zip(tally.values, tally.whole.tolist(), strict=True)))

    def count(self, dimension: str, categories: Sequence[str]) -> Counted:
        """Count answers by category, everywhere.

        Parameters
        ----------
        dimension : str
            In any case.
        categories : sequence of str
            Of the reference; case, width and spaces do not count in a comparison.

        Raises
        ------
        ValueError
            If there is no such dimension.
        """
        tally = self._tally(dimension)
        return _count(tally.values, tally.whole[np.newaxis], categories)[0]

    def count_by_area(
        self, dimension: str, categories: Sequence[str], areas: Sequence[str]
    ) -> tuple[Counted, ...]:
        """Count answers by category in each area.

        Parameters
        ----------
        dimension, categories
            As in :meth:`count`.
        areas : sequence of str
            Among those that were tallied; one that no respondent lives in has nobody.

        Raises
        ------
        ValueError
            If there is no such dimension, or the file does not say where people live.
        """
        if self.area_column is None:
            raise ValueError("the respondents' areas are not known")
        tally = self._tally(dimension)
        counts = np.zeros((len(areas), len(tally.values)), dtype=np.int64)
        for place, area in enumerate(areas):
            row = self._area_rows.get(matching_key(area))
            if row is not None:
                counts[place] = tally.by_area[row]
        return _count(tally.values, counts, categories)

    def recoded(self, dimension: str, new_values: Mapping[str, str]) -> "Respondents":
        """Return the respondents with other values in one dimension.

        Parameters
        ----------
        dimension : str
        new_values : mapping of str to str
            By value as given, such as
            :meth:`~.mapping.DimensionMapping.translated` makes it.

        Raises
        ------
        ValueError
            If there is no such dimension, or a value is missing.
        """
        tally = self._tally(dimension)
        if missing := [value for value in tally.values if value not in new_values]:
            raise ValueError(f"{dimension}: no new value for {missing[0]!r}")
        values = tuple(sorted({new_values[value] for value in tally.values}))
        columns = {value: place for place, value in enumerate(values)}
        places = [columns[new_values[value]] for value in tally.values]
        whole = np.zeros(len(values), dtype=np.int64)
        by_area = np.zeros((len(tally.by_area), len(values)), dtype=np.int64)
        np.add.at(whole, places, tally.whole)
        np.add.at(by_area.T, places, tally.by_area.T)
        changed = {matching_key(dimension): _Tally(values, whole, by_area)}
        return replace(self, _tallies=MappingProxyType({**self._tallies, **changed}))

    def _tally(self, dimension: str) -> "_Tally":
        try:
            return self._tallies[matching_key(dimension)]
        except KeyError:
            raise ValueError(f"the respondents have no dimension {dimension!r}") from None


@dataclass(frozen=True, slots=True)
class _Tally:
    values: tuple[str, ...]
    whole: Ints
    """Shape (n_values,)."""
    by_area: Ints
    """Shape (n_areas, n_values)."""


def read_respondents(
    path: Path, dimensions: Iterable[str] | None = None, areas: Sequence[str] = ()
) -> Respondents:
    """Read a file with a row per person and a column per dimension.

    Parameters
    ----------
    path : Path
        A blank cell is a question not answered. Several categories stand in one cell with
        ``;`` or ``|`` between them.
    dimensions : iterable of str, optional
        Those to tally, if the file has them; all by default.
    areas : sequence of str
        Areas of the reference population, to tally apart. The column ``area`` says where a
        respondent lives; without one, the column in which most answers are such an area.

    Raises
    ------
    InputError
        If the file cannot be read, or nobody answered.
    """
    asked = None if dimensions is None else {matching_key(name) for name in dimensions}

    def wanted(name: str) -> bool:
        # With areas any column may turn out to be the one that says where people live.
        return asked is None or bool(areas) or matching_key(name) in asked

    people, header, columns = read_columns(path, wanted)
    if {matching_key(name) for name in header} >= set(_COUNT_COLUMNS):
        raise InputError(
            f"{path.name} has counts, not a row per person; call the command with --counts."
        )
    if not people:
        raise InputError(f"{path.name} has a header but no rows: nobody has answered yet.")
    area_column = _area_column(columns, areas)
    places = {matching_key(area): place for place, area in enumerate(areas)}
    area_rows, found = None, tuple[str, ...]()
    if area_column is not None:
        column = columns[area_column]
        # One row more, for people from elsewhere.
        rows = [places.get(matching_key(value), len(places)) for value in column.values]
        area_rows = np.array(rows, dtype=np.int64)[column.codes]
        found = tuple(value for value in column.values if not is_unknown(value))
    return Respondents(
        dimensions=header,
        area_column=area_column,
        areas=found,
        _area_rows=MappingProxyType(places),
        _tallies=MappingProxyType(
            {
                matching_key(name): _tally_people(column, area_rows, len(places))
                for name, column in columns.items()
                if asked is None or matching_key(name) in asked
            }
        ),
    )


def read_counts(path: Path) -> Respondents:
    """Read a file of counts: ``dimension,category,respondents`` and, optionally, ``area``.

    A blank category, "prefer not to say" and the like are people who did not say. Rows
    without an area are everybody; where a dimension has none, its areas are added up.
    Several categories per person cannot be told from counts.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or a row is wrong.
    """
    table = read_table(path, _COUNT_COLUMNS, (AREA_COLUMN,))
    seen: dict[tuple[str, str, str], int] = {}
    names: dict[str, str] = {}
    areas: dict[str, str] = {}
    cells: dict[str, dict[tuple[str, str], int]] = defaultdict(dict)
    for row in table.rows:
        if not row["dimension"]:
            raise InputError(f"{path.name}, row {row.number}: dimension is blank.")
        people = _people(path, row.number, row["respondents"])
        key = (
            matching_key(row["dimension"]),
            matching_key(row["category"]),
            matching_key(row[AREA_COLUMN]),
        )
        other = seen.setdefault(key, row.number)
        if other != row.number:
            raise InputError(
                f'{path.name}, row {row.number}: "{row["category"]}" of "{row["dimension"]}" '
                f"stands in row {other} already; keep one of them."
            )
        names.setdefault(key[0], row["dimension"])
        areas.setdefault(key[2], row[AREA_COLUMN])
        cells[key[0]][row["category"], key[2]] = people
    area_keys = sorted(key for key in areas if key)
    return Respondents(
        dimensions=tuple(names.values()),
        area_column=AREA_COLUMN if area_keys else None,
        areas=tuple(areas[key] for key in area_keys),
        _area_rows=MappingProxyType({key: place for place, key in enumerate(area_keys)}),
        _tallies=MappingProxyType({name: _tally_counts(cells[name], area_keys) for name in names}),
    )


def _people(path: Path, row: int, text: str) -> int:
    number = parse_number(text)
    if number is None:
        shown = f'"{text}" is not a number' if text else "the number of respondents is blank"
        raise InputError(f"{path.name}, row {row}: {shown}; write it in digits, 0 for nobody.")
    if number < 0:
        raise InputError(f"{path.name}, row {row}: {text} is negative; a count is 0 or more.")
    if number != int(number):
        raise InputError(f"{path.name}, row {row}: {text} is no whole number of people.")
    return int(number)


def _area_column(columns: Mapping[str, Column], areas: Iterable[str]) -> str | None:
    for name in columns:
        if matching_key(name) == AREA_COLUMN:
            return name
    known = {matching_key(area) for area in areas}
    best, most = None, 0
    for name, column in columns.items() if known else ():
        people = np.bincount(column.codes, minlength=len(column.values))
        in_area = [matching_key(value) in known for value in column.values]
        named = int(people[in_area].sum())
        if named <= most:
            continue
        answered = int(people[[not is_unknown(value) for value in column.values]].sum())
        if 2 * named > answered:
            best, most = name, named
    return best


def _tally_people(column: Column, area_rows: Ints | None, n_areas: int) -> _Tally:
    width = len(column.values)
    whole = np.bincount(column.codes, minlength=width).astype(np.int64)
    if area_rows is None or not n_areas:
        return _Tally(column.values, whole, np.zeros((0, width), dtype=np.int64))
    cells = np.bincount(area_rows * width + column.codes, minlength=(n_areas + 1) * width)
    by_area = cells.reshape(-1, width)[:n_areas].astype(np.int64)
    return _Tally(column.values, whole, by_area)


def _tally_counts(cells: Mapping[tuple[str, str], int], area_keys: Sequence[str]) -> _Tally:
    values = sorted({tidy(category) for category, _ in cells})
    columns = {value: place for place, value in enumerate(values)}
    rows = {key: place for place, key in enumerate(area_keys)}
    whole = np.zeros(len(values), dtype=np.int64)
    by_area = np.zeros((len(area_keys), len(values)), dtype=np.int64)
    for (category, area), people in cells.items():
        if area:
            by_area[rows[area], columns[category]] = people
        else:
            whole[columns[category]] = people
    if all(area for _, area in cells):
        whole = by_area.sum(axis=0)
    return _Tally(tuple(values), whole, by_area)


def _count(values: Sequence[str], people: Ints, categories: Sequence[str]) -> tuple[Counted, ...]:
    """Count people of shape (n_areas, n_values) by category."""
    reader = Reader(categories)
    readings = [reader.read(value) for value in values]
    pairs = [
        (value, place)
        for value, reading in enumerate(readings)
        if not isinstance(reading, Reading)
        for place in reading
    ]
    counts = np.zeros((len(people), len(categories)), dtype=np.int64)
    if pairs:
        from_value, to_place = np.array(pairs).T
        np.add.at(counts.T, to_place, people.T[from_value])
    is_known = np.array([not isinstance(reading, Reading) for reading in readings], dtype=bool)
    is_blank = np.array([reading is Reading.UNKNOWN for reading in readings], dtype=bool)
    outside = [place for place, reading in enumerate(readings) if reading is Reading.OUTSIDE]
    return tuple(
        Counted(
            counts=tuple(counts[row].tolist()),
            known=int(people[row][is_known].sum()),
            unknown=int(people[row][is_blank].sum()),
            outside=MappingProxyType(
                {values[place]: int(people[row, place]) for place in outside if people[row, place]}
            ),
        )
        for row in range(len(people))
    )
