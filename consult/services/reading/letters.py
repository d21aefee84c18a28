"""A text letter by letter, so that words are found in it however they are spaced or written."""

import unicodedata
from collections.abc import Iterator

Letters = list[tuple[str, int, int]]
"""Folded letters, digits and signs, each with the stretch of the text that it comes from."""


def letters(text: str) -> Letters:
    """Each letter, digit and sign of a text, folded, with where it stands.

    Compatibility forms come apart, and spaces, controls and marks do not count, so that a text
    and its normalised form give the same letters.
    """
    found: Letters = []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKD", character).casefold():
            for letter in unicodedata.normalize("NFKD", part):
                if unicodedata.category(letter)[0] in "LNPS":
                    found.append((letter, place, place + 1))
    return found


def after_marks(text: str, place: int) -> int:
    """The end of the sign before a place: a vowel sign goes with its letter."""
    while place < len(text) and unicodedata.category(text[place]) in {"Mn", "Mc", "Me", "Cf"}:
        place += 1
    return place


def occurrences(text: str, words: str) -> list[tuple[int, int]]:
    """Where words stand in a text: as whole words, or else where a longer word begins so.

    Case, spaces, accents and vowel signs do not count. "Ali" is found in "Ali" and not in
    "quality", but a name that never stands alone is found with an ending grown onto it.
    """
    return whole_words(text, words) or [
        (start, end)
        for start, end in _places(text, words)
        if not _is_of_word(text[start - 1 : start])
    ]


def whole_words(text: str, words: str) -> list[tuple[int, int]]:
    """Where words stand in a text by themselves, and not as a part of longer ones."""
    return [
        (start, end)
        for start, end in _places(text, words)
        if not (_is_of_word(text[start - 1 : start]) or _is_of_word(text[end : end + 1]))
    ]


def _places(text: str, words: str) -> list[tuple[int, int]]:
    whole, own = letters(text), letters(words)
    return [
        (whole[at][1], after_marks(text, whole[at + len(own) - 1][2])) for at in _all(whole, own)
    ]


def _all(whole: Letters, own: Letters) -> Iterator[int]:
    wanted = "".join(letter for letter, _, _ in own)
    searched = "".join(letter for letter, _, _ in whole)
    at = searched.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = searched.find(wanted, at + len(wanted))


def _is_of_word(character: str) -> bool:
    return bool(character) and unicodedata.category(character)[0] in "LNM"
