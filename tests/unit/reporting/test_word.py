"""A report as a Word file: what readers, screen readers and Word itself find in it."""

import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any, Final

import docx
import pytest
from docx.oxml.ns import qn

from consult.reports.data import Form
from consult.reports.formats import word
from consult.reports.paper import (
    Block,
    Cell,
    Column,
    Heading,
    Paper,
    Paragraph,
    Quotation,
    Span,
    Table,
)
from tests.support.reports import sample_paper

ORDER: Final = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
    "suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct "
    "topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind "
    "contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment "
    "textboxTightWrap outlineLvl divId cnfStyle rPr sectPr",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint "
    "noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect "
    "bdr shd fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW "
    "jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption "
    "tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection "
    "tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc "
    "pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi "
    "rtlGutter docGrid printerSettings",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden "
    "unhideWhenUsed qFormat locked personal personalCompose personalReply rsid pPr rPr tblPr trPr "
    "tcPr tblStylePr",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy lvlJc pPr rPr",
    "font": "altName panose1 charset family notTrueType pitch sig",
    "tbl": "tblPr tblGrid tr",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol "
    "listSeparator",
}
"""How the standard's schema orders what this package writes (ECMA-376, part 1, annex A)."""


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def opened(paper: Paper) -> Any:
    return docx.Document(BytesIO(word.write(paper)))


def styled(document: Any, name: str) -> list[str]:
    return [line.text for line in document.paragraphs if line.style.name == name]


def with_blocks(*blocks: Block, language: str = "en") -> Paper:
    paper = sample_paper(language)
    return replace(paper, parts=(replace(paper.parts[0], blocks=blocks),))


def found(document: Any, path: str) -> list[Any]:
    return list(document.element.body.iterfind(path, document.element.nsmap | {"w": NS}))


NS: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def value(element: Any, name: str) -> str | None:
    attribute: str | None = element.get(qn(name))
    return attribute


def test_every_kind_of_block_has_a_style_that_word_knows() -> None:
    document = opened(sample_paper())
    assert styled(document, "Title") == ["Creating a Bolder, Healthier City"]
    assert styled(document, "Subtitle") == ["Who answered"]
    assert styled(document, "Report Details") == ["2", "22.11.2026"]
    assert styled(document, "Heading 1") == ["Who answered", "Who answered"]
    assert styled(document, "Heading 2") == ["Who answered"]
    assert styled(document, "Notice") == ["An illustration"]
    assert styled(document, "Lead Paragraph") == ["140 people answered."]
    assert styled(document, "Normal") == ["140 people answered. Lozells"]
    assert styled(document, "List Bullet") == ["140 people answered.", "Muslim"]
    assert styled(document, "Quote") == [
        "There is no light in the street at night.",
        "رات کو سڑک پر روشنی نہیں ہوتی۔",
    ]
    assert styled(document, "Quote Source") == ["(ur)"]
    assert styled(document, "Caption") == ["Who answered"] * 3
    assert styled(document, "Table Note") == ["Rounded to 5."]


def test_no_heading_is_skipped() -> None:
    paper = with_blocks(Heading((Span("Deep"),), 4), Heading((Span("A"),), 3), Heading((), 4))
    document = opened(paper)
    names = [line.style.name for line in document.paragraphs]
    assert [name for name in names if name.startswith("Heading")] == [
        "Heading 1",
        "Heading 2",
        "Heading 2",
        "Heading 3",
    ]


def test_contents_are_filled_and_lead_to_the_headings() -> None:
    document = opened(sample_paper())
    links = found(document, ".//w:hyperlink")
    marks = {value(each, "w:name") for each in found(document, ".//w:bookmarkStart")}
    said = ["".join(text.text for text in link.iter(qn("w:t"))) for link in links]
    assert said == ["Who answered", "Who answered", "Who answered"]
    assert {value(link, "w:anchor") for link in links} == marks
    assert len(marks) == 3
    fields = [value(each, "w:fldCharType") for each in found(document, ".//w:fldChar")]
    assert fields == ["begin", "separate", "end"]
    (instruction,) = found(document, ".//w:instrText")
    assert instruction.text == r' TOC \o "1-2" \n \h \z '


def test_long_contents_name_parts_alone() -> None:
    headings = tuple(Heading((Span(f"Theme {number}"),)) for number in range(24))
    paper = sample_paper()
    first = replace(paper.parts[0], blocks=headings)
    document = opened(replace(paper, parts=(first, paper.parts[1])))
    assert len(found(document, ".//w:hyperlink")) == 2
    assert r'"1-1"' in found(document, ".//w:instrText")[0].text


@pytest.mark.parametrize(("form", "links"), [(Form.ONE_PAGE, 0), (Form.EASY_READ, 3)])
def test_one_page_has_no_contents(form: Form, links: int) -> None:
    assert len(found(opened(replace(sample_paper(), form=form)), ".//w:hyperlink")) == links


def test_tables_have_one_header_row_that_repeats_and_words_for_who_cannot_see() -> None:
    document = opened(sample_paper())
    (first,) = document.tables  # the other one is for spreadsheets
    assert [cell.text for cell in first.rows[0].cells] == ["Group", "Responses", "Share"]
    assert [cell.text for cell in first.rows[3].cells] == ["=HYPERLINK(1)", "fewer than 10", "-"]
    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in first.rows] == [
        True,
        False,
        False,
        False,
    ]
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in first.rows)
    properties = first._tbl.tblPr
    assert value(properties.find(qn("w:tblCaption")), "w:val") == "Who answered"
    assert value(properties.find(qn("w:tblDescription")), "w:val") == "Rounded to 5."
    assert first.style.name == "Report Table"
    for merged in ("gridSpan", "vMerge", "hMerge"):
        assert not found(document, f".//w:{merged}")


def test_a_table_prints_the_columns_for_paper_alone() -> None:
    columns = (Column("a", "Answer"), Column("low", "From", printed=False))
    table = Table("t", "Answers", columns, ((Cell("Yes"), Cell("30%", 0.3)),))
    (printed,) = opened(with_blocks(table)).tables
    assert [[cell.text for cell in row.cells] for row in printed.rows] == [["Answer"], ["Yes"]]


def test_tables_are_as_wide_as_the_page() -> None:
    for table in opened(sample_paper()).tables:
        grid = [int(value(each, "w:w") or 0) for each in table._tbl.tblGrid]
        # 210 mm less two margins of 22 mm, in twentieths of a point
        assert sum(grid) == pytest.approx(166 / 25.4 * 1440, abs=2)


def test_charts_are_pictures_that_say_what_they_show() -> None:
    content = word.write(sample_paper())
    document = docx.Document(BytesIO(content))
    described = [shape._inline.docPr for shape in document.inline_shapes]
    assert [each.get("descr") for each in described] == ["140 people answered."] * 2
    assert [each.get("id") for each in described] == ["1", "2"]
    pictures = {n: c for n, c in parts(content).items() if n.startswith("word/media/")}
    assert set(pictures) == {"word/media/image1.png", "word/media/image2.png"}
    assert all(each.startswith(b"\x89PNG") for each in pictures.values())
    for shape in document.inline_shapes:
        assert shape.height.mm < 297 * 0.8
        assert shape.width.mm == pytest.approx(166, abs=0.1)


def test_properties_hold_a_title_and_no_names() -> None:
    properties = opened(sample_paper("ur")).core_properties
    assert properties.title == "Creating a Bolder, Healthier City"
    assert properties.language == "ur-PK"
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created.isoformat() == "2026-11-22T09:30:00+00:00"
    assert properties.modified == properties.created


def test_same_paper_same_bytes_whenever_it_is_made() -> None:
    first = word.write(sample_paper("bn"))
    assert first == word.write(sample_paper("bn"))
    later = replace(sample_paper("bn"), made_at=sample_paper().made_at + timedelta(days=1))
    changed = parts(word.write(later))
    assert {name for name, part in parts(first).items() if part != changed[name]} == {
        "docProps/core.xml"
    }
    with zipfile.ZipFile(BytesIO(first)) as file:
        assert {member.date_time for member in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_nothing_leads_out_of_the_file_and_nothing_runs() -> None:
    content = parts(word.write(sample_paper()))
    assert not any(b'TargetMode="External"' in part for part in content.values())
    assert not any("vba" in name or "customXml" in name for name in content)
    assert b"macroEnabled" not in content["[Content_Types].xml"]
    assert b"python-docx" not in b"".join(content.values())


@pytest.mark.parametrize("language", ["en", "ur", "bn"])
@pytest.mark.parametrize("form", list(Form))
def test_elements_stand_in_the_order_of_the_standard(language: str, form: Form) -> None:
    content = parts(word.write(replace(sample_paper(language), form=form)))
    seen = set()
    for name in (n for n in content if n.startswith("word/") and n.endswith(".xml")):
        root = docx.oxml.parse_xml(content[name])
        for outer in root.iter():
            kind = str(outer.tag).removeprefix(f"{{{NS}}}")
            if kind not in ORDER:
                continue
            seen.add(kind)
            order = ORDER[kind].split()
            places = [order.index(str(inner.tag).removeprefix(f"{{{NS}}}")) for inner in outer]
            assert places == sorted(places), f"{name}: {kind}"
    assert seen == set(ORDER)


@pytest.mark.parametrize(
    ("form", "size"), [(Form.FULL, 12), (Form.ONE_PAGE, 12), (Form.EASY_READ, 16)]
)
def test_letters_are_large_enough(form: Form, size: int) -> None:
    document = opened(replace(sample_paper(), form=form))
    (default,) = document.styles.element.iterfind(f".//{qn('w:rPrDefault')}//{qn('w:sz')}")
    assert value(default, "w:val") == str(2 * size)
    assert document.styles["Normal"].font.size is None
    assert all(
        style.font.size is None or style.font.size.pt >= 10 for style in document.styles if style
    )


def test_pages_are_a4_and_numbered() -> None:
    document = opened(sample_paper())
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    (line,) = section.footer.paragraphs
    assert line.text == "Creating a Bolder, Healthier City\t1 / 1"
    fields = [each.text for each in line._p.iter(qn("w:instrText"))]
    assert fields == [" PAGE ", " NUMPAGES "]


def test_what_xml_cannot_hold_is_left_out() -> None:
    document = opened(with_blocks(Paragraph((Span("One\x0b\x00 two\nthree\tfour \ud800."),))))
    assert styled(document, "Normal") == ["One two\nthree four ."]


def test_a_quote_without_another_language() -> None:
    quote = Quotation((Span("Safe streets."),), None, (Span("In English."),))
    assert styled(opened(with_blocks(quote)), "Quote") == ["Safe streets."]
