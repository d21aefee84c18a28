"""Who changed which theme, and taking that back."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.services import access
from consult.services.themes import editing
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now
from consult.views.staff.themes.acting import carry_out, done, refused_page, this_page
from consult.views.staff.themes.at_hand import at_hand
from consult.views.staff.themes.edit_words import line_words, takes_back

PAGE_LENGTH = 50


@for_staff("/consultations/<slug>/themes/<question>/history", roles=access.ANALYSTS)
def theme_history(question: str) -> ResponseReturnValue:
    """What people did to the themes, the last first."""
    at = at_hand(question)
    before = request.args.get("before", type=int)
    found = editing.history(db.session, at.study, before=before, limit=PAGE_LENGTH + 1)
    lines = found[:PAGE_LENGTH]
    older = at.page("theme_history", before=lines[-1].sequences[0]) if found[PAGE_LENGTH:] else None
    state = at.state
    return render_template(
        "staff/themes/history.html",
        page_title=gettext("History of the themes"),
        at=at,
        lines=[(each, line_words(each, state), takes_back(each, state)) for each in lines],
        older=older,
        is_first=before is None,
        done=done(at),
        seen=at.study.last_sequence,
        back=this_page(),
    )


@for_staff("/consultations/<slug>/themes/<question>/undo", roles=access.ANALYSTS, methods=("POST",))
def undo_theme_edit(question: str) -> ResponseReturnValue:
    """Take an act back, or bring one that was taken back again."""
    at = at_hand(question)
    sequence = request.form.get("sequence", 0, type=int)
    return carry_out(
        at,
        lambda: editing.undo(db.session, at.study.id, sequence, actor=actor(), now=now()),
        lambda told: refused_page(at, told),
    )
