"""What people do to themes, as a log.

Nothing here changes a theme. An edit is written down, and
:func:`~.replay.replay` makes the themes from the log each time, so that who did
what stays readable, any edit can be undone, and the machine can run again underneath.

A log outlives the answers: give digests as unit keys where an answer can be withdrawn, not its
words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

from analysis.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One edit.

    Attributes
    ----------
    sequence : int
        Its place in the log, from 1; no two have the same. Where two edits contradict each
        other the later one holds.
    author : str
    at : datetime
        Aware, in UTC. For people: the order is the sequence's.
    """

    kind: ClassVar[str] = ""
    sequence: int
    author: str
    at: datetime

    def __post_init__(self) -> None:
        if self.sequence < 1:
            raise ValueError(f"sequence {self.sequence} is below 1")
        if not self.author:
            raise ValueError(f"edit {self.sequence} has no author")
        if self.at.utcoffset() != timedelta(0):
            raise ValueError(f"edit {self.sequence}: {self.at} is not an aware time in UTC")

    def to_dict(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        data = {field.name: _lists(getattr(self, field.name)) for field in fields(self)}
        return {"kind": self.kind, **data, "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename(Event):
    """Give a theme a label, which the machine then leaves alone."""

    kind: ClassVar[str] = "rename"
    theme: str
    label: str

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        _need(self.label, "A theme needs a label")


@dataclass(frozen=True, slots=True, kw_only=True)
class Describe(Event):
    """Say what a theme is about; an empty description takes it away."""

    kind: ClassVar[str] = "describe"
    theme: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Event):
    """Put one theme into another; whoever asks for the one that is gone gets the other."""

    kind: ClassVar[str] = "merge"
    keep: str
    gone: str

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if self.keep == self.gone:
            raise InputError("A theme cannot be merged with itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Event):
    """Part a theme; it stays as the group of its parts.

    Attributes
    ----------
    theme : str
    parts : tuple of tuple of str
        For each part, keys of units that belong there. The others go to the part whose units
        they are most like.
    labels : tuple of str
        One for each part, or none: then the theme's own with a number.
    """

    kind: ClassVar[str] = "split"
    theme: str
    parts: tuple[tuple[str, ...], ...]
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        if len(self.parts) < 2 or not all(self.parts):
            raise InputError("A theme is split into two or more parts, each with a unit or more")
        keys = [key for part in self.parts for key in set(part)]
        if len(set(keys)) != len(keys):
            raise InputError("A unit is in two parts of a split: leave it in one")
        if self.labels and len(self.labels) != len(self.parts):
            raise InputError(f"{len(self.parts)} parts but {len(self.labels)} labels")
        for label in self.labels:
            _need(label, "A theme needs a label")


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Event):
    """Say that a unit belongs to another theme.

    Attributes
    ----------
    unit_key : str
    from_theme : str or None
        Where its author saw it; None for nowhere. For the record alone: a colleague may have
        moved it in between, and the later edit holds.
    to_theme : str or None
        None says that it fits no theme.
    """

    kind: ClassVar[str] = "move"
    unit_key: str
    from_theme: str | None
    to_theme: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirm(Event):
    """Say that a unit does belong to a theme. Leaving a unit alone says nothing."""

    kind: ClassVar[str] = "confirm"
    unit_key: str
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(Event):
    """Make a theme by describing it, by naming units that belong to it, or both."""

    kind: ClassVar[str] = "create"
    label: str
    description: str = ""
    examples: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Event.__post_init__(self)
        _need(self.label, "A theme needs a label")
        if not self.examples:
            _need(self.description, "A new theme needs a description or examples")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock(Event):
    """Keep a theme as it is, but for the units that people put into it.

    Attributes
    ----------
    theme : str or None
        None locks the list: the machine proposes no further themes.
    """

    kind: ClassVar[str] = "lock"
    theme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlock(Event):
    """Let a theme, or with None the list, change again."""

    kind: ClassVar[str] = "unlock"
    theme: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide(Event):
    """Show a theme and its parts to nobody outside. Undo it to show them again."""

    kind: ClassVar[str] = "hide"
    theme: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Undo(Event):
    """Take an earlier edit back. Undoing an undo brings it again."""

    kind: ClassVar[str] = "undo"
    target: int


_KINDS: Mapping[str, type[Event]] = {
    kind.kind: kind
    for kind in (
        Rename, Describe, Merge, Split, Move, Confirm, Create, Lock, Unlock, Hide, Undo
    )
}  # fmt: skip


def event_from_dict(data: Mapping[str, Any]) -> Event:
    """Return the event that :meth:`Event.to_dict` wrote.

    Raises
    ------
    InputError
        If something is missing or damaged.
    """
    try:
        values = {name: _tuples(value) for name, value in data.items() if name != "kind"}
        at = datetime.fromisoformat(values.pop("at"))
        if at.utcoffset() == timedelta(0):
            at = at.astimezone(UTC)
        return _KINDS[data["kind"]](at=at, **values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"The log of edits is damaged ({error}): restore a backup") from error


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple) else value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


def _need(text: str, message: str) -> None:
    if not text.strip():
        raise InputError(message)
