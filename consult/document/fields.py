"""What the parts of a consultation are made of: kinds of text, keys and times, and their faults."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
)

from consult.languages import LANGUAGES


class Misfit(ValueError):
    """A rule that is broken, where, and how to mend it.

    Parameters
    ----------
    reason
        What is wrong, as the beginning of a sentence without a full stop.
    place
        Where in the part that is validated: field names and list positions.
    mend
        What to do about it, likewise.
    """

    def __init__(self, reason: str, *place: str | int, mend: str) -> None:
        super().__init__(f"{reason}; {mend}")
        self.reason = reason
        self.place = place
        self.mend = mend


class Translatable:
    """Marks a string that residents read, and that is therefore translated."""


Text = Annotated[str, Field(min_length=1, max_length=20_000), Translatable()]
"""Plain text in the source language."""

Markdown = Annotated[str, Field(min_length=1, max_length=200_000), Translatable()]
"""Text in the source language with headings, lists, links and emphasis."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A lasting name: small letters, digits and underscores, starting with a letter."""

RESERVED_SLUGS = frozenset({"staff", "preview", "static", "c", "healthz", *LANGUAGES})
"""What addresses begin with, or may: a page of the service would hide the consultation's."""


def _free_slug(value: str) -> str:
    if value in RESERVED_SLUGS:
        raise Misfit(
            f"{value!r} is an address of the service itself",
            mend=f"choose another, such as {value}-consultation",
        )
    return value


Slug = Annotated[
    str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80), AfterValidator(_free_slug)
]
"""A consultation's name in addresses."""

LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)]

_NUMBER = re.compile(r"\s*[-+]?[0-9.]+\s*")
_DAY_ONLY = re.compile(r"\s*\d+-\d+-\d+\s*")


def _no_number(value: object) -> object:
    # pydantic reads 20260331 as seconds since 1970.
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise Misfit(f"{value} is not a date", mend="write it with hyphens, such as 2026-03-31")
    return value


def _with_time(value: object) -> object:
    # A consultation that closes "on the 31st" would close as that day begins.
    if (isinstance(value, str) and _DAY_ONLY.fullmatch(value)) or type(value) is date:
        raise Misfit(f"{value} has no time of day", mend=f"write it such as {value}T23:59")
    return value


def _near_year(value: datetime) -> datetime:
    # Times near the ends of the calendar overflow when time zones or minutes are added.
    if not 2000 <= value.year < 2200:
        raise Misfit(f"{value.year} is not a likely year", mend="write a year from 2000 to 2199")
    return value


Day = Annotated[date, BeforeValidator(_no_number)]
"""A date that is written out, not a number."""

Moment = Annotated[
    datetime,
    BeforeValidator(_with_time),
    BeforeValidator(_no_number),
    AfterValidator(_near_year),
]
"""A date and time that are written out; local time where no offset is given."""


@cache
def known_timezones() -> frozenset[str]:
    """Names of all time zones. Looking them up reads hundreds of files: once is enough."""
    return frozenset(available_timezones())


UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Control characters, which YAML, PostgreSQL and browsers do not all take unharmed."""


class Strict(BaseModel):
    """A frozen part of a consultation that knows all of its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _no_control_characters(cls, value: object) -> object:
        for place, text in _strings_in(value):
            if found := UNPRINTABLE.search(text):
                raise Misfit(
                    f"it holds a character that cannot be seen (U+{ord(found.group()):04X})",
                    *place,
                    mend="remove it; it often comes with text that was pasted",
                )
        return value


def _strings_in(value: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from (((i, *place), text) for place, text in _strings_in(item))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (key,), key
            yield from (((key, *place), text) for place, text in _strings_in(item))
