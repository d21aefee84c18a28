"""Sessions with what came from them, put straight into an application's database."""

import secrets
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from flask import Flask

from consult.db import unit_of_work
from consult.models import Device, GroupTalk, Provenance, Response
from tests.support.tablet import organisation_of, session_of
from tests.support.visitors import NOON, SLUG, in_session

PARTNER = "Lozells Women's Group"


def held_at(app: Flask, *, venue: str = "The library", on: date = date(2026, 11, 30)) -> UUID:
    """A session of the model case; its id."""
    with in_session(app) as session, unit_of_work(session):
        organisation = organisation_of(session, SLUG, now=NOON, name=PARTNER)
        return session_of(session, organisation, now=NOON, venue=venue, on=on).id


def tablet_of(app: Flask, name: str = "Tablet 7") -> UUID:
    """A tablet of the partner; its id."""
    with in_session(app) as session, unit_of_work(session):
        organisation = organisation_of(session, SLUG, now=NOON, name=PARTNER)
        device = Device(
            organisation_id=organisation.id,
            name=name,
            public_key={},
            thumbprint=secrets.token_hex(16),
            enrolled_by="partner@example.org",
            enrolled_at=NOON,
        )
        session.add(device)
        session.flush()
        return device.id


def came_from(app: Flask, response_id: UUID, held: UUID | None, **about: Any) -> None:
    """Say of a stored response how it came about."""
    with in_session(app) as session, unit_of_work(session):
        found = session.get_one(Response, response_id)
        found.channel = "paper" if about.get("mode") == "paper" else "assisted"
        session.add(
            Provenance(response_id=response_id, session_id=held, **{"mode": "helped", **about})
        )


def note(
    app: Flask,
    held: UUID,
    said: str,
    *,
    people: int = 5,
    table: str = "At the window",
    language: str = "en",
    question: str | None = None,
) -> UUID:
    """What a table said; the id of the note."""
    with in_session(app) as session, unit_of_work(session):
        row = GroupTalk(
            session_id=held,
            client_id=uuid4(),
            table_name=table,
            question_key=question,
            language=language,
            people=people,
            said=said,
            written_at=NOON,
            received_at=NOON,
        )
        session.add(row)
        session.flush()
        return row.id
