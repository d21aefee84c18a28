"""Long work as people see it: asked for, watched, cancelled, tried again.

What a worker does with a job is in :mod:`consult.services.job_claims`.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import Job
from consult.models.job import CANCELLED, DONE, UNFINISHED, WAITING
from consult.services import audit

LARGEST_PARAMETERS = 10_000
"""Characters of a job's parameters as JSON. What is larger belongs into tables of its own."""

KEPT_FOR = timedelta(days=90)
"""How long an ended job can be looked at."""


class NoSuchJob(LookupError):
    """There is no job of that id."""


class JobIsDone(Exception):
    """It was done, so there is nothing to try again."""


class SameWorkIsWaiting(Exception):
    """Another job of the same key, which is the argument, has not ended."""


def enqueue(
    session: Session,
    kind: str,
    *,
    requested_by: str,
    now: datetime,
    parameters: Mapping[str, Any] | None = None,
    subject: str = "",
    key: str | None = None,
) -> Job:
    """Ask for a piece of work; where the same is waiting or running, that job is returned.

    Parameters
    ----------
    kind : str
        As the registry of kinds knows it.
    requested_by : str
        An account, ``machine`` or ``command line``.
    parameters : mapping, optional
        What the work needs to know: small, as JSON, and never words of a person.
    subject : str
        The consultation's name in addresses; empty for work on the whole service.
    key : str, optional
        Two jobs of one key are the same work.

    Raises
    ------
    ValueError
        If the parameters are larger than a job should carry.
    """
    given = dict(parameters or {})
    if len(json.dumps(given)) > LARGEST_PARAMETERS:
        raise ValueError("too much for a job's parameters: store it, and name where it lies")
    same = _unfinished(session, key)
    if same is not None:
        return same
    job = Job(
        kind=kind,
        parameters=given,
        subject=subject,
        key=key,
        requested_by=requested_by,
        requested_at=now,
    )
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        same = _unfinished(session, key)
        if same is None:
            raise
        return same  # somebody else asked for it in the same moment
    _note(session, job, "job asked for", actor=requested_by, now=now)
    return job


def cancel(session: Session, job_id: UUID, *, actor: str, now: datetime) -> Job:
    """End a job that waits; let the work of one that runs know that it shall stop.

    One that has ended stays as it is.

    Raises
    ------
    NoSuchJob
        If there is none of that id.
    """
    job = _locked(session, job_id)
    if job.state not in UNFINISHED or job.cancel_requested_at is not None:
        return job
    job.cancel_requested_at = now
    if job.state == WAITING:
        job.end(CANCELLED, now=now)
    _note(session, job, "job cancelled", actor=actor, now=now)
    return job


def retry(session: Session, job_id: UUID, *, actor: str, now: datetime) -> Job:
    """Let a job that failed or was cancelled wait for a worker again, from the beginning.

    One that is waiting or running already stays as it is.

    Raises
    ------
    NoSuchJob
        If there is none of that id.
    JobIsDone
        If it was done.
    SameWorkIsWaiting
        If the same work was asked for meanwhile, by another job that has not ended.
    """
    job = _locked(session, job_id)
    if job.state in UNFINISHED:
        return job
    if job.state == DONE:
        raise JobIsDone
    try:
        with session.begin_nested():
            job.wait_again()
            job.cancel_requested_at = job.finished_at = job.fault = None
            job.fault_detail = ""
            job.lost_count = job.put_off_count = 0
    except IntegrityError:
        same = _unfinished(session, job.key)
        if same is None:
            raise
        raise SameWorkIsWaiting(same) from None
    _note(session, job, "job tried again", actor=actor, now=now)
    return job


def get(session: Session, job_id: UUID) -> Job:
    """The job of that id, as it is now.

    Raises
    ------
    NoSuchJob
        If there is none.
    """
    job = session.get(Job, job_id, populate_existing=True)
    if job is None:
        raise NoSuchJob
    return job


def of_concern(*, subjects: Collection[str], account: str) -> ColumnElement[bool]:
    """Jobs about some consultations, and those on the whole service that an account asked for."""
    own = and_(Job.subject == "", Job.requested_by == account)
    return or_(and_(Job.subject != "", Job.subject.in_(subjects)), own)


def listing(
    session: Session, wanted: ColumnElement[bool] | None, *, start: int, count: int
) -> Sequence[Job]:
    """Some of the wanted jobs, or of all: the one asked for last first."""
    newest = select(Job).order_by(Job.requested_at.desc(), Job.id).offset(start).limit(count)
    return session.scalars(newest if wanted is None else newest.where(wanted)).all()


def percent(job: Job) -> int | None:
    """How much of a job is done, as far as anybody knows; 100 for nothing but a job done."""
    if job.state == DONE:
        return 100
    if job.progress_total == 0:
        return None
    return min(99, job.progress_done * 100 // job.progress_total)


def remove_old(session: Session, *, now: datetime) -> int:
    """Remove jobs that ended long ago, and say how many."""
    gone = session.scalars(
        delete(Job).where(Job.finished_at < now - KEPT_FOR).returning(Job.id),
        execution_options={"synchronize_session": False},
    )
    return len(gone.all())


def _unfinished(session: Session, key: str | None) -> Job | None:
    if key is None:
        return None
    found = select(Job).where(Job.key == key, Job.state.in_(UNFINISHED))
    return session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def _locked(session: Session, job_id: UUID) -> Job:
    """A job as it is now, held until the unit of work ends.

    ``FOR NO KEY UPDATE``: it does not wait for a worker that is storing what it has found.
    """
    job = session.get(Job, job_id, with_for_update={"key_share": True}, populate_existing=True)
    if job is None:
        raise NoSuchJob
    return job


def _note(session: Session, job: Job, action: str, *, actor: str, now: datetime) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=job.subject or job.kind,
        now=now,
        kind=job.kind,
        job=str(job.id),
    )
