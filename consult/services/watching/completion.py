"""Who began and did not send, and where they stopped, as far as anybody knows.

Nobody has an account, and nothing is recorded of who only reads. What is known are answers that
lie unsent: each is kept until it expires, or until its person clears the device. So the share of
those who finish is never larger than what is said here, and may be smaller.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import Consultation, Draft, DraftAnswer, Response, ResponseOrigin
from consult.services.counted import counted
from consult.services.journey import Value, visible_questions

STILL_AT_IT = timedelta(hours=1)
"""Who saved an answer this long ago or less may well go on."""

AT_THE_END = ""
"""Stands for those who have seen every question and did not send."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Those who answer on the pages.

    Attributes
    ----------
    sent : int
        Responses that count and that their people gave online.
    at_it : int
        Unsent, with an answer saved in the last hour.
    stopped : mapping of str to int
        Unsent and left for longer, by the key of the first question that was not seen yet, in
        the document's order; :data:`AT_THE_END` comes last.
    changing : int
        Unsent changes of responses that were sent before and count as they were.
    kept_days : int
        How long unsent answers are kept.
    """

    sent: int
    at_it: int
    stopped: Mapping[str, int]
    changing: int
    kept_days: int

    @property
    def left(self) -> int:
        """How many stopped."""
        return sum(self.stopped.values())

    @property
    def begun(self) -> int:
        """How many are known to have begun."""
        return self.sent + self.at_it + self.left


def unsent(stored: Consultation, now: datetime) -> ColumnElement[bool]:
    """Drafts that lie unsent, as a condition on :class:`~consult.models.Draft`."""
    return and_(Draft.consultation_id == stored.id, Draft.sent_at.is_(None), Draft.expires_at > now)


def completion(
    session: Session, stored: Consultation, document: Document, *, now: datetime
) -> Completion:
    """Count who began, who sent, and where the others stopped."""
    sent = session.scalar(
        select(func.count(Response.id))
        .outerjoin(ResponseOrigin, ResponseOrigin.response_id == Response.id)
        .where(
            Response.consultation_id == stored.id,
            counted(),
            Response.channel == "online",
            ResponseOrigin.response_id.is_(None),
        )
    )
    changing = session.scalar(
        select(func.count(Draft.id)).where(
            unsent(stored, now), Draft.replaces_response_id.is_not(None)
        )
    )
    fresh = and_(unsent(stored, now), Draft.replaces_response_id.is_(None))
    at_it = session.scalar(
        select(func.count(Draft.id)).where(fresh, Draft.updated_at > now - STILL_AT_IT)
    )
    left = and_(fresh, Draft.updated_at <= now - STILL_AT_IT)
    return Completion(
        sent=sent or 0,
        at_it=at_it or 0,
        stopped=_stopped(session, document, left),
        changing=changing or 0,
        kept_days=document.draft_days,
    )


def _stopped(session: Session, document: Document, left: ColumnElement[bool]) -> dict[str, int]:
    seen: dict[UUID, dict[str, Value | None]] = defaultdict(dict)
    for draft_id in session.scalars(select(Draft.id).where(left)):
        seen[draft_id] = {}
    rows = session.execute(
        select(DraftAnswer.draft_id, DraftAnswer.question_key, DraftAnswer.value)
        .join(Draft, Draft.id == DraftAnswer.draft_id)
        .where(left)
    )
    for draft_id, key, value in rows:
        seen[draft_id][key] = value
    found = Counter(_first_unseen(document, answers) for answers in seen.values())
    order = [*(question.key for question in document.questions), AT_THE_END]
    return {key: found[key] for key in order if found[key]}


def _first_unseen(document: Document, answers: Mapping[str, Value | None]) -> str:
    """The first question asked that was neither answered nor skipped."""
    for question in visible_questions(document, answers):
        if question.key not in answers:
            return question.key
    return AT_THE_END
