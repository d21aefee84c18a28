"""Who is missing: the comparison of those who answered with residents, while it is open.

The engines of :mod:`analysis.representation` do all of the counting and judging. What is added
here is time: something done to reach people changes who arrives, so each recorded act begins a
new stage, whose flags rest on what came in it alone and therefore hold.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.representation.comparison.gaps import GroupGap, State
from analysis.representation.comparison.missing import cautious
from analysis.representation.planning.outreach import needed_for_group
from analysis.representation.run import Comparison, GroupResult, Representation, represent
from analysis.representation.watching.families import (
    Family,
    Group,
    Member,
    Observed,
    Stage,
    Tier,
    declare,
)
from analysis.representation.watching.monitoring import Monitored, monitor
from consult.document.model import Consultation as Document
from consult.models import Consultation, OutreachAct
from consult.services.watching import respondents
from consult.services.watching.respondents import Counts, Person


class Why(StrEnum):
    """Why there is nothing to compare."""

    NO_POPULATION = "no_population"
    """The consultation has no figures of residents."""
    NO_QUESTION = "no_question"
    """No question asks for what the figures count."""


@dataclass(frozen=True, slots=True)
class NothingToCompare:
    """There is no comparison, and why."""

    why: Why


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time with an unchanging way in: from one act of outreach to the next.

    Attributes
    ----------
    name : str
        Differs from all others: the day it began, or ``opening``.
    since : date or None
        The day of the acts that it began with, in the consultation's time zone; None at first.
    acts : tuple of str
        What was done that day, in the officers' words.
    """

    name: str
    since: date | None
    acts: tuple[str, ...]


FIRST = "opening"
"""The name of the stage before any act of outreach."""


def stretches(
    session: Session, stored: Consultation, document: Document, *, now: datetime
) -> list[Stretch]:
    """The stages so far, the present one last.

    An act counts from the beginning of its day. What is planned for a day to come changes
    nothing yet, nor did what was done by the day of opening.
    """
    zone = ZoneInfo(document.timezone)
    opened, today = document.opens.astimezone(zone).date(), now.astimezone(zone).date()
    acts = session.execute(
        select(OutreachAct.on, OutreachAct.what)
        .where(
            OutreachAct.consultation_id == stored.id,
            OutreachAct.on > opened,
            OutreachAct.on <= today,
        )
        .order_by(OutreachAct.on, OutreachAct.recorded_at)
    )
    by_day: dict[date, list[str]] = {}
    for on, what in acts:
        by_day.setdefault(on, []).append(what)
    begun = [Stretch(FIRST, None, ())]
    return begun + [Stretch(day.isoformat(), day, tuple(done)) for day, done in by_day.items()]


def representation(
    session: Session, stored: Consultation, document: Document, *, now: datetime
) -> Representation | NothingToCompare:
    """Compare everybody who counts and lives here with the reference population.

    States, shares and intervals are those of ``python -m analysis representation`` on the same
    rows. So are the flags as long as no outreach is on record; with it they are those of the
    present stage, and earlier ones are in :attr:`Monitored.confirmed_before`.
    """
    found = respondents.people(session, stored, document)
    stages = stretches(session, stored, document, now=now)
    return compare(counts_by_stage(found, document, stages), document)


def counts_by_stage(
    found: Sequence[Person], document: Document, stages: Sequence[Stretch]
) -> dict[str, Counts]:
    """Count the people who came in each stage, by its name."""
    zone = ZoneInfo(document.timezone)
    later = [stretch.since for stretch in stages if stretch.since is not None]
    came: list[list[Person]] = [[] for _ in stages]
    for person in found:
        day = person.received_at.astimezone(zone).date()
        came[sum(since <= day for since in later)].append(person)
    return {
        stretch.name: respondents.count_up(part, document)
        for stretch, part in zip(stages, came, strict=True)
    }


def compare(
    by_stage: Mapping[str, Counts], document: Document
) -> Representation | NothingToCompare:
    """Compare people, counted by the stage in which they came, with the population."""
    population = respondents.population(document)
    if not population.parts:
        return NothingToCompare(Why.NO_POPULATION)
    everybody = respondents.tallied(list(by_stage.values()), document)
    if not any(everybody.has(name) for name in population.dimensions):
        return NothingToCompare(Why.NO_QUESTION)
    result = represent(everybody, population)
    if len(by_stage) < 2:
        return result
    # Each stage is compared too, only to be counted as the whole is.
    stages = [
        Stage(
            name,
            _observed(
                represent(
                    replace(respondents.tallied([counts], document), areas=everybody.areas),
                    population,
                )
            ),
        )
        for name, counts in by_stage.items()
    ]
    monitored = {each.group: each for each in monitor(list(_families(result)), stages)}
    return replace(
        result,
        wholes=tuple(_judged_anew(part, monitored) for part in result.wholes),
        areas=tuple(_judged_anew(part, monitored) for part in result.areas),
    )


def _families(result: Representation) -> Iterator[Family]:
    """Each dimension, and each dimension by area, as :func:`represent` has them."""
    for whole in result.wholes:
        yield Family(whole.reference.name, _members([whole]))
    by_dimension: dict[str, list[Comparison]] = {}
    for part in result.areas:
        by_dimension.setdefault(part.reference.name, []).append(part)
    for name, parts in by_dimension.items():
        yield Family(f"{name} by area", _members(parts))


def _members(parts: Sequence[Comparison]) -> tuple[Member, ...]:
    return tuple(
        member
        for reference in (part.reference for part in parts)
        for member in declare(
            reference.name, reference.categories, reference.counts, reference.area
        )
        if member.population_share
    )


def _observed(result: Representation) -> dict[Group, Observed]:
    return {
        _group(part, each.gap): Observed(each.gap.respondents, each.gap.known)
        for part in (*result.wholes, *result.areas)
        for each in part.groups
        if each.gap.population_share
    }


def _group(part: Comparison, gap: GroupGap) -> Group:
    return Group(part.reference.name, gap.category, part.reference.area)


def _judged_anew(part: Comparison, monitored: Mapping[Group, Monitored]) -> Comparison:
    return replace(
        part,
        groups=tuple(_result(each, monitored.get(_group(part, each.gap))) for each in part.groups),
    )


def _result(each: GroupResult, monitored: Monitored | None) -> GroupResult:
    if each.unknown is None or monitored is None:
        return replace(each, monitored=monitored)
    return replace(each, monitored=monitored, tier=cautious(monitored.tier, each.unknown))


@dataclass(frozen=True, slots=True)
class Line:
    """One group as a page shows it.

    Attributes
    ----------
    dimension, category : str
    area : str or None
        The code of the ward that the comparison is of; the whole place where nothing stands.
    result : GroupResult
        Its gap with share, interval and state, its tier, and what those who did not say could
        change.
    more : int
        How many more of this group would bring it to the share from which it no longer looks
        under, if only they came; 0 for a group that does not look under.
    confirmed_before : tuple of str
        Names of earlier stages (:class:`Stretch`) that confirmed a gap on the same side.
    """

    dimension: str
    category: str
    area: str | None
    result: GroupResult
    more: int
    confirmed_before: tuple[str, ...]

    @property
    def is_flagged(self) -> bool:
        """Whether it carries a flag now, or one that an earlier stage confirmed."""
        return self.result.tier is not Tier.NONE or bool(self.confirmed_before)


def lines(part: Comparison) -> tuple[Line, ...]:
    """The groups of one comparison, in the population's order."""
    return tuple(
        Line(
            dimension=part.reference.name,
            category=each.gap.category,
            area=part.reference.area,
            result=each,
            more=more_needed(each.gap),
            confirmed_before=each.monitored.confirmed_before if each.monitored else (),
        )
        for each in part.groups
    )


def more_needed(gap: GroupGap) -> int:
    """How many more of a group that looks under would end that, if only they came."""
    if gap.state is not State.UNDER or not gap.population_share:
        return 0
    return needed_for_group(gap.respondents, gap.known, gap.population_share)
