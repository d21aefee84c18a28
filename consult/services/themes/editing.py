"""Edits of themes: each is an event in a log, and each moves the statements that it concerns.

Every function locks the study, tries the log with the new event, refuses with
:class:`EditRefused` or appends it, settles the statements concerned, and returns the event's
sequence (of several the last one's; where nothing changes, the last one of the log). A theme
that was merged meanwhile is followed; nobody's edit is overwritten, the later one holds. The
caller's unit of work commits.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.themes.tracking.events import (
    Confirm,
    Create,
    Describe,
    Hide,
    Lock,
    Merge,
    Move,
    Rename,
    Split,
    Undo,
    Unlock,
)
from analysis.themes.tracking.state import Decider
from consult.services.themes.acting import (
    LONGEST_LABEL,
    EditRefused,
    Made,
    Refusal,
    batch_of,
    begin,
    label_of_use,
)
from consult.services.themes.adopting import adopt
from consult.services.themes.history import Line, history
from consult.services.themes.proposing import (
    ProposedPart,
    closest_pair,
    loosest,
    propose_split,
    proposed_parts,
)

__all__ = [
    "LONGEST_LABEL",
    "EditRefused",
    "Line",
    "ProposedPart",
    "Refusal",
    "adopt",
    "closest_pair",
    "confirm",
    "create",
    "describe",
    "hide",
    "history",
    "lock",
    "loosest",
    "merge",
    "move",
    "propose_split",
    "proposed_parts",
    "rename",
    "split",
    "undo",
    "unlock",
]


def rename(
    session: Session, study_id: UUID, theme: str, label: str, *, actor: str, now: datetime
) -> int:
    """Give a theme a label of one's own; giving it the machine's says that it is right.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    name = label_of_use(label)
    here = act.unlocked(theme)
    standing = act.state.themes[here]
    if standing.label == name and standing.label_by is Decider.PERSON:
        return act.nothing()
    return act.append(
        lambda sequence, at: Rename(sequence=sequence, author=actor, at=at, theme=here, label=name)
    )


def describe(
    session: Session, study_id: UUID, theme: str, text: str, *, actor: str, now: datetime
) -> int:
    """Say what a theme is about; an empty text takes the description away.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    here = act.unlocked(theme)
    said = text.strip()
    if act.state.themes[here].description == said:
        return act.nothing()
    return act.append(
        lambda sequence, at: Describe(
            sequence=sequence, author=actor, at=at, theme=here, description=said
        )
    )


def merge(
    session: Session, study_id: UUID, keep: str, gone: str, *, actor: str, now: datetime
) -> int:
    """Put one theme into another.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    stays, goes = (act.whole(act.unlocked(theme)) for theme in (keep, gone))
    if stays == goes:
        raise EditRefused(Refusal.SAME_THEME, act.state.themes[stays].label)
    return act.append(
        lambda sequence, at: Merge(sequence=sequence, author=actor, at=at, keep=stays, gone=goes)
    )


def split(
    session: Session,
    study_id: UUID,
    theme: str,
    parts: Sequence[Sequence[str]],
    labels: Sequence[str] = (),
    *,
    actor: str,
    now: datetime,
) -> int:
    """Part a theme: keys of statements for each part; the theme's others go to the nearest.

    Statements that a colleague has moved out of it meanwhile stay where they are.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    here = act.whole(act.unlocked(theme))
    label = act.state.themes[here].label
    names = tuple(label_of_use(name) for name in labels)
    stands = act.where([key for part in parts for key in part])
    chosen = [tuple(k for k in dict.fromkeys(part) if stands.get(k) == here) for part in parts]
    if len(chosen) < 2 or not all(chosen) or (names and len(names) != len(chosen)):
        raise EditRefused(Refusal.NO_UNITS, label)
    if len({key for part in chosen for key in part}) != sum(map(len, chosen)):
        raise EditRefused(Refusal.IN_TWO_PARTS, label)
    return act.append(
        lambda sequence, at: Split(
            sequence=sequence, author=actor, at=at, theme=here, parts=tuple(chosen), labels=names
        )
    )


def move(
    session: Session,
    study_id: UUID,
    keys: Sequence[str],
    to_theme: str | None,
    *,
    actor: str,
    now: datetime,
) -> int:
    """Say where statements belong; None: in no theme. Those that are gone are passed over.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    target = None if to_theme is None else act.whole(act.found(to_theme))
    return act.append(
        *(partial(_moved, actor, key, theme, target) for key, theme in act.where(keys).items())
    )


def confirm(
    session: Session, study_id: UUID, keys: Sequence[str], *, actor: str, now: datetime
) -> int:
    """Say that statements are right where they are now, if that is in no theme, too.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)

    def said(key: str, theme: str | None) -> Made:
        if theme is None:
            return partial(_moved, actor, key, None, None)
        here = act.whole(theme)
        return lambda sequence, at: Confirm(
            sequence=sequence, author=actor, at=at, unit_key=key, theme=here
        )

    return act.append(*(said(key, theme) for key, theme in act.where(keys).items()))


def create(
    session: Session,
    study_id: UUID,
    label: str,
    description: str = "",
    keys: Sequence[str] = (),
    *,
    actor: str,
    now: datetime,
) -> int:
    """Make a theme by naming statements, by describing it, or both.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    name, said = label_of_use(label), description.strip()
    if not keys and not said:
        raise EditRefused(Refusal.NO_UNITS)
    examples = tuple(act.where(keys)) if keys else ()
    return act.append(
        lambda sequence, at: Create(
            sequence=sequence,
            author=actor,
            at=at,
            label=name,
            description=said,
            examples=examples,
        )
    )


def lock(session: Session, study_id: UUID, theme: str | None, *, actor: str, now: datetime) -> int:
    """Keep a theme as it is; None: the machine proposes no further themes.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    here = None if theme is None else act.found(theme)
    if act.state.locked if here is None else here in act.state.locked_themes:
        return act.nothing()
    return act.append(lambda sequence, at: Lock(sequence=sequence, author=actor, at=at, theme=here))


def unlock(
    session: Session, study_id: UUID, theme: str | None, *, actor: str, now: datetime
) -> int:
    """Let a theme, or with None the list, change again.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    here = None if theme is None else act.found(theme)
    if not (act.state.locked if here is None else here in act.state.locked_themes):
        return act.nothing()
    return act.append(
        lambda sequence, at: Unlock(sequence=sequence, author=actor, at=at, theme=here)
    )


def hide(session: Session, study_id: UUID, theme: str, *, actor: str, now: datetime) -> int:
    """Show a theme to nobody outside. Undo it to show it again.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    here = act.found(theme)
    if here in act.state.hidden:
        return act.nothing()
    return act.append(lambda sequence, at: Hide(sequence=sequence, author=actor, at=at, theme=here))


def undo(session: Session, study_id: UUID, sequence: int, *, actor: str, now: datetime) -> int:
    """Take back the act that a sequence belongs to; undoing an undo brings it again.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    if not 1 <= sequence <= act.study.last_sequence:
        raise EditRefused(Refusal.UNKNOWN_EDIT)
    targets = list(batch_of(act.standing, sequence))
    if not act.state.undone.isdisjoint(targets):
        raise EditRefused(Refusal.UNDONE_ALREADY)
    return act.append(*(partial(_undone, actor, target) for target in reversed(targets)))


def _moved(
    actor: str, key: str, theme: str | None, target: str | None, sequence: int, at: datetime
) -> Move:
    return Move(
        sequence=sequence, author=actor, at=at, unit_key=key, from_theme=theme, to_theme=target
    )


def _undone(actor: str, target: int, sequence: int, at: datetime) -> Undo:
    return Undo(sequence=sequence, author=actor, at=at, target=target)
