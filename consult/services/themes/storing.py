"""What an analysis found, written down at once, whatever happened since it began.

People may have edited the themes meanwhile, and answers may be gone: the log is read again, and
what is gone is passed over.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.replay import replay
from analysis.themes.tracking.state import Decider, State
from consult.models import (
    Answer,
    Base,
    Consultation,
    Response,
    Study,
    StudyAnswer,
    StudyKey,
    StudySuggestion,
    StudyUnit,
)
from consult.services import audit
from consult.services.themes import adopting, forgetting, settling, studies
from consult.services.themes import keys as stored_keys
from consult.services.themes.found import Found, KeyRows, Known

AT_ONCE = 5_000
"""Rows in one statement to the database."""


class ListLocked(Exception):
    """The list of themes is locked, and the analysis would add some."""


@dataclass(frozen=True, slots=True)
class Stored:
    """How much an analysis has brought."""

    themes: int
    new_answers: int
    new_statements: int
    suggestions: int


def read(session: Session, study: Study, language: str) -> Known:
    """What a study holds now, for a run."""
    standing = studies.read_standing(session, study)
    rows = session.execute(
        select(StudyKey.key, StudyKey.machine_theme, StudyKey.vector, StudyKey.may_seed)
        .where(StudyKey.study_id == study.id)
        .order_by(StudyKey.key)
    ).all()
    answers = session.scalars(select(StudyAnswer.answer_id).where(StudyAnswer.study_id == study.id))
    return Known(
        salt=study.salt,
        seed=study.seed,
        language=language,
        state=standing.state,
        frame=standing.frame,
        keys=tuple(row.key for row in rows),
        machine=tuple(row.machine_theme for row in rows),
        vectors=stored_keys.from_bytes([row.vector for row in rows]),
        may_seed=np.array([row.may_seed for row in rows], dtype=np.bool_),
        answers=frozenset(answers),
        findings=study.findings,
    )


def store(session: Session, study_id: UUID, found: Found, *, actor: str, now: datetime) -> Stored:
    """Write down what a run found, in the caller's unit of work.

    Raises
    ------
    consult.services.themes.studies.NoSuchStudy
        If the study is gone.
    ListLocked
        If somebody locked the list of themes, and there are new ones.
    """
    study = studies.locked(session, study_id)
    standing = studies.read_standing(session, study)
    if found.afresh:
        found = _matched(session, study, standing, found)
    frame = found.frame if found.frame is not None or found.afresh else standing.frame
    state = replay(frame or studies.NO_THEMES, standing.state.history)
    existing = _with_keys(session, study, _existing(session, study, found), found)
    if found.afresh or found.moved_vectors is not None:
        _leave_out(session, study, {row["answer_id"] for row in existing})
    new_keys = _store_keys(session, study, existing, found)
    new_answers = _store_answers(session, study, existing, found)
    forgetting.forget_orphans(session, [study.id], settled=False)
    settling.settle(session, study.id, state)
    _store_suggestions(session, study, found)
    if found.afresh or found.frame is not None:
        study.frame = None if frame is None else frame.to_dict()
    study.findings = found.findings
    study.analysed_at, study.analysed_by = now, actor
    study.revision += 1
    session.flush()
    stored = Stored(len(state.standing), new_answers, new_keys, len(found.suggestions))
    _note(session, study, found, stored, actor=actor, now=now)
    return stored


def _with_keys(
    session: Session, study: Study, existing: list[dict[str, Any]], found: Found
) -> list[dict[str, Any]]:
    """Answers whose statements are all there or come now; the others wait for the next run.

    A statement that was known when the run began has gone if who made it withdrew meanwhile.
    """
    there = set(session.scalars(select(StudyKey.key).where(StudyKey.study_id == study.id)))
    there.update(found.rows.keys)
    return [
        row
        for row in existing
        if all(unit["key"] in there for unit in found.units.get(row["answer_id"], ()))
    ]


# --- Themes found anew ---------------------------------------------------------------------


def _matched(session: Session, study: Study, standing: studies.Standing, found: Found) -> Found:
    """What was found afresh, with the ids of the themes that were there before."""
    old, state = standing.frame, standing.state
    if old is None or not old.themes:
        if state.locked and found.frame is not None:
            raise ListLocked
        return found
    rows = session.execute(
        select(StudyKey.key, StudyKey.machine_theme).where(StudyKey.study_id == study.id)
    ).all()
    before = {row.key: row.machine_theme for row in rows}
    new = found.frame or replace(studies.NO_THEMES, seed=study.seed)
    ids, frame = _same_themes(old, new, found, before, state, study.seed)
    if state.locked and not set(ids.values()) <= set(old.ids):
        raise ListLocked
    by_people = {theme for theme in state.standing if state.themes[theme].made_by is Decider.PERSON}
    machine = tuple(
        before[key] if before.get(key) in by_people else ids.get(theme or "")
        for key, theme in zip(found.rows.keys, found.rows.machine, strict=True)
    )
    return replace(
        found,
        frame=frame,
        rows=replace(found.rows, machine=machine),
        findings=_renamed(found.findings, ids),
    )


def _same_themes(
    old: Frame,
    new: Frame,
    found: Found,
    before: Mapping[str, str | None],
    state: State,
    seed: int,
) -> tuple[dict[str, str], Frame]:
    """Ids for the new themes, by the ids of the run; and the frame with them."""
    from analysis.themes.later import moved  # these take long to load
    from analysis.themes.tracking.matching import Cluster, carry_over, match

    members: dict[str, list[int]] = {}
    for at, key in enumerate(found.rows.keys):
        if (theme := before.get(key)) is not None:
            members.setdefault(theme, []).append(at)
    space = (new.model_id, new.means_version)
    if len(found.rows.keys) and (old.model_id, old.means_version) != space:
        old = moved(old, members, found.rows.vectors, model_id=space[0], means_version=space[1])
    keys = found.rows.keys
    clusters: dict[str, list[str]] = {}
    for key, theme in zip(keys, found.rows.machine, strict=True):
        if theme is not None:
            clusters.setdefault(theme, []).append(key)
    matching = match(
        {
            theme.id: Cluster(frozenset(keys[at] for at in members[theme.id]), theme.centroid)
            for theme in old.themes
            if theme.id in members
        },
        [Cluster(frozenset(clusters[theme.id]), theme.centroid) for theme in new.themes],
        seed=seed,
        taken=state.ids,
    )
    given = dict(zip(new.ids, matching.ids, strict=True))
    return given, carry_over(old, new, matching)


def _renamed(findings: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    renamed = dict(findings)
    for name in ("words", "stability", "exemplars"):
        renamed[name] = {ids[theme]: said for theme, said in findings[name].items()}
    return renamed


# --- Rows ----------------------------------------------------------------------------------


def _existing(session: Session, study: Study, found: Found) -> list[dict[str, Any]]:
    """Rows of the answers that are still there."""
    there = set(
        session.scalars(
            select(Answer.id)
            .join(Response, Response.id == Answer.response_id)
            .where(
                Response.consultation_id == study.consultation_id,
                Answer.question_key == study.question_key,
            )
        )
    )
    return [row for row in found.answers if row["answer_id"] in there]


def _leave_out(session: Session, study: Study, kept: Collection[UUID]) -> None:
    """Forget analysed answers that do not count now: their vectors are of another space.

    They are new answers when they count again.
    """
    before = session.scalars(
        select(StudyAnswer.answer_id).where(StudyAnswer.study_id == study.id)
    ).all()
    _remove_answers(session, [answer for answer in before if answer not in kept])


def _remove_answers(session: Session, answers: Sequence[UUID]) -> None:
    for some in _chunks(answers, settling.AT_ONCE):
        session.execute(
            delete(StudyAnswer).where(StudyAnswer.answer_id.in_(some)),
            execution_options={"synchronize_session": False},
        )


def _store_keys(
    session: Session, study: Study, existing: Sequence[dict[str, Any]], found: Found
) -> int:
    held = {unit["key"] for row in existing for unit in found.units.get(row["answer_id"], ())}
    before = set(session.scalars(select(StudyKey.key).where(StudyKey.study_id == study.id)))
    values = list(_key_values(found.rows))
    new = [row for row in values if row["key"] in held and row["key"] not in before]
    _insert(
        session,
        StudyKey,
        (
            {**row, "study_id": study.id, "theme": None, "decided_by": Decider.MACHINE.value}
            for row in new
        ),
    )
    if found.afresh:
        _update_keys(session, study, [row for row in values if row["key"] in before])
    elif found.moved_vectors is not None:
        moved = found.moved_vectors
        _update_keys(
            session,
            study,
            [
                {"key": key, "vector": stored_keys.to_bytes(row)}
                for key, row in moved.items()
                if key in before
            ],
        )
    return len(new)


def _key_values(rows: KeyRows) -> Iterable[dict[str, Any]]:
    for at, key in enumerate(rows.keys):
        yield {
            "key": key,
            "vector": stored_keys.to_bytes(rows.vectors[at]),
            "may_seed": rows.may_seed[at],
            "machine_theme": rows.machine[at],
            "strength": rows.strength[at],
            "margin": rows.margin[at],
            "status": rows.status[at],
        }


def _update_keys(session: Session, study: Study, values: Sequence[dict[str, Any]]) -> None:
    for some in _chunks(values, AT_ONCE):
        session.execute(update(StudyKey), [{**row, "study_id": study.id} for row in some])


def _store_answers(
    session: Session, study: Study, existing: Sequence[dict[str, Any]], found: Found
) -> int:
    """Write new answers with their statements, and what has changed about known ones."""
    columns = ("status", "language", "is_language_uncertain", "campaign")
    known = {
        row.answer_id: tuple(getattr(row, name) for name in columns)
        for row in session.execute(
            select(StudyAnswer.answer_id, *(getattr(StudyAnswer, name) for name in columns)).where(
                StudyAnswer.study_id == study.id
            )
        )
    }
    if found.afresh:
        parted = _parted_otherwise(session, study, known, found)
        _remove_answers(session, parted)
        known = {answer: values for answer, values in known.items() if answer not in set(parted)}
    new = [row for row in existing if row["answer_id"] not in known]
    _insert(session, StudyAnswer, ({**row, "study_id": study.id} for row in new))
    _insert(
        session,
        StudyUnit,
        (
            {**unit, "id": uuid4(), "study_id": study.id}
            for row in new
            for unit in found.units.get(row["answer_id"], ())
        ),
    )
    changed = [
        row
        for row in existing
        if row["answer_id"] in known
        and known[row["answer_id"]] != tuple(row[name] for name in columns)
    ]
    for some in _chunks(changed, AT_ONCE):
        session.execute(
            update(StudyAnswer),
            [{name: row[name] for name in ("answer_id", *columns)} for row in some],
        )
    return len(new)


def _parted_otherwise(
    session: Session, study: Study, known: Collection[UUID], found: Found
) -> list[UUID]:
    """Analysed answers that the machine parts into other statements now than it did."""
    before: dict[UUID, list[tuple[int, str, str]]] = {answer: [] for answer in known}
    rows = session.execute(
        select(StudyUnit.answer_id, StudyUnit.number, StudyUnit.key, StudyUnit.text)
        .where(StudyUnit.study_id == study.id)
        .order_by(StudyUnit.number)
    )
    for row in rows:
        before[row.answer_id].append((row.number, row.key, row.text))
    return [
        answer
        for answer, units in before.items()
        if units
        != [(unit["number"], unit["key"], unit["text"]) for unit in found.units.get(answer, ())]
    ]


def _store_suggestions(session: Session, study: Study, found: Found) -> None:
    session.execute(delete(StudySuggestion).where(StudySuggestion.study_id == study.id))
    there = set(session.scalars(select(StudyKey.key).where(StudyKey.study_id == study.id)))
    _insert(
        session,
        StudySuggestion,
        (
            {
                "study_id": study.id,
                "theme": each.group.id,
                "is_large_enough": each.is_large_enough,
                "label": each.label,
                "content": adopting.content_of(each.group),
            }
            for each in found.suggestions
            if there.issuperset(each.group.keys)
        ),
    )


def _insert(session: Session, table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    for some in _chunks(list(rows), AT_ONCE):
        session.execute(insert(table), some)


def _chunks(values: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), size):
        yield values[start : start + size]


def _note(
    session: Session, study: Study, found: Found, stored: Stored, *, actor: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action="themes analysed",
        subject=session.get_one(Consultation, study.consultation_id).slug,
        now=now,
        question=study.question_key,
        afresh=found.afresh,
        themes=stored.themes,
        new_answers=stored.new_answers,
        model=found.findings["model"],
    )
