"""What themes are called in a report, in each of its languages."""

from collections.abc import Collection, Mapping

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclosure import Rule
from analysis.suppression.quotes import publish_terms
from analysis.text.function_words import tokens
from analysis.text.normalise import comparison_key
from analysis.text.personal import find_personal_data
from analysis.themes.labelling.spelling import function_words
from consult.document.model import Consultation as Document
from consult.models import Redaction, StudyUnit
from consult.reports.data import Texts
from consult.services.reporting import texts
from consult.services.reporting.heard import Heard, HeardTheme
from consult.services.themes import holding

MACHINE = "machine"


def labels(
    theme: HeardTheme, heard: Heard, document: Document, translated: Mapping[str, Texts]
) -> Texts:
    """A theme's name in its own language, then in those that officers have put it into.

    Parameters
    ----------
    translated : mapping of str to Texts
        The report's texts by key.
    """
    if not theme.figures.label:
        return {}
    own = _language(theme, heard, document)
    there = translated.get(texts.theme_label(heard.question, theme.id), {})
    return {own: theme.figures.label} | {
        language: text for language, text in there.items() if language != own
    }


def descriptions(
    theme: HeardTheme, heard: Heard, document: Document, translated: Mapping[str, Texts]
) -> Texts:
    """What a person wrote that a theme is about, likewise."""
    if not theme.figures.description:
        return {}
    own = document.source_language
    there = translated.get(texts.theme_description(heard.question, theme.id), {})
    return {own: theme.figures.description} | {
        language: text for language, text in there.items() if language != own
    }


def unfit(
    session: Session, heard: Heard, themes: Collection[HeardTheme], document: Document, rule: Rule
) -> frozenset[str]:
    """The themes, by id, whose machine-made names must not be public.

    A machine takes its names from what people wrote. One that holds a word which only a few of
    them used points at them. Names that people gave are theirs to answer for.
    """
    wanted: dict[str, tuple[str, ...]] = {}
    language: dict[str, str] = {}
    found = set()
    for theme in themes:
        label = theme.figures.label
        if not label or theme.figures.label_by != MACHINE:
            continue
        language[theme.id] = _language(theme, heard, document)
        wanted[theme.id] = telling(label, language[theme.id])
        if not wanted[theme.id] or find_personal_data(label):
            found.add(theme.id)
    pairs = {(language[name], word) for name, words in wanted.items() for word in words}
    used = _respondents(session, heard, pairs)
    for name, words in wanted.items():
        by_word = {word: used[language[name], word] for word in words}
        if len(publish_terms(by_word, rule)) < len(by_word):
            found.add(name)
    return frozenset(found)


def telling(label: str, language: str) -> tuple[str, ...]:
    """The words of a name that say something; all of them where none does."""
    words = tuple(dict.fromkeys(tokens(label, language)))
    common = function_words(language) or frozenset()
    return tuple(word for word in words if word not in common) or words


def _language(theme: HeardTheme, heard: Heard, document: Document) -> str:
    if theme.figures.label_by != MACHINE:
        return document.source_language
    words = heard.study.findings.get("words", {}).get(theme.id, {})
    return str(words.get("language") or document.source_language)


def _respondents(
    session: Session, heard: Heard, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """How many people used each word, by its language.

    Those in whose answers something was hidden are left out: it may have been the word.
    """
    if not pairs:
        return {}
    base = heard.base
    said = holding.folded(session, base.study, base.stamp, base.said)
    redacted = set(
        session.scalars(
            select(StudyUnit.response_id)
            .join(Redaction, Redaction.answer_id == StudyUnit.answer_id)
            .where(StudyUnit.study_id == base.study.id)
        )
    )
    counts = base.unit_counts.copy()
    hidden = [base.said.place[each] for each in redacted if each in base.said.place]
    counts[np.isin(base.said.unit_place, hidden)] = False
    found = {}
    for language, word in pairs:
        key = f" {comparison_key(word)} "
        with_word = [at for at, words in enumerate(said) if key in f" {words} "]
        units = np.isin(base.said.unit_key, with_word) & counts
        found[language, word] = len(np.unique(base.said.unit_place[units]))
    return found
