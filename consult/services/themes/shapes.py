"""What pages show of a study: its figures, theme by theme."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from analysis.statistics import Interval
from analysis.themes.counting import Comparison
from analysis.themes.stance import Stances, ThemeStance


@dataclass(frozen=True, slots=True)
class ThemeFigures:
    """One theme, as the list shows it.

    Attributes
    ----------
    id, label, description : str
    label_by, made_by : str
        ``machine`` or ``person``.
    locked, hidden : bool
    retired : bool
        The last analysis from the beginning did not find it again.
    responses : int
        Respondents with a statement in it.
    share : float or None
        Of those who answered with content; None when nobody did.
    low, high : float
        The share's 95 % interval.
    responses_without_campaigns : int
        Each letter that many sent counted once.
    share_without_campaigns, low_without_campaigns, high_without_campaigns
    languages : dict of str to int
        Respondents by the language they wrote in, most first.
    keywords : dict of str to list of str
        By language, the most telling first.
    stability : float or None
        How firm the theme is, 0 to 1; None where that cannot be told or people made it.
    statements : int
        Distinct statements.
    reviewed : int
        Of them, those that a person put or confirmed there.
    reviewed_share : float or None
    uncertain : int
        Of them, those that the machine is not sure of and no person has looked at.
    exemplars : tuple of UUID
        Ids of units (:class:`consult.models.StudyUnit`) that are typical, best first. Read
        them with :func:`consult.services.themes.answers.units_by_id`.
    """

    id: str
    label: str
    label_by: str
    made_by: str
    description: str
    locked: bool
    hidden: bool
    retired: bool
    responses: int
    share: float | None
    low: float
    high: float
    responses_without_campaigns: int
    share_without_campaigns: float | None
    low_without_campaigns: float
    high_without_campaigns: float
    languages: Mapping[str, int]
    keywords: Mapping[str, list[str]]
    stability: float | None
    statements: int
    reviewed: int
    reviewed_share: float | None
    uncertain: int
    exemplars: tuple[UUID, ...]

    @property
    def interval(self) -> Interval:
        """Of the share, 95 %."""
        return Interval(self.low, self.high)

    @property
    def interval_without_campaigns(self) -> Interval:
        """Of the share with each letter counted once, 95 %."""
        return Interval(self.low_without_campaigns, self.high_without_campaigns)


@dataclass(frozen=True, slots=True)
class SuggestedTheme:
    """Statements that fit no theme and lie together: a proposal of the machine."""

    id: str
    label: str
    statements: int
    responses: int
    is_large_enough: bool
    """Proposed; else it waits for more of its kind, or the list is locked."""
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """All figures of a study at once.

    Attributes
    ----------
    analysed_at, analysed_by
        None before the first analysis; then everything below is empty.
    revision : int
        For forms: ``seen``.
    in_all : int
        Responses to the consultation that count, whether they answered this question or not.
    asked : int
        Of them, those whose answer here has been analysed (rows of the export).
    answering : int
        Those whose answer has content: the base of every share.
    voices : int
        The same with every letter counted once.
    without_theme, no_content, unclear : int
        Answering with no statement in any theme; "N/A" and the like; nothing that can be read.
    not_yet_analysed : int
        Answers that came, or were changed, since the last analysis.
    campaigns, in_campaigns : int
        Letters that many people sent, and the responses that hold one.
    uncertain_languages : int
        Answers whose language could not be told for sure.
    languages : dict of str to int
        Answering respondents by language.
    themes : list of ThemeFigures
        Those that stand, most respondents first, ties by id.
    suggestions : list of SuggestedTheme
    is_locked : bool
        The list of themes is locked.
    is_provisional : bool
        Fewer than 60 different statements of two words or more.
    last_sequence : int
    engine, model, reason : str
        What the vectors came from.
    notes : list of str
        What the last analysis said a reader should know (English).
    quality : dict of str to str
        What to expect of the model, by language (English).
    """

    analysed_at: datetime | None
    analysed_by: str | None
    revision: int
    in_all: int
    asked: int
    answering: int
    voices: int
    without_theme: int
    no_content: int
    unclear: int
    not_yet_analysed: int
    campaigns: int
    in_campaigns: int
    uncertain_languages: int
    languages: Mapping[str, int]
    themes: list[ThemeFigures]
    suggestions: list[SuggestedTheme]
    is_locked: bool
    is_provisional: bool
    last_sequence: int
    engine: str
    model: str
    reason: str
    notes: list[str]
    quality: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GroupFigure:
    """One group of one monitoring question within a theme, beside everybody else.

    ``value`` is the option's key (or an area's code): translate it with the document.
    """

    value: str
    count: int
    base: int
    share: float | None
    interval: Interval
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """One monitoring question within a theme."""

    question_key: str
    groups: tuple[GroupFigure, ...]
    """In the order of the question's options."""
    not_known: int
    """Of the theme's respondents, those who did not say."""


@dataclass(frozen=True, slots=True)
class ThemeDetail:
    """One theme with all that is counted of it."""

    theme: ThemeFigures
    columns: tuple[GroupColumn, ...]
    language_bases: Mapping[str, int]
    """Answering respondents by language: the bases of ``theme.languages``."""
    stance_question: str | None
    """The scale that was asked with the text, by its key."""
    stance: ThemeStance | None
    overall: Stances | None
    parts: tuple[str, ...]
    """What it was split into, where it is a group."""
    merged: tuple[str, ...]
    """Themes that were merged into it."""
