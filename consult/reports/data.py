"""All figures of a report, free of any language: what is frozen as a version, and its JSON form.

Every number of people is a :class:`Count`, every share a :class:`Share`, both as their reader may
see them: in a public report what :mod:`analysis.disclosure` lets through, in an internal one exact.
Texts that exist in several languages are mappings by language code. The schema of the JSON form is
made from these classes, so their docstrings are its documentation.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

FORMAT: Final = "consult-report/1"

Texts: TypeAlias = dict[str, str]
"""One text by language code; the language that it was written in comes first."""


class Audience(StrEnum):
    """Who may read a report."""

    PUBLIC = "public"
    INTERNAL = "internal"


class Facts(BaseModel):
    """A frozen part of a report that knows all of its fields."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_serialization_defaults_required=True,
    )


class Count(Facts):
    """A number of people, as the reader may see it."""

    text: str
    """For example "45", "fewer than 10" or, of one that is withheld, "withheld"; in English."""
    value: int | None
    """The number shown: exact, or rounded to 5; null where none is shown."""
    low: int
    """The least that it can be."""
    high: int | None
    """The most that it can be; null for no bound."""
    reason: str = "shown"
    """Why nothing is shown, where that is so (:class:`analysis.disclosure.Reason`)."""


class Share(Facts):
    """A share from 0 to 1 with its 95 % interval."""

    value: float | None
    """Null where it may not be shown, or nobody is behind it."""
    low: float | None
    high: float | None
    few: bool = False
    """It stands on so few people that it must be said beside it."""


class Asked(Facts):
    """One question as it was asked."""

    key: str
    label: Texts
    kind: str
    part: Literal["eligibility", "draft", "monitoring"]
    section: str | None
    """The key of the part of the draft that it is about."""


class DraftSection(Facts):
    """One part of the draft strategy."""

    key: str
    title: Texts


class Consulted(Facts):
    """The consultation that the report is about."""

    slug: str
    title: Texts
    asked_by: Texts
    introduction: Texts
    illustration: bool
    """The consultation is made up, and every page must say so."""
    opened_at: datetime
    closes_at: datetime
    timezone: str
    source_language: str
    languages: tuple[str, ...]
    sections: tuple[DraftSection, ...]
    questions: tuple[Asked, ...]


class Line(Facts):
    """One row of a simple table: a name and a number of people."""

    key: str
    """For words of our own, such as ``online``: translated when the report is written. For an
    area: its code."""
    label: Texts = Field(default_factory=dict)
    """Where the name is the consultation's own."""
    count: Count


class Signatures(Facts):
    """A petition, counted apart from responses."""

    title: str
    signatures: int


class Arrived(Facts):
    """How many answered, how, and what does not count."""

    responses: Count
    """That count."""
    residents: Count
    """Of them, those who are compared with the reference population."""
    first_on: date | None
    last_on: date | None
    by_channel: tuple[Line, ...]
    by_language: tuple[Line, ...]
    by_area: tuple[Line, ...]
    by_week: tuple[Line, ...]
    """Keys are the first days of the weeks."""
    by_standing: tuple[Line, ...]
    """What became of those that do not count: excluded, withdrawn, late and refused, ...; and
    those that are still undecided."""
    petitions: tuple[Signatures, ...]


class GroupLine(Facts):
    """One group beside its share of residents."""

    key: str
    label: Texts
    respondents: Count
    share: Share
    population_share: float | None
    state: Literal["under", "in_line", "over", "too_few", "untested"]
    tier: Literal["confirmed", "early", "none"]
    missing: int | None
    """About how many more would have to answer for the group not to be under; null where it is
    not under. Rounded up to 5 in a public report."""


class Dimension(Facts):
    """One characteristic, compared with residents."""

    key: str
    """The reference population's dimension."""
    question: str
    """Key of the monitoring question."""
    known: Count
    unknown: Count
    """Those who did not say."""
    groups: tuple[GroupLine, ...]
    several: bool
    """People could choose several groups."""
    similarity: float | None
    """From 0 to 1: how alike respondents and residents are made up."""
    base: str
    source: str
    as_of: str
    """Of the reference population, as its publisher says it."""


class Act(Facts):
    """Something done to reach people."""

    on: date
    what: str
    """In the officers' words."""


class Representation(Facts):
    """Who answered beside who lives here."""

    dimensions: tuple[Dimension, ...]
    not_compared: str | None
    """Why there is no comparison, where that is so (:class:`consult.services.watching.gaps.Why`)"""
    acts: tuple[Act, ...]


class Option(Facts):
    """One answer to a closed question."""

    key: str
    label: Texts
    """Empty for answers of our own scales, whose key says which."""
    count: Count
    share: Share
    """Of those who answered the question."""
    weighted: Share | None
    """The same, weighted to residents; null where nothing could be weighted."""
    change_notable: bool
    """Weighting changes it by more than chance and more than two points."""
    majority_flips: bool


class Closed(Facts):
    """The answers to one closed question."""

    question: str
    answered: Count
    not_answered: Count
    several: bool
    options: tuple[Option, ...]


class OptionByWay(Facts):
    """One answer to a closed question, by those who answered with help and by all others."""

    key: str
    label: Texts
    """Empty for answers of our own scales, whose key says which."""
    helped: Share
    others: Share
    state: Literal["more", "less", "no_clear_difference", "too_few"]
    """Whether those with help chose it clearly more or less often. Where a share is not shown:
    too few."""


class ByWay(Facts):
    """The answers to one closed question, by whether people answered with help.

    Shares are of all who came in that way: who leaves a question out has not chosen. That answers
    differ says that other people were reached, and nothing against them.
    """

    question: str
    helped: Count
    """Who answered with help, at a session of a partner."""
    others: Count
    """Everybody else."""
    several: bool
    options: tuple[OptionByWay, ...]


class TalkNote(Facts):
    """What a table said on one thing. Its words are not frozen: they go when they must."""

    id: str
    question: str | None
    """Key of the question that it was about; null for the draft as a whole."""
    people: Count
    language: str
    text: str = ""
    """Filled in when a report is made from the version; empty in what is stored."""


class GroupTalks(Facts):
    """What was said in group talks: apart from responses, and never added to them."""

    notes: int
    """Notes that were taken; several can be of one table."""
    tables: int
    people: Count
    """At all tables. Each table counts with the people of its largest note. Somebody may have
    sent a response as well."""
    by_language: tuple[Line, ...]
    """People, by the language that their table talked in."""
    said: tuple[TalkNote, ...]
    """Empty in a public report."""


class Weights(Facts):
    """How responses were weighted to residents, and whether that can come first."""

    applied: bool
    by: tuple[str, ...]
    """Keys of the dimensions."""
    effective: float | None
    """Kish's effective number of responses."""
    largest: float | None
    headline: bool
    """Whether weighted figures may come first; they never do when this is false."""
    reasons: tuple[str, ...]
    """Why not (:class:`analysis.representation.weights.weighting.ReasonKind`)."""


class Stance(Facts):
    """Where the people of a theme stand on the closed question asked with it."""

    question: str
    support: Share
    oppose: Share
    known: Count
    differs: bool
    """They clearly stand elsewhere than those who do not raise the theme."""


class Difference(Facts):
    """One group that raises a theme more or less often than everybody else."""

    dimension: str
    """Key of the monitoring question."""
    group: str
    label: Texts
    share: Share
    rest: Share
    """Of everybody else. In a public report those who did not say are among them."""
    state: Literal["more", "less"]
    """In a public report only where it is clear for every number that the published ones can
    stand for."""


class QuoteRef(Facts):
    """A quote that stands for a theme. Its words are not frozen: they go when they must."""

    id: str
    language: str
    text: Texts = Field(default_factory=dict)
    """Filled in when a report is made from the version; empty in what is stored."""
    translated_by: Literal["person", "machine"] | None = None
    """Of the texts in other languages."""


class Theme(Facts):
    """One theme of one question."""

    id: str
    label: Texts
    """Empty for a theme that has no name which may be shown: it then goes by its number."""
    label_by: Literal["machine", "person"]
    description: Texts
    responses: Count
    share: Share
    """Of those who wrote something with content."""
    responses_without_campaigns: Count
    share_without_campaigns: Share
    """With each letter that many people sent counted once."""
    languages: tuple[Line, ...]
    stance: Stance | None
    differences: tuple[Difference, ...]
    quotes: tuple[QuoteRef, ...]
    stability: float | None
    reviewed_share: float | None
    """Of its statements, those that a person put or confirmed there."""


class Checked(Facts):
    """What people found who read answers without seeing the machine's themes."""

    read: int
    """Answers read."""
    corrected: dict[str, Share]
    """Per theme, its share corrected by what they found; only where enough were read."""
    agreement: float | None
    """Mean Jaccard or kappa between two readers, where two read apart; -1 to 1."""


class Talk(Facts):
    """The answers to one text question, by theme."""

    question: str
    asked: Count
    """Who wrote something that was analysed."""
    answering: Count
    """Who wrote something with content: the base of the shares."""
    no_content: Count
    """Who wrote "n/a" or the like. In a public report withheld where it is small, as are the next
    one and those not yet analysed."""
    unclear: Count
    without_theme: Count
    """Of those answering, who raises none of the themes that are told of one by one."""
    not_yet_analysed: Count
    not_translated: tuple[Line, ...]
    """Answers by language that have no translation into the source language. In a public report
    every language of the consultation, and ``other``."""
    campaigns: int | None
    """Letters that many people sent; null where it may not be told."""
    in_campaigns: Count
    voices: Count
    """Answering, with each letter counted once. In a public report withheld, with all counts
    without campaigns, where few people sent a letter: the two would tell how many."""
    themes: tuple[Theme, ...]
    """Most respondents first, as the reader may know it."""
    small_themes: int
    """Themes with too few respondents to be shown one by one; 0 in an internal report."""
    is_provisional: bool
    engine: str
    model: str
    analysed_at: datetime | None
    checked: Checked | None


class OwnParagraph(Facts):
    """What the officers wrote themselves. Plain text; blank lines part paragraphs."""

    id: str
    after: str
    """The key of the section that it follows; ``start`` for the beginning."""
    title: Texts
    text: Texts


class Form(StrEnum):
    """How long and how plain a report is."""

    FULL = "full"
    ONE_PAGE = "one_page"
    EASY_READ = "easy_read"


class Layout(Facts):
    """What of the report is printed, and in which order."""

    sections: tuple[str, ...]
    """Keys of :data:`SECTIONS`, in the officer's order. A public report holds no figures that only
    sections tell which are not among them: their lists are then empty."""
    own: tuple[OwnParagraph, ...]
    considered: dict[str, Texts] = Field(default_factory=dict)
    """For the equality appendix, what the officers write of each protected characteristic, by
    :data:`CHARACTERISTICS`."""


SECTIONS: Final = (
    "summary",
    "asked",
    "answered",
    "missing",
    "reached",
    "closed",
    "themes",
    "talks",
    "left_out",
    "method",
    "equality",
    "tables",
)
"""All sections in the order of a report that nobody has changed. The last two are appendices."""

CHARACTERISTICS: Final = (
    "age",
    "disability",
    "gender_reassignment",
    "marriage_and_civil_partnership",
    "pregnancy_and_maternity",
    "race",
    "religion_or_belief",
    "sex",
    "sexual_orientation",
)
"""The protected characteristics of the Equality Act 2010 (section 4), in its order."""


class ReportData(Facts):
    """Everything that a report says."""

    format: Literal["consult-report/1"] = FORMAT
    audience: Audience
    number: int
    """Of the version; 0 for one that is not frozen."""
    made_at: datetime
    consultation: Consulted
    arrived: Arrived
    representation: Representation
    weights: Weights
    closed: tuple[Closed, ...]
    talk: tuple[Talk, ...]
    layout: Layout
    threshold: int
    """Numbers of people below this are not shown in a public report."""
    rounded_to: int
    """What shown numbers are rounded to in a public report."""
    ways: tuple[ByWay, ...] = ()
    """The closed questions by the way people answered; empty where nobody answered with help, or
    so few in a public report that nothing can be told."""
    group_talks: GroupTalks | None = None
    """Null where no note of a group talk came in."""
