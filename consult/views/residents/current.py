"""The consultation and the person at hand: what each page needs before it can do its own."""

from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from consult.db import UNAVAILABLE, db
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.i18n import offered_languages
from consult.languages import LANGUAGES
from consult.markdown import deeper
from consult.models import Consultation, Draft, Response
from consult.services import consultations, drafts, opening
from consult.services.reporting import versions
from consult.services.timing import Phase, phase
from consult.views.clock import now, settings

__all__ = ["now", "settings"]

blueprint = Blueprint("residents", __name__, url_prefix="/<language>")
blueprint.add_app_template_filter(deeper)


@dataclass(frozen=True, slots=True)
class Known:
    """A consultation as it was last read from the database."""

    edition: tuple[UUID, int]
    """Which consultation it is, and at which revision: a preview's name goes to another."""
    document: Document
    is_preview: bool
    in_language: dict[str, Document] = field(default_factory=dict)


LONGEST_CARRIED = 300
"""Characters of an e-mail address or a code that a change of language keeps."""

LEFT_BEHIND_AT_MOST = 20
"""Drafts that a browser held before another took their place, to be cleared with the device."""


class Library:
    """Consultations by name, read again when their revision grows or another has the name.

    It also answers while the database is gone, so that a page can be shown again with what
    was typed on it.
    """

    def __init__(self) -> None:
        self._known: dict[str, Known] = {}
        self._lock = Lock()

    def get(self, slug: str) -> Known | None:
        """The consultation of that name, or nothing if there is none."""
        known = self._known.get(slug)
        try:
            edition = consultations.edition_of(db.session, slug)
            if edition is None:
                self._known.pop(slug, None)
                return None
            if known is None or known.edition != edition:
                stored = consultations.find(db.session, slug)
                if stored is None:
                    return None
                known = Known(
                    (stored.id, stored.revision),
                    consultations.document_of(db.session, stored),
                    stored.is_preview,
                )
                with self._lock:
                    self._known[slug] = known
        except UNAVAILABLE:
            if known is None:
                raise
            g.database_gone = True
        return known

    def in_language(self, slug: str, known: Known, language: str) -> Document:
        """A known consultation with its texts in a language."""
        if language not in known.in_language:
            with self._lock:
                known.in_language[language] = localised(known.document, language)
        return known.in_language[language]


def library() -> Library:
    """The application's library of consultations."""
    found: Library = current_app.extensions.setdefault("consult_library", Library())
    return found


def visible(slug: str) -> Known | None:
    """The consultation of that name, if this browser may see it.

    One that is not open to residents yet shows itself to who came by its private link, for as
    long as that link works.
    """
    known = library().get(slug)
    if known is not None and known.is_preview:
        held = _all_held("previews").get(slug, "")
        workspace = opening.find_preview(db.session, held)
        if workspace is None or workspace.slug != slug:
            return None
    return known


def hold_preview(slug: str, link_hash: str) -> None:
    """Let this browser see a consultation that is not open yet."""
    session["previews"] = {**_all_held("previews"), slug: link_hash}


def document() -> Document:
    """The consultation at hand, in the source language and with all its translations."""
    found: Document = g.known.document
    return found


def local() -> Document:
    """The consultation at hand, in the page's language."""
    return library().in_language(g.consultation_slug, g.known, g.page_language)


def stored() -> Consultation:
    """The consultation at hand as the database holds it."""
    return consultations.get(db.session, g.consultation_slug)


def has_results() -> bool:
    """Whether results of the consultation at hand are published; no, while nobody can tell."""
    return not g.get("database_gone") and bool(versions.published(db.session, stored()))


def current_phase() -> Phase:
    """The phase that the consultation at hand is in."""
    return phase(document(), now())


def page(endpoint: str, **values: Any) -> str:
    """The address of another page of this consultation, in this language."""
    return url_for(
        f"residents.{endpoint}", language=g.page_language, slug=g.consultation_slug, **values
    )


def held_draft() -> Draft | None:
    """The draft that this browser holds, or nothing; a sent one too."""
    draft_id = _held("drafts")
    if draft_id is None:
        return None
    try:
        return drafts.find(db.session, stored(), draft_id, now=now())
    except drafts.DraftGone:
        forget("drafts")
        return None


def held_draft_ids() -> list[UUID]:
    """Ids of the drafts that this browser holds or held, of every consultation."""
    found = []
    for held in (*_all_held("drafts").values(), *_left_behind()):
        with suppress(TypeError, ValueError, AttributeError):
            found.append(UUID(held))
    return found


def open_draft() -> Draft | None:
    """The draft that this browser holds, if it was not sent yet."""
    draft = held_draft()
    return None if draft is None or draft.sent_at is not None else draft


def has_sent() -> bool:
    """Whether this browser holds answers that were sent."""
    draft = held_draft()
    return draft is not None and draft.sent_at is not None


def held_response() -> Response | None:
    """The response that this browser has shown a receipt code for."""
    response_id = _held("responses")
    if response_id is None:
        return None
    response = db.session.get(Response, response_id)
    if response is None or response.consultation_id != stored().id:
        forget("responses")
        return None
    return response


def hold(kind: str, held_id: UUID) -> None:
    """Let this browser hold a draft or a response: its id, signed, until the browser closes."""
    before = _all_held(kind).get(g.consultation_slug)
    if kind == "drafts" and before not in {None, str(held_id)}:
        session["left_behind"] = [*_left_behind(), before][-LEFT_BEHIND_AT_MOST:]
    session[kind] = {**_all_held(kind), g.consultation_slug: str(held_id)}


def in_other_language(endpoint: str, typed: str) -> ResponseReturnValue | None:
    """Go to a form's page in the language chosen on it, with what was typed; or nothing."""
    to_language = request.form.get("to_language")
    if to_language not in offered_languages():
        return None
    session["carried"] = typed[:LONGEST_CARRIED]
    g.page_language = to_language
    return redirect(page(endpoint), 303)


def carried() -> str:
    """What was typed before a change of language, once."""
    text = session.pop("carried", "")
    return text if isinstance(text, str) else ""


def forget(kind: str) -> None:
    """Let this browser hold it no more."""
    session[kind] = {k: v for k, v in _all_held(kind).items() if k != g.consultation_slug}


def _held(kind: str) -> UUID | None:
    try:
        return UUID(_all_held(kind)[g.consultation_slug])
    except (TypeError, KeyError, ValueError, AttributeError):
        return None


def _left_behind() -> list[str]:
    left = session.get("left_behind")
    return left if isinstance(left, list) else []


def _all_held(kind: str) -> dict[str, str]:
    held = session.get(kind)
    return held if isinstance(held, dict) else {}


@blueprint.url_value_preprocessor
def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the language from the address, and the consultation where it names one."""
    language = (values or {}).pop("language", None)
    g.address_language = language
    if language in settings().languages:
        g.page_language = language
    if values and "slug" in values:
        g.consultation_slug = values.pop("slug")


@blueprint.before_request
def _find_consultation() -> None:
    if g.address_language not in LANGUAGES or "page_language" not in g:
        g.consultation_slug = None
        abort(404)
    slug = g.get("consultation_slug")
    if slug is None:
        return
    known = visible(slug)
    if known is None or g.address_language not in known.document.languages:
        g.consultation_slug = None
        abort(404)
    take_up(slug, known)


def take_up(slug: str, known: Known) -> None:
    """Make a consultation the one at hand."""
    g.consultation_slug = slug
    g.known = known
    g.consultation_languages = known.document.languages
    g.consultation_timezone = known.document.timezone


@blueprint.app_context_processor
def _consultation_context() -> dict[str, Any]:
    """What the frame of a page says of the consultation at hand."""
    if "known" not in g or "page_language" not in g:
        return {}
    shown = local()
    return {
        "consultation": shown,
        "council_name": shown.asked_by,
        "consultation_title": shown.title,
        "consultation_url": page("start"),
        "is_illustration": shown.illustration,
        "is_preview": g.known.is_preview,
        "page": page,
        "links": {
            "help": page("help_page"),
            "privacy": page("privacy"),
            "code": page("enter_code"),
            "clear_device": page("clear_device"),
        },
    }
