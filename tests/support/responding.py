"""People of whom a report is made: responses put there in one stroke, with any answers."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from consult.db import unit_of_work
from consult.models import Answer, Response
from consult.services import consultations
from tests.support.consultations import NOW, World

_numbers = count(1_000_000)


def respond(
    world: World,
    people: int,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    at: datetime = NOW,
    resident: bool | None = True,
    **changes: Any,
) -> list[UUID]:
    """As many people as are said answer alike.

    Parameters
    ----------
    answers : mapping
        Values by question, such as ``{"age": {"choice": "from_45"}}``.
    **changes
        Further fields of the responses.
    """
    made = []
    with unit_of_work(world.session):
        versions = consultations.version_ids(world.session, world.stored)
        for _ in range(people):
            number = next(_numbers)
            response = Response(
                consultation_id=world.stored.id,
                client_id=uuid4(),
                content_digest=f"{number:064x}",
                code_hash=f"{number:064x}",
                **{
                    "channel": "online",
                    "language": "en",
                    "started_at": at - timedelta(minutes=10),
                    "received_at": at,
                    "timing": "on_time",
                    "is_resident": resident,
                    **changes,
                },
            )
            response.answers = [
                Answer(
                    question_key=key,
                    question_version_id=versions[key],
                    value=dict(value),
                    language="en",
                    answered_at=at,
                )
                for key, value in (answers or {}).items()
            ]
            world.session.add(response)
            made.append(response)
        world.session.flush()
        return [response.id for response in made]


def chose(**choices: str) -> dict[str, dict[str, str]]:
    """Answers to questions with one choice each."""
    return {key: {"choice": choice} for key, choice in choices.items()}
