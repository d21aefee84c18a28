"""Lasting names for questions and answers, made once from their first words."""

from collections.abc import Container
from itertools import count

from consult.drafting.keys import key_for


def key_from(words: str, noun: str, number: int, taken: Container[str]) -> str:
    """A key that is not taken yet; words that are not in Latin letters give ``NOUN_NUMBER``."""
    made = key_for(words, 0, ())
    if made == "section_0":  # what is said of words that cannot name anything
        made = f"{noun}_{number}"
    if made not in taken:
        return made
    return next(name for i in count(2) if (name := f"{made}_{i}") not in taken)
