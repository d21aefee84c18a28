"""Showing and saving one part of a consultation, so that nobody's words are lost.

A form says which state of its part the officer had before them. Where somebody else has saved
the part since, nothing is written: the page shows both versions field by field, the officer's own
still in the form, to be saved over the other's or given up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.forms.editing.fields import Fields
from consult.forms.editing.gap_words import field_id, sentence
from consult.forms.editing.parts import PartForm
from consult.security import let_hold_frames
from consult.services import access, accounts, audit, workspaces
from consult.services.unfinished import gaps
from consult.views.staff.current import actor, may, now, workspace
from consult.views.staff.editing.live_preview import PREVIEW_FIELDS, Preview


@dataclass(frozen=True)
class Editor:
    """The page on which one part is edited."""

    form: PartForm
    template: str
    title: str
    here: str
    """Its address."""
    preview: Preview | None = None
    more: Mapping[str, Any] = field(default_factory=dict)
    """What its template needs besides."""
    load: Callable[[], Any] | None = None
    """What is written so far, where it is more than the form's part."""
    store: Callable[[Any, str], None] | None = None
    """Saves a value, as it was seen, where it is more than the form's part."""
    left_to_do: Callable[[], list[tuple[str | None, str]]] | None = None


@dataclass(frozen=True)
class Difference:
    """A field that two people wrote differently."""

    label: str
    theirs: str
    yours: str


@dataclass(frozen=True)
class Conflict:
    """What somebody else saved while the form was open."""

    changed_by: str
    changed_at: Any
    differences: list[Difference]


def show(editor: Editor) -> ResponseReturnValue:
    """The page with what is saved, and what is left to do."""
    value = editor.load() if editor.load else part_or_404(editor.form.part)
    return _page(editor, editor.form.fields_of(value), workspaces.digest(value))


def show_again(editor: Editor, fields: Fields) -> ResponseReturnValue:
    """The page with what was typed, changed by a button of the form and not saved yet."""
    return _page(editor, fields, _seen(), changed=True, status=422 if fields.errors else 200)


def show_new(editor: Editor, fields: Fields, *, changed: bool = False) -> ResponseReturnValue:
    """The form for something that is not there yet, with what was typed so far."""
    return _page(
        editor, fields, "", changed=changed, is_new=True, status=422 if fields.errors else 200
    )


def save(editor: Editor, fields: Fields | None = None) -> ResponseReturnValue:
    """Save what was typed, or show it again with what stands against it."""
    fields = fields or typed_fields()
    value = editor.form.read(fields, editor.load() if editor.load else _current(editor.form.part))
    if fields.errors:
        return _page(editor, fields, _seen(), status=422)
    try:
        with unit_of_work(db.session):
            if editor.store:
                editor.store(value, _seen())
            else:
                _store(editor.form.part, value)
    except workspaces.PartChanged as changed:
        conflict = conflict_of(editor.form, changed, value)
        seen = workspaces.digest(changed.current)
        return _page(editor, fields, seen, conflict=conflict, status=409)
    except workspaces.NoSuchPart:
        return gone(editor.form, value)
    return redirect(saved_address(editor.here, fields), 303)


def typed_fields() -> Fields:
    """What was typed into the form at hand."""
    return Fields(
        {
            name: entries
            for name, entries in request.form.to_dict(flat=False).items()
            if name not in {"csrf_token", "seen"}
        }
    )


def saved_address(here: str, fields: Fields) -> str:
    """The page's address after saving, with a word on what was done, and the preview as it was."""
    more = ["saved=cleaned" if fields.left_out else "saved=1"]
    more += [f"{name}={fields.typed(name)}" for name in PREVIEW_FIELDS if _plain(fields, name)]
    return f"{here}?{'&'.join(more)}"


def conflict_of(form: PartForm, changed: workspaces.PartChanged, value: Any) -> Conflict:
    """Two versions of a part, field by field."""
    pairs = zip(form.compared(changed.current), form.compared(value), strict=True)
    return Conflict(
        name_of(changed.changed_by),
        changed.changed_at,
        [
            Difference(label, theirs, yours)
            for (label, theirs), (_label, yours) in pairs
            if theirs != yours
        ],
    )


def gone(form: PartForm, value: Any) -> ResponseReturnValue:
    """The page for words whose section or question somebody has removed meanwhile."""
    written = [(label, text) for label, text in form.compared(value) if text.strip()]
    return render_template(
        "staff/editing/gone.html", page_title=gettext("It is not there any more"), written=written
    ), 409


def name_of(actor: str) -> str:
    """What colleagues call the person of an account; or what else did it."""
    if actor == audit.MACHINE:
        return gettext("The machine")
    if "@" not in actor:
        return actor  # the command line
    account = accounts.find(db.session, actor)
    return (account.name if account is not None else "") or actor


def part_or_404(part: str) -> Any:
    """What a part says now; the page of an address that does not exist where it is gone."""
    try:
        return workspaces.part_of(workspace(), part)
    except workspaces.NoSuchPart:
        abort(404)


def gap_list(part: str) -> list[tuple[str | None, str]]:
    """What is left to do in a part: ids of fields and sentences."""
    return [(field_id(gap), sentence(gap)) for gap in gaps(workspace().content, part)]


def may_edit() -> bool:
    """Whether the person at hand may change the consultation at hand."""
    return may(*access.EDITORS)


def _store(part: str, value: Any) -> None:
    workspaces.save_part(
        db.session, workspace().slug, part, value, seen=_seen(), actor=actor(), now=now()
    )


def _current(part: str) -> Any:
    """What a part says, for what its form leaves as it is; nothing where it was removed."""
    try:
        return workspaces.part_of(workspace(), part)
    except workspaces.NoSuchPart:
        return {}


def _page(
    editor: Editor,
    fields: Fields,
    seen: str,
    *,
    conflict: Conflict | None = None,
    changed: bool = False,
    is_new: bool = False,
    status: int = 200,
) -> ResponseReturnValue:
    if editor.preview is not None:
        let_hold_frames()
    as_saved = status == 200 and not changed and not is_new
    body = render_template(
        editor.template,
        page_title=editor.title,
        here=editor.here,
        fields=fields,
        seen=seen,
        errors=fields.error_list(),
        gaps=(editor.left_to_do or (lambda: gap_list(editor.form.part)))() if as_saved else [],
        saved=request.args.get("saved") if as_saved else None,
        changed=changed,
        conflict=conflict,
        can_edit=may_edit(),
        preview=editor.preview,
        **editor.more,
    )
    return body, status


def _seen() -> str:
    return request.form.get("seen", "")


def _plain(fields: Fields, name: str) -> bool:
    return fields.typed(name).replace("-", "").isalnum()
