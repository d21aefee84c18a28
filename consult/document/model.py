"""The shape of a consultation: sections, questions, rules and legal facts.

Text is written once in the source language; translations stand apart, keyed by the path
of the text they translate (:mod:`consult.document.texts`), so that a translator can work
on one language without touching the structure.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from consult.document import rules
from consult.document.fields import (
    UNPRINTABLE,
    Day,
    Key,
    LanguageCode,
    Markdown,
    Misfit,
    Moment,
    Slug,
    Strict,
    Text,
    Translatable,
    known_timezones,
)
from consult.document.questions import (
    AGREE_SCALE,
    CHOICE_KINDS,
    OUTSIDE_AREA,
    PREFER_NOT_TO_SAY,
    TEXT_KINDS,
    Condition,
    Option,
    Part,
    Question,
    QuestionKind,
    Sensitivity,
)

__all__ = [
    "AGREE_SCALE",
    "CHOICE_KINDS",
    "FORMAT",
    "OUTSIDE_AREA",
    "PREFER_NOT_TO_SAY",
    "TEXT_KINDS",
    "UNPRINTABLE",
    "Area",
    "Condition",
    "Consultation",
    "Contact",
    "Day",
    "DeletionMode",
    "Key",
    "LanguageCode",
    "Markdown",
    "Misfit",
    "Moment",
    "Option",
    "Part",
    "Privacy",
    "Question",
    "QuestionKind",
    "ReferencePopulation",
    "Residents",
    "Section",
    "Sensitivity",
    "Slug",
    "Strict",
    "Text",
    "Translatable",
    "choices_of",
]

FORMAT: Final = "consult/1"


class DeletionMode(StrEnum):
    """What happens to the answers on the deletion date."""

    DELETE = "delete"
    ANONYMISE = "anonymise"


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
        if value not in known_timezones():
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
        if (i := rules.first_repeated(self.languages)) is not None:
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
        rules.check_keys(self)
        rules.check_routing(self)
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
