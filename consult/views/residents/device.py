"""Clearing a shared phone: nothing of this person stays on it."""

from flask import make_response, redirect, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, forget_removed, unit_of_work
from consult.services import drafts
from consult.views.residents.current import blueprint, held_draft_ids, page


@blueprint.post("/<slug>/clear-device")
def clear_device() -> ResponseReturnValue:
    """Forget this person on this device. Unsent answers stay only where they have a code."""
    with unit_of_work(db.session):
        for draft_id in held_draft_ids():
            drafts.clear_unless_coded(db.session, draft_id)
    forget_removed(db.session)
    session.clear()
    response = make_response(redirect(page("device_cleared"), 303))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/<slug>/device-cleared")
def device_cleared() -> ResponseReturnValue:
    """Say that the device is clear, and what that means."""
    return render_template(
        "residents/device_cleared.html", page_title=gettext("This device is clear")
    )
