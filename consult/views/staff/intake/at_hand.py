"""The stored consultation behind the one at hand, and the file that an address names."""

from uuid import UUID

from flask import abort

from consult.db import db
from consult.document.model import Consultation as Document
from consult.models import Consultation, ResponseImport
from consult.services.intake import holding, places
from consult.views.staff.current import workspace


def stored() -> Consultation | None:
    """What holds the responses, if anything does yet."""
    return workspace().consultation


def document() -> Document:
    """What responses are held against."""
    return places.asked_in(places.document_of(db.session, workspace()))


def file_at_hand(import_id: UUID) -> tuple[Consultation, ResponseImport]:
    """A file of the consultation at hand; its page does not exist where there is none."""
    place = stored()
    try:
        found = holding.find(db.session, place, import_id)
    except holding.NoSuchImport:
        abort(404)
    if place is None:
        abort(404)
    return place, found
