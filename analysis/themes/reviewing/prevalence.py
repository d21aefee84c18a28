"""How common a theme really is, from a machine that errs and a sample read by people.

Counting what the machine assigned repeats its errors on every response. An audit sample,
drawn at random and read without seeing the machine's themes, shows how often it says a theme
too often and too rarely; the count is moved by that difference, and the interval says how
far it may be off. This is prediction-powered inference [1]_: right on the mean however bad
the machine, and the sharper the better it is.

References
----------
.. [1] Angelopoulos, Bates, Fannjiang, Jordan and Zrnic (2023). Prediction-powered inference.
       Science 382, 669-674.
.. [2] Bonett and Price (2012). Adjusted Wald confidence interval for a difference of binomial
       proportions based on paired data. Journal of Educational and Behavioral Statistics 37,
       479-488.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.statistics import Interval, wilson, z_score

# Below this many audited responses there is no estimate.
LEAST_AUDITED = 50
# A language needs this many of its own to be corrected by itself.
LEAST_STRATUM = 10

_Z = z_score(0.95)
_Rows = NDArray[np.intp]
_Labels = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of the responses with content.

    Attributes
    ----------
    share : float
        From 0 to 1.
    standard_error : float
        Of the share.
    interval : Interval
        95 %.
    """

    share: float
    standard_error: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class ThemePrevalence:
    """One theme.

    Attributes
    ----------
    machine_share : float or None
        As the machine counts; None when nobody answered.
    estimate : Estimate or None
        The machine's count, corrected by the audit. None: not yet.
    classical : Estimate or None
        From the audited responses alone, for comparison. None: not yet.
    languages : dict of str to (Estimate or None)
        Corrected within a language; None where too few of it were audited.
    """

    machine_share: float | None
    estimate: Estimate | None
    classical: Estimate | None
    languages: Mapping[str, Estimate | None]


@dataclass(frozen=True, slots=True)
class Prevalence:
    """All themes.

    Attributes
    ----------
    responses : int
        With content: the base of every share.
    audited : int
        Of these.
    still_needed : int
        Responses to audit before there is an estimate; 0 when there is one.
    strata : tuple of tuple of str
        Languages that were corrected together. Those with few audited responses are pooled.
    themes : tuple of ThemePrevalence
    """

    responses: int
    audited: int
    still_needed: int
    strata: tuple[tuple[str, ...], ...]
    themes: tuple[ThemePrevalence, ...]


def estimate_prevalence(
    predicted: ArrayLike,
    audited: Sequence[int],
    truth: ArrayLike,
    languages: Sequence[str] | None = None,
) -> Prevalence:
    """Correct the machine's shares by an audit.

    Each share is the mean of the machine's word over all responses, plus the mean of what
    people found beyond it in the audit; within languages, which then weigh by their size.

    Parameters
    ----------
    predicted : array-like of bool, shape (n_responses, n_themes)
        The machine's themes of every response with content, from a model that has not
        learned from the audit.
    audited : sequence of int, shape (n,)
        Responses read by people: a random sample, from :func:`audited_run`.
    truth : array-like of bool, shape (n, n_themes)
        The themes that people found in them.
    languages : sequence of str, shape (n_responses,), optional

    Returns
    -------
    Prevalence
        Without estimates when fewer than 50 were audited.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a response was audited twice or does not exist.
    """
    said, found = np.asarray(predicted, dtype=np.bool_), np.asarray(truth, dtype=np.bool_)
    rows = np.asarray(audited, dtype=np.intp)
    total = len(said)
    spoken = [""] * total if languages is None else list(languages)
    if said.ndim != 2 or found.shape != (rows.size, said.shape[1]) or len(spoken) != total:
        raise ValueError(
            f"machine {said.shape}, audit {found.shape} of {rows.size}, {len(spoken)} languages"
        )
    if len(set(audited)) != rows.size or not all(0 <= row < total for row in audited):
        raise ValueError("a response was audited twice or does not exist")

    enough = rows.size >= LEAST_AUDITED
    strata = _strata(spoken, rows) if enough else ()
    group = {language: at for at, members in enumerate(strata) for language in members}
    number = np.array([group.get(language, 0) for language in spoken], dtype=np.intp)
    within = {
        language: np.array([own == language for own in spoken], dtype=np.bool_)
        for language in sorted(set(spoken))
        if languages is not None
    }
    themes = []
    for theme in range(said.shape[1]):
        machine, people = said[:, theme], found[:, theme]
        themes.append(
            ThemePrevalence(
                machine_share=float(machine.mean()) if total else None,
                estimate=_corrected(machine, rows, people, number) if enough else None,
                classical=_classical(people) if enough else None,
                languages={
                    language: _within(machine, rows, people, members)
                    for language, members in within.items()
                },
            )
        )
    return Prevalence(
        responses=total,
        audited=rows.size,
        still_needed=max(0, LEAST_AUDITED - rows.size),
        strata=strata if languages is not None else (),
        themes=tuple(themes),
    )


def audited_run(order: Sequence[int], audited: Container[int]) -> tuple[int, ...]:
    """Return the audited responses at the head of the random order, up to the first gap.

    Only these are a random sample: what was read beyond a gap was picked by somebody, or
    drawn before later responses came in.

    Parameters
    ----------
    order : sequence of int
        From :func:`~.review_queue.audit_order`, over the responses with content.
    audited : container of int
        Responses that people have read blind.

    Examples
    --------
    >>> audited_run([4, 0, 2, 1, 3], {0, 1, 4})
    (4, 0)
    """
    run = []
    for row in order:
        if row not in audited:
            break
        run.append(row)
    return tuple(run)


def _strata(spoken: Sequence[str], rows: _Rows) -> tuple[tuple[str, ...], ...]:
    """Return languages that are corrected together, each lot with enough audited responses."""
    counts = dict.fromkeys(sorted(set(spoken)), 0)
    for row in rows.tolist():
        counts[spoken[row]] += 1
    alone = [(language,) for language, count in counts.items() if count >= LEAST_STRATUM]
    pooled = tuple(language for language, count in counts.items() if count < LEAST_STRATUM)
    if not pooled:
        return tuple(alone)
    if alone and sum(counts[language] for language in pooled) < LEAST_STRATUM:
        # Still too few together: they join the language with the fewest audited.
        least = min(alone, key=lambda members: (counts[members[0]], members))
        alone.remove(least)
        pooled = tuple(sorted((*least, *pooled)))
    return (*alone, pooled)


def _corrected(
    machine: _Labels, rows: _Rows, people: _Labels, number: NDArray[np.intp]
) -> Estimate:
    share = variance = spread = 0.0
    for stratum in np.unique(number):
        members, seen = number == stratum, number[rows] == stratum
        weight, size, read = members.mean(), members.sum(), seen.sum()
        counted = machine[members].mean()
        missed = int(np.sum(people[seen] & ~machine[rows[seen]]))
        wrong = int(np.sum(~people[seen] & machine[rows[seen]]))
        shift = (missed - wrong) / read
        share += weight * (counted + shift)
        of_machine = counted * (1 - counted) / size
        of_shift = ((missed + wrong) / read - shift**2) / (read - 1)
        variance += weight**2 * (of_machine + of_shift)
        # An audit that met no error does not prove that there are none: half of one of either
        # kind is added to the whole audit [2]_. Simulated with shares from .01 to .35 and 50
        # to 300 audited, the interval then holds in 94.7 cases of 100 or more; without, in 89.
        half = 0.5 * read / rows.size
        more, less = (missed + half) / (read + 2 * half), (wrong + half) / (read + 2 * half)
        of_shift = (more + less - (more - less) ** 2) / (read + 2 * half)
        spread += weight**2 * (of_machine + of_shift)
    reach = _Z * float(np.sqrt(spread))
    interval = Interval(max(0.0, float(share) - reach), min(1.0, float(share) + reach))
    return Estimate(min(1.0, max(0.0, float(share))), float(np.sqrt(variance)), interval)


def _classical(people: _Labels) -> Estimate:
    share = float(people.mean())
    error = float(np.sqrt(share * (1 - share) / people.size))
    return Estimate(share, error, wilson(int(people.sum()), people.size))


def _within(machine: _Labels, rows: _Rows, people: _Labels, members: _Labels) -> Estimate | None:
    """Return the corrected share of one language, or None when too few of it were audited."""
    seen = members[rows]
    if seen.sum() < LEAST_AUDITED:
        return None
    place = np.cumsum(members) - 1
    alone = np.zeros(int(members.sum()), dtype=np.intp)
    return _corrected(machine[members], place[rows[seen]], people[seen], alone)
