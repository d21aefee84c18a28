"""Lists that officers paste or upload: areas with their codes, categories with their counts.

A line holds two cells with a comma, a semicolon or a tab between them, as spreadsheets copy and
save them. A first line that names the columns is passed over.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, ngettext
from werkzeug.datastructures import FileStorage

from consult.forms.editing.fields import Fields
from consult.services.answering import parse_whole_number

_CODE = re.compile(r"[A-Za-z0-9_-]{1,20}", re.ASCII)
_QUOTED = re.compile(r'"[^"]*"')
_SHOWN_FAULTS = 5
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HEADINGS = frozenset({"code", "area", "category", "option", "group", "name"})
LONGEST = 120
"""Characters of a name or a category."""


def read_areas(fields: Fields, name: str) -> list[dict[str, str]]:
    """Areas from a field; what is wrong is noted there, by line."""
    areas: list[dict[str, str]] = []
    faults: list[str] = []
    codes: dict[str, int] = {}
    for number, cells in _rows(fields.cleaned(fields.typed(name))):
        code, area = cells[0], ", ".join(cells[1:])
        if not code or not area:
            faults.append(
                gettext(
                    "Line %(number)s: write a code, a comma and a name, such as E05011118, Acocks "
                    "Green",
                    number=number,
                )
            )
            continue
        if not _CODE.fullmatch(code):
            faults.append(
                gettext(
                    "Line %(number)s: “%(code)s” is no code. Use up to 20 letters of English, "
                    "digits, hyphens and underscores.",
                    number=number,
                    code=_short(code),
                )
            )
        elif code in codes:
            faults.append(
                gettext(
                    "Line %(number)s: the code %(code)s stands in line %(first)s already",
                    number=number,
                    code=code,
                    first=codes[code],
                )
            )
        elif len(area) > LONGEST:
            faults.append(_too_long(number))
        codes.setdefault(code, number)
        areas.append({"code": code, "name": area})
    _note(fields, name, faults)
    return areas


def areas_as_text(areas: Sequence[Mapping[str, Any]] | None) -> str:
    """Areas as lines that :func:`read_areas` reads."""
    return _as_text([(area.get("code", ""), area.get("name", "")) for area in areas or ()])


def read_counts(fields: Fields, name: str) -> dict[str, int]:
    """Counts by category from a field; what is wrong is noted there, by line."""
    counts: dict[str, int] = {}
    faults: list[str] = []
    lines: dict[str, int] = {}
    for number, cells in _rows(fields.cleaned(fields.typed(name))):
        category, count = _category_and_count(cells)
        if not category or count is None or not 0 <= count < 10**10:
            faults.append(
                gettext(
                    "Line %(number)s: write a category, a comma and a whole number of people, such "
                    "as 16 to 24, 163739",
                    number=number,
                )
            )
            continue
        if category in counts:
            faults.append(
                gettext(
                    "Line %(number)s: “%(category)s” stands in line %(first)s already",
                    number=number,
                    category=_short(category),
                    first=lines[category],
                )
            )
        elif len(category) > LONGEST:
            faults.append(_too_long(number))
        lines.setdefault(category, number)
        counts[category] = count
    _note(fields, name, faults)
    return counts


def counts_as_text(counts: Mapping[str, Any] | None) -> str:
    """Counts as lines that :func:`read_counts` reads."""
    return _as_text(list((counts or {}).items()))


def take_file(fields: Fields, file: FileStorage | None, name: str, at: str) -> bool:
    """Put an uploaded file's text into a field; whether a file came that can be read.

    ``at`` is the file's own field, where a fault of the file is noted.
    """
    if file is None or not file.filename:
        return False
    content = file.read()
    if content.startswith(_WORKBOOKS):
        fields.refuse(
            at,
            gettext(
                "This is a spreadsheet file. Save it as “CSV UTF-8” and choose that file, or copy "
                "the two columns into the field."
            ),
        )
        return False
    for encoding in ("utf-16",) if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ("utf-8-sig",):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            break
        if text.strip() and "\x00" not in text:
            fields.fill(name, text)
            return True
    fields.refuse(
        at,
        gettext(
            "We cannot read this file as text. Save it as “CSV UTF-8” and choose it again, or copy "
            "the two columns into the field."
        ),
    )
    return False


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Lines that say something, numbered as the field shows them, cut into cells."""
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    first = _QUOTED.sub("", lines[0][1]) if lines else ""
    mark = next((sign for sign in "\t;" if sign in first), ",")
    rows = []
    for number, line in lines:
        cut = next(csv.reader([line], delimiter=mark, skipinitialspace=True))
        cells = [" ".join(cell.split()) for cell in cut]
        while len(cells) > 2 and not cells[-1]:
            cells.pop()
        if any(cells):
            rows.append((number, cells))
    if rows and rows[0][1][0].casefold() in _HEADINGS:
        rows = rows[1:]
    return rows


def _category_and_count(cells: list[str]) -> tuple[str, int | None]:
    """Two cells of more, where a comma parts a name or groups of digits: "1,234"."""
    for cut in range(1, len(cells)):
        count = parse_whole_number(",".join(cells[cut:]))
        if count is not None:
            return ", ".join(cells[:cut]), count
    return cells[0], None


def _as_text(rows: Sequence[tuple[object, object]]) -> str:
    lines = io.StringIO()
    if any(mark in str(name) for name, _ in rows for mark in "\t;"):
        csv.writer(lines, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    else:
        csv.writer(lines, lineterminator="\n").writerows(rows)
    return lines.getvalue().strip("\n")


def _note(fields: Fields, name: str, faults: list[str]) -> None:
    if not faults:
        return
    shown = faults[:_SHOWN_FAULTS]
    more = len(faults) - len(shown)
    if more:
        shown.append(
            ngettext(
                "And %(num)s more line like these.", "And %(num)s more lines like these.", more
            )
        )
    fields.refuse(name, " ".join(sentence.rstrip(".") + "." for sentence in shown))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"


def _too_long(number: int) -> str:
    return gettext(
        "Line %(number)s: this is too long, at most %(limit)s characters are taken",
        number=number,
        limit=LONGEST,
    )
