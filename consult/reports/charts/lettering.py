"""How wide words are, so that none are cut off: estimated by script, on the wide side.

Readers have other fonts than we do, so exact widths of one font would promise too much.
"""

import re
import unicodedata
from functools import cache
from typing import Final

_WIDTHS: Final = {
    "LATIN": 0.58,
    "ARABIC": 0.56,
    "BENGALI": 0.72,
    "GURMUKHI": 0.66,
}
"""Mean width of a letter by the first word of its Unicode name, in sizes of the font."""

_NARROW: Final = frozenset("iljtf.,:;'|!()[] ")
_WIDE: Final = frozenset("mwMW@%—")

_MARGIN: Final = 1.06
_BOLD: Final = 1.07

RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE = "\u2067", "\u2069"

_UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is, in the unit of the size; rather too wide than too narrow."""
    ems = sum(_letter(letter) for letter in text)
    return ems * size * _MARGIN * (_BOLD if bold else 1)


def lines(text: str, size: float, most: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines no wider than ``most``; a word that is wider itself is cut."""
    found = [""]
    for word in text.split():
        for piece in _pieces(word, size, most, bold=bold):
            longer = f"{found[-1]} {piece}".strip()
            if width(longer, size, bold=bold) <= most:
                found[-1] = longer
            else:
                found.append(piece)
    return [line for line in found if line]


def in_direction(text: str, direction: str) -> str:
    """Let a text run in a direction, whatever its first letter is.

    Drawing programs that know no ``direction`` go by these signs, which nobody sees.
    """
    text = clean(text)
    if direction != "rtl":
        return text
    return f"{RIGHT_TO_LEFT_ISOLATE}{text}{POP_ISOLATE}"


def clean(text: str) -> str:
    """Without what XML forbids, and without signs of direction, which could leave their text."""
    return _UNWANTED.sub("", text)


def _pieces(word: str, size: float, most: float, *, bold: bool) -> list[str]:
    if width(word, size, bold=bold) <= most:
        return [word]
    pieces = [""]
    for letter in word:
        is_mark = unicodedata.combining(letter) or unicodedata.category(letter).startswith("M")
        if pieces[-1] and not is_mark and width(pieces[-1] + letter, size, bold=bold) > most:
            pieces.append("")
        pieces[-1] += letter
    return pieces


@cache
def _letter(letter: str) -> float:
    if letter in _NARROW:
        return 0.34
    if letter in _WIDE:
        return 0.92
    if unicodedata.category(letter) in {"Mn", "Cf"}:
        return 0
    script = unicodedata.name(letter, "LATIN").split()[0]
    mean = _WIDTHS.get(script, 0.62)
    return mean * 1.18 if letter.isupper() else mean
