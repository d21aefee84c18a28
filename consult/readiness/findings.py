"""What a check finds: what it is, how much it matters, and where."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

Value = str | int | date | datetime | tuple[str, ...]
"""A figure or a name that the words of a finding need."""


class Severity(StrEnum):
    """How much a finding matters."""

    BLOCKS = "blocks"
    """Has to be settled before the consultation opens."""
    WARNS = "warns"
    """Is likely to be wrong."""
    ASKS = "asks"
    """May be right: a person decides."""


class Code(StrEnum):
    """What a check has found."""

    # What is written, and whether it fits together
    MISSING = "missing"
    UNFIT = "unfit"
    CONTRADICTS = "contradicts"

    # How it is worded
    ACRONYM = "acronym"
    ACRONYM_LATE = "acronym_late"
    PLACEHOLDER = "placeholder"
    READING_AGE = "reading_age"
    LONG_SENTENCES = "long_sentences"
    LONG_QUESTION = "long_question"
    LEADING_QUESTION = "leading_question"
    TWO_QUESTIONS = "two_questions"

    # Translations
    ESSENTIALS_UNTRANSLATED = "essentials_untranslated"
    UNTRANSLATED = "untranslated"
    STALE = "stale"
    UNAPPROVED = "unapproved"
    TRANSLATION_WARNINGS = "translation_warnings"

    # The law
    ARTICLE_6_UNNAMED = "article_6_unnamed"
    ARTICLE_9_UNNAMED = "article_9_unnamed"
    SPECIAL_UNMARKED = "special_unmarked"
    DELETES_LATE = "deletes_late"
    DELETES_SOON = "deletes_soon"
    DELETES_IN_PAST = "deletes_in_past"
    AGE_ASSUMED = "age_assumed"
    AGE_OF_CHILDREN = "age_of_children"
    AGE_LEAVES_OUT = "age_leaves_out"
    AGE_NEVER_CHOSEN = "age_never_chosen"

    # Ways to reach the council and to take part
    NO_PHONE = "no_phone"
    NO_EMAIL = "no_email"
    NO_PAPER = "no_paper"
    NO_LARGE_PRINT = "no_large_print"
    NO_SIGN_LANGUAGE = "no_sign_language"
    EXAMPLE_ADDRESS = "example_address"

    # Who is compared with whom
    NO_POPULATION = "no_population"
    NO_RESIDENTS = "no_residents"
    DIMENSION_NOT_COUNTED = "dimension_not_counted"
    DIMENSION_NOT_ASKED = "dimension_not_asked"
    OPTION_NOT_COUNTED = "option_not_counted"
    CATEGORY_NOT_ASKED = "category_not_asked"
    BASE_DIFFERS = "base_differs"
    COUNTS_EMPTY = "counts_empty"
    COUNTS_UNREADABLE = "counts_unreadable"
    COUNTS_IN_FUTURE = "counts_in_future"
    COUNTS_OLD = "counts_old"

    # When
    OPENING_PASSED = "opening_passed"
    CLOSING_PASSED = "closing_passed"
    SHORT = "short"
    TOO_SHORT = "too_short"
    CLOSES_ON_WEEKEND = "closes_on_weekend"
    CHRISTMAS = "christmas"
    RAMADAN = "ramadan"
    USUAL_ELECTION_DAY = "usual_election_day"
    REOPENS = "reopens"
    CLOSES_EARLIER = "closes_earlier"
    LANGUAGE_REMOVED = "language_removed"

    # The way through the questions
    UNREACHABLE = "unreachable"
    REQUIRED_WITHOUT_WAY_OUT = "required_without_way_out"
    REQUIRED_WORDS = "required_words"
    REQUIRED_PERSONAL = "required_personal"

    # What a person has to answer for
    UNANSWERED = "unanswered"
    ANSWER_OUTDATED = "answer_outdated"
    NOT_PREVIEWED = "not_previewed"
    NOT_SIGNED_OFF = "not_signed_off"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, to look at, or to think about."""

    code: Code
    severity: Severity
    path: str = ""
    """Where, as texts are named (``sections.food.full``); empty for the whole."""
    values: Mapping[str, Value] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """One of the values, as a number to choose a plural by."""
        value = self.values[name]
        return value if isinstance(value, int) else 0


def blocks(code: Code, path: str, **values: Value) -> Finding:
    """Something that has to be settled before the consultation opens."""
    return Finding(code, Severity.BLOCKS, path, values)


def warns(code: Code, path: str, **values: Value) -> Finding:
    """Something that is likely to be wrong."""
    return Finding(code, Severity.WARNS, path, values)


def asks(code: Code, path: str, **values: Value) -> Finding:
    """Something that a person has to judge."""
    return Finding(code, Severity.ASKS, path, values)


def blocking(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that have to be settled before opening."""
    return tuple(finding for finding in findings if finding.severity is Severity.BLOCKS)
