"""The words of a unit as phrases are made of them: how they are spelt, where phrases end."""

import re

from analysis.text.function_words import FUNCTION_WORDS, tokens

# A Linear B syllable. It is a letter, so that `tokens` keeps it: no phrase reaches across one.
BREAK = "\U00010000"
BREAKS = re.compile(
    r"""\[\w+\]|[.,;:!?…()\[\]{}<>|/\\•*=+_~#"“”„«»،؛؟۔।॥。、，！？：；（）「」《》【】]+"""
    r"|(?<!\S)[-–—]+(?!\S)|(?<!\w)\d+(?!\w)"
)
_LINE_ENDS = re.compile("[\n\r\u2028\u2029]+")
_LETTER_AND_LETTER = re.compile(r"(?<!\w)(\w)&(?=\w(?!\w))")

# What others put in place of a name: "Nurse xxxx was kind".
_BLANKED = re.compile(r"(.)\1+")

# The commonest particles, pronouns and prepositions of Chinese, which stand in pairs by chance.
_CHINESE = re.compile("[的了是在和与與也就都而及或被把从從对對这這那们們之其]")


class Spelling(dict[str, list[str]]):
    """The words of what stands between two spaces, each looked up once.

    Most of a large set is the same few thousand words: five times as fast as `tokens` alone.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, piece: str) -> list[str]:
        parted = BREAKS.sub(f" {BREAK} ", joined_letters(piece))
        found = self[piece] = tokens(parted, self._language)
        return found

    def words(self, text: str) -> list[str]:
        """Return the words of a text, with a mark where no phrase reaches across."""
        pieces = _LINE_ENDS.sub(f" {BREAK} ", text).split()
        return [word for piece in pieces for word in self[piece]]


def joined_letters(text: str) -> str:
    """Make one word of "A&E"; no character moves.

    Examples
    --------
    >>> joined_letters("A&E & M&S")
    'AʼE & MʼS'
    """
    return _LETTER_AND_LETTER.sub(r"\1ʼ", text) if "&" in text else text


def function_words(language: str) -> frozenset[str] | None:
    """Return a language's function words, or None where no list of them is here.

    A region shares its language's list (``pl-PL``); another script does not (``ur-Latn``).
    """
    base, _, subtag = language.partition("-")
    return FUNCTION_WORDS.get(language if len(subtag) == 4 else base)


def is_unspaced(word: str) -> bool:
    """Tell whether a word is Chinese or Japanese, of which `tokens` gives pairs."""
    return "\u3040" <= word[:1] <= "\u9fff" or "\uf900" <= word[:1] <= "\ufaff"


def may_bound(word: str, listed: frozenset[str] | None) -> bool:
    """Tell whether a phrase may start or end with a word.

    Parameters
    ----------
    word : str
    listed : frozenset of str or None
        The language's function words. Without a list a word needs three letters.
    """
    if is_unspaced(word):
        return _CHINESE.search(word) is None
    if len(word) < (2 if listed is not None else 3) or _BLANKED.fullmatch(word):
        return False
    return word not in (listed or ())
