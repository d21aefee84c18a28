"""Papers read back as plain words."""

from collections.abc import Iterator

import pytest
from flask import Flask

from consult import i18n
from consult.reports.data import Form, ReportData
from consult.reports.paper import (
    Block,
    Bullets,
    Heading,
    Notice,
    Paper,
    Paragraph,
    Part,
    Quotation,
    Span,
    Table,
    Text,
    plain,
)
from consult.telling.report import writing


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    """An application that knows the catalogues and nothing else."""
    made = Flask(__name__)
    i18n.init_app(made)
    with made.app_context():
        yield made


def written(data: ReportData, language: str = "en", form: Form = Form.FULL) -> Paper:
    """A report on paper; needs :func:`app`."""
    return writing.paper(data, language, form)


def part(paper: Paper, key: str) -> Part:
    """The part of a key."""
    return next(each for each in paper.parts if each.key == key)


def table(paper: Paper, key: str) -> Table:
    """The table of a key."""
    return next(each for each in paper.tables() if each.key == key)


def rows(found: Table) -> list[list[str]]:
    """The words of a table's cells."""
    return [[cell.text for cell in row] for row in found.rows]


def texts(block: Block) -> Iterator[Text]:
    """All texts of a block that stand in sentences."""
    match block:
        case Heading() | Paragraph() | Notice():
            yield block.text
        case Bullets():
            yield from block.items
        case Quotation():
            yield block.text
            yield block.original or ()
            yield block.note


def lines(found: Part) -> list[str]:
    """All sentences of a part, line by line."""
    return [plain(text) for block in found.blocks for text in texts(block)]


def spans(paper: Paper) -> Iterator[Span]:
    """All words in sentences, with their languages."""
    yield from (*paper.title, *paper.subtitle, *(span for line in paper.about for span in line))
    for each in paper.parts:
        for block in each.blocks:
            for text in texts(block):
                yield from text


def strings(paper: Paper) -> Iterator[str]:
    """All words of a paper: those of its tables and charts too."""
    yield from (span.text for span in spans(paper))
    yield from (paper.contents_title, paper.notes_title, *paper.notes)
    for each in paper.parts:
        yield each.title
    for found in paper.tables():
        yield found.title
        yield from found.notes
        yield from (column.label for column in found.columns)
        yield from (cell.text for row in found.rows for cell in row)
    for figure in paper.figures():
        yield figure.caption
        yield figure.alternative
        yield from (words for _, words in figure.chart.ticks)
