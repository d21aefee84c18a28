"""Asking for an analysis: by a person, or by the hourly round where answers have come."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.models import Answer, Consultation, Job, Response, Study, StudyAnswer, Workspace
from consult.models.job import WAITING
from consult.services import audit, jobs
from consult.services.counted import counted

KIND = "themes"

EVERY = timedelta(hours=1)
"""How long new answers wait at most, where nobody asks."""


def key_of(slug: str, question_key: str) -> str:
    """What two jobs have in common that would analyse the same answers."""
    return f"{KIND}:{slug}:{question_key}"


def ask(
    session: Session,
    workspace: Workspace,
    question_key: str,
    *,
    all_over_again: bool = False,
    themes: int | None = None,
    actor: str,
    now: datetime,
) -> Job:
    """Ask for the themes of a question; where the same is waiting or running, that job.

    Parameters
    ----------
    all_over_again : bool
        Find the themes anew over all answers. Themes that are still there keep their ids and
        what people made of them; the others retire.
    themes : int, optional
        How many, where they are found anew; by default as the machine finds.
    """
    wishes: dict[str, object] = {"all_over_again": all_over_again, "themes": themes}
    job = _enqueue(session, workspace.slug, question_key, wishes, actor, now)
    if all_over_again and job.state == WAITING:  # perhaps the round had asked, for less
        job.parameters, job.requested_by = {"question": question_key, **wishes}, actor
    return job


def ask_where_new(session: Session, *, now: datetime) -> int:
    """Ask for every study that has new answers, and say how many; for the round."""
    asked = 0
    due = select(Study, Consultation).join(Consultation, Consultation.id == Study.consultation_id)
    for study, stored in session.execute(due.where(Study.analysed_at <= now - EVERY)).all():
        if not new_answers(session, study):
            continue
        _enqueue(session, stored.slug, study.question_key, {}, audit.MACHINE, now)
        asked += 1
    return asked


def new_answers(session: Session, study: Study) -> int:
    """Answers that count and have not been analysed yet."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Answer)
            .join(Response, Response.id == Answer.response_id)
            .outerjoin(StudyAnswer, StudyAnswer.answer_id == Answer.id)
            .where(
                Response.consultation_id == study.consultation_id,
                Answer.question_key == study.question_key,
                StudyAnswer.answer_id.is_(None),
                counted(),
            )
        )
        or 0
    )


def _enqueue(
    session: Session,
    slug: str,
    question_key: str,
    wishes: dict[str, object],
    actor: str,
    now: datetime,
) -> Job:
    return jobs.enqueue(
        session,
        KIND,
        requested_by=actor,
        now=now,
        parameters={"question": question_key, **wishes},
        subject=slug,
        key=key_of(slug, question_key),
    )
