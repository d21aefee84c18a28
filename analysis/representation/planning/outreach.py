"""How many more responses from whom, and where, so that no group stays under.

For one group or one dimension there is a formula; for several dimensions and areas at once an
integer program. Its cheapest answer alone would find all the missing young people in one
ward; so each stratum that is large enough to expect five responses has a target of its own.

A plan that cannot be reached, because too few people live there or partners have too little
time, is not an error: it says so, and how far it gets.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from analysis.representation.planning.invitations import CERTAINTY, SEARCHES, Invited, invite
from analysis.representation.planning.outreach_plan import (
    Group,
    Line,
    Partner,
    Plan,
    Reached,
    Stratum,
    plan_messages,
    rounded_up,
)
from analysis.representation.planning.outreach_program import (
    Aim,
    Program,
    Route,
    Solution,
    aims_of,
    left,
    make_program,
    routes_of,
    solve,
)

Progress = Callable[[int, int], None]

RATIO = 0.8
"""The share of responses aimed at, as a ratio of the share of the population."""
CELL_RATIO = 0.5
"""The same for a stratum of its own."""
PLAUSIBLE_RATE = 0.1
"""The share of a stratum's residents who may be hoped to answer in all."""
MOST_STRATA = 5_000


def needed_for_group(
    respondents: int, total: int, population_share: float, ratio: float = RATIO
) -> int:
    """Return how many more of one group are needed, if only they come.

    Parameters
    ----------
    respondents, total : int
        Responses of the group and of everybody.
    population_share : float
        0 to 1.
    ratio : float
        Share of responses aimed at, as a ratio of the population share; 1 is parity.

    Raises
    ------
    ValueError
        If a value is out of range, or the aim is that all responses be of this group.

    Examples
    --------
    >>> needed_for_group(30, 500, 0.12, 1), needed_for_group(30, 500, 0.12)
    (35, 20)
    """
    aim = ratio * population_share
    if not (0 <= respondents <= total and 0 <= population_share <= 1 and 0 < ratio <= 1):
        raise ValueError(f"{respondents} of {total} responses, {ratio} of {population_share}")
    if aim >= 1:
        raise ValueError("one group cannot be all responses")
    return max(0, _ceil((aim * total - respondents) / (1 - aim)))


def needed_for_dimension(
    respondents: ArrayLike, population: ArrayLike, ratio: float = RATIO
) -> tuple[int, ...]:
    """Return how many more of each group are needed, together, so that none stays below.

    Parameters
    ----------
    respondents : array-like of int of shape (n_groups,)
    population : array-like of shape (n_groups,)
        People or shares. A group of nobody is left as it is.
    ratio : float
        Above 0; 1 is parity: the shares of the population, to within a person.

    Raises
    ------
    ValueError
        If shapes differ, a value is negative, or the population is nobody.

    Examples
    --------
    >>> needed_for_dimension([30, 50, 20], [0.2, 0.5, 0.3])
    (0, 0, 6)
    >>> needed_for_dimension([30, 50, 20], [0.2, 0.5, 0.3], ratio=1)
    (0, 25, 25)
    """
    counts, residents = np.asarray(respondents, dtype=float), np.asarray(population, dtype=float)
    if counts.shape != residents.shape or counts.ndim != 1 or not 0 < ratio <= 1:
        raise ValueError(f"shapes {counts.shape} and {residents.shape}, ratio {ratio}")
    if (counts < 0).any() or (residents < 0).any() or not 0 < residents.sum() < math.inf:
        raise ValueError("counts of people are 0 or more, and somebody lives there")
    counts = np.where(residents > 0, counts, 0)
    shares = residents / residents.sum()
    if ratio == 1:
        # Whoever is furthest over sets the size at which all can be in proportion.
        size = max(count / share for count, share in zip(counts, shares, strict=True) if share)
        return tuple(_ceil(share * size - n) for n, share in zip(counts, shares, strict=True))
    more = [0] * len(counts)
    while True:
        # All groups' needs grow with the total that they are shares of, so this only rises,
        # and it stops because the aims sum to less than all.
        size = counts.sum() + sum(more)
        next_more = [
            max(0, _ceil(ratio * share * size - count))
            for count, share in zip(counts, shares, strict=True)
        ]
        if next_more == more:
            return tuple(more)
        more = next_more


def _ceil(value: float) -> int:
    """Round up, but not for the sake of floating point: 20.000000001 is 20."""
    return math.ceil(round(value, 9))


def plan_outreach(
    strata: Sequence[Stratum],
    *,
    ratio: float = RATIO,
    cell_ratio: float | None = CELL_RATIO,
    least: int = 0,
    groups: Collection[Group] | None = None,
    plausible_rate: float = PLAUSIBLE_RATE,
    partners: Sequence[Partner] = (),
    open_invitation: bool = True,
    certainty: float = CERTAINTY,
    seed: int = 0,
    seconds: float = 10.0,
    progress: Progress | None = None,
) -> Plan:
    """Plan for several dimensions and areas at once.

    Parameters
    ----------
    strata : sequence of Stratum
        Each with the same dimensions, in any order; no two alike. They are the population.
    ratio : float
        Of each category: share of responses aimed at to share of the population.
    cell_ratio : float or None
        The same of each stratum that expects five responses or more; None sets no such aim.
    least : int
        Responses that each category should have so that its opinions can be reported, e.g. 30.
    groups : collection of Group, optional
        Categories to bring up, e.g. those flagged; by default all. In a small consultation
        chance alone puts some of many categories below their target.
    plausible_rate : float
        Share of a stratum's residents who may be hoped to answer in all.
    partners : sequence of Partner
    open_invitation : bool
        Whether people may be invited without a partner too.
    certainty : float
        With which the invitations are to bring enough.
    seed : int
        Of the simulated campaigns.
    seconds : float
        For each search; there are a few.
    progress : callable, optional
        Called with searches done and the most there can be.

    Raises
    ------
    ValueError
        If strata differ in their dimensions, two are alike, there are too many, or a value is
        out of range.
    """
    _check(strata, ratio, cell_ratio, plausible_rate)
    strata = sorted(strata, key=lambda stratum: sorted(stratum.groups))
    routes = list(routes_of(strata, partners, open_invitation))
    aims = list(aims_of(strata, ratio, cell_ratio, least, groups))
    program = make_program(strata, routes, aims, plausible_rate)
    report = progress or (lambda done, total: None)
    solution = solve(program, seconds)
    report(1, SEARCHES)
    invited: Invited | None = None
    rates = np.array([np.nan if route.rate is None else route.rate for route in routes])
    if solution.x[np.isfinite(rates)].any():
        invited = invite(
            program,
            solution,
            rates,
            np.array([left(strata[route.stratum]) for route in routes]),
            certainty=certainty,
            seed=seed,
            seconds=seconds,
            report=report,
        )
    report(SEARCHES, SEARCHES)
    return _plan(strata, routes, aims, program, solution, invited, ratio)


def _check(
    strata: Sequence[Stratum], ratio: float, cell_ratio: float | None, plausible_rate: float
) -> None:
    if not strata or len(strata) > MOST_STRATA:
        raise ValueError(f"{len(strata)} strata; 1 to {MOST_STRATA} can be planned for")
    dimensions = {tuple(sorted(dimension for dimension, _ in one.groups)) for one in strata}
    if len(dimensions) > 1 or len(set(next(iter(dimensions)))) < len(next(iter(dimensions))):
        raise ValueError("each stratum needs the same dimensions, each once")
    if len({frozenset(stratum.groups) for stratum in strata}) < len(strata):
        raise ValueError("two strata are alike")
    if not (0 < ratio <= 1 and 0 <= plausible_rate <= 1 and 0 <= (cell_ratio or 0) <= ratio):
        raise ValueError(f"ratio {ratio}, cell ratio {cell_ratio}, rate {plausible_rate}")
    if any(one.respondents < 0 or one.population < 0 or one.cost <= 0 for one in strata):
        raise ValueError("people cannot be fewer than 0, nor costs 0 or less")
    if sum(one.population for one in strata) <= 0:
        raise ValueError("nobody lives in any stratum")


def _plan(
    strata: Sequence[Stratum],
    routes: Sequence[Route],
    aims: Sequence[Aim],
    program: Program,
    solution: Solution,
    invited: Invited | None,
    ratio: float,
) -> Plan:
    lines = []
    for at, route in enumerate(routes):
        invitations = None
        expected = None
        if invited is not None and route.rate is not None:
            invitations, expected = int(invited.invitations[at]), float(invited.expected[at])
        if solution.x[at] or invitations:
            stratum = strata[route.stratum]
            lines.append(
                Line(
                    stratum.groups,
                    route.partner.name if route.partner else None,
                    route.partner.languages if route.partner else (),
                    stratum.respondents,
                    int(solution.x[at]),
                    rounded_up(int(solution.x[at])),
                    invitations,
                    expected,
                )
            )
    reached = tuple(_reached(strata, aim, program, solution, at) for at, aim in enumerate(aims))
    plan = Plan(
        tuple(sorted(lines, key=lambda line: -line.people)),
        reached,
        int(solution.x.sum()),
        not solution.lacking.any(),
        solution.cheapest,
        invited.certainty if invited else None,
        invited is not None and invited.in_rounds,
        (),
    )
    responses = sum(stratum.respondents for stratum in strata)
    return replace(plan, messages=tuple(plan_messages(plan, ratio, responses)))


def _reached(
    strata: Sequence[Stratum], aim: Aim, program: Program, solution: Solution, at: int
) -> Reached:
    so_far = sum(strata[member].respondents for member in aim.members)
    residents = sum(strata[member].population for member in aim.members)
    after = so_far + round(float((program.members @ solution.x)[at]))
    responses = sum(stratum.respondents for stratum in strata) + solution.x.sum()
    people = sum(stratum.population for stratum in strata)
    return Reached(
        aim.groups,
        so_far,
        after,
        after + _ceil(float(solution.lacking[at])),
        residents,
        float(after / responses / (residents / people)) if responses and residents else None,
    )
