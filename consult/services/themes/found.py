"""What an analysis knows before, what it finds, and the rows that come of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from analysis.themes.embedding.choose import Choice
from analysis.themes.embedding.protocol import Vectors
from analysis.themes.labelling.labels import ThemeWords
from analysis.themes.prepare import (
    Indexes,
    Prepared,
)
from analysis.themes.tracking.frame import Frame
from analysis.themes.tracking.state import State
from analysis.themes.tracking.suggesting import Group
from consult.services.themes.exporting import Table

Choose = Callable[[Sequence[str]], Choice]
"""Gets the languages of the answers, returns the embedder to use."""


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What a study holds before a run.

    Attributes
    ----------
    salt, seed
        Of the study.
    language : str
        The one that labels are preferred in: the consultation's own.
    state : State
    frame : Frame or None
        None: nothing is known, and the run is the first.
    keys, machine, vectors, may_seed
        The statements with the machine's themes, an entry each.
    answers : frozenset of UUID
        Those that were analysed.
    findings : mapping
        Of the last run.
    """

    salt: str
    seed: int
    language: str
    state: State
    frame: Frame | None
    keys: tuple[str, ...]
    machine: tuple[str | None, ...]
    vectors: Vectors
    may_seed: NDArray[np.bool_]
    answers: frozenset[UUID]
    findings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class KeyRows:
    """Statements to be stored, an entry each."""

    keys: tuple[str, ...]
    vectors: Vectors
    may_seed: tuple[bool, ...]
    machine: tuple[str | None, ...]
    strength: tuple[float, ...]
    margin: tuple[float, ...]
    status: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A group of statements that fit no theme."""

    group: Group
    label: str
    is_large_enough: bool


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a run found.

    Attributes
    ----------
    afresh : bool
        Everything that was known is replaced.
    frame : Frame or None
        The machine's themes: afresh with the ids of the run; later only where the space is
        another one (the ids are the old ones).
    rows : KeyRows
        Afresh all statements, later the new ones.
    moved_vectors : mapping of str to ndarray, or None
        Later, in another space: the vectors of the known statements that are still there.
    answers, units : list of dict
        Rows to be stored: of all answers, and the statements of each by answer.
    suggestions : tuple of Suggested
    findings : dict
    """

    afresh: bool
    frame: Frame | None
    rows: KeyRows
    moved_vectors: Mapping[str, Vectors] | None
    answers: list[dict[str, Any]]
    units: Mapping[UUID, list[dict[str, Any]]]
    suggestions: tuple[Suggested, ...]
    findings: dict[str, Any] = field(default_factory=dict)


def answer_rows(table: Table, prepared: Prepared) -> list[dict[str, Any]]:
    """Rows of all analysed answers, without the study's id."""
    campaigns = prepared.campaign[prepared.respondent].tolist()
    return [
        {
            "answer_id": table.answer_ids[row],
            "response_id": table.response_ids[row],
            "status": prepared.status[row].value,
            "language": prepared.languages[row],
            "is_language_uncertain": prepared.uncertain[row],
            "campaign": campaigns[row] if campaigns[row] >= 0 else None,
        }
        for row in range(len(table.answer_ids))
    ]


def unit_rows(
    table: Table, prepared: Prepared, names: Sequence[str]
) -> dict[UUID, list[dict[str, Any]]]:
    """Rows of the statements of each answer, by answer, without ids."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    folded = prepared.keys
    for row, number, key, text in zip(
        prepared.unit_row.tolist(),
        prepared.unit_number.tolist(),
        prepared.unit_key.tolist(),
        prepared.unit_text,
        strict=True,
    ):
        answer = table.answer_ids[row]
        found.setdefault(answer, []).append(
            {
                "key": names[key],
                "answer_id": answer,
                "response_id": table.response_ids[row],
                "number": number,
                "text": text,
                "folded": folded[key],
            }
        )
    return found


def a_unit_of_each_key(prepared: Prepared) -> Indexes:
    """The place of one unit of each distinct statement."""
    unit = np.zeros(len(prepared.keys), dtype=np.intp)
    unit[prepared.unit_key] = np.arange(len(prepared.unit_key))
    return unit


def words(theme: ThemeWords) -> dict[str, Any]:
    """A theme's words as findings hold them."""
    return {
        "label": theme.label,
        "language": theme.language,
        "keywords": {code: list(each) for code, each in theme.keywords.items()},
    }


def flat(told: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """Every keyword of each theme, whatever its language."""
    return {
        theme: [word for each in said["keywords"].values() for word in each]
        for theme, said in told.items()
    }
