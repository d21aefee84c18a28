"""Files for translators, out and back: what goes in comes out, also through other programs."""

import csv
from dataclasses import replace
from io import BytesIO, StringIO

import openpyxl
import polib
import pytest
from babel.messages.pofile import read_po as babel_read_po
from hypothesis import given
from hypothesis import strategies as st

from consult.translation_files.csv_files import write_csv
from consult.translation_files.entries import Entry, Outgoing, ReadFile
from consult.translation_files.po_reading import read_po
from consult.translation_files.po_writing import write_po
from consult.translation_files.reading import read
from consult.translation_files.xlsx_writing import too_long, write_xlsx

TITLE = Entry(
    path="title",
    where="Title",
    source='A "bolder" city\\town',
    translation="ایک شہر",
    notes=("The source has 20 characters.",),
    mark="0123456789abcdef",
)
MISSING = Entry(
    path="sections.food.full",
    where="Section “Food”: full text",
    source="## Food\n\n- Good\tfood\n- 1 = 1",
    translation="",
    notes=(),
    mark="fedcba9876543210",
)
STALE = Entry(
    path="consent",
    where="Consent",
    source="I am 18.",
    translation="میں 16 کا ہوں۔",
    notes=("The source has changed.",),
    mark="aaaaaaaaaaaaaaaa",
    unsure=True,
    source_then="I am 16.\nReally.",
)
FORMULA = Entry("contact.phone_hours", "Hours", "=1+1", "-2", (), "b" * 16)

FILE = Outgoing(
    project="parks-2027",
    title="Parks",
    source_language="en",
    language="ur",
    direction="rtl",
    digest="00112233",
    entries=(TITLE, MISSING, STALE, FORMULA),
)
GUIDANCE = ("Write into the column “translation”.",)


def written(file: Outgoing, kind: str) -> bytes:
    if kind == "po":
        return write_po(file)
    return write_csv(file) if kind == "csv" else write_xlsx(file, GUIDANCE)


def came_back(content: bytes, kind: str) -> ReadFile:
    return read(f"parks.{kind}", content)


@pytest.mark.parametrize("kind", ["po", "xlsx", "csv"])
def test_what_goes_out_comes_back(kind):
    back = came_back(written(FILE, kind), kind)
    assert [(e.path, e.source, e.text, e.mark) for e in back.entries] == [
        ("title", 'A "bolder" city\\town', "ایک شہر", "0123456789abcdef"),
        ("sections.food.full", "## Food\n\n- Good\tfood\n- 1 = 1", "", "fedcba9876543210"),
        ("consent", "I am 18.", "میں 16 کا ہوں۔", "aaaaaaaaaaaaaaaa"),
        ("contact.phone_hours", "=1+1", "-2", "bbbbbbbbbbbbbbbb"),
    ]
    assert back.language == "ur"


def test_a_catalogue_says_what_a_translator_needs():
    text = write_po(FILE).decode()
    assert text.startswith(
        "# Parks\n"
        'msgid ""\n'
        'msgstr ""\n'
        '"Project-Id-Version: parks-2027\\n"\n'
        '"Language: ur\\n"\n'
        '"X-Source-Language: en\\n"\n'
        '"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"X-Consult-Content: 00112233\\n"\n'
        "\n"
        "#. Title\n"
        "#. The source has 20 characters.\n"
        "#. mark:0123456789abcdef\n"
        'msgctxt "title"\n'
        'msgid "A \\"bolder\\" city\\\\town"\n'
        'msgstr "ایک شہر"\n'
    )
    assert (
        "#, fuzzy\n"
        '#| msgid ""\n'
        '#| "I am 16.\\n"\n'
        '#| "Really."\n'
        'msgctxt "consent"\n'
        'msgid "I am 18."\n'
        'msgstr "میں 16 کا ہوں۔"\n'
    ) in text


def test_a_catalogues_header_is_read():
    back = read_po(write_po(FILE))
    assert (back.language, back.project, back.digest) == ("ur", "parks-2027", "00112233")
    assert (back.translator, back.says_unsure) == ("", True)
    assert [entry.unsure for entry in back.entries] == [False, False, True, False]
    assert [entry.place for entry in back.entries[:2]] == [15, 21]


def test_other_programs_read_our_catalogue():
    theirs = polib.pofile("\n" + write_po(FILE).decode())
    assert [(e.msgctxt, e.msgid, e.msgstr) for e in theirs] == [
        (e.path, e.source, e.translation) for e in FILE.entries
    ]
    assert [e.fuzzy for e in theirs] == [False, False, True, False]
    assert theirs[2].previous_msgid == "I am 16.\nReally."
    catalogue = babel_read_po(BytesIO(write_po(FILE)), abort_invalid=True)
    consent = catalogue.get("I am 18.", context="consent")
    assert consent is not None
    assert consent.string == "میں 16 کا ہوں۔"


def test_we_read_what_other_programs_wrote():
    theirs = polib.pofile("\n" + write_po(FILE).decode(), wrapwidth=20)
    theirs.metadata["Last-Translator"] = "Sadia Khan <sadia@example.org>"
    theirs.metadata["Language"] = "ur_PK"
    theirs[1].msgstr = "## خوراک\n\n- اچھی\n- 1 = 1"
    theirs[1].tcomment = "About shops?\nOr markets?"
    theirs[2].flags = []
    theirs[2].obsolete = True
    back = read("came-back.PO", ("\ufeff" + str(theirs).replace("\n", "\r\n")).encode())
    assert back.language == "ur-PK"
    assert back.translator == "Sadia Khan"
    assert [(e.path, e.text) for e in back.entries] == [
        ("title", "ایک شہر"),
        ("sections.food.full", "## خوراک\n\n- اچھی\n- 1 = 1"),
        ("contact.phone_hours", "-2"),
    ]
    assert back.entries[1].note == "About shops?\nOr markets?"
    assert back.entries[1].mark == "fedcba9876543210"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("FULL NAME <EMAIL@ADDRESS>", ""),
        ("Automatically generated", ""),
        ("<sadia@example.org>", ""),
        ("Sadia Khan", "Sadia Khan"),
    ],
)
def test_a_translator_is_taken_from_the_header_where_it_names_one(name, expected):
    content = write_po(FILE).replace(b'"MIME', f'"Last-Translator: {name}\\n"\n"MIME'.encode())
    assert read_po(content).translator == expected


printable = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"))


@given(source=printable, text=printable)
def test_any_text_survives_a_catalogue(source, text):
    file = replace(FILE, entries=(replace(TITLE, source=source, translation=text),))
    [entry] = read_po(write_po(file)).entries
    assert (entry.source, entry.text) == (source, text)


@given(source=printable, text=printable)
def test_any_text_survives_a_table(source, text):
    file = replace(FILE, entries=(replace(TITLE, source=source, translation=text),))
    [entry] = read("a.csv", write_csv(file)).entries
    assert (entry.source, entry.text) == (source, text)


@pytest.mark.parametrize("text", ["_x0041_", "line\nbreak", "  edges  ", "=A1", "1e5"])
def test_signs_that_workbooks_treat_in_their_own_way_survive_one(text):
    file = replace(FILE, entries=(replace(TITLE, source=text, translation=text),))
    [entry] = read("a.xlsx", write_xlsx(file, GUIDANCE)).entries
    assert (entry.source, entry.text) == (text, text)


def test_a_workbook_is_laid_out_for_the_language():
    book = openpyxl.load_workbook(BytesIO(write_xlsx(FILE, GUIDANCE)))
    assert book.sheetnames == ["translations", "read me"]
    sheet = book["translations"]
    assert sheet.sheet_view.rightToLeft
    assert [cell.value for cell in sheet[1]] == [
        "path", "where", "source (en)", "translation (ur)", "note", "mark",
    ]  # fmt: skip
    assert sheet["C5"].value == "=1+1"
    assert sheet["C5"].data_type == "s"
    assert sheet["D2"].alignment.readingOrder == 2
    assert sheet["A2"].alignment.readingOrder == 1
    assert sheet["A2"].fill.fgColor.rgb == "FFEAF2F2"
    assert sheet["D2"].fill.fill_type is None
    assert sheet["D2"].number_format == "@"
    assert sheet.column_dimensions["F"].hidden
    assert sheet["B4"].value == "Consent\nThe source has changed."
    assert not sheet["E4"].value, "the translator's own column is empty"
    assert book["read me"]["A1"].value == GUIDANCE[0]


def test_a_workbook_of_a_language_from_left_to_right():
    file = replace(FILE, language="pl", direction="ltr")
    sheet = openpyxl.load_workbook(BytesIO(write_xlsx(file, GUIDANCE)))["translations"]
    assert not sheet.sheet_view.rightToLeft
    assert sheet["D2"].alignment.readingOrder == 1


def test_a_text_that_no_cell_holds_is_left_out_and_told():
    long = replace(MISSING, source="\N{GRINNING FACE}" * 16_384)  # two units each
    fits = replace(TITLE, source="x" * 32_767)
    file = replace(FILE, entries=(fits, long))
    assert too_long(file) == [long]
    [entry] = read("a.xlsx", write_xlsx(file, GUIDANCE)).entries
    assert entry.source == "x" * 32_767


def test_a_table_begins_no_formula():
    rows = list(csv.reader(StringIO(write_csv(FILE).decode("utf-8-sig"))))
    assert rows[4][2:4] == ["'=1+1", "'-2"]
    assert write_csv(FILE).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(";", "utf-8"), ("\t", "utf-16-le"), (",", "utf-8-sig"), ("\t", "utf-16-be")],
)
def test_tables_as_spreadsheets_of_other_countries_save_them(separator, encoding):
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    rows = ["Note|Translation (ur_PK)|Path", "why?|شہر|title", '|"two\nlines"|consent', "||"]
    text = "\r\n".join(rows).replace("|", separator)
    back = read("sheet.csv", bom + text.encode(encoding))
    assert [(e.path, e.source, e.text, e.mark, e.note, e.place) for e in back.entries] == [
        ("title", None, "شہر", None, "why?", 2),
        ("consent", None, "two\nlines", None, "", 3),
    ]
    assert back.language == "ur-PK"


def test_an_apostrophe_of_the_text_itself_stays():
    content = b"path,translation\ntitle,'tis\nconsent,'=1\n"
    assert [entry.text for entry in read("a.csv", content).entries] == ["'tis", "=1"]


def test_numbers_that_a_spreadsheet_made_of_words_are_words_again():
    book = openpyxl.Workbook()
    for row in (["path", "translation"], ["title", 2030], ["consent", 0.5], ["a", 7.0]):
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    back = read("a.xlsx", saved.getvalue())
    assert [entry.text for entry in back.entries] == ["2030", "0.5", "7"]


def test_line_ends_of_another_system_are_spelled_out_in_cells():
    book = openpyxl.Workbook()
    for row in (["path", "translation"], ["title", "one_x000D_\ntwo"]):
        book.active.append(row)
    saved = BytesIO()
    book.save(saved)
    assert read("a.xlsx", saved.getvalue()).entries[0].text == "one\r\ntwo"


def test_the_texts_may_lie_on_any_sheet():
    book = openpyxl.Workbook()
    book.active.append(["Dear translator,"])
    sheet = book.create_sheet()
    sheet.append(["path", "translation (bn)"])
    sheet.append(["title", "শহর"])
    saved = BytesIO()
    book.save(saved)
    back = read("a.xlsx", saved.getvalue())
    assert (back.language, back.entries[0].text) == ("bn", "শহর")


def test_a_long_cell_is_read_and_other_files_keep_their_limit() -> None:
    usual = csv.field_size_limit()
    long = replace(MISSING, translation="y" * (usual + 1))
    written = read("a.csv", write_csv(replace(FILE, entries=(long,))))
    assert [entry.text for entry in written.entries] == [long.translation]
    assert csv.field_size_limit() == usual
