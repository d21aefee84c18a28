"""Rows of a file stored as responses: in batches, each row once however often it is tried."""

import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import Answer, Consultation, Response, ResponseImport, ResponseOrigin
from consult.response_files.survey import Survey, responses
from consult.response_files.tables import Table
from consult.services import audit, consultations, marking
from consult.services.intake import holding
from consult.services.intake.mapping import Mapping
from consult.services.intake.source_keys import SourceKeys
from consult.services.intake.turning import LEFT_OUT, Problem, Reason, Turned, Turner
from consult.services.responses import content_digest, is_resident
from consult.services.timing import Timing

BATCH: Final = 250
"""Rows that are stored in one unit of work: residents' answers wait no longer than for these."""

MOST_LISTED: Final = 200
"""Problems that a report lists one by one; all of them are counted."""

_LINK_SIGNS = 3


@dataclass(frozen=True, slots=True)
class Source:
    """All that is needed to read a file through, without the database."""

    import_id: UUID
    consultation_id: UUID
    slug: str
    file_name: str
    document: Document
    survey: Survey
    mapping: Mapping
    table: Table
    rows: int
    """How many it has, as far as that is known; else nought."""
    uploaded_by: str


@dataclass(frozen=True, slots=True)
class Keyed:
    """A row that can come in, and what recognises it."""

    turned: Turned
    source_key: str
    digest: str
    """Of its answers, as :class:`~consult.models.Response` keeps it."""


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file."""

    rows: int = 0
    new: int = 0
    """Rows that come in, or came in."""
    there: int = 0
    """Rows that are held already, with the same answers."""
    left_out: int = 0
    answers: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    """Rows, or cells of them, by reason."""
    problems: list[Problem] = field(default_factory=list)

    def note(self, problems: Sequence[Problem]) -> None:
        """Count what is to be said of a row, and list it while there is room."""
        for each in problems:
            self.reasons[each.reason.value] += 1
        room = MOST_LISTED - len(self.problems)
        self.problems.extend(problems[: max(0, room)])

    def as_data(self, *, values: bool) -> dict[str, Any]:
        """As plain values; without ``values``, nothing of what stands in cells."""
        problems = [each.as_data() for each in self.problems]
        if not values:
            problems = [{**each, "value": ""} for each in problems]
        return {
            "rows": self.rows,
            "new": self.new,
            "there": self.there,
            "left_out": self.left_out,
            "answers": self.answers,
            "reasons": dict(self.reasons),
            "problems": problems,
        }


class NotMapped(Exception):
    """Nobody has said yet what the columns are."""


def source_of(session: Session, import_id: UUID) -> Source:
    """Everything about a file that waits.

    Raises
    ------
    consult.services.intake.holding.NoSuchImport, AlreadyApplied, NotMapped
        If it cannot be read through.
    """
    held = session.get(ResponseImport, import_id, populate_existing=True)
    if held is None:
        raise holding.NoSuchImport
    if held.applied_at is not None:
        raise holding.AlreadyApplied
    stored = session.get_one(Consultation, held.consultation_id)
    mapping = holding.mapping_of(held)
    if mapping is None:
        raise NotMapped
    return Source(
        import_id=held.id,
        consultation_id=stored.id,
        slug=stored.slug,
        file_name=held.file_name,
        document=consultations.document_of(session, stored),
        survey=holding.survey_of(held),
        mapping=mapping,
        table=holding.table_of(session, held),
        rows=_known_rows(held),
        uploaded_by=held.uploaded_by,
    )


def _known_rows(held: ResponseImport) -> int:
    """Rows as a check counted them, else as far as the file was looked through."""
    if held.report is not None:
        return int(held.report["rows"])
    survey = holding.survey_of(held)
    return survey.rows if survey.all_read else 0


def batches(
    source: Source, tally: Tally, *, secret_key: str, now: datetime, size: int = BATCH
) -> Iterator[list[Keyed]]:
    """The rows that can come in, some at a time; what is to be said of rows goes to the tally."""
    turner = Turner(source.document, source.survey, source.mapping, now=now)
    keys = SourceKeys(secret_key, source.mapping.survey)
    batch: list[Keyed] = []
    for row in responses(source.table, source.survey.last_heading_row):
        tally.rows += 1
        turned = turner.turn(row)
        if turned.comes_in and (other := keys.row_of_same_id(turned)) is not None:
            turned.problems.append(Problem(row.number, Reason.SAME_ID, other=other))
        if turned.received_at is not None and turned.received_at > source.document.late:
            turned.problems.append(Problem(row.number, Reason.TOO_LATE))
        elif _is_after_closing(turned, source.document):
            turned.problems.append(Problem(row.number, Reason.AFTER_CLOSING))
        tally.note(turned.problems)
        if not turned.comes_in:
            tally.left_out += 1
            continue
        digest = content_digest(secret_key, turned.answers)
        batch.append(Keyed(turned, keys.key(turned), digest))
        if len(batch) >= size:
            yield batch
            batch = []
    if batch:
        yield batch


def compare(session: Session, source: Source, batch: Sequence[Keyed], tally: Tally) -> list[Keyed]:
    """The rows of a batch that are not held yet; the others go to the tally."""
    known = (
        select(ResponseOrigin.source_key, Response.content_digest)
        .join(Response, Response.id == ResponseOrigin.response_id)
        .where(
            ResponseOrigin.consultation_id == source.consultation_id,
            ResponseOrigin.source_key.in_([each.source_key for each in batch]),
        )
    )
    held = {row.source_key: row.content_digest for row in session.execute(known)}
    fresh: list[Keyed] = []
    for each in batch:
        if each.source_key not in held:
            fresh.append(each)
        elif held[each.source_key] == each.digest or not each.turned.platform_id:
            tally.there += 1
        else:
            tally.left_out += 1
            tally.note([Problem(each.turned.row, Reason.OTHER_CONTENT)])
    tally.new += len(fresh)
    tally.answers += sum(len(each.turned.answers) for each in fresh)
    return fresh


def store(
    session: Session, source: Source, batch: Sequence[Keyed], tally: Tally, *, now: datetime
) -> None:
    """Store the rows of a batch that are not held yet.

    Two who bring files in at once take turns: the consultation's row is held.
    """
    stored = session.get_one(
        Consultation, source.consultation_id, with_for_update={"key_share": True}
    )
    fresh = compare(session, source, batch, tally)
    if not fresh:
        return
    suspects = _said_before(session, source, fresh)
    versions = consultations.version_ids(session, stored)
    ids = {each.source_key: uuid4() for each in fresh}
    session.execute(
        insert(Response), [_response(each, ids[each.source_key], source, now) for each in fresh]
    )
    answers = [
        {
            "response_id": ids[each.source_key],
            "question_key": key,
            "question_version_id": versions[key],
            "value": dict(value),
            "language": each.turned.language,
            "answered_at": each.turned.received_at or now,
        }
        for each in fresh
        for key, value in each.turned.answers.items()
        if key in versions
    ]
    session.execute(insert(Answer), answers)
    session.execute(
        insert(ResponseOrigin),
        [
            {
                "response_id": ids[each.source_key],
                "consultation_id": source.consultation_id,
                "kind": "file",
                "source": source.file_name,
                "entered_by": source.uploaded_by,
                "entered_at": now,
                "import_id": source.import_id,
                "row": each.turned.row,
                "source_key": each.source_key,
            }
            for each in fresh
        ],
    )
    for each in fresh:
        if each.source_key in suspects or _has_links(each.turned):
            marking.mark_suspicions(
                session,
                session.get_one(Response, ids[each.source_key]),
                each.turned.answers,
                hidden_field_filled=False,
                seconds=None,
                now=now,
            )


def finish(
    session: Session, source: Source, tally: Tally, *, actor: str, now: datetime
) -> dict[str, int]:
    """Note that a file was brought in, and forget the file itself.

    What was new is counted by what is held: an attempt before may have stored a part.
    """
    held = session.get_one(ResponseImport, source.import_id, with_for_update=True)
    count = holding.brought_in(session, held)
    tally.there -= count - tally.new
    tally.new = count
    held.applied_by, held.applied_at = actor, now
    held.report = tally.as_data(values=False)
    held.content = None
    held.shape = {
        "platform": source.survey.platform.value,
        "columns": [
            {"position": each.position, "letters": each.letters, "heading": each.heading,
             "part": each.part}
            for each in source.survey.columns
        ],
    }  # fmt: skip
    held.mapping = _without_words(source.mapping)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="responses brought in",
        subject=source.slug,
        now=now,
        rows=tally.rows,
        new=tally.new,
        already_there=tally.there,
        left_out=tally.left_out,
        file_digest=held.file_digest[:16],
    )
    return {
        "rows": tally.rows,
        "new": tally.new,
        "there": tally.there,
        "left_out": tally.left_out,
    }


def _without_words(mapping: Mapping) -> dict[str, Any]:
    data = mapping.as_data()
    return {**data, "columns": [{**each, "values": {}} for each in data["columns"]]}


def _response(each: Keyed, response_id: UUID, source: Source, now: datetime) -> dict[str, Any]:
    turned = each.turned
    received = turned.received_at or now
    late = _is_after_closing(turned, source.document)
    return {
        "id": response_id,
        "consultation_id": source.consultation_id,
        "client_id": uuid4(),
        "content_digest": each.digest,
        "code_hash": secrets.token_hex(32),  # nobody holds a code
        "channel": turned.channel,
        "language": turned.language,
        "started_at": turned.started_at or received,
        "received_at": received,
        "timing": (Timing.DOUBTFUL if late else Timing.ON_TIME).value,
        "is_test": False,
        "is_resident": is_resident(source.document, turned.answers),
    }


def _is_after_closing(turned: Turned, document: Document) -> bool:
    """Whether it came too late: an officer decides then, for clocks and rules differ elsewhere."""
    if turned.received_at is None:
        return False
    return turned.received_at >= document.closes + timedelta(minutes=document.grace_minutes)


def _said_before(session: Session, source: Source, batch: Sequence[Keyed]) -> set[str]:
    """Source keys of rows of which the same answers are held, or stand earlier in the batch."""
    held = set(
        session.scalars(
            select(Response.content_digest).where(
                Response.consultation_id == source.consultation_id,
                Response.content_digest.in_([each.digest for each in batch]),
            )
        )
    )
    found = set()
    for each in batch:
        if each.digest in held:
            found.add(each.source_key)
        held.add(each.digest)
    return found


def _has_links(turned: Turned) -> bool:
    words = " ".join(str(value.get("text", "")) for value in turned.answers.values()).lower()
    return words.count("http") + words.count("www.") >= _LINK_SIGNS


def counts_of(report: dict[str, Any]) -> dict[Reason, int]:
    """How often each reason was met, those that leave rows out first."""
    found = {Reason(name): count for name, count in report["reasons"].items()}
    return dict(sorted(found.items(), key=lambda item: (item[0] not in LEFT_OUT, -item[1])))
