"""An analysis in three steps: read, find (long, without the database), store.

For the job and for the command, which differ in who is told how far it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.errors import InputError
from analysis.progress import Progress
from consult.models import Consultation, Study
from consult.services.themes import studies

if TYPE_CHECKING:
    from analysis.themes.embedding.choose import Choice
    from consult.services.themes.exporting import Table
    from consult.services.themes.found import Found, Known


class Hindrance(StrEnum):
    """Why an analysis cannot be made."""

    GONE = "gone"
    NO_ANSWERS = "no_answers"
    LIST_LOCKED = "list_locked"
    TOO_MANY = "too_many"
    NO_MODEL = "no_model"


class CannotAnalyse(Exception):
    """An analysis cannot be made; nothing has changed."""

    def __init__(self, hindrance: Hindrance) -> None:
        super().__init__(hindrance.value)
        self.hindrance = hindrance


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What an analysis works on."""

    study_id: UUID
    table: "Table"
    known: "Known"


def read(session: Session, study_id: UUID) -> Material:
    """Read the answers of a study and what is known of it.

    Raises
    ------
    CannotAnalyse
        If the study is gone, or nobody has answered.
    """
    from consult.services.themes import exporting, storing  # these take seconds to load

    study = session.get(Study, study_id, populate_existing=True)
    if study is None:
        raise CannotAnalyse(Hindrance.GONE)
    stored = session.get_one(Consultation, study.consultation_id)
    table = exporting.table(session, study, with_groups=False)
    if not table.answer_ids:
        raise CannotAnalyse(Hindrance.NO_ANSWERS)
    language = str(stored.definition.get("source_language", "en"))
    return Material(study_id, table, storing.read(session, study, language))


def find(
    material: Material,
    *,
    embedder: str,
    progress: Progress,
    all_over_again: bool = False,
    themes: int | None = None,
) -> "Found":
    """Do the long part.

    Raises
    ------
    CannotAnalyse
        If the list of themes is locked and they should be found anew, more themes are asked
        for than can be made, or the model is not here.
    """
    from consult.services.themes import running  # takes seconds to load

    if all_over_again and material.known.state.locked:
        raise CannotAnalyse(Hindrance.LIST_LOCKED)
    try:
        return running.run(
            material.table,
            material.known,
            choose=_chooser(embedder),
            progress=progress,
            afresh=all_over_again,
            themes=themes,
        )
    except _NoModel:
        raise CannotAnalyse(Hindrance.NO_MODEL) from None
    except InputError:
        raise CannotAnalyse(Hindrance.TOO_MANY) from None


def store(
    session: Session, material: Material, found: "Found", *, actor: str, now: datetime
) -> Mapping[str, int]:
    """Write down what was found, in the caller's unit of work, and say how much it was.

    Raises
    ------
    CannotAnalyse
        If the study is gone meanwhile, or somebody locked the list of themes.
    """
    from consult.services.themes import storing

    try:
        stored = storing.store(session, material.study_id, found, actor=actor, now=now)
    except storing.ListLocked:
        raise CannotAnalyse(Hindrance.LIST_LOCKED) from None
    except studies.NoSuchStudy:
        raise CannotAnalyse(Hindrance.GONE) from None
    return {
        "themes": stored.themes,
        "new_answers": stored.new_answers,
        "new_statements": stored.new_statements,
        "suggestions": stored.suggestions,
    }


class _NoModel(Exception):
    """The model that the settings name cannot be used."""


def _chooser(name: str) -> Callable[[Sequence[str]], "Choice"]:
    from analysis.themes.embedding.choose import choose

    def chosen(languages: Sequence[str]) -> "Choice":
        try:
            return choose(name, languages=languages)
        except InputError as error:
            raise _NoModel from error

    return chosen
