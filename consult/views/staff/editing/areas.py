"""Areas that people live in, and the answers of those who live here."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.forms.editing.areas import AreasForm, ResidentsForm
from consult.forms.editing.lists import take_file
from consult.services import access
from consult.views.staff.audience import for_staff
from consult.views.staff.current import page, workspace
from consult.views.staff.editing.routing import fixed_answer
from consult.views.staff.editing.saving import Editor, save, show, show_again, typed_fields


@for_staff("/consultations/<slug>/areas", roles=access.READERS)
def edit_areas() -> ResponseReturnValue:
    """The areas as they are listed so far."""
    return show(_areas())


@for_staff("/consultations/<slug>/areas", roles=access.EDITORS, methods=("POST",))
def save_areas() -> ResponseReturnValue:
    """Save the list, or what stands in an uploaded file."""
    fields = typed_fields()
    take_file(fields, request.files.get("file"), "areas", "file")
    return save(_areas(), fields)


@for_staff("/consultations/<slug>/residents", roles=access.READERS)
def edit_residents() -> ResponseReturnValue:
    """Whose answers are compared with the population so far."""
    return show(_residents())


@for_staff("/consultations/<slug>/residents", roles=access.EDITORS, methods=("POST",))
def save_residents() -> ResponseReturnValue:
    """Save it, or show the answers of the question that was chosen."""
    if "show_answers" in request.form:
        return show_again(_residents(), typed_fields())
    return save(_residents())


def _areas() -> Editor:
    return Editor(
        AreasForm(),
        "staff/editing/areas.html",
        gettext("Areas"),
        page("edit_areas"),
        more={"has_files": True, "count": len(workspace().content.get("areas") or ())},
    )


def _residents() -> Editor:
    form = ResidentsForm(workspace().content)

    def answers(key: str) -> list[dict[str, str]]:
        return [
            {"value": answer, "label": words or fixed_answer(answer)}
            for answer, words in form.answers(key)
        ]

    return Editor(
        form,
        "staff/editing/residents.html",
        gettext("Who lives here"),
        page("edit_residents"),
        more={"question_choices": form.questions(), "answers_of": answers},
    )
