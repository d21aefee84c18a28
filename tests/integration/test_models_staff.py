"""What the tables of accounts and of consultations in the making promise, kept by the database."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.db import make_engine
from consult.models import (
    Account,
    Base,
    Council,
    ExternalIdentity,
    Invitation,
    Membership,
    SignInFailure,
    SignOff,
    TranslationImport,
    Workspace,
    WorkspaceText,
)
from tests.support.visitors import NOON

ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def session(migrated_database_url):
    engine = make_engine(migrated_database_url)
    with Session(engine) as session:
        session.add(a_workspace())
        session.add(an_account())
        session.commit()
        yield session
    engine.dispose()


def a_workspace(**changes: Any) -> Workspace:
    given = {
        "slug": "parks",
        "content": {},
        "readiness": {},
        "created_by": ANNA,
        "created_at": NOON,
        "changed_by": ANNA,
        "changed_at": NOON,
    }
    return Workspace(**{**given, **changes})


def an_account(**changes: Any) -> Account:
    return Account(**{"email": ANNA, "created_at": NOON, **changes})


def a_text(workspace: Workspace, **changes: Any) -> WorkspaceText:
    given = {
        "workspace_id": workspace.id,
        "language": "ur",
        "path": "title",
        "text": "پارک",
        "source_digest": "0" * 64,
        "origin": "person",
        "written_by": ANNA,
        "written_at": NOON,
    }
    return WorkspaceText(**{**given, **changes})


def a_sign_off(workspace: Workspace, **changes: Any) -> SignOff:
    given = {
        "workspace_id": workspace.id,
        "content_digest": "0" * 64,
        "parts": {},
        "requested_by": ANNA,
        "requested_at": NOON,
    }
    return SignOff(**{**given, **changes})


def an_invitation(**changes: Any) -> Invitation:
    given = {
        "token_hash": uuid4().hex,
        "email": OMAR,
        "roles": [],
        "memberships": [],
        "invited_by": ANNA,
        "created_at": NOON,
        "expires_at": LATER,
    }
    return Invitation(**{**given, **changes})


SIGNED = {"signed_by": OMAR, "signed_at": LATER, "agreed": True}

CHECKS: dict[str, Any] = {
    "workspace_revision_from_one": lambda w, a: a_workspace(slug="other", revision=0),
    "workspace_text_origin_known": lambda w, a: a_text(w, origin="guess"),
    "workspace_text_approval_has_a_name": lambda w, a: a_text(w, approved_at=NOON),
    "workspace_text_word_for_an_approval": lambda w, a: a_text(w, on_word_of="Noor"),
    "translation_import_application_has_a_name": lambda w, a: TranslationImport(
        workspace_id=w.id,
        language="ur",
        file_name="ur.po",
        file_digest="0" * 64,
        content={},
        uploaded_by=ANNA,
        uploaded_at=NOON,
        applied_at=NOON,
    ),
    "sign_off_second_person": lambda w, a: a_sign_off(w, **{**SIGNED, "signed_by": ANNA}),
    "sign_off_signature_has_a_name": lambda w, a: a_sign_off(w, **{**SIGNED, "signed_by": None}),
    "sign_off_signature_says": lambda w, a: a_sign_off(w, **{**SIGNED, "agreed": None}),
    "council_only_one": lambda w, a: Council(id=2, name="Other", changed_at=NOON),
    "membership_role_known": lambda w, a: Membership(
        account_id=a.id, workspace_id=w.id, role="king"
    ),
    "invitation_expires_later": lambda w, a: an_invitation(expires_at=NOON),
    "sign_in_failure_count_not_negative": lambda w, a: SignInFailure(
        name_hash="0" * 64, hour=NOON, failed_count=-1, last_failed_at=NOON
    ),
}

OF_THESE_TABLES = (
    *("workspace", "sign_off", "council", "membership", "invitation", "sign_in", "translation_"),
)


def refusal(session: Session, row: object) -> str:
    """Why the database refuses a row."""
    session.add(row)
    with pytest.raises(IntegrityError) as caught:
        session.flush()
    session.rollback()
    return str(caught.value.orig)


def test_a_broken_promise_is_refused(session, subtests):
    workspace = session.scalars(sa.select(Workspace)).one()
    account = session.scalars(sa.select(Account)).one()
    for name, broken in CHECKS.items():
        with subtests.test(name):
            assert f"ck_{name}" in refusal(session, broken(workspace, account))


def test_every_check_of_these_models_is_tried():
    promised = {
        str(constraint.name)
        for table in Base.metadata.tables.values()
        if table.name.startswith(OF_THESE_TABLES)
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }
    assert promised == {f"ck_{name}" for name in CHECKS}


@pytest.mark.parametrize("kind", ["workspace", "account", "external identity", "invitation"])
def test_what_must_be_one_of_a_kind_is(session, kind):
    account = session.scalars(sa.select(Account)).one()

    def one() -> object:
        match kind:
            case "workspace":
                return a_workspace(slug="twice")
            case "account":
                return an_account(email="twice@council.example.org")
            case "invitation":
                return an_invitation(token_hash="1" * 64)
            case _:
                return ExternalIdentity(
                    account_id=account.id,
                    issuer="https://id.example.org",
                    subject="1",
                    linked_at=NOON,
                )

    session.add(one())
    session.commit()
    why = refusal(session, one())
    assert "uq_" in why or "UNIQUE" in why


def test_valid_rows_are_taken_and_go_with_what_they_belong_to(session):
    workspace = session.scalars(sa.select(Workspace)).one()
    account = session.scalars(sa.select(Account)).one()
    session.add_all(
        [
            a_text(workspace, approved_by=OMAR, approved_at=LATER),
            a_sign_off(workspace),
            a_sign_off(workspace, **SIGNED),
            Membership(account_id=account.id, workspace_id=workspace.id, role="viewer"),
            an_invitation(),
        ]
    )
    session.commit()
    session.execute(sa.delete(Workspace))
    for table in (WorkspaceText, SignOff, Membership):
        assert session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
