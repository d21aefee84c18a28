"""All tables of a report as one CSV file."""

import csv
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

from consult.reports.formats import flat
from consult.reports.paper import Cell, Column, Kind, Paper, Table
from tests.support.reports import sample_paper

FORMATS = Path(__file__).resolve().parents[3] / "docs" / "formats.md"


def rows(paper: Paper) -> list[dict[str, str]]:
    text = flat.write(paper).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text, newline="")))


def with_table(table: Table) -> Paper:
    paper = sample_paper()
    part = replace(paper.parts[0], blocks=(table,))
    return replace(paper, parts=(part,))


def test_a_line_a_cell_printed_or_not() -> None:
    found = rows(sample_paper("ur"))
    assert len(found) == 12
    assert found[1] == {
        "table": "gaps-religion",
        "row": "1",
        "name": "مسلمان",
        "column": "share",
        "text": "13%",
        "value": "0.125",
    }
    assert found[4]["text"] == "fewer than 10"
    assert found[4]["value"] == ""
    assert {row["table"] for row in found} == {"gaps-religion", "weeks"}


def test_names_for_programs_are_the_same_in_every_language() -> None:
    english, bengali = rows(sample_paper("en")), rows(sample_paper("bn"))
    for one, other in zip(english, bengali, strict=True):
        for column in ("table", "row", "column", "value"):
            assert one[column] == other[column]


def test_nothing_runs_in_a_spreadsheet() -> None:
    planted = "=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "＝1"
    paper = with_table(
        Table(
            "planted",
            "Planted",
            (Column("name", "Name"), Column("words", "Words")),
            tuple((Cell(text), Cell(text)) for text in planted),
        )
    )
    found = rows(paper)
    assert [row["name"] for row in found] == [f"'{text}" for text in planted]
    assert [row["text"] for row in found] == [f"'{text}" for text in planted]


def test_a_number_below_zero_stays_a_number() -> None:
    columns = (Column("name", "Name"), Column("change", "Change", Kind.SHARE))
    paper = with_table(Table("change", "Change", columns, ((Cell("All"), Cell("−5%", -0.05)),)))
    assert rows(paper)[0]["value"] == "-0.05"


def test_commas_quotes_and_lines_come_back() -> None:
    columns = (Column("name", "Name"), Column("words", "Words"))
    words = 'He said: "No",\r\nand left'
    paper = with_table(Table("words", "Words", columns, ((Cell("One, two"), Cell(words)),)))
    assert flat.write(paper).startswith(b"\xef\xbb\xbftable,row,name,column,text,value\r\n")
    assert (rows(paper)[0]["name"], rows(paper)[0]["text"]) == ("One, two", words)


def test_the_same_report_gives_the_same_bytes() -> None:
    assert flat.write(sample_paper()) == flat.write(sample_paper())


def test_columns_are_documented() -> None:
    text = FORMATS.read_text(encoding="utf-8")
    table = text.partition("<!-- report csv -->")[2].partition("\n\nAn apostrophe")[0]
    assert tuple(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == flat.COLUMNS
