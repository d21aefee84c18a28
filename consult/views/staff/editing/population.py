"""The figures of the population that answers are compared with."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.document.model import QuestionKind
from consult.forms.bidirectional import isolated
from consult.forms.editing.fields import Fields
from consult.forms.editing.figures import APART, FiguresForm, dimension_words
from consult.forms.editing.lists import read_counts, take_file
from consult.forms.readiness_words import said
from consult.readiness.findings import Finding
from consult.services import access, reference_figures
from consult.services.reference_figures import COMPARED_KINDS
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.editing.arranging import (
    Removal,
    ask_before_removing,
    list_notice,
    remove,
)
from consult.views.staff.editing.saving import (
    Editor,
    gone,
    may_edit,
    save,
    show,
    show_again,
    typed_fields,
)

Misfits = dict[str | None, list[Finding]]


@dataclass(frozen=True)
class Line:
    """One question, or figures that no question asks for."""

    key: str | None
    name: str
    dimension: str | None
    entry: dict[str, Any] | None
    misfits: list[str]


@for_staff("/consultations/<slug>/population", roles=access.READERS)
def population() -> ResponseReturnValue:
    """What answers are compared with, and what does not fit."""
    content = workspace().content
    misfits = reference_figures.mismatches(workspace(), now=now())
    compared = [q for q in content["questions"] if q.get("kind") in COMPARED_KINDS]
    lines = [
        Line(
            question["key"],
            question.get("label") or question["key"],
            question.get("dimension"),
            reference_figures.entry_of(content, question.get("dimension")),
            _of_its_own(misfits, question.get("dimension")),
        )
        for question in compared
    ]
    asked = {line.dimension for line in lines}
    alone = [
        Line(
            None, entry["dimension"], entry["dimension"], entry, _said(misfits, entry["dimension"])
        )
        for entry in content.get("reference_population") or ()
        if entry.get("dimension") not in asked
    ]
    return render_template(
        "staff/editing/population.html",
        page_title=gettext("Figures to compare with"),
        counted=[*(line for line in lines if line.entry), *alone],
        uncounted=[line for line in lines if not line.entry],
        general=_said_once(misfits),
        can_edit=may_edit(),
        notice_words=list_notice(),
    )


@for_staff("/consultations/<slug>/population/<key>", roles=access.READERS)
def edit_figures(key: str) -> ResponseReturnValue:
    """What the answers to one question are compared with so far."""
    return show(_editor(key))


@for_staff("/consultations/<slug>/population/<key>", roles=access.EDITORS, methods=("POST",))
def save_figures(key: str) -> ResponseReturnValue:
    """Save it, or fill in figures that come along, or read a list that was pasted."""
    if not _is_compared(key):
        form_of_before = FiguresForm(())
        return gone(form_of_before, form_of_before.read(typed_fields(), {}))
    editor = _editor(key)
    form = editor.form
    assert isinstance(form, FiguresForm)  # noqa: S101 - made just above
    fields = typed_fields()
    uploaded = take_file(fields, request.files.get("file"), "counts", "file")
    if "fill_in" in request.form:
        _fill_in(form, fields, key)
    elif "read_list" in request.form or uploaded:
        form.place_anew(fields)
    else:
        return save(editor, fields)
    for name in ("fill_in", "read_list"):
        fields.drop(name)
    return show_again(editor, fields)


@for_staff("/consultations/<slug>/population/<dimension>/remove", roles=access.EDITORS)
def confirm_removing_figures(dimension: str) -> ResponseReturnValue:
    """Ask before figures are taken out."""
    entry = reference_figures.entry_of(workspace().content, dimension)
    if entry is None:
        abort(404)
    return ask_before_removing(_removal(dimension), value=entry)


@for_staff(
    "/consultations/<slug>/population/<dimension>/remove", roles=access.EDITORS, methods=("POST",)
)
def remove_figures(dimension: str) -> ResponseReturnValue:
    """Take figures out."""

    def act(seen: str) -> None:
        reference_figures.remove(
            db.session, workspace().slug, dimension, seen=seen, actor=actor(), now=now()
        )

    return remove(_removal(dimension), act)


def _removal(dimension: str) -> Removal:
    return Removal(
        "reference_population",
        gettext("Remove figures"),
        dimension,
        [gettext("Answers can then not be compared with them.")],
        page("remove_figures", dimension=dimension),
        "population",
    )


def _fill_in(form: FiguresForm, fields: Fields, key: str) -> None:
    place, _, dimension = fields.typed("offered").partition("/")
    question = _question(key)
    try:
        found = reference_figures.figures(
            place, dimension, question, workspace().content.get("areas") or ()
        )
    except ValueError:
        fields.refuse("offered", gettext("Choose figures of the list"))
        return
    form.fill(fields, found)
    if not found.counts:
        fields.refuse(
            "offered", gettext("None of your areas is called like an area of these figures")
        )
    elif found.without:
        fields.fill("without", *found.without)


def _editor(key: str) -> Editor:
    question = _question(key)
    form = FiguresForm(question.get("options") or ())
    dimension = question.get("dimension") or key

    def load() -> dict[str, Any]:
        return reference_figures.value_of(workspace().content, key)

    def store(value: Any, seen: str) -> None:
        reference_figures.save(
            db.session, workspace().slug, key, value, seen=seen, actor=actor(), now=now()
        )

    def left_to_do() -> list[tuple[str | None, str]]:
        if load()["counts"]:
            misfits = reference_figures.mismatches(workspace(), now=now())
            return [(None, words) for words in _said(misfits, question.get("dimension"))]
        return [("counts", gettext("There are no figures yet, so nothing is compared"))]

    def categories_of(fields: Fields) -> list[dict[str, str]]:
        listed = read_counts(Fields({"counts": fields.all_typed("counts")}), "counts")
        apart = {"value": APART, "label": gettext("Compared with nothing")}
        return [apart, *({"value": name, "label": name} for name in listed)]

    def total_in(fields: Fields) -> str | None:
        listed = read_counts(Fields({"counts": fields.all_typed("counts")}), "counts")
        return reference_figures.likely_total(listed)

    return Editor(
        form,
        "staff/editing/figures.html",
        question.get("label") or key,
        page("edit_figures", key=key),
        more={
            "up": page("population"),
            "up_words": gettext("Back to the figures"),
            "has_files": True,
            "figures_form": form,
            "is_ward": question.get("kind") == QuestionKind.WARD,
            "offers": _offers(),
            "offered": f"{reference_figures.places()[0]}/{dimension}",
            "categories_of": categories_of,
            "total_in": total_in,
        },
        load=load,
        store=store,
        left_to_do=left_to_do,
    )


def _question(key: str) -> dict[str, Any]:
    if not _is_compared(key):
        abort(404)
    return next(each for each in workspace().content["questions"] if each["key"] == key)


def _is_compared(key: str) -> bool:
    """Whether there is a question of that key whose answers can be compared with figures."""
    return any(
        each["key"] == key and each.get("kind") in COMPARED_KINDS
        for each in workspace().content["questions"]
    )


def _offers() -> list[dict[str, str]]:
    return [
        {
            "value": f"{place}/{name}",
            # Translators: figures of a place, such as "Birmingham: age (usual residents ...)"
            "label": gettext(
                "%(place)s: %(name)s (%(base)s)",
                place=place,
                name=dimension_words(name),
                base=isolated(base),
            ),
        }
        for place in reference_figures.places()
        for name, base in reference_figures.dimensions(place)
    ]


def _said(misfits: Misfits, dimension: str | None) -> list[str]:
    """What does not fit at one question."""
    return [_sentence(finding) for finding in misfits.get(dimension, ())]


def _of_its_own(misfits: Misfits, dimension: str | None) -> list[str]:
    """The same without what is said once for several questions."""
    own = [each for each in misfits.get(dimension, ()) if "names" not in each.values]
    return [_sentence(finding) for finding in own]


def _said_once(misfits: Misfits) -> list[str]:
    """What does not fit at no question, or at several."""
    shared = [each for found in misfits.values() for each in found if "names" in each.values]
    sentences = [_sentence(finding) for finding in (*misfits.get(None, ()), *shared)]
    return list(dict.fromkeys(sentences))


def _sentence(finding: Finding) -> str:
    words = said(finding)
    return f"{words.what} {words.mend}"
