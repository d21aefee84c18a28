"""Nothing of a statement stays when nobody's answer holds it any more."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from consult.models import Study, StudyEvent, StudyKey, StudySuggestion, StudyUnit
from consult.services.themes import settling, studies

KEPT = ("engine", "model", "means", "embedder", "reason", "quality", "provisional")
"""What an analysis found that holds nobody's words."""


def forget_orphans(
    session: Session, study_ids: Collection[UUID] | None = None, *, settled: bool = True
) -> int:
    """Remove statements that no answer holds, and say how many. Call it after answers went.

    Suggested themes that named one of them go, too: the next analysis makes them again.

    Parameters
    ----------
    study_ids : collection of UUID, optional
        Of these studies alone.
    settled : bool
        Whether to write down anew where statements stand, in studies whose themes were split:
        they follow those by which a person split, and one of them may be gone.
    """
    orphan = ~exists().where(StudyUnit.study_id == StudyKey.study_id, StudyUnit.key == StudyKey.key)
    wanted = select(StudyKey.study_id, StudyKey.key).where(orphan)
    if study_ids is not None:
        wanted = wanted.where(StudyKey.study_id.in_(study_ids))
    # A job that stores an answer with the same statement holds its row: that is left alone, and
    # what was free is looked at again when it is held, for it may have got an answer meanwhile.
    held: dict[UUID, list[str]] = {}
    for study_id, key in session.execute(wanted.with_for_update(skip_locked=True)).all():
        held.setdefault(study_id, []).append(key)
    removed: dict[UUID, set[str]] = {}
    for study_id, keys in held.items():
        for some in settling.chunks(keys):
            for row in session.execute(
                delete(StudyKey)
                .where(StudyKey.study_id == study_id, StudyKey.key.in_(some), orphan)
                .returning(StudyKey.key),
                execution_options={"synchronize_session": False},
            ):
                removed.setdefault(study_id, set()).add(row.key)
    for study_id, gone in removed.items():
        _forget_suggestions(session, study_id, gone)
        if settled:
            _settle_split(session, study_id, gone)
    return sum(map(len, removed.values()))


def forget_orphans_of(session: Session, consultation_id: UUID) -> int:
    """The same for the studies of one consultation."""
    found = session.scalars(select(Study.id).where(Study.consultation_id == consultation_id)).all()
    return forget_orphans(session, found) if found else 0


def forget_words(session: Session, consultation_id: UUID) -> None:
    """Keep of a consultation's themes only what people made of them, with no answer's words.

    For the day on which its data are removed: what is left is the log of edits.
    """
    forget_orphans_of(session, consultation_id)
    for study in session.scalars(select(Study).where(Study.consultation_id == consultation_id)):
        study.findings = {name: study.findings[name] for name in KEPT if name in study.findings}
        study.revision += 1
    session.flush()


def _forget_suggestions(session: Session, study_id: UUID, keys: set[str]) -> None:
    rows = session.scalars(select(StudySuggestion).where(StudySuggestion.study_id == study_id))
    for row in rows.all():
        if not keys.isdisjoint(row.content["keys"]):
            session.delete(row)
    session.flush()


def _settle_split(session: Session, study_id: UUID, keys: set[str]) -> None:
    was_split = select(StudyEvent.sequence).where(
        StudyEvent.study_id == study_id, StudyEvent.kind == "split"
    )
    if session.scalar(was_split.limit(1)) is None:
        return
    study = session.get_one(Study, study_id)
    state = studies.standing(session, study).state
    if not settling.seeds(state).isdisjoint(keys):
        settling.settle(session, study_id, state)
