"""Who is missing, as the page says and draws it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal, gettext, ngettext

from analysis.disclosure import Published, percentage
from analysis.representation.comparison.gaps import GroupGap, State, Untested
from analysis.representation.planning.outreach import needed_for_group
from analysis.representation.populations.areas import EXPECTED, finest_level, is_area_dimension
from analysis.representation.run import Comparison, GroupResult, Representation
from analysis.representation.telling.picture_parts import Dot, GapMark
from analysis.representation.telling.pictures import gap_picture
from analysis.representation.telling.sentences import Count, Message, Percent, message, percents
from analysis.representation.telling.summary import TEXTS as SUMMARY
from analysis.representation.telling.words import (
    caveats,
    gap_message,
    label,
    overall_messages,
    reference_message,
    unknown_messages,
)
from analysis.representation.watching.families import Tier
from consult.document.model import Consultation as Document
from consult.services.watching import gaps
from consult.services.watching.disclosed import KNOWN, OUTSIDE, UNKNOWN, Counted, Disclosed
from consult.services.watching.gaps import FIRST, Line, NothingToCompare, Stretch
from consult.telling.gap_words import (
    TOO_SMALL,
    category_name,
    category_names,
    dimension_name,
    listed,
    number_words,
    percent_words,
    public_decimals,
    public_percent,
    sentence,
)
from consult.views.staff.watch import charts
from consult.views.staff.watch.charts import Mark, Tick
from consult.views.staff.watch.crossed_words import crossed, crossed_pairs

LONG = 24
"""Groups of a dimension that is folded up: nobody reads so many at once."""

MOST_EMPTY = 8
"""Groups without a response that are named; a longer list is not read."""

_FIRMNESS = {Tier.CONFIRMED: 0, Tier.EARLY: 1, Tier.NONE: 2}


@dataclass(frozen=True, slots=True)
class Row:
    """One group, in the chart and in the table."""

    name: str
    mark: Mark
    responses: str
    share: str
    interval: str
    residents: str
    state: str
    tier: str
    """Empty for a group that is neither under nor over."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A group to be told of first."""

    said: tuple[str, ...]
    is_over: bool
    is_confirmed: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One dimension."""

    anchor: str
    name: str
    question: str
    said: tuple[str, ...]
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    alternative: str
    listed: tuple[str, ...]
    """Groups by name that are in line, or too few to tell."""
    source: tuple[str, ...]
    """What they are compared with."""

    @property
    def is_long(self) -> bool:
        """Whether it is folded up."""
        return len(self.rows) > LONG


@dataclass(frozen=True, slots=True)
class GapBoard:
    """All of it; ``why`` says in a sentence why there is nothing to compare."""

    why: str
    under: tuple[Flag, ...]
    over: tuple[Flag, ...]
    parts: tuple[Part, ...]
    crossed: tuple[str, ...]
    crossed_pairs: str
    stages: tuple[str, ...]
    caveats: tuple[str, ...]
    not_compared: tuple[str, ...]


def gap_board(shown: Disclosed, document: Document, language: str) -> GapBoard:
    """Say and draw the comparison, in the language that the document is in."""
    found = shown.compared
    if isinstance(found, NothingToCompare):
        return GapBoard(_why(found), (), (), (), (), "", (), (), ())
    flags = tuple(_flags(shown, found, document))
    return GapBoard(
        why="",
        under=tuple(flag for flag in flags if not flag.is_over),
        over=tuple(flag for flag in flags if flag.is_over),
        parts=tuple(_part(shown, part, document, language) for part in found.wholes),
        crossed=tuple(crossed(shown, document)),
        crossed_pairs=crossed_pairs(shown),
        stages=tuple(_stages(shown.figures.stages)),
        caveats=tuple(map(sentence, _caveats(found))),
        not_compared=tuple(_not_compared(found)),
    )


def _why(found: NothingToCompare) -> str:
    if found.why is gaps.Why.NO_POPULATION:
        return gettext(
            "There are no figures of residents to compare with. An officer can give them with "
            "the questions of this consultation."
        )
    return gettext(
        "No question asks for what the figures of residents count, so nothing can be compared."
    )


def _flags(shown: Disclosed, found: Representation, document: Document) -> Iterator[Flag]:
    """Groups with a flag, those who are missing first and the surest of them before others."""
    flagged = [
        line
        for part in (*found.wholes, *found.areas)
        for line in gaps.lines(part)
        if line.is_flagged and (shown.is_exact or part.reference.area is None)
    ]
    flagged.sort(key=lambda line: (_is_over(line), _FIRMNESS[line.result.tier]))
    for line in flagged:
        yield Flag(
            said=tuple(filter(None, _flag_sentences(shown, line, document))),
            is_over=_is_over(line),
            is_confirmed=line.result.tier is Tier.CONFIRMED,
        )


def _is_over(line: Line) -> bool:
    return line.result.gap.direction is State.OVER


def _flag_sentences(shown: Disclosed, line: Line, document: Document) -> Iterator[str]:
    name = _called(line, document)
    result = line.result
    yield _gap_sentence(shown, line, name)
    if more := _more(shown, line):
        yield ngettext(
            "%(count)s more response from this group, if nobody else answered, and it would no "
            "longer be under four fifths of its share.",
            "%(count)s more responses from this group, if nobody else answered, and it would no "
            "longer be under four fifths of its share.",
            more,
            count=format_decimal(more),
        )
    if shown.is_exact and result.unknown is not None and result.monitored is not None:
        yield from map(sentence, _of_unknown(result, name))
    if line.confirmed_before and result.monitored is not None:
        yield sentence(
            message(
                f"monitoring.before.{result.monitored.direction}",
                group=name,
                stages=_stage_names(shown.figures.stages, line.confirmed_before),
            )
        )


def _of_unknown(result: GroupResult, name: str) -> Iterator[Message]:
    if result.unknown is None or result.monitored is None:
        return
    wanted = ("unknown.tipping", "unknown.robust", "unknown.cautious")
    for said in unknown_messages(result.gap, result.unknown, result.monitored.tier, name):
        if said.key.startswith(wanted):
            yield said


def _called(line: Line, document: Document) -> str:
    """A group with its dimension, as it stands among groups of others."""
    name = category_name(category_names(document, line.dimension), line.category)
    dimension = dimension_name(line.dimension)
    if line.area is None:
        # Translators: a group of people and what it is a group of, such as: Muslim (Religion)
        return gettext("%(group)s (%(dimension)s)", group=name, dimension=dimension)
    area = category_name(category_names(document, "ward"), line.area)
    # Translators: a group of people in one ward, such as: Muslim (Religion) in Aston
    return gettext(
        "%(group)s (%(dimension)s) in %(area)s", group=name, dimension=dimension, area=area
    )


def _gap_sentence(shown: Disclosed, line: Line, name: str) -> str:
    """How one group stands, in numbers that the reader may see; nothing if there are none."""
    gap, tier = line.result.gap, line.result.tier
    if shown.is_exact:
        return sentence(gap_message(gap, tier, name))
    count, known = _published(shown, line)
    share = percentage(count, known)
    residents = gap.population_share or 0.0
    if count.value is None or known.value is None or share.value is None:
        key = f"{gap.state}.{tier}"
        (of_residents,) = percents(residents)
        if key in TOO_SMALL:
            return gettext(TOO_SMALL[key]) % {
                "group": name,
                "population": percent_words(of_residents),
            }
        return ""
    (of_residents,) = percents(residents)
    said = gap_message(gap, tier, name)
    values = {
        **said.values,
        "respondents": Count(count.value),
        "known": Count(known.value),
        "share": public_percent(share, known),
        "population": of_residents,
    }
    return sentence(Message(said.key, said.text, values))


def _published(shown: Disclosed, line: Line) -> tuple[Published, Published]:
    table = shown.groups[line.dimension]
    return table[line.category], table[KNOWN]


def _more(shown: Disclosed, line: Line) -> int:
    """How many more would make the difference, from numbers that the reader may see."""
    if shown.is_exact or not line.more:
        return line.more
    count, known = _published(shown, line)
    share = line.result.gap.population_share
    if count.value is None or known.value is None or not share:
        return 0
    return needed_for_group(min(count.value, known.value), known.value, share)


def _part(shown: Disclosed, part: Comparison, document: Document, language: str) -> Part:
    name = part.reference.name
    names = category_names(document, name)
    question = next((q for q in document.questions if q.dimension == name), None)
    table = shown.groups[name]
    lines = gaps.lines(part)
    published = None
    if not shown.is_exact:
        published = [_published(shown, line) for line in lines]
    called = {line.category: category_name(names, line.category) for line in lines}
    picture = gap_picture([line.result.gap for line in lines], labels=called, published=published)
    marks, ticks = charts.gap_marks(picture.marks, language)
    return Part(
        anchor=f"gap-{name}",
        name=dimension_name(name),
        question=str(question.label) if question else "",
        said=tuple(_said_of(shown, part, table, list(called.values()))),
        rows=tuple(
            _row(shown, line, drawn, mark, table)
            for line, drawn, mark in zip(lines, picture.marks, marks, strict=True)
        ),
        ticks=tuple(ticks),
        alternative=sentence(picture.alternative),
        listed=tuple(_listed(lines, called, table[KNOWN].value or 0)),
        source=tuple(_source(part)),
    )


def _row(shown: Disclosed, line: Line, drawn: GapMark, mark: Mark, table: Counted) -> Row:
    gap = line.result.gap
    people = None if shown.is_exact else table[KNOWN]
    share, interval, residents = _shares(drawn.dot, gap, people)
    is_gap = gap.state in (State.UNDER, State.OVER)
    return Row(
        name=drawn.label,
        mark=mark,
        responses=number_words(table[line.category]),
        share=share,
        interval=interval,
        residents=residents,
        state=sentence(label(gap.state)),
        tier=sentence(label(line.result.tier)) if is_gap else "",
    )


def _shares(dot: Dot | None, gap: GroupGap, people: Published | None) -> tuple[str, str, str]:
    """A share, its interval and that of residents, with the decimals that they need together.

    Shares of published numbers have those that the rule gives them: ``people`` is their base.
    """
    residents = [] if gap.population_share is None else [gap.population_share]
    if dot is None:
        return "", "", "".join(_percents(*residents))
    found = [dot.share, dot.low, dot.high]
    if people is None:
        share, low, high, *of_residents = _percents(*found, *residents)
    else:
        of_residents = _percents(*residents)
        share, low, high = (percent_words(Percent(each, public_decimals(people))) for each in found)
    # Translators: an interval of shares, such as: 10% to 19%
    interval = gettext("%(low)s to %(high)s", low=low, high=high)
    return share, interval, "".join(of_residents)


def _percents(*shares: float) -> list[str]:
    return [percent_words(share) for share in percents(*shares)]


def _said_of(
    shown: Disclosed, part: Comparison, table: Counted, names: Sequence[str]
) -> Iterator[str]:
    """The dimension as a whole: how alike, and who did not say."""
    counted, reference = part.counted, part.reference
    if shown.is_exact and part.overall is not None:
        said = overall_messages(dimension_name(reference.name), part.overall, names)
        if len(part.overall.empty) > MOST_EMPTY:
            said = tuple(each for each in said if each.key != "overall.cannot_weight")
        yield " ".join(map(sentence, said))
    if shown.is_exact:
        if counted.unknown:
            everybody = table.total.value or 0
            (of_all,) = percents(counted.unknown / everybody)
            values = {"unknown": Count(counted.unknown), "everybody": Count(everybody)}
            yield sentence(message("unknown.share", share=of_all, **values))
        if counted.outside:
            yield gettext(
                "People whose answer the figures of residents have no group for: %(number)s. They "
                "are compared with nobody.",
                number=number_words(table[OUTSIDE]),
            )
    else:
        yield gettext(
            "People who did not say, or whose answer the figures of residents have no group for: "
            "%(number)s.",
            number=number_words(table[UNKNOWN]),
        )
    if shown.is_exact and is_area_dimension(reference.name):
        choice = finest_level({"area": reference.counts}, counted.known, expected=EXPECTED)
        if choice.level is None:
            enough, areas = choice.enough["area"]
            yield _summary("small_areas", enough=Count(enough), areas=Count(areas))


def _listed(lines: Sequence[Line], called: Mapping[str, str], known: int) -> Iterator[str]:
    """Groups by name; ``known`` is how many answered, as the reader may know it."""
    untested = (Untested.NO_REFERENCE, Untested.WHOLE_POPULATION)
    few = [
        line.result.gap
        for line in lines
        if line.result.gap.state is State.TOO_FEW and line.result.gap.untested not in untested
    ]
    in_line = [line.result.gap for line in lines if line.result.gap.state is State.IN_LINE]
    waiting = [gap for gap in few if gap.needed is not None and known < gap.needed]
    if in_line:
        yield _summary("in_line", groups=listed(called[gap.category] for gap in in_line))
    if told := [gap for gap in few if gap not in waiting]:
        yield _summary("too_few", groups=listed(called[gap.category] for gap in told))
    if waiting:
        names = (f"{called[gap.category]} ({format_decimal(gap.needed)})" for gap in waiting)
        yield _summary("needed", groups=listed(names))


def _source(part: Comparison) -> Iterator[str]:
    if part.counted.several:
        yield sentence(message("caveat.multiple"))
    reference = part.reference
    if reference.source:
        yield sentence(reference_message(reference.base, reference.source, reference.date))


def _summary(key: str, **values: str | Count) -> str:
    return sentence(Message(f"summary.{key}", SUMMARY[f"summary.{key}"], values))


def _stages(stages: Sequence[Stretch]) -> Iterator[str]:
    """What was done to reach people, where anything was."""
    if len(stages) > 1:
        yield sentence(message("monitoring.stage", stage=_stage_name(stages[-1])))


def _stage_name(stage: Stretch) -> str:
    if stage.name == FIRST:
        # Translators: the time from the opening of a consultation to the first act of outreach
        return gettext("from the opening")
    return listed(stage.acts)


def _stage_names(stages: Sequence[Stretch], names: Sequence[str]) -> str:
    by_name = {stage.name: stage for stage in stages}
    return listed(_stage_name(by_name[name]) for name in names if name in by_name)


def _caveats(found: Representation) -> Iterator[Message]:
    tiers = {each.tier for part in (*found.wholes, *found.areas) for each in part.groups}
    yield from caveats(tiers)
    if Tier.EARLY in tiers:
        yield Message("summary.closing", SUMMARY["summary.closing"], {})


def _not_compared(found: Representation) -> Iterator[str]:
    names = [dimension_name(name) for name in (*found.only_respondents, *found.only_population)]
    if names:
        yield gettext("Not compared, as only one side has it: %(names)s.", names=listed(names))
    if found.elsewhere:
        yield gettext("Some people live where the figures of residents count nobody.")
