"""Files that cannot be read as responses: each is told apart, and none takes the process down."""

import io
import zipfile

import openpyxl
import pytest

from consult.response_files import survey as surveys
from consult.response_files import tables, workbook_package
from consult.response_files.faults import FileFault, ResponseFileError
from consult.response_files.reading import LARGEST, open_table
from consult.response_files.survey import look, responses

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def fault_of(content: bytes, name: str = "a.csv", largest: int = LARGEST) -> ResponseFileError:
    with pytest.raises(ResponseFileError) as caught:
        look(open_table(name, content, largest=largest))
    return caught.value


def book_bytes() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["id", "text"])
    book.active.append([1, "words"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(changes: dict[str, bytes | None]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book_bytes())) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"", "a.csv", FileFault.EMPTY),
        (b"\xef\xbb\xbf \r\n", "a.csv", FileFault.EMPTY),
        (b",,,\n,,,\n", "a.csv", FileFault.EMPTY),
        (b"id,text\n", "a.csv", FileFault.NO_ROWS),
        (b"%PDF-1.7 ...", "a.csv", FileFault.UNKNOWN_TYPE),
        (b"<html><table></table></html>", "a.xls", FileFault.UNKNOWN_TYPE),
        (b'{"responses": []}', "a.json", FileFault.UNKNOWN_TYPE),
        (b"\x01\x02\x03\x04 binary \x05", "a.csv", FileFault.UNKNOWN_TYPE),
        (OLE, "a.xls", FileFault.OLD_EXCEL),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", FileFault.PASSWORD),
        (b"id,text\n1,x\n", "a.xlsx", FileFault.DAMAGED),
        (b"PK\x03\x04 and nothing more", "a.xlsx", FileFault.DAMAGED),
        (book_bytes()[:-200], "a.xlsx", FileFault.DAMAGED),
        (b"a,b\n\x81\x8d,\x90\n", "a.csv", FileFault.WRONG_ENCODING),
    ],
)
def test_what_is_no_table_is_told_by_what_it_is(content, name, fault):
    assert fault_of(content, name).code is fault


def test_the_line_that_cannot_be_decoded_is_named():
    error = fault_of("text\nCafé\n".encode("cp1252") + b"\x81\n")
    assert (error.code, error.values) == (FileFault.WRONG_ENCODING, {"line": 3})


def test_a_quotation_mark_that_is_not_closed_is_named_by_its_line():
    error = fault_of(b'id,text\n1,"open\n2,b\n')
    assert error.code is FileFault.QUOTES
    assert fault_of(b'id,text\n1,"a" b\n2,c\n').values == {"line": 2}


def test_a_quotation_mark_that_swallows_the_file_is_told():
    error = fault_of(b'id,text\n1,"' + b"x" * 200_000 + b'"\n')
    assert error.code is FileFault.LONG_CELL


def test_files_beyond_the_limits_are_refused_with_the_limit(monkeypatch):
    assert fault_of(b"id\n1\n" * 300_000, largest=1_000_000).values == {"limit": 1}
    monkeypatch.setattr(surveys, "MOST_ROWS", 3)
    table = open_table("a.csv", b"id\n1\n2\n3\n4\n")
    with pytest.raises(ResponseFileError) as caught:
        list(responses(table, 1))
    assert (caught.value.code, caught.value.values) == (FileFault.TOO_MANY_ROWS, {"limit": 3})


def test_a_file_that_is_too_wide_is_refused():
    wide = ",".join(["x"] * (tables.MOST_COLUMNS + 1))
    assert fault_of(f"{wide}\n{wide}\n".encode()).code is FileFault.TOO_MANY_COLUMNS


def test_a_large_file_is_described_by_its_first_rows(monkeypatch):
    monkeypatch.setattr(surveys, "LOOKED_AT", 5)
    survey = look(open_table("a.csv", b"id\n" + b"".join(b"%d\n" % n for n in range(9))))
    assert (survey.rows, survey.all_read) == (5, False)


def test_a_workbook_with_macros_is_refused():
    assert fault_of(repacked({"xl/vbaProject.bin": b"x"}), "a.xlsm").code is FileFault.MACROS


def test_other_office_files_and_plain_archives_are_told_apart():
    word = b"<Types><Override ContentType='application/wordprocessingml.document'/></Types>"
    changed = repacked({"[Content_Types].xml": word})
    assert fault_of(changed, "a.xlsx").code is FileFault.OTHER_OFFICE
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert fault_of(stream.getvalue(), "a.ods").code is FileFault.OPEN_DOCUMENT
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.csv", "id,text\n1,x\n")
    assert fault_of(stream.getvalue(), "a.zip").code is FileFault.UNKNOWN_TYPE


def test_a_workbook_that_declares_entities_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'
    changed = repacked({"xl/worksheets/sheet1.xml": bomb})
    assert fault_of(changed, "a.xlsx").code is FileFault.DAMAGED


def test_a_workbook_made_to_burst_is_refused(monkeypatch):
    monkeypatch.setattr(workbook_package, "MOST_UNPACKED", 1_000_000)
    changed = repacked({"xl/media/a.xml": b" " * 2_000_000})
    assert fault_of(changed, "a.xlsx").code is FileFault.EXPANDS
    monkeypatch.setattr(workbook_package, "MOST_UNPACKED", 100_000_000)
    monkeypatch.setattr(workbook_package, "MOST_SHARED", 1_000_000)
    changed = repacked({"xl/sharedStrings.xml": b" " * 2_000_000})
    assert fault_of(changed, "a.xlsx").code is FileFault.EXPANDS


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (b"<c/>" * 1_000_000, FileFault.EXPANDS),
        (b"<c/>" * 300_000 + b"<!-- <row> --><c/>", FileFault.EXPANDS),
        (b"<c/><!-- <row> --><c/>", FileFault.DAMAGED),
    ],
)
def test_a_row_of_a_million_cells_is_refused_unread(cells, fault):
    """Packed it is some kilobytes; as cells it would take hundreds of megabytes."""
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheet = b"<worksheet %s><sheetData><row>%s</row></sheetData></worksheet>" % (main, cells)
    content = repacked({"xl/worksheets/sheet1.xml": sheet})
    assert len(content) < 20_000
    assert fault_of(content, "a.xlsx").code is fault


def test_a_cell_far_to_the_right_is_one_column_too_many():
    book = openpyxl.Workbook()
    book.active.append(["id", "text"])
    book.active.cell(2, tables.MOST_COLUMNS + 1, "words")
    stream = io.BytesIO()
    book.save(stream)
    assert fault_of(stream.getvalue(), "a.xlsx").code is FileFault.TOO_MANY_COLUMNS


def test_words_that_look_like_an_address_for_long_take_no_time():
    content = ("id,text\n1,a@" + "." * 100_000 + "@\n").encode()
    assert look(open_table("a.csv", content)).columns[1].emails == 0


def test_a_workbook_with_nothing_to_see_is_empty():
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    assert fault_of(stream.getvalue(), "a.xlsx").code is FileFault.EMPTY


def test_a_sheet_that_is_not_there_is_named():
    with pytest.raises(ResponseFileError) as caught:
        open_table("a.xlsx", book_bytes(), sheet="Nowhere")
    assert caught.value.values == {"sheet": "Nowhere"}
