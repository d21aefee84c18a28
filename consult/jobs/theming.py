"""Finding themes: the first time over all answers, later over what is new."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from consult.jobs.context import Context, WorkFailed
from consult.jobs.registry import Registry, Step
from consult.jobs.stages import Stages
from consult.services import consultations
from consult.services.themes import analysing, studies
from consult.services.themes.analysing import CannotAnalyse, Hindrance
from consult.services.themes.asking import KIND, ask, key_of
from consult.telling.marking import N_

__all__ = ["KIND", "ask", "find_themes", "key_of", "register"]

WEIGHTS = {
    "Reading": 4,
    "Embedding": 30,
    "Clustering": 8,
    "Measuring stability": 8,
    "Naming": 8,
    "Counting": 1,
    "Choosing quotes": 2,
}
"""How long each stage takes beside the others, by the name that the analysis gives it."""

STAGES = {
    "Reading": N_("Reading the answers"),
    "Embedding": N_("Working out which statements mean alike"),
    "Clustering": N_("Sorting statements into themes"),
    "Measuring stability": N_("Measuring how firm the themes are"),
    "Naming": N_("Finding words for the themes"),
    "Counting": N_("Counting"),
    "Choosing quotes": N_("Choosing typical statements"),
}

FAULTS: Mapping[str, str] = {
    Hindrance.GONE: N_("The consultation or its question is not there any more."),
    Hindrance.NO_ANSWERS: N_(
        "Nobody has answered this question yet. Try again when answers have come."
    ),
    Hindrance.LIST_LOCKED: N_(
        "The list of themes is locked, and finding the themes anew would add some. Unlock the "
        "list and try again."
    ),
    Hindrance.TOO_MANY: N_(
        "There are not enough different statements for so many themes. Ask for fewer, or leave "
        "the number out."
    ),
    Hindrance.NO_MODEL: N_(
        "The language model that is set for this service cannot be used. The person who runs it "
        "can fetch it, or choose another one in the settings."
    ),
}

FIGURES = {
    "themes": N_("Themes"),
    "new_answers": N_("Answers that were new"),
    # Translators: a statement is one thing that somebody said, often a sentence
    "new_statements": N_("Different statements that were new"),
    "suggestions": N_("Further themes suggested"),
}


def register(kinds: Registry) -> None:
    """Add the finding of themes to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Finding the themes of answers")
    kinds.kind(KIND, label=label, stages=STAGES, faults=FAULTS, figures=FIGURES)(find_themes)


def find_themes(context: Context) -> Step:
    """Analyse the answers to one question; nothing is held while it takes its time."""
    study_id = _begun(context, str(context.parameters["question"]))
    number = context.parameters.get("themes")
    try:
        with context.reading() as session:
            material = analysing.read(session, study_id)
        found = analysing.find(
            material,
            embedder=context.settings.embedder,
            progress=Stages(context, WEIGHTS),
            all_over_again=bool(context.parameters.get("all_over_again")),
            themes=None if number is None else int(number),
        )
    except CannotAnalyse as error:
        raise WorkFailed(error.hindrance) from error

    def store(session: Session) -> Mapping[str, int]:
        actor, now = context.claim.requested_by, context.now()
        try:
            return analysing.store(session, material, found, actor=actor, now=now)
        except CannotAnalyse as error:
            raise WorkFailed(error.hindrance) from error

    return store


def _begun(context: Context, question: str) -> UUID:
    """The study of a question, made where there is none: done twice, it does no harm."""
    with context.reading() as session:
        stored = consultations.find(session, context.subject)
        asked = {each.key for each in stored.questions} if stored is not None else set()
        if stored is None or question not in asked:
            raise WorkFailed(Hindrance.GONE)
        study = studies.find(session, stored, question)
        if study is not None:
            return study.id
    with context.writing() as session:
        return studies.begin(session, consultations.get(session, context.subject), question).id
