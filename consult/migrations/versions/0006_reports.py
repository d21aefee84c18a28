"""Reports: their layout, texts, versions and files; tokens for other programs."""

import sqlalchemy as sa
from alembic import op

from consult.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("ck_api_token_named")),
        sa.CheckConstraint("expires_at > made_at", name=op.f("ck_api_token_expires_after_making")),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_api_token_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False)
    op.create_table(
        "report",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=254), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_report_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_report_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", name=op.f("pk_report")),
    )
    op.create_table(
        "report_text",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("written_by", sa.String(length=254), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin IN ('machine', 'person')", name=op.f("ck_report_text_origin_known")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_report_text_text_not_empty")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_report_text_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "key", "language", name=op.f("pk_report_text")),
    )
    op.create_table(
        "report_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("release", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.String(length=254), nullable=True),
        sa.Column("taken_down_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "audience IN ('public', 'internal')", name=op.f("ck_report_version_audience_known")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR audience = 'public'",
            name=op.f("ck_report_version_only_public_published"),
        ),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by IS NULL)",
            name=op.f("ck_report_version_publication_named"),
        ),
        sa.CheckConstraint("number >= 1", name=op.f("ck_report_version_number_from_one")),
        sa.CheckConstraint(
            "taken_down_at IS NULL OR published_at IS NOT NULL",
            name=op.f("ck_report_version_taken_down_after_publishing"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_report_version_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_version")),
        sa.UniqueConstraint(
            "consultation_id", "number", name=op.f("uq_report_version_consultation_id_number")
        ),
    )
    op.create_table(
        "report_file",
        sa.Column("version_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["report_version.id"],
            name=op.f("fk_report_file_version_id_report_version"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("version_id", "name", name=op.f("pk_report_file")),
    )
    op.create_table(
        "quote_translation",
        sa.Column("quote_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("written_by", sa.String(length=254), nullable=False),
        sa.Column("written_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin IN ('machine', 'person')", name=op.f("ck_quote_translation_origin_known")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_quote_translation_text_not_empty")),
        sa.ForeignKeyConstraint(
            ["quote_id"],
            ["quote.id"],
            name=op.f("fk_quote_translation_quote_id_quote"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("quote_id", "language", name=op.f("pk_quote_translation")),
    )


def downgrade() -> None:
    """Remove them, with every version of a report and every token."""
    for table in (
        "api_token",
        "report_file",
        "report_version",
        "quote_translation",
        "report_text",
        "report",
    ):
        op.drop_table(table)
