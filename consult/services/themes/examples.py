"""Examples of statements, by their keys: what a group of them is about."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.models import Response, Study, StudyKey, StudyUnit
from consult.services.counted import counted
from consult.services.themes.answers import UnitLine, units_by_id

_AT_ONCE = 500
"""Keys in one question to the database."""


def examples_of(
    session: Session, study: Study, groups: Sequence[Collection[str]], limit: int
) -> list[list[UnitLine]]:
    """Some statements of each group of keys: what most people said first, then what is typical.

    Each key gives one statement, of a response that counts; a key that nobody's answer holds
    gives none.
    """
    rank = _ranks(session, study, {key for group in groups for key in group})
    chosen = [sorted((k for k in group if k in rank), key=rank.__getitem__) for group in groups]
    shown = [group[:limit] for group in chosen]
    units = _one_each(session, study, {key for group in shown for key in group})
    lines = units_by_id(session, study, list(units.values()))
    return [
        [lines[units[key]] for key in group if key in units and units[key] in lines]
        for group in shown
    ]


def _ranks(
    session: Session, study: Study, keys: Collection[str]
) -> Mapping[str, tuple[int, float, str]]:
    """Where each key stands among others: by people, then by how well it fits its theme."""
    return {
        key: (-people, -strength, key)
        for some in _parts(keys)
        for key, people, strength in session.execute(
            select(StudyUnit.key, func.count(StudyUnit.response_id.distinct()), StudyKey.strength)
            .join(
                StudyKey,
                (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
            )
            .join(Response, Response.id == StudyUnit.response_id)
            .where(StudyUnit.study_id == study.id, StudyUnit.key.in_(some), counted())
            .group_by(StudyUnit.key, StudyKey.strength)
        )
    }


def _one_each(session: Session, study: Study, keys: Collection[str]) -> dict[str, UUID]:
    """One statement for each key, the same one every time."""
    found: dict[str, UUID] = {}
    for some in _parts(keys):
        rows = session.execute(
            select(StudyUnit.key, StudyUnit.id)
            .join(Response, Response.id == StudyUnit.response_id)
            .where(StudyUnit.study_id == study.id, StudyUnit.key.in_(some), counted())
            .order_by(Response.received_at, StudyUnit.id)
        )
        for key, unit in rows:
            found.setdefault(key, unit)
    return found


def _parts(keys: Collection[str]) -> Iterator[list[str]]:
    listed = sorted(keys)
    for start in range(0, len(listed), _AT_ONCE):
        yield listed[start : start + _AT_ONCE]
