"""The questions: their list, their order, and each one's fields."""

from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Part, QuestionKind
from consult.forms.editing.labels import kind_words, label, part_words
from consult.forms.editing.questions import QuestionForm, converted
from consult.services import access, question_desk, workspaces
from consult.services.routing import Reach
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.editing.arranging import (
    Removal,
    ask_before_removing,
    list_notice,
    move,
    moved_words,
    remove,
)
from consult.views.staff.editing.live_preview import preview_of
from consult.views.staff.editing.question_page import kind_choices, offers
from consult.views.staff.editing.routing import routing_of
from consult.views.staff.editing.saving import (
    Editor,
    gap_list,
    may_edit,
    name_of,
    part_or_404,
    save,
    show,
    show_again,
    typed_fields,
)


@for_staff("/consultations/<slug>/questions", roles=access.READERS)
def questions() -> ResponseReturnValue:
    """All questions, by the part of the way that they stand in."""
    content = workspace().content
    found, words = routing_of(content)
    routes = {route.key: route for route in found}
    answered = question_desk.answered(db.session, workspace())
    titles = {each["key"]: each.get("title") or each["key"] for each in content["sections"]}

    def line(question: dict[str, Any]) -> dict[str, Any]:
        route = routes[question["key"]]
        return {
            "question": question,
            "kind": kind_words(question.get("kind") or QuestionKind.LONG_TEXT)[0],
            "section": titles.get(question.get("section")),
            "who": words.who(route) if route.conditions else [],
            "never": route.reach is Reach.NEVER,
            "left": len(gap_list(f"questions.{question['key']}")),
            "answered": question["key"] in answered,
        }

    moved = next((q for q in content["questions"] if q["key"] == request.args.get("moved")), None)
    return render_template(
        "staff/editing/questions.html",
        page_title=gettext("Questions"),
        groups=[
            (part.value, part_words(part), [line(each) for each in _of_part(part)]) for part in Part
        ],
        can_edit=may_edit(),
        moved=moved_words(_of_part(moved.get("part")), "label") if moved else None,
        notice_words=list_notice(),
        gaps=gap_list("questions"),
    )


@for_staff("/consultations/<slug>/question/<key>", roles=access.READERS)
def edit_question(key: str) -> ResponseReturnValue:
    """One question as it is written so far."""
    question = part_or_404(f"questions.{key}")
    return show(_editor(key, question.get("kind")))


@for_staff("/consultations/<slug>/question/<key>", roles=access.EDITORS, methods=("POST",))
def save_question(key: str) -> ResponseReturnValue:
    """Save a question, or change its form by one of the form's buttons."""
    # The kind that the form was made for: somebody may have changed it meanwhile.
    kind = request.form.get("kind", "")
    editor = _editor(key, kind if kind in set(QuestionKind) else None)
    form = editor.form
    fields = typed_fields()
    if isinstance(form, QuestionForm) and form.act(fields):
        return show_again(editor, fields)
    return save(editor)


@for_staff("/consultations/<slug>/question/<key>/kind", roles=access.EDITORS)
def choose_other_kind(key: str) -> ResponseReturnValue:
    """The ways in which a question can be answered, to choose another."""
    question = part_or_404(f"questions.{key}")
    return _kind_page(key, question, workspaces.digest(question))


@for_staff("/consultations/<slug>/question/<key>/kind", roles=access.EDITORS, methods=("POST",))
def change_kind(key: str) -> ResponseReturnValue:
    """Let a question be answered in another way; ask first where it loses something by that."""
    question = part_or_404(f"questions.{key}")
    kind, seen = request.form.get("kind", ""), request.form.get("seen", "")
    if kind not in set(QuestionKind):
        return _kind_page(key, question, seen, error=gettext("Choose how the question is answered"))
    changed, lost = converted(question, kind)
    if lost and "sure" not in request.form:
        return _kind_page(key, question, seen, kind=kind, lost=lost)
    try:
        with unit_of_work(db.session):
            workspaces.save_part(
                db.session,
                workspace().slug,
                f"questions.{key}",
                changed,
                seen=seen,
                actor=actor(),
                now=now(),
            )
    except workspaces.NoSuchPart:
        return redirect(page("questions", gone=1), 303)
    except workspaces.PartChanged as told:
        words = gettext(
            "%(name)s changed the question while you were looking. Choose once more.",
            name=name_of(told.changed_by),
        )
        return _kind_page(
            key, told.current, workspaces.digest(told.current), error=words, status=409
        )
    return redirect(page("edit_question", key=key, saved=1), 303)


@for_staff("/consultations/<slug>/question/<key>/move", roles=access.EDITORS, methods=("POST",))
def move_question(key: str) -> ResponseReturnValue:
    """Move a question up or down within its part."""

    def siblings() -> list[dict[str, Any]]:
        part = next(
            (q.get("part") for q in workspace().content["questions"] if q["key"] == key), None
        )
        return _of_part(part)

    return move(f"questions.{key}", "questions", siblings)


@for_staff("/consultations/<slug>/question/<key>/remove", roles=access.EDITORS)
def confirm_removing_question(key: str) -> ResponseReturnValue:
    """Ask before a question is taken out."""
    part_or_404(f"questions.{key}")
    return ask_before_removing(_removal(key))


@for_staff("/consultations/<slug>/question/<key>/remove", roles=access.EDITORS, methods=("POST",))
def remove_question(key: str) -> ResponseReturnValue:
    """Take a question out."""
    return remove(_removal(key))


def _editor(key: str, kind: str | None) -> Editor:
    question: dict[str, Any] = next(
        (each for each in workspace().content["questions"] if each["key"] == key), {}
    )
    form = QuestionForm(key, kind or question.get("kind") or QuestionKind.LONG_TEXT)
    answered = key in question_desk.answered(db.session, workspace())
    return Editor(
        form,
        "staff/editing/question.html",
        question.get("label") or gettext("Question without words"),
        page("edit_question", key=key),
        preview_of("question", key),
        {
            "up": page("questions"),
            "up_words": gettext("Back to the questions"),
            "other_kind": page("choose_other_kind", key=key),
            **offers(form, answered=answered),
        },
    )


def _kind_page(
    key: str,
    question: dict[str, Any],
    seen: str,
    *,
    kind: str | None = None,
    lost: list[str] | None = None,
    error: str | None = None,
    status: int = 422,
) -> ResponseReturnValue:
    body = render_template(
        "staff/editing/kind.html",
        page_title=gettext("How the question is answered"),
        key=key,
        question=question,
        seen=seen,
        kinds=kind_choices(),
        kind=kind or question.get("kind"),
        lost=[label(f"questions.{name.removesuffix('.other')}") for name in lost or ()],
        loses_marks="options.other" in (lost or ()),
        error=error,
        errors=[("kind", error)] if error else [],
    )
    return body, status if error else 200


def _of_part(part: str | None) -> list[dict[str, Any]]:
    return [each for each in workspace().content["questions"] if each.get("part") == part]


def _removal(key: str) -> Removal:
    content = workspace().content
    words = next((q.get("label") for q in content["questions"] if q["key"] == key), "")
    consequences = [
        gettext(
            "Whether “%(question)s” is asked depends on it. That condition will lead nowhere.",
            question=each.get("label") or each["key"],
        )
        for each in content["questions"]
        if any(condition.get("question") == key for condition in each.get("show_if") or ())
    ]
    if (content.get("residents") or {}).get("question") == key:
        consequences.append(gettext("It tells who lives here. You will have to choose another."))
    if key in question_desk.answered(db.session, workspace()):
        consequences.append(
            gettext(
                "Residents have answered it. Their answers are kept with the question as it was."
            )
        )
    return Removal(
        f"questions.{key}",
        gettext("Remove a question"),
        words or key,
        consequences,
        page("remove_question", key=key),
        "questions",
    )
