"""Long work that runs beside the pages. The table is the truth of what runs and what is done."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import JSON

from consult.models.base import Base

WAITING = "waiting"
RUNNING = "running"
DONE = "done"
FAILED = "failed"
CANCELLED = "cancelled"

UNFINISHED = (WAITING, RUNNING)

_UNFINISHED = text("state IN ('waiting', 'running')")


class Job(Base):
    """A piece of long work: asked for, taken by a worker, ended once.

    The constraints are the state machine. No order of its times is promised: clocks jump, and
    a job has to end all the same.
    """

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')", name="state_known"
        ),
        CheckConstraint(
            "(state = 'running') = (worker IS NOT NULL)"
            " AND (worker IS NULL) = (heartbeat_at IS NULL)",
            name="running_has_worker",
        ),
        CheckConstraint(
            "state = 'cancelled' OR (state = 'waiting') = (started_at IS NULL)",
            name="started_unless_waiting",
        ),
        CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name="ended_has_time",
        ),
        CheckConstraint("(state = 'failed') = (fault IS NOT NULL)", name="failed_has_fault"),
        CheckConstraint("result IS NULL OR state = 'done'", name="result_when_done"),
        CheckConstraint(
            "(state <> 'cancelled' OR cancel_requested_at IS NOT NULL)"
            " AND (state <> 'waiting' OR cancel_requested_at IS NULL)",
            name="cancelled_on_request",
        ),
        CheckConstraint(
            "progress_done >= 0 AND progress_done <= progress_total", name="progress_within_total"
        ),
        CheckConstraint(
            "attempt >= 0 AND lost_count >= 0 AND put_off_count >= 0",
            name="counts_not_negative",
        ),
        CheckConstraint("requested_by <> ''", name="requester_named"),
        Index(
            "uq_job_key_unfinished",
            "key",
            unique=True,
            sqlite_where=_UNFINISHED,
            postgresql_where=_UNFINISHED,
        ),
        Index("ix_job_state_requested_at", "state", "requested_at"),
        Index("ix_job_requested_at", "requested_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    kind: Mapped[str] = mapped_column(String(40))
    parameters: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the work needs to know: small, and never words of a person."""
    subject: Mapped[str] = mapped_column(String(80), default="")
    """The consultation that it is about, by its name in addresses; empty for the whole service."""
    key: Mapped[str | None] = mapped_column(String(200))
    """Two jobs of one key are the same work: one of them at most is unfinished."""
    state: Mapped[str] = mapped_column(String(10), default=WAITING)
    progress_done: Mapped[int] = mapped_column(default=0)
    progress_total: Mapped[int] = mapped_column(default=0)
    """Nought while nobody knows how much there is to do."""
    progress_stage: Mapped[str] = mapped_column(String(60), default="")
    """Key of the stage; its kind has the words for it."""
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    fault: Mapped[str | None] = mapped_column(String(40))
    """Key of what went wrong; its kind or the product has the words for it."""
    fault_detail: Mapped[str] = mapped_column(String(300), default="")
    """For whoever helps: names and figures, never what people wrote."""
    requested_by: Mapped[str] = mapped_column(String(254))
    """An account, ``machine`` or ``command line``."""
    requested_at: Mapped[datetime]
    not_before: Mapped[datetime | None]
    """When to try again after the database was out of reach."""
    started_at: Mapped[datetime | None]
    """When the attempt began that runs, or ran last."""
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    worker: Mapped[str | None] = mapped_column(String(160))
    attempt: Mapped[int] = mapped_column(default=0)
    """How often a worker has taken it. With the worker it tells an owner from a former one."""
    lost_count: Mapped[int] = mapped_column(default=0)
    """How often its worker was lost since somebody asked for it."""
    put_off_count: Mapped[int] = mapped_column(default=0)
    """How often it was put off since then because the database was out of reach."""
    cancel_requested_at: Mapped[datetime | None]

    def wait_again(self) -> None:
        """Go back to waiting, as if no worker had begun."""
        self.state = WAITING
        self.worker = self.heartbeat_at = self.started_at = self.not_before = None
        self.progress_done = self.progress_total = 0
        self.progress_stage = ""

    def end(self, state: str, *, now: datetime) -> None:
        """Come to an end, once."""
        self.state = state
        self.worker = self.heartbeat_at = self.not_before = None
        self.finished_at = now
