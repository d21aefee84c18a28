"""One file: what it would bring, bringing it in, what it brought, and taking it out again."""

from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.jobs import importing_responses
from consult.models import Job, ResponseImport
from consult.models.job import FAILED, UNFINISHED
from consult.response_files.platforms import Platform
from consult.response_files.tables import letters
from consult.services import access, jobs
from consult.services.intake import holding, storing, undoing
from consult.services.intake.turning import LEFT_OUT, Problem, Reason
from consult.views.staff import job_words
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page
from consult.views.staff.intake import words
from consult.views.staff.intake.at_hand import file_at_hand
from consult.views.staff.intake.uploading import Errors


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One thing that the report lists."""

    place: str
    sentence: str
    value: str


@for_staff("/consultations/<slug>/responses/import/<uuid:import_id>", roles=access.ANALYSTS)
def one_import(import_id: UUID) -> ResponseReturnValue:
    """Where a file stands: being read, waiting for somebody's word, brought in or taken out."""
    return _file_page(import_id)


@for_staff(
    "/consultations/<slug>/responses/import/<uuid:import_id>/bring-in",
    roles=access.EDITORS,
    methods=("POST",),
)
def bring_in_responses(import_id: UUID) -> ResponseReturnValue:
    """Ask for the file to be brought in, as a job."""
    place, held = file_at_hand(import_id)
    if held.applied_at is not None:
        flash(gettext("This file was brought in already. Nothing was brought in twice."))
        return redirect(page("one_import", import_id=import_id), 303)
    if held.report is None:
        return redirect(page("import_values", import_id=import_id), 303)
    with unit_of_work(db.session):
        asked = jobs.enqueue(
            db.session,
            importing_responses.KIND,
            requested_by=actor(),
            now=now(),
            parameters={"import": str(import_id), "do": "bring_in"},
            subject=place.slug,
            key=importing_responses.key_of(place.slug),
        )
        is_ours = (asked.parameters.get("import"), asked.parameters.get("do")) == (
            str(import_id),
            "bring_in",
        )
    if not is_ours:
        sentence = gettext("Another file is being read just now. Try again when that is done.")
        return _file_page(import_id, [(None, sentence)]), 409
    return redirect(page("one_import", import_id=import_id), 303)


@for_staff("/consultations/<slug>/responses/import/<uuid:import_id>/undo", roles=access.EDITORS)
def confirm_undoing_import(import_id: UUID) -> ResponseReturnValue:
    """How many responses would go, and what goes with them."""
    place, held = file_at_hand(import_id)
    try:
        undoing.require_undoable(db.session, place, held)
    except (undoing.NotUndoable, undoing.DataRemoved, undoing.WorkIsRunning) as error:
        return _file_page(import_id, [(None, _refusal(error))]), 409
    return render_template(
        "staff/intake/undo.html",
        page_title=gettext("Take these responses out?"),
        held=held,
        lost=undoing.consequences(db.session, held),
    )


@for_staff(
    "/consultations/<slug>/responses/import/<uuid:import_id>/undo",
    roles=access.EDITORS,
    methods=("POST",),
)
def undo_import(import_id: UUID) -> ResponseReturnValue:
    """Take every response of a file out."""
    place, _held = file_at_hand(import_id)
    try:
        with unit_of_work(db.session):
            count = undoing.undo(db.session, place, import_id, actor=actor(), now=now())
    except (undoing.NotUndoable, undoing.DataRemoved, undoing.WorkIsRunning) as error:
        return _file_page(import_id, [(None, _refusal(error))]), 409
    flash(ngettext("%(num)s response is taken out.", "%(num)s responses are taken out.", count))
    return redirect(page("one_import", import_id=import_id), 303)


def _refusal(error: Exception) -> str:
    if isinstance(error, undoing.DataRemoved):
        return gettext(
            "The deletion date has passed, and which responses came from this file is not known "
            "any more. They cannot be taken out one file at a time."
        )
    if isinstance(error, undoing.WorkIsRunning):
        return gettext(
            "A job is reading or writing responses of this consultation just now. Wait until it "
            "has ended, or cancel it, then take them out."
        )
    return gettext("Nothing of this file is here, so there is nothing to take out.")


def _file_page(import_id: UUID, errors: Errors | None = None) -> str:
    place, held = file_at_hand(import_id)
    job = holding.last_job(db.session, place, held)
    running = job if job is not None and job.state in UNFINISHED else None
    names = _names(held)
    report = held.report or {}
    problems = [
        _line(Problem(**{**each, "reason": Reason(each["reason"])}), names)
        for each in report.get("problems", [])
    ]
    counts = storing.counts_of(report) if report else {}
    return render_template(
        "staff/intake/file.html",
        page_title=_title(held, running),
        errors=errors or [],
        held=held,
        platform=words.platform_sentence(Platform(held.shape["platform"])),
        report=report,
        counts=[(words.reason_sentence(each), each in LEFT_OUT, counts[each]) for each in counts],
        problems=problems,
        more=sum(counts.values()) - len(problems),
        brought_in=holding.brought_in(db.session, held),
        same=holding.same_file(db.session, held) if held.applied_at is None else None,
        job=running,
        failed=job if _has_failed(job, held) else None,
        words=job_words,
        percent=jobs.percent(running) if running else None,
        may_edit=may(*access.EDITORS),
    )


def _has_failed(job: Job | None, held: ResponseImport) -> bool:
    return job is not None and job.state == FAILED and held.applied_at is None


def _title(held: ResponseImport, running: Job | None) -> str:
    if held.undone_at is not None:
        return gettext("Taken out again")
    if held.applied_at is not None:
        return gettext("Responses brought in")
    if running is not None:
        return gettext("The file is being read")
    if held.report is not None:
        return gettext("What the file would bring")
    return gettext("A file of responses")


def _names(held: ResponseImport) -> dict[int, str]:
    """What to call the columns: their letters, and their headings shortened."""
    found = {}
    for column in held.shape["columns"]:
        heading = ": ".join(text for text in (column["heading"], column["part"]) if text)
        short = heading if len(heading) <= 60 else f"{heading[:59]}…"
        name = letters(column["position"])
        found[column["position"]] = f"{name} ({short})" if short else name
    return found


def _line(problem: Problem, names: dict[int, str]) -> ProblemLine:
    sentence = words.reason_sentence(problem.reason)
    if problem.other is not None:
        sentence = gettext("%(sentence)s (row %(row)s)", sentence=sentence, row=problem.other)
    return ProblemLine(words.problem_place(problem, names), sentence, problem.value)
