"""Opening a consultation to residents, and what can be done with it from then on."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.forms.editing.fields import Fields
from consult.forms.readiness_words import part_words, standing_colour, standing_words
from consult.i18n import local_date, local_time
from consult.models import AuditEvent
from consult.services import access, changes, consultations, opening, readiness, workspaces
from consult.services.opening import AlreadyOpened, NothingToPublish, NotNow, TimesDoNotFit
from consult.services.readiness import NotReady, Report
from consult.services.workspaces import State
from consult.views.staff.audience import for_staff
from consult.views.staff.audit_words import action_words
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.readiness_lines import grouped, in_its_time_zone, line_of
from consult.views.staff.words import state_words

AT_ITS_TIME, AT_ONCE = "at_its_time", "at_once"

Errors = list[tuple[str | None, str]]


@for_staff("/consultations/<slug>/opening", roles=access.READERS)
def opening_page() -> ResponseReturnValue:
    """Where it stands, and what can be done with it."""
    return _page()


@for_staff("/consultations/<slug>/opening/open", roles=access.EDITORS, methods=("POST",))
def open_to_residents() -> ResponseReturnValue:
    """Open it, at its time or at once."""
    errors: Errors = []
    when = request.form.get("when", "")
    if when not in {AT_ITS_TIME, AT_ONCE}:
        errors.append(("when", gettext("Choose when it opens")))
    if not request.form.get("read"):
        errors.append(("read", _tick_first()))
    if errors:
        return _page(errors, when=when), 422
    try:
        with unit_of_work(db.session):
            opening.open_to_residents(
                db.session,
                workspace().slug,
                at_once=when == AT_ONCE,
                actor=actor(),
                now=now(),
            )
    except AlreadyOpened:
        return _page([(None, _done_meanwhile())]), 409
    except NotReady as refused:
        return _page(_refusals(refused, at_once=when == AT_ONCE), when=when), 409
    flash(
        gettext("It is open to residents.")
        if _state() is State.OPEN
        else gettext("It will open to residents at its time.")
    )
    return redirect(page("opening_page"), 303)


@for_staff("/consultations/<slug>/opening/publish", roles=access.EDITORS, methods=("POST",))
def publish_changes() -> ResponseReturnValue:
    """Let residents meet what has been changed since it opened."""
    if not request.form.get("read"):
        return _page([("read", _tick_first())]), 422
    try:
        with unit_of_work(db.session):
            opening.publish_changes(db.session, workspace().slug, actor=actor(), now=now())
    except NotReady as refused:
        return _page(_refusals(refused)), 409
    except NothingToPublish:
        return _page([(None, gettext("Nothing is left to publish: a colleague was quicker."))]), 409
    except NotNow:
        return _page([(None, _done_meanwhile())]), 409
    flash(gettext("The changes are published: residents see them from now on."))
    return redirect(page("opening_page"), 303)


@for_staff("/consultations/<slug>/opening/pause", roles=access.EDITORS, methods=("POST",))
def pause_consultation() -> ResponseReturnValue:
    """Let nobody answer for a while."""
    return _pause(True, gettext("It is paused. Answers that people have saved are kept."))


@for_staff("/consultations/<slug>/opening/resume", roles=access.EDITORS, methods=("POST",))
def resume_consultation() -> ResponseReturnValue:
    """Let it go on after a pause."""
    return _pause(False, gettext("It goes on: residents can answer again."))


@for_staff("/consultations/<slug>/opening/extend", roles=access.EDITORS, methods=("POST",))
def extend_consultation() -> ResponseReturnValue:
    """Let it close later, or open again."""
    in_its_time_zone()
    fields = Fields(request.form.to_dict(flat=False))
    typed = fields.moment("closes_at", g.consultation_timezone)
    if typed is None and not fields.errors:
        fields.refuse("closes_at", gettext("Write the new closing time"), "closes_at-day")
    if typed is not None:
        zone = ZoneInfo(g.consultation_timezone)
        closes_at = datetime.fromisoformat(typed).replace(tzinfo=zone)
        try:
            with unit_of_work(db.session):
                opening.extend(
                    db.session, workspace().slug, closes_at=closes_at, actor=actor(), now=now()
                )
        except TimesDoNotFit:
            told = gettext(
                "Write a time that is later than now and than the closing so far, and at most "
                "five years away"
            )
            fields.refuse("closes_at", told, "closes_at-day")
        except NotNow:
            return _page([(None, _done_meanwhile())], fields=fields), 409
    if fields.errors:
        return _page([*fields.error_list()], fields=fields), 422
    flash(gettext("The new closing time is set."))
    return redirect(page("opening_page"), 303)


@for_staff("/consultations/<slug>/opening/close", roles=access.EDITORS, methods=("POST",))
def close_consultation() -> ResponseReturnValue:
    """Close it before its time."""
    if not request.form.get("sure"):
        return _page([("sure", gettext("Tick the box if it should close now"))]), 422
    try:
        with unit_of_work(db.session):
            opening.close(db.session, workspace().slug, actor=actor(), now=now())
    except NotNow:
        return _page([(None, _done_meanwhile())]), 409
    flash(gettext("It is closed. Who has begun can still finish for a short while."))
    return redirect(page("opening_page"), 303)


def _pause(paused: bool, done: str) -> ResponseReturnValue:
    try:
        with unit_of_work(db.session):
            opening.pause(db.session, workspace().slug, paused, actor=actor(), now=now())
    except NotNow:
        return _page([(None, _done_meanwhile())]), 409
    flash(done)
    return redirect(page("opening_page"), 303)


def _state() -> State:
    return workspaces.state_of(workspace(), now())


def _tick_first() -> str:
    return gettext("Tick the box once you have read the list")


def _done_meanwhile() -> str:
    """What to say where somebody else was quicker: who, and where it stands now."""
    in_its_time_zone()
    db.session.expire_all()
    last = opening.last_acts(db.session, workspace().slug, limit=1)
    if not last:
        return gettext("That cannot be done now. It stands so: %(state)s.", state=_words_of_state())
    return gettext(
        "That cannot be done any more. %(name)s was quicker: %(act)s, %(time)s.",
        name=last[0].actor,
        act=action_words(last[0].action),
        time=local_time(last[0].at),
    )


def _words_of_state() -> str:
    return state_words(_state())


def _refusals(refused: NotReady, *, at_once: bool = False) -> Errors:
    """What stands in the way, as the list at the top of the page says it."""
    case = readiness.case_of(db.session, workspace(), now=now(), at_once=at_once)
    lines = [line_of(finding, case) for finding in refused.blockers]
    return [
        (None, gettext("%(place)s: %(what)s", place=line.where, what=line.what)) for line in lines
    ]


def _page(errors: Errors | None = None, *, when: str = "", fields: Fields | None = None) -> str:
    in_its_time_zone()
    state = _state()
    found = readiness.report(db.session, workspace(), now=now())
    document = found.case.document
    pending = changes.pending(db.session, workspace()) if state is not State.PREPARING else None
    return render_template(
        "staff/opening.html",
        page_title=gettext("Opening and closing"),
        errors=errors or [],
        problems=dict(errors or []),
        state=state,
        report=found,
        blockers=grouped(found.blockers, found.case),
        counts={group.severity: len(group.lines) for group in grouped(found.findings, found.case)},
        is_signed=found.standing.state == "agreed",
        standing_words=standing_words(found.standing.state),
        standing_colour=standing_colour(found.standing.state),
        times=_times(found),
        when=when,
        when_choices=_when_choices(found),
        pending=pending,
        changed=[part_words(part, document) for part in pending.parts] if pending else [],
        new_versions=[part_words(f"questions.{key}", document) for key in pending.new_versions]
        if pending
        else [],
        retired=[_retired_words(key) for key in pending.retired] if pending else [],
        fields=fields or _closing_fields(found),
        moves=_what_moves(),
        acts=[(each, action_words(each.action)) for each in _acts()],
    )


def _acts() -> list[AuditEvent]:
    return opening.last_acts(db.session, workspace().slug)


def _times(found: Report) -> list[tuple[str, str]]:
    """Opening and closing as residents know them, or as they are written."""
    public = _public()
    document = public or found.case.document
    known = found.case.has("opens_at") and found.case.has("closes_at")
    if public is None and not known:
        return []
    return [
        (gettext("Opens"), local_time(document.opens)),
        (gettext("Closes"), local_time(document.closes)),
    ]


def _when_choices(found: Report) -> list[dict[str, str]]:
    choices = [{"value": AT_ONCE, "label": gettext("Now")}]
    if found.case.has("opens_at") and found.case.document.opens > now():
        at = local_time(found.case.document.opens)
        label = gettext("By itself at its opening time, %(time)s", time=at)
        choices.insert(0, {"value": AT_ITS_TIME, "label": label})
    return choices


def _public() -> Document | None:
    stored = workspace().consultation
    if stored is None or stored.is_preview:
        return None
    return consultations.document_of(db.session, stored)


def _retired_words(key: str) -> str:
    public = _public()
    return part_words(f"questions.{key}", public) if public is not None else key


def _closing_fields(found: Report) -> Fields:
    """The form of a new closing time, filled with the one so far."""
    fields = Fields()
    public = _public()
    if public is not None:
        local = public.closes.astimezone(ZoneInfo(public.timezone))
        fields.show_moment("closes_at", local.replace(tzinfo=None).isoformat())
    return fields


def _what_moves() -> list[str]:
    """What else another closing time changes, in sentences."""
    public = _public()
    if public is None:
        return []
    return [
        gettext(
            "Late answers, now taken until %(time)s, are taken as much later.",
            time=local_time(public.late),
        ),
        gettext(
            "The deletion date, %(day)s, moves only if the new times reach it.",
            day=local_date(public.privacy.delete_on),
        ),
    ]
