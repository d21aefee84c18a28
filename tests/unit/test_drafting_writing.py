"""The Markdown that is written shows exactly the words on the residents' page."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.drafting.blocks import Block, Heading, Item, Paragraph, Span
from consult.drafting.characters import tidied
from consult.drafting.inline import inline
from consult.drafting.writing import Writer
from consult.markdown import as_html


def shown(markdown: str) -> str:
    """The words that a resident sees, one blank between them."""
    html = re.sub(r"<br>|</(?:li|p|h[234])>", " ", as_html(markdown))
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2 * 3 * 4", r"2 \* 3 \* 4"),
        ("snake_case", "snake_case"),
        ("_private_", r"\_private\_"),
        ("a `b`", r"a \`b\`"),
        ("[see](there)", r"[see\](there)"),
        ("[note] that", "[note] that"),
        ("[a]: http://x", r"[a\]: http://x"),
        ("1 < 2 <b> <3", r"1 < 2 \<b> <3"),
        ("Q&A &amp; &#38; AT&T;", r"Q&A \&amp; \&#38; AT\&T;"),
        ("C:\\dir \\* \\", "C:\\dir \\\\\\* \\\\"),
        ("wow! ![x]", r"wow! \![x]"),
        ("# not a heading", r"\# not a heading"),
        ("#tag", "#tag"),
        ("> said", r"\> said"),
        ("- dash", r"\- dash"),
        ("-5 degrees", "-5 degrees"),
        ("+ plus", r"\+ plus"),
        ("---", r"\---"),
        ("1. one", r"1\. one"),
        ("2030) then", r"2030\) then"),
        ("1.5 million", "1.5 million"),
        ("~~~", r"\~~~"),
        ("a\n- b\n===", "a\\\n\\- b\\\n\\==="),
    ],
)
def test_only_what_would_mean_something_is_escaped(text: str, written: str) -> None:
    assert inline([Span(text)]) == written
    assert shown(written) == " ".join(text.split())


def test_emphasis_that_markdown_would_not_see_is_dropped() -> None:
    spans = [Span("Note:", strong=True), Span("this")]
    assert inline(spans) == "Note:this"
    assert inline([Span("Note: ", strong=True), Span("this")]) == "**Note:** this"
    assert inline([Span("re", emphasis=True), Span("start")]) == "*re*start"
    assert inline([Span("a\n", strong=True), Span("b")]) == "**a**\\\nb"
    assert inline([Span(" ", strong=True), Span("b")]) == " b"


def test_links_hold_emphasis_and_brackets() -> None:
    spans = [
        Span("wow!"),
        Span("[a] ", link="https://x.org/(y)"),
        Span("b", strong=True, link="https://x.org/(y)"),
        Span("(c)"),
    ]
    assert inline(spans) == r"wow\![\[a\] **b**](https://x.org/%28y%29)(c)"
    assert inline([Span(" ", link="https://x.org")]) == " "


def test_headings_have_no_emphasis_and_no_breaks() -> None:
    spans = (Span("a\nb ", strong=True), Span("c ##"))
    assert Writer({}).write((), [Heading(3, spans)]) == "### a b c \\##"


def test_a_mark_of_a_footnote_is_no_link() -> None:
    text = Writer({"n": (Span("note"),)}).write(
        (), [Paragraph((Span("x"), Span("", note="n"), Span("(y)")))]
    )
    assert text == "x[1\\](y)\n\n---\n\n1. note"


def test_quotes_and_breaks() -> None:
    blocks: list[Block] = [Paragraph((Span("a\nb"),), quote=True), Item((Span("c\nd"),), number=10)]
    assert Writer({}).write((), blocks) == "> a\\\n> b\n\n10. c\\\n    d"


def test_a_continuation_without_an_item_is_one() -> None:
    blocks = [Item((Span("a"),), continued=True), Item((Span("b"),), depth=3, number=1)]
    assert Writer({}).write((), blocks) == "- a\n  1. b"


def test_an_inner_list_that_begins_later_is_a_list() -> None:
    blocks = [Item((Span("a"),)), Item((Span("b"),), depth=1, number=4)]
    assert Writer({}).write((), blocks) == "- a\n\n  4. b"


letters = st.text(
    alphabet=st.sampled_from("ab 1.-#>*_`[]()!<&;:\\\n+=~|/صח\u200f\u2067\u2069"), max_size=15
)
spans_of = st.lists(
    st.builds(
        Span,
        letters,
        strong=st.booleans(),
        emphasis=st.booleans(),
        link=st.sampled_from([None, None, "https://example.org/a_b*c"]),
    ),
    max_size=5,
).map(tidied)
blocks_of = st.lists(
    st.one_of(
        st.builds(Paragraph, spans_of, st.booleans()),
        st.builds(Heading, st.integers(2, 4), spans_of),
        st.builds(
            Item,
            spans_of,
            depth=st.integers(0, 6),
            number=st.sampled_from([None, None, 1, 2, 7]),
            continued=st.booleans(),
            group=st.integers(0, 1),
        ),
    ).filter(lambda block: bool(block.spans)),
    max_size=6,
)


@given(spans_of)
def test_any_words_are_shown_as_they_are(spans) -> None:
    assert shown(inline(spans)) == " ".join("".join(span.text for span in spans).split())


@given(blocks_of)
def test_any_blocks_are_shown_as_they_are(blocks) -> None:
    words = " ".join("".join(span.text for span in block.spans) for block in blocks)
    assert shown(Writer({}).write((), blocks)) == " ".join(words.split())


@given(blocks_of)
def test_items_are_items_and_headings_headings(blocks) -> None:
    html = as_html(Writer({}).write((), blocks))
    assert len(re.findall(r"<h[234]", html)) == sum(isinstance(b, Heading) for b in blocks)
    assert html.count("<blockquote") == sum(isinstance(b, Paragraph) and b.quote for b in blocks)
    items = 0
    in_list = False
    for block in blocks:
        items += isinstance(block, Item) and not (block.continued and in_list)
        in_list = isinstance(block, Item)
    assert html.count("<li>") == items
