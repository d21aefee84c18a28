"""The themes as they stand after people's edits."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from analysis.themes.tracking.events import Event


class Decider(StrEnum):
    """Whose judgement something is."""

    MACHINE = "machine"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class ThemeState:
    """A theme as it stands.

    Attributes
    ----------
    id, label, description : str
    label_by, made_by : Decider
        Who gave the label, and who made the theme.
    seeds : tuple of str
        Keys of the units that a person made it of, ascending; empty for the machine's.
    retired : bool
        As in :class:`~analysis.themes.tracking.frame.FrozenTheme`.
    """

    id: str
    label: str
    description: str = ""
    label_by: Decider = Decider.MACHINE
    made_by: Decider = Decider.MACHINE
    seeds: tuple[str, ...] = ()
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Pin:
    """A person's word on where a unit belongs; it beats any algorithm.

    Attributes
    ----------
    theme : str or None
        As the person said: follow it with :meth:`State.follow`. None: it fits no theme.
    sequence, author, at
        Of the edit that says so.
    """

    theme: str | None
    sequence: int
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """What a log of edits comes to.

    Attributes
    ----------
    themes : mapping of str to ThemeState
        By id, merged and split ones too; the frame's first, then as they were made.
    pins : mapping of str to Pin
        By unit key.
    redirects : mapping of str to str
        From a theme that was merged to the one it is in.
    groups : mapping of str to tuple of str
        From a theme that was split to its parts.
    hidden, locked_themes : frozenset of str
    locked : bool
        The machine proposes no further themes.
    history : tuple of Event
        Every edit, those that were undone too.
    undone : frozenset of int
        Sequences that are not in force.
    ids : frozenset of str
        Every id ever given out here, by edits that were undone too: never to be given again.
    """

    themes: Mapping[str, ThemeState]
    pins: Mapping[str, Pin]
    redirects: Mapping[str, str]
    groups: Mapping[str, tuple[str, ...]]
    hidden: frozenset[str]
    locked_themes: frozenset[str]
    locked: bool
    history: tuple[Event, ...]
    undone: frozenset[int]
    ids: frozenset[str]

    @property
    def standing(self) -> tuple[str, ...]:
        """Ids of the themes that are neither merged nor split, in order."""
        return tuple(
            name for name in self.themes if name not in self.redirects and name not in self.groups
        )

    def follow(self, theme: str) -> str:
        """Return the theme that a theme is in now: itself unless it was merged."""
        while theme in self.redirects:
            theme = self.redirects[theme]
        return theme

    def to_dict(self) -> dict[str, Any]:
        """Return what is in force, as JSON can hold it; how it came about is not in it."""
        return {
            "themes": [
                {
                    "id": theme.id,
                    "label": theme.label,
                    "description": theme.description,
                    "label_by": theme.label_by,
                    "made_by": theme.made_by,
                    "seeds": list(theme.seeds),
                    "retired": theme.retired,
                }
                for theme in self.themes.values()
            ],
            "pins": {
                key: {
                    "theme": pin.theme,
                    "sequence": pin.sequence,
                    "author": pin.author,
                    "at": pin.at.isoformat(),
                }
                for key, pin in self.pins.items()
            },
            "redirects": dict(self.redirects),
            "groups": {name: list(parts) for name, parts in self.groups.items()},
            "hidden": sorted(self.hidden),
            "locked_themes": sorted(self.locked_themes),
            "locked": self.locked,
        }

    def digest(self) -> str:
        """Return the SHA-256 of :meth:`to_dict`: equal for two states in which the same holds."""
        text = json.dumps(self.to_dict(), sort_keys=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()
