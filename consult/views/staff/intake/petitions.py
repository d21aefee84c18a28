"""Petitions: recorded, put right, removed; their signatures are counted apart."""

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext

from consult.db import db, unit_of_work
from consult.forms.editing.fields import Fields
from consult.models import Petition
from consult.services import access
from consult.services.intake import petitions as service
from consult.services.intake.petitions import Words
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, workspace
from consult.views.staff.intake.at_hand import stored

LIMITS = {
    "title": service.LONGEST_TITLE,
    "organiser": service.LONGEST_ORGANISER,
    "asks": service.LONGEST_ASKS,
}


@for_staff("/consultations/<slug>/petitions", roles=access.ANALYSTS)
def petitions() -> ResponseReturnValue:
    """All petitions, their signatures together, and the form for another."""
    return _list_page(Fields())


@for_staff("/consultations/<slug>/petitions", roles=access.EDITORS, methods=("POST",))
def add_petition() -> ResponseReturnValue:
    """Record a petition."""
    fields = _fields()
    words = _words(fields)
    if words is None:
        return _list_page(fields), 422
    with unit_of_work(db.session):
        service.record(db.session, workspace().slug, words, actor=actor(), now=now())
    flash(gettext("The petition is recorded."))
    return redirect(page("petitions"), 303)


@for_staff("/consultations/<slug>/petitions/<uuid:petition_id>", roles=access.EDITORS)
def edit_petition(petition_id: UUID) -> ResponseReturnValue:
    """One petition, to be put right or removed."""
    found = _find(petition_id)
    fields = Fields(
        {
            "title": [found.title],
            "asks": [found.asks],
            "organiser": [found.organiser],
            "signatures": [str(found.signatures)],
        }
    )
    fields.show_day("received_on", found.received_on.isoformat())
    return _one_page(found, fields)


@for_staff(
    "/consultations/<slug>/petitions/<uuid:petition_id>", roles=access.EDITORS, methods=("POST",)
)
def save_petition(petition_id: UUID) -> ResponseReturnValue:
    """Put a petition right, or remove it."""
    if request.form.get("do") == "remove":
        with unit_of_work(db.session):
            service.remove(
                db.session, workspace().slug, _find(petition_id), actor=actor(), now=now()
            )
        flash(gettext("The petition is removed."))
        return redirect(page("petitions"), 303)
    fields = _fields()
    words = _words(fields)
    if words is None:
        return _one_page(_find(petition_id), fields), 422
    with unit_of_work(db.session):
        service.change(
            db.session,
            workspace().slug,
            _find(petition_id),
            words,
            actor=actor(),
            now=now(),
        )
    flash(gettext("The petition is changed."))
    return redirect(page("petitions"), 303)


def _find(petition_id: UUID) -> Petition:
    try:
        return service.find(db.session, stored(), petition_id)
    except service.NoSuchPetition:
        abort(404)


def _fields() -> Fields:
    return Fields({name: request.form.getlist(name) for name in request.form})


def _words(fields: Fields) -> Words | None:
    """What is to be recorded; nothing, and errors at the fields, where it cannot be."""
    title, organiser, asks = fields.line("title"), fields.line("organiser"), fields.text("asks")
    if title is None:
        fields.refuse("title", gettext("Write what the petition is called."))
    if asks is None:
        fields.refuse("asks", gettext("Write what it asks for."))
    if organiser is None:
        fields.refuse("organiser", gettext("Write who handed it in."))
    for name, limit in LIMITS.items():
        if len(fields.text(name) or "") > limit:
            fields.refuse(name, gettext("Write at most %(limit)s characters", limit=limit))
    signatures = fields.number("signatures")
    if signatures is None:
        fields.refuse("signatures", gettext("Write how many people signed, in digits."))
    elif not 1 <= signatures <= service.MOST_SIGNATURES:
        fields.refuse(
            "signatures",
            gettext(
                "Write a number from 1 to %(limit)s", limit=format_decimal(service.MOST_SIGNATURES)
            ),
        )
    day = fields.day("received_on")
    if day is None:
        fields.refuse(
            "received_on", gettext("Write the day, the month and the year"), "received_on-day"
        )
    elif date.fromisoformat(day) > now().date():
        fields.refuse("received_on", gettext("This day is still to come."), "received_on-day")
    if (
        fields.errors
        or title is None
        or asks is None
        or organiser is None
        or signatures is None
        or day is None
    ):
        return None
    return Words(title, asks, organiser, signatures, date.fromisoformat(day))


def _list_page(fields: Fields) -> str:
    place = stored()
    return render_template(
        "staff/intake/petitions.html",
        page_title=gettext("Petitions"),
        errors=fields.error_list(),
        fields=fields,
        petitions=service.listing(db.session, place),
        total=service.signatures(db.session, place),
        may_edit=may(*access.EDITORS),
    )


def _one_page(found: Petition, fields: Fields) -> str:
    return render_template(
        "staff/intake/petition.html",
        page_title=gettext("Change a petition"),
        errors=fields.error_list(),
        fields=fields,
        petition=found,
    )
