"""The review queue: one answer at a time, and one key takes it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.services import access
from consult.services.reviewing.choosing import by_size
from consult.services.reviewing.deciding import (
    AnswerGone,
    Choice,
    Decided,
    NotTheirs,
    ThemesGone,
    decide,
    take_back,
)
from consult.services.reviewing.queue import look
from consult.services.themes.editing import EditRefused
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.reviewing.showing import answer_line, numbered, shown_answer
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.at_hand import AtHand, at_hand
from consult.views.staff.themes.edit_words import refusal_words

NO_THEME = "none"
"""What a form sends for a statement that fits no theme."""

ADDRESS = "/consultations/<slug>/themes/<question>/review"


@for_staff(ADDRESS, roles=access.ANALYSTS)
def review(question: str) -> ResponseReturnValue:
    """The answer whose turn it is, with its statements."""
    return _page(at_hand(question), wanted=_asked("answer"))


@for_staff(ADDRESS, roles=access.ANALYSTS, methods=("POST",))
def take_review(question: str) -> ResponseReturnValue:
    """Take a person's word on the statements of an answer, and go on to the next."""
    at = at_hand(question)
    choices = _choices()
    response_id = _sent("response")
    if response_id is None or not choices:
        return redirect(_next(at), 303)
    try:
        with unit_of_work(db.session):
            decided = decide(
                db.session,
                at.study.id,
                choices,
                seen=request.form.get("seen", 0, type=int),
                actor=actor(),
                now=now(),
            )
    except ThemesGone as gone:
        errors = {unit: refusal_words(told) for unit, told in gone.refusals.items()}
        body = _page(at_hand(question), wanted=response_id, typed=choices, errors=errors)
        return body, 409
    except AnswerGone:
        flash(_gone_words())
        return redirect(_next(at), 303)
    _tell(decided)
    if decided.changed:
        return redirect(_next(at, answer=response_id), 303)
    return redirect(_next(at), 303)


@for_staff(f"{ADDRESS}/undo", roles=access.ANALYSTS, methods=("POST",))
def undo_review(question: str) -> ResponseReturnValue:
    """Take back what this person decided last, and show that answer again."""
    at = at_hand(question)
    sequences = request.form.getlist("sequence", type=int)
    try:
        with unit_of_work(db.session):
            found = take_back(db.session, at.study.id, sequences, actor=actor(), now=now())
    except NotTheirs:
        flash(gettext("This was undone already."))
        return redirect(_next(at), 303)
    except EditRefused as told:
        flash(refusal_words(told))
        return redirect(_next(at), 303)
    flash(gettext("Undone. This is the answer that it was about."))
    return redirect(_next(at, answer=found), 303)


def _page(
    at: AtHand,
    *,
    wanted: UUID | None,
    typed: Sequence[Choice] = (),
    errors: Mapping[UUID, str] | None = None,
) -> str:
    after = _asked("after") or _sent("after")
    queue = look(
        db.session,
        at.study,
        actor=actor(),
        midnight=_midnight(at),
        after=after,
        wanted=wanted,
    )
    line = None if queue.turn is None else answer_line(at, queue.turn.response_id)
    shown = None
    if line is not None and queue.turn is not None:
        shown = shown_answer(at, queue.lined_up, line, queue.turn.copies)
    if wanted is not None and (shown is None or shown.line.response_id != wanted):
        flash(_gone_words())
    return render_template(
        "staff/reviewing/review.html",
        page_title=gettext("Review answers"),
        at=at,
        queue=queue,
        shown=shown,
        after=after,
        themes=numbered(by_size(queue.lined_up, at.state)),
        chosen={choice.unit_id: choice.chosen for choice in typed},
        unit_errors=errors or {},
        errors=[(f"theme-{unit}", told) for unit, told in (errors or {}).items()],
        no_theme=NO_THEME,
        words=figure_words,
    )


def _choices() -> list[Choice]:
    found = []
    for name, value in request.form.items():
        kind, _, unit = name.partition("-")
        if kind == "theme" and (unit_id := _uuid(unit)) is not None:
            shown = request.form.get(f"shown-{unit}", NO_THEME)
            found.append(Choice(unit_id, _theme(shown), _theme(value)))
    return found


def _theme(value: str) -> str | None:
    return None if value == NO_THEME else value


def _tell(decided: Decided) -> None:
    if decided.by_others:
        flash(
            ngettext(
                "A colleague decided %(num)s statement of that answer otherwise while you looked "
                "at it. Their word stands.",
                "A colleague decided %(num)s statements of that answer otherwise while you looked "
                "at it. Their word stands.",
                decided.by_others,
            )
        )
    if decided.changed:
        flash(
            ngettext(
                "%(num)s statement is in another theme than it was when you looked at it, "
                "because somebody changed the themes. Please look at it again.",
                "%(num)s statements are in other themes than they were when you looked at them, "
                "because somebody changed the themes. Please look at them again.",
                decided.changed,
            )
        )


def _gone_words() -> str:
    return gettext(
        "That answer is not there to be reviewed: it was withdrawn, changed or left out, or it "
        "is kept for reading blind. Here is the next one."
    )


def _next(at: AtHand, *, answer: UUID | None = None) -> str:
    """The queue, from where this person is in it."""
    return at.page("review", after=_sent("after"), answer=answer)


def _midnight(at: AtHand) -> datetime:
    zone = ZoneInfo(at.document.timezone)
    return datetime.combine(now().astimezone(zone).date(), time(), tzinfo=zone)


def _asked(name: str) -> UUID | None:
    """An id in the address; the page of an address that does not exist where it is none."""
    value = request.args.get(name)
    if value is None:
        return None
    found = _uuid(value)
    if found is None:
        abort(404)
    return found


def _sent(name: str) -> UUID | None:
    return _uuid(request.form.get(name, ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
