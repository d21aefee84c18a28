"""How responses came about that a helper or a form had a part in."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.models import (
    AssistedSession,
    Consultation,
    Device,
    Organisation,
    Provenance,
    Response,
)
from consult.services.counted import counted


@dataclass(frozen=True, slots=True)
class CameAbout:
    """How one response came about, for those who judge responses."""

    row: Provenance
    session: AssistedSession | None
    """Nothing for a form that no session had, and once the session is gone."""
    device: Device | None

    @property
    def partner(self) -> str | None:
        """The name of the organisation that held the session."""
        return None if self.session is None else self.session.organisation.name


@dataclass(frozen=True, slots=True)
class Held:
    """A session, and how many responses came from it that were not withdrawn."""

    id: UUID
    code: str
    venue: str
    on: date
    partner: str
    responses: int


def of_response(session: Session, response: Response) -> CameAbout | None:
    """How a response came about; nothing where its person gave it without any help."""
    row = session.get(Provenance, response.id)
    if row is None:
        return None
    return CameAbout(
        row,
        None if row.session_id is None else session.get(AssistedSession, row.session_id),
        None if row.device_id is None else session.get(Device, row.device_id),
    )


def sessions_of(session: Session, stored: Consultation) -> list[Held]:
    """The sessions that responses of a consultation came from, the last first."""
    rows = session.execute(
        select(AssistedSession, Organisation.name, func.count(Response.id))
        .join(Organisation, Organisation.id == AssistedSession.organisation_id)
        .join(Provenance, Provenance.session_id == AssistedSession.id)
        .join(Response, Response.id == Provenance.response_id)
        .where(
            Response.consultation_id == stored.id,
            Response.is_test.is_(False),
            Response.withdrawn_at.is_(None),
        )
        .group_by(AssistedSession.id, Organisation.name)
        .order_by(AssistedSession.on.desc(), AssistedSession.code)
    )
    return [
        Held(held.id, held.code, held.venue, held.on, partner, number)
        for held, partner, number in rows
    ]


def copy_for_resident(session: Session, response: Response) -> dict[str, Any] | None:
    """What is held about how a response came about; without the names of colleagues."""
    found = of_response(session, response)
    if found is None:
        return None
    row, held = found.row, found.session
    return {
        "session": None
        if held is None
        else {"code": held.code, "venue": held.venue, "on": held.on.isoformat()},
        "partner": found.partner,
        "tablet": None if found.device is None else found.device.name,
        "mode": row.mode,
        "interpreted": row.interpreted,
        "consented_at": None if row.consented_at is None else row.consented_at.isoformat(),
        "typed_by_somebody_else": row.entered_by is not None,
    }


@dataclass(frozen=True, slots=True)
class Entered:
    """Who entered the responses that count and that a helper or a form had a part in."""

    helped: int
    by_self: int
    paper: int
    interpreted: int
    """Of them all."""


def entered(session: Session, stored: Consultation) -> Entered:
    """Count them."""
    rows = session.execute(
        select(Provenance.mode, Provenance.interpreted, func.count())
        .join(Response, Response.id == Provenance.response_id)
        .where(Response.consultation_id == stored.id, counted())
        .group_by(Provenance.mode, Provenance.interpreted)
    ).all()
    modes: Counter[str] = Counter()
    interpreted = 0
    for mode, with_interpreter, number in rows:
        modes[mode] += number
        interpreted += number if with_interpreter else 0
    return Entered(modes["helped"], modes["self"], modes["paper"], interpreted)
