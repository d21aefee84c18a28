"""The consultation whose responses a page is about, and its questions."""

from uuid import UUID

from flask import abort, g

from consult.db import db
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.models import Consultation, QuestionVersion, Response
from consult.services import consultations
from consult.services.reading import single
from consult.services.themes.studies import text_questions
from consult.views.staff.current import workspace


def stored_if_any() -> Consultation | None:
    """The consultation at hand as residents meet it; nothing before anybody could."""
    found = consultations.find(db.session, workspace().slug)
    if found is not None:
        g.consultation_timezone = found.definition["timezone"]
    return found


def stored() -> Consultation:
    """The same, on a page that there is none of before."""
    found = stored_if_any()
    if found is None:
        abort(404)
    return found


def document_of(found: Consultation) -> Document:
    """The consultation in the language of the page, as far as it is translated."""
    return localised(consultations.document_of(db.session, found), g.page_language)


def response_of(found: Consultation, response_id: UUID, *, for_update: bool = False) -> Response:
    """A response of the consultation at hand."""
    try:
        return single.find(db.session, found, response_id, for_update=for_update)
    except single.NoSuchResponse:
        abort(404)


def question_label(document: Document, key: str, version: QuestionVersion | None = None) -> str:
    """What a question asks now, or asked where it is asked no more."""
    found = next((question for question in document.questions if question.key == key), None)
    if found is not None:
        return found.label
    return key if version is None else str(version.definition["label"])


def text_question_label(document: Document, key: str) -> str:
    """What a question asks that is answered in one's own words; others have no such page."""
    found = next((each for each in text_questions(document) if each.key == key), None)
    if found is None:
        abort(404)
    return found.label


def reference(response_id: UUID) -> str:
    """A short name for a response, which tells nothing of its person."""
    return response_id.hex[:8]
