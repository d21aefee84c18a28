"""What is read out of a Word file: the words as a reader of its last state would see them."""

import pytest

from consult.drafting.faults import DraftFault, DraftFileError, NoteCode
from consult.drafting.reading import DraftRead, read_draft
from tests.support.word_files import (
    STYLES,
    W,
    field,
    heading,
    item,
    paragraph,
    picture,
    run,
    table,
    text_box,
    word_file,
)

WORDS_DATE = 'w:author="Ann" w:date="2026-01-02T10:00:00Z"'


def read(body: str, **parts) -> DraftRead:
    return read_draft(word_file(body, **parts), "draft.docx")


def full(body: str, **parts) -> str:
    """The text of a draft without headings."""
    (section,) = read(body, **parts).sections
    return section.full


def note(draft: DraftRead, code: NoteCode) -> dict[str, object] | None:
    return next((dict(one.values) for one in draft.notes if one.code is code), None)


def test_a_plain_draft_is_cut_by_its_headings() -> None:
    draft = read(
        paragraph("Draft food strategy", "Title")
        + heading("Food")
        + paragraph("Eat well.")
        + heading("At school", 2)
        + paragraph("Fruit.")
        + heading("Air")
        + paragraph("Breathe.")
    )
    assert draft.title == "Draft food strategy"
    assert [(s.key, s.title, s.full) for s in draft.sections] == [
        ("food", "Food", "Eat well.\n\n## At school\n\nFruit."),
        ("air", "Air", "Breathe."),
    ]
    assert draft.notes == ()


# Headings


def test_headings_are_known_by_names_that_no_language_changes() -> None:
    german = STYLES.replace('styleId="Heading1"', 'styleId="berschrift1"').replace(
        'styleId="Title"', 'styleId="Titel"'
    )
    body = "".join(
        paragraph(text, style)
        for text, style in [
            ("Plan", "Titel"),
            ("Essen", "berschrift1"),
            ("Text", None),
            ("Luft", "berschrift1"),
            ("Text", None),
        ]
    )
    draft = read(body, styles=german)
    assert draft.title == "Plan"
    assert [section.title for section in draft.sections] == ["Essen", "Luft"]


def test_the_id_counts_where_a_file_has_no_styles() -> None:
    draft = read(heading("A") + paragraph("x") + heading("B") + paragraph("y"), styles="")
    assert [section.title for section in draft.sections] == ["A", "B"]


def custom(properties: str, based_on: str = "Normal") -> str:
    return STYLES + (
        f'<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="Council head"/>'
        f'<w:basedOn w:val="{based_on}"/><w:pPr>{properties}</w:pPr></w:style>'
    )


@pytest.mark.parametrize(
    "styles", [custom('<w:outlineLvl w:val="0"/>'), custom("", based_on="Heading1")]
)
def test_own_styles_are_headings_by_outline_level_or_by_what_they_are_based_on(styles: str) -> None:
    body = "".join(paragraph(text, style) for text, style in [("A", "Own"), ("x", None)] * 2)
    assert [section.title for section in read(body, styles=styles).sections] == ["A", "A"]


def test_an_own_style_can_leave_the_outline() -> None:
    styles = custom('<w:outlineLvl w:val="9"/>', based_on="Heading1")
    draft = read(
        heading("A") + paragraph("not a heading", "Own") + heading("B") + paragraph("y"),
        styles=styles,
    )
    assert [section.full for section in draft.sections] == ["not a heading", "y"]


def test_a_paragraphs_own_outline_level_makes_a_heading() -> None:
    level = '<w:outlineLvl w:val="0"/>'
    body = (paragraph("A", properties=level) + paragraph("x")) * 2
    assert [section.title for section in read(body).sections] == ["A", "A"]


def test_styles_in_a_ring_end() -> None:
    assert full(paragraph("x", "Own"), styles=custom("", based_on="Own")) == "x"


def test_headings_of_apple_pages_are_headings() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Heading"><w:name w:val="Heading"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Index"><w:name w:val="Index Heading"/>'
        '<w:basedOn w:val="Heading"/></w:style>'
    )
    body = (paragraph("A", "Heading") + paragraph("x", "Own")) * 2
    assert [section.title for section in read(body, styles=styles).sections] == ["A", "A"]


def test_an_outline_level_of_another_kind_is_none() -> None:
    strange = '<w:outlineLvl w:val="first"/>'
    draft = read(heading("A") + paragraph("x", properties=strange) + heading("B"))
    assert [section.full for section in draft.sections] == ["x", "B"]


def test_a_subtitle_is_text() -> None:
    styles = STYLES + (
        '<w:style w:type="paragraph" w:styleId="Sub"><w:name w:val="Subtitle"/>'
        '<w:basedOn w:val="Title"/></w:style>'
    )
    draft = read(
        paragraph("Plan", "Title")
        + paragraph("For all", "Sub")
        + heading("A")
        + paragraph("x")
        + heading("B")
        + paragraph("y"),
        styles=styles,
    )
    assert draft.sections[0].full == "For all"


def test_the_numbers_that_word_draws_before_headings_are_left_out_and_told() -> None:
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="4"/></w:numPr>'
    draft = read(
        paragraph("Food", "Heading1", numbered)
        + item("We will act.", "legal", 1)
        + paragraph("Air", "Heading1", numbered)
        + item("We will plant.", "legal", 1)
    )
    assert [(section.title, section.full) for section in draft.sections] == [
        ("Food", "1.1 We will act."),
        ("Air", "2.1 We will plant."),
    ]
    assert note(draft, NoteCode.HEADING_NUMBERS) == {"count": 2}


# Words


def test_emphasis_comes_over() -> None:
    runs = run("Eat ") + run("more ", "<w:b/>") + run("fruit", '<w:b/><w:i w:val="1"/>') + run("!")
    assert full(paragraph(runs)) == "Eat **more *fruit***!"


def test_bold_that_is_switched_off_is_not_bold() -> None:
    assert full(paragraph(run("plain", '<w:b w:val="0"/><w:i w:val="false"/>'))) == "plain"


def test_right_to_left_words_have_their_own_switch_for_bold() -> None:
    runs = run("صحت ", "<w:rtl/><w:bCs/>") + run("سب", "<w:rtl/><w:b/>")
    assert full(paragraph(runs)) == "**صحت** سب"


def test_a_style_can_be_bold() -> None:
    styles = STYLES + (
        '<w:style w:type="character" w:styleId="Strong"><w:name w:val="Strong"/>'
        "<w:rPr><w:b/></w:rPr></w:style>"
    )
    runs = run("very", '<w:rStyle w:val="Strong"/>') + run(" good")
    assert full(paragraph(runs), styles=styles) == "**very** good"


def test_words_are_found_in_whatever_is_wrapped_around_them() -> None:
    inside = run("one")
    for name in ("smartTag", "customXml", "bdo", "dir", "ins", "moveTo", "fldSimple"):
        inside += f"<w:{name}>{run(f' {name}')}</w:{name}>"
    inside += f"<w:sdt><w:sdtPr/><w:sdtContent>{run(' control')}</w:sdtContent></w:sdt>"
    inside += "<w:r><w:ruby><w:rt><w:r><w:t>gloss</w:t></w:r></w:rt><w:rubyBase>"
    inside += f"{run(' base')}</w:rubyBase></w:ruby></w:r>"
    text = full(paragraph(inside))
    assert text == "one smartTag customXml bdo dir ins moveTo fldSimple control base"


def test_breaks_tabs_and_hyphens_part_words_or_do_not() -> None:
    inside = (
        "<w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:cr/><w:t>three</w:t>"
        '<w:br w:type="page"/><w:t>four</w:t><w:tab/><w:t>five</w:t><w:softHyphen/><w:t>ish</w:t>'
        "<w:noBreakHyphen/><w:t>six</w:t></w:r>"
    )
    assert full(paragraph(inside)) == "one\\\ntwo\\\nthree\\\nfour fiveish\u2011six"


def test_an_empty_line_typed_into_a_paragraph_parts_it() -> None:
    inside = "<w:r><w:t>one</w:t><w:br/><w:br/><w:t>two</w:t></w:r>"
    assert full(paragraph(inside)) == "one\n\ntwo"
    listed = item("x").replace('<w:t xml:space="preserve">x</w:t>', inside[5:-6])
    assert full(listed) == "- one\n\n  two"


def test_letters_are_composed_and_unseen_characters_go() -> None:
    assert len(full(paragraph(run("x" + "\u0323" * 1_000)))) == 31
    assert full(paragraph(run("Cafe\u0301 co\u00adop\u0085 \ufeffok"))) == "Café coop\\\nok"


def test_symbols_become_letters_that_every_font_has() -> None:
    known = '<w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t> done</w:t></w:r>'
    old = run(" \uf0b7", '<w:rFonts w:ascii="Symbol"/>')
    lost = '<w:r><w:sym w:font="Webdings" w:char="F041"/><w:sym w:char="xyz"/></w:r>'
    draft = read(paragraph(known + old + lost))
    assert draft.sections[0].full == "✓ done •"
    assert note(draft, NoteCode.SYMBOLS) == {"count": 2}


def test_emoji_come_from_the_branch_that_is_text() -> None:
    inside = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="w16se"><symEx/></mc:Choice>'
        "<mc:Fallback><w:t>🍎</w:t></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert full(paragraph(run("Eat ") + inside)) == "Eat 🍎"


def test_right_to_left_text_stays_as_it_is_and_forced_directions_go() -> None:
    text = "شہر\u200f (2030) می\u200cخوریم"
    assert full(paragraph(run(text))) == text
    forged = full(paragraph(run("file\u202egnp.exe")))
    assert forged == "file\u2067gnp.exe\u2069"


def test_hidden_text_is_left_out_and_told() -> None:
    hidden = run("secret", "<w:vanish/>")
    draft = read(paragraph(run("seen") + hidden + hidden + run(" too") + hidden))
    assert draft.sections[0].full == "seen too"
    assert note(draft, NoteCode.HIDDEN_TEXT) == {"count": 2}
    assert full(paragraph(run("seen", '<w:vanish w:val="0"/>'))) == "seen"


def test_text_in_a_hidden_style_is_hidden() -> None:
    styles = STYLES + (
        '<w:style w:type="paragraph" w:styleId="Internal"><w:name w:val="Internal"/>'
        "<w:rPr><w:vanish/></w:rPr></w:style>"
    )
    draft = read(paragraph("seen") + paragraph("secret", "Internal"), styles=styles)
    assert draft.sections[0].full == "seen"
    assert note(draft, NoteCode.HIDDEN_TEXT) == {"count": 1}


def test_formulas_become_text() -> None:
    formula = "<m:oMath><m:r><m:t>E=mc</m:t></m:r><m:r><m:t>2</m:t></m:r></m:oMath>"
    draft = read(paragraph(run("So ") + formula))
    assert draft.sections[0].full == "So E=mc2"
    assert note(draft, NoteCode.FORMULAS) == {"count": 1}


def test_placeholders_of_forms_are_no_text() -> None:
    control = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    body = paragraph("x" and run("x") + control.format(run("Choose an item.")))
    assert full(body + control.format(paragraph("Click here"))) == "x"


def test_blocks_are_found_in_whatever_is_wrapped_around_them() -> None:
    body = f"<w:customXml>{paragraph('one')}</w:customXml>"
    body += f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('two')}</w:sdtContent></w:sdt>"
    body += f"<mc:AlternateContent><mc:Choice>{paragraph('three')}</mc:Choice><mc:Fallback>"
    body += f"{paragraph('never')}</mc:Fallback></mc:AlternateContent>"
    assert full(body) == "one\n\ntwo\n\nthree"


# Links and fields


def test_links_to_pages_and_addresses_stay_and_others_become_words() -> None:
    links = {
        "rId1": "https://example.org/a_(b)?x=1&y=2",
        "rId2": "mailto:ann@example.org",
        "rId3": "file:///C:/plan.docx",
        "rId4": "javascript:alert(1)",
        "rId5": "www.example.org",
    }
    body = "".join(
        paragraph(f'<w:hyperlink r:id="{name}">{run(name)}</w:hyperlink>') for name in links
    )
    body += paragraph(f'<w:hyperlink w:anchor="there">{run("inside")}</w:hyperlink>')
    body += paragraph(f'<w:hyperlink r:id="gone">{run("gone")}</w:hyperlink>')
    draft = read(body, links=links)
    assert draft.sections[0].full.split("\n\n") == [
        "[rId1](https://example.org/a_%28b%29?x=1&y=2)",
        "[rId2](mailto:ann@example.org)",
        "rId3",
        "rId4",
        "[rId5](https://www.example.org)",
        "inside",
        "gone",
    ]
    assert note(draft, NoteCode.LINKS) == {"count": 2}


def test_fields_show_their_result() -> None:
    link = field('HYPERLINK "https://example.org"', run("our page"))
    page = field(" PAGEREF x ", run("7"))
    inner = field("REF x", field('HYPERLINK \\l "y"', run("Table 3")))
    assert full(paragraph(run("See ") + link + run(", page ") + page + run(", ") + inner)) == (
        "See [our page](https://example.org), page 7, Table 3"
    )


def test_text_in_a_fields_instruction_is_not_shown() -> None:
    inner = field("PAGE", run("7"))
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
    rest = '<w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("seven")
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert full(paragraph(begin + inner + run("=7") + rest + end)) == "seven"


def test_a_field_without_an_end_hides_nothing() -> None:
    begin = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert full(paragraph(begin + run("still here"))) == "still here"
    assert full(paragraph(end + run("still here"))) == "still here"


CONTENTS = {
    "field over paragraphs": (
        paragraph(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" '
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>' + run("Food 1")
        )
        + paragraph(run("Air 2") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>')
    ),
    "simple field": paragraph(f'<w:fldSimple w:instr="TOC">{run("Food 1")}</w:fldSimple>'),
    "style": paragraph("Food 1", "TOC1"),
    "block": '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/>'
    f"</w:docPartObj></w:sdtPr><w:sdtContent>{paragraph('Food 1')}</w:sdtContent></w:sdt>",
}


@pytest.mark.parametrize("contents", CONTENTS.values(), ids=list(CONTENTS))
def test_a_table_of_contents_is_left_out_and_told(contents: str) -> None:
    draft = read(contents + heading("Food") + paragraph("x") + heading("Air") + paragraph("y"))
    assert [section.title for section in draft.sections] == ["Food", "Air"]
    assert note(draft, NoteCode.CONTENTS_LIST) == {}


def test_a_file_with_nothing_but_a_table_of_contents_has_no_text() -> None:
    with pytest.raises(DraftFileError) as caught:
        read(CONTENTS["style"])
    assert caught.value.code is DraftFault.NO_TEXT


# Tracked changes and comments


def ins(inside: str, name: str = "ins", author: str = "Ann") -> str:
    return f'<w:{name} w:author="{author}" w:date="2026-01-02T10:00:00Z">{inside}</w:{name}>'


def test_tracked_changes_are_taken_as_accepted_and_counted() -> None:
    gone = "<w:r><w:delText>old </w:delText></w:r>"
    body = paragraph(
        run("We ")
        + ins(gone, "del")
        + ins(run("will "))
        + ins(run("surely "))
        + run("act ")
        + ins(run("now "), author="Bob")
        + ins(run("here"), "moveFrom")
    ) + paragraph(ins(run("moved"), "moveTo"))
    draft = read(body)
    assert draft.sections[0].full == "We will surely act now\n\nmoved"
    assert note(draft, NoteCode.TRACKED_CHANGES) == {"inserted": 2, "deleted": 1, "moved": 1}


def marked(text: str, change: str, style: str | None = None) -> str:
    return paragraph(text, style, f"<w:rPr><w:{change} {WORDS_DATE}/></w:rPr>")


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    assert full(marked("one ", "del") + paragraph("two") + paragraph("three")) == (
        "one two\n\nthree"
    )


def test_a_deleted_last_mark_loses_no_words() -> None:
    assert full(paragraph("one") + marked("two", "del")) == "one\n\ntwo"


def test_a_heading_that_was_deleted_is_gone() -> None:
    deleted = marked("", "del", "Heading1").replace(
        "</w:pPr>", "</w:pPr>" + ins("<w:r><w:delText>Old</w:delText></w:r>", "del")
    )
    draft = read(heading("A") + paragraph("x") + deleted + paragraph("y") + heading("B"))
    assert [section.full for section in draft.sections] == ["x\n\ny", "B"]


def test_deleted_rows_are_gone() -> None:
    rows = table(("a", "1"), ("b", "2"), ("c", "3")).replace(
        "<w:tr><w:tc><w:tcPr/>" + paragraph("b"),
        f"<w:tr><w:trPr><w:del {WORDS_DATE}/></w:trPr><w:tc><w:tcPr/>" + paragraph("b"),
    )
    draft = read(rows)
    assert draft.sections[0].full == "- **a:** 1\n- **c:** 3"
    assert note(draft, NoteCode.TRACKED_CHANGES) == {"inserted": 0, "deleted": 1, "moved": 0}


def test_changes_around_whole_blocks_are_taken_as_accepted() -> None:
    row = "<w:tr><w:trPr><w:ins w:author='Cy'/></w:trPr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    rows = "".join(row.format(paragraph(a), paragraph(b)) for a, b in ("ab", "cd"))
    draft = read(
        ins(paragraph("new"))
        + ins(paragraph("old"), "del")
        + ins(paragraph("here"), "moveFrom")
        + ins(paragraph("there"), "moveTo")
        + f"<w:tbl>{rows}</w:tbl>"
    )
    assert draft.sections[0].full == "new\n\nthere\n\n- **a:** b\n- **c:** d"
    assert note(draft, NoteCode.TRACKED_CHANGES) == {"inserted": 3, "deleted": 1, "moved": 1}


def test_changes_of_format_are_not_told_and_the_new_format_counts() -> None:
    changed = run("now plain", "<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>")
    draft = read(paragraph(changed) + paragraph("then"))
    assert draft.sections[0].full == "now plain\n\nthen"
    assert note(draft, NoteCode.TRACKED_CHANGES) is None


def test_comments_are_left_out_and_told() -> None:
    comments = f'<w:comment w:id="0">{paragraph("Really?")}</w:comment>' * 2
    body = paragraph(
        '<w:commentRangeStart w:id="0"/>'
        + run("Text")
        + '<w:r><w:commentReference w:id="0"/></w:r>'
    )
    draft = read(body, comments=comments)
    assert draft.sections[0].full == "Text"
    assert note(draft, NoteCode.COMMENTS) == {"count": 2}


# Lists and tables


def test_lists_keep_their_depth_and_numbers() -> None:
    body = (
        item("a")
        + item("b", level=1)
        + item("c", level=8)
        + item("d")
        + item("one", "decimal")
        + item("dash", level=1)
        + item("two", "decimal")
        + paragraph("between")
        + item("three", "decimal")
    )
    assert full(body) == (
        "- a\n  - b\n    - c\n- d\n\n1. one\n   - dash\n2. two\n\nbetween\n\n3. three"
    )


def test_lists_of_a_style_are_lists() -> None:
    styles = STYLES + (
        '<w:style w:type="paragraph" w:styleId="ListBullet"><w:name w:val="List Bullet"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    body = paragraph("a", "ListBullet") + paragraph(
        "b", "ListBullet", '<w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    assert full(body, styles=styles) == "- a\n\nb"


def test_letters_become_numbers_and_are_told() -> None:
    draft = read(item("a", "letters") + item("b", "letters"))
    assert draft.sections[0].full == "1. a\n2. b"
    assert note(draft, NoteCode.LETTERED) == {"count": 2}


def test_numbers_of_several_parts_become_text() -> None:
    body = item("a", "legal") + item("b", "legal", 1) + item("c", "legal", 1) + item("d", "legal")
    assert full(body) == "1. a\n\n1.1 b\n\n1.2 c\n\n2. d"


def numbering(*levels: tuple[str, str], number: str = "") -> str:
    inner = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="4"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(levels)
    )
    return (
        f'<w:abstractNum w:abstractNumId="9">{inner}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="9"/></w:num>'
        f'<w:num w:numId="2"><w:abstractNumId w:val="9"/>{number}</w:num>'
    )


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        ("lowerLetter", "d.4"),
        ("upperLetter", "D.4"),
        ("lowerRoman", "iv.4"),
        ("upperRoman", "IV.4"),
        ("arabicAbjad", "4.4"),
    ],
)
def test_labels_are_written_as_word_shows_them(kind: str, label: str) -> None:
    levels = numbering((kind, "%1)"), ("decimal", "%1.%2"))
    assert full(item("x", level=1), numbering=levels) == f"{label} x"


def test_a_list_can_begin_again() -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    levels = numbering(("decimal", "%1."), number=again)
    body = item("four") + item("five") + item("one", "decimal") + item("two", "decimal")
    assert full(body, numbering=levels) == "4. four\n5. five\n\n1) one\n2) two"


def test_lists_without_a_mark_and_unknown_lists_are_paragraphs() -> None:
    levels = numbering(("none", ""), ("decimal", "Article"))
    body = item("a") + item("b", level=1) + item("c", "letters") + item("d", level=5)
    assert full(body, numbering=levels) == "a\n\nb\n\nc\n\nd"


def test_a_list_can_stand_in_a_style_for_lists() -> None:
    styles = STYLES + (
        '<w:style w:type="numbering" w:styleId="Ring"><w:pPr><w:numPr><w:numId w:val="1"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    ring = (
        '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Ring"/></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    assert full(item("x"), styles=styles, numbering=ring) == "x"


def test_typed_bullets_become_a_list() -> None:
    assert full(paragraph("• one") + paragraph("▪\ttwo") + paragraph("•three")) == (
        "- one\n- two\n\n•three"
    )


def test_a_table_with_a_header_becomes_an_item_for_each_row() -> None:
    draft = read(
        item("before")
        + table(("Aim", "By when", "Who"), ("Food", "2027", ""), ("Air", "2030", ""), header=True)
    )
    assert draft.sections[0].full == (
        "- before\n\n* Who\n* **Aim:** Food\\\n  **By when:** 2027\n"
        "* **Aim:** Air\\\n  **By when:** 2030"
    )
    assert note(draft, NoteCode.TABLES) == {"count": 1}


def test_a_first_row_in_bold_is_a_header() -> None:
    bold = tuple(run(text, "<w:b/>") for text in ("Aim", "When?"))
    assert full(table(bold, ("Food", "2027"))) == "- **Aim:** Food\\\n  **When?** 2027"


def test_a_table_of_two_columns_is_a_list_of_pairs() -> None:
    assert full(table(("Aim", "Food"), ("When", "2027"), ("All", ""))) == (
        "- **Aim:** Food\n- **When:** 2027\n\nAll"
    )


def test_a_long_first_cell_is_no_label() -> None:
    long = "We will act. " * 9
    assert full(table((long, "now"), ("b", "c"))) == f"- {long.strip()} now\n- **b:** c"


def test_a_table_without_rows_or_cells_is_nothing() -> None:
    assert full(paragraph("x") + "<w:tbl/><w:tbl><w:tr/></w:tbl>") == "x"


@pytest.mark.parametrize("columns", ["x", "-1", "0", "9" * 5_000, "٣"])
def test_a_strange_count_of_columns_does_no_harm(columns: str) -> None:
    rows = table(("a", "b"), ("c", "d"))
    rows = rows.replace("<w:tcPr/>", f'<w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>')
    assert full(rows) == "- **a:** b\n- **c:** d"


def test_tables_that_only_place_text_are_text() -> None:
    boxed = table((heading("Food"),), ("x",))
    beside = table((heading("Air"), "y"))
    draft = read(boxed + beside)
    assert [(section.title, section.full) for section in draft.sections] == [
        ("Food", "x"),
        ("Air", "y"),
    ]
    assert draft.notes == ()


def test_cells_over_several_rows_and_columns_are_said_in_each_row() -> None:
    merged = (
        "<w:tbl><w:tr><w:tc>{0}</w:tc><w:tc>{1}</w:tc><w:tc>{2}</w:tc></w:tr>"
        '<w:tr><w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{3}</w:tc><w:tc>{4}</w:tc>'
        "<w:tc>{5}</w:tc></w:tr>"
        "<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{6}</w:tc>"
        '<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{7}</w:tc></w:tr></w:tbl>'
    )
    bold = [paragraph(run(text, "<w:b/>")) for text in "ABC"]
    cells = [paragraph(text) for text in ("x", "1", "2", "", "3")]
    assert full(merged.format(*bold, *cells)) == (
        "- **A:** x\\\n  **B:** 1\\\n  **C:** 2\n- **A:** x\\\n  **B:** 3"
    )


def test_a_long_cell_over_several_rows_is_said_once() -> None:
    first = '<w:tc><w:tcPr><w:vMerge w:val="restart"/></w:tcPr>{}</w:tc>'
    below = "<w:tc><w:tcPr><w:vMerge/></w:tcPr>{}</w:tc>"
    end = f"<w:tc>{paragraph('y')}</w:tc>"
    text = "word " * 50
    rows = [first.format(paragraph(text)) + end * 2, below.format(paragraph()) + end * 2]
    body = "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    assert full(body).count("word") == 50


def test_a_cell_with_paragraphs_and_lists_becomes_one_line() -> None:
    cell = paragraph("One.") + paragraph("two") + item("three", "decimal")
    assert full(table(("a", "b"), ("c", cell))) == "- **a:** b\n- **c:** One. two; 1. three"


# Footnotes, pictures, text boxes, embedded files


def footnote(number: int, text: str) -> str:
    return f'<w:footnote w:id="{number}">{paragraph(text)}</w:footnote>'


def mark(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


def test_footnotes_stand_at_the_end_of_their_section() -> None:
    notes = '<w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>' + "".join(
        footnote(number, f"Note {number}") for number in (1, 2, 3, 4)
    )
    draft = read(
        heading("A")
        + paragraph(run("x") + mark(2) + run(" y") + mark(1) + run(" z") + mark(2))
        + paragraph(run("Heading B") + mark(3), "Heading1")
        + paragraph(run("w") + mark(9)),
        footnotes=notes,
    )
    assert [(section.title, section.full) for section in draft.sections] == [
        ("A", "x[1] y[2] z[1]\n\n---\n\n1. Note 2\n2. Note 1"),
        ("Heading B", "w\n\n---\n\n1. Note 3"),
    ]
    assert note(draft, NoteCode.FOOTNOTES) == {"count": 3}


def test_a_footnote_of_an_empty_heading_is_kept() -> None:
    body = heading("A") + paragraph("x") + paragraph(mark(1), "Heading2") + heading("B")
    draft = read(body, footnotes=footnote(1, "Note"))
    assert draft.sections[0].full == "x\n\n[1]\n\n---\n\n1. Note"


def test_old_pictures_have_descriptions_too() -> None:
    old = '<w:r><w:pict><v:shape alt="A chart"><v:imagedata/></v:shape></w:pict></w:r>'
    assert full(paragraph(run("x ") + old)) == "x [A chart]"


def test_a_drawn_line_is_no_picture() -> None:
    line = '<w:r><w:drawing><wp:anchor><wp:docPr descr="Line"/></wp:anchor></w:drawing></w:r>'
    draft = read(paragraph(run("x") + line))
    assert (draft.sections[0].full, draft.notes[2:]) == ("x", ())


def test_pictures_are_left_out_and_described() -> None:
    draft = read(paragraph(run("See ") + picture("A map\n of wards") + picture()))
    assert draft.sections[0].full == "See [A map of wards]"
    assert note(draft, NoteCode.IMAGES) == {"count": 2, "described": 1}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (paragraph(picture("Scanned page")) + paragraph(picture()), DraftFault.IMAGES_ONLY),
        (paragraph() * 3, DraftFault.NO_TEXT),
        (paragraph(run("secret", "<w:vanish/>")), DraftFault.NO_TEXT),
    ],
)
def test_a_file_without_words_is_refused(body: str, code: DraftFault) -> None:
    with pytest.raises(DraftFileError) as caught:
        read(body)
    assert caught.value.code is code


def test_text_boxes_stand_after_their_paragraph_once() -> None:
    box = text_box(paragraph("In the box") + item("listed"))
    draft = read(paragraph(run("Beside") + box) + paragraph("After"))
    assert draft.sections[0].full == "Beside\n\nIn the box\n\n- listed\n\nAfter"
    assert note(draft, NoteCode.TEXT_BOXES) == {"count": 1}


def test_an_empty_text_box_is_not_told() -> None:
    assert note(read(paragraph(run("x") + text_box(paragraph()))), NoteCode.TEXT_BOXES) is None


def test_embedded_files_are_told() -> None:
    draft = read(paragraph("x") + '<w:altChunk r:id="rId9"/>')
    assert note(draft, NoteCode.EMBEDDED_FILES) == {"count": 1}


def test_the_other_family_of_namespaces_is_read_too() -> None:
    strict = word_file(
        heading("A") + paragraph("x") + heading("B") + paragraph("y"),
        namespaces='xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"',
    )
    assert [section.title for section in read_draft(strict, "x").sections] == ["A", "B"]


def test_any_prefix_will_do() -> None:
    document = (
        f'<x:document xmlns:x="{W}"><x:body><x:p><x:r><x:t>words</x:t></x:r></x:p></x:body>'
        "</x:document>"
    )
    assert full("", document=document) == "words"
