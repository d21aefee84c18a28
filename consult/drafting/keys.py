"""Lasting names for sections, from their titles."""

import re
import unicodedata
from collections.abc import Container
from itertools import count
from typing import Final

_MAX_LENGTH: Final = 40
_LEAST_KEPT: Final = 0.8
"""The share of a title's letters that a name has to keep: half a title names something else."""
_OTHERS = re.compile(r"[^a-z0-9]+")


def key_for(title: str, number: int, taken: Container[str]) -> str:
    """A name for a section that is not taken yet.

    Titles in Latin letters name their section. Others are not written in Latin letters by
    guessing, which is wrong in most languages; there the section's number names it.
    """
    words = _latin(title) or f"section_{number}"
    if words not in taken:
        return words
    return next(name for i in count(2) if (name := f"{words}_{i}") not in taken)


def _latin(title: str) -> str:
    letters = [letter for letter in unicodedata.normalize("NFKD", title) if letter.isalnum()]
    kept = sum(letter.isascii() for letter in letters)
    if not letters or kept < _LEAST_KEPT * len(letters):
        return ""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", title).lower()
        if not unicodedata.combining(letter) and letter not in "'’"
    )
    words = _OTHERS.sub("_", bare).strip("_").lstrip("0123456789_")
    if len(words) <= _MAX_LENGTH:
        return words
    return words[: _MAX_LENGTH + 1].rpartition("_")[0] or words[:_MAX_LENGTH]
