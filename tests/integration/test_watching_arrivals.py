"""What came: by day, way, language and ward, and what has become of it."""

from datetime import UTC, date, datetime, timedelta

from consult.db import unit_of_work
from consult.models import Petition, ResponseMark, ResponseOrigin
from consult.services.watching.arrivals import NOT_SAID, Home, Standing, arrivals
from tests.support.consultations import GRACE_ENDS, NOW

HERE = {"capacity": {"choice": "resident"}, "vision_agree": {"choice": "agree"}}


def came(world):
    return arrivals(world.session, world.stored, world.document)


def change(world, receipt, **values):
    with unit_of_work(world.session):
        for name, value in values.items():
            setattr(world.response(receipt), name, value)


def test_nothing_came_yet(world):
    found = came(world)
    assert (found.responses, found.by_day, found.by_way, found.petitions) == (0, {}, {}, ())


def test_days_are_those_of_the_consultation_s_time_zone(world):
    # The clocks go forward on 29 March 2026: from then on London is an hour ahead of UTC.
    for at in (
        datetime(2026, 3, 10, 23, 30, tzinfo=UTC),
        datetime(2026, 3, 30, 22, 30, tzinfo=UTC),
        datetime(2026, 3, 30, 23, 30, tzinfo=UTC),
    ):
        world.submit(now=at)
    assert came(world).by_day == {
        date(2026, 3, 10): 1,
        date(2026, 3, 30): 1,
        date(2026, 3, 31): 1,
    }


def test_what_was_entered_for_somebody_has_its_own_way(world):
    world.submit()
    world.submit(channel="paper")
    letter = world.submit(channel="paper")
    with unit_of_work(world.session):
        world.session.add(
            ResponseOrigin(
                response_id=letter.response_id,
                consultation_id=world.stored.id,
                kind="letter",
                source="letter of 3 May",
                entered_by="o",
                entered_at=NOW,
            )
        )
    assert came(world).by_way == {"letter": 1, "online": 1, "paper": 1}


def test_each_response_stands_once(world):
    receipts = [world.submit() for _ in range(6)]
    change(world, receipts[0], withdrawn_at=NOW)
    excluded = {"excluded_at": NOW, "excluded_by": "o", "exclusion_reason": "spam"}
    change(world, receipts[1], **excluded)
    change(world, receipts[2], withdrawn_at=NOW, **excluded)
    change(world, receipts[3], timing="doubtful")
    refused = {"timing_decision": "refused", "timing_decided_by": "o"}
    change(world, receipts[4], timing="doubtful", **refused)
    found = came(world)
    assert found.standing == {
        Standing.COUNTED: 1,
        Standing.WITHDRAWN: 2,
        Standing.EXCLUDED: 1,
        Standing.WAITING: 1,
        Standing.TOO_LATE: 1,
    }
    assert sum(found.by_way.values()) == found.responses == 1


def test_tests_of_a_preview_stand_apart(world):
    change(world, world.submit(), is_test=True)
    assert came(world).standing == {Standing.TEST: 1}


def test_late_and_changed_and_suspected_ones_count_and_are_told(world):
    late, other, _ = (world.submit() for _ in range(3))
    change(world, late, timing="late", changed_at=GRACE_ENDS)
    with unit_of_work(world.session):
        for reason in ("fast", "same words"):
            world.session.add(
                ResponseMark(
                    response_id=other.response_id,
                    kind="suspected_spam",
                    reason=reason,
                    marked_by="machine",
                    marked_at=NOW,
                )
            )
    found = came(world)
    assert (found.responses, found.late, found.changed, found.suspected) == (3, 1, 1, 1)


def test_homes_and_wards_are_of_those_who_live_here(world):
    world.submit(answers={**HERE, "ward": {"choice": "E1"}})
    world.submit(answers={**HERE, "ward": {"choice": "outside_area"}})
    world.submit(answers={**HERE, "ward": {"choice": "prefer_not_to_say"}})
    world.submit(answers=HERE)
    world.submit(answers={**HERE, "capacity": {"choice": "visitor"}, "ward": {"choice": "E1"}})
    found = came(world)
    assert found.by_home == {Home.HERE: 4, Home.ELSEWHERE: 1}
    assert found.by_ward == {"E1": 1, "outside_area": 1, NOT_SAID: 2}


def test_petitions_are_counted_apart(world):
    with unit_of_work(world.session):
        for title, signatures in (("Benches", 12), ("Keep the trees", 1_204)):
            world.session.add(
                Petition(
                    consultation_id=world.stored.id,
                    title=title,
                    asks="x",
                    organiser="y",
                    signatures=signatures,
                    received_on=NOW.date(),
                    recorded_by="o",
                    recorded_at=NOW + timedelta(hours=1),
                )
            )
    found = came(world)
    assert found.responses == 0
    assert [(each.title, each.signatures) for each in found.petitions] == [
        ("Keep the trees", 1_204),
        ("Benches", 12),
    ]
