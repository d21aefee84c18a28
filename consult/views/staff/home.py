"""The first page after signing in: the consultations that somebody works on."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.services import access, workspaces
from consult.services.assisting import members
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, now, page


@for_staff("/")
def home() -> ResponseReturnValue:
    """Consultations that the person may look at; who only holds sessions is led to those."""
    found = access.visible_workspaces(db.session, account())
    is_partner = members.is_partner(db.session, account())
    if is_partner and not found:
        return redirect(page("my_sessions"), 303)
    return render_template(
        "staff/home.html",
        page_title=gettext("Consultations"),
        is_partner=is_partner,
        lines=[(each, workspaces.state_of(each, now())) for each in found],
    )


@for_staff("/signed-in")
def signed_in_again() -> ResponseReturnValue:
    """What a second tab shows after signing in for a form that waits in the first."""
    return render_template("staff/signed_in_again.html", page_title=gettext("You are signed in"))
