"""How people write a phrase, and whether it is part of somebody's name or address."""

import functools
import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence

from analysis.text.function_words import tokens
from analysis.text.normalise import normalise, word_pattern
from analysis.text.personal import find_personal_data
from analysis.themes.labelling.phrases import Phrase
from analysis.themes.labelling.spelling import BREAKS, is_unspaced, joined_letters

# Of the uses looked at, the share that may stand in personal data: "Elm Road" is a place
# that many write about, and now and then "12 Elm Road" is where one of them lives.
_MOST_PERSONAL = 0.25

Span = tuple[int, int]

_I = re.compile(r"\bi\b")


class Wordings:
    """Looks phrases up in the texts they come from.

    Parameters
    ----------
    language : str
        Of all phrases and texts asked about.
    """

    def __init__(self, language: str) -> None:
        self._tokens = functools.cache(functools.partial(tokens, language=language))
        self._english = language.partition("-")[0] == "en"
        self._read: dict[str, _Text] = {}

    def of(self, phrase: Phrase) -> str | None:
        """Return a phrase as it is most often written, or None where it should not be shown.

        Small letters but for abbreviations ("NHS", "GPs"), with the hyphens people set.
        Capitals do not count in a text that is all capitals. None if more than a quarter of
        its uses stand in personal data.
        """
        forms: Counter[str] = Counter()
        personal = 0
        for example in phrase.examples:
            text = self._read.get(example)
            if text is None:
                text = self._read[example] = _Text(example, self._tokens)
            span = text.find(phrase.words)
            if span is None:
                continue
            forms[text.form(span)] += 1
            personal += text.is_personal(span)
        if not forms or personal > _MOST_PERSONAL * forms.total():
            return None
        form = min(forms, key=lambda form: (-forms[form], form))
        if self._english:
            form = _I.sub("I", form)
        return None if find_personal_data(form) else form


class _Text:
    """A text with the places of its words, and of personal data once somebody asks."""

    __slots__ = ("_personal", "_shouted", "_text", "_words")

    def __init__(self, text: str, find_tokens: Callable[[str], list[str]]) -> None:
        self._text = normalise(text)
        self._words = _placed_words(self._text, find_tokens)
        self._shouted = len(self._words) > 1 and 2 * sum(map(str.isupper, self._text)) > sum(
            map(str.isalpha, self._text)
        )
        self._personal: tuple[Span, ...] | None = None

    def find(self, words: Sequence[str]) -> Span | None:
        """Return where the words first stand side by side."""
        size = len(words)
        for at in range(len(self._words) - size + 1):
            placed = self._words[at : at + size]
            if all(word == own for own, (word, _, _) in zip(words, placed, strict=True)) and all(
                one[2] >= other[1] or not BREAKS.search(self._text, one[2], other[1])
                for one, other in itertools.pairwise(placed)
            ):
                return placed[0][1], placed[-1][2]
        return None

    def form(self, span: Span) -> str:
        """Return what stands there, in small letters but for abbreviations."""
        written = " ".join(self._text[slice(*span)].split())
        if self._shouted:
            return written.lower()
        pieces: list[str] = []
        end = 0
        for found in word_pattern().finditer(joined_letters(written)):
            start, before = found.start(), end
            end = found.end()
            letters = written[start:end].removesuffix("s")
            kept = len(letters) > 1 and letters.isupper()
            pieces += (
                written[before:start],
                written[start:end] if kept else written[start:end].lower(),
            )
        return "".join(pieces)

    def is_personal(self, span: Span) -> bool:
        """Tell whether part of the span is personal data."""
        if self._personal is None:
            self._personal = tuple(
                (found.start, found.end) for found in find_personal_data(self._text)
            )
        before = bisect_left(self._personal, (span[1], 0)) - 1
        return before >= 0 and self._personal[before][1] > span[0]


def _placed_words(text: str, find_tokens: Callable[[str], list[str]]) -> list[tuple[str, int, int]]:
    """Return the tokens of a text, each with its place."""
    placed: list[tuple[str, int, int]] = []
    for found in word_pattern().finditer(joined_letters(text)):
        start = found.start()
        for token in find_tokens(found.group()):
            if is_unspaced(token):
                # A pair of characters: each starts where the one before it did, or later.
                start = max(start, text.find(token, start, found.end()))
                placed.append((token, start, start + len(token)))
                start += 1
            else:
                placed.append((token, found.start(), found.end()))
    return placed
