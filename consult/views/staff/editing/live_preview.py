"""What residents would see of a part: their own pages, filled with what is written so far.

The pages stand in a frame beside the form. They are made from saved words, or from what a form
holds at the moment; nothing is stored. Buttons in the frame do nothing.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh

from consult.db import db
from consult.document.model import Consultation as Document
from consult.document.model import Question, QuestionKind
from consult.document.texts import localised
from consult.forms.editing.fields import Fields
from consult.forms.editing.parts import (
    ContactForm,
    PartForm,
    PrivacyForm,
    SectionForm,
    WordsForm,
)
from consult.forms.editing.questions import QuestionForm
from consult.i18n import LanguageLink
from consult.languages import direction, native_name
from consult.security import let_be_framed
from consult.services import access, journey, postcodes, previewing
from consult.services.timing import Phase
from consult.views.residents.choices import choices_for, other_words_label
from consult.views.residents.reading import DEPTHS, section_page
from consult.views.staff.audience import for_staff
from consult.views.staff.current import page, settings, workspace

PREVIEW_FIELDS = ("preview_in", "preview_depth")
"""What an officer chooses for the frame: a language, and how much of a section."""

NEW = "-"
"""In an address: a section or a question that is not saved yet."""

NEW_KEY = "not_saved_yet"

NOWHERE = "#main"
"""Where links lead whose pages have no preview."""

PAGES = ("start", "about-you", "help", "privacy", "section", "question")


@dataclass(frozen=True)
class Preview:
    """The frame beside a form."""

    address: str
    """Of the page in the frame; the form's fields can be sent there too."""
    languages: list[tuple[str, str]]
    language: str
    depths: bool = False
    depth: str = "short"


def preview_of(name: str, key: str | None = None) -> Preview:
    """The frame for one of residents' pages, in the language that was chosen for it."""
    content = workspace().content
    known = dict.fromkeys([content["source_language"], *content["languages"]])
    codes = [code for code in known if code in settings().languages] or list(known)
    chosen = request.values.get("preview_in", "")
    return Preview(
        address=page("preview_page", name=name, key=key or NEW),
        languages=[(code, native_name(code)) for code in codes],
        language=chosen if chosen in codes else codes[0],
        depths=name == "section",
        depth=_depth(),
    )


@for_staff("/consultations/<slug>/as-residents/<name>/<key>", roles=access.READERS)
def preview_page(name: str, key: str) -> ResponseReturnValue:
    """A page as residents would see it, of what is saved."""
    return _show(name, key, workspace().content)


@for_staff(
    "/consultations/<slug>/as-residents/<name>/<key>", roles=access.READERS, methods=("POST",)
)
def preview_typed(name: str, key: str) -> ResponseReturnValue:
    """A page as residents would see it, of what a form holds and nobody has saved."""
    if name not in PAGES:
        abort(404)
    form = _form_of(name, key)
    fields = Fields(request.form.to_dict(flat=False))
    content: dict[str, Any] = deepcopy(workspace().content)
    field_name, _, item_key = form.part.partition(".")
    items = content.get(field_name) if item_key else None
    if items is None:
        value = form.read(fields, content.get(field_name) or {})
        content.update(value if field_name == "words" else {field_name: value})
    else:
        at = next((i for i, item in enumerate(items) if item["key"] == item_key), len(items))
        items[at : at + 1] = [form.read(fields, items[at] if at < len(items) else {})]
    return _show(name, key, content)


def _form_of(name: str, key: str) -> PartForm:
    match name:
        case "start" | "about-you":
            return WordsForm()
        case "help":
            return ContactForm()
        case "privacy":
            return PrivacyForm()
        case "section":
            return SectionForm(NEW_KEY if key == NEW else key)
        case _:
            kind = request.form.get("kind", "")
            return QuestionForm(
                NEW_KEY if key == NEW else key,
                kind if kind in set(QuestionKind) else QuestionKind.LONG_TEXT,
            )


def _show(name: str, key: str, content: Mapping[str, Any]) -> ResponseReturnValue:
    let_be_framed()
    if name not in PAGES:
        abort(404)
    wanted = request.values.get("preview_in", "")
    document = previewing.document_in(db.session, workspace(), content, wanted)
    languages = [code for code in document.languages if code in settings().languages]
    language = wanted if wanted in languages else document.source_language
    item = NEW_KEY if key == NEW else key
    g.staff_language = g.page_language
    g.page_language = language
    g.consultation_timezone = document.timezone
    refresh()
    shown = localised(document, language)
    frame = _frame(name, key, shown, languages)
    match name:
        case "start":
            return _start_page(document, frame)
        case "about-you":
            return render_template(
                "residents/about_you.html",
                page_title=gettext("About you"),
                back=NOWHERE,
                **frame,
            )
        case "help":
            return render_template("residents/help.html", page_title=gettext("Help"), **frame)
        case "privacy":
            title = gettext("How your answers are used")
            return render_template("residents/privacy.html", page_title=title, **frame)
        case "section":
            section = shown.section(item)
            if section is None:
                return _nothing_to_show(frame)
            return section_page(shown, section, _depth(), **frame)
        case _:
            return _question_page(document, shown, item, frame)


def _frame(name: str, key: str, shown: Document, languages: list[str]) -> dict[str, Any]:
    """What residents' pages say around their own matter; links lead to other previews."""
    language = g.page_language

    def preview(other: str, other_key: str = NEW, **values: Any) -> str:
        return url_for(
            "staff.preview_page",
            language=g.staff_language,
            slug=workspace().slug,
            name=other,
            key=other_key,
            **{"preview_in": language, **values},
        )

    def inside(endpoint: str, **values: Any) -> str:
        match endpoint:
            case "draft_section":
                depth = values.get("depth", "short")
                return preview("section", values["section_key"], preview_depth=depth)
            case "question":
                return preview("question", values["key"])
            case "start" | "privacy":
                return preview(endpoint)
            case "help_page":
                return preview("help")
            case _:
                return NOWHERE

    return {
        "consultation": shown,
        "council_name": shown.asked_by,
        "consultation_title": shown.title,
        "consultation_url": preview("start"),
        "is_illustration": shown.illustration,
        "page": inside,
        "links": {"help": preview("help"), "privacy": preview("privacy")},
        "signed_in": None,
        "language_links": [
            LanguageLink(
                code,
                native_name(code),
                direction(code),
                preview(name, key, preview_in=code, preview_depth=_depth()),
                code == language,
            )
            for code in languages
        ],
    }


def _start_page(document: Document, frame: dict[str, Any]) -> str:
    return render_template(
        "residents/start.html",
        page_title=gettext("Start"),
        phase=Phase.OPEN,
        Phase=Phase,
        minutes=journey.minutes_needed(document),
        draft=None,
        has_sent=False,
        **frame,
    )


def _question_page(document: Document, shown: Document, key: str, frame: dict[str, Any]) -> str:
    question = shown.question(key)
    if question is None:
        return _nothing_to_show(frame)
    asked = [each for each in document.questions if each.key == key or not each.show_if]
    section = shown.section(question.section) if question.section else None
    return render_template(
        "residents/question.html",
        page_title=str(question.label),
        question=question,
        section=section,
        section_is_new=section is not None and _is_first_of_section(question, asked),
        place=journey.place_of(question, asked),
        choices=choices_for(question, shown, {}, {}),
        other_label=other_words_label(),
        typed={},
        errors=[],
        error=None,
        postcode_error=None,
        postcode="",
        has_postcodes=question.kind is QuestionKind.WARD and postcodes.is_loaded(db.session),
        found_ward=False,
        back=NOWHERE,
        from_check=False,
        **frame,
    )


def _is_first_of_section(question: Question, asked: list[Question]) -> bool:
    return next(q.key for q in asked if q.section == question.section) == question.key


def _nothing_to_show(frame: dict[str, Any]) -> str:
    return render_template(
        "staff/editing/no_preview.html", page_title=gettext("Nothing to show yet"), **frame
    )


def _depth() -> str:
    wanted = request.values.get("preview_depth", "")
    return wanted if wanted in DEPTHS else DEPTHS[0]
