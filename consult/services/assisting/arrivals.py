"""What came from tablets and waits for an officer: looking at it, taking it, refusing it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from consult.models import Arrival, Consultation, Device, Organisation
from consult.services import audit
from consult.services.assisting.keys import Keys
from consult.services.assisting.outcomes import WAITING, Outcome, Reason, SetAside
from consult.services.assisting.payloads import Finished
from consult.services.assisting.taking import Clock
from consult.services.assisting.unpacking import take_anyway, unpack, unpack_checked

ACCEPTED = "accepted"
REFUSED = "refused"


class NoSuchArrival(LookupError):
    """Nothing of that id waits, or it belongs to another consultation."""


class AlreadyDecided(Exception):
    """Somebody has decided about it meanwhile, or its person has withdrawn it."""


class CameTooLate(Exception):
    """The consultation takes nothing more that came then."""


class BelongsElsewhere(Exception):
    """It comes from a session of another consultation."""


class CannotAccept(Exception):
    """Nobody can say where it comes from or what it answers: it can only be refused."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Waiting:
    """One item that waits for a decision."""

    id: UUID
    kind: str
    """``response``, ``talk``, or ``unknown`` where it cannot be read."""
    outcome: Outcome
    """Kept aside or quarantined."""
    reason: Reason
    by_file: bool
    received_at: datetime
    tablet: str
    """The name of the tablet that it says it comes from; empty where that is not known."""
    organisation: str


def waiting(session: Session, stored: Consultation, *, is_admin: bool) -> list[Waiting]:
    """What waits, the oldest first; for an admin also what nobody can say the consultation of."""
    rows = session.execute(
        select(Arrival, Device.name, Organisation.name)
        .outerjoin(Device, Device.id == Arrival.device_id)
        .outerjoin(Organisation, Organisation.id == Device.organisation_id)
        .where(_waits_in(stored, is_admin=is_admin))
        .order_by(Arrival.received_at, Arrival.id)
    )
    return [
        Waiting(
            id=arrival.id,
            kind=arrival.kind,
            outcome=Outcome(arrival.outcome),
            reason=Reason(arrival.reason),
            by_file=arrival.by_file,
            received_at=arrival.received_at,
            tablet=tablet or "",
            organisation=organisation or "",
        )
        for arrival, tablet, organisation in rows
    ]


def count_waiting(session: Session, stored: Consultation, *, is_admin: bool) -> int:
    """How many items wait for a decision."""
    waits = _waits_in(stored, is_admin=is_admin)
    return session.scalar(select(func.count()).where(waits)) or 0


def find(session: Session, stored: Consultation, arrival_id: UUID, *, is_admin: bool) -> Arrival:
    """An item that waits.

    Raises
    ------
    NoSuchArrival
        If there is none of that id, or none any more.
    """
    waits = _waits_in(stored, is_admin=is_admin)
    found = session.scalar(select(Arrival).where(waits, Arrival.id == arrival_id))
    if found is None:
        raise NoSuchArrival
    return found


def look(session: Session, arrival: Arrival, opener: Keys) -> Finished | str | None:
    """What stands in an item, whoever wrote it; nothing where it cannot be opened.

    What is nothing that a tablet writes is given as it stands there.

    Raises
    ------
    KeyFileProblem
        If the server's own keys cannot be opened just now.
    """
    try:
        return None if arrival.sealed is None else unpack(session, arrival.sealed, opener=opener)
    except SetAside:
        return None


def accept(
    session: Session,
    stored: Consultation,
    arrival_id: UUID,
    *,
    opener: Keys,
    secret_key: str,
    actor: str,
    is_admin: bool,
    now: datetime,
) -> Outcome:
    """Store an item all the same, and say what became of it: stored, or withdrawn meanwhile.

    What was kept aside takes the place of what was stored under its id, so that one person
    stays one response with one code. Answers that the form would not take are left out. Whether
    it came in time is judged by when it came, not by when the officer decides; a response that
    came by the last day is stored as doubtful where its tablet's clock says that it was
    finished too late. Where its receipt code was somebody else's, the new one is known to
    nobody. Whatever is not stored keeps waiting, with its words.

    Raises
    ------
    AlreadyDecided
        If it does not wait any more.
    CannotAccept
        If nobody can say where it comes from or what it answers.
    CameTooLate
        If it came after the last day, as that is now.
    BelongsElsewhere
        If it is of another consultation.
    KeyFileProblem
        If the server's own keys cannot be opened just now.
    """
    arrival, sealed = _locked(session, stored, arrival_id, is_admin=is_admin)
    try:
        unpacked = unpack_checked(session, sealed, opener=opener, revoked_too=True)
        if unpacked.source.stored.id != stored.id:
            raise BelongsElsewhere
        clock = Clock.of(unpacked.finished.clock_offset, None)
        outcome = take_anyway(
            session, unpacked, clock, secret_key=secret_key, now=arrival.received_at
        )
    except SetAside as aside:
        raise CannotAccept(aside.reason) from None
    if outcome is Outcome.TOO_LATE:
        raise CameTooLate
    if outcome is Outcome.WITHDRAWN:
        arrival.outcome, arrival.reason, arrival.sealed = outcome, "", None
        session.flush()
        return outcome
    _decide(session, stored, arrival, ACCEPTED, actor, now)
    return outcome


def refuse(
    session: Session,
    stored: Consultation,
    arrival_id: UUID,
    *,
    actor: str,
    is_admin: bool,
    now: datetime,
) -> None:
    """Put an item away for good: its sealed words go.

    Raises
    ------
    AlreadyDecided
        If it does not wait any more.
    """
    arrival, _sealed = _locked(session, stored, arrival_id, is_admin=is_admin)
    _decide(session, stored, arrival, REFUSED, actor, now)


def _waits_in(stored: Consultation, *, is_admin: bool) -> ColumnElement[bool]:
    """What waits in a consultation.

    What is of none may be of any: only who may see all of them sees it.
    """
    here = Arrival.consultation_id == stored.id
    return (
        Arrival.outcome.in_([outcome.value for outcome in WAITING])
        & Arrival.decision.is_(None)
        & Arrival.sealed.is_not(None)
        & (or_(here, Arrival.consultation_id.is_(None)) if is_admin else here)
    )


def _locked(
    session: Session, stored: Consultation, arrival_id: UUID, *, is_admin: bool
) -> tuple[Arrival, str]:
    arrival = session.get(Arrival, arrival_id, with_for_update=True, populate_existing=True)
    if arrival is None or arrival.sealed is None or arrival.decision is not None:
        raise AlreadyDecided
    if arrival.consultation_id not in ({stored.id, None} if is_admin else {stored.id}):
        raise AlreadyDecided
    return arrival, arrival.sealed


def _decide(
    session: Session,
    stored: Consultation,
    arrival: Arrival,
    decision: str,
    actor: str,
    now: datetime,
) -> None:
    reason = arrival.reason
    arrival.decision, arrival.decided_by, arrival.decided_at = decision, actor, now
    arrival.sealed = None
    session.flush()
    audit.record(
        session,
        actor=actor,
        action=f"item from a tablet {decision}",
        subject=stored.slug,
        now=now,
        kind=arrival.kind,
        reason=reason,
    )
