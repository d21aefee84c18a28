"""The officer's desk: themes and judgements, responses from elsewhere, watching."""

import sqlalchemy as sa
from alembic import op

from consult.models.base import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    _studies()
    _judgements()
    _intake()
    _watching()


def _studies() -> None:
    op.create_table(
        "study",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.String(length=60), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("frame", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("last_sequence", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("analysed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("analysed_by", sa.String(length=254), nullable=True),
        sa.Column("audit_size", sa.Integer(), nullable=True),
        sa.Column("double_sample", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint("audit_size >= 1", name=op.f("ck_study_audit_of_somebody")),
        sa.CheckConstraint(
            "(analysed_at IS NULL) = (analysed_by IS NULL)", name=op.f("ck_study_analysis_named")
        ),
        sa.CheckConstraint("last_sequence >= 0", name=op.f("ck_study_sequence_not_negative")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_study_revision_from_one")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_study_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study")),
        sa.UniqueConstraint(
            "consultation_id", "question_key", name=op.f("uq_study_consultation_id_question_key")
        ),
    )
    op.create_table(
        "study_event",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("author", sa.String(length=254), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.CheckConstraint("sequence >= 1", name=op.f("ck_study_event_sequence_from_one")),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["study.id"],
            name=op.f("fk_study_event_study_id_study"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_id", "sequence", name=op.f("pk_study_event")),
    )
    op.create_table(
        "study_key",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("may_seed", sa.Boolean(), nullable=False),
        sa.Column("machine_theme", sa.String(length=20), nullable=True),
        sa.Column("strength", sa.Double(), nullable=False),
        sa.Column("margin", sa.Double(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=10), nullable=False),
        sa.CheckConstraint(
            "decided_by IN ('machine', 'person')", name=op.f("ck_study_key_decider_known")
        ),
        sa.CheckConstraint(
            "status IN ('assigned', 'uncertain', 'unclear')", name=op.f("ck_study_key_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_study_key_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("study_id", "key", name=op.f("pk_study_key")),
    )
    op.create_index("ix_study_key_study_id_theme", "study_key", ["study_id", "theme"], unique=False)
    op.create_table(
        "study_suggestion",
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("is_large_enough", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["study.id"],
            name=op.f("fk_study_suggestion_study_id_study"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("study_id", "theme", name=op.f("pk_study_suggestion")),
    )
    op.create_table(
        "study_answer",
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("is_language_uncertain", sa.Boolean(), nullable=False),
        sa.Column("campaign", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "status IN ('content', 'no_content', 'unclear')",
            name=op.f("ck_study_answer_status_known"),
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_study_answer_answer_id_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_study_answer_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"],
            ["study.id"],
            name=op.f("fk_study_answer_study_id_study"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("answer_id", name=op.f("pk_study_answer")),
    )
    op.create_index(
        "ix_study_answer_study_id_response_id",
        "study_answer",
        ["study_id", "response_id"],
        unique=False,
    )
    op.create_table(
        "study_unit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["study_answer.answer_id"],
            name=op.f("fk_study_unit_answer_id_study_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_study_unit_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id", "key"],
            ["study_key.study_id", "study_key.key"],
            name="fk_study_unit_study_id_study_key",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_study_unit")),
        sa.UniqueConstraint("answer_id", "number", name=op.f("uq_study_unit_answer_id_number")),
    )
    op.create_index("ix_study_unit_response_id", "study_unit", ["response_id"], unique=False)
    op.create_index("ix_study_unit_study_id_key", "study_unit", ["study_id", "key"], unique=False)


def _judgements() -> None:
    op.create_table(
        "coding",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("coder", sa.String(length=254), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("themes", sa.JSON(), nullable=False),
        sa.Column("offered", sa.JSON(), nullable=False),
        sa.Column("coded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("purpose IN ('audit', 'double')", name=op.f("ck_coding_purpose_known")),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_coding_answer_id_answer"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_coding_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_coding_study_id_study"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coding")),
        sa.UniqueConstraint(
            "study_id",
            "response_id",
            "coder",
            "purpose",
            name=op.f("uq_coding_study_id_response_id_coder_purpose"),
        ),
    )
    op.create_index("ix_coding_answer_id", "coding", ["answer_id"], unique=False)
    op.create_index("ix_coding_response_id", "coding", ["response_id"], unique=False)
    op.create_table(
        "answer_translation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("translator", sa.String(length=200), nullable=False),
        sa.Column("brought_by", sa.String(length=254), nullable=False),
        sa.Column("brought_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "origin IN ('machine', 'person')", name=op.f("ck_answer_translation_origin_known")
        ),
        sa.CheckConstraint("translator <> ''", name=op.f("ck_answer_translation_translator_named")),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_answer_translation_answer_id_answer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_translation")),
        sa.UniqueConstraint(
            "answer_id",
            "language",
            "origin",
            name=op.f("uq_answer_translation_answer_id_language_origin"),
        ),
    )
    op.create_table(
        "redaction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("answer_id", sa.Uuid(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_redaction_reason_given")),
        sa.CheckConstraint(
            'start >= 0 AND "end" > start', name=op.f("ck_redaction_stretch_not_empty")
        ),
        sa.ForeignKeyConstraint(
            ["answer_id"],
            ["answer.id"],
            name=op.f("fk_redaction_answer_id_answer"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
    )
    op.create_index("ix_redaction_answer_id", "redaction", ["answer_id"], unique=False)
    op.create_table(
        "quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("study_id", sa.Uuid(), nullable=False),
        sa.Column("theme", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cleared", sa.JSON(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("approved_by", sa.String(length=254), nullable=False),
        sa.Column("approved_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_quote_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["study_id"], ["study.id"], name=op.f("fk_quote_study_id_study"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"],
            ["study_unit.id"],
            name=op.f("fk_quote_unit_id_study_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quote")),
        sa.UniqueConstraint("unit_id", "theme", name=op.f("uq_quote_unit_id_theme")),
    )
    op.create_index(op.f("ix_quote_response_id"), "quote", ["response_id"], unique=False)
    op.create_index("ix_quote_study_id_theme", "quote", ["study_id", "theme"], unique=False)
    op.create_table(
        "answer_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=254), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_answer_sheet_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheet")),
    )
    op.create_index(
        "ix_answer_sheet_consultation_id", "answer_sheet", ["consultation_id"], unique=False
    )


def _intake() -> None:
    op.create_table(
        "import_mapping",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("headings_digest", sa.String(length=64), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("saved_by", sa.String(length=254), nullable=False),
        sa.Column("saved_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_import_mapping_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "headings_digest", name=op.f("pk_import_mapping")
        ),
    )
    op.create_table(
        "petition",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("asks", sa.Text(), nullable=False),
        sa.Column("organiser", sa.String(length=200), nullable=False),
        sa.Column("signatures", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=254), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint("signatures >= 1", name=op.f("ck_petition_somebody_signed")),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_petition_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_petition")),
    )
    op.create_index(
        op.f("ix_petition_consultation_id"), "petition", ["consultation_id"], unique=False
    )
    op.create_table(
        "response_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("shape", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("uploaded_by", sa.String(length=254), nullable=False),
        sa.Column("uploaded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("applied_by", sa.String(length=254), nullable=True),
        sa.Column("applied_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=254), nullable=True),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(applied_at IS NULL) = (applied_by IS NULL)",
            name=op.f("ck_response_import_application_named"),
        ),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by IS NULL)"
            " AND (undone_at IS NULL OR applied_at IS NOT NULL)",
            name=op.f("ck_response_import_undoing_named"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_response_import_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_import")),
    )
    op.create_index(
        "ix_response_import_consultation_id",
        "response_import",
        ["consultation_id", "file_digest"],
        unique=False,
    )
    op.create_table(
        "response_origin",
        sa.Column("response_id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("entered_by", sa.String(length=254), nullable=False),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("row", sa.Integer(), nullable=True),
        sa.Column("source_key", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(kind = 'file') = (import_id IS NOT NULL)",
            name=op.f("ck_response_origin_file_has_import"),
        ),
        sa.CheckConstraint(
            "kind IN ('file', 'email', 'letter', 'phone', 'paper_form')",
            name=op.f("ck_response_origin_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_response_origin_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["response_import.id"],
            name=op.f("fk_response_origin_import_id_response_import"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["response_id"],
            ["response.id"],
            name=op.f("fk_response_origin_response_id_response"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_response_origin")),
        sa.UniqueConstraint(
            "consultation_id",
            "source_key",
            name=op.f("uq_response_origin_consultation_id_source_key"),
        ),
    )
    op.create_index("ix_response_origin_import_id", "response_origin", ["import_id"], unique=False)


def _watching() -> None:
    op.create_table(
        "flag_notice",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("dimension", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=200), nullable=False),
        sa.Column("area", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_flag_notice_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "consultation_id", "dimension", "category", "area", "state", name=op.f("pk_flag_notice")
        ),
    )
    op.create_table(
        "outreach_act",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(length=254), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_outreach_act_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach_act")),
    )
    op.create_index(
        op.f("ix_outreach_act_consultation_id"), "outreach_act", ["consultation_id"], unique=False
    )
    op.create_table(
        "watch_snapshot",
        sa.Column("consultation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("stamp", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"],
            ["consultation.id"],
            name=op.f("fk_watch_snapshot_consultation_id_consultation"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("consultation_id", "kind", name=op.f("pk_watch_snapshot")),
    )
    op.create_table(
        "digest_wish",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("wished_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
            name=op.f("fk_digest_wish_account_id_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_digest_wish_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("account_id", "workspace_id", name=op.f("pk_digest_wish")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("workspace_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("reaches", sa.JSON(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.String(length=254), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "most IS NULL OR most >= 1", name=op.f("ck_organisation_reaches_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"],
            ["workspace.id"],
            name=op.f("fk_organisation_workspace_id_workspace"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_organisation_workspace_id_name")),
    )
    op.create_index(
        op.f("ix_organisation_workspace_id"), "organisation", ["workspace_id"], unique=False
    )


def downgrade() -> None:
    """Remove them, with every theme, judgement, petition and what is known of partners.

    Responses from elsewhere stay; how they came is lost.
    """
    for table in (
        "organisation",
        "digest_wish",
        "watch_snapshot",
        "outreach_act",
        "flag_notice",
        "response_origin",
        "response_import",
        "petition",
        "import_mapping",
        "answer_sheet",
        "quote",
        "redaction",
        "answer_translation",
        "coding",
        "study_unit",
        "study_answer",
        "study_suggestion",
        "study_key",
        "study_event",
        "study",
    ):
        op.drop_table(table)
