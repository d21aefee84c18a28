"""The queue for review: which answer a person looks at next, and how far they are."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.tracking.events import Confirm, Create, Event, Move
from analysis.themes.tracking.state import State
from consult.models import Study, StudyUnit
from consult.services.reviewing.lineup import Lineup, lineup, queue_of
from consult.services.themes.studies import Standing, standing

DECISIONS = (Confirm, Move, Create)
"""Edits by which a person says where statements belong."""


@dataclass(frozen=True, slots=True)
class Turn:
    """An answer whose turn it is."""

    response_id: UUID
    copies: int
    """How many people sent this letter; 1 for one's own words."""


@dataclass(frozen=True, slots=True)
class Queue:
    """How far the review is.

    Attributes
    ----------
    lined_up : Lineup
        The answers that it was made of.
    turn : Turn or None
        What to look at now; None when nothing is left after what was skipped.
    total : int
        Responses with content that are not read blind.
    looked_at : int
        Of them, those of which every statement was decided by a person.
    skipped : int
        Those before the place where this person is, with something left to decide.
    blind : int
        Responses that are kept out of the queue, to be read without the machine's themes.
    today : int
        Answers that this person decided since midnight.
    undoable : Last or None
        What this person decided last.
    """

    lined_up: Lineup
    turn: Turn | None
    total: int
    looked_at: int
    skipped: int
    blind: int
    today: int
    undoable: "Last | None"


@dataclass(frozen=True, slots=True)
class Last:
    """What somebody decided last, in one go."""

    sequences: tuple[int, ...]
    keys: tuple[str, ...]


def look(
    session: Session,
    study: Study,
    *,
    actor: str,
    midnight: datetime,
    after: UUID | None = None,
    wanted: UUID | None = None,
) -> Queue:
    """Find what to look at next.

    Parameters
    ----------
    actor : str
        Who asks.
    midnight : datetime
        When the person's day began.
    after : UUID, optional
        Go on behind this response, which was skipped.
    wanted : UUID, optional
        Show this response, decided or not, if it is in the queue.
    """
    lined_up = lineup(session, study)
    order = queue_of(lined_up, study)
    now = standing(session, study)
    left = _left_to_decide(lined_up, now.state).tolist()
    begin = 0
    if after is not None and after in lined_up.place:
        begin = next((n for n, at in enumerate(order, 1) if at == lined_up.place[after]), 0)
    waiting = [at for at in order if left[at]]
    ahead = next((at for at in order[begin:] if left[at]), None)
    if wanted is not None and wanted in lined_up.place and lined_up.place[wanted] in set(order):
        ahead = lined_up.place[wanted]
    return Queue(
        lined_up=lined_up,
        turn=None
        if ahead is None
        else Turn(response_id=lined_up.responses[ahead], copies=lined_up.copies[ahead]),
        total=len(order),
        looked_at=len(order) - len(waiting),
        skipped=sum(1 for at in order[:begin] if left[at]),
        blind=len(lined_up.responses) - len(order),
        today=decided_since(now.state, actor, midnight),
        undoable=last_decision(now, actor),
    )


def is_decided(state: State, key: str) -> bool:
    """Whether a person's word says where a statement is: as ``resolve`` has it."""
    pin = state.pins.get(key)
    return pin is not None and (pin.theme is None or state.follow(pin.theme) not in state.groups)


def last_decision(now: Standing, actor: str) -> Last | None:
    """What a person decided last and has not taken back."""
    found: list[Event] = []
    for event in reversed(now.state.history):
        if event.author != actor or event.sequence in now.state.undone:
            continue
        if found and event.at != found[0].at:
            break
        if isinstance(event, DECISIONS):
            found.append(event)
    if not found:
        return None
    acts = {now.batches.get(event.sequence, event.sequence) for event in found}
    keys = [key for event in reversed(found) for key in keys_of(event)]
    return Last(tuple(sorted(acts)), tuple(dict.fromkeys(keys)))


def decided_since(state: State, actor: str, since: datetime) -> int:
    """In how many goes a person decided something: for one answer there is one."""
    goes = set()
    for event in reversed(state.history):
        if event.at < since:
            break
        is_theirs = event.author == actor and isinstance(event, DECISIONS)
        if is_theirs and event.sequence not in state.undone:
            goes.add(event.at)
    return len(goes)


def response_with(session: Session, study: Study, keys: tuple[str, ...]) -> UUID | None:
    """A response that counts and holds one of these statements, for going back to it."""
    lined_up = lineup(session, study)
    held = set(
        session.scalars(
            select(StudyUnit.response_id).where(
                StudyUnit.study_id == study.id, StudyUnit.key.in_(keys)
            )
        )
    )
    places = {lined_up.place[each] for each in held if each in lined_up.place}
    return next((lined_up.responses[at] for at in queue_of(lined_up, study) if at in places), None)


def _left_to_decide(lined_up: Lineup, state: State) -> NDArray[np.bool_]:
    """By response, whether a statement of it waits for a person's word."""
    open_keys = np.ones(len(lined_up.keys), dtype=bool)
    decided = [key for key in state.pins if key in lined_up.keys and is_decided(state, key)]
    open_keys[[lined_up.keys[key] for key in decided]] = False
    left = np.zeros(len(lined_up.responses), dtype=bool)
    left[lined_up.unit_response[open_keys[lined_up.unit_key]]] = True
    return left


def keys_of(event: Event) -> tuple[str, ...]:
    """The statements that a decision is about."""
    match event:
        case Confirm() | Move():
            return (event.unit_key,)
        case Create():
            return event.examples
    return ()
