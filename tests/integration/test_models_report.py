"""What the tables of reports and tokens promise, kept by the database."""

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
    Account,
    ApiToken,
    Base,
    Quote,
    QuoteTranslation,
    Report,
    ReportFile,
    ReportText,
    ReportVersion,
    Study,
    StudyAnswer,
    StudyKey,
    StudyUnit,
    report,
)
from tests.support.consultations import NOW, insert_row, rows_of_0001

ANNA = "anna@council.example.org"
LATER = NOW + timedelta(hours=1)
FIRST = rows_of_0001()
CONSULTATION, RESPONSE, ANSWER = (
    FIRST[name]["id"] for name in ("consultation", "response", "answer")
)
ACCOUNT, STUDY, UNIT, QUOTE, VERSION = (UUID(int=900 + number) for number in range(5))
KEY = "k" * 64

PARENTS: Mapping[type[Base], Mapping[str, Any]] = MappingProxyType(
    {
        Account: {"id": ACCOUNT, "email": ANNA, "password": "x", "created_at": NOW},
        Study: {
            "id": STUDY,
            "consultation_id": CONSULTATION,
            "question_key": "why",
            "salt": "0" * 32,
            "findings": {},
        },
        StudyAnswer: {
            "answer_id": ANSWER,
            "study_id": STUDY,
            "response_id": RESPONSE,
            "status": "content",
            "language": "en",
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
            "id": UNIT,
            "study_id": STUDY,
            "key": KEY,
            "answer_id": ANSWER,
            "response_id": RESPONSE,
            "number": 1,
            "text": "Because",
            "folded": "because",
        },
        Quote: {
            "id": QUOTE,
            "study_id": STUDY,
            "theme": "T1",
            "unit_id": UNIT,
            "response_id": RESPONSE,
            "text": "Because",
            "cleared": [],
            "language": "en",
            "approved_by": ANNA,
            "approved_at": NOW,
        },
    }
)
"""What the rows belong to, parents first."""

WRITTEN = {"text": "Words", "origin": "person", "written_by": ANNA, "written_at": NOW}

VALID: Mapping[type[Base], Mapping[str, Any]] = MappingProxyType(
    {
        Report: {
            "consultation_id": CONSULTATION,
            "sections": ["summary"],
            "changed_by": ANNA,
            "changed_at": NOW,
        },
        ReportText: {
            "consultation_id": CONSULTATION,
            "key": "considered:sex",
            "language": "en",
            **WRITTEN,
        },
        QuoteTranslation: {"quote_id": QUOTE, "language": "ur", **WRITTEN},
        ReportVersion: {
            "id": VERSION,
            "consultation_id": CONSULTATION,
            "number": 1,
            "audience": "public",
            "digest": "0" * 64,
            "data": {},
            "made_by": ANNA,
            "made_at": NOW,
        },
        ReportFile: {
            "version_id": VERSION,
            "name": "full-ur.docx",
            "digest": "0" * 64,
            "content": b"PK",
            "made_at": NOW,
        },
        ApiToken: {
            "account_id": ACCOUNT,
            "name": "The dashboard",
            "token_hash": "0" * 64,
            "scopes": [],
            "made_at": NOW,
            "expires_at": LATER,
        },
    }
)
"""One valid row of each table, parents first."""

PUBLISHED = {"published_at": NOW, "published_by": ANNA}

BROKEN: tuple[tuple[str, type[Base], dict[str, Any]], ...] = (
    ("report_revision_from_one", Report, {"revision": 0}),
    ("report_text_origin_known", ReportText, {"origin": "guess"}),
    ("report_text_text_not_empty", ReportText, {"text": ""}),
    ("quote_translation_origin_known", QuoteTranslation, {"origin": "guess"}),
    ("quote_translation_text_not_empty", QuoteTranslation, {"text": ""}),
    ("report_version_number_from_one", ReportVersion, {"number": 0}),
    ("report_version_audience_known", ReportVersion, {"audience": "friends"}),
    ("report_version_publication_named", ReportVersion, {"published_at": NOW}),
    ("report_version_publication_named", ReportVersion, {"published_by": ANNA}),
    ("report_version_only_public_published", ReportVersion, {"audience": "internal", **PUBLISHED}),
    ("report_version_taken_down_after_publishing", ReportVersion, {"taken_down_at": LATER}),
    ("api_token_named", ApiToken, {"name": ""}),
    ("api_token_expires_after_making", ApiToken, {"expires_at": NOW}),
)


@pytest.fixture
def session(migrated_database_url):
    """A database with what the rows belong to."""
    engine = make_engine(migrated_database_url)
    with engine.begin() as connection:
        for name, row in FIRST.items():
            insert_row(connection, name, row)
    with Session(engine) as session:
        for model, values in PARENTS.items():
            session.add(model(**values))
            session.flush()
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


def count(session: Session, model: type[Base]) -> int | None:
    return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_a_broken_promise_is_refused(session, subtests):
    for name, model, changes in BROKEN:
        with subtests.test(f"{name} {changes}"):
            add_valid(session, before=model)
            session.add(model(**{**VALID[model], **changes}))
            with pytest.raises(IntegrityError, match=f"ck_{name}"):
                session.flush()
            session.rollback()


def test_every_check_of_these_models_is_tried():
    tables = {
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__ == report.__name__
    }
    promised = {
        str(constraint.name)
        for table in tables
        if isinstance(table, sa.Table)
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert promised == {f"ck_{name}" for name, _, _ in BROKEN}


def test_no_number_is_given_twice(session):
    add_valid(session)
    session.add(ReportVersion(**{**VALID[ReportVersion], "id": UUID(int=999)}))
    with pytest.raises(IntegrityError, match="report_version"):
        session.flush()


def test_a_quotes_translation_goes_with_the_response(session):
    add_valid(session)
    session.commit()
    session.execute(sa.text("DELETE FROM response"))
    assert count(session, QuoteTranslation) == 0
    assert [count(session, model) for model in (Report, ReportText, ReportVersion)] == [1, 1, 1]


def test_everything_goes_with_its_consultation_or_account(session):
    add_valid(session)
    session.commit()
    session.execute(sa.text("DELETE FROM response"))
    session.execute(sa.text("DELETE FROM consultation"))
    session.execute(sa.text("DELETE FROM account"))
    assert [count(session, model) for model in VALID] == [0] * len(VALID)
