"""What the machine alone says of each answer, without people's word on any statement.

Its themes are those that people's edits have left: renamed, merged and split. Only that may be
held against blind reading. Statements that somebody reviewed are right more often than those of
the sample that is kept away from review, so that what stands after review would look better
than it is.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.embedding.protocol import Vectors
from analysis.themes.tracking.resolving import resolve
from analysis.themes.tracking.state import State
from consult.models import Study, StudyKey
from consult.services.reviewing.lineup import Lineup

_AT_ONCE = 500
"""Keys in one question to the database."""


def machine_labels(
    session: Session, study: Study, lined_up: Lineup, state: State, themes: Sequence[str]
) -> NDArray[np.bool_]:
    """Whether the machine found each of some themes in each response.

    Returns
    -------
    ndarray of bool, shape (n_responses, n_themes)
    """
    number = {theme: at for at, theme in enumerate(themes)}
    settled = machine_themes(session, study, lined_up, state)
    of_key = np.array([number.get(theme or "", -1) for theme in settled], dtype=np.intp)
    found = np.zeros((len(lined_up.responses), len(themes)), dtype=np.bool_)
    of_unit = of_key[lined_up.unit_key]
    named = of_unit >= 0
    found[lined_up.unit_response[named], of_unit[named]] = True
    return found


def machine_themes(
    session: Session, study: Study, lined_up: Lineup, state: State
) -> list[str | None]:
    """Where the machine puts each distinct statement, by its number."""
    landed = {
        theme: state.follow(theme)
        for theme in set(lined_up.machine)
        if theme is not None and theme in state.themes
    }
    settled = [None if theme is None else landed.get(theme) for theme in lined_up.machine]
    names = list(lined_up.keys)
    waiting = [at for at, theme in enumerate(settled) if theme in state.groups]
    if not waiting:
        return settled
    # The nearest part of a theme that was split is found among the statements it was split by.
    parts = [part for group in state.groups.values() for part in group]
    seeds = {seed for part in parts for seed in state.themes[part].seeds}
    wanted = sorted({names[at] for at in waiting} | {key for key in seeds if key in lined_up.keys})
    said = [settled[lined_up.keys[key]] for key in wanted]
    resolved = resolve(state, wanted, said, _vectors(session, study, wanted))
    parted = dict(zip(wanted, resolved.machine, strict=True))
    for at in waiting:
        settled[at] = parted[names[at]]
    return settled


def _vectors(session: Session, study: Study, keys: Sequence[str]) -> Vectors:
    found: dict[str, bytes] = {}
    for start in range(0, len(keys), _AT_ONCE):
        rows = session.execute(
            select(StudyKey.key, StudyKey.vector).where(
                StudyKey.study_id == study.id, StudyKey.key.in_(keys[start : start + _AT_ONCE])
            )
        )
        found.update((key, vector) for key, vector in rows)
    return np.stack([np.frombuffer(found[key], dtype="<f4") for key in keys])
