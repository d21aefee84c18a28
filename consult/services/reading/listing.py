"""Lists of responses: which count, which do not and why, and which a person has to look at."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from consult.models import (
    Answer,
    Consultation,
    Provenance,
    Response,
    ResponseMark,
    ResponseOrigin,
    Study,
    StudyAnswer,
)
from consult.services.counted import counted
from consult.services.reading.redacted import redacted_text, redactions_of, words_of
from consult.services.timing import Timing

PAGE_LENGTH = 25

ON_THE_PAGES = "pages"
"""The origin of responses that people gave on the pages themselves."""


class Fate(StrEnum):
    """What becomes of a response in the figures; each response has one."""

    COUNTED = "counted"
    WAITING = "waiting"
    """Nobody has said yet whether it came in time."""
    REFUSED = "refused"
    """It came too late, as a person decided."""
    EXCLUDED = "excluded"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Figures:
    """How many responses came, and what became of them."""

    by_fate: Mapping[Fate, int]
    marked: int
    """Of those not withdrawn: under suspicion of being spam or a repeat."""
    channels: Mapping[str, int]
    """Of those not withdrawn."""
    origins: Mapping[str, int]
    languages: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.by_fate.values())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which responses somebody looks for; all that are there where nothing is said."""

    fate: Fate | None = None
    marked: bool = False
    channel: str = ""
    origin: str = ""
    language: str = ""
    letter: tuple[str, int] | None = None
    """A question, and which letter of many copies that was sent in answer to it."""
    like: UUID | None = None
    """A response: all that say exactly the same."""
    session: UUID | None = None
    """An assisted session that they came from."""


@dataclass(frozen=True, slots=True)
class Line:
    """One response in a list."""

    id: UUID
    received_at: datetime
    language: str
    channel: str
    origin: str
    """How it came in, by :class:`~consult.models.ResponseOrigin`, or :data:`ON_THE_PAGES`."""
    fate: Fate
    marks: Collection[str]
    """Kinds."""
    first_words: str
    words_language: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a list."""

    lines: list[Line] = field(default_factory=list)
    total: int = 0
    number: int = 1

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_LENGTH))


FIRST_WORDS = 160
"""Characters of an answer that a list shows."""


def figures(session: Session, stored: Consultation) -> Figures:
    """How many responses a consultation has, by what becomes of them."""
    # Computed within: PostgreSQL takes two expressions with parameters for different ones, and
    # would not group by the one that is selected.
    each = (
        select(
            _fate().label("fate"),
            Response.channel,
            func.coalesce(ResponseOrigin.kind, ON_THE_PAGES).label("origin"),
            Response.language,
        )
        .select_from(Response)
        .outerjoin(ResponseOrigin, ResponseOrigin.response_id == Response.id)
        .where(Response.consultation_id == stored.id, Response.is_test.is_(False))
        .subquery()
    )
    columns = (each.c.fate, each.c.channel, each.c.origin, each.c.language)
    by_fate: Counter[str] = Counter()
    channels: Counter[str] = Counter()
    origins: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    for fate, channel, origin, language, number in session.execute(
        select(*columns, func.count()).group_by(*columns)
    ):
        by_fate[fate] += number
        if fate != Fate.WITHDRAWN.value:
            channels[channel] += number
            origins[origin] += number
            languages[language] += number
    marked = select(func.count(Response.id)).where(*_there(stored), _is_marked())
    return Figures(
        by_fate={fate: by_fate[fate.value] for fate in Fate},
        marked=session.scalar(marked) or 0,
        channels=dict(channels.most_common()),
        origins=dict(origins.most_common()),
        languages=dict(languages.most_common()),
    )


def page_of(session: Session, stored: Consultation, wanted: Wanted, number: int) -> Leaf:
    """One page of the responses wanted, the newest first; the last page beyond the end."""
    rows = _matching(stored, wanted)
    total = session.scalar(rows.with_only_columns(func.count(Response.id))) or 0
    pages = max(1, -(-total // PAGE_LENGTH))
    number = min(max(1, number), pages)
    found = session.execute(
        rows.with_only_columns(Response, ResponseOrigin.kind, _fate())
        .order_by(Response.received_at.desc(), Response.id)
        .limit(PAGE_LENGTH)
        .offset((number - 1) * PAGE_LENGTH)
    ).all()
    ids = [response.id for response, _, _ in found]
    marks, words = _marks(session, ids), _first_words(session, ids)
    lines = [
        Line(
            id=response.id,
            received_at=response.received_at,
            language=response.language,
            channel=response.channel,
            origin=kind or ON_THE_PAGES,
            fate=Fate(fate),
            marks=marks.get(response.id, ()),
            first_words=words.get(response.id, ("", ""))[0],
            words_language=words.get(response.id, ("", ""))[1],
        )
        for response, kind, fate in found
    ]
    return Leaf(lines, total, number)


def fate_of(response: Response) -> Fate:
    """What becomes of one response."""
    if response.withdrawn_at is not None:
        return Fate.WITHDRAWN
    if response.excluded_at is not None:
        return Fate.EXCLUDED
    if response.timing != Timing.DOUBTFUL or response.timing_decision == "accepted":
        return Fate.COUNTED
    return Fate.REFUSED if response.timing_decision == "refused" else Fate.WAITING


def _fate() -> ColumnElement[str]:
    return case(
        (Response.withdrawn_at.is_not(None), Fate.WITHDRAWN.value),
        (Response.excluded_at.is_not(None), Fate.EXCLUDED.value),
        (counted(), Fate.COUNTED.value),
        (Response.timing_decision == "refused", Fate.REFUSED.value),
        else_=Fate.WAITING.value,
    )


def _is_there() -> ColumnElement[bool]:
    return Response.withdrawn_at.is_(None)


def _there(stored: Consultation) -> tuple[ColumnElement[bool], ...]:
    return (Response.consultation_id == stored.id, Response.is_test.is_(False), _is_there())


def _is_marked() -> ColumnElement[bool]:
    return select(ResponseMark.id).where(ResponseMark.response_id == Response.id).exists()


def _matching(stored: Consultation, wanted: Wanted) -> Select[Response]:
    conditions = list(_there(stored))
    if wanted.fate is not None:
        conditions.append(_fate() == wanted.fate.value)
    if wanted.marked:
        conditions.append(_is_marked())
    if wanted.channel:
        conditions.append(Response.channel == wanted.channel)
    if wanted.origin == ON_THE_PAGES:
        conditions.append(ResponseOrigin.kind.is_(None))
    elif wanted.origin:
        conditions.append(ResponseOrigin.kind == wanted.origin)
    if wanted.language:
        conditions.append(Response.language == wanted.language)
    if wanted.letter is not None:
        conditions.append(_sent_letter(stored, *wanted.letter))
    if wanted.like is not None:
        same = select(Response.content_digest).where(
            Response.id == wanted.like, Response.consultation_id == stored.id
        )
        conditions.append(Response.content_digest == same.scalar_subquery())
    if wanted.session is not None:
        conditions.append(_came_from(wanted.session))
    return (
        select(Response)
        .outerjoin(ResponseOrigin, ResponseOrigin.response_id == Response.id)
        .where(*conditions)
    )


def _came_from(session_id: UUID) -> ColumnElement[bool]:
    return (
        select(Provenance.response_id)
        .where(Provenance.response_id == Response.id, Provenance.session_id == session_id)
        .exists()
    )


def _sent_letter(stored: Consultation, question_key: str, letter: int) -> ColumnElement[bool]:
    return (
        select(StudyAnswer.answer_id)
        .join(Study, Study.id == StudyAnswer.study_id)
        .where(
            StudyAnswer.response_id == Response.id,
            Study.consultation_id == stored.id,
            Study.question_key == question_key,
            StudyAnswer.campaign == letter,
        )
        .exists()
    )


def _marks(session: Session, ids: Collection[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = select(ResponseMark.response_id, ResponseMark.kind).where(
        ResponseMark.response_id.in_(ids)
    )
    for response_id, kind in session.execute(rows.distinct().order_by(ResponseMark.kind)):
        found.setdefault(response_id, []).append(kind)
    return found


def _first_words(session: Session, ids: Collection[UUID]) -> dict[UUID, tuple[str, str]]:
    """The beginning of the longest thing that each person wrote, and its language."""
    answers = session.scalars(select(Answer).where(Answer.response_id.in_(ids))).all()
    written = [answer for answer in answers if words_of(answer.value)]
    hidden = redactions_of(session, [answer.id for answer in written])
    found: dict[UUID, tuple[str, str]] = {}
    for answer in written:
        text = " ".join(redacted_text(words_of(answer.value), hidden.get(answer.id, ())).split())
        if len(text) > len(found.get(answer.response_id, ("", ""))[0]):
            found[answer.response_id] = (text, answer.language)
    return {each: (_cut(text), language) for each, (text, language) in found.items()}


def _cut(text: str) -> str:
    """The beginning of a text, to the end of a word."""
    if len(text) <= FIRST_WORDS:
        return text
    return text[:FIRST_WORDS].rpartition(" ")[0] + " …"
