"""What a check has to know that does not stand in the document."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from consult.document.completing import completed
from consult.document.model import Consultation as Document
from consult.document.texts import texts_of
from consult.readiness.asked import Answer, Asked


@dataclass(frozen=True, slots=True)
class Unfinished:
    """What is left to do on one part."""

    missing: tuple[str, ...] = ()
    """Fields without which it is not whole."""
    other_count: int = 0
    """Things that do not fit."""


@dataclass(frozen=True, slots=True)
class LanguageState:
    """How far a consultation is translated into one language."""

    total: int
    missing: int
    stale: int
    """Of another source text than there is now."""
    unapproved: int
    """Written, by a person or a machine, and not approved by a named person."""
    warnings: int
    essentials: tuple[str, ...] = ()
    """Paths of the most needed texts that residents would not meet in it."""


@dataclass(frozen=True, slots=True)
class Published:
    """What residents meet of a consultation that has been opened."""

    opens: datetime
    closes: datetime
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """The circumstances of a consultation that is to open, or to publish its changes."""

    now: datetime
    at_once: bool = False
    """Whether it is to open now, whatever its opening time says."""
    published: Published | None = None
    unfinished: Mapping[str, Unfinished] = field(default_factory=dict)
    """By part, where something is left to do."""
    never_met: tuple[str, ...] = ()
    """Keys of questions that nobody can meet."""
    translations: Mapping[str, LanguageState] = field(default_factory=dict)
    """By language, without the source."""
    test_count: int = 0
    """Responses that colleagues have given through the private link."""
    answers: Mapping[Asked, Answer] = field(default_factory=dict)
    """Officers' answers to what no machine can check."""


@dataclass(frozen=True)
class Case:
    """A consultation as far as it is written, and its circumstances."""

    content: Mapping[str, Any]
    document: Document
    """With stand-ins for what is not written."""
    gaps: tuple[str, ...]
    """Paths of what a stand-in stands for, or what was left out."""
    facts: Facts

    @classmethod
    def of(cls, content: Mapping[str, Any], slug: str, facts: Facts) -> "Case":
        """The case of a workspace's content."""
        document, gaps = completed(content, slug=slug)
        return cls(content, document, gaps, facts)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """Every text that is written, by path, in reading order."""
        missing = set(self.gaps)
        return {k: v for k, v in texts_of(self.document).items() if k not in missing}

    def has(self, path: str) -> bool:
        """Whether something fit to be checked is written at a path."""
        return not any(path == gap or path.startswith(f"{gap}.") for gap in self.gaps)

    @property
    def opens(self) -> datetime:
        """When residents will in fact be able to begin."""
        if self.facts.published is not None:
            return self.document.opens
        return self.facts.now if self.facts.at_once else max(self.document.opens, self.facts.now)

    @property
    def has_new_dates(self) -> bool:
        """Whether residents do not know the dates yet."""
        public = self.facts.published
        here = (self.document.opens, self.document.closes)
        return public is None or here != (public.opens, public.closes)

    @property
    def zone(self) -> ZoneInfo:
        """The consultation's time zone."""
        return ZoneInfo(self.document.timezone)
