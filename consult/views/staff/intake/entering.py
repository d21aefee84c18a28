"""A response that came as an e-mail, a letter, a call or a paper form, entered by hand."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID, uuid4

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.model import Question
from consult.document.texts import localised
from consult.forms.editing.fields import Fields
from consult.forms.faults import field_id, sentence
from consult.forms.translating_words import language_name
from consult.i18n import local_date, page_language
from consult.services import access
from consult.services.answering import Fault, keep_typed, read_answer
from consult.services.intake import by_hand
from consult.services.intake.by_hand import DayFault, Entry, NoAnswers, WrongDay
from consult.services.journey import Value
from consult.services.responses import ResponseConflict, Withdrawn
from consult.views.residents.choices import Choice, choices_for
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, settings, workspace
from consult.views.staff.intake.at_hand import document

Typed = dict[str, list[str]]


@for_staff("/consultations/<slug>/responses/add", roles=access.EDITORS)
def add_response() -> ResponseReturnValue:
    """The form: where it came from, and all questions on one page."""
    fields = Fields({"entry": [str(uuid4())]})
    at_hand = document()
    fields.fill("language", at_hand.source_language)
    kind = request.args.get("kind", "")
    if kind in by_hand.CHANNELS:
        fields.fill("kind", kind)
    return _form(at_hand, fields, {})


@for_staff("/consultations/<slug>/responses/add", roles=access.EDITORS, methods=("POST",))
def save_response() -> ResponseReturnValue:
    """Store the response, or show the form again with all that was typed."""
    fields = Fields({name: request.form.getlist(name) for name in request.form})
    at_hand = document()
    typed = {question.key: _typed(question) for question in at_hand.questions}
    answers = _answers(at_hand, typed, fields)
    entry = _entry(fields, at_hand, answers)
    if entry is None or fields.errors:
        return _form(at_hand, fields, typed), 422
    try:
        with unit_of_work(db.session):
            by_hand.add(
                db.session,
                workspace().slug,
                entry,
                secret_key=settings().secret_key,
                actor=actor(),
                now=now(),
            )
    except WrongDay as wrong:
        fields.refuse("received_on", day_sentence(wrong), "received_on-day")
    except NoAnswers:
        fields.refuse("answers", gettext("Enter an answer to at least one question."), "questions")
    except (ResponseConflict, Withdrawn):
        fields.fill("entry", str(uuid4()))
        fields.refuse(
            "entry",
            gettext(
                "This form was sent before with other answers, and those are stored. Send it "
                "again only if it is another person’s response."
            ),
            "questions",
        )
    if fields.errors:
        return _form(at_hand, fields, typed), 422
    flash(gettext("The response is stored."))
    if fields.typed("do") == "another":
        return redirect(page("add_response", kind=entry.kind), 303)
    return redirect(page("import_responses"), 303)


def _typed(question: Question) -> Typed:
    """The fields of one question; on this page each name begins with the question's key."""
    start = f"{question.key}."
    named = {
        name.removeprefix(start): request.form.getlist(name)
        for name in request.form
        if name.startswith(start)
    }
    return keep_typed(named)


def _answers(at_hand: Document, typed: Mapping[str, Typed], fields: Fields) -> dict[str, Value]:
    """The answers; nobody on paper is made to answer, and what is wrong is said."""
    found: dict[str, Value] = {}
    for question in at_hand.questions:
        reading = read_answer(
            question.model_copy(update={"required": False}), at_hand, typed[question.key]
        )
        for problem in reading.problems:
            words = sentence(problem)
            if problem.fault is Fault.TOO_LONG:
                words = gettext(
                    "This answer is too long: we can take up to %(limit)s characters. Put the "
                    "rest into another question that asks for words.",
                    limit=problem.figures["limit"],
                )
            name = f"{question.key}.{field_id(problem)}"
            fields.refuse(name, words)
        if reading.value is not None:
            found[question.key] = reading.value
    return found


def _entry(fields: Fields, at_hand: Document, answers: Mapping[str, Value]) -> Entry | None:
    kind, language = fields.typed("kind"), fields.typed("language")
    source = fields.line("source")
    if kind not in by_hand.CHANNELS:
        fields.refuse("kind", gettext("Say how it came."))
    if source is None:
        fields.refuse("source", gettext("Say where it can be found, such as: letter of 3 May."))
    elif len(source) > by_hand.LONGEST_SOURCE:
        fields.refuse(
            "source",
            gettext("Write at most %(limit)s characters", limit=by_hand.LONGEST_SOURCE),
        )
    day = fields.day("received_on")
    if day is None and "received_on" not in fields.errors:
        fields.refuse(
            "received_on", gettext("Write the day, the month and the year"), "received_on-day"
        )
    if language not in at_hand.languages:
        fields.refuse("language", gettext("Choose the language that it is in."))
    try:
        entry_id = UUID(fields.typed("entry"))
    except ValueError:
        entry_id = uuid4()
    if source is None or day is None or fields.errors:
        return None
    return Entry(entry_id, kind, source, date.fromisoformat(day), language, answers)


def day_sentence(wrong: WrongDay) -> str:
    """Why a response cannot be of that day."""
    match wrong.fault:
        case DayFault.FUTURE:
            return gettext("This day is still to come.")
        case DayFault.BEFORE_OPENING:
            return gettext(
                "The consultation opened on %(day)s, after this day. Check the date.",
                day=local_date(wrong.limit),
            )
        case DayFault.AFTER_CLOSING:
            return gettext(
                "The consultation closed on %(day)s. What came after it does not count. If it was "
                "posted in time, give the day of the postmark.",
                day=local_date(wrong.limit),
            )


def _form(at_hand: Document, fields: Fields, typed: Mapping[str, Typed]) -> str:
    shown = localised(at_hand, page_language())
    errors = {
        question.key: next(
            (
                message
                for name, message in fields.errors.items()
                if name.startswith(f"{question.key}.") and ".other-" not in name
            ),
            None,
        )
        for question in shown.questions
    }
    return render_template(
        "staff/intake/add.html",
        page_title=gettext("Enter a response"),
        errors=fields.error_list(),
        fields=fields,
        questions=shown.questions,
        typed=typed,
        errors_by_question=errors,
        choices={
            question.key: _choices(question, shown, typed, fields) for question in shown.questions
        },
        languages=[{"value": code, "label": language_name(code)} for code in at_hand.languages],
        kinds=_kinds(),
    )


def _choices(
    question: Question, shown: Document, typed: Mapping[str, Typed], fields: Fields
) -> list[Choice]:
    start = f"{question.key}."
    errors = {
        name.removeprefix(start): message
        for name, message in fields.errors.items()
        if name.startswith(start)
    }
    found = choices_for(question, shown, typed.get(question.key, {}), errors)
    return [
        each
        if each.other_name is None
        else Choice(
            value=each.value,
            label=each.label,
            hint=each.hint,
            exclusive=each.exclusive,
            divider=each.divider,
            other_name=f"{start}{each.other_name}",
            other_label=each.other_label,
            other_value=each.other_value,
            other_error=each.other_error,
        )
        for each in found
    ]


def _kinds() -> list[dict[str, str]]:
    return [
        # Translators: a way in which a response came to the council
        {"value": "email", "label": gettext("E-mail")},
        # Translators: a way in which a response came to the council
        {"value": "letter", "label": gettext("Letter")},
        # Translators: a way in which a response came to the council
        {"value": "phone", "label": gettext("Phone call")},
        # Translators: a way in which a response came: the council's questions on paper
        {"value": "paper_form", "label": gettext("Paper form")},
    ]
