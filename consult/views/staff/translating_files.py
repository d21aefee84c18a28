"""A language as a whole: files for translators, machine drafts, approving everything."""

from collections.abc import Iterable
from io import BytesIO

from flask import abort, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.drafting.kinds import MEGABYTE
from consult.forms import translating_words as words
from consult.jobs import machine_drafts
from consult.languages import direction
from consult.services import (
    access,
    jobs,
    translating,
    translating_drafts,
    translating_plans,
    translating_saving,
)
from consult.services.translating import Line, Standing
from consult.translation_files.csv_files import write_csv
from consult.translation_files.entries import LARGEST, Entry, Outgoing
from consult.translation_files.po_writing import write_po
from consult.translation_files.reading import KINDS
from consult.translation_files.xlsx_writing import too_long, write_xlsx
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, settings, workspace
from consult.views.staff.translating import language_at_hand, reader_fields, reader_of

MIME_TYPES = {
    "po": "text/x-gettext-translation; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
Errors = list[tuple[str | None, str]]


@for_staff("/consultations/<slug>/translations/<code>/files", roles=access.READERS)
def translation_files(code: str) -> ResponseReturnValue:
    """What can be done with a language as a whole."""
    return files_page(language_at_hand(code))


@for_staff("/consultations/<slug>/translations/<code>/files/<kind>", roles=access.READERS)
def export_translations(code: str, kind: str) -> ResponseReturnValue:
    """A file for a translator: everything, or only what is left to do."""
    if kind not in KINDS:
        abort(404)
    lines = translating.lines(db.session, workspace(), language_at_hand(code))
    wanted = lines
    if request.args.get("texts") == "open":
        wanted = [line for line in lines if line.standing is not Standing.APPROVED]
    file = _outgoing(code, lines, wanted, kind)
    if kind == "po":
        content = write_po(file)
    elif kind == "csv":
        content = write_csv(file)
    else:
        content = write_xlsx(file, _guidance(file))
    name = f"{workspace().slug}-{code}.{kind}"
    return send_file(
        BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name
    )


@for_staff(
    "/consultations/<slug>/translations/<code>/approve", roles=access.EDITORS, methods=("POST",)
)
def approve_translations(code: str) -> ResponseReturnValue:
    """Approve every current translation of a language."""
    language = language_at_hand(code)
    reader = reader_of(language)
    if reader.problem is not None:
        return files_page(language, errors=[reader.problem]), 422
    try:
        with unit_of_work(db.session):
            count = translating_saving.approve_all(
                db.session, workspace().slug, language,
                state=request.form.get("state", ""), on_word_of=reader.on_word_of,
                actor=actor(), now=now(),
            )  # fmt: skip
    except translating_saving.LanguageChanged:
        sentence = gettext(
            "Somebody changed texts of this language since you opened the page, so nothing was "
            "approved. Look at the texts again, then approve them."
        )
        return files_page(language, errors=[(None, sentence)]), 422
    flash(ngettext("%(num)s translation is approved in your name.",
                   "%(num)s translations are approved in your name.", count))  # fmt: skip
    return redirect(page("translation_files", code=code), 303)


@for_staff(
    "/consultations/<slug>/translations/<code>/machine", roles=access.EDITORS, methods=("POST",)
)
def draft_translations(code: str) -> ResponseReturnValue:
    """Ask for machine drafts, as a job."""
    language = language_at_hand(code)
    if settings().translate_url is None:
        sentence = gettext("Machine drafts are switched off here, so nothing was drafted.")
        return files_page(language, errors=[(None, sentence)]), 422
    slug = workspace().slug
    with unit_of_work(db.session):
        asked = jobs.enqueue(
            db.session,
            machine_drafts.KIND,
            requested_by=actor(),
            now=now(),
            parameters={"language": language, "again": request.form.get("again") == "yes"},
            subject=slug,
            key=machine_drafts.key_of(slug, language),
        )
        job_id = asked.id
    return redirect(page("job", job_id=job_id), 303)


def files_page(code: str, errors: Errors | None = None) -> str:
    """The page of what can be done with a language as a whole."""
    lines = translating.lines(db.session, workspace(), code)
    return render_template(
        "staff/translating/files.html",
        # Translators: %(language)s is a language, such as: Urdu (اردو)
        page_title=gettext(
            "Files, machine drafts and approval: %(language)s", language=words.language_name(code)
        ),
        errors=errors or [],
        error_of=dict(errors or []),
        code=code,
        language_name=words.language_name(code),
        kinds=KINDS,
        megabytes=LARGEST // MEGABYTE,
        completeness=translating.counted(code, lines),
        state=translating.state_of(lines),
        left=sum(line.standing is not Standing.APPROVED for line in lines),
        to_draft=len(translating_drafts.waiting(lines, again=False)),
        to_draft_again=len(translating_drafts.waiting(lines, again=True)),
        machine_on=settings().translate_url is not None,
        reader=reader_fields(code),
        may_edit=may(*access.EDITORS),
    )


# --- Out -----------------------------------------------------------------------------------


def _outgoing(code: str, lines: list[Line], wanted: list[Line], kind: str) -> Outgoing:
    sources = {line.path: line.source for line in lines}
    return Outgoing(
        project=workspace().slug,
        title=str(workspace().content.get("title") or workspace().slug),
        source_language=translating.source_language(workspace()),
        language=code,
        direction=direction(code),
        digest=translating_plans.content_digest(sources),
        entries=tuple(_entry(line, kind) for line in wanted),
    )


def _entry(line: Line, kind: str) -> Entry:
    return Entry(
        path=line.path,
        where=words.where(line.path, workspace().content),
        source=line.source,
        translation=line.text,
        notes=(*_state_notes(line, kind), *words.advice(line.path, line.source)),
        mark=translating_plans.mark_of(line.seen),
        unsure=line.standing in {Standing.MACHINE, Standing.STALE},
        source_then=line.source_then,
    )


def _state_notes(line: Line, kind: str) -> Iterable[str]:
    """What the translator of a text has to know of its translation."""
    if line.standing is Standing.MACHINE:
        yield gettext("A machine made this draft. Check it, and correct it.")
    if line.standing is Standing.STALE:
        yield gettext("The source has changed since this was translated. Bring it up to date.")
        if kind != "po" and line.source_then:
            yield gettext("The source was: %(text)s", text=line.source_then)


def _guidance(file: Outgoing) -> list[str]:
    """What a translator reads on the workbook's second sheet."""
    found = [
        file.title,
        gettext(
            "Write your translation into the column “translation”, and nothing else. The grey "
            "columns tell us which text it belongs to: leave them as they are."
        ),
        gettext("The column “note” is for what you want to tell the council."),
        gettext("Keep line breaks. Signs such as ## and - at the beginning of a line stay."),
    ]
    left_out = too_long(file)
    if left_out:
        found.append(
            gettext("These texts are too long for a cell. Ask the council for them as a PO file:")
        )
        found.extend(entry.where for entry in left_out)
    return found
