"""Who is missing: those who answered beside residents, characteristic by characteristic."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext

from analysis.representation.telling.sentences import TEXTS
from consult.reports.charts.kinds import Shares
from consult.reports.data import Dimension, GroupLine
from consult.reports.paper import Block, Cell, Column, Figure, Heading, Kind, Paragraph, Table, Text
from consult.telling.gap_words import TOO_SMALL, dimension_name
from consult.telling.report.drawing import mark, shares
from consult.telling.report.figures import (
    NOTHING,
    count_cell,
    count_words,
    day_as_written,
    number,
    number_cell,
    residents_cell,
    residents_words,
    share_cells,
    share_columns,
    share_words,
    whole_percent,
)
from consult.telling.report.names import state_name, tier_name
from consult.telling.report.subject import MEANT, Subject, Written
from consult.telling.report.weaving import bullets, lead, listed, para, words, woven

LONG = 24
"""Groups of a characteristic whose chart shows those with a flag alone."""

MOST_DRAWN = 12

_FIRMNESS = {"confirmed": 0, "early": 1, "none": 2}


def missing(subject: Subject) -> Written:
    """The section."""
    found = subject.data.representation
    blocks: list[Block] = []
    behind: list[Table] = []
    if found.not_compared is not None or not found.dimensions:
        blocks.append(lead(why_not_compared(found.not_compared)))
    else:
        blocks.extend(_opening(subject))
    for dimension in found.dimensions:
        table = gap_table(subject, dimension)
        is_long = len(dimension.groups) > LONG and subject.has_appendix
        blocks.extend(_part(subject, dimension))
        blocks.extend([] if is_long else [table])
        behind.extend([table] if is_long else [])
        blocks.extend(_after(subject, dimension))
    return Written("missing", gettext("Who is missing"), tuple(blocks), tuple(behind))


def why_not_compared(why: str | None) -> str:
    """Why nobody can tell who is missing."""
    if why == "no_question":
        return gettext(
            "No question asks for what the figures of residents count, so nobody can tell who is "
            "missing."
        )
    return gettext(
        "There are no figures of residents to compare with, so nobody can tell who is missing."
    )


def flagged(subject: Subject, *states: str) -> list[tuple[Dimension, GroupLine]]:
    """Groups under or over their share, the surest first; those that look so by chance are not."""
    found = [
        (dimension, group)
        for dimension in subject.data.representation.dimensions
        for group in dimension.groups
        if is_flagged(group, *states)
    ]
    return sorted(found, key=lambda pair: _FIRMNESS[pair[1].tier])


def is_flagged(group: GroupLine, *states: str) -> bool:
    """Whether a group is under or over, by more than some are by chance where many are compared."""
    return group.state in (states or ("under", "over")) and group.tier != "none"


def is_told(group: GroupLine) -> bool:
    """Whether there is a sentence about a group.

    Of one that is too small to be counted it cannot always be said how sure its flag is.
    """
    return is_flagged(group) or (group.state == "under" and group.respondents.value is None)


def question_line(subject: Subject, dimension: Dimension) -> Paragraph:
    """What people were asked, without which an answer such as "No" means nothing."""
    return para(
        # Translators: words of a question, as people were asked it
        gettext("The question was: %(question)s"),
        question=subject.question(dimension.question),
    )


def _opening(subject: Subject) -> Iterator[Block]:
    under = [
        subject.group_in(group, dimension)
        for dimension, group in flagged(subject, "under")
        if group.tier == "confirmed"
    ]
    if under:
        yield lead(
            gettext(
                "These groups are clearly smaller among the people who answered than among "
                "residents: %(groups)s."
            ),
            groups=listed(under),
        )
    else:
        yield lead(
            gettext(
                "No group is clearly under its share of residents. A group can still be missing "
                "where too few people answered to tell."
            )
        )
    yield para(
        gettext(
            "Each chart shows a group’s share of the people who answered, and its share of "
            "residents. The line around a share says how far chance alone could move it."
        )
    )
    yield para(
        gettext(
            "“Confirmed” means that chance is an unlikely reason for the gap. An “early sign” may "
            "go again. “Too few to tell” is no all-clear: it means that we do not know."
        )
    )


def _part(subject: Subject, dimension: Dimension) -> Iterator[Block]:
    yield Heading(words(dimension_name(dimension.key)), anchor=f"missing-{dimension.key}")
    yield question_line(subject, dimension)
    sentences = [
        said
        for state in ("under", "over")
        for group in dimension.groups
        if group.state == state
        and is_told(group)
        and (said := gap_sentence(subject, group, dimension))
    ]
    if sentences:
        yield from bullets(sentences)
    else:
        yield para(gettext("No group is flagged."))
    drawn = _drawn(dimension)
    if drawn:
        yield Figure(
            f"gaps-{dimension.key}",
            gettext(
                "%(dimension)s: those who answered beside residents",
                dimension=dimension_name(dimension.key),
            ),
            gap_chart(subject, dimension, drawn),
            _alternative(drawn),
            f"gaps-{dimension.key}",
        )
    if len(drawn) < len(dimension.groups):
        yield para(
            gettext(
                "%(groups)s groups are compared here. The chart shows those with a flag, %(shown)s "
                "at most; the table has all of them."
            ),
            groups=number(len(dimension.groups)),
            shown=number(MOST_DRAWN),
        )


def _drawn(dimension: Dimension) -> Sequence[GroupLine]:
    if len(dimension.groups) <= LONG:
        return dimension.groups
    marked = [each for each in dimension.groups if is_told(each)]
    return sorted(marked, key=lambda each: _FIRMNESS[each.tier])[:MOST_DRAWN]


def gap_chart(subject: Subject, dimension: Dimension, groups: Sequence[GroupLine]) -> Shares:
    """Each group's share beside its share of residents."""
    return shares(
        subject,
        [
            mark(
                subject.group(group),
                group.respondents,
                group.share,
                dimension.known,
                reference=group.population_share,
                state="" if group.state == "untested" else state_name(group.state),
            )
            for group in groups
        ],
        value_name=gettext("Share of responses"),
        reference_name=gettext("Share of residents"),
        as_bars=False,
    )


def _alternative(groups: Sequence[GroupLine]) -> str:
    states = [group.state for group in groups]
    return gettext(
        "Shares of responses beside shares of residents for %(groups)s groups: %(under)s under, "
        "%(in_line)s in line, %(over)s over, %(too_few)s with too few responses to tell.",
        groups=number(len(states)),
        under=number(states.count("under")),
        in_line=number(states.count("in_line")),
        over=number(states.count("over")),
        too_few=number(states.count("too_few") + states.count("untested")),
    )


def gap_sentence(subject: Subject, group: GroupLine, dimension: Dimension) -> Text:
    """How one group stands, in the numbers that the reader may see; nothing if there are none."""
    if group.state == "untested" or group.population_share is None:
        return ()
    residents = residents_words(group.population_share)
    key = f"{group.state}.{group.tier}"
    if group.share.value is None:
        if key not in TOO_SMALL:
            return ()
        if group.tier == "none":
            return woven(
                gettext(
                    "%(group)s: this looks under their %(population)s of residents. How sure that "
                    "is may not be said."
                ),
                group=subject.group(group),
                population=residents,
            )
        return woven(gettext(TOO_SMALL[key]), group=subject.group(group), population=residents)
    by_tier = group.state in {"under", "over"}
    return woven(
        gettext(TEXTS[f"gap.{key}" if by_tier else f"gap.{group.state}"]),
        group=subject.group(group),
        respondents=count_words(group.respondents),
        known=count_words(dimension.known),
        share=share_words(group.share, dimension.known),
        population=residents,
    )


def gap_table(subject: Subject, dimension: Dimension) -> Table:
    """All groups of a characteristic beside residents."""
    known = dimension.known
    columns = (
        Column("group", gettext("Group")),
        Column("responses", gettext("Responses"), Kind.COUNT),
        *share_columns("share", gettext("Share of responses")),
        Column("residents", gettext("Share of residents"), Kind.SHARE),
        Column("state", gettext("State")),
        # Translators: heading of a column: whether a flag is confirmed or an early sign
        Column("tier", gettext("How sure"), printed=any(map(_has_tier, dimension.groups))),
        Column(
            "missing",
            gettext("Responses missing"),
            Kind.COUNT,
            printed=any(group.missing is not None for group in dimension.groups),
        ),
    )
    rows = tuple(
        (
            subject.cell(subject.group(group)),
            count_cell(group.respondents),
            *share_cells(group.share, known),
            residents_cell(group.population_share),
            Cell(state_name(group.state)),
            Cell(tier_name(group.tier) if _has_tier(group) else NOTHING),
            number_cell(group.missing),
        )
        for group in dimension.groups
    )
    notes = [gettext("Of %(known)s people who answered this question.", known=count_words(known))]
    if any(group.missing is not None for group in dimension.groups):
        notes.append(
            gettext(
                "“Responses missing” is about how many more answers from this group alone would "
                "lift it over four fifths of its share of residents."
            )
        )
    if dimension.several:
        notes.append(several_note())
    title = gettext(
        "%(dimension)s: who answered and who lives here", dimension=dimension_name(dimension.key)
    )
    return Table(f"gaps-{dimension.key}", title, columns, rows, tuple(notes))


def _has_tier(group: GroupLine) -> bool:
    return group.state in {"under", "over"}


def several_note() -> str:
    """Why shares add up to more than all."""
    return gettext(
        "People could choose several answers, so shares can add up to more than all people."
    )


def _after(subject: Subject, dimension: Dimension) -> Iterator[Block]:
    yield para(
        gettext(
            "People who did not say, or whose answer the figures of residents have no group for: "
            "%(number)s."
        ),
        number=count_words(dimension.unknown),
    )
    if dimension.similarity is not None:
        yield para(
            gettext(
                "The make-up of responses is %(similarity)s like that of residents. If both were "
                "made up the same, it would be %(all)s."
            ),
            similarity=whole_percent(dimension.similarity),
            all=whole_percent(1),
        )
    if dimension.source:
        yield para(
            gettext("Compared with: %(base)s, %(source)s, %(date)s."),
            base=subject.in_language(dimension.base, MEANT),
            source=subject.in_language(dimension.source, MEANT),
            date=day_as_written(dimension.as_of),
        )
