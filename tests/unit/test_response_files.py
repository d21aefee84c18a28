"""Exports of other platforms: recognised, and read to the letter."""

import io
import json
from collections.abc import Sequence
from datetime import datetime

import openpyxl
import pytest

from consult.response_files.faults import NoteCode
from consult.response_files.platforms import Platform
from consult.response_files.reading import open_table
from consult.response_files.survey import Survey, look, responses

CITIZEN_SPACE = """\
Response ID,Submitted,What matters most? - Parks,What matters most? - Buses,Why?
ANON-1,2026-05-03 10:15:00,Parks,,"Trees, shade"
ANON-2,2026-05-04 11:00:00,,Buses,
"""
LIMESURVEY = """\
"id","submitdate","lastpage","startlanguage","startdate","datestamp","VIS","PRIO_SQ001","PRIO_SQ002"
"7","2026-05-03 10:15:00","3","en","2026-05-03 10:00:00","2026-05-03 10:15:00","A1","Y","N"
"8","","2","ur","2026-05-03 11:00:00","2026-05-03 11:01:00","A2","",""
"""
SMARTSURVEY = """\
UserID,UserNo,Name,Email,Started,Ended,What matters most?,,Why?
,,,,,,Parks,Buses,
1,1,Ann,ann@example.org,03/05/2026 10:00,03/05/2026 10:10,Parks,,Shade
"""


def csv_survey(text: str, encoding: str = "utf-8") -> Survey:
    return look(open_table("export.csv", text.encode(encoding)))


def workbook(rows: Sequence[Sequence[object]]) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    return book


def saved(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def headings(survey: Survey) -> list[tuple[str, str]]:
    return [(column.heading, column.part) for column in survey.columns]


def codes(survey: Survey) -> set[NoteCode]:
    return {note.code for note in survey.notes}


# Platforms


def test_citizen_space_s_columns_of_one_question_are_told_apart():
    survey = csv_survey(CITIZEN_SPACE)
    assert survey.platform is Platform.CITIZEN_SPACE
    assert headings(survey)[2:] == [
        ("What matters most?", "Parks"),
        ("What matters most?", "Buses"),
        ("Why?", ""),
    ]
    assert survey.rows == 2
    assert survey.columns[0].is_unique


def test_limesurvey_s_codes_and_end_are_known():
    survey = csv_survey(LIMESURVEY)
    assert survey.platform is Platform.LIMESURVEY
    assert survey.finished_at == 1
    assert headings(survey)[-3:] == [("VIS", ""), ("PRIO", "SQ001"), ("PRIO", "SQ002")]


def test_limesurvey_s_full_questions_are_known():
    survey = csv_survey(
        "Response ID,Date submitted,Last page,Start language,Most? [Parks],Most? [Other]\n"
        "1,2026-05-03 10:15:00,3,en,Yes,Ponds\n"
    )
    assert survey.platform is Platform.LIMESURVEY
    assert headings(survey)[-2:] == [("Most?", "Parks"), ("Most?", "Other")]


def test_microsoft_forms_workbooks_are_known():
    book = workbook(
        [
            ["ID", "Start time", "Completion time", "Email", "Name", "Which?"],
            [1, datetime(2026, 5, 3, 10), datetime(2026, 5, 3, 10, 5), "anonymous", None, "A;B;"],
        ]
    )
    survey = look(open_table("forms.xlsx", saved(book)))
    assert survey.platform is Platform.MICROSOFT_FORMS
    assert survey.columns[1].examples == ["2026-05-03 10:00:00"]
    assert survey.columns[0].examples == ["1"]


def test_smartsurvey_s_two_rows_of_headings_are_one():
    survey = csv_survey(SMARTSURVEY)
    assert survey.platform is Platform.SMARTSURVEY
    assert survey.last_heading_row == 2
    assert survey.rows == 1
    assert headings(survey)[-3:] == [
        ("What matters most?", "Parks"),
        ("What matters most?", "Buses"),
        ("Why?", ""),
    ]
    assert NoteCode.TWO_HEADING_ROWS in codes(survey)


def test_any_table_with_headings_is_read():
    survey = csv_survey("text,theme\nGood,Staff\nBad,Food\n")
    assert survey.platform is Platform.OTHER
    assert survey.finished_at is None


def test_a_title_above_the_headings_is_no_heading():
    survey = csv_survey("Our survey,,\nid,text,theme\n1,Good,Staff\n")
    assert [column.heading for column in survey.columns] == ["id", "text", "theme"]


# Text files


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_told_by_the_rows(separator):
    text = f'a{separator}b{separator}c\n1{separator}"x{separator}y"{separator}3\n'
    survey = csv_survey(text * 1)
    assert [column.heading for column in survey.columns] == ["a", "b", "c"]
    assert survey.columns[1].examples == [f"x{separator}y"]


def test_excel_s_line_that_names_the_separator_is_no_row():
    survey = csv_survey("sep=;\r\na;b\r\n1;2,5\r\n")
    assert [column.heading for column in survey.columns] == ["a", "b"]
    assert survey.columns[1].examples == ["2,5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_its_mark(encoding):
    survey = csv_survey("سوال,text\nہاں,Café £5\n", encoding)
    assert survey.columns[0].heading == "سوال"
    assert survey.columns[1].examples == ["Café £5"]
    assert survey.notes == []


def test_windows_text_is_read_and_said():
    survey = csv_survey("text,price\nCafé – “nice”,£5\n", "cp1252")
    assert survey.columns[0].examples == ["Café – “nice”"]
    assert codes(survey) == {NoteCode.READ_AS_WINDOWS}


def test_letters_that_were_broken_before_are_noticed():
    broken = "Café café’s naïve".encode().decode("cp1252")
    assert NoteCode.TWICE_ENCODED in codes(csv_survey(f"text,a\n{broken},1\n"))


def test_lines_within_a_cell_stay_one_row():
    table = open_table("a.csv", b'id,text\r\n1,"one\r\ntwo"\r\n2,three\r\n')
    rows = list(responses(table, 1))
    assert [(row.number, row.cells) for row in rows] == [
        (2, ("1", "one\r\ntwo")),
        (3, ("2", "three")),
    ]


def test_what_looks_like_a_formula_is_the_person_s_words():
    table = open_table("a.csv", b"id,text\n1,=1+1\n2,'=2\n3,'tis good\n")
    assert [row.cell(1) for row in responses(table, 1)] == ["=1+1", "=2", "'tis good"]


def test_rows_keep_the_numbers_that_a_spreadsheet_shows():
    table = open_table("a.csv", b"id,text\n\n1,a\n,\n2,b\n")
    assert [row.number for row in responses(table, 1)] == [3, 5]


def test_repeated_and_missing_headings_are_said_and_not_mixed_up():
    survey = csv_survey("Comment,Comment,\na,b,c\n")
    assert codes(survey) == {NoteCode.REPEATED_HEADINGS, NoteCode.NO_HEADING}
    assert [column.examples for column in survey.columns] == [["a"], ["b"], ["c"]]
    assert [column.letters for column in survey.columns] == ["A", "B", "C"]


# Workbooks


def test_hidden_sheets_are_not_read_and_others_are_named():
    book = workbook([["id", "text"], [1, "seen"]])
    secret = book.create_sheet("Secret", 0)
    secret.append(["id", "text"])
    secret.append([1, "hidden"])
    secret.sheet_state = "hidden"
    other = book.create_sheet("Other")
    other.append(["id", "text"])
    other.append([1, "also"])
    book.active = 1
    content = saved(book)
    survey = look(open_table("a.xlsx", content))
    assert survey.columns[1].examples == ["seen"]
    assert survey.sheets == ["Sheet", "Other"]
    assert codes(survey) == {NoteCode.HIDDEN_SHEETS, NoteCode.OTHER_SHEETS}
    assert look(open_table("a.xlsx", content, sheet="Other")).columns[1].examples == ["also"]


def test_merged_cells_below_the_headings_are_counted():
    book = workbook([["Q", None, "text"], ["a", "b", None], [1, 2, "x"], [3, 4, "y"]])
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("C3:C4")
    survey = look(open_table("a.xlsx", saved(book)))
    merged = [note.values["count"] for note in survey.notes if note.code is NoteCode.MERGED]
    assert merged == [1]


def test_a_formula_without_a_result_and_an_error_are_told_by_cell():
    book = workbook([["id", "text"], [1, "=A2*2"], [2, "fine"], [3, None]])
    book.active["B4"].value = "#NAME?"
    book.active["B4"].data_type = "e"
    table = open_table("a.xlsx", saved(book))
    rows = list(responses(table, 1))
    assert [[fault.value for _position, fault in row.faults] for row in rows] == [
        ["cell_formula"],
        [],
        ["cell_error"],
    ]
    assert rows[0].cell(1) == ""


def test_numbers_and_days_are_written_as_people_write_them():
    book = workbook([["n", "share", "day", "yes"], [3.0, 0.1, datetime(2026, 5, 3), True]])
    row = next(responses(open_table("a.xlsx", saved(book)), 1))
    assert row.cells == ("3", "0.1", "2026-05-03", "TRUE")


# What is kept


def test_a_survey_comes_back_from_plain_values():
    survey = csv_survey(SMARTSURVEY)
    assert Survey.from_data(json.loads(json.dumps(survey.as_data()))) == survey


def test_files_of_the_same_headings_have_the_same_digest():
    one, two = csv_survey("a,b\n1,2\n"), csv_survey("a,b\n3,4\n5,6\n")
    assert one.headings_digest == two.headings_digest
    assert csv_survey("a,c\n1,2\n").headings_digest != one.headings_digest


def test_a_column_says_what_it_holds():
    survey = csv_survey("mail,when,n\na@example.org,13/05/2026,1\nb@example.org,14/05/2026,1\n")
    mail, when, number = survey.columns
    assert (mail.emails, when.day_first, when.month_first, number.numbers) == (2, 2, 0, 2)
    assert number.values == {"1": 2}
    assert not number.is_unique
