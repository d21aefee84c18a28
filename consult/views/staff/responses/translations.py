"""Answers to a question in other languages: how far they are, out to translators, by machine."""

from io import BytesIO

from flask import abort, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.drafting.kinds import MEGABYTE
from consult.forms.translating_words import language_name
from consult.jobs import answer_drafts
from consult.languages import direction
from consult.models import Consultation
from consult.services import access, audit
from consult.services.reading import translating_answers
from consult.services.reading.redacted import MARKER
from consult.services.reading.translating_answers import Original
from consult.translation_files.csv_files import write_csv
from consult.translation_files.entries import LARGEST, MOST_ENTRIES, Entry, Outgoing
from consult.translation_files.xlsx_writing import too_long, write_xlsx
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, settings, workspace
from consult.views.staff.responses.at_hand import document_of, stored, text_question_label
from consult.views.staff.translating_files import MIME_TYPES

Errors = list[tuple[str | None, str]]

KINDS = ("xlsx", "csv")

RULE = "/consultations/<slug>/answer-translations/<question>"


@for_staff(RULE, roles=access.ANALYSTS)
def answer_translations(question: str) -> ResponseReturnValue:
    """How many answers are in which language, and how many of them are translated."""
    return translations_page(question)


@for_staff(f"{RULE}/sheet/<code>.<kind>", roles=access.ANALYSTS)
def send_out_answers(question: str, code: str, kind: str) -> ResponseReturnValue:
    """A sheet of the answers in one language that no person has translated."""
    consultation = stored()
    document = document_of(consultation)
    text_question_label(document, question)
    into = language_into(document)
    waiting = translating_answers.without_person(db.session, consultation, question, code, into)
    if kind not in KINDS or code == into or not waiting:
        abort(404)
    file = _outgoing(document, code, into, waiting[:MOST_ENTRIES])
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor(),
            action="answers sent out",
            subject=workspace().slug,
            now=now(),
            question=question,
            language=code,
            answers=min(len(waiting), MOST_ENTRIES),
        )
    content = write_csv(file) if kind == "csv" else write_xlsx(file, _guidance(file))
    name = f"{workspace().slug}-{question}-{code}-{into}.{kind}"
    return send_file(
        BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name
    )


@for_staff(f"{RULE}/machine", roles=access.ANALYSTS, methods=("POST",))
def draft_answers(question: str) -> ResponseReturnValue:
    """Ask for machine drafts of all answers that have no translation, as a job."""
    document = document_of(stored())
    text_question_label(document, question)
    if settings().translate_url is None:
        sentence = gettext("Machine drafts are switched off here, so nothing was drafted.")
        return translations_page(question, [(None, sentence)]), 422
    with unit_of_work(db.session):
        asked = answer_drafts.ask(
            db.session,
            workspace().slug,
            question,
            language_into(document),
            actor=actor(),
            now=now(),
        )
        job_id = asked.id
    return redirect(page("job", job_id=job_id), 303)


def translations_page(question: str, errors: Errors | None = None) -> str:
    """The page of a question's answers in other languages."""
    consultation: Consultation = stored()
    document = document_of(consultation)
    into = language_into(document)
    counts = translating_answers.counts(db.session, consultation, question, into)
    others = [count for count in counts if count.language != into]
    return render_template(
        "staff/responses/translations.html",
        page_title=gettext("Translations of answers"),
        label=text_question_label(document, question),
        errors=errors or [],
        error_of=dict(errors or []),
        question=question,
        into=into,
        targets=[{"value": each, "label": language_name(each)} for each in document.languages],
        as_they_are=sum(count.answers for count in counts if count.language == into),
        others=others,
        by_person=sum(count.by_person for count in others),
        by_machine=sum(count.by_machine for count in others),
        without=sum(count.without for count in others),
        kinds=KINDS,
        megabytes=LARGEST // MEGABYTE,
        marker=MARKER,
        machine_on=settings().translate_url is not None,
        language_name=language_name,
    )


def language_into(document: Document) -> str:
    """The language that answers are translated into: the consultation's own, unless chosen."""
    chosen = request.values.get("into", "")
    return chosen if chosen in document.languages else document.source_language


def _outgoing(document: Document, code: str, into: str, waiting: list[Original]) -> Outgoing:
    return Outgoing(
        project=workspace().slug,
        title=str(document.title),
        source_language=code,
        language=into,
        direction=direction(into),
        digest="",
        entries=tuple(
            Entry(
                path=answer.answer_id.hex,
                where=gettext("Answer %(number)s", number=number),
                source=answer.text,
                translation="",
                notes=_notes(answer),
                mark=answer.mark,
            )
            for number, answer in enumerate(waiting, start=1)
        ),
    )


def _notes(answer: Original) -> tuple[str, ...]:
    if MARKER not in answer.text:
        return ()
    return (gettext("Words are hidden where %(marker)s stands. Keep the sign.", marker=MARKER),)


def _guidance(file: Outgoing) -> list[str]:
    """What a translator reads on the workbook's second sheet."""
    found = [
        file.title,
        gettext(
            "These are answers of residents. Write your translation into the column "
            "“translation”, and nothing else. The grey columns tell us which answer it belongs "
            "to: leave them as they are."
        ),
        gettext("Translate what a person says as they say it, mistakes and anger too."),
        gettext("Words are hidden where %(marker)s stands. Keep the sign.", marker=MARKER),
        gettext("Keep these words to yourself, and delete the file when you have sent it back."),
    ]
    left_out = too_long(file)
    if left_out:
        found.append(
            gettext("These answers are too long for a cell. Ask the council for them as a table:")
        )
        found.extend(entry.where for entry in left_out)
    return found
