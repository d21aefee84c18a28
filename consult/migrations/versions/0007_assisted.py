"""Assisted sessions: partners, tablets, keys, what tablets send, group talk, paper, recordings."""

import sqlalchemy as sa
from alembic import op

from consult.models.base import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "server_key",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("public_key", sa.JSON(), nullable=False),
        sa.Column("private_sealed", sa.Text(), nullable=True),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("retired_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "purpose IN ('encryption', 'signing')", name=op.f("ck_server_key_purpose_known")
        ),
        sa.CheckConstraint(
            "(private_sealed IS NULL) = (removed_at IS NOT NULL)",
            name=op.f("ck_server_key_private_until_removed"),
        ),
        sa.CheckConstraint(
            "removed_at IS NULL OR retired_at IS NOT NULL",
            name=op.f("ck_server_key_removed_when_retired"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_server_key")),
    )
    op.create_table(
        "session_pack",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("question_versions", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_session_pack_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_pack")),
        sa.UniqueConstraint(
            "consultation_id", "digest", name=op.f("uq_session_pack_consultation_id_digest")
        ),
    )
    op.create_table(
        "read_aloud",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("brought_by", sa.String(length=254), nullable=False),
        sa.Column("brought_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_read_aloud_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_aloud")),
        sa.UniqueConstraint(
            "workspace_id",
            "language",
            "target",
            name=op.f("uq_read_aloud_workspace_id_language_target"),
        ),
    )
    op.create_table(
        "assisted_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("venue", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=True),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("hopes", sa.JSON(), nullable=False),
        sa.Column("hoped_for", sa.Integer(), nullable=True),
        sa.Column("facilitator", sa.String(length=200), nullable=False),
        sa.Column("interpreter", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("planned_by", sa.String(length=254), nullable=False),
        sa.Column("planned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("turned_away", sa.Integer(), nullable=True),
        sa.Column("what_was_hard", sa.Text(), nullable=False),
        sa.Column("told_by", sa.String(length=254), nullable=True),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('planned', 'held', 'called_off')",
            name=op.f("ck_assisted_session_state_known"),
        ),
        sa.CheckConstraint("venue <> ''", name=op.f("ck_assisted_session_venue_named")),
        sa.CheckConstraint(
            "hoped_for IS NULL OR hoped_for >= 1",
            name=op.f("ck_assisted_session_hopes_for_somebody"),
        ),
        sa.CheckConstraint(
            "turned_away IS NULL OR turned_away >= 0",
            name=op.f("ck_assisted_session_turned_away_counted"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_assisted_session_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_assisted_session_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assisted_session")),
        sa.UniqueConstraint("code", name=op.f("uq_assisted_session_code")),
    )
    op.create_index(
        op.f("ix_assisted_session_organisation_id"),
        "assisted_session",
        ["organisation_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_assisted_session_workspace_id"), "assisted_session", ["workspace_id"], unique=False
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("public_key", sa.JSON(), nullable=False),
        sa.Column("thumbprint", sa.String(length=64), nullable=False),
        sa.Column("enrolled_by", sa.String(length=254), nullable=False),
        sa.Column("enrolled_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("owes", sa.Integer(), nullable=False),
        sa.Column("oldest_owed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("unfinished", sa.Integer(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=254), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_device_named")),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by IS NULL)", name=op.f("ck_device_revoker_named")
        ),
        sa.CheckConstraint("owes >= 0 AND unfinished >= 0", name=op.f("ck_device_owes_a_count")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_device_organisation_id_organisation"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("thumbprint", name=op.f("uq_device_thumbprint")),
    )
    op.create_index(op.f("ix_device_organisation_id"), "device", ["organisation_id"], unique=False)
    op.create_table(
        "organisation_member",
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.String(length=254), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_organisation_member_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_organisation_member_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "organisation_id", "account_id", name=op.f("pk_organisation_member")
        ),
    )
    op.create_index(
        op.f("ix_organisation_member_account_id"),
        "organisation_member",
        ["account_id"],
        unique=False,
    )
    op.create_table(
        "arrival",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("by_file", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=254), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('accepted', 'refused')",
            name=op.f("ck_arrival_decided"),
        ),
        sa.CheckConstraint(
            "kind IN ('response', 'talk', 'unknown')", name=op.f("ck_arrival_kind_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('stored', 'kept_aside', 'quarantined', 'too_late', 'withdrawn')",
            name=op.f("ck_arrival_outcome_known"),
        ),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_by IS NULL)", name=op.f("ck_arrival_decider_named")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_arrival_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_arrival_device_id_device"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("client_id", "digest", name=op.f("uq_arrival_client_id_digest")),
    )
    op.create_index(
        op.f("ix_arrival_consultation_id"), "arrival", ["consultation_id"], unique=False
    )
    op.create_index(op.f("ix_arrival_device_id"), "arrival", ["device_id"], unique=False)
    op.create_table(
        "group_talk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("table_name", sa.String(length=80), nullable=False),
        sa.Column("question_key", sa.String(length=60), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("removed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.String(length=254), nullable=True),
        sa.CheckConstraint(
            "said <> '' OR removed_at IS NOT NULL", name=op.f("ck_group_talk_something_said")
        ),
        sa.CheckConstraint("people >= 1", name=op.f("ck_group_talk_somebody_talked")),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_group_talk_device_id_device"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["assisted_session.id"],
            name=op.f("fk_group_talk_session_id_assisted_session"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_talk")),
        sa.UniqueConstraint("client_id", name=op.f("uq_group_talk_client_id")),
    )
    op.create_index(op.f("ix_group_talk_session_id"), "group_talk", ["session_id"], unique=False)
    op.create_table(
        "paper_form",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("pack_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=8), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("printed_by", sa.String(length=254), nullable=False),
        sa.Column("printed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_paper_form_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"],
            ["session_pack.id"],
            name=op.f("fk_paper_form_pack_id_session_pack"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["assisted_session.id"],
            name=op.f("fk_paper_form_session_id_assisted_session"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
        sa.UniqueConstraint("client_id", name=op.f("uq_paper_form_client_id")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_paper_form_code_hash")),
        sa.UniqueConstraint("number", name=op.f("uq_paper_form_number")),
    )
    op.create_index(
        op.f("ix_paper_form_consultation_id"), "paper_form", ["consultation_id"], unique=False
    )
    op.create_table(
        "provenance",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("device_id", sa.Uuid(), nullable=True),
        sa.Column("pack_id", sa.Uuid(), nullable=True),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("interpreted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("consented_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("entered_by", sa.String(length=254), nullable=True),
        sa.CheckConstraint(
            "mode IN ('helped', 'self', 'paper')", name=op.f("ck_provenance_mode_known")
        ),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["device.id"],
            name=op.f("fk_provenance_device_id_device"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["pack_id"],
            ["session_pack.id"],
            name=op.f("fk_provenance_pack_id_session_pack"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_provenance_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["assisted_session.id"],
            name=op.f("fk_provenance_session_id_assisted_session"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_provenance")),
    )
    op.create_index(op.f("ix_provenance_session_id"), "provenance", ["session_id"], unique=False)
    op.add_column("invitation", sa.Column("organisation_id", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Remove them, with everything that tablets sent."""
    op.drop_column("invitation", "organisation_id")
    for table in (
        "provenance",
        "paper_form",
        "group_talk",
        "arrival",
        "organisation_member",
        "device",
        "assisted_session",
        "read_aloud",
        "session_pack",
        "server_key",
    ):
        op.drop_table(table)
