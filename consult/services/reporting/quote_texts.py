"""Approved quotes in other languages: written like texts of a report, and gone with the quote."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Consultation, Quote, QuoteTranslation, Study
from consult.services.reporting import kept, texts
from consult.services.reporting.texts import Author, Held, Saved, Typed

QUOTE = "quote:"
"""What the key of a quote's translation begins with."""


def key_of(quote: Quote) -> str:
    """The key of a quote among the texts of a report."""
    return f"{QUOTE}{quote.id.hex}"


def rows(session: Session, stored: Consultation, language: str) -> dict[UUID, QuoteTranslation]:
    """The translations of a consultation's quotes into a language, by quote."""
    found = session.scalars(
        select(QuoteTranslation)
        .join(Quote, Quote.id == QuoteTranslation.quote_id)
        .join(Study, Study.id == Quote.study_id)
        .where(Study.consultation_id == stored.id, QuoteTranslation.language == language),
        execution_options={"populate_existing": True},
    )
    return {row.quote_id: row for row in found}


def by_key(session: Session, stored: Consultation) -> dict[str, Quote]:
    """A consultation's approved quotes by their keys."""
    found = session.scalars(
        select(Quote)
        .join(Study, Study.id == Quote.study_id)
        .where(Study.consultation_id == stored.id)
    )
    return {key_of(quote): quote for quote in found}


def save(
    session: Session,
    stored: Consultation,
    language: str,
    typed: Iterable[Typed],
    *,
    actor: str,
    now: datetime,
) -> Saved:
    """Write translations of quotes, as :func:`texts.save` does.

    One of a quote that is not approved any more is held back.

    Raises
    ------
    texts.Refused
        If a text cannot be kept; nothing is written then.
    """
    texts.hold(session, stored)
    quotes = by_key(session, stored)
    there = rows(session, stored, language)
    fresh, held = texts.sifted(
        typed, {key: there[quote.id] for key, quote in quotes.items() if quote.id in there}
    )
    count = 0
    for key, text in fresh:
        quote = quotes.get(key)
        if quote is None:
            held.append(Held(key, text, "", None, None))
        else:
            write(session, quote, language, text, author=Author(actor), now=now)
            count += 1
    if count:
        kept.drop(session, stored.id)
        texts.note(session, stored, language, count, actor=actor, now=now, of="quotes")
    return Saved(count, tuple(held))


def write(
    session: Session, quote: Quote, language: str, text: str, *, author: Author, now: datetime
) -> None:
    """Store a translation whatever was there; a blank one removes it."""
    row = session.get(QuoteTranslation, (quote.id, language))
    if not text:
        if row is not None:
            session.delete(row)
            session.flush()
        return
    if row is None:
        row = QuoteTranslation(quote_id=quote.id, language=language)
        session.add(row)
    row.text = text
    row.origin, row.written_by, row.written_at = author.origin, author.name, now
    session.flush()
