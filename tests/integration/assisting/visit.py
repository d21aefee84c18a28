"""A session of a partner on one tablet, ready to send."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Arrival, AssistedSession, Response
from consult.services.assisting import receiving, sealing
from consult.services.assisting.keys import Keys
from tests.support.consultations import FULL, NOW, SECRET, SLUG, World
from tests.support.tablet import Tablet, keys_in, organisation_of, pack_of, session_of


@dataclass
class Visit:
    """One session, and the tablet that is used in it."""

    world: World
    keys: Keys
    held: AssistedSession
    tablet: Tablet

    def payload(self, **changes: Any) -> dict[str, Any]:
        """One person's answers to everything."""
        return self.tablet.response(changes.pop("fields", FULL), **changes)

    def take(self, sealed: str, **changes: Any) -> str:
        """Send an item, and return what the receipt says became of it."""
        return self.receipt(sealed, **changes).outcome.value

    def receipt(self, sealed: str, **changes: Any) -> receiving.Receipt:
        """Send an item in a unit of work of its own."""
        with unit_of_work(self.world.session) as session:
            return self.tablet.send(session, sealed, self.keys, secret_key=SECRET, **changes)

    def response(self, payload: Mapping[str, Any]) -> Response:
        """What is stored of a payload."""
        self.world.session.rollback()
        found = self.world.session.scalars(select(Response)).all()
        (one,) = [row for row in found if str(row.client_id) == payload["client_id"]]
        return one

    def arrival(self, sealed: str) -> Arrival:
        """The row of an item."""
        self.world.session.rollback()
        digest = sealing.digest_of(sealed)
        return self.world.session.scalars(select(Arrival).where(Arrival.digest == digest)).one()

    def why(self, sealed: str) -> tuple[str, str]:
        """What became of an item, and why."""
        row = self.arrival(sealed)
        return row.outcome, row.reason


def visit_in(world: World, folder: Path) -> Visit:
    """A session of a partner of the example, with a tablet that is enrolled for it."""
    keys = keys_in(folder)
    with unit_of_work(world.session) as session:
        organisation = organisation_of(session, SLUG, now=NOW)
        held = session_of(session, organisation, now=NOW)
        pack = pack_of(session, organisation, now=NOW)
        tablet = Tablet.enrolled(session, held, pack, keys, now=NOW)
    return Visit(world, keys, held, tablet)
