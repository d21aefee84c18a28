"""Approving statements as quotes, and the list of those approved."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.forms.translating_words import language_name
from consult.languages import direction
from consult.models import Study
from consult.services import access
from consult.services.reading import quotes as approving
from consult.services.reading.quotes import Candidate
from consult.services.themes import studies
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page
from consult.views.staff.responses import words
from consult.views.staff.responses.at_hand import document_of, stored, text_question_label

Errors = list[tuple[str | None, str]]

_RULE = "/consultations/<slug>/themes/<question>/quotes"
_CANNOT = (approving.NoSuchStatement, approving.NotOfTheme, approving.NotCounted)


@for_staff(_RULE, roles=access.ANALYSTS)
def quotes(question: str) -> ResponseReturnValue:
    """The approved quotes of a question, by theme, and what the public would see of each."""
    consultation = stored()
    label = text_question_label(document_of(consultation), question)
    study = studies.find(db.session, consultation, question)
    return render_template(
        "staff/responses/quotes.html",
        page_title=gettext("Approved quotes"),
        question=question,
        label=label,
        quotes=[] if study is None else approving.approved(db.session, study),
        words=words,
        language_name=language_name,
        direction=direction,
    )


@for_staff(f"{_RULE}/<uuid:unit_id>/<theme>", roles=access.ANALYSTS)
def quote_approval(question: str, unit_id: UUID, theme: str) -> ResponseReturnValue:
    """A statement as it would be published for a theme, before somebody approves it."""
    return _approval(_study(question), unit_id, theme)


@for_staff(f"{_RULE}/<uuid:unit_id>/<theme>", roles=access.ANALYSTS, methods=("POST",))
def approve_quote(question: str, unit_id: UUID, theme: str) -> ResponseReturnValue:
    """Let a statement stand for a theme in public."""
    study = _study(question)
    problem, field = None, None
    try:
        with unit_of_work(db.session):
            approving.approve(
                db.session,
                study,
                unit_id,
                theme,
                state=request.form.get("state", ""),
                cleared=request.form.getlist("cleared"),
                actor=actor(),
                now=now(),
            )
    except _CANNOT:
        return _approval(study, unit_id, theme)
    except approving.TextChanged:
        problem = gettext(
            "Words of this answer were hidden or shown while you looked at it. The quote stands "
            "here as it is now: look at it once more."
        )
    except approving.NothingLeft:
        problem = gettext("All words of this statement are hidden, so nothing is left to quote.")
    except approving.PersonalDataLeft:
        field = "cleared"
        problem = gettext(
            "Hide the personal data in the answer first, or tick what is none, such as the name "
            "of a councillor."
        )
    if problem is not None:
        return _approval(study, unit_id, theme, [(field, problem)])
    flash(gettext("The quote is approved in your name."))
    return redirect(page("quotes", question=question), 303)


@for_staff(f"{_RULE}/<uuid:quote_id>/withdraw", roles=access.ANALYSTS, methods=("POST",))
def withdraw_quote(question: str, quote_id: UUID) -> ResponseReturnValue:
    """Take an approval back."""
    study = _study(question)
    with unit_of_work(db.session):
        done = approving.withdraw(db.session, study, quote_id, actor=actor(), now=now())
    if done:
        flash(gettext("The quote is not approved any more."))
    else:
        flash(gettext("Somebody took this approval back before you did."))
    return redirect(page("quotes", question=question), 303)


def _study(question: str) -> Study:
    found = studies.find(db.session, stored(), question)
    if found is None:
        abort(404)
    return found


def _approval(
    study: Study, unit_id: UUID, theme: str, errors: Errors | None = None
) -> ResponseReturnValue:
    try:
        found = approving.candidate(db.session, study, unit_id, theme)
    except approving.NoSuchStatement:
        abort(404)
    except (approving.NotOfTheme, approving.NotCounted) as refusal:
        return _refused(study, refusal), 422
    return _candidate_page(study, found, errors or []), 422 if errors else 200


def _refused(study: Study, refusal: Exception) -> str:
    if isinstance(refusal, approving.NotCounted):
        sentence = gettext("The response does not count any more, so nothing of it can be quoted.")
    else:
        sentence = gettext(
            "The statement is not in this theme any more: somebody moved it, or split the theme. "
            "Look for it in the themes as they are now."
        )
    return render_template(
        "staff/responses/quote_refused.html",
        page_title=gettext("This cannot be quoted"),
        errors=[(None, sentence)],
        question=study.question_key,
    )


def _candidate_page(study: Study, found: Candidate, errors: Errors) -> str:
    cleared = request.form.getlist("cleared")
    if request.method == "GET" and found.approved is not None:
        cleared = list(found.approved.cleared)
    verdict = found.judged(cleared)
    return render_template(
        "staff/responses/quote.html",
        page_title=gettext("A quote for a theme"),
        errors=errors,
        error_of=dict(errors),
        question=study.question_key,
        label=text_question_label(document_of(stored()), study.question_key),
        found=found,
        verdict=verdict,
        reasons=[
            words.quote_reason(each, language_name(found.language)) for each in verdict.reasons
        ],
        cleared=cleared,
        findings=[
            {
                "value": each.text,
                # Translators: a kind of personal data and the words taken for it; these follow
                "label": gettext(
                    "%(kind)s: “%(words)s” is no personal data",
                    kind=words.kind_words(each.kind),
                    words=f"\u2068{each.text}\u2069",
                ),
            }
            for each in {each.text: each for each in found.findings}.values()
        ],
        words=words,
        language_name=language_name,
        direction=direction,
    )
