"""What tablets were given to ask, read once for the many items that answer it."""

from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import Consultation, SessionPack

MOST_KNOWN = 32
"""Packs that are remembered; a consultation makes a new one when its questions change."""


class Packs:
    """Questions by the digest of their pack, which says what they are: they never change.

    Only what everybody may read is remembered, and nothing of what anybody answered.
    """

    def __init__(self, most: int = MOST_KNOWN) -> None:
        self._most = most
        self._known: dict[str, Document] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._known)

    def document(self, pack: SessionPack) -> Document:
        """The questions as the tablet had them; in which words is of no matter here."""
        found = self._known.get(pack.digest)
        if found is None:
            found = Document.model_validate({**pack.document, "translations": {}})
            with self._lock:
                self._known[pack.digest] = found
                while len(self._known) > self._most:  # the one that was read first goes
                    del self._known[next(iter(self._known))]
        return found


PACKS = Packs()
"""Of this process."""


def under_todays_rules(session: Session, asked: Document, stored: Consultation) -> Document:
    """The same questions under the times that the consultation has now.

    Only the times are read anew: what comes in time is judged by them, and reading all that is
    asked now would take longer than everything else that is done for one item.
    """
    grace = session.execute(
        select(Consultation.definition["grace_minutes"].as_integer()).where(
            Consultation.id == stored.id
        )
    ).scalar_one()
    return asked.model_copy(
        update={
            "opens_at": stored.opens_at,
            "closes_at": stored.closes_at,
            "late_until": stored.late_until,
            "grace_minutes": grace,
            "paused": stored.paused,
        }
    )
