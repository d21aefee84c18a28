"""A report as a workbook: tidy sheets, and what leads to them."""

import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from consult.reports.formats import workbook
from consult.reports.formats.sheet_names import SheetNames
from consult.reports.paper import Cell, Column, Furniture, Kind, Paper, Table
from tests.support.libreoffice import Convert, soffice
from tests.support.reports import sample_paper

__all__ = ["soffice"]

FORMULAS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", '=HYPERLINK("http://a.example","x")')


def opened(paper: Paper) -> Any:
    return openpyxl.load_workbook(BytesIO(workbook.write(paper)))


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def with_tables(*tables: Table) -> Paper:
    paper = sample_paper()
    return replace(paper, parts=(replace(paper.parts[0], blocks=tables),))


def test_a_sheet_a_table_contents_first_and_notes() -> None:
    book = opened(sample_paper())
    assert book.sheetnames == ["Contents", "Notes", "gaps-religion", "weeks", "Charts"]
    assert book.active.title == "Contents"


def test_a_sheet_is_tidy() -> None:
    sheet = opened(sample_paper())["gaps-religion"]
    assert values(sheet) == [
        ["Group", "Responses", "Responses, as shown", "Share"],
        ["Muslim", 15, "15", 0.125],
        ["Christian", 60, "60", 0.5],
        ["=HYPERLINK(1)", None, "fewer than 10", None],
    ]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:D4"
    assert not sheet.merged_cells.ranges
    assert sheet["B2"].number_format == "#,##0_)"
    assert sheet["D2"].number_format == "0.0%_)"
    assert sheet.column_dimensions["A"].width > 10


def test_columns_have_names_of_their_own() -> None:
    def share(name: str, key: str) -> Column:
        return Column(key, name, Kind.SHARE)

    columns = (
        Column("answer", "Answer"),
        share("All", "share"),
        share("From", "share_low"),
        share("Weighted", "weighted"),
        share("From", "weighted_low"),
    )
    cells = (Cell("Yes"), Cell("40%", 0.4), Cell("30%", 0.3), Cell("50%", 0.5), Cell("35%", 0.35))
    sheet = opened(with_tables(Table("agree", "Agree", columns, (cells,))))["agree"]
    assert values(sheet)[0] == ["Answer", "All", "All – From", "Weighted", "Weighted – From"]


def test_a_table_without_rows_has_its_headings() -> None:
    table = Table("none", "None", (Column("a", "A"), Column("b", "B", Kind.COUNT)), ())
    sheet = opened(with_tables(table))["none"]
    assert values(sheet) == [["A", "B"]]


def test_the_contents_lead_to_every_sheet() -> None:
    book = opened(sample_paper())
    sheet = book["Contents"]
    words = [cell for row in values(sheet) for cell in row if cell]
    assert words[0] == "Creating a Bolder, Healthier City"
    assert "An illustration" in words
    links = {
        cell.value: cell.hyperlink.location
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    }
    assert links == {name: f"'{name}'!A1" for name in book.sheetnames[1:]}
    titles = {row[0]: row[1] for row in values(sheet) if row[0] in links}
    assert titles["gaps-religion"] == "Who answered"


def test_notes_say_what_they_are_about() -> None:
    assert values(opened(sample_paper())["Notes"]) == [
        ["Sheet", "Notes"],
        [None, "Numbers are rounded to 5."],
        ["gaps-religion", "Rounded to 5."],
    ]


@pytest.mark.parametrize(("language", "from_right"), [("en", None), ("bn", None), ("ur", True)])
def test_sheets_run_as_their_language_does(language: str, from_right: bool | None) -> None:
    for sheet in opened(sample_paper(language)):
        assert sheet.sheet_view.rightToLeft == from_right, sheet.title


def test_words_are_never_formulas() -> None:
    rows = tuple((Cell(text), Cell(text, None), Cell(text)) for text in FORMULAS)
    columns = (
        Column("a", "=A1", Kind.TEXT),
        Column("b", "@b", Kind.COUNT),
        Column("c", "+c", Kind.DATE),
    )
    table = Table("planted", "=1+1", columns, rows, ("=1+1",))
    book = opened(with_tables(table))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", cell
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@")):
                    assert cell.quotePrefix, cell
                    assert cell.number_format == "@"
    assert [row[0] for row in values(book["planted"])][1:] == list(FORMULAS)
    assert book["planted"]["A7"].hyperlink is None


def test_charts_are_told_in_words_too() -> None:
    package = zipfile.ZipFile(BytesIO(workbook.write(sample_paper("ur"))))
    drawing = package.read("xl/drawings/drawing1.xml").decode()
    assert re.findall(r'descr="([^"]*)"', drawing) == ["140 لوگوں نے جواب دیا۔"] * 2
    pictures = [name for name in package.namelist() if name.startswith("xl/media/")]
    assert len(pictures) == 2
    assert all(package.read(name).startswith(b"\x89PNG") for name in pictures)


def test_a_paper_without_charts_has_no_sheet_for_them() -> None:
    table = Table("one", "One", (Column("a", "A"),), ((Cell("b"),),))
    assert opened(with_tables(table)).sheetnames == ["Contents", "Notes", "one"]


def test_it_holds_no_names_and_no_time_but_the_reports() -> None:
    content = workbook.write(sample_paper())
    properties = openpyxl.load_workbook(BytesIO(content)).properties
    assert not properties.creator
    assert not properties.lastModifiedBy
    assert properties.title == "Creating a Bolder, Healthier City"
    assert properties.created.isoformat() == "2026-11-22T09:30:00"
    assert {each.date_time for each in zipfile.ZipFile(BytesIO(content)).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }


def test_the_same_report_gives_the_same_bytes_but_for_its_date() -> None:
    paper = sample_paper()
    assert workbook.write(paper) == workbook.write(sample_paper())
    later = replace(paper, made_at=paper.made_at + timedelta(days=1))
    packages = [zipfile.ZipFile(BytesIO(workbook.write(each))) for each in (paper, later)]
    names = [package.namelist() for package in packages]
    assert names[0] == names[1]
    different = [name for name in names[0] if len({each.read(name) for each in packages}) > 1]
    assert different == ["docProps/core.xml"]


def test_a_very_long_text_is_cut_and_not_lost() -> None:
    table = Table("long", "Long", (Column("a", "A"),), ((Cell("🙂" * 20_000),),))
    found = opened(with_tables(table))["long"]["A2"].value
    assert found == "🙂" * 16_383 + "…"


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (["a/b:c", "a b c"], ["a b c", "a b c 2"]),
        (["x" * 40, "X" * 35], ["x" * 31, "X" * 29 + " 2"]),
        (["'quoted'", "[]", "History"], ["quoted", "-", "History 2"]),
        (["🙂" * 20], ["🙂" * 15]),
    ],
)
def test_names_of_sheets(wanted: list[str], names: list[str]) -> None:
    given = SheetNames()
    assert [given.give(each) for each in wanted] == names


def test_words_around_the_tables_are_the_papers() -> None:
    furniture = Furniture(
        sheet="شیٹ", table="جدول", charts="چارٹ", as_shown="{column}، جیسا دکھایا گیا"
    )
    book = opened(replace(sample_paper("ur"), furniture=furniture))
    assert "چارٹ" in book.sheetnames
    assert values(book["gaps-religion"])[0][2] == "جوابات، جیسا دکھایا گیا"


@pytest.mark.libreoffice
@pytest.mark.parametrize("language", ["en", "ur"])
def test_another_program_opens_it(soffice: Convert, tmp_path: Path, language: str) -> None:
    file = tmp_path / "report.xlsx"
    file.write_bytes(workbook.write(sample_paper(language)))
    content = soffice(file, "fods").read_text(encoding="utf-8")
    assert content.count("<table:table ") == 5
    assert "table:formula" not in content
    assert ">=HYPERLINK(1)</" in content
    assert 'office:value-type="percentage" office:value="0.125"' in content
    assert content.count("<svg:desc>") == 2
    assert ("rl-tb" in content) == (language == "ur")
