"""What holds for every draft: no word is lost, and every section is valid."""

from collections.abc import Iterator
from io import BytesIO

import docx
from docx.document import Document
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.document.model import Section
from consult.drafting.faults import DraftFault, DraftFileError, NoteCode
from consult.drafting.reading import DraftRead, read_draft
from tests.support.word_files import LISTS, heading, item, paragraph, run, word_file
from tests.unit.test_drafting_writing import shown

WORDS = st.text(
    alphabet=st.sampled_from("abcXYZ019صحتहिন健é*_[]()<>&#-.:!`\\"), min_size=1, max_size=8
)
TEXT = st.lists(WORDS, max_size=8).map(" ".join)
LOOKS = st.sampled_from(["", "<w:b/>", "<w:i/>", "<w:b/><w:i/>", "<w:rtl/><w:bCs/>"])


@st.composite
def runs(draw: st.DrawFn) -> tuple[str, str]:
    """The runs of a paragraph, and their words."""
    parts = draw(st.lists(st.tuples(TEXT, LOOKS), max_size=4))
    inside = "".join(run(f"{text} ", look) for text, look in parts)
    return inside, " ".join(text for text, _ in parts)


@st.composite
def bodies(draw: st.DrawFn) -> tuple[str, str]:
    """A body of headings, paragraphs and items, and its words in order."""
    body, words = "", ""
    for kind in draw(st.lists(st.integers(-2, 9), max_size=12)):
        inside, text = draw(runs())
        if kind >= 1:
            body += heading("", kind).replace("</w:p>", f"{inside}</w:p>")
        elif kind == 0:
            body += paragraph("", "Title").replace("</w:p>", f"{inside}</w:p>")
        elif kind == -1:
            list_kind = draw(st.sampled_from(["bullet", "decimal"]))
            level = draw(st.integers(0, 8))
            body += item("", list_kind, level).replace("</w:p>", f"{inside}</w:p>")
        else:
            body += paragraph(inside)
        words += f" {text}"
    return body, words


def holds_in_order(words: list[str], text: list[str]) -> bool:
    """Whether all words are in the text, one after another."""
    rest = iter(text)
    return all(any(word == other for other in rest) for word in words)


def assert_valid(draft: DraftRead) -> None:
    keys = [section.key for section in draft.sections]
    assert len(set(keys)) == len(keys) > 0
    for section in draft.sections:
        Section(
            key=section.key,
            title=section.title,
            summary="x",
            easy_read="x",
            full=section.full,
        )
        assert len(section.title) <= 156
        assert section.full == section.full.strip()


def read_or_fault(content: bytes) -> DraftRead | DraftFault:
    try:
        return read_draft(content, "draft")
    except DraftFileError as error:
        return error.code


def without(words: list[str], title: str | None) -> Iterator[list[str]]:
    """The words without those of the title, for each place where these stand together."""
    named = (title or "").replace(" – ", " ").split()
    for i in range(len(words) - len(named) + 1):
        if words[i : i + len(named)] == named:
            yield words[:i] + words[i + len(named) :]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(bodies())
def test_no_word_of_a_word_file_is_lost(drawn: tuple[str, str]) -> None:
    body, text = drawn
    words = text.split()
    draft = read_or_fault(word_file(body))
    if not words:
        assert draft is DraftFault.NO_TEXT
        return
    assert isinstance(draft, DraftRead)
    assert_valid(draft)
    seen: list[str] = []
    for section in draft.sections:
        seen += [*section.title.split(), *shown(section.full).split()]
    if any(note.code is NoteCode.LONG_TITLES for note in draft.notes):
        assert set(words) <= {*seen, *(draft.title or "").split()}
    else:
        assert any(holds_in_order(rest, seen) for rest in without(words, draft.title))


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab# \n-*1.>|`[]()<!&_صح"), max_size=120))
def test_any_text_gives_valid_sections_or_has_no_words(text: str) -> None:
    draft = read_or_fault(text.encode())
    if isinstance(draft, DraftRead):
        assert_valid(draft)
    else:
        assert draft in {DraftFault.NO_TEXT, DraftFault.EMPTY, DraftFault.IMAGES_ONLY}


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab# \n-*1.>|`[]()<!&_صح"), max_size=120))
def test_a_text_that_was_read_reads_the_same_again(text: str) -> None:
    """What an officer gets to edit means the same when it is uploaded once more."""
    first = read_draft(b"x\n\n" + text.encode(), "draft.md")
    for section in first.sections:
        again = read_draft(f"# A\n\n{section.full}\n\n# B\n\nx".encode(), "draft.md")
        assert shown(again.sections[0].full) == shown(section.full)


def test_lists_of_the_helper_are_numbered() -> None:
    assert set(LISTS) == {"bullet", "decimal", "letters", "legal"}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_word_file_is_read_or_refused_with_a_code(data: st.DataObject) -> None:
    """Any part of the text's XML may be missing, double or wrong."""
    body = heading("A") + item("b", "legal", 1) + paragraph(run("c", "<w:b/>")) + heading("D")
    place = data.draw(st.integers(0, len(body)))
    length = data.draw(st.integers(0, 40))
    instead = data.draw(st.sampled_from(["", "x", '"', "<w:p>", "</w:p>", "<w:tbl/>", "-1", "&"]))
    draft = read_or_fault(word_file(body[:place] + instead + body[place + length :]))
    if isinstance(draft, DraftRead):
        assert_valid(draft)
    else:
        assert draft in {DraftFault.DAMAGED, DraftFault.NO_TEXT}


def words_of(document: Document) -> DraftRead:
    content = BytesIO()
    document.save(content)
    return read_draft(content.getvalue(), "draft.docx")


def test_a_file_of_a_real_writer_is_read() -> None:
    document = docx.Document()
    document.add_heading("Food strategy", 0)
    document.add_paragraph("For all.")
    document.add_heading("Aims", 1)
    document.add_paragraph("One", style="List Bullet")
    document.add_paragraph("Two", style="List Bullet")
    document.add_paragraph("First", style="List Number")
    document.add_heading("Means", 1)
    document.add_paragraph("Cheaper ").add_run("fruit").bold = True
    rows = document.add_table(2, 2)
    for cell, text in zip(rows._cells, ["Aim", "When", "Food", "2027"], strict=True):
        cell.text = text
    draft = words_of(document)
    assert draft.title == "Food strategy"
    assert [(section.title, section.full) for section in draft.sections] == [
        ("Food strategy", "For all."),
        ("Aims", "- One\n- Two\n\n1. First"),
        ("Means", "Cheaper **fruit**\n\n- **Aim:** When\n- **Food:** 2027"),
    ]
