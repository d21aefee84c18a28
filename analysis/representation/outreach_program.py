"""The integer program behind a plan of several dimensions and areas at once."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

Floats = NDArray[np.float64]

_TOLERANCE = 1e-6
# A tenth of a per cent of a plan of a thousand people is one person.
_GAP = 1e-3


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


def solve(program: Program, seconds: float) -> Solution:
    """Meet all targets at the least cost; or lack as few people as can be, then cost least.

    Parameters
    ----------
    program : Program
    seconds : float
        Time for each of at most three searches; then the best plan found so far has to do,
        or no plan at all.
    """
    none = np.zeros(len(program.cost))
    x, certain = _search(program, program.cost, None, seconds)
    if x is None and certain:
        # It cannot be done. How little can be lacking?
        x, certain = _search(program, none, None, seconds, lacking=True)
        if x is not None:
            budget = program.lacking(x).sum()
            cheaper, certain = _search(program, program.cost, budget, seconds, lacking=True)
            x = x if cheaper is None else cheaper
    if x is None:
        x, certain = none, False
    return Solution(x, program.lacking(x), certain)


def _search(
    program: Program,
    cost: Floats,
    budget: float | None,
    seconds: float,
    *,
    lacking: bool = False,
) -> tuple[Floats | None, bool]:
    """Return the cheapest plan and whether the search came to its end.

    Targets may be missed if ``lacking``: by at most ``budget`` people in all, or as few as can
    be.
    """
    k, n = program.members.shape
    slack = k if lacking else 0
    # One more variable, the total, keeps the targets' rows short.
    aims = csr_array(-program.aims[:, np.newaxis])
    parts = [
        [program.members, aims, eye_array(k)],
        [csr_array(np.ones((1, n))), csr_array([[-1.0]]), None],
        [program.limits, None, None],
        [None, None, csr_array(np.ones((1, k)))],
    ]
    low = [program.needed - _TOLERANCE, [0.0], np.full(len(program.limit), -np.inf), [0.0]]
    high = [np.full(k, np.inf), [0.0], program.limit, [np.inf if budget is None else budget]]
    if not lacking:
        parts = [row[:2] for row in parts[:3]]
        low, high = low[:3], high[:3]
    if not len(program.limit):
        parts, low, high = (_without(each, 2) for each in (parts, low, high))
    weight_of_slack = 1.0 if lacking and budget is None else 0.0
    solution = milp(
        np.concatenate([cost, [0.0], np.full(slack, weight_of_slack)]),
        integrality=np.concatenate([np.ones(n), np.zeros(1 + slack)]),
        constraints=LinearConstraint(
            block_array(parts, format="csr"), np.concatenate(low), np.concatenate(high)
        ),
        bounds=Bounds(
            np.zeros(n + 1 + slack),
            np.concatenate([program.most, np.full(1 + slack, np.inf)]),
        ),
        options={"time_limit": seconds, "mip_rel_gap": _GAP},
    )
    found = None if solution.x is None else np.round(solution.x[:n])
    return found, solution.status in (0, 2)


def _without(items: list[Any], place: int) -> list[Any]:
    return items[:place] + items[place + 1 :]
