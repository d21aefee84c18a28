"""What came from tablets and waits for an officer's word."""

from uuid import UUID

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import PREFER_NOT_TO_SAY
from consult.document.model import Consultation as Document
from consult.forms.translating_words import language_name
from consult.languages import direction
from consult.models import Arrival, AssistedSession, Consultation
from consult.services import access
from consult.services.assisting import arrivals as waiting
from consult.services.assisting.keys import KeyFileProblem, Keys
from consult.services.assisting.outcomes import Outcome, Reason
from consult.services.assisting.payloads import Finished, FinishedResponse, Given, moment
from consult.views.clock import settings
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page
from consult.views.staff.responses.at_hand import document_of, question_label, stored, stored_if_any
from consult.views.staff.responses.words import mode_words
from consult.views.staff.sessions import words
from consult.views.staff.sessions.listing import ROOT
from consult.views.staff.sessions.shared import is_admin


@for_staff(f"{ROOT}/arrivals", roles=access.EDITORS)
def arrivals() -> ResponseReturnValue:
    """All that waits, the oldest first."""
    found = stored_if_any()
    return render_template(
        "staff/sessions/arrivals.html",
        page_title=gettext("Kept aside from tablets"),
        waiting=[] if found is None else waiting.waiting(db.session, found, is_admin=is_admin()),
        kind_words=words.kind_words,
        why_words=words.why_words,
    )


@for_staff(f"{ROOT}/arrivals/<uuid:arrival_id>", roles=access.EDITORS)
def one_arrival(arrival_id: UUID) -> ResponseReturnValue:
    """One item: why it waits, and what stands in it where that can be opened."""
    return _page(stored(), _arrival(arrival_id))


@for_staff(f"{ROOT}/arrivals/<uuid:arrival_id>/accept", roles=access.EDITORS, methods=("POST",))
def accept_arrival(arrival_id: UUID) -> ResponseReturnValue:
    """Store it all the same."""
    found = stored()
    try:
        with unit_of_work(db.session):
            outcome = waiting.accept(
                db.session,
                found,
                arrival_id,
                opener=_keys(),
                secret_key=settings().secret_key,
                actor=actor(),
                is_admin=is_admin(),
                now=now(),
            )
    except waiting.AlreadyDecided:
        return _decided_before()
    except waiting.CannotAccept as refused:
        sentence = gettext(
            "This cannot be accepted: %(why)s. Refuse it, or leave it where it is.",
            why=_lower(words.why_words(refused.reason)),
        )
        return _page(stored(), _arrival(arrival_id), [("", sentence)]), 409
    except waiting.CameTooLate:
        sentence = gettext(
            "It came after the last day for what tablets held, so it was not stored."
        )
        return _page(stored(), _arrival(arrival_id), [("", sentence)]), 409
    except waiting.BelongsElsewhere:
        sentence = gettext(
            "This belongs to another consultation, so it cannot be accepted here. Refuse it, or "
            "leave it where it is."
        )
        return _page(stored(), _arrival(arrival_id), [("", sentence)]), 409
    except KeyFileProblem:
        return _page(stored(), _arrival(arrival_id), [("", _keys_gone())]), 503
    flash(_accepted_words(outcome))
    return redirect(page("arrivals"), 303)


@for_staff(f"{ROOT}/arrivals/<uuid:arrival_id>/refuse", roles=access.EDITORS, methods=("POST",))
def refuse_arrival(arrival_id: UUID) -> ResponseReturnValue:
    """Put it away for good."""
    try:
        with unit_of_work(db.session):
            waiting.refuse(
                db.session,
                stored(),
                arrival_id,
                actor=actor(),
                is_admin=is_admin(),
                now=now(),
            )
    except waiting.AlreadyDecided:
        return _decided_before()
    flash(gettext("It is refused, and its words are deleted."))
    return redirect(page("arrivals"), 303)


def _accepted_words(outcome: Outcome) -> str:
    if outcome is Outcome.WITHDRAWN:
        return gettext("Its person has withdrawn it meanwhile, so it was not stored.")
    return gettext("It is accepted and stored. It counts like any other.")


def _decided_before() -> ResponseReturnValue:
    flash(gettext("Somebody has decided about it meanwhile. Nothing was changed."))
    return redirect(page("arrivals"), 303)


def _keys_gone() -> str:
    return gettext(
        "It cannot be opened just now, because the key file of this installation is missing or is "
        "another one. The person who runs this installation can bring it back from a backup."
    )


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _keys() -> Keys:
    return Keys(settings().key_path)


def _arrival(arrival_id: UUID) -> Arrival:
    try:
        return waiting.find(db.session, stored(), arrival_id, is_admin=is_admin())
    except waiting.NoSuchArrival:
        abort(404)


def _page(
    found: Consultation, arrival: Arrival, errors: list[tuple[str, str]] | None = None
) -> str:
    errors = list(errors or [])
    reason = Reason(arrival.reason)
    seen: Finished | str | None = None
    try:
        seen = waiting.look(db.session, arrival, _keys())
    except KeyFileProblem:
        if not errors:
            errors.append(("", _keys_gone()))
    opened = None if isinstance(seen, str) else seen
    listed = waiting.waiting(db.session, found, is_admin=is_admin())
    (told,) = [each for each in listed if each.id == arrival.id]
    document = document_of(found)
    return render_template(
        "staff/sessions/arrival.html",
        page_title=words.why_words(reason),
        errors=errors,
        told=told,
        advice=words.advice_words(reason),
        kind=words.kind_words(arrival.kind),
        opened=opened,
        unread=seen if isinstance(seen, str) else "",
        held=None if opened is None else db.session.get(AssistedSession, opened.session),
        answers=_answers(opened, document),
        question=_question(opened, document),
        mode=mode_words(opened.mode) if isinstance(opened, FinishedResponse) else "",
        language_name=language_name,
        direction=direction,
        moment=moment,
    )


def _question(opened: Finished | None, document: Document) -> str:
    """What a table talked about."""
    if opened is None or isinstance(opened, FinishedResponse) or opened.question is None:
        return ""
    return question_label(document, opened.question)


def _answers(opened: Finished | None, document: Document) -> list[tuple[str, list[str], str]]:
    """Each question, what was entered, in which language."""
    if not isinstance(opened, FinishedResponse):
        return []
    labels = {
        question.key: {option.key: str(option.label) for option in question.options}
        for question in document.questions
    }
    areas = {area.code: area.name for area in document.areas}
    return [
        (
            question_label(document, key),
            _entered(given, labels.get(key, {}) | areas),
            given.language,
        )
        for key, given in opened.answers.items()
    ]


def _entered(given: Given, labels: dict[str, str]) -> list[str]:
    """The filled fields of one question, choices by their names."""
    known = labels | {PREFER_NOT_TO_SAY: gettext("Prefer not to say")}
    return [
        known.get(value, value)
        for values in given.fields().values()
        for value in values
        if value.strip()
    ]
