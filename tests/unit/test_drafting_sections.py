"""Where a draft is cut, what its sections are called, and what is said of oddities."""

import pytest

from consult.drafting import splitting
from consult.drafting.faults import DraftFault, DraftFileError, NoteCode
from consult.drafting.keys import key_for
from consult.drafting.reading import DraftRead, read_draft
from tests.support.word_files import heading, paragraph, run, word_file

T, P = "T", "P"


def read(*blocks: tuple[str | int, str]) -> DraftRead:
    """A draft of headings by level, of ``T`` for a title, ``P`` for text and ``B`` for bold."""
    made = {
        T: lambda text: paragraph(text, "Title"),
        P: paragraph,
        "B": lambda text: paragraph(run(text, "<w:b/>")),
    }
    body = "".join(
        heading(text, kind) if isinstance(kind, int) else made[kind](text) for kind, text in blocks
    )
    return read_draft(word_file(body), "draft.docx")


def sections(draft: DraftRead) -> list[tuple[str, str]]:
    return [(section.title, section.full) for section in draft.sections]


def notes(draft: DraftRead) -> dict[NoteCode, dict[str, object]]:
    return {note.code: dict(note.values) for note in draft.notes}


def test_the_highest_level_that_occurs_twice_cuts() -> None:
    draft = read((1, "Plan"), (2, "Food"), (P, "a"), (3, "Now"), (P, "b"), (2, "Air"), (P, "c"))
    assert draft.title == "Plan"
    assert sections(draft) == [("Food", "a\n\n## Now\n\nb"), ("Air", "c")]
    assert notes(draft) == {}


def test_a_title_stands_above_headings() -> None:
    draft = read((T, "Plan"), (1, "Food"), (P, "a"), (1, "Air"), (P, "b"))
    assert draft.title == "Plan"
    assert sections(draft) == [("Food", "a"), ("Air", "b")]


def test_title_lines_are_one_title() -> None:
    draft = read((T, "Birmingham"), (T, "Food plan"), (1, "A"), (P, "a"), (1, "B"), (P, "b"))
    assert draft.title == "Birmingham – Food plan"


def test_a_lone_heading_further_down_begins_a_section() -> None:
    draft = read((2, "Food"), (P, "a"), (2, "Air"), (P, "b"), (1, "Annex"), (P, "c"))
    assert draft.title is None
    assert sections(draft) == [("Food", "a"), ("Air", "b"), ("Annex", "c")]


def test_where_no_level_occurs_twice_the_highest_below_the_title_cuts() -> None:
    draft = read((1, "Plan"), (P, "a"), (2, "Food"), (P, "b"), (3, "Now"), (P, "c"))
    assert sections(draft) == [("Plan", "a"), ("Food", "b\n\n## Now\n\nc")]
    assert notes(draft) == {NoteCode.START_TITLED: {"title": "Plan"}}


def test_text_before_the_first_heading_takes_its_first_words_without_a_title() -> None:
    draft = read((P, "word " * 20), (1, "A"), (P, "a"), (1, "B"), (P, "b"))
    title = "word word word word word word word word word word word word…"
    assert sections(draft)[0] == (title, ("word " * 20).strip())
    assert draft.title is None
    assert notes(draft) == {NoteCode.START_UNTITLED: {"title": title}}


def test_a_draft_without_headings_is_one_section() -> None:
    draft = read((P, "Eat well."), (P, "Breathe."))
    assert sections(draft) == [("Eat well.", "Eat well.\n\nBreathe.")]
    assert notes(draft) == {
        NoteCode.NO_HEADINGS: {},
        NoteCode.START_UNTITLED: {"title": "Eat well."},
    }


def test_a_draft_with_a_title_alone_is_one_section() -> None:
    assert sections(read((T, "Plan"), (P, "a"))) == [("Plan", "a")]
    draft = read((T, "Plan"))
    assert sections(draft) == [("Plan", "Plan")]
    assert notes(draft)[NoteCode.WITHOUT_TEXT] == {"titles": ("Plan",)}


def test_short_bold_lines_stand_in_for_headings() -> None:
    draft = read(("B", "Plan"), ("B", "Food"), (P, "a"), ("B", "Air"), (P, "b"))
    assert draft.title == "Plan"
    assert sections(draft) == [("Food", "a"), ("Air", "b")]
    assert notes(draft) == {NoteCode.BOLD_HEADINGS: {"count": 2}}


def test_a_lone_heading_above_bold_lines_is_the_title() -> None:
    draft = read((1, "Plan"), ("B", "Food"), (P, "a"), ("B", "Air"), (P, "b"))
    assert draft.title == "Plan"
    assert sections(draft) == [("Food", "a"), ("Air", "b")]


@pytest.mark.parametrize(
    "blocks",
    [
        [("B", "Food"), (P, "a")],
        [("B", "Food is good."), (P, "a"), ("B", "Air is good."), (P, "b")],
        [("B", "w " * 51), (P, "a"), ("B", "w " * 51), (P, "b")],
        [("B", f"Line {i}") if i % 2 else (P, "a") for i in range(1, 124)],
    ],
)
def test_bold_lines_that_are_no_headings_stay_text(blocks: list[tuple[str | int, str]]) -> None:
    draft = read(*blocks)
    assert len(draft.sections) == 1
    assert NoteCode.BOLD_HEADINGS not in notes(draft)
    assert "**" in draft.sections[0].full


def test_bold_lines_stay_text_where_there_are_headings() -> None:
    draft = read((1, "A"), ("B", "Food"), (P, "a"), (1, "B"), ("B", "Air"), (P, "b"))
    assert sections(draft) == [("A", "**Food**\n\na"), ("B", "**Air**\n\nb")]


def test_skipped_levels_are_closed_up() -> None:
    draft = read(
        *((1, "A"), (4, "a"), (P, "x"), (3, "b"), (4, "c"), (6, "d"), (P, "y")),
        *((1, "B"), (2, "e"), (2, "f")),
    )
    assert sections(draft) == [
        ("A", "## a\n\nx\n\n## b\n\n### c\n\n#### d\n\ny"),
        ("B", "## e\n\n## f"),
    ]
    assert notes(draft) == {NoteCode.SKIPPED_LEVELS: {"count": 3}}


def test_levels_that_the_page_does_not_have_are_lifted() -> None:
    draft = read((1, "A"), (2, "a"), (3, "b"), (4, "c"), (5, "d"), (6, "e"), (1, "B"), (P, "x"))
    assert sections(draft)[0] == ("A", "## a\n\n### b\n\n#### c\n\n#### d\n\n#### e")
    assert notes(draft) == {NoteCode.DEEP_LEVELS: {"count": 2}}


def test_empty_headings_are_dropped() -> None:
    draft = read((1, ""), (1, "A"), (P, "x"), (1, " "), (1, "B"), (P, "y"))
    assert sections(draft) == [("A", "x"), ("B", "y")]
    assert notes(draft) == {NoteCode.EMPTY_HEADINGS: {"count": 2}}


def test_a_heading_without_text_says_its_title_again() -> None:
    draft = read((1, "A"), (1, "B *"), (P, "y"), (1, "C"))
    assert sections(draft) == [("A", "A"), ("B *", "y"), ("C", "C")]
    assert notes(draft) == {NoteCode.WITHOUT_TEXT: {"titles": ("A", "C")}}


def test_headings_that_repeat_get_names_of_their_own() -> None:
    draft = read((1, "Aims"), (P, "x"), (1, "AIMS"), (P, "y"), (1, "Aims"), (P, "z"))
    assert [section.key for section in draft.sections] == ["aims", "aims_2", "aims_3"]
    assert notes(draft) == {NoteCode.DUPLICATE_HEADINGS: {"titles": ("Aims",)}}


def test_a_title_that_is_too_long_is_shortened_and_kept_in_the_text() -> None:
    long = "We will " + "really " * 30 + "act"
    draft = read((1, long), (P, "x"), (1, "B"), (P, "y"))
    title, text = sections(draft)[0]
    assert title == "We will " + "really " * 19 + "really…"
    assert text == f"{long}\n\nx"
    assert notes(draft) == {NoteCode.LONG_TITLES: {"titles": (title,)}}


def test_a_documents_title_that_is_too_long_is_kept_in_the_text() -> None:
    long = "x" * 151
    draft = read((T, long), (1, "A"), (P, "a"), (1, "B"), (P, "b"))
    assert draft.title == "x" * 149 + "…"
    assert sections(draft)[0] == (draft.title, long)


def test_sixty_sections_are_taken_and_more_are_not() -> None:
    chapters = [block for i in range(60) for block in ((1, f"Chapter {i}"), (P, "text"))]
    assert len(read(*chapters).sections) == 60
    with pytest.raises(DraftFileError) as caught:
        read(*chapters, (1, "One more"), (P, "text"))
    assert caught.value.code is DraftFault.TOO_MANY_SECTIONS
    assert (caught.value.values["count"], caught.value.values["limit"]) == (61, 60)


def test_a_section_that_is_too_long_becomes_several() -> None:
    texts = [f"{letter} " * 45_000 for letter in "abcde"]
    draft = read((1, "Long"), *((P, text) for text in texts), (1, "Short"), (P, "x"))
    assert [(section.key, section.title) for section in draft.sections] == [
        ("long", "Long"),
        ("long_2", "Long (2)"),
        ("long_3", "Long (3)"),
        ("short", "Short"),
    ]
    joined = " ".join(section.full for section in draft.sections).split()
    assert joined == [letter for letter in "abcde" for _ in range(45_000)] + ["x"]
    assert notes(draft) == {NoteCode.SPLIT_SECTIONS: {"titles": ("Long",)}}


@pytest.mark.parametrize("text", ["word " * 70_000, "w" * 300_000, "*" * 150_000])
def test_a_paragraph_that_is_too_long_is_parted_too(text: str) -> None:
    draft = read((P, text))
    assert all(len(section.full) <= splitting.MAX_FULL for section in draft.sections)
    joined = "".join(section.full for section in draft.sections).replace("\\", "")
    assert joined.replace(" ", "") == text.replace(" ", "")


def test_a_footnote_that_is_too_long_is_refused() -> None:
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    footnote = f'<w:footnote w:id="1">{paragraph("word " * 50_000)}</w:footnote>'
    with pytest.raises(DraftFileError) as caught:
        read_draft(word_file(paragraph(run("x") + mark), footnotes=footnote), "x")
    assert caught.value.code is DraftFault.TOO_MUCH_TEXT


def test_the_footnote_of_a_title_stands_in_the_first_section() -> None:
    mark = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    footnote = f'<w:footnote w:id="1">{paragraph("By Ann")}</w:footnote>'
    body = paragraph(run("Plan") + mark, "Title") + "".join(
        heading(text) + paragraph("x") for text in "AB"
    )
    draft = read_draft(word_file(body, footnotes=footnote), "x")
    assert draft.title == "Plan"
    assert sections(draft) == [("A", "[1]\n\nx\n\n---\n\n1. By Ann"), ("B", "x")]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Healthy and affordable food", "healthy_and_affordable_food"),
        ("3.1 Food", "food"),
        ("2030", "section_7"),
        ("Café – déjà vu", "cafe_deja_vu"),
        ("Children’s health", "childrens_health"),
        ("صحت مند خوراک", "section_7"),
        ("健康的食物", "section_7"),
        ("NHS کی خدمات", "section_7"),
        ("!!!", "section_7"),
        ("a" * 90, "a" * 40),
        ("some rather long words " * 4, "some_rather_long_words_some_rather_long"),
    ],
)
def test_keys_come_from_titles_in_latin_letters(title: str, key: str) -> None:
    assert key_for(title, 7, {}) == key


def test_keys_are_never_given_twice() -> None:
    assert key_for("Food", 3, {"food", "food_2"}) == "food_3"
    assert key_for("!", 3, {"section_3"}) == "section_3_2"
