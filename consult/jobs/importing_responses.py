"""Reading files of responses that take longer than a page, and bringing them in."""

from uuid import UUID

from sqlalchemy.orm import Session

from consult.jobs.context import Context, WorkFailed
from consult.jobs.registry import Registry, Step
from consult.response_files.faults import ResponseFileError
from consult.services.intake import checking, holding, storing
from consult.services.intake.storing import Source, Tally
from consult.telling.marking import N_

KIND = holding.JOB_KIND

_CHECKING, _STORING = "checking", "storing"

STAGES = {
    _CHECKING: N_("Reading the file, to say what it would bring"),
    _STORING: N_("Bringing responses in"),
}
FAULTS = {
    "gone": N_("The file was put away meanwhile, so nothing was brought in."),
    "unreadable": N_(
        "The file could not be read to its end. Responses that stand before that place may have "
        "been brought in: the page of the file says how many, and can take them out again."
    ),
}
FIGURES = {
    "rows": N_("Rows in the file"),
    "new": N_("New responses"),
    "there": N_("Responses that were there already"),
    "left_out": N_("Rows left out"),
}


def register(kinds: Registry) -> None:
    """Add the work on files of responses to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Responses from a file")
    kinds.kind(KIND, label=label, stages=STAGES, faults=FAULTS, figures=FIGURES)(work)


def key_of(slug: str) -> str:
    """One file of a consultation at a time: another would not see what this one brings."""
    return f"{KIND}:{slug}"


def work(context: Context) -> Step:
    """Check a file, or bring it in: rows that are held already are passed over.

    So an attempt that begins anew after its worker was lost stores nothing twice.
    """
    source = _source(context)
    try:
        if context.parameters.get("do") == "check":
            return _check(context, source)
        return _bring_in(context, source)
    except ResponseFileError as error:
        raise WorkFailed("unreadable", error.code.value) from error


def _source(context: Context) -> Source:
    with context.reading() as session:
        try:
            return storing.source_of(session, UUID(str(context.parameters["import"])))
        except (holding.NoSuchImport, holding.AlreadyApplied, storing.NotMapped) as error:
            raise WorkFailed("gone") from error
        except ResponseFileError as error:
            raise WorkFailed("unreadable", error.code.value) from error


def _check(context: Context, source: Source) -> Step:
    with context.reading() as session:
        tally = checking.check(
            session,
            source,
            secret_key=context.settings.secret_key,
            now=context.now(),
            progress=lambda rows: context.progress(rows, source.rows, _CHECKING),
        )

    def keep(session: Session) -> dict[str, int]:
        checking.keep(session, source, tally)
        return _figures(tally)

    return keep


def _bring_in(context: Context, source: Source) -> Step:
    tally = Tally()
    secret_key, now = context.settings.secret_key, context.now()
    for batch in storing.batches(source, tally, secret_key=secret_key, now=now):
        context.progress(tally.rows, source.rows, _STORING)
        with context.writing() as session:
            storing.store(session, source, batch, tally, now=context.now())
    by = context.claim.requested_by
    return lambda session: storing.finish(session, source, tally, actor=by, now=context.now())


def _figures(tally: Tally) -> dict[str, int]:
    return {
        "rows": tally.rows,
        "new": tally.new,
        "there": tally.there,
        "left_out": tally.left_out,
    }
