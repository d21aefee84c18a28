"""How often the machine finds the themes that a person finds.

Overall, and in every language, at every length, for every group: a mean over all hides whom
the machine serves badly.

Only blind review counts, by somebody who did not see what the machine said. Who is shown an
answer tends to agree with it, and a response that was merely left as it was may not have
been read at all; both are counted and left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics import Interval, wilson

# Below this many blind reviews nothing is said about a language, a length or a group, ...
LEAST_REVIEWS = 30
# ... and below this many with a theme, by machine or person, nothing about the theme.
LEAST_WITH_THEME = 10

LENGTHS = ("1-3", "4-10", "11-25", "26+")
_LONGEST = (3, 10, 25)

Labels = NDArray[np.bool_]


class How(StrEnum):
    """How a decision on a response's themes came about."""

    BLIND = "blind"  # without seeing the machine's themes
    SHOWN = "shown"  # confirmed or changed with the machine's themes in sight
    UNEDITED = "unedited"  # nobody objected, perhaps nobody looked


@dataclass(frozen=True, slots=True)
class Measured:
    """A rate from 0 to 1 with its 95 % interval."""

    value: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Scores:
    """The machine beside a person, over some responses.

    Attributes
    ----------
    reviews : int
        Blind reviews.
    precision, recall, f1 : Measured or None
        Over all pairs of response and theme (micro). None when there are too few reviews,
        or when the rate has no base: no precision where the machine gave no theme.
    samples_f1 : Measured or None
        Mean over responses of the F1 within each; 1 where both found no theme.
    """

    reviews: int
    precision: Measured | None
    recall: Measured | None
    f1: Measured | None
    samples_f1: Measured | None

    @property
    def too_few(self) -> bool:
        """Whether there are fewer than 30 reviews; say so in place of a figure."""
        return self.reviews < LEAST_REVIEWS


@dataclass(frozen=True, slots=True)
class ThemeScores:
    """The machine beside a person, on one theme.

    Attributes
    ----------
    concerned : int
        Blind reviews in which machine or person found the theme.
    precision, recall, f1 : Measured or None
        None when too few are concerned, or the rate has no base.
    """

    concerned: int
    precision: Measured | None
    recall: Measured | None
    f1: Measured | None

    @property
    def too_few(self) -> bool:
        """Whether fewer than 10 reviews concern the theme; say so in place of a figure."""
        return self.concerned < LEAST_WITH_THEME


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The machine beside people.

    Attributes
    ----------
    left_out : dict of How to int
        Decisions that were not blind.
    overall : Scores
    themes : tuple of ThemeScores
    languages : dict of str to Scores
    lengths : dict of str to Scores
        By number of words: ``1-3``, ``4-10``, ``11-25``, ``26+``.
    groups : dict of str to dict of str to Scores
        By column and value, for those who gave one.
    """

    left_out: Mapping[How, int]
    overall: Scores
    themes: tuple[ThemeScores, ...]
    languages: Mapping[str, Scores]
    lengths: Mapping[str, Scores]
    groups: Mapping[str, Mapping[str, Scores]]


def measure_accuracy(
    machine: ArrayLike,
    people: ArrayLike,
    how: Sequence[How],
    *,
    languages: Sequence[str],
    words: Sequence[int],
    groups: Mapping[str, Sequence[str | None]] | None = None,
) -> Accuracy:
    """Compare the machine's themes with people's, from blind review alone.

    Parameters
    ----------
    machine, people : array-like of bool, shape (n, n_themes)
        Themes by response, in the same order.
    how : sequence of How, shape (n,)
    languages : sequence of str, shape (n,)
    words : sequence of int, shape (n,)
        Length of each response.
    groups : mapping of str to sequence of (str or None), optional
        For each column a value by response; blank when not known.

    Returns
    -------
    Accuracy

    Raises
    ------
    ValueError
        If the shapes do not fit or a length is negative.
    """
    said, found = np.asarray(machine, dtype=np.bool_), np.asarray(people, dtype=np.bool_)
    columns: dict[str, Sequence[object]] = {"how": how, "languages": languages, "words": words}
    columns |= groups or {}
    if said.ndim != 2 or said.shape != found.shape:
        raise ValueError(f"machine of shape {said.shape}, people of shape {found.shape}")
    for name, values in columns.items():
        if len(values) != len(said):
            raise ValueError(f"{name}: {len(values)} values for {len(said)} responses")
    if any(count < 0 for count in words):
        raise ValueError("a response has a negative number of words")

    blind = [at for at, kind in enumerate(how) if kind is How.BLIND]
    said, found = said[blind], found[blind]
    bands = np.searchsorted(_LONGEST, [words[at] for at in blind])
    return Accuracy(
        left_out={kind: count for kind, count in Counter(how).items() if kind is not How.BLIND},
        overall=_scores(said, found),
        themes=tuple(_theme_scores(one, other) for one, other in zip(said.T, found.T, strict=True)),
        languages=_by_value([languages[at] for at in blind], said, found),
        lengths={
            name: _scores(said[bands == at], found[bands == at]) for at, name in enumerate(LENGTHS)
        },
        groups={
            column: _by_value([(values[at] or "").strip() for at in blind], said, found)
            for column, values in (groups or {}).items()
        },
    )


def measured_ratio(parts: ArrayLike, wholes: ArrayLike) -> Measured | None:
    """Return the sum of parts over the sum of wholes, by response, with an interval.

    Several themes of one response are not independent evidence. The interval is Wilson's at
    the effective sample size that the spread between responses implies [1]_, and never more
    than one observation a response.

    Parameters
    ----------
    parts, wholes : array-like of shape (n,)
        By response, ``0 <= part <= whole``.

    Returns
    -------
    Measured or None
        None when the wholes are all 0.

    References
    ----------
    .. [1] Korn and Graubard (1998). Confidence intervals for proportions with small expected
           number of positive counts estimated from survey data. Survey Methodology 24, 193-201.

    Examples
    --------
    >>> measured_ratio([1, 1, 1, 0], [1, 1, 1, 1]).value
    0.75
    """
    part, whole = np.asarray(parts, dtype=np.float64), np.asarray(wholes, dtype=np.float64)
    part, whole = part[whole > 0], whole[whole > 0]
    n = whole.size
    if not n:
        return None
    value = float(part.sum() / whole.sum())
    variance = float(np.sum((part - value * whole) ** 2)) / float(whole.sum()) ** 2
    effective = float(n)
    if variance > 0:
        effective = min(effective, value * (1 - value) / variance)
    return Measured(value, wilson(value * effective, effective))


def micro_f1(one: Labels, other: Labels) -> Measured | None:
    """Return the F1 over all pairs of response and theme; the same either way round."""
    return measured_ratio(2 * (one & other).sum(axis=1), one.sum(axis=1) + other.sum(axis=1))


def samples_f1(one: Labels, other: Labels) -> Measured | None:
    """Return the mean of the F1 within each response; 1 where neither has a theme."""
    both, either = 2 * (one & other).sum(axis=1), one.sum(axis=1) + other.sum(axis=1)
    within = np.where(either > 0, both / np.maximum(either, 1), 1.0)
    return measured_ratio(within, np.ones(len(one)))


def _scores(said: Labels, found: Labels) -> Scores:
    if len(said) < LEAST_REVIEWS:
        return Scores(len(said), None, None, None, None)
    right = (said & found).sum(axis=1)
    return Scores(
        reviews=len(said),
        precision=measured_ratio(right, said.sum(axis=1)),
        recall=measured_ratio(right, found.sum(axis=1)),
        f1=micro_f1(said, found),
        samples_f1=samples_f1(said, found),
    )


def _theme_scores(said: Labels, found: Labels) -> ThemeScores:
    concerned = int(np.sum(said | found))
    if concerned < LEAST_WITH_THEME:
        return ThemeScores(concerned, None, None, None)
    return ThemeScores(
        concerned=concerned,
        precision=measured_ratio(said & found, said),
        recall=measured_ratio(said & found, found),
        f1=micro_f1(said[:, None], found[:, None]),
    )


def _by_value(values: Sequence[str], said: Labels, found: Labels) -> dict[str, Scores]:
    """Return scores by value, blanks left out."""
    names = np.array(values, dtype=object)
    return {
        name: _scores(said[names == name], found[names == name])
        for name in sorted(set(values) - {""})
    }
