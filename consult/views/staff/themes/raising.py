"""Who raises a theme, and on which side they stand, as tables and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from analysis.statistics import Interval, wilson
from analysis.themes.counting import Comparison, State, compare_each
from analysis.themes.stance import ThemeStance
from consult.db import db
from consult.forms.bidirectional import isolated
from consult.services.themes import detailing
from consult.services.themes.counting import Base
from consult.services.themes.figures import Overview, ThemeDetail
from consult.views.staff.themes.at_hand import AtHand, question_label
from consult.views.staff.themes.figure_words import (
    interval_words,
    language_name,
    number,
    points_words,
    share_words,
)
from consult.views.staff.themes.group_words import BETWEEN, group_label


@dataclass(frozen=True, slots=True)
class Row:
    """One group of people beside everybody else."""

    count: int
    base: int
    share: float | None
    interval: str
    state: State
    points: str
    filters: Mapping[str, str]
    """Which answers are behind the count."""


@dataclass(frozen=True, slots=True)
class Table:
    """The answers to one monitoring question, or the languages."""

    name: str
    rows: Sequence[tuple[str, Row]]
    not_known: int


@dataclass(frozen=True, slots=True)
class Side:
    """How many stand on one side."""

    name: str
    count: int
    share: str
    interval: str
    state: State | None
    points: str


@dataclass(frozen=True, slots=True)
class Sides:
    """How people who raise a theme answered the scale that was asked with the text."""

    question: str
    rows: Sequence[Side]
    not_known: int
    too_few: bool


def tables_of(at: AtHand, detail: ThemeDetail) -> list[Table]:
    """Who raises a theme: by language, and by each monitoring question."""
    found = [_languages(detail)]
    for column in detail.columns:
        rows = [
            (
                group_label(at, column.question_key, figure.value),
                _row(
                    figure.comparison,
                    figure.interval,
                    {"group": f"{column.question_key}{BETWEEN}{figure.value}"},
                ),
            )
            for figure in column.groups
        ]
        name = question_label(at.document, column.question_key)
        found.append(Table(name, rows, column.not_known))
    return [table for table in found if table.rows]


def telling(tables: Sequence[Table]) -> list[str]:
    """What is clear of it, in sentences."""
    return [
        _sentence(name, row)
        for table in tables
        for name, row in table.rows
        if row.state in {State.MORE, State.LESS}
    ]


def sides_of(at: AtHand, detail: ThemeDetail) -> Sides | None:
    """For and against within a theme, where a scale was asked with the text."""
    stance = detail.stance
    if stance is None or detail.stance_question is None:
        return None
    sides = stance.sides
    known = sides.known
    neither = sides.neither / known if known else None
    return Sides(
        isolated(question_label(at.document, detail.stance_question)),
        [
            _side(
                # Translators: of people's answers on a scale from agreeing to disagreeing
                gettext("For it"),
                sides.support,
                sides.support_share,
                sides.support_interval,
                known,
                stance.support,
            ),
            _side(
                # Translators: of people's answers on a scale from agreeing to disagreeing
                gettext("Against it"),
                sides.oppose,
                sides.oppose_share,
                sides.oppose_interval,
                known,
                stance.oppose,
            ),
            # Translators: of people's answers on a scale from agreeing to disagreeing
            _side(gettext("Neither"), sides.neither, neither, wilson(sides.neither, known), known),
        ],
        sides.not_known,
        sides.too_few,
    )


def detail_of(at: AtHand, overview: Overview, theme: str) -> ThemeDetail | None:
    """One theme of an overview with all that is counted of it; nothing where it is not in it."""
    shown = next((each for each in overview.themes if each.id == theme), None)
    if shown is None:
        return None
    return detailing.detail(db.session, Base.of(db.session, at.study), shown)


def stances_of(at: AtHand, overview: Overview) -> dict[str, ThemeStance]:
    """For and against by theme, where a scale was asked with the text."""
    if detailing.scale_asked_with(db.session, at.study) is None:
        return {}
    base = Base.of(db.session, at.study)  # once for all themes
    found = {each.id: detailing.detail(db.session, base, each).stance for each in overview.themes}
    return {theme: stance for theme, stance in found.items() if stance is not None}


def _languages(detail: ThemeDetail) -> Table:
    """Each language beside all others; one family of tests."""
    codes = sorted(detail.language_bases, key=lambda code: -detail.language_bases[code])
    counts = [detail.theme.languages.get(code, 0) for code in codes]
    bases = [detail.language_bases[code] for code in codes]
    compared = compare_each(
        counts,
        bases,
        [sum(counts) - count for count in counts],
        [sum(bases) - base for base in bases],
    )
    rows = [
        (
            language_name(code),
            _row(each, wilson(each.count, each.base), {"written_in": code}),
        )
        for code, each in zip(codes, compared, strict=True)
    ]
    return Table(gettext("Language"), rows, 0)


def _row(compared: Comparison, interval: Interval, filters: Mapping[str, str]) -> Row:
    base = compared.base
    return Row(
        count=compared.count,
        base=base,
        share=compared.share,
        interval=interval_words(interval.low, interval.high, base) if base else "",
        state=compared.state,
        points=points_words(compared),
        filters=filters,
    )


def _sentence(name: str, row: Row) -> str:
    values = {
        "group": isolated(name),
        "count": number(row.count),
        "base": number(row.base),
        "points": row.points,
    }
    if row.state is State.MORE:
        # Translators: a group of people raises a theme; points are an interval: +4 to +21 points
        return gettext(
            "“%(group)s” raises it more often than everybody else: %(count)s of %(base)s "
            "(%(points)s).",
            **values,
        )
    # Translators: a group of people raises a theme; points are an interval: -21 to -4 points
    return gettext(
        "“%(group)s” raises it less often than everybody else: %(count)s of %(base)s (%(points)s).",
        **values,
    )


def _side(
    name: str,
    count: int,
    share: float | None,
    interval: Interval,
    base: int,
    compared: Comparison | None = None,
) -> Side:
    return Side(
        name,
        count,
        share_words(share, base),
        interval_words(interval.low, interval.high, base) if base else "",
        None if compared is None else compared.state,
        "" if compared is None else points_words(compared),
    )
