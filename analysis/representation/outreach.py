"""How many more responses from whom, and where, so that no group stays under.

For one group or one dimension there is a formula; for several dimensions and areas at once an
integer program. Its cheapest answer alone would find all the missing young people in one
ward; so each stratum that is large enough to expect five responses has a target of its own.

A plan that cannot be reached, because too few people live there or partners have too little
time, is not an error: it says so, and how far it gets.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.stats import norm

from analysis.representation.invitations import CERTAINTY, invitations_needed, rounded_up
from analysis.representation.outreach_plan import (
    Group,
    Line,
    Partner,
    Plan,
    Reached,
    Stratum,
    plan_messages,
)
from analysis.representation.outreach_program import Floats, Program, Solution, solve

Progress = Callable[[int, int], None]

RATIO = 0.8
"""The share of responses aimed at, as a ratio of the share of the population."""
CELL_RATIO = 0.5
"""The same for a stratum of its own."""
PLAUSIBLE_RATE = 0.1
"""The share of a stratum's residents who may be hoped to answer in all."""
MOST_STRATA = 5_000

_EXPECTED = 5
_SIMULATIONS = 4_000
_ROUNDS = 6


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
    plausible_rate: float = PLAUSIBLE_RATE,
    partners: Sequence[Partner] = (),
    open_invitation: bool = True,
    certainty: float = CERTAINTY,
    seed: int = 0,
    seconds: float = 20.0,
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
    routes = list(_routes(strata, partners, open_invitation))
    aims = list(_aims(strata, ratio, cell_ratio, least))
    program = _program(strata, routes, aims, plausible_rate)
    report = progress or (lambda done, total: None)
    solution = solve(program, seconds)
    report(1, _ROUNDS + 1)
    invited = _Invited(None, None, None)
    rates = np.array([np.nan if route.rate is None else route.rate for route in routes])
    if solution.x[np.isfinite(rates)].any():
        invited = _invite(program, solution, rates, certainty, seed, seconds, report)
    report(_ROUNDS + 1, _ROUNDS + 1)
    return _plan(strata, routes, aims, program, solution, invited, ratio)


@dataclass(frozen=True, slots=True)
class _Route:
    """A way to a stratum: its place, the partner and the response rate."""

    stratum: int
    partner: Partner | None
    cost: float
    rate: float | None


@dataclass(frozen=True, slots=True)
class _Aim:
    """A target: whom it is of, the share of responses aimed at or 0, and people lacking."""

    groups: tuple[Group, ...]
    members: tuple[int, ...]
    share: float
    needed: float


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


def _routes(
    strata: Sequence[Stratum], partners: Sequence[Partner], open_invitation: bool
) -> Iterator[_Route]:
    for at, stratum in enumerate(strata):
        if open_invitation:
            yield _Route(at, None, stratum.cost, stratum.response_rate)
        for partner in partners:
            if partner.reaches(stratum):
                rate = partner.response_rate
                yield _Route(
                    at, partner, partner.cost, stratum.response_rate if rate is None else rate
                )


def _aims(
    strata: Sequence[Stratum], ratio: float, cell_ratio: float | None, least: int
) -> Iterator[_Aim]:
    people = sum(stratum.population for stratum in strata)
    responses = sum(stratum.respondents for stratum in strata)
    by_group: dict[Group, list[int]] = {}
    for at, stratum in enumerate(strata):
        for group in stratum.groups:
            by_group.setdefault(group, []).append(at)
    for group, members in sorted(by_group.items()):
        residents = sum(strata[at].population for at in members)
        so_far = sum(strata[at].respondents for at in members)
        share = residents / people
        if 0 < share < 1:
            aim = ratio * share
            yield _Aim((group,), tuple(members), aim, round(aim * responses - so_far, 9))
        wanted = min(least, math.floor(residents)) - so_far
        if wanted > 0:
            yield _Aim((group,), tuple(members), 0.0, wanted)
    for at, stratum in enumerate(strata):
        share = stratum.population / people
        if cell_ratio and len(strata) > 1 and responses * share >= _EXPECTED:
            aim = cell_ratio * share
            needed = round(aim * responses - stratum.respondents, 9)
            yield _Aim(tuple(sorted(stratum.groups)), (at,), aim, needed)


def _program(
    strata: Sequence[Stratum],
    routes: Sequence[_Route],
    aims: Sequence[_Aim],
    plausible_rate: float,
) -> Program:
    of_stratum: list[list[int]] = [[] for _ in strata]
    of_partner: dict[str, list[int]] = {}
    capacity = {}
    for at, route in enumerate(routes):
        of_stratum[route.stratum].append(at)
        if route.partner and route.partner.capacity is not None:
            of_partner.setdefault(route.partner.name, []).append(at)
            capacity[route.partner.name] = route.partner.capacity
    caps = [_cap(stratum, plausible_rate) for stratum in strata]
    shared = [(of_stratum[at], caps[at]) for at in range(len(strata)) if len(of_stratum[at]) > 1]
    shared += [(of_partner[name], capacity[name]) for name in of_partner]
    return Program(
        np.array([route.cost for route in routes]),
        np.array([float(caps[route.stratum]) for route in routes]),
        _incidence([[r for at in aim.members for r in of_stratum[at]] for aim in aims], len(routes)),
        np.array([aim.share for aim in aims]),
        np.array([aim.needed for aim in aims]),
        _incidence([members for members, _ in shared], len(routes)),
        np.array([float(most) for _, most in shared]),
    )


def _cap(stratum: Stratum, plausible_rate: float) -> int:
    residents = math.floor(round(plausible_rate * stratum.population, 9)) - stratum.respondents
    return max(0, residents if stratum.cap is None else stratum.cap)


def _incidence(rows: Sequence[Sequence[int]], columns: int) -> csr_array:
    at = [(row, column) for row, members in enumerate(rows) for column in members]
    places = np.array(at, dtype=np.intp).reshape(-1, 2).T
    return csr_array((np.ones(len(at)), (places[0], places[1])), shape=(len(rows), columns))


@dataclass(frozen=True, slots=True)
class _Invited:
    """Invitations per route, what they bring on average, how often the whole is reached."""

    invitations: Floats | None
    expected: Floats | None
    certainty: float | None


def _invite(
    program: Program,
    solution: Solution,
    rates: Floats,
    certainty: float,
    seed: int,
    seconds: float,
    report: Progress,
) -> _Invited:
    """Invite so many that all targets are met together with the certainty asked for.

    Enough for each line alone is tried first. But when more come than were needed the total
    grows, and with it what a share of it is; then each target gets a margin for that, in
    proportion to how much it varies, until simulated campaigns get there.
    """
    goal = program.needed - solution.lacking
    used = np.flatnonzero(solution.x)
    each = certainty ** (1 / max(1, len(used)))
    invitations = np.array(
        [
            0 if np.isnan(rate) else invitations_needed(int(x), rate, each)
            for x, rate in zip(solution.x, rates, strict=True)
        ],
        dtype=float,
    )
    best = _simulated(program, goal, solution.x, invitations, rates, seed)
    variances = np.where(np.isnan(rates), 0, solution.x * (1 - rates))
    slack = program.gains(solution.x) - goal
    close = (slack < 3 * np.sqrt(program.spread(variances))).sum()
    margin = norm.ppf(1 - (1 - certainty) / max(1, close))
    for turn in range(1, _ROUNDS):
        if best.certainty is None or best.certainty >= certainty - _SIMULATION_ERROR:
            break
        raised = replace(
            program, needed=goal + margin * np.sqrt(np.maximum(program.spread(variances), 0))
        )
        x = solve(raised, seconds).x
        invitations = np.where(np.isnan(rates), 0, np.ceil(np.round(x / rates, 9)))
        found = _simulated(program, goal, x, invitations, rates, seed)
        if found.certainty is not None and found.certainty > best.certainty:
            best = found
        variances = np.where(np.isnan(rates), 0, x * (1 - rates))
        margin *= 1.15
        report(turn + 1, _ROUNDS + 1)
    return best


def _simulated(
    program: Program,
    goal: Floats,
    x: Floats,
    invitations: Floats,
    rates: Floats,
    seed: int,
) -> _Invited:
    """Return invitations with the share of simulated campaigns in which all goals are met."""
    used = np.flatnonzero((x > 0) | (invitations > 0))
    rng = np.random.default_rng(seed)
    certain = np.isnan(rates[used])
    drawn = rng.binomial(
        np.where(certain, 0, invitations[used]).astype(np.int64),
        np.where(certain, 0.5, rates[used]),
        size=(_SIMULATIONS, len(used)),
    )
    answers = np.where(certain, x[used], drawn)
    gains = (program.members[:, used] @ answers.T).T - answers.sum(axis=1)[:, np.newaxis] * (
        program.aims
    )
    met = (gains >= goal - 1e-6).all(axis=1).mean()
    expected = np.where(np.isnan(rates), x, invitations * rates)
    return _Invited(np.where(np.isnan(rates), np.nan, invitations), expected, float(met))


def _plan(
    strata: Sequence[Stratum],
    routes: Sequence[_Route],
    aims: Sequence[_Aim],
    program: Program,
    solution: Solution,
    invited: _Invited,
    ratio: float,
) -> Plan:
    lines = []
    for at, route in enumerate(routes):
        invitations = None
        expected = None
        if invited.invitations is not None and not np.isnan(invited.invitations[at]):
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
        invited.certainty,
        (),
    )
    responses = sum(stratum.respondents for stratum in strata)
    return replace(plan, messages=tuple(plan_messages(plan, ratio, responses)))


def _reached(
    strata: Sequence[Stratum], aim: _Aim, program: Program, solution: Solution, at: int
) -> Reached:
    so_far = sum(strata[member].respondents for member in aim.members)
    residents = sum(strata[member].population for member in aim.members)
    after = so_far + int(round(float(program.members[[at]] @ solution.x)))
    responses = sum(stratum.respondents for stratum in strata) + solution.x.sum()
    people = sum(stratum.population for stratum in strata)
    return Reached(
        aim.groups,
        so_far,
        after,
        after + _ceil(float(solution.lacking[at])),
        residents,
        after / responses / (residents / people) if responses and residents else None,
    )
