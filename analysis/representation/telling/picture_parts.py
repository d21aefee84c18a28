"""What pictures are made of: marks, tables, sentences, and their plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from math import ceil, log10
from types import MappingProxyType
from typing import Any

from analysis.disclosure import Percentage, Published, Reason
from analysis.representation.telling.sentences import Count, Message, Percent, Value

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "picture.gaps": "Shares of responses beside shares of residents for %(groups)s groups: "
        "%(under)s under, %(in_line)s in line, %(over)s over, %(too_few)s with too few responses "
        "to tell. Below its share by most: %(lowest)s.",
        "picture.gaps.level": "Shares of responses beside shares of residents for %(groups)s "
        "groups: %(under)s under, %(in_line)s in line, %(over)s over, %(too_few)s with too few "
        "responses to tell.",
        "picture.gaps.none": "No group has responses to compare yet.",
        "picture.arrivals": "%(responses)s responses from %(first)s to %(last)s. Most came on "
        "%(busiest)s: %(most)s.",
        "picture.arrivals.days": "%(responses)s responses from %(first)s to %(last)s. Most came "
        "in the %(days)s days from %(busiest)s: %(most)s.",
        "picture.arrivals.none": "No responses yet.",
        "picture.tiles": "%(areas)s areas: %(under)s under, %(in_line)s in line, %(over)s over, "
        "%(too_few)s with too few responses to tell.",
        "picture.themes": "How often each of %(groups)s groups raises each of %(themes)s themes. "
        "Highest: %(theme)s among %(group)s, %(share)s.",
        "picture.themes.none": "No theme can be compared between groups yet.",
        "picture.small": "fewer than %(number)s",
        "picture.withheld": "not shown",
        "picture.column.group": "Group",
        "picture.column.responses": "Responses",
        "picture.column.share": "Share of responses",
        "picture.column.low": "from",
        "picture.column.high": "to",
        "picture.column.residents": "Share of residents",
        "picture.column.state": "State",
        "picture.column.day": "Day",
        "picture.column.days": "Days from",
        "picture.column.total": "Total so far",
        "picture.column.area": "Area",
        "picture.column.theme": "Theme",
        "role.under": "Under",
        "role.in_line": "In line",
        "role.over": "Over",
        "role.too_few": "Too few to tell",
    }
)
"""English sentence by key; placeholders as in gettext's ``python-format``."""

Cell = str | Count | Percent | Message | None


class Role(StrEnum):
    """What a mark stands for."""

    UNDER = "under"
    IN_LINE = "in_line"
    OVER = "over"
    TOO_FEW = "too_few"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class PictureTable:
    """The table that says what a picture shows; None is a blank cell."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Dot:
    """A share with its interval, all from 0 to 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class GapMark:
    """A row of the gap chart; without a dot nothing is drawn but the label and the line."""

    label: str
    dot: Dot | None
    residents: float | None
    role: Role


@dataclass(frozen=True, slots=True)
class GapPicture:
    """Dots with intervals beside lines for the population, on one scale from 0 to ``end``."""

    marks: tuple[GapMark, ...]
    end: float
    ticks: tuple[float, ...]
    alternative: Message
    table: PictureTable


@dataclass(frozen=True, slots=True)
class Bar:
    """Responses of a day or a week, and up to its end."""

    first: date
    responses: int
    total: int


@dataclass(frozen=True, slots=True)
class ArrivalsPicture:
    """Bars over time, ``days`` days each, on one scale from 0 to ``end``."""

    bars: tuple[Bar, ...]
    days: int
    end: int
    alternative: Message
    table: PictureTable


@dataclass(frozen=True, slots=True)
class Tile:
    """A square for an area; rows count from the north, columns from the west, both from 0."""

    label: str
    row: int
    column: int
    role: Role
    figure: Cell


@dataclass(frozen=True, slots=True)
class TilesPicture:
    """Areas as squares of one size, each near its place."""

    tiles: tuple[Tile, ...]
    rows: int
    columns: int
    alternative: Message
    table: PictureTable


@dataclass(frozen=True, slots=True)
class ThemeMark:
    """How often a group raises a theme; without a dot too few do to say."""

    theme: str
    group: str
    dot: Dot | None
    role: Role


@dataclass(frozen=True, slots=True)
class ThemePicture:
    """A panel per theme with a row per group, all on one scale from 0 to ``end``."""

    themes: tuple[str, ...]
    groups: tuple[str, ...]
    marks: tuple[ThemeMark, ...]
    end: float
    ticks: tuple[float, ...]
    alternative: Message
    table: PictureTable


Picture = GapPicture | ArrivalsPicture | TilesPicture | ThemePicture


def message(key: str, **values: Value) -> Message:
    """Return a sentence of :data:`TEXTS` with its values."""
    return Message(key, TEXTS[key], MappingProxyType(values))


def table(columns: Sequence[str], rows: Sequence[tuple[Cell, ...]]) -> PictureTable:
    """Return a table with headings of :data:`TEXTS`."""
    return PictureTable(
        tuple(message(f"picture.column.{column}") for column in columns), tuple(rows)
    )


def figure_of(figure: Published) -> Cell:
    """Return a published number for a table."""
    if figure.value is not None:
        return Count(figure.value)
    if figure.reason is Reason.SMALL and figure.high is not None:
        return message("picture.small", number=Count(figure.high + 1))
    return message("picture.withheld")


def dot_of(share: Percentage) -> Dot | None:
    """Return a published share with its interval; None if it is not shown."""
    if share.value is None or share.low is None or share.high is None:
        return None
    return Dot(*(round(value / 100, 6) for value in (share.value, share.low, share.high)))


def dot_cells(dot: Dot | None) -> tuple[Cell, Cell, Cell]:
    """Return a share and its interval for a table, blank without a dot."""
    return (Percent(dot.share), Percent(dot.low), Percent(dot.high)) if dot else (None, None, None)


def role_counts(roles: Sequence[Role]) -> dict[str, Value]:
    """Return how many marks have each role, for a sentence."""
    return {
        str(role): Count(sum(one is role for one in roles))
        for role in (Role.UNDER, Role.IN_LINE, Role.OVER, Role.TOO_FEW)
    }


def scale(values: Sequence[float | None]) -> tuple[float, tuple[float, ...]]:
    """Return the end of an axis of shares that begins at 0, and its ticks.

    Examples
    --------
    >>> scale([0.37, None, 0.02])
    (0.4, (0.0, 0.1, 0.2, 0.3, 0.4))
    """
    most = max((value for value in values if value), default=0.1)
    power = 10.0 ** ceil(round(log10(most), 9))
    step = next(power * part for part in (0.05, 0.1, 0.2) if most <= 5 * power * part + 1e-9)
    ticks = ceil(round(most / step, 9))
    return round(ticks * step, 9), tuple(round(tick * step, 9) for tick in range(ticks + 1))


def as_data(item: Any) -> Any:
    """Return a picture as plain data for JSON.

    Sentences have their key, English text and values; numbers of people are numbers, shares
    are from 0 to 1, dates are texts.
    """
    if isinstance(item, Message):
        values = {name: as_data(value) for name, value in item.values.items()}
        return {"key": item.key, "text": item.text, "values": values, "english": str(item)}
    if isinstance(item, Count):
        return item.value
    if isinstance(item, Percent):
        return item.share
    if isinstance(item, date):
        return item.isoformat()
    if isinstance(item, tuple):
        return [as_data(part) for part in item]
    if is_dataclass(item):
        return {field.name: as_data(getattr(item, field.name)) for field in fields(item)}
    return item
