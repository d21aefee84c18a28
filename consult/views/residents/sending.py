"""Checking the answers, sending them once, and the receipt."""

from datetime import UTC, datetime

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Part, Question
from consult.forms.tokens import token_problem
from consult.models import Draft
from consult.security import csrf
from consult.services import codes, contacts, drafts, journey, responses
from consult.services.timing import Phase, TooLate
from consult.views.residents.answering import closed_page, other_page, seen_intro
from consult.views.residents.choices import shown_answer
from consult.views.residents.current import (
    blueprint,
    carried,
    current_phase,
    document,
    forget,
    held_draft,
    hold,
    in_other_language,
    local,
    now,
    open_draft,
    page,
    settings,
    stored,
)

HIDDEN_FIELD = "website"
"""A field that no person sees; who fills it in is marked, never refused."""


@blueprint.get("/<slug>/check")
def check() -> ResponseReturnValue:
    """All answers with links to change them, and the consent."""
    if (elsewhere := other_page()) is not None:
        return elsewhere
    if (draft := open_draft()) is None:
        return redirect(page("answer"), 303)
    return _check_page(draft, [])


@blueprint.post("/<slug>/send")
@csrf.exempt  # checked below: a resend whose session is over gets a page that helps
def send() -> ResponseReturnValue:
    """Send the answers; sent twice, they are stored once."""
    draft = held_draft()
    if draft is None:
        return redirect(page("answer"), 303)
    if draft.sent_at is None:
        if (problem := token_problem()) is not None:
            return _check_page(draft, [("", problem)]), 400
        if (open_question := drafts.first_open_question(document(), draft)) is not None:
            return _incomplete(draft, open_question)
    try:
        with unit_of_work(db.session):
            receipt = responses.send_draft(
                db.session,
                stored(),
                document(),
                draft.id,
                secret_key=settings().secret_key,
                now=now(),
                finished_at_device=_device_time(),
                hidden_field_filled=bool(request.form.get(HIDDEN_FIELD)),
            )
    except (TooLate, responses.Paused):
        return closed_page() or redirect(page("start"), 303)
    except responses.Incomplete as incomplete:
        return _incomplete(draft, incomplete.question)
    except (responses.Withdrawn, drafts.DraftGone):
        forget("drafts")
        return redirect(page("enter_code"), 303)
    hold("responses", receipt.response_id)
    return redirect(page("receipt"), 303)


@blueprint.get("/<slug>/receipt")
def receipt() -> ResponseReturnValue:
    """Thanks, the receipt code, and what happens next."""
    draft = held_draft()
    if draft is None or draft.sent_at is None:
        return redirect(page("answer"), 303)
    return _receipt_page(draft)


@blueprint.post("/<slug>/news")
@csrf.exempt  # checked below, so that the address stays in its field
def news() -> ResponseReturnValue:
    """Take an e-mail address for news, apart from the answers."""
    email = request.form.get("email", "")
    if (problem := token_problem()) is not None:
        return _news_page(email, problem), 400
    if (elsewhere := in_other_language("news_form", email)) is not None:
        return elsewhere
    if stored().data_removed_at is not None:
        return redirect(page("start"), 303)
    try:
        with unit_of_work(db.session):
            contacts.add(db.session, stored(), email, language=g.page_language, now=now())
    except contacts.NotAnEmail:
        problem = gettext("Write an e-mail address, such as name@example.org")
        return _news_page(email, problem), 422
    return redirect(page("news_done"), 303)


@blueprint.get("/<slug>/news")
def news_form() -> ResponseReturnValue:
    """Ask for an e-mail address for news, apart from the answers."""
    return _news_page(carried(), None)


@blueprint.get("/<slug>/news/done")
def news_done() -> ResponseReturnValue:
    """Say that the address was taken."""
    return render_template("residents/news_done.html", page_title=gettext("Thank you"))


def _news_page(email: str, problem: str | None) -> str:
    return render_template(
        "residents/news.html",
        page_title=gettext("News by e-mail"),
        errors=[("email", problem)] if problem else [],
        email=email,
    )


def _check_page(draft: Draft, errors: list[tuple[str, str]]) -> str:
    shown = local()
    answers = drafts.values(draft)
    rows: dict[bool, list[tuple[Question, list[str], bool]]] = {False: [], True: []}
    for asked in journey.visible_questions(document(), answers):
        local_question = shown.question(asked.key)
        assert local_question is not None  # noqa: S101 - the same document in another language
        lines = shown_answer(answers.get(asked.key), local_question, shown)
        needs_a_look = drafts.needs_a_look(document(), draft, asked)
        rows[asked.part is Part.MONITORING].append((local_question, lines, needs_a_look))
    seen_intro()
    return render_template(
        "residents/check.html",
        page_title=gettext("Check your answers"),
        rows=rows[False],
        monitoring_rows=rows[True],
        errors=errors,
        hidden_field=HIDDEN_FIELD,
        back=page("about_you"),
        changing=draft.replaces_response_id is not None,
        is_own_words=journey.asks_for_text,
    )


def _incomplete(draft: Draft, open_question: Question) -> ResponseReturnValue:
    local_question = local().question(open_question.key)
    assert local_question is not None  # noqa: S101 - the same document in another language
    problem = gettext(
        "Please look at this question again: %(question)s", question=local_question.label
    )
    return _check_page(draft, [(f"row-{open_question.key}-change", problem)]), 422


def _receipt_page(draft: Draft) -> ResponseReturnValue:
    code = None
    if draft.replaces_response_id is None:
        code = codes.derived_code(settings().secret_key, draft.receipt_seed)
    return render_template(
        "residents/receipt.html",
        page_title=gettext("Thank you. We have your answers."),
        code=codes.format_code(code) if code else None,
        can_change=current_phase() is Phase.OPEN,
    )


def _device_time() -> datetime | None:
    """When the person finished by the device's clock, if scripts ran and it makes sense."""
    text = request.form.get("finished_at_device", "")
    try:
        time = datetime.fromisoformat(text[:40])
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None
