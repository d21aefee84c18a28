"""Statements that a named person lets stand for a theme in public, word for word."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.disclosure import Published, publish
from analysis.suppression.quotes import PublishedQuote, publish_quote
from analysis.text.personal import find_personal_data
from consult.models import Answer, Quote, Response, Study, StudyAnswer, StudyKey, StudyUnit
from consult.services import audit
from consult.services.counted import counted
from consult.services.reading.redacted import MARKER, redacted_unit, redactions_of, words_of
from consult.services.reporting import kept
from consult.services.themes import studies


class NoSuchStatement(LookupError):
    """There is no such statement in the study any more."""


class NotOfTheme(ValueError):
    """The statement does not stand in that theme: it was moved, or the theme was split."""


class NotCounted(ValueError):
    """The response that the statement comes from does not count, so it can stand for nothing."""


class NothingLeft(ValueError):
    """All words of the statement are hidden."""


class PersonalDataLeft(ValueError):
    """The machine finds personal data that nobody has hidden or cleared."""


class TextChanged(Exception):
    """The statement is not any more as somebody saw it: words were hidden or shown meanwhile."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Words that the machine takes for personal data."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A statement as it would be published for a theme."""

    unit: StudyUnit
    question_key: str
    theme: str
    label: str
    text: str
    """Without what is hidden."""
    language: str
    findings: Sequence[Finding]
    like_them: Published
    """How many people raised the theme in that language, as the public would be told."""
    approved: Quote | None

    @property
    def state(self) -> str:
        """Stands for the words as they are now."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    def judged(self, cleared: Collection[str]) -> PublishedQuote:
        """What the public would see, if those findings are no personal data."""
        return judged(self.text, self.language, self.like_them, cleared)


@dataclass(frozen=True, slots=True)
class ApprovedQuote:
    """A quote in a list, with what the public would see of it now."""

    quote: Quote
    question_key: str
    theme: str
    """In which it is now, where its own was merged."""
    label: str
    is_split: bool
    """The theme is not there any more: it was split after the quote was approved."""
    is_counted: bool
    is_there: bool
    """The statement stands in the theme still: nobody has moved it elsewhere since."""
    published: PublishedQuote

    @property
    def stands(self) -> bool:
        """Whether it can stand for its theme, as far as that does not hang on its words."""
        return self.is_counted and self.is_there and not self.is_split


def candidate(session: Session, study: Study, unit_id: UUID, theme: str) -> Candidate:
    """A statement as it would be published for a theme.

    Raises
    ------
    NoSuchStatement, NotOfTheme, NotCounted
        If it cannot stand for the theme.
    """
    unit = session.get(StudyUnit, unit_id)
    if unit is None or unit.study_id != study.id:
        raise NoSuchStatement
    state = studies.standing(session, study).state
    current = state.follow(theme)
    key = session.get_one(StudyKey, (study.id, unit.key))
    if current not in state.themes or current in state.groups or key.theme != current:
        raise NotOfTheme
    if not _counts(session, unit.response_id):
        raise NotCounted
    answer = session.get_one(Answer, unit.answer_id)
    hidden = redactions_of(session, [answer.id]).get(answer.id, [])
    text = redacted_unit(unit.text, words_of(answer.value), hidden)
    language = session.get_one(StudyAnswer, unit.answer_id).language
    return Candidate(
        unit=unit,
        question_key=study.question_key,
        theme=current,
        label=state.themes[current].label,
        text=text,
        language=language,
        findings=[
            Finding(text[found.start : found.end], found.kind) for found in find_personal_data(text)
        ],
        like_them=publish(people_who_raised(session, study, current, language)),
        approved=_quote(session, unit_id, current),
    )


def approve(
    session: Session,
    study: Study,
    unit_id: UUID,
    theme: str,
    *,
    state: str,
    cleared: Collection[str],
    actor: str,
    now: datetime,
) -> Quote:
    """Let a statement stand for a theme in public. Approved again, the last approval holds.

    Parameters
    ----------
    state : str
        Stands for the words as the person saw them.
    cleared : collection of str
        Findings of the machine that the person knows to be no personal data.

    Raises
    ------
    NoSuchStatement, NotOfTheme, NotCounted, TextChanged, NothingLeft, PersonalDataLeft
        If it cannot stand for the theme as it is.
    """
    found = session.get(StudyUnit, unit_id)
    if found is not None:  # nobody hides words of it until this is decided
        session.get(Answer, found.answer_id, with_for_update=True, populate_existing=True)
    wanted = candidate(session, study, unit_id, theme)
    if wanted.state != state:
        raise TextChanged
    if not any(sign.isalnum() for sign in wanted.text.replace(MARKER, "")):
        raise NothingLeft
    if wanted.judged(cleared).text is None:
        raise PersonalDataLeft
    quote = wanted.approved or _made(session, study, wanted, actor, now)
    quote.text = wanted.text
    quote.language = wanted.language
    quote.cleared = [each.text for each in wanted.findings if each.text in cleared]
    quote.approved_by, quote.approved_at = actor, now
    _record(session, study, quote, "quote approved", actor, now)
    return quote


def withdraw(session: Session, study: Study, quote_id: UUID, *, actor: str, now: datetime) -> bool:
    """Take an approval back; whether it was still there."""
    quote = session.get(Quote, quote_id)
    if quote is None or quote.study_id != study.id:
        return False
    session.delete(quote)
    kept.drop(session, study.consultation_id)
    _record(session, study, quote, "quote withdrawn", actor, now)
    return True


def approved(session: Session, study: Study) -> list[ApprovedQuote]:
    """A question's approved quotes, by theme in the order of the themes."""
    state = studies.standing(session, study).state
    order = {name: place for place, name in enumerate(state.themes)}
    rows = session.execute(
        select(Quote, counted(), StudyKey.theme)
        .join(Response, Response.id == Quote.response_id)
        .outerjoin(StudyUnit, StudyUnit.id == Quote.unit_id)
        .outerjoin(
            StudyKey,
            (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
        )
        .where(Quote.study_id == study.id)
        .order_by(Quote.approved_at, Quote.id)
    )
    like_them: dict[tuple[str, str], Published] = {}
    found: list[ApprovedQuote] = []
    for quote, is_counted, stands_in in rows:
        theme = state.follow(quote.theme)
        group = (theme, quote.language)
        if group not in like_them:
            like_them[group] = publish(people_who_raised(session, study, *group))
        found.append(
            ApprovedQuote(
                quote=quote,
                question_key=study.question_key,
                theme=theme,
                label=state.themes[theme].label if theme in state.themes else "",
                is_split=theme not in state.themes or theme in state.groups,
                is_counted=bool(is_counted),
                is_there=stands_in == theme,
                published=judged(quote.text, quote.language, like_them[group], quote.cleared),
            )
        )
    return sorted(found, key=lambda each: order.get(each.theme, len(order)))


def judged(
    text: str, language: str, like_them: Published, cleared: Collection[str]
) -> PublishedQuote:
    """What the public would see of an approved quote: beside it stands its language alone."""
    harmless = [
        found for found in find_personal_data(text) if text[found.start : found.end] in cleared
    ]
    return publish_quote(
        text,
        approved=True,
        attributes={"language": language},
        people_like_them=like_them,
        cleared=harmless,
    )


def people_who_raised(session: Session, study: Study, theme: str, language: str) -> int:
    """How many responses that count raise a theme in a language."""
    rows = (
        select(func.count(func.distinct(StudyUnit.response_id)))
        .join(
            StudyKey,
            (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
        )
        .join(StudyAnswer, StudyAnswer.answer_id == StudyUnit.answer_id)
        .join(Response, Response.id == StudyUnit.response_id)
        .where(
            StudyUnit.study_id == study.id,
            StudyKey.theme == theme,
            StudyAnswer.language == language,
            counted(),
        )
    )
    return session.scalar(rows) or 0


def _made(session: Session, study: Study, wanted: Candidate, actor: str, now: datetime) -> Quote:
    """A new row for a quote; the other's where two people approve the same at once."""
    quote = Quote(
        study_id=study.id,
        theme=wanted.theme,
        unit_id=wanted.unit.id,
        response_id=wanted.unit.response_id,
        text=wanted.text,
        cleared=[],
        language=wanted.language,
        approved_by=actor,
        approved_at=now,
    )
    try:
        with session.begin_nested():
            session.add(quote)
    except IntegrityError:
        there = _quote(session, wanted.unit.id, wanted.theme)
        if there is None:
            raise
        return there
    return quote


def _quote(session: Session, unit_id: UUID, theme: str) -> Quote | None:
    return session.scalar(select(Quote).where(Quote.unit_id == unit_id, Quote.theme == theme))


def _counts(session: Session, response_id: UUID) -> bool:
    rows: Iterable[bool] = session.scalars(select(counted()).where(Response.id == response_id))
    return any(rows)


def _record(
    session: Session, study: Study, quote: Quote, action: str, actor: str, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"response {quote.response_id}",
        now=now,
        question=study.question_key,
        theme=quote.theme,
    )
