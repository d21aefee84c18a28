"""All numbers of people in a report, as its readers may see them.

The tables of a report go out together: figures of the same people are tied to each other by the
names of their universe, axes and categories, and the one rule looks at all of them at once and at
all earlier reports (:func:`analysis.suppression.releases.next_release`). So tables are first
collected from every part of the report, then settled, and only then read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from analysis.disclosure import RULE, WITHHELD, Published, Rule, percentage, public_order
from analysis.statistics import wilson
from analysis.suppression.protecting import CannotProtect, Progress
from analysis.suppression.publishing import require_publishable
from analysis.suppression.releases import Decision, Release, ReleasedTable, next_release
from analysis.suppression.tables import ProtectedTable, Table
from consult.reports.data import Audience, Count, Share

COUNTED: Final = "counted"
"""The universe of everybody whose response counts. Tables of other people need a name of their
own, and are not tied to these."""

APART: Final = "\x1f"
"""Stands in names of categories that no option, group or area can have."""

NO_SHARE: Final = Share(value=None, low=None, high=None)


class Figures:
    """Tables of people that go out together, and what a reader may see of them.

    Parameters
    ----------
    audience : Audience
        Internal figures are exact.
    name : str
        Of the release.
    earlier : sequence of Release
        What the public has seen before, oldest first.

    Attributes
    ----------
    release : Release or None
        What the next public report must know; None until settled, and in internal ones.
        It holds exact counts.
    """

    def __init__(
        self,
        audience: Audience,
        *,
        name: str,
        earlier: Sequence[Release] = (),
        rule: Rule = RULE,
    ) -> None:
        self.audience = audience
        self.rule = rule
        self.release: Release | None = None
        self._name = name
        self._earlier = earlier
        self._tables: dict[str, Table] = {}
        self._settled: dict[str, ProtectedTable] | None = None

    @property
    def tables(self) -> tuple[Table, ...]:
        """The exact tables so far, in their order."""
        return tuple(self._tables.values())

    @property
    def is_public(self) -> bool:
        """Whether readers see what the rule lets through."""
        return self.audience is Audience.PUBLIC

    def add(self, table: Table) -> None:
        """Add a table.

        Raises
        ------
        ValueError
            If there is one of that name, if it crosses a theme with two groups, or if all are
            settled: what comes later would not be looked at together with the others.
        """
        if self._settled is not None:
            raise ValueError(f"{table.name}: the figures are settled")
        if table.name in self._tables:
            raise ValueError(f"{table.name} is there already")
        require_publishable(table)
        self._tables[table.name] = table

    def settle(self, progress: Progress | None = None) -> None:
        """Decide what a reader sees of all tables together.

        Where people are so few that nothing can be said of them, nothing is.
        """
        if self._settled is not None:
            raise ValueError("the figures are settled")
        if not self.is_public:
            self._settled = {name: _exactly(table) for name, table in self._tables.items()}
            return
        # Nothing ties tables of different people, and small systems are solved much faster.
        universes = dict.fromkeys(table.universe for table in self.tables)
        released = {
            each.table.name: each
            for universe in universes
            for each in self._released(universe, progress).tables
        }
        self.release = Release(self._name, tuple(released[name] for name in self._tables))
        self._settled = {name: each.public() for name, each in released.items()}

    def _released(self, universe: str, progress: Progress | None) -> Release:
        """Decide what is shown of the tables of some people."""
        before = [
            replace(release, tables=theirs)
            for release in self._earlier
            if (theirs := tuple(t for t in release.tables if t.table.universe == universe))
        ]
        tables = [table for table in self.tables if table.universe == universe]
        try:
            return next_release(self._name, tables, before, self.rule, progress=progress)
        except CannotProtect:
            # So few people that zeros in one table tell how many they are in another.
            return Release(self._name, tuple(_withheld(table) for table in tables))

    def __contains__(self, table: str) -> bool:
        return table in self._tables

    def published(self, table: str, *categories: str | None) -> Published:
        """Return one figure of a settled table; None for an axis is the total over it.

        Raises
        ------
        ValueError
            If nothing is settled yet, or there is no such figure.
        """
        if self._settled is None:
            raise ValueError("the figures are not settled")
        if table not in self._settled:
            raise ValueError(f"there is no table {table}")
        return self._settled[table].at(*categories)

    def count(self, table: str, *categories: str | None) -> Count:
        """Return one figure in the form of the report's data."""
        return as_count(self.published(table, *categories))

    def share(self, count: Published, base: Published) -> Share:
        """Return a share with its 95 % interval.

        In a public report both come from the published numbers: those of the exact ones would
        give the exact ones away.
        """
        if self.is_public:
            found = percentage(count, base, self.rule)
            if found.value is None or found.low is None or found.high is None:
                return NO_SHARE
            return Share(
                value=_of_hundred(found.value),
                low=_of_hundred(found.low),
                high=_of_hundred(found.high),
                few=found.flagged,
            )
        if not base.value or count.value is None:
            return NO_SHARE
        interval = wilson(count.value, base.value)
        return Share(
            value=count.value / base.value,
            low=interval.low,
            high=interval.high,
            few=base.value < self.rule.flag_base,
        )

    def order(self, names: Sequence[str], figures: Iterable[Published]) -> tuple[int, ...]:
        """Return the places of figures, the largest first as far as the reader may know it."""
        return public_order(names, list(figures))


def as_count(figure: Published) -> Count:
    """Return a figure in the form of the report's data."""
    return Count(
        text=figure.text,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        reason=figure.reason.value,
    )


def exact(count: int) -> Published:
    """Return a number as those see it who may see all."""
    return Published(f"{count:,}", count, count, count)


def _exactly(table: Table) -> ProtectedTable:
    figures = tuple(exact(int(table.counts[place])) for place in table.places())
    return ProtectedTable(table.name, table.axes, figures, table.universe)


def _withheld(table: Table) -> ReleasedTable:
    places = len(list(table.places()))
    return ReleasedTable(table, (WITHHELD,) * places, (Decision.WITHHELD,) * places)


def _of_hundred(percent: float) -> float:
    """A share of a percentage with at most one decimal, without the noise of the division."""
    return round(percent / 100, 3)
