"""The page of outreach: who is missing, whom to ask by which partner, and what was done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext

from analysis.representation.planning.outreach_plan import Line, rounded_up
from analysis.representation.telling.sentences import percents
from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.i18n import page_language
from consult.languages import native_name
from consult.models import Consultation
from consult.services import access, consultations
from consult.services.watching import acts, digests, organisations
from consult.services.watching import outreach as planning
from consult.services.watching.gaps import NothingToCompare
from consult.services.watching.outreach import Need, Options, Outreach
from consult.services.watching.strata import named_groups
from consult.sign_in.mail import outbox
from consult.telling import gap_words
from consult.views.qr import qr_picture
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, now, page, workspace
from consult.views.staff.public_addresses import public_address
from consult.views.staff.typed import line as typed_line
from consult.views.staff.watch import outreach_form, outreach_words
from consult.views.staff.watch.outreach_form import Asked
from consult.views.staff.watch.outreach_words import Names

ROOT = "/consultations/<slug>/watch/outreach"


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One group that is missing, as the table shows it."""

    name: str
    question: str
    so_far: str
    share: str
    residents: str
    flag: str
    colour: str
    more: str
    invitations: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One line of the plan: people who are in all of these groups."""

    groups: Sequence[tuple[str, str]]
    """Names, each with what people are compared by."""
    more: str
    invitations: str
    sentence: str
    session: str = ""
    """The address of the form of a session that would meet it; blank without a partner."""


@dataclass(frozen=True, slots=True)
class Way:
    """What comes by one partner, or without any."""

    partner: str | None
    languages: Sequence[tuple[str, str]]
    """Codes and names."""
    areas: Sequence[str]
    most: str
    rows: Sequence[PlanRow]


@for_staff(ROOT, roles=access.ANALYSTS)
def outreach() -> ResponseReturnValue:
    """Who is missing, what to do about it, and what was done."""
    asked, options, problems = outreach_form.read()
    return outreach_page(asked, options, problems), 422 if problems else 200


@for_staff(f"{ROOT}/print", roles=access.ANALYSTS)
def print_outreach() -> ResponseReturnValue:
    """The plan on paper: an overview, then a sheet for each partner."""
    asked, options, problems = outreach_form.read()
    stored = _stored()
    if problems or stored is None:
        return redirect(page("outreach", **outreach_form.kept_address_values(asked)), 303)
    document = _document(stored)
    found = _planned(stored, document, options)
    slug = workspace().slug
    direct = public_address("residents.start", language=page_language(), slug=slug)
    return render_template(
        "staff/watch/plan_print.html",
        page_title=gettext("Outreach plan"),
        consultation=document,
        closes=stored.closes_at,
        back=page("outreach", **outreach_form.kept_address_values(asked)),
        address=public_address("choose_language", slug=slug).split("://", 1)[1],
        qr=qr_picture(direct),
        is_local=request.host.split(":")[0] in {"localhost", "127.0.0.1"},
        **_told(found, document, options),
    )


@for_staff(f"{ROOT}/acts", roles=access.EDITORS, methods=("POST",))
def record_act() -> ResponseReturnValue:
    """Record what was done to reach people."""
    stored = _stored()
    if stored is None:
        abort(404)
    what, on = typed_line("what", limit=acts.WORDS_LENGTH_LIMIT * 5), typed_line("on")
    problems = []
    try:
        day = date.fromisoformat(on)
    except ValueError:
        day = None
        words = gettext("Write the day as year, month and day, such as %(day)s", day=_today(stored))
        problems.append(("on", words))
    try:
        with unit_of_work(db.session):
            if day is not None:
                acts.record(db.session, stored, what, day, actor=actor(), now=now())
    except acts.NotSaid:
        problems.append(("what", _say_what()))
    except acts.NotYet:
        words = gettext("Choose today or a day before: what is still planned has no effect yet")
        problems.append(("on", words))
    except acts.BeforeOpening:
        words = gettext("Choose a day on which the consultation was open")
        problems.append(("on", words))
    if problems:
        if day is None and not 1 <= len(what) <= acts.WORDS_LENGTH_LIMIT:
            problems.insert(0, ("what", _say_what()))
        asked, options, _ = outreach_form.read()
        return outreach_page(asked, options, problems, what=what, on=on), 422
    return redirect(page("outreach", done="act") + "#acts", 303)


@for_staff(f"{ROOT}/acts/<uuid:act_id>/remove", roles=access.EDITORS, methods=("POST",))
def remove_act(act_id: UUID) -> ResponseReturnValue:
    """Take back what was recorded by mistake; where somebody else has done it, it is done."""
    stored = _stored()
    if stored is None:
        abort(404)
    try:
        with unit_of_work(db.session):
            acts.remove(db.session, stored, act_id, actor=actor(), now=now())
    except acts.NoSuchAct:
        return redirect(page("outreach") + "#acts", 303)
    return redirect(page("outreach", done="act-removed") + "#acts", 303)


def outreach_page(
    asked: Asked,
    options: Options,
    errors: list[tuple[str, str]],
    *,
    what: str = "",
    on: str | None = None,
) -> str:
    """The page, with what is wrong with a form of it, and what was typed there."""
    stored = _stored()
    if stored is None:
        return render_template(
            "staff/watch/outreach_not_open.html", page_title=gettext("Outreach plan")
        )
    document = _document(stored)
    fields = {"ratio", "whom", "plan_for", "most", "rate"}
    refused = any(field in fields for field, _ in errors)
    found = None if refused else _planned(stored, document, options)
    told = {} if found is None else _told(found, document, options)
    return render_template(
        "staff/watch/outreach.html",
        page_title=gettext("Outreach plan"),
        errors=errors,
        problems=dict(errors),
        done=_done(),
        asked=asked,
        options=options,
        refused=refused,
        ratio_choices=outreach_form.ratio_choices(),
        whom_choices=outreach_form.whom_choices(),
        dimension_choices=_dimension_choices(found, asked),
        kept=outreach_form.kept_address_values(asked),
        acts=acts.all_of(db.session, stored),
        what=what,
        on=_today(stored) if on is None else on,
        digest_wished=digests.is_wished(db.session, account(), workspace()),
        can_send=outbox().can_send(),
        **told,
    )


def _planned(
    stored: Consultation, document: Document, options: Options
) -> Outreach | NothingToCompare:
    rows = organisations.all_of(db.session, workspace())
    entries = [organisations.entry_of(row) for row in rows]
    return planning.outreach(db.session, stored, document, entries, options, now=now())


def _told(
    found: Outreach | NothingToCompare, document: Document, options: Options
) -> dict[str, object]:
    """What a page tells of a plan."""
    if isinstance(found, NothingToCompare):
        return {"why": outreach_words.why_nothing(found)}
    names = Names(document)
    plan, strata = found.plan, found.strata
    counted = 0 if strata is None else strata.answered
    return {
        "needs": [_need_row(need, names) for need in found.needs if _is_shown(need, found)],
        "everybody": found.everybody,
        "as_of": found.as_of,
        "counted": counted,
        "modelled": strata is not None and strata.modelled,
        "planned": [gap_words.dimension_name(name) for name in found.dimensions],
        "later": [(name, gap_words.dimension_name(name)) for name in found.later],
        "sentences": []
        if plan is None
        else outreach_words.plan_sentences(plan, options.ratio, counted, names),
        "ways": _ways(found, document, options, names),
        "idle": [entry.name for entry in found.idle],
        "rate": outreach_form.rate_words(options),
    }


def _is_shown(need: Need, found: Outreach) -> bool:
    """Whether a group stands in the table: those planned for, and all with a flag."""
    return need.is_flagged or need.group[0] in found.dimensions


def _need_row(need: Need, names: Names) -> NeedRow:
    gap = need.gap
    share, residents = percents(gap.share or 0.0, gap.population_share or 0.0)
    flag, colour = _flag(need)
    return NeedRow(
        name=names.category(need.group),
        question=gap_words.dimension_name(need.group[0]),
        # Translators: a number of responses, of a number of responses
        so_far=gettext(
            "%(count)s of %(all)s",
            count=format_decimal(gap.respondents),
            all=format_decimal(gap.known),
        ),
        share=gap_words.percent_words(share),
        residents=gap_words.percent_words(residents),
        flag=flag,
        colour=colour,
        more=format_decimal(rounded_up(need.more)),
        invitations=""
        if need.invitations is None
        else format_decimal(rounded_up(need.invitations)),
    )


def _flag(need: Need) -> tuple[str, str]:
    """How firm the flag of a missing group is, and the colour of its tag."""
    match need.firmness:
        case 0:
            return gettext("Confirmed"), "red"
        case 1:
            # Translators: of a flag that an earlier stage of the consultation confirmed
            return gettext("Confirmed earlier"), "red"
        case 2:
            return gettext("Early sign"), "yellow"
        case _:
            return gettext("No flag"), "grey"


def _ways(found: Outreach, document: Document, options: Options, names: Names) -> list[Way]:
    """The plan's lines by partner, in the order in which the partners bring the most."""
    if found.plan is None or found.strata is None:
        return []
    sentences = outreach_words.line_sentences(
        found.plan, options.ratio, found.strata.answered, names
    )
    ids = {row.name: row.id for row in organisations.all_of(db.session, workspace())}
    by_partner: dict[str | None, list[PlanRow]] = {}
    for line, sentence in zip(found.plan.lines, sentences, strict=True):
        held_by = None if line.partner is None else ids.get(line.partner)
        by_partner.setdefault(line.partner, []).append(_plan_row(line, sentence, names, held_by))
    areas = {area.code: area.name for area in document.areas}
    ways = []
    for partner, rows in by_partner.items():
        entry = None if partner is None else found.partners[partner]
        ways.append(
            Way(
                partner,
                [(code, native_name(code)) for code in entry.languages] if entry else [],
                [areas.get(code, code) for code in entry.areas] if entry else [],
                format_decimal(entry.most) if entry and entry.most else "",
                rows,
            )
        )
    return ways


def _plan_row(line: Line, sentence: str, names: Names, held_by: UUID | None) -> PlanRow:
    groups = named_groups(line.groups)
    return PlanRow(
        [(names.category(group), gap_words.dimension_name(group[0])) for group in groups],
        format_decimal(line.shown),
        _invitations(line.invitations),
        sentence,
        ""
        if held_by is None
        else page(
            "new_session",
            partner=held_by,
            people=line.shown,
            group=[f"{dimension}:{category}" for dimension, category in groups],
        ),
    )


def _invitations(people: int | None) -> str:
    return "" if people is None else format_decimal(rounded_up(people))


def _dimension_choices(
    found: Outreach | NothingToCompare | None, asked: Asked
) -> list[dict[str, str]]:
    """What can be planned for: questions with groups in need, and those that are ticked."""
    if isinstance(found, Outreach):
        names = [*found.dimensions, *found.later]
    else:
        names = list(asked.plan_for)
    return [{"value": name, "label": gap_words.dimension_name(name)} for name in names]


def _stored() -> Consultation | None:
    """What residents meet, if the consultation has been opened."""
    stored = workspace().consultation
    return None if stored is None or stored.is_preview else stored


def _document(stored: Consultation) -> Document:
    document = consultations.document_of(db.session, stored)
    g.consultation_timezone = document.timezone
    return localised(document, page_language())


def _today(stored: Consultation) -> str:
    return now().astimezone(ZoneInfo(str(stored.definition["timezone"]))).date().isoformat()


def _say_what() -> str:
    return gettext(
        "Write what was done, in up to %(limit)s characters", limit=acts.WORDS_LENGTH_LIMIT
    )


def _done() -> str | None:
    words = {
        "act": gettext("It is recorded. A new stage of the watching begins with that day."),
        "act-removed": gettext("It is taken back."),
        "digest-on": gettext("You will be told by e-mail when a flag is newly confirmed."),
        "digest-off": gettext("You will get no more e-mails about this consultation."),
    }
    return words.get(request.args.get("done", ""))
