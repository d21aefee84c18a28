"""Which words and phrases set one theme apart from the others, within one language.

Class-based TF-IDF [1]_ over runs of one to three words. People are counted, not words: what
one respondent repeats counts once, and so does a letter that five hundred people sent.

References
----------
.. [1] Grootendorst (2022). BERTopic: Neural topic modeling with a class-based TF-IDF
       procedure. arXiv:2203.05794.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.themes.labelling.spelling import BREAK, Spelling, function_words, may_bound

Integers = NDArray[np.int64]
Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]

_LONGEST = 3
_KEPT = 300
_LEAST_WORDS = 3
_EXAMPLES = 20

# A language without a list: its function words are those of one or two letters, and those
# that many texts hold and no theme more than twice as often as the others, chance allowed for.
_LEAST_TEXTS = 30
_COMMON = 0.04
_EVEN = 2.0
_DEVIATIONS = 3.0

# What is left of a phrase's weight that is no more frequent in a theme than elsewhere.
_LEAST_EXCESS = 0.02


@dataclass(frozen=True, slots=True)
class Phrase:
    """One to three words in a row that people of a theme write.

    Attributes
    ----------
    words : tuple of str
        As :func:`analysis.text.function_words.tokens` spells them.
    weight : float
        Class-based TF-IDF, above zero.
    voices : int
        Different respondents or different texts with it in the theme, whichever are fewer.
    examples : tuple of str
        Some of the theme's texts that hold it.
    """

    words: tuple[str, ...]
    weight: float
    voices: int
    examples: tuple[str, ...]


def class_tf_idf(share: ArrayLike, mean_words: float, frequency: ArrayLike) -> Numbers:
    """Weigh terms by how much they tell a class from the others.

    Parameters
    ----------
    share : array-like
        Of the term among the words of its class, 0 to 1.
    mean_words : float
        Words per class, on the mean over the classes.
    frequency : array-like
        Of the term in all classes together, above zero.

    Examples
    --------
    >>> round(float(class_tf_idf(0.3, 10, 5)), 6)
    0.329584
    """
    ratios = mean_words / np.asarray(frequency, dtype=np.float64)
    return np.asarray(share, dtype=np.float64) * np.log1p(ratios)


def theme_phrases(
    texts: Sequence[str],
    respondents: Sequence[Hashable],
    themes: Sequence[int],
    language: str,
    *,
    least: int = 2,
    relaxed: Collection[int] = (),
    any_edge: bool = False,
) -> dict[int, tuple[Phrase, ...]]:
    """Find the telling phrases of each theme among units of one language.

    Parameters
    ----------
    texts, respondents, themes : sequences of length n
        A unit each.
    language : str
        Of all of them.
    least : int, default 2
        Respondents of the theme who must have written a phrase.
    relaxed : collection of int
        Themes in which half of that will do, and so on down to one, while fewer than three
        words are in reach.
    any_edge : bool, default False
        Whether a phrase may start or end with a function word or a single letter.

    Returns
    -------
    dict of int to tuple of Phrase
        Heaviest first, ties by the words; none for a theme with no such phrase. The same
        for every order of the units.

    Notes
    -----
    A term is counted as often as there are different respondents, or different texts, with
    it: the smaller number. A share counts as far as it is above the term's share in the
    other themes together. 200,000 units of fifteen words take about ten seconds.
    """
    units = _Units(texts, respondents, themes, language)
    content = np.ones(len(units.vocabulary), dtype=bool)
    if not any_edge:
        content = units.content_words(function_words(language))
    least_of = np.full(len(units.themes), least)
    words = np.zeros(len(units.themes))
    found: list[list[tuple[float, tuple[str, ...], int, Integers]]] = [[] for _ in units.themes]
    for size, grams in enumerate(units.grams(), start=1):
        tally = units.tally(grams, size, content)
        if size == 1:
            # Who wrote a phrase wrote its words: single words decide how many are in reach.
            words += np.bincount(tally.themes, tally.voices, len(units.themes))
            for at in range(len(units.themes)):
                if int(units.themes[at]) in relaxed:
                    reach = tally.respondents[tally.themes == at]
                    while least_of[at] > 1 and np.sum(reach >= least_of[at]) < _LEAST_WORDS:
                        least_of[at] //= 2
        weights = _weights(tally, words)
        for at, rows in enumerate(found):
            here = np.flatnonzero((tally.themes == at) & (tally.respondents >= least_of[at]))
            # Grams are numbered in the order of their words, so a stable sort settles ties.
            for row in here[np.argsort(-weights[here], kind="stable")][:_KEPT].tolist():
                gram = units.spell(tally.first[row], size)
                weight, voices = float(weights[row]), int(tally.voices[row])
                rows.append((-weight, gram, voices, tally.texts(row)))
    return {
        theme: tuple(
            Phrase(gram, -weight, voices, units.some(examples))
            for weight, gram, voices, examples in sorted(rows, key=lambda row: row[:2])[:_KEPT]
        )
        for theme, rows in zip(units.themes.tolist(), found, strict=True)
        if rows
    }


def _weights(tally: "_Tally", words: Numbers) -> Numbers:
    everywhere = np.bincount(tally.grams, tally.voices)[tally.grams]
    share = tally.voices / np.maximum(words, 1.0)[tally.themes]
    elsewhere = (everywhere - tally.voices) / np.maximum(words.sum() - words, 1.0)[tally.themes]
    mean_words = float(words.mean()) if words.size else 0.0
    plain = class_tf_idf(share, mean_words, everywhere)
    # "Good" and "staff" are frequent in every theme: what counts is how much more frequent.
    return np.asarray(plain * np.maximum(1.0 - elsewhere / share, _LEAST_EXCESS))


@dataclass(frozen=True, slots=True)
class _Tally:
    """How many wrote what; a row for each term in each theme."""

    grams: Integers
    themes: Integers
    first: Integers
    voices: Integers
    respondents: Integers
    text_starts: Integers
    text_of: Integers

    def texts(self, row: int) -> Integers:
        """Return the texts of a row, ascending."""
        end = self.text_starts[row + 1] if row + 1 < len(self.text_starts) else None
        return self.text_of[self.text_starts[row] : end]


class _Units:
    """Units of one language as numbers: texts by their content, words by the alphabet.

    A *text* is one of the different texts, a *document* a text in a theme, and a *voice* is
    either a respondent with several documents in a theme or all those whose only document
    there is the same: a letter sent by 500 people is one voice of weight 500.
    """

    def __init__(
        self,
        texts: Sequence[str],
        respondents: Sequence[Hashable],
        themes: Sequence[int],
        language: str,
    ) -> None:
        spelling = Spelling(language)
        # Copies differ in capitals and punctuation; one wording stands for all of them.
        key_of = {
            text: " ".join(word for word in spelling.words(text) if word != BREAK)
            for text in set(texts)
        }
        written: dict[str, str] = {}
        for text, key in key_of.items():
            written[key] = min(text, written.get(key, text))
        number = {key: at for at, key in enumerate(sorted(written))}
        self.texts = [written[key] for key in number]
        text_of = np.fromiter((number[key_of[text]] for text in texts), np.int64, len(texts))
        people: dict[Hashable, int] = {}
        person_of = np.fromiter(
            (people.setdefault(person, len(people)) for person in respondents),
            np.int64,
            len(texts),
        )
        self.themes, theme_of = np.unique(np.asarray(themes, dtype=np.int64), return_inverse=True)

        documents, document_of = np.unique(
            text_of * max(1, len(self.themes)) + theme_of, return_inverse=True
        )
        # In the order of their texts, so that those of a text are a slice.
        self._text_of, self._theme_of = np.divmod(documents, max(1, len(self.themes)))
        self._documents_from = np.searchsorted(self._text_of, np.arange(len(self.texts) + 1))
        self._voices(document_of, person_of, len(people))
        self._words(spelling)

    def _voices(self, document_of: Integers, person_of: Integers, people: int) -> None:
        document, person = np.divmod(np.unique(document_of * people + person_of), max(1, people))
        in_theme = self._theme_of[document] * max(1, people) + person
        _, at, documents = np.unique(in_theme, return_inverse=True, return_counts=True)
        voice = np.where(documents[at] > 1, person, people + document)
        self._voice_count = people + len(self._text_of)
        pairs, self._weight = np.unique(document * self._voice_count + voice, return_counts=True)
        document, self._voice = np.divmod(pairs, max(1, self._voice_count))
        self._voices_from = np.searchsorted(document, np.arange(len(self._text_of) + 1))

    def _words(self, spelling: Spelling) -> None:
        number: dict[str, int] = {BREAK: 0}
        sequence: list[int] = []
        lengths = np.empty(len(self.texts), dtype=np.int64)
        for at, text in enumerate(self.texts):
            found = spelling.words(text)
            sequence.extend([number.setdefault(word, len(number)) for word in found])
            sequence.append(0)
            lengths[at] = len(found) + 1
        del number[BREAK]
        self.vocabulary = sorted(number)
        rank = np.full(len(number) + 1, -1, dtype=np.int64)
        for at, word in enumerate(self.vocabulary):
            rank[number[word]] = at
        # Minus one is a break.
        self._sequence = rank[np.asarray(sequence, dtype=np.int64)]
        self._place_of = np.repeat(np.arange(len(self.texts)), lengths)

    def content_words(self, listed: frozenset[str] | None) -> Flags:
        """Tell which words of the vocabulary a phrase may start and end with."""
        content = np.array([may_bound(word, listed) for word in self.vocabulary], dtype=bool)
        if listed is None and len(self.texts) >= _LEAST_TEXTS:
            content &= ~self._everywhere()
        return content

    def _everywhere(self) -> Flags:
        """Tell which words are common and about as common in every theme."""
        every = np.ones(len(self.vocabulary), dtype=bool)
        tally = self.tally(self._sequence, 1, every)
        documents = np.bincount(self._theme_of, minlength=len(self.themes))
        everywhere = np.bincount(tally.grams, tally.voices)
        here = documents[tally.themes]
        outside = np.maximum(documents.sum() - here, 1)
        expected = here * (everywhere[tally.grams] - tally.voices) / outside
        above = tally.voices > _EVEN * expected + _DEVIATIONS * np.sqrt(expected) + 1.0
        common = everywhere >= _COMMON * documents.sum()
        common[tally.grams[above]] = False
        return np.asarray(common, dtype=np.bool_)

    def grams(self) -> list[Integers]:
        """Number the runs of one, two and three words that start at each place; -1 is none."""
        numbered = [self._sequence]
        for size in range(2, _LONGEST + 1):
            shorter = numbered[-1][: len(self._sequence) - size + 1]
            following = self._sequence[size - 1 :]
            whole = (shorter >= 0) & (following >= 0)
            codes = shorter[whole] * len(self.vocabulary) + following[whole]
            longer = np.full(len(self._sequence), -1, dtype=np.int64)
            longer[: len(whole)][whole] = np.unique(codes, return_inverse=True)[1]
            numbered.append(longer)
        return numbered

    def tally(self, grams: Integers, size: int, content: Flags) -> _Tally:
        """Count the runs that start and end with a content word."""
        places = np.flatnonzero(grams >= 0)
        edges = content[self._sequence[places]] & content[self._sequence[places + size - 1]]
        places = places[edges]
        # Once for each text, with the place of its first occurrence.
        codes, first = np.unique(
            grams[places] * max(1, len(self.texts)) + self._place_of[places], return_index=True
        )
        gram, text = np.divmod(codes, max(1, len(self.texts)))
        at, document = _joined(text, self._documents_from)
        term = gram[at] * max(1, len(self.themes)) + self._theme_of[document]
        order = np.argsort(term, kind="stable")
        term, at, document = term[order], at[order], document[order]
        terms, starts, texts = np.unique(term, return_index=True, return_counts=True)

        row = np.repeat(np.arange(len(terms)), texts)
        pair, voice = _joined(document, self._voices_from)
        # A voice that has a term in two of its texts is one: the weight is its own.
        said, once = np.unique(
            row[pair] * max(1, self._voice_count) + self._voice[voice], return_index=True
        )
        respondents = np.bincount(
            said // max(1, self._voice_count), self._weight[voice[once]], len(terms)
        ).astype(np.int64)
        gram, theme = np.divmod(terms, max(1, len(self.themes)))
        return _Tally(
            gram,
            theme,
            places[first[at[starts]]],
            np.minimum(texts, respondents),
            respondents,
            starts,
            self._text_of[document],
        )

    def spell(self, place: int, size: int) -> tuple[str, ...]:
        """Return the words of the run at a place."""
        return tuple(self.vocabulary[word] for word in self._sequence[place : place + size])

    def some(self, texts: Integers) -> tuple[str, ...]:
        """Return the wording of at most twenty texts, spread evenly."""
        chosen = np.linspace(0, len(texts) - 1, min(len(texts), _EXAMPLES)).astype(np.int64)
        return tuple(self.texts[at] for at in texts[chosen])


def _joined(keys: Integers, slices_from: Integers) -> tuple[Integers, Integers]:
    """Pair each place in ``keys`` with the members of its key's slice."""
    starts = slices_from[keys]
    lengths = slices_from[keys + 1] - starts
    at = np.repeat(np.arange(len(keys)), lengths)
    within = np.arange(len(at)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return at, starts[at] + within
