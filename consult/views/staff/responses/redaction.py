"""Hiding words of one answer: the only page that shows what is hidden."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.models import Answer, Redaction
from consult.services import access
from consult.services.reading import redacting
from consult.services.reading.redacted import REASONS, pieces, redactions_of, words_of
from consult.services.reading.redacting import Hidden, Hiding, NotInAnswer
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page
from consult.views.staff.responses import words
from consult.views.staff.responses.at_hand import (
    document_of,
    question_label,
    reference,
    stored,
)

Errors = list[tuple[str | None, str]]

_RULE = "/consultations/<slug>/responses/<uuid:response_id>/answers/<question>"


@dataclass(frozen=True, slots=True)
class HiddenLine:
    """One place that is hidden, as the page lists it."""

    redaction: Redaction
    text: str


@for_staff(_RULE, roles=access.ANALYSTS)
def redact_answer(response_id: UUID, question: str) -> ResponseReturnValue:
    """One answer, with what is hidden in it and what the machine suggests to hide."""
    return _page(_answer(response_id, question))


@for_staff(_RULE, roles=access.ANALYSTS, methods=("POST",))
def hide_words(response_id: UUID, question: str) -> ResponseReturnValue:
    """Hide words that somebody typed or selected, or findings of the machine."""
    answer = _answer(response_id, question)
    text = words_of(answer.value)
    reason = request.form.get("reason", "")
    errors: Errors = []
    stretches: list[Hiding] = []
    if request.form.get("do") == "accept":
        stretches = _accepted(text)
        if not stretches:
            errors.append(("suggestion", gettext("Tick what you want to hide")))
    else:
        typed = request.form.get("words", "")
        if not typed.strip():
            errors.append(("words", gettext("Write or copy the words to hide")))
        if reason not in REASONS:
            errors.append(("reason", gettext("Choose why the words are hidden")))
        if not errors:
            try:
                stretches = redacting.stretches_of(text, typed, reason, _selected())
            except NotInAnswer:
                sentence = gettext(
                    "These words do not stand in the answer. Copy them from it as they are written."
                )
                errors.append(("words", sentence))
    if errors:
        return _page(answer, errors), 422
    with unit_of_work(db.session):
        hidden = redacting.hide(
            db.session, _answer(response_id, question), stretches, actor=actor(), now=now()
        )
    flash(_hidden_words(hidden))
    return redirect(page("redact_answer", response_id=response_id, question=question), 303)


@for_staff(f"{_RULE}/show/<uuid:redaction_id>", roles=access.ANALYSTS, methods=("POST",))
def show_words(response_id: UUID, question: str, redaction_id: UUID) -> ResponseReturnValue:
    """Show words again that were hidden."""
    with unit_of_work(db.session):
        done = redacting.show_again(
            db.session,
            _answer(response_id, question),
            redaction_id,
            actor=actor(),
            now=now(),
        )
    if done:
        flash(gettext("The words are shown again."))
    else:
        flash(gettext("Somebody showed these words again before you did."))
    return redirect(page("redact_answer", response_id=response_id, question=question), 303)


def _answer(response_id: UUID, question: str) -> Answer:
    try:
        return redacting.find_answer(db.session, stored(), response_id, question)
    except redacting.NoSuchAnswer:
        abort(404)


def _accepted(text: str) -> list[Hiding]:
    """The machine's findings that are ticked; a tick names the place and the reason."""
    ticked = set(request.form.getlist("suggestion"))
    return [
        Hiding(found.start, found.end, found.reason)
        for found in redacting.suggestions(text, [])
        if f"{found.start}-{found.end}" in ticked
    ]


def _selected() -> tuple[int, int] | None:
    """The place that a script says was selected, in characters."""
    start, end = (request.form.get(name, "") for name in ("start", "end"))
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return None
    return (int(start), int(end)) if len(start) < 9 and len(end) < 9 else None


def _hidden_words(hidden: Hidden) -> str:
    if not hidden.places:
        return gettext("All of this was hidden already.")
    sentences = [
        ngettext("%(num)s place is hidden.", "%(num)s places are hidden.", hidden.places),
    ]
    if hidden.quotes:
        sentences.append(
            ngettext(
                "%(num)s approved quote held these words and is approved no more.",
                "%(num)s approved quotes held these words and are approved no more.",
                hidden.quotes,
            )
        )
    return " ".join(sentences)


def _page(answer: Answer, errors: Errors | None = None) -> str:
    document = document_of(stored())
    text = words_of(answer.value)
    hidden = redactions_of(db.session, [answer.id]).get(answer.id, [])
    return render_template(
        "staff/responses/redact.html",
        page_title=gettext("Hide words of an answer"),
        errors=errors or [],
        error_of=dict(errors or []),
        answer=answer,
        response_reference=reference(answer.response_id),
        label=question_label(document, answer.question_key, answer.question_version),
        pieces=pieces(text, hidden),
        hidden=[HiddenLine(each, text[each.start : each.end]) for each in hidden],
        suggestions=redacting.suggestions(text, hidden),
        ticked=request.form.getlist("suggestion"),
        quotes=redacting.quotes_of(db.session, answer),
        reasons=[{"value": key, "label": words.redaction_reason(key)} for key in REASONS],
        reason=request.form.get("reason"),
        typed=request.form.get("words", ""),
        start=request.form.get("start", ""),
        end=request.form.get("end", ""),
        words=words,
    )
