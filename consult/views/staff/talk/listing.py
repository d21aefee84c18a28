"""What was said at tables, session by session; a note can be taken away for good."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.forms.translating_words import language_name
from consult.languages import direction
from consult.services import access
from consult.services.assisting import talk
from consult.services.reporting import kept
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, workspace
from consult.views.staff.responses.at_hand import document_of, question_label, stored_if_any
from consult.views.staff.responses.words import day_words

ROOT = "/consultations/<slug>/sessions/talk"


@for_staff(ROOT, roles=access.ANALYSTS)
def session_talk() -> ResponseReturnValue:
    """All notes of group talk, the last session first."""
    stored = stored_if_any()
    document = None if stored is None else document_of(stored)
    heard = talk.by_session(db.session, workspace().id)
    if stored is None:
        g.consultation_timezone = workspace().content.get("timezone", "Europe/London")
    return render_template(
        "staff/talk/list.html",
        page_title=gettext("What was said at tables"),
        heard=heard,
        notes=sum(each.notes for each in heard),
        tables=sum(len(each.tables) for each in heard),
        people=sum(each.people for each in heard),
        label_of=lambda key: key if document is None else question_label(document, key),
        language_name=language_name,
        direction=direction,
        day_words=day_words,
        may_edit=may(*access.EDITORS),
    )


@for_staff(f"{ROOT}/<uuid:talk_id>/remove", roles=access.EDITORS, methods=("POST",))
def remove_talk(talk_id: UUID) -> ResponseReturnValue:
    """Take a note away, and every file of a report that may hold its words."""
    with unit_of_work(db.session):
        try:
            found = talk.find(db.session, workspace().id, talk_id)
        except talk.NoSuchTalk:
            abort(404)
        removed = talk.remove(db.session, found, actor=actor(), now=now())
        stored = workspace().consultation
        if removed and stored is not None:
            kept.drop(db.session, stored.id)
    flash(
        gettext("The note is removed. Its words are deleted here and in every report.")
        if removed
        else gettext("The note was removed before, so nothing was changed.")
    )
    return redirect(page("session_talk"), 303)
