"""What a theme is called, and the words that say what it holds, without a language model.

A label is a phrase of the people themselves: of those that set the theme apart from the
others, the one whose meaning is nearest the theme's middle. It is a suggestion until a person
confirms it: "waiting times", "noisy at night", and sometimes "asked".

A label alone says too little of a theme, so it comes with keywords, in every language in which
people of the theme have words in common.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from analysis.text.normalise import listed
from analysis.themes.embedding.protocol import Vectors, unit_rows
from analysis.themes.labelling.keywords import WEAK, Term, choose_keywords, singular
from analysis.themes.labelling.phrases import Phrase, theme_phrases
from analysis.themes.labelling.spelling import function_words
from analysis.themes.labelling.wording import Wordings

Embed = Callable[[Sequence[str], str], Vectors]

_LEAST_UNITS = 5
_CANDIDATES = 40
_COSINE_OFFSET = 0.4

# Added to the cosine (most lie between .2 and .7). Tuned by reading the labels of 9 themes and
# 44 sub-themes of NHS answers; from .15 to .3 for the weight few labels differ.
_FOR_WEIGHT = 0.25
_FOR_PHRASE = 0.06
_FOR_WEAK = -0.15
_FOR_STATEMENT = -0.15

# What may stand between the words of a name: not "care was excellent", "made me feel".
_CONNECTING = listed("a and as at by for from in of on or the to with")


@dataclass(frozen=True, slots=True)
class LabelledUnit:
    """A unit of one respondent with its theme.

    Attributes
    ----------
    text : str
    language : str
        A code such as ``ur`` or ``ur-Latn``.
    respondent : int or str
        Whose it is.
    theme : int
        From zero; -1 for none.
    """

    text: str
    language: str
    respondent: int | str
    theme: int


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """A theme in words.

    Attributes
    ----------
    label : str
        A suggestion, no other theme's. Empty for a theme without units or whose units hold
        nothing but personal data.
    language : str
        Of the label.
    keywords : mapping of str to tuple of str
        Up to eight by language, the most telling first; the language with most units first.
        A language in which nobody shares a word with another is left out, unless it is the
        label's.
    """

    label: str
    language: str
    keywords: Mapping[str, tuple[str, ...]] = field(hash=False)


def describe_themes(
    units: Sequence[LabelledUnit],
    n_themes: int,
    *,
    centroids: Vectors,
    embed: Embed,
    language: str = "en",
    least: int = 2,
) -> tuple[ThemeWords, ...]:
    """Name themes and list their keywords.

    Parameters
    ----------
    units : sequence of LabelledUnit
        In any order.
    n_themes : int
    centroids : ndarray of shape (n_themes, d)
        Middles of the themes, of any length.
    embed : callable
        Takes phrases and their language; returns rows of shape (n, d) in the space of the
        centroids.
    language : str, default "en"
        Of the labels, in every theme with at least five units in it; elsewhere the
        language that most of the theme's units are in.
    least : int, default 2
        Respondents of a theme who must have written a word or phrase for it to be shown. In
        the label's language half of that, and so on down to one, while fewer than three
        phrases are in reach.

    Returns
    -------
    tuple of ThemeWords, length n_themes

    Raises
    ------
    ValueError
        If a theme is not below ``n_themes``, the centroids are not one for each theme, or
        ``least`` is below one.

    Notes
    -----
    Personal data is looked for in up to twenty texts with a phrase. Names without a title
    are hardly found: labels are read by a person before they are published.
    """
    if centroids.ndim != 2 or len(centroids) != n_themes:
        raise ValueError(f"centroids of shape {centroids.shape} for {n_themes} themes")
    if least < 1:
        raise ValueError(f"least must be at least 1, not {least}")
    by_language: dict[str, list[LabelledUnit]] = defaultdict(list)
    sizes: list[Counter[str]] = [Counter() for _ in range(n_themes)]
    for unit in units:
        if not -1 <= unit.theme < n_themes:
            raise ValueError(f"theme {unit.theme} of {n_themes} themes")
        if unit.theme >= 0:
            by_language[unit.language].append(unit)
            sizes[unit.theme][unit.language] += 1
    label_languages = [_label_language(counts, language) for counts in sizes]
    terms: dict[tuple[int, str], list[Term]] = {}
    for code, members in by_language.items():
        labelled = {theme for theme, own in enumerate(label_languages) if own == code}
        wordings = Wordings(code)
        for theme, phrases in _phrases(members, code, least, labelled).items():
            terms[theme, code] = _readable(phrases, wordings, code)
    candidates = [terms.get((theme, code), []) for theme, code in enumerate(label_languages)]
    cosines = _cosines(candidates, label_languages, unit_rows(centroids), embed)
    labels = _labels(candidates, cosines, label_languages)
    described = []
    for theme, counts in enumerate(sizes):
        keywords = {}
        for code in sorted(counts, key=lambda code: (-counts[code], code)):
            offered = terms.get((theme, code), [])
            weights = [term.weight for term in offered]
            if code == label_languages[theme]:
                weights = [
                    term.weight * (_COSINE_OFFSET + max(0.0, near))
                    for term, near in zip(offered, cosines[theme], strict=True)
                ]
            if chosen := choose_keywords(offered, weights, code):
                keywords[code] = chosen
        described.append(ThemeWords(labels[theme], label_languages[theme], keywords))
    return tuple(described)


def _label_language(counts: Counter[str], wanted: str) -> str:
    if counts[wanted] >= _LEAST_UNITS or not counts.total():
        return wanted
    return min(counts, key=lambda code: (-counts[code], code))


def _phrases(
    units: Sequence[LabelledUnit], language: str, least: int, labelled: Collection[int]
) -> dict[int, tuple[Phrase, ...]]:
    """Return the telling phrases by theme; some for each labelled theme if it has a word."""

    def found(units: Sequence[LabelledUnit], any_edge: bool) -> dict[int, tuple[Phrase, ...]]:
        return theme_phrases(
            [unit.text for unit in units],
            [unit.respondent for unit in units],
            [unit.theme for unit in units],
            language,
            least=least,
            relaxed=labelled,
            any_edge=any_edge,
        )

    phrases = found(units, any_edge=False)
    if bare := labelled - phrases.keys():
        phrases |= found([unit for unit in units if unit.theme in bare], any_edge=True)
    return phrases


def _readable(phrases: Iterable[Phrase], wordings: Wordings, language: str) -> list[Term]:
    """Return the heaviest phrases that may be shown, as people write them."""
    listed_words = function_words(language) or frozenset()

    def shown() -> Iterator[Term]:
        for phrase in phrases:
            form = wordings.of(phrase)
            if form is not None:
                content = tuple(word for word in phrase.words if word not in listed_words)
                yield Term(
                    form, phrase.words, content or phrase.words, phrase.weight, phrase.voices
                )

    return list(islice(shown(), _CANDIDATES))


def _cosines(
    candidates: Sequence[Sequence[Term]],
    languages: Sequence[str],
    centroids: Vectors,
    embed: Embed,
) -> list[list[float]]:
    """Return how near each candidate is to its theme's middle."""
    forms: dict[str, set[str]] = defaultdict(set)
    for offered, code in zip(candidates, languages, strict=True):
        forms[code].update(term.form for term in offered)
    row_of: dict[tuple[str, str], NDArray[np.float64]] = {}
    for code in sorted(code for code in forms if forms[code]):
        ordered = sorted(forms[code])
        rows = unit_rows(embed(ordered, code)).astype(np.float64)
        row_of |= {(code, form): row for form, row in zip(ordered, rows, strict=True)}
    return [
        [float(np.sum(row_of[code, term.form] * centroid)) for term in offered]
        for offered, code, centroid in zip(candidates, languages, centroids, strict=True)
    ]


def _labels(
    candidates: Sequence[Sequence[Term]],
    cosines: Sequence[Sequence[float]],
    languages: Sequence[str],
) -> list[str]:
    """Give each theme its best label; where two want the same, the one it fits better has it."""
    wanted = sorted(
        (-near - _preference(term, offered, code), term.form, theme, _likeness(term))
        for theme, (offered, nears, code) in enumerate(
            zip(candidates, cosines, languages, strict=True)
        )
        for term, near in zip(offered, nears, strict=True)
    )
    labels = [""] * len(candidates)
    given: set[tuple[str, ...]] = set()
    for _, form, theme, likeness in wanted:
        if not labels[theme] and likeness not in given:
            labels[theme] = form
            given.add(likeness)
    # Themes with the same few words are told apart by number.
    for _, form, theme, _ in wanted:
        if not labels[theme]:
            number = 2
            while f"{form} ({number})" in labels:
                number += 1
            labels[theme] = f"{form} ({number})"
    return labels


def _preference(term: Term, offered: Sequence[Term], language: str) -> float:
    heaviest = max(other.weight for other in offered)
    preference = _FOR_WEIGHT * math.sqrt(term.weight / heaviest)
    if len(term.words) > 1:
        preference += _FOR_PHRASE
    if language.partition("-")[0] == "en":
        if all(word in WEAK for word in term.content):
            preference += _FOR_WEAK
        if any(word not in term.content and word not in _CONNECTING for word in term.words):
            preference += _FOR_STATEMENT
    return preference


def _likeness(term: Term) -> tuple[str, ...]:
    """Return what two labels share that a reader would take for one."""
    return tuple(sorted({singular(word) for word in term.content}))
