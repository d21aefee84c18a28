"""The few words that go with a theme's label, each saying something new."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.text.normalise import listed

_LEAST_KEYWORDS = 3
_MOST_KEYWORDS = 8
_KEYWORD_FLOOR = 0.15
# Of a term's uses, the share inside one longer phrase from which that stands for it.
_MOSTLY = 0.6
_WEAK_SHARE = 0.3

# Say little by themselves. They are put back, not out: "felt safe" and "better lighting" stay.
WEAK = listed(
    """think thought know knew feel feels felt feeling like liked want wanted need needs needed
    make makes made making say says said saying tell told see sees seen saw look looked looking
    come came coming take takes took taken taking give gives gave given giving put keep keeps
    kept find found use uses used using try tried trying ask asked asking thing things way ways
    bit better good great bad time times day people thank thanks complete completed correct done
    absolutely extremely totally definitely honestly completely able sure first new"""
)


@dataclass(frozen=True, slots=True)
class Term:
    """A phrase that may be shown.

    Attributes
    ----------
    form : str
        As people write it.
    words : tuple of str
        As :func:`analysis.text.function_words.tokens` spells them.
    content : tuple of str
        Those of them that are not function words; all if there are no others.
    weight : float
        Class-based TF-IDF.
    voices : int
        Different respondents or texts with it in the theme, whichever are fewer.
    """

    form: str
    words: tuple[str, ...]
    content: tuple[str, ...]
    weight: float
    voices: int


def choose_keywords(
    offered: Sequence[Term], weights: Sequence[float], language: str
) -> tuple[str, ...]:
    """Choose the heaviest terms that each say something new.

    Parameters
    ----------
    offered : sequence of Term
        Of one theme and language.
    weights : sequence of float
        Of each, above zero.
    language : str

    Returns
    -------
    tuple of str
        Three to eight where there are as many. No word stands twice, not in the plural nor,
        in English, with another ending; behind the third no term of a single voice, nor one
        of less than 15 % of the first one's weight.
    """
    english = language.partition("-")[0] == "en"
    stem = _stem if english else singular
    ranked = sorted(
        (
            (weight * (_WEAK_SHARE if english and WEAK.issuperset(term.content) else 1.0), term)
            for term, weight in zip(offered, weights, strict=True)
            if not _is_part(term, offered)
        ),
        key=lambda pair: (-pair[0], pair[1].form),
    )
    chosen: list[str] = []
    said: list[frozenset[str]] = []
    for weight, term in ranked:
        if len(chosen) == _MOST_KEYWORDS:
            break
        behind = term.voices == 1 or weight < _KEYWORD_FLOOR * ranked[0][0]
        if behind and len(chosen) >= _LEAST_KEYWORDS:
            continue
        stems = frozenset(map(stem, term.content))
        known = len(stems & frozenset[str]().union(*said))
        if 2 * known <= len(stems) and not any(one <= stems for one in said):
            chosen.append(term.form)
            said.append(stems)
    return tuple(chosen)


def _is_part(term: Term, offered: Iterable[Term]) -> bool:
    """Tell whether a term mostly stands inside a longer one: "face" in "face to face"."""
    size = len(term.words)
    return any(
        other.voices >= _MOSTLY * term.voices
        and any(
            other.words[at : at + size] == term.words for at in range(len(other.words) - size + 1)
        )
        for other in offered
        if len(other.words) > size
    )


_SIBILANT = re.compile(r"(?:s|x|z|ch|sh)es$")


def singular(word: str) -> str:
    """Take off a simple plural or possessive ending; other scripts have none.

    Examples
    --------
    >>> [singular(word) for word in ("parks", "buses", "ladies", "bus", "glass", "nurse's")]
    ['park', 'bus', 'lady', 'bus', 'glass', 'nurse']
    """
    word = word.removesuffix("'s")
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and _SIBILANT.search(word):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _stem(word: str) -> str:
    """Take off an English ending, so that one keyword stands for "listen" and "listening".

    Examples
    --------
    >>> [_stem(word) for word in ("listened", "improving", "improve", "clearly", "stopped")]
    ['listen', 'improv', 'improv', 'clear', 'stop']
    """
    word = singular(word)
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "lsz":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word
