"""The council's name, colour and logo, on all pages of this installation."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from consult.look.colours import READABLE, WHITE, contrast
from consult.look.logos import logo_type
from consult.models import Council
from consult.services import audit

SUBJECT = "council"


class HardToRead(ValueError):
    """White letters could not be read on that colour."""


def find(session: Session, *, with_logo: bool = False) -> Council | None:
    """The council, if it was named yet."""
    wanted = select(Council)
    return session.scalar(wanted.options(undefer(Council.logo)) if with_logo else wanted)


def describe(
    session: Session,
    *,
    name: str,
    colour: str | None,
    logo_text: str,
    actor: str,
    now: datetime,
) -> Council:
    """Set the council's name, its colour (or the product's own) and what its logo says.

    Raises
    ------
    HardToRead
        If white letters could not be read on the colour.
    """
    if colour is not None and contrast(colour, WHITE) < READABLE:
        raise HardToRead(colour)
    council = _council(session, now)
    council.name, council.colour, council.logo_text = name, colour, logo_text
    council.changed_at = now
    audit.record(session, actor=actor, action="look changed", subject=SUBJECT, now=now)
    return council


def set_logo(session: Session, content: bytes, *, actor: str, now: datetime) -> Council:
    """Take a picture as the logo.

    Raises
    ------
    consult.look.logos.LogoError
        If it cannot be one.
    """
    media_type = logo_type(content)
    council = _council(session, now)
    council.logo, council.logo_type = content, media_type
    council.logo_digest = hashlib.sha256(content).hexdigest()
    council.changed_at = now
    audit.record(session, actor=actor, action="logo set", subject=SUBJECT, now=now)
    return council


def remove_logo(session: Session, *, actor: str, now: datetime) -> None:
    """Show no logo any more."""
    council = find(session)
    if council is not None and council.logo_digest is not None:
        council.logo = council.logo_type = council.logo_digest = None
        council.changed_at = now
        audit.record(session, actor=actor, action="logo removed", subject=SUBJECT, now=now)


def _council(session: Session, now: datetime) -> Council:
    council = find(session)
    if council is None:
        council = Council(name="", changed_at=now)
        session.add(council)
    return council
