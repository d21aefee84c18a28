"""What a machine can tell of a translation by comparing it with its source."""

from typing import Any

import pytest

from consult.demo.setting_up import model_case
from consult.document.texts import texts_of
from consult.forms.translating_words import warning_sentence
from consult.services.translating_changes import MOST_WORDS, Change, changes
from consult.services.translating_checks import Doubt, TextWarning, warnings

PLAN = """## Food

- Shops
- [Markets](https://example.org/markets)

Read [more](https://example.org/more)."""

GOOD = """## Jedzenie

- Sklepy
- [Targi](https://example.org/markets)

Czytaj [więcej](https://example.org/more)."""


def doubts(
    path: str, source: str, text: str, language: str = "pl"
) -> list[tuple[str, dict[str, Any]]]:
    return [
        (each.doubt.value, dict(each.figures)) for each in warnings(path, source, text, language)
    ]


def test_a_translation_that_is_built_like_its_source_raises_no_doubt():
    assert doubts("sections.food.full", PLAN, GOOD) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GOOD.replace("## ", ""), [("headings", {"count": 0, "wanted": 1})]),
        (GOOD.replace("- Sklepy\n", ""), [("list_items", {"count": 1, "wanted": 2})]),
        (
            GOOD.replace("[więcej](https://example.org/more)", "więcej"),
            [
                ("links", {"count": 1, "wanted": 2}),
                ("link_targets", {"target": "https://example.org/more"}),
            ],
        ),
        (
            GOOD.replace("/more", "/evil"),
            [("link_targets", {"target": "https://example.org/evil"})],
        ),
    ],
)
def test_markdown_that_is_built_otherwise(text, expected):
    assert doubts("sections.food.full", PLAN, text) == expected


def test_only_full_texts_are_markdown():
    assert doubts("sections.food.summary", "# one two three", "raz dwa trzy") == []


def test_easy_read_has_a_line_for_each_line():
    source = "One.\n\nTwo.\nThree."
    assert doubts("sections.food.easy_read", source, "Raz.\nDwa.\nTrzy.") == []
    assert doubts("sections.food.easy_read", source, "Raz. Dwa.\nTrzy.") == [
        ("easy_read_lines", {"count": 2, "wanted": 3})
    ]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("a" * 20, "b" * 60, []),
        ("a" * 20, "b" * 61, [("too_long", {"times": 3, "limit": 3})]),
        ("a" * 61, "b" * 20, [("too_short", {"times": 3, "limit": 3})]),
        ("a" * 10, "b" * 40, []),  # too short to tell
        ("a" * 10, "b" * 41, [("too_long", {"times": 4, "limit": 3})]),
    ],
)
def test_lengths_that_are_unlikely(source, text, expected):
    assert doubts("title", source, text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Have your say", "pl", ["same_as_source"]),
        ("Have your say", "ur", ["same_as_source"]),
        ("Say your piece", "ur", ["other_script"]),
        ("اپنی رائے دیں", "ur", []),
        ("اپنی رائے دیں", "pl", ["other_script"]),
        ("ਆਪਣੀ राय ਦੱਸੋ", "pa", ["foreign_letters"]),
        ("ਸ਼ुਰੂ ਕਰੋ", "pa", ["foreign_letters"]),  # a vowel sign of the neighbour's
        ("NHS اور GP کے بارے میں", "ur", []),
        ("12 / 7", "ur", []),
    ],
)
def test_letters_that_are_not_the_languages(text, language, expected):
    assert [name for name, _ in doubts("title", "Have your say", text, language)] == expected


def test_foreign_letters_are_named_once():
    [(_, figures)] = doubts("title", "Have your say", "ਆਪਣੀ ਗੱਲ ਰ र ਰ र ਕ क", "pa")
    assert figures == {"letters": "र क"}


def test_names_and_addresses_are_the_same_in_every_language():
    assert doubts("title", "NHS 111", "NHS 111", "ur") == []
    address = "https://example.org/one-two-three help@example.org"
    assert doubts("title", address, address, "ur") == []
    assert doubts("title", f"Write to {address}", f"لکھیں {address}", "ur") == []


def test_a_missing_translation_raises_no_doubt():
    assert doubts("title", "Have your say", " \n") == []


def test_a_language_whose_script_is_unknown_is_not_judged_by_it():
    assert doubts("title", "Have your say", "Something else here", "xx") == []


def test_the_model_case_raises_no_doubt_but_explanations_that_are_longer_than_a_word():
    case = model_case()
    sources = texts_of(case)
    found = {
        (language, each.path, each.doubt)
        for language, texts in case.translations.items()
        for path, text in texts.items()
        for each in warnings(path, sources[path], text, language)
    }
    options = "questions.sexual_orientation.options"
    assert found == {
        ("ur", f"{options}.bisexual.label", Doubt.TOO_LONG),
        ("pa", f"{options}.bisexual.label", Doubt.TOO_LONG),
        ("so", f"{options}.gay_or_lesbian.label", Doubt.TOO_LONG),
    }


@pytest.mark.parametrize("doubt", Doubt)
def test_every_doubt_has_a_sentence(app, doubt):
    figures: dict[str, int | str] = {
        "count": 4,
        "wanted": 5,
        "target": "/x",
        "times": 6,
        "limit": 3,
        "letters": "र",
    }
    with app.test_request_context("/en/staff/"):
        sentence = warning_sentence(TextWarning("title", doubt, figures))
    assert sentence.endswith(".")
    assert "%(" not in sentence


def test_changes_word_by_word():
    pieces = changes("You must be 16 or over.", "You must be 18 or older now.")
    assert [(piece.change.value, piece.text) for piece in pieces] == [
        ("same", "You must be "),
        ("removed", "16"),
        ("added", "18"),
        ("same", " or "),
        ("removed", "over."),
        ("added", "older now."),
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "new"),
        ("old", ""),
        ("same text", "same text"),
        ("one  two\n\nthree", "one two\nthree four"),
        ("word " * MOST_WORDS + "\nold\n", "word " * MOST_WORDS + "\nnew\n"),
    ],
)
def test_changes_join_to_both_texts(before, after):
    pieces = changes(before, after)
    kept = (Change.SAME, Change.REMOVED)
    assert "".join(p.text for p in pieces if p.change in kept) == before
    kept = (Change.SAME, Change.ADDED)
    assert "".join(p.text for p in pieces if p.change in kept) == after
