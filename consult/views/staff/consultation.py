"""One consultation's first page: where it stands, and what to do next."""

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.services import access, workspaces
from consult.views.staff.audience import for_staff
from consult.views.staff.current import now, workspace


@for_staff("/consultations/<slug>/", roles=access.READERS)
def consultation() -> ResponseReturnValue:
    """The consultation's parts, each with its state."""
    return render_template(
        "staff/consultation.html",
        page_title=workspace().content.get("title") or workspace().slug,
        state=workspaces.state_of(workspace(), now()),
    )
