"""The columns of a table of responses, and the cells of a response in them.

Names of columns never meet: a question's key holds neither ``:`` nor ``.``, and what stands
behind the colon is another word for facts of a response than for parts of an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from analysis.output import harmless
from consult.services.raw.asked import Asked, Asking, listed_options
from consult.services.raw.reading import Given, Said, Wanted

Cell = str | int | date | None
"""What a cell holds; nothing where there is nothing to say."""


class Holds(StrEnum):
    """What the cells of a column are."""

    ID = "id"
    RECEIVED_ON = "received_on"
    CHANNEL = "channel"
    SESSION = "session"
    PARTNER = "partner"
    MODE = "mode"
    INTERPRETED = "interpreted"
    FORM_LANGUAGE = "form_language"
    ORIGIN = "origin"
    IMPORT = "import"
    TIMING = "timing"
    IS_RESIDENT = "is_resident"
    STATUS = "status"
    ANSWER = "answer"
    """A chosen option, a number or a text, by the question's kind."""
    OPTION = "option"
    """Whether one option was chosen, or in which place it was ranked."""
    OTHER = "other"
    LANGUAGE = "language"
    TRANSLATION = "translation"
    TRANSLATED_BY = "translated_by"
    VERSION = "version"


ABOUT_RESPONSE = (
    Holds.ID,
    Holds.RECEIVED_ON,
    Holds.CHANNEL,
    Holds.SESSION,
    Holds.PARTNER,
    Holds.MODE,
    Holds.INTERPRETED,
    Holds.FORM_LANGUAGE,
    Holds.ORIGIN,
    Holds.IMPORT,
    Holds.TIMING,
    Holds.IS_RESIDENT,
)
"""Columns that every table begins with."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column."""

    name: str
    holds: Holds
    question: Asked | None = None
    option: str | None = None


def columns(asked: Asking, wanted: Wanted) -> list[Column]:
    """The columns of a table: about the response, then question by question."""
    about = [*ABOUT_RESPONSE, *([Holds.STATUS] if wanted.everything else [])]
    found = [Column(f"response:{holds}", holds) for holds in about]
    for question in asked.questions:
        found.extend(_of_question(question, wanted))
    return found


def _of_question(question: Asked, wanted: Wanted) -> list[Column]:
    found = []
    if question.is_single:
        found.append(Column(question.key, Holds.ANSWER, question))
    found.extend(
        Column(f"{question.key}.{option}", Holds.OPTION, question, option)
        for option in question.options
    )
    aspects = []
    if question.takes_other:
        aspects.append(Holds.OTHER)
    if question.takes_text or question.takes_other:
        aspects.append(Holds.LANGUAGE)
        if wanted.into is not None:
            aspects += [Holds.TRANSLATION, Holds.TRANSLATED_BY]
    if len(question.versions) > 1:
        aspects.append(Holds.VERSION)
    found.extend(Column(f"{question.key}:{holds}", holds, question) for holds in aspects)
    return found


class Cells:
    """Turns responses to rows of cells."""

    def __init__(self, found: Sequence[Column]) -> None:
        self._width = len(found)
        self._with_status = any(column.holds is Holds.STATUS for column in found)
        self._places: dict[str, dict[str, int]] = {}
        """By question: where each part of its answer goes; options by their keys, other parts
        by a colon and their name, which no key is."""
        self._offered: dict[tuple[str, int], list[int]] = {}
        """By question and version: the places of the options that could be chosen."""
        for place, column in enumerate(found):
            if column.question is not None:
                part = column.option or f":{column.holds}"
                self._places.setdefault(column.question.key, {})[part] = place
        for question in {column.question for column in found if column.question is not None}:
            places = self._places[question.key]
            for version in question.versions:
                offered = [places[key] for key in listed_options(version.question)]
                self._offered[question.key, version.number] = offered

    def row(self, given: Given) -> list[Cell]:
        """A response's cells; no text among them is taken for a formula."""
        row: list[Cell] = [None] * self._width
        about: list[Cell] = [
            str(given.id),
            given.received_on,
            given.channel,
            given.session,
            None if given.partner is None else harmless(given.partner),
            given.mode,
            _yes_or_no(given.interpreted),
            given.language,
            given.origin,
            None if given.import_id is None else str(given.import_id),
            given.timing,
            _yes_or_no(given.is_resident),
        ]
        if self._with_status:
            about.append(given.status)
        row[: len(about)] = about
        for said in given.answers:
            self._fill(row, said)
        return row

    def _fill(self, row: list[Cell], said: Said) -> None:
        value, places = said.value, self._places[said.question]
        if "choice" in value:
            row[places[":answer"]] = harmless(value["choice"])
        elif "text" in value:
            row[places[":answer"]] = harmless(value["text"])
        elif "number" in value:
            row[places[":answer"]] = value["number"]
        elif "choices" in value:
            for place in self._offered[said.question, said.version]:
                row[place] = 0
            for option in value["choices"]:
                row[places[option]] = 1
        elif "order" in value:
            for rank, option in enumerate(value["order"], start=1):
                row[places[option]] = rank
        if "other" in value:
            row[places[":other"]] = harmless(value["other"])
        if said.language is not None:
            row[places[":language"]] = said.language
        if said.translated is not None:
            row[places[":translation"]] = harmless(said.translated.text)
            row[places[":translated_by"]] = said.translated.by
        if ":version" in places:
            row[places[":version"]] = said.version


def _yes_or_no(known: bool | None) -> int | None:
    return None if known is None else int(known)
