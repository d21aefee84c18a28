"""Typical statements of each theme, and the words of each."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import StudyUnit
from consult.services.themes.counting import Base
from consult.services.themes.keywords import own_keywords

MOST_EXEMPLARS = 5


def keywords(session: Session, base: Base) -> dict[str, Mapping[str, list[str]]]:
    """Those of the last analysis; of a theme that people have made since, its own words."""
    words = base.study.findings.get("words", {})
    found: dict[str, Mapping[str, list[str]]] = {}
    bare = []
    for name, sources in _sources(base).items():
        merged: dict[str, list[str]] = {}
        for source in sources:
            for language, each in words.get(source, {}).get("keywords", {}).items():
                merged[language] = list(dict.fromkeys([*merged.get(language, []), *each]))
        if merged:
            found[name] = merged
        else:
            bare.append(name)
    if bare:
        found |= own_keywords(session, base.study, bare)
    return found


def exemplars(session: Session, base: Base) -> dict[str, list[UUID]]:
    """Typical statements that are still there and still in the theme, best first.

    Where the last analysis chose none, those that lie nearest to where the machine had them.
    """
    chosen = base.study.findings.get("exemplars", {})
    wanted = {
        (UUID(answer), int(number))
        for sources in _sources(base).values()
        for source in sources
        for answer, number in chosen.get(source, ())
    }
    at_key = {key: at for at, key in enumerate(base.said.keys)}
    units: dict[tuple[UUID, int], UUID] = {}
    theme_of: dict[UUID, str | None] = {}
    rows = session.execute(
        select(
            StudyUnit.id,
            StudyUnit.answer_id,
            StudyUnit.number,
            StudyUnit.key,
            StudyUnit.response_id,
        ).where(StudyUnit.answer_id.in_(sorted({answer for answer, _ in wanted})))
    )
    for row in rows:
        if (row.answer_id, row.number) in wanted and row.response_id not in base.left_out:
            units[row.answer_id, row.number] = row.id
            theme_of[row.id] = base.stands.theme[at_key[row.key]]
    found: dict[str, list[UUID]] = {}
    for name, sources in _sources(base).items():
        places = [
            (UUID(answer), int(number))
            for source in sources
            for answer, number in chosen.get(source, ())
        ]
        ids = [units[place] for place in places if place in units]
        found[name] = [each for each in ids if theme_of[each] == name][:MOST_EXEMPLARS]
    bare = [name for name, ids in found.items() if not ids]
    if bare:
        found |= _nearest(session, base, bare)
    return found


def _nearest(session: Session, base: Base, themes: Sequence[str]) -> dict[str, list[UUID]]:
    stands = base.stands
    keys: dict[str, str] = {}
    for name in themes:
        places = [at for at, theme in enumerate(stands.theme) if theme == name]
        places.sort(key=lambda at: (not stands.by_person[at], -stands.strength[at]))
        keys |= {base.said.keys[at]: name for at in places[: 2 * MOST_EXEMPLARS]}
    if not keys:
        return {}
    rows = session.execute(
        select(StudyUnit.id, StudyUnit.key, StudyUnit.response_id)
        .where(StudyUnit.study_id == base.study.id, StudyUnit.key.in_(list(keys)))
        .order_by(StudyUnit.id)
    )
    first: dict[str, UUID] = {}
    for row in rows:
        if row.response_id not in base.left_out:
            first.setdefault(row.key, row.id)
    found: dict[str, list[UUID]] = {}
    for key, name in keys.items():
        ids = found.setdefault(name, [])
        if key in first and len(ids) < MOST_EXEMPLARS:
            ids.append(first[key])
    return found


def _sources(base: Base) -> Mapping[str, list[str]]:
    """For each theme that stands, itself and those that were merged into it."""
    state = base.standing.state
    found: dict[str, list[str]] = {name: [name] for name in base.names}
    for name in state.redirects:
        if (here := state.follow(name)) in found:
            found[here].append(name)
    return found
