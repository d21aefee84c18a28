"""Taking a whole file out again, with all that was made of its responses."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from consult.models import (
    Answer,
    AnswerTranslation,
    Coding,
    Consultation,
    Job,
    Quote,
    Redaction,
    Response,
    ResponseImport,
    ResponseOrigin,
    Study,
)
from consult.models.job import UNFINISHED
from consult.services import audit
from consult.services.intake import holding
from consult.services.reporting import kept
from consult.services.themes.forgetting import forget_orphans


@dataclass(frozen=True, slots=True)
class Consequences:
    """What goes with a file's responses."""

    responses: int
    answers: int
    excluded: int
    """Responses that somebody excluded with a reason."""
    redactions: int
    translations: int
    quotes: int
    codings: int

    @property
    def has_judgements(self) -> bool:
        """Whether work of people goes along."""
        return any((self.excluded, self.redactions, self.translations, self.quotes, self.codings))


class NotUndoable(Exception):
    """There is nothing to take out: not brought in, or taken out already."""


class DataRemoved(Exception):
    """The deletion date has passed: which responses came from the file is not known any more."""


class WorkIsRunning(Exception):
    """A job reads or writes the consultation's responses just now."""


def consequences(session: Session, held: ResponseImport) -> Consequences:
    """What taking a file out would remove."""
    of_file = select(ResponseOrigin.response_id).where(ResponseOrigin.import_id == held.id)
    answers = select(Answer.id).where(Answer.response_id.in_(of_file))

    def count(wanted: Select[int]) -> int:
        return session.scalar(wanted) or 0

    total = select(func.count())
    return Consequences(
        responses=holding.brought_in(session, held),
        answers=count(total.select_from(Answer).where(Answer.response_id.in_(of_file))),
        excluded=count(
            total.select_from(Response).where(
                Response.id.in_(of_file), Response.excluded_at.is_not(None)
            )
        ),
        redactions=count(total.select_from(Redaction).where(Redaction.answer_id.in_(answers))),
        translations=count(
            total.select_from(AnswerTranslation).where(AnswerTranslation.answer_id.in_(answers))
        ),
        quotes=count(total.select_from(Quote).where(Quote.response_id.in_(of_file))),
        codings=count(total.select_from(Coding).where(Coding.response_id.in_(of_file))),
    )


def require_undoable(session: Session, stored: Consultation, held: ResponseImport) -> None:
    """Refuse where a file cannot be taken out.

    Raises
    ------
    NotUndoable, DataRemoved, WorkIsRunning
        With the reason.
    """
    if held.undone_at is not None or (
        held.applied_at is None and not holding.brought_in(session, held)
    ):
        raise NotUndoable
    if stored.data_removed_at is not None and (
        held.applied_at is None or held.applied_at < stored.data_removed_at
    ):
        raise DataRemoved
    at_work = select(Job.id).where(Job.subject == stored.slug, Job.state.in_(UNFINISHED))
    if session.scalar(at_work.limit(1)) is not None:
        raise WorkIsRunning


def _studies(session: Session, stored: Consultation) -> list[UUID]:
    return list(session.scalars(select(Study.id).where(Study.consultation_id == stored.id)))


def undo(
    session: Session, stored: Consultation, import_id: UUID, *, actor: str, now: datetime
) -> int:
    """Remove every response that a file brought, and say how many.

    A file of which a job brought in a part only waits then as before.

    Raises
    ------
    consult.services.intake.holding.NoSuchImport
        If there is no such file.
    NotUndoable, DataRemoved, WorkIsRunning
        If it cannot be taken out.
    """
    held = session.get(ResponseImport, import_id, with_for_update=True, populate_existing=True)
    if held is None or held.consultation_id != stored.id:
        raise holding.NoSuchImport
    require_undoable(session, stored, held)
    lost = consequences(session, held)
    of_file = select(ResponseOrigin.response_id).where(ResponseOrigin.import_id == held.id)
    session.execute(
        delete(Response).where(Response.id.in_(of_file)),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    if lost.quotes:
        kept.drop(session, stored.id)
    forget_orphans(session, _studies(session, stored))
    held = session.get_one(ResponseImport, import_id)
    if held.applied_at is not None:
        held.undone_by, held.undone_at = actor, now
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="responses taken out",
        subject=stored.slug,
        now=now,
        responses=lost.responses,
        answers=lost.answers,
        judgements=lost.redactions + lost.translations + lost.quotes + lost.codings,
        file_digest=held.file_digest[:16],
    )
    return lost.responses
