"""Files that people upload and that are no draft: each is told from the others, and why."""

import struct
import zipfile
import zlib
from io import BytesIO

import pytest

from consult.drafting import package, plain_text, xml_tree
from consult.drafting.faults import DraftFault, DraftFileError
from consult.drafting.reading import read_draft
from tests.support.word_files import MACRO_TYPE, W, heading, packed, paragraph, word_file

PNG = (
    b"\x89PNG\r\n\x1a\n"
    + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 1, 1, 8, 0, 0, 0, 0)
    + struct.pack(">I", zlib.crc32(struct.pack(">4sIIBBBBB", b"IHDR", 1, 1, 8, 0, 0, 0, 0)))
)
GOOD = word_file(heading("Food") + paragraph("Eat well.") + heading("Air") + paragraph("Breathe."))


def ole(*streams: str) -> bytes:
    """The container of old Office files with the names of its streams."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(504)
        + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    )


def office(kind: str) -> bytes:
    """A file of another Office program."""
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/x.xml" ContentType="application/vnd.{kind}.main+xml"/></Types>'
    )
    return packed({"[Content_Types].xml": types.encode()})


def fault_of(content: bytes, name: str = "draft.docx") -> DraftFileError:
    with pytest.raises(DraftFileError) as caught:
        read_draft(content, name)
    return caught.value


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", DraftFault.EMPTY),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", DraftFault.PDF),
        (b"\xef\xbb\xbf\n%PDF-1.4\n", DraftFault.PDF),
        (ole("Root Entry", "WordDocument", "1Table"), DraftFault.OLD_WORD),
        (ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), DraftFault.PASSWORD),
        (ole("Root Entry", "Workbook"), DraftFault.OTHER_OFFICE),
        (ole("Root Entry", "__properties_version1.0"), DraftFault.UNKNOWN_TYPE),
        (rb"{\rtf1\ansi Food}", DraftFault.RICH_TEXT),
        (PNG, DraftFault.IMAGE),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", DraftFault.IMAGE),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", DraftFault.IMAGE),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", DraftFault.IMAGE),
        (b"<!DOCTYPE html><html><h1>Food</h1></html>", DraftFault.WEB_PAGE),
        (b"\n<!-- saved -->\n<HTML><body>Food</body></HTML>", DraftFault.WEB_PAGE),
        (b'<?xml version="1.0"?><w:wordDocument/>', DraftFault.UNKNOWN_TYPE),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04\x00", DraftFault.UNKNOWN_TYPE),
        (b"\x7fELF\x02\x01\x01\x00", DraftFault.UNKNOWN_TYPE),
        (packed({"readme.txt": b"hello"}), DraftFault.UNKNOWN_TYPE),
        (
            packed({"mimetype": b"application/vnd.oasis.opendocument.text"}),
            DraftFault.OPEN_DOCUMENT,
        ),
        (
            packed({"mimetype": b"application/epub+zip"}),
            DraftFault.UNKNOWN_TYPE,
        ),
        (office("openxmlformats-officedocument.spreadsheetml.sheet"), DraftFault.OTHER_OFFICE),
        (
            office("openxmlformats-officedocument.presentationml.presentation"),
            DraftFault.OTHER_OFFICE,
        ),
        (office("ms-excel.sheet.macroEnabled"), DraftFault.OTHER_OFFICE),
        (office("unheard-of"), DraftFault.UNKNOWN_TYPE),
    ],
)
def test_what_is_no_draft_is_named_by_its_content(content: bytes, code: DraftFault) -> None:
    assert fault_of(content).code is code


def test_the_name_decides_nothing_but_is_kept_for_the_message() -> None:
    assert read_draft(GOOD, "draft.pdf").sections[0].title == "Food"
    error = fault_of(b"%PDF-1.7", "C:\\Users\\Ann\\Dra\x07ft.docx")
    assert error.values["name"] == "Draft.docx"


def test_a_file_over_the_limit_is_refused_with_its_size() -> None:
    error = fault_of(b"a" * 20_000_001)
    assert error.code is DraftFault.TOO_LARGE
    assert (error.values["size"], error.values["limit"]) == (21, 20)


def test_every_truncation_is_told_as_damage() -> None:
    for length in range(4, len(GOOD), 97):
        assert fault_of(GOOD[:length]).code is DraftFault.DAMAGED, length


def test_a_part_with_a_wrong_checksum_is_damage() -> None:
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        info = file.getinfo("word/document.xml")
    place = info.header_offset + 30 + len(info.filename) + 20
    flipped = GOOD[:place] + bytes([GOOD[place] ^ 0xFF]) + GOOD[place + 1 :]
    assert fault_of(flipped).code is DraftFault.DAMAGED


def test_text_that_is_no_xml_is_damage() -> None:
    assert fault_of(word_file("", document="<w:document>")).code is DraftFault.DAMAGED
    assert fault_of(word_file("", document="")).code is DraftFault.DAMAGED


def test_xml_without_a_body_is_damage() -> None:
    document = f'<w:document xmlns:w="{W}"/>'
    assert fault_of(word_file("", document=document)).code is DraftFault.DAMAGED


def test_a_file_without_its_text_is_damage() -> None:
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        names = [name for name in file.namelist() if name != "word/document.xml"]
        rest = {name: file.read(name) for name in names}
    assert fault_of(packed(rest)).code is DraftFault.DAMAGED


def test_a_zip_with_a_password_is_protected() -> None:
    content = bytearray(GOOD)
    directory = content.index(b"PK\x01\x02")
    content[directory + 8] |= 1
    assert fault_of(bytes(content)).code is DraftFault.PASSWORD


def test_macros_are_refused_by_what_the_file_says_and_by_what_it_holds() -> None:
    assert fault_of(word_file("", main_type=MACRO_TYPE)).code is DraftFault.MACROS
    hidden = word_file(paragraph("x"), parts={"word/VBAproject.bin": b"\xd0\xcf"})
    assert fault_of(hidden).code is DraftFault.MACROS


def test_a_template_without_macros_is_read() -> None:
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
    assert read_draft(word_file(paragraph("Food for all"), main_type=kind), "x").sections


def test_a_bomb_is_refused_by_what_it_claims() -> None:
    bomb = word_file(paragraph("x"), parts={"word/media/a.bin": bytes(201_000_000)})
    assert len(bomb) < 400_000
    assert fault_of(bomb).code is DraftFault.EXPANDS


def test_parts_that_claim_too_much_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_UNPACKED", 10_000)
    parts = {f"word/media/{i}.bin": bytes(range(100)) * 10 for i in range(10)}
    assert fault_of(word_file(paragraph("x"), parts=parts)).code is DraftFault.EXPANDS


def test_a_bomb_is_refused_by_its_ratio() -> None:
    bomb = word_file(paragraph("x"), parts={"word/media/a.bin": bytes(30_000_000)})
    assert fault_of(bomb).code is DraftFault.EXPANDS


def test_a_bomb_is_refused_by_the_count_of_its_entries() -> None:
    parts = {f"word/media/{i}": b"" for i in range(package.MAX_ENTRIES)}
    assert fault_of(word_file(paragraph("x"), parts=parts)).code is DraftFault.EXPANDS


def test_a_part_that_unpacks_to_too_much_is_left_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "MAX_PART", 100_000)
    content = word_file(paragraph("word " * 30_000))
    assert fault_of(content).code is DraftFault.EXPANDS


def test_a_part_that_lies_about_its_size_is_damage() -> None:
    content = bytearray(word_file(paragraph("word " * 30_000)))
    with zipfile.ZipFile(BytesIO(bytes(content))) as file:
        size = struct.pack("<I", file.getinfo("word/document.xml").file_size)
    for place in (content.index(size), content.rindex(size)):
        content[place : place + 4] = struct.pack("<I", 1_000)
    assert fault_of(bytes(content)).code is DraftFault.DAMAGED


BILLION_LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">'
    f'<!ENTITY c "&b;&b;&b;">]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&c;</w:t></w:r>'
    "</w:p></w:body></w:document>"
)


@pytest.mark.parametrize(
    "document",
    [
        BILLION_LAUGHS,
        BILLION_LAUGHS.replace("&c;", "no entity"),
        f'<!DOCTYPE d SYSTEM "file:///etc/passwd"><w:document xmlns:w="{W}"/>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(document: str, encoding: str) -> None:
    document = document.replace('version="1.0"', f'version="1.0" encoding="{encoding}"')
    parts = {"word/document.xml": document.encode(encoding)}
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        whole = {name: file.read(name) for name in file.namelist()} | parts
    assert fault_of(packed(whole)).code is DraftFault.FORBIDDEN_XML


def test_entities_in_the_styles_are_refused_too() -> None:
    styles = '<!DOCTYPE s [<!ENTITY a "b">]><w:styles/>'
    with zipfile.ZipFile(BytesIO(GOOD)) as file:
        whole = {name: file.read(name) for name in file.namelist()}
    whole["word/styles.xml"] = styles.encode()
    assert fault_of(packed(whole)).code is DraftFault.FORBIDDEN_XML


def test_deeply_nested_xml_is_too_complex() -> None:
    deep = "<w:sdtContent>" * 5_000 + paragraph("x") + "</w:sdtContent>" * 5_000
    assert fault_of(word_file(deep)).code is DraftFault.TOO_COMPLEX


def test_the_deepest_xml_that_is_taken_can_be_walked() -> None:
    depth = xml_tree.MAX_DEPTH - 6
    nested = "<w:smartTag>" * depth + "<w:r><w:t>x</w:t></w:r>" + "</w:smartTag>" * depth
    assert read_draft(word_file(f"<w:p>{nested}</w:p>"), "x").sections[0].full == "x"
    tables = (xml_tree.MAX_DEPTH - 6) // 3
    cells = "<w:tbl><w:tr><w:tc>" * tables + paragraph("y") + "</w:tc></w:tr></w:tbl>" * tables
    assert read_draft(word_file(cells), "x").sections[0].full == "y"


@pytest.mark.parametrize("limit", ["MAX_ELEMENTS", "MAX_KEPT"])
def test_too_many_elements_are_too_complex(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(xml_tree, limit, 1_000)
    assert fault_of(word_file(paragraph("x") * 1_000)).code is DraftFault.TOO_COMPLEX


def test_addresses_count_as_text() -> None:
    link = '<w:hyperlink r:id="r"><w:r><w:t>a</w:t></w:r><w:r><w:br/></w:r></w:hyperlink>'
    links = {"r": "https://example.org/" + "x" * 1_900}
    content = word_file(paragraph((link + "<w:r><w:t>b</w:t></w:r>") * 1_100), links=links)
    assert fault_of(content).code is DraftFault.TOO_MUCH_TEXT


def test_more_text_than_any_draft_has_is_refused() -> None:
    long = word_file(heading("A") + paragraph("word " * 400_001))
    assert fault_of(long).code is DraftFault.TOO_MUCH_TEXT
    assert fault_of(b"word " * 400_001).values["limit"] == 2_000_000


@pytest.mark.parametrize("mark", [b"[", b"a\n", b"|", b"*a"])
def test_text_that_is_all_marks_is_too_complex_to_parse(mark: bytes) -> None:
    text = mark * (plain_text.MAX_MARKS + 1)
    assert fault_of(text).code is DraftFault.TOO_COMPLEX


@pytest.mark.parametrize("content", [b" \n\t\n", "\u00ad\ufeff\n".encode(), b"<div></div>"])
def test_a_text_without_words_has_no_text(content: bytes) -> None:
    assert fault_of(content).code is DraftFault.NO_TEXT


def test_a_text_in_another_encoding_is_refused_with_the_line() -> None:
    error = fault_of("# Food\n\nCaf\xe9s for all".encode("cp1252"), "draft.md")
    assert error.code is DraftFault.WRONG_ENCODING
    assert error.values["line"] == 3


def test_half_of_a_utf16_text_is_refused() -> None:
    assert fault_of("Food".encode("utf-16")[:-1]).code is DraftFault.WRONG_ENCODING


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_texts_in_unicode_are_read(encoding: str) -> None:
    draft = read_draft("# کھانا\n\nصحت\n\n# ہوا\n\nصاف".encode(encoding), "draft.md")
    assert [(section.title, section.full) for section in draft.sections] == [
        ("کھانا", "صحت"),
        ("ہوا", "صاف"),
    ]
