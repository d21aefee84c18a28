"""Marking what looks like spam or a repeat. Marks exclude nothing: a person decides."""

import re
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Response, ResponseMark
from consult.services import audit
from consult.services.journey import Value

FAST_SECONDS_PER_ANSWER = 1
FEWEST_ANSWERS_TO_TIME = 6
MANY_LINKS = 3
REPEAT_TEXT_LENGTH = 20
"""Repeats are looked for only where somebody wrote at least this much: clicks coincide."""

HELPED = "assisted"
"""The channel of those who answered with help."""

_LINK = re.compile(r"https?://|(?<!//)\bwww\.", re.IGNORECASE)


def mark_suspicions(
    session: Session,
    response: Response,
    answers: Mapping[str, Value],
    *,
    hidden_field_filled: bool,
    seconds: float | None,
    now: datetime,
) -> None:
    """Note what is suspicious about a response that was just stored.

    Nothing is concluded from the tablet that responses come from, nor from how many come from
    one: people share it. ``seconds`` is how long a person took, where that says anything.
    """
    texts = [
        str(value[name])
        for value in answers.values()
        for name in ("text", "other")
        if name in value
    ]
    found: list[tuple[str, str]] = []
    if hidden_field_filled:
        found.append(("suspected_spam", "hidden_field"))
    if sum(len(_LINK.findall(text)) for text in texts) >= MANY_LINKS:
        found.append(("suspected_spam", "many_links"))
    is_timed = len(answers) >= FEWEST_ANSWERS_TO_TIME
    if is_timed and seconds is not None and seconds < FAST_SECONDS_PER_ANSWER * len(answers):
        found.append(("suspected_spam", "very_fast"))
    if any(len(text) >= REPEAT_TEXT_LENGTH for text in texts) and _was_said_before(
        session, response
    ):
        found.append(("suspected_repeat", "same_answers"))
    session.add_all(
        ResponseMark(
            response_id=response.id,
            kind=kind,
            reason=reason,
            marked_by=audit.MACHINE,
            marked_at=now,
        )
        for kind, reason in found
    )
    session.flush()


def _was_said_before(session: Session, response: Response) -> bool:
    """Whether another response says the same in every answer.

    Not where both were given with help: helpers write down what people at one table say, often
    in the same words, and each tablet's responses are stored once whatever it sends.
    """
    same = select(Response.id).where(
        Response.consultation_id == response.consultation_id,
        Response.content_digest == response.content_digest,
        Response.id != response.id,
    )
    if response.channel == HELPED:
        same = same.where(Response.channel != HELPED)
    return session.scalar(same.limit(1)) is not None
