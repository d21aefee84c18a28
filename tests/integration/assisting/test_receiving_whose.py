"""By whom items come, how much of one tablet may wait, and when what tables said was in time."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import AssistedSession, SessionPack
from consult.services.assisting import receiving
from tests.integration.assisting.visit import Visit, visit_in
from tests.support.consultations import (
    CLOSES,
    GRACE_ENDS,
    LATE_UNTIL,
    NOW,
    SLUG,
    World,
    changed,
    example,
)
from tests.support.tablet import Tablet, organisation_of, pack_of, session_of

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture(name="visit")
def visiting(world: World, tmp_path: Path) -> Visit:
    return visit_in(world, tmp_path)


def another_tablet(visit: Visit) -> Tablet:
    """A tablet of another organisation."""
    with unit_of_work(visit.world.session) as session:
        organisation = organisation_of(session, SLUG, now=NOW, name="Another organisation")
        held = session_of(session, organisation, now=NOW)
        pack = session.scalars(select(SessionPack)).one()
        return Tablet.enrolled(session, held, pack, visit.keys, now=NOW, name="Other tablet")


def test_what_another_tablet_sends_is_its_own_and_waits(visit: Visit) -> None:
    other = another_tablet(visit)
    sealed = visit.tablet.seal(visit.payload())
    assert visit.take(sealed, sender=other.device_id) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "mismatch")
    assert visit.arrival(sealed).device_id == other.device_id
    assert visit.world.count("response") == 0


def test_what_another_tablet_sent_first_is_stored_when_its_own_sends_it(visit: Visit) -> None:
    other = another_tablet(visit)
    sealed = visit.tablet.seal(visit.payload())
    visit.take(sealed, sender=other.device_id)
    assert visit.take(sealed) == "stored"
    row = visit.arrival(sealed)
    assert (row.device_id, row.reason, row.sealed) == (visit.tablet.device_id, "", None)
    assert visit.take(sealed, sender=other.device_id) == "stored"
    assert visit.world.count("response") == 1


def test_nobody_takes_the_room_of_another_tablet(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "MOST_WAITING", 1)
    other = another_tablet(visit)
    under_its_name = {"dev": str(visit.tablet.device_id)}
    visit.take(other.seal(visit.payload(), **under_its_name), sender=other.device_id)
    with pytest.raises(receiving.TooMuch):
        visit.take(other.seal(visit.payload(), **under_its_name), sender=other.device_id)
    with pytest.raises(receiving.TooMuch):
        visit.take(other.seal(visit.payload(), dev=str(uuid4())), sender=other.device_id)
    visit.take(other.seal(visit.payload(), **under_its_name), by_file=True, device_now=None)
    own = visit.tablet.seal(visit.payload(pack="0" * 64))
    assert visit.take(own) == "quarantined"


def test_only_so_many_bytes_of_a_tablet_wait(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (visit.tablet.seal(visit.payload(pack="0" * 64)) for _ in range(2))
    monkeypatch.setattr(receiving, "MOST_BYTES", len(first) + len(second) - 1)
    assert visit.take(first) == "quarantined"
    with pytest.raises(receiving.TooMuch):
        visit.take(second)
    monkeypatch.setattr(receiving, "MOST_BYTES", len(first) + len(second))
    assert visit.take(second) == "quarantined"


def test_a_response_without_any_answer_waits(visit: Visit) -> None:
    questions = [q.model_copy(update={"required": False}) for q in example().questions]
    visit.world.store(changed(example(), questions=questions))
    with unit_of_work(visit.world.session) as session:
        organisation = session.get_one(AssistedSession, visit.held.id).organisation
        visit.tablet.pack_digest = pack_of(session, organisation, now=NOW).digest
    sealed = visit.tablet.seal(visit.payload(fields={"visits": {"answer": [" "]}}))
    assert visit.take(sealed) == "quarantined"
    assert visit.why(sealed) == ("quarantined", "no_answers")
    assert visit.world.count("response") == 0


# What tables said, in time


def talked(visit: Visit, written: datetime, received: datetime, **changes: Any) -> str:
    """What becomes of a talk that was written then and comes later."""
    visit.tablet.now = written
    sealed = visit.tablet.seal(visit.tablet.talk("Words", **changes))
    visit.tablet.now = received
    return visit.take(sealed)


def test_what_a_table_said_after_closing_is_not_taken(visit: Visit) -> None:
    assert talked(visit, CLOSES - HOUR, LATE_UNTIL) == "stored"
    assert talked(visit, GRACE_ENDS - MINUTE, LATE_UNTIL) == "stored"
    assert talked(visit, GRACE_ENDS, LATE_UNTIL) == "too_late"
    assert talked(visit, GRACE_ENDS, GRACE_ENDS) == "too_late"
    assert talked(visit, CLOSES - HOUR, LATE_UNTIL + MINUTE) == "too_late"
    assert visit.world.count("group_talk") == 2


def test_a_talk_of_a_moved_clock_waits_only_after_closing(visit: Visit) -> None:
    moved = {"clock_offset": 3_600_000}
    assert talked(visit, CLOSES - HOUR, GRACE_ENDS - MINUTE, **moved) == "stored"
    assert talked(visit, CLOSES - HOUR, GRACE_ENDS, **moved) == "quarantined"
