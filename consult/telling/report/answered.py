"""Who answered: how many, how, in which languages, when and from where."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from flask_babel import gettext

from consult.reports.charts.kinds import Step
from consult.reports.data import Line
from consult.reports.paper import Block, Cell, Column, Figure, Kind, Span, Table
from consult.telling.report.drawing import times
from consult.telling.report.figures import (
    count_cell,
    count_words,
    day,
    number,
    number_cell,
    short_day,
)
from consult.telling.report.names import channel_name, language_name, standing_names
from consult.telling.report.subject import Subject, Written
from consult.telling.report.weaving import heading, lead, para

MOST_ROWS = 12
"""Rows of a table that is printed where it is spoken of; longer ones are appendices."""


def answered(subject: Subject) -> Written:
    """The section."""
    printed: list[Table] = []
    behind: list[Table] = []
    for table in _tables(subject):
        is_long = len(table.rows) > MOST_ROWS and subject.has_appendix
        (behind if is_long else printed).append(table)
    blocks = (*_said(subject), *printed, *_weeks(subject), *_far_off(behind))
    weeks = _weeks_table(subject)
    return Written("answered", gettext("Who answered"), blocks, (*weeks, *behind))


def _said(subject: Subject) -> Iterator[Block]:
    arrived = subject.data.arrived
    yield lead(
        gettext("%(responses)s responses count in this report."),
        responses=count_words(arrived.responses),
    )
    if subject.data.representation.dimensions and arrived.residents != arrived.responses:
        yield para(
            gettext(
                "%(residents)s of %(responses)s are from people who can be compared with "
                "residents: those who said that they live here, and those who did not say where."
            ),
            residents=count_words(arrived.residents),
            responses=count_words(arrived.responses),
        )
    if arrived.first_on and arrived.last_on:
        yield para(
            gettext("They came from %(first)s to %(last)s."),
            first=day(arrived.first_on),
            last=day(arrived.last_on),
        )


def _tables(subject: Subject) -> Iterator[Table]:
    arrived = subject.data.arrived
    responses = gettext("Responses")
    base = gettext("Of %(responses)s responses.", responses=count_words(arrived.responses))
    residents = gettext(
        "Of %(residents)s people who can be compared with residents.",
        residents=count_words(arrived.residents),
    )
    for key, title, head, lines, named in (
        (
            "responses-by-channel",
            gettext("How they came"),
            gettext("Way"),
            arrived.by_channel,
            lambda line: Span(channel_name(line.key)),
        ),
        (
            "responses-by-language",
            gettext("Language they were given in"),
            gettext("Language"),
            arrived.by_language,
            lambda line: Span(language_name(line.key)),
        ),
        ("responses-by-area", gettext("Where people live"), gettext("Area"), arrived.by_area, None),
    ):
        if lines:
            yield Table(
                key,
                title,
                (Column("name", head), Column("responses", responses, Kind.COUNT)),
                tuple(_rows(subject, lines, named or subject.area)),
                (residents if named is None else base,),
            )


def _rows(
    subject: Subject, lines: Sequence[Line], named: Callable[[Line], Span]
) -> Iterator[tuple[Cell, ...]]:
    for line in lines:
        yield subject.cell(named(line)), count_cell(line.count)


def _days(lines: Sequence[Line]) -> int:
    """How many days a step of time has: seven, or several weeks where it all took long."""
    if len(lines) < 2:
        return 7
    first, second = (date.fromisoformat(line.key) for line in lines[:2])
    return (second - first).days


def _from(lines: Sequence[Line]) -> str:
    days = _days(lines)
    if days == 7:
        return gettext("Seven days from")
    # Translators: heading over days that periods begin with, each of so many days
    return gettext("%(days)s days from", days=number(days))


def _weeks(subject: Subject) -> Iterator[Block]:
    lines = subject.data.arrived.by_week
    if not lines:
        return
    steps = [
        Step(short_day(date.fromisoformat(line.key)), line.count.value, count_words(line.count))
        for line in lines
    ]
    shown = [line for line in lines if line.count.value is not None]
    yield heading(gettext("When they came"))
    yield Figure(
        "responses-by-week",
        gettext("Responses by week"),
        times(subject, steps, name=gettext("Responses")),
        _weeks_words(lines, max(shown, key=lambda line: line.count.value or 0, default=None)),
        "responses-by-week",
    )


def _weeks_words(lines: Sequence[Line], busiest: Line | None) -> str:
    if busiest is None:
        return gettext(
            "Responses from %(first)s on, %(days)s days a column. No column has enough to be "
            "shown.",
            days=number(_days(lines)),
            first=day(date.fromisoformat(lines[0].key)),
        )
    return gettext(
        "Responses from %(first)s on, %(days)s days a column. Most came in the days from "
        "%(busiest)s: %(most)s.",
        days=number(_days(lines)),
        first=day(date.fromisoformat(lines[0].key)),
        busiest=day(date.fromisoformat(busiest.key)),
        most=count_words(busiest.count),
    )


def _weeks_table(subject: Subject) -> Iterator[Table]:
    lines = subject.data.arrived.by_week
    if lines:
        yield Table(
            "responses-by-week",
            gettext("Responses by week"),
            (
                Column("from", _from(lines), Kind.DATE),
                Column("responses", gettext("Responses"), Kind.COUNT),
            ),
            tuple(
                (Cell(day(date.fromisoformat(each.key))), count_cell(each.count)) for each in lines
            ),
        )


def _far_off(tables: Sequence[Table]) -> Iterator[Block]:
    for table in tables:
        yield para(
            gettext(
                "The table “%(title)s” has %(rows)s rows and stands among the tables at the end."
            ),
            title=table.title,
            rows=number(len(table.rows)),
        )


def standing_table(subject: Subject) -> Iterator[Table]:
    """What does not count, for the section on what is left out."""
    known = standing_names()
    lines = [line for line in subject.data.arrived.by_standing if line.key in known]
    if lines:
        yield Table(
            "responses-not-counted",
            gettext("Responses that do not count"),
            (
                Column("name", gettext("What became of them")),
                Column("responses", gettext("Responses"), Kind.COUNT),
                Column("meaning", gettext("What that means")),
            ),
            tuple(
                (Cell(known[line.key][0]), count_cell(line.count), Cell(known[line.key][1]))
                for line in lines
            ),
        )


def petitions_table(subject: Subject) -> Iterator[Table]:
    """Petitions, which are counted apart from responses."""
    petitions = subject.data.arrived.petitions
    if petitions:
        yield Table(
            "petitions",
            gettext("Petitions"),
            (
                Column("name", gettext("Petition")),
                Column("signatures", gettext("Signatures"), Kind.COUNT),
            ),
            tuple(
                (
                    subject.cell(subject.in_language(each.title, subject.source)),
                    number_cell(each.signatures),
                )
                for each in petitions
            ),
        )
