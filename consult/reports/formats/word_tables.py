"""Tables of a Word file: one header row that repeats, no merged cells, words for who cannot see."""

from collections.abc import Iterator, Sequence
from typing import Final

from docx.oxml.xmlchemy import BaseOxmlElement

from consult.reports.formats.word_runs import Place, paragraph
from consult.reports.formats.word_styles import TABLE_STYLE
from consult.reports.formats.word_xml import element, sayable
from consult.reports.paper import Cell, Column, Kind, Paper, Span, Table

_PADDING: Final = 220
"""Both sides of a cell, in twentieths of a point."""
_LONGEST: Final = 36
"""Letters in a line of a cell beyond which a column need not grow."""
_BOLD: Final = 1.1
"""How much wider bold letters are."""


def table(table: Table, paper: Paper, *, width: int, letter: int) -> BaseOxmlElement:
    """The table itself, without caption and notes.

    ``width`` of the page's text and ``letter``, of one letter, are in twentieths of a point.
    """
    wide = widths(table, width, letter)
    return element(
        "w:tbl",
        _properties(table, paper, sum(wide)),
        element("w:tblGrid", *(element("w:gridCol", w=each) for each in wide)),
        _header(table.columns, wide, paper),
        *_rows(table, wide, paper),
    )


def widths(table: Table, width: int, letter: int) -> tuple[int, ...]:
    """How wide each column is: room for its longest word, then for its longest cell.

    >>> narrow = Table("t", "T", (Column("a", "A"), Column("b", "B")), ())
    >>> widths(narrow, 1000, 100)
    (500, 500)
    """
    least, wanted = [], []
    for place, column in enumerate(table.columns):
        cells = [row[place].text for row in table.rows]
        heading = _BOLD * _longest_word([column.label])
        narrow = _PADDING + round(letter * max(heading, _longest_word(cells)))
        full = max(map(len, cells), default=0)
        least.append(narrow)
        wanted.append(max(narrow, _PADDING + letter * min(_LONGEST, full)))
    if sum(wanted) <= width:
        return _stretched(wanted, width)
    if sum(least) >= width:
        return _stretched(least, width)
    room = (width - sum(least)) / (sum(wanted) - sum(least))
    return _stretched(
        [low + (high - low) * room for low, high in zip(least, wanted, strict=True)], width
    )


def _longest_word(texts: Sequence[str]) -> int:
    return max((len(word) for text in texts for word in text.split()), default=1)


def _stretched(parts: Sequence[float], width: int) -> tuple[int, ...]:
    """Parts in proportion that make up the whole exactly."""
    scaled = [int(width * part / sum(parts)) for part in parts]
    scaled[0] += width - sum(scaled)
    return tuple(scaled)


def _properties(table: Table, paper: Paper, width: int) -> BaseOxmlElement:
    caption = element("w:tblCaption", val=sayable(table.title))
    notes = sayable(" ".join(table.notes))
    return element(
        "w:tblPr",
        element("w:tblStyle", val=TABLE_STYLE),
        element("w:bidiVisual") if paper.direction == "rtl" else None,
        element("w:tblW", w=width, type="dxa"),
        element("w:tblLayout", type="fixed"),
        element(
            "w:tblLook",
            val="00A0",
            firstRow=1,
            lastRow=0,
            firstColumn=1,
            lastColumn=0,
            noHBand=0,
            noVBand=1,
        ),
        caption,
        element("w:tblDescription", val=notes) if notes else None,
    )


def _header(columns: Sequence[Column], wide: Sequence[int], paper: Paper) -> BaseOxmlElement:
    cells = (
        _cell(Cell(column.label), column.kind, each, paper, style="TableHeading")
        for column, each in zip(columns, wide, strict=True)
    )
    return element(
        "w:tr", element("w:trPr", element("w:cantSplit"), element("w:tblHeader")), *cells
    )


def _rows(table: Table, wide: Sequence[int], paper: Paper) -> Iterator[BaseOxmlElement]:
    for row in table.rows:
        cells = (
            _cell(cell, column.kind, each, paper, style="TableText")
            for cell, column, each in zip(row, table.columns, wide, strict=True)
        )
        yield element("w:tr", element("w:trPr", element("w:cantSplit")), *cells)


def _cell(cell: Cell, kind: Kind, width: int, paper: Paper, *, style: str) -> BaseOxmlElement:
    number = kind in {Kind.COUNT, Kind.SHARE}
    return element(
        "w:tc",
        element(
            "w:tcPr",
            element("w:tcW", w=width, type="dxa"),
            # Lines of Nastaliq are twice as high as those of Latin letters beside them.
            element("w:vAlign", val="center") if paper.direction == "rtl" else None,
        ),
        paragraph((Span(cell.text, cell.language),), paper.language, Place(style, at_end=number)),
    )
