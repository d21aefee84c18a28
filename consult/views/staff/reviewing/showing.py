"""One answer as a person sees it who judges its statements."""

from dataclasses import dataclass
from uuid import UUID

from analysis.themes.tracking.state import State
from consult.db import db
from consult.models import AnswerTranslation
from consult.services.reading.redacted import translations_of
from consult.services.reviewing.choosing import Option
from consult.services.reviewing.lineup import Lineup
from consult.services.reviewing.queue import is_decided
from consult.services.themes.answers import AnswerLine, UnitLine, lines_of
from consult.views.staff.editing.saving import name_of
from consult.views.staff.themes.at_hand import AtHand

FIRST_KEYS = "123456789"
"""Keys that choose a theme, in the order of the themes."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A theme in the list that keys choose from."""

    option: Option
    key: str
    """Empty for those beyond the ninth."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, with the machine's word on it and people's, apart."""

    unit: UnitLine
    number: int
    machine: str
    """Label of the theme that the machine put it in; empty for none."""
    machine_is_sure: bool
    decided_by: str
    """Who decided it; empty where nobody has."""
    decided: str
    """Label of the theme that this person put it in; empty for none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer with its translation and its statements."""

    line: AnswerLine
    translation: AnswerTranslation | None
    copies: int
    statements: list[Statement]

    @property
    def is_one_statement(self) -> bool:
        """Whether the answer's words are those of its only statement."""
        return len(self.statements) == 1 and self.line.text.strip() == self.line.units[0].text


def answer_line(at: AtHand, response_id: UUID) -> AnswerLine | None:
    """The analysed answer of a response, without what was redacted in it."""
    return lines_of(db.session, at.study, [response_id]).get(response_id)


def translation_of(at: AtHand, line: AnswerLine) -> AnswerTranslation | None:
    """The best translation of an answer that needs one."""
    if line.language == at.language:
        return None
    found = translations_of(db.session, [line.answer_id], at.language)
    return next(iter(found.get(line.answer_id, ())), None)


def shown_answer(at: AtHand, lined_up: Lineup, line: AnswerLine, copies: int) -> Shown:
    """An answer for review."""
    state = at.state
    statements = [
        _statement(lined_up, state, unit, number) for number, unit in enumerate(line.units, 1)
    ]
    return Shown(line, translation_of(at, line), copies, statements)


def numbered(options: list[Option]) -> list[Numbered]:
    """Themes with the keys that choose them."""
    return [
        Numbered(option, FIRST_KEYS[place] if place < len(FIRST_KEYS) else "")
        for place, option in enumerate(options)
    ]


def _statement(lined_up: Lineup, state: State, unit: UnitLine, number: int) -> Statement:
    known = unit.key in lined_up.keys
    theme = lined_up.machine[lined_up.keys[unit.key]] if known else None
    pin = state.pins[unit.key] if is_decided(state, unit.key) else None
    return Statement(
        unit=unit,
        number=number,
        machine=_label(state, theme),
        machine_is_sure=unit.status == "assigned",
        decided_by="" if pin is None else name_of(pin.author),
        decided="" if pin is None else _label(state, unit.theme),
    )


def _label(state: State, theme: str | None) -> str:
    if theme is None or theme not in state.themes:
        return ""
    return state.themes[state.follow(theme)].label
