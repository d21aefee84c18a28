"""Counting a large consultation anew, so that the page that watches it stays quick."""

from datetime import datetime

from sqlalchemy.orm import Session

from consult.jobs.context import Context, WorkFailed
from consult.jobs.registry import Registry, Step
from consult.models import Job
from consult.services import audit, consultations, jobs
from consult.services.watching import snapshots
from consult.telling.marking import N_

KIND = "watch"

_COUNTING = "counting"

STAGES = {_COUNTING: N_("Counting responses, and comparing them with residents")}
FAULTS = {
    "gone": N_("The consultation is not there any more, so there is nothing to count."),
}
FIGURES = {"responses": N_("Responses counted")}


def register(kinds: Registry) -> None:
    """Add this to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Working out the figures of a consultation")
    kinds.kind(KIND, label=label, stages=STAGES, faults=FAULTS, figures=FIGURES)(count)


def ask(session: Session, slug: str, *, now: datetime) -> Job:
    """Ask for figures of now, unless they are being worked out."""
    return jobs.enqueue(
        session, KIND, requested_by=audit.MACHINE, now=now, subject=slug, key=f"{KIND}:{slug}"
    )


def count(context: Context) -> Step:
    """Count everything as it is now, and keep it."""
    context.progress(0, 1, _COUNTING)
    with context.reading() as session:
        stored = consultations.find(session, context.subject)
        if stored is None:
            raise WorkFailed("gone")
        document = consultations.document_of(session, stored)
        found = snapshots.make(session, stored, document, now=context.now())
        counted_id = stored.id

    def store(session: Session) -> dict[str, int]:
        kept = consultations.find(session, context.subject)
        if kept is None or kept.id != counted_id:
            raise WorkFailed("gone")
        snapshots.keep_all(session, kept, found)
        return {"responses": found.arrivals.responses}

    return store
