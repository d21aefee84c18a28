"""Tables published together under the rule.

Tables that share a category share its total, and a reader can go from one to the other; so
they are protected as one system. What is tied only by a table that is not among them (answers
by age and answers by sex, through age by sex) is not.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from analysis.disclosure import RULE, Rule
from analysis.suppression.attacker import Key
from analysis.suppression.linking import Linked
from analysis.suppression.protecting import Progress
from analysis.suppression.tables import Axis, FigureKey, Kind, Place, ProtectedTable, Table


def protect_tables(
    tables: Sequence[Table],
    rule: Rule = RULE,
    *,
    exact: bool = False,
    total_known: bool = True,
    progress: Progress | None = None,
) -> tuple[ProtectedTable, ...]:
    """Publish tables that go out together.

    Parameters
    ----------
    tables : sequence of Table
    rule : Rule
    exact : bool
        Publish exact numbers and totals and hide cells, instead of rounding; an officer's
        choice. A total below the threshold then cannot be protected.
    total_known : bool
        Take it that the number of people in each universe is known exactly, as it is when
        minutes say "142 responses".
    progress : callable, optional

    Returns
    -------
    tuple of ProtectedTable

    Raises
    ------
    CannotProtect
        If a figure can be worked out whatever else is hidden: see
        :func:`analysis.suppression.tables.collapse`. Rounded
        tables are always protected in the end, by hiding more.
    ValueError
        If a table crosses a theme with two groups, tables disagree, or there are too many
        figures.
    """
    linked = Linked(rule, exact=exact)
    for table in tables:
        require_publishable(table)
        link(linked, table, rule, {table.key(place) for place in table.places()})
    if total_known and not exact:
        for table in tables:
            linked.make_known((table.universe, frozenset()))
    published = linked.published(progress)
    return tuple(
        ProtectedTable(
            table.name,
            table.axes,
            tuple(published[table.key(place)] for place in table.places()),
            table.universe,
        )
        for table in tables
    )


def require_publishable(table: Table) -> None:
    """Refuse a table that is never public.

    Raises
    ------
    ValueError
        If it crosses a theme with two groups.
    """
    kinds = [axis.kind for axis in table.axes]
    if Kind.THEME in kinds and kinds.count(Kind.GROUP) > 1:
        raise ValueError(f"{table.name}: a theme by two groups is never public")


def link(linked: Linked, table: Table, rule: Rule, fresh: Collection[FigureKey]) -> None:
    """Add a table's figures, its sums, and what it must hold back.

    Figures whose keys are not ``fresh`` are tied to the others, and not published.
    """
    for place in table.places():
        key, count = table.key(place), int(table.counts[place])
        if key in fresh:
            linked.add(
                key,
                count,
                crossed=is_crossed(table.axes),
                total=len(table.about(place)) < len(table.axes),
                table=(table.universe, table.name),
            )
        else:
            linked.add_unpublished(key, count)
    for weights, low, high in sums_of(table):
        linked.relate(weights, low, high)
    for axis, line in table.lines():
        linked.hold_back(table.key(place) for place in _dominated(table, axis, line, rule))


def sums_of(table: Table) -> Iterator[tuple[dict[Key, float], float, float]]:
    """Yield what ties a table's figures, as weights with the bounds of their sum."""
    for axis, line in table.lines():
        keys: list[Key] = [table.key(place) for place in line]
        if axis.several:
            for key in keys[:-1]:
                yield {key: 1.0, keys[-1]: -1.0}, -np.inf, 0
        else:
            for whole, parts in axis.families():
                weights = dict.fromkeys((keys[part] for part in parts), 1.0)
                yield {**weights, keys[whole]: -1.0}, 0, 0


def is_crossed(axes: Iterable[Axis]) -> bool:
    """Tell whether a table is about more than the answers to closed questions.

    Its totals then keep to the stricter threshold too: below a total of 4 no cell could be
    5 or more, and hidden cells would be known better than the rule allows.
    """
    return any(axis.kind is not Kind.ANSWER for axis in axes)


def _dominated(table: Table, axis: Axis, line: list[Place], rule: Rule) -> list[Place]:
    """Return what to hold back of a group's answers because they are (nearly) all one."""
    people = int(table.counts[line[-1]])
    if not any(other.kind is Kind.GROUP for other in table.about(line[-1])):
        return []
    if rule.hides(people, crossed=True):
        return []
    if axis.several:
        return [place for place in line[:-1] if rule.dominated([int(table.counts[place])], people)]
    counts = [int(table.counts[place]) for place in line]
    if any(
        rule.dominated([counts[part] for part in parts], counts[whole])
        for whole, parts in axis.families()
        if len(parts) > 1 and whole == len(line) - 1
    ):
        return line[:-1]
    return []
