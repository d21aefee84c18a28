"""A report on one page: the summary, who is missing and the largest themes."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.paper import Block, Bullets, Cell, Column, Kind, Paragraph, Table
from consult.telling.report.figures import (
    count_cell,
    residents_cell,
    share_cells,
    share_columns,
)
from consult.telling.report.missing import flagged
from consult.telling.report.names import tier_name
from consult.telling.report.subject import Subject, Written
from consult.telling.report.summary import sentences_beside_tables

MOST_GROUPS = 3
MOST_THEMES = 3


def one_page(subject: Subject) -> tuple[Written, ...]:
    """One section with all of it; what the officers left out is not here either."""
    printed = subject.data.layout.sections
    blocks: list[Block] = []
    if "summary" in printed:
        first, *others = sentences_beside_tables(subject)
        blocks += [Paragraph(first, lead=True), Bullets(tuple(others))]
    if "missing" in printed:
        blocks += _missing(subject)
    if "themes" in printed:
        blocks += _themes(subject)
    return (Written("summary", gettext("Summary"), tuple(blocks)),) if blocks else ()


def _missing(subject: Subject) -> Iterator[Block]:
    pairs = flagged(subject, "under")[:MOST_GROUPS]
    if not pairs:
        return
    rows = tuple(
        (
            subject.cell(subject.group(group)),
            count_cell(group.respondents),
            count_cell(dimension.known),
            share_cells(group.share, dimension.known)[0],
            residents_cell(group.population_share),
            Cell(tier_name(group.tier)),
        )
        for dimension, group in pairs
    )
    yield Table(
        "missing-groups",
        gettext("Groups under their share of residents"),
        (
            Column("group", gettext("Group")),
            Column("responses", gettext("Responses"), Kind.COUNT, printed=False),
            Column("known", gettext("Of people who said"), Kind.COUNT, printed=False),
            Column("share", gettext("Share of responses"), Kind.SHARE),
            Column("residents", gettext("Share of residents"), Kind.SHARE),
            # Translators: heading of a column: whether a flag is confirmed or an early sign
            Column("tier", gettext("How sure"), printed=False),
        ),
        rows,
    )


def _themes(subject: Subject) -> Iterator[Block]:
    found = [(talk, theme) for talk in subject.data.talk for theme in talk.themes[:MOST_THEMES]]
    # By what is said, so that the order tells nothing more.
    found.sort(key=lambda pair: -(pair[1].responses.value or 0))
    if not found:
        return
    several = len({talk.question for talk, _ in found[:MOST_THEMES]}) > 1
    yield Table(
        "top-themes",
        gettext("The largest themes"),
        (
            Column("theme", gettext("Theme")),
            *((Column("question", gettext("Question")),) if several else ()),
            Column("responses", gettext("People"), Kind.COUNT),
            Column("answering", gettext("Of people who wrote"), Kind.COUNT),
            *share_columns("share", gettext("Share")),
        ),
        tuple(
            (
                subject.cell(subject.theme(theme, talk)),
                *((Cell(subject.numbered(talk.question)),) if several else ()),
                count_cell(theme.responses),
                count_cell(talk.answering),
                *share_cells(theme.share, talk.answering),
            )
            for talk, theme in found[:MOST_THEMES]
        ),
    )
