"""Which option each value of a file means, and the first rows as they would be stored."""

from collections.abc import Mapping as Values
from dataclasses import dataclass, replace
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.model import Question, QuestionKind, choices_of
from consult.document.texts import localised
from consult.forms.translating_words import language_name
from consult.i18n import page_language
from consult.jobs import importing_responses
from consult.models import ResponseImport
from consult.response_files.faults import ResponseFileError
from consult.response_files.survey import Column, Survey
from consult.services import access, jobs
from consult.services.intake import checking, guessing, holding
from consult.services.intake.mapping import NOT_ANSWERED, OWN_WORDS, ColumnUse, Mapping, Use, folded
from consult.services.intake.turning import Turned
from consult.views.residents.choices import label_of, shown_answer
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, settings, workspace
from consult.views.staff.intake import words
from consult.views.staff.intake.at_hand import document, file_at_hand
from consult.views.staff.intake.uploading import Errors

IN_CELLS = "="
"""Choice that a column holds values, and does not stand for one option."""


@dataclass(frozen=True, slots=True)
class ValueLine:
    """One value of a column, and the option that it means."""

    name: str
    """Of its field."""
    text: str
    count: int
    chosen: str | None
    """Nothing where nobody has said and no option has its words."""


@dataclass(frozen=True, slots=True)
class ColumnLines:
    """A column of which the values have to be led to options."""

    column: Column
    question: Question
    options: list[tuple[str, str]]
    option_field: str
    """Name of the field for the option that the column stands for; empty where there is none."""
    option: str
    lines: list[ValueLine]
    is_cut: bool
    """Whether it has more values than could be listed."""

    @property
    def open_count(self) -> int:
        """Values of which nobody has said anything yet."""
        return sum(line.chosen is None for line in self.lines)


@for_staff("/consultations/<slug>/responses/import/<uuid:import_id>/values", roles=access.EDITORS)
def import_values(import_id: UUID) -> ResponseReturnValue:
    """Values and options, and the first rows."""
    _place, held = file_at_hand(import_id)
    mapping = holding.mapping_of(held)
    if held.applied_at is not None:
        return redirect(page("one_import", import_id=import_id), 303)
    if mapping is None:
        return redirect(page("import_columns", import_id=import_id), 303)
    return _values_page(held, mapping)


@for_staff(
    "/consultations/<slug>/responses/import/<uuid:import_id>/values",
    roles=access.EDITORS,
    methods=("POST",),
)
def save_import_values(import_id: UUID) -> ResponseReturnValue:
    """Keep what was said of the values, and read the file through; or show the preview again."""
    place, held = file_at_hand(import_id)
    mapping = holding.mapping_of(held)
    if held.applied_at is not None or mapping is None:
        return redirect(page("one_import", import_id=import_id), 303)
    mapping = _read(mapping, holding.survey_of(held), document())
    try:
        with unit_of_work(db.session):
            locked = holding.lock(db.session, place, import_id)
            holding.remember(db.session, locked, mapping, actor=actor(), now=now())
    except (holding.IsRunning, holding.AlreadyApplied):
        flash(gettext("The file is being read or was brought in: nothing was changed."))
        return redirect(page("one_import", import_id=import_id), 303)
    if request.form.get("do") == "preview":
        return redirect(page("import_values", import_id=import_id) + "#preview", 303)
    return _check(import_id)


def _check(import_id: UUID) -> ResponseReturnValue:
    """Read the file through: at once where that is quick, else as a job."""
    place, held = file_at_hand(import_id)
    if not checking.is_soon_done(held):
        with unit_of_work(db.session):
            asked = jobs.enqueue(
                db.session,
                importing_responses.KIND,
                requested_by=actor(),
                now=now(),
                parameters={"import": str(import_id), "do": "check"},
                subject=place.slug,
                key=importing_responses.key_of(place.slug),
            )
            is_ours = asked.parameters.get("import") == str(import_id)
        if not is_ours:
            flash(gettext("Another file is being read just now. Try again when that is done."))
            return redirect(page("import_values", import_id=import_id), 303)
        return redirect(page("one_import", import_id=import_id), 303)
    try:
        with unit_of_work(db.session):
            checking.check_now(db.session, import_id, secret_key=settings().secret_key, now=now())
    except ResponseFileError as error:
        mapping = holding.mapping_of(held)
        if mapping is None:
            abort(404)
        return _values_page(held, mapping, [(None, words.fault_sentence(error))]), 422
    return redirect(page("one_import", import_id=import_id), 303)


def _read(mapping: Mapping, survey: Survey, at_hand: Document) -> Mapping:
    """The mapping, with what the form says of options and values."""
    by_position = {column.position: column for column in survey.columns}
    columns: list[ColumnUse] = []
    for each in mapping.columns:
        question = at_hand.question(each.question)
        column = by_position.get(each.position)
        if each.use is not Use.QUESTION or question is None or column is None:
            columns.append(each)
            continue
        known = set(choices_of(question, at_hand))
        chosen = request.form.get(f"option-{each.position}", each.option)
        option = chosen if chosen in known else ""
        each = replace(each, option=option)
        if guessing.takes_values(each, question):
            each = replace(each, values={**each.values, **_values(each, column, question, known)})
        columns.append(each)
    return replace(mapping, columns=tuple(columns))


def _values(
    each: ColumnUse, column: Column, question: Question, known: set[str]
) -> Values[str, str]:
    own = {OWN_WORDS} if any(option.other for option in question.options) else set()
    found = {}
    for number, text in enumerate(guessing.values_of(column, question)):
        chosen = request.form.get(f"value-{each.position}-{number}")
        if chosen is not None and chosen in known | own | {NOT_ANSWERED}:
            found[folded(text)] = chosen
    return found


def _values_page(held: ResponseImport, mapping: Mapping, errors: Errors | None = None) -> str:
    at_hand = localised(document(), page_language())
    survey = holding.survey_of(held)
    rows = checking.preview(db.session, held, document(), mapping, now=now())
    return render_template(
        "staff/intake/values.html",
        page_title=gettext("What do the values mean?"),
        errors=errors or [],
        held=held,
        groups=_groups(mapping, survey, at_hand),
        names={column.position: column.name for column in survey.columns},
        rows=[_shown(each, at_hand) for each in rows],
        sentence=words.reason_sentence,
        place=words.problem_place,
        language_name=language_name,
        channel_words=words.channel_words,
        left_out=[
            column.name
            for column in survey.columns
            if _use_of(mapping, column.position) in {Use.NOTHING, Use.CONTACT}
        ],
        is_soon=checking.is_soon_done(held),
        in_cells=IN_CELLS,
        slug=workspace().slug,
    )


def _use_of(mapping: Mapping, position: int) -> Use:
    return next((each.use for each in mapping.columns if each.position == position), Use.NOTHING)


def _shown(turned: Turned, at_hand: Document) -> tuple[Turned, list[tuple[str, list[str]]]]:
    """A row, and its answers in words."""
    lines = [
        (question.label, shown_answer(turned.answers.get(question.key), question, at_hand))
        for question in at_hand.questions
        if question.key in turned.answers
    ]
    return turned, lines


def _groups(mapping: Mapping, survey: Survey, at_hand: Document) -> list[ColumnLines]:
    by_position = {column.position: column for column in survey.columns}
    found = []
    for each in mapping.columns:
        question, column = at_hand.question(each.question), by_position.get(each.position)
        if each.use is not Use.QUESTION or question is None or column is None:
            continue
        may_be_option = question.kind is QuestionKind.SEVERAL_CHOICES
        takes_values = guessing.takes_values(each, question)
        if not may_be_option and not takes_values:
            continue
        options = [
            (key, str(label_of(key, question, at_hand))) for key in choices_of(question, at_hand)
        ]
        found.append(
            ColumnLines(
                column=column,
                question=question,
                options=options,
                option_field=f"option-{each.position}" if may_be_option else "",
                option=each.option,
                lines=_lines(each, column, question) if takes_values else [],
                is_cut=takes_values and column.values is None,
            )
        )
    return found


def _lines(each: ColumnUse, column: Column, question: Question) -> list[ValueLine]:
    """Values that no option has yet come first."""
    lines = [
        ValueLine(f"value-{each.position}-{number}", text, count, each.values.get(folded(text)))
        for number, (text, count) in enumerate(guessing.values_of(column, question).items())
    ]
    return sorted(lines, key=lambda line: line.chosen is not None)
