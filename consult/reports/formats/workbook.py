"""A report as an Excel workbook: a tidy sheet a table, and what leads to them and explains them."""

import math
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook

from consult.reports.charts.png import png
from consult.reports.charts.svg import svg
from consult.reports.formats.sheet_names import SheetNames
from consult.reports.paper import Cell, Figure, Kind, Notice, Paper, Table, plain

LONGEST_CELL: Final = 32_767
"""UTF-16 units: what Excel lets a cell hold."""

NUMBERS: Final = frozenset({Kind.COUNT, Kind.SHARE})
"""Columns that hold numbers."""

_COUNT, _PERCENT, _PERCENT_IN_DETAIL = "#,##0_)", "0%_)", "0.0%_)"
"""Each with a gap behind it, lest words in the next column touch it."""

_A4 = 9
_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = 1, 2
_GREY = "#eaf2f2"
_TEAL = "#0b5f67"
_NARROWEST, _WIDEST = 9, 60
_NAMES_WIDTH, _NOTES_WIDTH = 32, 100
_LINE, _NASTALIQ_LINE = 20, 26
"""Pixels; letters of Urdu's own script climb."""
_MOST_LINES = 12
_PICTURE_SCALE = 0.5
"""Pictures have twice the pixels that they take, to be sharp on paper."""


def write(paper: Paper) -> bytes:
    """Write all tables, printed or not, with a sheet of contents, of notes and of charts."""
    written = BytesIO()
    book = Workbook(written, {"in_memory": True})
    book.set_properties({"title": plain(paper.title), "created": paper.made_at})
    _Writer(book, paper).write()
    book.close()
    return written.getvalue()


@dataclass(frozen=True, slots=True)
class _Facts:
    """A column of a sheet: numbers, or words."""

    label: str
    cells: tuple[Cell, ...]
    kind: Kind


class _Looks:
    """What cells look like. Words are marked as words, also for whoever edits the cell later."""

    def __init__(self, book: Any, direction: str) -> None:
        line = {"num_format": "@", "quote_prefix": True}
        words = {**line, "valign": "top", "text_wrap": True}
        own = {"reading_order": _RIGHT_TO_LEFT if direction == "rtl" else _LEFT_TO_RIGHT}
        self.title = book.add_format({**line, "bold": True, "font_size": 16})
        self.line = book.add_format(line)
        self.strong_line = book.add_format({**line, "bold": True})
        self.strong_words = book.add_format({**words, **own, "bold": True})
        self.heading = book.add_format({**words, **own, "bold": True, "bg_color": _GREY})
        self.words = book.add_format({**words, **own})
        self.other_words = book.add_format(words)
        self.link = book.add_format({"font_color": _TEAL, "underline": 1, "valign": "top"})
        self.numbers = {
            shown: book.add_format({"num_format": shown, "valign": "top"})
            for shown in (_COUNT, _PERCENT, _PERCENT_IN_DETAIL)
        }


class _Writer:
    """One workbook while it is written."""

    def __init__(self, book: Any, paper: Paper) -> None:
        self._book = book
        self._paper = paper
        self._looks = _Looks(book, paper.direction)
        self._line_height = _NASTALIQ_LINE if paper.language == "ur" else _LINE
        self._tables = tuple(paper.tables())
        self._figures = tuple(paper.figures())
        names = SheetNames()
        self._contents = names.give(paper.contents_title)
        self._notes = names.give(paper.notes_title)
        self._charts = names.give(paper.furniture.charts)
        self._sheets = {table.key: names.give(table.key) for table in self._tables}

    def write(self) -> None:
        contents, notes = self._add(self._contents), self._add(self._notes)
        for table in self._tables:
            self._write_table(table)
        if self._figures:
            self._write_charts(self._add(self._charts))
        self._write_contents(contents)
        self._write_notes(notes)

    def _add(self, name: str) -> Any:
        sheet = self._book.add_worksheet(name)
        if self._paper.direction == "rtl":
            sheet.right_to_left()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        return sheet

    def _write_table(self, table: Table) -> None:
        sheet = self._add(self._sheets[table.key])
        sheet.set_landscape()
        columns = list(_facts(table, self._paper.furniture.as_shown))
        widths = [_width(facts) for facts in columns]
        for position, (facts, width) in enumerate(zip(columns, widths, strict=True)):
            sheet.set_column(position, position, width)
            self._say(sheet, 0, position, facts.label, self._looks.heading)
            shown = _number_format(facts)
            for row, cell in enumerate(facts.cells, start=1):
                self._put(sheet, row, position, cell, shown)
        headings = [facts.label for facts in columns]
        rows = zip(*([cell.text for cell in facts.cells] for facts in columns), strict=True)
        for row, texts in enumerate([headings, *rows]):
            self._stretch(sheet, row, texts, widths)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
        sheet.autofilter(0, 0, len(table.rows), len(columns) - 1)

    def _put(self, sheet: Any, row: int, column: int, cell: Cell, shown: str | None) -> None:
        looks = self._looks
        if shown is None:
            own = cell.language in {None, self._paper.language}
            self._say(sheet, row, column, cell.text, looks.words if own else looks.other_words)
        elif cell.value is not None:
            sheet.write_number(row, column, cell.value, looks.numbers[shown])

    def _write_contents(self, sheet: Any) -> None:
        paper, looks = self._paper, self._looks
        sheet.set_column(0, 0, _NAMES_WIDTH)
        sheet.set_column(1, 1, _NOTES_WIDTH)
        self._say(sheet, 0, 0, plain(paper.title), looks.title)
        lines = [plain(line) for line in (paper.subtitle, *paper.about) if line]
        for row, line in enumerate(lines, start=1):
            self._say(sheet, row, 0, line, looks.line)
        notices = _notices(paper)
        for row, notice in enumerate(notices, start=len(lines) + 1):
            self._say(sheet, row, 1, notice, looks.strong_words)
            self._stretch(sheet, row, [notice], [_NOTES_WIDTH])
        row = len(lines) + len(notices) + 2
        self._say(sheet, row, 0, paper.furniture.sheet, looks.heading)
        self._say(sheet, row, 1, paper.furniture.table, looks.heading)
        listed = [(self._notes, paper.notes_title)]
        listed += [(self._sheets[table.key], table.title) for table in self._tables]
        if self._figures:
            listed.append((self._charts, paper.furniture.charts))
        for at, (name, title) in enumerate(listed, start=row + 1):
            self._lead(sheet, at, 0, name)
            self._say(sheet, at, 1, title, looks.words)

    def _write_notes(self, sheet: Any) -> None:
        paper, looks = self._paper, self._looks
        sheet.set_column(0, 0, _NAMES_WIDTH)
        sheet.set_column(1, 1, _NOTES_WIDTH)
        self._say(sheet, 0, 0, paper.furniture.sheet, looks.heading)
        self._say(sheet, 0, 1, paper.notes_title, looks.heading)
        sheet.freeze_panes(1, 0)
        noted = [("", note) for note in paper.notes]
        noted += [(self._sheets[table.key], note) for table in self._tables for note in table.notes]
        for row, (name, note) in enumerate(noted, start=1):
            if name:
                self._lead(sheet, row, 0, name)
            self._say(sheet, row, 1, note, looks.words)
            self._stretch(sheet, row, [note], [_NOTES_WIDTH])
        sheet.autofilter(0, 0, len(noted), 1)

    def _write_charts(self, sheet: Any) -> None:
        row = 0
        for figure in self._figures:
            self._say(sheet, row, 0, figure.caption, self._looks.strong_line)
            if figure.table in self._sheets:
                self._lead(sheet, row + 1, 0, self._sheets[figure.table])
            picture = _picture(figure)
            options = {
                "image_data": BytesIO(picture),
                "description": figure.alternative,
                "x_scale": _PICTURE_SCALE,
                "y_scale": _PICTURE_SCALE,
            }
            sheet.insert_image(row + 2, 0, f"{figure.key}.png", options)
            row += 4 + int(_height(picture) * _PICTURE_SCALE / _LINE)

    def _stretch(self, sheet: Any, row: int, texts: Sequence[str], widths: Sequence[int]) -> None:
        """Make a row as high as its texts need; not every program does so by itself."""
        lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
        if lines > 1:
            sheet.set_row_pixels(row, min(lines, _MOST_LINES) * self._line_height)

    def _lead(self, sheet: Any, row: int, column: int, name: str) -> None:
        """Write a sheet's name as a link to it."""
        quoted = name.replace("'", "''")
        sheet.write_url(row, column, f"internal:'{quoted}'!A1", self._looks.link, name)

    def _say(self, sheet: Any, row: int, column: int, words: str, looks: Any) -> None:
        """Write words as words, always: what begins with = is no formula, and 2030 no number."""
        sheet.write_string(row, column, _fitting(words), looks)


def _facts(table: Table, as_shown: str) -> Iterator[_Facts]:
    """The columns of a table's sheet: beside numbers, in words, what stands where there is none."""
    labels = _labels(table)
    for column, label, cells in zip(table.columns, labels, _turned(table), strict=True):
        yield _Facts(label, cells, column.kind)
        if column.kind in NUMBERS and any(map(_tells_in_words, cells)):
            yield _Facts(as_shown.replace("{column}", label), cells, Kind.TEXT)


def _tells_in_words(cell: Cell) -> bool:
    """Whether words, and not only a sign, stand where there is no number."""
    return cell.value is None and any(letter.isalnum() for letter in cell.text)


def _labels(table: Table) -> list[str]:
    """What the columns are called, each in its own way.

    Both ends of intervals are called the same beside every share: they take its name with them.
    """
    names = [column.label for column in table.columns]
    found: list[str] = []
    before = ""
    for name in names:
        if names.count(name) == 1:
            before = name
            found.append(name)
        else:
            found.append(f"{before} – {name}")
    return found


def _turned(table: Table) -> list[tuple[Cell, ...]]:
    if not table.rows:
        return [() for _ in table.columns]
    return list(zip(*table.rows, strict=True))


def _number_format(facts: _Facts) -> str | None:
    """How the numbers of a column are shown: no finer than they are; none for words."""
    if facts.kind not in NUMBERS:
        return None
    if facts.kind is Kind.COUNT:
        return _COUNT
    shares = [100 * cell.value for cell in facts.cells if cell.value is not None]
    whole = all(math.isclose(share, round(share), abs_tol=1e-9) for share in shares)
    return _PERCENT if whole else _PERCENT_IN_DETAIL


def _width(facts: _Facts) -> int:
    """Characters, for the longest cell and for a heading of two lines with a filter's button."""
    longest = max((len(line) for cell in facts.cells for line in cell.text.splitlines()), default=0)
    return min(max(longest + 2, len(facts.label) // 2 + 6, _NARROWEST), _WIDEST)


def _lines(text: str, width: int) -> int:
    """About how many lines a text takes in a column."""
    return sum(1 + len(line) // width for line in text.splitlines()) or 1


def _notices(paper: Paper) -> list[str]:
    """What must not be overlooked, once each."""
    found = [
        plain(block.text)
        for part in paper.parts
        for block in part.blocks
        if isinstance(block, Notice)
    ]
    return list(dict.fromkeys(found))


def _picture(figure: Figure) -> bytes:
    return png(svg(figure.chart, title=figure.caption, alternative=figure.alternative))


def _height(picture: bytes) -> int:
    """Pixels, as the head of a PNG file says."""
    found: int = struct.unpack(">I", picture[20:24])[0]
    return found


def _fitting(words: str) -> str:
    """As much of a text as a cell can hold."""
    units = words.encode("utf-16-le")
    if len(units) // 2 <= LONGEST_CELL:
        return words
    return units[: 2 * (LONGEST_CELL - 1)].decode("utf-16-le", "ignore") + "…"
