"""What can become of something that a tablet sends, and why somebody has to look at it."""

from enum import StrEnum


class Outcome(StrEnum):
    """What became of an item; the receipt says it."""

    STORED = "stored"
    KEPT_ASIDE = "kept_aside"
    """Another content came under the same id before: an officer decides."""
    QUARANTINED = "quarantined"
    """Something about it is not as it should be: an officer decides."""
    TOO_LATE = "too_late"
    WITHDRAWN = "withdrawn"
    """Its person has withdrawn it since it was stored."""


WAITING = (Outcome.KEPT_ASIDE, Outcome.QUARANTINED)
"""Those whose sealed words are kept until somebody has decided."""


class Reason(StrEnum):
    """Why an item was not stored as it came."""

    DIFFERENT = "different"
    """Kept aside: other content was stored under the same id."""
    CHANGED_SINCE = "changed_since"
    """Kept aside: its person has changed what was stored, with their code."""
    REVOKED = "revoked"
    """The tablet was revoked before this came."""
    SIGNATURE = "signature"
    """It is not signed by the tablet that it names."""
    UNKNOWN_DEVICE = "unknown_device"
    MISMATCH = "mismatch"
    """The outside names another tablet or another id than what is within."""
    UNKNOWN_KEY = "unknown_key"
    """It was sealed to a key that is not here, or not any more."""
    UNREADABLE = "unreadable"
    """It was damaged, or holds nothing that a tablet writes."""
    UNKNOWN_SESSION = "unknown_session"
    """There is no such session of the tablet's organisation."""
    UNKNOWN_PACK = "unknown_pack"
    """It answers questions that nobody was ever given."""
    NOT_OPEN = "not_open"
    """It came before the consultation opened."""
    CODE_CLASH = "code_clash"
    """Its receipt code belongs to somebody else's response."""
    BAD_ANSWERS = "bad_answers"
    """An answer is none that the form takes, or a required one is missing."""
    NO_ANSWERS = "no_answers"
    """Nothing is answered in it that the form asks."""
    DOUBTFUL = "doubtful"
    """What a table said came after closing, and no clock says when it was written."""


class SetAside(Exception):
    """It cannot be stored as it came; ``outcome`` says where it goes."""

    def __init__(self, reason: Reason, kind: str = "unknown") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.kind = kind
        """What it is, as far as it could be read."""

    @property
    def outcome(self) -> Outcome:
        """Kept aside, or into quarantine."""
        aside = self.reason in {Reason.DIFFERENT, Reason.CHANGED_SINCE}
        return Outcome.KEPT_ASIDE if aside else Outcome.QUARANTINED
