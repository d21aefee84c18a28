"""How an edit gets into the log: tried first, refused with its reason, else written and settled."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from analysis.errors import InputError
from analysis.themes.tracking.events import Event
from analysis.themes.tracking.replay import replay
from analysis.themes.tracking.state import State
from consult.models import Study, StudyEvent, StudyKey
from consult.services.themes import settling, studies
from consult.services.themes.studies import BATCH, Standing

LONGEST_LABEL = 200

Made = Callable[[int, datetime], Event]
"""Makes an event of a sequence and a time."""


class Refusal(StrEnum):
    """Why an edit cannot be made."""

    UNKNOWN_THEME = "unknown_theme"
    SAME_THEME = "same_theme"
    """The two themes are one already."""
    WAS_SPLIT = "was_split"
    """The theme is a group of parts now: choose one of them."""
    LOCKED = "locked"
    LIST_LOCKED = "list_locked"
    NO_LABEL = "no_label"
    LABEL_TOO_LONG = "label_too_long"
    NO_UNITS = "no_units"
    """Nothing was chosen, or a part of a split is empty."""
    UNKNOWN_UNIT = "unknown_unit"
    """A statement that is not there, or not any more."""
    IN_TWO_PARTS = "in_two_parts"
    NOT_UNDOABLE = "not_undoable"
    """Later edits build on it."""
    UNDONE_ALREADY = "undone_already"
    UNKNOWN_EDIT = "unknown_edit"
    UNKNOWN_SUGGESTION = "unknown_suggestion"
    TOO_FEW = "too_few"
    """Too few different statements to split, or too few themes to have fewer."""


class EditRefused(Exception):
    """An edit cannot be made; nothing has changed.

    Attributes
    ----------
    reason : Refusal
    label : str
        Of the theme that it is about; empty where it is about none.
    parts : tuple of (str, str)
        Ids and labels of its parts, where it was split.
    """

    def __init__(
        self, reason: Refusal, label: str = "", parts: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.label = label
        self.parts = parts


@dataclass(frozen=True, slots=True)
class Act:
    """One act of a person on a study that is held, with the themes as they stand before it."""

    session: Session
    study: Study
    standing: Standing
    actor: str
    now: datetime

    @property
    def state(self) -> State:
        """The themes as they stand before the act."""
        return self.standing.state

    def append(self, *made: Made) -> int:
        """Write events, move the statements that they concern, and return the last sequence.

        Raises
        ------
        EditRefused
            If the log does not take them: an edit that others build on is undone.
        """
        first = self.study.last_sequence + 1
        at = self.now.astimezone(UTC)
        events = [each(first + number, at) for number, each in enumerate(made)]
        frame = self.standing.frame or studies.NO_THEMES
        try:
            after = replay(frame, [*self.state.history, *events])
        except InputError:
            raise EditRefused(Refusal.NOT_UNDOABLE) from None
        batch = {BATCH: first} if len(events) > 1 else {}
        self.session.execute(
            insert(StudyEvent),
            [
                {
                    "study_id": self.study.id,
                    "sequence": event.sequence,
                    "kind": event.kind,
                    "author": event.author,
                    "at": event.at,
                    "data": {**event.to_dict(), **batch},
                }
                for event in events
            ],
        )
        self.study.last_sequence = events[-1].sequence
        self.study.revision += 1
        self.session.flush()
        settling.settle(self.session, self.study.id, after, before=self.state)
        return events[-1].sequence

    def nothing(self) -> int:
        """The act changes nothing: what it asks for is so already."""
        return self.study.last_sequence

    def found(self, theme: str) -> str:
        """The theme that a theme is in now.

        Raises
        ------
        EditRefused
            If there is none of that id.
        """
        if theme not in self.state.themes:
            raise EditRefused(Refusal.UNKNOWN_THEME)
        return self.state.follow(theme)

    def unlocked(self, theme: str) -> str:
        """The theme that a theme is in now, if it may be changed.

        Raises
        ------
        EditRefused
            If there is none of that id, or it is locked.
        """
        here = self.found(theme)
        if here in self.state.locked_themes:
            raise EditRefused(Refusal.LOCKED, self.state.themes[here].label)
        return here

    def whole(self, theme: str) -> str:
        """A theme that was followed, if it is not a group of parts.

        Raises
        ------
        EditRefused
            If it was split.
        """
        if theme in self.state.groups:
            parts = tuple(
                (part, self.state.themes[part].label) for part in self.state.groups[theme]
            )
            raise EditRefused(Refusal.WAS_SPLIT, self.state.themes[theme].label, parts)
        return theme

    def where(self, keys: Collection[str]) -> dict[str, str | None]:
        """The themes of those statements that are there, in the order given.

        Raises
        ------
        EditRefused
            If none was named, or none of them is there.
        """
        named = list(dict.fromkeys(keys))
        if not named:
            raise EditRefused(Refusal.NO_UNITS)
        stands: dict[str, str | None] = {}
        for some in settling.chunks(named):
            rows = self.session.execute(
                select(StudyKey.key, StudyKey.theme).where(
                    StudyKey.study_id == self.study.id, StudyKey.key.in_(some)
                )
            )
            stands.update((row.key, row.theme) for row in rows)
        if not stands:
            raise EditRefused(Refusal.UNKNOWN_UNIT)
        return {key: stands[key] for key in named if key in stands}


def begin(session: Session, study_id: UUID, actor: str, now: datetime) -> Act:
    """Hold a study for an act.

    Raises
    ------
    consult.services.themes.studies.NoSuchStudy
        If there is none of that id.
    """
    study = studies.locked(session, study_id)
    return Act(session, study, studies.standing(session, study), actor, now)


def label_of_use(label: str) -> str:
    """A label as it is kept.

    Raises
    ------
    EditRefused
        If it is blank or too long.
    """
    tidy = " ".join(label.split())
    if not tidy:
        raise EditRefused(Refusal.NO_LABEL)
    if len(tidy) > LONGEST_LABEL:
        raise EditRefused(Refusal.LABEL_TOO_LONG)
    return tidy


def batch_of(standing: Standing, sequence: int) -> Sequence[int]:
    """All sequences of the act that a sequence belongs to, in order."""
    first = standing.batches.get(sequence)
    if first is None:
        return [sequence]
    return sorted(each for each, start in standing.batches.items() if start == first)
