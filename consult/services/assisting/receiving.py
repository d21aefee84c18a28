"""Taking what tablets send: each item exactly once, however often and by whichever way it comes.

Whatever looks like an item of ours gets an answer that lets the tablet give up its copy: it is
stored, or it is kept for an officer to look at. Only what came too late stays with the tablet.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import Arrival, Consultation, Device, GroupTalk, Response
from consult.services.assisting import sealing
from consult.services.assisting.keys import Keys
from consult.services.assisting.outcomes import Outcome, Reason, SetAside
from consult.services.assisting.sealing import Outside
from consult.services.assisting.taking import Clock
from consult.services.assisting.unpacking import consultation_of, take, unpack_checked

MOST_WAITING = 2_000
"""Items of one tablet that wait for a decision; a stolen one cannot fill the disk."""

MOST_BYTES = 200_000_000
"""Of their sealed words together."""

UNKNOWN = "unknown"


class TooMuch(Exception):
    """So much of this tablet waits for a decision that no more is taken for now."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The server's word about one item, signed."""

    client_id: UUID
    digest: str
    outcome: Outcome
    signed: str


def receive(
    session: Session,
    sealed: str,
    *,
    opener: Keys,
    sender: UUID | None,
    device_now: int | None,
    secret_key: str,
    now: datetime,
) -> Receipt:
    """Take one item, and sign a receipt for it.

    Parameters
    ----------
    sender
        The tablet that has signed the request; nothing for a copy in a file, which anybody
        may have brought.
    device_now
        The tablet's clock as it sends, in milliseconds; nothing for a copy in a file.

    Raises
    ------
    NotSealed
        If it is no item of ours at all: nothing is kept.
    KeyFileProblem
        If the server's own keys cannot be opened just now: nothing is kept.
    TooMuch
        If too much of this tablet waits for a decision.
    """
    outside = sealing.look_at(sealed)
    signer, key_id = opener.signer(session, now=now)
    arrival = _arrival(session, outside)
    if arrival is None:
        arrival, is_new = _begin(session, outside, sender, now=now)
    else:
        is_new = arrival.outcome == Outcome.TOO_LATE  # the closing day may have been moved
        if _came_by_another(arrival, outside, sender):
            arrival.sealed, is_new = None, True
            _place(session, arrival, sender)
    if is_new:
        offset = None if device_now is None else _milliseconds(now) - device_now
        _settle(session, arrival, sealed, outside, sender, opener, offset, secret_key, now)
    outcome = _outcome_now(session, arrival)
    claims = {
        "v": 1,
        "client_id": str(outside.client_id),
        "digest": outside.digest,
        "outcome": outcome.value,
        "at": _milliseconds(now),
    }
    signed = sealing.sign(claims, signer, key_id)
    return Receipt(outside.client_id, outside.digest, outcome, signed)


def _arrival(session: Session, outside: Outside) -> Arrival | None:
    return session.scalar(
        select(Arrival)
        .where(Arrival.client_id == outside.client_id, Arrival.digest == outside.digest)
        .with_for_update()
    )


def _begin(
    session: Session, outside: Outside, sender: UUID | None, *, now: datetime
) -> tuple[Arrival, bool]:
    """The row of an item that has not come before; of two at once, one makes it."""
    arrival = Arrival(
        client_id=outside.client_id,
        digest=outside.digest,
        kind=UNKNOWN,
        outcome=Outcome.QUARANTINED,
        by_file=sender is None,
        received_at=now,
    )
    _place(session, arrival, sender or outside.device_id)
    try:
        with session.begin_nested():
            session.add(arrival)
    except IntegrityError:
        known = _arrival(session, outside)
        if known is None:
            raise
        return known, False
    return arrival, True


def _place(session: Session, arrival: Arrival, device_id: UUID | None) -> None:
    """Say which tablet an item came from, and so whose officers decide about it."""
    device = None if device_id is None else session.get(Device, device_id)
    stored = None if device is None else consultation_of(session, device)
    arrival.device_id = None if device is None else device.id
    arrival.consultation_id = None if stored is None else stored.id


def _came_by_another(arrival: Arrival, outside: Outside, sender: UUID | None) -> bool:
    """Whether another tablet has sent first what its own sends now, and nobody has decided."""
    is_own = sender == outside.device_id
    return is_own and arrival.device_id != sender and arrival.sealed is not None


def _settle(
    session: Session,
    arrival: Arrival,
    sealed: str,
    outside: Outside,
    sender: UUID | None,
    opener: Keys,
    offset: int | None,
    secret_key: str,
    now: datetime,
) -> None:
    """Store what an item holds, or keep it for an officer."""
    try:
        if sender not in {None, outside.device_id}:
            raise SetAside(Reason.MISMATCH)
        unpacked = unpack_checked(session, sealed, opener=opener)
        arrival.kind = unpacked.finished.kind
        arrival.consultation_id = unpacked.source.stored.id
        clock = Clock.of(unpacked.finished.clock_offset, offset)
        arrival.outcome = take(session, unpacked, clock, secret_key=secret_key, now=now)
        arrival.reason, arrival.received_at = "", now
    except SetAside as aside:
        arrival.outcome, arrival.reason = aside.outcome, aside.reason
        if aside.kind != UNKNOWN:
            arrival.kind = aside.kind
        _keep(session, arrival, sealed, now)
    session.flush()


def _keep(session: Session, arrival: Arrival, sealed: str, now: datetime) -> None:
    """Keep the sealed words for a decision, unless the time for all decisions is over.

    Raises
    ------
    TooMuch
        If there is no room for them.
    """
    stored = (
        None
        if arrival.consultation_id is None
        else session.get(Consultation, arrival.consultation_id)
    )
    if stored is not None and (now > stored.late_until or stored.data_removed_at is not None):
        arrival.outcome, arrival.reason = Outcome.TOO_LATE, ""
        return
    if _is_withdrawn(session, arrival):
        arrival.outcome, arrival.reason = Outcome.WITHDRAWN, ""
        return
    _check_room(session, arrival, sealed)
    arrival.sealed = sealed


def _check_room(session: Session, arrival: Arrival, sealed: str) -> None:
    """Count what waits of a tablet: what it sent by itself, or what files say is from it.

    A file may name any tablet, and so takes no room from what that one sends.

    Raises
    ------
    TooMuch
        If there is no room for another.
    """
    items, size = session.execute(
        select(func.count(), func.coalesce(func.sum(func.length(Arrival.sealed)), 0)).where(
            Arrival.device_id == arrival.device_id
            if arrival.device_id is not None
            else Arrival.device_id.is_(None),
            Arrival.by_file.is_(arrival.by_file),
            Arrival.sealed.is_not(None),
        )
    ).one()
    if items >= MOST_WAITING or size + len(sealed) > MOST_BYTES:
        raise TooMuch


def _outcome_now(session: Session, arrival: Arrival) -> Outcome:
    """What became of an item, also since it was stored."""
    outcome = Outcome(arrival.outcome)
    gone = outcome is Outcome.STORED and _is_withdrawn(session, arrival)
    return Outcome.WITHDRAWN if gone else outcome


def _is_withdrawn(session: Session, arrival: Arrival) -> bool:
    """Whether what was stored under an item's id was withdrawn or removed since."""
    withdrawn = exists().where(
        Response.consultation_id == arrival.consultation_id,
        Response.client_id == arrival.client_id,
        Response.withdrawn_at.is_not(None),
    )
    removed = exists().where(
        GroupTalk.client_id == arrival.client_id, GroupTalk.removed_at.is_not(None)
    )
    return bool(session.scalar(select(or_(withdrawn, removed))))


def _milliseconds(now: datetime) -> int:
    return int(now.timestamp() * 1000)
