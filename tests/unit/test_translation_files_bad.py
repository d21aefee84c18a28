"""Files that cannot be taken: each is refused, with the reason."""

import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from consult.forms.translation_file_words import fault_sentence
from consult.translation_files.entries import LARGEST, MOST_ENTRIES
from consult.translation_files.faults import FileFault, TranslationFileError
from consult.translation_files.reading import read
from consult.translation_files.workbook_package import MOST_MARKS, MOST_PARTS, MOST_UNPACKED

HEADER = 'msgid ""\nmsgstr "Language: ur\\n"\n\n'
TYPES = "[Content_Types].xml"


def refused(name: str, content: bytes) -> TranslationFileError:
    with pytest.raises(TranslationFileError) as caught:
        read(name, content)
    return caught.value


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def package(**parts: bytes) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def changed(content: bytes, name: str, change) -> bytes:
    """A workbook with one of its parts changed."""
    with zipfile.ZipFile(BytesIO(content)) as file:
        parts = {each: file.read(each) for each in file.namelist()}
    parts[name] = change(parts[name])
    return package(**parts)


GOOD = workbook(["path", "source", "translation"], ["title", "A city", "شہر"])


def po(*lines: str) -> bytes:
    return (HEADER + "\n".join(lines)).encode()


@pytest.mark.parametrize("content", [b"", b"\n  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
@pytest.mark.parametrize("name", ["a.po", "a.csv", "a.xlsx"])
def test_empty(name, content):
    assert refused(name, content).code is FileFault.EMPTY


def test_an_empty_workbook():
    assert refused("a.xlsx", workbook()).code is FileFault.EMPTY


def test_too_large():
    error = refused("a.csv", b"x" * (LARGEST + 1))
    assert (error.code, error.values) == (FileFault.TOO_LARGE, {"limit": 10})


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("draft.pdf", b"%PDF-1.7 ..."),
        ("picture.png", b"\x89PNG\r\n\x1a\n"),
        ("a.po", b"\xde\x12\x04\x95\0\0\0\0"),  # compiled
        ("a.csv", b"{\\rtf1 path,translation}"),
        ("a.csv", b"<!DOCTYPE html><p>path,translation"),
        ("a.csv", b"<html>"),
        ("a.exe", b"MZ"),
        ("a", b"path,translation\ntitle,x"),
    ],
)
def test_wrong_type(name, content):
    assert refused(name, content).code is FileFault.UNKNOWN_TYPE


def test_the_old_excel():
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "Workbook".encode("utf-16-le")
    assert refused("a.xls", content).code is FileFault.OLD_EXCEL


def test_a_workbook_with_a_password():
    stream = "EncryptedPackage".encode("utf-16-le")
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + stream
    assert refused("a.xlsx", content).code is FileFault.PASSWORD


def test_a_package_with_a_password():
    content = bytearray(GOOD)
    for at in range(len(content) - 4):
        if content[at : at + 4] == b"PK\x01\x02":
            content[at + 8] |= 1
    assert refused("a.xlsx", bytes(content)).code is FileFault.PASSWORD


def test_macros():
    def with_macros(types: bytes) -> bytes:
        return types.replace(b"openxmlformats-officedocument.spreadsheetml.sheet.main",
                             b"ms-excel.sheet.macroEnabled.main")  # fmt: skip

    assert refused("a.xlsm", changed(GOOD, TYPES, with_macros)).code is FileFault.MACROS
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    hidden = package(**parts, **{"xl/vbaProject.bin": b"x"})
    assert refused("a.xlsx", hidden).code is FileFault.MACROS


def test_other_office_files():
    word = b'<Override ContentType="application/vnd...wordprocessingml.document.main+xml"/>'
    assert refused("a.docx", package(**{TYPES: word})).code is FileFault.OTHER_OFFICE
    sheet = package(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")
    assert refused("a.ods", sheet).code is FileFault.OPEN_DOCUMENT
    assert refused("a.zip", package(readme=b"hello")).code is FileFault.UNKNOWN_TYPE
    assert refused("a.zip", package(mimetype=b"text/plain")).code is FileFault.UNKNOWN_TYPE
    assert refused("a.zip", package(**{TYPES: b"<x/>"})).code is FileFault.UNKNOWN_TYPE


def test_a_workbook_that_bursts():
    bomb = package(**{TYPES: b"x", "xl/sharedStrings.xml": b"\0" * (MOST_UNPACKED + 1)})
    assert len(bomb) < 100_000
    assert refused("a.xlsx", bomb).code is FileFault.EXPANDS
    many = package(**{f"part{i}": b"" for i in range(MOST_PARTS + 1)})
    assert refused("a.xlsx", many).code is FileFault.EXPANDS


def test_a_workbook_of_too_many_parts_to_look_at():
    strings = b"<sst>" + b"<si><t>a</t></si>" * (MOST_MARKS // 4) + b"</sst>"
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    slow = package(**parts, **{"xl/sharedStrings.xml": strings})
    assert len(slow) < 100_000
    assert refused("a.xlsx", slow).code is FileFault.EXPANDS


def test_a_package_that_lies_about_its_size():
    bomb = bytearray(package(**{TYPES: b"a" * 5_000_000}))
    at = bomb.index(b"PK\x01\x02") + 24
    bomb[at : at + 4] = (1_000).to_bytes(4, "little")
    assert refused("a.xlsx", bytes(bomb)).code is FileFault.DAMAGED


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_declared_entities(encoding):
    bomb = '<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaa">]><sst>&a;</sst>'.encode(encoding)
    content = changed(GOOD, "xl/workbook.xml", lambda _: bomb)
    assert refused("a.xlsx", content).code is FileFault.DAMAGED


@pytest.mark.parametrize(
    ("part", "junk"),
    [
        ("xl/workbook.xml", b"<workbook>"),
        ("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row><c r='A1' t='s'><v>99</v>"),
        ("xl/styles.xml", b"\xff\xfe"),
        ("[Content_Types].xml", b"spreadsheetml.sheet.main"),
    ],
)
def test_a_broken_part(part, junk):
    assert refused("a.xlsx", changed(GOOD, part, lambda _: junk)).code is FileFault.DAMAGED


def test_a_truncated_workbook():
    assert refused("a.xlsx", GOOD[:-100]).code is FileFault.DAMAGED
    assert refused("a.xlsx", GOOD[:200]).code is FileFault.DAMAGED
    assert refused("a.xlsx", b"path,translation\n").code is FileFault.DAMAGED


def test_a_sheet_that_claims_to_be_endless():
    def far(sheet: bytes) -> bytes:
        row = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
        return sheet.replace(b"</sheetData>", row + b"</sheetData>")

    content = changed(GOOD, "xl/worksheets/sheet1.xml", far)
    assert [entry.path for entry in read("a.xlsx", content).entries] == ["title"]


def test_a_formula_is_refused_with_its_cell():
    content = workbook(["path", "translation"], ["title", "x"], ["consent", "=HYPERLINK(1)"])
    error = refused("a.xlsx", content)
    assert (error.code, error.values) == (FileFault.FORMULA, {"cell": "B3"})


@pytest.mark.parametrize("value", [date(2026, 3, 1), True])
def test_what_is_no_text_is_refused_with_its_cell(value):
    error = refused("a.xlsx", workbook(["path", "translation"], ["title", value]))
    assert (error.code, error.values) == (FileFault.NO_TEXT, {"cell": "B2"})


def test_an_error_in_a_cell():
    book = openpyxl.Workbook()
    book.active.append(["path", "translation"])
    book.active["A2"] = "title"
    book.active["B2"].value = "#N/A"
    book.active["B2"].data_type = "e"
    saved = BytesIO()
    book.save(saved)
    assert refused("a.xlsx", saved.getvalue()).code is FileFault.NO_TEXT


@pytest.mark.parametrize(
    ("first_row", "missing"),
    [
        (["source", "translation"], "path"),
        (["path", "source (en)"], "translation"),
        (["Dear", "translator"], "path, translation"),
    ],
)
def test_missing_columns(first_row, missing):
    for name, content in (
        ("a.xlsx", workbook(first_row, ["x", "y"])),
        ("a.csv", ",".join(first_row).encode() + b"\nx,y\n"),
    ):
        error = refused(name, content)
        assert (error.code, error.values) == (FileFault.MISSING_COLUMNS, {"columns": missing})


def test_a_column_twice():
    error = refused("a.csv", b"path,translation (ur),translation (pa)\n")
    assert (error.code, error.values) == (FileFault.REPEATED_COLUMN, {"column": "translation"})


def test_the_same_text_twice():
    error = refused("a.csv", b"path,translation\ntitle,a\nconsent,b\ntitle,a\n")
    assert error.code is FileFault.REPEATED_PATH
    assert error.values == {"path": "title", "first": 2, "second": 4}
    entry = ('msgctxt "title"', 'msgid "City"', 'msgstr "x"', "")
    error = refused("a.po", po(*entry, *entry))
    assert error.values == {"path": "title", "first": 4, "second": 8}
    error = refused("a.xlsx", workbook(["path", "translation"], ["a", "x"], [], ["a", "y"]))
    assert error.values == {"path": "a", "first": 2, "second": 4}


def test_no_texts():
    assert refused("a.po", po("")).code is FileFault.NO_ENTRIES
    assert refused("a.csv", b"path,translation\n,\n").code is FileFault.NO_ENTRIES


def test_too_many_texts():
    rows = "".join(f"path.{i},x\n" for i in range(MOST_ENTRIES + 1))
    error = refused("a.csv", f"path,translation\n{rows}".encode())
    assert (error.code, error.values) == (FileFault.TOO_MANY, {"limit": 10_000})


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "iso-8859-2"])
@pytest.mark.parametrize("name", ["a.csv", "a.po"])
def test_a_wrong_encoding_is_told_with_its_line(name, encoding):
    error = refused(name, f"path,translation\ntitle,x\nconsent,{'ó'}\n".encode(encoding))
    assert (error.code, error.values) == (FileFault.WRONG_ENCODING, {"line": 3})


def test_half_a_sign_of_utf_16():
    content = b"\xff\xfe" + "path\ttranslation\ntitle\tx".encode("utf-16-le") + b"\0"
    assert refused("a.csv", content).values == {"line": 2}


@pytest.mark.parametrize(
    ("lines", "fault", "line"),
    [
        (("msgctxt title",), FileFault.SYNTAX, 4),
        (('msgctxt "title', 'msgid "x"'), FileFault.SYNTAX, 4),
        (('msgctxt "t"', 'msgid "a" "b"', 'msgstr ""'), FileFault.SYNTAX, 5),
        (('msgctxt "t"', 'msgid "a\\q"', 'msgstr ""'), FileFault.SYNTAX, 5),
        (('msgctxt "t"', 'msgid "a\\xzz"', 'msgstr ""'), FileFault.SYNTAX, 5),
        (('msgctxt "t"', 'msgid "a"', 'msgid "b"', 'msgstr ""'), FileFault.SYNTAX, 6),
        (('msgctxt "t"', 'msgstr "a"'), FileFault.SYNTAX, 5),
        (('msgctxt "t"', 'msgid "a"'), FileFault.SYNTAX, 4),
        (("hello",), FileFault.SYNTAX, 4),
        (('msgctxt "t"', 'msgid "a"', 'msgid_plural "b"'), FileFault.PLURAL, 6),
        (('msgctxt "t"', 'msgid "a"', 'msgstr[0] "b"'), FileFault.PLURAL, 6),
        (('msgid "a"', 'msgstr "b"'), FileFault.NO_CONTEXT, 4),
    ],
)
def test_faults_of_catalogues_are_told_with_their_line(lines, fault, line):
    error = refused("a.po", po(*lines))
    assert (error.code, error.values) == (fault, {"line": line})


def test_a_table_with_an_open_quotation_mark():
    assert refused("a.csv", b'path,translation\ntitle,"x\n').code is FileFault.DAMAGED


def test_signs_that_cannot_be_seen_leave_names_and_notes():
    content = b"path,translation,note\nti\x00tle\x07,x,why\x1b?\n"
    [entry] = read("a.csv", content).entries
    assert (entry.path, entry.note) == ("title", "why?")


def test_a_path_of_any_length_is_cut():
    [entry] = read("a.csv", b"path,translation\n" + b"p" * 9_000 + b",x\n").entries
    assert entry.path == "p" * 250


VALUES: dict[str, str | int] = {
    "limit": 7, "line": 12, "columns": "path", "column": "note", "cell": "B9",
    "path": "title", "first": 3, "second": 8, "found": "pl", "wanted": "ur",
}  # fmt: skip


@pytest.mark.parametrize("code", FileFault)
def test_every_fault_has_a_sentence_with_what_it_names(app, code):
    error = TranslationFileError(code, **VALUES)
    with app.test_request_context("/en/staff/"):
        sentence = fault_sentence(error)
    assert sentence.endswith(".")
    assert "%(" not in sentence
    names = {
        FileFault.TOO_LARGE: "7 MB",
        FileFault.WRONG_ENCODING: "line 12",
        FileFault.SYNTAX: "Line 12",
        FileFault.PLURAL: "line 12",
        FileFault.NO_CONTEXT: "line 12",
        FileFault.MISSING_COLUMNS: "path",
        FileFault.REPEATED_COLUMN: "note",
        FileFault.FORMULA: "B9",
        FileFault.NO_TEXT: "B9",
        FileFault.REPEATED_PATH: "3 and 8",
        FileFault.TOO_MANY: "7",
        FileFault.WRONG_LANGUAGE: "Polish (Polski)",
    }
    assert names.get(code, "") in sentence
