"""Who began, who sent, and where the others stopped: what is known, and no more."""

from datetime import timedelta

from consult.db import unit_of_work
from consult.models import ResponseOrigin
from consult.services import drafts
from consult.services.watching.completion import AT_THE_END, completion
from tests.support.consultations import FULL, NOW

LATER = NOW + timedelta(hours=2)


def found(world, now=LATER):
    return completion(world.session, world.stored, world.document, now=now)


def some(*keys):
    return {key: FULL[key] for key in keys}


def test_nobody_began(world):
    assert (found(world).begun, found(world).sent, found(world).stopped) == (0, 0, {})


def test_people_stopped_at_the_first_question_that_they_have_not_seen(world):
    world.begin(some("capacity"))
    world.begin(some("capacity"))
    world.begin(some("capacity", "vision_agree"))
    assert found(world).stopped == {"vision_agree": 2, "vision_why": 1}


def test_a_question_that_is_not_asked_is_not_where_somebody_stopped(world):
    # Who agrees is not asked why.
    world.begin({"capacity": FULL["capacity"], "vision_agree": {"answer": ["agree"]}})
    (key,) = found(world).stopped
    assert key == "name_of_park"


def test_a_skipped_question_was_seen(world):
    draft = world.begin(some("capacity"))
    world.save(draft, "vision_agree", {}, skip=True)
    (key,) = found(world).stopped
    assert key == "name_of_park"


def test_who_saw_everything_stopped_at_the_end(world):
    world.skip_rest(world.begin())
    assert found(world).stopped == {AT_THE_END: 1}


def test_who_saved_within_the_hour_may_still_be_at_it(world):
    world.begin(some("capacity"), now=LATER - timedelta(minutes=59))
    world.begin(some("capacity"), now=LATER - timedelta(minutes=61))
    assert (found(world).at_it, found(world).left) == (1, 1)


def test_who_sent_is_not_unfinished(world):
    draft = world.begin()
    world.skip_rest(draft)
    world.send(draft)
    world.begin(some("capacity"))
    assert (found(world).sent, found(world).begun, found(world).left) == (1, 2, 1)


def test_what_did_not_come_by_the_pages_was_not_begun_there(world):
    world.submit(channel="paper")
    entered = world.submit(channel="online")
    with unit_of_work(world.session):
        world.session.add(
            ResponseOrigin(
                response_id=entered.response_id,
                consultation_id=world.stored.id,
                kind="email",
                source="e-mail of 3 May",
                entered_by="o",
                entered_at=NOW,
            )
        )
    assert found(world).begun == 0


def test_expired_answers_are_known_no_more(world):
    world.begin(some("capacity"))
    days = world.document.draft_days
    assert found(world, NOW + timedelta(days=days, minutes=1)).begun == 0


def test_a_change_of_what_was_sent_is_no_new_beginning(world):
    receipt = world.submit()
    with unit_of_work(world.session):
        drafts.start_change(
            world.session,
            world.stored,
            world.document,
            world.response(receipt),
            language="en",
            now=NOW,
        )
    assert (found(world).changing, found(world).begun, found(world).left) == (1, 1, 0)
