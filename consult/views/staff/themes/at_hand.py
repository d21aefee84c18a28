"""The text question at hand, its study, and its themes as they stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from flask import abort, redirect

from analysis.themes.tracking.state import State, ThemeState
from consult.db import db
from consult.document.model import Consultation as Document
from consult.document.model import Question
from consult.document.texts import localised
from consult.i18n import page_language
from consult.models import Consultation, Study
from consult.services import consultations
from consult.services.themes import studies
from consult.views.staff.current import page, workspace

Choice = dict[str, str]


@dataclass(frozen=True, slots=True)
class Opened:
    """A consultation that residents can answer, or could."""

    stored: Consultation
    document: Document


@dataclass(frozen=True, slots=True)
class AtHand:
    """A question whose answers have been analysed, or are about to be."""

    stored: Consultation
    document: Document
    question: str
    """The question's key."""
    study: Study

    @property
    def label(self) -> str:
        """The question's words, in the language of the page where there is a translation."""
        return question_label(self.document, self.question)

    @property
    def language(self) -> str:
        """The language of the question, of labels, and into which answers are translated."""
        return self.document.source_language

    @property
    def state(self) -> State:
        """The themes as people have left them."""
        return studies.standing(db.session, self.study).state

    def page(self, endpoint: str, **values: object) -> str:
        """The address of another page about this question."""
        return page(endpoint, question=self.question, **values)


def opened() -> Opened | None:
    """The consultation at hand as residents have it; nothing before it was opened."""
    stored = consultations.find(db.session, workspace().slug)
    if stored is None:
        return None
    document = consultations.document_of(db.session, stored)
    return Opened(stored, localised(document, page_language()))


def at_hand(question: str) -> AtHand:
    """The question of an address. Where its answers were never analysed, the list says so."""
    found = opened()
    if found is None:
        abort(404)
    study = studies.find(db.session, found.stored, question)
    if study is None:
        asked: Question | None = found.document.question(question)
        if asked is None or asked not in studies.text_questions(found.document):
            abort(404)
        _leave(page("themes"))
    return AtHand(found.stored, found.document, question, study)


def theme_at_hand(at: AtHand, theme: str) -> ThemeState:
    """A theme of an address; one that was merged leads to the theme that it is in now."""
    state = at.state
    if theme not in state.themes:
        abort(404)
    now = state.follow(theme)
    if now != theme:
        _leave(at.page("one_theme", theme=now, merged=theme))
    return state.themes[now]


def question_label(document: Document, question: str) -> str:
    """A question's words, to be shown with ``said``; its key where it was taken out since."""
    asked = document.question(question)
    return question if asked is None else asked.label


def theme_choices(state: State, *, but: str | None = None) -> list[Choice]:
    """The themes that stand, by label, for a list to choose from."""
    themes = [state.themes[each] for each in state.standing if each != but]
    return [
        {"value": each.id, "label": each.label}
        for each in sorted(themes, key=lambda each: each.label.casefold())
    ]


def labels(state: State, themes: Sequence[str]) -> list[str]:
    """What themes are called now."""
    return [state.themes[each].label for each in themes if each in state.themes]


def _leave(address: str) -> NoReturn:
    abort(redirect(address, 303))
