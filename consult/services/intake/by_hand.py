"""Responses that came as an e-mail, a letter, a call or a paper form, entered by an officer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import Response, ResponseOrigin
from consult.services import audit, codes, consultations, responses
from consult.services.intake import places
from consult.services.journey import Value, visible_questions
from consult.services.responses import Submission

CHANNELS: Final[Mapping[str, str]] = {
    "email": "online",
    "letter": "paper",
    "phone": "phone",
    "paper_form": "paper",
}
"""The channel of each way in which a response can come."""

LONGEST_SOURCE: Final = 200


class DayFault(StrEnum):
    """Why a day of receipt cannot be."""

    FUTURE = "future"
    BEFORE_OPENING = "before_opening"
    AFTER_CLOSING = "after_closing"


class WrongDay(ValueError):
    """The day of receipt does not fit."""

    def __init__(self, fault: DayFault, limit: date) -> None:
        super().__init__(fault)
        self.fault = fault
        self.limit = limit


class NoAnswers(ValueError):
    """Nothing was answered."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an officer has before them."""

    entry_id: UUID
    """Made with the form: sent twice, it is stored once."""
    kind: str
    source: str
    received_on: date
    language: str
    answers: Mapping[str, Value]


def received_at(document: Document, day: date, *, now: datetime) -> datetime:
    """The moment that a response of a day counts as received: noon there, and never later.

    What was received on the closing day was in time, whatever the hour of closing.

    Raises
    ------
    WrongDay
        If the day is to come, lies before the opening or after the closing.
    """
    zone = ZoneInfo(document.timezone)
    today = now.astimezone(zone).date()
    opening, closing = document.opens.astimezone(zone), document.closes.astimezone(zone)
    if day > today:
        raise WrongDay(DayFault.FUTURE, today)
    if day < opening.date():
        raise WrongDay(DayFault.BEFORE_OPENING, opening.date())
    if day > closing.date():
        raise WrongDay(DayFault.AFTER_CLOSING, closing.date())
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return max(opening, min(noon, now, closing - timedelta(seconds=1)))


def add(
    session: Session, slug: str, entry: Entry, *, secret_key: str, actor: str, now: datetime
) -> Response:
    """Store a response in the name of the person who gave it, once.

    Raises
    ------
    WrongDay
        If it cannot have been received on that day.
    NoAnswers
        If nothing was answered that the consultation asks.
    consult.services.responses.ResponseConflict
        If the same form was sent before with other answers.
    """
    stored = places.prepare(session, slug, actor=actor, now=now)
    document = consultations.document_of(session, stored)
    moment = received_at(document, entry.received_on, now=now)
    asked = visible_questions(document, entry.answers)
    if not any(entry.answers.get(question.key) for question in asked):
        raise NoAnswers
    receipt = responses.submit(
        session,
        stored,
        document,
        Submission(
            client_id=entry.entry_id,
            answers=entry.answers,
            language=entry.language,
            channel=CHANNELS[entry.kind],
            code=codes.new_code(),  # nobody is told it: the person never met the pages
            started_at=moment,
            finished_at_device=None,
        ),
        secret_key=secret_key,
        now=moment,
    )
    response = session.get_one(Response, receipt.response_id)
    if receipt.repeated:
        return response
    response.is_test = False
    session.add(
        ResponseOrigin(
            response_id=response.id,
            consultation_id=stored.id,
            kind=entry.kind,
            source=entry.source,
            entered_by=actor,
            entered_at=now,
        )
    )
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="response entered",
        subject=slug,
        now=now,
        kind=entry.kind,
        answers=len(entry.answers),
    )
    return response
