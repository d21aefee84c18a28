"""What is held of people, and until when."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.services import access, retention
from consult.views.staff.audience import for_staff
from consult.views.staff.current import now


@for_staff("/retention", roles=(access.OFFICER,))
def retention_report() -> ResponseReturnValue:
    """Each consultation with what it holds, the one whose day comes first at the top."""
    return render_template(
        "staff/retention.html",
        page_title=gettext("What is held, and until when"),
        lines=retention.report(db.session, now=now()),
    )
