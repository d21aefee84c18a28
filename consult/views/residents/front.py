"""Ways in: the choice of a language, and the list of consultations."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.i18n import page_language
from consult.services import consultations, opening
from consult.services.timing import Phase, phase
from consult.views.residents.current import blueprint, hold_preview, library, now, take_up, visible

SHOWN_PHASES = (Phase.OPEN, Phase.PAUSED, Phase.GRACE, Phase.BEFORE, Phase.CLOSED)


def choose_language() -> ResponseReturnValue:
    """The languages of this installation, the browser's first."""
    return render_template(
        "residents/language.html", page_title=gettext("Choose your language"), slug=None
    )


def choose_consultation_language(slug: str) -> ResponseReturnValue:
    """The languages of one consultation, the browser's first: the address for a poster."""
    known = visible(slug)
    if known is None:
        abort(404)
    take_up(slug, known)
    return render_template(
        "residents/language.html", page_title=gettext("Choose your language"), slug=slug
    )


def preview(code: str) -> ResponseReturnValue:
    """The way in by a private link, to a consultation that is not open yet."""
    with unit_of_work(db.session):
        workspace = opening.enter_preview(db.session, code, now=now())
        if workspace is None:
            abort(404)
        slug = workspace.slug
    hold_preview(slug, opening.preview_hash(code))
    return redirect(url_for("choose_language", slug=slug), 303)


@blueprint.get("/")
def front() -> ResponseReturnValue:
    """All consultations, those that can be answered first."""
    listed: list[tuple[Phase, Document]] = []
    for slug in consultations.slugs(db.session):
        known = library().get(slug)
        if known is not None:
            shown = library().in_language(slug, known, page_language())
            listed.append((phase(known.document, now()), shown))
    listed.sort(key=lambda entry: SHOWN_PHASES.index(entry[0]))
    return render_template(
        "residents/front.html", page_title=gettext("Consultations"), listed=listed
    )
