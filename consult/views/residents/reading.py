"""Reading: what this is, the draft in three depths, help, privacy."""

from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.document.model import Consultation as Document
from consult.document.model import Section
from consult.markdown import as_html
from consult.services import journey
from consult.services.timing import Phase
from consult.views.residents.current import (
    blueprint,
    current_phase,
    document,
    has_results,
    has_sent,
    local,
    open_draft,
)

DEPTHS = ("short", "easy", "full")


@blueprint.get("/<slug>/")
def start() -> ResponseReturnValue:
    """What is asked, by whom, how long it takes, until when, and what comes of it."""
    current = current_phase()
    return render_template(
        "residents/start.html",
        page_title=gettext("Start"),
        phase=current,
        Phase=Phase,
        minutes=journey.minutes_needed(document()),
        draft=open_draft() if current in {Phase.OPEN, Phase.GRACE} else None,
        has_sent=has_sent(),
        has_results=has_results(),
    )


@blueprint.get("/<slug>/draft")
def draft_overview() -> ResponseReturnValue:
    """All sections, each as its short text."""
    return render_template("residents/draft.html", page_title=gettext("The plan in short"))


@blueprint.get("/<slug>/draft/<section_key>")
@blueprint.get("/<slug>/draft/<section_key>/<depth>")
def draft_section(section_key: str, depth: str = "short") -> ResponseReturnValue:
    """One section, as short text, easy read or in full."""
    shown = local()
    section = shown.section(section_key)
    if section is None or depth not in DEPTHS:
        abort(404)
    return section_page(shown, section, depth)


def section_page(shown: Document, section: Section, depth: str, **frame: Any) -> str:
    """The page of one section of a document; ``frame`` is what stands around it elsewhere."""
    at = shown.sections.index(section)
    return render_template(
        "residents/section.html",
        page_title=str(section.title),
        section=section,
        depth=depth,
        full=as_html(section.full) if depth == "full" else None,
        previous=shown.sections[at - 1] if at else None,
        following=shown.sections[at + 1] if at + 1 < len(shown.sections) else None,
        **frame,
    )


@blueprint.get("/<slug>/draft.html")
def draft_in_one() -> ResponseReturnValue:
    """The whole draft on one page, to print or save."""
    shown = local()
    return render_template(
        "residents/draft_in_one.html",
        page_title=gettext("The whole plan on one page"),
        sections=[(section, as_html(section.full)) for section in shown.sections],
    )


@blueprint.get("/<slug>/help")
def help_page() -> ResponseReturnValue:
    """How to get help by phone, on paper, in large print or in British Sign Language."""
    return render_template("residents/help.html", page_title=gettext("Help"))


@blueprint.get("/<slug>/privacy")
def privacy() -> ResponseReturnValue:
    """Who holds the answers, why the law allows it, who sees them, and when they go."""
    return render_template(
        "residents/privacy.html", page_title=gettext("How your answers are used")
    )
