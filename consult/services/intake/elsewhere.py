"""A consultation that was held elsewhere: begun from the file of its responses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import Session

from consult.document.model import AGREE_SCALE, QuestionKind
from consult.drafting.keys import key_for
from consult.models import Workspace
from consult.response_files.survey import Column, Survey
from consult.services import workspaces
from consult.services.intake.mapping import folded
from consult.services.intake.matching import ENGLISH, simplified
from consult.services.intake.turning import LONGEST_TEXT, pieces_of

KEPT_FOR: Final = timedelta(days=365)
"""How long after the closing, or after today, answers are kept where nobody has said."""

MOST_OPTIONS: Final = 60
LONGEST_LABEL: Final = 500

_LATE = timedelta(days=7)
_LONG = 40
"""Characters on average above which a column holds words of people's own."""


class NewKind(StrEnum):
    """What a column can be made into, where the consultation has no question for it yet."""

    TEXT = "text"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to make of a column."""

    column: Column
    kind: NewKind
    label: str


class NotAQuestion(ValueError):
    """A column cannot become such a question; the reason says why."""

    def __init__(self, column: Column, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason
        """``one_value``, ``too_many_values`` or ``opened``."""


def begin(
    session: Session,
    *,
    title: str,
    slug: str,
    first_day: date,
    last_day: date,
    today: date,
    actor: str,
    now: datetime,
) -> Workspace:
    """Begin a consultation whose answers were gathered elsewhere, within these days.

    Raises
    ------
    consult.services.workspaces.SlugTaken
        If another consultation has that name.
    ValueError
        If the days are in the wrong order.
    """
    if last_day < first_day:
        raise ValueError("the last day lies before the first")
    content = {
        "title": title,
        "opens_at": f"{first_day}T00:00",
        "closes_at": f"{last_day}T23:59",
        "late_until": f"{last_day + _LATE}T23:59",
        "privacy": {"delete_on": str(max(last_day + _LATE, today) + KEPT_FOR)},
    }
    return workspaces.create(session, slug, content, actor=actor, now=now)


def likely_kind(column: Column, survey: Survey) -> NewKind | None:
    """What a column that no question asks for may hold; nothing where it is probably no answer."""
    if column.part and sum(each.heading == column.heading for each in survey.columns) > 1:
        return NewKind.SEVERAL
    if column.filled and column.numbers == column.filled and column.is_unique:
        return None
    if column.values is not None and 2 <= len(column.values) <= MOST_OPTIONS:
        is_short = column.mean_length <= _LONG and survey.rows < MOST_OPTIONS
        repeats = column.filled >= 2 * len(column.values)
        if column.mean_length <= 2 * _LONG and (repeats or (is_short and not column.is_unique)):
            return NewKind.CHOICE
    return NewKind.TEXT if column.mean_length > _LONG else None


def add_questions(
    session: Session,
    workspace: Workspace,
    wanted: Sequence[NewQuestion],
    *,
    actor: str,
    now: datetime,
) -> dict[int, tuple[str, str]]:
    """Add questions to a consultation in the making.

    Columns of several choices that share their question become one, with an option for each.

    Returns
    -------
    dict
        By the columns' positions, the question's key, and the option's where the column
        stands for one.

    Raises
    ------
    NotAQuestion
        If a column's values make no question of the kind.
    """
    added: dict[int, tuple[str, str]] = {}
    for group in _groups(wanted):
        first = group[0]
        taken = {str(question["key"]) for question in workspace.content.get("questions", [])}
        key = key_for(first.label, len(taken) + 1, taken).replace("section_", "question_", 1)
        if len(group) > 1:
            options = _options([each.column.part for each in group])
            kind: dict[str, Any] = {
                "kind": QuestionKind.SEVERAL_CHOICES.value,
                "options": options,
            }
            for each, option in zip(group, options, strict=True):
                added[each.column.position] = key, option["key"]
        else:
            kind = _kind(first)
            added[first.column.position] = key, ""
        item = {"key": key, "part": "draft", "label": first.label, **kind}
        workspaces.add_item(session, workspace.slug, "questions", item, actor=actor, now=now)
    return added


def _groups(wanted: Sequence[NewQuestion]) -> list[list[NewQuestion]]:
    """Columns by the question that they are to make, in the order of the file."""
    groups: dict[object, list[NewQuestion]] = {}
    for each in wanted:
        shares = each.kind is NewKind.SEVERAL and each.column.part
        name = each.column.heading if shares else each.column.position
        groups.setdefault(name, []).append(each)
    return list(groups.values())


def _options(labels: Sequence[str]) -> list[dict[str, str]]:
    options: list[dict[str, str]] = []
    taken: set[str] = set()
    for number, label in enumerate(labels, start=1):
        key = key_for(label, number, taken).replace("section_", "option_", 1)
        taken.add(key)
        options.append({"key": key, "label": label})
    return options


def _kind(wanted: NewQuestion) -> dict[str, Any]:
    """The fields of a question that depend on its kind."""
    if wanted.kind is NewKind.TEXT:
        return {"kind": QuestionKind.LONG_TEXT.value, "max_length": LONGEST_TEXT}
    if wanted.kind is NewKind.NUMBER:
        return {"kind": QuestionKind.NUMBER.value}
    is_several = wanted.kind is NewKind.SEVERAL
    kind = QuestionKind.SEVERAL_CHOICES if is_several else QuestionKind.SINGLE_CHOICE
    values = _values(wanted.column, kind)
    if not is_several and values and all(_scale_key(value) for value in values):
        return {"kind": QuestionKind.AGREE_SCALE.value}
    if len(values) < 2:
        raise NotAQuestion(wanted.column, "one_value")
    if len(values) > MOST_OPTIONS or wanted.column.values is None:
        raise NotAQuestion(wanted.column, "too_many_values")
    return {"kind": kind.value, "options": _options(values)}


def _values(column: Column, kind: QuestionKind) -> list[str]:
    """The different values of a column, the most frequent first."""
    if column.values is None:
        raise NotAQuestion(column, "too_many_values")
    counts: dict[str, int] = {}
    first: dict[str, str] = {}
    for text, count in column.values.items():
        for piece in pieces_of(kind, text):
            written = first.setdefault(folded(piece), piece.strip())
            counts[written] = counts.get(written, 0) + count
    return sorted(counts, key=lambda value: (-counts[value], value))


def _scale_key(value: str) -> str | None:
    wanted = simplified(value)
    return next(
        (
            key
            for key in AGREE_SCALE
            if wanted in {simplified(words) for words in (key, *ENGLISH[key])}
        ),
        None,
    )
