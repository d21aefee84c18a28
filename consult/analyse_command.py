"""``consult analyse``: themes and representation now, in front of whoever asks."""

from datetime import UTC, datetime

import click
from sqlalchemy.orm import Session

from analysis.progress import Shown
from consult.config import Settings
from consult.db import unit_of_work
from consult.models import Consultation
from consult.services import audit, consultations
from consult.services.themes import analysing, studies
from consult.services.themes.analysing import CannotAnalyse, Hindrance
from consult.services.watching import snapshots

SAID = {
    Hindrance.GONE: "it is not there any more",
    Hindrance.NO_ANSWERS: "nobody has answered it",
    Hindrance.LIST_LOCKED: "its list of themes is locked; unlock it on its page first",
    Hindrance.TOO_MANY: "there are not enough different statements",
    Hindrance.NO_MODEL: (
        "the model that CONSULT_EMBEDDER names cannot be used; `python -m analysis fetch-model` "
        "fetches the multilingual one"
    ),
}


def analyse(session: Session, settings: Settings, slug: str, *, all_over_again: bool) -> bool:
    """Find the themes of every text question, then the figures of who answered.

    Returns
    -------
    bool
        Whether everything could be done; a question without answers is no fault.

    Raises
    ------
    consult.services.consultations.NoSuchConsultation
        If there is none of that name.
    """
    stored = consultations.get(session, slug)
    document = consultations.document_of(session, stored)
    done = True
    for question in studies.text_questions(document):
        try:
            figures = _themes(session, settings, stored, question.key, all_over_again)
        except CannotAnalyse as error:
            click.echo(f"{question.key}: {SAID[error.hindrance]}")
            done = done and error.hindrance is Hindrance.NO_ANSWERS
        else:
            click.echo(
                f"{question.key}: themes {figures['themes']}, new answers "
                f"{figures['new_answers']}, new statements {figures['new_statements']}, "
                f"suggested themes {figures['suggestions']}"
            )
    now = datetime.now(UTC)
    found = snapshots.make(session, stored, document, now=now)
    with unit_of_work(session):
        snapshots.keep_all(session, consultations.get(session, slug), found)
    click.echo(f"representation: responses {found.arrivals.responses}")
    return done


def _themes(
    session: Session,
    settings: Settings,
    stored: Consultation,
    question_key: str,
    all_over_again: bool,
) -> dict[str, int]:
    with unit_of_work(session):
        study = studies.begin(session, consultations.get(session, stored.slug), question_key)
        study_id = study.id
    click.echo(f"{question_key}:", err=True)
    material = analysing.read(session, study_id)
    session.rollback()  # nobody waits for the long part
    found = analysing.find(
        material,
        embedder=settings.embedder,
        progress=Shown(),
        all_over_again=all_over_again,
    )
    with unit_of_work(session):
        stored_now = analysing.store(
            session, material, found, actor=audit.COMMAND_LINE, now=datetime.now(UTC)
        )
    return dict(stored_now)
