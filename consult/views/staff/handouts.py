"""Posters and leaflets to print, in each language of the consultation."""

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, refresh

from consult.db import db
from consult.document.completing import completed
from consult.document.model import Consultation as Document
from consult.document.texts import localised, missing_texts
from consult.languages import native_name
from consult.services import access, translating, workspaces
from consult.views.qr import qr_picture
from consult.views.staff.audience import for_staff
from consult.views.staff.current import now, workspace

KINDS = ("poster", "leaflet")


@for_staff("/consultations/<slug>/handouts", roles=access.READERS)
def handouts() -> ResponseReturnValue:
    """Which posters and leaflets there are."""
    document = _document()
    return render_template(
        "staff/handouts.html",
        page_title=gettext("Posters and leaflets"),
        languages=[
            (code, native_name(code), _words_missing(document, code)) for code in document.languages
        ],
        state=workspaces.state_of(workspace(), now()),
    )


@for_staff("/consultations/<slug>/handouts/<kind>/<in_language>", roles=access.READERS)
def handout(kind: str, in_language: str) -> ResponseReturnValue:
    """One poster or leaflet, all of it in one language, ready for the printer."""
    document = _document()
    if kind not in KINDS or in_language not in document.languages:
        abort(404)
    g.page_language = in_language
    g.consultation_timezone = document.timezone
    refresh()
    shown = localised(document, in_language)
    address = url_for("choose_language", slug=document.slug, _external=True)
    direct = url_for("residents.start", language=in_language, slug=document.slug, _external=True)
    return render_template(
        "staff/handout.html",
        page_title=shown.title,
        kind=kind,
        consultation=shown,
        address=address.split("://", 1)[1],
        qr=qr_picture(direct),
        languages=[(code, native_name(code)) for code in document.languages],
        is_local=request.host.split(":")[0] in {"localhost", "127.0.0.1"},
    )


def _document() -> Document:
    """The consultation as residents will meet it, as far as it is written."""
    document, _gaps = completed(
        {
            **workspace().content,
            "translations": translating.published_translations(db.session, workspace()),
        },
        slug=workspace().slug,
    )
    return document


def _words_missing(document: Document, language: str) -> bool:
    """Whether a handout would have to show the source language instead."""
    wanted = {"title", "asked_by"}
    return not wanted.isdisjoint(missing_texts(document, language))
