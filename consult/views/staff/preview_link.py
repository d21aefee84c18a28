"""The private link by which colleagues try a consultation before residents see it."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.services import access, opening, readiness_findings, workspaces
from consult.services.opening import AlreadyOpened
from consult.services.workspaces import State
from consult.views.qr import qr_picture
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.shown_once import show_once, shown_once

KIND = "preview"


@for_staff("/consultations/<slug>/preview-link", roles=access.READERS)
def preview_link() -> ResponseReturnValue:
    """Whether there is a link, and how many have tried it; the link itself just after making."""
    return _page([])


@for_staff("/consultations/<slug>/preview-link", roles=access.EDITORS, methods=("POST",))
def make_preview_link() -> ResponseReturnValue:
    """Make a link; the one before it stops working."""
    try:
        with unit_of_work(db.session):
            code = opening.make_preview(db.session, workspace().slug, actor=actor(), now=now())
    except AlreadyOpened:
        return _page([(None, _opened_meanwhile())]), 409
    show_once(KIND, url_for("preview", code=code, _external=True), workspace().slug)
    return redirect(page("preview_link"), 303)


@for_staff("/consultations/<slug>/preview-link/end", roles=access.EDITORS, methods=("POST",))
def end_preview_link() -> ResponseReturnValue:
    """Let the link lead nowhere, and delete what was answered through it."""
    with unit_of_work(db.session):
        opening.end_preview(db.session, workspace().slug, actor=actor(), now=now())
    flash(gettext("The link does not work any more, and the test answers are deleted."))
    return redirect(page("preview_link"), 303)


def _opened_meanwhile() -> str:
    return gettext("It is open to residents by now: look at it as they do.")


def _page(errors: list[tuple[str | None, str]]) -> str:
    made = shown_once(KIND)
    if made is not None and made["whom"] != workspace().slug:
        made = None
    return render_template(
        "staff/opening_preview.html",
        page_title=gettext("Private preview"),
        errors=errors,
        slug=workspace().slug,
        is_preparing=workspaces.state_of(workspace(), now()) is State.PREPARING,
        has_link=workspace().preview_hash is not None,
        link=made["address"] if made else None,
        qr=qr_picture(made["address"]) if made else None,
        test_count=readiness_findings.count_tests(db.session, workspace()),
    )
