"""People, not sentences: how many respondents raise each theme, and who they are.

Somebody who writes ten sentences about buses counts once. The base of every share is the
respondents who wrote something with content; those who were asked and wrote nothing are no
evidence that a theme does not matter to them. Copies of a letter are real people and stay
in the counts; beside them stands the share with each letter counted once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics import (
    Interval,
    benjamini_hochberg,
    fisher_exact_each,
    newcombe_each,
    wilson,
)

Incidence = NDArray[np.bool_]

# Below this many people on a side a comparison says more about chance than about people.
LEAST_COMPARED = 10
# Share of false alarms that is accepted among the differences called clear.
FALSE_DISCOVERY_RATE = 0.05


class State(StrEnum):
    """What may be said of one group of people beside all others."""

    MORE = "more often"
    LESS = "less often"
    NO_CLEAR_DIFFERENCE = "no clear difference"
    TOO_FEW = "too few to tell"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Some people beside the rest.

    Attributes
    ----------
    count, base : int
        Of so many people, how many.
    rest_count, rest_base : int
        The same of all others who can be compared.
    difference : Interval or None
        Of the first share less the second, 95 %, for this comparison alone. None when
        there are too few people to tell; the counts stand all the same.
    p_value, q_value : float or None
        Fisher's exact test, and the same adjusted for every comparison of the table.
    state : State
    """

    count: int
    base: int
    rest_count: int
    rest_base: int
    difference: Interval | None
    p_value: float | None
    q_value: float | None
    state: State

    @property
    def share(self) -> float | None:
        """Of the group; None when it has no members."""
        return self.count / self.base if self.base else None

    @property
    def rest_share(self) -> float | None:
        """Of the rest; None when there is none."""
        return self.rest_count / self.rest_base if self.rest_base else None


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """One theme by respondents.

    Attributes
    ----------
    responses : int
        Respondents with at least one unit in the theme.
    share : float or None
        Of all respondents who gave content; None when nobody did.
    interval : Interval
        Of the share, Wilson, 95 %.
    responses_without_campaigns : int
        The same with every campaign counted as one voice, which has the theme when any of
        its members has.
    share_without_campaigns : float or None
        Of the voices.
    interval_without_campaigns : Interval
    languages : dict of str to int
        Respondents by language, in alphabetical order.
    groups : dict of str to dict of str to int
        Respondents by column and value; a value that nobody in the theme has counts 0.
    not_known : dict of str to int
        Respondents by column, where they left it blank.
    """

    responses: int
    share: float | None
    interval: Interval
    responses_without_campaigns: int
    share_without_campaigns: float | None
    interval_without_campaigns: Interval
    languages: Mapping[str, int]
    groups: Mapping[str, Mapping[str, int]]
    not_known: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GroupDifference:
    """How often one group raises one theme, beside everybody else whose group is known."""

    theme: int
    column: str
    value: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Counts:
    """All themes by respondents.

    Attributes
    ----------
    asked : int
        Respondents in the file.
    answering : int
        Those who gave content: the base of every share.
    voices : int
        The same with every campaign counted once.
    without_theme : int
        Answering, but with no unit in any theme.
    themes : tuple of ThemeCount
    languages : dict of str to int
        Answering respondents by language: the bases of the themes' counts.
    groups, not_known : dict
        Answering respondents by column and value, and those who left the column blank.
    differences : tuple of GroupDifference
        Every theme by every value of every column, one family of tests.
    """

    asked: int
    answering: int
    voices: int
    without_theme: int
    themes: tuple[ThemeCount, ...]
    languages: Mapping[str, int]
    groups: Mapping[str, Mapping[str, int]]
    not_known: Mapping[str, int]
    differences: tuple[GroupDifference, ...]


def incidence(
    respondents: ArrayLike, themes: ArrayLike, n_respondents: int, n_themes: int
) -> Incidence:
    """Return who raises what.

    Parameters
    ----------
    respondents : array-like of int, shape (n_units,)
        Whose unit it is, from 0 to ``n_respondents - 1``.
    themes : array-like of int, shape (n_units,)
        Its theme, from 0 to ``n_themes - 1``, or -1 for none. A unit in several themes
        occurs several times.
    n_respondents, n_themes : int

    Returns
    -------
    ndarray of bool, shape (n_respondents, n_themes)

    Raises
    ------
    ValueError
        If the shapes differ or an index is out of range.

    Examples
    --------
    >>> incidence([0, 0, 0, 1], [1, 1, 0, -1], 2, 2).tolist()
    [[True, True], [False, False]]
    """
    people, topics = np.asarray(respondents), np.asarray(themes)
    if people.shape != topics.shape or people.ndim != 1:
        raise ValueError(f"{people.shape} respondents but {topics.shape} themes of units")
    if people.size and not (people.min() >= 0 and people.max() < n_respondents):
        raise ValueError(f"a unit's respondent is not one of {n_respondents}")
    if topics.size and not (topics.min() >= -1 and topics.max() < n_themes):
        raise ValueError(f"a unit's theme is not one of {n_themes}")
    raised = np.zeros((n_respondents, n_themes), dtype=np.bool_)
    placed = topics >= 0
    raised[people[placed].astype(np.intp), topics[placed].astype(np.intp)] = True
    return raised


def count_themes(
    raised: Incidence,
    *,
    content: ArrayLike,
    campaigns: ArrayLike | None = None,
    languages: Sequence[str] | None = None,
    groups: Mapping[str, Sequence[str | None]] | None = None,
) -> Counts:
    """Count respondents by theme, language and group.

    Parameters
    ----------
    raised : ndarray of bool, shape (n_respondents, n_themes)
        From :func:`incidence`.
    content : array-like of bool, shape (n_respondents,)
        Who wrote something with content. Their number is the base.
    campaigns : array-like of int, shape (n_respondents,), optional
        The campaign whose letter a respondent sent, from 0 on, or -1.
    languages : sequence of str, shape (n_respondents,), optional
    groups : mapping of str to sequence of (str or None), optional
        For each column a value by respondent. A blank one is not known: it is counted and
        never compared.

    Returns
    -------
    Counts

    Raises
    ------
    ValueError
        If a length differs, or a theme holds somebody without content.
    """
    n_respondents, n_themes = raised.shape
    answering = np.asarray(content, dtype=np.bool_)
    _same_length("content", answering, n_respondents)
    if np.any(raised[~answering]):
        raise ValueError("a respondent without content is in a theme")
    base = int(answering.sum())

    voices, n_voices = _voices(answering, campaigns)
    voiced = np.zeros((n_voices, n_themes), dtype=np.bool_)
    who, what = np.nonzero(raised)
    voiced[voices[who], what] = True

    tables = {
        column: _Table.of(column, values, raised, answering)
        for column, values in (groups or {}).items()
    }
    spoken = None if languages is None else _Table.of("languages", languages, raised, answering)
    totals, total_voices = raised.sum(axis=0), voiced.sum(axis=0)
    return Counts(
        asked=n_respondents,
        answering=base,
        voices=n_voices,
        without_theme=int(np.sum(answering & ~raised.any(axis=1))),
        themes=tuple(
            ThemeCount(
                responses=int(totals[theme]),
                share=_share(totals[theme], base),
                interval=wilson(totals[theme], base),
                responses_without_campaigns=int(total_voices[theme]),
                share_without_campaigns=_share(total_voices[theme], n_voices),
                interval_without_campaigns=wilson(total_voices[theme], n_voices),
                languages=spoken.present(theme) if spoken else {},
                groups={column: table.by_value(theme) for column, table in tables.items()},
                not_known={column: table.blank(theme) for column, table in tables.items()},
            )
            for theme in range(n_themes)
        ),
        languages=spoken.present() if spoken else {},
        groups={column: table.by_value() for column, table in tables.items()},
        not_known={column: table.blank() for column, table in tables.items()},
        differences=_differences(tables),
    )


def compare_each(
    counts: ArrayLike, bases: ArrayLike, rest_counts: ArrayLike, rest_bases: ArrayLike
) -> tuple[Comparison, ...]:
    """Compare many groups with their rest, as one family of tests.

    A difference is clear when its adjusted p-value is at most 0.05 and its own interval
    leaves out 0, so that the two never contradict each other on a page.

    Parameters
    ----------
    counts, bases, rest_counts, rest_bases : array-like of int, all of one shape
        Of ``bases`` people ``counts``, and of the rest likewise.

    Returns
    -------
    tuple of Comparison
        In the order of the flattened arrays.

    Raises
    ------
    ValueError
        If a count is above its base or negative.
    """
    one, n_one, two, n_two = (
        np.asarray(values, dtype=np.int64).ravel()
        for values in (counts, bases, rest_counts, rest_bases)
    )
    enough = (n_one >= LEAST_COMPARED) & (n_two >= LEAST_COMPARED)
    low, high = newcombe_each(one, n_one, two, n_two)
    p_values = np.ones(one.size)
    p_values[enough] = fisher_exact_each(one, n_one - one, two, n_two - two)[enough]
    q_values = np.ones(one.size)
    # What is too small to compare is no test and must not dilute the others.
    q_values[enough] = benjamini_hochberg(p_values[enough])
    clear = q_values <= FALSE_DISCOVERY_RATE
    results = []
    for at in range(one.size):
        numbers = (int(one[at]), int(n_one[at]), int(two[at]), int(n_two[at]))
        if not enough[at]:
            results.append(Comparison(*numbers, None, None, None, State.TOO_FEW))
            continue
        state = State.NO_CLEAR_DIFFERENCE
        if clear[at] and low[at] > 0:
            state = State.MORE
        elif clear[at] and high[at] < 0:
            state = State.LESS
        interval = Interval(float(low[at]), float(high[at]))
        results.append(
            Comparison(*numbers, interval, float(p_values[at]), float(q_values[at]), state)
        )
    return tuple(results)


@dataclass(frozen=True, slots=True)
class _Table:
    """Themes by the values of one column; the last row holds the blanks."""

    values: tuple[str, ...]
    bases: NDArray[np.int64]
    counts: NDArray[np.int64]

    @classmethod
    def of(
        cls, column: str, values: Sequence[str | None], raised: Incidence, answering: Incidence
    ) -> "_Table":
        _same_length(column, values, len(raised))
        names = [(value or "").strip() for value in values]
        distinct = sorted(set(names) - {""})
        code = {name: at for at, name in enumerate([*distinct, ""])}
        codes = np.array([code[name] for name in names], dtype=np.intp)
        rows = len(distinct) + 1
        counts = [
            np.bincount(codes[raised[:, theme]], minlength=rows) for theme in range(raised.shape[1])
        ]
        return cls(
            values=tuple(distinct),
            bases=np.bincount(codes[answering], minlength=rows),
            counts=np.array(counts, dtype=np.int64).reshape(raised.shape[1], rows),
        )

    def by_value(self, theme: int | None = None) -> dict[str, int]:
        row = self.bases if theme is None else self.counts[theme]
        return dict(zip(self.values, row[:-1].tolist(), strict=True))

    def present(self, theme: int | None = None) -> dict[str, int]:
        return {value: count for value, count in self.by_value(theme).items() if count}

    def blank(self, theme: int | None = None) -> int:
        row = self.bases if theme is None else self.counts[theme]
        return int(row[-1])


def _differences(tables: Mapping[str, _Table]) -> tuple[GroupDifference, ...]:
    cells = [
        (theme, column, at)
        for column, table in tables.items()
        for theme in range(len(table.counts))
        for at in range(len(table.values))
    ]
    ones, n_ones, rests, n_rests = [], [], [], []
    for table in tables.values():
        counts = table.counts[:, :-1]
        bases = np.broadcast_to(table.bases[:-1], counts.shape)
        ones.append(counts.ravel())
        n_ones.append(bases.ravel())
        rests.append((counts.sum(axis=1, keepdims=True) - counts).ravel())
        n_rests.append((bases.sum(axis=1, keepdims=True) - bases).ravel())
    if not cells:
        return ()
    comparisons = compare_each(*(np.concatenate(part) for part in (ones, n_ones, rests, n_rests)))
    return tuple(
        GroupDifference(theme, column, tables[column].values[at], comparison)
        for (theme, column, at), comparison in zip(cells, comparisons, strict=True)
    )


def _voices(answering: Incidence, campaigns: ArrayLike | None) -> tuple[NDArray[np.intp], int]:
    """Return the voice of each respondent, and how many voices there are.

    A campaign's members share one; who is not answering has none (and a meaningless number).
    """
    sent = np.full(len(answering), -1) if campaigns is None else np.asarray(campaigns)
    _same_length("campaigns", sent, len(answering))
    in_letter = answering & (sent >= 0)
    alone = answering & ~in_letter
    voices = np.zeros(len(answering), dtype=np.intp)
    voices[alone] = np.arange(alone.sum())
    letters, numbers = np.unique(sent[in_letter], return_inverse=True)
    voices[in_letter] = alone.sum() + numbers
    return voices, int(alone.sum()) + letters.size


def _share(count: int, base: int) -> float | None:
    return int(count) / base if base else None


def _same_length(name: str, values: Sequence[object] | NDArray[np.generic], length: int) -> None:
    if len(values) != length:
        raise ValueError(f"{name}: {len(values)} values for {length} respondents")
