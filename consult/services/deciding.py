"""What people decide about responses: each with a name, and a reason where one is due."""

from datetime import datetime

from sqlalchemy.orm import Session

from consult.models import Response
from consult.services import audit
from consult.services.reporting import kept
from consult.services.timing import Timing


def exclude(
    session: Session, response: Response, *, actor: str, reason: str, now: datetime
) -> None:
    """Leave a response out of the analysis: a person's act, with a reason, counted in reports.

    Raises
    ------
    ValueError
        If no reason is given.
    """
    if not reason.strip():
        raise ValueError("say why the response is excluded")
    response.excluded_at = now
    response.excluded_by = actor
    response.exclusion_reason = reason.strip()
    kept.drop_where_quoted(session, response)
    audit.record(
        session,
        actor=actor,
        action="response excluded",
        subject=f"response {response.id}",
        now=now,
    )


def include_again(session: Session, response: Response, *, actor: str, now: datetime) -> None:
    """Take an exclusion back."""
    response.excluded_at = response.excluded_by = response.exclusion_reason = None
    kept.drop_where_quoted(session, response)
    audit.record(
        session,
        actor=actor,
        action="response included again",
        subject=f"response {response.id}",
        now=now,
    )


def decide_timing(
    session: Session, response: Response, *, accepted: bool, actor: str, now: datetime
) -> None:
    """Settle whether a response whose clocks disagree came in time.

    Raises
    ------
    ValueError
        If its timing is not in doubt.
    """
    if response.timing != Timing.DOUBTFUL:
        raise ValueError("this response's timing is not in doubt")
    response.timing_decision = "accepted" if accepted else "refused"
    response.timing_decided_by = actor
    kept.drop_where_quoted(session, response)
    audit.record(
        session,
        actor=actor,
        action=f"late response {response.timing_decision}",
        subject=f"response {response.id}",
        now=now,
    )
