"""What stands within a sealed item, read into a shape that the rest can rely on.

The text comes from a tablet that nobody watches: every field is checked for its type and size,
and nothing else may stand there. Times are the device's own, in milliseconds.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
)

from consult.services import codes
from consult.services.answering import clean, is_blank, keep_typed

LONGEST_TALK = 100_000
"""Letters; far more than tablets let anybody write, so that no rule of theirs loses words here."""

MOST_PEOPLE = 500
"""At one table; more is a slip of the finger."""

MOST_FIELDS = 100
LATEST = 2**43
"""Milliseconds; a device whose clock says the year 2248 is asked for nothing more exact."""


class Unreadable(ValueError):
    """It is not what a tablet of ours writes."""


def _code(text: str) -> str:
    try:
        parsed = codes.parse_code(text)
    except codes.MistypedCode as error:
        raise ValueError("no code") from error
    if parsed != text:
        raise ValueError("a code in another spelling")
    return text


def _said(text: str) -> str:
    text = clean(text)
    if is_blank(text) or len(text) > LONGEST_TALK:
        raise ValueError("nothing said, or too much")
    return text


Stamp = Annotated[int, Field(ge=0, lt=LATEST)]
Offset = Annotated[int, Field(gt=-LATEST, lt=LATEST)]
Language = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)
]
QuestionKey = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Fields = Annotated[
    dict[
        Annotated[str, StringConstraints(max_length=120)],
        Annotated[list[str], Field(max_length=MOST_FIELDS)],
    ],
    Field(max_length=MOST_FIELDS),
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Given(_Part):
    """The fields of one question as they were entered."""

    typed: Fields
    language: Language
    at: Stamp

    def fields(self) -> dict[str, list[str]]:
        """Those that belong to a question's form, cleaned as a form's are."""
        return keep_typed(self.typed)


class _Item(_Part):
    v: Literal[1]
    client_id: UUID
    session: UUID
    pack: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    language: Language
    clock_offset: Offset | None
    """The server's clock minus the device's, as the device last knew it."""


class FinishedResponse(_Item):
    """One person's answers, as the tablet finished them."""

    kind: Literal["response"]
    mode: Literal["helped", "self"]
    interpreted: bool
    consented_at: Stamp
    started_at: Stamp
    finished_at: Stamp
    code: Annotated[str, AfterValidator(_code)]
    answers: Annotated[dict[QuestionKey, Given], Field(max_length=1_000)]


class FinishedTalk(_Item):
    """What a table said together, as the helper wrote it down."""

    kind: Literal["talk"]
    table: Annotated[str, AfterValidator(clean), StringConstraints(max_length=80)]
    question: QuestionKey | None
    people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]
    said: Annotated[str, AfterValidator(_said)]
    written_at: Stamp


Finished = FinishedResponse | FinishedTalk

_FINISHED: TypeAdapter[Finished] = TypeAdapter(Annotated[Finished, Field(discriminator="kind")])


def read(text: str) -> Finished:
    """What a tablet has finished.

    Raises
    ------
    Unreadable
        If it is anything else.
    """
    try:
        return _FINISHED.validate_json(_without_half_letters(text))
    except (ValidationError, ValueError, RecursionError) as error:
        raise Unreadable from error


def _without_half_letters(text: str) -> str:
    """JSON without lone surrogates, which a field's limit leaves when it cuts an emoji."""
    if r"\ud" not in text.casefold():
        return text
    plain = json.dumps(json.loads(text), ensure_ascii=False)
    return plain.encode("utf-8", "ignore").decode("utf-8")


def moment(milliseconds: int, offset: int | None = None) -> datetime:
    """A time of a device's clock, put right by how far that clock is known to be off."""
    started = datetime(1970, 1, 1, tzinfo=UTC)
    return started + timedelta(milliseconds=milliseconds + (offset or 0))
