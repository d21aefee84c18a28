"""Sentences with names in other languages in them.

Catalogues hold whole sentences. A group or a question that exists in another language only must
be marked with that language, so a sentence becomes spans: its own words, and the names in it.
"""

import re
from collections.abc import Iterable, Sequence

from babel.lists import format_list
from flask_babel import get_locale

from consult.reports.paper import Bullets, Heading, Notice, Paragraph, Span, Text

_PLACE = re.compile("\ue000(\\d+)\ue000")
"""A sign for private use, around the place of a name among the names."""


def woven(sentence: str, **values: str | Span | Text) -> Text:
    """A translated sentence with its values in their places.

    ``sentence`` comes out of the catalogue as it stands there: with placeholders, and with two
    percent signs for one.
    """
    names: list[Text] = []
    filled = sentence % {key: _placed(value, names) for key, value in values.items()}
    return _parted(filled, names)


def listed(items: Iterable[Span | Text]) -> Text:
    """Names in a row, as the language joins them."""
    names: list[Text] = []
    places = [_placed(item, names) for item in items]
    return _parted(str(format_list(places, locale=get_locale() or "en")), names)


def joined(sentences: Sequence[Text]) -> Text:
    """Sentences one after the other, as one paragraph."""
    found: list[Span] = []
    for sentence in sentences:
        if found:
            found.append(Span(" "))
        found.extend(sentence)
    return tuple(found)


def words(text: str) -> Text:
    """Words of the paper's own language."""
    return (Span(text),)


def para(sentence: str, **values: str | Span | Text) -> Paragraph:
    """A paragraph of one sentence, or of a few that belong together."""
    return Paragraph(woven(sentence, **values))


def lead(sentence: str, **values: str | Span | Text) -> Paragraph:
    """The sentence that a hurried reader should see."""
    return Paragraph(woven(sentence, **values), lead=True)


def warning(sentence: str, **values: str | Span | Text) -> Notice:
    """What must not be overlooked."""
    return Notice(woven(sentence, **values))


def heading(sentence: str, level: int = 3, **values: str | Span | Text) -> Heading:
    """A heading within a part."""
    return Heading(woven(sentence, **values), level)


def bullets(items: Iterable[Text]) -> tuple[Bullets, ...]:
    """A list, or nothing where there is nothing to list."""
    found = tuple(items)
    return (Bullets(found),) if found else ()


def _placed(value: str | Span | Text, names: list[Text]) -> str:
    if isinstance(value, str):
        return value
    names.append((value,) if isinstance(value, Span) else value)
    return f"\ue000{len(names) - 1}\ue000"


def _parted(filled: str, names: Sequence[Text]) -> Text:
    found: list[Span] = []
    for at, part in enumerate(_PLACE.split(filled)):
        if at % 2:
            found.extend(names[int(part)])
        elif part:
            found.append(Span(part))
    return tuple(found)
