"""How a session went, told by the people who held it."""

from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.fields import UNPRINTABLE
from consult.models import AssistedSession
from consult.services.assisting import planning
from consult.views.partners.sessions import ROOT, session_at_hand
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page
from consult.views.staff.sessions import plan_forms
from consult.views.staff.typed import line


@for_staff(f"{ROOT}/<uuid:session_id>/tell")
def how_it_went(session_id: UUID) -> ResponseReturnValue:
    """Ask how it went."""
    row = session_at_hand(session_id)
    turned_away = "" if row.turned_away is None else str(row.turned_away)
    return _page(row, turned_away, row.what_was_hard, [])


@for_staff(f"{ROOT}/<uuid:session_id>/tell", methods=("POST",))
def tell_how_it_went(session_id: UUID) -> ResponseReturnValue:
    """Take down how it went."""
    row = session_at_hand(session_id)
    typed = line("turned_away")
    hard = UNPRINTABLE.sub("", request.form.get("what_was_hard", "")).strip()
    people, problems = plan_forms.whole_number(
        "turned_away",
        typed,
        least=0,
        words=gettext(
            "Write how many people as a whole number, such as 3, or leave it empty if you do "
            "not know"
        ),
    )
    problems = [*problems, *plan_forms.note_problems("what_was_hard", hard)]
    if problems:
        return _page(row, typed, hard, problems), 422
    try:
        with unit_of_work(db.session):
            planning.tell(
                db.session,
                row,
                turned_away=people,
                what_was_hard=hard,
                actor=actor(),
                now=now(),
            )
    except planning.CalledOff:
        sentence = gettext(
            "The session was called off, so nothing can be told of it. What you wrote is still "
            "here: copy it into an e-mail to the council if it took place all the same."
        )
        return _page(session_at_hand(session_id), typed, hard, [("", sentence)]), 409
    flash(gettext("Thank you. The council sees what you told."))
    return redirect(page("my_session", session_id=session_id), 303)


def _page(row: AssistedSession, turned_away: str, hard: str, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "partners/tell.html",
        page_title=gettext("How did it go?"),
        row=row,
        turned_away=turned_away,
        hard=hard,
        errors=errors,
        problems=dict(errors),
        limit=planning.NOTE_LIMIT,
    )
