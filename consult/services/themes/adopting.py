"""Suggested themes: read, and made themes by a person."""

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from analysis.themes.tracking import suggesting
from analysis.themes.tracking.assigning import CLEAR_MARGIN, Status, cosines_of, strengths, unit
from analysis.themes.tracking.events import Rename
from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.replay import replay
from analysis.themes.tracking.suggesting import Group
from consult.models import Consultation, StudyKey, StudySuggestion
from consult.services import audit
from consult.services.themes import keys as stored_keys
from consult.services.themes import settling
from consult.services.themes.acting import Act, EditRefused, Refusal, begin, label_of_use
from consult.services.themes.studies import Standing


def adopt(
    session: Session, study_id: UUID, suggestion: str, label: str, *, actor: str, now: datetime
) -> int:
    """Make a suggested theme one of the themes, under a label.

    The theme becomes one of the machine's own: later answers go to it. Its statements are the
    machine's until somebody looks at them. What the log holds is the label that a person gave;
    who took the theme on stands in the audit trail.

    Raises
    ------
    EditRefused
    """
    act = begin(session, study_id, actor, now)
    name = label_of_use(label)
    row = session.get(StudySuggestion, (study_id, suggestion), populate_existing=True)
    if row is None or act.standing.frame is None:
        raise EditRefused(Refusal.UNKNOWN_SUGGESTION)
    if act.state.locked:
        raise EditRefused(Refusal.LIST_LOCKED)
    group = group_of(row)
    frame = suggesting.adopt(act.standing.frame, [group], {group.id: row.label})
    act.study.frame = frame.to_dict()
    _give_to(act, group, frame)
    session.delete(row)
    session.flush()
    after = Standing(replay(frame, act.state.history), frame, act.standing.batches)
    settling.settle(session, study_id, after.state, before=act.state)
    settling.settle_keys(session, study_id, after.state, group.keys)
    audit.record(
        session,
        actor=actor,
        action="theme adopted",
        subject=session.get_one(Consultation, act.study.consultation_id).slug,
        now=now,
        question=act.study.question_key,
        theme=group.id,
        statements=len(group.keys),
    )
    renaming = Act(session, act.study, after, actor, now)
    return renaming.append(
        lambda sequence, at: Rename(
            sequence=sequence, author=actor, at=at, theme=group.id, label=name
        )
    )


def content_of(group: Group) -> dict[str, Any]:
    """A group as a row holds it."""
    return {
        "keys": list(group.keys),
        "centroid": base64.b64encode(stored_keys.to_bytes(group.centroid)).decode("ascii"),
        "threshold": group.threshold,
        "cohesion": group.cohesion,
    }


def group_of(row: StudySuggestion) -> Group:
    """A group as it was stored."""
    content: Mapping[str, Any] = row.content
    return Group(
        id=row.theme,
        keys=tuple(content["keys"]),
        centroid=stored_keys.from_bytes([base64.b64decode(content["centroid"])])[0],
        threshold=float(content["threshold"]),
        cohesion=float(content["cohesion"]),
    )


def _give_to(act: Act, group: Group, frame: Frame) -> None:
    """Put those of a group's statements that are in no theme into its own."""
    session, study = act.session, act.study
    rows = [
        row
        for some in settling.chunks(group.keys)
        for row in session.execute(
            select(StudyKey.key, StudyKey.vector).where(
                StudyKey.study_id == study.id,
                StudyKey.key.in_(some),
                StudyKey.machine_theme.is_(None),
            )
        )
    ]
    if not rows:
        raise EditRefused(Refusal.UNKNOWN_SUGGESTION)
    live = [theme for theme in frame.themes if not theme.retired]
    centres = unit(np.stack([theme.centroid for theme in live]))
    own = [theme.id for theme in live].index(group.id)
    cosines = cosines_of(stored_keys.from_bytes([row.vector for row in rows]), centres)
    strength, margin = strengths(cosines, np.full(len(rows), own))
    sure = np.where(margin < CLEAR_MARGIN, Status.UNCERTAIN, Status.ASSIGNED)
    session.execute(
        update(StudyKey),
        [
            {
                "study_id": study.id,
                "key": row.key,
                "machine_theme": group.id,
                "strength": float(strength[at]),
                "margin": float(margin[at]),
                "status": str(sure[at]),
            }
            for at, row in enumerate(rows)
        ],
    )
