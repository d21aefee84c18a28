"""The answers of a study in the orders in which people read them.

Two orders are kept apart: the queue for review, with what the machine is least sure of first,
and a random one, whose head is read without seeing the machine's themes. Both come from
:mod:`analysis.themes.reviewing.review_queue`. Reading all statements of 20,000 responses takes
about a second, so a process remembers them until answers come or go.
"""

import threading
from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.orm import Session

from analysis.themes.reviewing.review_queue import audit_order, review_queue
from consult.models import Response, Study, StudyAnswer, StudyKey, StudyUnit
from consult.services.counted import counted
from consult.services.themes.holding import Counting, counting

_KEPT = 8
"""Studies whose answers a process remembers."""


@dataclass(frozen=True, slots=True)
class Lineup:
    """The responses that count and have content in a study.

    Attributes
    ----------
    responses, answers : tuple of UUID
        By response, ascending; everything below goes by their places.
    languages : tuple of str
        What the words are in.
    copies : tuple of int
        How many people sent the same letter; 1 for one's own words.
    best : tuple of float
        How sure the machine is of the statement that it is surest of.
    place : mapping of UUID to int
        Where a response stands.
    at_random : tuple of int
        All of them in the random order.
    keys : mapping of str to int
        Distinct statements, numbered.
    machine : tuple of (str or None)
        By statement, where the machine put it before any edit.
    unit_response, unit_key : ndarray of int
        For each statement that somebody made, whose it is, and which.
    """

    responses: tuple[UUID, ...]
    answers: tuple[UUID, ...]
    languages: tuple[str, ...]
    copies: tuple[int, ...]
    best: tuple[float, ...]
    place: Mapping[UUID, int]
    at_random: tuple[int, ...]
    keys: Mapping[str, int]
    machine: tuple[str | None, ...]
    unit_response: NDArray[np.intp]
    unit_key: NDArray[np.intp]

    def for_review(self, blind: tuple[int, ...], seed: int) -> tuple[int, ...]:
        """All responses but those that are read blind, as the queue has them."""
        queue = review_queue(
            np.array(self.best, dtype=np.float64)[:, None],
            [str(response) for response in self.responses],
            audit_size=0,
            seed=seed,
            copies=self.copies,
            decided=blind,
        )
        return queue.review


@dataclass(frozen=True, slots=True)
class _Stamp:
    """What a line-up hangs on: which answers were analysed, and which responses count."""

    analysed_at: datetime | None
    seed: int
    answer_count: int
    counting: Counting


_kept: OrderedDict[UUID, tuple[_Stamp, Lineup]] = OrderedDict()
_queues: OrderedDict[UUID, tuple[Lineup, tuple[int, ...], tuple[int, ...]]] = OrderedDict()
_guard = threading.Lock()


def lineup(session: Session, study: Study) -> Lineup:
    """The answers of a study that count just now."""
    now = _stamp(session, study)
    with _guard:
        known = _kept.get(study.id)
        if known is not None and known[0] == now:
            _kept.move_to_end(study.id)
            return known[1]
    found = _read(session, study)
    with _guard:
        _kept[study.id] = (now, found)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
    return found


def audit_sample(lined_up: Lineup, study: Study) -> tuple[int, ...]:
    """Places of the responses that are drawn for the audit, in their random order.

    None are before somebody asks for an audit: a small consultation would have few left to
    review.
    """
    return lined_up.at_random[: study.audit_size or 0]


def double_sample(lined_up: Lineup, study: Study) -> tuple[int, ...]:
    """Places of the responses that two colleagues read apart; those that are gone left out."""
    drawn = (UUID(each) for each in study.double_sample or ())
    return tuple(lined_up.place[each] for each in drawn if each in lined_up.place)


def queue_of(lined_up: Lineup, study: Study) -> tuple[int, ...]:
    """Places of the responses in the order of review, without those that are read blind."""
    blind = tuple(sorted({*audit_sample(lined_up, study), *double_sample(lined_up, study)}))
    with _guard:
        known = _queues.get(study.id)
    if known is not None and known[0] is lined_up and known[1] == blind:
        return known[2]
    order = lined_up.for_review(blind, study.seed)
    with _guard:
        _queues[study.id] = (lined_up, blind, order)
        while len(_queues) > _KEPT:
            _queues.popitem(last=False)
    return order


def _stamp(session: Session, study: Study) -> _Stamp:
    analysed = select(func.count()).where(StudyAnswer.study_id == study.id)
    return _Stamp(
        study.analysed_at, study.seed, session.scalar(analysed) or 0, counting(session, study)
    )


def _read(session: Session, study: Study) -> Lineup:
    people = session.execute(
        select(
            StudyAnswer.response_id,
            StudyAnswer.answer_id,
            type_coerce(StudyAnswer.answer_id, String).label("raw_answer_id"),
            StudyAnswer.language,
            StudyAnswer.campaign,
        )
        .join(Response, Response.id == StudyAnswer.response_id)
        .where(StudyAnswer.study_id == study.id, StudyAnswer.status == "content", counted())
        .order_by(StudyAnswer.response_id)
    ).all()
    statements = session.execute(
        select(StudyKey.key, StudyKey.machine_theme, StudyKey.strength).where(
            StudyKey.study_id == study.id
        )
    ).all()
    keys = {row.key: number for number, row in enumerate(statements)}
    place_of_answer = {row.raw_answer_id: place for place, row in enumerate(people)}
    unit_response, unit_key = _units(session, study, place_of_answer, keys)
    letters = Counter(row.campaign for row in people if row.campaign is not None)
    responses = tuple(row.response_id for row in people)
    return Lineup(
        responses=responses,
        answers=tuple(row.answer_id for row in people),
        languages=tuple(row.language for row in people),
        copies=tuple(1 if row.campaign is None else letters[row.campaign] for row in people),
        best=_best([row.strength for row in statements], unit_response, unit_key, len(people)),
        place={response: at for at, response in enumerate(responses)},
        at_random=audit_order([str(response) for response in responses], study.seed),
        keys=keys,
        machine=tuple(row.machine_theme for row in statements),
        unit_response=unit_response,
        unit_key=unit_key,
    )


def _units(
    session: Session, study: Study, places: Mapping[str, int], keys: Mapping[str, int]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Whose each statement is, and which.

    Ids stay as the database has them: to make 40,000 into objects takes half of the time.
    """
    rows = session.execute(
        select(type_coerce(StudyUnit.answer_id, String), StudyUnit.key).where(
            StudyUnit.study_id == study.id
        )
    )
    pairs = [
        (places[answer], keys[key]) for answer, key in rows if answer in places and key in keys
    ]
    table = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _best(
    strengths: list[float],
    unit_response: NDArray[np.intp],
    unit_key: NDArray[np.intp],
    count: int,
) -> tuple[float, ...]:
    best = np.zeros(count)
    np.maximum.at(best, unit_response, np.array(strengths, dtype=np.float64)[unit_key])
    return tuple(best.tolist())
