"""How far two people find the same themes, or the machine those of a person.

Cohen's kappa for each theme [1]_, pooled over themes for a language and overall [2]_, with
intervals by resampling responses; Krippendorff's alpha, with a distance between sets that
gives credit for an overlap [3]_; and F1. Where two careful people agree at .6, a machine
cannot be held to .9.

References
----------
.. [1] Cohen (1960). A Coefficient of Agreement for Nominal Scales. Educational and
       Psychological Measurement 20(1), 37-46.
.. [2] De Vries, Elliott, Kanouse and Teleki (2008). Using Pooled Kappa to Summarize Interrater
       Agreement across Many Items. Field Methods 20(3), 272-282.
.. [3] Passonneau (2006). Measuring Agreement on Set-valued Items (MASI) for Semantic and
       Pragmatic Annotation. LREC.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, masi_distance
from numpy.typing import NDArray

from analysis.statistics import Interval, wilson
from analysis.themes.reviewing.accuracy import LEAST_REVIEWS, Labels, Measured, micro_f1, samples_f1

Floats = NDArray[np.float64]

# More different sets of themes than this are more than alpha can be worked out for: its cost
# grows with their square.
MOST_SETS = 1000

_REPLICATES = 1000
_BLOCK = 1 << 22


class Unknown(StrEnum):
    """Why there is no figure."""

    NO_OVERLAP = "no response was coded by both"
    ONE_CATEGORY = "both gave the same answer throughout, which chance would do too"
    TOO_FEW = "too few responses were coded by both"
    TOO_VARIED = "too many different sets of themes"


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance: 1 in everything, 0 as by chance, below 0 less than that.

    Attributes
    ----------
    value : float or None
    interval : Interval or None
        95 %, by resampling responses; rough below some fifty responses.
    unknown : Unknown or None
        Why there is no value; None when there is one.
    """

    value: float | None
    interval: Interval | None
    unknown: Unknown | None


@dataclass(frozen=True, slots=True)
class ThemeAgreement:
    """Two coders on one theme.

    Attributes
    ----------
    both, only_first, only_second, neither : int
        Responses by who found the theme.
    kappa : Kappa
    f1 : Measured or None
        None when neither found it, or too few responses were coded by both.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    kappa: Kappa
    f1: Measured | None


@dataclass(frozen=True, slots=True)
class SetAgreement:
    """Two coders on all themes, over some responses.

    Attributes
    ----------
    responses : int
        Coded by both.
    kappa : Kappa
        Pooled: from observed and expected agreement, each averaged over the themes.
    f1, samples_f1 : Measured or None
        Over all pairs, and as the mean over responses.
    """

    responses: int
    kappa: Kappa
    f1: Measured | None
    samples_f1: Measured | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two coders.

    Attributes
    ----------
    only_first, only_second : int
        Responses that one of them alone coded; they are in no figure.
    overall : SetAgreement
    alpha : float or None
        Krippendorff's, with the MASI distance between sets of themes.
    alpha_identical : float or None
        The same where only an identical set counts as agreement.
    alpha_unknown : Unknown or None
        Why there is no alpha; None when there is one.
    themes : tuple of ThemeAgreement
    languages : dict of str to SetAgreement
    """

    only_first: int
    only_second: int
    overall: SetAgreement
    alpha: float | None
    alpha_identical: float | None
    alpha_unknown: Unknown | None
    themes: tuple[ThemeAgreement, ...]
    languages: Mapping[str, SetAgreement]


def measure_agreement(
    first: Mapping[str, Set[int]],
    second: Mapping[str, Set[int]],
    n_themes: int,
    languages: Mapping[str, str],
    *,
    seed: int = 0,
) -> Agreement:
    """Compare two coders, or a coder with the machine.

    Parameters
    ----------
    first, second : mapping of str to set of int
        For each response that they coded its themes, from 0 to ``n_themes - 1``; an empty set
        where they found none. Both must have worked without seeing the other.
    n_themes : int
    languages : mapping of str to str
        By response; of those that both coded.
    seed : int
        For the resampling.

    Returns
    -------
    Agreement
        With figures from 30 responses on that both coded, in a language likewise.

    Raises
    ------
    ValueError
        If a theme is out of range, or a response that both coded has no language.
    """
    shared = sorted(first.keys() & second.keys())
    for coder in (first, second):
        if any(not 0 <= theme < n_themes for themes in coder.values() for theme in themes):
            raise ValueError(f"a theme is not one of {n_themes}")
    missing = [response for response in shared if response not in languages]
    if missing:
        raise ValueError(f"no language for {missing[0]!r}")

    one, two = _multi_hot(first, shared, n_themes), _multi_hot(second, shared, n_themes)
    spoken = np.array([languages[response] for response in shared], dtype=object)
    overall, kappas = _compare(one, two, seed)
    alphas = _alphas([first[key] for key in shared], [second[key] for key in shared])
    return Agreement(
        only_first=len(first.keys() - second.keys()),
        only_second=len(second.keys() - first.keys()),
        overall=overall,
        alpha=alphas[0],
        alpha_identical=alphas[1],
        alpha_unknown=alphas[2],
        themes=tuple(
            _theme(one[:, theme], two[:, theme], kappas[theme]) for theme in range(n_themes)
        ),
        languages={
            language: _compare(one[spoken == language], two[spoken == language], seed)[0]
            for language in sorted(set(spoken.tolist()))
        },
    )


def cohen_kappa(both: int, only_first: int, only_second: int, neither: int) -> float | None:
    """Return Cohen's kappa of two coders on one theme.

    Parameters
    ----------
    both, only_first, only_second, neither : int
        Responses by who found the theme.

    Returns
    -------
    float or None
        None without responses, and where both coders gave one and the same answer
        throughout: chance then explains all of their agreement.

    Raises
    ------
    ValueError
        If a count is negative.

    Examples
    --------
    >>> round(cohen_kappa(20, 5, 10, 15), 6)
    0.4
    """
    if min(both, only_first, only_second, neither) < 0:
        raise ValueError("a count is negative")
    total = both + only_first + only_second + neither
    if both == total or neither == total:
        return None
    pairs = (
        [(True, True)] * both
        + [(True, False)] * only_first
        + [(False, True)] * only_second
        + [(False, False)] * neither
    )
    return float(_task(pairs, binary_distance).kappa_pairwise("first", "second"))


def _compare(one: Labels, two: Labels, seed: int) -> tuple[SetAgreement, tuple[Kappa, ...]]:
    """Return the pooled figures, and the kappa of each theme."""
    n, n_themes = one.shape
    if n < LEAST_REVIEWS:
        none = Kappa(None, None, Unknown.TOO_FEW if n else Unknown.NO_OVERLAP)
        return SetAgreement(n, none, None, None), (none,) * n_themes
    draws = _replicates(one, two, seed)
    _, by_chance = _rates(np.full((1, n), 1 / n), one, two)
    kappas = []
    for theme in range(n_themes):
        a, b = one[:, theme], two[:, theme]
        value = cohen_kappa(*(int(np.sum(cell)) for cell in (a & b, a & ~b, ~a & b, ~a & ~b)))
        replicates = _chance_corrected(*(part[:, theme] for part in draws))
        kappas.append(_kappa(value, replicates, n, float(by_chance[0, theme])))
    pooled = Kappa(None, None, Unknown.ONE_CATEGORY)
    if any(kappa.value is not None for kappa in kappas):
        expected = float(by_chance.mean())
        value = (float(np.mean(one == two)) - expected) / (1 - expected)
        replicates = _chance_corrected(*(part.mean(axis=1) for part in draws))
        pooled = _kappa(value, replicates, n, expected)
    return SetAgreement(n, pooled, micro_f1(one, two), samples_f1(one, two)), tuple(kappas)


def _theme(one: Labels, two: Labels, kappa: Kappa) -> ThemeAgreement:
    enough = one.size >= LEAST_REVIEWS
    return ThemeAgreement(
        both=int(np.sum(one & two)),
        only_first=int(np.sum(one & ~two)),
        only_second=int(np.sum(~one & two)),
        neither=int(np.sum(~one & ~two)),
        kappa=kappa,
        f1=micro_f1(one[:, None], two[:, None]) if enough else None,
    )


def _kappa(value: float | None, replicates: Floats, n: int, by_chance: float) -> Kappa:
    if value is None:
        return Kappa(None, None, Unknown.ONE_CATEGORY)
    if value == 1:
        # Without a disagreement there is nothing to resample. Wilson's lower end of the
        # observed agreement stands in, with agreement by chance as it was found.
        low = (wilson(n, n).low - by_chance) / (1 - by_chance)
        return Kappa(value, Interval(low, 1.0), None)
    low, high = np.quantile(replicates, (0.025, 0.975)).tolist()
    return Kappa(value, Interval(low, high), None)


def _replicates(one: Labels, two: Labels, seed: int) -> tuple[Floats, Floats]:
    """Return observed and expected agreement by replicate and theme."""
    n = len(one)
    random = np.random.default_rng(seed)
    observed: list[Floats] = []
    expected: list[Floats] = []
    step = max(1, _BLOCK // n)  # bounds the draws held at once
    for start in range(0, _REPLICATES, step):
        rows = min(step, _REPLICATES - start)
        drawn = random.multinomial(n, np.full(n, 1 / n), size=rows) / n
        for parts, part in zip((observed, expected), _rates(drawn, one, two), strict=True):
            parts.append(part)
    return np.concatenate(observed), np.concatenate(expected)


def _rates(weights: Floats, one: Labels, two: Labels) -> tuple[Floats, Floats]:
    """Return agreement, observed and by chance, with each response at its weight."""
    agreed = weights @ (one == two)
    first, second = weights @ one, weights @ two
    return agreed, first * second + (1 - first) * (1 - second)


def _chance_corrected(observed: Floats, expected: Floats) -> Floats:
    """Return kappas; a replicate that drew one category alone leaves none."""
    left = 1 - expected
    usable = left > 1e-12
    return np.asarray((observed[usable] - expected[usable]) / left[usable])


def _alphas(
    one: list[Set[int]], two: list[Set[int]]
) -> tuple[float | None, float | None, Unknown | None]:
    # MASI divides by the size of the union: "no theme" has to be something.
    pairs = [
        (frozenset(a) or frozenset({-1}), frozenset(b) or frozenset({-1}))
        for a, b in zip(one, two, strict=True)
    ]
    different = {themes for pair in pairs for themes in pair}
    if not pairs:
        return None, None, Unknown.NO_OVERLAP
    if len(pairs) < LEAST_REVIEWS:
        return None, None, Unknown.TOO_FEW
    if len(different) == 1:
        return None, None, Unknown.ONE_CATEGORY
    if len(different) > MOST_SETS:
        return None, None, Unknown.TOO_VARIED
    masi, identical = (
        float(_task(pairs, distance).alpha()) for distance in (masi_distance, binary_distance)
    )
    return masi, identical, None


def _task(pairs: list[tuple[Any, Any]], distance: Callable[[Any, Any], float]) -> AnnotationTask:
    rows = [
        (coder, at, label)
        for at, pair in enumerate(pairs)
        for coder, label in zip(("first", "second"), pair, strict=True)
    ]
    return AnnotationTask(rows, distance=distance)


def _multi_hot(coder: Mapping[str, Set[int]], responses: list[str], n_themes: int) -> Labels:
    table = np.zeros((len(responses), n_themes), dtype=np.bool_)
    for at, response in enumerate(responses):
        table[at, sorted(coder[response])] = True
    return table
