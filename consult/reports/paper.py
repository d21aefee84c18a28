"""A report in one language, free of any file format: what all formats write.

Words are finished here; a format adds looks, and nothing that a reader could miss in another one.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from consult.reports.charts.kinds import Chart
from consult.reports.data import Audience, Form


@dataclass(frozen=True, slots=True)
class Span:
    """Some words, in another language than the paper's where ``language`` says so."""

    text: str
    language: str | None = None
    strong: bool = False


Text: TypeAlias = tuple[Span, ...]
"""Words of one line or paragraph; spaces between spans are in the spans."""


def plain(text: Text) -> str:
    """All words of a text, without their looks."""
    return "".join(span.text for span in text)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within a part; ``level`` 3 or 4 (the paper's title is 1, its parts' are 2)."""

    text: Text
    level: int = 3
    anchor: str = ""
    """What links lead to it by, unique in the paper; nothing for most."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: Text
    lead: bool = False
    """Set larger: the sentence that a hurried reader should see."""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A paragraph that must not be overlooked, such as that the consultation is made up."""

    text: Text


@dataclass(frozen=True, slots=True)
class Quotation:
    """Somebody's own words."""

    text: Text
    """In the language that they were written in, or, with ``original``, translated."""
    original: Text | None
    note: Text
    """Whose: no more than the language, and who translated it."""


class Kind(StrEnum):
    """What a column holds; a format aligns and types its cells by it."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    key: str
    """Lasting and without blanks, for machine-readable files: ``share_low``."""
    label: str
    kind: Kind = Kind.TEXT
    printed: bool = True
    """Whether it stands on paper and pages too; else in spreadsheets and files alone."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: words for people, and the number behind them for machines.

    ``value`` is None where there is no number, or none that may be shown; shares are from 0 to 1.
    """

    text: str
    value: float | int | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first column names its rows."""

    key: str
    """Lasting and unique in the paper: ``gaps-religion``; names sheets and files."""
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    shown: bool = True
    """Whether it is printed in its part; else it stands in spreadsheets and appendices alone."""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.key}: a cell for each column")

    def on_paper(self) -> "Table":
        """The table with the columns that are printed."""
        kept = [place for place, column in enumerate(self.columns) if column.printed]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart with its caption; ``table`` is the key of the table that says the same."""

    key: str
    """Lasting and unique in the paper; names its files."""
    caption: str
    chart: Chart
    alternative: str
    """What the chart shows, for those who cannot see it."""
    table: str


Block: TypeAlias = Heading | Paragraph | Bullets | Notice | Quotation | Table | Figure


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of the paper."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    appendix: bool = False
    behind: tuple[Table, ...] = ()
    """Its tables that are printed at the end of the paper, for a page that shows the part alone."""


@dataclass(frozen=True, slots=True)
class Furniture:
    """Words of a file that are not its report's own, in the paper's language."""

    skip: str = "Skip to main content"
    sheet: str = "Sheet"
    """Heading over the names of sheets."""
    table: str = "Table"
    """Heading over the titles of tables."""
    charts: str = "Charts"
    """Name of the sheet with pictures."""
    as_shown: str = "{column}, as shown"
    """Name of the column that holds what is printed in place of the numbers of another."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole report in one language."""

    language: str
    direction: str
    """``ltr`` or ``rtl``."""
    audience: Audience
    form: Form
    number: int
    made_at: datetime
    title: Text
    subtitle: Text
    about: tuple[Text, ...]
    """Who asked, when, which version, made when; the lines under the title."""
    contents_title: str
    """What the table of contents is called."""
    notes_title: str
    """What the sheet of notes of a workbook is called."""
    notes: tuple[str, ...]
    """How to read the figures: rounding, intervals, what "withheld" means."""
    parts: tuple[Part, ...]
    furniture: Furniture = Furniture()

    def tables(self) -> Iterator[Table]:
        """All tables, printed or not, in order."""
        for part in self.parts:
            for block in part.blocks:
                if isinstance(block, Table):
                    yield block

    def figures(self) -> Iterator[Figure]:
        """All charts in order."""
        for part in self.parts:
            for block in part.blocks:
                if isinstance(block, Figure):
                    yield block
