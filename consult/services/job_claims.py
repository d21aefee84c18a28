"""A worker's side of long work: taken by one at a time, ended once.

A worker holds a job by a :class:`Claim`. Everything that it writes about the job asks for the
claim again, in the same unit of work: who was taken for dead and lost the job to somebody else
can neither report progress nor store results.

On PostgreSQL a worker that writes holds its job's row with ``FOR KEY SHARE``: that keeps the
job from being taken up by others until the unit of work ends, and lets heartbeats and a request
to cancel pass meanwhile. On SQLite only one writes at a time anyway.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, or_, select, update
from sqlalchemy.orm import Session

from consult.models import Job
from consult.models.job import CANCELLED, DONE, FAILED, RUNNING, WAITING

MOST_LOSSES = 3
"""A job whose worker was lost so often is not tried again by itself: it may be the reason."""

BACK_OFF = (timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))
"""How long a job waits after the database was out of reach, the first time, the second ..."""

LONGEST_DETAIL = 300

STOPPED_WORKER = "stopped_worker"
DATABASE = "database"


class JobLost(Exception):
    """Another worker has the job now, or it has ended."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on one job, and what the job is about."""

    job_id: UUID
    worker: str
    attempt: int
    kind: str
    parameters: Mapping[str, Any]
    subject: str
    requested_by: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. The total is nought while nobody knows it."""

    done: int = 0
    total: int = 0
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Running:
    """A running job as somebody else sees it."""

    job_id: UUID
    worker: str
    attempt: int
    heartbeat_at: datetime


def claim(session: Session, worker: str, *, kinds: Collection[str], now: datetime) -> Claim | None:
    """Take the next job that waits, of the kinds that this worker knows; or nothing.

    Jobs whose worker was lost come after the others, so that one which stops every worker
    holds nobody else up.
    """
    # A time further ahead than we ever put off comes from a clock that was set back since.
    due = or_(Job.not_before.is_(None), Job.not_before <= now, Job.not_before > now + max(BACK_OFF))
    first = (
        select(Job.id)
        .where(Job.state == WAITING, Job.kind.in_(kinds), due)
        .order_by(Job.lost_count, Job.requested_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = session.execute(
        update(Job)
        .where(Job.id == first, Job.state == WAITING)
        .values(
            state=RUNNING,
            worker=worker,
            attempt=Job.attempt + 1,
            heartbeat_at=now,
            started_at=now,
            not_before=None,
            progress_done=0,
            progress_total=0,
            progress_stage="",
        )
        .returning(
            Job.id, Job.worker, Job.attempt, Job.kind, Job.parameters, Job.subject, Job.requested_by
        ),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    return None if taken is None else Claim(*taken)


def is_anything_waiting(session: Session, *, kinds: Collection[str]) -> bool:
    """Whether it is worth trying to claim a job: looking takes no turn to write."""
    waiting = select(Job.id).where(Job.state == WAITING, Job.kind.in_(kinds)).limit(1)
    return session.scalar(waiting) is not None


def beat(session: Session, held: Claim, progress: Progress, *, now: datetime) -> bool:
    """Say that the worker lives and how far it is; hear whether it shall stop.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    row = session.execute(
        update(Job)
        .where(*_held(held))
        .values(
            heartbeat_at=now,
            progress_done=progress.done,
            progress_total=progress.total,
            progress_stage=progress.stage,
        )
        .returning(Job.cancel_requested_at),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    return _shall_stop(row)


def look(session: Session, held: Claim) -> bool:
    """Whether the job shall stop; read only.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    return _shall_stop(
        session.execute(select(Job.cancel_requested_at).where(*_held(held))).one_or_none()
    )


def hold(session: Session, held: Claim) -> bool:
    """Keep the job from being taken up by others until the unit of work ends.

    Returns
    -------
    bool
        Whether somebody wants the job to stop.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    row = session.execute(
        select(Job.cancel_requested_at)
        .where(*_held(held))
        .with_for_update(read=True, key_share=True)
    ).one_or_none()
    return _shall_stop(row)


def finish(
    session: Session, held: Claim, result: Mapping[str, Any] | None, *, now: datetime
) -> None:
    """Mark a job done, in the unit of work that stores what it has found.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    job = _own(session, held)
    job.result = None if result is None else dict(result)
    job.progress_total = job.progress_total or 1
    job.progress_done = job.progress_total
    job.progress_stage = ""
    job.end(DONE, now=now)
    session.flush()


def fail(
    session: Session,
    held: Claim,
    fault: str,
    detail: str = "",
    *,
    progress: Progress,
    now: datetime,
) -> None:
    """Mark a job failed; how far it came stays to be seen.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    job = _own(session, held)
    _keep_progress(job, progress)
    _fail(job, fault, detail, now=now)
    session.flush()


def stop(session: Session, held: Claim, *, progress: Progress, now: datetime) -> None:
    """Mark a job cancelled whose work has stopped on request.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    job = _own(session, held)
    _keep_progress(job, progress)
    job.end(CANCELLED, now=now)
    session.flush()


def hand_back(session: Session, held: Claim, *, now: datetime) -> str:
    """Give a job back that a worker cannot go on with because it is told to end.

    Returns
    -------
    str
        The job's state now: it waits, or has ended where somebody wanted it cancelled.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    job = _own(session, held)
    _wait_or_end(job, now=now)
    session.flush()
    return job.state


def put_off(session: Session, held: Claim, detail: str = "", *, now: datetime) -> str:
    """Let a job wait for a while because the database was out of reach; at last it fails.

    Returns
    -------
    str
        The job's state now.

    Raises
    ------
    JobLost
        If the worker holds the job no longer.
    """
    job = _own(session, held)
    if job.put_off_count >= len(BACK_OFF) and job.cancel_requested_at is None:
        _fail(job, DATABASE, detail, now=now)
    else:
        _wait_or_end(job, now=now)
        if job.state == WAITING:
            job.not_before = now + BACK_OFF[job.put_off_count]
            job.put_off_count += 1
    session.flush()
    return job.state


def running(session: Session) -> list[Running]:
    """All jobs that run, whoever runs them."""
    found = select(Job.id, Job.worker, Job.attempt, Job.heartbeat_at).where(Job.state == RUNNING)
    return [
        Running(job_id, worker, attempt, heartbeat_at)
        for job_id, worker, attempt, heartbeat_at in session.execute(found)
        if worker is not None and heartbeat_at is not None
    ]


def take_up(session: Session, seen: Running, *, now: datetime) -> str | None:
    """Free a job from a worker that is lost: it waits again, or fails if that happened often.

    Nothing happens if the job has moved since it was seen, or its worker is writing just now.

    Returns
    -------
    str or None
        The job's state now; none if nothing happened.
    """
    job = session.scalars(
        select(Job)
        .where(
            Job.id == seen.job_id,
            Job.worker == seen.worker,
            Job.attempt == seen.attempt,
            Job.heartbeat_at == seen.heartbeat_at,
            Job.state == RUNNING,
        )
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if job is None:
        return None
    job.lost_count += 1
    if job.lost_count >= MOST_LOSSES and job.cancel_requested_at is None:
        _fail(job, STOPPED_WORKER, "", now=now)
    else:
        _wait_or_end(job, now=now)
    session.flush()
    return job.state


def _held(held: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        Job.id == held.job_id,
        Job.worker == held.worker,
        Job.attempt == held.attempt,
        Job.state == RUNNING,
    )


def _own(session: Session, held: Claim) -> Job:
    job = session.scalars(
        select(Job)
        .where(*_held(held))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if job is None:
        raise JobLost
    return job


def _shall_stop(row: Row[datetime | None] | None) -> bool:
    if row is None:
        raise JobLost
    return row[0] is not None


def _keep_progress(job: Job, progress: Progress) -> None:
    job.progress_done = progress.done
    job.progress_total = progress.total
    job.progress_stage = progress.stage


def _wait_or_end(job: Job, *, now: datetime) -> None:
    if job.cancel_requested_at is not None:
        job.end(CANCELLED, now=now)
    else:
        job.wait_again()


def _fail(job: Job, fault: str, detail: str, *, now: datetime) -> None:
    job.fault = fault
    job.fault_detail = detail[:LONGEST_DETAIL]
    job.end(FAILED, now=now)
