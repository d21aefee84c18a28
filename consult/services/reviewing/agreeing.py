"""How far two colleagues agree who read the same answers apart, and how far the machine does."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy.orm import Session

from analysis.themes.tracking.state import State
from consult.models import Coding, Study
from consult.services.reviewing.auditing import known_to_all
from consult.services.reviewing.choosing import Option, by_size
from consult.services.reviewing.coding import by_coder, codings, found_themes
from consult.services.reviewing.lineup import Lineup, double_sample, lineup
from consult.services.reviewing.machine import machine_labels
from consult.services.themes.studies import standing

if TYPE_CHECKING:
    from analysis.themes.reviewing.agreement import Agreement


@dataclass(frozen=True, slots=True)
class Coder:
    """Somebody who reads the sample."""

    email: str
    read: int
    size: int

    @property
    def is_done(self) -> bool:
        """Whether they have read all of it: before that nobody sees what they found."""
        return self.size > 0 and self.read == self.size


@dataclass(frozen=True, slots=True)
class Compared:
    """Two coders side by side, or one and the machine.

    Attributes
    ----------
    themes : list of Option
        Those that both could choose in every answer, in the order of ``agreement.themes``.
    made_since : list of Option
        Themes that came after some answers were read.
    """

    agreement: "Agreement"
    themes: list[Option]
    made_since: list[Option]


class StillReading(LookupError):
    """One of the two has not read all of the sample, or never began."""


def coders(session: Session, study: Study) -> list[Coder]:
    """Who reads the sample and how far they are, by e-mail address."""
    lined_up = lineup(session, study)
    sample = _sample_ids(lined_up, study)
    read = by_coder(codings(session, study, lined_up))
    found = [
        Coder(email, sum(1 for each in rows if each in sample), len(sample))
        for email, rows in sorted(read.items())
    ]
    return [coder for coder in found if coder.read]


def compare(session: Session, study: Study, first: str, second: str | None) -> Compared:
    """How far two coders agree, or with no second one a coder and the machine.

    Raises
    ------
    StillReading
        If a coder has not read all of the sample.
    """
    # The library behind it takes a second to load, and no other page wants it.
    from analysis.themes.reviewing.agreement import measure_agreement

    done = {coder.email for coder in coders(session, study) if coder.is_done}
    if first not in done or (second is not None and second not in done):
        raise StillReading
    lined_up = lineup(session, study)
    state = standing(session, study).state
    sample = _sample_ids(lined_up, study)
    read = {
        email: [row for response, row in rows.items() if response in sample]
        for email, rows in by_coder(codings(session, study, lined_up)).items()
    }
    theirs = read[first] + (read[second] if second is not None else [])
    known, made_since = known_to_all(by_size(lined_up, state), theirs, state)
    number = {option.id: at for at, option in enumerate(known)}
    one = _found(read[first], state, number)
    if second is None:
        machine = machine_labels(session, study, lined_up, state, list(number))
        other = {
            str(row.response_id): set(
                np.flatnonzero(machine[lined_up.place[row.response_id]]).tolist()
            )
            for row in read[first]
        }
    else:
        other = _found(read[second], state, number)
    languages = {str(lined_up.responses[at]): lined_up.languages[at] for at in sample.values()}
    agreement = measure_agreement(one, other, len(known), languages, seed=study.seed)
    return Compared(agreement, known, made_since)


def _sample_ids(lined_up: Lineup, study: Study) -> dict[object, int]:
    return {lined_up.responses[at]: at for at in double_sample(lined_up, study)}


def _found(rows: list[Coding], state: State, number: Mapping[str, int]) -> dict[str, set[int]]:
    return {
        str(row.response_id): {number[t] for t in found_themes(row, state) if t in number}
        for row in rows
    }
