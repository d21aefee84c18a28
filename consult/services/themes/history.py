"""What people did to the themes, the last act first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from analysis.errors import InputError
from analysis.themes.tracking.events import (
    Confirm,
    Create,
    Describe,
    Event,
    Hide,
    Lock,
    Merge,
    Move,
    Rename,
    Split,
    Undo,
    Unlock,
)
from analysis.themes.tracking.replay import made_ids, replay
from consult.models import Study
from consult.services.themes import studies
from consult.services.themes.acting import batch_of
from consult.services.themes.studies import Standing

ALWAYS = (Rename, Describe, Move, Confirm, Lock, Hide)
"""Edits that no later edit builds on."""

_NOBODY, _NEVER = "nobody", datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One act: an edit, or several that were made at once.

    Attributes
    ----------
    event : Event
        The first of them.
    sequences : tuple of int
    labels : tuple of str
        Of the themes that the event names, as they are called now, in the order of its fields;
        empty for none (a move out of every theme). Of a split first the theme's, then the
        parts'; of an undo those of what it takes back.
    target : Event or None
        Of an undo, what it takes back.
    is_undone, can_undo : bool
    """

    event: Event
    sequences: tuple[int, ...]
    labels: tuple[str, ...]
    target: Event | None
    is_undone: bool
    can_undo: bool


def history(
    session: Session, study: Study, *, before: int | None = None, limit: int = 50
) -> list[Line]:
    """Some of the acts, the last one first.

    Parameters
    ----------
    before : int, optional
        The first sequence of the last line seen: what was done before it.
    """
    standing = studies.standing(session, study)
    name = namer(standing)
    log = {event.sequence: event for event in standing.state.history}
    lines: list[Line] = []
    newest = max(log, default=0)
    sequence = newest if before is None else min(before - 1, newest)
    while sequence >= 1 and len(lines) < limit:
        sequences = tuple(batch_of(standing, sequence))
        event = log[sequences[0]]
        target = log[batch_of(standing, event.target)[0]] if isinstance(event, Undo) else None
        is_undone = event.sequence in standing.state.undone
        lines.append(
            Line(
                event=event,
                sequences=sequences,
                labels=tuple(name(theme) for theme in _named(_acted(event, log), standing)),
                target=target,
                is_undone=is_undone,
                can_undo=not is_undone and _can_undo(standing, event, sequences),
            )
        )
        sequence = sequences[0] - 1
    return lines


def namer(standing: Standing) -> Callable[[str | None], str]:
    """What tells the label of every theme that ever was, merged and undone ones too."""
    state = standing.state
    made: dict[str, str] = {}
    ids = _ids(standing)
    for event in state.history:
        if isinstance(event, Create):
            made[ids[event.sequence][0]] = event.label
        elif isinstance(event, Split):
            whole = made.get(event.theme) or (
                state.themes[event.theme].label if event.theme in state.themes else ""
            )
            for number, part in enumerate(ids[event.sequence]):
                made[part] = event.labels[number] if event.labels else f"{whole} {number + 1}"

    def name(theme: str | None) -> str:
        if theme is None:
            return ""
        if theme in state.themes:
            return state.themes[theme].label
        return made.get(theme, "")

    return name


def _ids(standing: Standing) -> dict[int, tuple[str, ...]]:
    return made_ids(standing.state.history, standing.frame or studies.NO_THEMES)


def _acted(event: Event, log: dict[int, Event]) -> Event:
    """What an undo of an undo of an edit is about in the end."""
    while isinstance(event, Undo):
        event = log[event.target]
    return event


def _named(event: Event, standing: Standing) -> list[str | None]:
    match event:
        case Rename() | Describe() | Confirm() | Hide():
            return [event.theme]
        case Lock() | Unlock():
            return [event.theme]
        case Merge():
            return [event.keep, event.gone]
        case Move():
            return [event.from_theme, event.to_theme]
        case Split() | Create():
            made = _ids(standing)[event.sequence]
            return [event.theme, *made] if isinstance(event, Split) else [*made]
    return []


def _can_undo(standing: Standing, event: Event, sequences: Sequence[int]) -> bool:
    if isinstance(event, ALWAYS):
        return True
    log = standing.state.history
    last = log[-1].sequence
    taken_back = [
        Undo(sequence=last + 1 + number, author=_NOBODY, at=_NEVER, target=target)
        for number, target in enumerate(reversed(sequences))
    ]
    try:
        replay(standing.frame or studies.NO_THEMES, [*log, *taken_back])
    except InputError:
        return False
    return True
