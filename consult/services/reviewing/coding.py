"""Reading blind: what people find in answers without seeing anybody else's themes.

The audit and double coding share one random order, so that nobody reads an answer twice: what
somebody read for one counts for the other.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.tracking.state import State
from consult.models import Coding, Study
from consult.services.reviewing.choosing import Option, by_label, by_size
from consult.services.reviewing.deciding import AnswerGone
from consult.services.reviewing.lineup import Lineup, audit_sample, double_sample, lineup
from consult.services.themes.studies import locked, standing

AUDIT, DOUBLE = "audit", "double"

AUDIT_SIZES = (50, 100, 150)
DOUBLE_SIZES = (30, 50, 100)


class UnknownTheme(LookupError):
    """A theme that was ticked is not there any more."""


class NothingToRead(ValueError):
    """There are no answers to draw a sample of."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How far blind reading is.

    Attributes
    ----------
    has_begun : bool
        Whether answers were drawn.
    in_all : int
        Answers with content, drawn or not.
    response_id : UUID or None
        What to read now; None when all are read.
    read, size : int
        So many of so many, by this person in double coding and by anybody in the audit.
    outdated : int
        In the audit: those that were read before a theme of now was there.
    options : list of Option
        The themes to tick, by label.
    """

    has_begun: bool
    in_all: int
    response_id: UUID | None
    read: int
    size: int
    outdated: int
    options: list[Option]


def to_audit(session: Session, study: Study, *, again: bool = False) -> Reading:
    """What nobody has read for the audit yet; with ``again`` what has to be read once more."""
    lined_up = lineup(session, study)
    state = standing(session, study).state
    sample = audit_sample(lined_up, study)
    options = by_label(by_size(lined_up, state))
    read = first_readings(codings(session, study, lined_up), state, options)
    drawn = [lined_up.responses[at] for at in sample]
    outdated = [each for each in drawn if each in read and not knows(read[each], state, options)]
    waiting = [each for each in drawn if each not in read]
    return Reading(
        has_begun=study.audit_size is not None,
        in_all=len(lined_up.responses),
        response_id=next(iter(outdated if again else waiting), None),
        read=len(sample) - len(waiting),
        size=len(sample),
        outdated=len(outdated),
        options=options,
    )


def to_double(session: Session, study: Study, *, actor: str) -> Reading:
    """What this person has not read yet of the sample that two colleagues read."""
    lined_up = lineup(session, study)
    state = standing(session, study).state
    sample = double_sample(lined_up, study)
    read = by_coder(codings(session, study, lined_up)).get(actor, {})
    drawn = [lined_up.responses[at] for at in sample]
    waiting = [each for each in drawn if each not in read]
    return Reading(
        has_begun=study.double_sample is not None,
        in_all=len(lined_up.responses),
        response_id=next(iter(waiting), None),
        read=len(sample) - len(waiting),
        size=len(sample),
        outdated=0,
        options=by_label(by_size(lined_up, state)),
    )


def code(
    session: Session,
    study_id: UUID,
    response_id: UUID,
    themes: Collection[str],
    *,
    purpose: str,
    actor: str,
    now: datetime,
) -> None:
    """Store what a person found in one answer; what they found there before is replaced.

    Raises
    ------
    AnswerGone
        If the answer does not count any more, or is not one to be read blind.
    UnknownTheme
        If a theme was split or taken back meanwhile.
    """
    study = locked(session, study_id)
    lined_up = lineup(session, study)
    state = standing(session, study).state
    place = lined_up.place.get(response_id)
    sample = {*audit_sample(lined_up, study), *double_sample(lined_up, study)}
    if place is None or place not in sample:
        raise AnswerGone
    offered = [option.id for option in by_size(lined_up, state)]
    found = {state.follow(theme) for theme in themes}
    if not found <= set(offered):
        raise UnknownTheme
    row = session.scalar(
        select(Coding).where(
            Coding.study_id == study.id,
            Coding.response_id == response_id,
            Coding.coder == actor,
            Coding.purpose == purpose,
        )
    )
    if row is None:
        row = Coding(study_id=study.id, response_id=response_id, coder=actor, purpose=purpose)
        session.add(row)
    row.answer_id = lined_up.answers[place]
    row.themes = sorted(found)
    row.offered = sorted(offered)
    row.coded_at = now
    session.flush()


def choose_audit_size(session: Session, study_id: UUID, size: int) -> None:
    """Say how many answers are read for the audit.

    Raises
    ------
    ValueError
        If it is none of ``AUDIT_SIZES``.
    """
    if size not in AUDIT_SIZES:
        raise ValueError(f"an audit of {size}")
    locked(session, study_id).audit_size = size
    session.flush()


def begin_double(session: Session, study_id: UUID, size: int) -> None:
    """Draw the sample that two colleagues read. What was read of an earlier one is kept.

    Raises
    ------
    NothingToRead
        If no answer has content.
    ValueError
        If the size is none of ``DOUBLE_SIZES``.
    """
    if size not in DOUBLE_SIZES:
        raise ValueError(f"a sample of {size}")
    study = locked(session, study_id)
    lined_up = lineup(session, study)
    drawn = [str(lined_up.responses[at]) for at in lined_up.at_random[:size]]
    if not drawn:
        raise NothingToRead
    study.double_sample = drawn
    session.flush()


def codings(session: Session, study: Study, lined_up: Lineup) -> list[Coding]:
    """What people found in answers that still count as they were read, the earliest first."""
    rows = session.scalars(
        select(Coding).where(Coding.study_id == study.id).order_by(Coding.coded_at, Coding.id)
    )
    return [
        row
        for row in rows
        if (place := lined_up.place.get(row.response_id)) is not None
        and lined_up.answers[place] == row.answer_id
    ]


def by_coder(rows: Iterable[Coding]) -> dict[str, dict[UUID, Coding]]:
    """What each person found, by response; of two readings of theirs the later one."""
    found: dict[str, dict[UUID, Coding]] = {}
    for row in rows:
        found.setdefault(row.coder, {})[row.response_id] = row
    return found


def first_readings(
    rows: Sequence[Coding], state: State, options: Sequence[Option]
) -> Mapping[UUID, Coding]:
    """One reading of each response: the first that knew all themes of now, else the first."""
    found: dict[UUID, Coding] = {}
    for row in rows:
        kept = found.get(row.response_id)
        if kept is None or (not knows(kept, state, options) and knows(row, state, options)):
            found[row.response_id] = row
    return found


def knows(row: Coding, state: State, options: Sequence[Option]) -> bool:
    """Whether a person could choose among all themes of now when they read."""
    return known_themes(row, state).issuperset(option.id for option in options)


def known_themes(row: Coding, state: State) -> set[str]:
    """The themes of now of which a reading says something: those chosen among, merges followed.

    Of the parts of a theme that was split since nothing is known.
    """
    return {state.follow(theme) for theme in row.offered} - state.groups.keys()


def found_themes(row: Coding, state: State) -> set[str]:
    """The themes that a person found, merges followed."""
    return {state.follow(theme) for theme in row.themes}
