"""A partner organisation, its people, and what was done, straight from the database."""

from uuid import UUID

from flask import Flask
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AssistedSession, AuditEvent, Organisation
from consult.services.assisting import members
from tests.support.assisting_desk import PARTNER
from tests.support.tablet import organisation_of
from tests.support.visitors import NOON, SLUG, in_session

DAY = "2026-11-30"
TYPED = {
    "venue": "Lozells library",
    "on": DAY,
    "area": "E05011120",
    "languages": ["ur", "en"],
    "hopes-religion": ["muslim"],
    "hoped_for": "20",
    "facilitator": "Nasreen",
    "interpreter": "Mrs Khan, Urdu",
    "note": "Ask at the desk for the key.",
}
PIOTR = "piotr@partner.example.org"


def partner_row(app: Flask) -> UUID:
    """The partner organisation; its id."""
    with in_session(app) as session, unit_of_work(session):
        return organisation_of(session, SLUG, now=NOON, name=PARTNER).id


def join(app: Flask, email: str, organisation_id: UUID) -> None:
    """Make an account one of an organisation's people."""
    with in_session(app) as session, unit_of_work(session):
        row = session.get_one(Organisation, organisation_id)
        members.add(session, row, email, actor="officer", now=NOON)


def only_session(app: Flask) -> AssistedSession:
    with in_session(app) as session:
        (row,) = session.scalars(select(AssistedSession)).all()
        return row


def acts(app: Flask) -> list[str]:
    """What was done, by name; in tests all at one moment."""
    with in_session(app) as session:
        return list(session.scalars(select(AuditEvent.action).order_by(AuditEvent.action)))
