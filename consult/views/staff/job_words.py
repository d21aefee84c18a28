"""What pages say of jobs: their states, their stages, and what went wrong."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal, format_percent, gettext

from consult.jobs.kinds import KINDS
from consult.jobs.registry import Kind
from consult.models import Job
from consult.models.job import CANCELLED, DONE, FAILED, RUNNING, UNFINISHED, WAITING
from consult.services import job_claims
from consult.services.jobs import percent

COLOURS: Mapping[str, str] = {
    WAITING: "grey",
    RUNNING: "blue",
    DONE: "green",
    FAILED: "red",
    CANCELLED: "yellow",
}


def label(job: Job) -> str:
    """What kind of work it is."""
    kind = KINDS.get(job.kind)
    return job.kind if kind is None else gettext(kind.label)


def state_words(job: Job) -> str:
    """The state, for a tag."""
    match job.state:
        case "waiting":
            # Translators: state of a piece of work whose turn has not come
            return gettext("Waiting")
        case "running":
            # Translators: state of a piece of work that is being done
            return gettext("Running")
        case "done":
            # Translators: state of a piece of work that was brought to its end
            return gettext("Done")
        case "failed":
            # Translators: state of a piece of work that came to no good end
            return gettext("Failed")
        case _:
            # Translators: state of a piece of work that somebody stopped
            return gettext("Cancelled")


def doing(job: Job) -> str:
    """What happens to the job just now, or how it ended, in one sentence."""
    if job.state == WAITING:
        return _waiting(job)
    if job.state == RUNNING and job.cancel_requested_at is not None:
        return gettext("It was cancelled, and stops as soon as it safely can.")
    if job.state == RUNNING:
        words = _kind_words(job, "stages").get(job.progress_stage)
        return gettext("The work is being done.") if words is None else gettext(words)
    if job.state == DONE:
        return gettext("The work is done.")
    if job.state == CANCELLED:
        return gettext(
            "The work was cancelled. What it had stored before stays; the rest was not done."
        )
    return gettext("The work failed.")


def _waiting(job: Job) -> str:
    if job.put_off_count:
        return gettext("It waits to begin again, because our records could not be reached.")
    if job.lost_count:
        return gettext("It waits to begin again, because the machine stopped in the middle of it.")
    return gettext("It waits for its turn, and begins by itself.")


def share(job: Job) -> str:
    """How much is done, as far as anybody knows."""
    known = percent(job)
    if job.state not in UNFINISHED or known is None:
        return ""
    # Translators: how far a piece of work is, such as: 45% done
    return gettext("%(percent)s done", percent=format_percent(known / 100))


def fault(job: Job) -> str:
    """What went wrong, and what to do."""
    words = _kind_words(job, "faults").get(job.fault or "")
    if words is not None:
        return gettext(words)
    match job.fault:
        case job_claims.DATABASE:
            return gettext(
                "Our records could not be reached, several times one after another. Wait for "
                "some minutes, then try again."
            )
        case job_claims.STOPPED_WORKER:
            return gettext(
                "The machine stopped in the middle of this work three times. Perhaps the work "
                "needs more memory than the machine has. Ask the people who run this service "
                "to look at it before you try again."
            )
        case _:
            return gettext(
                "Something went wrong in our program; it is not your fault. Try again. If it "
                "fails once more, ask the people who run this service, and give them what "
                "stands below under “For the people who help”."
            )


def figures(job: Job) -> list[tuple[str, str]]:
    """What the work has found, in figures with their names."""
    found: Mapping[str, Any] = job.result or {}
    return [
        (gettext(words), format_decimal(found[key]))
        for key, words in _kind_words(job, "figures").items()
        if key in found
    ]


def _kind_words(job: Job, which: str) -> Mapping[str, str]:
    kind: Kind | None = KINDS.get(job.kind)
    words: Mapping[str, str] = {} if kind is None else getattr(kind, which)
    return words
