"""The queue of long work: one owner at a time, one end, and what people may do meanwhile."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import AuditEvent, Job
from consult.services import job_claims, jobs
from consult.services.job_claims import Claim, JobLost, Progress, Running
from tests.support.consultations import NOW
from tests.support.databases import DIALECTS

SECOND = timedelta(seconds=1)
LATER = NOW + timedelta(hours=3)
KINDS = ("themes", "backup")


def enqueue(world, kind="themes", *, now=NOW, **more) -> Job:
    with unit_of_work(world.session):
        return jobs.enqueue(world.session, kind, requested_by="a@example.org", now=now, **more)


def claim(world, worker="one", *, now=NOW, kinds=KINDS) -> Claim | None:
    with unit_of_work(world.session):
        return job_claims.claim(world.session, worker, kinds=kinds, now=now)


def claimed(world, worker="one", *, now=NOW) -> Claim:
    held = claim(world, worker, now=now)
    assert held is not None
    return held


def act(world, do, *arguments, **more):
    """Do one thing in a unit of work of its own."""
    with unit_of_work(world.session):
        return do(world.session, *arguments, **more)


def now_of(world, job) -> Job:
    """A job as another connection sees it: what is committed."""
    with Session(world.engine) as session:
        return jobs.get(session, job.id)


def seen(world) -> Running:
    with Session(world.engine) as session:
        [running] = job_claims.running(session)
    return running


def audited(world) -> list[tuple[str, str, str]]:
    with Session(world.engine) as session:
        events = session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action.like("job %")).order_by(AuditEvent.at)
        )
        return [(event.actor, event.action, event.subject) for event in events]


# Asking


def test_a_job_waits_as_it_was_asked_for(world):
    job = enqueue(world, parameters={"question": "why"}, subject="riverton-parks", key="themes:1")
    found = now_of(world, job)
    assert (found.kind, found.state, found.parameters) == ("themes", "waiting", {"question": "why"})
    assert (found.subject, found.key) == ("riverton-parks", "themes:1")
    assert (found.requested_by, found.requested_at) == ("a@example.org", NOW)
    assert (found.attempt, found.progress_total, found.result) == (0, 0, None)
    assert audited(world) == [("a@example.org", "job asked for", "riverton-parks")]


def test_the_same_work_is_not_queued_twice_until_it_has_ended(world):
    first = enqueue(world, key="themes:1")
    assert enqueue(world, key="themes:1").id == first.id
    assert enqueue(world, key="themes:2", now=LATER).id != first.id
    assert enqueue(world, now=LATER).id != enqueue(world, now=LATER).id
    held = claimed(world)
    assert held.job_id == first.id
    assert enqueue(world, key="themes:1").id == first.id
    act(world, job_claims.finish, held, None, now=NOW)
    assert enqueue(world, key="themes:1").id != first.id


def test_two_who_ask_for_the_same_at_once_get_the_same_job(world):
    def ask(session):
        return jobs.enqueue(session, "themes", requested_by="a", key="themes:1", now=NOW).id

    assert len(set(world.at_once(ask))) == 1
    assert world.count("job") == 1


def test_a_job_without_a_requester_is_refused(world):
    with pytest.raises(IntegrityError, match="requester_named"), unit_of_work(world.session):
        jobs.enqueue(world.session, "themes", requested_by="", key="themes:1", now=NOW)
    assert world.count("job") == 0


def test_parameters_are_small(world):
    with pytest.raises(ValueError, match="too much"):
        enqueue(world, parameters={"words": "x" * 10_000})
    assert world.count("job") == 0


# Claiming


def test_jobs_are_taken_in_the_order_asked_for_and_by_one_only(world):
    second = enqueue(world, now=NOW + SECOND)
    first = enqueue(world, parameters={"n": 1}, subject="riverton-parks")
    held = claimed(world, "one", now=LATER)
    assert held == Claim(first.id, "one", 1, "themes", {"n": 1}, "riverton-parks", "a@example.org")
    found = now_of(world, first)
    assert (found.state, found.worker, found.attempt) == ("running", "one", 1)
    assert found.started_at == found.heartbeat_at == LATER
    assert claimed(world, "two").job_id == second.id
    assert claim(world, "three") is None


def test_a_worker_takes_only_kinds_that_it_knows(world):
    job = enqueue(world, "of a newer version")
    assert claim(world) is None
    with Session(world.engine) as session:
        assert not job_claims.is_anything_waiting(session, kinds=KINDS)
        assert job_claims.is_anything_waiting(session, kinds=("of a newer version",))
    assert now_of(world, job).state == "waiting"


def test_many_workers_at_once_take_each_job_once(world):
    with unit_of_work(world.session):
        for _ in range(6):
            jobs.enqueue(world.session, "themes", requested_by="a", now=NOW)

    def take(session):
        held = job_claims.claim(session, "w", kinds=KINDS, now=NOW)
        return None if held is None else held.job_id

    taken = [job_id for _ in range(2) for job_id in world.at_once(take)]
    # Eight tries for six jobs; where a row is being taken by another, it is passed over.
    got = [job_id for job_id in taken if job_id is not None]
    assert len(got) == len(set(got)) == 6


# What only the owner may do


def owners_acts(held: Claim):
    return {
        "beat": lambda s: job_claims.beat(s, held, Progress(1, 2), now=LATER),
        "look": lambda s: job_claims.look(s, held),
        "hold": lambda s: job_claims.hold(s, held),
        "finish": lambda s: job_claims.finish(s, held, {"n": 1}, now=LATER),
        "fail": lambda s: job_claims.fail(s, held, "error", progress=Progress(), now=LATER),
        "stop": lambda s: job_claims.stop(s, held, progress=Progress(), now=LATER),
        "hand back": lambda s: job_claims.hand_back(s, held, now=LATER),
        "put off": lambda s: job_claims.put_off(s, held, now=LATER),
    }


def test_who_has_lost_a_job_can_do_nothing_to_it(world, subtests):
    job = enqueue(world)
    former = claimed(world, "one")
    assert act(world, job_claims.take_up, seen(world), now=NOW) == "waiting"
    again = claimed(world, "one", now=NOW + SECOND)  # the same worker, in another attempt
    before = now_of(world, job)
    for name, do in owners_acts(former).items():
        with subtests.test(name), pytest.raises(JobLost):
            act(world, do)
    after = now_of(world, job)
    assert {c.key: getattr(before, c.key) for c in sa.inspect(Job).columns} == {
        c.key: getattr(after, c.key) for c in sa.inspect(Job).columns
    }
    act(world, job_claims.finish, again, {"n": 2}, now=LATER)
    assert now_of(world, job).result == {"n": 2}


def test_nobody_can_end_a_job_twice(world, subtests):
    job = enqueue(world)
    held = claimed(world)
    act(world, job_claims.finish, held, {"n": 1}, now=LATER)
    for name, do in owners_acts(held).items():
        with subtests.test(name), pytest.raises(JobLost):
            act(world, do)
    assert now_of(world, job).result == {"n": 1}


def test_progress_and_heartbeat_are_seen_by_others(world):
    job = enqueue(world)
    held = claimed(world)
    assert act(world, job_claims.beat, held, Progress(3, 10, "reading"), now=LATER) is False
    found = now_of(world, job)
    assert (found.progress_done, found.progress_total, found.progress_stage) == (3, 10, "reading")
    assert found.heartbeat_at == LATER
    assert jobs.percent(found) == 30


def test_a_job_done_holds_its_result_and_is_complete(world):
    job = enqueue(world)
    held = claimed(world)
    act(world, job_claims.finish, held, {"responses": 400}, now=LATER)
    found = now_of(world, job)
    assert (found.state, found.result, found.finished_at) == ("done", {"responses": 400}, LATER)
    assert (found.worker, found.heartbeat_at, found.fault) == (None, None, None)
    assert jobs.percent(found) == 100


def test_a_job_that_fails_at_its_very_end_is_never_complete(world):
    job = enqueue(world)
    held = claimed(world)
    act(world, job_claims.beat, held, Progress(10, 10), now=NOW)
    assert jobs.percent(now_of(world, job)) == 99
    reached = Progress(10, 10, "storing")
    act(world, job_claims.fail, held, "error", "ValueError", progress=reached, now=LATER)
    found = now_of(world, job)
    assert (found.state, found.fault, found.fault_detail) == ("failed", "error", "ValueError")
    assert (found.progress_stage, found.result) == ("storing", None)
    assert jobs.percent(found) == 99


def test_how_much_is_done_is_unknown_until_the_work_says_it(world):
    job = enqueue(world)
    assert jobs.percent(now_of(world, job)) is None
    claimed(world)
    assert jobs.percent(now_of(world, job)) is None


# Lost workers


def test_a_lost_job_goes_behind_others_and_starts_from_nothing(world):
    lost = enqueue(world)
    other = enqueue(world, now=NOW + SECOND)
    held = claimed(world)
    act(world, job_claims.beat, held, Progress(3, 10, "reading"), now=NOW)
    assert act(world, job_claims.take_up, seen(world), now=LATER) == "waiting"
    found = now_of(world, lost)
    assert (found.state, found.worker, found.lost_count, found.attempt) == ("waiting", None, 1, 1)
    assert (found.progress_done, found.progress_total, found.progress_stage) == (0, 0, "")
    assert claimed(world).job_id == other.id
    again = claimed(world)
    assert (again.job_id, again.attempt) == (lost.id, 2)


def test_a_job_that_moved_since_it_was_seen_is_left_alone(world):
    job = enqueue(world)
    held = claimed(world)
    before = seen(world)
    act(world, job_claims.beat, held, Progress(), now=NOW + SECOND)
    assert act(world, job_claims.take_up, before, now=LATER) is None
    assert now_of(world, job).worker == "one"
    act(world, job_claims.finish, held, None, now=LATER)
    assert act(world, job_claims.take_up, before, now=LATER) is None
    assert now_of(world, job).state == "done"


def test_two_who_take_up_the_same_job_do_it_once(world):
    job = enqueue(world)
    claimed(world)
    before = seen(world)
    states = world.at_once(lambda session: job_claims.take_up(session, before, now=LATER))
    assert sorted(states, key=str) == [None, None, None, "waiting"]
    assert now_of(world, job).lost_count == 1


def test_a_job_that_stops_its_worker_three_times_fails(world):
    job = enqueue(world)
    for attempt in (1, 2):
        assert claimed(world).attempt == attempt
        assert act(world, job_claims.take_up, seen(world), now=LATER) == "waiting"
    claimed(world)
    assert act(world, job_claims.take_up, seen(world), now=LATER) == "failed"
    found = now_of(world, job)
    assert (found.state, found.fault, found.finished_at) == ("failed", "stopped_worker", LATER)
    act(world, jobs.retry, job.id, actor="a@example.org", now=LATER)
    assert claimed(world).attempt == 4
    assert act(world, job_claims.take_up, seen(world), now=LATER) == "waiting"


@pytest.mark.parametrize("engine", DIALECTS[1:], indirect=True)
def test_a_job_whose_owner_writes_is_passed_over(world):
    """On SQLite only one writes at a time, and whoever comes next sees what became of it."""
    job = enqueue(world)
    held = claimed(world)
    before = seen(world)
    with Session(world.engine) as owner, unit_of_work(owner):
        assert job_claims.hold(owner, held) is False
        assert act(world, job_claims.take_up, before, now=LATER) is None
        # Its own heartbeat and a wish to cancel pass.
        assert act(world, job_claims.beat, held, Progress(), now=NOW) is False
        act(world, jobs.cancel, job.id, actor="b", now=LATER)
    assert now_of(world, job).cancel_requested_at == LATER


# Giving back, putting off


def test_a_job_given_back_is_no_strike_against_it(world):
    job = enqueue(world)
    for attempt in (1, 2, 3, 4, 5):
        held = claimed(world)
        assert held.attempt == attempt
        assert act(world, job_claims.hand_back, held, now=LATER) == "waiting"
    assert now_of(world, job).lost_count == 0


def test_a_job_put_off_waits_longer_each_time_and_fails_at_last(world):
    job = enqueue(world)
    at = NOW
    for wait in (5, 30, 120):
        held = claimed(world, now=at)
        assert act(world, job_claims.put_off, held, now=at) == "waiting"
        assert claim(world, now=at + timedelta(seconds=wait - 1)) is None
        at += timedelta(seconds=wait)
    held = claimed(world, now=at)
    assert act(world, job_claims.put_off, held, "OperationalError", now=at) == "failed"
    found = now_of(world, job)
    assert (found.fault, found.fault_detail) == ("database", "OperationalError")


def test_a_clock_set_back_leaves_no_job_waiting(world):
    fresh = enqueue(world, now=LATER)
    assert claimed(world, now=NOW).job_id == fresh.id
    off = enqueue(world, now=LATER)
    held = claimed(world, now=LATER)
    act(world, job_claims.put_off, held, now=LATER)
    assert claimed(world, now=NOW).job_id == off.id


def test_a_job_may_end_before_it_began_by_the_clock(world):
    job = enqueue(world, now=LATER)
    held = claimed(world, now=LATER)
    act(world, job_claims.finish, held, None, now=NOW)
    found = now_of(world, job)
    assert (found.state, found.started_at, found.finished_at) == ("done", LATER, NOW)


# Cancelling


def test_a_job_that_waits_is_cancelled_at_once(world):
    job = enqueue(world, subject="riverton-parks")
    act(world, jobs.cancel, job.id, actor="b@example.org", now=LATER)
    found = now_of(world, job)
    assert (found.state, found.finished_at) == ("cancelled", LATER)
    assert claim(world) is None
    act(world, jobs.cancel, job.id, actor="c@example.org", now=LATER + SECOND)
    assert now_of(world, job).finished_at == LATER
    assert audited(world)[1:] == [("b@example.org", "job cancelled", "riverton-parks")]


def test_a_job_that_runs_hears_that_it_shall_stop(world):
    job = enqueue(world)
    held = claimed(world)
    assert act(world, job_claims.hold, held) is False
    act(world, jobs.cancel, job.id, actor="b", now=LATER)
    act(world, jobs.cancel, job.id, actor="c", now=LATER + SECOND)
    found = now_of(world, job)
    assert (found.state, found.cancel_requested_at) == ("running", LATER)
    assert act(world, job_claims.beat, held, Progress(1, 2), now=LATER) is True
    assert act(world, job_claims.look, held) is True
    assert act(world, job_claims.hold, held) is True
    act(world, job_claims.stop, held, progress=Progress(1, 2), now=LATER)
    found = now_of(world, job)
    assert (found.state, found.finished_at, jobs.percent(found)) == ("cancelled", LATER, 50)


def test_a_cancelled_job_is_not_begun_again_however_its_worker_ends(world, subtests):
    ways = {
        "handed back": lambda held: act(world, job_claims.hand_back, held, now=LATER),
        "put off": lambda held: act(world, job_claims.put_off, held, now=LATER),
        "lost": lambda _held: act(world, job_claims.take_up, seen(world), now=LATER),
    }
    for name, end in ways.items():
        with subtests.test(name):
            job = enqueue(world)
            held = claimed(world)
            act(world, jobs.cancel, job.id, actor="b", now=LATER)
            assert end(held) == "cancelled"
            assert now_of(world, job).state == "cancelled"
            assert claim(world) is None


def test_cancelling_what_has_ended_changes_nothing(world):
    job = enqueue(world)
    act(world, job_claims.finish, claimed(world), None, now=NOW)
    act(world, jobs.cancel, job.id, actor="b", now=LATER)
    found = now_of(world, job)
    assert (found.state, found.cancel_requested_at) == ("done", None)


# Trying again


def fail(world, job) -> None:
    act(world, job_claims.fail, claimed(world), "error", progress=Progress(5, 9, "x"), now=NOW)
    assert now_of(world, job).state == "failed"


def test_a_job_that_failed_is_tried_again_from_the_beginning(world):
    job = enqueue(world, subject="riverton-parks")
    fail(world, job)
    act(world, jobs.retry, job.id, actor="b@example.org", now=LATER)
    found = now_of(world, job)
    assert (found.state, found.fault, found.finished_at) == ("waiting", None, None)
    assert (found.progress_done, found.progress_total, found.progress_stage) == (0, 0, "")
    act(world, jobs.retry, job.id, actor="b@example.org", now=LATER)  # pressed twice
    assert claimed(world).attempt == 2
    act(world, jobs.retry, job.id, actor="b@example.org", now=LATER)
    assert now_of(world, job).state == "running"
    assert audited(world)[1:] == [("b@example.org", "job tried again", "riverton-parks")]


def test_a_cancelled_job_can_be_tried_again(world):
    job = enqueue(world)
    held = claimed(world)
    act(world, jobs.cancel, job.id, actor="b", now=NOW)
    act(world, job_claims.stop, held, progress=Progress(), now=NOW)
    act(world, jobs.retry, job.id, actor="b", now=LATER)
    again = claimed(world)
    assert (again.job_id, again.attempt) == (job.id, 2)
    assert act(world, job_claims.look, again) is False


def test_a_job_that_is_done_is_not_tried_again(world):
    job = enqueue(world)
    act(world, job_claims.finish, claimed(world), None, now=NOW)
    with pytest.raises(jobs.JobIsDone):
        act(world, jobs.retry, job.id, actor="b", now=LATER)


def test_a_job_is_not_tried_again_beside_the_same_work(world):
    job = enqueue(world, key="themes:1")
    fail(world, job)
    other = enqueue(world, key="themes:1")
    with pytest.raises(jobs.SameWorkIsWaiting) as caught:
        act(world, jobs.retry, job.id, actor="b", now=LATER)
    assert caught.value.args[0].id == other.id
    assert now_of(world, job).state == "failed"


# Looking


def test_a_job_that_is_not_there(world):
    for do in (jobs.cancel, jobs.retry):
        with pytest.raises(jobs.NoSuchJob):
            act(world, do, uuid4(), actor="b", now=NOW)
    with pytest.raises(jobs.NoSuchJob):
        jobs.get(world.session, uuid4())


def test_the_list_shows_the_newest_first_and_only_what_concerns_somebody(world):
    old = enqueue(world, subject="riverton-parks")
    new = enqueue(world, subject="riverton-parks", now=LATER)
    with unit_of_work(world.session):
        other = jobs.enqueue(world.session, "backup", requested_by="b", now=NOW + SECOND)

    def listed(wanted=None, start=0, count=10):
        return [job.id for job in jobs.listing(world.session, wanted, start=start, count=count)]

    assert listed() == [new.id, other.id, old.id]
    assert listed(start=1, count=1) == [other.id]
    concern = jobs.of_concern(subjects=["riverton-parks"], account="nobody")
    assert listed(concern) == [new.id, old.id]
    assert listed(jobs.of_concern(subjects=[], account="b")) == [other.id]
    assert listed(jobs.of_concern(subjects=[""], account="nobody")) == []
    # Who asked for them and may see the consultation no longer does not see its jobs either.
    assert listed(jobs.of_concern(subjects=[], account="a@example.org")) == []


def test_jobs_that_ended_long_ago_are_removed(world):
    old, recent, waiting = enqueue(world), enqueue(world), enqueue(world)
    for job, at in ((old, NOW), (recent, NOW + timedelta(days=1))):
        with unit_of_work(world.session):
            jobs.cancel(world.session, job.id, actor="b", now=at)
    after = NOW + timedelta(days=90, hours=1)
    assert act(world, jobs.remove_old, now=after) == 1
    kept = jobs.listing(world.session, None, start=0, count=10)
    assert {job.id for job in kept} == {recent.id, waiting.id}


# What the table promises


IMPOSSIBLE: dict[str, dict[str, Any]] = {
    "state_known": {"state": "resting", "started_at": NOW},
    "running_has_worker": {"state": "running", "started_at": NOW},
    "started_unless_waiting": {"started_at": NOW},
    "ended_has_time": {"finished_at": NOW},
    "failed_has_fault": {"fault": "error"},
    "result_when_done": {"result": {"n": 1}},
    "cancelled_on_request": {"cancel_requested_at": NOW},
    "progress_within_total": {"progress_done": 2, "progress_total": 1},
    "counts_not_negative": {"attempt": -1},
    "requester_named": {"requested_by": ""},
}


def put(world, **row) -> None:
    with unit_of_work(world.session):
        world.session.add(Job(kind="themes", requested_at=NOW, **{"requested_by": "a", **row}))


def test_the_table_refuses_impossible_states(world, subtests):
    put(world)
    for name, changes in IMPOSSIBLE.items():
        with subtests.test(name), pytest.raises(IntegrityError, match=f"ck_job_{name}"):
            put(world, **changes)


def test_a_cancelled_job_without_a_request_is_refused(world):
    put(world, state="cancelled", finished_at=NOW, cancel_requested_at=NOW)
    with pytest.raises(IntegrityError, match="ck_job_cancelled_on_request"):
        put(world, state="cancelled", finished_at=NOW)


def test_every_promise_of_the_table_is_tried():
    promised = {
        str(constraint.name).removeprefix("ck_job_")
        for constraint in Job.__table__.constraints  # type: ignore[attr-defined]
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert promised == set(IMPOSSIBLE)
