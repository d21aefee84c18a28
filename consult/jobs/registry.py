"""The kinds of work that there are: what runs them, and what pages say of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy.orm import Session

from consult.jobs.context import Context

Step: TypeAlias = Callable[[Session], Mapping[str, Any] | None]
"""Stores what the work has found, and returns the figures that the job keeps, if any.

It runs in the unit of work that marks the job done: both happen, once, or neither. Where the
database fails it in the middle it is run again, on a session that holds nothing.
"""

Work: TypeAlias = Callable[[Context], Step | None]
"""Does the long part, and returns the step that stores what came of it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of work. Its words are messages to be translated when they are shown."""

    name: str
    work: Work
    label: str
    stages: Mapping[str, str] = field(default_factory=dict)
    """What the work says it is doing, by the keys that it reports."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """What is wrong and what to do, by the keys of :class:`~consult.jobs.context.WorkFailed`."""
    figures: Mapping[str, str] = field(default_factory=dict)
    """What the figures of its result count, by their keys, in the order to show them."""


class Registry:
    """Kinds of work by name."""

    def __init__(self) -> None:
        self._kinds: dict[str, Kind] = {}

    def kind(
        self,
        name: str,
        *,
        label: str,
        stages: Mapping[str, str] | None = None,
        faults: Mapping[str, str] | None = None,
        figures: Mapping[str, str] | None = None,
    ) -> Callable[[Work], Work]:
        """Register a function as the work of a kind: ``@KINDS.kind("themes", label=...)``.

        Raises
        ------
        ValueError
            If there is a kind of that name.
        """
        if name in self._kinds:
            raise ValueError(f"there are two kinds of work named {name!r}")

        def register(work: Work) -> Work:
            self._kinds[name] = Kind(name, work, label, stages or {}, faults or {}, figures or {})
            return work

        return register

    def get(self, name: str) -> Kind | None:
        """The kind of that name, or nothing: the table may hold jobs of another version."""
        return self._kinds.get(name)

    @property
    def names(self) -> Collection[str]:
        """Names of all kinds."""
        return self._kinds.keys()
