"""Jobs: long work with a heartbeat."""

import sqlalchemy as sa
from alembic import op

from consult.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("parameters", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("progress_done", sa.Integer(), nullable=False),
        sa.Column("progress_total", sa.Integer(), nullable=False),
        sa.Column("progress_stage", sa.String(length=60), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("fault", sa.String(length=40), nullable=True),
        sa.Column("fault_detail", sa.String(length=300), nullable=False),
        sa.Column("requested_by", sa.String(length=254), nullable=False),
        sa.Column("requested_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("not_before", UtcDateTime(timezone=True), nullable=True),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.String(length=160), nullable=True),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("lost_count", sa.Integer(), nullable=False),
        sa.Column("put_off_count", sa.Integer(), nullable=False),
        sa.Column("cancel_requested_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_job_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'running') = (worker IS NOT NULL)"
            " AND (worker IS NULL) = (heartbeat_at IS NULL)",
            name=op.f("ck_job_running_has_worker"),
        ),
        sa.CheckConstraint(
            "state = 'cancelled' OR (state = 'waiting') = (started_at IS NULL)",
            name=op.f("ck_job_started_unless_waiting"),
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)",
            name=op.f("ck_job_ended_has_time"),
        ),
        sa.CheckConstraint(
            "(state = 'failed') = (fault IS NOT NULL)", name=op.f("ck_job_failed_has_fault")
        ),
        sa.CheckConstraint(
            "result IS NULL OR state = 'done'", name=op.f("ck_job_result_when_done")
        ),
        sa.CheckConstraint(
            "(state <> 'cancelled' OR cancel_requested_at IS NOT NULL)"
            " AND (state <> 'waiting' OR cancel_requested_at IS NULL)",
            name=op.f("ck_job_cancelled_on_request"),
        ),
        sa.CheckConstraint(
            "progress_done >= 0 AND progress_done <= progress_total",
            name=op.f("ck_job_progress_within_total"),
        ),
        sa.CheckConstraint(
            "attempt >= 0 AND lost_count >= 0 AND put_off_count >= 0",
            name=op.f("ck_job_counts_not_negative"),
        ),
        sa.CheckConstraint("requested_by <> ''", name=op.f("ck_job_requester_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    unfinished = sa.text("state IN ('waiting', 'running')")
    op.create_index(
        "uq_job_key_unfinished",
        "job",
        ["key"],
        unique=True,
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_index("ix_job_state_requested_at", "job", ["state", "requested_at"])
    op.create_index("ix_job_requested_at", "job", ["requested_at"])


def downgrade() -> None:
    """Remove it; what it says of work that is done is lost."""
    op.drop_table("job")
