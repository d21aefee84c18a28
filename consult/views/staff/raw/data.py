"""Responses as files, with their codebook; every download is in the audit trail."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.forms.translating_words import language_name
from consult.logs import logger
from consult.models import Consultation
from consult.services import access, audit
from consult.services.raw import asked as asking
from consult.services.raw import bundle, codebook, columns, reading, shaping, tables, workbook
from consult.services.raw.asked import Asking
from consult.services.raw.reading import Wanted
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.public_addresses import public_address
from consult.views.staff.raw import turns
from consult.views.staff.raw.turns import Turn
from consult.views.staff.raw.words import codebook_words, format_words, which_words
from consult.views.staff.responses.at_hand import stored, stored_if_any

RULE = "/consultations/<slug>/data"

MIME_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}

PART = 1 << 16
"""Bytes of a finished file that are sent at once."""

Errors = list[tuple[str, str]]


@for_staff(RULE, roles=access.ANALYSTS)
def raw_data() -> ResponseReturnValue:
    """What there is to download, and how programs get it."""
    return _page([])


@for_staff(f"{RULE}/responses", roles=access.ANALYSTS)
def download_raw_data() -> ResponseReturnValue:
    """All responses as one file, sent while it is read from the database."""
    consultation = stored_if_any()
    if consultation is None or not request.args:
        return redirect(page("raw_data"), 303)
    asked = asking.asking(db.session, consultation)
    wanted, errors = _wanted(asked)
    kind = request.args.get("format", "")
    if kind not in format_words():
        errors.append(("format", gettext("Choose one of the files in the list.")))
    if errors:
        return _page(errors), 422
    number = reading.count(db.session, asked, wanted)
    if kind == "xlsx" and number > workbook.MOST_ROWS:
        return _page([("format", _too_many())]), 422
    turn = turns.take()
    if turn is None:
        return _page([("format", _others_download())]), 503
    try:
        _note(consultation, wanted, kind, number)
        response = _attachment(_sent(_content(asked, wanted, kind), turn), "responses", kind)
    except BaseException:
        turn.give_back()
        raise
    response.call_on_close(turn.give_back)
    return response


@for_staff(f"{RULE}/codebook.<any(csv, json):ending>", roles=access.ANALYSTS)
def download_codebook(ending: str) -> ResponseReturnValue:
    """What the columns are; nobody's answers are in it."""
    asked = asking.asking(db.session, stored())
    wanted, errors = _wanted(asked)
    if errors:
        return _page(errors), 422
    book = _codebook(asked, wanted)
    content = codebook.as_csv(book) if ending == "csv" else codebook.as_json(book)
    return _attachment([content], "codebook", ending)


def _note(consultation: Consultation, wanted: Wanted, kind: str, number: int) -> None:
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor(),
            action="raw data downloaded",
            subject=consultation.slug,
            now=now(),
            file=kind,
            responses=number,
            which="all" if wanted.everything else "counted",
            translations=wanted.into or "",
        )


def _content(asked: Asking, wanted: Wanted, kind: str) -> Iterable[bytes]:
    portions = reading.every(db.engine, asked, wanted)
    found = columns.columns(asked, wanted)
    if kind == "csv":
        return tables.csv_rows(portions, found)
    if kind == "jsonl":
        return shaping.json_lines(portions, asked, wanted)
    book = _codebook(asked, wanted)
    if kind == "xlsx":
        sheets = [("codebook", codebook.as_rows(book)), ("about", _about(book))]
        return _parts(workbook.written(portions, found, sheets))
    return bundle.zipped(
        [
            ("responses.csv", tables.csv_rows(portions, found)),
            ("codebook.csv", [codebook.as_csv(book)]),
            ("codebook.json", [codebook.as_json(book)]),
        ],
        at=_here(asked),
    )


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while part := file.read(PART):
            yield part


def _sent(parts: Iterable[bytes], turn: Turn) -> Iterator[bytes]:
    """The parts of a download. One that fails breaks off, and its reader's program says so.

    What was sent cannot be called back, and an end like any other would pass for the whole.
    """
    try:
        yield from parts
    except Exception as error:
        logger.error("download broke off", exc_info=error)
        raise
    finally:
        turn.give_back()


def _attachment(parts: Iterable[bytes], what: str, ending: str) -> Response:
    name = f"{workspace().slug}-{what}-{now():%Y-%m-%d}.{ending}"
    return Response(
        parts,
        content_type=MIME_TYPES[ending],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _codebook(asked: Asking, wanted: Wanted) -> dict[str, Any]:
    words = codebook_words(asked.document.source_language)
    return codebook.codebook(asked, wanted, words, made_for=actor(), now=now())


def _about(book: dict[str, Any]) -> list[list[str]]:
    """For whom a workbook was made, and when: so that a stray copy can be asked after."""
    names = ("title", "consultation", "made_for", "made_at", "responses", "translations")
    return [["about", ""], *([name, str(book[name] or "")] for name in names)]


def _here(asked: Asking) -> datetime:
    return now().astimezone(ZoneInfo(asked.timezone))


def _wanted(asked: Asking) -> tuple[Wanted, Errors]:
    """Which responses are asked for, and what of it cannot be understood."""
    errors: Errors = []
    which, into = request.args.get("which", "counted"), request.args.get("into", "")
    if which not in which_words():
        errors.append(("which", gettext("Choose one of the two.")))
    if into and into not in asked.document.languages:
        errors.append(("into", gettext("Choose one of the languages in the list.")))
        into = ""
    return Wanted(everything=which == "all", into=into or None), errors


def _page(errors: Errors) -> str:
    consultation = stored_if_any()
    counts: dict[str, int] = {}
    languages: list[dict[str, str]] = []
    if consultation is not None:
        asked = asking.asking(db.session, consultation)
        for which in which_words():
            wanted = Wanted(everything=which == "all")
            counts[which] = reading.count(db.session, asked, wanted)
        languages = [
            {"value": code, "label": language_name(code)} for code in asked.document.languages
        ]
    description = public_address("api.description")
    return render_template(
        "staff/raw/data.html",
        page_title=gettext("Raw data"),
        errors=errors,
        error_of=dict(errors),
        is_there=consultation is not None,
        formats=[{"value": kind, "label": label} for kind, label in format_words().items()],
        choices=[
            {"value": which, "label": label, "hint": _responses(counts[which])}
            for which, label in which_words().items()
            if which in counts
        ],
        languages=languages,
        kind=request.args.get("format", "zip"),
        which=request.args.get("which", "counted"),
        into=request.args.get("into", ""),
        description=description,
        address=description.removesuffix("openapi.json"),
    )


def _responses(number: int) -> str:
    return ngettext("%(num)s response", "%(num)s responses", number)


def _too_many() -> str:
    return gettext(
        "A workbook takes at most %(count)s responses, and there are more. Choose the table or "
        "the ZIP archive.",
        count=f"{workbook.MOST_ROWS:,}",
    )


def _others_download() -> str:
    return gettext(
        "Other people are downloading raw data at this moment, so that yours has to wait. Try "
        "again in a minute or two."
    )
