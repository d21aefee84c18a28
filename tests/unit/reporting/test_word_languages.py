"""Word files in several languages: directions, scripts, and what LibreOffice makes of them."""

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn

from consult.reports.formats import word
from consult.reports.formats.word_runs import Script, Stretch, stretches, way
from consult.reports.paper import (
    Bullets,
    Cell,
    Column,
    Heading,
    Kind,
    Notice,
    Paper,
    Paragraph,
    Quotation,
    Span,
    Table,
    plain,
)
from tests.support.libreoffice import Convert, soffice
from tests.support.reports import sample_paper

__all__ = ["soffice"]

SIMPLE, COMPLEX, RTL = Script.SIMPLE, Script.COMPLEX, Script.RIGHT_TO_LEFT


def opened(paper: Paper) -> Any:
    return docx.Document(BytesIO(word.write(paper)))


def with_paragraph(language: str, *spans: Span) -> Any:
    paper = sample_paper(language)
    part = replace(paper.parts[0], blocks=(Paragraph(spans),))
    document = opened(replace(paper, parts=(part,)))
    (line,) = [each for each in document.paragraphs if each.style.name == "Normal"]
    return line


def marks(line: Any) -> list[tuple[str, bool, bool]]:
    """Words of each run, and whether it is marked as right-to-left or complex."""
    return [
        (
            run.text,
            run._r.rPr.find(qn("w:rtl")) is not None,
            run._r.rPr.find(qn("w:cs")) is not None,
        )
        for run in line.runs
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Plain, 12%.", "en", [("Plain, 12%.", SIMPLE)]),
        ("140 لوگ", "ur", [("140 لوگ", RTL)]),
        ("15", "ur", [("15", RTL)]),
        (
            "Census 2021 میں (Ward End) سے",
            "ur",
            [("Census 2021", SIMPLE), (" میں (", RTL), ("Ward End", SIMPLE), (") سے", RTL)],
        ),
        ("১৪০ জন।", "bn", [("১৪০ জন।", COMPLEX)]),
        (
            "জন Lozells, 12",
            "bn",
            [("জন ", COMPLEX), ("Lozells, 12", SIMPLE)],
        ),
        ("Say سلام now", "en", [("Say ", SIMPLE), ("سلام", RTL), (" now", SIMPLE)]),
        ("e\u0301 \u0301", "en", [("e\u0301 \u0301", SIMPLE)]),
        ("", "ur", []),
    ],
)
def test_words_are_cut_where_their_script_changes(
    text: str, language: str, expected: list[tuple[str, Script]]
) -> None:
    assert stretches(text, language) == tuple(Stretch(*each) for each in expected)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ((Span("Good", "en"),), "ltr"),
        ((Span("Good ", "en"), Span("اچھا")), "rtl"),
        ((Span("Good", "en"), Span(" ")), "ltr"),
        ((), "rtl"),
    ],
)
def test_a_paragraph_runs_as_its_words_do(spans: tuple[Span, ...], expected: str) -> None:
    assert way(spans, "ur") == expected


def test_mixed_directions_in_one_urdu_paragraph() -> None:
    line = with_paragraph("ur", Span("یہاں "), Span("Lozells", "en", strong=True), Span(" میں"))
    assert line._p.pPr.find(qn("w:bidi")) is not None
    assert marks(line) == [
        ("یہاں ", True, False),
        ("Lozells", False, False),
        (" میں", True, False),
    ]
    urdu, english, _ = (run._r.rPr for run in line.runs)
    assert urdu.find(qn("w:lang")).get(qn("w:bidi")) == "ur-PK"
    assert english.find(qn("w:lang")).get(qn("w:val")) == "en-GB"
    assert english.find(qn("w:bCs")) is not None


def test_bengali_runs_take_the_settings_of_complex_scripts() -> None:
    line = with_paragraph("bn", Span("১৪০ জন"))
    assert line._p.pPr.find(qn("w:bidi")) is None
    assert marks(line) == [("১৪০ জন", False, True)]


def test_an_urdu_quote_in_an_english_report_has_its_hand_and_direction() -> None:
    quotes = [line for line in opened(sample_paper()).paragraphs if line.style.name == "Quote"]
    english, urdu = quotes
    assert english._p.pPr.find(qn("w:bidi")) is None
    assert urdu._p.pPr.find(qn("w:bidi")) is not None
    (run,) = urdu.runs
    assert run._r.rPr.find(qn("w:rFonts")).get(qn("w:cs")) == "Urdu Typesetting"


def test_an_english_title_stands_where_an_urdu_report_begins_its_lines() -> None:
    (title,) = [
        each for each in opened(sample_paper("ur")).paragraphs if each.style.name == "Title"
    ]
    assert title._p.pPr.find(qn("w:bidi")) is None
    assert title._p.pPr.find(qn("w:jc")).get(qn("w:val")) == "right"


@pytest.mark.parametrize(("language", "turned"), [("en", False), ("bn", False), ("ur", True)])
def test_tables_and_pages_turn_with_the_language(language: str, turned: bool) -> None:
    document = opened(sample_paper(language))
    assert all(
        (table._tbl.tblPr.find(qn("w:bidiVisual")) is not None) is turned
        for table in document.tables
    )
    section = document.sections[0]._sectPr
    assert (section.find(qn("w:bidi")) is not None) is turned
    assert (section.find(qn("w:rtlGutter")) is not None) is turned


def test_numbers_stand_at_the_far_side_whatever_their_language() -> None:
    columns = (Column("a", "الف"), Column("n", "تعداد", Kind.COUNT))
    rows = ((Cell("Christian", None, "en"), Cell("fewer", None, "en")), (Cell("ا"), Cell("15", 15)))
    paper = sample_paper("ur")
    part = replace(paper.parts[0], blocks=(Table("t", "جدول", columns, rows),))
    (table,) = opened(replace(paper, parts=(part,))).tables

    def side(row: int, column: int) -> str | None:
        found = table.rows[row].cells[column].paragraphs[0]._p.pPr.find(qn("w:jc"))
        return None if found is None else found.get(qn("w:val"))

    # In a paragraph from right to left, Word's "right" is the left of the page.
    assert [side(1, 0), side(1, 1), side(2, 0), side(2, 1)] == ["right", "left", None, "right"]


@pytest.mark.parametrize(
    ("language", "font", "size"),
    [("en", "Arial", "28"), ("ur", "Urdu Typesetting", "28"), ("bn", "Nirmala UI", "24")],
)
def test_complex_scripts_have_fonts_and_sizes(language: str, font: str, size: str) -> None:
    defaults = opened(sample_paper(language)).styles.element.find(f".//{qn('w:rPrDefault')}")
    assert defaults.find(f".//{qn('w:rFonts')}").get(qn("w:cs")) == font
    assert defaults.find(f".//{qn('w:szCs')}").get(qn("w:val")) == size


def strings(paper: Paper) -> Iterator[str]:
    """All that the file should print."""
    yield from (plain(paper.title), plain(paper.subtitle), paper.contents_title)
    for part in paper.parts:
        yield part.title
        for block in part.blocks:
            match block:
                case Heading() | Paragraph() | Notice():
                    yield plain(block.text)
                case Bullets():
                    yield from map(plain, block.items)
                case Quotation():
                    yield plain(block.text)
                case Table() if block.shown:
                    yield block.title
                    yield from (column.label for column in block.columns)
                    yield from (cell.text for row in block.rows for cell in row)


@pytest.mark.libreoffice
@pytest.mark.parametrize("language", ["en", "ur", "bn"])
def test_libreoffice_prints_all_words(language: str, soffice: Convert, tmp_path: Path) -> None:
    paper = sample_paper(language)
    file = tmp_path / "report.docx"
    file.write_bytes(word.write(paper))
    made = soffice(file, "pdf")
    said = subprocess.run(
        ["pdftotext", "-raw", str(made), "-"], check=True, capture_output=True, text=True
    ).stdout
    printed = letters(said)
    # Fonts of complex scripts change the order of letters within a word, so letters are counted.
    for text in strings(paper):
        missing = {letter for letter in letters(text) if letter not in printed}
        assert not missing, text
    if language == "en":
        for text in strings(paper):
            assert "".join(text.split()) in "".join(said.split())


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
