"""The form of a session: what was typed, the plan that it comes to, its faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import g, request
from flask_babel import format_date, gettext, ngettext

from consult.db import db
from consult.document.completing import completed
from consult.document.fields import UNPRINTABLE
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.i18n import page_language
from consult.languages import native_name
from consult.models import Organisation, Workspace
from consult.services import translating
from consult.services.assisting import planning
from consult.services.assisting.planning import Plan, Prefilled
from consult.services.watching import organisations
from consult.views.staff.typed import line

HOPES = "hopes-"
"""How the names of the groups' fields begin; the dimension follows."""

Errors = list[tuple[str, str]]


@dataclass(slots=True)
class Typed:
    """The form's fields as they stand in it."""

    organisation: str = ""
    venue: str = ""
    area: str = ""
    on: str = ""
    languages: Sequence[str] = ()
    hopes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Categories by dimension."""
    hoped_for: str = ""
    facilitator: str = ""
    interpreter: str = ""
    note: str = ""
    seen: str = ""


def document_of(workspace: Workspace) -> Document:
    """A consultation as far as it is written, in the page's language; times are shown in its."""
    document, _gaps = completed(
        {
            **workspace.content,
            "translations": translating.published_translations(db.session, workspace),
        },
        slug=workspace.slug,
    )
    g.consultation_timezone = document.timezone
    return localised(document, page_language())


def typed_of(plan: Plan) -> Typed:
    """A plan as the form shows it."""
    return Typed(
        organisation=str(plan.organisation_id),
        venue=plan.venue,
        area=plan.area or "",
        on=plan.on.isoformat(),
        languages=plan.languages,
        hopes=_by_dimension(plan.hopes),
        hoped_for="" if plan.hoped_for is None else str(plan.hoped_for),
        facilitator=plan.facilitator,
        interpreter=plan.interpreter,
        note=plan.note,
        seen=planning.digest(plan),
    )


def typed_of_line(prefilled: Prefilled) -> Typed:
    """What a line of the outreach plan fills in."""
    return Typed(
        organisation=str(prefilled.organisation_id),
        area=prefilled.area or "",
        languages=prefilled.languages,
        hopes=_by_dimension(prefilled.hopes),
        hoped_for="" if prefilled.hoped_for is None else str(prefilled.hoped_for),
    )


def read(
    workspace: Workspace, document: Document, partners: Sequence[Organisation]
) -> tuple[Typed, Plan | None, Errors]:
    """What was typed, the plan that it comes to if it is whole, and what is wrong with it."""
    form = request.form
    dimensions = organisations.dimensions_of(document)
    typed = Typed(
        organisation=form.get("organisation", ""),
        venue=line("venue", limit=planning.LINE_LIMIT * 5),
        area=form.get("area", ""),
        on=line("on"),
        languages=organisations.known_codes(form.getlist("languages"), document.languages),
        hopes={
            each.name: organisations.known_codes(form.getlist(HOPES + each.name), each.categories)
            for each in dimensions
        },
        hoped_for=line("hoped_for"),
        facilitator=line("facilitator", limit=planning.LINE_LIMIT * 5),
        interpreter=line("interpreter", limit=planning.LINE_LIMIT * 5),
        note=UNPRINTABLE.sub("", form.get("note", "")).strip(),
        seen=form.get("seen", ""),
    )
    partner = next((each.id for each in partners if str(each.id) == typed.organisation), None)
    day, day_problem = _day(typed.on, workspace)
    people, people_problem = whole_number(
        "hoped_for",
        typed.hoped_for,
        least=1,
        words=gettext(
            "Write how many people you hope for as a whole number from 1 to %(limit)s, such as "
            "20, or leave it empty",
            limit=f"{planning.MOST_PEOPLE:,}",
        ),
    )
    problems = [
        *_partner_problems(partner),
        *_venue_problems(typed.venue),
        *day_problem,
        *_language_problems(typed.languages),
        *people_problem,
        *_long_lines(typed),
        *note_problems("note", typed.note),
    ]
    if problems or partner is None or day is None:
        return typed, None, problems
    return typed, _plan(typed, partner, day, people, document), []


def _plan(typed: Typed, partner: UUID, day: date, people: int | None, document: Document) -> Plan:
    return Plan(
        organisation_id=partner,
        venue=typed.venue,
        on=day,
        languages=tuple(typed.languages),
        area=typed.area if typed.area in {area.code for area in document.areas} else None,
        hopes=tuple(
            (name, category) for name, chosen in typed.hopes.items() for category in chosen
        ),
        hoped_for=people,
        facilitator=typed.facilitator,
        interpreter=typed.interpreter,
        note=typed.note,
    )


def choices(document: Document, partners: Sequence[Organisation]) -> dict[str, object]:
    """What can be chosen in the form."""
    return {
        "partner_choices": [{"value": str(each.id), "label": each.name} for each in partners],
        "language_choices": [
            {"value": code, "label": native_name(code)} for code in document.languages
        ],
        "area_choices": [{"value": area.code, "label": area.name} for area in document.areas],
        "dimensions": [
            (
                each,
                HOPES + each.name,
                [{"value": value, "label": label} for value, label in each.categories.items()],
            )
            for each in organisations.dimensions_of(document)
        ],
        "note_limit": planning.NOTE_LIMIT,
    }


def described(plan: Plan, document: Document) -> dict[str, object]:
    """A plan's ward, groups and languages by name."""
    labels = {
        (dimension.name, category): label
        for dimension in organisations.dimensions_of(document)
        for category, label in dimension.categories.items()
    }
    areas = {area.code: area.name for area in document.areas}
    return {
        "area": None if plan.area is None else areas.get(plan.area, plan.area),
        "groups": [labels.get(group, group[1]) for group in plan.hopes],
        "languages": [(code, native_name(code)) for code in plan.languages],
    }


def whole_number(name: str, text: str, *, least: int, words: str) -> tuple[int | None, Errors]:
    """A number of people, from digits of any script; nothing where nothing is written."""
    if not text:
        return None, []
    digits = text.replace(",", "").replace(" ", "")
    if digits.isdecimal() and len(digits) <= 9 and least <= int(digits) <= planning.MOST_PEOPLE:
        return int(digits), []
    return None, [(name, words)]


def note_problems(name: str, text: str) -> Errors:
    """What is wrong with a longer text."""
    over = len(text) - planning.NOTE_LIMIT
    if over <= 0:
        return []
    words = ngettext(
        "Shorten this: it is %(num)s character too long",
        "Shorten this: it is %(num)s characters too long",
        over,
    )
    return [(name, words)]


def _by_dimension(groups: Sequence[planning.Group]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for dimension, category in groups:
        found.setdefault(dimension, []).append(category)
    return found


def _partner_problems(partner: UUID | None) -> Errors:
    if partner is not None:
        return []
    return [("organisation", gettext("Choose the organisation that holds the session"))]


def _venue_problems(venue: str) -> Errors:
    if not venue:
        return [("venue", gettext("Write where the session is, such as “Lozells library”"))]
    return _too_long("venue", venue)


def _language_problems(languages: Sequence[str]) -> Errors:
    if languages:
        return []
    return [("languages", gettext("Tick at least one language that people can answer in"))]


def _long_lines(typed: Typed) -> Errors:
    return [
        *_too_long("facilitator", typed.facilitator),
        *_too_long("interpreter", typed.interpreter),
    ]


def _too_long(name: str, text: str) -> Errors:
    if len(text) <= planning.LINE_LIMIT:
        return []
    limit = planning.LINE_LIMIT
    return [(name, gettext("Write less: we can take up to %(limit)s characters", limit=limit))]


def _day(text: str, workspace: Workspace) -> tuple[date | None, Errors]:
    """The day, which has to be one on which residents can answer, once that is known."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        words = gettext("Write the day as year, month and day, such as %(day)s", day="2026-05-14")
        return None, [("on", words)]
    stored = workspace.consultation
    if stored is None:
        return day, []
    zone = ZoneInfo(str(stored.definition["timezone"]))
    first = stored.opens_at.astimezone(zone).date()
    last = stored.closes_at.astimezone(zone).date()
    if first <= day <= last:
        return day, []
    words = gettext(
        "Choose a day on which residents can answer, from %(first)s to %(last)s",
        first=format_date(first, "long"),
        last=format_date(last, "long"),
    )
    return None, [("on", words)]
