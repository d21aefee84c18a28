"""People's own words in a report: which quotes stand for its themes, and their words today.

A version names its quotes and does not hold their words. They are looked up whenever a file or a
page is made of it, so that what was withdrawn, excluded or hidden since is gone from all versions
at once.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclosure import Published, publish
from analysis.suppression.quotes import PublishedQuote
from analysis.text.normalise import comparison_key
from consult.models import (
    Answer,
    Consultation,
    Quote,
    QuoteTranslation,
    Redaction,
    Response,
    Study,
    StudyKey,
    StudyUnit,
)
from consult.reports.data import Audience, QuoteRef, ReportData, Talk, Texts, Theme
from consult.services.counted import counted
from consult.services.reading import quotes
from consult.services.reading.redacted import (
    redacted_unit,
    redactions_of,
    translations_of,
    words_of,
)
from consult.services.themes import studies

PERSON: Final = "person"
MACHINE: Final = "machine"

_AT_ONCE = 500
"""Ids in one question to the database."""


def chosen(
    session: Session, study: Study, themes: Collection[str], audience: Audience
) -> dict[str, tuple[QuoteRef, ...]]:
    """The quotes that may stand for each theme, in the order in which they were approved."""
    found: dict[str, tuple[QuoteRef, ...]] = {}
    for each in quotes.approved(session, study):
        if each.theme not in themes or not each.stands:
            continue
        if audience is Audience.PUBLIC and not _is_public(each.published):
            continue
        ref = QuoteRef(id=str(each.quote.id), language=each.quote.language)
        found[each.theme] = (*found.get(each.theme, ()), ref)
    return found


def fill(session: Session, data: ReportData) -> ReportData:
    """Put the words of its quotes, and their translations, into a report.

    Quotes that may not be shown any more are left out: not approved, of a response that does not
    count, of a statement that stands in another theme by now, with words that were hidden since;
    and for the public those of which fewer people than the threshold raised the theme in that
    language, and those with personal data. A translation stands beside a quote on the same terms.
    """
    ids = [UUID(quote.id) for talk in data.talk for theme in talk.themes for quote in theme.quotes]
    if not ids:
        return data
    wanted = _found(session, data, ids)
    talk = tuple(_filled(each, wanted) for each in data.talk)
    return data.model_copy(update={"talk": talk})


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A quote that may be shown, with its answer."""

    quote: Quote
    unit: StudyUnit
    answer: Answer
    redactions: tuple[Redaction, ...]
    like_them: Published


@dataclass(frozen=True, slots=True)
class _Told:
    """The words of a quote in another language."""

    text: str
    origin: Literal["person", "machine"]


def _filled(talk: Talk, found: Mapping[str, QuoteRef]) -> Talk:
    themes: list[Theme] = []
    for theme in talk.themes:
        shown = tuple(found[quote.id] for quote in theme.quotes if quote.id in found)
        themes.append(theme.model_copy(update={"quotes": shown}))
    return talk.model_copy(update={"themes": tuple(themes)})


def _found(session: Session, data: ReportData, ids: Collection[UUID]) -> dict[str, QuoteRef]:
    is_public = data.audience is Audience.PUBLIC
    spoken = [
        each
        for each in _spoken(session, data.consultation.slug, ids)
        if not is_public
        or _is_public(
            quotes.judged(each.quote.text, each.quote.language, each.like_them, each.quote.cleared)
        )
    ]
    told = _translations(session, spoken, data.consultation.languages, is_public=is_public)
    return {str(each.quote.id): _ref(each.quote, told.get(each.quote.id, {})) for each in spoken}


def _ref(quote: Quote, told: Mapping[str, _Told]) -> QuoteRef:
    text: Texts = {quote.language: quote.text}
    text |= {language: each.text for language, each in told.items() if language != quote.language}
    # One mark for all of them: where a machine had a hand in one, the reader is warned.
    origins = {each.origin for language, each in told.items() if language != quote.language}
    translated_by: Literal["person", "machine"] | None = None
    if origins:
        translated_by = MACHINE if MACHINE in origins else PERSON
    return QuoteRef(
        id=str(quote.id), language=quote.language, text=text, translated_by=translated_by
    )


def _spoken(session: Session, slug: str, ids: Collection[UUID]) -> Iterator[_Spoken]:
    """Those that are still approved, counted, in their theme, and as they were approved."""
    like_them: dict[tuple[UUID, str, str], Published] = {}
    for some in _chunks(list(ids)):
        rows = session.execute(
            select(Quote, StudyUnit, Answer, Study, StudyKey.theme.label("stands_in"))
            .join(StudyUnit, StudyUnit.id == Quote.unit_id)
            .join(
                StudyKey,
                (StudyKey.study_id == StudyUnit.study_id) & (StudyKey.key == StudyUnit.key),
            )
            .join(Answer, Answer.id == StudyUnit.answer_id)
            .join(Response, Response.id == Quote.response_id)
            .join(Study, Study.id == Quote.study_id)
            .join(Consultation, Consultation.id == Study.consultation_id)
            .where(Quote.id.in_(some), Consultation.slug == slug, counted())
            .execution_options(populate_existing=True)
        ).all()
        redactions = redactions_of(session, {row.Answer.id for row in rows})
        for quote, unit, answer, study, stands_in in rows:
            hidden = redactions.get(answer.id, [])
            if redacted_unit(unit.text, words_of(answer.value), hidden) != quote.text:
                continue
            theme = studies.standing(session, study).state.follow(quote.theme)
            if stands_in != theme:
                continue
            group = (study.id, theme, quote.language)
            if group not in like_them:
                like_them[group] = publish(
                    quotes.people_who_raised(session, study, theme, quote.language)
                )
            yield _Spoken(quote, unit, answer, tuple(hidden), like_them[group])


def _translations(
    session: Session, spoken: Collection[_Spoken], languages: Collection[str], *, is_public: bool
) -> dict[UUID, dict[str, _Told]]:
    """By quote and language: of the quote itself, else of an answer that is all quote."""
    own = _own_translations(session, spoken)
    found: dict[UUID, dict[str, _Told]] = {each.quote.id: {} for each in spoken}
    whole = [each for each in spoken if _is_whole_answer(each)]
    for language in languages:
        of_answers = translations_of(session, {each.answer.id for each in whole}, language)
        for each in spoken:
            told = own.get((each.quote.id, language))
            rows = of_answers.get(each.answer.id, []) if each in whole else []
            if told is None and rows:
                told = _Told(rows[0].text, PERSON if rows[0].origin == PERSON else MACHINE)
            if told is None or (is_public and not _may_be_public(each, told)):
                continue
            found[each.quote.id][language] = told
    return found


def _own_translations(
    session: Session, spoken: Collection[_Spoken]
) -> dict[tuple[UUID, str], _Told]:
    """Without those from before words of the answer were hidden: they may still hold them."""
    hidden = {each.quote.id: each.redactions for each in spoken}
    found: dict[tuple[UUID, str], _Told] = {}
    for some in _chunks(list(hidden)):
        rows = session.scalars(
            select(QuoteTranslation)
            .where(QuoteTranslation.quote_id.in_(some))
            .execution_options(populate_existing=True)
        )
        for row in rows:
            if any(row.written_at <= each.made_at for each in hidden[row.quote_id]):
                continue
            origin: Literal["person", "machine"] = PERSON if row.origin == PERSON else MACHINE
            found[row.quote_id, row.language] = _Told(row.text, origin)
    return found


def _is_whole_answer(spoken: _Spoken) -> bool:
    """Whether a translation of the answer is one of the quote, no more and no less."""
    return comparison_key(spoken.unit.text) == comparison_key(words_of(spoken.answer.value))


def _may_be_public(spoken: _Spoken, told: _Told) -> bool:
    """Whether the public may read a translation: on the same terms as the quote."""
    quote = spoken.quote
    return _is_public(quotes.judged(told.text, quote.language, spoken.like_them, quote.cleared))


def _is_public(published: PublishedQuote) -> bool:
    """Whether the public sees it, and beside it the language, without which it cannot be read."""
    return published.text is not None and published.attribute is not None


def _chunks(ids: list[UUID]) -> Iterator[list[UUID]]:
    for at in range(0, len(ids), _AT_ONCE):
        yield ids[at : at + _AT_ONCE]
