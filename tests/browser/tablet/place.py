"""The model case with a partner's session, and what came in from its tablets."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Flask
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Account, OrganisationMember, Provenance, Response
from consult.services import responses
from tests.support.staff import make_account
from tests.support.tablet import organisation_of, session_of
from tests.support.visitors import NOON, SLUG, in_session

PARTNER = "amina@lozells.example.org"
VENUE = "Lozells food bank"

_CLOCK_AT = """(() => {
  const Real = Date;
  const shift = %d - Real.now();
  globalThis.Date = class extends Real {
    constructor(...given) {
      given.length ? super(...given) : super(Real.now() + shift);
    }
    static now() { return Real.now() + shift; }
  };
})()"""


@dataclass(frozen=True)
class Stored:
    """A response as it came in, with where it came from."""

    language: str
    channel: str
    answers: dict[str, Any]
    session_id: UUID | None
    device_id: UUID | None
    mode: str
    interpreted: bool


@dataclass(frozen=True)
class Place:
    """A running installation with one session."""

    app: Flask
    url: str
    session_id: UUID
    organisation_id: UUID

    def stored(self) -> list[Stored]:
        """What has come in from tablets, the first first."""
        with in_session(self.app) as session:
            rows = session.execute(
                select(Response, Provenance)
                .join(Provenance, Provenance.response_id == Response.id)
                .order_by(Response.received_at)
            ).all()
            return [
                Stored(
                    response.language,
                    response.channel,
                    responses.answers_of(response),
                    came.session_id,
                    came.device_id,
                    came.mode,
                    came.interpreted,
                )
                for response, came in rows
            ]


def set_up(app: Flask, url: str) -> Place:
    """An organisation, somebody who works for it, and their session in English and Urdu."""
    make_account(app, PARTNER, "partner", name="Amina")
    with in_session(app) as session, unit_of_work(session):
        organisation = organisation_of(session, SLUG, now=NOON)
        person = session.scalars(select(Account).where(Account.email == PARTNER)).one()
        session.add(
            OrganisationMember(
                organisation_id=organisation.id,
                account_id=person.id,
                added_by="officer@council.example.org",
                added_at=NOON,
            )
        )
        held = session_of(
            session,
            organisation,
            now=NOON,
            venue=VENUE,
            on=NOON.date(),
            languages=["en", "ur"],
        )
        return Place(app, url, held.id, organisation.id)


def time_runs(app: Flask) -> None:
    """Let the application's clock run, from a noon on which the model case is open."""
    began = time.monotonic()
    app.config["CONSULT_CLOCK"] = lambda: NOON + timedelta(seconds=time.monotonic() - began)


def set_clock(context: BrowserContext, moment: datetime) -> None:
    """Let a tablet's clock run from a moment, in every page that it opens from now on."""
    context.add_init_script(_CLOCK_AT % int(moment.timestamp() * 1000))
