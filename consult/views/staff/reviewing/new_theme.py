"""Making a theme of a statement, on the way through the queue."""

from collections.abc import Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.fields import UNPRINTABLE
from consult.services import access
from consult.services.reviewing.deciding import AnswerGone, new_theme, one_unit
from consult.services.themes.editing import LONGEST_LABEL, EditRefused, Refusal
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.themes.at_hand import AtHand, at_hand
from consult.views.staff.themes.edit_words import refusal_words

ADDRESS = "/consultations/<slug>/themes/<question>/review/new-theme/<uuid:unit_id>"
LONGEST_DESCRIPTION = 2_000


@for_staff(ADDRESS, roles=access.ANALYSTS)
def new_review_theme(question: str, unit_id: UUID) -> ResponseReturnValue:
    """A form for a theme that this statement begins."""
    return _page(at_hand(question), unit_id, {}, {})


@for_staff(ADDRESS, roles=access.ANALYSTS, methods=("POST",))
def add_review_theme(question: str, unit_id: UUID) -> ResponseReturnValue:
    """Make it, and go back to the answer."""
    at = at_hand(question)
    typed = {name: _typed(name) for name in ("label", "description")}
    over = len(typed["description"]) - LONGEST_DESCRIPTION
    if over > 0:
        told = gettext(
            "The description can have %(limit)s characters: shorten it", limit=LONGEST_DESCRIPTION
        )
        return _page(at, unit_id, typed, {"description": told}, status=422)
    try:
        with unit_of_work(db.session):
            response_id = new_theme(
                db.session,
                at.study.id,
                unit_id,
                typed["label"],
                typed["description"],
                actor=actor(),
                now=now(),
            )
    except AnswerGone:
        return _gone(at)
    except EditRefused as refused:
        typed_badly = refused.reason in {Refusal.NO_LABEL, Refusal.LABEL_TOO_LONG}
        errors = {"label": refusal_words(refused)}
        return _page(at, unit_id, typed, errors, status=422 if typed_badly else 409)
    flash(gettext("The theme is made, and the statement is in it."))
    address = at.page("review", answer=response_id, after=request.form.get("after") or None)
    return redirect(address, 303)


def _page(
    at: AtHand,
    unit_id: UUID,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> ResponseReturnValue:
    try:
        unit = one_unit(db.session, at.study, unit_id)
    except AnswerGone:
        return _gone(at)
    after = request.form.get("after") or request.args.get("after")
    body = render_template(
        "staff/reviewing/new_theme.html",
        page_title=gettext("New theme"),
        at=at,
        unit=unit,
        after=after,
        typed=typed,
        field_errors=errors,
        errors=list(errors.items()),
        longest_label=LONGEST_LABEL,
        longest_description=LONGEST_DESCRIPTION,
    )
    return body, status


def _gone(at: AtHand) -> ResponseReturnValue:
    flash(gettext("That statement is not there any more: its answer was withdrawn or changed."))
    return redirect(at.page("review"), 303)


def _typed(name: str) -> str:
    return UNPRINTABLE.sub("", request.form.get(name, "")).replace("\r\n", "\n").strip()
