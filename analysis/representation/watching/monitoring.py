"""Flags that hold although somebody looks every day.

Groups are tested in families that are fixed before a consultation opens: the monitoring
dimensions (each alone or a set of them), areas, intersections. A group has to beat the other
members of its own family and no others, so that 69 wards on the same page do not silence the
flag on religion; and a group that looks odd cannot be added afterwards.

Three tiers, each for the gap on the side where the group lies:

- *confirmed*: e-BH on the e-values of the present stage [1]_. The false discovery rate is at
  most alpha at whatever look one stops; a family without any material gap shows a flag, at any
  time, with chance alpha at most, and measured with far less (``docs/benchmarks.md``).
- *early*: Benjamini-Hochberg on today's p-values [3]_. Right for one look only: the flag
  may go again.
- *none*.

To be missing and to be too many are two questions: each has its own family of hypotheses, with
its own false discovery rate.

A stage is a time with an unchanging way in. When a mailing goes to one group, or an event is
held, arrivals change and a new stage begins with e-values from nothing; shares and p-values
stay cumulative (a binomial tail is then no smaller than the true one [2]_), and what an earlier
stage confirmed stays on record.

References
----------
.. [1] Wang and Ramdas (2022). False discovery rate control with e-values. Journal of the Royal
       Statistical Society B 84(3), 822-852.
.. [2] Hoeffding (1956). On the distribution of the number of successes in independent trials.
       Annals of Mathematical Statistics 27(3), 713-721.
.. [3] Benjamini and Hochberg (1995). Journal of the Royal Statistical Society B 57(1), 289-300.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.representation.comparison.gaps import State
from analysis.representation.comparison.materiality import material_p_values
from analysis.representation.watching.evalues import (
    as_number,
    confidence_sequence_each,
    e_bh,
    log_e_value,
)
from analysis.representation.watching.families import (
    Family,
    Group,
    Member,
    Observed,
    Rules,
    Stage,
    Tier,
    check_counts,
    check_families,
    declare,
)
from analysis.statistics import Interval, benjamini_hochberg

__all__ = [
    "Closed",
    "Family",
    "Group",
    "Member",
    "Monitored",
    "Observed",
    "Rules",
    "Stage",
    "Tier",
    "close",
    "declare",
    "monitor",
]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Monitored:
    """One group today.

    Attributes
    ----------
    family : str
    group : Group
    population_share : float
    respondents, known : int
        Of all stages together.
    direction : State
        Over when the share of all stages is above the population's, else under. The figures
        below are for a gap on this side.
    log_e : float or None
        Natural logarithm of the e-value of the present stage. None (and so the p-value and
        the q-value) for a group that is not judged: its population share is 0 or 1.
    p_value : float or None
        Of all stages together, for one look.
    q_value : float or None
        The same adjusted for the family.
    tier : Tier
        Never more than none unless the p-value is at most the significance as well: a group
        of whom too few have answered to tell carries no flag.
    band : Interval
        The share of arrivals in the present stage, at all looks together (95 %).
    stage : str
    confirmed_before : tuple of str
        Earlier stages at whose end a gap on this side was confirmed.
    """

    family: str
    group: Group
    population_share: float
    respondents: int
    known: int
    direction: State
    log_e: float | None
    p_value: float | None
    q_value: float | None
    tier: Tier
    band: Interval
    stage: str
    confirmed_before: tuple[str, ...]

    @property
    def e_value(self) -> float | None:
        """The e-value as a number; e^700 stands for everything above it."""
        return None if self.log_e is None else as_number(self.log_e)


@dataclass(frozen=True, slots=True)
class Closed:
    """One group in the analysis at closing; values as in :class:`Monitored`."""

    family: str
    group: Group
    direction: State
    p_value: float | None
    q_value: float | None
    flagged: bool


@dataclass(frozen=True, slots=True)
class _Fixed:
    """One side of a family in one look; arrays of shape (n_members,)."""

    direction: State
    p_values: Floats
    q_values: Floats
    flagged: Flags


@dataclass(frozen=True, slots=True)
class _Bets:
    """One side of a family in every stage; arrays of shape (n_stages, n_members)."""

    log_e: Floats
    confirmed: Flags


def monitor(
    families: Sequence[Family], stages: Sequence[Stage], rules: Rules | None = None
) -> tuple[Monitored, ...]:
    """Judge every declared group on what has arrived so far.

    Parameters
    ----------
    families : sequence of Family
        No group is in two.
    stages : sequence of Stage
        In order of time, with different names; the last is the present one.
    rules : Rules, optional

    Returns
    -------
    tuple of Monitored
        Families and members in the order declared.

    Raises
    ------
    ValueError
        If a group is in two families, a stage counts a group that was not declared or leaves
        out one that was, or a count exceeds its base.

    Examples
    --------
    >>> religion = Family("religion", declare("religion", ["Muslim", "other"], [299, 701]))
    >>> seen = {
    ...     Group("religion", "Muslim"): Observed(16, 142),
    ...     Group("religion", "other"): Observed(126, 142),
    ... }
    >>> muslim, other = monitor([religion], [Stage("start", seen)])
    >>> str(muslim.tier), round(muslim.e_value)
    ('confirmed', 427)
    """
    rules = rules or Rules()
    check_families(families)
    if not stages or len({stage.name for stage in stages}) != len(stages):
        raise ValueError("stages: at least one, all with different names")
    for stage in stages:
        check_counts(families, stage.counts, f"stage {stage.name!r}")
    return tuple(
        monitored for family in families for monitored in _monitor_family(family, stages, rules)
    )


def close(
    families: Sequence[Family], totals: Mapping[Group, Observed], rules: Rules | None = None
) -> tuple[Closed, ...]:
    """Judge every declared group once, on all that came, when a consultation has closed.

    One Benjamini-Hochberg table for each family and side. It finds more than monitoring does
    and is right only because the day was fixed beforehand: who closes early because of what
    was seen keeps to the flags of :func:`monitor`.

    Raises
    ------
    ValueError
        As :func:`monitor`.
    """
    rules = rules or Rules()
    check_families(families)
    check_counts(families, totals, "the closing analysis")
    closed = []
    for family in families:
        x, n = _arrays(family, totals)
        shares = _shares(family)
        sides = _both_sides(x, n, shares, rules)
        for at, (group, share) in enumerate(family.members):
            side = sides[_is_over(x[at], n[at], share)]
            judged = 0 < share < 1
            closed.append(
                Closed(
                    family=family.name,
                    group=group,
                    direction=side.direction,
                    p_value=float(side.p_values[at]) if judged else None,
                    q_value=float(side.q_values[at]) if judged else None,
                    flagged=bool(side.flagged[at]),
                )
            )
    return tuple(closed)


def _monitor_family(family: Family, stages: Sequence[Stage], rules: Rules) -> list[Monitored]:
    shares = _shares(family)
    each = [_arrays(family, stage.counts) for stage in stages]
    x, n = (np.stack(values) for values in zip(*each, strict=True))
    total_x, total_n = x.sum(axis=0), n.sum(axis=0)
    sides = _both_sides(total_x, total_n, shares, rules)
    bets = tuple(_bets(side, x, n, shares, rules) for side in sides)
    low, high = confidence_sequence_each(x[-1] / rules.cluster_factor, n[-1] / rules.cluster_factor)
    monitored = []
    for at, (group, share) in enumerate(family.members):
        over = _is_over(total_x[at], total_n[at], share)
        side, bet = sides[over], bets[over]
        judged = 0 < share < 1
        earlier = zip(stages[:-1], bet.confirmed[:-1, at], strict=True)
        monitored.append(
            Monitored(
                family=family.name,
                group=group,
                population_share=share,
                respondents=int(total_x[at]),
                known=int(total_n[at]),
                direction=side.direction,
                log_e=float(bet.log_e[-1, at]) if judged else None,
                p_value=float(side.p_values[at]) if judged else None,
                q_value=float(side.q_values[at]) if judged else None,
                tier=_tier(bool(bet.confirmed[-1, at]), bool(side.flagged[at])),
                band=Interval(float(low[at]), float(high[at])),
                stage=stages[-1].name,
                confirmed_before=tuple(stage.name for stage, confirmed in earlier if confirmed),
            )
        )
    return monitored


def _both_sides(x: Floats, n: Floats, shares: Floats, rules: Rules) -> tuple[_Fixed, _Fixed]:
    """Return what one look says of gaps below and of gaps above."""
    judged = _boundaries(State.UNDER, shares, rules) > 0
    p_under, p_over = material_p_values(
        x / rules.cluster_factor,
        n / rules.cluster_factor,
        np.where(judged, shares, 0.5),
        rules.materiality,
    )
    return _fixed(State.UNDER, p_under, shares, rules), _fixed(State.OVER, p_over, shares, rules)


def _fixed(direction: State, p_values: Floats, shares: Floats, rules: Rules) -> _Fixed:
    judged = _boundaries(direction, shares, rules) > 0
    p_values = np.where(judged, p_values, 1.0)
    q_values, capped = np.ones_like(p_values), np.ones_like(p_values)
    q_values[judged] = benjamini_hochberg(p_values[judged])
    # A p-value set to 1 is still one: so no flag stands on a group that is too few to tell.
    significant = p_values[judged] <= rules.significance
    capped[judged] = benjamini_hochberg(np.where(significant, p_values[judged], 1.0))
    return _Fixed(direction, p_values, q_values, capped <= rules.false_discoveries)


def _bets(side: _Fixed, x: Floats, n: Floats, shares: Floats, rules: Rules) -> _Bets:
    boundaries = _boundaries(side.direction, shares, rules)
    judged = boundaries > 0
    log_e = np.zeros_like(x)
    confirmed = np.zeros(x.shape, dtype=bool)
    counts = (x if side.direction is State.UNDER else n - x) / rules.cluster_factor
    log_e[:, judged] = log_e_value(
        counts[:, judged], (n / rules.cluster_factor)[:, judged], boundaries[judged]
    )
    for stage, values in enumerate(log_e):
        confirmed[stage, judged] = e_bh(values[judged], rules.alpha)
    # An e-value set to 0 is still one, and again keeps flags off groups too few to tell.
    firm = np.where(side.p_values <= rules.significance, log_e[-1], -np.inf)
    confirmed[-1, judged] = e_bh(firm[judged], rules.alpha)
    return _Bets(log_e, confirmed)


def _boundaries(direction: State, shares: Floats, rules: Rules) -> Floats:
    """Return the boundary of each test as a share of the group, or of all others for over.

    It is 0 where there is no test: no reference, no other group, or no share above it.
    """
    within = (shares > 0) & (shares < 1)
    if direction is State.UNDER:
        return np.where(within, rules.materiality * shares, 0.0)
    return np.where(within, np.maximum(0.0, 1 - shares / rules.materiality), 0.0)


def _tier(confirmed: bool, early: bool) -> Tier:
    if confirmed:
        return Tier.CONFIRMED
    return Tier.EARLY if early else Tier.NONE


def _is_over(x: float, n: float, share: float) -> bool:
    return bool(n > 0 and x / n > share)


def _shares(family: Family) -> Floats:
    return np.array([member.population_share for member in family.members], dtype=float)


def _arrays(family: Family, counts: Mapping[Group, Observed]) -> tuple[Floats, Floats]:
    table = np.array([counts[member.group] for member in family.members], dtype=float)
    x, n = table.reshape(-1, 2).T
    return x, n
