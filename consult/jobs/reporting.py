"""Making a version of a report: its figures are worked out beside the pages, then frozen."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.suppression.protecting import CannotProtect
from consult.db import stand_still
from consult.jobs.context import Context, WorkFailed
from consult.jobs.registry import Registry, Step
from consult.models import Job
from consult.models.job import WAITING
from consult.reports.data import Audience
from consult.services import consultations, jobs
from consult.services.reporting import versions
from consult.services.reporting.gathering import gather
from consult.services.reporting.versions import DataRemoved, Outrun
from consult.telling.marking import N_

KIND = "report"

_READING = "reading"

STAGES = {
    _READING: N_("Working the figures out"),
}
FAULTS = {
    "gone": N_("The consultation is not there any more, so there is nothing to report."),
    "removed": N_(
        "The answers were removed on the day that was promised, so no new version can be made. "
        "Versions that were published are still there."
    ),
    "outrun": N_(
        "Another version was made while this one’s figures were worked out, and the two might "
        "give away together what neither may say. Try again: the figures are then worked out "
        "anew."
    ),
    "cannot_protect": N_(
        "There are so few answers that no public figures can be made of them without giving "
        "people away. Wait for more answers, or make an internal version."
    ),
}
FIGURES = {
    # Translators: beside the number of a version of a report, as in "version 3"
    "version": N_("Number of the version"),
}


def key_of(slug: str, audience: Audience) -> str:
    """What two jobs have in common that would make the same version of a report."""
    return f"{KIND}:{slug}:{audience.value}"


def ask(
    session: Session,
    slug: str,
    audience: Audience,
    *,
    note: str = "",
    actor: str,
    now: datetime,
) -> Job:
    """Ask for a version; where one of the same report is being made, that job.

    While that job waits it takes the newer note.
    """
    wishes = {"audience": audience.value, "note": note}
    job = jobs.enqueue(
        session,
        KIND,
        requested_by=actor,
        now=now,
        parameters=wishes,
        subject=slug,
        key=key_of(slug, audience),
    )
    if note and job.state == WAITING:
        job.parameters = wishes
    return job


def register(kinds: Registry) -> None:
    """Add the making of reports to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Making a version of the report")
    kinds.kind(KIND, label=label, stages=STAGES, faults=FAULTS, figures=FIGURES)(make)


def make(context: Context) -> Step:
    """Work the figures out; they are frozen only if no other version came in between."""
    audience = Audience(str(context.parameters["audience"]))
    with context.reading() as session:
        stand_still(session)
        stored = consultations.find(session, context.subject)
        if stored is None or not versions.is_reportable(session, stored):
            raise WorkFailed("gone")
        if stored.data_removed_at is not None:
            raise WorkFailed("removed")
        earlier = versions.earlier(session, stored)
        context.progress(0, 0, _READING)
        try:
            gathered = gather(
                session,
                stored,
                audience=audience,
                now=context.now(),
                earlier=earlier,
                progress=lambda done, total: context.progress(done, total, _READING),
            )
        except CannotProtect as error:
            raise WorkFailed("cannot_protect") from error

    def store(session: Session) -> Mapping[str, int]:
        at_hand = consultations.find(session, context.subject)
        if at_hand is None:
            raise WorkFailed("gone")
        try:
            version = versions.make(
                session,
                at_hand,
                gathered,
                actor=context.claim.requested_by,
                now=context.now(),
                note=str(context.parameters.get("note", "")),
                releases=len(earlier),
            )
        except DataRemoved as error:
            raise WorkFailed("removed") from error
        except Outrun as error:
            raise WorkFailed("outrun") from error
        return {"version": version.number}

    return store
