"""What those who did not say could change.

Blanks and "prefer not to say" are in no share. They could all belong to one group, or none of
them; so each flag comes with the bounds that follow and with the number of them that would
undo it. Nobody's group is guessed from a name, a postcode or a language.

References
----------
.. [1] Manski (1995). Identification Problems in the Social Sciences, chapter 2.
"""

import math
from dataclasses import dataclass

from analysis.representation.comparison.gaps import State
from analysis.representation.comparison.materiality import MATERIALITY
from analysis.representation.watching.families import Tier
from analysis.statistics import Interval

MOST_UNKNOWN = 0.3
"""Above this share of unknown answers a confirmed flag needs to be robust."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """One group and those who did not say.

    Attributes
    ----------
    unknown : int
        People who gave no answer.
    share_unknown : float or None
        Of all respondents, from 0 to 1; None when there are none.
    bounds : Interval or None
        Lowest and highest share the group can have of all respondents.
    tipping_point : int
        For a group that is under: how many of the unknown would have to belong to it for the
        gap to be no longer material. For one that is over: how many would have to belong to
        other groups. 0 when the gap is not material as soon as the unknown are counted in.
    robust : bool
        The tipping point is beyond the number of unknown: no answers of theirs could undo it.
    """

    unknown: int
    share_unknown: float | None
    bounds: Interval | None
    tipping_point: int
    robust: bool


def unknown_effect(
    respondents: int,
    known: int,
    unknown: int,
    population_share: float,
    *,
    direction: State = State.UNDER,
    materiality: float = MATERIALITY,
) -> Unknown:
    """Return the bounds and the tipping point of one group.

    Parameters
    ----------
    respondents, known, unknown : int
        People in the group, people in any group, people who did not say.
    population_share : float
        Above 0, below 1.
    direction : State, default under
        Under or over: which gap is asked about.
    materiality : float, default 0.8

    Raises
    ------
    ValueError
        If a count is negative or larger than its base, or an option is out of its range.

    Examples
    --------
    >>> effect = unknown_effect(30, 500, 100, 0.10)
    >>> effect.tipping_point, effect.robust
    (18, False)
    """
    if not 0 <= respondents <= known or unknown < 0:
        raise ValueError("a group is from 0 to its base, and nobody unknown is fewer than none")
    if not 0 < population_share < 1 or not 0 < materiality <= 1:
        raise ValueError("a population share is between 0 and 1, materiality up to 1")
    if direction not in (State.UNDER, State.OVER):
        raise ValueError(f"a gap is under or over, not {direction}")
    everybody = known + unknown
    if direction is State.UNDER:
        short = materiality * population_share * everybody - respondents
    else:
        # The same, asked of all other groups together.
        short = (1 - population_share / materiality) * everybody - (known - respondents)
    # Rounded first: in floating point 0.8 * 0.1 * 600 - 30 is a little above 18.
    tipping_point = max(0, math.ceil(round(short, 9)))
    return Unknown(
        unknown=unknown,
        share_unknown=unknown / everybody if everybody else None,
        bounds=Interval(respondents / everybody, (respondents + unknown) / everybody)
        if everybody
        else None,
        tipping_point=tipping_point,
        robust=tipping_point > unknown,
    )


def cautious(tier: Tier, effect: Unknown) -> Tier:
    """Return the tier to show: confirmed becomes early when too many did not say.

    That is when more than 30 % are unknown and their answers could undo the gap.
    """
    many = effect.share_unknown is not None and effect.share_unknown > MOST_UNKNOWN
    return Tier.EARLY if tier is Tier.CONFIRMED and many and not effect.robust else tier
