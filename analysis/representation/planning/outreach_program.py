"""The integer program behind a plan of several dimensions and areas at once."""

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from analysis.representation.planning.outreach_plan import Group, Partner, Stratum

Floats = NDArray[np.float64]

_TOLERANCE = 1e-6
# A tenth of a per cent of a plan of a thousand people is one person.
_GAP = 1e-3
_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a stratum: its place, the partner and the response rate."""

    stratum: int
    partner: Partner | None
    cost: float
    rate: float | None


@dataclass(frozen=True, slots=True)
class Aim:
    """A target: whom it is of, the share of responses aimed at or 0, and people lacking."""

    groups: tuple[Group, ...]
    members: tuple[int, ...]
    share: float
    needed: float


@dataclass(frozen=True, slots=True)
class Program:
    """Choose responses ``x`` per route so that every target is met at the least cost.

    A target is ``weights @ x >= needed``; its weights are 1 for routes to its group less
    the share aimed at, which is of all responses, those to come included.

    Attributes
    ----------
    cost, most : ndarray of shape (n_routes,)
    members : sparse array of shape (n_targets, n_routes)
        1 where a route reaches the target's group.
    aims : ndarray of shape (n_targets,)
        Share of all responses, or 0 for a target in people.
    needed : ndarray of shape (n_targets,)
    limits : sparse array of shape (n_limits, n_routes)
    limit : ndarray of shape (n_limits,)
        ``limits @ x <= limit``.
    """

    cost: Floats
    most: Floats
    members: csr_array
    aims: Floats
    needed: Floats
    limits: csr_array
    limit: Floats

    def gains(self, x: Floats) -> Floats:
        """Return ``weights @ x`` of each target."""
        gains: Floats = self.members @ x - self.aims * x.sum()
        return gains

    def lacking(self, x: Floats) -> Floats:
        """Return how many people each target lacks."""
        lacking = np.round(self.needed - self.gains(x), 6)
        return np.where(lacking > 0, lacking, 0.0)

    def spread(self, variances: Floats) -> Floats:
        """Return the variance of the gains if responses vary by themselves."""
        reached: Floats = self.members @ variances
        spread: Floats = self.aims**2 * variances.sum() + (1 - 2 * self.aims) * reached
        return spread


@dataclass(frozen=True, slots=True)
class Solution:
    """Responses per route, whole numbers, and what each target lacks."""

    x: Floats
    lacking: Floats
    cheapest: bool


def routes_of(
    strata: Sequence[Stratum], partners: Sequence[Partner], open_invitation: bool
) -> Iterator[Route]:
    """Yield every way to every stratum."""
    for at, stratum in enumerate(strata):
        if open_invitation:
            yield Route(at, None, stratum.cost, stratum.response_rate)
        for partner in partners:
            if partner.reaches(stratum):
                rate = partner.response_rate
                yield Route(
                    at, partner, partner.cost, stratum.response_rate if rate is None else rate
                )


def aims_of(
    strata: Sequence[Stratum],
    ratio: float,
    cell_ratio: float | None,
    least: int,
    groups: Collection[Group] | None,
) -> Iterator[Aim]:
    """Yield a target for each category, then for each stratum that is large enough."""
    people = sum(stratum.population for stratum in strata)
    responses = sum(stratum.respondents for stratum in strata)
    by_group: dict[Group, list[int]] = {}
    for at, stratum in enumerate(strata):
        for group in stratum.groups:
            if groups is None or group in groups:
                by_group.setdefault(group, []).append(at)
    for group, members in sorted(by_group.items()):
        residents = sum(strata[at].population for at in members)
        so_far = sum(strata[at].respondents for at in members)
        share = residents / people
        if 0 < share < 1:
            aim = ratio * share
            yield Aim((group,), tuple(members), aim, round(aim * responses - so_far, 9))
        wanted = min(least, math.floor(residents)) - so_far
        if wanted > 0:
            yield Aim((group,), tuple(members), 0.0, wanted)
    for at, stratum in enumerate(strata):
        share = stratum.population / people
        meant = groups is None or any(group in groups for group in stratum.groups)
        if cell_ratio and meant and len(strata) > 1 and responses * share >= _EXPECTED:
            aim = cell_ratio * share
            needed = round(aim * responses - stratum.respondents, 9)
            yield Aim(tuple(sorted(stratum.groups)), (at,), aim, needed)


def make_program(
    strata: Sequence[Stratum],
    routes: Sequence[Route],
    aims: Sequence[Aim],
    plausible_rate: float,
) -> Program:
    """Put routes, targets, caps and capacities into arrays."""
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
        np.array([_most(strata[route.stratum], route, caps[route.stratum]) for route in routes]),
        _incidence(
            [[r for at in aim.members for r in of_stratum[at]] for aim in aims], len(routes)
        ),
        np.array([aim.share for aim in aims]),
        np.array([aim.needed for aim in aims]),
        _incidence([members for members, _ in shared], len(routes)),
        np.array([float(most) for _, most in shared]),
    )


def _cap(stratum: Stratum, plausible_rate: float) -> int:
    residents = math.floor(round(plausible_rate * stratum.population, 9)) - stratum.respondents
    return max(0, residents if stratum.cap is None else stratum.cap)


def _most(stratum: Stratum, route: Route, cap: int) -> float:
    """Return the cap, or how many would answer on average if everybody were invited."""
    if route.rate is None:
        return float(cap)
    return float(min(cap, math.floor(round(route.rate * left(stratum), 9))))


def left(stratum: Stratum) -> int:
    """Return the residents who have not answered yet."""
    return max(0, math.floor(stratum.population) - stratum.respondents)


def _incidence(rows: Sequence[Sequence[int]], columns: int) -> csr_array:
    at = [(row, column) for row, members in enumerate(rows) for column in members]
    places = np.array(at, dtype=np.intp).reshape(-1, 2).T
    return csr_array((np.ones(len(at)), (places[0], places[1])), shape=(len(rows), columns))


def solve(program: Program, seconds: float, *, whole: bool = True) -> Solution:
    """Meet all targets at the least cost; or lack as few people as can be, then cost least.

    Parameters
    ----------
    program : Program
    seconds : float
        Time for each of at most three searches; then the best plan found so far has to do,
        or no plan at all.
    whole : bool
        Whether responses are whole people, which takes longer.
    """
    none = np.zeros(len(program.cost))
    x, certain = _search(program, program.cost, seconds, whole=whole)
    if x is None and certain:
        # It cannot be done. How little can be lacking?
        x, certain = _search(program, none, seconds, whole=whole, lacking=True)
        if x is not None:
            budget = program.lacking(x).sum() + _TOLERANCE
            cheaper, certain = _search(
                program, program.cost, seconds, whole=whole, lacking=True, budget=budget
            )
            x = x if cheaper is None else cheaper
    if x is None:
        x, certain = none, False
    return Solution(x, program.lacking(x), certain)


def _search(
    program: Program,
    cost: Floats,
    seconds: float,
    *,
    whole: bool,
    lacking: bool = False,
    budget: float | None = None,
) -> tuple[Floats | None, bool]:
    """Return the cheapest plan and whether the search came to its end.

    Targets may be missed if ``lacking``: by at most ``budget`` people in all, or as few as can
    be.
    """
    k, n = program.members.shape
    slack = k if lacking else 0
    # One more variable, the total, keeps the targets' rows short.
    total = csr_array(-program.aims[:, np.newaxis])
    rows: list[tuple[list[Any], Any, Any]] = [
        ([program.members, total, _identity(k, slack)], program.needed - _TOLERANCE, None),
        ([np.ones((1, n)), csr_array([[-1.0]]), None], [0.0], [0.0]),
    ]
    if len(program.limit):
        rows.append(([program.limits, None, None], None, program.limit))
    if budget is not None:
        rows.append(([None, None, np.ones((1, k))], None, [budget]))
    weight_of_slack = 1.0 if lacking and budget is None else 0.0
    solution = milp(
        np.concatenate([cost, [0.0], np.full(slack, weight_of_slack)]),
        integrality=np.concatenate([np.full(n, whole), np.zeros(1 + slack)]),
        constraints=LinearConstraint(
            block_array([blocks for blocks, _, _ in rows], format="csr"),
            np.concatenate([_bounds(blocks, low, -np.inf) for blocks, low, _ in rows]),
            np.concatenate([_bounds(blocks, high, np.inf) for blocks, _, high in rows]),
        ),
        bounds=Bounds(
            np.zeros(n + 1 + slack),
            np.concatenate([program.most, np.full(1 + slack, np.inf)]),
        ),
        options={"time_limit": seconds, "mip_rel_gap": _GAP},
    )
    if solution.x is None:
        return None, solution.status == 2
    x = np.maximum(solution.x[:n], 0)
    return np.round(x) if whole else x, solution.status == 0


def _identity(rows: int, columns: int) -> csr_array:
    return csr_array(eye_array(rows, columns))


def _bounds(blocks: Sequence[Any], bounds: Any, otherwise: float) -> Any:
    height = next(block.shape[0] for block in blocks if block is not None)
    return np.full(height, otherwise) if bounds is None else bounds
