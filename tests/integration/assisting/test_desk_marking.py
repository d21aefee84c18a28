"""Many responses from one shared tablet are no suspicion."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from consult.db import unit_of_work
from consult.models import Response, ResponseMark
from tests.integration.assisting.visit import Visit, visit_in
from tests.support.consultations import FULL, NOW, World

CLICKED = {
    "capacity": {"answer": ["resident"]},
    "vision_agree": {"answer": ["agree"]},
    "wishes": {"answer": ["toilets", "benches"]},
    "ward": {"answer": ["E1"]},
    "age": {"answer": ["from_45"]},
    "visits": {"answer": ["12"]},
}


@pytest.fixture(name="visit")
def visiting(world: World, tmp_path: Path) -> Visit:
    return visit_in(world, tmp_path)


def marks(world: World) -> list[Any]:
    world.session.rollback()
    return [(row.kind, row.reason) for row in world.session.scalars(select(ResponseMark))]


def test_equal_answers_of_one_session_are_never_marked(visit: Visit) -> None:
    payloads = [visit.payload(fields=CLICKED) for _ in range(5)]
    for payload in payloads:
        assert visit.take(visit.tablet.seal(payload)) == "stored"
    assert marks(visit.world) == []


def test_the_same_long_words_of_one_table_are_never_marked(visit: Visit) -> None:
    for _ in range(3):  # FULL holds a text that is long enough to be looked at
        assert visit.take(visit.tablet.seal(visit.payload())) == "stored"
    rows = visit.world.session.scalars(select(Response)).all()
    assert len({row.content_digest for row in rows}) == 1
    assert marks(visit.world) == []


def test_quick_answers_on_a_tablet_are_never_marked(visit: Visit) -> None:
    clock = visit.tablet.clock
    payload = visit.payload(started_at=clock - 2000, finished_at=clock)
    assert visit.take(visit.tablet.seal(payload)) == "stored"
    assert marks(visit.world) == []


def test_the_same_words_online_and_at_a_session_are_looked_at(visit: Visit) -> None:
    world = visit.world
    world.send(world.begin(FULL), now=NOW + timedelta(minutes=20))
    assert marks(world) == []
    visit.tablet.now = NOW + timedelta(minutes=30)
    assert visit.take(visit.tablet.seal(visit.payload())) == "stored"
    assert marks(world) == [("suspected_repeat", "same_answers")]


def test_the_same_words_online_twice_are_looked_at_as_ever(world: World) -> None:
    for _ in range(2):
        world.send(world.begin(FULL), now=NOW + timedelta(minutes=20))
    assert marks(world) == [("suspected_repeat", "same_answers")]
    with unit_of_work(world.session) as session:
        assert len(session.scalars(select(Response)).all()) == 2
