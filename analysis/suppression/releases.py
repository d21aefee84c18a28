"""From one release to the next: what changes by a few people does not change in public.

Whoever holds two releases can subtract one from the other. So a figure is published anew only
when every base it stands on, all people and its group, has changed by at least the threshold;
otherwise the figure of the last release stands. And even then figures that jump may give away
what was hidden before: a cell that shows 20 after ten more answers had 8 or 9 before. So old and
new figures are audited together, under the assumption that nobody withdrew unless somebody did.

A :class:`Release` holds exact counts for the next decision. It is internal: never publish it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.disclosure import RULE, WITHHELD, Published, Reason, Rule
from analysis.suppression.attacker import Key
from analysis.suppression.linking import Linked
from analysis.suppression.protecting import MOST_FIGURES, CannotProtect, Progress
from analysis.suppression.publishing import link, require_publishable, sums_of
from analysis.suppression.tables import Axis, FigureKey, Kind, ProtectedTable, Table


class Decision(StrEnum):
    """What becomes of a figure in a release."""

    NEW = "new"
    KEPT = "kept"
    """The figure of an earlier release stands."""
    WITHHELD = "withheld"
    """Never published before, and too few people came since the last release."""


@dataclass(frozen=True, slots=True)
class ReleasedTable:
    """A table as released, with what the next release must know.

    Attributes
    ----------
    table : Table
        Exact counts at the time.
    figures : tuple of Published
        In the order of ``table.places()``.
    decisions : tuple of Decision
        Likewise.
    """

    table: Table
    figures: tuple[Published, ...]
    decisions: tuple[Decision, ...]

    def public(self) -> ProtectedTable:
        """Return what readers see."""
        table = self.table
        return ProtectedTable(table.name, table.axes, self.figures, table.universe)


@dataclass(frozen=True, slots=True)
class Release:
    """All tables of one release. Internal: it holds exact counts.

    Attributes
    ----------
    name : str
        E.g. its date.
    tables : tuple of ReleasedTable
    total_known : bool
        Whether the number of people was taken to be known exactly.
    """

    name: str
    tables: tuple[ReleasedTable, ...]
    total_known: bool = True


def release_to_json(release: Release) -> str:
    """Write a release for the next decision; the inverse of :func:`release_from_json`."""
    tables = [
        {
            "name": released.table.name,
            "universe": released.table.universe,
            "axes": [asdict(axis) for axis in released.table.axes],
            "counts": released.table.counts.tolist(),
            "figures": [asdict(figure) for figure in released.figures],
            "decisions": released.decisions,
        }
        for released in release.tables
    ]
    whole = {"name": release.name, "total_known": release.total_known, "tables": tables}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def release_from_json(text: str) -> Release:
    """Read what :func:`release_to_json` wrote.

    Raises
    ------
    ValueError
        If it is no such text.
    """
    try:
        whole = json.loads(text)
        tables = tuple(_table_from(stored) for stored in whole["tables"])
        return Release(whole["name"], tables, whole["total_known"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no stored release: {error!r}") from error


def _table_from(stored: Mapping[str, Any]) -> ReleasedTable:
    axes = tuple(
        Axis(
            axis["name"],
            tuple(axis["categories"]),
            Kind(axis["kind"]),
            axis["several"],
            tuple(axis["parents"]),
        )
        for axis in stored["axes"]
    )
    counts = np.array(stored["counts"], dtype=np.int64)
    return ReleasedTable(
        Table(stored["name"], axes, counts, stored["universe"]),
        tuple(
            Published(**{**figure, "reason": Reason(figure["reason"])})
            for figure in stored["figures"]
        ),
        tuple(map(Decision, stored["decisions"])),
    )


@dataclass(frozen=True, slots=True)
class _Last:
    """A figure when it was last new, and the bases it stood on."""

    figure: Published
    bases: Mapping[FigureKey, int]


def decide(before: int | None, now: int, rule: Rule = RULE) -> Decision:
    """Decide by one base alone.

    Parameters
    ----------
    before : int or None
        The base when the figure was last published; None if nothing on it was.
    now : int

    Examples
    --------
    >>> decide(142, 151), decide(142, 152), decide(None, 12)
    (<Decision.KEPT: 'kept'>, <Decision.NEW: 'new'>, <Decision.NEW: 'new'>)
    """
    if before is None or abs(now - before) >= rule.threshold:
        return Decision.NEW
    return Decision.KEPT


def next_release(
    name: str,
    tables: Sequence[Table],
    earlier: Sequence[Release] = (),
    rule: Rule = RULE,
    *,
    total_known: bool = True,
    progress: Progress | None = None,
) -> Release:
    """Decide, figure by figure, what a release shows.

    Parameters
    ----------
    name : str
    tables : sequence of Table
        Exact counts of today.
    earlier : sequence of Release
        All earlier ones, oldest first. Figures are audited beside as many of the latest as
        fit into one system (see :data:`~analysis.suppression.protecting.MOST_FIGURES`).
    rule : Rule
    total_known : bool
        As for :func:`analysis.suppression.publishing.protect_tables`.
    progress : callable, optional

    Returns
    -------
    Release
        Tables whose new figures could not be made safe beside the old ones are kept as they
        were.

    Raises
    ------
    ValueError
        As for :func:`analysis.suppression.publishing.protect_tables`.
    CannotProtect
        If there is no earlier release and a figure cannot be protected.
    """
    last = _last_published(earlier)
    decisions = _decisions(tables, last, _last_bases(earlier), rule)
    fresh = {key for key, decision in decisions.items() if decision is Decision.NEW}
    linked = Linked(rule)
    for table in tables:
        require_publishable(table)
        link(linked, table, rule, fresh)
        everybody = (table.universe, frozenset[tuple[str, str]]())
        if total_known and everybody in fresh:
            linked.make_known(everybody)
    recent = _recent(earlier, MOST_FIGURES - len(decisions))
    _add_past(linked, recent)
    _add_arrivals(linked, [*(_counts(_tables(release)) for release in recent), _counts(tables)])
    try:
        published = linked.published(progress)
    except CannotProtect:
        if not earlier:
            raise
        published = {}
    released = []
    for table in tables:
        keys = [table.key(place) for place in table.places()]
        figures = [_figure(key, published, last) for key in keys]
        released.append(
            ReleasedTable(
                table,
                tuple(figure for figure, _ in figures),
                tuple(decision for _, decision in figures),
            )
        )
    return Release(name, tuple(released), total_known)


def _figure(
    key: FigureKey, published: Mapping[Key, Published], last: Mapping[FigureKey, _Last]
) -> tuple[Published, Decision]:
    if key in published:
        return published[key], Decision.NEW
    if key in last:
        return last[key].figure, Decision.KEPT
    return WITHHELD, Decision.WITHHELD


def _tables(release: Release) -> list[Table]:
    return [released.table for released in release.tables]


def _keyed(table: Table) -> Iterator[tuple[int, FigureKey, int]]:
    for at, place in enumerate(table.places()):
        yield at, table.key(place), int(table.counts[place])


def _counts(tables: Iterable[Table]) -> dict[FigureKey, int]:
    return {key: count for table in tables for _, key, count in _keyed(table)}


def _bases(table: Table, key: FigureKey) -> list[FigureKey]:
    """Return whose numbers a figure stands on: everybody, and each group it is about."""
    universe, about = key
    groups = {axis.name for axis in table.axes if axis.kind is Kind.GROUP}
    return [
        (universe, frozenset()),
        *((universe, frozenset([item])) for item in about if item[0] in groups),
    ]


def _last_published(earlier: Sequence[Release]) -> dict[FigureKey, _Last]:
    last = {}
    for release in earlier:
        for released in release.tables:
            table = released.table
            counts = _counts([table])
            for at, key, _ in _keyed(table):
                if released.decisions[at] is Decision.NEW:
                    bases = {base: counts[base] for base in _bases(table, key)}
                    last[key] = _Last(released.figures[at], bases)
    return last


def _last_bases(earlier: Sequence[Release]) -> dict[FigureKey, int]:
    """Return each base at the last release that had it, whether shown anew or not."""
    return {key: count for release in earlier for key, count in _counts(_tables(release)).items()}


def _decisions(
    tables: Sequence[Table],
    last: Mapping[FigureKey, _Last],
    last_bases: Mapping[FigureKey, int],
    rule: Rule,
) -> dict[FigureKey, Decision]:
    result = {}
    for table in tables:
        counts = _counts([table])
        for key in counts:
            bases = _bases(table, key)
            if key in last:
                new = all(
                    decide(last[key].bases.get(base), counts[base], rule) is Decision.NEW
                    for base in bases
                )
                result[key] = Decision.NEW if new else Decision.KEPT
            else:
                steady = all(
                    counts[base] == last_bases.get(base)
                    or decide(last_bases.get(base), counts[base], rule) is Decision.NEW
                    for base in bases
                )
                result[key] = Decision.NEW if steady else Decision.WITHHELD
    return result


def _recent(earlier: Sequence[Release], room: int) -> Sequence[Release]:
    """Return the latest releases that can be looked at together."""
    first = len(earlier)
    while first and (room := room - len(_counts(_tables(earlier[first - 1])))) >= 0:
        first -= 1
    return earlier[first:]


def _add_past(linked: Linked, earlier: Sequence[Release]) -> None:
    for at, release in enumerate(earlier):
        for released in release.tables:
            for place, key, count in _keyed(released.table):
                if released.decisions[place] is Decision.NEW:
                    known = release.total_known and not key[1]
                    linked.add_past((at, key), count, released.figures[place], known=known)
                elif (at, key) not in linked:
                    linked.add_unpublished((at, key), count)
            for weights, low, high in sums_of(released.table):
                linked.relate({(at, key): weight for key, weight in weights.items()}, low, high)


def _add_arrivals(linked: Linked, counts: Sequence[Mapping[FigureKey, int]]) -> None:
    """Tie each release to the next: figures that did not fall are taken not to have fallen."""
    today = len(counts) - 1
    for at, (before, after) in enumerate(pairwise(counts)):
        for key, count in before.items():
            if after.get(key, -1) >= count:
                linked.at_most((at, key), (at + 1, key) if at + 1 < today else key)
