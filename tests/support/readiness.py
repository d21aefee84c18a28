"""A consultation that is ready to open: written, translated, answered for, signed by two people."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.document.model import Consultation as Document
from consult.models import AuditEvent, Consultation, Workspace
from consult.readiness.asked import NO, Asked
from consult.services import (
    beginning,
    consultations,
    drafts,
    readiness,
    sign_offs,
    workspaces,
)
from consult.services.readiness import Given
from consult.services.responses import send_draft
from tests.support.consultations import NOW, SECRET, World, changed, example

Result = TypeVar("Result")

PARKS = "parks"
BEFORE = datetime(2026, 2, 1, 9, 0, tzinfo=UTC)
"""A month before the example opens."""

ANNA, OMAR = "anna@council.example.org", "omar@council.example.org"


def write(
    session: Session,
    slug: str = PARKS,
    *,
    now: datetime = BEFORE,
    translated: bool = True,
    **changes: Any,
) -> Workspace:
    """Begin a consultation from the example, by Anna; its translations are approved."""
    document = changed(example(), slug=slug, **changes)
    with unit_of_work(session):
        made = beginning.from_document(
            session,
            document,
            title="",
            slug=slug,
            whole=True,
            origin="file",
            written_by="A translator",
            actor=ANNA,
            now=now,
        )
        if translated:
            for row in made.texts:
                row.approved_by, row.approved_at = ANNA, now
    return made


def found(session: Session, slug: str = PARKS) -> Workspace:
    """The workspace as the database has it now."""
    session.expire_all()
    workspace = workspaces.find(session, slug)
    assert workspace is not None
    return workspace


def save(
    session: Session, part: str, *, actor: str = ANNA, now: datetime = BEFORE, **changes: Any
) -> None:
    """Change fields of a part, whatever it says now."""
    with unit_of_work(session):
        says = workspaces.part_of(found(session), part)
        workspaces.save_part(
            session,
            PARKS,
            part,
            {**says, **changes},
            seen=workspaces.digest(says),
            actor=actor,
            now=now,
        )


def answers(**texts: str) -> dict[Asked, Given]:
    """Answers to all questions for people, as the first who answers sends them."""
    nothing = workspaces.digest(None)
    given: dict[Asked, Given] = {
        asked: Given(texts.get(asked.value, "It is."), "", nothing)
        for asked in Asked
        if asked is not Asked.ELECTION
    }
    return {**given, Asked.ELECTION: Given("", NO, nothing)}


def answer_all(
    session: Session,
    slug: str = PARKS,
    *,
    now: datetime = BEFORE,
    given: Mapping[Asked, Given] | None = None,
) -> None:
    """Anna answers for everything."""
    with unit_of_work(session):
        readiness.answer(session, slug, given or answers(), actor=ANNA, name="Anna", now=now)


def sign(session: Session, slug: str = PARKS, *, now: datetime = BEFORE) -> None:
    """Anna asks, Omar agrees."""
    with unit_of_work(session):
        asked = sign_offs.ask(session, slug, actor=ANNA, now=now)
        session.flush()
        sign_offs.sign(session, slug, asked.id, agreed=True, note="", actor=OMAR, now=now)


def make_ready(session: Session, slug: str = PARKS, *, now: datetime = BEFORE) -> Workspace:
    """All of it."""
    made = write(session, slug, now=now)
    answer_all(session, slug, now=now)
    sign(session, slug, now=now)
    return made


def act(
    world: World,
    what: Callable[..., Result],
    *args: Any,
    actor: str = ANNA,
    now: datetime = NOW,
    **options: Any,
) -> Result:
    """Do something with the consultation in a unit of work of its own."""
    with unit_of_work(world.session):
        return what(world.session, PARKS, *args, actor=actor, now=now, **options)


def stored(world: World) -> Consultation:
    """What is stored of it for residents or colleagues."""
    world.session.expire_all()
    return consultations.get(world.session, PARKS)


def public(world: World) -> Document:
    """The same, as a document."""
    return consultations.document_of(world.session, stored(world))


def actions(world: World) -> list[tuple[str, str]]:
    """What the audit trail tells of it, with who did it."""
    events = world.session.scalars(
        select(AuditEvent).where(AuditEvent.subject == PARKS).order_by(AuditEvent.at)
    )
    return [(event.action, event.actor) for event in events]


def respond(world: World, now: datetime = NOW, **fields: Mapping[str, list[str]]) -> UUID:
    """Somebody answers and sends; the id of the response."""
    given = {"capacity": {"answer": ["resident"]}, **fields}
    with unit_of_work(world.session):
        here = consultations.get(world.session, PARKS)
        document = consultations.document_of(world.session, here)
        draft = drafts.start(world.session, here, document, language="en", now=now)
        for key, typed in given.items():
            question = document.question(key)
            assert question is not None
            drafts.save_answer(
                world.session, draft, document, question, typed, language="en", now=now
            )
        drafts.skip_unseen(
            world.session, draft, document, document.questions, language="en", now=now
        )
    with unit_of_work(world.session):
        receipt = send_draft(world.session, here, document, draft.id, secret_key=SECRET, now=now)
    return receipt.response_id
