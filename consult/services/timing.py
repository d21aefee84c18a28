"""When a consultation takes answers, and what to make of one that comes late."""

from datetime import datetime, timedelta
from enum import StrEnum

from consult.document.model import Consultation

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a device's clock may run ahead of the server's before it is doubted."""


class Phase(StrEnum):
    """What a resident meets now."""

    BEFORE = "before"
    OPEN = "open"
    PAUSED = "paused"
    GRACE = "grace"
    """Closed to newcomers; who had begun may still finish."""
    CLOSED = "closed"


class Timing(StrEnum):
    """Whether a response came in time."""

    ON_TIME = "on_time"
    LATE = "late"
    """Finished in time by a credible clock, delivered later."""
    DOUBTFUL = "doubtful"
    """The clocks do not settle it: an officer decides."""


class TooLate(Exception):
    """The consultation takes no more answers, or not this one."""


def phase(consultation: Consultation, now: datetime) -> Phase:
    """The phase that a consultation is in."""
    if now < consultation.opens:
        return Phase.BEFORE
    if now >= consultation.closes + timedelta(minutes=consultation.grace_minutes):
        return Phase.CLOSED
    if consultation.paused:
        return Phase.PAUSED
    return Phase.OPEN if now < consultation.closes else Phase.GRACE


def judge(
    consultation: Consultation,
    *,
    started_at: datetime,
    finished_at_device: datetime | None,
    received_at: datetime,
    clock_is_credible: bool = True,
) -> Timing:
    """Say whether a response came in time.

    In time is what the server received, or what the device says was finished, by closing
    plus the grace; and what was begun after closing never is. A response that comes between
    then and ``late_until`` is late where its device's clock is credible, else doubtful.

    Parameters
    ----------
    clock_is_credible
        Whether anything may be concluded from the device's times; false where its clock is
        known to have been moved. Nothing is then refused for what the device says.

    Raises
    ------
    TooLate
        If it came after ``late_until``, was begun after closing, or was finished too late by
        its own device's credible clock, or after the grace with no device time at all.
    """
    deadline = consultation.closes + timedelta(minutes=consultation.grace_minutes)
    if received_at > consultation.late:
        raise TooLate
    if clock_is_credible and started_at >= consultation.closes:
        raise TooLate
    if received_at < deadline:
        return Timing.ON_TIME
    if not clock_is_credible:
        return Timing.DOUBTFUL
    if finished_at_device is None:
        raise TooLate
    if not started_at <= finished_at_device <= received_at + CLOCK_TOLERANCE:
        return Timing.DOUBTFUL
    if finished_at_device >= deadline:
        raise TooLate
    return Timing.LATE
