"""What the tables of assisted sessions promise, kept by the database."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
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
    Arrival,
    AssistedSession,
    Base,
    Device,
    GroupTalk,
    Organisation,
    OrganisationMember,
    PaperForm,
    Provenance,
    ReadAloud,
    ServerKey,
    SessionPack,
    Workspace,
    assisted,
)
from tests.support.consultations import NOW, insert_row, rows_of_0001

ANNA = "anna@council.example.org"
LATER = NOW + timedelta(hours=1)
FIRST = rows_of_0001()
CONSULTATION, RESPONSE = (FIRST[name]["id"] for name in ("consultation", "response"))
ACCOUNT, WORKSPACE, PARTNER, HELD, DEVICE, PACK = (UUID(int=900 + number) for number in range(6))
DIGEST = "0" * 64

PARENTS: Mapping[type[Base], Mapping[str, Any]] = MappingProxyType(
    {
        Account: {"id": ACCOUNT, "email": ANNA, "password": "x", "created_at": NOW},
        Workspace: {
            "id": WORKSPACE,
            "slug": "kept",
            "content": {},
            "readiness": {},
            "consultation_id": CONSULTATION,
            "created_by": ANNA,
            "created_at": NOW,
            "changed_by": ANNA,
            "changed_at": NOW,
        },
        Organisation: {
            "id": PARTNER,
            "workspace_id": WORKSPACE,
            "name": "Lozells Women's Group",
            "languages": ["ur"],
            "reaches": [],
            "areas": [],
            "recorded_by": ANNA,
            "recorded_at": NOW,
        },
    }
)
"""What the rows belong to, parents first."""

VALID: Mapping[type[Base], Mapping[str, Any]] = MappingProxyType(
    {
        OrganisationMember: {
            "organisation_id": PARTNER,
            "account_id": ACCOUNT,
            "added_by": ANNA,
            "added_at": NOW,
        },
        AssistedSession: {
            "id": HELD,
            "workspace_id": WORKSPACE,
            "organisation_id": PARTNER,
            "code": "ABC234",
            "venue": "The library",
            "on": date(2026, 3, 10),
            "languages": ["ur"],
            "hopes": [],
            "planned_by": ANNA,
            "planned_at": NOW,
            "changed_at": NOW,
        },
        Device: {
            "id": DEVICE,
            "organisation_id": PARTNER,
            "name": "Blue tablet",
            "public_key": {"kty": "EC"},
            "thumbprint": "t" * 43,
            "enrolled_by": ANNA,
            "enrolled_at": NOW,
        },
        ServerKey: {
            "id": "k" * 43,
            "purpose": "encryption",
            "public_key": {"kty": "EC"},
            "private_sealed": "a.b.c.d.e",
            "made_at": NOW,
        },
        SessionPack: {
            "id": PACK,
            "consultation_id": CONSULTATION,
            "digest": DIGEST,
            "document": {},
            "question_versions": {},
            "made_at": NOW,
        },
        Arrival: {
            "consultation_id": CONSULTATION,
            "device_id": DEVICE,
            "client_id": UUID(int=1),
            "digest": DIGEST,
            "kind": "response",
            "outcome": "stored",
            "received_at": NOW,
        },
        Provenance: {
            "response_id": RESPONSE,
            "session_id": HELD,
            "device_id": DEVICE,
            "pack_id": PACK,
            "mode": "helped",
        },
        GroupTalk: {
            "session_id": HELD,
            "client_id": UUID(int=2),
            "device_id": DEVICE,
            "table_name": "Table 1",
            "language": "ur",
            "people": 1,
            "said": "Words",
            "written_at": NOW,
            "received_at": NOW,
        },
        PaperForm: {
            "consultation_id": CONSULTATION,
            "session_id": HELD,
            "pack_id": PACK,
            "language": "ur",
            "number": "12345678",
            "code_hash": DIGEST,
            "printed_by": ANNA,
            "printed_at": NOW,
        },
        ReadAloud: {
            "workspace_id": WORKSPACE,
            "language": "ur",
            "target": "question:why",
            "media_type": "audio/mpeg",
            "content": b"ID3",
            "digest": DIGEST,
            "size": 3,
            "brought_by": ANNA,
            "brought_at": NOW,
        },
    }
)
"""One valid row of each table, parents first."""

BROKEN: tuple[tuple[str, type[Base], dict[str, Any]], ...] = (
    ("assisted_session_state_known", AssistedSession, {"state": "over"}),
    ("assisted_session_hopes_for_somebody", AssistedSession, {"hoped_for": 0}),
    ("assisted_session_turned_away_counted", AssistedSession, {"turned_away": -1}),
    ("assisted_session_venue_named", AssistedSession, {"venue": ""}),
    ("device_named", Device, {"name": ""}),
    ("device_revoker_named", Device, {"revoked_at": NOW}),
    ("device_revoker_named", Device, {"revoked_by": ANNA}),
    ("device_owes_a_count", Device, {"owes": -1}),
    ("device_owes_a_count", Device, {"unfinished": -1}),
    ("server_key_purpose_known", ServerKey, {"purpose": "both"}),
    (
        "server_key_removed_when_retired",
        ServerKey,
        {"removed_at": LATER, "private_sealed": None},
    ),
    ("server_key_private_until_removed", ServerKey, {"private_sealed": None}),
    (
        "server_key_private_until_removed",
        ServerKey,
        {"retired_at": NOW, "removed_at": LATER},
    ),
    ("arrival_kind_known", Arrival, {"kind": "petition"}),
    ("arrival_outcome_known", Arrival, {"outcome": "lost"}),
    ("arrival_decided", Arrival, {"decision": "later", "decided_by": ANNA}),
    ("arrival_decider_named", Arrival, {"decision": "accepted"}),
    ("arrival_decider_named", Arrival, {"decided_by": ANNA}),
    ("provenance_mode_known", Provenance, {"mode": "online"}),
    ("group_talk_somebody_talked", GroupTalk, {"people": 0}),
    ("group_talk_something_said", GroupTalk, {"said": ""}),
)

TWICE: tuple[tuple[type[Base], dict[str, Any]], ...] = (
    (AssistedSession, {"id": UUID(int=990)}),
    (Device, {"id": UUID(int=990)}),
    (SessionPack, {"id": UUID(int=990)}),
    (Arrival, {"kind": "talk"}),
    (GroupTalk, {"table_name": "Table 2"}),
    (PaperForm, {"client_id": UUID(int=990), "number": "87654321"}),
    (PaperForm, {"client_id": UUID(int=990), "code_hash": "another"}),
    (ReadAloud, {"size": 4}),
)
"""What may be there once only, beside another row that differs in something else."""


@pytest.fixture
def session(migrated_database_url: str) -> Iterator[Session]:
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


def counts(session: Session) -> dict[str, int | None]:
    """Rows by table."""
    return {
        model.__tablename__: session.scalar(sa.select(sa.func.count()).select_from(model))
        for model in VALID
    }


def test_a_broken_promise_is_refused(session: Session, subtests: Any) -> None:
    for name, model, changes in BROKEN:
        with subtests.test(f"{name} {changes}"):
            add_valid(session, before=model)
            session.add(model(**{**VALID[model], **changes}))
            with pytest.raises(IntegrityError, match=f"ck_{name}"):
                session.flush()
            session.rollback()


def test_every_check_of_these_models_is_tried() -> None:
    tables = {
        mapper.local_table
        for mapper in Base.registry.mappers
        if mapper.class_.__module__ == assisted.__name__
    }
    promised = {
        str(constraint.name)
        for table in tables
        if isinstance(table, sa.Table)
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert promised == {f"ck_{name}" for name, _, _ in BROKEN}


def test_what_may_be_there_once_is_not_there_twice(session: Session, subtests: Any) -> None:
    for model, changes in TWICE:
        with subtests.test(model.__tablename__):
            add_valid(session)
            session.add(model(**{**VALID[model], **changes}))
            with pytest.raises(IntegrityError, match=model.__tablename__):
                session.flush()
            session.rollback()


def test_an_organisation_with_sessions_or_tablets_stays(session: Session) -> None:
    add_valid(session)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(sa.text("DELETE FROM organisation"))


def test_how_it_came_about_goes_with_the_response(session: Session) -> None:
    add_valid(session)
    session.commit()
    session.execute(sa.text("DELETE FROM response"))
    assert counts(session) == dict.fromkeys(counts(session), 1) | {"provenance": 0}


def test_a_response_stays_when_its_session_and_tablet_go(session: Session) -> None:
    add_valid(session)
    session.commit()
    session.execute(sa.text("DELETE FROM assisted_session"))
    session.execute(sa.text("DELETE FROM device"))
    session.execute(sa.text("DELETE FROM paper_form"))
    session.execute(sa.text("DELETE FROM session_pack"))
    kept = session.scalars(sa.select(Provenance)).one()
    assert (kept.session_id, kept.device_id, kept.pack_id) == (None, None, None)
    assert session.scalars(sa.select(Arrival)).one().device_id is None


def test_what_tablets_brought_goes_with_the_consultation(session: Session) -> None:
    add_valid(session)
    session.commit()
    session.execute(sa.text("DELETE FROM response"))
    session.execute(sa.text("DELETE FROM consultation"))
    gone = {"arrival": 0, "provenance": 0, "session_pack": 0, "paper_form": 0}
    assert counts(session) == dict.fromkeys(counts(session), 1) | gone
