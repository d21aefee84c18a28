"""What a session came to: who answered, how and in which language, and which gaps it narrowed.

Officers and analysts see the numbers as they are. Partners see them by the one rule on small
numbers, all tables protected together; they are told what became of a gap only where the session
as a whole is large enough to be told of, and once it is over.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.disclosure import Published, publish
from analysis.representation.comparison.gaps import GroupGap, State
from analysis.suppression.publishing import protect_tables
from analysis.suppression.tables import Axis, Kind, make_table
from analysis.tables import matching_key
from consult.document.model import Consultation as Document
from consult.models import AssistedSession, Consultation, GroupTalk, Provenance, Response
from consult.services.assisting import talk
from consult.services.counted import counted
from consult.services.timing import Phase, phase
from consult.services.watching import gaps, respondents, snapshots
from consult.services.watching.gaps import NothingToCompare
from consult.services.watching.respondents import Counts
from consult.services.watching.snapshots import Figures

MODES = ("helped", "self", "paper")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many answered in a session, exactly; those that do not count are apart."""

    responses: int
    by_language: Mapping[str, int]
    by_mode: Mapping[str, int]
    interpreted: int
    not_counted: int
    """Left out, or waiting for a word on their clock."""
    tables: int
    people_at_tables: int


@dataclass(frozen=True, slots=True)
class Told:
    """The same as a reader may see it."""

    responses: Published
    by_language: Mapping[str, Published]
    by_mode: Mapping[str, Published]
    interpreted: Published
    tables: int
    people_at_tables: Published
    is_exact: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a session changed for one group: as things are, and as they would be without it."""

    dimension: str
    category: str
    came: int
    """People of the group who answered in the session."""
    without: GroupGap
    present: GroupGap
    is_hoped_for: bool
    is_closed: bool
    """Whether the group looked under without the session, and does not look so with it."""

    @property
    def more(self) -> int:
        """How many more are needed still."""
        return gaps.more_needed(self.present)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a session changed in who is missing."""

    changes: Sequence[Change] = field(default_factory=tuple)
    """Of groups that were missing without it, and of those that it hoped for."""
    as_of: datetime | None = None
    """When everybody was counted, if that was not just now."""


def numbers(session: Session, stored: Consultation, held: AssistedSession) -> Numbers:
    """Count what came from a session, but nothing of what was withdrawn or tried in a preview."""
    rows = session.execute(
        select(
            Response.language,
            Provenance.mode,
            Provenance.interpreted,
            counted().label("counts"),
            func.count().label("number"),
        )
        .join(Provenance, Provenance.response_id == Response.id)
        .where(
            Provenance.session_id == held.id,
            Response.consultation_id == stored.id,
            Response.is_test.is_(False),
            Response.withdrawn_at.is_(None),
        )
        .group_by(Response.language, Provenance.mode, Provenance.interpreted, counted())
    )
    languages = Counter[str]()
    modes = Counter[str](dict.fromkeys(MODES, 0))
    interpreted = not_counted = 0
    for row in rows:
        if not row.counts:
            not_counted += row.number
            continue
        languages[row.language] += row.number
        modes[row.mode] += row.number
        interpreted += row.number if row.interpreted else 0
    notes = session.scalars(
        select(GroupTalk)
        .where(GroupTalk.session_id == held.id, GroupTalk.removed_at.is_(None))
        .order_by(GroupTalk.table_name, GroupTalk.written_at, GroupTalk.id)
    )
    tables = talk.tables_among(notes)
    return Numbers(
        responses=sum(modes.values()),
        by_language=dict(languages.most_common()),
        by_mode=dict(modes),
        interpreted=interpreted,
        not_counted=not_counted,
        tables=len(tables),
        people_at_tables=sum(table.people for table in tables),
    )


def told(found: Numbers, languages: Sequence[str], *, is_exact: bool) -> Told:
    """The numbers for those who may see small ones, or for those who may not.

    ``languages`` are those that the consultation speaks: a table for others names them all, so
    that its rows do not tell who came. How many came in all is no secret to who was there, so the
    tables are protected against those who know it.
    """
    if is_exact:
        return Told(
            responses=_exact(found.responses),
            by_language={code: _exact(count) for code, count in found.by_language.items()},
            by_mode={mode: _exact(count) for mode, count in found.by_mode.items()},
            interpreted=_exact(found.interpreted),
            tables=found.tables,
            people_at_tables=_exact(found.people_at_tables),
            is_exact=True,
        )
    rows = {
        "language": dict.fromkeys(languages, 0) | dict(found.by_language),
        "mode": dict(found.by_mode),
        "interpreted": {
            "yes": found.interpreted,
            "no": found.responses - found.interpreted,
        },
    }
    tables = [
        make_table(
            name,
            [Axis(name, tuple(counts), Kind.GROUP)],
            list(counts.values()),
            universe="the session's responses",
        )
        for name, counts in rows.items()
    ]
    protected = dict(zip(rows, protect_tables(tables), strict=True))
    figures = {
        name: dict(zip(counts, protected[name].figures, strict=False))
        for name, counts in rows.items()
    }
    return Told(
        responses=publish(found.responses, crossed=False),
        by_language=figures["language"],
        by_mode=figures["mode"],
        interpreted=figures["interpreted"]["yes"],
        tables=found.tables,
        people_at_tables=publish(found.people_at_tables),
        is_exact=False,
    )


def changed_gaps(
    session: Session, stored: Consultation, document: Document, held: AssistedSession
) -> Gaps | NothingToCompare:
    """Compare who answered with residents, with a session's responses and without them."""
    kept = None if snapshots.is_small(session, stored) else snapshots.held(session, stored, "exact")
    return _changed(session, stored, document, held, kept)


def _changed(
    session: Session,
    stored: Consultation,
    document: Document,
    held: AssistedSession,
    kept: Figures | None,
) -> Gaps | NothingToCompare:
    """The same among those who were counted when figures were kept, else among all by now."""
    theirs = Response.id.in_(select(Provenance.response_id).where(Provenance.session_id == held.id))
    came = respondents.people(session, stored, document, only=theirs)
    if kept is None:
        everybody = respondents.count_up(respondents.people(session, stored, document), document)
    else:
        everybody = _together(list(kept.counts.values()))
        came = [person for person in came if person.received_at <= kept.made_at]
    mine = respondents.count_up(came, document)
    present = gaps.compare({gaps.FIRST: everybody}, document)
    without = gaps.compare({gaps.FIRST: _less(everybody, mine)}, document)
    if isinstance(present, NothingToCompare):
        return present
    if isinstance(without, NothingToCompare):
        return without
    before = {
        (part.reference.name, each.gap.category): each.gap
        for part in without.wholes
        for each in part.groups
    }
    here = {
        (part.reference.name, each.gap.category): each.gap
        for part in present.wholes
        for each in part.groups
    }
    hopes = {(str(dimension), matching_key(str(category))) for dimension, category in held.hopes}
    changes = [
        Change(
            dimension=dimension,
            category=category,
            came=gap.respondents - before[dimension, category].respondents,
            without=before[dimension, category],
            present=gap,
            is_hoped_for=(dimension, matching_key(category)) in hopes,
            is_closed=before[dimension, category].state is State.UNDER
            and gap.state is not State.UNDER,
        )
        for (dimension, category), gap in here.items()
        if (dimension, category) in before and gap.population_share
    ]
    shown = [
        each
        for each in changes
        if each.is_hoped_for or (each.came and each.without.state is State.UNDER)
    ]
    shown.sort(key=lambda each: (not each.is_closed, not each.is_hoped_for, -each.came))
    return Gaps(tuple(shown), None if kept is None else kept.made_at)


def may_tell_partners(
    held: AssistedSession, rules: Document, found: Numbers, *, now: datetime
) -> bool:
    """Whether partners may see what became of gaps.

    Only once the session is over for them, so that nobody who looks while people answer sees what
    the last one changed; and only where the session as a whole is no small number.
    """
    is_over = held.told_at is not None or phase(rules, now) is Phase.CLOSED
    return is_over and publish(found.responses).value is not None


def changed_for_partners(
    session: Session, stored: Consultation, document: Document, held: AssistedSession
) -> Gaps | NothingToCompare | None:
    """What partners may see of changes; nothing before figures for all readers are kept.

    The comparison is of the figures from which all who see no small numbers are told: they are
    taken anew only when at least ten more responses count, so nobody can subtract one look from
    the next.
    """
    kept = snapshots.held(session, stored, "shown")
    if kept is None:
        return None
    found = _changed(session, stored, document, held, kept)
    return for_partners(found) if isinstance(found, Gaps) else found


def for_partners(found: Gaps) -> Gaps:
    """What partners may see of changes: each group that the session hoped for, whoever came.

    Neither that a group is named nor its place tells then whether anybody of it came; that the
    session has closed its gap is said only where enough of them did.
    """
    hoped = sorted(
        (each for each in found.changes if each.is_hoped_for),
        key=lambda each: (each.dimension, each.category),
    )
    told_of = tuple(
        replace(each, is_closed=each.is_closed and publish(each.came).value is not None)
        for each in hoped
    )
    return replace(found, changes=told_of)


def _exact(count: int) -> Published:
    return Published(f"{count:,}", count, count, count)


def _together(parts: Sequence[Counts]) -> Counts:
    """Counts of all stages in one."""
    found: Counts = {}
    for part in parts:
        for name, answers in part.items():
            for answer, areas in answers.items():
                into = found.setdefault(name, {}).setdefault(answer, {})
                for area, count in areas.items():
                    into[area] = into.get(area, 0) + count
    return found


def _less(everybody: Counts, some: Counts) -> Counts:
    """Counts without some people who are among them."""
    return {
        name: {
            answer: {
                area: max(0, count - some.get(name, {}).get(answer, {}).get(area, 0))
                for area, count in areas.items()
            }
            for answer, areas in answers.items()
        }
        for name, answers in everybody.items()
    }
