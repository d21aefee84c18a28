"""What the random check says: corrected shares, and how often the machine is right."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from analysis.themes.reviewing.accuracy import LENGTHS
from consult.db import db
from consult.services import access
from consult.services.reviewing.auditing import audited
from consult.views.staff.audience import for_staff
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.at_hand import at_hand


@for_staff("/consultations/<slug>/themes/<question>/review/audit/figures", roles=access.ANALYSTS)
def audit_figures(question: str) -> ResponseReturnValue:
    """Shares as the machine counts them beside the same corrected by what people found."""
    at = at_hand(question)
    found = audited(db.session, at.study)
    return render_template(
        "staff/reviewing/figures.html",
        page_title=gettext("What the random check says"),
        at=at,
        found=found,
        lengths=LENGTHS,
        words=figure_words,
    )
