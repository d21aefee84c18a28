"""Figures of all tables that are published together, tied where they share people.

A hidden figure is first shown as "fewer than 10", and one that is hidden for its sake as "not
shown". That difference is knowledge too: two cells of 2 and 10 people beside an exact total of
12 cannot be protected while a reader knows which is the small one. Where it is too much
knowledge, all that is hidden in the table is "not shown".
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.disclosure import RULE, WITHHELD, Published, Rule, publish
from analysis.suppression.attacker import Key, make_system
from analysis.suppression.audit import Figures, Flags, Places
from analysis.suppression.protecting import CannotProtect, Progress, protect


@dataclass(slots=True)
class _Figure:
    """One figure; ``low`` and ``high`` are set where they do not follow from the rule."""

    count: int
    crossed: bool = False
    total: bool = False
    known: bool = False
    held_back: bool = False
    fixed: tuple[float, float] | None = None
    needed: float = 0
    tables: dict[Hashable, None] = field(default_factory=dict)


class Linked:
    """Collects the figures of one release and publishes them together.

    Parameters
    ----------
    rule : Rule
    exact : bool
        Publish exact numbers and all totals, and hide cells.

    Examples
    --------
    >>> linked = Linked()
    >>> for key, count in {"yes": 40, "no": 3, "all": 43}.items():
    ...     linked.add(key, count)
    >>> linked.adds_up(["yes", "no"], "all")
    >>> {key: figure.text for key, figure in linked.published().items()}
    {'yes': '40', 'no': 'fewer than 10', 'all': '45'}
    """

    def __init__(self, rule: Rule = RULE, *, exact: bool = False) -> None:
        self._rule = rule
        self._exact = exact
        self._figures: dict[Key, _Figure] = {}
        self._sums: list[tuple[dict[Key, float], float, float]] = []

    def __contains__(self, key: Key) -> bool:
        return key in self._figures

    def add(
        self,
        key: Key,
        count: int,
        *,
        crossed: bool = True,
        total: bool = False,
        table: Hashable = None,
    ) -> None:
        """Add a figure, or the same figure of a second table.

        Raises
        ------
        ValueError
            If it has another count there.
        """
        figure = self._figures.setdefault(key, _Figure(count))
        if figure.count != count:
            raise ValueError(f"{key}: {figure.count} people in one table, {count} in another")
        figure.crossed |= crossed
        figure.total |= total
        figure.tables[table] = None

    def make_known(self, key: Key) -> None:
        """Take it that everybody knows a figure exactly, unless it is too small to be said."""
        self._figures[key].known = True

    def hold_back(self, keys: Iterable[Key]) -> None:
        """Hide figures whatever their size."""
        for key in keys:
            self._figures[key].held_back = True

    def add_unpublished(self, key: Key, count: int) -> None:
        """Add a figure of which nothing is published, and which sums tie to others."""
        self._figures[key] = _Figure(count, fixed=(0, np.inf), needed=0)

    def add_past(self, key: Key, count: int, published: Published, *, known: bool) -> None:
        """Add a figure of an earlier release, which nothing can hide any more."""
        low, high = published.low, np.inf if published.high is None else published.high
        if published.value is not None:
            fixed, needed = ((count, count) if known else (low, high)), 0.0
        else:
            fixed, needed = (low, high), min(self._rule.width, high - low)
        self._figures[key] = _Figure(count, fixed=fixed, needed=needed)

    def adds_up(self, parts: Iterable[Key], total: Key) -> None:
        """Tie parts to their total."""
        self.relate({**dict.fromkeys(parts, 1.0), total: -1.0}, 0, 0)

    def at_most(self, part: Key, whole: Key) -> None:
        """Tie a part to a whole that other parts overlap in."""
        self.relate({part: 1.0, whole: -1.0}, -np.inf, 0)

    def relate(self, weights: Mapping[Key, float], low: float, high: float) -> None:
        """Bound a weighted sum of figures."""
        self._sums.append((dict(weights), low, high))

    def published(self, progress: Progress | None = None) -> dict[Key, Published]:
        """Publish all that were added by :meth:`add`, in their order.

        Raises
        ------
        CannotProtect
            If some can be worked out whatever else is hidden.
        ValueError
            If the counts break a sum, or there are too many figures.
        """
        small_totals = [key for key in self._figures if self._exact and self._is_small_total(key)]
        if small_totals:
            raise CannotProtect(small_totals)
        tables = {table for figure in self._figures.values() for table in figure.tables}
        plain: set[Hashable] = set(tables) if self._exact else set()
        result = self._protected(plain, progress)
        return {
            key: self._as_published(figure, bool(hide), plain)
            for (key, figure), hide in zip(self._figures.items(), result, strict=True)
            if figure.fixed is None
        }

    def _protected(self, plain: set[Hashable], progress: Progress | None) -> Flags:
        """Return what to hide; tables that need it are put among the ``plain`` ones."""
        keys = list(self._figures)
        tables = {table for figure in self._figures.values() for table in figure.tables}
        while True:
            figures, hidden = self._arrays(plain)
            if not self._sums:
                return hidden
            try:
                return protect(figures, hidden, progress)
            except CannotProtect as error:
                failing = [keys[place] for place in error.keys if isinstance(place, int)]
            theirs = {table for key in failing for table in self._figures[key].tables}
            # An earlier release's figure is in no table of this one: any may be to blame.
            more = (theirs or tables) - plain
            if not more:
                raise CannotProtect(failing)
            plain |= more

    def _is_small_total(self, key: Key) -> bool:
        figure = self._figures[key]
        return figure.total and self._rule.hides(figure.count, crossed=figure.crossed)

    def _is_small(self, figure: _Figure) -> bool:
        return self._rule.hides(figure.count, crossed=figure.crossed)

    def _as_published(self, figure: _Figure, hidden: bool, plain: set[Hashable]) -> Published:
        alone = publish(figure.count, self._rule, crossed=figure.crossed)
        if hidden and (alone.value is not None or figure.held_back or figure.tables.keys() & plain):
            return WITHHELD
        if self._exact and not hidden:
            count = figure.count
            return Published(f"{count:,}", count, count, count)
        return alone

    def _arrays(self, plain: set[Hashable]) -> tuple[Figures, Flags]:
        rows = [self._bounds(figure, plain) for figure in self._figures.values()]
        shown_low, shown_high, hidden_low, hidden_high, needed, cost = (
            np.array(rows, dtype=float).reshape(-1, 6).T
        )
        places = {key: place for place, key in enumerate(self._figures)}
        system = make_system(
            shown_low,
            shown_high,
            [
                ({places[key]: weight for key, weight in weights.items()}, low, high)
                for weights, low, high in self._sums
            ],
        )
        hidden = np.array(
            [
                bool(figure.needed)
                if figure.fixed is not None
                else figure.held_back or self._is_small(figure)
                for figure in self._figures.values()
            ],
            dtype=bool,
        )
        truth = np.array([figure.count for figure in self._figures.values()], dtype=float)
        return (
            Figures(
                truth,
                shown_low,
                shown_high,
                hidden_low,
                hidden_high,
                needed,
                cost,
                system.sums,
                system.sum_low,
                system.sum_high,
                self._blocks(),
            ),
            hidden,
        )

    def _blocks(self) -> tuple[Places, ...]:
        by_table: dict[Hashable, list[int]] = {}
        for place, figure in enumerate(self._figures.values()):
            for table in figure.tables:
                by_table.setdefault(table, []).append(place)
        return tuple(np.array(places, dtype=np.intp) for places in by_table.values())

    def _bounds(self, figure: _Figure, plain: set[Hashable]) -> tuple[float, ...]:
        """Return bounds shown, bounds hidden, how far apart they must be, and what hiding costs."""
        rule, crossed, count = self._rule, figure.crossed, figure.count
        if figure.fixed is not None:
            return (*figure.fixed, *figure.fixed, figure.needed, np.inf)
        alone = publish(count, rule, crossed=crossed)
        small = alone.value is None
        must_hide = small or figure.held_back
        shown: tuple[float, float] = (count, count)
        if not (self._exact or figure.known):
            shown = alone.low, np.inf if alone.high is None else alone.high
        hidden: tuple[float, float]
        if figure.held_back or figure.tables.keys() & plain:
            hidden = 0, np.inf
        elif small:
            hidden = shown = alone.low, rule.least(crossed=crossed) - 1
        else:
            hidden = rule.least(crossed=crossed), np.inf
        needed = rule.needed(crossed=crossed) if small else rule.width
        if self._exact and must_hide:
            needed = max(rule.width, rule.least(crossed=crossed))
        # Readers know that nobody chose what nobody could choose: zeros hide nothing.
        fixed = must_hide or count == 0 or figure.known or (self._exact and figure.total)
        return (*shown, *hidden, needed, np.inf if fixed else count)
