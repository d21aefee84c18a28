"""What is said of a group: exactly, or as far as the published numbers carry it.

How many are missing of a group would tell how many there are, and so would a figure of how alike
respondents and residents are; a flag would tell on which side of a boundary the number lies. So
in public all of these are worked out from published numbers and from nothing else. That a group
is under, over or in line is said only if it holds of every number that the published ones can
stand for, whether the group is shown or hidden.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from analysis.disclosure import Published
from analysis.representation.comparison.gaps import GroupGap, State, Untested, group_gaps
from analysis.representation.comparison.materiality import MATERIALITY
from analysis.representation.comparison.missing import cautious, unknown_effect
from analysis.representation.planning.outreach import needed_for_group
from analysis.representation.run import GroupResult
from analysis.representation.watching.evalues import ALPHA, log_e_value
from analysis.representation.watching.families import Rules, Tier
from consult.services.watching import gaps

MOST_HIDDEN: Final = 0.1
"""Share of residents in hidden groups from which it is not said how alike people are made up."""

ROUNDED_TO: Final = 5

Standing: TypeAlias = Literal["under", "in_line", "over", "too_few", "untested"]
Firmness: TypeAlias = Literal["confirmed", "early", "none"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What is said of a group; as in :class:`consult.reports.data.GroupLine`."""

    state: Standing
    tier: Firmness
    missing: int | None


def exactly(each: GroupResult) -> Judged:
    """What the watching pages say."""
    return Judged(_standing(each.gap), each.tier.value, gaps.more_needed(each.gap) or None)


def in_public(
    share: float | None, figure: Published, known: Published, unknown: int, *, members: int
) -> Judged:
    """What the public may know.

    Parameters
    ----------
    share : float or None
        Of residents.
    figure, known : Published
        People of the group, and of all that are compared with it.
    unknown : int
        Of how many at most it is not known whether they are of the group, as a reader can tell.
    members : int
        Groups of the dimension; a flag has to beat all of them.
    """
    if share is None or share == 1:
        return Judged("untested", "none", None)
    if known.value is None or known.high is None:
        return Judged("too_few", "none", None)
    most = known.high if figure.high is None else min(figure.high, known.high)
    low = _gap(min(figure.low, most), known.high, share)
    high = _gap(min(most, known.low), known.low, share)
    if low.state is not high.state or low.state is State.TOO_FEW:
        return Judged("too_few", "none", None)
    if low.state is State.UNDER:
        tier = _tier(high, share, unknown, members)
        return Judged("under", tier, _missing(figure, known.value, share))
    if low.state is State.OVER:
        return Judged("over", _tier(low, share, unknown, members), None)
    return Judged("in_line", "none", None)


def similarity(
    figures: Sequence[Published], shares: Sequence[float], known: Published
) -> float | None:
    """How alike respondents and residents are made up, as the published numbers tell.

    Parameters
    ----------
    figures : sequence of Published
        By group.
    shares : sequence of float
        Of residents; 0 for a group that is compared with nobody.
    known : Published

    Returns
    -------
    float or None
        None where too many groups are hidden. What little is hidden is taken to be made up like
        residents.
    """
    pairs = [(f.value, share) for f, share in zip(figures, shares, strict=True) if share]
    hidden = sum(share for value, share in pairs if value is None)
    shown = sum(value for value, _ in pairs if value is not None)
    if known.value is None or not shown or hidden > MOST_HIDDEN:
        return None
    left = max(known.value - shown, 0) if hidden else 0
    people = [value if value is not None else left * share / hidden for value, share in pairs]
    total = sum(people)
    apart = sum(abs(n / total - share) for n, (_, share) in zip(people, pairs, strict=True))
    return round(1 - apart / 2, 2)


def _standing(gap: GroupGap) -> Standing:
    if gap.untested in {Untested.NO_REFERENCE, Untested.WHOLE_POPULATION}:
        return "untested"
    return gap.state.value


def _gap(people: int, known: int, share: float) -> GroupGap:
    # The second group is everybody else.
    return group_gaps([people, known - people], [share, 1 - share])[0]


def _tier(gap: GroupGap, share: float, unknown: int, members: int) -> Firmness:
    """How firm a flag is at least, whatever the other groups of the dimension show."""
    if _is_confirmed(gap, share, members):
        direction = gap.state
        effect = unknown_effect(gap.respondents, gap.known, unknown, share, direction=direction)
        return "early" if cautious(Tier.CONFIRMED, effect) is Tier.EARLY else "confirmed"
    p_value = gap.p_under if gap.state is State.UNDER else gap.p_over
    is_early = p_value is not None and p_value * members <= Rules().false_discoveries
    return "early" if is_early else "none"


def _is_confirmed(gap: GroupGap, share: float, members: int) -> bool:
    people, boundary = gap.respondents, MATERIALITY * share
    if gap.state is State.OVER:
        # The same, asked of everybody else.
        people, boundary = gap.known - people, 1 - share / MATERIALITY
    if boundary <= 0:
        return False
    return float(log_e_value(people, gap.known, boundary)) >= math.log(members / ALPHA)


def _missing(figure: Published, known: int, share: float) -> int:
    """How many more are needed, rounded up; of a hidden group, at least so many."""
    most = figure.value if figure.value is not None else figure.high
    people = known if most is None else min(most, known)
    needed = needed_for_group(people, known, share)
    return max(ROUNDED_TO, ROUNDED_TO * -(-needed // ROUNDED_TO))
