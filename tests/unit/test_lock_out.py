"""Waiting after failures: how long, for whom, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.db import make_engine, unit_of_work
from consult.models import SignInFailure
from consult.services import lock_out

NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
ANNA, BEN = "a" * 64, "b" * 64


@pytest.fixture
def session(migrated_database_url):
    engine = make_engine(migrated_database_url)
    with Session(engine) as session:
        yield session
    engine.dispose()


def fail(session, hashed, *, times=1, now=NOON):
    until = None
    for _ in range(times):
        with unit_of_work(session):
            until = lock_out.count_failure(session, hashed, now=now)
    return until


def test_five_failures_are_free(session):
    assert fail(session, ANNA, times=4) is None
    lock_out.check(session, ANNA, now=NOON)


def test_then_each_wait_is_twice_as_long_and_half_an_hour_at_most(session):
    fail(session, ANNA, times=4)
    now, waits = NOON, []
    for _ in range(12):
        until = fail(session, ANNA, now=now)
        waits.append(int((until - now).total_seconds() / 60))
        with pytest.raises(lock_out.MustWait) as caught:
            lock_out.check(session, ANNA, now=until - timedelta(seconds=1))
        assert (caught.value.until, caught.value.everywhere) == (until, False)
        lock_out.check(session, ANNA, now=until)
        now = until
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30]


def test_others_do_not_wait(session):
    fail(session, ANNA, times=5)
    lock_out.check(session, BEN, now=NOON)


def test_an_hour_without_a_failure_is_forgotten(session):
    fail(session, ANNA, times=12)
    later = NOON + timedelta(hours=1)
    lock_out.check(session, ANNA, now=later)
    assert fail(session, ANNA, times=4, now=later) is None


def test_failures_on_both_sides_of_a_full_hour_count_together(session):
    before = NOON - timedelta(minutes=1)
    fail(session, ANNA, times=3, now=before)
    assert fail(session, ANNA, now=NOON) is None
    assert fail(session, ANNA, now=NOON) == NOON + timedelta(minutes=1)


def test_success_starts_afresh(session):
    fail(session, ANNA, times=7)
    fail(session, BEN, times=7)
    with unit_of_work(session):
        lock_out.forget(session, ANNA)
    lock_out.check(session, ANNA, now=NOON)
    with pytest.raises(lock_out.MustWait):
        lock_out.check(session, BEN, now=NOON)


def test_so_many_failures_of_all_names_stop_everybody_until_the_hour_is_over(session):
    now = NOON + timedelta(minutes=20)
    with unit_of_work(session):
        for number in range(lock_out.FAILURES_PER_HOUR - 1):
            lock_out.count_failure(session, f"{number:064d}", now=now)
    lock_out.check(session, ANNA, now=now)
    fail(session, BEN, now=now)
    with pytest.raises(lock_out.MustWait) as caught:
        lock_out.check(session, ANNA, now=now)
    assert (caught.value.until, caught.value.everywhere) == (NOON + timedelta(hours=1), True)
    lock_out.check(session, ANNA, now=NOON + timedelta(hours=1))


def test_old_rows_are_removed_and_no_others(session):
    fail(session, ANNA, now=NOON - timedelta(hours=24))
    fail(session, BEN, now=NOON - timedelta(hours=23))
    with unit_of_work(session):
        assert lock_out.remove_old(session, now=NOON) == 1
    assert session.scalars(select(SignInFailure.name_hash)).all() == [BEN]
    assert session.scalar(select(func.count(SignInFailure.name_hash))) == 1


def test_a_name_is_kept_as_a_keyed_hash_whatever_its_case():
    kept = lock_out.name_hash("secret one", " Anna@Example.ORG ")
    assert kept == lock_out.name_hash("secret one", "anna@example.org")
    assert kept != lock_out.name_hash("secret two", "anna@example.org")
    assert kept != lock_out.name_hash("secret one", "anna@example.com")
    assert len(kept) == 64
    assert lock_out.name_hash("s", "ÅSA@example.org") == lock_out.name_hash("s", "åsa@example.org")
    assert lock_out.name_hash("s", "\ud800")
