"""The whole comparison of respondents with a population, from two tables to one result.

Families of flags are fixed by the population file alone: each dimension is one, and so is
each dimension by area. A dimension more, or 69 wards, therefore silences no flag on religion.
The price is small: of 400 simulated consultations without any gap (the model case's eight
questions with 57 groups, 40 looks, up to 1,000 responses), 2 % ever showed a confirmed flag.

A dimension with rows for areas is compared twice: everybody with the whole place, and the
respondents of each area with that area. When all rows of the population file name one and
the same area, that area is the whole place.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from analysis.errors import InputError
from analysis.representation.comparison.gaps import GroupGap, group_gaps
from analysis.representation.comparison.materiality import MATERIALITY
from analysis.representation.comparison.missing import Unknown, cautious, unknown_effect
from analysis.representation.comparison.overall import Overall, overall
from analysis.representation.populations.population import ReferenceDimension, ReferencePopulation
from analysis.representation.populations.respondents import Counted, Respondents
from analysis.representation.watching.families import (
    Family,
    Group,
    Observed,
    Rules,
    Stage,
    Tier,
    declare,
)
from analysis.representation.watching.monitoring import Monitored, monitor
from analysis.tables import matching_key


@dataclass(frozen=True, slots=True)
class GroupResult:
    """One group: what was counted, and how firm a flag is.

    Attributes
    ----------
    gap : GroupGap
    monitored : Monitored or None
        As if the responses had been watched from the first one; so the flags hold whenever
        one looks. None for a group that the population counts nobody in.
    unknown : Unknown or None
        What those who did not say could change; None for a group without a test.
    tier : Tier
        The monitored tier, lowered when too many did not say.
    """

    gap: GroupGap
    monitored: Monitored | None
    unknown: Unknown | None
    tier: Tier


@dataclass(frozen=True, slots=True)
class Comparison:
    """One dimension, in the whole place or in one area.

    Attributes
    ----------
    reference : ReferenceDimension
        Without "Not answered" and its like.
    counted : Counted
    overall : Overall or None
        None in an area, and where people chose several categories.
    groups : tuple of GroupResult
        In the order of the reference's categories.
    """

    reference: ReferenceDimension
    counted: Counted
    overall: Overall | None
    groups: tuple[GroupResult, ...]


@dataclass(frozen=True, slots=True)
class Representation:
    """Everything that two tables say about who is missing.

    Attributes
    ----------
    wholes : tuple of Comparison
        One per dimension, in the population's order.
    areas : tuple of Comparison
        Dimensions by area.
    only_respondents, only_population : tuple of str
        Dimensions that one table has alone; they are not compared.
    area_column : str or None
        Where respondents' areas were read, when areas were compared.
    elsewhere : tuple of str
        Respondents' areas that the population does not have.
    unread_areas : int
        Areas of the population that could not be compared because the respondents' are not
        known.
    materiality : float
    """

    wholes: tuple[Comparison, ...]
    areas: tuple[Comparison, ...]
    only_respondents: tuple[str, ...]
    only_population: tuple[str, ...]
    area_column: str | None
    elsewhere: tuple[str, ...]
    unread_areas: int
    materiality: float


def represent(
    respondents: Respondents, population: ReferencePopulation, *, materiality: float = MATERIALITY
) -> Representation:
    """Compare respondents with a population.

    Parameters
    ----------
    respondents : Respondents
    population : ReferencePopulation
    materiality : float, default 0.8
        Above 0, up to 1. A ratio below it, or above 1 divided by it, matters.

    Raises
    ------
    InputError
        If the two have no dimension in common.
    ValueError
        If the materiality is out of its range.
    """
    rules = Rules(materiality=materiality)
    names = [name for name in population.dimensions if respondents.has(name)]
    if not names:
        raise InputError(
            "Respondents and population have no dimension in common: "
            f"{', '.join(respondents.dimensions)} on one side, "
            f"{', '.join(population.dimensions)} on the other; name the columns alike."
        )
    one_place = _only_area(population)
    if one_place is None:
        population = population.with_wholes()
    wholes, by_area = [], []
    for name in names:
        if one_place is None:
            wholes.append(_whole(respondents, population.dimension(name).answered()))
            by_area.append(_areas(respondents, population.by_area(name)))
        else:
            reference = population.dimension(name, one_place).answered()
            wholes.append(_whole(respondents, reference))
    compared = [part for part in by_area if part]
    families = [
        *(_family(part[0].name, [part]) for part in wholes),
        *(_family(f"{parts[0][0].name} by area", parts) for parts in compared),
    ]
    parts = [*wholes, *(part for parts in compared for part in parts)]
    gaps = [_gaps(reference, counted, materiality) for reference, counted in parts]
    observed = {
        _group(reference, gap.category): Observed(gap.respondents, gap.known)
        for (reference, _), found in zip(parts, gaps, strict=True)
        for gap in found
        if gap.population_share
    }
    monitored = {
        each.group: each for each in monitor(families, [Stage("all responses", observed)], rules)
    }
    results = [
        Comparison(
            reference=reference,
            counted=counted,
            overall=_overall(reference, counted) if place < len(wholes) else None,
            groups=tuple(
                _result(gap, monitored.get(_group(reference, gap.category)), counted, materiality)
                for gap in found
            ),
        )
        for place, ((reference, counted), found) in enumerate(zip(parts, gaps, strict=True))
    ]
    read_areas = bool(compared)
    return Representation(
        wholes=tuple(results[: len(wholes)]),
        areas=tuple(results[len(wholes) :]),
        only_respondents=_only_respondents(respondents, population),
        only_population=tuple(n for n in population.dimensions if not respondents.has(n)),
        area_column=respondents.area_column if read_areas else None,
        elsewhere=_elsewhere(respondents, population) if read_areas else (),
        unread_areas=0 if read_areas or one_place is not None else len(population.areas),
        materiality=materiality,
    )


_Part = tuple[ReferenceDimension, Counted]


def _only_area(population: ReferencePopulation) -> str | None:
    everywhere = any(part.area is None for part in population.parts)
    return None if everywhere or len(population.areas) != 1 else population.areas[0]


def _whole(respondents: Respondents, reference: ReferenceDimension) -> _Part:
    """Count everybody; or those of the one area that the population is of, if any are."""
    name, categories, area = reference.name, reference.categories, reference.area
    if area is not None and matching_key(area) in map(matching_key, respondents.areas):
        (counted,) = respondents.count_by_area(name, categories, [area])
        return reference, counted
    return reference, respondents.count(name, categories)


def _areas(respondents: Respondents, references: Sequence[ReferenceDimension]) -> list[_Part]:
    column = respondents.area_column
    if column is None or not references:
        return []
    if matching_key(references[0].name) == matching_key(column):
        return []
    answered = [reference.answered() for reference in references]
    parts: list[_Part] = []
    # Areas seldom differ in their categories: one count serves all that share them.
    by_categories: dict[tuple[str, ...], list[ReferenceDimension]] = {}
    for reference in answered:
        by_categories.setdefault(reference.categories, []).append(reference)
    for categories, alike in by_categories.items():
        areas = [reference.area or "" for reference in alike]
        counted = respondents.count_by_area(alike[0].name, categories, areas)
        parts.extend(zip(alike, counted, strict=True))
    order = {id(reference): place for place, reference in enumerate(answered)}
    return sorted(parts, key=lambda part: order[id(part[0])])


def _family(name: str, parts: Iterable[_Part]) -> Family:
    return Family(
        name,
        tuple(
            member
            for reference, _ in parts
            for member in declare(
                reference.name, reference.categories, reference.counts, reference.area
            )
            if member.population_share
        ),
    )


def _group(reference: ReferenceDimension, category: str) -> Group:
    return Group(reference.name, category, reference.area)


def _gaps(
    reference: ReferenceDimension, counted: Counted, materiality: float
) -> tuple[GroupGap, ...]:
    return group_gaps(
        counted.counts,
        reference.counts,
        categories=reference.categories,
        known=counted.known if counted.several else None,
        population=reference.total if counted.several else None,
        multiple=counted.several,
        materiality=materiality,
    )


def _overall(reference: ReferenceDimension, counted: Counted) -> Overall | None:
    return None if counted.several else overall(counted.counts, reference.counts)


def _result(
    gap: GroupGap, monitored: Monitored | None, counted: Counted, materiality: float
) -> GroupResult:
    share = gap.population_share
    if gap.untested is not None or share is None or monitored is None:
        return GroupResult(gap, monitored, None, Tier.NONE)
    effect = unknown_effect(
        gap.respondents,
        gap.known,
        counted.unknown,
        share,
        direction=gap.direction,
        materiality=materiality,
    )
    return GroupResult(gap, monitored, effect, cautious(monitored.tier, effect))


def _only_respondents(respondents: Respondents, population: ReferencePopulation) -> tuple[str, ...]:
    known = {matching_key(name) for name in population.dimensions}
    if respondents.area_column is not None and population.areas:
        known.add(matching_key(respondents.area_column))
    return tuple(name for name in respondents.dimensions if matching_key(name) not in known)


def _elsewhere(respondents: Respondents, population: ReferencePopulation) -> tuple[str, ...]:
    known = {matching_key(area) for area in population.areas}
    return tuple(area for area in respondents.areas if matching_key(area) not in known)
