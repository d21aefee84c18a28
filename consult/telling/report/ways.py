"""Answers to closed questions by the way people answered: with help, or otherwise."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import ByWay, OptionByWay
from consult.reports.paper import Block, Cell, Column, Table
from consult.telling.report.figures import count_words, share_cells, share_columns
from consult.telling.report.subject import Subject
from consult.telling.report.weaving import heading, para


def state_words(state: str) -> str:
    """Whether those who had help gave an answer more or less often."""
    return {
        # Translators: how often people who had help gave an answer, beside all others
        "more": gettext("More often with help"),
        "less": gettext("Less often with help"),
        "no_clear_difference": gettext("No clear difference"),
        "too_few": gettext("Too few to tell"),
    }[state]


def ways(subject: Subject) -> Iterator[Block]:
    """What the section on closed questions says of it; nothing where nobody had help."""
    helped = next((e for e in subject.data.arrived.by_channel if e.key == "assisted"), None)
    found = subject.data.ways
    if not found:
        if helped is not None and helped.count.value:
            yield heading(title())
            yield para(too_few())
        return
    yield heading(title())
    yield para(
        gettext(
            "Some people answered with help: a partner sat with them and entered what they said, "
            "or handed them a tablet. Partners reach other people than a website does, so that "
            "their answers may well differ. A difference says whom a partner reached. It says "
            "nothing against anybody’s answers: all count alike."
        )
    )
    states = {option.state for each in found for option in each.options}
    if states & {"more", "less"}:
        yield para(
            gettext(
                "People who answered with help differ clearly from all others in some answers; "
                "the table says in which."
            )
        )
    elif "no_clear_difference" in states:
        yield para(
            gettext("In no answer do people who answered with help differ clearly from all others.")
        )
    else:
        yield para(too_few())
    yield from ways_table(subject)


def title() -> str:
    """The heading."""
    return gettext("Answers with help beside all others")


def too_few() -> str:
    """That nothing can be said."""
    return gettext(
        "Too few people answered with help to tell whether their answers differ from those of "
        "others."
    )


def ways_table(subject: Subject) -> Iterator[Table]:
    """The answers that may be told, a row each."""
    rows = [
        _row(subject, each, option)
        for each in subject.data.ways
        for option in each.options
        if option.helped.value is not None and option.others.value is not None
    ]
    if not rows:
        return
    first = subject.data.ways[0]
    yield Table(
        "answers-by-way",
        title(),
        (
            Column("question", gettext("Question")),
            Column("answer", gettext("Answer")),
            *share_columns("helped", gettext("With help")),
            *share_columns("others", gettext("All others")),
            Column("difference", gettext("Difference")),
        ),
        tuple(rows),
        (
            gettext(
                "Shares are of all who came in a way, whether they answered the question or not: "
                "%(helped)s with help, and %(others)s others.",
                helped=count_words(first.helped),
                others=count_words(first.others),
            ),
        ),
    )


def _row(subject: Subject, each: ByWay, option: OptionByWay) -> tuple[Cell, ...]:
    return (
        subject.cell(subject.question(each.question)),
        subject.cell(subject.option(option)),
        *share_cells(option.helped, each.helped),
        *share_cells(option.others, each.others),
        Cell(state_words(option.state)),
    )
