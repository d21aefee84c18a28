"""Which platform an export comes from, and what its headings say.

Recognised are the shapes of Citizen Space (a "Response ID", a column for each part of a
question), LimeSurvey (questions or their codes, with ``submitdate`` or "Date submitted"),
Microsoft Forms ("Start time", "Completion time") and SmartSurvey (two rows of headings: the
question, and below it the part of it). Every other table with headings is read as it stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from consult.response_files.faults import FileFault, ResponseFileError
from consult.response_files.tables import MOST_COLUMNS, Row, Table


class Platform(StrEnum):
    """Where a file was exported."""

    CITIZEN_SPACE = "citizen_space"
    LIMESURVEY = "limesurvey"
    MICROSOFT_FORMS = "microsoft_forms"
    SMARTSURVEY = "smartsurvey"
    OTHER = "other"


IDS: Final = frozenset(
    {"id", "responseid", "respondentid", "submissionid", "userid", "userno", "uniqueid",
     "responsenumber", "reference", "anonymousid"}
)  # fmt: skip
STARTS: Final = frozenset(
    {"startdate", "starttime", "started", "datestarted", "startedat", "begun"}
)
SUBMISSIONS: Final = frozenset(
    {"submitdate", "datesubmitted", "submitted", "submitteddate", "submissiondate",
     "submissiontime", "completiontime", "completed", "ended", "enddate", "endtime",
     "submittedat", "completeddate", "datecompleted", "timestamp", "datereceived", "received"}
)  # fmt: skip
LANGUAGES: Final = frozenset(
    {"startlanguage", "language", "lang", "locale", "surveylanguage", "userlanguage"}
)
CHANNELS: Final = frozenset({"channel", "source", "collector", "mode", "responsetype", "method"})

_LIMESURVEY = ({"startlanguage", "submitdate", "datesubmitted"}, {"lastpage"})
_FORMS = {"starttime", "completiontime"}
_SMARTSURVEY = {"userno", "userid", "trackinglink", "uniqueid", "ended"}
_LOOKED_AT = 10
_TITLE_ROWS = 5
_PART = re.compile(
    r"(?P<question>.+?)"
    r"(?:\s*\[(?P<in>[^\[\]]*)\]"
    r"|\s+[-\u2013\u2014:|]\s+(?P<after>.+)"
    r"|_(?P<code>SQ[0-9]+|other)"
    r"|:\s+(?P<colon>.+))\s*"
)


@dataclass(frozen=True, slots=True)
class Head:
    """One column's heading."""

    position: int
    heading: str
    """The question, or whatever stands over the column."""
    part: str = ""
    """What the column is of the question, such as one of its options."""

    @property
    def words(self) -> str:
        """All that stands over the column."""
        return f"{self.heading}: {self.part}" if self.part else self.heading


@dataclass(frozen=True, slots=True)
class Headings:
    """What the first rows of a file say."""

    platform: Platform
    last_row: int
    """Number of the last row of headings: what follows are responses."""
    heads: tuple[Head, ...]
    finished_at: int | None
    """The column in which the platform notes the end; a row without it is unfinished."""
    has_two_rows: bool = False


def plain(heading: str) -> str:
    """A heading by which columns of a platform are known.

    Examples
    --------
    >>> plain("Start time"), plain(" Response_ID ")
    ('starttime', 'responseid')
    """
    return "".join(sign for sign in heading.casefold() if sign.isalnum())


def headings_of(table: Table) -> Headings:
    """Read the headings of a table.

    Raises
    ------
    ResponseFileError
        If there is nothing below them.
    """
    first = list(islice(table.rows(), _LOOKED_AT))
    at = _heading_row(first)
    if at + 1 >= len(first):
        raise ResponseFileError(FileFault.NO_ROWS if first else FileFault.EMPTY)
    top, below = first[at], first[at + 1]
    width = min(MOST_COLUMNS, _width(top, first[at + 1 :]))
    has_two = at + 2 <= len(first) and _is_second_heading(top, below)
    if has_two and at + 2 >= len(first):
        raise ResponseFileError(FileFault.NO_ROWS)
    heads = _two_rows(top, below, width) if has_two else _one_row(top, width)
    platform = _platform({plain(head.heading) for head in heads}, has_two=has_two)
    return Headings(
        platform=platform,
        last_row=(below if has_two else top).number,
        heads=heads,
        finished_at=None if platform is Platform.OTHER else _finished_at(heads),
        has_two_rows=has_two,
    )


def _heading_row(rows: Sequence[Row]) -> int:
    """Position of the headings: rows of one cell above a wider one are titles."""
    for at, row in enumerate(rows[:_TITLE_ROWS]):
        following = rows[at + 1 : at + 2]
        is_title = _filled(row) == 1 and following and _filled(following[0]) > 2
        if not is_title:
            return at
    return 0


def _width(top: Row, below: Sequence[Row]) -> int:
    """As wide as the headings; wider where most rows are, for then a column has no heading.

    A single row that is wider has cells that have shifted.
    """
    widths = sorted(_end(row) for row in below)
    return max(len(top.cells), widths[len(widths) // 4])


def _end(row: Row) -> int:
    """How many cells a row has, without empty ones at its end."""
    return max((at + 1 for at, cell in enumerate(row.cells) if cell.strip()), default=0)


def _filled(row: Row) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _is_second_heading(top: Row, below: Row) -> bool:
    """Whether the second row goes on with the headings.

    Questions of several columns have their words over the first of them, so that the first row
    has gaps which the second fills; and there is nothing yet below an id or a time.
    """
    known = IDS | STARTS | SUBMISSIONS
    marks = [at for at, cell in enumerate(top.cells) if plain(cell) in known]
    fills_gap = any(
        cell.strip() and not top.cell(at).strip() for at, cell in enumerate(below.cells)
    )
    repeats = len({cell for cell in top.cells if cell.strip()}) < _filled(top)
    nothing_below = all(not below.cell(at).strip() for at in marks)
    return bool(marks) and nothing_below and (fills_gap or repeats) and _filled(below) > 0


def _two_rows(top: Row, below: Row, width: int) -> tuple[Head, ...]:
    heads: list[Head] = []
    question = ""
    for position in range(width):
        own, part = top.cell(position).strip(), below.cell(position).strip()
        question = own or (question if part else "")
        heads.append(Head(position, question or part, part if question else ""))
    return tuple(heads)


def _one_row(top: Row, width: int) -> tuple[Head, ...]:
    """Headings of one row; where neighbours share a question, each says which part it is."""
    texts = [top.cell(position).strip() for position in range(width)]
    parted = [_parted(text) for text in texts]
    return tuple(
        Head(position, *parted[position])
        if parted[position][1] and _shares(parted, position)
        else Head(position, texts[position])
        for position in range(width)
    )


def _shares(parted: Sequence[tuple[str, str]], position: int) -> bool:
    question = parted[position][0]
    near = (*parted[max(0, position - 1) : position], *parted[position + 1 : position + 2])
    return any(other == question for other, _part in near)


def _parted(text: str) -> tuple[str, str]:
    found = _PART.fullmatch(text)
    if found is None:
        return text, ""
    part = found["in"] or found["after"] or found["code"] or found["colon"] or ""
    return found["question"].strip(), part.strip()


def _platform(names: set[str], *, has_two: bool) -> Platform:
    if all(not names.isdisjoint(each) for each in _LIMESURVEY):
        return Platform.LIMESURVEY
    if names >= _FORMS:
        return Platform.MICROSOFT_FORMS
    if len(names & _SMARTSURVEY) >= 2 or (has_two and not names.isdisjoint(_SMARTSURVEY)):
        return Platform.SMARTSURVEY
    return Platform.CITIZEN_SPACE if "responseid" in names else Platform.OTHER


def _finished_at(heads: Sequence[Head]) -> int | None:
    marks = ("submitdate", "datesubmitted", "completiontime", "ended", "submitted")
    by_name = {plain(head.heading): head.position for head in reversed(heads)}
    return next((by_name[name] for name in marks if name in by_name), None)
