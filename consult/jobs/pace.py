"""How often a worker does what it does again and again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between one time and the next."""

    idle_seconds: float = 0.5
    """Looking for a job that waits, while there is none."""
    look_seconds: float = 1.0
    """Looking whether a running job shall stop; its progress is written no more often."""
    beat_seconds: float = 5.0
    """Heartbeats of a job that makes no progress."""
    watch_seconds: float = 5.0
    """Looking for jobs whose worker is lost."""
    lost_after_seconds: float = 60.0
    """How long a heartbeat may stand still before its worker counts as lost."""
    again_seconds: float = 5.0
    """Trying again while the database is out of reach."""
