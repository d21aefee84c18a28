"""What only people can answer before a consultation opens, and what they said.

The four principles of a fair consultation are those of *R v Brent London Borough Council, ex
parte Gunning* (1985), which the Supreme Court took over in *R (Moseley) v Haringey London
Borough Council* [2014] UKSC 56.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from consult.readiness.findings import Code, Finding, blocks

YES, NO = "yes", "no"
SHORTEST_DAYS = 14
"""Of a consultation that needs a lawyer's word."""

_TOLERANCE = timedelta(days=1)
_SHORTER_AT_MOST = timedelta(days=7)


class Asked(StrEnum):
    """What an officer answers for by name."""

    FORMATIVE = "formative"
    """Is everything still open that is asked about?"""
    INFORMATION = "information"
    """Can people judge by what they are told?"""
    TIME = "time"
    """Is there time enough to think and answer?"""
    CONSIDERATION = "consideration"
    """How will what they say be weighed?"""
    ELECTION = "election"
    """Does an election fall into it, and what follows?"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an officer answered, and for which dates."""

    text: str
    choice: str
    """``yes`` or ``no``, where the question has one; else empty."""
    by: str
    name: str
    at: datetime
    opens: datetime | None
    """The dates that the officer had before them; none where they were not written yet."""
    closes: datetime | None


def answers_in(stored: Mapping[str, Any]) -> dict[Asked, Answer]:
    """Answers as the workspace keeps them."""
    return {Asked(name): _read(value) for name, value in stored.items() if name in set(Asked)}


def written(answer: Answer) -> dict[str, Any]:
    """An answer as the workspace keeps it."""
    return {
        "text": answer.text,
        "choice": answer.choice,
        "by": answer.by,
        "name": answer.name,
        "at": answer.at.isoformat(),
        "opens": answer.opens.isoformat() if answer.opens else None,
        "closes": answer.closes.isoformat() if answer.closes else None,
    }


def is_very_short(opens: datetime, closes: datetime) -> bool:
    """Whether a consultation is so short that the question about time asks for more."""
    return closes - opens < timedelta(days=SHORTEST_DAYS)


def is_answered(asked: Asked, answer: Answer | None) -> bool:
    """Whether an answer says what is asked for."""
    if answer is None:
        return False
    if asked is Asked.ELECTION:
        return answer.choice == NO or (answer.choice == YES and bool(answer.text))
    return bool(answer.text)


def unanswered(
    answers: Mapping[Asked, Answer], opens: datetime | None, closes: datetime | None
) -> Iterator[Finding]:
    """Questions without an answer, and answers for other dates than there are now.

    Dates that are not written yet make no answer outdated: they are missed by themselves.
    """
    for asked in Asked:
        answer = answers.get(asked)
        path = f"readiness.{asked.value}"
        if answer is None or not is_answered(asked, answer):
            yield blocks(Code.UNANSWERED, path)
        elif opens and closes and is_outdated(asked, answer, opens, closes):
            yield blocks(Code.ANSWER_OUTDATED, path, name=answer.name)


def is_outdated(asked: Asked, answer: Answer, opens: datetime, closes: datetime) -> bool:
    """Whether an answer was given for dates so different that it may be wrong now."""
    if asked not in {Asked.TIME, Asked.ELECTION}:
        return False
    if answer.opens is None or answer.closes is None:
        return True
    if asked is Asked.TIME:
        return closes - opens < answer.closes - answer.opens - _SHORTER_AT_MOST
    return opens < answer.opens - _TOLERANCE or closes > answer.closes + _TOLERANCE


def _read(value: Mapping[str, Any]) -> Answer:
    def time(name: str) -> datetime | None:
        return datetime.fromisoformat(value[name]) if value.get(name) else None

    return Answer(
        text=value["text"],
        choice=value["choice"],
        by=value["by"],
        name=value["name"],
        at=datetime.fromisoformat(value["at"]),
        opens=time("opens"),
        closes=time("closes"),
    )
