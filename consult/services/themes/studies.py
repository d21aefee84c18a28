"""Studies: the text questions that have one, and their themes as they stand."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.themes.tracking.events import Event, event_from_dict
from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.replay import replay
from analysis.themes.tracking.state import State
from consult.document.model import TEXT_KINDS, Part, Question
from consult.document.model import Consultation as Document
from consult.models import Consultation, Study, StudyAnswer, StudyEvent

BATCH = "batch"
"""In an event's data: the first sequence of the edits that one act of a person made."""

NO_THEMES = Frame(themes=(), model_id="", means_version="", seed=0)
"""For the edits of a study in which the machine has found no themes. Its seed says nothing."""

_KEPT = 8
"""Studies whose standing a process remembers."""

_kept: OrderedDict[UUID, tuple["Stamp", "Standing"]] = OrderedDict()
_guard = threading.Lock()


class NoSuchStudy(LookupError):
    """There is no study of that id."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The themes as people have left them.

    Attributes
    ----------
    state : State
        The replayed log: themes with labels, pins, merges, what is locked and hidden.
    frame : Frame or None
        The machine's themes; None before there are any (the state then holds only what people
        made themselves).
    batches : mapping of int to int
        For edits that one act made together: the sequence of the first, by sequence.
    """

    state: State
    frame: Frame | None
    batches: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a study's figures hang on, apart from which responses count. Cheap to read.

    Between two analyses rows about answers only go, so their number tells them apart.
    """

    study_id: UUID
    analysed_at: datetime | None
    revision: int
    last_sequence: int
    last_edit: tuple[str, str, datetime] | None
    """Kind, author and time of the last edit: the same number is given again after an edit
    that was rolled back."""
    answer_count: int


def text_questions(document: Document) -> list[Question]:
    """The questions about the plan that are answered in one's own words, in their order.

    Words about the person, such as an organisation's name, have no themes.
    """
    return [
        question
        for question in document.questions
        if question.kind in TEXT_KINDS and question.part is Part.DRAFT
    ]


def find(session: Session, stored: Consultation, question_key: str) -> Study | None:
    """The study of a question, if somebody asked for one."""
    return session.scalar(
        select(Study).where(Study.consultation_id == stored.id, Study.question_key == question_key)
    )


def all_of(session: Session, stored: Consultation) -> list[Study]:
    """A consultation's studies, by question."""
    return list(
        session.scalars(
            select(Study).where(Study.consultation_id == stored.id).order_by(Study.question_key)
        )
    )


def begin(session: Session, stored: Consultation, question_key: str) -> Study:
    """The study of a question, made where there is none."""
    study = find(session, stored, question_key)
    if study is None:
        study = Study(
            consultation_id=stored.id,
            question_key=question_key,
            salt=secrets.token_hex(16),
            findings={},
        )
        session.add(study)
        session.flush()
    return study


def locked(session: Session, study_id: UUID) -> Study:
    """A study as it is now, held until the unit of work ends.

    Raises
    ------
    NoSuchStudy
        If there is none of that id.
    """
    study = session.scalar(
        select(Study)
        .where(Study.id == study_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if study is None:
        raise NoSuchStudy(study_id)
    return study


def stamp(session: Session, study: Study) -> Stamp:
    """What a study's figures hang on just now."""
    last = session.execute(
        select(StudyEvent.kind, StudyEvent.author, StudyEvent.at).where(
            StudyEvent.study_id == study.id, StudyEvent.sequence == study.last_sequence
        )
    ).one_or_none()
    count = select(func.count()).select_from(StudyAnswer).where(StudyAnswer.study_id == study.id)
    return Stamp(
        study_id=study.id,
        analysed_at=study.analysed_at,
        revision=study.revision,
        last_sequence=study.last_sequence,
        last_edit=None if last is None else (last.kind, last.author, last.at),
        answer_count=session.scalar(count) or 0,
    )


def standing(session: Session, study: Study) -> Standing:
    """The themes as they stand: the machine's, with every edit in force."""
    now = stamp(session, study)
    with _guard:
        known = _kept.get(study.id)
        if known is not None and known[0] == now:
            _kept.move_to_end(study.id)
            return known[1]
    found = read_standing(session, study)
    with _guard:
        _kept[study.id] = (now, found)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def read_standing(session: Session, study: Study) -> Standing:
    """The themes as they stand, replayed from the log without looking at what is remembered."""
    frame = None if study.frame is None else Frame.from_dict(study.frame)
    rows = session.scalars(
        select(StudyEvent.data).where(StudyEvent.study_id == study.id).order_by(StudyEvent.sequence)
    ).all()
    events, batches = read_log(rows)
    return Standing(replay(frame or NO_THEMES, events), frame, batches)


def read_log(rows: Sequence[Mapping[str, Any]]) -> tuple[list[Event], dict[int, int]]:
    """Events from their stored data, and which of them were one act."""
    events: list[Event] = []
    batches: dict[int, int] = {}
    for row in rows:
        data = dict(row)
        batch = data.pop(BATCH, None)
        event = event_from_dict(data)
        events.append(event)
        if batch is not None:
            batches[event.sequence] = int(batch)
    return events, batches
