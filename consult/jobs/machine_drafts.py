"""Drafting translations by machine, a request's worth of texts at a time."""

from collections.abc import Iterator

from consult.jobs.context import Context, WorkFailed
from consult.jobs.registry import Registry, Step
from consult.machine_translation import MachineError, MachineFault, Service, batches, drafted
from consult.models import Workspace
from consult.services import translating, translating_drafts, workspaces
from consult.services.translating import Line
from consult.services.translating_drafts import Draft
from consult.telling.marking import N_

KIND = "machine-translation"

ASKING, DRAFTING = "asking", "drafting"
"""Stages of the work."""

STAGES = {
    ASKING: N_("Asking the translation service which languages it knows"),
    DRAFTING: N_("Drafting translations"),
}
FAULTS = {
    "gone": N_("The consultation is not there any more, so there is nothing to translate."),
    "switched_off": N_(
        "No translation service is set up here. The person who runs this installation can set "
        "one up; until then, send the texts to a translator as a file."
    ),
    MachineFault.UNREACHABLE: N_(
        "The translation service could not be reached. Drafts made before that are kept. Ask "
        "the person who runs it whether it is switched on, then try again."
    ),
    MachineFault.TIMED_OUT: N_(
        "The translation service took too long to answer. Drafts made before that are kept. "
        "Try again to draft the rest."
    ),
    MachineFault.REFUSED: N_(
        "The translation service refused the request. Drafts made before that are kept. Ask "
        "the person who runs it whether it takes requests from here."
    ),
    MachineFault.BUSY: N_(
        "The translation service has too much to do just now. Drafts made before that are "
        "kept. Wait some minutes, then try again to draft the rest."
    ),
    MachineFault.BAD_ANSWER: N_(
        "The translation service answered with something that is no translation. Drafts made "
        "before that are kept. Ask the person who runs it whether its address is right."
    ),
    MachineFault.WRONG_COUNT: N_(
        "The translation service answered with a different number of texts than it was sent, "
        "so its answer could not be used. Drafts made before that are kept. Try again."
    ),
    MachineFault.UNKNOWN_LANGUAGE: N_(
        "The translation service does not translate into this language. Send the texts to a "
        "translator as a file instead."
    ),
}
FIGURES = {
    "drafted": N_("Texts drafted"),
    # Translators: texts that a colleague wrote while the machine was drafting them
    "passed_over": N_("Texts that somebody changed meanwhile"),
}


def key_of(slug: str, language: str) -> str:
    """What two jobs have in common that would draft the same texts."""
    return f"{KIND}:{slug}:{language}"


def register(kinds: Registry) -> None:
    """Add machine drafts to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Drafting translations by machine")
    kinds.kind(KIND, label=label, stages=STAGES, faults=FAULTS, figures=FIGURES)(draft)


def service_of(context: Context) -> Service:
    """The council's own translation service.

    Raises
    ------
    WorkFailed
        If there is none.
    """
    if context.settings.translate_url is None:
        raise WorkFailed("switched_off")
    return Service(context.settings.translate_url)


def draft(context: Context) -> Step:
    """Draft what is missing. Each batch is kept as it comes; what is there is not done again."""
    service = service_of(context)
    language = str(context.parameters["language"])
    waiting, source = _waiting(context, language)
    context.progress(0, len(waiting), ASKING)
    done = kept = 0
    try:
        if waiting and language not in service.targets(source):
            raise MachineError(MachineFault.UNKNOWN_LANGUAGE)
        for batch in _batches(waiting):
            context.progress(done, len(waiting), DRAFTING)
            texts = [line.source for line in batch]
            answers = drafted(service, texts, source=source, target=language)
            drafts = [Draft(line, text) for line, text in zip(batch, answers, strict=True)]
            with context.writing() as session:
                kept += translating_drafts.store(
                    session, context.subject, language, drafts, now=context.now()
                )
            done += len(batch)
    except MachineError as error:
        raise WorkFailed(error.fault, error.detail) from error
    context.progress(done, len(waiting), DRAFTING)
    return lambda _session: {"drafted": kept, "passed_over": done - kept}


def _waiting(context: Context, language: str) -> tuple[list[Line], str]:
    """The texts to draft, and the language that they are written in."""
    with context.reading() as session:
        workspace: Workspace | None = workspaces.find(session, context.subject)
        if workspace is None:
            raise WorkFailed("gone")
        lines = translating.lines(session, workspace, language)
        again = bool(context.parameters.get("again"))
        return (
            translating_drafts.waiting(lines, again=again),
            translating.source_language(workspace),
        )


def _batches(lines: list[Line]) -> Iterator[list[Line]]:
    by_path = {line.path: line for line in lines}
    for batch in batches((line.path, line.source) for line in lines):
        yield [by_path[path] for path, _ in batch]
