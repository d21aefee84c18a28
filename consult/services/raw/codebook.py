"""What the columns of raw data are: each with its question, in all versions, and its values."""

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from analysis.output import harmless
from consult.document.model import Consultation as Document
from consult.document.model import Question as QuestionDocument
from consult.document.model import choices_of
from consult.services.raw.asked import LISTED, Asking, Version
from consult.services.raw.columns import Column, Holds, columns
from consult.services.raw.reading import Wanted
from consult.services.raw.tables import BYTE_ORDER_MARK

FORMAT: Final = "consult-codebook/1"

HEADINGS: Final = (
    "column",
    "holds",
    "question",
    "version",
    "asked_from",
    "part",
    "kind",
    "sensitivity",
    "asked_now",
    "label",
    "value",
    "value_label",
)
"""Of the codebook as a table: a row for each column, version and value."""


@dataclass(frozen=True, slots=True)
class Words:
    """What a codebook says that is no text of the consultation."""

    fixed: Mapping[str, str]
    """Labels of the answers that the product words, in the consultation's own language."""
    holds: Callable[[Column], str]
    """What the cells of a column hold."""
    values: Mapping[Holds, Mapping[str, str]]
    """Labels of what columns about the response hold, where that is one of a few words."""


def codebook(
    asked: Asking, wanted: Wanted, words: Words, *, made_for: str, now: datetime
) -> dict[str, Any]:
    """The codebook of the data that somebody asks for; it says for whom it was made, and when."""
    document = asked.document
    return {
        "format": FORMAT,
        "consultation": document.slug,
        "title": str(document.title),
        "language": document.source_language,
        "made_at": now.isoformat(timespec="seconds"),
        "made_for": made_for,
        "responses": "all" if wanted.everything else "counted",
        "translations": wanted.into,
        "columns": [_column(column, words) for column in columns(asked, wanted)],
        "questions": told_questions(asked, words.fixed),
    }


def told_questions(asked: Asking, fixed: Mapping[str, str]) -> list[dict[str, Any]]:
    """All questions in all versions, in the language in which they were written."""
    return [
        {
            "key": question.key,
            "part": question.now.part.value,
            "asked_now": not question.retired,
            "versions": [_version(version, asked.document, fixed) for version in question.versions],
        }
        for question in asked.questions
    ]


def as_json(book: Mapping[str, Any]) -> bytes:
    """A codebook for programs."""
    return (json.dumps(book, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(book: Mapping[str, Any]) -> bytes:
    """A codebook for spreadsheets; none of its cells is taken for a formula."""
    out = io.StringIO()
    csv.writer(out).writerows(as_rows(book))
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def as_rows(book: Mapping[str, Any]) -> list[list[str]]:
    """A codebook as a table, with its heading."""
    questions = {question["key"]: question for question in book["questions"]}
    rows: list[list[str]] = [list(HEADINGS)]
    for column in book["columns"]:
        question = questions.get(column["question"])
        told = _about_response(column) if question is None else _about_answer(column, question)
        rows.extend([harmless(str(cells.get(name, ""))) for name in HEADINGS] for cells in told)
    return rows


def _column(column: Column, words: Words) -> dict[str, Any]:
    return {
        "name": column.name,
        "holds": words.holds(column),
        "question": None if column.question is None else column.question.key,
        "option": column.option,
        "is_answer": column.holds in {Holds.ANSWER, Holds.OPTION},
        "values": [
            {"value": value, "label": label}
            for value, label in words.values.get(column.holds, {}).items()
        ],
    }


def _version(version: Version, document: Document, fixed: Mapping[str, str]) -> dict[str, Any]:
    question = version.question
    day = version.asked_from.astimezone(ZoneInfo(document.timezone)).date()
    return {
        "number": version.number,
        "asked_from": day.isoformat(),
        "kind": question.kind.value,
        "label": str(question.label),
        "help": None if question.help is None else str(question.help),
        "section": question.section,
        "required": question.required,
        "sensitivity": question.sensitivity.value,
        "minimum": question.minimum,
        "maximum": question.maximum,
        "unit": None if question.unit is None else str(question.unit),
        "options": _options(question, document, fixed),
    }


def _options(
    question: QuestionDocument, document: Document, fixed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What can be chosen; wards as they are now, for their names have no versions."""
    areas = {area.code: area.name for area in document.areas}
    found = []
    keys = choices_of(question, document)
    for key in keys:
        option = question.option(key)
        label = option.label if option is not None else areas.get(key, fixed.get(key, key))
        found.append(
            {
                "key": key,
                "label": str(label),
                "asks_for_words": option is not None and option.other,
            }
        )
    return found


def _about_response(column: Mapping[str, Any]) -> list[dict[str, Any]]:
    values = column["values"] or [{}]
    return [
        {
            "column": column["name"],
            "holds": column["holds"],
            "value": value.get("value", ""),
            "value_label": value.get("label", ""),
        }
        for value in values
    ]


def _about_answer(column: Mapping[str, Any], question: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for version in question["versions"]:
        row = {
            "column": column["name"],
            "holds": column["holds"],
            "question": question["key"],
            "version": version["number"],
            "asked_from": version["asked_from"],
            "part": question["part"],
            "kind": version["kind"],
            "sensitivity": version["sensitivity"],
            "asked_now": int(question["asked_now"]),
            "label": version["label"],
        }
        rows.extend({**row, **value} for value in _values(column, version))
    return rows


def _values(column: Mapping[str, Any], version: Mapping[str, Any]) -> Sequence[dict[str, str]]:
    """What a column can hold of one version: all that can be chosen, or the one option."""
    if not column["is_answer"]:
        return [{}]
    if (column["option"] is not None) != (version["kind"] in LISTED):
        return []
    found = [
        {"value": option["key"], "value_label": option["label"]}
        for option in version["options"]
        if column["option"] in {None, option["key"]}
    ]
    return found if found or column["option"] is not None else [{}]
