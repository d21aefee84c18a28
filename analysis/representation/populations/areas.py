"""Areas that nest: wards in constituencies or neighbourhoods, those in an authority.

With few responses a table by ward is noise. The level to show is the finest at which most
areas would have at least five responses if everybody answered alike.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError
from analysis.tables import matching_key, read_table

EXPECTED = 5.0
# Dimensions that say where people live, not who they are: a family of their own.
_AREA_DIMENSIONS = frozenset((
    "area", "areas", "ward", "wards", "neighbourhood", "neighborhood", "constituency",
    "district", "borough", "locality", "parish", "town", "postcode", "postcode area",
    "postcode district", "lsoa", "msoa", "region", "authority", "local authority", "division",
    "community area",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    """Areas of one kind that cover the place without overlap.

    Attributes
    ----------
    name : str
        ``ward``, ``constituency`` and the like.
    areas : tuple of str
        Sorted.
    """

    name: str
    areas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nesting:
    """Levels of areas, each within the next.

    Attributes
    ----------
    levels : tuple of Level
        The finest first.
    """

    levels: tuple[Level, ...]
    _paths: Mapping[str, tuple[str, ...]]

    def parent(self, area: str, level: str) -> str:
        """Return the area of a coarser level that an area of the finest level lies in.

        Raises
        ------
        ValueError
            If the area or the level is not there.
        """
        depth = self._depth(level)
        try:
            return self._paths[matching_key(area)][depth]
        except KeyError:
            raise ValueError(f"no {self.levels[0].name} {area!r}") from None

    def add_up(self, counts: Mapping[str, float], level: str) -> dict[str, float]:
        """Return counts by area of a level, from counts by area of the finest level.

        Parameters
        ----------
        counts : mapping of str to float
            Areas that are missing count as 0.

        Raises
        ------
        ValueError
            If an area or the level is not there.
        """
        sums = dict.fromkeys(self.levels[self._depth(level)].areas, 0.0)
        for area, count in counts.items():
            sums[self.parent(area, level)] += count
        return sums

    def _depth(self, level: str) -> int:
        names = [matching_key(other.name) for other in self.levels]
        if matching_key(level) not in names:
            raise ValueError(f"no level {level!r}")
        return names.index(matching_key(level))


@dataclass(frozen=True, slots=True)
class LevelChoice:
    """The finest level that the responses can carry.

    Attributes
    ----------
    level : str or None
        None when not even the coarsest carries them.
    enough : mapping of str to tuple of int
        By level: areas that expect enough responses, and areas in all.
    """

    level: str | None
    enough: Mapping[str, tuple[int, int]]


def nest(levels: Sequence[str], paths: Iterable[Sequence[str]]) -> Nesting:
    """Build a nesting.

    Parameters
    ----------
    levels : sequence of str
        The finest first, such as ``ward``, ``constituency``, ``authority``.
    paths : iterable of sequences of str
        One per area of the finest level: the area and those it lies in, in that order.

    Raises
    ------
    InputError
        If a name is blank, an area occurs twice, or an area lies in two others at once.

    Examples
    --------
    >>> city = nest(["ward", "city"], [["Aston", "Birmingham"], ["Moseley", "Birmingham"]])
    >>> city.parent("aston", "city")
    'Birmingham'
    """
    return _nest("The list of areas", levels, enumerate(paths, start=1), "entry")


def read_nesting(path: Path) -> Nesting:
    """Read a nesting from CSV: a column per level, the finest first, a row per finest area.

    Raises
    ------
    InputError
        If the file cannot be read or the areas do not nest; the line names the row.
    """
    header = read_table(path).columns
    levels = tuple(name for name in header if name)
    table = read_table(path, levels)
    rows = ((row.number, [row[level] for level in levels]) for row in table.rows)
    return _nest(path.name, levels, rows, "row")


def finest_level(
    populations: Mapping[str, Iterable[float]],
    respondents: float,
    *,
    expected: float = EXPECTED,
    most: float = 0.5,
) -> LevelChoice:
    """Return the finest level at which most areas expect enough responses.

    Parameters
    ----------
    populations : mapping of str to iterable of float
        By level, the finest first: the people of each area. An area without people is left
        out.
    respondents : float
        Whose area is known.
    expected : float, default 5
        Enough responses, if everybody answered alike.
    most : float, default 0.5
        More than this share of areas must have enough.

    Examples
    --------
    >>> choice = finest_level({"ward": [10, 10, 20, 60], "city": [100]}, 40)
    >>> choice.level, choice.enough["ward"]
    ('city', (2, 4))
    """
    enough: dict[str, tuple[int, int]] = {}
    chosen = None
    for level, people in populations.items():
        counts = [count for count in people if count > 0]
        total = sum(counts)
        # Products, not shares: 5 of 5 must not fail by a rounding.
        reached = sum(respondents * count >= expected * total for count in counts)
        enough[level] = reached, len(counts)
        if chosen is None and reached > most * len(counts):
            chosen = level
    return LevelChoice(chosen, enough)


def is_area_dimension(name: str) -> bool:
    """Whether a dimension says where people live, such as ``ward`` or ``area``."""
    return matching_key(name).replace("_", " ") in _AREA_DIMENSIONS


def _nest(
    what: str, levels: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]], noun: str
) -> Nesting:
    if not levels or len({matching_key(level) for level in levels}) < len(levels):
        raise InputError(f"{what}: levels need names, each once, the finest first.")
    paths: dict[str, tuple[str, ...]] = {}
    numbers: dict[str, int] = {}
    above: dict[tuple[int, str], tuple[str, int]] = {}
    areas: list[dict[str, str]] = [{} for _ in levels]
    for number, path in rows:
        if len(path) != len(levels) or not all(path):
            raise InputError(
                f"{what}, {noun} {number}: an area is missing; name one for each of "
                f"{', '.join(levels)}."
            )
        keys = [matching_key(area) for area in path]
        if keys[0] in paths:
            raise InputError(
                f'{what}, {noun} {number}: {levels[0]} "{path[0]}" stands in {noun} '
                f"{numbers[keys[0]]} already; keep one of them."
            )
        for depth in range(len(levels) - 1):
            parent, first = above.setdefault((depth, keys[depth]), (keys[depth + 1], number))
            if parent != keys[depth + 1]:
                raise InputError(
                    f'{what}, {noun} {number}: {levels[depth]} "{path[depth]}" lies in '
                    f'"{path[depth + 1]}" here and in "{areas[depth + 1][parent]}" in {noun} '
                    f"{first}; areas must nest."
                )
        for known, key, area in zip(areas, keys, path, strict=True):
            known.setdefault(key, area)
        numbers[keys[0]] = number
        paths[keys[0]] = tuple(known[key] for known, key in zip(areas, keys, strict=True))
    if not paths:
        raise InputError(f"{what} has no areas.")
    return Nesting(
        tuple(
            Level(level, tuple(sorted(known.values())))
            for level, known in zip(levels, areas, strict=True)
        ),
        paths,
    )
