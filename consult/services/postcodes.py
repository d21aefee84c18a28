"""From a postcode to a ward, by a table that the council loads. No resident's postcode is kept."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import PostcodeArea
from consult.services.answering import ascii_digits

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_BATCH = 5_000
AREA_CODE_LENGTH_LIMIT = 20


class NotAPostcode(ValueError):
    """What was entered is not a UK postcode."""


class UnknownPostcode(LookupError):
    """The postcode is in no area of the consultation, or not in the table."""


class PostcodeFileError(ValueError):
    """The table cannot be read; the message names the line and the mend."""


def normalise(text: str) -> str:
    """A postcode in capitals without spaces.

    Raises
    ------
    NotAPostcode
        If it is none.

    Examples
    --------
    >>> normalise(" b1 1bb ")
    'B11BB'
    """
    postcode = re.sub(r"[\s.-]", "", ascii_digits(text[:40])).upper()
    if not _POSTCODE.fullmatch(postcode):
        raise NotAPostcode
    return postcode


def area_of(session: Session, document: Document, text: str) -> str:
    """The code of the area that a postcode lies in.

    Raises
    ------
    NotAPostcode, UnknownPostcode
        If it leads to none of the consultation's areas.
    """
    row = session.get(PostcodeArea, normalise(text))
    if row is None or row.area_code not in {area.code for area in document.areas}:
        raise UnknownPostcode
    return row.area_code


def is_loaded(session: Session) -> bool:
    """Whether there is a table at all."""
    return session.scalar(select(PostcodeArea.postcode).limit(1)) is not None


def load(session: Session, path: Path) -> int:
    """Load a CSV table with the columns ``postcode`` and ``area_code``, in place of the old one.

    Returns the number of postcodes.

    Raises
    ------
    PostcodeFileError
        If a column or the file is missing, or a row holds no postcode.
    """
    session.query(PostcodeArea).delete()
    count = 0
    batch: list[dict[str, str]] = []
    for row in _rows(path):
        batch.append(row)
        if len(batch) == _BATCH:
            session.execute(insert(PostcodeArea), batch)
            count += len(batch)
            batch = []
    if batch:
        session.execute(insert(PostcodeArea), batch)
    return count + len(batch)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    seen: set[str] = set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = {"postcode", "area_code"} - set(reader.fieldnames or ())
            if missing:
                raise PostcodeFileError(
                    f"{path.name}: the first line must name the columns postcode and area_code; "
                    f"{' and '.join(sorted(missing))} is missing"
                )
            for row in reader:
                try:
                    postcode = normalise(row["postcode"] or "")
                except NotAPostcode:
                    raise PostcodeFileError(
                        f"{path.name}, line {reader.line_num}: {row['postcode']!r} is not a UK "
                        "postcode; mend or remove the line"
                    ) from None
                area_code = (row["area_code"] or "").strip()
                if not 1 <= len(area_code) <= AREA_CODE_LENGTH_LIMIT:
                    raise PostcodeFileError(
                        f"{path.name}, line {reader.line_num}: area_code must have 1 to "
                        f"{AREA_CODE_LENGTH_LIMIT} characters; mend or remove the line"
                    )
                if postcode not in seen:
                    seen.add(postcode)
                    yield {"postcode": postcode, "area_code": area_code}
    except OSError as error:
        raise PostcodeFileError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise PostcodeFileError(
            f"{path.name} is not UTF-8; save it as CSV UTF-8 and load it again"
        ) from None
