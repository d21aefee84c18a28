"""The page on which one officer asks for a second person's word, and another one gives it."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.fields import UNPRINTABLE
from consult.forms.readiness_words import part_words, standing_colour, standing_words
from consult.services import access, changes, readiness, sign_offs, workspaces
from consult.services.sign_offs import LONGEST_NOTE, State
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.readiness_lines import grouped, in_its_time_zone

AGREE, DECLINE = "agree", "decline"


@for_staff("/consultations/<slug>/sign-off", roles=access.READERS)
def sign_off() -> ResponseReturnValue:
    """Where the second person's word stands, and what they are asked to agree to."""
    return _page([])


@for_staff("/consultations/<slug>/sign-off", roles=access.EDITORS, methods=("POST",))
def ask_for_sign_off() -> ResponseReturnValue:
    """Ask for it."""
    try:
        with unit_of_work(db.session):
            sign_offs.ask(db.session, workspace().slug, actor=actor(), now=now())
    except readiness.NotReady:
        told = gettext("Something is to be settled first: see the list of what is not ready.")
        return _page([(None, told)]), 409
    except sign_offs.AlreadyAsked:
        return _page([(None, gettext("It was asked for already, and nothing has changed."))]), 409
    flash(gettext("The second person’s word is asked for. Tell them: no message is sent."))
    return redirect(page("sign_off"), 303)


@for_staff("/consultations/<slug>/sign-off/answer", roles=access.EDITORS, methods=("POST",))
def answer_sign_off() -> ResponseReturnValue:
    """Agree or decline."""
    answer = request.form.get("answer", "")
    note = UNPRINTABLE.sub("", request.form.get("note", "")).strip()
    try:
        asked = UUID(request.form.get("sign_off", ""))
    except ValueError:
        abort(404)
    errors = _problems(answer, note)
    if errors:
        return _page(errors, answer=answer, note=note), 422
    try:
        with unit_of_work(db.session):
            sign_offs.sign(
                db.session,
                workspace().slug,
                asked,
                agreed=answer == AGREE,
                note=note,
                actor=actor(),
                now=now(),
            )
    except sign_offs.NotWaiting as late:
        return _page([(None, _too_late(late.standing))], answer=answer, note=note), 409
    except sign_offs.OwnRequest:
        return _page([(None, _own_request())], answer=answer, note=note), 409
    except sign_offs.OnlyEditor:
        return _page([(None, _only_editor())], answer=answer, note=note), 409
    flash(
        gettext("Your agreement is noted.")
        if answer == AGREE
        else gettext("It is noted that you declined.")
    )
    return redirect(page("sign_off"), 303)


def _problems(answer: str, note: str) -> list[tuple[str | None, str]]:
    errors: list[tuple[str | None, str]] = []
    if answer not in {AGREE, DECLINE}:
        errors.append(("answer", gettext("Choose whether you agree")))
    if answer == DECLINE and not note:
        errors.append(("note", gettext("Say why you decline, so that it can be put right")))
    if len(note) > LONGEST_NOTE:
        told = gettext("Write at most %(limit)s characters", limit=LONGEST_NOTE)
        errors.append(("note", told))
    return errors


def _too_late(standing: sign_offs.Standing) -> str:
    match standing.state:
        case State.AGREED | State.DECLINED:
            return gettext("Somebody else was quicker: see below what they answered.")
        case State.VOID:
            return gettext(
                "Something has changed since it was asked for, so there is nothing to sign. See "
                "below what has changed."
            )
    return gettext("It was asked for anew. Please read it again.")


def _own_request() -> str:
    return gettext("You asked for it yourself: somebody else has to agree.")


def _only_editor() -> str:
    return gettext(
        "You wrote all of this yourself, so nobody else would have read it: another officer has "
        "to agree."
    )


def _page(errors: list[tuple[str | None, str]], *, answer: str = "", note: str = "") -> str:
    in_its_time_zone()
    found = readiness.report(db.session, workspace(), now=now())
    standing = found.standing
    asked = standing.sign_off
    state = workspaces.state_of(workspace(), now())
    is_waiting = standing.state is State.WAITING
    is_own = is_waiting and asked is not None and asked.requested_by == actor()
    wrote_all = sign_offs.editors(db.session, workspace()) == {actor()}
    return render_template(
        "staff/readiness_sign_off.html",
        page_title=gettext("A second person’s word"),
        errors=errors,
        problems=dict(errors),
        standing=standing,
        standing_words=standing_words(standing.state),
        standing_colour=standing_colour(standing.state),
        changed=[(part_words(each.part, found.case.document), each) for each in standing.changed],
        groups=grouped(found.findings, found.case),
        is_ready=not found.blockers,
        has_changes=state is workspaces.State.PREPARING
        or bool(changes.pending(db.session, workspace()).parts),
        not_yours=(_own_request() if is_own else _only_editor() if wrote_all else None)
        if is_waiting
        else None,
        signers=sign_offs.who_may_sign(
            db.session, workspace(), asked.requested_by if is_waiting and asked else actor()
        ),
        history=[each for each in sign_offs.history(db.session, workspace()) if each.signed_at],
        answers=[
            {"value": AGREE, "label": gettext("I agree that residents see this as it is")},
            {"value": DECLINE, "label": gettext("I decline")},
        ],
        answer=answer,
        note=note,
        longest=LONGEST_NOTE,
    )
