"""Translators' files as they come back: what they would change, and bringing them in."""

from contextlib import closing
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.drafting.kinds import MEGABYTE
from consult.forms import translating_words as words
from consult.forms import translation_file_words as file_words
from consult.languages import direction
from consult.models import TranslationImport
from consult.services import (
    access,
    translating,
    translating_imports,
    translating_plans,
    workspaces,
)
from consult.services.translating_plans import Fate, Plan, Proposal
from consult.translation_files.entries import LARGEST
from consult.translation_files.faults import TranslationFileError
from consult.translation_files.reading import read
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.translating import language_at_hand
from consult.views.staff.translating_files import Errors, files_page
from consult.views.staff.typed import line as typed_line

MOST_LISTED = 200
"""Texts of a file that its report lists one by one."""

LONGEST_TRANSLATOR = 200


@for_staff(
    "/consultations/<slug>/translations/<code>/files",
    roles=access.EDITORS,
    methods=("POST",),
    largest=LARGEST + MEGABYTE,
)
def upload_translations(code: str) -> ResponseReturnValue:
    """Read a translator's file, and show what it would change. Nothing is written yet."""
    language = language_at_hand(code)
    file = request.files.get("file")
    if file is None or not file.filename:
        return files_page(language, errors=[("file", gettext("Choose a file."))]), 422
    with closing(file):  # a large one lies in a temporary file
        content = file.stream.read(LARGEST + 1)
    try:
        brought = read(file.filename, content)
        with unit_of_work(db.session):
            held = translating_imports.hold(
                db.session, workspace(), language, brought,
                name=file.filename, content=content, actor=actor(), now=now(),
            )  # fmt: skip
    except TranslationFileError as error:
        return files_page(language, errors=[("file", file_words.fault_sentence(error))]), 422
    return redirect(page("translation_import", code=code, import_id=held.id), 303)


@for_staff(
    "/consultations/<slug>/translations/<code>/files/report/<uuid:import_id>",
    roles=access.EDITORS,
)
def translation_import(code: str, import_id: UUID) -> ResponseReturnValue:
    """What a file would change."""
    held = _held(language_at_hand(code), import_id)
    return _report(held) if held.applied_at is None else _brought_in_already(code)


@for_staff(
    "/consultations/<slug>/translations/<code>/files/report/<uuid:import_id>",
    roles=access.EDITORS,
    methods=("POST",),
)
def apply_translations(code: str, import_id: UUID) -> ResponseReturnValue:
    """Bring a file in, or put it away."""
    language = language_at_hand(code)
    held = _held(language, import_id)
    if held.applied_at is not None:
        return _brought_in_already(code)
    if request.form.get("do") == "put_away":
        return _put_away(language, import_id)
    translator = typed_line("translator", LONGEST_TRANSLATOR)
    if not translator:
        sentence = gettext("Write the name of the person who translated")
        return _report(held, errors=[("translator", sentence)]), 422
    try:
        with unit_of_work(db.session):
            applied = translating_imports.apply(
                db.session, workspace().slug, language, import_id,
                state=request.form.get("state", ""),
                translator=translator,
                take=None if _takes_all() else set(request.form.getlist("take")),
                approve=request.form.get("approve") == "yes",
                actor=actor(),
                now=now(),
            )  # fmt: skip
    except translating_imports.AlreadyApplied:
        return _brought_in_already(code)
    except translating_imports.PlanChanged:
        sentence = gettext(
            "Somebody changed texts of this language while you looked at the report. It shows "
            "now what the file would do: look at it once more."
        )
        return _report(held, errors=[(None, sentence)]), 422
    except translating_imports.NoSuchImport:
        abort(404)
    flash(_applied_words(applied))
    return redirect(page("translations", code=code), 303)


def _held(code: str, import_id: UUID) -> TranslationImport:
    try:
        return translating_imports.find(db.session, workspace(), code, import_id)
    except translating_imports.NoSuchImport:
        abort(404)


def _brought_in_already(code: str) -> ResponseReturnValue:
    flash(gettext("This file was brought in already. Nothing was brought in twice."))
    return redirect(page("translation_files", code=code), 303)


def _report(held: TranslationImport, errors: Errors | None = None) -> str:
    code = held.language
    plan = translating_plans.plan(db.session, workspace(), held)
    conflicts = plan.of(Fate.CONFLICT)
    return render_template(
        "staff/translating/report.html",
        # Translators: %(language)s is a language, such as: Urdu (اردو)
        page_title=gettext(
            "What the file would change: %(language)s", language=words.language_name(code)
        ),
        errors=errors or [],
        error_of=dict(errors or []),
        code=code,
        language_name=words.language_name(code),
        language_direction=direction(code),
        source=translating.source_language(workspace()),
        source_direction=direction(translating.source_language(workspace())),
        held=held,
        plan=plan,
        counts=_counts(plan),
        conflicts=conflicts[:MOST_LISTED],
        more_conflicts=max(0, len(conflicts) - MOST_LISTED),
        lists=_lists(plan),
        translator=request.form.get("translator", plan.translator),
        take=set(request.form.getlist("take")),
        take_all=_takes_all(),
        approve=request.form.get("approve") == "yes",
        where=lambda path: words.where(path, workspace().content),
        sentences=_sentences,
        fate_words=file_words.fate_words,
    )


def _counts(plan: Plan) -> list[tuple[Fate, int]]:
    """How many texts have each fate, without those that none has."""
    return [(fate, len(plan.of(fate))) for fate in Fate if plan.of(fate)]


def _lists(plan: Plan) -> list[tuple[Fate, list[Proposal], int]]:
    """The texts that a report lists, by fate, and how many more there are."""
    found = []
    for fate in (Fate.REFUSED, Fate.UNKNOWN, Fate.NEW, Fate.CHANGED, Fate.CHECKED):
        texts = plan.of(fate)
        if texts:
            found.append((fate, texts[:MOST_LISTED], max(0, len(texts) - MOST_LISTED)))
    return found


def _sentences(proposal: Proposal) -> list[str]:
    """What is to be said of one text of a file."""
    found = []
    if proposal.hindrance is not None:
        found.append(words.refusal_sentence(proposal.hindrance, proposal.figures))
    if proposal.outdated:
        found.append(
            gettext(
                "The source has changed since the file was made. The translation is kept, marked "
                "as one whose source has changed, and residents do not meet it."
            )
        )
    if proposal.unsure:
        found.append(gettext("The file marks this one as not checked yet."))
    found.extend(words.warning_sentence(warning) for warning in proposal.warnings)
    return found


def _takes_all() -> bool:
    """Whether the file's text shall be taken wherever both changed a text."""
    return request.form.get("take_all") == "yes"


def _put_away(code: str, import_id: UUID) -> ResponseReturnValue:
    with unit_of_work(db.session):
        workspaces.lock(db.session, workspace().slug)
        translating_imports.put_away(db.session, _held(code, import_id))
    flash(gettext("The file is put away. Nothing was changed."))
    return redirect(page("translation_files", code=code), 303)


def _applied_words(applied: translating_imports.Applied) -> str:
    sentences = [
        ngettext("%(num)s translation is brought in.", "%(num)s translations are brought in.",
                 applied.written),
    ]  # fmt: skip
    if applied.left:
        sentences.append(
            ngettext("%(num)s text stays as it is here, as you chose.",
                     "%(num)s texts stay as they are here, as you chose.", applied.left)
        )  # fmt: skip
    if applied.approved:
        sentences.append(
            ngettext("%(num)s translation is approved in your name.",
                     "%(num)s translations are approved in your name.", applied.approved)
        )  # fmt: skip
    return " ".join(sentences)
