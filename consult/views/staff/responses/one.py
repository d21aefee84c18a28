"""One response: all that was answered, and what people decide about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.forms.translating_words import language_name
from consult.languages import direction
from consult.models import AuditEvent, Response
from consult.services import access, audit, deciding
from consult.services.assisting import provenance
from consult.services.reading import judging, listing, single
from consult.services.reading.listing import Fate
from consult.services.reading.single import Given
from consult.services.timing import Timing
from consult.views.residents.choices import shown_answer
from consult.views.staff.audience import for_staff
from consult.views.staff.audit_words import action_words
from consult.views.staff.current import actor, may, now, page
from consult.views.staff.responses import words
from consult.views.staff.responses.at_hand import (
    document_of,
    question_label,
    reference,
    response_of,
    stored,
)

Errors = list[tuple[str | None, str]]

LONGEST_REASON = 1000
"""Characters of why a response is left out."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One answer as the page shows it."""

    given: Given
    label: str
    lines: Sequence[str]
    """Without what is hidden."""
    hidden: str
    """How many places of it are hidden, in words; empty where none is."""


@for_staff("/consultations/<slug>/responses/<uuid:response_id>", roles=access.ANALYSTS)
def response(response_id: UUID) -> ResponseReturnValue:
    """One response."""
    return _shown(response_id)


@for_staff(
    "/consultations/<slug>/responses/<uuid:response_id>/exclude",
    roles=access.EDITORS,
    methods=("POST",),
)
def exclude_response(response_id: UUID) -> ResponseReturnValue:
    """Leave a response out of the figures, with a reason."""
    reason = request.form.get("reason", "").strip()
    problem = None
    if not reason:
        problem = gettext("Say why this response is left out")
    elif len(reason) > LONGEST_REASON:
        problem = gettext(
            "Write a shorter reason: we can take up to %(limit)s characters", limit=LONGEST_REASON
        )
    if problem is not None:
        return _shown(response_id, [("reason", problem)]), 422

    def exclude(found: Response) -> str:
        deciding.exclude(db.session, found, actor=actor(), reason=reason, now=now())
        return gettext("The response is left out of every figure and every theme.")

    return _decided(response_id, exclude)


@for_staff(
    "/consultations/<slug>/responses/<uuid:response_id>/include",
    roles=access.EDITORS,
    methods=("POST",),
)
def include_response(response_id: UUID) -> ResponseReturnValue:
    """Take an exclusion back."""

    def include(found: Response) -> str:
        if found.excluded_at is None:
            return gettext("The response was not left out, so nothing was changed.")
        deciding.include_again(db.session, found, actor=actor(), now=now())
        return gettext("The response is not left out any more.")

    return _decided(response_id, include)


@for_staff(
    "/consultations/<slug>/responses/<uuid:response_id>/timing",
    roles=access.EDITORS,
    methods=("POST",),
)
def decide_timing(response_id: UUID) -> ResponseReturnValue:
    """Say whether a response whose clocks disagree came in time."""
    decision = request.form.get("decision", "")
    if decision not in {"accept", "refuse"}:
        problem = gettext("Choose whether the response counts")
        return _shown(response_id, [("decision", problem)]), 422

    def decide(found: Response) -> str:
        if found.timing != Timing.DOUBTFUL:
            return gettext("Nobody doubts when this response came, so nothing was changed.")
        accepted = decision == "accept"
        deciding.decide_timing(db.session, found, accepted=accepted, actor=actor(), now=now())
        if accepted:
            return gettext("The response is accepted as in time.")
        return gettext("The response is refused as too late. It does not count.")

    return _decided(response_id, decide)


@for_staff(
    "/consultations/<slug>/responses/<uuid:response_id>/marks",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def mark_response(response_id: UUID) -> ResponseReturnValue:
    """Note a suspicion. It leaves nothing out."""
    kind, _, reason = request.form.get("suspicion", "").partition(":")
    if reason not in judging.PERSONS_REASONS.get(kind, ()):
        return _shown(response_id, [("suspicion", gettext("Choose what you suspect"))]), 422

    def mark(found: Response) -> str:
        judging.mark(db.session, found, kind, reason, actor=actor(), now=now())
        return gettext("The response is marked. It still counts until an officer leaves it out.")

    return _decided(response_id, mark)


@for_staff(
    "/consultations/<slug>/responses/<uuid:response_id>/marks/<uuid:mark_id>/take",
    roles=access.ANALYSTS,
    methods=("POST",),
)
def take_mark(response_id: UUID, mark_id: UUID) -> ResponseReturnValue:
    """Take a person's mark away."""

    def take(found: Response) -> str:
        if judging.take_mark(db.session, found, mark_id, actor=actor(), now=now()):
            return gettext("The mark is taken away.")
        return gettext("That mark was not there any more, or is the machine’s.")

    return _decided(response_id, take)


def _decided(response_id: UUID, act: Callable[[Response], str]) -> ResponseReturnValue:
    """Do something with a response as it is now, say what was done, and show it again."""
    with unit_of_work(db.session):
        found = response_of(stored(), response_id, for_update=True)
        if found.withdrawn_at is not None:
            done = gettext("The response was withdrawn meanwhile, so nothing was changed.")
        else:
            done = act(found)
    flash(done)
    return redirect(page("response", response_id=response_id), 303)


def _shown(response_id: UUID, errors: Errors | None = None) -> str:
    consultation = stored()
    found = response_of(consultation, response_id)
    document = document_of(consultation)
    answers = single.answers_of(db.session, found, document, words.marker_words())
    acts = single.acts_on(db.session, found)
    return render_template(
        "staff/responses/one.html",
        # Translators: %(reference)s is a short sign for a response, such as 3f2a9c1d
        page_title=gettext("Response %(reference)s", reference=reference(found.id)),
        errors=errors or [],
        error_of=dict(errors or []),
        response=found,
        fate=listing.fate_of(found),
        Fate=Fate,
        is_doubtful=found.timing == Timing.DOUBTFUL,
        timing_decided_at=_last(acts, "late response accepted", "late response refused"),
        origin=single.origin_of(db.session, found),
        came_about=provenance.of_response(db.session, found),
        answers=[_answer(each, document) for each in answers],
        marks=sorted(found.marks, key=lambda mark: (mark.marked_at, mark.id.hex)),
        machine=audit.MACHINE,
        suspicions=_suspicions(),
        suspicion=request.form.get("suspicion"),
        reason=request.form.get("reason", ""),
        longest_reason=LONGEST_REASON,
        acts=acts,
        action_words=action_words,
        words=words,
        language_name=language_name,
        direction=direction,
        may_edit=may(*access.EDITORS),
    )


def _answer(given: Given, document: Document) -> Shown:
    key = given.answer.question_key
    asked = next((question for question in document.questions if question.key == key), None)
    lines = shown_answer(given.value, asked or given.question, document)
    places = len(given.redactions)
    hidden = ngettext("%(num)s place is hidden", "%(num)s places are hidden", places)
    return Shown(
        given=given,
        label=question_label(document, key, given.answer.question_version),
        lines=lines,
        hidden=hidden if places else "",
    )


def _suspicions() -> list[dict[str, str]]:
    """What a person can suspect, as choices."""
    return [
        {
            "value": f"{kind}:{reason}",
            # Translators: a suspicion and why, such as: Perhaps spam: It advertises something
            "label": gettext(
                "%(mark)s: %(reason)s",
                mark=words.mark_words(kind),
                reason=words.mark_reason(reason),
            ),
        }
        for kind, reasons in judging.PERSONS_REASONS.items()
        for reason in reasons
    ]


def _last(acts: Sequence[AuditEvent], *actions: str) -> AuditEvent | None:
    return next((act for act in acts if act.action in actions), None)
