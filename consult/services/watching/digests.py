"""Who wants to be told by e-mail that a flag is confirmed, and what each is still to be told.

A person is told of each flag once, in at most one e-mail a day and consultation. That a flag is
told is written down before the e-mail is handed over. Of the two faults that a worker killed just
between the two could cause, this leaves the smaller: an e-mail can be lost, and never come
twice. The flag then stands on the dashboard all the same. Where handing over fails and the worker
lives, it is taken back and tried again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Account, Consultation, DigestWish, FlagNotice, Job, Workspace
from consult.services import access, audit, jobs
from consult.services.watching import flags

KIND = "digests"
"""Of the job that writes the e-mails."""

MORNING = 7
"""The hour from which on e-mails are sent, where the consultation is."""

AGAIN_AFTER = timedelta(hours=1)
"""How long after one job the next may be asked for, where handing over failed."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whose turn it is: an account, for one consultation."""

    account_id: UUID
    workspace_id: UUID


@dataclass(frozen=True, slots=True)
class Digest:
    """What one person is to be told.

    Attributes
    ----------
    recipient : Recipient
    account : Account
    stored : Consultation
    notices : tuple of FlagNotice
        In the order in which they were confirmed.
    told_before : datetime or None
        When the person was told last.
    """

    recipient: Recipient
    account: Account
    stored: Consultation
    notices: tuple[FlagNotice, ...]
    told_before: datetime | None


def is_wished(session: Session, account: Account, workspace: Workspace) -> bool:
    """Whether somebody wants to be told about a consultation."""
    return session.get(DigestWish, (account.id, workspace.id)) is not None


def wish(session: Session, account: Account, workspace: Workspace, *, now: datetime) -> None:
    """Tell somebody of flags that are confirmed from now on; wished twice, it is one wish."""
    if is_wished(session, account, workspace):
        return
    session.add(DigestWish(account_id=account.id, workspace_id=workspace.id, wished_at=now))
    session.flush()
    _note(session, account, workspace, "digest wished", now)


def end_wish(session: Session, account: Account, workspace: Workspace, *, now: datetime) -> None:
    """Tell somebody nothing more; where nothing is wished, nothing happens."""
    row = session.get(DigestWish, (account.id, workspace.id))
    if row is not None:
        session.delete(row)
        session.flush()
        _note(session, account, workspace, "digest ended", now)


def ask_due(session: Session, *, now: datetime) -> int:
    """Ask for the e-mails that are due, in one job. How many people they are for."""
    lately = select(Job.id).where(Job.kind == KIND, Job.requested_at > now - AGAIN_AFTER)
    if session.scalars(lately.limit(1)).first() is not None:
        return 0
    waiting = due(session, now=now)
    if waiting:
        jobs.enqueue(session, KIND, requested_by=audit.MACHINE, now=now, key=KIND)
    return len(waiting)


def due(session: Session, *, now: datetime) -> list[Recipient]:
    """Whose e-mail is due."""
    wishes = select(DigestWish).order_by(DigestWish.wished_at, DigestWish.account_id)
    return [
        Recipient(row.account_id, row.workspace_id)
        for row in session.scalars(wishes)
        if _digest(session, row, now) is not None
    ]


def take(session: Session, recipient: Recipient, *, now: datetime) -> Digest | None:
    """Take what somebody is to be told, and write down that they are told it.

    Nothing where it is not due any more: somebody else has taken it, or they do not want it.
    """
    row = session.get(
        DigestWish,
        (recipient.account_id, recipient.workspace_id),
        with_for_update=True,
        populate_existing=True,
    )
    digest = None if row is None else _digest(session, row, now)
    if row is not None and digest is not None:
        row.told_at = now
        session.flush()
    return digest


def take_back(session: Session, digest: Digest, *, now: datetime) -> None:
    """Write down that an e-mail could not be handed over; ``now`` is when it was taken.

    Somebody who is told of something else by now, or wants nothing more, is left alone.
    """
    key = (digest.recipient.account_id, digest.recipient.workspace_id)
    row = session.get(DigestWish, key, with_for_update=True, populate_existing=True)
    if row is not None and row.told_at == now:
        row.told_at = digest.told_before
        session.flush()


def _digest(session: Session, row: DigestWish, now: datetime) -> Digest | None:
    """What a wish is owed now."""
    account = session.get_one(Account, row.account_id)
    workspace = session.get_one(Workspace, row.workspace_id)
    stored = workspace.consultation
    if stored is None or stored.is_preview or not _may_be_told(account, workspace):
        return None
    if not _is_time(row, stored, now):
        return None
    news = flags.notices(session, stored, after=row.told_at or row.wished_at)
    if not news:
        return None
    recipient = Recipient(account.id, workspace.id)
    return Digest(recipient, account, stored, tuple(news), row.told_at)


def _may_be_told(account: Account, workspace: Workspace) -> bool:
    """Whether the account still has a role that may read it."""
    held = access.roles_in(account, workspace.id)
    return account.active and access.allows(held, access.ANALYSTS)


def _is_time(row: DigestWish, stored: Consultation, now: datetime) -> bool:
    """Whether it is day, and the first e-mail of that day."""
    zone = ZoneInfo(str(stored.definition["timezone"]))
    here = now.astimezone(zone)
    told_today = row.told_at is not None and row.told_at.astimezone(zone).date() == here.date()
    return here.hour >= MORNING and not told_today


def _note(
    session: Session, account: Account, workspace: Workspace, action: str, now: datetime
) -> None:
    audit.record(session, actor=account.email, action=action, subject=workspace.slug, now=now)
