"""Typing in what came back: the number first, then the whole form on one page."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from markupsafe import Markup

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.forms.editing.fields import Fields
from consult.forms.faults import field_id, sentence
from consult.forms.translating_words import language_name
from consult.i18n import page_language, said
from consult.models import PaperForm
from consult.services import access, codes
from consult.services.answering import Fault, keep_typed, read_answer
from consult.services.assisting import paper
from consult.services.assisting.paper import Difference, EnteredBefore, Entry
from consult.services.intake.by_hand import NoAnswers, WrongDay
from consult.services.journey import Value
from consult.services.responses import Withdrawn
from consult.services.timing import TooLate
from consult.views.residents.choices import shown_answer
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, settings
from consult.views.staff.intake.entering import day_sentence
from consult.views.staff.paper.desks import OFFICERS, PARTNERS, Desk, officers, partners
from consult.views.staff.paper.digits import NotUnderstood, Typed, fields_of
from consult.views.staff.paper.sheets import Asked, asked_on

ENTER = "enter"


@for_staff(f"{OFFICERS}/{ENTER}", roles=access.EDITORS)
def number_paper() -> ResponseReturnValue:
    """Ask for the number on a form."""
    return _ask_for_number(officers())


@for_staff(f"{PARTNERS}/{ENTER}")
def number_session_paper(session_id: UUID) -> ResponseReturnValue:
    """Ask for the number on a form of a session."""
    return _ask_for_number(partners(session_id))


@for_staff(f"{OFFICERS}/{ENTER}", roles=access.EDITORS, methods=("POST",))
def look_up_paper() -> ResponseReturnValue:
    """Lead to the form of a number."""
    return _look_up(officers())


@for_staff(f"{PARTNERS}/{ENTER}", methods=("POST",))
def look_up_session_paper(session_id: UUID) -> ResponseReturnValue:
    """Lead to the form of a number, if it is the session's."""
    return _look_up(partners(session_id))


@for_staff(f"{OFFICERS}/<uuid:form_id>", roles=access.EDITORS)
def enter_paper(form_id: UUID) -> ResponseReturnValue:
    """The page on which a form is typed in."""
    return _first(officers(), form_id)


@for_staff(f"{PARTNERS}/<uuid:form_id>")
def enter_session_paper(session_id: UUID, form_id: UUID) -> ResponseReturnValue:
    """The page on which a form of a session is typed in."""
    return _first(partners(session_id), form_id)


@for_staff(f"{OFFICERS}/<uuid:form_id>", roles=access.EDITORS, methods=("POST",))
def save_paper(form_id: UUID) -> ResponseReturnValue:
    """Store a form."""
    return _save(officers(), form_id)


@for_staff(f"{PARTNERS}/<uuid:form_id>", methods=("POST",))
def save_session_paper(session_id: UUID, form_id: UUID) -> ResponseReturnValue:
    """Store a form of a session."""
    return _save(partners(session_id), form_id)


# --- The number ----------------------------------------------------------------------------


def _ask_for_number(desk: Desk) -> ResponseReturnValue:
    if desk.stored is None:  # the page of forms says that there are none yet
        return redirect(desk.page("forms"), 303)
    return _number_page(desk)


def _number_page(desk: Desk, error: str | None = None, typed: str = "") -> str:
    return render_template(
        "staff/paper/number.html",
        page_title=gettext("Type in a paper form"),
        desk=desk,
        errors=[("form_number", error)] if error else [],
        error=error,
        typed=typed,
    )


def _look_up(desk: Desk) -> ResponseReturnValue:
    typed = request.form.get("form_number", "")
    try:
        found = paper.find_by_number(db.session, desk.opened(), typed, held=desk.held)
    except codes.MistypedCode:
        error = gettext(
            "Type the 8 figures that stand at the top of the form; one of them may be wrong."
        )
    except paper.UnknownForm:
        error = (
            gettext("No form of this session has that number. Check the figures with the form.")
            if desk.held
            else gettext(
                "No form of this consultation has that number. Check the figures with the form."
            )
        )
    else:
        return redirect(desk.page("enter", found), 303)
    return _number_page(desk, error, typed), 422


# --- The form ------------------------------------------------------------------------------


def _first(desk: Desk, form_id: UUID) -> ResponseReturnValue:
    form = desk.form(form_id)
    fields = Fields({"language": [form.language]})
    return _page(desk, form, paper.document_of(db.session, form), fields, {})


def _save(desk: Desk, form_id: UUID) -> ResponseReturnValue:
    form = desk.form(form_id)
    document = paper.document_of(db.session, form)
    fields = Fields({name: request.form.getlist(name) for name in request.form})
    typed = {question.key: _typed(question.key) for question in document.questions}
    answers = _answers(document, typed, fields)
    entry = _entry(fields, document, answers)
    if entry is None or fields.errors:
        return _page(desk, form, document, fields, typed), 422
    if fields.typed("do") != "store":
        return _page(desk, form, document, fields, typed, is_checked=True)
    try:
        with unit_of_work(db.session):
            repeated = paper.enter(
                db.session,
                desk.opened(),
                form,
                entry,
                secret_key=settings().secret_key,
                actor=actor(),
                now=now(),
            )
    except WrongDay as wrong:
        fields.refuse("filled_on", day_sentence(wrong), "filled_on-day")
    except NoAnswers:
        fields.refuse("answers", gettext("Type the answer to at least one question."), "questions")
    except Withdrawn:
        fields.refuse(
            "form",
            gettext("The person has withdrawn this response, so it is not stored again."),
            "questions",
        )
    except TooLate:
        fields.refuse(
            "form",
            gettext("The consultation takes nothing more, late answers neither."),
            "questions",
        )
    except EnteredBefore as before:
        _say_entered_before(before, fields)
        return _page(desk, form, document, fields, typed, differences=before.differences), 409
    else:
        flash(_stored_words(len(entry.answers), repeated=repeated))
        return redirect(desk.page("number"), 303)
    return _page(desk, form, document, fields, typed), 422


def _stored_words(count: int, *, repeated: bool) -> str:
    if repeated:
        return gettext("This form was stored before with the same answers; it counts once.")
    return ngettext(
        "The form is stored with %(num)s answer. Type the number of the next one.",
        "The form is stored with %(num)s answers. Type the number of the next one.",
        count,
    )


def _say_entered_before(before: EnteredBefore, fields: Fields) -> None:
    if before.differences is None:
        message = gettext(
            "This form was typed in before, and its person has changed the answers since with "
            "the code. Theirs stand; nothing was changed."
        )
        fields.refuse("form", message, "questions")
    elif not before.differences:
        message = gettext(
            "This form was typed in before, and more was stored then. None of the answers that "
            "you have typed differs; nothing was changed."
        )
        fields.refuse("form", message, "questions")
    else:
        message = gettext(
            "This form was typed in before with other answers. Those stand; nothing was changed. "
            "The differences are listed below."
        )
        fields.refuse("form", message, "differences")


def _typed(key: str) -> Typed:
    """The fields of one question; on this page each name begins with the question's key."""
    start = f"{key}."
    return keep_typed(
        {
            name.removeprefix(start): request.form.getlist(name)
            for name in request.form
            if name.startswith(start)
        }
    )


def _answers(document: Document, typed: Mapping[str, Typed], fields: Fields) -> dict[str, Value]:
    """The answers; nobody on paper is made to answer, and what is wrong is said."""
    found: dict[str, Value] = {}
    for asked in asked_on(localised(document, page_language())):
        question = document.question(asked.question.key)
        assert question is not None  # noqa: S101 - the same document in another language
        try:
            named = fields_of(asked, typed[question.key])
        except NotUnderstood as fault:
            fields.refuse(f"{question.key}.answer", str(fault))
            continue
        optional = question.model_copy(update={"required": False})
        reading = read_answer(optional, document, named)
        for problem in reading.problems:
            words = sentence(problem)
            if problem.fault is Fault.TOO_LONG:
                words = gettext(
                    "This answer is too long: we can take up to %(limit)s characters. Put the "
                    "rest into another question that asks for words.",
                    limit=problem.figures["limit"],
                )
            name = f"{question.key}.{field_id(problem)}"
            at = (
                f"{question.key}.rank-{question.options[0].key}" if name.endswith(".rank") else None
            )
            fields.refuse(name, words, at)
        if reading.value is not None:
            found[question.key] = reading.value
    return found


def _entry(fields: Fields, document: Document, answers: Mapping[str, Value]) -> Entry | None:
    language = fields.typed("language")
    day = fields.day("filled_on")
    if day is None and "filled_on" not in fields.errors:
        fields.refuse(
            "filled_on", gettext("Write the day, the month and the year"), "filled_on-day"
        )
    if language not in document.languages:
        fields.refuse("language", gettext("Choose the language that the person wrote in."))
    if day is None:
        return None
    return Entry(date.fromisoformat(day), language, answers, fields.ticked("interpreted"))


def _page(
    desk: Desk,
    form: PaperForm,
    document: Document,
    fields: Fields,
    typed: Mapping[str, Typed],
    *,
    differences: tuple[Difference, ...] | None = None,
    is_checked: bool = False,
) -> str:
    shown = localised(document, page_language())
    return render_template(
        "staff/paper/enter.html",
        page_title=gettext("Type in a paper form"),
        desk=desk,
        form=form,
        fields=fields,
        errors=fields.error_list(),
        asked=asked_on(shown),
        typed=typed,
        choices_hint=_choices_hint,
        areas=[area.name for area in shown.areas],
        is_entered=paper.response_of(db.session, form) is not None,
        is_checked=is_checked,
        differences=[_told(each, shown) for each in differences or ()],
        number=codes.format_code(form.number),
        form_language=language_name(form.language),
        languages=[{"value": code, "label": language_name(code)} for code in document.languages],
    )


def _choices_hint(asked: Asked) -> Markup | None:
    """The numbers of the answers with their words, as they stand on the form."""
    if not asked.is_chosen:
        return None
    return Markup(" · ").join(
        Markup("{} = {}").format(number, said(choice.label))
        for number, choice in enumerate(asked.choices, start=1)
    )


def _told(each: Difference, shown: Document) -> tuple[str, list[str], list[str]]:
    question = shown.question(each.question)
    assert question is not None  # noqa: S101 - differences are of the form's questions
    return (
        question.label,
        shown_answer(each.stored, question, shown),
        shown_answer(each.typed, question, shown),
    )
