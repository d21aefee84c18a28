"""What people say they are in a few questions at once, counted by the database.

A plan needs only a few questions, but of everybody: reading each answer would take seconds where
twenty thousand people have answered.
"""

import json
from collections.abc import Mapping, Sequence

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from consult.document.model import Consultation as Document
from consult.models import Answer, Consultation, Response
from consult.services.watching.respondents import (
    _category,
    _names,
    asked,
    compared_responses,
)


def together(
    session: Session, stored: Consultation, document: Document, dimensions: Sequence[str]
) -> list[Mapping[str, str]]:
    """The categories of everybody who is compared, by dimension; blank where they did not say.

    People who are alike share one mapping.
    """
    questions = {name: asked(document)[name] for name in dimensions}
    answers = {name: aliased(Answer) for name in questions}
    values = [
        cast(answers[name].value, String).label(f"given_{place}")
        for place, name in enumerate(questions)
    ]
    wanted = select(*values, func.count()).select_from(Response).where(compared_responses(stored))
    for name, question in questions.items():
        answer = answers[name]
        same = and_(answer.response_id == Response.id, answer.question_key == question.key)
        wanted = wanted.outerjoin(answer, same)
    names = [_names(document, question) for question in questions.values()]
    found: list[Mapping[str, str]] = []
    for *given, people in session.execute(wanted.group_by(*values)):
        categories = {
            name: "" if text is None else _category(json.loads(text), held)
            for name, text, held in zip(questions, given, names, strict=True)
        }
        found += [categories] * people
    return found


def everybody(session: Session, stored: Consultation) -> int:
    """How many people are compared."""
    counted = select(func.count(Response.id)).where(compared_responses(stored))
    return session.scalar(counted) or 0
