"""The answers to one question as a table: what the analysis reads, and what is exported.

A study analyses this table and the command line reads it back, so both have the same figures.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.themes.prepare import Answers
from consult.document.model import PREFER_NOT_TO_SAY, Part, QuestionKind
from consult.document.model import Consultation as Document
from consult.models import Answer, Consultation, Question, Response, Study
from consult.services.counted import counted

GROUP_KINDS = frozenset({QuestionKind.SINGLE_CHOICE, QuestionKind.WARD})
"""Kinds of monitoring questions with one answer each: groups that people are in."""

FIRST_COLUMNS = ("id", "text", "language")


@dataclass(frozen=True, slots=True)
class Table:
    """Answers, and which rows of the database they are."""

    answers: Answers
    answer_ids: tuple[UUID, ...]
    response_ids: tuple[UUID, ...]


def group_columns(session: Session, study: Study) -> list[str]:
    """Keys of the monitoring questions by which answers are compared, in their order."""
    stored = session.get_one(Consultation, study.consultation_id)
    return [
        question.key
        for question in stored.questions
        if not question.retired and _makes_groups(question)
    ]


def groups_of_document(document: Document) -> list[str]:
    """The same, from a document."""
    return [
        question.key
        for question in document.questions
        if question.part is Part.MONITORING and question.kind in GROUP_KINDS
    ]


def answers_table(session: Session, study: Study) -> Answers:
    """The answers that count, with the groups of who gave them."""
    return table(session, study).answers


def table(session: Session, study: Study, *, with_groups: bool = True) -> Table:
    """The answers that count, in the order they came, with the ids of their rows.

    Without groups it is quicker: themes are found without looking at them.
    """
    rows = session.execute(
        select(Answer.id, Answer.response_id, Answer.value, Answer.language)
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.consultation_id == study.consultation_id,
            Answer.question_key == study.question_key,
            counted(),
        )
        .order_by(Response.received_at, Answer.id)
    ).all()
    responses = [row.response_id for row in rows]
    return Table(
        answers=Answers(
            ids=tuple(str(response) for response in responses),
            texts=tuple(str(row.value.get("text", "")) for row in rows),
            languages=tuple(row.language for row in rows),
            groups=groups(session, study, responses) if with_groups else {},
        ),
        answer_ids=tuple(row.id for row in rows),
        response_ids=tuple(responses),
    )


def groups(
    session: Session, study: Study, responses: Sequence[UUID]
) -> Mapping[str, tuple[str, ...]]:
    """For each monitoring question the option that each response chose, as its key.

    Blank where somebody did not say, or would rather not.
    """
    place = {response: at for at, response in enumerate(responses)}
    columns = {key: [""] * len(place) for key in group_columns(session, study)}
    rows = session.execute(
        select(Answer.response_id, Answer.question_key, Answer.value["choice"].as_string())
        .join(Response, Response.id == Answer.response_id)
        .where(
            Response.consultation_id == study.consultation_id,
            Answer.question_key.in_(list(columns)),
        )
    )
    for response, key, value in rows:
        if value and value != PREFER_NOT_TO_SAY and response in place:
            columns[key][place[response]] = value
    return {key: tuple(values) for key, values in columns.items()}


def as_csv(answers: Answers) -> str:
    """A table that ``python -m analysis themes --text text --id id --language language`` reads.

    Texts stand as they were written, whatever a spreadsheet would make of them: the figures of
    a file that was changed would be others. Columns of groups follow, named by the questions'
    keys: give them with ``--group``.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*FIRST_COLUMNS, *answers.groups])
    writer.writerows(_rows(answers))
    return out.getvalue()


def _rows(answers: Answers) -> Iterator[list[str]]:
    columns = list(answers.groups.values())
    for at, (name, text, language) in enumerate(
        zip(answers.ids, answers.texts, answers.languages, strict=True)
    ):
        yield [name, text, language or "", *(column[at] for column in columns)]


def _makes_groups(question: Question) -> bool:
    definition = question.current.definition
    return definition["part"] == Part.MONITORING and definition["kind"] in GROUP_KINDS
