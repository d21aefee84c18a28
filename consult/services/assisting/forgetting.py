"""What goes of sessions' data when a person withdraws, and on the promised day."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from consult.models import (
    Arrival,
    AssistedSession,
    Consultation,
    GroupTalk,
    PaperForm,
    Provenance,
    ReadAloud,
    Response,
    Workspace,
)
from consult.services.assisting.outcomes import Outcome

UNPLACED_KEPT = timedelta(days=60)
"""How long an item is kept of which nobody can say where it comes from."""

_PLAINLY = {"synchronize_session": False}


def forget_copies(session: Session, response: Response) -> None:
    """Of a response that is being withdrawn: remove copies that wait, and how it came about."""
    session.execute(delete(Provenance).where(Provenance.response_id == response.id))
    session.execute(
        update(Arrival)
        .where(
            Arrival.client_id == response.client_id,
            Arrival.sealed.is_not(None),
            or_(
                Arrival.consultation_id == response.consultation_id,
                Arrival.consultation_id.is_(None),
            ),
        )
        .values(sealed=None, outcome=Outcome.WITHDRAWN.value, reason=""),
        execution_options=_PLAINLY,
    )


def forget_unplaced(session: Session, *, now: datetime) -> int:
    """Remove items that belong to no consultation, whose promised day would never come."""
    gone = session.scalars(
        delete(Arrival)
        .where(Arrival.consultation_id.is_(None), Arrival.received_at <= now - UNPLACED_KEPT)
        .returning(Arrival.id),
        execution_options=_PLAINLY,
    )
    return len(gone.all())


def forget(session: Session, stored: Consultation) -> None:
    """Remove what people said at tables, how responses came about, and all that led to them.

    Recordings go as well: nobody needs the voice of whoever read the texts out any longer. That
    sessions were held stays on record, with their places and figures, and without the names of
    who was there and words about them.
    """
    held = (
        select(AssistedSession.id)
        .join(Workspace, Workspace.id == AssistedSession.workspace_id)
        .where(Workspace.consultation_id == stored.id)
    )
    workspaces = select(Workspace.id).where(Workspace.consultation_id == stored.id)
    responses = select(Response.id).where(Response.consultation_id == stored.id)
    for removal in (
        delete(Arrival).where(Arrival.consultation_id == stored.id),
        delete(GroupTalk).where(GroupTalk.session_id.in_(held)),
        delete(Provenance).where(Provenance.response_id.in_(responses)),
        delete(PaperForm).where(PaperForm.consultation_id == stored.id),
        delete(ReadAloud).where(ReadAloud.workspace_id.in_(workspaces)),
    ):
        session.execute(removal, execution_options=_PLAINLY)
    session.execute(
        update(AssistedSession)
        .where(AssistedSession.id.in_(held))
        .values(facilitator="", interpreter="", note="", what_was_hard=""),
        execution_options=_PLAINLY,
    )
    session.expire_all()
