"""What blind reading says: how common themes really are, and how often the machine is right."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.reviewing.accuracy import Accuracy, How, measure_accuracy
from analysis.themes.reviewing.prevalence import (
    LEAST_AUDITED,
    Prevalence,
    ThemePrevalence,
    audited_run,
    estimate_prevalence,
)
from analysis.themes.tracking.state import Pin, State
from consult.models import Coding, Study, StudyUnit
from consult.services.reviewing.choosing import Option, by_size
from consult.services.reviewing.coding import (
    codings,
    first_readings,
    found_themes,
    known_themes,
)
from consult.services.reviewing.lineup import Lineup, lineup
from consult.services.reviewing.machine import machine_labels
from consult.services.themes.answers import lines_of
from consult.services.themes.studies import standing


@dataclass(frozen=True, slots=True)
class Audited:
    """What an audit says so far.

    Attributes
    ----------
    prevalence : Prevalence
        Bases, and ``still_needed``; its themes stand beside ``themes``.
    themes : list of (Option, ThemePrevalence)
        Those that every reader could choose, those that the machine finds most often first.
    made_since : list of Option
        Themes that came, by an edit or a new analysis, after some answers were read.
    read : int
        Answers that people read blind, those behind a gap in the random order too.
    accuracy : Accuracy
        Of the machine, on all that were read.
    """

    prevalence: Prevalence
    themes: list[tuple[Option, ThemePrevalence]]
    made_since: list[Option]
    read: int
    accuracy: Accuracy

    @property
    def least(self) -> int:
        """How many have to be read before there is a figure."""
        return LEAST_AUDITED


def audited(session: Session, study: Study) -> Audited:
    """Compare what people found reading blind with what the machine says of all answers."""
    lined_up = lineup(session, study)
    state = standing(session, study).state
    options = by_size(lined_up, state)
    by_response = first_readings(codings(session, study, lined_up), state, options)
    readings = {lined_up.place[each]: row for each, row in by_response.items()}
    known, made_since = known_to_all(options, list(readings.values()), state)
    themes = [option.id for option in known]
    machine = machine_labels(session, study, lined_up, state, themes)
    run = audited_run(lined_up.at_random, readings)
    prevalence = estimate_prevalence(
        machine,
        run,
        labels([readings[at] for at in run], state, themes),
        lined_up.languages,
    )
    read = sorted(readings)
    return Audited(
        prevalence=prevalence,
        themes=list(zip(known, prevalence.themes, strict=True)),
        made_since=made_since,
        read=len(read),
        accuracy=measure_accuracy(
            machine[read],
            labels([readings[at] for at in read], state, themes),
            _how(session, study, state, [readings[at] for at in read]),
            languages=[lined_up.languages[at] for at in read],
            words=_words(session, study, lined_up, read),
        ),
    )


def known_to_all(
    options: Sequence[Option], rows: Sequence[Coding], state: State
) -> tuple[list[Option], list[Option]]:
    """The themes of which every reading says something, and the others."""
    known = {option.id for option in options}
    for row in rows:
        known &= known_themes(row, state)
    return (
        [option for option in options if option.id in known],
        [option for option in options if option.id not in known],
    )


def labels(rows: Sequence[Coding], state: State, themes: Sequence[str]) -> NDArray[np.bool_]:
    """Whether a person found each theme in each answer read."""
    found = [found_themes(row, state) for row in rows]
    table = [[theme in each for theme in themes] for each in found]
    return np.array(table, dtype=np.bool_).reshape(len(rows), len(themes))


def _how(session: Session, study: Study, state: State, rows: Sequence[Coding]) -> list[How]:
    """Whether each reader had not reviewed the answer before, with the machine's word in sight."""
    units = session.execute(
        select(StudyUnit.response_id, StudyUnit.key).where(
            StudyUnit.study_id == study.id,
            StudyUnit.response_id.in_([row.response_id for row in rows]),
        )
    )
    pins: dict[UUID, list[Pin]] = {}
    for response, key in units:
        if (pin := state.pins.get(key)) is not None:
            pins.setdefault(response, []).append(pin)
    return [
        How.SHOWN
        if any(
            pin.author == row.coder and pin.at < row.coded_at
            for pin in pins.get(row.response_id, ())
        )
        else How.BLIND
        for row in rows
    ]


def _words(session: Session, study: Study, lined_up: Lineup, places: Sequence[int]) -> list[int]:
    responses: list[UUID] = [lined_up.responses[at] for at in places]
    lines = lines_of(session, study, responses)
    return [len(lines[each].text.split()) if each in lines else 0 for each in responses]
