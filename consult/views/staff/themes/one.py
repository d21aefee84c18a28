"""Everything of one theme, and changing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from analysis.themes.tracking.events import Hide
from analysis.themes.tracking.state import ThemeState
from consult.db import db
from consult.services import access
from consult.services.themes import answers, editing, figures
from consult.services.themes.editing import EditRefused
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.acting import (
    carry_out,
    done,
    refused_page,
    status_of,
)
from consult.views.staff.themes.answers import asked_after, lines_shown, nothing_ticked
from consult.views.staff.themes.at_hand import (
    AtHand,
    at_hand,
    labels,
    theme_at_hand,
    theme_choices,
)
from consult.views.staff.themes.edit_words import refusal_words
from consult.views.staff.themes.exemplars import exemplars_of
from consult.views.staff.themes.raising import detail_of, sides_of, tables_of, telling

PAGE_LENGTH = 25
LONGEST_DESCRIPTION = 2_000


@dataclass(frozen=True, slots=True)
class Refused:
    """A form of the page that was not carried out: what was typed, and what is wrong."""

    name: str
    message: str
    typed: Mapping[str, str] = field(default_factory=dict)


@for_staff("/consultations/<slug>/themes/<question>/theme/<theme>", roles=access.ANALYSTS)
def one_theme(question: str, theme: str) -> ResponseReturnValue:
    """A theme: who raises it, in which words, and every statement in it."""
    at = at_hand(question)
    found = theme_at_hand(at, theme)
    if found.id in at.state.groups:
        return _parts_page(at, found)
    return _page(at, found)


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/label",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def rename_theme(question: str, theme: str) -> ResponseReturnValue:
    """Give a theme a label."""
    at, label = at_hand(question), request.form.get("label", "")
    return _edit(
        at,
        theme,
        "label",
        lambda: editing.rename(
            db.session, at.study.id, theme, _line(label), actor=actor(), now=now()
        ),
    )


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/description",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def describe_theme(question: str, theme: str) -> ResponseReturnValue:
    """Say what a theme is about."""
    at, text = at_hand(question), request.form.get("description", "").strip()
    if len(text) > LONGEST_DESCRIPTION:
        message = gettext(
            "The description can have %(limit)s characters: shorten it", limit=LONGEST_DESCRIPTION
        )
        return _refused(at, theme, Refused("description", message, request.form)), 422
    return _edit(
        at,
        theme,
        "description",
        lambda: editing.describe(db.session, at.study.id, theme, text, actor=actor(), now=now()),
    )


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/merge",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def merge_theme(question: str, theme: str) -> ResponseReturnValue:
    """Put a theme into another one."""
    at, keep = at_hand(question), request.form.get("keep", "")
    if not keep:
        message = gettext("Choose the theme that it goes into")
        return _refused(at, theme, Refused("keep", message, request.form)), 422
    return _edit(
        at,
        theme,
        "keep",
        lambda: editing.merge(db.session, at.study.id, keep, theme, actor=actor(), now=now()),
        back=lambda: at.page("one_theme", theme=at.state.follow(keep)),
    )


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/lock",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def lock_theme(question: str, theme: str) -> ResponseReturnValue:
    """Keep a theme as it is, or let it change again."""
    at = at_hand(question)
    act = editing.unlock if request.form.get("to") == "unlocked" else editing.lock
    return carry_out(
        at,
        lambda: act(db.session, at.study.id, theme, actor=actor(), now=now()),
        lambda told: refused_page(at, told),
    )


@for_staff(
    "/consultations/<slug>/themes/<question>/theme/<theme>/hide",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def hide_theme(question: str, theme: str) -> ResponseReturnValue:
    """Show a theme to nobody outside, or show it again."""
    at = at_hand(question)

    def act() -> int:
        if request.form.get("to") != "shown":
            return editing.hide(db.session, at.study.id, theme, actor=actor(), now=now())
        sequence = at.study.last_sequence
        for hidden in _hidden_by(at, theme):
            sequence = editing.undo(db.session, at.study.id, hidden, actor=actor(), now=now())
        return sequence

    return carry_out(at, act, lambda told: refused_page(at, told))


def _hidden_by(at: AtHand, theme: str) -> list[int]:
    """The edits in force by which a theme is hidden: its own, and those of what it was part of."""
    state = at.state
    if theme not in state.themes:
        return []
    now_in = state.follow(theme)

    def covers(hidden: str) -> bool:
        inside = state.follow(hidden)
        return inside == now_in or any(covers(part) for part in state.groups.get(inside, ()))

    return [
        each.sequence
        for each in reversed(state.history)
        if isinstance(each, Hide) and each.sequence not in state.undone and covers(each.theme)
    ]


def _edit(
    at: AtHand,
    theme: str,
    name: str,
    act: Callable[[], int],
    back: Callable[[], str] | None = None,
) -> ResponseReturnValue:
    """Carry a form of the page out; a refused one comes back with what was typed."""

    def refused(told: EditRefused) -> ResponseReturnValue:
        shown = Refused(name, refusal_words(told), request.form)
        return _refused(at, theme, shown), status_of(told)

    return carry_out(at, act, refused, back=back)


def _refused(at: AtHand, theme: str, refused: Refused) -> str:
    found = at.state.themes.get(at.state.follow(theme))
    if found is None:
        abort(404)
    if found.id in at.state.groups:
        return _parts_page(at, found, refused)
    return _page(at, found, refused)


def _page(at: AtHand, theme: ThemeState, refused: Refused | None = None) -> str:
    overview = figures.overview(db.session, at.study)
    detail = detail_of(at, overview, theme.id)
    if detail is None:
        abort(404)
    state = at.state
    shown = answers.behind(
        db.session, at.study, theme=theme.id, after=asked_after(), limit=PAGE_LENGTH
    )
    typed = {} if refused is None else refused.typed
    tables = tables_of(at, detail)
    return render_template(
        "staff/themes/one.html",
        page_title=theme.label,
        at=at,
        theme=detail.theme,
        detail=detail,
        overview=overview,
        exemplars=exemplars_of(at, [detail.theme], limit=5)[theme.id],
        merged=labels(state, detail.merged),
        arrived_from=labels(state, request.args.getlist("merged")),
        tables=tables,
        telling=telling(tables),
        stance=sides_of(at, detail),
        choices=theme_choices(state),
        others=theme_choices(state, but=theme.id),
        label_of=lambda name: state.themes[name].label if name in state.themes else "",
        shown=shown,
        lines=lines_shown(at, shown.lines),
        words=figure_words,
        done=done(at),
        seen=at.study.last_sequence,
        back=at.page("one_theme", theme=theme.id),
        typed_label=typed.get("label", theme.label),
        typed_description=typed.get("description", theme.description),
        typed_keep=typed.get("keep", ""),
        problems={} if refused is None else {refused.name: refused.message},
        errors=_errors(refused),
        longest_description=LONGEST_DESCRIPTION,
    )


def _errors(refused: Refused | None) -> list[tuple[str, str]]:
    if refused is not None:
        return [(refused.name, refused.message)]
    return [("statements", nothing_ticked())] if "nothing" in request.args else []


def _parts_page(at: AtHand, theme: ThemeState, refused: Refused | None = None) -> str:
    """A theme that was split: where its parts are, and what was typed for it."""
    state = at.state
    parts = [state.themes[state.follow(part)] for part in state.groups[theme.id]]
    typed = (
        []
        if refused is None
        else [refused.typed[name] for name in ("label", "description") if refused.typed.get(name)]
    )
    return render_template(
        "staff/themes/parts.html",
        page_title=theme.label,
        at=at,
        parts=parts,
        typed=typed,
        done=done(at),
        errors=[] if refused is None else [(None, refused.message)],
    )


def _line(text: str) -> str:
    return " ".join(text.split())
