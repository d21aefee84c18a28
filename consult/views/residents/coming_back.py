"""Going away and coming back: a code for a draft; reading, changing, withdrawing a response."""

import json
from typing import Any

from flask import Response as Page
from flask import g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, forget_removed, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.texts import LocalText
from consult.forms.tokens import token_problem
from consult.logs import logger
from consult.models import Draft, Response
from consult.security import csrf
from consult.services import codes, drafts, responses
from consult.services.reporting import mine, versions
from consult.services.reporting.mine import RaisedTheme
from consult.services.timing import Phase
from consult.views.qr import qr_picture
from consult.views.residents.answering import closed_page, seen_intro
from consult.views.residents.choices import shown_answer
from consult.views.residents.current import (
    blueprint,
    carried,
    current_phase,
    document,
    forget,
    held_response,
    hold,
    in_other_language,
    local,
    now,
    open_draft,
    page,
    settings,
    stored,
)


@blueprint.get("/<slug>/save")
def save() -> ResponseReturnValue:
    """Explain coming back, and offer a code; or show the one that was made here."""
    draft = open_draft()
    code = None if draft is None else _code_made_here(draft)
    if code is None:
        return render_template(
            "residents/save.html", page_title=gettext("Come back later"), draft=draft, code=None
        )
    link = url_for(
        "residents.open_link",
        language=g.page_language,
        slug=g.consultation_slug,
        code=code,
        _external=True,
    )
    return render_template(
        "residents/save.html",
        page_title=gettext("Your code to come back"),
        draft=draft,
        code=codes.format_code(code),
        link=link,
        qr=qr_picture(link),
    )


@blueprint.post("/<slug>/save")
def make_code() -> ResponseReturnValue:
    """Make a code, and keep it in this browser's session so that its page can be shown again."""
    draft = open_draft()
    if draft is None:
        return redirect(page("save"), 303)
    try:
        with unit_of_work(db.session):
            found = drafts.find(db.session, stored(), draft.id, now=now())
            code = drafts.make_code(db.session, found, settings().secret_key, now=now())
    except (drafts.AlreadySent, drafts.DraftGone):
        return redirect(page("answer"), 303)
    session["code"] = code
    return redirect(page("save"), 303)


def _code_made_here(draft: Draft) -> str | None:
    """The code that this browser made for a draft, if it is still the draft's."""
    code = session.get("code")
    if not isinstance(code, str) or not code.isascii():
        return None
    return code if codes.hash_code(settings().secret_key, code) == draft.code_hash else None


@blueprint.get("/<slug>/code")
def enter_code() -> ResponseReturnValue:
    """Ask for a code."""
    return _code_page(carried(), [])


@blueprint.get("/<slug>/code/<code>")
def open_link(code: str) -> ResponseReturnValue:
    """A link from a message or a QR picture: the code is filled in, and a person sends it.

    Previews of messages open links by themselves; they must not open anybody's answers.
    """
    return _code_page(codes.format_code("".join(c for c in code if c.isdigit())[:16]), [])


@blueprint.post("/<slug>/code")
@csrf.exempt  # checked below, so that 16 digits are not typed again
def use_code() -> ResponseReturnValue:
    """Open what a code leads to."""
    typed = request.form.get("code", "")
    if (problem := token_problem()) is not None:
        return _code_page(typed, [("code", problem)]), 400
    if (elsewhere := in_other_language("enter_code", typed)) is not None:
        return elsewhere
    try:
        found = _look_up(typed)
    except codes.MistypedCode:
        problem = gettext(
            "This is not a code of ours. A code has 16 digits: check each of them, and try again."
        )
    except codes.UnknownCode:
        problem = gettext(
            "We know no answers with this code. Codes for unsent answers stop working after "
            "some time; a newer code replaces an older one."
        )
    except codes.TooManyGuesses:
        logger.warning("codes not looked up: too many wrong ones in this hour")
        problem = gettext(
            "Too many wrong codes are being tried just now, perhaps not by you. "
            "Please try again in an hour. Your answers are safe."
        )
    except drafts.AlreadySent:
        problem = gettext(
            "The answers with this code were sent. Use the receipt code that was shown after "
            "sending."
        )
    else:
        if isinstance(found, Draft):
            hold("drafts", found.id)
            forget("responses")
            if drafts.first_open_question(document(), found) is None:
                seen_intro()
            return redirect(page("answer"), 303)
        hold("responses", found.id)
        return redirect(page("my_response"), 303)
    return _code_page(typed, [("code", problem)]), 422


@blueprint.get("/<slug>/my-response")
def my_response() -> ResponseReturnValue:
    """What was sent, to read, print, change, download or withdraw."""
    response = held_response()
    if response is None:
        return redirect(page("enter_code"), 303)
    shown = local()
    return render_template(
        "residents/my_response.html",
        page_title=gettext("Your answers"),
        response=response,
        rows=_rows(response, shown),
        can_change=current_phase() is Phase.OPEN,
        **_fates(response, shown),
    )


@blueprint.get("/<slug>/my-response/copy.json")
def download_copy() -> ResponseReturnValue:
    """All that is held about the response, as a file."""
    response = held_response()
    if response is None:
        return redirect(page("enter_code"), 303)
    copy = responses.copy_for_resident(db.session, response, document())
    return Page(
        json.dumps(copy, ensure_ascii=False, indent=2) + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{g.consultation_slug}.json"'},
    )


@blueprint.post("/<slug>/my-response/change")
def change_response() -> ResponseReturnValue:
    """Open the sent answers for a change. Until it is sent, what was sent stands."""
    if (refused := closed_page()) is not None:
        return refused
    response = held_response()
    if response is None or response.withdrawn_at is not None:
        return redirect(page("enter_code"), 303)
    held = open_draft()
    if held is not None and held.replaces_response_id == response.id:
        return redirect(page("check"), 303)
    with unit_of_work(db.session):
        found = db.session.get_one(Response, response.id)
        draft = drafts.start_change(
            db.session, stored(), document(), found, language=g.page_language, now=now()
        )
        hold("drafts", draft.id)
    return redirect(page("check"), 303)


@blueprint.get("/<slug>/my-response/withdraw")
def confirm_withdrawal() -> ResponseReturnValue:
    """Say what withdrawing does, and ask once more."""
    response = held_response()
    if response is None:
        return redirect(page("enter_code"), 303)
    if response.withdrawn_at is not None:
        return redirect(page("my_response"), 303)
    return render_template(
        "residents/withdraw.html", page_title=gettext("Withdraw and delete your answers?")
    )


@blueprint.post("/<slug>/my-response/withdraw")
def withdraw_response() -> ResponseReturnValue:
    """Withdraw: every word goes at once."""
    response = held_response()
    if response is None:
        return redirect(page("enter_code"), 303)
    with unit_of_work(db.session):
        found = db.session.get_one(Response, response.id, with_for_update=True)
        responses.withdraw(db.session, found, now=now())
    forget_removed(db.session)
    forget("drafts")
    return redirect(page("my_response"), 303)


def _look_up(typed: str) -> Draft | Response:
    code = codes.parse_code(typed)
    try:
        with unit_of_work(db.session):
            try:
                return responses.find_by_code(
                    db.session, stored(), code, secret_key=settings().secret_key, now=now()
                )
            except codes.UnknownCode:
                db.session.commit()  # the count of wrong guesses stays
                raise
    finally:
        db.session.expire_all()


def _code_page(typed: str, errors: list[tuple[str, str]]) -> str:
    return render_template(
        "residents/code.html", page_title=gettext("I have a code"), typed=typed, errors=errors
    )


def _fates(response: Response, shown: Document) -> dict[str, Any]:
    """What became of each answer in the person's own words; nothing before results are out."""
    published = versions.published(db.session, stored())
    if not published or response.withdrawn_at is not None:
        return {"fates": None}
    data = versions.data_of(db.session, published[0])
    found = mine.fates(db.session, stored(), response, data)
    labels = {question.key: question.label for question in shown.questions}
    return {
        "counts": responses.counts(db.session, response),
        "fates": [(labels[fate.question], fate) for fate in found if fate.question in labels],
        "results_number": published[0].number,
        "theme_name": _theme_name,
    }


def _theme_name(raised: RaisedTheme) -> str:
    """What a theme is called in the results, in the page's language where it has that name."""
    names = raised.theme.label
    for language in (g.page_language, *names):
        if language in names:
            return LocalText(names[language], language)
    # Translators: a theme that nobody has given a name
    return gettext("Theme %(number)s", number=raised.number)


def _rows(response: Response, shown: Document) -> list[tuple[str, list[str], bool]]:
    given = {answer.question_key: answer for answer in response.answers}
    rows = []
    for question in shown.questions:
        answer = given.get(question.key)
        if answer is not None:
            own_words = "text" in answer.value
            rows.append((question.label, shown_answer(answer.value, question, shown), own_words))
    return rows
