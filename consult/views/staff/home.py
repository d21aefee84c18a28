"""The first page after signing in: the consultations that somebody works on."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.services import access, workspaces
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, now


@for_staff("/")
def home() -> ResponseReturnValue:
    """Consultations that the person may look at, with what each one waits for."""
    found = access.visible_workspaces(db.session, account())
    return render_template(
        "staff/home.html",
        page_title=gettext("Consultations"),
        lines=[(each, workspaces.state_of(each, now())) for each in found],
    )


@for_staff("/signed-in")
def signed_in_again() -> ResponseReturnValue:
    """What a second tab shows after signing in for a form that waits in the first."""
    return render_template("staff/signed_in_again.html", page_title=gettext("You are signed in"))
