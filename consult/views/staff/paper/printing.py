"""Which forms there are, and printing new ones: each with a number and a slip of its own."""

from uuid import UUID

from flask import abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh

from consult.db import db, unit_of_work
from consult.document.texts import localised, missing_texts
from consult.forms.editing.fields import Fields
from consult.forms.translating_words import language_name
from consult.i18n import page_language
from consult.services import access, codes, consultations
from consult.services.assisting import packs, paper, planning
from consult.views.qr import qr_picture
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, settings
from consult.views.staff.paper.desks import OFFICERS, PARTNERS, Desk, officers, partners
from consult.views.staff.paper.sheets import asked_on
from consult.views.staff.public_addresses import public_address

FORMS_AT_FIRST = 10


@for_staff(OFFICERS, roles=access.EDITORS)
def forms_paper() -> ResponseReturnValue:
    """The consultation's forms."""
    return _overview(officers(), _at_first(page_language()))


@for_staff(PARTNERS)
def forms_session_paper(session_id: UUID) -> ResponseReturnValue:
    """A session's forms."""
    desk = partners(session_id)
    return _overview(desk, _at_first(desk.held.languages[0] if desk.held else page_language()))


@for_staff(f"{OFFICERS}/print", roles=access.EDITORS, methods=("POST",))
def print_paper() -> ResponseReturnValue:
    """Forms to print."""
    return _print(officers())


@for_staff(f"{PARTNERS}/print", methods=("POST",))
def print_session_paper(session_id: UUID) -> ResponseReturnValue:
    """Forms to print for a session."""
    return _print(partners(session_id))


def _at_first(language: str) -> Fields:
    return Fields({"count": [str(FORMS_AT_FIRST)], "language": [language]})


def _overview(desk: Desk, fields: Fields) -> str:
    stored = desk.stored
    document = None if stored is None else consultations.document_of(db.session, stored)
    return render_template(
        "staff/paper/forms.html",
        page_title=gettext("Forms on paper"),
        desk=desk,
        fields=fields,
        errors=fields.error_list(),
        is_over=stored is not None and now() > stored.late_until,
        tally=None if stored is None else paper.tally(db.session, stored, held=desk.held),
        late_until=None if stored is None else stored.late_until,
        most=paper.MOST_FORMS,
        is_local=_is_local(),
        languages=[]
        if document is None
        else [
            {
                "value": code,
                "label": language_name(code)
                if not missing_texts(document, code)
                # Translators: a language of the form, of which some texts are not translated
                else gettext("%(language)s (not all translated)", language=language_name(code)),
            }
            for code in document.languages
        ],
    )


def _print(desk: Desk) -> ResponseReturnValue:
    stored = desk.opened()
    fields = Fields({name: request.form.getlist(name) for name in request.form})
    language = fields.typed("language")
    count = fields.number("count")
    if "count" not in fields.errors and (count is None or not 1 <= count <= paper.MOST_FORMS):
        fields.refuse(
            "count", gettext("Write how many, from 1 to %(most)s.", most=paper.MOST_FORMS)
        )
    if language not in stored.definition["languages"] or language not in settings().languages:
        fields.refuse("language", gettext("Choose the language of the forms."))
    if fields.errors or count is None:
        return _overview(desk, fields), 422
    try:
        with unit_of_work(db.session):
            pack, made = paper.print_forms(
                db.session,
                stored,
                language=language,
                count=count,
                held=desk.held,
                secret_key=settings().secret_key,
                actor=actor(),
                now=now(),
            )
            document = packs.document_of(pack)
    except paper.NotOpened:
        abort(404)
    except (paper.Over, planning.CalledOff):  # the page says so
        return _overview(desk, fields), 409
    back = desk.page("forms")
    g.page_language = language
    refresh()
    shown = localised(document, language)
    address = public_address("residents.enter_code", language=language, slug=stored.slug)
    return render_template(
        "staff/paper/print.html",
        page_title=shown.title,
        consultation=shown,
        held=desk.held,
        forms=[
            {"number": codes.format_code(each.number), "code": codes.format_code(each.code)}
            for each in made
        ],
        asked=asked_on(shown),
        address=address.split("://", 1)[1],
        qr=qr_picture(address),
        back=back,
        is_local=_is_local(),
    )


def _is_local() -> bool:
    """Whether the addresses on the forms lead to this machine only."""
    public = settings().public_url
    return public is None and request.host.split(":")[0] in {"localhost", "127.0.0.1"}
