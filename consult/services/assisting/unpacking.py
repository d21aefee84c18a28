"""Opening an item: who signed it, for which session, by which questions, and what it says."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import (
    AssistedSession,
    Consultation,
    Device,
    Organisation,
    SessionPack,
    Workspace,
)
from consult.services import codes
from consult.services.assisting import payloads, sealing
from consult.services.assisting.keys import Keys
from consult.services.assisting.outcomes import Outcome, Reason, SetAside
from consult.services.assisting.payloads import Finished, FinishedResponse, FinishedTalk
from consult.services.assisting.sealing import Outside
from consult.services.assisting.taking import Clock, Source, take_response, take_talk


@dataclass(frozen=True, slots=True)
class Unpacked:
    """An item opened and checked, and where it comes from."""

    source: Source
    finished: Finished


def unpack(session: Session, sealed: str, *, opener: Keys) -> Finished | str:
    """What stands within an item, whoever has signed it.

    Where that is nothing that a tablet writes it is the text as it stands there, so that a
    person can see whether words of somebody are in it.

    Raises
    ------
    SetAside
        If it cannot be opened.
    """
    outside = sealing.look_at(sealed)
    try:
        words = sealing.words_of(_open(session, sealed, outside, opener).signed)
    except sealing.BadSignature:
        raise SetAside(Reason.SIGNATURE) from None
    try:
        return payloads.read(words)
    except payloads.Unreadable:
        return words


def unpack_checked(
    session: Session, sealed: str, *, opener: Keys, revoked_too: bool = False
) -> Unpacked:
    """Open an item and check who signed it, for which session, by which questions.

    Raises
    ------
    SetAside
        If anything is not as it should be.
    """
    outside = sealing.look_at(sealed)
    opened = _open(session, sealed, outside, opener)
    if opened.device_id != outside.device_id:
        raise SetAside(Reason.MISMATCH)
    device = session.get(Device, outside.device_id)
    if device is None:
        raise SetAside(Reason.UNKNOWN_DEVICE)
    finished = _finished(opened.signed, device)
    if finished.client_id != outside.client_id:
        raise SetAside(Reason.MISMATCH, finished.kind)
    if device.revoked_at is not None and not revoked_too:
        raise SetAside(Reason.REVOKED, finished.kind)
    return Unpacked(_source(session, device, finished), finished)


def take(
    session: Session, unpacked: Unpacked, clock: Clock, *, secret_key: str, now: datetime
) -> Outcome:
    """Store what was unpacked.

    Raises
    ------
    SetAside
        If it cannot be stored as it came.
    """
    source, finished = unpacked.source, unpacked.finished
    if source.stored.data_removed_at is not None:
        return Outcome.TOO_LATE
    if isinstance(finished, FinishedResponse):
        return take_response(session, source, finished, clock, secret_key=secret_key, now=now)
    return take_talk(session, source, finished, clock, now=now)


def take_anyway(
    session: Session, unpacked: Unpacked, clock: Clock, *, secret_key: str, now: datetime
) -> Outcome:
    """Store what was unpacked, as an officer has decided, whatever was stored before.

    Raises
    ------
    SetAside
        If that cannot be done.
    """
    source, finished = unpacked.source, unpacked.finished
    if source.stored.data_removed_at is not None:
        return Outcome.TOO_LATE
    if isinstance(finished, FinishedTalk):
        return take_talk(session, source, finished, clock, now=now, anyway=True)
    try:
        return take_response(
            session, source, finished, clock, secret_key=secret_key, now=now, anyway=True
        )
    except SetAside as aside:
        if aside.reason is not Reason.CODE_CLASH:
            raise
    recoded = finished.model_copy(update={"code": codes.new_code()})
    return take_response(
        session, source, recoded, clock, secret_key=secret_key, now=now, anyway=True
    )


def consultation_of(session: Session, device: Device) -> Consultation | None:
    """The consultation that a tablet's organisation works for."""
    return session.scalar(
        select(Consultation)
        .join(Workspace, Workspace.consultation_id == Consultation.id)
        .join(Organisation, Organisation.workspace_id == Workspace.id)
        .where(Organisation.id == device.organisation_id)
    )


def _open(session: Session, sealed: str, outside: Outside, opener: Keys) -> sealing.Opened:
    private = opener.decrypter(session, outside.key_id)
    if private is None:
        raise SetAside(Reason.UNKNOWN_KEY)
    try:
        return sealing.open_item(sealed, private)
    except sealing.CannotOpen:
        raise SetAside(Reason.UNREADABLE) from None


def _finished(signed: str, device: Device) -> Finished:
    try:
        return payloads.read(sealing.signed_words(signed, sealing.public_key(device.public_key)))
    except sealing.BadSignature:
        raise SetAside(Reason.SIGNATURE) from None
    except payloads.Unreadable:
        raise SetAside(Reason.UNREADABLE) from None


def _source(session: Session, device: Device, finished: Finished) -> Source:
    held = session.get(AssistedSession, finished.session)
    if held is None or held.organisation_id != device.organisation_id:
        raise SetAside(Reason.UNKNOWN_SESSION, finished.kind)
    stored = consultation_of(session, device)
    if stored is None:
        raise SetAside(Reason.UNKNOWN_PACK, finished.kind)
    pack = session.scalar(
        select(SessionPack).where(
            SessionPack.consultation_id == stored.id, SessionPack.digest == finished.pack
        )
    )
    if pack is None:
        raise SetAside(Reason.UNKNOWN_PACK, finished.kind)
    return Source(device, held, stored, pack)
