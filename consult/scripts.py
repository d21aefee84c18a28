"""The scripts that languages are written in, and the letters of a text by script."""

import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

from babel.core import get_global

SCRIPTS: Mapping[str, str] = {
    "Arab": "ARABIC",
    "Armn": "ARMENIAN",
    "Beng": "BENGALI",
    "Cyrl": "CYRILLIC",
    "Deva": "DEVANAGARI",
    "Ethi": "ETHIOPIC",
    "Geor": "GEORGIAN",
    "Grek": "GREEK",
    "Gujr": "GUJARATI",
    "Guru": "GURMUKHI",
    "Hans": "CJK",
    "Hebr": "HEBREW",
    "Latn": "LATIN",
    "Sinh": "SINHALA",
    "Taml": "TAMIL",
    "Telu": "TELUGU",
    "Thai": "THAI",
}
"""What the Unicode names of a script's letters begin with."""

KNOWN = frozenset(SCRIPTS.values())


@cache
def script_of(language: str) -> str | None:
    """The script that a language is usually written in, as Unicode names begin, if known."""
    likely = get_global("likely_subtags").get(language, language)
    return next((SCRIPTS[part] for part in str(likely).split("_") if part in SCRIPTS), None)


@cache
def script_of_sign(sign: str) -> str | None:
    """The script of a letter or of a mark on one, if known; of other signs none.

    A mark counts as a letter does. Vowels of many scripts are marks, and one taken from a
    neighbour's keyboard looks right, but is neither found nor read aloud. Signs such as the
    danda have the name of one script and stand in many.
    """
    if unicodedata.category(sign)[0] not in "LM":
        return None
    first = unicodedata.name(sign, "").partition(" ")[0]
    return first if first in KNOWN else None


def letters_by_script(text: str) -> Counter[str]:
    """How many letters, and marks on letters, of each known script a text has."""
    found: Counter[str] = Counter()
    for sign, count in Counter(text).items():
        if script := script_of_sign(sign):
            found[script] += count
    return found
