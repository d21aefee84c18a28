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

_KNOWN = frozenset(SCRIPTS.values())


@cache
def script_of(language: str) -> str | None:
    """The script that a language is usually written in, as Unicode names begin, if known."""
    likely = get_global("likely_subtags").get(language, language)
    return next((SCRIPTS[part] for part in str(likely).split("_") if part in SCRIPTS), None)


def letters_by_script(text: str) -> Counter[str]:
    """How many letters of each known script a text has; marks on letters are not counted."""
    found: Counter[str] = Counter()
    for sign, count in Counter(text).items():
        script = _script(sign)
        if script in _KNOWN:
            found[script] += count
    return found


@cache
def _script(sign: str) -> str:
    if not unicodedata.category(sign).startswith("L"):
        return ""
    return unicodedata.name(sign, "").partition(" ")[0]
