"""More themes and fewer: what the machine would part and join, from the vectors it kept."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.embedding.protocol import Vectors, unit_rows
from analysis.themes.tracking.assigning import cosines_of, unit
from consult.models import Study, StudyKey
from consult.services.themes import keys as stored_keys
from consult.services.themes import studies
from consult.services.themes.acting import EditRefused, Refusal

SHOWN = 8
"""Statements of a proposed part that a person sees, and by which the theme is then split."""

MOST = 300
"""Statements that a proposal is made from; of a larger theme a fixed sample of so many."""

SIZE_POWER = 0.5
"""How much sizes count in joining, as in :mod:`analysis.themes.clustering`."""


@dataclass(frozen=True, slots=True)
class ProposedPart:
    """A part that the machine would make of a theme."""

    keys: tuple[str, ...]
    """Its most typical statements, the most typical first: split by these."""
    statements: int
    """Distinct statements that will be in it, these included."""


def proposed_parts(
    session: Session, study: Study, theme: str, parts: int = 2
) -> list[ProposedPart]:
    """A theme in parts, as the machine would split it, the largest first.

    Only the statements that a person is shown go into the split: everything else follows by
    likeness, and is nobody's judgement.

    Raises
    ------
    EditRefused
        If the theme is not there, was split or is locked, or has too few different statements.
    """
    from analysis.themes.clustering import build_tree  # takes seconds to load

    state = studies.standing(session, study).state
    if theme not in state.themes:
        raise EditRefused(Refusal.UNKNOWN_THEME)
    here = state.follow(theme)
    label = state.themes[here].label
    if here in state.groups:
        named = tuple((part, state.themes[part].label) for part in state.groups[here])
        raise EditRefused(Refusal.WAS_SPLIT, label, named)
    if here in state.locked_themes:
        raise EditRefused(Refusal.LOCKED, label)
    rows = session.execute(
        select(StudyKey.key, StudyKey.may_seed, StudyKey.vector)
        .where(StudyKey.study_id == study.id, StudyKey.theme == here)
        .order_by(StudyKey.key)
    ).all()
    keys = [row.key for row in rows]
    vectors = stored_keys.from_bytes([row.vector for row in rows])
    # Keys are digests: the first so many of them are a sample by chance.
    seeds = np.flatnonzero([row.may_seed for row in rows])[:MOST]
    if len(seeds) < 2 * parts:
        raise EditRefused(Refusal.TOO_FEW, label)
    try:
        labels = build_tree(vectors[seeds], study.seed).cut(parts)
    except ValueError:
        raise EditRefused(Refusal.TOO_FEW, label) from None
    return _typical(keys, vectors, seeds, labels, parts)


def propose_split(session: Session, study: Study, theme: str, parts: int = 2) -> list[list[str]]:
    """Keys to split a theme by: the typical statements of each proposed part.

    Raises
    ------
    EditRefused
        As :func:`proposed_parts`.
    """
    return [list(part.keys) for part in proposed_parts(session, study, theme, parts)]


def loosest(session: Session, study: Study) -> str:
    """The theme that "more themes" splits: the one whose statements scatter most.

    Raises
    ------
    EditRefused
        If no theme can be split.
    """
    best, most = "", 0.0
    for theme, rows in _by_theme(session, study).items():
        if len(rows) >= 2 * 2 and (scatter := _scatter(rows)) > most:
            best, most = theme, scatter
    if not best:
        raise EditRefused(Refusal.TOO_FEW)
    return best


def closest_pair(session: Session, study: Study) -> tuple[str, str]:
    """The two themes that "fewer themes" would join, the one with more statements first.

    Raises
    ------
    EditRefused
        If there are not two that may be changed.
    """
    from analysis.themes.ward import losses  # takes long to load

    members = _by_theme(session, study)
    names = sorted(members)
    if len(names) < 2:
        raise EditRefused(Refusal.TOO_FEW)
    centres = np.stack([members[name].mean(axis=0, dtype=np.float64) for name in names])
    sizes = np.array([len(members[name]) for name in names], dtype=np.float64)
    loss = losses(centres, sizes, SIZE_POWER)
    first, second = np.unravel_index(int(np.argmin(loss)), loss.shape)
    pair = sorted((names[first], names[second]), key=lambda name: (-len(members[name]), name))
    return pair[0], pair[1]


def _typical(
    keys: list[str],
    vectors: Vectors,
    seeds: NDArray[np.intp],
    labels: NDArray[np.intp],
    parts: int,
) -> list[ProposedPart]:
    shown: list[NDArray[np.intp]] = []
    for part in range(parts):
        members = seeds[labels == part]
        middle = unit_rows(vectors[members].sum(axis=0, dtype=np.float64)[None, :])
        nearness = cosines_of(vectors[members], middle.astype(np.float64))[:, 0]
        shown.append(members[np.argsort(-nearness, kind="stable")[:SHOWN]])
    # Where each statement will go: to the nearest of the middles of what was shown.
    centres = unit(np.stack([vectors[rows].sum(axis=0, dtype=np.float64) for rows in shown]))
    nearest = cosines_of(vectors, centres).argmax(axis=1)
    for part, rows in enumerate(shown):
        nearest[rows] = part
    found = [
        ProposedPart(tuple(keys[row] for row in rows), int((nearest == part).sum()))
        for part, rows in enumerate(shown)
    ]
    return sorted(found, key=lambda part: -part.statements)


def _by_theme(session: Session, study: Study) -> Mapping[str, Vectors]:
    """Vectors of the themes that stand and may be changed, by theme."""
    state = studies.standing(session, study).state
    allowed = [theme for theme in state.standing if theme not in state.locked_themes]
    rows = session.execute(
        select(StudyKey.theme, StudyKey.vector)
        .where(StudyKey.study_id == study.id, StudyKey.theme.in_(allowed), StudyKey.may_seed)
        .order_by(StudyKey.theme, StudyKey.key)
    )
    found: dict[str, list[bytes]] = {}
    for theme, vector in rows:
        found.setdefault(str(theme), []).append(vector)
    return {theme: stored_keys.from_bytes(kept) for theme, kept in found.items()}


def _scatter(rows: Vectors) -> float:
    """Squared distances from the middle, summed up; of unit rows."""
    total = rows.sum(axis=0, dtype=np.float64)
    return float(len(rows) - np.sum(total * total) / len(rows))
