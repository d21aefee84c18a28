"""Promises that triggers keep: the audit trail only grows; nothing comes after ``late_until``."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = {
    "audit_event_not_changed": """
        CREATE TRIGGER audit_event_not_changed BEFORE UPDATE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
    "audit_event_not_removed": """
        CREATE TRIGGER audit_event_not_removed BEFORE DELETE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
    "response_not_too_late": """
        CREATE TRIGGER response_not_too_late BEFORE INSERT ON response
        WHEN NEW.received_at > (SELECT late_until FROM consultation WHERE id = NEW.consultation_id)
        BEGIN SELECT RAISE(ABORT, 'the consultation takes no more answers'); END""",
    "answer_not_too_late": """
        CREATE TRIGGER answer_not_too_late BEFORE INSERT ON answer
        WHEN NEW.answered_at > (
            SELECT late_until FROM consultation JOIN response
            ON response.consultation_id = consultation.id WHERE response.id = NEW.response_id)
        BEGIN SELECT RAISE(ABORT, 'the consultation takes no more answers'); END""",
}

POSTGRESQL = (
    """
    CREATE FUNCTION consult_audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'the audit trail only grows' USING ERRCODE = 'check_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_event_only_grows BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION consult_audit_only_grows()
    """,
    """
    CREATE FUNCTION consult_response_not_too_late() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.received_at > (SELECT late_until FROM consultation WHERE id = NEW.consultation_id)
      THEN RAISE EXCEPTION 'the consultation takes no more answers'
        USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER response_not_too_late BEFORE INSERT ON response
    FOR EACH ROW EXECUTE FUNCTION consult_response_not_too_late()
    """,
    """
    CREATE FUNCTION consult_answer_not_too_late() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.answered_at > (
        SELECT late_until FROM consultation JOIN response
        ON response.consultation_id = consultation.id WHERE response.id = NEW.response_id)
      THEN RAISE EXCEPTION 'the consultation takes no more answers'
        USING ERRCODE = 'check_violation';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER answer_not_too_late BEFORE INSERT ON answer
    FOR EACH ROW EXECUTE FUNCTION consult_answer_not_too_late()
    """,
)

POSTGRESQL_DOWN = (
    "DROP TRIGGER audit_event_only_grows ON audit_event",
    "DROP TRIGGER response_not_too_late ON response",
    "DROP TRIGGER answer_not_too_late ON answer",
    "DROP FUNCTION consult_audit_only_grows()",
    "DROP FUNCTION consult_response_not_too_late()",
    "DROP FUNCTION consult_answer_not_too_late()",
)


def upgrade() -> None:
    """Apply this step."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in SQLITE.values() if sqlite else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take this step back."""
    if op.get_bind().dialect.name == "sqlite":
        for name in SQLITE:
            op.execute(f"DROP TRIGGER {name}")
    else:
        for statement in POSTGRESQL_DOWN:
            op.execute(statement)
