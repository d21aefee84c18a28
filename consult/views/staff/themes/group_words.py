"""Monitoring questions and their answers in words."""

from collections.abc import Sequence

from consult.document.model import choices_of
from consult.views.residents.choices import label_of
from consult.views.staff.themes.at_hand import AtHand, Choice, question_label

BETWEEN = ":"
"""Between a question's key and an answer's in the value of a choice; keys have none."""


def group_label(at: AtHand, column: str, value: str) -> str:
    """What people chose, in the words of the question; its key where that is gone."""
    question = at.document.question(column)
    if question is None or value not in choices_of(question, at.document):
        return value
    return label_of(value, question, at.document)


def group_choices(at: AtHand, columns: Sequence[str]) -> list[tuple[str, list[Choice]]]:
    """Answers to choose from, under the question that they answer."""
    found = []
    for column in columns:
        question = at.document.question(column)
        if question is not None:
            choices: list[Choice] = [
                {
                    "value": f"{column}{BETWEEN}{value}",
                    "label": group_label(at, column, value),
                }
                for value in choices_of(question, at.document)
            ]
            found.append((question_label(at.document, column), choices))
    return found


def group_of(text: str) -> tuple[str, str] | None:
    """The question and the answer that the value of a choice names."""
    column, between, value = text.partition(BETWEEN)
    return (column, value) if between and column and value else None
