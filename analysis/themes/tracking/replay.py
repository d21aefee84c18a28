"""From a log of edits to the themes as they stand.

The same frame and log give the same state, each time and on every machine. An edit that does
not fit is refused with the reason before it gets into the log, by replaying the log with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

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
from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.identity import theme_id
from analysis.themes.tracking.state import Decider, Pin, State, ThemeState


def replay(frame: Frame, events: Iterable[Event]) -> State:
    """Apply a log of edits to the machine's themes.

    Parameters
    ----------
    frame : Frame
        The machine's themes. The log fits a later frame too as long as every theme that it
        names is still there, if only as retired.
    events : iterable of Event
        In any order; their sequences count. An edit on a theme that was merged goes to the
        theme it is in. Pins on units that are gone are kept and do nothing.

    Raises
    ------
    InputError
        If an edit does not fit: an unknown theme, a theme that was split or is locked, an
        undo of nothing, or of an edit that others build on.
    ValueError
        If two events have one sequence.
    """
    log = sorted(events, key=lambda event: event.sequence)
    if len({event.sequence for event in log}) != len(log):
        raise ValueError("two edits of one sequence")
    undone = _undone(log)
    made = made_ids(log, frame)
    draft = _Draft(
        themes={t.id: ThemeState(t.id, t.label, retired=t.retired) for t in frame.themes},
        locked=frame.locked,
    )
    for event in log:
        if event.sequence not in undone:
            try:
                draft.apply(event, made.get(event.sequence, ()))
            except InputError as error:
                raise InputError(_refusal(event, log[-1], str(error))) from None
    return State(
        themes=draft.themes,
        pins=draft.pins,
        redirects=draft.redirects,
        groups=draft.groups,
        hidden=frozenset(draft.hidden),
        locked_themes=frozenset(draft.locked_themes),
        locked=draft.locked,
        history=tuple(log),
        undone=frozenset(undone),
        ids=frozenset(frame.ids).union(*made.values()),
    )


@dataclass(slots=True)
class _Draft:
    """A state while the log is gone through."""

    themes: dict[str, ThemeState]
    locked: bool
    pins: dict[str, Pin] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    locked_themes: set[str] = field(default_factory=set)

    def apply(self, event: Event, made: Sequence[str]) -> None:
        match event:
            case Rename():
                theme = self.open(event.theme)
                self.change(theme, label=event.label.strip(), label_by=Decider.PERSON)
            case Describe():
                self.change(self.open(event.theme), description=event.description.strip())
            case Merge():
                self.merge(event, *(self.whole(self.open(t)) for t in (event.keep, event.gone)))
            case Split():
                self.split(event, self.whole(self.open(event.theme)), made)
            case Move():
                target = event.to_theme
                self.pin(event, event.unit_key, None if target is None else self.find(target))
            case Confirm():
                self.pin(event, event.unit_key, self.find(event.theme))
            case Create():
                self.create(event, made[0])
            case Lock(theme=None) | Unlock(theme=None):
                self.locked = isinstance(event, Lock)
            case Lock(theme=str(name)):
                self.locked_themes.add(self.find(name))
            case Unlock(theme=str(name)):
                self.locked_themes.discard(self.find(name))
            case Hide():
                self.hide(self.find(event.theme))

    def find(self, theme: str) -> str:
        if theme not in self.themes:
            raise InputError(f"there is no theme {theme}")
        while theme in self.redirects:
            theme = self.redirects[theme]
        return theme

    def open(self, theme: str) -> str:
        theme = self.find(theme)
        if theme in self.locked_themes:
            raise InputError(f"“{self.themes[theme].label}” is locked: unlock it first")
        return theme

    def whole(self, theme: str) -> str:
        if theme in self.groups:
            parts = ", ".join(f"“{self.themes[part].label}”" for part in self.groups[theme])
            label = self.themes[theme].label
            raise InputError(f"“{label}” was split into {parts}: choose one of them")
        return theme

    def change(self, theme: str, **values: Any) -> None:
        self.themes[theme] = replace(self.themes[theme], **values)

    def merge(self, event: Merge, keep: str, gone: str) -> None:
        if keep == gone:
            raise InputError(f"{event.keep} and {event.gone} are one theme already")
        self.redirects[gone] = keep
        both_retired = self.themes[keep].retired and self.themes[gone].retired
        self.change(keep, retired=both_retired)

    def split(self, event: Split, theme: str, made: Sequence[str]) -> None:
        label = self.themes[theme].label
        labels = event.labels or tuple(f"{label} {at + 1}" for at in range(len(made)))
        for child, name, part in zip(made, labels, event.parts, strict=True):
            self.themes[child] = ThemeState(
                id=child,
                label=name.strip(),
                label_by=Decider.PERSON if event.labels else self.themes[theme].label_by,
                made_by=Decider.PERSON,
                seeds=tuple(sorted(set(part))),
            )
            for key in part:
                self.pin(event, key, child)
        self.groups[theme] = tuple(made)
        if theme in self.hidden:
            self.hide(theme)

    def create(self, event: Create, made: str) -> None:
        self.themes[made] = ThemeState(
            id=made,
            label=event.label.strip(),
            description=event.description.strip(),
            label_by=Decider.PERSON,
            made_by=Decider.PERSON,
            seeds=tuple(sorted(set(event.examples))),
        )
        for key in event.examples:
            self.pin(event, key, made)

    def pin(self, event: Event, key: str, theme: str | None) -> None:
        if theme is not None:
            self.whole(theme)
        self.pins[key] = Pin(theme, event.sequence, event.author, event.at)

    def hide(self, theme: str) -> None:
        self.hidden.add(theme)
        for part in self.groups.get(theme, ()):
            self.hide(self.find(part))


def _undone(log: Sequence[Event]) -> set[int]:
    """Return the sequences that are not in force, undoing of undoing included."""
    seen: dict[int, Event] = {}
    undone: set[int] = set()
    for event in log:
        if isinstance(event, Undo):
            if event.target not in seen:
                raise InputError(
                    f"Edit {event.sequence} cannot undo edit {event.target}: "
                    "there is none before it"
                )
            if event.target in undone:
                raise InputError(
                    f"Edit {event.sequence} cannot undo edit {event.target}: it is undone already"
                )
            target, out = seen[event.target], True
            # An undo that goes out of force puts back what it took out, and so on.
            while True:
                (undone.add if out else undone.discard)(target.sequence)
                if not isinstance(target, Undo):
                    break
                target, out = seen[target.target], not out
        seen[event.sequence] = event
    return undone


def made_ids(log: Iterable[Event], frame: Frame) -> dict[int, tuple[str, ...]]:
    """Return the ids of the themes that edits make, by sequence; the log in its order.

    Undone edits keep theirs, so that undoing one renames no other's themes. Nor does the
    machine's seed count: the log goes on when the machine runs again with another.
    """
    taken = set(frame.ids)
    made: dict[int, tuple[str, ...]] = {}
    for event in log:
        if isinstance(event, Split):
            contents = [(f"split of {event.theme}", part) for part in event.parts]
        elif isinstance(event, Create):
            contents = [(f"created: {event.description}", event.examples or (event.label,))]
        else:
            continue
        ids: list[str] = []
        for origin, keys in contents:
            ids.append(theme_id(keys, 0, taken, origin=origin))
            taken.add(ids[-1])
        made[event.sequence] = tuple(ids)
    return made


def _refusal(event: Event, last: Event, reason: str) -> str:
    said = f"{event.sequence} ({event.kind} by {event.author})"
    if isinstance(last, Undo) and event is not last:
        return (
            f"Edit {last.sequence} cannot undo edit {last.target}: "
            f"edit {said} would not fit any more, {reason}"
        )
    return f"Edit {said} does not fit: {reason}"
