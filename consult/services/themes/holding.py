"""What figures are counted from: who said what, and where it stands, as arrays.

Reading 20,000 responses takes seconds, counting them takes milliseconds. So what is read is
remembered in the process, for as long as nothing that it hangs on has changed.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from analysis.themes.prepare import RowStatus
from consult.models import Response, Study, StudyAnswer, StudyKey, StudyUnit
from consult.services.counted import counted
from consult.services.themes import exporting
from consult.services.themes.studies import Stamp

Kept = TypeVar("Kept")

Flags = NDArray[np.bool_]
Places = NDArray[np.intp]

_ROOM = 24
"""Things remembered: of one study there are three or four."""

_remembered: OrderedDict[Hashable, tuple[Hashable, object]] = OrderedDict()
_guard = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """The analysed answers of a study, whether they count or not, and their statements.

    Attributes
    ----------
    place : dict of UUID to int
        Of each response, in the order they came; there is one answer of each.
    answer_ids : tuple of UUID
    has_content, no_content : ndarray of bool, shape (n_answers,)
    languages : tuple of str
    is_uncertain : ndarray of bool
    campaign : ndarray of int
        -1 for none.
    unit_place, unit_key : ndarray of int, shape (n_units,)
        Whose each statement is, and its place in ``keys``.
    keys : tuple of str
    """

    place: Mapping[UUID, int]
    answer_ids: tuple[UUID, ...]
    has_content: Flags
    no_content: Flags
    languages: tuple[str, ...]
    is_uncertain: Flags
    campaign: Places
    unit_place: Places
    unit_key: Places
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Stands:
    """Where the statements of :class:`Said` stand now.

    Attributes
    ----------
    theme : tuple of (str or None)
        By place in ``Said.keys``.
    by_person, is_uncertain : ndarray of bool
        Decided by a person; not sure to the machine.
    strength : ndarray of float
    """

    theme: tuple[str | None, ...]
    by_person: Flags
    is_uncertain: Flags
    strength: NDArray[np.float64]


def remembered(name: str, study: Study, stamp: Hashable, make: Callable[[], Kept]) -> Kept:
    """What was made for a study under a name, made anew when its stamp is another."""
    key = (name, study.id)
    with _guard:
        found = _remembered.get(key)
        if found is not None and found[0] == stamp:
            _remembered.move_to_end(key)
            return found[1]  # type: ignore[return-value]
    made = make()
    with _guard:
        _remembered[key] = (stamp, made)
        _remembered.move_to_end(key)
        while len(_remembered) > _ROOM:
            _remembered.popitem(last=False)
    return made


def said(session: Session, study: Study, stamp: Stamp) -> Said:
    """The analysed answers of a study and their statements."""
    rows = (stamp.analysed_at, stamp.answer_count)
    return remembered("said", study, rows, lambda: _said(session, study))


def stands(session: Session, study: Study, stamp: Stamp, about: Said) -> Stands:
    """Where statements stand now."""
    return remembered("stands", study, stamp, lambda: _stands(session, study, about))


def groups(
    session: Session, study: Study, stamp: Stamp, about: Said
) -> Mapping[str, tuple[str, ...]]:
    """For each monitoring question the option of each answer's response, blank for none."""
    rows = (stamp.analysed_at, stamp.answer_count)
    return remembered(
        "groups", study, rows, lambda: exporting.groups(session, study, list(about.place))
    )


def folded(session: Session, study: Study, stamp: Stamp, about: Said) -> tuple[str, ...]:
    """The words of each statement as they are searched, by place in ``Said.keys``."""
    rows = (stamp.analysed_at, stamp.answer_count)
    return remembered("folded", study, rows, lambda: _folded(session, study, about))


@dataclass(frozen=True, slots=True)
class Counting:
    """Which responses to a consultation count just now, and whether any were changed.

    Attributes
    ----------
    in_all : int
        Responses that count.
    left_out : frozenset of UUID
        Those that do not. There are few.
    last_change : datetime or None
        When somebody last changed a response.
    """

    in_all: int
    left_out: frozenset[UUID]
    last_change: datetime | None


def counting(session: Session, study: Study) -> Counting:
    """Which responses count just now, in one look at all of them."""
    of_it = Response.consultation_id == study.consultation_id
    total = session.scalar(select(func.count()).select_from(Response).where(of_it)) or 0
    does = counted()
    rows = session.execute(
        select(Response.id, Response.changed_at, does).where(
            of_it, or_(~does, Response.changed_at.is_not(None))
        )
    ).all()
    left_out = frozenset(response for response, _, counts in rows if not counts)
    changes = [changed for _, changed, _ in rows if changed is not None]
    return Counting(total - len(left_out), left_out, max(changes, default=None))


def _said(session: Session, study: Study) -> Said:
    answers = session.execute(
        select(
            StudyAnswer.response_id,
            StudyAnswer.answer_id,
            StudyAnswer.status,
            StudyAnswer.language,
            StudyAnswer.is_language_uncertain,
            StudyAnswer.campaign,
        )
        .join(Response, Response.id == StudyAnswer.response_id)
        .where(StudyAnswer.study_id == study.id)
        .order_by(Response.received_at, StudyAnswer.answer_id)
    ).all()
    place = {row.response_id: at for at, row in enumerate(answers)}
    keys = tuple(
        session.scalars(
            select(StudyKey.key).where(StudyKey.study_id == study.id).order_by(StudyKey.key)
        )
    )
    key_place = {key: at for at, key in enumerate(keys)}
    units = session.execute(
        select(StudyUnit.response_id, StudyUnit.key).where(StudyUnit.study_id == study.id)
    ).all()
    # What came or went between these statements is left out; the next look finds it.
    units = [unit for unit in units if unit.response_id in place and unit.key in key_place]
    return Said(
        place=place,
        answer_ids=tuple(row.answer_id for row in answers),
        has_content=_flags(row.status == RowStatus.CONTENT for row in answers),
        no_content=_flags(row.status == RowStatus.NO_CONTENT for row in answers),
        languages=tuple(row.language for row in answers),
        is_uncertain=_flags(row.is_language_uncertain for row in answers),
        campaign=np.array(
            [-1 if row.campaign is None else row.campaign for row in answers], dtype=np.intp
        ),
        unit_place=np.array([place[response] for response, _ in units], dtype=np.intp),
        unit_key=np.array([key_place[key] for _, key in units], dtype=np.intp),
        keys=keys,
    )


def _folded(session: Session, study: Study, about: Said) -> tuple[str, ...]:
    rows = session.execute(
        select(StudyUnit.key, func.min(StudyUnit.folded))
        .where(StudyUnit.study_id == study.id)
        .group_by(StudyUnit.key)
    )
    words: dict[str, str] = {row[0]: row[1] for row in rows}
    return tuple(words.get(key, "") for key in about.keys)


def _stands(session: Session, study: Study, about: Said) -> Stands:
    rows = session.execute(
        select(
            StudyKey.key,
            StudyKey.theme,
            StudyKey.decided_by,
            StudyKey.status,
            StudyKey.strength,
        )
        .where(StudyKey.study_id == study.id)
        .order_by(StudyKey.key)
    ).all()
    found = {row.key: row for row in rows}
    ordered = [found.get(key) for key in about.keys]  # None: it went a moment ago
    return Stands(
        theme=tuple(None if row is None else row.theme for row in ordered),
        by_person=_flags(row is not None and row.decided_by == "person" for row in ordered),
        is_uncertain=_flags(row is not None and row.status == "uncertain" for row in ordered),
        strength=np.array([row.strength if row else 0.0 for row in ordered], dtype=np.float64),
    )


def _flags(values: Iterable[bool]) -> Flags:
    return np.array(list(values), dtype=np.bool_)
