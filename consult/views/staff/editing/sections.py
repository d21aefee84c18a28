"""The sections of the draft: their list, their order, and each one's texts."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.forms.editing.fields import Fields
from consult.forms.editing.keys import key_from
from consult.forms.editing.parts import SectionForm
from consult.services import access, workspaces
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
from consult.views.staff.editing.live_preview import NEW_KEY, preview_of
from consult.views.staff.editing.saving import (
    Editor,
    gap_list,
    may_edit,
    part_or_404,
    save,
    saved_address,
    show,
    show_new,
    typed_fields,
)

MOST = 200
"""Sections; no strategy has as many."""


@for_staff("/consultations/<slug>/sections", roles=access.READERS)
def sections() -> ResponseReturnValue:
    """All sections in their order."""
    items = workspace().content["sections"]
    return render_template(
        "staff/editing/sections.html",
        page_title=gettext("Sections of the draft"),
        lines=[(item, len(gap_list(f"sections.{item['key']}"))) for item in items],
        can_edit=may_edit(),
        moved=moved_words(items, "title"),
        notice_words=list_notice(),
    )


@for_staff("/consultations/<slug>/sections/add", roles=access.EDITORS)
def new_section() -> ResponseReturnValue:
    """An empty form for one more section."""
    return show_new(_adding(), Fields())


@for_staff("/consultations/<slug>/sections/add", roles=access.EDITORS, methods=("POST",))
def add_section() -> ResponseReturnValue:
    """Add a section at the end."""
    editor = _adding()
    fields = typed_fields()
    value = editor.form.read(fields, {})
    if not value.get("title"):
        fields.refuse("title", gettext("Write a title for the section"))
    if len(workspace().content["sections"]) >= MOST:
        fields.refuse("title", gettext("There are as many sections as there can be"))
    if fields.errors:
        return show_new(editor, fields)
    with unit_of_work(db.session):
        items = workspaces.lock(db.session, workspace().slug).content["sections"]
        taken = {item["key"] for item in items}
        value["key"] = key_from(value["title"], "section", len(items) + 1, taken)
        workspaces.add_item(
            db.session, workspace().slug, "sections", value, actor=actor(), now=now()
        )
    return redirect(saved_address(page("edit_section", key=value["key"]), fields), 303)


@for_staff("/consultations/<slug>/section/<key>", roles=access.READERS)
def edit_section(key: str) -> ResponseReturnValue:
    """One section as it is written so far."""
    part_or_404(f"sections.{key}")
    return show(_editor(key))


@for_staff("/consultations/<slug>/section/<key>", roles=access.EDITORS, methods=("POST",))
def save_section(key: str) -> ResponseReturnValue:
    """Save a section."""
    return save(_editor(key))


@for_staff("/consultations/<slug>/section/<key>/move", roles=access.EDITORS, methods=("POST",))
def move_section(key: str) -> ResponseReturnValue:
    """Move a section up or down."""
    return move(f"sections.{key}", "sections", lambda: workspace().content["sections"])


@for_staff("/consultations/<slug>/section/<key>/remove", roles=access.EDITORS)
def confirm_removing_section(key: str) -> ResponseReturnValue:
    """Ask before a section is taken out."""
    return ask_before_removing(_removal(key))


@for_staff("/consultations/<slug>/section/<key>/remove", roles=access.EDITORS, methods=("POST",))
def remove_section(key: str) -> ResponseReturnValue:
    """Take a section out."""
    return remove(_removal(key))


def _editor(key: str) -> Editor:
    title = next(
        (item.get("title") for item in workspace().content["sections"] if item["key"] == key), None
    )
    return Editor(
        SectionForm(key),
        "staff/editing/section.html",
        title or gettext("Section without a title"),
        page("edit_section", key=key),
        preview_of("section", key),
        {"up": page("sections"), "up_words": gettext("Back to the sections"), "has_files": True},
    )


def _adding() -> Editor:
    return Editor(
        SectionForm(NEW_KEY),
        "staff/editing/section.html",
        gettext("Add a section"),
        page("new_section"),
        preview_of("section"),
        {"up": page("sections"), "up_words": gettext("Back to the sections"), "has_files": True},
    )


def _removal(key: str) -> Removal:
    content = workspace().content
    title = next((item.get("title") for item in content["sections"] if item["key"] == key), "")
    about = [each for each in content["questions"] if each.get("section") == key]
    return Removal(
        f"sections.{key}",
        gettext("Remove a section"),
        title or key,
        [
            gettext(
                "The question “%(question)s” is about it and will stand without a text to read.",
                question=each.get("label") or each["key"],
            )
            for each in about
        ],
        page("remove_section", key=key),
        "sections",
    )
