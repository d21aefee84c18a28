"""Taking a person's word on the statements of one answer, and taking it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.themes.tracking.state import State
from consult.models import Study
from consult.services.reviewing.queue import is_decided, keys_of, response_with
from consult.services.themes import editing
from consult.services.themes.answers import UnitLine, units_by_id
from consult.services.themes.studies import locked, standing


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person said of one statement."""

    unit_id: UUID
    shown: str | None
    """The theme that it was shown in; None for none."""
    chosen: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of a person's word on an answer.

    Attributes
    ----------
    confirmed, moved : int
        Statements.
    by_others : int
        Statements that a colleague decided otherwise while this person looked: theirs stands.
    changed : int
        Statements that are elsewhere than they were shown, by an edit of the themes or by a new
        analysis: whoever agreed to what they saw has to look again.
    """

    confirmed: int = 0
    moved: int = 0
    by_others: int = 0
    changed: int = 0


class ThemesGone(Exception):
    """Themes that were chosen are not there any more, or were split; nothing has changed.

    Attributes
    ----------
    refusals : mapping of UUID to EditRefused
        By statement.
    """

    def __init__(self, refusals: Mapping[UUID, editing.EditRefused]) -> None:
        super().__init__(len(refusals))
        self.refusals = refusals


class AnswerGone(LookupError):
    """The answer was withdrawn, changed or excluded, or its statements are others now."""


class NotTheirs(LookupError):
    """What somebody wants to take back is not theirs, or is not in force."""


def decide(
    session: Session,
    study_id: UUID,
    choices: Sequence[Choice],
    *,
    seen: int,
    actor: str,
    now: datetime,
) -> Decided:
    """Take a person's word on statements of one answer.

    Parameters
    ----------
    choices : sequence of Choice
    seen : int
        The last edit when the answer was shown: what colleagues decided later stands.

    Raises
    ------
    AnswerGone
        If none of the statements is there any more.
    ThemesGone
        If a chosen theme was split meanwhile, or is not there.
    """
    study = locked(session, study_id)
    state = standing(session, study).state
    gone = {
        choice.unit_id: refusal
        for choice in choices
        if choice.chosen != choice.shown and (refusal := _refusal(state, choice.chosen))
    }
    if gone:
        raise ThemesGone(gone)
    units = units_by_id(session, study, [choice.unit_id for choice in choices])
    if not units:
        raise AnswerGone
    confirmed: list[str] = []
    moved: dict[str | None, list[str]] = {}
    by_others = changed = 0
    for choice in choices:
        unit = units.get(choice.unit_id)
        if unit is None:
            changed += 1
        elif _was_decided_since(state, unit.key, seen, actor):
            by_others += _follow(state, choice.chosen) != unit.theme
        elif choice.chosen != choice.shown:
            moved.setdefault(choice.chosen, []).append(unit.key)
        elif _follow(state, choice.shown) != unit.theme:
            changed += 1
        elif is_decided(state, unit.key):
            continue
        else:
            confirmed.append(unit.key)
    for theme, keys in moved.items():
        editing.move(session, study_id, keys, theme, actor=actor, now=now)
    if confirmed:
        editing.confirm(session, study_id, confirmed, actor=actor, now=now)
    count = sum(len(keys) for keys in moved.values())
    return Decided(len(confirmed), count, by_others, changed)


def new_theme(
    session: Session,
    study_id: UUID,
    unit_id: UUID,
    label: str,
    description: str,
    *,
    actor: str,
    now: datetime,
) -> UUID:
    """Make a theme of a statement, and return the response that holds it.

    Raises
    ------
    AnswerGone
        If the statement is not there any more.
    EditRefused
        If the label is empty or too long.
    """
    study = locked(session, study_id)
    unit = one_unit(session, study, unit_id)
    editing.create(session, study_id, label, description, [unit.key], actor=actor, now=now)
    return unit.response_id


def one_unit(session: Session, study: Study, unit_id: UUID) -> UnitLine:
    """A statement of an answer that counts.

    Raises
    ------
    AnswerGone
        If it is not there any more.
    """
    found = units_by_id(session, study, [unit_id]).get(unit_id)
    if found is None:
        raise AnswerGone
    return found


def take_back(
    session: Session, study_id: UUID, sequences: Sequence[int], *, actor: str, now: datetime
) -> UUID | None:
    """Undo what a person decided, and return a response that it was about, if one is left.

    Raises
    ------
    NotTheirs
        If an edit is a colleague's, is not there, or was taken back already.
    EditRefused
        If later edits build on it.
    """
    study = locked(session, study_id)
    before = standing(session, study)
    events = {event.sequence: event for event in before.state.history}
    for sequence in sequences:
        event = events.get(sequence)
        if event is None or event.author != actor or sequence in before.state.undone:
            raise NotTheirs
    acts = set(sequences)
    keys = [
        key
        for event in events.values()
        if before.batches.get(event.sequence, event.sequence) in acts
        for key in keys_of(event)
    ]
    for sequence in sorted(acts, reverse=True):
        editing.undo(session, study_id, sequence, actor=actor, now=now)
    return response_with(session, study, tuple(keys))


def _refusal(state: State, theme: str | None) -> editing.EditRefused | None:
    """Why a statement cannot be put into a theme."""
    if theme is None:
        return None
    if theme not in state.themes:
        return editing.EditRefused(editing.Refusal.UNKNOWN_THEME)
    now = state.follow(theme)
    if now not in state.groups:
        return None
    parts = tuple((part, state.themes[part].label) for part in state.groups[now])
    return editing.EditRefused(editing.Refusal.WAS_SPLIT, state.themes[now].label, parts)


def _was_decided_since(state: State, key: str, seen: int, actor: str) -> bool:
    pin = state.pins.get(key)
    return pin is not None and pin.sequence > seen and pin.author != actor


def _follow(state: State, theme: str | None) -> str | None:
    """The theme that a theme is in now; a name that is none stays as it is."""
    return state.follow(theme) if theme is not None else None
