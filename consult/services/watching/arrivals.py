"""What came so far: by day, by the way it came, by language and ward, and what counts of it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy import case, distinct, func, select
from sqlalchemy.orm import Session

from consult.document.model import PREFER_NOT_TO_SAY, QuestionKind
from consult.document.model import Consultation as Document
from consult.models import Answer, Consultation, Petition, Response, ResponseMark, ResponseOrigin
from consult.services.counted import counted
from consult.services.watching.respondents import compared_responses

NOT_SAID = ""
"""Stands for those who did not say where they live."""


class Standing(StrEnum):
    """What has become of a response."""

    COUNTED = "counted"
    WAITING = "waiting"
    """Nobody has decided whether it came in time."""
    TOO_LATE = "too_late"
    """Somebody decided that it came too late."""
    EXCLUDED = "excluded"
    WITHDRAWN = "withdrawn"
    TEST = "test"
    """A colleague gave it in a preview."""


class Home(StrEnum):
    """Whether somebody lives in the place that is asked."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Signed:
    """A petition."""

    title: str
    signatures: int
    received_on: date


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Numbers of responses; all but ``standing`` are of those that count.

    Attributes
    ----------
    standing : mapping of Standing to int
    by_day : mapping of date to int
        Days of the consultation's time zone.
    by_way : mapping of str to int
        By where it came from, for what came in a file or was entered by hand; else by channel.
    by_language : mapping of str to int
    by_home : mapping of Home to int
    by_ward : mapping of str to int
        Of those who are compared with residents, by code; :data:`NOT_SAID` among them. Empty
        where nobody asks.
    late : int
        Came after closing and counts all the same.
    changed : int
        Were changed by their people after sending.
    suspected : int
        Carry a suspicion that nobody has acted on.
    petitions : tuple of Signed
        Counted apart: a signature is no response.
    """

    standing: Mapping[Standing, int]
    by_day: Mapping[date, int]
    by_way: Mapping[str, int]
    by_language: Mapping[str, int]
    by_home: Mapping[Home, int]
    by_ward: Mapping[str, int]
    late: int
    changed: int
    suspected: int
    petitions: tuple[Signed, ...]

    @property
    def responses(self) -> int:
        """How many count."""
        return self.standing.get(Standing.COUNTED, 0)


def arrivals(session: Session, stored: Consultation, document: Document) -> Arrivals:
    """Count what came."""
    zone = ZoneInfo(document.timezone)
    rows = session.execute(
        select(
            Response.received_at,
            Response.channel,
            Response.language,
            Response.is_resident,
            Response.timing,
            Response.changed_at,
            ResponseOrigin.kind,
        )
        .outerjoin(ResponseOrigin, ResponseOrigin.response_id == Response.id)
        .where(Response.consultation_id == stored.id, counted())
    ).all()
    days = Counter(row.received_at.astimezone(zone).date() for row in rows)
    return Arrivals(
        standing=_standing(session, stored),
        by_day=dict(sorted(days.items())),
        by_way=_most_first(Counter(row.kind or row.channel for row in rows)),
        by_language=_most_first(Counter(row.language for row in rows)),
        by_home=Counter(_home(row.is_resident) for row in rows),
        by_ward=_by_ward(session, stored, document),
        late=sum(row.timing != "on_time" for row in rows),
        changed=sum(row.changed_at is not None for row in rows),
        suspected=_suspected(session, stored),
        petitions=petitions(session, stored),
    )


def petitions(session: Session, stored: Consultation) -> tuple[Signed, ...]:
    """The petitions on record, the largest first."""
    found = session.execute(
        select(Petition.title, Petition.signatures, Petition.received_on)
        .where(Petition.consultation_id == stored.id)
        .order_by(Petition.signatures.desc(), Petition.title, Petition.id)
    )
    return tuple(Signed(*row) for row in found)


def _standing(session: Session, stored: Consultation) -> dict[Standing, int]:
    """Each response once: the first that holds, as a withdrawn one may be excluded too."""
    standing = case(
        (Response.is_test.is_(True), Standing.TEST.value),
        (Response.withdrawn_at.is_not(None), Standing.WITHDRAWN.value),
        (Response.excluded_at.is_not(None), Standing.EXCLUDED.value),
        (counted(), Standing.COUNTED.value),
        (Response.timing_decision == "refused", Standing.TOO_LATE.value),
        else_=Standing.WAITING.value,
    )
    each = (
        select(standing.label("standing")).where(Response.consultation_id == stored.id).subquery()
    )
    rows = session.execute(select(each.c.standing, func.count()).group_by(each.c.standing))
    return {Standing(name): count for name, count in rows}


def _home(is_resident: bool | None) -> Home:
    if is_resident is None:
        return Home.UNKNOWN
    return Home.HERE if is_resident else Home.ELSEWHERE


def _by_ward(session: Session, stored: Consultation, document: Document) -> dict[str, int]:
    question = next((q for q in document.questions if q.kind is QuestionKind.WARD), None)
    if question is None:
        return {}
    everybody = session.scalar(select(func.count(Response.id)).where(compared_responses(stored)))
    values = session.scalars(
        select(Answer.value)
        .join(Response, Response.id == Answer.response_id)
        .where(compared_responses(stored), Answer.question_key == question.key)
    )
    found = Counter(str(value["choice"]) for value in values if "choice" in value)
    del found[PREFER_NOT_TO_SAY]
    found[NOT_SAID] = (everybody or 0) - found.total()
    return dict(found)


def _suspected(session: Session, stored: Consultation) -> int:
    found = session.scalar(
        select(func.count(distinct(ResponseMark.response_id)))
        .join(Response, Response.id == ResponseMark.response_id)
        .where(Response.consultation_id == stored.id, counted())
    )
    return found or 0


def _most_first(found: Counter[str]) -> dict[str, int]:
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
