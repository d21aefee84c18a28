"""Reading blind: the random audit, and the sample that two colleagues read apart."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.services import access
from consult.services.reviewing import coding
from consult.services.reviewing.agreeing import coders
from consult.services.reviewing.deciding import AnswerGone
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.editing.saving import name_of
from consult.views.staff.reviewing.showing import answer_line, translation_of
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.at_hand import AtHand, at_hand

NONE = "none"
"""What a form sends where somebody found no theme."""

AUDIT = "/consultations/<slug>/themes/<question>/review/audit"
DOUBLE = "/consultations/<slug>/themes/<question>/review/double"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One of the two ways to read blind."""

    purpose: str
    endpoint: str
    template: str


_AUDIT = _Kind(coding.AUDIT, "review_audit", "staff/reviewing/audit.html")
_DOUBLE = _Kind(coding.DOUBLE, "review_double", "staff/reviewing/double.html")


@for_staff(AUDIT, roles=access.ANALYSTS)
def review_audit(question: str) -> ResponseReturnValue:
    """An answer of the random sample, without the machine's themes."""
    return _page(at_hand(question), _AUDIT)


@for_staff(AUDIT, roles=access.ANALYSTS, methods=("POST",))
def code_audit(question: str) -> ResponseReturnValue:
    """Store what somebody found, and go on to the next."""
    return _code(at_hand(question), _AUDIT)


@for_staff(f"{AUDIT}/size", roles=access.ANALYSTS, methods=("POST",))
def set_audit_size(question: str) -> ResponseReturnValue:
    """Say how many answers are read for the audit."""
    at = at_hand(question)
    size = request.form.get("size", type=int)
    if size not in coding.AUDIT_SIZES:
        return _page(at, _AUDIT, size_error=gettext("Choose how many answers to read")), 422
    with unit_of_work(db.session):
        coding.choose_audit_size(db.session, at.study.id, size)
    return redirect(at.page("review_audit"), 303)


@for_staff(DOUBLE, roles=access.ANALYSTS)
def review_double(question: str) -> ResponseReturnValue:
    """An answer of the sample that colleagues read apart, and who reads it."""
    return _page(at_hand(question), _DOUBLE)


@for_staff(DOUBLE, roles=access.ANALYSTS, methods=("POST",))
def code_double(question: str) -> ResponseReturnValue:
    """Store what somebody found, and go on to the next."""
    return _code(at_hand(question), _DOUBLE)


@for_staff(f"{DOUBLE}/begin", roles=access.ANALYSTS, methods=("POST",))
def begin_double(question: str) -> ResponseReturnValue:
    """Draw the sample that two colleagues read."""
    at = at_hand(question)
    size = request.form.get("size", type=int)
    if size not in coding.DOUBLE_SIZES:
        return _page(at, _DOUBLE, size_error=gettext("Choose how many answers to read")), 422
    try:
        with unit_of_work(db.session):
            coding.begin_double(db.session, at.study.id, size)
    except coding.NothingToRead:
        flash(gettext("There are no answers to read yet."))
    return redirect(at.page("review_double"), 303)


def _code(at: AtHand, kind: _Kind) -> ResponseReturnValue:
    ticked = request.form.getlist("themes")
    try:
        response_id = UUID(request.form.get("response", ""))
    except ValueError:
        return redirect(_next(at, kind), 303)
    if not ticked:
        error = gettext("Tick the themes that you find in this answer, or “None of these themes”")
        return _page(at, kind, wanted=response_id, error=error), 422
    if NONE in ticked and len(ticked) > 1:
        error = gettext("Tick either themes or “None of these themes”, not both")
        return _page(at, kind, wanted=response_id, ticked=ticked, error=error), 422
    try:
        with unit_of_work(db.session):
            coding.code(
                db.session,
                at.study.id,
                response_id,
                [theme for theme in ticked if theme != NONE],
                purpose=kind.purpose,
                actor=actor(),
                now=now(),
            )
    except AnswerGone:
        flash(gettext("That answer is not there any more: it was withdrawn, changed or left out."))
    except coding.UnknownTheme:
        error = gettext(
            "A theme that you ticked was split or taken back meanwhile. Look at the list again: "
            "your other ticks are still there."
        )
        body = _page(at_hand(at.question), kind, wanted=response_id, ticked=ticked, error=error)
        return body, 409
    return redirect(_next(at, kind), 303)


def _next(at: AtHand, kind: _Kind) -> str:
    return at.page(kind.endpoint, again=1 if "again" in request.form else None)


def _page(
    at: AtHand,
    kind: _Kind,
    *,
    wanted: UUID | None = None,
    ticked: list[str] | None = None,
    error: str | None = None,
    size_error: str | None = None,
) -> str:
    again = "again" in request.values
    if kind is _AUDIT:
        reading = coding.to_audit(db.session, at.study, again=again)
    else:
        reading = coding.to_double(db.session, at.study, actor=actor())
    response_id = wanted or reading.response_id
    line = None if response_id is None else answer_line(at, response_id)
    sizes = coding.AUDIT_SIZES if kind is _AUDIT else coding.DOUBLE_SIZES
    return render_template(
        kind.template,
        page_title=_title(kind),
        at=at,
        reading=reading,
        line=line,
        translation=None if line is None else translation_of(at, line),
        again=again,
        choices=_choices(reading),
        ticked=ticked or [],
        error=error,
        size_error=size_error,
        sizes=[{"value": size, "label": size} for size in sizes],
        coders=coders(db.session, at.study) if kind is _DOUBLE else [],
        name_of=name_of,
        actor=actor(),
        errors=[(name, told) for name, told in (("themes", error), ("size", size_error)) if told],
        words=figure_words,
    )


def _title(kind: _Kind) -> str:
    if kind is _AUDIT:
        return gettext("Random check")
    return gettext("Reading by two colleagues")


def _choices(reading: coding.Reading) -> list[dict[str, object]]:
    themes: list[dict[str, object]] = [
        {"value": option.id, "label": option.label, "hint": option.description or None}
        for option in reading.options
    ]
    none = {
        "value": NONE,
        "label": gettext("None of these themes"),
        "exclusive": True,
        # Translators: between a list of themes and the choice of none of them
        "divider": gettext("or"),
    }
    return [*themes, none]
