"""What was asked, with every text in all languages that it has."""

from typing import Final, Literal

from consult.document.completing import STAND_IN
from consult.document.model import Consultation as Document
from consult.document.model import Part, Question
from consult.document.texts import texts_of
from consult.models import Consultation
from consult.reports.data import Asked, Consulted, DraftSection, Texts

_PARTS: Final[dict[Part, Literal["eligibility", "draft", "monitoring"]]] = {
    Part.WHO: "eligibility",
    Part.DRAFT: "draft",
    Part.MONITORING: "monitoring",
}


class Wording:
    """The texts of a consultation by their paths."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._source = texts_of(document)

    def at(self, path: str) -> Texts:
        """A text in every language that has it, the source language first; empty if there is none.

        Parameters
        ----------
        path : str
            As in :func:`consult.document.texts.texts_of`.
        """
        if self._source.get(path, STAND_IN) == STAND_IN:
            return {}  # nobody has written it
        translated = {
            language: texts[path]
            for language, texts in self._document.translations.items()
            if texts.get(path, "").strip()
        }
        return {self._document.source_language: self._source[path], **translated}

    def option(self, question: Question, key: str) -> Texts:
        """The label of an option."""
        return self.at(f"questions.{question.key}.options.{key}.label")


def consulted(stored: Consultation, document: Document, wording: Wording) -> Consulted:
    """The consultation, as a report has it."""
    return Consulted(
        slug=stored.slug,
        title=wording.at("title"),
        asked_by=wording.at("asked_by"),
        introduction=wording.at("introduction"),
        illustration=document.illustration,
        opened_at=document.opens,
        closes_at=document.closes,
        timezone=document.timezone,
        source_language=document.source_language,
        languages=document.languages,
        sections=tuple(
            DraftSection(key=section.key, title=wording.at(f"sections.{section.key}.title"))
            for section in document.sections
        ),
        questions=tuple(
            Asked(
                key=question.key,
                label=wording.at(f"questions.{question.key}.label"),
                kind=question.kind.value,
                part=_PARTS[question.part],
                section=question.section,
            )
            for question in document.questions
        ),
    )
