"""What the tables promise, kept by the database itself, whatever a program tries."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from consult.db import make_engine, unit_of_work
from consult.models import AuditEvent, Base, CodeGuess, Consultation, Draft, Response
from tests.support.consultations import (
    CLOSES,
    LATE_UNTIL,
    NOW,
    OPENS,
    insert_row,
    plain_table,
    rows_of_0001,
)

SECOND = timedelta(seconds=1)
OTHER = UUID(int=900)


@pytest.fixture
def engine(migrated_database_url):
    """A database with one valid row in each table."""
    engine = make_engine(migrated_database_url)
    with engine.begin() as connection:
        for name, row in rows_of_0001().items():
            insert_row(connection, name, row)
    yield engine
    engine.dispose()


def another(table: str, **changes: Any) -> dict[str, Any]:
    """A second valid row of a table, beside the first, with changes; ``None`` leaves out."""
    second: dict[str, dict[str, Any]] = {
        "audit_event": {"id": OTHER},
        "code_guess": {"hour": NOW + timedelta(hours=1)},
        "consultation": {"id": OTHER, "slug": "another"},
        "postcode_area": {"postcode": "B11BC"},
        "contact": {"id": OTHER},
        "contact_intake": {"id": OTHER},
        "question": {"id": OTHER, "key": "another"},
        "response": {"id": OTHER, "client_id": OTHER, "code_hash": "0" * 64},
        "translation": {"path": "asked_by"},
        "draft": {"id": OTHER, "client_id": OTHER, "code_hash": "1" * 64},
        "question_version": {"id": OTHER, "number": 2},
        "response_mark": {"id": OTHER, "reason": "many_links"},
        "answer": {"id": OTHER, "question_key": "another"},
        "draft_answer": {"question_key": "another"},
    }
    row = {**rows_of_0001()[table], **second[table], **changes}
    return {name: value for name, value in row.items() if value is not None}


def refusal(engine: sa.Engine, table: str, row: dict[str, Any]) -> str:
    """Why the database refuses a row."""
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        insert_row(connection, table, row)
    return str(caught.value.orig)


def test_second_rows_are_valid(engine):
    with engine.begin() as connection:
        for table in rows_of_0001():
            insert_row(connection, table, another(table))


CHECKS: dict[str, tuple[str, dict[str, Any]]] = {
    "audit_event_actor_named": ("audit_event", {"actor": ""}),
    "code_guess_count_not_negative": ("code_guess", {"wrong_count": -1}),
    "consultation_opens_before_closing": ("consultation", {"opens_at": CLOSES}),
    "consultation_late_after_closing": ("consultation", {"late_until": CLOSES - SECOND}),
    "consultation_deletion_known": ("consultation", {"deletion": "keep"}),
    "question_version_number_from_one": ("question_version", {"number": 0}),
    "draft_expires_later": ("draft", {"expires_at": OPENS}),
    "draft_updated_later": ("draft", {"updated_at": OPENS - SECOND}),
    "response_channel_known": ("response", {"channel": "pigeon"}),
    "response_timing_known": ("response", {"timing": "soon"}),
    "response_timing_decision_known": (
        "response",
        {"timing_decision": "perhaps", "timing_decided_by": "an officer"},
    ),
    "response_timing_decider_named": ("response", {"timing_decision": "accepted"}),
    "response_withdrawn_after_received": ("response", {"withdrawn_at": NOW - SECOND}),
    "response_changed_after_received": ("response", {"changed_at": NOW - SECOND}),
    "response_exclusion_has_reason": (
        "response",
        {"excluded_at": NOW, "excluded_by": "an officer"},
    ),
    "response_mark_kind_known": ("response_mark", {"kind": "disliked"}),
    "response_mark_marker_named": ("response_mark", {"marked_by": ""}),
}


def test_a_broken_promise_is_refused(engine, subtests):
    for name, (table, changes) in CHECKS.items():
        with subtests.test(name):
            assert f"ck_{name}" in refusal(engine, table, another(table, **changes))


TRIED_ELSEWHERE = {
    "job",  # test_jobs_queue.py
    *("council", "invitation", "membership", "sign_in_failure"),  # test_models_staff.py
    *("sign_off", "translation_import", "workspace", "workspace_text"),
    *("study", "study_event", "study_answer", "study_key"),  # test_models_desk.py
    *("coding", "redaction", "answer_translation"),
    *("response_import", "response_origin", "petition", "organisation"),
    *("report", "report_text", "report_version", "quote_translation"),  # test_models_report.py
    "api_token",
    *(
        "organisation_member",
        "assisted_session",
        "device",
        "server_key",
        "session_pack",
    ),  # test_models_assisted.py
    *("arrival", "provenance", "group_talk", "paper_form", "read_aloud"),
}


def test_every_check_of_the_models_is_tried():
    promised = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint) and table.name not in TRIED_ELSEWHERE
    }
    assert promised == {f"ck_{name}" for name in CHECKS}


def test_half_a_decision_is_refused(engine, subtests):
    halves: list[dict[str, Any]] = [
        {"excluded_at": NOW, "exclusion_reason": "A test by the council"},
        {"excluded_by": "an officer", "exclusion_reason": "A test by the council"},
        {"exclusion_reason": "A test by the council"},
        {"timing_decided_by": "an officer"},
    ]
    for changes in halves:
        with subtests.test(str(changes)):
            assert "ck_response_" in refusal(engine, "response", another("response", **changes))


KEYS = (
    ("consultation", ("slug",), "uq_consultation_slug"),
    ("question", ("consultation_id", "key"), "uq_question_consultation_id_key"),
    ("question_version", ("question_id", "number"), "uq_question_version_question_id_number"),
    ("draft", ("client_id",), "uq_draft_client_id"),
    ("draft", ("code_hash",), "uq_draft_code_hash"),
    ("response", ("consultation_id", "client_id"), "uq_response_consultation_id_client_id"),
    ("response", ("code_hash",), "uq_response_code_hash"),
    (
        "response_mark",
        ("response_id", "kind", "reason"),
        "uq_response_mark_response_id_kind_reason",
    ),
    ("answer", ("response_id", "question_key"), "uq_answer_response_id_question_key"),
    ("draft_answer", ("draft_id", "question_key"), "pk_draft_answer"),
    ("translation", ("consultation_id", "language", "path"), "pk_translation"),
    ("code_guess", ("hour",), "pk_code_guess"),
    ("postcode_area", ("postcode",), "pk_postcode_area"),
)


def test_the_same_twice_is_refused(engine, subtests):
    for table, columns, name in KEYS:
        with subtests.test(name):
            first = rows_of_0001()[table]
            repeated = another(table, **{column: first[column] for column in columns})
            said = refusal(engine, table, repeated)
            # SQLite names the columns, PostgreSQL the constraint.
            named = "UNIQUE constraint failed: " + ", ".join(f"{table}.{c}" for c in columns)
            assert (named if engine.dialect.name == "sqlite" else name) in said


def test_what_points_nowhere_is_refused(engine, subtests):
    for table, column in (
        ("question", "consultation_id"),
        ("question_version", "question_id"),
        ("translation", "consultation_id"),
        ("draft", "consultation_id"),
        ("draft", "replaces_response_id"),
        ("draft_answer", "draft_id"),
        ("response", "consultation_id"),
        ("answer", "response_id"),
        ("answer", "question_version_id"),
        ("response_mark", "response_id"),
        ("contact", "consultation_id"),
        ("contact_intake", "consultation_id"),
    ):
        with subtests.test(f"{table}.{column}"):
            said = refusal(engine, table, another(table, **{column: UUID(int=404)}))
            assert "foreign key" in said.lower()


def test_a_version_with_answers_cannot_be_removed(engine):
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM question_version"))


def test_removing_a_response_takes_its_answers_and_marks_along(engine):
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM response"))
        for table in ("answer", "response_mark"):
            assert connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar() == 0


# Anonymity


def test_contact_details_and_answers_lead_nowhere_to_each_other(engine):
    inspector = sa.inspect(engine)
    for table in ("contact", "contact_intake"):
        columns = {column["name"] for column in inspector.get_columns(table)}
        assert columns == {"id", "consultation_id", "email", "language", "given_on"}
        kinds = {c["name"]: c["type"] for c in inspector.get_columns(table)}
        assert type(kinds["given_on"].as_generic()) is sa.Date  # a day, no time
        targets = {key["referred_table"] for key in inspector.get_foreign_keys(table)}
        assert targets == {"consultation"}
    for table in inspector.get_table_names():
        targets = {key["referred_table"] for key in inspector.get_foreign_keys(table)}
        assert not targets & {"contact", "contact_intake"}
        if table not in {"contact", "contact_intake", "account", "invitation"}:  # staff's own
            names = " ".join(column["name"] for column in inspector.get_columns(table))
            assert "mail" not in names
            assert "contact" not in names


def test_no_table_of_answers_can_hold_a_postcode(engine):
    inspector = sa.inspect(engine)
    holding = {
        table
        for table in inspector.get_table_names()
        if any("postcode" in column["name"] for column in inspector.get_columns(table))
    }
    assert holding == {"postcode_area"}
    assert inspector.get_foreign_keys("postcode_area") == []
    pointing = {
        key["referred_table"]
        for table in inspector.get_table_names()
        for key in inspector.get_foreign_keys(table)
    }
    assert "postcode_area" not in pointing


def test_sqlite_keeps_contacts_in_no_order_of_arrival(sqlite_database_url):
    engine = make_engine(sqlite_database_url)
    with engine.connect() as connection:
        for table in ("contact", "contact_intake"):
            with pytest.raises(OperationalError, match="no such column: rowid"):
                connection.execute(sa.text(f"SELECT rowid FROM {table}"))
    engine.dispose()


# The audit trail


def run(engine: sa.Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text(statement))


def test_the_audit_trail_only_grows(engine, subtests):
    for statement in (
        "UPDATE audit_event SET actor = 'nobody'",
        "UPDATE audit_event SET at = at",
        "DELETE FROM audit_event",
    ):
        with subtests.test(statement), pytest.raises(IntegrityError, match="only grows"):
            run(engine, statement)
    with engine.connect() as connection:
        rows = connection.execute(sa.text("SELECT actor, subject FROM audit_event")).all()
        assert [tuple(row) for row in rows] == [("machine", "a subject")]


def test_an_audit_row_cannot_be_replaced_either(sqlite_database_url):
    engine = make_engine(sqlite_database_url)
    row = rows_of_0001()["audit_event"]
    with engine.begin() as connection:
        insert_row(connection, "audit_event", row)
    table = plain_table("audit_event", row)
    replacing = sa.insert(table).prefix_with("OR REPLACE").values({**row, "actor": "nobody"})
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(replacing)
    engine.dispose()


def test_the_audit_trail_is_refused_a_change_through_the_models(engine):
    with Session(engine) as session:
        event = session.scalars(sa.select(AuditEvent)).one()
        event.actor = "nobody"
        with pytest.raises(IntegrityError, match="only grows"):
            session.flush()


# Nothing comes after late_until


def test_a_response_is_taken_until_late_until_and_no_second_longer(engine):
    late = another("response", received_at=LATE_UNTIL + timedelta(microseconds=1))
    assert "takes no more answers" in refusal(engine, "response", late)
    with engine.begin() as connection:
        insert_row(connection, "response", another("response", received_at=LATE_UNTIL))


def test_an_answer_is_taken_until_late_until_and_no_second_longer(engine):
    late = another("answer", answered_at=LATE_UNTIL + timedelta(microseconds=1))
    assert "takes no more answers" in refusal(engine, "answer", late)
    with engine.begin() as connection:
        insert_row(connection, "answer", another("answer", answered_at=LATE_UNTIL))


def test_lateness_is_judged_as_a_moment_not_as_digits(engine):
    ahead = timezone(timedelta(hours=5))
    with engine.begin() as connection:  # 15:30 there is 10:30 here: in time
        row = another("response", received_at=datetime(2026, 4, 2, 15, 30, tzinfo=ahead))
        insert_row(connection, "response", row)
    behind = timezone(timedelta(hours=-5))
    row = another("answer", answered_at=datetime(2026, 4, 2, 10, 30, tzinfo=behind))
    assert "takes no more answers" in refusal(engine, "answer", row)


# Times


def test_naive_times_are_refused(engine):
    with Session(engine) as session:
        session.add(CodeGuess(hour=datetime(2026, 3, 10, 12), wrong_count=0))
        with pytest.raises(StatementError, match="naive time"):
            session.flush()
        session.rollback()
        with pytest.raises(StatementError, match="naive time"):
            session.scalars(sa.select(Draft).where(Draft.expires_at < datetime(2026, 3, 10))).all()


def test_times_come_back_aware_and_in_utc(engine):
    summer = timezone(timedelta(hours=5, minutes=30))
    given = datetime(2026, 3, 10, 17, 30, 1, 234567, tzinfo=summer)
    with Session(engine) as session, unit_of_work(session):
        response = session.scalars(sa.select(Response)).one()
        response.finished_at_device = given
    with Session(engine) as session:
        response = session.scalars(sa.select(Response)).one()
        assert response.finished_at_device == datetime(2026, 3, 10, 12, 0, 1, 234567, tzinfo=UTC)
        assert response.finished_at_device.tzinfo is UTC
        assert response.received_at.tzinfo is UTC
        assert response.changed_at is None
        consultation = session.scalars(sa.select(Consultation)).one()
        assert consultation.closes_at.tzinfo is UTC
        assert consultation.closes_at == CLOSES
