"""Consultations and their questions: what residents can see, and with a token what is to come."""

from typing import Any

from consult.db import db
from consult.document.completing import completed
from consult.models import Consultation, Workspace
from consult.services import consultations as keeping
from consult.services.raw import asked as asking
from consult.services.raw.codebook import told_questions
from consult.services.timing import Phase, phase
from consult.services.workspaces import State
from consult.views.api import problems
from consult.views.api.current import in_the_making, may_look_ahead, public_consultation, reads
from consult.views.clock import now
from consult.views.staff.raw.words import fixed_labels

STATES = {
    Phase.BEFORE: State.SCHEDULED,
    Phase.OPEN: State.OPEN,
    Phase.PAUSED: State.PAUSED,
    Phase.GRACE: State.CLOSED,
    Phase.CLOSED: State.CLOSED,
}


@reads("/consultations")
def consultations() -> dict[str, Any]:
    """All consultations that the reader may know of."""
    public = [public_consultation(slug) for slug in keeping.slugs(db.session)]
    items = [_told(each) for each in public if each is not None]
    return {"items": [*items, *(_planned(each) for each in in_the_making())]}


@reads("/consultations/<slug>")
def consultation(slug: str) -> dict[str, Any]:
    """One consultation."""
    found = public_consultation(slug)
    if found is not None:
        return _told(found)
    for workspace in in_the_making():
        if workspace.slug == slug:
            return _planned(workspace)
    raise problems.nothing_there("consultation")


@reads("/consultations/<slug>/questions")
def questions(slug: str) -> dict[str, Any]:
    """What it asks, and has asked. Before it opens that is for those who prepare it."""
    found = public_consultation(slug)
    if found is None:
        raise problems.nothing_there("open consultation")
    asked = asking.asking(db.session, found)
    if phase(asked.document, now()) is Phase.BEFORE and not may_look_ahead(slug):
        raise problems.nothing_there("open consultation")
    language = asked.document.source_language
    return {"language": language, "items": told_questions(asked, fixed_labels(language))}


def _told(found: Consultation) -> dict[str, Any]:
    document = keeping.document_of(db.session, found)
    return {
        "slug": found.slug,
        "title": str(document.title),
        "state": STATES[phase(document, now())].value,
        "opens": document.opens.isoformat(),
        "closes": document.closes.isoformat(),
        "timezone": document.timezone,
        "source_language": document.source_language,
        "languages": list(document.languages),
        "illustration": document.illustration,
    }


def _planned(workspace: Workspace) -> dict[str, Any]:
    """One that is being set up; its dates are not fixed before it opens."""
    document, _ = completed(workspace.content)
    return {
        "slug": workspace.slug,
        "title": str(workspace.content.get("title") or workspace.slug),
        "state": State.PREPARING.value,
        "opens": None,
        "closes": None,
        "timezone": document.timezone,
        "source_language": document.source_language,
        "languages": list(document.languages),
        "illustration": document.illustration,
    }
