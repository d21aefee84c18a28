"""Long work: the list, one job with its progress, cancelling it and trying it again."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from flask import abort, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.jobs import housekeeping
from consult.models import Job
from consult.models.job import CANCELLED, FAILED, UNFINISHED
from consult.services import access
from consult.services import jobs as queue
from consult.views.staff import job_words
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, now, page

PAGE_LENGTH = 25


@dataclass(frozen=True, slots=True)
class Reach:
    """Whose jobs the person at hand may see, and which they may cancel and try again."""

    everything: bool
    titles: Mapping[str, str]
    """Consultations whose jobs may be seen: their titles by their names in addresses."""
    edited: frozenset[str]
    """Those of them that the person may change."""

    def sees(self, job: Job) -> bool:
        """Whether the person may look at a job."""
        if self.everything or job.subject in self.titles:
            return True
        return job.subject == "" and job.requested_by == actor()

    def may_act_on(self, job: Job) -> bool:
        """Whether the person may cancel a job that they see, or try it again."""
        return self.everything or job.subject in self.edited or job.requested_by == actor()


@for_staff("/jobs")
def jobs() -> ResponseReturnValue:
    """The jobs that concern the person, the newest first."""
    reach = _reach()
    number = max(1, request.args.get("page", 1, type=int))
    wanted = None if reach.everything else queue.of_concern(subjects=reach.titles, account=actor())
    found = queue.listing(
        db.session, wanted, start=(number - 1) * PAGE_LENGTH, count=PAGE_LENGTH + 1
    )
    return render_template(
        "staff/jobs.html",
        page_title=gettext("Jobs"),
        jobs=found[:PAGE_LENGTH],
        words=job_words,
        titles=reach.titles,
        number=number,
        has_more=len(found) > PAGE_LENGTH,
        is_admin=reach.everything,
    )


@for_staff("/jobs/<uuid:job_id>")
def job(job_id: UUID) -> ResponseReturnValue:
    """One job: how far it is, or how it ended."""
    return _job_page(*_find(job_id))


@for_staff("/jobs/<uuid:job_id>/progress")
def job_progress(job_id: UUID) -> ResponseReturnValue:
    """How far a job is, for the script on its page."""
    found, _reach_of_person = _find(job_id)
    return jsonify(
        state=found.state,
        percent=queue.percent(found),
        doing=job_words.doing(found),
        share=job_words.share(found),
    )


@for_staff("/jobs/<uuid:job_id>/cancel", methods=["POST"])
def cancel_job(job_id: UUID) -> ResponseReturnValue:
    """Cancel a job; one that has ended stays as it is."""
    _find_to_act_on(job_id)
    with unit_of_work(db.session):
        queue.cancel(db.session, job_id, actor=actor(), now=now())
    return redirect(page("job", job_id=job_id), 303)


@for_staff("/jobs/<uuid:job_id>/retry", methods=["POST"])
def retry_job(job_id: UUID) -> ResponseReturnValue:
    """Try a job again that failed or was cancelled."""
    _find_to_act_on(job_id)
    try:
        with unit_of_work(db.session):
            queue.retry(db.session, job_id, actor=actor(), now=now())
    except queue.SameWorkIsWaiting as same:
        return _job_page(*_find(job_id), same=same.args[0].id), 409
    except queue.JobIsDone:
        pass  # its page says so
    return redirect(page("job", job_id=job_id), 303)


@for_staff("/jobs/housekeeping", roles=(access.ADMIN,), methods=["POST"])
def start_housekeeping() -> ResponseReturnValue:
    """Remove what has expired now, and not only at the next round."""
    with unit_of_work(db.session):
        asked = queue.enqueue(
            db.session,
            housekeeping.NAME,
            requested_by=actor(),
            key=housekeeping.NAME,
            now=now(),
        )
        job_id = asked.id
    return redirect(page("job", job_id=job_id), 303)


def _job_page(found: Job, reach: Reach, same: UUID | None = None) -> str:
    may_act = reach.may_act_on(found)
    return render_template(
        "staff/job.html",
        page_title=job_words.label(found),
        errors=[] if same is None else [(None, _same_words())],
        job=found,
        same=same,
        words=job_words,
        percent=queue.percent(found),
        is_unfinished=found.state in UNFINISHED,
        consultation_of_job=reach.titles.get(found.subject, found.subject),
        may_cancel=may_act and found.state in UNFINISHED and found.cancel_requested_at is None,
        may_retry=may_act and found.state in {FAILED, CANCELLED},
    )


def _same_words() -> str:
    return gettext(
        "The same work was asked for again meanwhile, by another job that has not ended. Look "
        "at that job instead."
    )


def _find(job_id: UUID) -> tuple[Job, Reach]:
    """A job that the person may see; to others its page does not exist."""
    reach = _reach()
    try:
        found = queue.get(db.session, job_id)
    except queue.NoSuchJob:
        abort(404)
    if not reach.sees(found):
        abort(404)
    return found, reach


def _find_to_act_on(job_id: UUID) -> None:
    found, reach = _find(job_id)
    if not reach.may_act_on(found):
        abort(403)


def _reach() -> Reach:
    person = account()
    titles, edited = {}, set()
    for each in access.visible_workspaces(db.session, person):
        held = access.roles_in(person, each.id)
        if access.allows(held, access.ANALYSTS):
            titles[each.slug] = str(each.content.get("title") or each.slug)
        if access.allows(held, access.EDITORS):
            edited.add(each.slug)
    everything = access.ADMIN in access.roles_everywhere(person)
    return Reach(everything, titles, frozenset(edited))
