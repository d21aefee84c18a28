"""What the tables of themes, judgements, intake and watching promise, kept by the database."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.db import make_engine
from consult.models import (
    AnswerTranslation,
    Base,
    Coding,
    Organisation,
    Petition,
    Redaction,
    ResponseImport,
    ResponseOrigin,
    Study,
    StudyAnswer,
    StudyEvent,
    StudyKey,
    StudyUnit,
    Workspace,
    intake,
    judgement,
    study,
    watch,
)
from tests.support.consultations import NOW, insert_row, rows_of_0001

ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"
LATER = NOW + timedelta(hours=1)
FIRST = rows_of_0001()
CONSULTATION, RESPONSE, ANSWER = (
    FIRST[name]["id"] for name in ("consultation", "response", "answer")
)
STUDY, FILE, WORKSPACE = UUID(int=801), UUID(int=802), UUID(int=803)
KEY = "k" * 64

VALID: Mapping[type[Base], Mapping[str, Any]] = MappingProxyType(
    {
        Study: {
            "id": STUDY,
            "consultation_id": CONSULTATION,
            "question_key": "why",
            "salt": "0" * 32,
            "findings": {},
        },
        StudyEvent: {
            "study_id": STUDY,
            "sequence": 1,
            "kind": "rename",
            "author": ANNA,
            "at": NOW,
            "data": {},
        },
        StudyAnswer: {
            "answer_id": ANSWER,
            "study_id": STUDY,
            "response_id": RESPONSE,
            "status": "content",
            "language": "ur",
        },
        StudyKey: {
            "study_id": STUDY,
            "key": KEY,
            "vector": b"\0\0\0\0",
            "may_seed": True,
            "strength": 0.5,
            "margin": 0.1,
            "status": "assigned",
            "decided_by": "machine",
        },
        StudyUnit: {
            "study_id": STUDY,
            "key": KEY,
            "answer_id": ANSWER,
            "response_id": RESPONSE,
            "number": 1,
            "text": "Because",
            "folded": "because",
        },
        Coding: {
            "study_id": STUDY,
            "response_id": RESPONSE,
            "coder": ANNA,
            "answer_id": ANSWER,
            "purpose": "audit",
            "themes": [],
            "offered": [],
            "coded_at": NOW,
        },
        Redaction: {
            "answer_id": ANSWER,
            "start": 0,
            "end": 3,
            "reason": "name",
            "made_by": ANNA,
            "made_at": NOW,
        },
        AnswerTranslation: {
            "answer_id": ANSWER,
            "language": "en",
            "text": "Because",
            "origin": "person",
            "translator": "Noor",
            "brought_by": ANNA,
            "brought_at": NOW,
        },
        ResponseImport: {
            "id": FILE,
            "consultation_id": CONSULTATION,
            "file_name": "answers.csv",
            "file_digest": "0" * 64,
            "shape": {},
            "uploaded_by": ANNA,
            "uploaded_at": NOW,
        },
        ResponseOrigin: {
            "response_id": RESPONSE,
            "consultation_id": CONSULTATION,
            "kind": "letter",
            "source": "A letter of 3 May, scanned",
            "entered_by": ANNA,
            "entered_at": NOW,
        },
        Petition: {
            "consultation_id": CONSULTATION,
            "title": "Keep the bandstand",
            "asks": "The bandstand shall stay.",
            "organiser": "Friends of the park",
            "signatures": 1,
            "received_on": NOW.date(),
            "recorded_by": ANNA,
            "recorded_at": NOW,
        },
        Organisation: {
            "workspace_id": WORKSPACE,
            "name": "Riverton Mosque",
            "languages": ["ur"],
            "reaches": [],
            "areas": [],
            "most": 1,
            "recorded_by": ANNA,
            "recorded_at": NOW,
        },
    }
)
"""One valid row of each table, parents first."""

APPLIED = {"applied_by": ANNA, "applied_at": NOW}

BROKEN: tuple[tuple[str, type[Base], dict[str, Any]], ...] = (
    ("study_sequence_not_negative", Study, {"last_sequence": -1}),
    ("study_revision_from_one", Study, {"revision": 0}),
    ("study_analysis_named", Study, {"analysed_at": NOW}),
    ("study_analysis_named", Study, {"analysed_by": ANNA}),
    ("study_audit_of_somebody", Study, {"audit_size": 0}),
    ("study_event_sequence_from_one", StudyEvent, {"sequence": 0}),
    ("study_answer_status_known", StudyAnswer, {"status": "odd"}),
    ("study_key_decider_known", StudyKey, {"decided_by": "chance"}),
    ("study_key_status_known", StudyKey, {"status": "odd"}),
    ("coding_purpose_known", Coding, {"purpose": "fun"}),
    ("redaction_stretch_not_empty", Redaction, {"start": 3}),
    ("redaction_stretch_not_empty", Redaction, {"start": -1}),
    ("redaction_reason_given", Redaction, {"reason": ""}),
    ("answer_translation_origin_known", AnswerTranslation, {"origin": "guess"}),
    ("answer_translation_translator_named", AnswerTranslation, {"translator": ""}),
    ("response_import_application_named", ResponseImport, {"applied_at": NOW}),
    ("response_import_application_named", ResponseImport, {"applied_by": ANNA}),
    ("response_import_undoing_named", ResponseImport, {**APPLIED, "undone_at": LATER}),
    ("response_import_undoing_named", ResponseImport, {**APPLIED, "undone_by": OMAR}),
    (
        "response_import_undoing_named",
        ResponseImport,
        {"undone_by": OMAR, "undone_at": LATER},
    ),
    ("response_origin_kind_known", ResponseOrigin, {"kind": "pigeon"}),
    ("response_origin_file_has_import", ResponseOrigin, {"kind": "file"}),
    ("response_origin_file_has_import", ResponseOrigin, {"import_id": FILE}),
    ("petition_somebody_signed", Petition, {"signatures": 0}),
    ("organisation_reaches_somebody", Organisation, {"most": 0}),
)


@pytest.fixture
def session(migrated_database_url):
    """A database with what the rows belong to, and with none of them but their parents."""
    engine = make_engine(migrated_database_url)
    with engine.begin() as connection:
        for name, row in FIRST.items():
            insert_row(connection, name, row)
    with Session(engine) as session:
        session.add(
            Workspace(
                id=WORKSPACE,
                slug="parks",
                content={},
                readiness={},
                created_by=ANNA,
                created_at=NOW,
                changed_by=ANNA,
                changed_at=NOW,
            )
        )
        session.commit()
        yield session
    engine.dispose()


def add_valid(session: Session, *, before: type[Base] | None = None) -> None:
    """Store the valid rows, all or those that stand before one."""
    for model, row in VALID.items():
        if model is before:
            break
        session.add(model(**row))
        session.flush()


def test_a_broken_promise_is_refused(session, subtests):
    for name, model, changes in BROKEN:
        with subtests.test(f"{name} {changes}"):
            add_valid(session, before=model)
            session.add(model(**{**VALID[model], **changes}))
            with pytest.raises(IntegrityError, match=f"ck_{name}"):
                session.flush()
            session.rollback()


def test_every_check_of_these_models_is_tried():
    rooms = {module.__name__ for module in (study, judgement, intake, watch)}
    tables = {
        mapper.local_table for mapper in Base.registry.mappers if mapper.class_.__module__ in rooms
    }
    promised = {
        str(constraint.name)
        for table in tables
        if isinstance(table, sa.Table)
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert promised == {f"ck_{name}" for name, _, _ in BROKEN}


OF_THE_RESPONSE: tuple[type[Base], ...] = (
    *(StudyAnswer, StudyUnit, Coding, Redaction, AnswerTranslation, ResponseOrigin),
)
OF_NOBODY: tuple[type[Base], ...] = (
    *(Study, StudyEvent, StudyKey, ResponseImport, Petition, Organisation),
)


def test_valid_rows_are_taken_and_go_with_the_response(session):
    add_valid(session)
    session.commit()
    session.execute(sa.text("DELETE FROM response"))
    for models, left in ((OF_THE_RESPONSE, 0), (OF_NOBODY, 1)):
        for model in models:
            assert session.scalar(sa.select(sa.func.count()).select_from(model)) == left
