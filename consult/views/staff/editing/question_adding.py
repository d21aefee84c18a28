"""More questions: a new one of a kind, a copy of one, standard ones with their translations."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import TEXT_KINDS, Part, QuestionKind, Sensitivity
from consult.forms.editing.fields import Fields
from consult.forms.editing.keys import key_from
from consult.forms.editing.labels import part_words
from consult.forms.editing.questions import QuestionForm
from consult.services import access, question_desk, workspaces
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.editing.live_preview import NEW_KEY, preview_of
from consult.views.staff.editing.question_page import kind_choices, offers
from consult.views.staff.editing.saving import Editor, saved_address, show_new, typed_fields

MOST = 200
"""Questions; nobody answers as many."""

FIRST_ROWS = 3
"""Empty answers that a new list begins with."""


@for_staff("/consultations/<slug>/questions/add", roles=access.EDITORS)
def choose_kind() -> ResponseReturnValue:
    """The ways in which a question can be answered, and the parts that it can stand in."""
    return _choice(error=None)


@for_staff("/consultations/<slug>/questions/add/fields", roles=access.EDITORS)
def new_question() -> ResponseReturnValue:
    """The empty form of a question of the chosen kind."""
    kind, part = request.args.get("kind", ""), request.args.get("part", "")
    if kind not in set(QuestionKind):
        return _choice(error=gettext("Choose how the question is answered"))
    editor, form = _adding(kind)
    if part not in set(Part):
        part = Part.DRAFT.value
    is_personal = kind in TEXT_KINDS or part == Part.MONITORING
    fields = form.fields_of(
        {"part": part, "sensitivity": Sensitivity.PERSONAL if is_personal else Sensitivity.NONE}
    )
    if form.has_options:
        for _ in range(FIRST_ROWS):
            form.options(fields).append({})
    return show_new(editor, fields)


@for_staff("/consultations/<slug>/questions/add/fields", roles=access.EDITORS, methods=("POST",))
def add_question() -> ResponseReturnValue:
    """Add a question at the end of its part, or change the form by one of its buttons."""
    kind = request.form.get("kind", "")
    editor, form = _adding(kind if kind in set(QuestionKind) else QuestionKind.LONG_TEXT)
    fields = typed_fields()
    if form.act(fields):
        return show_new(editor, fields, changed=True)
    value = form.read(fields, {})
    _check(fields, value)
    if fields.errors:
        return show_new(editor, fields)
    with unit_of_work(db.session):
        items = workspaces.lock(db.session, workspace().slug).content["questions"]
        taken = {item["key"] for item in items}
        value["key"] = key_from(value["label"], "question", len(items) + 1, taken)
        workspaces.add_item(
            db.session, workspace().slug, "questions", value, actor=actor(), now=now()
        )
    return redirect(saved_address(page("edit_question", key=value["key"]), fields), 303)


@for_staff("/consultations/<slug>/question/<key>/copy", roles=access.EDITORS, methods=("POST",))
def duplicate_question(key: str) -> ResponseReturnValue:
    """Add a copy of a question after it, and open it."""
    if len(workspace().content["questions"]) >= MOST:
        return redirect(page("questions", full=1), 303)
    try:
        with unit_of_work(db.session):
            copy = question_desk.duplicate(
                db.session, workspace().slug, key, actor=actor(), now=now()
            )
    except workspaces.NoSuchPart:
        return redirect(page("questions", gone=1), 303)
    return redirect(page("edit_question", key=copy, saved=1), 303)


@for_staff("/consultations/<slug>/questions/standard", roles=access.EDITORS)
def standard_questions() -> ResponseReturnValue:
    """Questions about the person that can be taken over, with their translations."""
    return _standard(error=None)


@for_staff("/consultations/<slug>/questions/standard", roles=access.EDITORS, methods=("POST",))
def add_standard_questions() -> ResponseReturnValue:
    """Take the ticked questions over."""
    keys = request.form.getlist("questions")
    if not keys or not _speaks_english():
        return _standard(error=gettext("Tick at least one question"))
    with unit_of_work(db.session):
        question_desk.add_standard_questions(
            db.session, workspace().slug, keys, actor=actor(), now=now()
        )
    return redirect(page("questions", added=1), 303)


def _choice(*, error: str | None) -> ResponseReturnValue:
    body = render_template(
        "staff/editing/choose_kind.html",
        page_title=gettext("Add a question"),
        kinds=kind_choices(),
        parts=[{"value": part.value, "label": part_words(part)} for part in Part],
        part=request.args.get("part") if request.args.get("part") in set(Part) else Part.DRAFT,
        error=error,
        errors=[("kind", error)] if error else [],
    )
    return body, 422 if error else 200


def _adding(kind: str) -> tuple[Editor, QuestionForm]:
    form = QuestionForm(NEW_KEY, kind)
    editor = Editor(
        form,
        "staff/editing/question.html",
        gettext("Add a question"),
        page("new_question", kind=kind),
        preview_of("question"),
        {
            "up": page("questions"),
            "up_words": gettext("Back to the questions"),
            "other_kind": page("choose_kind"),
            **offers(form),
        },
    )
    return editor, form


def _check(fields: Fields, value: dict[str, object]) -> None:
    if not value.get("label"):
        fields.refuse("label", gettext("Write the question"))
    if len(workspace().content["questions"]) >= MOST:
        fields.refuse("label", gettext("There are as many questions as there can be"))


def _standard(*, error: str | None) -> ResponseReturnValue:
    there = {question["key"] for question in workspace().content["questions"]}
    offered = question_desk.standard_questions()
    body = render_template(
        "staff/editing/standard_questions.html",
        page_title=gettext("Standard questions about the person"),
        choices=[
            {
                "value": question.key,
                "label": question.label,
                "hint": " · ".join(option.label for option in question.options),
            }
            for question in offered
            if question.key not in there
        ],
        there=[question.label for question in offered if question.key in there],
        speaks_english=_speaks_english(),
        error=error,
        errors=[("questions", error)] if error else [],
    )
    return body, 422 if error else 200


def _speaks_english() -> bool:
    return bool(workspace().content["source_language"] == question_desk.SOURCE_LANGUAGE)
