"""Sign-ins at the council's own provider: each belongs to one account, by issuer and subject.

An e-mail address never binds one to an account: a provider may hand an address on to somebody
else, or let people choose theirs.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import Account, ExternalIdentity
from consult.services import accounts, audit


class IdentityTaken(Exception):
    """That sign-in belongs to another account, or the account has another one there."""


class OnlyWayIn(Exception):
    """The account has no password and no passkey: nobody could sign in with it any more."""


def find(session: Session, issuer: str, subject: str) -> Account | None:
    """The account that a sign-in belongs to, if any."""
    return session.scalar(
        select(Account)
        .join(ExternalIdentity, ExternalIdentity.account_id == Account.id)
        .where(ExternalIdentity.issuer == issuer, ExternalIdentity.subject == subject)
    )


def of_account(session: Session, account_id: UUID, issuer: str) -> ExternalIdentity | None:
    """The account's sign-in at a provider, if it has one."""
    return session.scalar(
        select(ExternalIdentity).where(
            ExternalIdentity.account_id == account_id, ExternalIdentity.issuer == issuer
        )
    )


def has_way_in(
    session: Session, account: Account, *, issuer: str | None, without_passkeys: int = 0
) -> bool:
    """Whether its owner can sign in: with a password, with a passkey, or at the provider.

    An app and recovery codes are no way in, for they only follow a password. Hold the account's
    row before taking a way from it, or two that are taken at once each count on the other.

    Parameters
    ----------
    issuer
        The provider where people can sign in now; nothing for not counting it.
    without_passkeys
        How many of the passkeys are about to go.
    """
    return (
        account.password is not None
        or len(account.webauthn) > without_passkeys
        or (issuer is not None and of_account(session, account.id, issuer) is not None)
    )


def bind(
    session: Session, account: Account, issuer: str, subject: str, *, now: datetime
) -> ExternalIdentity:
    """Let a sign-in at a provider belong to an account. What is so already is no fault.

    Raises
    ------
    IdentityTaken
        If it belongs to another account, or the account has another one at that provider.
    """
    kept = of_account(session, account.id, issuer)
    if kept is not None and kept.subject == subject:
        return kept
    made = ExternalIdentity(account_id=account.id, issuer=issuer, subject=subject, linked_at=now)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        raise IdentityTaken(subject) from None
    audit.record(
        session,
        actor=account.email,
        action="council sign-in linked",
        subject=accounts.subject_of(account.email),
        now=now,
        issuer=issuer,
    )
    return made


def unbind(session: Session, account: Account, issuer: str, *, now: datetime) -> None:
    """Let the account's sign-in at a provider go; none is no fault.

    Raises
    ------
    OnlyWayIn
        If the account has no other way in.
    """
    session.refresh(account, with_for_update=True)
    kept = of_account(session, account.id, issuer)
    if kept is None:
        return
    if not has_way_in(session, account, issuer=None):
        raise OnlyWayIn
    session.delete(kept)
    session.flush()
    audit.record(
        session,
        actor=account.email,
        action="council sign-in unlinked",
        subject=accounts.subject_of(account.email),
        now=now,
        issuer=issuer,
    )
