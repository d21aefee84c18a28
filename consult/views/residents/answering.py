"""Answering: one question a page, in order, each saved when its page is sent."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, g, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import UNAVAILABLE, db, unit_of_work
from consult.document.model import Part, Question, QuestionKind
from consult.forms.faults import field_id, sentence
from consult.forms.tokens import token_problem
from consult.i18n import offered_languages
from consult.logs import logger
from consult.models import Draft
from consult.security import csrf
from consult.services import drafts, journey, postcodes
from consult.services.answering import keep_typed
from consult.services.timing import Phase
from consult.views.errors import let_go
from consult.views.residents.choices import choices_for, other_words_label
from consult.views.residents.current import (
    blueprint,
    current_phase,
    document,
    forget,
    has_results,
    held_draft,
    hold,
    local,
    now,
    open_draft,
    page,
    stored,
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a page is shown again: what to say where, and with which status."""

    errors: list[tuple[str, str]]
    status: int
    changed: bool = False
    """Whether the question has changed since its page was loaded."""


@blueprint.get("/<slug>/answer")
def answer() -> ResponseReturnValue:
    """Go on where this person left off."""
    if (elsewhere := other_page()) is not None:
        return elsewhere
    return redirect(next_page(open_draft(), None), 303)


@blueprint.get("/<slug>/question/<key>")
def question(key: str) -> ResponseReturnValue:
    """Show one question, with what was typed before."""
    asked = _asked(key)
    if (elsewhere := other_page()) is not None:
        return elsewhere
    draft = open_draft()
    return _question_page(asked, draft, drafts.typed(draft, key) or {})


@blueprint.post("/<slug>/question/<key>")
@csrf.exempt  # checked below, so that what was typed is kept when the token is no good
def save_question(key: str) -> ResponseReturnValue:
    """Save one question and go on, or show it again with what is wrong."""
    asked = _asked(key)
    typed = keep_typed(request.form.to_dict(flat=False))
    try:
        return _save(asked, typed)
    except UNAVAILABLE as error:
        return _cannot_save(asked, typed, error)


@blueprint.get("/<slug>/about-you")
def about_you() -> ResponseReturnValue:
    """Why we ask about the person, before the monitoring questions."""
    if (elsewhere := other_page()) is not None:
        return elsewhere
    return render_template(
        "residents/about_you.html",
        page_title=gettext("About you"),
        back=_previous_page(open_draft(), _first_monitoring()),
    )


@blueprint.post("/<slug>/about-you")
def go_on_about_you() -> ResponseReturnValue:
    """Go to the first monitoring question, or skip all of them."""
    if (elsewhere := other_page()) is not None:
        return elsewhere
    monitoring = [q for q in document().questions if q.part is Part.MONITORING]
    with unit_of_work(db.session):
        draft = current_draft()
        if "skip" in request.form:
            drafts.skip_unseen(
                db.session,
                draft,
                document(),
                monitoring,
                language=g.page_language,
                now=now(),
            )
        hold("drafts", draft.id)
        seen_intro()
        target = next_page(draft, None)
    return redirect(target, 303)


def current_draft() -> Draft:
    """The draft that this browser holds, or a new one. Within a unit of work."""
    draft = open_draft()
    if draft is None:
        draft = drafts.start(db.session, stored(), document(), language=g.page_language, now=now())
    return draft


def next_page(draft: Draft | None, after: Question | None) -> str:
    """Where the way goes on: the next question that needs a look, else the check."""
    answers = drafts.values(draft)
    shown = journey.visible_questions(document(), answers)
    if after is not None:
        keys = [q.key for q in shown]
        at = keys.index(after.key) + 1 if after.key in keys else 0
        following = shown[at] if at < len(shown) else None
    else:
        following = drafts.first_open_question(document(), draft)
    if following is None:
        return page("check")
    if following.part is Part.MONITORING and not _intro_was_seen():
        return page("about_you")
    return page("question", key=following.key)


def other_page() -> ResponseReturnValue | None:
    """Where to go instead: to the receipt once sent, else :func:`closed_page`."""
    draft = held_draft()
    if draft is not None and draft.sent_at is not None:
        return redirect(page("receipt"), 303)
    return closed_page()


def closed_page() -> ResponseReturnValue | None:
    """The page to show instead where no answers are taken now, or nothing."""
    current = current_phase()
    if current is Phase.OPEN:
        return None
    if current is Phase.GRACE and open_draft() is not None:
        return None
    if current is Phase.GRACE:
        current = Phase.CLOSED
    titles = {
        Phase.BEFORE: gettext("Not open yet"),
        Phase.PAUSED: gettext("Paused for now"),
        Phase.CLOSED: gettext("This consultation is closed"),
    }
    return (
        render_template(
            "residents/not_open.html",
            page_title=titles[current],
            phase=current,
            Phase=Phase,
            draft=open_draft(),
            has_results=has_results(),
        ),
        409 if request.method == "POST" else 200,
    )


def seen_intro() -> None:
    """Remember that the page before the monitoring questions was seen."""
    if not _intro_was_seen():
        seen = session.get("about_you")
        session["about_you"] = [*(seen if isinstance(seen, list) else ()), g.consultation_slug]


def _intro_was_seen() -> bool:
    seen = session.get("about_you")
    return isinstance(seen, list) and g.consultation_slug in seen


def _asked(key: str) -> Question:
    asked = document().question(key)
    if asked is None:
        abort(404)
    return asked


def _save(asked: Question, typed: dict[str, list[str]]) -> ResponseReturnValue:
    draft = open_draft()
    if (problem := token_problem()) is not None:
        return _question_page(asked, draft, typed, Refusal([("", problem)], 400))
    if (elsewhere := other_page()) is not None:
        return elsewhere
    if request.form.get("version") != str(asked.version):
        sentence_ = gettext(
            "The council changed this question while your page was open. Please read it again. "
            "What you wrote is still here."
        )
        return _question_page(asked, draft, typed, Refusal([("", sentence_)], 409, changed=True))
    if _wants_ward_found(asked, typed):
        return _find_ward(asked, draft, typed)
    to_language = request.form.get("to_language")
    going_away = to_language in offered_languages() or "save_later" in request.form
    with unit_of_work(db.session):
        draft = current_draft()
        try:
            reading = drafts.save_answer(
                db.session,
                draft,
                document(),
                asked,
                typed,
                language=g.page_language,
                now=now(),
                skip="skip" in request.form,
            )
        except drafts.AlreadySent:
            return redirect(page("receipt"), 303)
        except drafts.DraftGone:  # cleared in another tab meanwhile: begin anew, keep the words
            forget("drafts")
            return redirect(request.url, 307)
        draft_id = draft.id
        target = _after_saving(draft, asked)
    hold("drafts", draft_id)
    if to_language in offered_languages():
        g.page_language = to_language
        return redirect(page("question", key=asked.key, **_from_check()), 303)
    if "save_later" in request.form:
        return redirect(page("save"), 303)
    if reading.problems and not going_away:
        errors = [(field_id(p), sentence(p)) for p in reading.problems]
        return _question_page(asked, open_draft(), typed, Refusal(errors, 422))
    return redirect(target, 303)


def _wants_ward_found(asked: Question, typed: dict[str, list[str]]) -> bool:
    """Whether a postcode is to be looked up: by its button, or by Enter in its field."""
    if asked.kind is not QuestionKind.WARD:
        return False
    by_enter = bool(request.form.get("postcode")) and not any(typed.get("answer", ()))
    goes_elsewhere = any(name in request.form for name in ("skip", "to_language", "save_later"))
    return "find_ward" in request.form or (by_enter and not goes_elsewhere)


def _after_saving(draft: Draft, asked: Question) -> str:
    if "from_check" in request.form:
        return next_page(draft, None)
    return next_page(draft, asked)


def _find_ward(
    asked: Question, draft: Draft | None, typed: dict[str, list[str]]
) -> ResponseReturnValue:
    """Choose the ward that a postcode lies in. The postcode is used and forgotten."""
    try:
        code = postcodes.area_of(db.session, document(), request.form.get("postcode", ""))
    except postcodes.NotAPostcode:
        problem = gettext("Write a full postcode, such as B1 1BB, or choose from the list")
    except postcodes.UnknownPostcode:
        problem = gettext("We do not know where this postcode is. Please choose from the list.")
    else:
        return _question_page(asked, draft, {"answer": [code]}, found_ward=True)
    return _question_page(asked, draft, typed, Refusal([("postcode", problem)], 422))


def _cannot_save(
    asked: Question, typed: dict[str, list[str]], error: Exception
) -> ResponseReturnValue:
    """Show the page again with what was typed, while the database is gone or the disk is full."""
    logger.error("answer not saved", extra={"facts": {"kind": type(error).__name__}})
    let_go()
    g.database_gone = True
    problem = gettext(
        "We could not save your answer just now. It is our fault, not yours. What you wrote is "
        "still here: wait a minute, then press the button again."
    )
    return _question_page(asked, None, typed, Refusal([("", problem)], 503))


def _question_page(
    asked: Question,
    draft: Draft | None,
    typed: dict[str, list[str]],
    refusal: Refusal | None = None,
    *,
    found_ward: bool = False,
) -> ResponseReturnValue:
    shown = local()
    local_question = shown.question(asked.key)
    assert local_question is not None  # noqa: S101 - the same document in another language
    answers = drafts.values(draft)
    visible = journey.visible_questions(document(), answers)
    if asked.key not in {q.key for q in visible}:
        if refusal is None:
            return redirect(next_page(draft, None), 303)
        visible = [*visible, asked]
    errors = refusal.errors if refusal else []
    section = shown.section(asked.section) if asked.section else None
    body = render_template(
        "residents/question.html",
        page_title=str(local_question.label),
        question=local_question,
        section=section,
        section_is_new=section is not None and _is_first_of_section(asked, visible),
        place=journey.place_of(asked, visible),
        choices=choices_for(local_question, shown, typed, dict(errors)),
        other_label=other_words_label(),
        typed=typed,
        errors=errors,
        error=dict(errors).get("rank" if asked.kind is QuestionKind.RANKING else "answer"),
        postcode_error=dict(errors).get("postcode"),
        postcode=request.form.get("postcode", "") if refusal else "",
        has_postcodes=asked.kind is QuestionKind.WARD
        and _safely(lambda: postcodes.is_loaded(db.session)),
        found_ward=found_ward,
        back=_back(draft, asked, visible),
        from_check=bool(_from_check()),
    )
    return body, refusal.status if refusal else 200


@blueprint.app_template_global()
def ranks_of(typed: dict[str, list[str]]) -> dict[str, str]:
    """The places typed in a ranking, by option."""
    return {
        name.removeprefix("rank-"): entries[0]
        for name, entries in typed.items()
        if name.startswith("rank-") and entries
    }


@blueprint.app_template_global()
def several_hint(asked: Question) -> str:
    """The question's own help, or how many answers may be chosen."""
    if asked.help is not None:
        return asked.help
    if asked.choose_at_most is None:
        return gettext("Choose all that apply.")
    return ngettext(
        "Choose up to %(num)s answer.", "Choose up to %(num)s answers.", asked.choose_at_most
    )


@blueprint.app_template_global()
def number_hint(asked: Question) -> str | None:
    """The range and the unit of a number."""
    if asked.minimum is None or asked.maximum is None:
        return asked.unit
    return gettext(
        "A number from %(smallest)s to %(largest)s", smallest=asked.minimum, largest=asked.maximum
    )


def _safely(look: Callable[[], bool]) -> bool:
    if g.get("database_gone"):
        return False
    return look()


def _is_first_of_section(asked: Question, visible: list[Question]) -> bool:
    first = next((q.key for q in visible if q.section == asked.section), None)
    return first == asked.key


def _from_check() -> dict[str, Any]:
    return {"from_check": 1} if "from_check" in request.values else {}


def _back(draft: Draft | None, asked: Question, visible: list[Question]) -> str:
    if _from_check():
        return page("check")
    keys = [q.key for q in visible]
    at = keys.index(asked.key)
    if at == 0:
        return page("start")
    if asked.part is Part.MONITORING and visible[at - 1].part is not Part.MONITORING:
        return page("about_you")
    return page("question", key=keys[at - 1])


def _first_monitoring() -> Question | None:
    return next((q for q in document().questions if q.part is Part.MONITORING), None)


def _previous_page(draft: Draft | None, before: Question | None) -> str:
    earlier = [
        q
        for q in journey.visible_questions(document(), drafts.values(draft))
        if q.part is not Part.MONITORING
    ]
    return page("question", key=earlier[-1].key) if earlier else page("start")
