"""People who answered the monitoring questions of the model case, put there in one stroke."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import Answer, Consultation, Response
from consult.services import consultations, workspaces
from consult.services.watching import organisations
from consult.services.watching.organisations import Entry
from tests.support.visitors import NOON, SLUG, in_session

MUSLIM = ("religion", "muslim")

RELIGION = {
    "muslim": 25,
    "christian": 77,
    "no_religion": 55,
    "sikh": 7,
    "hindu": 4,
    "buddhist": 1,
    "other_religion": 1,
}
"""170 people. 25 of them are 14.7 %, and Muslims are 31.8 % of residents: confirmed as under."""

_numbers = count()


def let_answer(
    session: Session,
    stored: Consultation,
    key: str,
    people: Mapping[str, int],
    *,
    at: datetime = NOON,
    also: Mapping[str, str] | None = None,
) -> list[UUID]:
    """As many people as are said answer a question so, and all of them others as ``also`` says."""
    versions = consultations.version_ids(session, stored)
    made = []
    for choice in _each(people):
        number = next(_numbers)
        response = Response(
            consultation_id=stored.id,
            client_id=uuid4(),
            content_digest=f"{number:064x}",
            code_hash=f"{number:064x}",
            channel="online",
            language="en",
            started_at=at - timedelta(minutes=10),
            received_at=at,
            timing="on_time",
            is_resident=True,
        )
        response.answers = [
            Answer(
                question_key=name,
                question_version_id=versions[name],
                value={"choice": chosen},
                language="en",
                answered_at=at,
            )
            for name, chosen in {key: choice, **(also or {})}.items()
        ]
        session.add(response)
        made.append(response)
    session.flush()
    return [response.id for response in made]


def fill(app: Flask, people: Mapping[str, int] = RELIGION, *, at: datetime = NOON) -> None:
    """Let people say what their religion is, and commit."""
    with in_session(app) as session, unit_of_work(session):
        let_answer(session, consultations.get(session, SLUG), "religion", people, at=at)


MOSQUE = Entry("Lozells Mosque", ("ur", "bn"), (MUSLIM,), ("E05011120",), 10, "Call Mrs Khan.")


def another(entry: Entry = MOSQUE, **changes: object) -> Entry:
    """An organisation like another."""
    return replace(entry, **changes)  # type: ignore[arg-type]


def put_partner(app: Flask, entry: Entry = MOSQUE) -> UUID:
    """Record an organisation, and commit."""
    with in_session(app) as session, unit_of_work(session):
        workspace = workspaces.find(session, SLUG)
        assert workspace is not None
        return organisations.add(session, workspace, entry, actor="test", now=NOON).id


def _each(people: Mapping[str, int]) -> Iterator[str]:
    for choice, number in people.items():
        yield from [choice] * number
