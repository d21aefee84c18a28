"""What each column of a file is."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.forms.editing.fields import Fields
from consult.forms.translating_words import language_name
from consult.i18n import page_language
from consult.models import ResponseImport
from consult.models.response import CHANNELS
from consult.response_files.faults import ResponseFileError
from consult.response_files.survey import Column, Survey
from consult.services import access
from consult.services.intake import elsewhere, guessing, holding, places
from consult.services.intake.elsewhere import NewKind, NewQuestion, NotAQuestion
from consult.services.intake.mapping import ColumnUse, Mapping, Use, problem_of
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.intake import words
from consult.views.staff.intake.at_hand import document, file_at_hand
from consult.views.staff.intake.uploading import Errors

QUESTION, NEW = "q:", "new:"
LONGEST_SURVEY = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One column as the page shows it."""

    column: Column
    chosen: str
    label: str
    """Words of the question that would be made of it."""


@for_staff("/consultations/<slug>/responses/import/<uuid:import_id>/columns", roles=access.EDITORS)
def import_columns(import_id: UUID) -> ResponseReturnValue:
    """Each column with examples, and a proposal of what it is."""
    _place, held = file_at_hand(import_id)
    if held.applied_at is not None:
        return redirect(page("one_import", import_id=import_id), 303)
    at_hand = document()
    survey = holding.survey_of(held)
    mapping = holding.mapping_of(held) or guessing.guess(
        at_hand,
        survey,
        fixed=words.fixed_words(),
        now=now(),
        remembered=holding.remembered(db.session, held, today=_today(at_hand)),
    )
    return _columns_page(held, survey, at_hand, _fields_of(mapping, survey, at_hand))


@for_staff(
    "/consultations/<slug>/responses/import/<uuid:import_id>/columns",
    roles=access.EDITORS,
    methods=("POST",),
)
def save_import_columns(import_id: UUID) -> ResponseReturnValue:
    """Keep what was said of the columns; questions that are new are made of theirs."""
    place, held = file_at_hand(import_id)
    if held.applied_at is not None:
        return redirect(page("one_import", import_id=import_id), 303)
    survey, at_hand = holding.survey_of(held), document()
    fields = Fields({name: request.form.getlist(name) for name in request.form})
    if fields.typed("do") == "sheet":
        return _other_sheet(import_id, survey, fields)
    mapping, new = _read(fields, survey, held, at_hand)
    if not fields.errors:
        try:
            with unit_of_work(db.session):
                locked = holding.lock(db.session, place, import_id)
                mapping = _with_new(mapping, new)
                at_hand = document()
                problem = problem_of(mapping, at_hand)
                if problem is not None:
                    raise _Unusable(*problem)
                mapping = guessing.with_values(mapping, at_hand, survey, fixed=words.fixed_words())
                holding.remember(db.session, locked, mapping, actor=actor(), now=now())
        except _Unusable as unusable:
            _refuse(fields, survey, unusable)
        except NotAQuestion as error:
            name = f"use-{error.column.position}"
            fields.refuse(name, _not_a_question(error))
        except (holding.IsRunning, holding.AlreadyApplied):
            flash(gettext("The file is being read or was brought in: nothing was changed."))
            return redirect(page("one_import", import_id=import_id), 303)
    if fields.errors:
        _place, held = file_at_hand(import_id)
        return _columns_page(held, survey, document(), fields), 422
    return redirect(page("import_values", import_id=import_id), 303)


class _Unusable(Exception):
    """What was said of the columns cannot be used."""


def _with_new(mapping: Mapping, new: list[NewQuestion]) -> Mapping:
    """Make the questions that are new, and lead their columns to them."""
    if not new:
        return mapping
    keys = elsewhere.add_questions(db.session, workspace(), new, actor=actor(), now=now())
    places.prepare(db.session, workspace().slug, actor=actor(), now=now())
    return replace(
        mapping,
        columns=tuple(
            ColumnUse(each.position, Use.QUESTION, *keys[each.position])
            if each.position in keys
            else each
            for each in mapping.columns
        ),
    )


def _other_sheet(import_id: UUID, survey: Survey, fields: Fields) -> ResponseReturnValue:
    place, held = file_at_hand(import_id)
    try:
        with unit_of_work(db.session):
            holding.read_sheet(db.session, place, import_id, fields.typed("sheet"))
    except ResponseFileError as error:
        fields.refuse("sheet", words.fault_sentence(error))
        _place, held = file_at_hand(import_id)
        return _columns_page(held, survey, document(), fields), 422
    except (holding.IsRunning, holding.AlreadyApplied):
        return redirect(page("one_import", import_id=import_id), 303)
    return redirect(page("import_columns", import_id=import_id), 303)


# --- From the form, and back ---------------------------------------------------------------


def _read(
    fields: Fields, survey: Survey, held: ResponseImport, at_hand: Document
) -> tuple[Mapping, list[NewQuestion]]:
    """What the form says; what is wrong with it is noted at the fields."""
    before = holding.mapping_of(held) or guessing.guess(
        at_hand,
        survey,
        fixed=words.fixed_words(),
        now=now(),
        remembered=holding.remembered(db.session, held, today=_today(at_hand)),
    )
    known = {each.position: each for each in before.columns}
    columns: list[ColumnUse] = []
    new: list[NewQuestion] = []
    for column in survey.columns:
        chosen = fields.typed(f"use-{column.position}")
        each = ColumnUse(column.position)
        if chosen.startswith(QUESTION):
            key = chosen.removeprefix(QUESTION)
            earlier = known.get(column.position)
            if earlier is not None and earlier.question == key:
                each = replace(earlier, use=Use.QUESTION)
            elif (question := at_hand.question(key)) is not None:
                option = guessing.option_of(column, question, at_hand, words.fixed_words())
                each = ColumnUse(column.position, Use.QUESTION, key, option)
        elif chosen.startswith(NEW) and not places.is_opened(workspace()):
            wanted = _new_question(fields, column, chosen.removeprefix(NEW))
            if wanted is not None:
                new.append(wanted)
        elif chosen in {use.value for use in Use} - {Use.QUESTION.value}:
            each = ColumnUse(column.position, Use(chosen))
        else:
            fields.refuse(
                f"use-{column.position}",
                gettext("Say what the column %(column)s is.", column=column.name),
            )
        columns.append(each)
    received = fields.day("received_on")
    if received is None and "received_on" not in fields.errors:
        fields.refuse(
            "received_on", gettext("Write the day, the month and the year"), "received_on-day"
        )
    if received is not None and date.fromisoformat(received) > now().date():
        fields.refuse("received_on", gettext("This day is still to come."), "received_on-day")
    mapping = Mapping(
        columns=tuple(columns),
        language=_one_of(fields, "language", at_hand.languages, before.language),
        channel=_one_of(fields, "channel", CHANNELS, before.channel),
        received_on=date.fromisoformat(received) if received else None,
        day_first=fields.typed("day_first") != "no",
        survey=(fields.line("survey") or "")[:LONGEST_SURVEY],
        needs_end=survey.finished_at is None or fields.ticked("needs_end"),
    )
    return mapping, new


def _one_of(fields: Fields, name: str, known: tuple[str, ...], otherwise: str) -> str:
    typed = fields.typed(name)
    return typed if typed in known else otherwise


def _new_question(fields: Fields, column: Column, kind: str) -> NewQuestion | None:
    label = fields.line(f"label-{column.position}") or column.heading
    if not label:
        fields.refuse(
            f"label-{column.position}",
            gettext("Write the question that the column %(column)s answers.", column=column.name),
        )
        return None
    if len(label) > elsewhere.LONGEST_LABEL:
        fields.refuse(
            f"label-{column.position}",
            gettext("Write at most %(limit)s characters", limit=elsewhere.LONGEST_LABEL),
        )
        return None
    return NewQuestion(column, NewKind(kind), label) if kind in set(NewKind) else None


def _fields_of(mapping: Mapping, survey: Survey, at_hand: Document) -> Fields:
    """The form as a mapping would have filled it in."""
    fields = Fields()
    columns = {column.position: column for column in survey.columns}
    may_make = not places.is_opened(workspace())
    for each in mapping.columns:
        chosen = f"{QUESTION}{each.question}" if each.use is Use.QUESTION else each.use.value
        column = columns.get(each.position)
        if column is None:
            continue
        if may_make and each.use is Use.NOTHING and guessing.may_be_answer(column):
            kind = elsewhere.likely_kind(column, survey)
            chosen = f"{NEW}{kind.value}" if kind is not None else chosen
        fields.fill(f"use-{each.position}", chosen)
    fields.fill("language", mapping.language)
    fields.fill("channel", mapping.channel)
    fields.fill("day_first", "yes" if mapping.day_first else "no")
    fields.fill("survey", mapping.survey)
    if mapping.needs_end:
        fields.fill("needs_end", "yes")
    day = mapping.received_on or _today(at_hand)
    fields.show_day("received_on", day.isoformat())
    return fields


def _refuse(fields: Fields, survey: Survey, unusable: _Unusable) -> None:
    problem, positions = unusable.args
    names = [each.name for each in survey.columns if each.position in positions]
    first = positions[0] if positions else survey.columns[0].position
    fields.refuse(f"use-{first}", words.mapping_sentence(problem, ", ".join(names)))


def _not_a_question(error: NotAQuestion) -> str:
    if error.reason == "one_value":
        return gettext(
            "All rows of %(column)s say the same, so there is nothing to choose from. Leave the "
            "column out, or take it as text.",
            column=error.column.name,
        )
    return gettext(
        "%(column)s has more than %(limit)s different values, which is too many to choose from. "
        "Take it as text, or leave it out.",
        column=error.column.name,
        limit=elsewhere.MOST_OPTIONS,
    )


def _today(at_hand: Document) -> date:
    return guessing.likely_day(at_hand, now())


def _columns_page(held: ResponseImport, survey: Survey, at_hand: Document, fields: Fields) -> str:
    lines = [
        Line(
            column,
            fields.typed(f"use-{column.position}") or Use.NOTHING.value,
            fields.typed(f"label-{column.position}") or column.heading,
        )
        for column in survey.columns
    ]
    errors: Errors = list(fields.error_list())
    return render_template(
        "staff/intake/columns.html",
        page_title=gettext("What is in the columns?"),
        errors=errors,
        fields=fields,
        held=held,
        survey=survey,
        lines=lines,
        uses=[(use.value, words.use_words(use)) for use in Use if use is not Use.QUESTION],
        questions=[
            (f"{QUESTION}{each.key}", each.label)
            for each in localised(at_hand, page_language()).questions
        ],
        new_kinds=_new_kinds() if not places.is_opened(workspace()) else [],
        languages=[{"value": code, "label": language_name(code)} for code in at_hand.languages],
        channels=[{"value": each, "label": words.channel_words(each)} for each in CHANNELS],
        platform=words.platform_sentence(survey.platform),
        notes=[words.note_sentence(note) for note in survey.notes],
        sheets=[(name, name) for name in survey.sheets],
        same=holding.same_file(db.session, held),
        new_prefix=NEW,
    )


def _new_kinds() -> list[tuple[str, str]]:
    return [
        # Translators: of a column in a file: make a question of it that is answered in words
        (f"{NEW}text", gettext("New question, answered in one’s own words")),
        (f"{NEW}choice", gettext("New question, one choice")),
        (f"{NEW}several", gettext("New question, several choices")),
        (f"{NEW}number", gettext("New question, a number")),
    ]
