"""What an officer should know before a report goes out. Nothing here stands in anybody's way."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.document.model import Part
from consult.models import Consultation
from consult.reports.data import CHARACTERISTICS
from consult.services.reading import quotes
from consult.services.reporting import languages, layouts
from consult.services.themes import figures, studies


class Kind(StrEnum):
    """What there is to know."""

    STILL_OPEN = "still_open"
    NEVER_ANALYSED = "never_analysed"
    NOT_YET_ANALYSED = "not_yet_analysed"
    """``count`` answers."""
    UNNAMED = "unnamed"
    """``count`` themes whose names the machine made up."""
    UNREVIEWED = "unreviewed"
    """``share`` of the statements in themes, which no person has looked at."""
    NO_QUOTES = "no_quotes"
    CONSIDERED = "considered"
    """``count`` protected characteristics of which nothing is written."""
    TEXTS_MISSING = "texts_missing"
    """``count`` of the report's own texts and themes' names, in a language."""
    QUOTES_MISSING = "quotes_missing"
    """``count`` quotes that are not told in a language."""
    STALE = "stale"
    """``count`` translations that are older than what they translate."""
    BY_MACHINE = "by_machine"
    """``count`` drafts of the machine that nobody has gone over."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know. ``question`` and ``language`` are keys and codes, empty for none."""

    kind: Kind
    count: int = 0
    share: float = 0.0
    question: str = ""
    language: str = ""


def findings(
    session: Session, stored: Consultation, document: Document, *, now: datetime
) -> tuple[Finding, ...]:
    """All there is to know before a version is made or published; nothing when all is well."""
    return (
        *([Finding(Kind.STILL_OPEN)] if now < stored.closes_at else []),
        *_of_themes(session, stored, document),
        *_of_words(session, stored, document),
        *_of_languages(session, stored, document),
    )


def _of_themes(session: Session, stored: Consultation, document: Document) -> Iterator[Finding]:
    for question in studies.text_questions(document):
        study = studies.find(session, stored, question.key)
        if study is None or study.analysed_at is None:
            yield Finding(Kind.NEVER_ANALYSED, question=question.key)
            continue
        found = figures.overview(session, study)
        themes = [theme for theme in found.themes if not theme.hidden]
        if found.not_yet_analysed:
            yield Finding(
                Kind.NOT_YET_ANALYSED, count=found.not_yet_analysed, question=question.key
            )
        if unnamed := sum(theme.label_by == "machine" for theme in themes):
            yield Finding(Kind.UNNAMED, count=unnamed, question=question.key)
        statements = sum(theme.statements for theme in themes)
        reviewed = sum(theme.reviewed for theme in themes)
        if reviewed < statements:
            yield Finding(
                Kind.UNREVIEWED,
                count=statements - reviewed,
                share=1 - reviewed / statements,
                question=question.key,
            )
        if themes and not any(each.stands for each in quotes.approved(session, study)):
            yield Finding(Kind.NO_QUOTES, question=question.key)


def _of_words(session: Session, stored: Consultation, document: Document) -> Iterator[Finding]:
    layout = layouts.layout_of(session, stored, document)
    asked = any(question.part is Part.MONITORING for question in document.questions)
    unwritten = [each for each in CHARACTERISTICS if each not in layout.considered]
    if asked and unwritten and "equality" in layout.sections:
        yield Finding(Kind.CONSIDERED, count=len(unwritten))


def _of_languages(session: Session, stored: Consultation, document: Document) -> Iterator[Finding]:
    for language in document.languages:
        groups = languages.groups(session, stored, document, language)
        for kind, count in (
            (Kind.TEXTS_MISSING, sum(g.missing for g in groups if g.kind != languages.QUOTES)),
            (Kind.QUOTES_MISSING, sum(g.missing for g in groups if g.kind == languages.QUOTES)),
            (Kind.STALE, sum(group.stale for group in groups)),
            (Kind.BY_MACHINE, sum(group.by_machine for group in groups)),
        ):
            if count:
                yield Finding(kind, count=count, language=language)
