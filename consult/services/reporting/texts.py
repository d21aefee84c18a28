"""What officers write for a report, in each of its languages, so that nobody's words are lost.

Whoever saves a text says what they had before them (:func:`mark`). Where a colleague has changed
it since, theirs stands and both are shown.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from consult.document.fields import UNPRINTABLE
from consult.document.model import Consultation as Document
from consult.models import Consultation, QuoteTranslation, ReportText
from consult.reports.data import Texts
from consult.services import audit

LONGEST = 20_000
"""Characters of one text."""


class Reason(StrEnum):
    """Why a text cannot be kept."""

    UNPRINTABLE = "unprintable"
    TOO_LONG = "too_long"


class Refused(ValueError):
    """A text cannot be kept as it is."""

    def __init__(self, key: str, reason: Reason, figure: str) -> None:
        super().__init__(key, reason)
        self.key = key
        self.reason = reason
        self.figure = figure
        """The number of a sign that cannot be seen, as U+0000; or how long the text is."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a text, and by what means."""

    name: str
    origin: str = "person"


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote as a text."""

    key: str
    text: str
    seen: str
    """The mark of what they had before them."""


@dataclass(frozen=True, slots=True)
class Held:
    """A text that was not written, because a colleague had written it meanwhile."""

    key: str
    text: str
    """As typed."""
    now: str
    """As it stands."""
    changed_by: str | None
    """Nobody where it was removed."""
    changed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: how many texts were written, and what was held back."""

    count: int
    held: tuple[Held, ...]


def considered(characteristic: str) -> str:
    """The key of what is written of a protected characteristic."""
    return f"considered:{characteristic}"


def theme_label(question: str, theme: str) -> str:
    """The key of a theme's name in other languages than its own."""
    return f"theme:{question}:{theme}:label"


def theme_description(question: str, theme: str) -> str:
    """The key of what a theme is about, in other languages than its own."""
    return f"theme:{question}:{theme}:description"


def mark(text: str) -> str:
    """What stands for a text that somebody has before them."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plain(text: str) -> str:
    """A text as it is kept: lines end in one way, nothing blank around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def rows(session: Session, stored: Consultation) -> dict[tuple[str, str], ReportText]:
    """All texts of a report by key and language."""
    found = session.scalars(
        select(ReportText)
        .where(ReportText.consultation_id == stored.id)
        .order_by(ReportText.key, ReportText.language),
        execution_options={"populate_existing": True},
    )
    return {(row.key, row.language): row for row in found}


def by_key(session: Session, stored: Consultation, document: Document) -> dict[str, Texts]:
    """The same as reports take them: in the consultation's languages, its own first."""
    order = [
        document.source_language,
        *(each for each in document.languages if each != document.source_language),
    ]
    found = rows(session, stored)
    keys = sorted({key for key, _ in found})
    return {
        key: {language: found[key, language].text for language in order if (key, language) in found}
        for key in keys
    }


def save(
    session: Session,
    stored: Consultation,
    language: str,
    typed: Iterable[Typed],
    *,
    actor: str,
    now: datetime,
) -> Saved:
    """Write what was typed where it differs from what was seen; a blank removes the text.

    What nobody else has touched is written even where other texts are held back.

    Raises
    ------
    Refused
        If a text cannot be kept; nothing is written then.
    """
    hold(session, stored)
    there = {key: row for (key, each), row in rows(session, stored).items() if each == language}
    fresh, held = sifted(typed, there)
    for key, text in fresh:
        write(session, stored, key, language, text, author=Author(actor), now=now)
    if fresh:
        note(session, stored, language, len(fresh), actor=actor, now=now)
    return Saved(len(fresh), tuple(held))


def sifted(
    typed: Iterable[Typed], there: Mapping[str, ReportText | QuoteTranslation]
) -> tuple[list[tuple[str, str]], list[Held]]:
    """Keys and texts to write, without what was left as it was, and what is held back.

    Parameters
    ----------
    there : mapping of str to ReportText or QuoteTranslation
        By key, what is stored in the language at hand.

    Raises
    ------
    Refused
        If a text cannot be kept.
    """
    fresh: list[tuple[str, str]] = []
    held: list[Held] = []
    for one in typed:
        text = checked(one.key, one.text)
        row = there.get(one.key)
        current = row.text if row is not None else ""
        if mark(text) == one.seen or text == current:
            continue  # it was left as it was, or a colleague has written the same
        if mark(current) == one.seen:
            fresh.append((one.key, text))
        else:
            who, when = (row.written_by, row.written_at) if row is not None else (None, None)
            held.append(Held(one.key, text, current, who, when))
    return fresh, held


def write(
    session: Session,
    stored: Consultation,
    key: str,
    language: str,
    text: str,
    *,
    author: Author,
    now: datetime,
) -> None:
    """Store a text whatever was there; a blank one removes it.

    Raises
    ------
    Refused
        If it cannot be kept.
    """
    text = checked(key, text)
    row = session.get(ReportText, (stored.id, key, language))
    if not text:
        if row is not None:
            session.delete(row)
            session.flush()
        return
    if row is None:
        row = ReportText(consultation_id=stored.id, key=key, language=language)
        session.add(row)
    row.text = text
    row.origin, row.written_by, row.written_at = author.origin, author.name, now
    session.flush()


def remove(session: Session, stored: Consultation, keys: Collection[str]) -> None:
    """Remove texts in every language."""
    session.execute(
        delete(ReportText).where(
            ReportText.consultation_id == stored.id, ReportText.key.in_(list(keys))
        ),
        execution_options={"synchronize_session": "fetch"},
    )


def checked(key: str, text: str) -> str:
    """A text made fit to keep.

    Raises
    ------
    Refused
        If it cannot be kept.
    """
    text = plain(text)
    if (found := UNPRINTABLE.search(text)) is not None:
        raise Refused(key, Reason.UNPRINTABLE, f"U+{ord(found.group()):04X}")
    if len(text) > LONGEST:
        raise Refused(key, Reason.TOO_LONG, str(len(text)))
    return text


def hold(session: Session, stored: Consultation) -> None:
    """Let nobody else write for this report until the unit of work ends."""
    session.execute(
        select(Consultation.id).where(Consultation.id == stored.id).with_for_update(key_share=True)
    )


def note(
    session: Session,
    stored: Consultation,
    language: str,
    count: int,
    *,
    actor: str,
    now: datetime,
    **details: str,
) -> None:
    """Tell the audit trail that texts were written, never what they say."""
    audit.record(
        session,
        actor=actor,
        action="report texts written",
        subject=stored.slug,
        now=now,
        language=language,
        texts=count,
        **details,
    )


def stale(row: ReportText | None, source: ReportText | None) -> bool:
    """Whether a translation is older than what it translates."""
    return row is not None and source is not None and row.written_at < source.written_at


def missing(
    sources: Mapping[str, str], there: Mapping[tuple[str, str], ReportText], language: str
) -> list[str]:
    """Keys of the texts that a language does not have."""
    return [key for key, text in sources.items() if text and (key, language) not in there]
