"""What has to happen by itself as days pass."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from consult.services import contacts, drafts, retention


@dataclass(frozen=True, slots=True)
class Housekeeping:
    """What one round did."""

    drafts_expired: int
    contacts_filed: int
    consultations_removed: tuple[str, ...]
    """Those whose deletion date has come."""


def run(session: Session, *, now: datetime) -> Housekeeping:
    """Remove expired drafts, file contact details, keep deletion dates."""
    return Housekeeping(
        drafts_expired=drafts.remove_expired(session, now=now),
        contacts_filed=contacts.file_earlier_days(session, now=now),
        consultations_removed=tuple(retention.remove_due_data(session, now=now)),
    )
