"""What the columns of a file may be: a proposal, for a person to look at and put right."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Final
from zoneinfo import ZoneInfo

from consult.document.model import TEXT_KINDS, Question, QuestionKind
from consult.document.model import Consultation as Document
from consult.response_files.platforms import (
    CHANNELS,
    IDS,
    LANGUAGES,
    STARTS,
    SUBMISSIONS,
    Platform,
    plain,
)
from consult.response_files.survey import Column, Survey
from consult.services.intake.mapping import (
    NOT_ANSWERED,
    OWN_WORDS,
    ColumnUse,
    Mapping,
    Use,
    folded,
)
from consult.services.intake.matching import (
    NOT_CHOSEN,
    Words,
    channel_of,
    language_of,
    option_words,
    simplified,
)
from consult.services.intake.turning import pieces_of

CONTACTS: Final = frozenset(
    {"email", "emailaddress", "name", "fullname", "firstname", "lastname", "surname", "forename",
     "yourname", "youremail", "youremailaddress", "phone", "phonenumber", "telephone", "mobile",
     "telephonenumber", "address", "homeaddress", "ipaddress", "ipaddr", "ip", "token",
     "whatisyourname", "whatisyouremail", "whatisyouremailaddress", "username", "signature",
     "whatisyourfullname", "contactdetails", "trackinglink"}
)  # fmt: skip
NEVER_ASKED: Final = frozenset(
    {"lastpage", "refurl", "seed", "interviewtime", "datestamp", "datelastaction",
     "lastmodifiedtime", "totaltime", "rowindex", "index", "useragent", "totalpoints", "tags",
     "quizfeedback", "status", "analystnotes", "device"}
)  # fmt: skip
"""What platforms add that is nobody's answer."""

_LOOSE_IDS = frozenset({"id", "reference"})
"""Headings that stand over other things, too."""

_LIKENESS = 0.82
_MOSTLY = 0.8


def guess(
    document: Document,
    survey: Survey,
    *,
    fixed: Words,
    now: datetime,
    remembered: Mapping | None = None,
) -> Mapping:
    """What each column may be: as last time for files of the same headings, else by what is in it.

    Parameters
    ----------
    fixed
        The product's own words for fixed answers in every language, by key.
    """
    if remembered is not None:
        return with_values(remembered, document, survey, fixed=fixed)
    columns: list[ColumnUse] = []
    answered: set[tuple[str, str]] = set()
    used: set[Use] = set()
    for column in survey.columns:
        found = _by_heading(column, survey, used) or _by_question(column, document, fixed, answered)
        found = found or _by_values(column, document, fixed, answered)
        columns.append(found)
        used.add(found.use)
        answered.add((found.question, found.option))
    mapping = Mapping(
        columns=tuple(columns),
        language=document.source_language,
        received_on=likely_day(document, now),
        day_first=_day_first(survey),
    )
    return with_values(mapping, document, survey, fixed=fixed)


def with_values(mapping: Mapping, document: Document, survey: Survey, *, fixed: Words) -> Mapping:
    """The mapping, with options guessed for all values that nobody has said anything of."""
    by_position = {column.position: column for column in survey.columns}
    return replace(
        mapping,
        columns=tuple(
            _with_values(each, by_position[each.position], document, fixed)
            for each in mapping.columns
            if each.position in by_position
        ),
    )


def values_of(column: Column, question: Question) -> dict[str, int]:
    """What stands in a column's cells, piece by piece, and how often; as first written."""
    found: dict[str, int] = {}
    first: dict[str, str] = {}
    for text, count in (column.values or {}).items():
        for piece in pieces_of(question.kind, text):
            written = first.setdefault(folded(piece), piece)
            found[written] = found.get(written, 0) + count
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def takes_values(each: ColumnUse, question: Question | None) -> bool:
    """Whether what stands in a column has to be led to options."""
    return (
        each.use is Use.QUESTION
        and not each.option
        and question is not None
        and question.kind not in {*TEXT_KINDS, QuestionKind.NUMBER}
    )


def may_be_answer(column: Column) -> bool:
    """Whether a column that no question asks for could hold answers all the same."""
    name = plain(column.heading)
    return name not in IDS | STARTS | SUBMISSIONS | LANGUAGES | NEVER_ASKED | CONTACTS


def _with_values(each: ColumnUse, column: Column, document: Document, fixed: Words) -> ColumnUse:
    question = document.question(each.question)
    if question is None or not takes_values(each, question):
        return replace(each, values={})
    words = option_words(question, document, fixed)
    values = {}
    for text in values_of(column, question):
        key = folded(text)
        if key in each.values and _is_known(each.values[key], question, words.values()):
            values[key] = each.values[key]
        elif (option := words.get(simplified(text))) is not None:
            values[key] = option
    kept = {
        key: option
        for key, option in each.values.items()
        if key not in values and _is_known(option, question, words.values())
    }
    return replace(each, values={**kept, **values})


def _is_known(option: str, question: Question, keys: Iterable[str]) -> bool:
    if option == OWN_WORDS:
        return any(each.other for each in question.options)
    return option == NOT_ANSWERED or option in set(keys)


def _by_heading(column: Column, survey: Survey, used: set[Use]) -> ColumnUse | None:
    """What a platform's own columns are."""
    name = plain(column.heading)
    wanted = {
        Use.RESPONSE_ID: name in IDS and (column.is_unique or name not in _LOOSE_IDS),
        Use.STARTED: name in STARTS,
        Use.SUBMITTED: name in SUBMISSIONS,
        Use.LANGUAGE: name in LANGUAGES,
    }
    for use, fits in wanted.items():
        if fits and use not in used:
            return ColumnUse(column.position, use)
    if name in CHANNELS and Use.CHANNEL not in used and _mostly(column, _names_channel):
        return ColumnUse(column.position, Use.CHANNEL)
    if name in CONTACTS or column.emails * 2 > max(1, column.filled):
        return ColumnUse(column.position, Use.CONTACT)
    is_of_platform = name in IDS | SUBMISSIONS | STARTS | NEVER_ASKED
    is_timing = survey.platform is Platform.LIMESURVEY and name.startswith(
        ("grouptime", "question")
    )
    if is_of_platform or (is_timing and "time" in name):
        return ColumnUse(column.position)
    return None


def _names_channel(text: str) -> bool:
    return channel_of(text) is not None


def _mostly(column: Column, fits: Callable[[str], bool]) -> bool:
    if column.values is None:
        return False
    matching = sum(count for text, count in column.values.items() if fits(text))
    return matching >= _MOSTLY * max(1, column.filled)


def _by_question(
    column: Column, document: Document, fixed: Words, answered: set[tuple[str, str]]
) -> ColumnUse | None:
    """The question whose words stand over the column, in whichever language."""
    best: tuple[float, ColumnUse] | None = None
    for question in document.questions:
        likeness = max(
            _likeness(column, words) for words in (question.key, *_asked(question, document))
        )
        if likeness < _LIKENESS or (best is not None and likeness <= best[0]):
            continue
        option = option_of(column, question, document, fixed)
        if (question.key, option) in answered and question.kind not in TEXT_KINDS:
            continue
        best = likeness, ColumnUse(column.position, Use.QUESTION, question.key, option)
    return None if best is None else best[1]


def _asked(question: Question, document: Document) -> Iterable[str]:
    yield question.label
    for texts in document.translations.values():
        if (label := texts.get(f"questions.{question.key}.label")) is not None:
            yield label


def _likeness(column: Column, words: str) -> float:
    wanted = simplified(words)
    found = 0.0
    for text in (column.heading, column.words):
        given = simplified(text)
        if not given:
            continue
        if given == wanted or (len(wanted) > 20 and wanted in given):
            return 1.0
        matcher = SequenceMatcher(None, given, wanted, autojunk=False)
        if matcher.real_quick_ratio() > _LIKENESS and matcher.quick_ratio() > _LIKENESS:
            found = max(found, matcher.ratio())
    return found


def option_of(column: Column, question: Question, document: Document, fixed: Words) -> str:
    """The option that a column of a question of several columns stands for."""
    if question.kind is not QuestionKind.SEVERAL_CHOICES or not column.part:
        return ""
    part = simplified(column.part)
    found = option_words(question, document, fixed).get(part)
    if found is None and part.startswith("other"):
        found = next((option.key for option in question.options if option.other), None)
    return found or ""


def _by_values(
    column: Column, document: Document, fixed: Words, answered: set[tuple[str, str]]
) -> ColumnUse:
    """The only question that has all of the column's values among its answers, if one has."""
    texts = [text for text in column.values or () if folded(text) not in NOT_CHOSEN]
    if len(texts) >= 2:
        fitting = [
            question.key
            for question in document.questions
            if question.kind not in {*TEXT_KINDS, QuestionKind.NUMBER}
            and (question.key, "") not in answered
            and _all_known(texts, question, document, fixed)
        ]
        if len(fitting) == 1:
            return ColumnUse(column.position, Use.QUESTION, fitting[0])
    if texts and all(language_of(text, document.languages) for text in texts):
        return ColumnUse(column.position, Use.LANGUAGE)
    return ColumnUse(column.position)


def _all_known(texts: list[str], question: Question, document: Document, fixed: Words) -> bool:
    words = option_words(question, document, fixed)
    return all(
        simplified(piece) in words for text in texts for piece in pieces_of(question.kind, text)
    )


def _day_first(survey: Survey) -> bool:
    """Whether days stand before months: as the dates themselves tell, else as in Britain."""
    days = sum(column.day_first for column in survey.columns)
    months = sum(column.month_first for column in survey.columns)
    return months <= days


def likely_day(document: Document, now: datetime) -> date:
    """Today, or the last day on which answers were taken."""
    zone = ZoneInfo(document.timezone)
    return min(now.astimezone(zone).date(), document.closes.astimezone(zone).date())
