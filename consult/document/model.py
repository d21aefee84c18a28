"""The shape of a consultation: sections, questions, rules and legal facts.

Text is written once in the source language; translations stand apart, keyed by the path
of the text they translate (:mod:`consult.document.texts`), so that a translator can work
on one language without touching the structure.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

FORMAT: Final = "consult/1"


class Misfit(ValueError):
    """A rule that is broken, where, and how to mend it.

    Parameters
    ----------
    reason
        What is wrong, as the beginning of a sentence without a full stop.
    place
        Where in the part that is validated: field names and list positions.
    mend
        What to do about it, likewise.
    """

    def __init__(self, reason: str, *place: str | int, mend: str) -> None:
        super().__init__(f"{reason}; {mend}")
        self.reason = reason
        self.place = place
        self.mend = mend


class Translatable:
    """Marks a string that residents read, and that is therefore translated."""


Text = Annotated[str, Field(min_length=1, max_length=20_000), Translatable()]
"""Plain text in the source language."""

Markdown = Annotated[str, Field(min_length=1, max_length=200_000), Translatable()]
"""Text in the source language with headings, lists, links and emphasis."""

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A lasting name: small letters, digits and underscores, starting with a letter."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
"""A consultation's name in addresses."""

LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20)]

_NUMBER = re.compile(r"\s*[-+]?[0-9.]+\s*")
_DAY_ONLY = re.compile(r"\s*\d+-\d+-\d+\s*")


def _no_number(value: object) -> object:
    # pydantic reads 20260331 as seconds since 1970.
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise Misfit(f"{value} is not a date", mend="write it with hyphens, such as 2026-03-31")
    return value


def _with_time(value: object) -> object:
    # A consultation that closes "on the 31st" would close as that day begins.
    if (isinstance(value, str) and _DAY_ONLY.fullmatch(value)) or type(value) is date:
        raise Misfit(f"{value} has no time of day", mend=f"write it such as {value}T23:59")
    return value


def _near_year(value: datetime) -> datetime:
    # Times near the ends of the calendar overflow when time zones or minutes are added.
    if not 2000 <= value.year < 2200:
        raise Misfit(f"{value.year} is not a likely year", mend="write a year from 2000 to 2199")
    return value


Day = Annotated[date, BeforeValidator(_no_number)]
"""A date that is written out, not a number."""

Moment = Annotated[
    datetime,
    BeforeValidator(_with_time),
    BeforeValidator(_no_number),
    AfterValidator(_near_year),
]
"""A date and time that are written out; local time where no offset is given."""


class QuestionKind(StrEnum):
    """How a question is answered."""

    AGREE_SCALE = "agree_scale"
    SINGLE_CHOICE = "single_choice"
    SEVERAL_CHOICES = "several_choices"
    RANKING = "ranking"
    NUMBER = "number"
    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    WARD = "ward"


class Part(StrEnum):
    """Where in the resident's way a question stands."""

    WHO = "who"
    DRAFT = "draft"
    MONITORING = "monitoring"


class Sensitivity(StrEnum):
    """How much harm an answer could do if it were seen by the wrong person."""

    NONE = "none"
    PERSONAL = "personal"
    SPECIAL = "special"
    """Special category data of Article 9 UK GDPR."""


class DeletionMode(StrEnum):
    """What happens to the answers on the deletion date."""

    DELETE = "delete"
    ANONYMISE = "anonymise"


AGREE_SCALE = (
    "strongly_agree",
    "agree",
    "neither",
    "disagree",
    "strongly_disagree",
    "dont_know",
)
"""The fixed answers of an ``agree_scale`` question; the product words and translates them."""

PREFER_NOT_TO_SAY = "prefer_not_to_say"
"""The option that every monitoring question offers; the product words and translates it."""

OUTSIDE_AREA = "outside_area"
"""The answer "I do not live in any of these" of a ``ward`` question; worded by the product."""

CHOICE_KINDS = frozenset(
    {QuestionKind.SINGLE_CHOICE, QuestionKind.SEVERAL_CHOICES, QuestionKind.RANKING}
)
TEXT_KINDS = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT})
_KINDS_OF_FIELD = {
    "choose_at_most": frozenset({QuestionKind.SEVERAL_CHOICES}),
    "rank_at_most": frozenset({QuestionKind.RANKING}),
    "minimum": frozenset({QuestionKind.NUMBER}),
    "maximum": frozenset({QuestionKind.NUMBER}),
    "unit": frozenset({QuestionKind.NUMBER}),
    "max_length": TEXT_KINDS,
}


UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
"""Control characters, which YAML, PostgreSQL and browsers do not all take unharmed."""


class Strict(BaseModel):
    """A frozen part of a consultation that knows all of its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*")
    @classmethod
    def _no_control_characters(cls, value: object) -> object:
        for place, text in _strings_in(value):
            if found := UNPRINTABLE.search(text):
                raise Misfit(
                    f"it holds a character that cannot be seen (U+{ord(found.group()):04X})",
                    *place,
                    mend="remove it; it often comes with text that was pasted",
                )
        return value


class Option(Strict):
    """One answer to choose."""

    key: Key
    label: Text
    hint: Text | None = None
    other: bool = False
    """Whether choosing it opens a field "please say"."""
    exclusive: bool = False
    """Whether it excludes all others, such as "none of these"."""
    category: str | None = Field(default=None, max_length=120)
    """The reference population's category; the option's key where nothing is given."""


class Condition(Strict):
    """One requirement on an earlier answer."""

    question: Key
    any_of: tuple[str, ...] = ()
    """Met if at least one of these options was chosen."""
    none_of: tuple[str, ...] = ()
    """Met if none of these options was chosen (no answer counts as none)."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.any_of) == bool(self.none_of):
            raise Misfit(
                "it says nothing, or two things at once",
                mend="give either any_of or none_of, with at least one option",
            )
        return self


class Question(Strict):
    """One question, as it is asked now."""

    key: Key
    part: Part
    kind: QuestionKind
    label: Text
    help: Text | None = None
    section: Key | None = None
    """The section of the draft that the question is about."""
    required: bool = False
    sensitivity: Sensitivity = Sensitivity.NONE
    options: tuple[Option, ...] = ()
    choose_at_most: int | None = Field(default=None, ge=1)
    """The largest number of options of a ``several_choices`` question."""
    rank_at_most: int | None = Field(default=None, ge=1)
    """How many places a ``ranking`` question asks for; all where nothing is given."""
    minimum: int | None = None
    maximum: int | None = None
    unit: Text | None = None
    """What a ``number`` counts, such as "years"."""
    max_length: int | None = Field(default=None, ge=1, le=20_000)
    """The longest text, in characters as a person counts them."""
    show_if: tuple[Condition, ...] = ()
    """All must be met for the question to be asked."""
    dimension: Key | None = None
    """The dimension of the reference population that the answers are compared with."""
    version: int = Field(default=1, ge=1)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if self.kind in CHOICE_KINDS and len(self.options) < 2:
            raise Misfit(
                f"a {self.kind} question needs at least two options",
                "options",
                mend="write them under options, each with a key and a label",
            )
        if self.kind not in CHOICE_KINDS and self.options:
            raise Misfit(
                f"a {self.kind} question takes no options of its own",
                "options",
                mend="remove options, or change the kind",
            )
        for name, kinds in _KINDS_OF_FIELD.items():
            if getattr(self, name) is not None and self.kind not in kinds:
                raise Misfit(
                    f"{name} goes with {' and '.join(sorted(kinds))} only",
                    name,
                    mend=f"remove {name}, or change the kind",
                )
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise Misfit(
                "minimum is larger than maximum", "minimum", mend="exchange them or correct one"
            )
        if self.part is Part.MONITORING and self.required:
            raise Misfit(
                "a monitoring question can always be skipped", "required", mend="remove required"
            )
        if self.kind is QuestionKind.RANKING:
            for i, option in enumerate(self.options):
                if option.other or option.exclusive:
                    raise Misfit(
                        "the options of a ranking can be neither other nor exclusive",
                        "options",
                        i,
                        "other" if option.other else "exclusive",
                        mend="remove it, or change the kind",
                    )
        return self

    @property
    def length_limit(self) -> int:
        """The longest text the question takes, in characters."""
        return self.max_length or (200 if self.kind is QuestionKind.SHORT_TEXT else 5_000)

    def option(self, key: str) -> Option | None:
        """Return the option of that key, if there is one."""
        return next((option for option in self.options if option.key == key), None)


class Section(Strict):
    """A part of the draft that can be read and answered on its own."""

    key: Key
    title: Text
    summary: Text
    """Two or three sentences in plain words; blank lines part paragraphs."""
    easy_read: Text
    """Short sentences, one idea a line; each line is shown on its own."""
    full: Markdown


class Area(Strict):
    """A ward or other area that a resident can live in. Names are not translated."""

    code: str = Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=20)
    name: str = Field(min_length=1, max_length=120)


class ReferencePopulation(Strict):
    """Counts of the people whom the respondents are compared with."""

    dimension: Key
    base: str = Field(min_length=1, max_length=300)
    """Who is counted, such as "usual residents aged 16 and over"."""
    source: str = Field(min_length=1, max_length=500)
    as_of: Day
    area: str | None = Field(default=None, max_length=20)
    """The code of the area that the counts are for; the whole authority where nothing is given."""
    counts: dict[str, Annotated[int, Field(ge=0)]] = Field(min_length=1)
    """People by category (see :attr:`Option.category`), or by area code for wards."""


class Contact(Strict):
    """How to get help, or to answer in another way. At least a phone number or an e-mail."""

    phone: str | None = Field(default=None, max_length=60)
    phone_hours: Text | None = None
    email: str | None = Field(default=None, max_length=200)
    paper: Text | None = None
    """How to get the questions on paper."""
    large_print: Text | None = None
    sign_language: Text | None = None
    """How to take part in British Sign Language."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if not (self.phone or self.email):
            raise Misfit("nobody can be reached", mend="give a phone number or an e-mail address")
        return self


class Privacy(Strict):
    """What the law asks a council to settle before it collects answers."""

    controller: str = Field(min_length=1, max_length=200)
    """The organisation that decides why and how the answers are used."""
    contact: str = Field(min_length=1, max_length=300)
    """How to reach its data protection officer."""
    lawful_basis_article_6: Text
    lawful_basis_article_9: Text
    impact_assessment: str = Field(min_length=1, max_length=200)
    """Reference of the data protection impact assessment."""
    who_sees: Text
    delete_on: Day
    deletion: DeletionMode = DeletionMode.DELETE


class Residents(Strict):
    """Whose answers are compared with the reference population."""

    question: Key
    any_of: tuple[str, ...] = Field(min_length=1)


class Consultation(Strict):
    """One public question to residents about a draft.

    Raises
    ------
    pydantic.ValidationError
        If a field is missing, unknown or of the wrong type, or if the parts contradict
        each other. :mod:`consult.document.reading` turns that into sentences with lines.
    """

    format: Literal["consult/1"] = FORMAT
    slug: Slug
    source_language: LanguageCode = "en"
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    """The languages that it can be answered in, the source language among them."""
    timezone: str = "Europe/London"
    illustration: bool = False
    """Whether it is made up, and must say so on every page."""
    title: Text
    asked_by: Text
    introduction: Text
    """What is asked and why, for the start page; blank lines part paragraphs."""
    what_happens_next: Text
    consent: Text
    monitoring_introduction: Text
    """Why the monitoring questions are asked."""
    opens_at: Moment
    """Local time of the time zone where no offset is given."""
    closes_at: Moment
    grace_minutes: int = Field(default=30, ge=0, le=7 * 24 * 60)
    """How long after closing what a resident has begun is still taken."""
    late_until: Moment
    """When the last answer finished in time but delivered late is taken."""
    paused: bool = False
    minimum_age: int = Field(default=16, ge=0, le=120)
    draft_days: int = Field(default=30, ge=1, le=365)
    """How long saved, unsent answers are kept."""
    contact: Contact
    privacy: Privacy
    residents: Residents | None = None
    sections: tuple[Section, ...] = ()
    areas: tuple[Area, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)
    reference_population: tuple[ReferencePopulation, ...] = ()
    translations: dict[LanguageCode, dict[str, str]] = Field(default_factory=dict)
    """Per language, the translation of each text by its path."""

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        if value not in available_timezones():
            raise Misfit(f"there is no time zone {value!r}", mend="write one such as Europe/London")
        return value

    @model_validator(mode="after")
    def _times_in_order(self) -> Self:
        if not self.opens < self.closes:
            raise Misfit(
                "closes_at must be later than opens_at", "closes_at", mend="correct one of the two"
            )
        if self.late < self.closes + timedelta(minutes=self.grace_minutes):
            raise Misfit(
                "late_until must not be before closes_at plus grace_minutes",
                "late_until",
                mend=f"give a time at least {self.grace_minutes} minutes after closes_at",
            )
        if self.privacy.delete_on <= self.late.date():
            raise Misfit(
                "privacy.delete_on must be after late_until",
                "privacy",
                "delete_on",
                mend=f"give a day after {self.late.date()}",
            )
        return self

    @model_validator(mode="after")
    def _languages_agree(self) -> Self:
        if self.source_language not in self.languages:
            raise Misfit(
                "languages must name the source language too",
                "languages",
                mend=f"add {self.source_language}",
            )
        if (i := _repeated(self.languages)) is not None:
            raise Misfit(
                f"languages name {self.languages[i]!r} twice", "languages", i, mend="remove one"
            )
        for language in self.translations:
            if language == self.source_language or language not in self.languages:
                others = [code for code in self.languages if code != self.source_language]
                raise Misfit(
                    f"translations hold {language!r}, which is not one of the other languages",
                    "translations",
                    language,
                    mend=f"add it to languages, or use one of: {', '.join(others) or 'none yet'}",
                )
        return self

    @model_validator(mode="after")
    def _parts_fit_together(self) -> Self:
        _check_keys(self)
        _check_routing(self)
        return self

    @property
    def opens(self) -> datetime:
        """When it opens, as an aware time."""
        return self._aware(self.opens_at)

    @property
    def closes(self) -> datetime:
        """When it closes, as an aware time."""
        return self._aware(self.closes_at)

    @property
    def late(self) -> datetime:
        """``late_until`` as an aware time."""
        return self._aware(self.late_until)

    def _aware(self, value: datetime) -> datetime:
        return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(self.timezone))

    def question(self, key: str) -> Question | None:
        """Return the question of that key, if there is one."""
        return next((question for question in self.questions if question.key == key), None)

    def section(self, key: str) -> Section | None:
        """Return the section of that key, if there is one."""
        return next((section for section in self.sections if section.key == key), None)


def choices_of(question: Question, consultation: Consultation) -> tuple[str, ...]:
    """Every key that may be chosen as an answer to a question, fixed answers included.

    Empty for kinds that are not answered by choosing.
    """
    keys: tuple[str, ...]
    if question.kind is QuestionKind.AGREE_SCALE:
        keys = AGREE_SCALE
    elif question.kind is QuestionKind.WARD:
        keys = (*(area.code for area in consultation.areas), OUTSIDE_AREA)
    else:
        keys = tuple(option.key for option in question.options)
    if question.part is Part.MONITORING and keys and question.kind is not QuestionKind.RANKING:
        keys = (*keys, PREFER_NOT_TO_SAY)
    return keys


def _strings_in(value: object) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, tuple):
        for i, item in enumerate(value):
            yield from (((i, *place), text) for place, text in _strings_in(item))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield (key,), key
            yield from (((key, *place), text) for place, text in _strings_in(item))


def _repeated(values: tuple[str, ...]) -> int | None:
    """Position of the first value that stood before."""
    return next((i for i, value in enumerate(values) if value in values[:i]), None)


def _check_keys(consultation: Consultation) -> None:
    for name, field, values in (
        ("sections", "key", tuple(section.key for section in consultation.sections)),
        ("questions", "key", tuple(question.key for question in consultation.questions)),
        ("areas", "code", tuple(area.code for area in consultation.areas)),
    ):
        if (i := _repeated(values)) is not None:
            raise Misfit(
                f"{name}: {values[i]!r} is used twice",
                name,
                i,
                field,
                mend="each needs a name of its own",
            )
    sections = {section.key for section in consultation.sections}
    order = list(Part)
    for i, question in enumerate(consultation.questions):
        here = ("questions", i)
        keys = tuple(option.key for option in question.options)
        if (j := _repeated(keys)) is not None:
            raise Misfit(
                f"question {question.key!r}: option {keys[j]!r} is used twice",
                *(*here, "options", j, "key"),
                mend="give each option a key of its own",
            )
        if question.part is Part.MONITORING and PREFER_NOT_TO_SAY in keys:
            raise Misfit(
                f"question {question.key!r}: every monitoring question offers "
                f"{PREFER_NOT_TO_SAY} by itself",
                *(*here, "options", keys.index(PREFER_NOT_TO_SAY), "key"),
                mend=f"remove the option {PREFER_NOT_TO_SAY}",
            )
        if question.section is not None and question.section not in sections:
            raise Misfit(
                f"question {question.key!r}: there is no section {question.section!r}",
                *(*here, "section"),
                mend=f"use one of: {', '.join(sorted(sections)) or 'none yet'}",
            )
        if question.kind is QuestionKind.WARD and not consultation.areas:
            raise Misfit(
                f"question {question.key!r}: a ward question needs areas",
                *(*here, "kind"),
                mend="list the wards under areas, each with a code and a name",
            )
        if i and order.index(question.part) < order.index(consultation.questions[i - 1].part):
            raise Misfit(
                f"question {question.key!r}: questions come in the order {', '.join(order)}",
                *(*here, "part"),
                mend="move the question up, or change its part",
            )


def _check_routing(consultation: Consultation) -> None:
    earlier: dict[str, Question] = {}
    for i, question in enumerate(consultation.questions):
        for j, condition in enumerate(question.show_if):
            here = ("questions", i, "show_if", j)
            target = earlier.get(condition.question)
            if target is None:
                raise Misfit(
                    f"question {question.key!r}: show_if names {condition.question!r}, "
                    "which is not an earlier question",
                    *(*here, "question"),
                    mend=f"use one of: {', '.join(earlier) or 'none, as it is the first'}",
                )
            _check_choices(here, target, "any_of", condition.any_of)
            _check_choices(here, target, "none_of", condition.none_of)
        earlier[question.key] = question
    if consultation.residents is not None:
        target = earlier.get(consultation.residents.question)
        if target is None:
            raise Misfit(
                f"residents: there is no question {consultation.residents.question!r}",
                *("residents", "question"),
                mend=f"use one of: {', '.join(earlier)}",
            )
        _check_choices(("residents",), target, "any_of", consultation.residents.any_of)


def _check_choices(
    here: tuple[str | int, ...], target: Question, field: str, keys: tuple[str, ...]
) -> None:
    known = (
        AGREE_SCALE
        if target.kind is QuestionKind.AGREE_SCALE
        else tuple(option.key for option in target.options)
    )
    for i, key in enumerate(keys):
        if key not in known:
            raise Misfit(
                f"{key!r} is no answer to {target.key!r}",
                *(*here, field, i),
                mend=f"its answers are: {', '.join(known) or 'none to choose'}",
            )
