"""The sessions of a consultation, and one of them with what it came to."""

from uuid import UUID

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.models import AssistedSession
from consult.services import access
from consult.services.assisting import arrivals, planning, provenance
from consult.views.staff.audience import for_staff
from consult.views.staff.current import workspace
from consult.views.staff.responses.words import day_words
from consult.views.staff.sessions import plan_forms, words
from consult.views.staff.sessions.shared import is_admin, told

ROOT = "/consultations/<slug>/sessions"


@for_staff(ROOT, roles=access.ANALYSTS)
def assisted_sessions() -> ResponseReturnValue:
    """All of them, with how many answered in each."""
    plan_forms.document_of(workspace())
    stored = workspace().consultation
    counts = (
        {}
        if stored is None
        else {each.id: each.responses for each in provenance.sessions_of(db.session, stored)}
    )
    return render_template(
        "staff/sessions/list.html",
        page_title=gettext("Sessions with partners"),
        sessions=[
            (row, counts.get(row.id, 0)) for row in planning.of_workspace(db.session, workspace())
        ],
        waiting=0
        if stored is None
        else arrivals.count_waiting(db.session, stored, is_admin=is_admin()),
        day_words=day_words,
        state_words=words.state_words,
        state_colour=words.state_colour,
    )


@for_staff(f"{ROOT}/<uuid:session_id>", roles=access.ANALYSTS)
def assisted_session(session_id: UUID) -> ResponseReturnValue:
    """One session: its plan, how many answered, and what that changed."""
    row = session_row(session_id)
    document = plan_forms.document_of(workspace())
    plan = planning.plan_of(row)
    return render_template(
        "staff/sessions/one.html",
        page_title=row.venue,
        row=row,
        plan=plan,
        known=plan_forms.described(plan, document),
        day_words=day_words,
        state_words=words.state_words,
        state_colour=words.state_colour,
        **told(row, document, is_exact=True),
    )


def session_row(session_id: UUID) -> AssistedSession:
    """A session of the consultation at hand; its page does not exist where there is none."""
    try:
        return planning.get(db.session, workspace(), session_id)
    except planning.NoSuchSession:
        abort(404)
