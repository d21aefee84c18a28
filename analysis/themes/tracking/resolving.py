"""Where units are after people's edits, and where new ones will go.

A person's word comes first. Everything else stays where the machine put it, follows merges,
and in a theme that was split goes to the nearest part.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.themes.embedding.protocol import Vectors, unit_rows
from analysis.themes.tracking.assigning import cohesion, thresholds
from analysis.themes.tracking.frame import Frame, FrozenTheme
from analysis.themes.tracking.state import Decider, State

# A unit that a person put into a theme counts as three that the machine put there.
PINNED_WEIGHT = 3.0
# Bounds the float64 copies; no row depends on it.
_BLOCK = 4096


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where each unit is, an entry per unit in the order given.

    Attributes
    ----------
    themes : tuple of (str or None)
        Its theme, never one that was merged; None for none. A theme that was split occurs
        only where the unit's likeness to the parts is not known.
    decided_by : tuple of Decider
        Whose judgement that is. The machine's where a person put the unit into a theme that
        was split later: nobody has looked at which part.
    machine : tuple of (str or None)
        Where it would be without the person's word on it: for agreement, and for accuracy
        from blind review.
    """

    themes: tuple[str | None, ...]
    decided_by: tuple[Decider, ...]
    machine: tuple[str | None, ...]


def resolve(
    state: State,
    keys: Sequence[str],
    machine: Sequence[str | None],
    vectors: Vectors | None = None,
) -> Resolved:
    """Give each unit its theme, and say who decided.

    Parameters
    ----------
    state : State
    keys : sequence of str of length n
        The distinct units, those that came since the edits too.
    machine : sequence of (str or None) of length n
        Ids of the themes that the machine put them in, None for none. A theme whose making
        was undone counts as none: such units want assigning again.
    vectors : ndarray of shape (n, dimension), optional
        Unit rows. Without them units of a theme that was split, and that no person put into a
        part, stay with the group.

    Raises
    ------
    ValueError
        If a length does not fit, two keys are the same, or the machine names a theme that
        the state does not have.
    """
    n = len(keys)
    if len(machine) != n or (vectors is not None and len(vectors) != n):
        raise ValueError(f"{n} keys do not fit the machine's themes or the vectors")
    if len(set(keys)) != n:
        raise ValueError("two units of one key")
    unknown = {theme for theme in machine if theme is not None} - state.ids
    if unknown:
        raise ValueError(f"the machine names themes that are not there: {sorted(unknown)}")
    pinned = [state.pins.get(key) for key in keys]
    placed = _Placing(state, keys, vectors)
    without = placed.settle([theme if theme in state.themes else None for theme in machine])
    said = [None if pin is None else pin.theme for pin in pinned]
    settled = placed.settle(said)
    themes: list[str | None] = []
    deciders: list[Decider] = []
    for pin, mine, theirs in zip(pinned, settled, without, strict=True):
        themes.append(theirs if pin is None else mine)
        by_person = pin is not None and (pin.theme is None or mine == state.follow(pin.theme))
        deciders.append(Decider.PERSON if by_person else Decider.MACHINE)
    return Resolved(tuple(themes), tuple(deciders), tuple(without))


def edited_frame(
    frame: Frame,
    state: State,
    keys: Sequence[str],
    resolved: Resolved,
    vectors: Vectors,
    described: Mapping[str, Vectors] | None = None,
) -> Frame:
    """Return the themes as they stand, for new units to be assigned to.

    A theme that people changed by a merge, by putting units into it or by making it has its
    centroid from its units, those that a person put there counting three times. Any other
    theme, and one that is locked, keeps what it has.

    Parameters
    ----------
    frame : Frame
        The one that the state was replayed on.
    state : State
    keys : sequence of str of length n
    resolved : Resolved
        Of these keys.
    vectors : ndarray of shape (n, dimension)
        Unit rows.
    described : mapping of str to ndarray of shape (dimension,), optional
        Vectors of descriptions by theme id; each counts as a unit that a person put there.

    Returns
    -------
    Frame
        Without the themes that were merged or split, and without those that have nothing to
        tell them by: made by a person of units that are gone.

    Raises
    ------
    ValueError
        If a length does not fit.
    """
    n = len(keys)
    if len(resolved.themes) != n or len(vectors) != n:
        raise ValueError(f"{n} keys, {len(resolved.themes)} themes, {len(vectors)} vectors")
    # In the order of the keys, so that sums have one order whatever the order of units.
    members: dict[str, list[int]] = {}
    for row in sorted(range(n), key=keys.__getitem__):
        theme = resolved.themes[row]
        if theme is not None:
            members.setdefault(theme, []).append(row)
    by_person = np.array([who is Decider.PERSON for who in resolved.decided_by], dtype=np.bool_)
    before = {theme.id: theme for theme in frame.themes}
    merged_into = set(state.redirects.values())

    kept: list[FrozenTheme] = []
    renewed: list[int] = []
    for name in state.standing:
        now, then = state.themes[name], before.get(name)
        rows = np.array(members.get(name, []), dtype=np.intp)
        centroid = None
        touched = name in merged_into or by_person[rows].any()
        if then is None or (touched and name not in state.locked_themes):
            weights = np.where(by_person[rows], PINNED_WEIGHT, 1.0)
            total = np.einsum("n,nd->d", weights, vectors[rows], dtype=np.float64)
            if described and name in described:
                total += PINNED_WEIGHT * described[name]
            centroid = unit_rows(total[None, :])[0] if total.any() else None
        if centroid is not None:
            renewed.append(len(kept))
            alike = cohesion(vectors[rows]) if len(rows) > 1 else None
            kept.append(FrozenTheme(name, now.label, centroid, 0.0, alike, now.retired))
        elif then is not None:
            kept.append(replace(then, label=now.label, retired=now.retired))
    if renewed:
        place = {theme.id: at for at, theme in enumerate(kept)}
        labels = np.array([place.get(theme or "", -1) for theme in resolved.themes], dtype=int)
        least = _least_cosines(vectors, labels, kept, frame)
        for at in renewed:
            kept[at] = replace(kept[at], threshold=float(least[at]))
    return replace(frame, themes=tuple(kept), locked=state.locked)


def _least_cosines(
    vectors: Vectors, labels: NDArray[np.int_], kept: Sequence[FrozenTheme], frame: Frame
) -> NDArray[np.float64]:
    if (labels >= 0).any():
        return thresholds(vectors, labels, np.stack([theme.centroid for theme in kept]))
    # Descriptions alone, and not one unit: what the machine's own themes ask for.
    asked = [theme.threshold for theme in frame.themes]
    return np.full(len(kept), float(np.median(asked)) if asked else 0.0)


class _Placing:
    """Follows merges and finds the nearest parts, for units in a fixed order."""

    def __init__(self, state: State, keys: Sequence[str], vectors: Vectors | None) -> None:
        self.state = state
        self.row_of = {key: row for row, key in enumerate(keys)} if state.groups else {}
        self.vectors = vectors

    def settle(self, themes: list[str | None]) -> list[str | None]:
        """Return where each unit ends up that starts from a theme."""
        landed = {theme: self.state.follow(theme) for theme in set(themes) if theme is not None}
        result = [None if theme is None else landed[theme] for theme in themes]
        waiting: dict[str, list[int]] = {}
        for row, theme in enumerate(result):
            if theme is not None and theme in self.state.groups:
                waiting.setdefault(theme, []).append(row)
        # Parts can be split or merged in turn. It ends: a theme gives its units only to themes
        # that were still whole when it was merged or split itself.
        while waiting:
            group, rows = waiting.popitem()
            for part, here in self._nearest_parts(group, rows):
                theme = self.state.follow(part)
                for row in here:
                    result[row] = theme
                if theme in self.state.groups:
                    waiting.setdefault(theme, []).extend(here)
        return result

    def _nearest_parts(self, group: str, rows: list[int]) -> list[tuple[str, list[int]]]:
        """Return the parts with their rows; none where it cannot be told.

        By the units that the person split by and no later pin, so that moving one unit never
        takes another along.
        """
        if self.vectors is None:
            return []
        parts: list[str] = []
        centres: list[NDArray[np.float64]] = []
        for part in self.state.groups[group]:
            seeds = self.state.themes[part].seeds
            known = [self.row_of[key] for key in seeds if key in self.row_of]
            centre = self.vectors[known].astype(np.float64).sum(axis=0)
            length = np.sqrt(np.sum(centre * centre))
            if length > 0.0:
                parts.append(part)
                centres.append(centre / length)
        if not parts:
            return []
        found: list[list[int]] = [[] for _ in parts]
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            wide = self.vectors[block].astype(np.float64)
            nearest = np.einsum("nd,kd->nk", wide, np.stack(centres)).argmax(axis=1)
            for row, part in zip(block, nearest.tolist(), strict=True):
                found[part].append(row)
        return list(zip(parts, found, strict=True))
