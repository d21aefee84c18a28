"""Names made of first letters, which readers from elsewhere do not know."""

import re
from collections.abc import Iterator, Mapping

from consult.document.model import Consultation as Document
from consult.readiness.findings import Code, Finding, warns

EVERYDAY = frozenset((
    "UK", "EU", "UN", "US", "USA", "GB", "NHS", "GP", "BSL", "GDPR", "BBC", "TV", "PC", "PDF",
    "CD", "DVD", "CCTV", "ID", "PIN", "DIY", "DNA", "HIV", "AIDS", "COVID", "LGBT", "LGBTQ",
    "MP", "VAT", "GCSE", "OK", "AM", "PM", "SMS", "URL", "USB", "QR", "WC", "CV", "CO2", "VIP",
    "FAQ", "PO", "BC", "AD", "A&E", "B&B", "Q&A", "RSVP", "UFO", "IT", "PE", "ATM", "MOT",
))  # fmt: skip
"""What most people in this country know by its letters."""

STRESSED = frozenset((
    "NOT", "AND", "OR", "DO", "DOES", "MUST", "ALL", "NO", "YES", "ONE", "ONLY", "NEVER",
    "ALWAYS", "PLEASE", "BOTH", "ANY", "EACH", "EVERY", "YOU", "YOUR", "WE", "OUR", "BEFORE",
    "AFTER", "NEW", "FREE", "CAN", "CANNOT", "WILL", "NOW", "HERE", "IF", "BUT", "STOP",
    "TBC", "TBD", "TODO", "XXX",
))  # fmt: skip
"""Words in capitals that are no names: to stress them, or to say that something is missing."""

OTHER_SCRIPTS = frozenset({"ur", "ar", "pa", "bn", "fa", "ps", "he", "hi", "gu", "ta", "zh", "ckb"})
"""Languages of scripts without capitals."""

_APART = re.compile(
    r"https?://\S+|www\.\S+|\S+@\S+|\]\([^)]*\)|`[^`]*`"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
)
"""Addresses, links and postcodes."""

_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)*")
_ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{0,3})")
_IN_BRACKETS = re.compile(r"\s*\([^)]*[^\W\d_]{2,}[^)]*\)")


def acronyms(document: Document, texts: Mapping[str, str]) -> Iterator[Finding]:
    """Each name of letters that is not explained in brackets where it first stands."""
    if document.source_language.split("-", 1)[0] in OTHER_SCRIPTS:
        return
    first: dict[str, str] = {}
    explained: dict[str, str] = {}
    for path, text in texts.items():
        for name, has_words in found_in(text):
            if name not in first:
                first[name] = path
                if has_words:
                    explained[name] = path
            elif has_words and name not in explained:
                explained[name] = path
                yield warns(Code.ACRONYM_LATE, first[name], name=name)
    for name, path in first.items():
        if name not in explained:
            yield warns(Code.ACRONYM, path, name=name)


def found_in(text: str) -> Iterator[tuple[str, bool]]:
    """Names of letters in a text, and whether brackets there give the words.

    Examples
    --------
    >>> list(found_in("The Care Quality Commission (CQC) and the ICB"))
    [('CQC', True), ('ICB', False)]
    """
    for line in _APART.sub(" ", text).splitlines():
        if _is_shouted(line):
            continue
        for token in _TOKEN.finditer(line):
            name = _name(token.group())
            if name is not None:
                yield name, _has_words(line, token.start(), token.end())


def _name(token: str) -> str | None:
    """The name of letters that a token is, without a plural's s; nothing if it is none."""
    bare = token[:-1] if token.endswith("s") and token[:-1].isupper() else token
    letters = [sign for sign in bare if sign.isalpha()]
    if len(letters) < 2 or not all(sign.isupper() for sign in letters) or bare[0].isdigit():
        return None
    if bare in EVERYDAY or bare in STRESSED or _ROMAN.fullmatch(bare):
        return None
    return bare


def _has_words(line: str, start: int, end: int) -> bool:
    before, after = line[:start].rstrip(), line[end:]
    in_brackets = before.endswith("(") and after.lstrip().startswith(")")
    return (in_brackets and len(before.split()) > 1) or bool(_IN_BRACKETS.match(after))


def _is_shouted(line: str) -> bool:
    """Whether a line of several words has no small letter: a heading, no row of names."""
    words = [word for word in line.split() if any(sign.isalpha() for sign in word)]
    return len(words) > 2 and line.upper() == line
