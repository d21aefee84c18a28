"""Quotes that show what a theme is about: typical, varied, short, and nobody's in particular.

Maximal marginal relevance [1]_ picks one quote after the other: near the theme's middle, and
not what has just been said. No quote holds personal data that can be found; what cannot be
found is why a person approves every quote before it is published.

References
----------
.. [1] Carbonell and Goldstein (1998). The use of MMR, diversity-based reranking for
       reordering documents and producing summaries. SIGIR, 335-336.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.text.normalise import comparison_key, word_pattern
from analysis.text.personal import find_personal_data
from analysis.themes.embedding.protocol import Vectors

_SHORTEST = 5
_LONGEST = 60
# The nearest this many are compared with each other; no more than so many are read for them.
_POOL = 200
_MOST_READ = 4000
# What 55 words more cost, in cosine: among near equals the shorter is taken.
_LENGTH_COST = 0.03
# Cosine from which two quotes say the same; then the second waits until nothing else is left.
_TOO_ALIKE = 0.8
_BLOCK = 4096
_LETTERS_OF_A_WORD = 2

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit of a theme that could be quoted.

    Attributes
    ----------
    response : str
        Whose it is.
    text : str
        As written.
    language : str
    vector_index : int
        Its row in the vectors.
    campaign : int or None
        The letter it is a copy of.
    """

    response: str
    text: str
    language: str
    vector_index: int
    campaign: int | None = None


def choose_exemplars(
    candidates: Sequence[Candidate],
    vectors: Vectors,
    centroid: Vectors,
    *,
    at_most: int = 5,
    relevance: float = 0.7,
    language_share: float = 0.2,
) -> tuple[int, ...]:
    """Choose quotes for one theme.

    Of 5 to 60 words, of different respondents, without personal data, no text twice and at
    most one of a campaign. Where a language has none of 5 words a shorter one is taken.

    Parameters
    ----------
    candidates : sequence of Candidate
        The theme's units, in any order.
    vectors : ndarray of shape (n, d)
        Unit rows.
    centroid : ndarray of shape (d,)
        Middle of the theme, of any length.
    at_most : int, default 5
    relevance : float, default 0.7
        What nearness to the middle weighs against being unlike the quotes before, 0 to 1.
    language_share : float, default 0.2
        Each language in which at least this share of the respondents wrote has a quote, as
        far as there is room: the most frequent first.

    Returns
    -------
    tuple of int
        Places in ``candidates``, in the order chosen; the same quotes for every order of the
        candidates. Empty if every one holds personal data.

    Raises
    ------
    ValueError
        If ``at_most`` is below one or a share not between 0 and 1.

    Notes
    -----
    The 200 nearest that may be quoted take part, of the theme and of each frequent language,
    among the 4,000 nearest of it.
    """
    if at_most < 1:
        raise ValueError(f"at_most must be at least 1, not {at_most}")
    for name, share in (("relevance", relevance), ("language_share", language_share)):
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"{name} must be between 0 and 1, not {share}")
    if not candidates:
        return ()
    cosines = _cosines(np.array([one.vector_index for one in candidates]), vectors, centroid)
    nearest = sorted(
        range(len(candidates)),
        key=lambda at: (-cosines[at], candidates[at].text, candidates[at].response),
    )
    pool = dict.fromkeys(_quotable(candidates, nearest, at_most))
    wanted = _frequent_languages(candidates, language_share)
    for language in wanted:
        own = [at for at in nearest if candidates[at].language == language]
        pool |= dict.fromkeys(_quotable(candidates, own, at_most))
    offered = list(pool)
    rows = vectors[[candidates[at].vector_index for at in offered]].astype(np.float64)
    worth = [
        cosines[at] - _LENGTH_COST * count_words(candidates[at].text) / (_LONGEST - _SHORTEST)
        for at in offered
    ]
    picked = _pick(
        [candidates[at] for at in offered], rows, np.array(worth), relevance, at_most, wanted
    )
    return tuple(offered[at] for at in picked)


def count_words(text: str) -> int:
    """Count words; of scripts without spaces between them, two letters are a word.

    Examples
    --------
    >>> count_words("The x-ray took 3 hours"), count_words("停车太贵了")
    (6, 2)
    """
    words = unspaced = 0
    for word in word_pattern().findall(text):
        letters = sum(map(_is_unspaced, word))
        unspaced += letters
        words += letters == 0
    return words + unspaced // _LETTERS_OF_A_WORD


def _is_unspaced(character: str) -> bool:
    """Tell a letter of Chinese, Japanese, Thai or Lao."""
    return "\u3041" <= character <= "\u9fff" or "\u0e01" <= character <= "\u0eff"


def _cosines(indexes: NDArray[np.int64], vectors: Vectors, centroid: Vectors) -> Numbers:
    middle = centroid.astype(np.float64)
    middle /= max(float(np.sqrt(np.sum(middle * middle))), 1e-12)
    found = np.empty(len(indexes))
    for start in range(0, len(indexes), _BLOCK):
        rows = vectors[indexes[start : start + _BLOCK]].astype(np.float64)
        # einsum without optimize: a row's sum does not depend on the rows beside it.
        found[start : start + _BLOCK] = np.einsum("nd,d->n", rows, middle)
    return found


def _frequent_languages(candidates: Sequence[Candidate], share: float) -> list[str]:
    """Return the languages of at least that share of the respondents, largest first."""
    writers: dict[str, set[str]] = defaultdict(set)
    for one in candidates:
        writers[one.language].add(one.response)
    least = share * len(set().union(*writers.values()))
    return sorted(
        (language for language, own in writers.items() if len(own) >= least),
        key=lambda language: (-len(writers[language]), language),
    )


def _quotable(candidates: Sequence[Candidate], nearest: Sequence[int], copies: int) -> list[int]:
    """Return the nearest that may be quoted; short ones only where there are no others."""
    found: tuple[list[int], list[int]] = ([], [])
    held: Counter[tuple[bool, int | str]] = Counter()
    for at in nearest[:_MOST_READ]:
        one = candidates[at]
        words = count_words(one.text)
        is_short = words < _SHORTEST
        if not 0 < words <= _LONGEST or (is_short and (found[0] or len(found[1]) == _POOL)):
            continue
        # A letter of many copies does not fill the pool. As many stay as there are quotes:
        # if the others are by the same respondents, one copy is still somebody else's.
        same: list[tuple[bool, int | str]] = [(is_short, comparison_key(one.text))]
        if one.campaign is not None:
            same.append((is_short, one.campaign))
        if any(held[copy] >= copies for copy in same) or find_personal_data(one.text):
            continue
        held.update(same)
        found[is_short].append(at)
        if len(found[0]) == _POOL:
            break
    return found[0] or found[1]


def _pick(
    offered: Sequence[Candidate],
    rows: Numbers,
    worth: Numbers,
    relevance: float,
    at_most: int,
    wanted: Sequence[str],
) -> Iterator[int]:
    """Give places in ``offered``, by maximal marginal relevance among what is still free."""
    keys = [comparison_key(one.text) for one in offered]
    free = set(range(len(offered)))
    closest = np.zeros(len(offered))
    missing = list(wanted)
    for room in range(at_most, 0, -1):
        here = {offered[at].language for at in free}
        missing = [language for language in missing if language in here]
        allowed = free
        if room <= len(missing):
            allowed = {at for at in free if offered[at].language in missing[:room]}
        if not allowed:
            return
        allowed = {at for at in allowed if closest[at] < _TOO_ALIKE} or allowed
        score = relevance * worth - (1.0 - relevance) * closest
        picked = min(allowed, key=lambda at: (-score[at], at))
        yield picked
        own = offered[picked]
        missing = [language for language in missing if language != own.language]
        free = {
            at
            for at in free
            if offered[at].response != own.response
            and keys[at] != keys[picked]
            and (own.campaign is None or offered[at].campaign != own.campaign)
        }
        closest = np.maximum(closest, np.einsum("nd,d->n", rows, rows[picked]))
