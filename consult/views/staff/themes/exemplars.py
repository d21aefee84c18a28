"""Typical statements of themes, with their translations and those approved as quotes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from consult.db import db
from consult.models import AnswerTranslation, Quote
from consult.services.reading.redacted import translations_of
from consult.services.themes.answers import UnitLine, units_by_id
from consult.services.themes.figures import ThemeFigures
from consult.views.staff.themes.at_hand import AtHand


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A statement that shows what a theme is about."""

    unit: UnitLine
    translation: AnswerTranslation | None
    """Of the whole answer that it stands in; nothing where it needs none or has none."""
    quote: Quote | None
    """Approved to stand for the theme in public."""


def exemplars_of(
    at: AtHand, themes: Sequence[ThemeFigures], limit: int
) -> dict[str, list[Exemplar]]:
    """Some typical statements by theme, the best first."""
    wanted = {each.id: each.exemplars[:limit] for each in themes}
    units = units_by_id(db.session, at.study, [unit for units in wanted.values() for unit in units])
    translated = translations_of(
        db.session, {unit.answer_id for unit in units.values()}, at.language
    )
    quotes = _quotes(at, list(wanted))
    found: dict[str, list[Exemplar]] = {}
    for theme, ids in wanted.items():
        lines = [units[each] for each in ids if each in units]
        found[theme] = [
            Exemplar(
                line,
                None
                if line.language == at.language
                else next(iter(translated.get(line.answer_id, ())), None),
                quotes.get((theme, line.unit_id)),
            )
            for line in lines
        ]
    return found


def _quotes(at: AtHand, themes: Sequence[str]) -> dict[tuple[str, object], Quote]:
    rows = db.session.scalars(
        select(Quote).where(Quote.study_id == at.study.id, Quote.theme.in_(themes))
    )
    return {(row.theme, row.unit_id): row for row in rows}
