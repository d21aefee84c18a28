"""Somebody who holds every public report, and works out what it hides."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from analysis.disclosure import RULE, Reason, read_back
from analysis.suppression.attacker import Attacker, Feasible, Floats
from analysis.suppression.publishing import is_crossed
from analysis.suppression.releases import Decision, Release
from analysis.suppression.tables import Table
from consult.reports.data import Count, ReportData

Key = Hashable
_NEAR = 1e-6
ROUNDS = 12
"""In which many figures are made as large and as small as they can be at once."""
MOST = 1e6
"""No figure is larger."""


@dataclass(frozen=True)
class Found:
    """A hidden figure: what it can be, and how far apart that must be."""

    key: Key
    known: Feasible
    needed: float

    @property
    def is_safe(self) -> bool:
        return self.known.width >= self.needed - _NEAR


def attack_releases(releases: Sequence[Release]) -> list[Found]:
    """Everything hidden in releases, for who knows all tables and the numbers of people.

    Who attacks also knows of each figure that did not fall that it did not.
    """
    attacker = Attacker()
    hidden: dict[Key, float] = {}
    before: dict[Key, int] = {}
    for at, release in enumerate(releases):
        crossed = _crossed(release)
        counts: dict[Key, int] = {}
        for released in release.tables:
            table = released.table
            places = list(table.places())
            for place, figure, decision in zip(
                places, released.figures, released.decisions, strict=True
            ):
                key: Key = table.key(place)
                counts[key] = int(table.counts[place])
                attacker.learn((at, key))
                if decision is Decision.NEW:
                    attacker.learn((at, key), *read_back(figure.text, crossed=crossed[key]))
                    if figure.value is None:
                        hidden[at, key] = _needed(figure.reason, counts[key], crossed=crossed[key])
            everybody: Key = (table.universe, frozenset[tuple[str, str]]())
            if not RULE.hides(counts[everybody], crossed=crossed[everybody]):
                attacker.learn((at, everybody), counts[everybody], counts[everybody])
            _tie(attacker, table, at)
        for key, count in before.items():
            if counts.get(key, -1) >= count:
                attacker.at_most((at - 1, key), (at, key))
        before = counts
    return _found(attacker, hidden)


def attack_reports(versions: Sequence[ReportData], people: Sequence[int]) -> list[Found]:
    """Everything hidden in reports, for who reads them and knows what adds up in them.

    Parameters
    ----------
    versions : sequence of ReportData
        Oldest first.
    people : sequence of int
        How many responses counted then; everybody knows that.
    """
    attacker = Attacker()
    hidden: dict[Key, float] = {}
    for at, (version, everybody) in enumerate(zip(versions, people, strict=True)):
        attacker.learn((at, "responses"), everybody, everybody)
        for name, count, crossed in _counts(version):
            before = (at - 1, name)
            key = (at, name)
            attacker.learn(key)
            if before in attacker:
                attacker.at_most(before, key)
            if before in attacker and _text(versions[at - 1], name) == count.text:
                continue  # it may be the figure of the version before
            attacker.learn(key, *read_back(count.text, crossed=crossed))
            if count.value is None:
                hidden[key] = RULE.needed(crossed=crossed)
        for parts, whole in _sums(version):
            attacker.adds_up([(at, part) for part in parts], (at, whole))
        for part, whole in _parts(version):
            attacker.at_most((at, part), (at, whole))
    return _found(attacker, hidden)


def _found(attacker: Attacker, hidden: Mapping[Key, float]) -> list[Found]:
    """What each hidden figure can be at least; of one that is known too well, all it can be.

    A set of figures that agrees with all that is known vouches for every figure in which it
    differs enough from another such set; so each that is met is remembered.
    """
    system, order = attacker.system(), attacker._places
    places = np.array([order[key] for key in hidden])
    needed = np.array(list(hidden.values()))
    # Endless bounds would leave some sums without an extreme.
    system = replace(system, high=np.minimum(system.high, MOST))
    low = np.full(len(system.low), np.inf)
    high = np.full(len(system.low), -np.inf)

    def meet(weights: Floats) -> None:
        nonlocal low, high
        met = system.extreme(weights)
        low, high = np.minimum(low, met), np.maximum(high, met)

    random = np.random.default_rng(1)
    for _ in range(ROUNDS):
        weights = np.zeros(len(system.low))
        open_now = places[(high - low)[places] < needed]
        weights[open_now] = random.choice([-1.0, 1.0], len(open_now))
        meet(weights)
        meet(-weights)
    found = []
    for key, place, width in zip(hidden, places, needed, strict=True):
        known = Feasible(float(low[place]), float(high[place]))
        if known.width < width - _NEAR:
            known = system.interval(int(place))
        found.append(Found(key, known, float(width)))
    return found


def _needed(reason: Reason, count: int, *, crossed: bool) -> float:
    """What is held back for others' sake is kept as wide as what is small by itself."""
    held_back = reason is Reason.WITHHELD and not RULE.hides(count, crossed=crossed)
    return RULE.width if held_back else RULE.needed(crossed=crossed)


def _crossed(release: Release) -> dict[Key, bool]:
    crossed: dict[Key, bool] = {}
    for released in release.tables:
        for place in released.table.places():
            key = released.table.key(place)
            crossed[key] = crossed.get(key, False) or is_crossed(released.table.axes)
    return crossed


def _tie(attacker: Attacker, table: Table, at: int) -> None:
    for along, axis in enumerate(table.axes):
        others = [range(n) for place, n in enumerate(table.counts.shape) if place != along]
        for rest in product(*others):
            keys = [
                (at, table.key((*rest[:along], place, *rest[along:])))
                for place in range(table.counts.shape[along])
            ]
            if axis.several:
                for key in keys[:-1]:
                    attacker.at_most(key, keys[-1])
            else:
                for whole, parts in axis.families():
                    attacker.adds_up([keys[part] for part in parts], keys[whole])


def _counts(report: ReportData) -> Iterator[tuple[Key, Count, bool]]:
    """Every number of people in a report with its name, and whether it is about groups."""
    arrived = report.arrived
    yield "responses", arrived.responses, True
    yield "residents", arrived.residents, True
    for name in ("by_channel", "by_language", "by_area", "by_week"):
        for line in getattr(arrived, name):
            yield (name, line.key), line.count, True
    for dimension in report.representation.dimensions:
        yield (dimension.key, "known"), dimension.known, True
        yield (dimension.key, "unknown"), dimension.unknown, True
        for group in dimension.groups:
            yield (dimension.key, "group", group.key), group.respondents, True
    for closed in report.closed:
        yield (closed.question, "answered"), closed.answered, False
        yield (closed.question, "not answered"), closed.not_answered, False
        for option in closed.options:
            yield (closed.question, "option", option.key), option.count, False
    for talk in report.talk:
        yield (talk.question, "answering"), talk.answering, True
        for theme in talk.themes:
            yield (talk.question, "theme", theme.id), theme.responses, True


def _sums(report: ReportData) -> Iterator[tuple[list[Key], Key]]:
    for name in ("by_channel", "by_language", "by_week"):
        lines = getattr(report.arrived, name)
        if lines:
            yield [(name, line.key) for line in lines], "responses"
    for dimension in report.representation.dimensions:
        yield [(dimension.key, "known"), (dimension.key, "unknown")], "residents"
        if not dimension.several:
            compared = [group for group in dimension.groups if group.population_share]
            groups: list[Key] = [(dimension.key, "group", group.key) for group in compared]
            yield groups, (dimension.key, "known")
    for closed in report.closed:
        question = closed.question
        yield [(question, "answered"), (question, "not answered")], "responses"
        if not closed.several:
            options: list[Key] = [(question, "option", option.key) for option in closed.options]
            yield options, (question, "answered")


def _parts(report: ReportData) -> Iterator[tuple[Key, Key]]:
    yield "residents", "responses"
    for dimension in report.representation.dimensions:
        for group in dimension.groups:
            yield (dimension.key, "group", group.key), (dimension.key, "known")
            if dimension.key == "ward" and report.arrived.by_area:
                # One figure in two places.
                yield (dimension.key, "group", group.key), ("by_area", group.key)
                yield ("by_area", group.key), (dimension.key, "group", group.key)
    for closed in report.closed:
        for option in closed.options:
            yield (closed.question, "option", option.key), (closed.question, "answered")
    for talk in report.talk:
        yield (talk.question, "answering"), "responses"
        for theme in talk.themes:
            yield (talk.question, "theme", theme.id), (talk.question, "answering")


def _text(report: ReportData, name: Key) -> str | None:
    return {key: count.text for key, count, _ in _counts(report)}.get(name)
