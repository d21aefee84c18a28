"""Whether a consultation may open: what is missing, and what a person has to answer for."""

from datetime import datetime

from sqlalchemy.orm import Session

from consult.models import Workspace


class NotReady(Exception):
    """Something that must be settled before opening is not."""


def require(session: Session, workspace: Workspace, *, now: datetime) -> None:
    """Let a consultation pass that is ready.

    Raises
    ------
    NotReady
        If it is not.
    """
    raise NotReady
