"""Drafting by machine what a report lacks in a language, by the council's own service."""

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
from consult.services.reporting import languages
from consult.services.reporting.languages import Line
from consult.telling.marking import N_

KIND = "report-translation"

STAGES = {
    ASKING: machine_drafts.STAGES[ASKING],
    DRAFTING: N_("Drafting texts of the report"),
}
FAULTS = {
    **machine_drafts.FAULTS,
    MachineFault.UNKNOWN_LANGUAGE: N_(
        "The translation service does not translate these texts into this language. Have a "
        "translator write them on the page of the report’s texts instead."
    ),
}
FIGURES = {
    **machine_drafts.FIGURES,
    "unknown_language": N_("Texts in languages that the service does not know"),
}


def key_of(slug: str, language: str) -> str:
    """What two jobs have in common that would draft the same texts."""
    return f"{KIND}:{slug}:{language}"


def ask(session: Session, slug: str, language: str, *, actor: str, now: datetime) -> Job:
    """Ask for drafts of everything that a report lacks in a language."""
    return jobs.enqueue(
        session,
        KIND,
        requested_by=actor,
        now=now,
        parameters={"language": language},
        subject=slug,
        key=key_of(slug, language),
    )


def register(kinds: Registry) -> None:
    """Add machine drafts of reports' texts to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Drafting a report’s texts by machine")
    kinds.kind(KIND, label=label, stages=STAGES, faults=FAULTS, figures=FIGURES)(draft)


def draft(context: Context) -> Step:
    """Draft what is missing. Each batch is kept as it comes; what is there is not done again."""
    service = machine_drafts.service_of(context)
    into = str(context.parameters["language"])
    return draft_each(
        context,
        service,
        _waiting(context, into),
        into,
        language_of=lambda line: line.source_language,
        text_of=lambda line: line.source,
        draft=lambda batch, language: _draft(context, service, batch, language, into),
    )


def _waiting(context: Context, into: str) -> list[Line]:
    with context.reading() as session:
        stored = consultations.find(session, context.subject)
        if stored is None:
            raise WorkFailed("gone")
        document = consultations.document_of(session, stored)
        return [
            line
            for group in languages.groups(session, stored, document, into)
            for line in group.lines
            if not line.text
        ]


def _draft(
    context: Context, service: Service, batch: Sequence[Line], language: str, into: str
) -> int:
    sources = [line.source for line in batch]
    answers = drafted(service, sources, source=language, target=into)
    with context.writing() as session:
        stored = consultations.find(session, context.subject)
        if stored is None:
            raise WorkFailed("gone")
        return languages.store_drafts(
            session,
            stored,
            consultations.document_of(session, stored),
            into,
            zip(batch, answers, strict=True),
            now=context.now(),
        )
