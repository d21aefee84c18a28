"""Responses with their answers, a few hundred at a time, as those may read them who judge them.

However many there are, no more is held than one portion and a list of ids. Each portion is one
view of the database: a response never comes without its answers, nor with words that were hidden
before the portion was read.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from json import loads
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import Session

from consult.models import (
    Answer,
    AssistedSession,
    Organisation,
    Provenance,
    Redaction,
    Response,
    ResponseOrigin,
    Study,
    StudyAnswer,
)
from consult.services.counted import counted
from consult.services.raw.asked import Asking
from consult.services.reading.listing import ON_THE_PAGES, Fate
from consult.services.reading.redacted import (
    redacted_text,
    translations_of,
    words_of,
)

STATUSES = (Fate.COUNTED, Fate.WAITING, Fate.REFUSED, Fate.EXCLUDED)
"""What can become of a response that is handed out; of a withdrawn one nothing is held."""

AT_A_TIME = 500
"""Responses in one portion."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which responses somebody asks for, and with what."""

    everything: bool = False
    """Also those that do not count, each with its status."""
    into: str | None = None
    """With translations into this language."""


class Translated(NamedTuple):
    """A person's words in another language."""

    text: str
    by: str
    """``person`` or ``machine``."""


class Said(NamedTuple):
    """One answer, without what is hidden."""

    question: str
    version: int
    value: Mapping[str, Any]
    language: str | None
    """Of the words in it; nothing where there are none."""
    translated: Translated | None


@dataclass(slots=True)
class Given:
    """One response."""

    id: UUID
    received_on: date
    """As the consultation's place counts days. The time of day could lead to a person."""
    channel: str
    session: str | None
    """The code of the session that it came from, where a partner held one."""
    partner: str | None
    mode: str | None
    """Who entered it, where a helper or a form had a part in it."""
    interpreted: bool | None
    language: str
    """Of the form."""
    origin: str
    import_id: UUID | None
    timing: str
    is_resident: bool | None
    status: str
    answers: list[Said] = field(default_factory=list)


class Page(NamedTuple):
    """Some responses, and where to go on reading."""

    found: list[Given]
    """Fewer than were asked for where some were withdrawn while they were read."""
    last: UUID | None
    """After which response there may be more; nothing where the end was reached."""


class Ids:
    """Ids of responses in order, 16 bytes each: a million are 16 MB."""

    def __init__(self, found: Iterator[UUID]) -> None:
        self._bytes = b"".join(each.bytes for each in found)

    def __len__(self) -> int:
        return len(self._bytes) // 16

    def portions(self) -> Iterator[list[UUID]]:
        """The ids, a few hundred at a time."""
        for at in range(0, len(self), AT_A_TIME):
            yield [
                UUID(bytes=self._bytes[place * 16 : place * 16 + 16])
                for place in range(at, min(at + AT_A_TIME, len(self)))
            ]


def count(session: Session, asked: Asking, wanted: Wanted) -> int:
    """How many responses there are to hand out."""
    rows = select(func.count(Response.id)).where(*_handed_out(asked, wanted))
    return session.scalar(rows) or 0


def every(engine: Engine, asked: Asking, wanted: Wanted) -> Iterator[list[Given]]:
    """All responses in the order they came, a portion at a time.

    Which they are is read at once, so that a database that is gone is found out before anything
    is sent. What comes later is left out, and so is what is withdrawn meanwhile.
    """
    with _view(engine) as session:
        rows = session.execute(
            _in_order(asked, wanted), execution_options={"yield_per": 10 * AT_A_TIME}
        )
        ids = Ids(row[0] for row in rows)
    return (_read(engine, asked, wanted, portion) for portion in ids.portions())


def some(engine: Engine, asked: Asking, wanted: Wanted, *, after: UUID | None, limit: int) -> Page:
    """The first responses after one of them, in the order they came.

    Whether there may be more is told by how many there were to read, not by how many of them
    were still there a moment later.

    Raises
    ------
    LookupError
        If the response that they come after is there no more.
    """
    rows = _in_order(asked, wanted).limit(limit)
    with _view(engine) as session:
        if after is not None:
            came = session.execute(
                select(Response.received_at).where(
                    Response.id == after, Response.consultation_id == asked.consultation_id
                )
            ).scalar_one_or_none()
            if came is None:
                raise LookupError(after)
            later = or_(
                Response.received_at > came,
                and_(Response.received_at == came, Response.id > after),
            )
            rows = rows.where(Response.received_at >= came, later)
        ids = [row[0] for row in session.execute(rows)]
    return Page(_read(engine, asked, wanted, ids), ids[-1] if len(ids) == limit else None)


def _handed_out(asked: Asking, wanted: Wanted) -> tuple[ColumnElement[bool], ...]:
    return (
        Response.consultation_id == asked.consultation_id,
        Response.is_test.is_(False),
        _still_there(wanted),
    )


def _still_there(wanted: Wanted) -> ColumnElement[bool]:
    return Response.withdrawn_at.is_(None) if wanted.everything else counted()


def _in_order(asked: Asking, wanted: Wanted) -> Select[UUID]:
    return (
        select(Response.id)
        .where(*_handed_out(asked, wanted))
        .order_by(Response.received_at, Response.id)
    )


def _view(engine: Engine) -> Session:
    """A session whose questions all see the database at one moment."""
    if engine.dialect.name == "postgresql":  # SQLite does so by itself
        return Session(engine.execution_options(isolation_level="REPEATABLE READ"))
    return Session(engine)


def _read(engine: Engine, asked: Asking, wanted: Wanted, ids: Sequence[UUID]) -> list[Given]:
    with _view(engine) as session:
        found = _responses(session, asked, wanted, ids)
        _add_answers(session, asked, wanted, found)
    return [found[each] for each in ids if each in found]


def _responses(
    session: Session, asked: Asking, wanted: Wanted, ids: Sequence[UUID]
) -> dict[UUID, Given]:
    rows: Sequence[Sequence[Any]] = session.execute(
        select(
            Response.id,
            Response.received_at,
            Response.channel,
            AssistedSession.code,
            Organisation.name,
            Provenance.mode,
            Provenance.interpreted,
            Response.language,
            func.coalesce(ResponseOrigin.kind, ON_THE_PAGES),
            ResponseOrigin.import_id,
            Response.timing,
            Response.is_resident,
            _status(),
        )
        .outerjoin(ResponseOrigin, ResponseOrigin.response_id == Response.id)
        .outerjoin(Provenance, Provenance.response_id == Response.id)
        .outerjoin(AssistedSession, AssistedSession.id == Provenance.session_id)
        .outerjoin(Organisation, Organisation.id == AssistedSession.organisation_id)
        # By their ids alone: asked for the consultation too, SQLite goes through all of it.
        .where(Response.id.in_(ids), _still_there(wanted))
    ).all()
    zone = ZoneInfo(asked.timezone)
    return {row[0]: Given(row[0], row[1].astimezone(zone).date(), *row[2:]) for row in rows}


def _status() -> ColumnElement[str]:
    return case(
        (Response.excluded_at.is_not(None), Fate.EXCLUDED.value),
        (counted(), Fate.COUNTED.value),
        (Response.timing_decision == "refused", Fate.REFUSED.value),
        else_=Fate.WAITING.value,
    )


def _add_answers(
    session: Session, asked: Asking, wanted: Wanted, found: Mapping[UUID, Given]
) -> None:
    connection = session.connection()
    answer = Answer.__table__.c
    rows = connection.execute(
        select(
            _raw(connection, answer.response_id),
            _raw(connection, answer.question_version_id),
            _raw(connection, answer.value),
            answer.language,
            _raw(connection, answer.id),
        ).where(answer.response_id.in_(list(found)))
    )
    answers: dict[Any, list[Said]] = {}
    for response_id, given in found.items():
        answers[response_id] = answers[response_id.hex] = given.answers
    written: list[tuple[int, list[Said], Any, str]] = []
    for response_id, version_id, raw, language, answer_id in rows:
        said = _said(*asked.versions[version_id], raw)
        here = answers[response_id]
        if "text" in said.value or "other" in said.value:
            written.append((len(here), here, answer_id, language))
        here.append(said)
    words = _Words(session, asked, wanted, found, [answer_id for _, _, answer_id, _ in written])
    for place, here, answer_id, language in written:
        here[place] = words.without_hidden(here[place], answer_id, language)


class _Words:
    """What is known of people's words: what is hidden, their languages, translations."""

    def __init__(
        self,
        session: Session,
        asked: Asking,
        wanted: Wanted,
        responses: Collection[UUID],
        written: Sequence[Any],
    ) -> None:
        self._hidden = _redactions(session.connection(), written)
        self._languages = _languages(session.connection(), asked, responses)
        self._into = wanted.into
        self._translations: dict[Any, Translated] = {}
        if wanted.into is not None:
            ids = [each if isinstance(each, UUID) else UUID(each) for each in written]
            for answer_id, rows in translations_of(session, ids, wanted.into).items():
                best = Translated(rows[0].text, rows[0].origin)  # a person's before a machine's
                self._translations[answer_id] = self._translations[answer_id.hex] = best

    def without_hidden(self, said: Said, answer_id: Any, form_language: str) -> Said:
        """An answer as it may leave the house, with what is known of its words."""
        value = said.value
        hidden = self._hidden.get(answer_id)
        if hidden:
            name = "text" if value.get("text") else "other"
            value = {**value, name: redacted_text(words_of(value), hidden)}
        language = self._languages.get(answer_id, form_language)
        translated = None if language == self._into else self._translations.get(answer_id)
        return Said(said.question, said.version, value, language, translated)


class Hidden(NamedTuple):
    """A stretch of an answer that no output shows."""

    start: int
    end: int
    reason: str


def _redactions(connection: Connection, written: Sequence[Any]) -> dict[Any, list[Hidden]]:
    """What is hidden in answers, in order of place."""
    redaction = Redaction.__table__.c
    answer_id = _raw(connection, redaction.answer_id)
    found: dict[Any, list[Hidden]] = {}
    for at in range(0, len(written), AT_A_TIME):
        rows = connection.execute(
            select(answer_id, redaction.start, redaction.end, redaction.reason)
            .where(answer_id.in_(written[at : at + AT_A_TIME]))
            .order_by(redaction.start, redaction.id)
        )
        for row in rows:
            found.setdefault(row[0], []).append(Hidden(*row[1:]))
    return found


def _languages(
    connection: Connection, asked: Asking, responses: Collection[UUID]
) -> dict[Any, str]:
    """What answers are written in, as far as themes were looked for in them."""
    study, answer = Study.__table__.c, StudyAnswer.__table__.c
    studies = connection.execute(
        select(study.id).where(study.consultation_id == asked.consultation_id)
    ).scalars()
    rows = connection.execute(
        select(_raw(connection, answer.answer_id), answer.language).where(
            answer.study_id.in_(list(studies)), answer.response_id.in_(list(responses))
        )
    )
    return {row[0]: row[1] for row in rows}


def _raw(connection: Connection, column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as the driver gives it: making millions of UUIDs takes as long as all the rest.

    PostgreSQL's driver makes them by itself, and SQLite's gives text.
    """
    return column if connection.dialect.name == "postgresql" else type_coerce(column, String)


def _said(question: str, version: int, raw: Any) -> Said:
    if not isinstance(raw, str):
        return Said(question, version, raw, None, None)
    if len(raw) < SHORT:
        return _said_by_many(question, version, raw)
    return Said(question, version, loads(raw), None, None)


SHORT = 80
"""Characters of an answer that many people may have given alike: it is made once for all."""


@lru_cache(maxsize=4_096)
def _said_by_many(question: str, version: int, raw: str) -> Said:
    return Said(question, version, loads(raw), None, None)
