"""What came more than once, for a person to look at."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.forms.translating_words import language_name
from consult.languages import direction
from consult.services import access
from consult.services.reading.repeats import letters_of, marked_as_repeats, same_responses
from consult.services.themes import studies
from consult.views.staff.audience import for_staff
from consult.views.staff.responses.at_hand import document_of, question_label, stored_if_any


@for_staff("/consultations/<slug>/responses/repeats", roles=access.ANALYSTS)
def repeats() -> ResponseReturnValue:
    """Letters that many people sent, and responses that say exactly the same."""
    found = stored_if_any()
    document = None if found is None else document_of(found)
    return render_template(
        "staff/responses/repeats.html",
        page_title=gettext("Letters in many copies, and repeats"),
        letters=[] if found is None else letters_of(db.session, found),
        same=[] if found is None else same_responses(db.session, found),
        marked=0 if found is None else marked_as_repeats(db.session, found),
        is_analysed=found is not None and bool(studies.all_of(db.session, found)),
        label_of=lambda key: key if document is None else question_label(document, key),
        language_name=language_name,
        direction=direction,
    )
