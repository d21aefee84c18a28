"""The figures as somebody may see them: exact, or by the one rule on small numbers.

Exact figures take the same form as public ones (:class:`analysis.disclosure.Published`), so that
pages have one way of saying both, and cannot mix them up.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from analysis.disclosure import Published, publish
from analysis.representation.run import Comparison, Representation
from analysis.suppression.areas import nested_axis
from analysis.suppression.publishing import protect_tables
from analysis.suppression.tables import Axis, Kind, Table, make_table
from consult.document.model import Consultation as Document
from consult.models.response import CHANNELS
from consult.services.watching import gaps
from consult.services.watching.arrivals import Home, Standing
from consult.services.watching.completion import Completion
from consult.services.watching.gaps import NothingToCompare
from consult.services.watching.snapshots import Figures

KNOWN, UNKNOWN, OUTSIDE = "\0known", "\0unknown", "\0outside"
"""People who are compared, who did not say, and whose answer the population has nothing for;
beside categories of the population, none of which can be called so."""

SENT, UNFINISHED, AT_IT = "\0sent", "\0unfinished", "\0at it"
"""Those who sent, those who did not, and of these such as may still be answering; beside the
questions at which others stopped."""

WEEK = 7


@dataclass(frozen=True, slots=True)
class Counted:
    """One table: a number for each row, and of all."""

    rows: Mapping[str, Published]
    total: Published

    def __getitem__(self, row: str) -> Published:
        return self.rows[row]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """All numbers of people on the dashboard, for one kind of reader.

    Attributes
    ----------
    figures : Figures
        What they are of. Exact: what is read from it beside these numbers must be no number
        of people, unless ``is_exact``.
    is_exact : bool
    compared : Representation or NothingToCompare
        States, tiers and shares of residents may be read by everybody.
    standing : mapping of str to Published
    way, language, home, ward : Counted
    arrived : Counted
        By day (``is_exact``) or by seven days from the first, as ISO dates.
    groups : mapping of str to Counted
        By dimension: each category, :data:`KNOWN`, :data:`UNKNOWN` and, where ``is_exact``,
        :data:`OUTSIDE`; else those outside are among the unknown.
    begun : Counted
        Those who answer on the pages: :data:`SENT`, :data:`UNFINISHED`, and of these
        :data:`AT_IT` and the keys of the questions at which the others stopped.
    late, changed, suspected, changing : Published
    """

    figures: Figures
    is_exact: bool
    compared: "Representation | NothingToCompare"
    standing: Mapping[str, Published]
    way: Counted
    language: Counted
    home: Counted
    ward: Counted | None
    begun: Counted
    arrived: Counted | None
    groups: Mapping[str, Counted]
    late: Published
    changed: Published
    suspected: Published
    changing: Published


def disclose(figures: Figures, document: Document, *, is_exact: bool) -> Disclosed:
    """Make the numbers for those who may see small ones, or for those who may not."""
    compared = gaps.compare(figures.counts, document)
    wholes = () if isinstance(compared, NothingToCompare) else compared.wholes
    came = figures.arrivals
    tables = {
        "way": _simple("counted", "way", dict.fromkeys(CHANNELS, 0) | dict(came.by_way)),
        "language": _simple(
            "counted", "language", dict.fromkeys(document.languages, 0) | dict(came.by_language)
        ),
        "home": _simple(
            "counted", "home", {home.value: came.by_home.get(home, 0) for home in Home}
        ),
        "begun": _begun(figures.completion),
    }
    if came.by_day:
        step = 1 if is_exact else WEEK
        tables["arrived"] = _simple("counted", "arrived", _by_days(came.by_day, step))
    if came.by_ward:
        wards = dict.fromkeys((area.code for area in document.areas), 0) | dict(came.by_ward)
        tables["ward"] = _simple("residents", "ward of arrivals", wards)
    groups = {part.reference.name: _grouped(part, is_exact=is_exact) for part in wholes}
    tables |= {f"group {name}": table for name, table in groups.items()}
    said = _said(tables, is_exact=is_exact)

    def one(count: int) -> Published:
        # What became of a response says nothing of its person.
        return _exact(count) if is_exact else publish(count, crossed=False)

    standing = {name: one(count) for name, count in _all_standings(came.standing).items()}

    return Disclosed(
        figures=figures,
        is_exact=is_exact,
        compared=compared,
        standing=standing,
        way=said["way"],
        language=said["language"],
        home=said["home"],
        ward=said.get("ward"),
        begun=said["begun"],
        arrived=said.get("arrived"),
        groups={name: said[f"group {name}"] for name in groups},
        late=one(came.late),
        changed=one(came.changed),
        suspected=one(came.suspected),
        changing=one(figures.completion.changing),
    )


def _exact(count: int) -> Published:
    return Published(f"{count:,}", count, count, count)


def _said(tables: Mapping[str, Table], *, is_exact: bool) -> dict[str, Counted]:
    if is_exact:
        return {
            name: _counted(table.axes[0], [_exact(int(count)) for count in table.counts])
            for name, table in tables.items()
        }
    # Who sees these pages is not shown exact totals anywhere.
    protected = protect_tables(list(tables.values()), total_known=False)
    return {
        name: _counted(table.axes[0], table.figures)
        for name, table in zip(tables, protected, strict=True)
    }


def _counted(axis: Axis, figures: Sequence[Published]) -> Counted:
    return Counted(dict(zip(axis.categories, figures, strict=False)), figures[-1])


def _simple(universe: str, name: str, counts: Mapping[str, int]) -> Table:
    axis = Axis(name, tuple(counts), Kind.GROUP)
    return make_table(name, [axis], list(counts.values()), universe=universe)


def _all_standings(found: Mapping[Standing, int]) -> dict[str, int]:
    """All of them, whether there are any or not; those of a preview only where it is one."""
    counts = {standing.value: found.get(standing, 0) for standing in Standing}
    if not counts[Standing.TEST]:
        del counts[Standing.TEST]
    return counts


def _begun(found: Completion) -> Table:
    """Those who began: who sent, and where the others are."""
    unfinished = {AT_IT: found.at_it, **found.stopped}
    axis = nested_axis(
        "begun", [(SENT, ""), (UNFINISHED, ""), *((place, UNFINISHED) for place in unfinished)]
    )
    counts = [found.sent, sum(unfinished.values()), *unfinished.values()]
    return make_table("begun", [axis], counts, universe="begun")


def _by_days(by_day: Mapping[date, int], step: int) -> dict[str, int]:
    """Counts of so many days together, from the first with a response; none left out."""
    first, last = min(by_day), max(by_day)
    starts = range(0, (last - first).days + 1, step)
    found = Counter[str]()
    for day, count in by_day.items():
        start = first + timedelta((day - first).days // step * step)
        found[start.isoformat()] += count
    days = ((first + timedelta(start)).isoformat() for start in starts)
    return {day: found[day] for day in days}


def _grouped(part: Comparison, *, is_exact: bool) -> Table:
    """One dimension: who is known divides into the groups that are compared."""
    counted, name = part.counted, part.reference.name
    categories = part.reference.categories
    outside = sum(counted.outside.values())
    rest = {UNKNOWN: counted.unknown, OUTSIDE: outside}
    if not is_exact:
        rest = {UNKNOWN: counted.unknown + outside}
    if counted.several:
        axis = Axis(name, (KNOWN, *categories, *rest), Kind.GROUP, several=True)
        counts = [counted.known, *counted.counts, *rest.values()]
        everybody = counted.known + sum(rest.values())
        return make_table(name, [axis], counts, bases=everybody, universe="residents")
    known = part.groups[0].gap.known if part.groups else counted.known
    is_compared = [bool(each.gap.population_share) for each in part.groups]
    parents = [
        (KNOWN, ""),
        *((c, KNOWN if here else "") for c, here in zip(categories, is_compared, strict=True)),
        *((place, "") for place in rest),
    ]
    counts = [known, *counted.counts, *rest.values()]
    return make_table(name, [nested_axis(name, parents)], counts, universe="residents")
