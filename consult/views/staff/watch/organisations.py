"""The pages of partner organisations: whom they reach, in which languages, and where."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.languages import native_name
from consult.models import Organisation
from consult.services import access
from consult.services.watching import organisations as partners
from consult.services.watching.organisations import Entry
from consult.telling import gap_words
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.watch import partner_forms
from consult.views.staff.watch.partner_forms import Typed

ROOT = "/consultations/<slug>/watch/partners"


@for_staff(ROOT, roles=access.ANALYSTS)
def organisations() -> ResponseReturnValue:
    """Who helps to reach people, and whom each reaches."""
    document = partner_forms.shown_document()
    return render_template(
        "staff/watch/organisations.html",
        page_title=gettext("Partner organisations"),
        organisations=[
            (row, described(partners.entry_of(row), document))
            for row in partners.all_of(db.session, workspace())
        ],
        done=_done(),
    )


@for_staff(f"{ROOT}/new", roles=access.EDITORS)
def new_organisation() -> ResponseReturnValue:
    """Ask for what is known of a partner."""
    return _form(Typed(), partner_forms.shown_document(), [])


@for_staff(f"{ROOT}/new", roles=access.EDITORS, methods=("POST",))
def add_organisation() -> ResponseReturnValue:
    """Record a partner."""
    document = partner_forms.shown_document()
    typed, entry, problems = partner_forms.read(document)
    if problems:
        return _form(typed, document, problems), 422
    try:
        with unit_of_work(db.session):
            partners.add(db.session, workspace(), entry, actor=actor(), now=now())
    except partners.NameTaken:
        return _form(typed, document, [("name", partner_forms.name_taken())]), 422
    return redirect(page("organisations", done="added"), 303)


@for_staff(f"{ROOT}/<uuid:organisation_id>", roles=access.EDITORS)
def organisation(organisation_id: UUID) -> ResponseReturnValue:
    """What is recorded of one partner, to change."""
    row = _row(organisation_id)
    typed = partner_forms.typed_of(partners.entry_of(row))
    return _form(typed, partner_forms.shown_document(), [], row=row)


@for_staff(f"{ROOT}/<uuid:organisation_id>", roles=access.EDITORS, methods=("POST",))
def save_organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Write what is recorded of one partner anew."""
    document = partner_forms.shown_document()
    typed, entry, problems = partner_forms.read(document)
    if problems:
        return _form(typed, document, problems, row=_row(organisation_id)), 422
    try:
        with unit_of_work(db.session):
            partners.change(
                db.session,
                workspace(),
                organisation_id,
                entry,
                seen=typed.seen,
                actor=actor(),
                now=now(),
            )
    except partners.NoSuchOrganisation:
        gone = gettext(
            "Somebody has removed this organisation meanwhile. What you wrote is still here: "
            "save it to record the organisation anew."
        )
        return _form(typed, document, [("", gone)]), 409
    except partners.EntryChanged as changed:
        typed.seen = partners.digest(changed.current)
        row = _row(organisation_id)
        return _form(typed, document, [], row=row, changed=changed), 409
    except partners.NameTaken:
        problems = [("name", partner_forms.name_taken())]
        return _form(typed, document, problems, row=_row(organisation_id)), 422
    return redirect(page("organisations", done="saved"), 303)


@for_staff(f"{ROOT}/<uuid:organisation_id>/remove", roles=access.EDITORS)
def confirm_removing_organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Ask once more before a partner is taken out."""
    return render_template(
        "staff/watch/organisation_remove.html",
        page_title=gettext("Remove this organisation?"),
        row=_row(organisation_id),
    )


@for_staff(f"{ROOT}/<uuid:organisation_id>/remove", roles=access.EDITORS, methods=("POST",))
def remove_organisation(organisation_id: UUID) -> ResponseReturnValue:
    """Take a partner out; where somebody else has done it, it is done."""
    try:
        with unit_of_work(db.session):
            partners.remove(db.session, workspace(), organisation_id, actor=actor(), now=now())
    except partners.NoSuchOrganisation:
        return redirect(page("organisations"), 303)
    except partners.StillNeeded:
        row = _row(organisation_id)
        needed = gettext(
            "This organisation has sessions or tablets, so it cannot be removed: what came from "
            "them would have come from nowhere. Take out its people instead, and revoke its "
            "tablets, on the page “People and tablets”."
        )
        return render_template(
            "staff/watch/organisation_remove.html",
            page_title=gettext("Remove this organisation?"),
            row=row,
            errors=[("", needed)],
        ), 409
    return redirect(page("organisations", done="removed"), 303)


def described(entry: Entry, document: Document) -> dict[str, Sequence[object]]:
    """An entry's groups and areas by name, and its languages by code and name."""
    labels = {
        (dimension.name, category): label
        for dimension in partners.dimensions_of(document)
        for category, label in dimension.categories.items()
    }
    names = {area.code: area.name for area in document.areas}
    return {
        "groups": [labels.get(group, group[1]) for group in entry.reaches],
        "areas": [names.get(code, code) for code in entry.areas],
        "languages": [(code, native_name(code)) for code in entry.languages],
    }


def _row(organisation_id: UUID) -> Organisation:
    try:
        return partners.get(db.session, workspace(), organisation_id)
    except partners.NoSuchOrganisation:
        abort(404)


def _form(
    typed: Typed,
    document: Document,
    errors: list[tuple[str, str]],
    *,
    row: Organisation | None = None,
    changed: partners.EntryChanged | None = None,
) -> str:
    return render_template(
        "staff/watch/organisation.html",
        page_title=gettext("Add an organisation") if row is None else row.name,
        row=row,
        typed=typed,
        errors=errors,
        problems=dict(errors),
        dimension_words=gap_words.dimension_name,
        dimensions=[
            (each, partner_forms.REACHES + each.name, partner_forms.category_choices(each))
            for each in partners.dimensions_of(document)
        ],
        area_choices=partner_forms.area_choices(document),
        language_choices=partner_forms.language_choices(document),
        note_limit=partners.NOTE_LENGTH_LIMIT,
        changed=changed,
        current=None if changed is None else described(changed.current, document),
    )


def _done() -> str | None:
    words = {
        "added": gettext("The organisation is recorded."),
        "saved": gettext("The changes are saved."),
        "removed": gettext("The organisation is removed."),
    }
    return words.get(request.args.get("done", ""))
