"""Sheets of translated answers that come back: what they would bring, and taking them."""

from contextlib import closing
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.drafting.kinds import MEGABYTE
from consult.forms import translation_file_words as file_words
from consult.forms.translating_words import language_name
from consult.languages import direction
from consult.models import AnswerSheet
from consult.services import access
from consult.services.reading import sheets
from consult.services.reading.redacted import MARKER
from consult.services.reading.sheets import Fate
from consult.translation_files.entries import LARGEST
from consult.translation_files.faults import TranslationFileError
from consult.translation_files.reading import read
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page
from consult.views.staff.responses.at_hand import document_of, stored, text_question_label
from consult.views.staff.responses.translations import (
    RULE,
    Errors,
    language_into,
    translations_page,
)
from consult.views.staff.typed import line as typed_line

MOST_LISTED = 100
"""Rows of a sheet that its report lists for each fate."""

LONGEST_TRANSLATOR = 200


@for_staff(f"{RULE}/sheet", roles=access.ANALYSTS, methods=("POST",), largest=LARGEST + MEGABYTE)
def bring_back_answers(question: str) -> ResponseReturnValue:
    """Read a sheet, and show what it would bring. Nothing is written yet."""
    consultation = stored()
    document = document_of(consultation)
    text_question_label(document, question)
    file = request.files.get("file")
    if file is None or not file.filename:
        return translations_page(question, [("file", gettext("Choose a file."))]), 422
    with closing(file):  # a large one lies in a temporary file
        content = file.stream.read(LARGEST + 1)
    try:
        brought = read(file.filename, content)
        with unit_of_work(db.session):
            held = sheets.hold(
                db.session, consultation, question, language_into(document), brought,
                name=file.filename, actor=actor(), now=now(),
            )  # fmt: skip
            sheet_id = held.id
    except TranslationFileError as error:
        return translations_page(question, [("file", file_words.fault_sentence(error))]), 422
    return redirect(page("answer_sheet", question=question, sheet_id=sheet_id), 303)


@for_staff(f"{RULE}/sheet/<uuid:sheet_id>", roles=access.ANALYSTS)
def answer_sheet(question: str, sheet_id: UUID) -> ResponseReturnValue:
    """What a sheet would bring."""
    try:
        held = sheets.find(db.session, stored(), question, sheet_id)
    except sheets.NoSuchSheet:
        return _gone(question)
    return _report(held)


@for_staff(f"{RULE}/sheet/<uuid:sheet_id>", roles=access.ANALYSTS, methods=("POST",))
def take_answer_sheet(question: str, sheet_id: UUID) -> ResponseReturnValue:
    """Take a sheet's translations in the translator's name, or put it away."""
    consultation = stored()
    try:
        held = sheets.find(db.session, consultation, question, sheet_id)
    except sheets.NoSuchSheet:
        return _gone(question)
    into = held.language
    if request.form.get("do") == "put_away":
        with unit_of_work(db.session):
            sheets.put_away(db.session, held)
        flash(gettext("The file is put away. Nothing was changed."))
        return redirect(page("answer_translations", question=question, into=into), 303)
    translator = typed_line("translator", LONGEST_TRANSLATOR)
    if not translator:
        sentence = gettext("Write the name of the person who translated")
        return _report(held, [("translator", sentence)]), 422
    try:
        with unit_of_work(db.session):
            count = sheets.apply(
                db.session, consultation, question, sheet_id,
                state=request.form.get("state", ""),
                translator=translator,
                with_lost_markers=request.form.get("lost") == "yes",
                actor=actor(),
                now=now(),
            )  # fmt: skip
    except sheets.NoSuchSheet:
        return _gone(question)
    except sheets.PlanChanged:
        sentence = gettext(
            "Answers or their translations changed while you looked at the report. It shows now "
            "what the file would bring: look at it once more."
        )
        return _report(held, [(None, sentence)]), 422
    flash(ngettext("%(num)s translation is brought in.",
                   "%(num)s translations are brought in.", count))  # fmt: skip
    return redirect(page("answer_translations", question=question, into=into), 303)


def fate_words(fate: Fate) -> str:
    """What would become of rows, as a heading."""
    return {
        # Translators: rows of a sheet whose translations fill a gap
        Fate.NEW: gettext("New"),
        # Translators: rows of a sheet whose translations replace others by a person
        Fate.CHANGED: gettext("Changed"),
        Fate.UNCHANGED: gettext("Unchanged"),
        # Translators: rows of a sheet that the translator left empty
        Fate.EMPTY: gettext("Empty"),
        Fate.MARKER_LOST: gettext("Hidden words not marked"),
        # Translators: the answer is not any more as it was when the sheet was made
        Fate.OUTDATED: gettext("Answer changed since"),
        Fate.UNKNOWN: gettext("Fits no answer"),
    }[fate]


def fate_sentence(fate: Fate) -> str:
    """What is done with such rows, and why; nothing where the heading says it."""
    sentences = {
        Fate.CHANGED: gettext("They replace translations by a person that are there."),
        Fate.MARKER_LOST: gettext(
            "The answer has the sign %(marker)s where words are hidden, and the translation has "
            "not. Such rows are left out, unless you tick them below.",
            marker=MARKER,
        ),
        Fate.OUTDATED: gettext(
            "Words of the answer were hidden or shown since the file was made, so the translation "
            "may hold what is hidden now. It is left out: send the answer out once more."
        ),
        Fate.UNKNOWN: gettext(
            "The row names no answer to this question that counts: it may have been withdrawn or "
            "left out, or the first column was changed. It is left out."
        ),
    }
    return sentences.get(fate, "")


def _gone(question: str) -> ResponseReturnValue:
    flash(gettext("This file was brought in or put away already. Nothing was brought in twice."))
    return redirect(page("answer_translations", question=question), 303)


def _report(held: AnswerSheet, errors: Errors | None = None) -> str:
    consultation = stored()
    plan = sheets.plan(db.session, consultation, held)
    return render_template(
        "staff/responses/sheet.html",
        page_title=gettext("What the file would bring"),
        errors=errors or [],
        error_of=dict(errors or []),
        held=held,
        question=held.question_key,
        label=text_question_label(document_of(consultation), held.question_key),
        counts=plan.counts,
        state=plan.state,
        lists=[
            (fate, plan.of(fate)[:MOST_LISTED]) for fate in plan.counts if fate is not Fate.EMPTY
        ],
        lost=len(plan.of(Fate.MARKER_LOST)),
        takes_lost=request.form.get("lost") == "yes",
        translator=request.form.get("translator", ""),
        opened=(Fate.MARKER_LOST, Fate.OUTDATED, Fate.UNKNOWN),
        fate_words=fate_words,
        fate_sentence=fate_sentence,
        language_name=language_name,
        direction=direction,
    )
