"""Where forms are handled: at the council for a whole consultation, or at a partner's session."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import abort, g

from consult.db import db
from consult.models import AssistedSession, Consultation, PaperForm, Workspace
from consult.services import consultations
from consult.services.assisting import paper, planning
from consult.views.staff.current import account, page, workspace

OFFICERS: Final = "/consultations/<slug>/paper"
PARTNERS: Final = "/sessions/<uuid:session_id>/paper"


@dataclass(frozen=True, slots=True)
class Desk:
    """What forms are for, and how their pages are called there."""

    stored: Consultation | None
    """Nothing as long as the consultation is not opened: there are no forms then."""
    held: AssistedSession | None
    """Only its forms are handled, where there is one."""

    def page(self, what: str, form: PaperForm | None = None) -> str:
        """The address of a page: forms, print, number, look_up, enter or save."""
        values: dict[str, UUID] = {}
        if form is not None:
            values["form_id"] = form.id
        if self.held is not None:
            return page(f"{what}_session_paper", session_id=self.held.id, **values)
        return page(f"{what}_paper", **values)

    @property
    def is_called_off(self) -> bool:
        """Whether this is a session that does not take place, which needs no forms."""
        return self.held is not None and self.held.state == planning.State.CALLED_OFF

    def back(self) -> str:
        """What the pages of forms are reached from."""
        if self.held is not None:
            return page("my_session", session_id=self.held.id)
        return page("assisted_sessions")

    def opened(self) -> Consultation:
        """The consultation; a page of its forms does not exist before it is opened."""
        if self.stored is None:
            abort(404)
        return self.stored

    def form(self, form_id: UUID) -> PaperForm:
        """One of the forms; others' pages do not exist."""
        try:
            return paper.find(db.session, self.opened(), form_id, held=self.held)
        except paper.UnknownForm:
            abort(404)


def officers() -> Desk:
    """All forms of the consultation at hand."""
    return _desk(workspace(), None)


def partners(session_id: UUID) -> Desk:
    """The forms of a session that the person holds, or whose officer they are."""
    try:
        held = planning.get_for(db.session, account(), session_id)
    except planning.NoSuchSession:
        abort(404)
    return _desk(db.session.get_one(Workspace, held.workspace_id), held)


def _desk(about: Workspace, held: AssistedSession | None) -> Desk:
    stored = about.consultation
    if stored is None or stored.is_preview:
        return Desk(None, held)
    g.consultation_timezone = consultations.rules_of(stored).timezone
    return Desk(stored, held)
