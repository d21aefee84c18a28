"""What is read out of a Markdown or plain text."""

import pytest

from consult.drafting.faults import DraftFault, DraftFileError, NoteCode
from consult.drafting.links import safe_link
from consult.drafting.reading import DraftRead, read_draft


def read(text: str) -> DraftRead:
    return read_draft(text.encode(), "draft.md")


def full(text: str) -> str:
    (section,) = read(text).sections
    return section.full


def note(draft: DraftRead, code: NoteCode) -> dict[str, object] | None:
    return next((dict(one.values) for one in draft.notes if one.code is code), None)


def test_markdown_is_cut_by_its_headings() -> None:
    draft = read("# Plan\n\n## Food\nEat *well*.\n\n### Now\nFruit.\n\nAir\n---\nBreathe.\n")
    assert draft.title == "Plan"
    assert [(section.title, section.full) for section in draft.sections] == [
        ("Food", "Eat *well*.\n\n## Now\n\nFruit."),
        ("Air", "Breathe."),
    ]
    assert draft.notes == ()


@pytest.mark.parametrize(
    "text",
    [
        "Plain text",
        "**Bold** and *italic* and ***both***",
        "A [page](https://example.org/a) and [Ann](mailto:ann@example.org)",
        "- one\n  - two\n- three",
        "3. three\n4. four",
        "- one\n\n  more of it\n- two",
        "> quoted",
        "one\\\ntwo",
        "snake_case_word and 2 < 3 & 4 > 1",
    ],
)
def test_what_is_allowed_stays_as_it_is(text: str) -> None:
    assert full(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo  \nthree", "one two\\\nthree"),
        ("* one\n* two", "- one\n- two"),
        ("7) seven", "7. seven"),
        ("0. nought", "0. nought"),
        ("- a\n\n\n1. b\n\n- c", "- a\n\n1. b\n\n- c"),
        ("- a\n\n* b", "- a\n\n* b"),
        ("- # head\n- > quote\n- ~~~\n  code\n  ~~~", "- head\n- quote\n- code"),
        ("> # head\n> text", "> text"),
        ("    code\n    more", "code\\\nmore"),
        ("`a*b`", "a\\*b"),
        ("a\n\n---\n\nb", "a\n\nb"),
        ("~~gone~~", "gone"),
        ("<https://example.org>", "[https://example.org](https://example.org)"),
        ("&copy; &#x26; &amp;amp;", "© & \\&amp;"),
        ("[a][1]\n\n[1]: https://example.org", "[a](https://example.org)"),
    ],
)
def test_other_ways_of_writing_become_ours(text: str, expected: str) -> None:
    draft = read(text)
    assert draft.sections[-1].full == expected


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("http://[bad", None),
        ("https://", None),
        ("mailto:nobody", None),
        ("plan.docx", None),
        ("https://example.org/" + "x" * 2_000, None),
        (" HTTPS://Example.org ", "HTTPS://Example.org"),
        ("www.example.org/a", "https://www.example.org/a"),
        ("https://example.org/a b\u202egpj", "https://example.org/a%20b%E2%80%AEgpj"),
    ],
)
def test_only_whole_addresses_of_pages_and_people_are_links(address: str, link: str | None) -> None:
    assert safe_link(address) == link


def test_links_that_residents_cannot_follow_become_words() -> None:
    draft = read("[a](javascript:alert) [b](file:///c) [c](#there) [d](plan.docx)")
    assert draft.sections[0].full == "a b c d"
    assert note(draft, NoteCode.LINKS) == {"count": 3}


def test_pictures_become_their_description() -> None:
    draft = read("See ![the *map*](map.png) and ![](x.png)<img src=y alt='a chart'>.")
    assert draft.sections[0].full == "See [the map] and [a chart]."
    assert note(draft, NoteCode.IMAGES) == {"count": 3, "described": 2}


def test_a_text_of_pictures_is_refused() -> None:
    with pytest.raises(DraftFileError) as caught:
        read("![page 1](1.png)\n\n![page 2](2.png)")
    assert caught.value.code is DraftFault.IMAGES_ONLY


def test_tables_become_lists() -> None:
    draft = read("|Aim|When|\n|---|---|\n|Food|2027|\n|Air| |\n\nafter")
    assert draft.sections[0].full == "- **Aim:** Food\\\n  **When:** 2027\n\nAir\n\nafter"
    assert note(draft, NoteCode.TABLES) == {"count": 1}
    assert full("|Aim|\n|---|\n|Food|") == "Aim\n\nFood"


def test_html_goes_and_its_words_stay() -> None:
    draft = read(
        "<!-- hidden -->\n<div class='x'>\n<h2>Food</h2>\n<p>Eat<br>well &amp; <b>much</b>.</p>"
        "<ul><li>fruit</li><li>bread</li></ul></div>\n<script>alert('no')</script>\n\n"
        "## Air\n\n2 <3 <unclosed"
    )
    assert [(section.title, section.full) for section in draft.sections] == [
        ("Food", "Eat\\\nwell & much.\n\n- fruit\n- bread"),
        ("Air", "2 <3 \\<unclosed"),
    ]
    assert note(draft, NoteCode.HTML) == {"count": 17}


def test_settings_at_the_top_are_left_out_and_their_title_is_kept() -> None:
    draft = read('---\ntitle: "Food plan"\nauthor: Ann\n---\n# A\nx\n# B\ny')
    assert draft.title == "Food plan"
    assert note(draft, NoteCode.FRONT_MATTER) == {}
    assert [section.full for section in draft.sections] == ["x", "y"]


@pytest.mark.parametrize("text", ["---\nNot a setting\n---\nx", "---\nx: 1\ny", "---\n---\nx"])
def test_a_line_at_the_top_is_no_setting_by_itself(text: str) -> None:
    draft = read(text)
    assert note(draft, NoteCode.FRONT_MATTER) is None
    assert "x" in draft.sections[-1].full


@pytest.mark.parametrize(
    "mark", ["*a ", "[a](", "<!-- ", "<script>", "<a ", "> ", "- ", "`", "**a"]
)
def test_marks_without_end_are_read_in_time(mark: str) -> None:
    assert read("word " + mark * 3_000).sections


def test_deeply_nested_emphasis_is_read() -> None:
    assert full("*a " * 2_000 + "a*" * 2_000).count("a") == 4_000
