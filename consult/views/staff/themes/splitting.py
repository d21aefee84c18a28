"""Splitting a theme: as the machine would part it, or by statements that a person ticks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from analysis.themes.tracking.state import ThemeState
from consult.db import db
from consult.services import access
from consult.services.themes import answers, editing
from consult.services.themes.answers import UnitLine, units_by_id
from consult.services.themes.editing import EditRefused
from consult.services.themes.examples import examples_of
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.themes.acting import carry_out, refused_page, status_of
from consult.views.staff.themes.at_hand import AtHand, at_hand, theme_at_hand
from consult.views.staff.themes.edit_words import refusal_words

MOST_PARTS = 6
PARTS_BY_HAND = 3
EXAMPLES = 8
"""As many as the machine proposes for each part."""

STATEMENTS = 50
"""Statements to be told apart by hand; the others follow those that they are most like."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a proposal."""

    statements: int
    examples: Sequence[UnitLine]
    label: str


@for_staff("/consultations/<slug>/themes/<question>/theme/<theme>/split", roles=access.ANALYSTS)
def split_theme(question: str, theme: str) -> ResponseReturnValue:
    """The machine's proposal in parts, each with examples and a field for its label."""
    at = at_hand(question)
    found = theme_at_hand(at, theme)
    try:
        return _proposal_page(at, found, _wanted(request.args.get("parts", "")))
    except EditRefused as told:
        return refused_page(at, told)


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/split",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def split_theme_as_proposed(question: str, theme: str) -> ResponseReturnValue:
    """Split a theme by the statements that the machine proposed, and that are still ticked."""
    at = at_hand(question)
    found = theme_at_hand(at, theme)
    wanted = _wanted(request.form.get("parts", ""))
    parts, typed = _ticked_parts(at, wanted), _labels(wanted)

    def again(message: str, status: int) -> ResponseReturnValue:
        try:
            return _proposal_page(at, found, wanted, message), status
        except EditRefused as told:
            return refused_page(at, told)

    if not all(typed):
        return again(gettext("Write what each part is called"), 422)
    return carry_out(
        at,
        lambda: editing.split(
            db.session, at.study.id, found.id, parts, typed, actor=actor(), now=now()
        ),
        lambda told: again(refusal_words(told), status_of(told)),
        back=lambda: at.page("one_theme", theme=found.id),
    )


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/split/by-hand", roles=access.ANALYSTS
)
def split_theme_by_hand(question: str, theme: str) -> ResponseReturnValue:
    """Statements of the theme, to say of each which part it belongs to."""
    at = at_hand(question)
    return _by_hand_page(at, theme_at_hand(at, theme))


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/split/by-hand",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def split_theme_as_ticked(question: str, theme: str) -> ResponseReturnValue:
    """Split a theme by the statements that a person dealt out."""
    at = at_hand(question)
    found = theme_at_hand(at, theme)
    typed = _labels(PARTS_BY_HAND)
    dealt = _dealt()
    units = units_by_id(db.session, at.study, list(dealt))
    parts: list[list[str]] = [[] for _ in range(PARTS_BY_HAND)]
    for unit, number in dealt.items():
        if unit in units:
            parts[number].append(units[unit].key)
    problem = _problem(parts, typed)
    if problem is not None:
        return _by_hand_page(at, found, problem), 422
    used = [number for number, keys in enumerate(parts) if keys]

    def refused(told: EditRefused) -> ResponseReturnValue:
        return _by_hand_page(at, found, (None, refusal_words(told))), status_of(told)

    return carry_out(
        at,
        lambda: editing.split(
            db.session,
            at.study.id,
            found.id,
            [list(dict.fromkeys(parts[number])) for number in used],
            [typed[number] for number in used],
            actor=actor(),
            now=now(),
        ),
        refused,
        back=lambda: at.page("one_theme", theme=found.id),
    )


def _proposal_page(at: AtHand, theme: ThemeState, wanted: int, message: str | None = None) -> str:
    parts = editing.proposed_parts(db.session, at.study, theme.id, wanted)
    examples = examples_of(db.session, at.study, [part.keys for part in parts], EXAMPLES)
    typed = [*_labels(wanted), *[""] * len(parts)]
    empty = next((n for n, label in enumerate(typed[:wanted], start=1) if not label), 1)
    error_at = None if message is None else f"label-{empty}"
    return render_template(
        "staff/themes/split.html",
        page_title=gettext("Split a theme"),
        at=at,
        theme=theme,
        parts=[
            Part(part.statements, shown, label)
            for part, shown, label in zip(parts, examples, typed, strict=False)
        ],
        kept=set(_named_units()) if request.method == "POST" else None,
        most_parts=MOST_PARTS,
        is_loosest="more" in request.args,
        seen=at.study.last_sequence,
        errors=[] if message is None else [(error_at, message)],
        error_at=error_at,
    )


def _ticked_parts(at: AtHand, count: int) -> list[list[str]]:
    """Keys of the statements that stay ticked, for each part."""
    units = units_by_id(db.session, at.study, [UUID(each) for each in _named_units()])
    named = {str(unit): line.key for unit, line in units.items()}
    return [
        [named[each] for each in request.form.getlist(f"in-{n + 1}") if each in named]
        for n in range(count)
    ]


def _named_units() -> list[str]:
    """Ids of all statements that a form of proposed parts names."""
    named = []
    for number in range(MOST_PARTS):
        for text in request.form.getlist(f"in-{number + 1}"):
            try:
                named.append(str(UUID(text)))
            except ValueError:
                continue
    return named


def _by_hand_page(
    at: AtHand, theme: ThemeState, problem: tuple[str | None, str] | None = None
) -> str:
    return render_template(
        "staff/themes/split_by_hand.html",
        page_title=gettext("Split a theme by hand"),
        at=at,
        theme=theme,
        statements=_statements(at, theme.id),
        dealt=_dealt(),
        labels=_labels(PARTS_BY_HAND),
        seen=at.study.last_sequence,
        errors=[] if problem is None else [problem],
        error_at=None if problem is None else problem[0],
    )


def _statements(at: AtHand, theme: str) -> list[UnitLine]:
    """Different statements of a theme, not more than a person can look through."""
    found = answers.behind(db.session, at.study, theme=theme, limit=STATEMENTS)
    units = {
        unit.key: unit
        for line in found.lines
        for unit in reversed(line.units)
        if unit.theme == theme
    }
    return list(units.values())[:STATEMENTS]


def _problem(parts: Sequence[Sequence[str]], typed: Sequence[str]) -> tuple[str, str] | None:
    """What is missing for a split by hand: the field that it is about, and the words."""
    used = [number for number, keys in enumerate(parts) if keys]
    if len(used) < 2:
        return "statements", gettext(
            "Put at least one statement into one part, and one into another"
        )
    for number in used:
        if not typed[number]:
            return f"label-{number + 1}", gettext("Write what each part is called")
    for number, label in enumerate(typed):
        if label and number not in used:
            return "statements", gettext(
                "No statement is in part %(number)s: put one into it, or empty its label",
                number=number + 1,
            )
    return None


def _dealt() -> dict[UUID, int]:
    """The part, from 0, of each statement that a form puts into one."""
    found = {}
    for name, value in request.form.items():
        if name.startswith("part-") and value in {str(n + 1) for n in range(PARTS_BY_HAND)}:
            try:
                found[UUID(name.removeprefix("part-"))] = int(value) - 1
            except ValueError:
                continue
    return found


def _labels(count: int) -> list[str]:
    return [" ".join(request.form.get(f"label-{n + 1}", "").split()) for n in range(count)]


def _wanted(text: str) -> int:
    return int(text) if text in {str(n) for n in range(2, MOST_PARTS + 1)} else 2
