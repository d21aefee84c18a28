"""Hiding words of an answer, with a reason; what the machine suggests, and what follows of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from analysis.text.personal import find_personal_data
from consult.models import Answer, Consultation, Quote, Redaction, Response, Study, StudyUnit
from consult.services import audit
from consult.services.reading.letters import occurrences, whole_words
from consult.services.reading.redacted import (
    REASONS,
    Stretch,
    redactions_of,
    touches_unit,
    words_of,
)
from consult.services.reporting import kept

REASON_OF_KIND = {
    "name": "name",
    "email": "contact",
    "phone": "contact",
    "handle": "contact",
    "postcode": "address",
    "address": "address",
}
"""Which reason a finding of the machine's comes under; "other" for the rest."""


class NoSuchAnswer(LookupError):
    """There is no such answer in the consultation: it was withdrawn or changed, or never there."""


class NotInAnswer(ValueError):
    """The words that somebody wants hidden do not stand in the answer."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that the machine takes for personal data and that is not hidden yet."""

    start: int
    end: int
    text: str
    kind: str
    """One of :data:`analysis.text.personal.KINDS`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Hiding:
    """A stretch to hide."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """What hiding came to."""

    places: int
    """How many stretches are hidden that were not before."""
    quotes: int
    """How many approved quotes held the words, and are approved no more."""


def find_answer(
    session: Session, stored: Consultation, response_id: UUID, question_key: str
) -> Answer:
    """The answer of a response to a question.

    Raises
    ------
    NoSuchAnswer
        If there is none in this consultation.
    """
    found = session.scalar(
        select(Answer)
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.consultation_id == stored.id,
            Response.is_test.is_(False),
            Answer.response_id == response_id,
            Answer.question_key == question_key,
        )
    )
    if found is None or not words_of(found.value):
        raise NoSuchAnswer
    return found


def suggestions(text: str, redactions: Collection[Stretch]) -> list[Suggestion]:
    """What the machine finds in an answer, without what is hidden already."""
    return [
        Suggestion(
            found.start,
            found.end,
            text[found.start : found.end],
            found.kind,
            REASON_OF_KIND.get(found.kind, "other"),
        )
        for found in find_personal_data(text)
        if not _is_covered(found.start, found.end, redactions)
    ]


def stretches_of(
    text: str, words: str, reason: str, selected: tuple[int, int] | None = None
) -> list[Hiding]:
    """Every place of words in an answer, to hide them all.

    ``selected`` is a place that somebody pointed at: it is hidden too, even within a longer
    word, if these words stand there.

    Raises
    ------
    NotInAnswer
        If they stand nowhere in it.
    """
    if selected is not None and text[selected[0] : selected[1]].split() == words.split() != []:
        beside = [place for place in whole_words(text, words) if _is_apart(place, selected)]
        places = [selected, *beside]
    else:
        places = occurrences(text, words)
    if not places:
        raise NotInAnswer
    return [Hiding(start, end, reason) for start, end in places]


def hide(
    session: Session, answer: Answer, stretches: Sequence[Stretch], *, actor: str, now: datetime
) -> Hidden:
    """Hide stretches of an answer. Quotes that held the words are withdrawn.

    What is hidden already is not hidden twice, so that two people who hide the same at once
    come to the same.

    Raises
    ------
    ValueError
        If a stretch reaches outside the answer, or its reason is none of those there are.
    """
    # Nobody approves a quote of it, or hides the same, until this is decided.
    session.refresh(answer, with_for_update=True)
    text = words_of(answer.value)
    there = redactions_of(session, [answer.id]).get(answer.id, [])
    new: list[Redaction] = []
    for each in stretches:
        if not 0 <= each.start < each.end <= len(text) or each.reason not in REASONS:
            raise ValueError(f"cannot hide {each.start} to {each.end} because of {each.reason}")
        if not _is_covered(each.start, each.end, [*there, *new]):
            new.append(
                Redaction(
                    answer_id=answer.id,
                    start=each.start,
                    end=each.end,
                    reason=each.reason,
                    made_by=actor,
                    made_at=now,
                )
            )
    if not new:
        return Hidden(0, 0)
    session.add_all(new)
    _renew_figures(session, answer)
    audit.record(
        session,
        actor=actor,
        action="words hidden",
        subject=f"response {answer.response_id}",
        now=now,
        question=answer.question_key,
        reasons=sorted({each.reason for each in new}),
        places=len(new),
    )
    return Hidden(len(new), _withdraw_quotes(session, answer, text, new, actor=actor, now=now))


def _renew_figures(session: Session, answer: Answer) -> None:
    """Words and examples of themes are kept ready; those from before are not to be shown."""
    of_answer = select(Response.consultation_id).where(Response.id == answer.response_id)
    session.execute(
        update(Study)
        .where(
            Study.question_key == answer.question_key,
            Study.consultation_id == of_answer.scalar_subquery(),
        )
        .values(revision=Study.revision + 1),
        execution_options={"synchronize_session": False},
    )


def show_again(
    session: Session, answer: Answer, redaction_id: UUID, *, actor: str, now: datetime
) -> bool:
    """Take a redaction back; whether it was still there."""
    found = session.get(Redaction, redaction_id)
    if found is None or found.answer_id != answer.id:
        return False
    session.delete(found)
    _renew_figures(session, answer)
    audit.record(
        session,
        actor=actor,
        action="words shown again",
        subject=f"response {answer.response_id}",
        now=now,
        question=answer.question_key,
        reasons=[found.reason],
    )
    return True


def quotes_of(session: Session, answer: Answer) -> list[Quote]:
    """The approved quotes that come from an answer."""
    return list(
        session.scalars(
            select(Quote)
            .join(StudyUnit, StudyUnit.id == Quote.unit_id)
            .where(StudyUnit.answer_id == answer.id)
            .order_by(StudyUnit.number, Quote.theme)
        )
    )


def _withdraw_quotes(
    session: Session,
    answer: Answer,
    text: str,
    new: Sequence[Redaction],
    *,
    actor: str,
    now: datetime,
) -> int:
    gone = [
        quote
        for quote in quotes_of(session, answer)
        if touches_unit(session.get_one(StudyUnit, quote.unit_id).text, text, new)
    ]
    for quote in gone:
        session.delete(quote)
        audit.record(
            session,
            actor=actor,
            action="quote withdrawn",
            subject=f"response {answer.response_id}",
            now=now,
            question=answer.question_key,
            theme=quote.theme,
            because="words hidden",
        )
    if gone:
        kept.drop(session, session.get_one(Response, answer.response_id).consultation_id)
    session.flush()
    return len(gone)


def _is_covered(start: int, end: int, stretches: Collection[Stretch]) -> bool:
    return any(each.start <= start and end <= each.end for each in stretches)


def _is_apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]
