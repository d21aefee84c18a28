"""Drafting translations of answers by machine, by the council's own service and no other.

What is hidden never leaves: words are cut where some are hidden, and the runs between are
translated, so that the markers stay where they were.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from consult.jobs import machine_drafts
from consult.jobs.context import Context, WorkFailed
from consult.jobs.machine_drafts import ASKING, DRAFTING
from consult.jobs.registry import Registry, Step
from consult.jobs.several_languages import draft_each
from consult.machine_translation import MachineFault, Service, drafted
from consult.models import Job
from consult.services import consultations, jobs
from consult.services.reading import translating_answers
from consult.services.reading.redacted import MARKER
from consult.services.reading.translating_answers import Original
from consult.telling.marking import N_

KIND = "answer-translation"

STAGES = {
    ASKING: machine_drafts.STAGES[ASKING],
    DRAFTING: N_("Drafting translations of answers"),
}
FAULTS = {
    **machine_drafts.FAULTS,
    "gone": N_("The consultation is not there any more, so there is nothing to translate."),
    MachineFault.UNKNOWN_LANGUAGE: N_(
        "The translation service knows none of the languages of these answers. Send them to a "
        "translator as a sheet instead."
    ),
}
FIGURES = {
    "drafted": N_("Answers drafted"),
    # Translators: answers that were withdrawn, or of which words were hidden, during the work
    "passed_over": N_("Answers that changed meanwhile"),
    "unknown_language": N_("Answers in languages that the service does not know"),
}


def ask(
    session: Session, slug: str, question_key: str, into: str, *, actor: str, now: datetime
) -> Job:
    """Ask for drafts of all answers to a question that have no translation."""
    return jobs.enqueue(
        session,
        KIND,
        requested_by=actor,
        now=now,
        parameters={"question": question_key, "into": into},
        subject=slug,
        key=f"{KIND}:{slug}:{question_key}:{into}",
    )


def register(kinds: Registry) -> None:
    """Add machine drafts of answers to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Drafting translations of answers by machine")
    kinds.kind(KIND, label=label, stages=STAGES, faults=FAULTS, figures=FIGURES)(draft)


def draft(context: Context) -> Step:
    """Draft what is missing. Each batch is kept as it comes; what is there is not done again."""
    service = machine_drafts.service_of(context)
    into = str(context.parameters["into"])
    return draft_each(
        context,
        service,
        _waiting(context, into),
        into,
        language_of=lambda answer: answer.language,
        text_of=lambda answer: answer.text,
        draft=lambda batch, language: _draft(context, service, batch, language, into),
    )


def _waiting(context: Context, into: str) -> list[Original]:
    with context.reading() as session:
        stored = consultations.find(session, context.subject)
        if stored is None:
            raise WorkFailed("gone")
        question = str(context.parameters["question"])
        return translating_answers.without_any(session, stored, question, into)


def _draft(
    context: Context, service: Service, batch: Sequence[Original], language: str, into: str
) -> int:
    cut = [answer.text.split(MARKER) for answer in batch]
    runs = iter(
        drafted(service, [run for runs in cut for run in runs], source=language, target=into)
    )
    drafts = {
        answer.answer_id: (answer.mark, MARKER.join(next(runs) for _ in parts))
        for answer, parts in zip(batch, cut, strict=True)
    }
    with context.writing() as session:
        stored = consultations.find(session, context.subject)
        if stored is None:
            raise WorkFailed("gone")
        return translating_answers.store_drafts(
            session,
            stored,
            str(context.parameters["question"]),
            into,
            drafts,
            now=context.now(),
        )
