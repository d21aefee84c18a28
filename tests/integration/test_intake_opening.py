"""Opening a consultation keeps what was gathered before, and wipes tests alone."""

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask

from consult.db import unit_of_work
from consult.models import Consultation, Petition, Response, Workspace
from consult.services import opening, readiness, responses, workspaces
from consult.services.intake import by_hand, petitions, places
from consult.services.intake.by_hand import Entry
from consult.services.responses import Submission
from tests.support.intake import count, trail
from tests.support.visitors import NOON, in_session

SECRET = "only for this test"
CONTENT = {
    "title": "Parks",
    "opens_at": "2026-11-01T09:00",
    "closes_at": "2026-12-20T23:59",
    "late_until": "2026-12-27T23:59",
    "questions": [{"key": "why", "part": "draft", "kind": "long_text", "label": "Why?"}],
}


@pytest.fixture
def parks(app: Flask) -> str:
    """A consultation in preparation, with a letter, a petition and a colleague's test."""
    with in_session(app) as session:
        with unit_of_work(session):
            workspaces.create(session, "parks", CONTENT, actor="anna", now=NOON)
        with unit_of_work(session):
            by_hand.add(
                session,
                "parks",
                Entry(
                    uuid4(), "letter", "Letter", date(2026, 11, 20), "en", {"why": {"text": "A"}}
                ),
                secret_key=SECRET,
                actor="anna",
                now=NOON,
            )
            petitions.record(
                session,
                "parks",
                petitions.Words("Trees", "More trees", "Friends", 12, date(2026, 11, 20)),
                actor="anna",
                now=NOON,
            )
        with unit_of_work(session):
            stored = places.prepare(session, "parks", actor="anna", now=NOON)
            document = places.document_of(session, _workspace(session))
            tested = Submission(uuid4(), {"why": {"text": "test"}}, "en", "online", "1" * 16, NOON)
            responses.submit(session, stored, document, tested, secret_key=SECRET, now=NOON)
    return "parks"


def _workspace(session) -> Workspace:
    found = workspaces.find(session, "parks")
    assert found is not None
    return found


def test_removing_a_preview_keeps_what_was_gathered(app: Flask, parks: str) -> None:
    assert count(app, Response) == 2
    with in_session(app) as session:
        with unit_of_work(session):
            opening.remove_preview(session, _workspace(session), actor="anna", now=NOON)
        kept = session.query(Response).one()
        assert not kept.is_test
        workspace = _workspace(session)
        assert workspace.consultation is not None
        assert workspace.consultation.is_preview
    assert count(app, Petition) == 1
    assert trail(app, "preview removed")[0]["test_responses"] == 1


def test_opening_keeps_what_was_gathered(app, parks, monkeypatch) -> None:
    monkeypatch.setattr(readiness, "require", lambda *_given, **_more: None)
    monkeypatch.setattr(
        opening, "document_of", lambda session, workspace: places.as_written(session, workspace)
    )
    with in_session(app) as session:
        with unit_of_work(session):
            opening.open_to_residents(session, "parks", at_once=False, actor="anna", now=NOON)
        workspace = _workspace(session)
        assert workspace.consultation is not None
        assert not workspace.consultation.is_preview
        kept = session.query(Response).one()
        assert kept.consultation_id == workspace.consultation.id
        assert [answer.value for answer in kept.answers] == [{"text": "A"}]
    assert count(app, Petition) == 1


def test_a_preview_without_anything_gathered_goes(app: Flask) -> None:
    with in_session(app) as session:
        with unit_of_work(session):
            workspaces.create(session, "parks", CONTENT, actor="anna", now=NOON)
            places.prepare(session, "parks", actor="anna", now=NOON)
        with unit_of_work(session):
            opening.remove_preview(session, _workspace(session), actor="anna", now=NOON)
        assert session.query(Consultation).filter_by(slug="parks").count() == 0
