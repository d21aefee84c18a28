"""Tables as lists: a phone has no room for columns, and a list reads well aloud."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from consult.drafting.blocks import Block, Heading, Item, Paragraph, Span, Spans, plain, trimmed

MAX_LABEL: Final = 100
"""How long a column's name may be to be said again in each row."""
MAX_REPEATED: Final = 200
"""How long the text of a cell that reaches over rows may be to be said in each."""
_ENDINGS: Final = (".", "!", "?", ":", ";", ",", "؟", "۔", "،", "؛", "。", "।")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it holds, and how many columns and rows it reaches over."""

    blocks: tuple[Block, ...]
    columns: int = 1
    continues: bool = False
    """Whether it is the lower part of the cell above."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells."""

    cells: tuple[Cell, ...]
    header: bool = False


def is_layout(rows: Sequence[Row]) -> bool:
    """Whether a table only places text: one column, one row, or headings in it."""
    return (
        len(rows) < 2
        or max(_width(row) for row in rows) < 2
        or any(isinstance(block, Heading) for block in _blocks(rows))
    )


def as_text(rows: Sequence[Row]) -> list[Block]:
    """What the cells hold, one after another."""
    return list(_blocks(rows))


def as_list(rows: Sequence[Row], group: int) -> list[Block]:
    """An item for each row, in which each cell stands behind the name of its column.

    The names of columns with nothing in them are an item of their own: no word is lost.
    """
    width = max(_width(row) for row in rows)
    blocks: list[Block] = []
    labels: dict[int, Spans] = {}
    unused: dict[int, Spans] = {}
    start = 0
    for row, cells in zip(rows, _filled(rows), strict=True):
        texts = {place: text for place, text in cells.items() if text}
        if len(texts) < 2:
            blocks.extend(Paragraph(text) for text in texts.values())
        elif not labels and _are_labels(row, texts):
            labels, unused, start = texts, dict(texts), len(blocks)
        elif width == 2 and not labels:
            blocks.append(Item(_pair(*texts.values()), group=group))
        else:
            blocks.append(Item(_lines(texts, labels), group=group))
            unused = {place: text for place, text in unused.items() if place not in texts}
    if unused:
        blocks.insert(start, Item(_lines(unused, {}), group=group))
    return blocks


def _blocks(rows: Iterable[Row]) -> Iterable[Block]:
    return chain.from_iterable(cell.blocks for row in rows for cell in row.cells)


def _width(row: Row) -> int:
    return sum(cell.columns for cell in row.cells)


def _filled(rows: Iterable[Row]) -> list[dict[int, Spans]]:
    """The text of each row's cells by column; a cell over several rows is said in each."""
    filled: list[dict[int, Spans]] = []
    above: dict[int, Spans] = {}
    for row in rows:
        cells: dict[int, Spans] = {}
        place = 0
        for cell in row.cells:
            text = flat(cell.blocks)
            if cell.continues and not text:
                text = above.get(place, ())
                text = text if len(plain(text)) <= MAX_REPEATED else ()
            cells[place] = text
            place += cell.columns
        above = cells
        filled.append(cells)
    return filled


def _are_labels(row: Row, texts: dict[int, Spans]) -> bool:
    """Whether a row names the columns: marked as such, or short and all in bold."""
    short = all(len(plain(text)) <= MAX_LABEL for text in texts.values())
    bold = all(span.strong or not span.text.strip() for text in texts.values() for span in text)
    return short and (row.header or bold)


def _pair(first: Spans, second: Spans) -> Spans:
    return (*_label(first), *second)


def _lines(texts: dict[int, Spans], labels: dict[int, Spans]) -> Spans:
    spans: list[Span] = []
    for place, text in texts.items():
        if spans:
            spans.append(Span("\n"))
        if place in labels:
            spans.extend(_label(labels[place]))
        spans.extend(text)
    return trimmed(spans)


def _label(text: Spans) -> Spans:
    """Words that say what follows: in bold, with a colon where they end without a mark."""
    if len(plain(text)) > MAX_LABEL:
        return (*text, Span(" "))
    end = " " if plain(text).endswith(_ENDINGS) else ": "
    strong = (replace(span, strong=True) for span in text)
    return (*strong, Span(end.rstrip(), strong=True), Span(" "))


def flat(blocks: Iterable[Block]) -> Spans:
    """Blocks as one run of text, each part closed by a mark."""
    spans: list[Span] = []
    for block in blocks:
        if spans and block.spans:
            spans.append(Span(" " if plain(spans[-1:]).endswith(_ENDINGS) else "; "))
        if isinstance(block, Item) and block.number is not None:
            spans.append(Span(f"{block.number}. "))
        spans.extend(replace(span, text=span.text.replace("\n", " ")) for span in block.spans)
    return trimmed(spans)
