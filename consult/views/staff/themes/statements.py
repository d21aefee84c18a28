"""Judging ticked statements: where they belong, and a new theme of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.services import access
from consult.services.themes import editing
from consult.services.themes.answers import UnitLine, units_by_id
from consult.services.themes.editing import EditRefused, Refusal
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.acting import carry_out, here, status_of, with_news
from consult.views.staff.themes.at_hand import AtHand, at_hand, theme_choices
from consult.views.staff.themes.edit_words import refusal_words
from consult.views.staff.themes.one import LONGEST_DESCRIPTION

MOST_TICKED = 500
"""Statements in one act; a page shows far fewer."""


@dataclass(frozen=True, slots=True)
class Ticked:
    """The statements that a form names."""

    lines: Sequence[UnitLine]
    gone: int
    """Those that are not there any more."""

    @property
    def keys(self) -> list[str]:
        """Each distinct statement once."""
        return list(dict.fromkeys(line.key for line in self.lines))


@for_staff(
    "/consultations/<slug>/themes/<question>/statements",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def judge_statements(question: str) -> ResponseReturnValue:
    """Say of the ticked statements where they belong."""
    at = at_hand(question)
    ticked = _ticked(at)
    act, to = request.form.get("act", ""), request.form.get("to", "")
    if not ticked.lines and not ticked.gone:
        return redirect(with_news(here(at), {"nothing": 1}), 303)
    if act == "new":
        return _new_page(at, ticked)
    if act == "move" and not to:
        return _again(at, ticked, gettext("Choose the theme that they belong to")), 422

    def judge() -> int:
        study, keys = at.study.id, ticked.keys
        if not keys:
            raise EditRefused(Refusal.UNKNOWN_UNIT)
        if act == "confirm":
            return editing.confirm(db.session, study, keys, actor=actor(), now=now())
        target = to if act == "move" else None
        return editing.move(db.session, study, keys, target, actor=actor(), now=now())

    def refused(told: EditRefused) -> ResponseReturnValue:
        return _again(at, ticked, refusal_words(told)), status_of(told)

    return carry_out(at, judge, refused, gone=ticked.gone)


@for_staff("/consultations/<slug>/themes/<question>/new", roles=access.ANALYSTS)
def new_theme(question: str) -> ResponseReturnValue:
    """A form for a theme that the machine did not find."""
    return _new_page(at_hand(question), Ticked((), 0))


@for_staff("/consultations/<slug>/themes/<question>/new", roles=access.ANALYSTS, methods=("POST",))
def create_theme(question: str) -> ResponseReturnValue:
    """Make a theme of its name, a description, and the ticked statements."""
    at = at_hand(question)
    ticked = _ticked(at)
    label = " ".join(request.form.get("label", "").split())
    description = request.form.get("description", "").strip()
    if not label:
        return _new_page(at, ticked, {"label": gettext("Write what the theme is called")}), 422
    if len(description) > LONGEST_DESCRIPTION:
        words = gettext(
            "The description can have %(limit)s characters: shorten it", limit=LONGEST_DESCRIPTION
        )
        return _new_page(at, ticked, {"description": words}), 422
    if not description and not ticked.keys:
        words = gettext("Say what the theme is about: no statement is ticked to tell it by")
        return _new_page(at, ticked, {"description": words}), 422
    before = at.state.ids

    def refused(told: EditRefused) -> ResponseReturnValue:
        return _new_page(at, ticked, {"label": refusal_words(told)}), status_of(told)

    return carry_out(
        at,
        lambda: editing.create(
            db.session,
            at.study.id,
            label,
            description,
            ticked.keys,
            actor=actor(),
            now=now(),
        ),
        refused,
        back=_page_of_new(at, before),
        gone=ticked.gone,
    )


def _page_of_new(at: AtHand, before: frozenset[str]) -> Callable[[], str]:
    def address() -> str:
        state = at.state
        made = [each for each in state.standing if each not in before]
        return at.page("one_theme", theme=made[-1]) if made else at.page("question_themes")

    return address


def _ticked(at: AtHand) -> Ticked:
    named = []
    for text in request.form.getlist("unit")[:MOST_TICKED]:
        try:
            named.append(UUID(text))
        except ValueError:
            continue
    found = units_by_id(db.session, at.study, named)
    return Ticked([found[each] for each in named if each in found], len(named) - len(found))


def _again(at: AtHand, ticked: Ticked, message: str) -> str:
    """The ticked statements alone, still ticked, to choose again what becomes of them."""
    state = at.state
    return render_template(
        "staff/themes/ticked.html",
        page_title=gettext("What becomes of these statements?"),
        at=at,
        ticked=ticked.lines,
        choices=theme_choices(state),
        chosen=request.form.get("to", ""),
        label_of=lambda name: state.themes[name].label if name in state.themes else "",
        words=figure_words,
        seen=at.study.last_sequence,
        back=here(at),
        errors=[("to", message)],
    )


def _new_page(at: AtHand, ticked: Ticked, problems: dict[str, str] | None = None) -> str:
    return render_template(
        "staff/themes/new.html",
        page_title=gettext("Make a new theme"),
        at=at,
        ticked=ticked.lines,
        typed_label=request.form.get("label", ""),
        typed_description=request.form.get("description", ""),
        problems=problems or {},
        errors=list((problems or {}).items()),
        longest_description=LONGEST_DESCRIPTION,
        seen=at.study.last_sequence,
        back=here(at),
    )
