"""A report as a Word file, for Word and LibreOffice."""

from collections.abc import Iterator
from io import BytesIO
from itertools import count
from typing import Final

from docx.document import Document
from docx.oxml.shape import CT_Inline
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Twips

from consult.reports.charts import png, svg
from consult.reports.data import Form
from consult.reports.formats import word_tables
from consult.reports.formats.word_base import empty, packed
from consult.reports.formats.word_contents import Entry, contents, entries, foot, marked
from consult.reports.formats.word_runs import Place, Script, paragraph, properties, script_of
from consult.reports.formats.word_styles import Look, larger, look
from consult.reports.formats.word_xml import element, sayable
from consult.reports.paper import (
    Block,
    Bullets,
    Figure,
    Heading,
    Notice,
    Paper,
    Paragraph,
    Part,
    Quotation,
    Span,
    Table,
    Text,
)

_LETTER: Final = 12.5
"""Width of a letter in a table, in twentieths of a point for each point of its size."""
_TALLEST: Final = 0.8
"""How much of a page a chart may take."""
_WORTH_A_PAGE: Final = 8
"""Headings from which on the title and the contents stand on a page of their own."""


def write(paper: Paper) -> bytes:
    """The bytes of the file; the same for the same paper."""
    return packed(_Writing(paper).document())


class _Writing:
    """One file as it grows."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._look: Look = look(paper.form, paper.language)
        self._entries = entries(paper)
        self._next = iter(self._entries)
        self._pictures = count(1)
        self._document = empty(paper, self._look)

    def document(self) -> Document:
        body = self._document.element.body
        section = body.sectPr
        for block in (*self._front(), *self._parts()):
            section.addprevious(block)
        footer = self._document.sections[0].footer
        footer.is_linked_to_previous = False
        line = footer.paragraphs[0]._p
        line.clear()
        line.extend(foot(self._paper))
        return self._document

    def _line(self, text: Text, style: str) -> BaseOxmlElement:
        """A line on the paper's side of the page."""
        return paragraph(text, self._paper.language, Place(style))

    def _words(self, text: Text, style: str) -> BaseOxmlElement:
        """A paragraph to read, which begins where its own language does."""
        return paragraph(text, self._paper.language, Place(style, of_paper=False))

    def _front(self) -> Iterator[BaseOxmlElement]:
        yield self._line(self._paper.title, "Title")
        if self._paper.subtitle:
            yield self._line(self._paper.subtitle, "Subtitle")
        for line in self._paper.about:
            yield self._line(line, "ReportDetails")
        if self._has_contents():
            yield contents(self._paper, self._entries)

    def _has_contents(self) -> bool:
        return self._paper.form is not Form.ONE_PAGE and len(self._paper.parts) > 1

    def _parts(self) -> Iterator[BaseOxmlElement]:
        appendix = False
        for number, part in enumerate(self._paper.parts):
            begins = part.appendix and not appendix
            appendix = part.appendix
            new_page = begins if number else len(self._entries) >= _WORTH_A_PAGE
            new_page = new_page and self._has_contents()
            yield self._heading(next(self._next), page_before=new_page)
            yield from self._blocks(part)

    def _heading(self, entry: Entry, *, page_before: bool = False) -> BaseOxmlElement:
        place = Place(f"Heading{entry.level}", page_before=page_before)
        return paragraph(entry.text, self._paper.language, place, before=marked(entry))

    def _blocks(self, part: Part) -> Iterator[BaseOxmlElement]:
        for block in part.blocks:
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[BaseOxmlElement]:
        match block:
            case Heading():
                yield self._heading(next(self._next))
            case Paragraph():
                yield self._words(block.text, "LeadParagraph" if block.lead else "Normal")
            case Notice():
                yield self._words(block.text, "Notice")
            case Bullets():
                yield from (self._words(item, "ListBullet") for item in block.items)
            case Quotation():
                yield from self._quotation(block)
            case Figure():
                yield from self._figure(block)
            case Table():
                yield from self._table(block)

    def _quotation(self, quotation: Quotation) -> Iterator[BaseOxmlElement]:
        yield self._words(quotation.text, "Quote")
        if quotation.original is not None:
            yield self._words(quotation.original, "Quote")
        yield self._words(quotation.note, "QuoteSource")

    def _table(self, table: Table) -> Iterator[BaseOxmlElement]:
        if not table.shown:
            return
        yield self._line((Span(table.title),), "Caption")
        yield word_tables.table(
            table.on_paper(),
            self._paper,
            width=self._look.text_width,
            letter=self._letter(),
        )
        for note in table.notes:
            yield self._line((Span(note),), "TableNote")

    def _letter(self) -> int:
        script = script_of(self._paper.language)
        wider = 1 if script is Script.SIMPLE else larger(script)
        return round(_LETTER * self._look.table * wider)

    def _figure(self, figure: Figure) -> Iterator[BaseOxmlElement]:
        yield self._line((Span(figure.caption),), "Caption")
        inline = self._picture(png.png(svg.svg(figure.chart)), next(self._pictures))
        inline.docPr.set("descr", sayable(figure.alternative))
        place = properties(self._paper.direction, self._paper.language, Place("Picture"))
        yield element("w:p", place, element("w:r", element("w:drawing", inline)))

    def _picture(self, picture: bytes, number: int) -> CT_Inline:
        """A picture as wide as the text, unless it were too tall for its page."""
        relation, image = self._document.part.get_or_add_image(BytesIO(picture))
        width = self._look.text_width
        height = round(width * image.px_height / image.px_width)
        most = round(self._look.text_height * _TALLEST)
        if height > most:
            width, height = round(width * most / height), most
        name = f"chart-{number}.png"
        inline = CT_Inline.new_pic_inline(number, relation, name, Twips(width), Twips(height))
        for side in ("distT", "distB", "distL", "distR"):
            inline.set(side, "0")  # LibreOffice would leave room, and push it off the margin
        return inline
