"""When a consultation opens and closes, and how long things are kept."""

from datetime import datetime, timedelta

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.forms.editing.fields import Fields
from consult.forms.editing.parts import DatesForm
from consult.services import access, workspaces
from consult.services.workspaces import State
from consult.views.staff.audience import for_staff
from consult.views.staff.current import now, page, workspace
from consult.views.staff.editing.saving import Editor, save, show, show_again, typed_fields

LATE_DAYS = 7
"""What post and partners' tablets need to bring in what was finished in time."""

OFFERS = {
    "closes_6_weeks": ("opens_at", "closes_at", timedelta(weeks=6)),
    "closes_12_weeks": ("opens_at", "closes_at", timedelta(weeks=12)),
    "late_7_days": ("closes_at", "late_until", timedelta(days=LATE_DAYS)),
}
"""By name: the time that it counts from, the one that it fills in, and how far they are apart."""


@for_staff("/consultations/<slug>/dates", roles=access.READERS)
def edit_dates() -> ResponseReturnValue:
    """The dates as they are written so far."""
    return show(_editor())


@for_staff("/consultations/<slug>/dates", roles=access.EDITORS, methods=("POST",))
def save_dates() -> ResponseReturnValue:
    """Save the dates, or fill one in that was offered."""
    editor = _editor()
    if request.form.get("offer") in OFFERS:
        fields = typed_fields()
        _fill_in(fields, request.form["offer"])
        return show_again(editor, fields)
    return save(editor)


def _fill_in(fields: Fields, offer: str) -> None:
    start, target, apart = OFFERS[offer]
    zone = workspace().content["timezone"]
    written = fields.moment(start, zone)
    if written is None:
        words = {
            "opens_at": gettext("Write when it opens first"),
            "closes_at": gettext("Write when it closes first"),
        }
        fields.refuse(start, words[start], f"{start}-day")
        return
    moment = datetime.fromisoformat(written) + apart
    if target == "closes_at":
        moment = moment.replace(hour=23, minute=59)
    fields.show_moment(target, moment.isoformat())


def _editor() -> Editor:
    zone = workspace().content["timezone"]
    return Editor(
        DatesForm(zone),
        "staff/editing/dates.html",
        gettext("Dates"),
        page("edit_dates"),
        more={
            "timezone": zone,
            "is_opened": workspaces.state_of(workspace(), now()) is not State.PREPARING,
        },
    )
