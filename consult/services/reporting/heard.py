"""What is known of the answers to one text question, in exact numbers, before anything is told."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import (
    AnswerTranslation,
    Consultation,
    Redaction,
    Response,
    Study,
    StudyAnswer,
)
from consult.services.counted import counted
from consult.services.themes import figures, studies
from consult.services.themes.counting import Base
from consult.services.themes.shapes import Overview, ThemeDetail, ThemeFigures

OTHER: Final = "other"
"""Languages that the consultation cannot be answered in, together."""


@dataclass(frozen=True, slots=True)
class HeardTheme:
    """One theme that a report may tell of."""

    figures: ThemeFigures
    detail: ThemeDetail

    @property
    def id(self) -> str:
        return self.figures.id

    @property
    def category(self) -> str:
        """Its name in tables: another one when others were merged into it, as it is another theme.

        Figures of an earlier report would otherwise be taken for those of this one.
        """
        if not self.detail.merged:
            return self.id
        return f"{self.id}+{short_digest(self.detail.merged)}"


@dataclass(frozen=True, eq=False)
class Heard:
    """The answers to one question, analysed.

    Attributes
    ----------
    base : Base
    overview : Overview
    themes : tuple of HeardTheme
        Those that stand and that nobody has hidden, most respondents first.
    untranslated : mapping of str to int
        Answers with content that are not in the source language and have no translation into
        it, by the language of their words.
    """

    base: Base
    overview: Overview
    themes: tuple[HeardTheme, ...]
    untranslated: Mapping[str, int]

    @property
    def question(self) -> str:
        return self.base.study.question_key

    @property
    def study(self) -> Study:
        return self.base.study

    @cached_property
    def scale(self) -> str | None:
        """The closed question that was asked with it, by its key."""
        return self.themes[0].detail.stance_question if self.themes else None

    def in_none_of(self, themes: tuple[HeardTheme, ...]) -> int:
        """How many wrote something with content and raise none of these themes."""
        places = [self.base.names.index(theme.id) for theme in themes]
        content = self.base.said.has_content[self.base.rows]
        raised = self.base.raised()[:, places].any(axis=1)
        return int(np.sum(content & ~raised))


def hear(session: Session, stored: Consultation, document: Document) -> tuple[Heard, ...]:
    """All questions whose answers have been analysed, in their order."""
    found = []
    for question in studies.text_questions(document):
        study = studies.find(session, stored, question.key)
        if study is not None and study.analysed_at is not None:
            found.append(_hear(session, study, document))
    return tuple(found)


def _hear(session: Session, study: Study, document: Document) -> Heard:
    overview = figures.overview(session, study)
    themes = []
    for theme in overview.themes:
        if theme.hidden:
            continue
        detail = figures.theme_detail(session, study, theme.id)
        if detail is not None:
            themes.append(HeardTheme(theme, detail))
    return Heard(
        base=Base.of(session, study),
        overview=overview,
        themes=tuple(themes),
        untranslated=_untranslated(session, study, document.source_language),
    )


def _untranslated(session: Session, study: Study, source: str) -> Counter[str]:
    """By language; a translation from before words were hidden is not one."""
    hidden_since = exists().where(
        Redaction.answer_id == AnswerTranslation.answer_id,
        Redaction.made_at >= AnswerTranslation.brought_at,
    )
    translated = exists().where(
        AnswerTranslation.answer_id == StudyAnswer.answer_id,
        AnswerTranslation.language == source,
        ~hidden_since,
    )
    rows = session.scalars(
        select(StudyAnswer.language)
        .join(Response, Response.id == StudyAnswer.response_id)
        .where(
            StudyAnswer.study_id == study.id,
            StudyAnswer.status == "content",
            StudyAnswer.language != source,
            ~translated,
            counted(),
        )
    )
    return Counter(rows)


def gathered_languages(counts: Mapping[str, int], document: Document) -> dict[str, int]:
    """Numbers by the languages of the consultation, and all others together.

    A language in other letters than its own ("ur-Latn") counts with it. Which languages are
    listed must not depend on who wrote: that a language is there at all would tell of a person.
    """
    found = dict.fromkeys((*document.languages, OTHER), 0)
    for code, count in counts.items():
        whole = code.split("-", 1)[0]
        name = code if code in document.languages else whole
        found[name if name in document.languages else OTHER] += count
    return found


def short_digest(names: Iterable[str]) -> str:
    """A short name for a set of names."""
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()[:10]
