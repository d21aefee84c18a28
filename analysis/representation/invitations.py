"""How many people to invite so that enough of them answer."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

CERTAINTY = 0.9
STEP = 5
"""Numbers of people are shown rounded up to this: plans are not exact to one person."""


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


def rounded_up(people: int, step: int = STEP) -> int:
    """Return a number of people as it is shown: rounded up to the next five.

    Examples
    --------
    >>> rounded_up(34), rounded_up(35), rounded_up(0)
    (35, 35, 0)
    """
    return -(-people // step) * step
