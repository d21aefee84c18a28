"""Whom to reach while there is time: how many, through which partner, where.

The planning itself is the engine's (:mod:`analysis.representation.planning`). Here its question is
put together from the present gaps and the partners on record.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.representation.comparison.gaps import GroupGap, State
from analysis.representation.planning.invitations import invitations_needed
from analysis.representation.planning.outreach import (
    CELL_RATIO,
    RATIO,
    needed_for_group,
    plan_outreach,
)
from analysis.representation.planning.outreach_plan import Group, Partner, Plan
from analysis.representation.populations.population import ReferenceDimension
from analysis.representation.run import GroupResult, Representation
from analysis.representation.watching.families import Tier
from analysis.tables import matching_key
from consult.document.model import Consultation as Document
from consult.models import Consultation
from consult.services.watching import combinations, gaps, respondents, snapshots
from consult.services.watching.gaps import NothingToCompare
from consult.services.watching.organisations import Entry
from consult.services.watching.strata import (
    OTHERS,
    Axis,
    Strata,
    named_groups,
    strata_of,
)

MOST_DIMENSIONS = 3
"""What is planned together: with more, hardly anybody has answered all of the questions."""

MOST_STRATA = 1_000
SECONDS = 1.0
"""For each of the planner's searches; there are a few."""

OPENLY = "\0"
"""The planner's name for inviting people without a partner, where that has a limit; no
organisation can be called so."""

_COST_OF_GROUPS, _COST_OF_ALL = 0.95, 0.97
"""Of a response through a partner of some groups, and through one of everybody; 1 is without any.

So near each other that they decide between ways to the same people, and hardly about whom.
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What a plan is asked for.

    Attributes
    ----------
    ratio : float
        Share of responses aimed at, as a ratio of the share of residents.
    every_gap : bool
        Whether groups are planned for whose gap may be chance, beside those flagged.
    dimensions : tuple of str
        To plan for; those with the firmest flags where none is named.
    most : int or None
        The most further responses that may be hoped for without a partner.
    response_rate : float or None
        Share of those invited who answer, where invitations are to be counted.
    """

    ratio: float = RATIO
    every_gap: bool = False
    dimensions: tuple[str, ...] = ()
    most: int | None = None
    response_rate: float | None = None

    @property
    def most_dimensions(self) -> int:
        """How many may be planned for together.

        Gaps that may be chance are in nearly every group: met together they would be met by
        people whom there are hardly any of.
        """
        return 1 if self.every_gap else MOST_DIMENSIONS


@dataclass(frozen=True, slots=True)
class Need:
    """One group that is missing, by itself.

    Attributes
    ----------
    group : tuple of str
        Dimension and category.
    gap : GroupGap
    tier : Tier
    more : int
        Responses that it lacks, if only this group came.
    invitations : int or None
        People to invite so that as many answer, nine times of ten.
    confirmed_before : bool
        Whether an earlier stage confirmed a flag.
    """

    group: Group
    gap: GroupGap
    tier: Tier
    more: int
    invitations: int | None
    confirmed_before: bool = False

    @property
    def is_flagged(self) -> bool:
        """Whether it carries a flag, now or from an earlier stage."""
        return self.tier is not Tier.NONE or self.confirmed_before

    @property
    def firmness(self) -> int:
        """How firm its flag is, 0 being the firmest."""
        if self.tier is Tier.CONFIRMED:
            return 0
        return 1 if self.confirmed_before else 2 + (self.tier is Tier.NONE)


@dataclass(frozen=True, slots=True)
class Outreach:
    """What the page of outreach tells.

    Attributes
    ----------
    needs : tuple of Need
        The firmest flag first.
    everybody : int
        Responses that are compared with residents.
    as_of : datetime or None
        When the needs were counted, if that was not just now.
    dimensions : tuple of str
        Planned for together; further ones with groups in need are in ``later``.
    strata : Strata or None
    plan : Plan or None
        In the categories of the reference; None where nobody is missing.
    partners : mapping of str to Entry
        Those of the plan's lines, by name.
    idle : tuple of Entry
        Partners that reach nobody who is planned for.
    """

    needs: tuple[Need, ...]
    everybody: int
    as_of: datetime | None
    dimensions: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    strata: Strata | None = None
    plan: Plan | None = None
    partners: Mapping[str, Entry] = field(default_factory=dict)
    idle: tuple[Entry, ...] = ()


def outreach(
    session: Session,
    stored: Consultation,
    document: Document,
    entries: Sequence[Entry],
    options: Options,
    *,
    now: datetime,
) -> Outreach | NothingToCompare:
    """Plan with what is there now. ``entries`` are the partners on record.

    The gaps of a large consultation are those of its dashboard, which a job keeps new.
    """
    kept = None if snapshots.is_small(session, stored) else snapshots.held(session, stored, "exact")
    if kept is None:
        found = gaps.representation(session, stored, document, now=now)
    else:
        found = gaps.compare(kept.counts, document)
    if isinstance(found, NothingToCompare):
        return found
    everybody = combinations.everybody(session, stored)
    as_of = None if kept is None else kept.made_at
    needs = needs_of(found, options)
    planned_for, later = _dimensions(needs, options)
    now_needed = [need for need in needs if need.group[0] in planned_for]
    if not now_needed:
        return Outreach(needs, everybody, as_of, later=later, idle=tuple(entries))
    references = {part.reference.name: part.reference for part in found.wholes}
    wards = respondents.area_dimension(document)
    useful = [entry for entry in entries if _reached(entry, now_needed, wards)]
    axes = _axes(now_needed, references)
    people = combinations.together(session, stored, document, [axis.dimension for axis in axes])
    strata = strata_of(people, axes)
    return Outreach(
        needs,
        everybody,
        as_of,
        planned_for,
        later,
        strata,
        _plan(strata, axes, [_partner(entry, axes, wards) for entry in useful], options),
        {entry.name: entry for entry in useful},
        tuple(entry for entry in entries if entry not in useful),
    )


def _plan(
    strata: Strata, axes: Sequence[Axis], partners: Sequence[Partner], options: Options
) -> Plan:
    """Ask the planner."""
    openly = () if options.most is None else (Partner(OPENLY, capacity=options.most),)
    plan = plan_outreach(
        strata.strata,
        ratio=options.ratio,
        cell_ratio=min(CELL_RATIO, options.ratio) if len(axes) > 1 else None,
        groups={(axis.dimension, name) for axis in axes for name in axis.chosen},
        partners=(*partners, *openly),
        open_invitation=options.most is None,
        seconds=SECONDS,
    )
    return _told(plan, options)


def needs_of(representation: Representation, options: Options) -> tuple[Need, ...]:
    """The groups that are missing in the place as a whole, the firmest flag first."""
    found = []
    for part in representation.wholes:
        for result in part.groups:
            more = _more(result, options)
            if more:
                rate = options.response_rate
                found.append(
                    Need(
                        (part.reference.name, result.gap.category),
                        result.gap,
                        result.tier,
                        more,
                        None if rate is None else invitations_needed(more, rate),
                        _was_confirmed(result),
                    )
                )
    return tuple(sorted(found, key=lambda need: (need.firmness, -need.more)))


def _more(result: GroupResult, options: Options) -> int:
    """How many more a group needs by itself; 0 where it is not to be planned for."""
    gap = result.gap
    flagged = result.tier is not Tier.NONE or _was_confirmed(result)
    if gap.untested is not None or gap.population_share is None:
        return 0
    if not ((flagged and gap.state is State.UNDER) or options.every_gap):
        return 0
    if options.ratio * gap.population_share >= 1:
        return 0
    return needed_for_group(gap.respondents, gap.known, gap.population_share, options.ratio)


def _was_confirmed(result: GroupResult) -> bool:
    return result.monitored is not None and bool(result.monitored.confirmed_before)


def _dimensions(needs: Iterable[Need], options: Options) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What to plan for together, and which other dimensions have groups in need."""
    in_need = list(dict.fromkeys(need.group[0] for need in needs))
    wanted = [name for name in in_need if name in options.dimensions] or in_need
    kept = tuple(wanted[: options.most_dimensions])
    return kept, tuple(name for name in in_need if name not in kept)


def _axes(needs: Sequence[Need], references: Mapping[str, ReferenceDimension]) -> list[Axis]:
    """The dimensions planned for, cut down to the groups in need.

    Where that would make too many strata, the groups with the fewest people wanted are left to
    everybody else.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for dimension, category in (need.group for need in needs):
        chosen[dimension] = (*chosen.get(dimension, ()), category)
    axes = [Axis(references[name], held) for name, held in chosen.items()]
    while math.prod(len(axis.names) for axis in axes) > MOST_STRATA:
        longest = max(range(len(axes)), key=lambda at: len(axes[at].chosen))
        axes[longest] = replace(axes[longest], chosen=axes[longest].chosen[:-1])
    return axes


def _partner(entry: Entry, axes: Sequence[Axis], wards: str | None) -> Partner:
    """A partner as the planner takes it: whom it reaches of those who are planned for.

    Where no ward is planned for, one that works in some wards only is taken to find people of
    its groups there.
    """
    planned_for = [(axis.dimension, name) for axis in axes for name in axis.chosen]
    in_wards = [axis for axis in axes if axis.dimension == wards and entry.areas]
    return Partner(
        entry.name,
        frozenset(group for group in planned_for if _names(entry.reaches, group)),
        frozenset((axis.dimension, name) for axis in in_wards for name in _there(entry, axis)),
        entry.languages,
        entry.most,
        _COST_OF_GROUPS if entry.reaches else _COST_OF_ALL,
    )


def _there(entry: Entry, axis: Axis) -> Iterator[str]:
    """The wards of an axis in which a partner works."""
    works_in = {matching_key(area) for area in entry.areas}
    for category in axis.reference.categories:
        if matching_key(category) in works_in:
            yield category if category in axis.chosen else OTHERS


def _reached(entry: Entry, needs: Sequence[Need], wards: str | None) -> bool:
    """Whether a partner reaches somebody who is planned for."""
    if entry.reaches:
        return any(_names(entry.reaches, need.group) for need in needs)
    if entry.areas and all(need.group[0] == wards for need in needs):
        return any(
            _names([(need.group[0], area) for area in entry.areas], need.group) for need in needs
        )
    return True


def _names(groups: Iterable[Group], wanted: Group) -> bool:
    return any(
        dimension == wanted[0] and matching_key(category) == matching_key(wanted[1])
        for dimension, category in groups
    )


def _told(plan: Plan, options: Options) -> Plan:
    """The plan as people are told of it: whole groups, ways without a partner, invitations.

    Each line has as many invitations as bring it nine times of ten. That single strata, whose
    sizes are fitted, get their part of a group is the planner's matter.
    """
    rate = options.response_rate
    lines = tuple(
        replace(
            line,
            partner=None if line.partner == OPENLY else line.partner,
            invitations=None if rate is None else invitations_needed(line.people, rate),
            expected=None if rate is None else float(line.people),
        )
        for line in plan.lines
        if named_groups(line.groups)
    )
    groups = tuple(group for group in plan.groups if len(group.groups) == 1)
    reached = all(group.enough for group in groups)
    return replace(plan, lines=lines, groups=groups, reached=reached)
