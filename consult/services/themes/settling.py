"""Where each statement stands after an edit, written down so that pages can count by it.

:func:`analysis.themes.tracking.resolving.resolve` says where statements stand. After an edit
only those are looked at whose theme or whose pin the edit touched: the result is the same as
if all were.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from analysis.themes.embedding.protocol import Vectors
from analysis.themes.tracking.resolving import resolve
from analysis.themes.tracking.state import Pin, State
from consult.models import StudyKey
from consult.services.themes import keys as stored_keys

AT_ONCE = 900
"""Keys in one statement to the database."""

Landing = tuple[Any, ...]
"""Where what starts from a theme ends up: nowhere, in a theme, or in the parts of a group."""


class Row(NamedTuple):
    """A statement as it stands in the database."""

    key: str
    machine_theme: str | None
    theme: str | None
    decided_by: str


def settle(session: Session, study_id: UUID, after: State, before: State | None = None) -> int:
    """Write down where statements stand, and say how many stand elsewhere now.

    Parameters
    ----------
    after : State
        The themes as they stand now.
    before : State, optional
        As they stood when all rows were right; without it every row is looked at.
    """
    return _settle_rows(session, study_id, after, _rows(session, study_id, after, before))


def settle_keys(session: Session, study_id: UUID, after: State, keys: Collection[str]) -> int:
    """Write down where some statements stand, and say how many stand elsewhere now."""
    return _settle_rows(session, study_id, after, _all_of(session, study_id, keys))


def _settle_rows(session: Session, study_id: UUID, after: State, rows: Sequence[Row]) -> int:
    starts = landings(after)
    apart: list[Row] = []
    plain: list[Row] = []
    for row in rows:
        pin = after.pins.get(row.key)
        origins = (row.machine_theme, None if pin is None else pin.theme)
        grouped = any(theme is not None and starts[theme][:1] == ("group",) for theme in origins)
        (apart if grouped else plain).append(row)
    changed = _changed(plain, after, None)
    if apart:
        asked = {row.key for row in apart}
        beside = _all_of(session, study_id, seeds(after) - asked)
        vectors = _vectors(session, study_id, [row.key for row in (*apart, *beside)])
        for stand, found in _changed([*apart, *beside], after, vectors).items():
            changed[stand].extend(key for key in found if key in asked)
    _write(session, study_id, changed)
    return sum(len(found) for found in changed.values())


def landings(state: State) -> Mapping[str, Landing]:
    """For every theme ever, where a statement ends up that starts from it."""
    known: dict[str, Landing] = {}

    def of(theme: str) -> Landing:
        if theme not in known:
            if theme not in state.themes:
                known[theme] = ()
            elif (here := state.follow(theme)) in state.groups:
                parts = state.groups[here]
                known[theme] = (
                    "group",
                    here,
                    tuple((part, state.themes[part].seeds, of(part)) for part in parts),
                )
            else:
                known[theme] = ("theme", here)
        return known[theme]

    for theme in (*state.ids, *state.themes):
        of(theme)
    return known


def touched_themes(before: State, after: State) -> set[str]:
    """Themes from which a statement ends up elsewhere than it did."""
    old, new = landings(before), landings(after)
    return {theme for theme in {*old, *new} if old.get(theme, ()) != new.get(theme, ())}


def _rows(session: Session, study_id: UUID, after: State, before: State | None) -> list[Row]:
    if before is None:
        return _select(session, study_id)
    themes = touched_themes(before, after)
    pinned = {
        key
        for key in {*before.pins, *after.pins}
        if _pinned_to(before.pins.get(key)) != _pinned_to(after.pins.get(key))
        or ((pin := after.pins.get(key)) is not None and pin.theme in themes)
    }
    if not themes and not pinned:
        return []
    if len(pinned) > AT_ONCE:
        return [
            row
            for row in _select(session, study_id)
            if row.machine_theme in themes or row.key in pinned
        ]
    wanted = []
    if themes:
        wanted.append(StudyKey.machine_theme.in_(sorted(themes)))
    if pinned:
        wanted.append(StudyKey.key.in_(sorted(pinned)))
    return _select(session, study_id, or_(*wanted))


def _pinned_to(pin: Pin | None) -> tuple[str | None] | None:
    return None if pin is None else (pin.theme,)


def _select(session: Session, study_id: UUID, *wanted: ColumnElement[bool]) -> list[Row]:
    found = session.execute(
        select(StudyKey.key, StudyKey.machine_theme, StudyKey.theme, StudyKey.decided_by)
        .where(StudyKey.study_id == study_id, *wanted)
        .order_by(StudyKey.key)
    )
    return [Row(*row) for row in found]


def _all_of(session: Session, study_id: UUID, keys: Collection[str]) -> list[Row]:
    return [
        row
        for some in chunks(sorted(keys))
        for row in _select(session, study_id, StudyKey.key.in_(some))
    ]


def seeds(state: State) -> set[str]:
    """Statements by which people split themes: the others follow them."""
    return {
        seed
        for parts in state.groups.values()
        for part in parts
        for seed in state.themes[part].seeds
    }


def _vectors(session: Session, study_id: UUID, keys: Sequence[str]) -> Vectors:
    found: dict[str, bytes] = {}
    for some in chunks(keys):
        rows = session.execute(
            select(StudyKey.key, StudyKey.vector).where(
                StudyKey.study_id == study_id, StudyKey.key.in_(some)
            )
        )
        found.update((row.key, row.vector) for row in rows)
    return stored_keys.from_bytes([found[key] for key in keys])


def _changed(
    rows: Sequence[Row], state: State, vectors: Vectors | None
) -> dict[tuple[str | None, str], list[str]]:
    """Keys that stand elsewhere than their rows say, by theme and by who decided."""
    found = resolve(state, [row.key for row in rows], [row.machine_theme for row in rows], vectors)
    changed: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for row, theme, decider in zip(rows, found.themes, found.decided_by, strict=True):
        if (row.theme, row.decided_by) != (theme, decider.value):
            changed[theme, decider.value].append(row.key)
    return changed


def _write(
    session: Session, study_id: UUID, changed: Mapping[tuple[str | None, str], Sequence[str]]
) -> None:
    for (theme, decider), keys in changed.items():
        for some in chunks(keys):
            session.execute(
                update(StudyKey)
                .where(StudyKey.study_id == study_id, StudyKey.key.in_(some))
                .values(theme=theme, decided_by=decider),
                execution_options={"synchronize_session": False},
            )


def chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    """Some values at a time, as many as the database takes."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]
