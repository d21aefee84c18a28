"""Tablets: enrolled with a key of their own, recognised by it, revoked when they are lost."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import Account, Device, Organisation, OrganisationMember, Workspace
from consult.services import access, audit
from consult.services.answering import clean
from consult.services.assisting import sealing

LONGEST_NAME = 80
MOST_OWED = 1_000_000
"""A number beyond it is no count of responses."""


class NameMissing(ValueError):
    """A tablet needs a name by which people know it, of 80 letters at the most."""


class NotYourOrganisation(LookupError):
    """The account does not work for that organisation."""


class KeyInUse(Exception):
    """The key belongs to a tablet of another organisation, or to one that was revoked."""


class UnknownDevice(LookupError):
    """No tablet of that id is enrolled."""


class ForgedRequest(Exception):
    """The request is not signed by the tablet that it names, or was signed for another one."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What a tablet says of itself when it is heard of."""

    device_now: int
    """Its clock, in milliseconds."""
    owes: int
    oldest: int | None
    """When the oldest that it owes was finished, by its clock."""
    unfinished: int


def organisations_for(session: Session, account: Account) -> list[Organisation]:
    """The organisations that an account may enrol a tablet for, by name.

    Those that it works for, and those of consultations whose officer it is.
    """
    found = session.scalars(select(Organisation).order_by(Organisation.name, Organisation.id))
    mine = set(
        session.scalars(
            select(OrganisationMember.organisation_id).where(
                OrganisationMember.account_id == account.id
            )
        )
    )
    return [
        organisation
        for organisation in found
        if organisation.id in mine
        or access.allows(access.roles_in(account, organisation.workspace_id), access.EDITORS)
    ]


def enrol(
    session: Session,
    account: Account,
    *,
    organisation_id: UUID,
    name: str,
    public_key: object,
    now: datetime,
) -> Device:
    """Enrol a tablet by its public key. The same tablet once more keeps its id.

    Raises
    ------
    NotYourOrganisation
        If the account may not.
    NameMissing
        If the tablet has no name, or a very long one.
    BadKey
        If the key is none that a tablet of ours makes.
    KeyInUse
        If the key was enrolled for another organisation, or was revoked.
    """
    mine = {organisation.id: organisation for organisation in organisations_for(session, account)}
    organisation = mine.get(organisation_id)
    if organisation is None:
        raise NotYourOrganisation
    name = clean(name).strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise NameMissing
    key = sealing.public_key(public_key)
    device = Device(
        organisation_id=organisation.id,
        name=name,
        public_key=dict(key.as_dict(private=False)),
        thumbprint=sealing.thumbprint(key),
        enrolled_by=account.email,
        enrolled_at=now,
        seen_at=now,
    )
    try:
        with session.begin_nested():
            session.add(device)
    except IntegrityError:
        return _enrolled_before(session, device.thumbprint, organisation.id)
    audit.record(
        session,
        actor=account.email,
        action="tablet enrolled",
        subject=_slug_of(session, organisation),
        now=now,
        organisation=organisation.name,
        tablet=name,
    )
    return device


def authenticate(session: Session, signed: str, *, method: str, path: str) -> Device:
    """Which tablet has signed a request, a revoked one too.

    The time within is not judged: tablets' clocks are wrong. A request that somebody sends
    again gives nothing away that is secret, and changes nothing that was sent before.

    Raises
    ------
    UnknownDevice
        If it is not enrolled.
    ForgedRequest
        If the signature is not its own, or stands over another request.
    """
    try:
        device = session.get(Device, sealing.signer_of(signed))
        if device is None:
            raise UnknownDevice
        said = json.loads(
            sealing.signed_words(signed, sealing.public_key(device.public_key)),
        )
    except (sealing.BadSignature, ValueError, RecursionError) as error:
        raise ForgedRequest from error
    if not isinstance(said, dict) or (said.get("m"), said.get("p")) != (method, path):
        raise ForgedRequest
    return device


def note_seen(session: Session, device: Device, owed: Owed | None, *, now: datetime) -> None:
    """Note that a tablet was heard of, and what it says that it owes."""
    device.seen_at = now
    if owed is not None:
        device.owes = min(owed.owes, MOST_OWED)
        device.unfinished = min(owed.unfinished, MOST_OWED)
        device.oldest_owed_at = None if owed.oldest is None else _by_our_clock(owed, now)
    session.flush()


def revoke(session: Session, device: Device, *, actor: str, now: datetime) -> None:
    """Take nothing more from a tablet without somebody's looking at it. Done twice, it stays."""
    if device.revoked_at is not None:
        return
    device.revoked_at, device.revoked_by = now, actor
    session.flush()
    organisation = device.organisation
    audit.record(
        session,
        actor=actor,
        action="tablet revoked",
        subject=_slug_of(session, organisation),
        now=now,
        organisation=organisation.name,
        tablet=device.name,
    )


def of_workspace(session: Session, workspace: Workspace) -> list[Device]:
    """The tablets of a consultation's organisations, those in use first, by name."""
    return list(
        session.scalars(
            select(Device)
            .join(Organisation)
            .where(Organisation.workspace_id == workspace.id)
            .order_by(Device.revoked_at.is_not(None), Device.name, Device.id)
        )
    )


def find(session: Session, workspace: Workspace, device_id: UUID) -> Device:
    """A tablet of a consultation's organisations.

    Raises
    ------
    UnknownDevice
        If there is none of that id.
    """
    device = session.get(Device, device_id)
    if device is None or device.organisation.workspace_id != workspace.id:
        raise UnknownDevice
    return device


def has_device(session: Session, organisation: Organisation) -> bool:
    """Whether a tablet was ever enrolled for an organisation, which then cannot be removed."""
    found = exists().where(Device.organisation_id == organisation.id)
    return bool(session.scalar(select(found)))


def _enrolled_before(session: Session, thumbprint: str, organisation_id: UUID) -> Device:
    known = session.scalar(select(Device).where(Device.thumbprint == thumbprint))
    if known is None or known.organisation_id != organisation_id or known.revoked_at is not None:
        raise KeyInUse
    return known


def _slug_of(session: Session, organisation: Organisation) -> str:
    return session.get_one(Workspace, organisation.workspace_id).slug


def _by_our_clock(owed: Owed, now: datetime) -> datetime | None:
    """When the oldest was finished; a time that is none by any clock counts as now."""
    if owed.oldest is None:
        return None
    age = min(max(owed.device_now - owed.oldest, 0), int(now.timestamp() * 1000))
    return now.astimezone(UTC) - timedelta(milliseconds=age)


def as_told(device: Device) -> dict[str, Any]:
    """What a tablet is told of itself."""
    return {
        "device": str(device.id),
        "organisation": str(device.organisation_id),
        "name": device.name,
    }
