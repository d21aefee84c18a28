"""Finding the option that a value means, by its words in any language, or by its key."""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from consult.document.model import Consultation as Document
from consult.document.model import Question, choices_of
from consult.languages import LANGUAGES
from consult.services.intake.mapping import folded

Words = Mapping[str, Collection[str]]
"""What the product calls its fixed answers, in every language, by key."""

ENGLISH: Final[Words] = {
    "strongly_agree": ("Strongly agree",),
    "agree": ("Agree", "Tend to agree", "Somewhat agree"),
    "neither": (
        "Neither agree nor disagree", "Neither", "Neutral", "Neither agree or disagree",
    ),
    "disagree": ("Disagree", "Tend to disagree", "Somewhat disagree"),
    "strongly_disagree": ("Strongly disagree",),
    "dont_know": ("I don't know", "Don't know", "Not sure", "Unsure", "Do not know"),
    "prefer_not_to_say": ("I prefer not to say", "Prefer not to say", "Rather not say"),
    "outside_area": ("I do not live in any of these", "Outside the area", "None of these"),
}  # fmt: skip
"""How platforms word them in English."""

NOT_CHOSEN: Final = frozenset(
    {"", "0", "no", "n", "false", "not selected", "unchecked", "unticked", "n/a", "none", "-"}
)
"""What stands in a column of one option where it was not chosen."""

CHANNEL_WORDS: Final[Mapping[str, Collection[str]]] = {
    "online": ("online", "web", "website", "web link", "internet", "digital", "email", "e-mail"),
    "paper": ("paper", "postal", "post", "letter", "paper form", "paper survey", "hard copy"),
    "phone": ("phone", "telephone", "phone call", "call"),
    "assisted": ("assisted", "face to face", "in person", "interview", "kiosk", "tablet"),
}

_ENUMERATION = re.compile(r"^(?:\(?[a-z0-9]{1,2}[.)]|[-\u2022])\s+")


def option_words(question: Question, document: Document, fixed: Words) -> dict[str, str]:
    """Keys of a question's answers by everything that they are called, simplified."""
    found: dict[str, str] = {}
    for key in choices_of(question, document):
        for words in (key, *_labels(key, question, document, fixed)):
            found.setdefault(simplified(words), key)
    return found


def simplified(text: str) -> str:
    """Words without what platforms add to them: numbering, marks, case.

    Examples
    --------
    >>> simplified("a) Don\u2019t know."), simplified("1. Yes")
    ('dont know', 'yes')
    """
    bare = _ENUMERATION.sub("", folded(text)).replace("_", " ")
    words = "".join(sign for sign in bare if unicodedata.category(sign)[0] not in "PS")
    return " ".join(words.split()) or bare


def language_of(value: str, languages: Collection[str]) -> str | None:
    """The language that a value names: by code, or by its name in itself or in English."""
    wanted = folded(value)
    for code in languages:
        known = LANGUAGES.get(code)
        names = {code.casefold()}
        if known is not None:
            names |= {folded(known.native_name), folded(known.english_name)}
            names.add(folded(known.english_name.partition("(")[0]))
        if wanted in names or wanted.replace("_", "-").split("-")[0] == code.casefold():
            return code
    return None


def channel_of(value: str) -> str | None:
    """The channel that a value names."""
    wanted = folded(value)
    return next((key for key, words in CHANNEL_WORDS.items() if wanted in words), None)


def _labels(key: str, question: Question, document: Document, fixed: Words) -> Iterator[str]:
    option = question.option(key)
    if option is not None:
        yield option.label
        path = f"questions.{question.key}.options.{key}.label"
        for texts in document.translations.values():
            if path in texts:
                yield texts[path]
        return
    for area in document.areas:
        if area.code == key:
            yield area.name
    yield from fixed.get(key, ())
    yield from ENGLISH.get(key, ())
