"""How many people to invite so that enough of them answer."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom, norm

from analysis.representation.planning.outreach_program import Floats, Program, Solution, solve

CERTAINTY = 0.9
SEARCHES = 7
"""The most searches for a plan with invitations."""

_SIMULATIONS = 5_000
_SIMULATION_ERROR = 0.005
_MOST_TIMES = 3
_FEW_PEOPLE = 100


def invitations_needed(people: int, response_rate: float, certainty: float = CERTAINTY) -> int:
    """Return the fewest invitations that bring a number of answers with some certainty.

    Parameters
    ----------
    people : int
        Answers wanted, 0 or more.
    response_rate : float
        Share of those invited who answer, each by themselves; above 0, up to 1.
    certainty : float
        Above 0, below 1.

    Returns
    -------
    int
        The least number for which as many answers, binomially distributed, have at least
        this probability. On average ``people / response_rate`` would do, but only half the
        time.

    Raises
    ------
    ValueError
        If a value is out of range.

    Examples
    --------
    >>> invitations_needed(35, 0.05)
    851
    """
    if people < 0 or not 0 < response_rate <= 1 or not 0 < certainty < 1:
        raise ValueError(f"{people} people at a rate of {response_rate}, certainty {certainty}")
    if people == 0:
        return 0

    def enough(invited: int) -> bool:
        return bool(binom.sf(people - 1, invited, response_rate) >= certainty)

    # More invitations never make enough answers less likely, so halving finds the first.
    below, above = people - 1, math.ceil(round(people / response_rate, 9))
    while not enough(above):
        below, above = above, 2 * above
    while above - below > 1:
        middle = (below + above) // 2
        below, above = (below, middle) if enough(middle) else (middle, above)
    return above


@dataclass(frozen=True, slots=True)
class Invited:
    """Invitations per route, what they bring on average, how often the whole is reached.

    Attributes
    ----------
    invitations, expected : ndarray of shape (n_routes,)
        Routes without a response rate have no invitations, and bring what was planned.
    certainty : float
        Share of simulated campaigns in which all targets are met.
    in_rounds : bool
        Whether that is less than was asked for: there would be another round.
    """

    invitations: Floats
    expected: Floats
    certainty: float
    in_rounds: bool = False


def invite(
    program: Program,
    solution: Solution,
    rates: Floats,
    most: NDArray[np.int64],
    *,
    certainty: float,
    seed: int,
    seconds: float,
    report: Callable[[int, int], None],
) -> Invited:
    """Invite so many that all targets are met together with the certainty asked for.

    Enough for each line alone is tried first. But when more come than were needed the total
    grows, and with it what a share of it is; then each target gets a margin for that, in
    proportion to how much it varies, until simulated campaigns get there. Where many small
    targets would take several times as many people to be sure of all, as many are invited as
    bring the plan on average: it is then for the next plan, with their answers in, to mend
    what chance left out.

    Parameters
    ----------
    program : Program
    solution : Solution
        Of that program.
    rates : ndarray of shape (n_routes,)
        Response rates; NaN where responses are taken to come as planned.
    most : ndarray of int of shape (n_routes,)
        People who can be invited.
    certainty : float
    seed : int
    seconds : float
        For each further search.
    report : callable
        Takes the searches done and the most there can be.
    """
    goal = program.needed - solution.lacking
    is_certain = np.isnan(rates)

    def tried(x: Floats, invitations: Floats) -> Invited:
        asked = np.where(is_certain, 0, np.minimum(invitations, most))
        return _simulated(program, goal, x, asked, rates, seed)

    lines = np.count_nonzero(solution.x)
    each = certainty ** (1 / lines)
    # For one line alone the number is exact, and the simulation only looks for side effects.
    wanted = certainty + (_SIMULATION_ERROR if lines > 1 else -2 * _SIMULATION_ERROR)
    alone = [
        0 if np.isnan(rate) else invitations_needed(int(x), rate, each)
        for x, rate in zip(solution.x, rates, strict=True)
    ]
    found, x = tried(solution.x, np.array(alone, dtype=float)), solution.x
    deviation = np.sqrt(program.spread(np.where(is_certain, 0, x * (1 - rates))))
    close = int((program.gains(x) - goal < 3 * deviation).sum())
    margin = float(norm.isf((1 - certainty) / max(1, close)))
    turn = 1
    while found.certainty < wanted:
        turn += 1
        x = solve(replace(program, needed=goal + margin * deviation), seconds, whole=False).x
        report(turn, SEARCHES)
        if turn == SEARCHES or x.sum() > max(_MOST_TIMES * solution.x.sum(), _FEW_PEOPLE):
            first_round = tried(solution.x, _on_average(solution.x, rates))
            return replace(first_round, in_rounds=True)
        found = tried(x, _on_average(x, rates))
        deviation = np.sqrt(program.spread(np.where(is_certain, 0, x * (1 - rates))))
        margin *= 1.15
    return found


def _on_average(x: Floats, rates: Floats) -> Floats:
    invitations: Floats = np.ceil(np.round(x / rates, 9))
    return invitations


def _simulated(
    program: Program,
    goal: Floats,
    x: Floats,
    invitations: Floats,
    rates: Floats,
    seed: int,
) -> Invited:
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
    return Invited(invitations, expected, float(met))
