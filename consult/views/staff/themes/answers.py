"""The answers behind a figure, and searching in all languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.models import AnswerTranslation
from consult.services import access
from consult.services.themes import answers, exporting, figures
from consult.services.themes.answers import STATUSES, AnswerLine
from consult.views.staff.audience import for_staff
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.acting import done, this_page
from consult.views.staff.themes.at_hand import AtHand, Choice, at_hand, theme_choices
from consult.views.staff.themes.group_words import group_choices, group_of

PAGE_LENGTH = 25
LONGEST_SEARCH = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer with the translation to stand beside it."""

    line: AnswerLine
    translation: AnswerTranslation | None
    """Into the language that the questions were written in; a person's before a machine's."""
    is_translatable: bool
    """It is in another language than that."""


@for_staff("/consultations/<slug>/themes/<question>/answers", roles=access.ANALYSTS)
def theme_answers(question: str) -> ResponseReturnValue:
    """The answers that fit everything asked for."""
    at = at_hand(question)
    state = at.state
    asked = {
        name: " ".join(request.args.get(name, "").split())[:LONGEST_SEARCH]
        for name in ("theme", "written_in", "group", "status", "q")
    }
    if asked["status"] not in STATUSES:
        asked["status"] = ""
    if asked["theme"] not in state.themes:
        asked["theme"] = ""
    shown = answers.behind(
        db.session,
        at.study,
        theme=asked["theme"] or None,
        language=asked["written_in"] or None,
        group=group_of(asked["group"]),
        status=asked["status"] or None,
        words=asked["q"] or None,
        after=asked_after(),
        limit=PAGE_LENGTH,
    )
    chosen = {name: value for name, value in asked.items() if value}
    return render_template(
        "staff/themes/answers.html",
        page_title=gettext("Answers"),
        at=at,
        asked=asked,
        shown=shown,
        lines=lines_shown(at, shown.lines),
        theme_filter=theme_choices(state),
        choices=theme_choices(state),
        languages=_languages(at),
        groups=group_choices(at, exporting.group_columns(db.session, at.study)),
        statuses=_statuses(),
        label_of=lambda name: state.themes[name].label if name in state.themes else "",
        next_page=shown.after and at.page("theme_answers", **chosen, after=shown.after),
        first_page=asked_after() and at.page("theme_answers", **chosen),
        words=figure_words,
        done=done(at),
        errors=[("answers", nothing_ticked())] if "nothing" in request.args else [],
        seen=at.study.last_sequence,
        back=this_page(),
    )


def nothing_ticked() -> str:
    """What is wrong with a form that names no statement."""
    return gettext("Tick one statement or more first")


def lines_shown(at: AtHand, lines: Sequence[AnswerLine]) -> list[Shown]:
    """Answers as pages show them, each with a translation where it has one."""
    return [
        Shown(
            line,
            _translation(line, at.language),
            bool(line.units) and line.language.partition("-")[0] != at.language,
        )
        for line in lines
    ]


def asked_after() -> UUID | None:
    """The answer after which the page begins, if the address names one."""
    return request.args.get("after", type=UUID)


def _translation(line: AnswerLine, language: str) -> AnswerTranslation | None:
    into = [each for each in line.translations if each.language == language]
    by_person = [each for each in into if each.origin == "person"]
    return next(iter([*by_person, *into]), None)


def _languages(at: AtHand) -> list[Choice]:
    overview = figures.overview(db.session, at.study)
    named = [
        {"value": code, "label": figure_words.language_name(code)} for code in overview.languages
    ]
    return sorted(named, key=lambda each: each["label"].casefold())


def _statuses() -> list[Choice]:
    words = {
        "content": gettext("With content"),
        "without_theme": gettext("With content, in no theme"),
        # Translators: answers with a statement whose theme the machine is not sure of
        "uncertain": gettext("The machine is not sure"),
        "campaign": gettext("Letters that many people sent"),
        "no_content": gettext("Without content, such as “n/a”"),
        # Translators: answers that say nothing about a subject, such as "yes" or "thanks"
        "unclear": gettext("Without a subject, such as “yes”"),
    }
    return [{"value": name, "label": words[name]} for name in words]
