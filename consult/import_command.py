"""The command that brings in responses of another platform: its map file, and what it says."""

from collections.abc import Mapping as Values
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.document.model import Consultation as Document
from consult.document.model import choices_of
from consult.drafting.kinds import MEGABYTE
from consult.models import Consultation
from consult.models.response import CHANNELS
from consult.response_files.faults import ResponseFileError
from consult.response_files.reading import LARGEST, open_table
from consult.response_files.survey import Survey, look
from consult.services import audit, consultations, workspaces
from consult.services.intake import checking, guessing, holding, places, storing
from consult.services.intake.mapping import (
    NOT_ANSWERED,
    OWN_WORDS,
    ColumnUse,
    Mapping,
    Use,
    folded,
    problem_of,
)
from consult.services.intake.matching import ENGLISH
from consult.services.intake.storing import Tally

FIELDS = frozenset(
    {"columns", "language", "channel", "received", "dates", "unfinished", "survey", "sheet"}
)
LARGEST_MAP = 1 * MEGABYTE
LISTED = 20
"""Problems that are printed one by one."""


class ImportRefused(Exception):
    """Something that whoever runs the command can mend, in one line."""


def bring_in(
    session: Session,
    slug: str,
    file: Path,
    map_file: Path,
    *,
    secret_key: str,
    check: bool,
    now: datetime,
) -> list[str]:
    """Bring a file in, or only say what it would bring; lines to print.

    The file is read to its end first: a fault in its last row leaves nothing half done.

    Raises
    ------
    ImportRefused
        If file or map cannot be used.
    consult.services.consultations.NoSuchConsultation
        If there is no consultation of that name.
    OSError
        If a file cannot be read.
    """
    said = _read_map(map_file)
    content = _content(file)
    try:
        survey = look(open_table(file.name, content, sheet=str(said.get("sheet") or "")))
        import_id = _hold(session, slug, file.name, content, survey, said, map_file, now)
        source = storing.source_of(session, import_id)
        try:
            tally = checking.check(session, source, secret_key=secret_key, now=now)
        except ResponseFileError:
            _put_away(session, slug, import_id, now)
            raise
        if check:
            _put_away(session, slug, import_id, now)
            return _lines(slug, file, survey, tally, done="would be brought in")
        tally = Tally()
        for batch in storing.batches(source, tally, secret_key=secret_key, now=now):
            with unit_of_work(session):
                storing.store(session, source, batch, tally, now=now)
        with unit_of_work(session):
            storing.finish(session, source, tally, actor=audit.COMMAND_LINE, now=now)
    except ResponseFileError as error:
        values = ", ".join(f"{name} {value}" for name, value in error.values.items())
        told = error.code.value.replace("_", " ") + (f" ({values})" if values else "")
        raise ImportRefused(f"{file}: {told}. Put the file right, and try again.") from error
    return _lines(slug, file, survey, tally, done="brought in")


def _content(file: Path) -> bytes:
    if file.stat().st_size > LARGEST:
        raise ImportRefused(
            f"{file}: larger than {LARGEST // MEGABYTE} MB. Divide it into several files."
        )
    return file.read_bytes()


def _hold(
    session: Session,
    slug: str,
    name: str,
    content: bytes,
    survey: Survey,
    said: Values[str, Any],
    map_file: Path,
    now: datetime,
) -> UUID:
    """Keep the file with its map, and return its id."""
    with unit_of_work(session):
        workspace = workspaces.find(session, slug)
        if workspace is None:
            raise consultations.NoSuchConsultation(slug)
        stored = places.prepare(session, slug, actor=audit.COMMAND_LINE, now=now)
        document = places.asked_in(consultations.document_of(session, stored))
        mapping = _mapping(said, survey, document, map_file, now)
        held = holding.hold(
            session, stored, name=name, content=content, survey=survey,
            actor=audit.COMMAND_LINE, now=now,
        )  # fmt: skip
        holding.remember(session, held, mapping, actor=audit.COMMAND_LINE, now=now)
        return held.id


def _put_away(session: Session, slug: str, import_id: UUID, now: datetime) -> None:
    with unit_of_work(session):
        stored: Consultation = consultations.get(session, slug)
        holding.put_away(session, stored, import_id, actor=audit.COMMAND_LINE, now=now)


# --- The map -------------------------------------------------------------------------------


def _read_map(path: Path) -> dict[str, Any]:
    if path.stat().st_size > LARGEST_MAP:
        raise ImportRefused(f"{path}: too large for a map.")
    try:
        said = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    except (YAMLError, UnicodeDecodeError) as error:
        told = " ".join(str(error).split())
        raise ImportRefused(f"{path}: not YAML in UTF-8: {told}") from error
    if not isinstance(said, dict) or not isinstance(said.get("columns"), dict):
        raise ImportRefused(f"{path}: write under columns what each of them is.")
    unknown = sorted(str(name) for name in said if name not in FIELDS)
    if unknown:
        raise ImportRefused(
            f"{path}: {unknown[0]!r} is not known; write one of: {', '.join(sorted(FIELDS))}."
        )
    return said


def _mapping(
    said: Values[str, Any], survey: Survey, document: Document, path: Path, now: datetime
) -> Mapping:
    columns = {column.position: ColumnUse(column.position) for column in survey.columns}
    for name, what in said["columns"].items():
        position = _position(str(name), survey, path)
        columns[position] = _use(position, str(name), what, document, path)
    guessed = guessing.guess(document, survey, fixed=ENGLISH, now=now)
    mapping = replace(
        guessed,
        columns=tuple(columns.values()),
        language=_one_of(said, "language", document.languages, guessed.language, path),
        channel=_one_of(said, "channel", CHANNELS, guessed.channel, path),
        received_on=_day(said, guessed.received_on, path),
        survey=str(said.get("survey") or ""),
        needs_end=_one_of(said, "unfinished", ("leave-out", "take"), "leave-out", path)
        == "leave-out",
    )
    if "dates" in said:
        order = _one_of(said, "dates", ("day-first", "month-first"), "day-first", path)
        mapping = replace(mapping, day_first=order == "day-first")
    problem = problem_of(mapping, document)
    if problem is not None:
        code, positions = problem
        names = ", ".join(each.name for each in survey.columns if each.position in positions)
        told = f"{code.value.replace('_', ' ')}{': ' if names else ''}{names}"
        raise ImportRefused(f"{path}: the columns cannot be used, {told}.")
    return guessing.with_values(mapping, document, survey, fixed=ENGLISH)


def _position(name: str, survey: Survey, path: Path) -> int:
    for column in survey.columns:
        if folded(column.words) == folded(name):
            return column.position
    for column in survey.columns:
        if column.letters == name:
            return column.position
    known = ", ".join(repr(column.name) for column in survey.columns[:20])
    raise ImportRefused(f"{path}: the file has no column {name!r}. It has: {known}.")


def _use(position: int, name: str, what: Any, document: Document, path: Path) -> ColumnUse:
    uses = {use.value for use in Use} - {Use.QUESTION.value}
    if isinstance(what, str) and what in uses:
        return ColumnUse(position, Use(what))
    if not isinstance(what, dict) or not isinstance(what.get("question"), str):
        raise ImportRefused(
            f"{path}: {name!r} is {what!r}; write {', '.join(sorted(uses))}, or a question."
        )
    question = document.question(what["question"])
    if question is None:
        known = ", ".join(each.key for each in document.questions)
        raise ImportRefused(f"{path}: {name!r}: no question {what['question']!r}. Known: {known}.")
    keys = choices_of(question, document)
    option = str(what.get("option") or "")
    if option and option not in keys:
        raise ImportRefused(f"{path}: {name!r}: no option {option!r}. Known: {', '.join(keys)}.")
    special = {"own words": OWN_WORDS, "not answered": NOT_ANSWERED}
    values = {}
    for text, key in (what.get("values") or {}).items():
        meant = special.get(str(key), str(key))
        if meant not in {*keys, *special.values()}:
            raise ImportRefused(f"{path}: {name!r}: no option {key!r}. Known: {', '.join(keys)}.")
        values[folded(str(text))] = meant
    return ColumnUse(position, Use.QUESTION, question.key, option, values)


def _one_of(
    said: Values[str, Any], name: str, known: tuple[str, ...], otherwise: str, path: Path
) -> str:
    given = said.get(name)
    if given is None:
        return otherwise
    if given not in known:
        raise ImportRefused(f"{path}: {name} is {given!r}; write one of: {', '.join(known)}.")
    return str(given)


def _day(said: Values[str, Any], otherwise: date | None, path: Path) -> date | None:
    given = said.get("received")
    if given is None or type(given) is date:
        return given or otherwise
    raise ImportRefused(f"{path}: received is {given!r}; write a day such as 2026-03-31.")


def _lines(slug: str, file: Path, survey: Survey, tally: Tally, *, done: str) -> list[str]:
    platform = survey.platform.value.replace("_", " ")
    lines = [
        f"{slug}: {file.name} ({platform}): rows {tally.rows}, {done} {tally.new}, "
        f"there already {tally.there}, left out {tally.left_out}"
    ]
    names = {column.position: column.name for column in survey.columns}
    for each in tally.problems[:LISTED]:
        where = "" if each.position is None else f", column {names.get(each.position, '')}"
        lines.append(f"  row {each.row}{where}: {each.reason.value.replace('_', ' ')}")
    rest = sum(tally.reasons.values()) - min(LISTED, len(tally.problems))
    return [*lines, f"  and {rest} more"] if rest > 0 else lines
