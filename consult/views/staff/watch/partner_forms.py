"""The form of a partner organisation: what was typed, what it comes to, its faults."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext, ngettext

from consult.db import db
from consult.document.completing import completed
from consult.document.fields import UNPRINTABLE
from consult.document.model import Consultation as Document
from consult.document.texts import localised
from consult.i18n import page_language
from consult.languages import LANGUAGES, native_name
from consult.services import translating
from consult.services.watching import organisations
from consult.services.watching.organisations import Dimension, Entry
from consult.views.staff.current import workspace
from consult.views.staff.typed import line

REACHES = "reaches-"
"""How the names of the groups' fields begin; the dimension follows."""


@dataclass(slots=True)
class Typed:
    """The form's fields as they stand in it."""

    name: str = ""
    languages: Sequence[str] = ()
    reaches: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Categories by dimension."""
    areas: Sequence[str] = ()
    most: str = ""
    note: str = ""
    seen: str = ""


def shown_document() -> Document:
    """The consultation at hand as far as it is written, in the page's language."""
    document, _gaps = completed(
        {
            **workspace().content,
            "translations": translating.published_translations(db.session, workspace()),
        },
        slug=workspace().slug,
    )
    return localised(document, page_language())


def typed_of(entry: Entry) -> Typed:
    """An entry as the form shows it."""
    reaches: dict[str, list[str]] = {}
    for dimension, category in entry.reaches:
        reaches.setdefault(dimension, []).append(category)
    return Typed(
        name=entry.name,
        languages=entry.languages,
        reaches=reaches,
        areas=entry.areas,
        most="" if entry.most is None else str(entry.most),
        note=entry.note,
        seen=organisations.digest(entry),
    )


def read(document: Document) -> tuple[Typed, Entry, list[tuple[str, str]]]:
    """What was typed, the entry that it comes to, and what is wrong with it."""
    form = request.form
    dimensions = organisations.dimensions_of(document)
    typed = Typed(
        name=line("name", limit=organisations.NAME_LENGTH_LIMIT * 5),
        languages=organisations.known_codes(form.getlist("languages"), offered_codes(document)),
        reaches={
            each.name: organisations.known_codes(form.getlist(REACHES + each.name), each.categories)
            for each in dimensions
        },
        areas=organisations.known_codes(
            form.getlist("areas"), (area.code for area in document.areas)
        ),
        most=line("most"),
        note=UNPRINTABLE.sub("", form.get("note", "")).strip(),
        seen=form.get("seen", ""),
    )
    most, problems = _most(typed.most)
    problems = [*_name_problems(typed.name), *problems, *_note_problems(typed.note)]
    entry = Entry(
        name=typed.name,
        languages=tuple(typed.languages),
        reaches=tuple(
            (each.name, category) for each in dimensions for category in typed.reaches[each.name]
        ),
        areas=tuple(typed.areas),
        most=most,
        note=typed.note,
    )
    return typed, entry, problems


def offered_codes(document: Document) -> list[str]:
    """Languages that can be ticked: the consultation's, then those of the interface."""
    return list(dict.fromkeys((*document.languages, *LANGUAGES)))


def language_choices(document: Document) -> list[dict[str, str]]:
    """The same as choices of a form."""
    return [{"value": code, "label": native_name(code)} for code in offered_codes(document)]


def category_choices(dimension: Dimension) -> list[dict[str, str]]:
    """A question's groups as choices of a form."""
    return [{"value": value, "label": label} for value, label in dimension.categories.items()]


def area_choices(document: Document) -> list[dict[str, str]]:
    """The areas as choices of a form."""
    return [{"value": area.code, "label": area.name} for area in document.areas]


def name_taken() -> str:
    """What to say where another organisation has that name."""
    return gettext("Another organisation of this list has this name: add what tells them apart")


def _name_problems(name: str) -> list[tuple[str, str]]:
    limit = organisations.NAME_LENGTH_LIMIT
    if not name:
        return [("name", gettext("Write the organisation’s name"))]
    if len(name) > limit:
        words = gettext("Write a shorter name: we can take up to %(limit)s characters", limit=limit)
        return [("name", words)]
    return []


def _note_problems(note: str) -> list[tuple[str, str]]:
    limit = organisations.NOTE_LENGTH_LIMIT
    if len(note) <= limit:
        return []
    over = len(note) - limit
    words = ngettext(
        "Shorten the note: it is %(num)s character too long",
        "Shorten the note: it is %(num)s characters too long",
        over,
    )
    return [("note", words)]


def _most(text: str) -> tuple[int | None, list[tuple[str, str]]]:
    """How many people, from digits of any script."""
    if not text:
        return None, []
    digits = text.replace(",", "").replace(" ", "")
    most = int(digits) if digits.isdecimal() and len(digits) <= 9 else 0
    if 1 <= most <= organisations.MOST_PEOPLE:
        return most, []
    words = gettext(
        "Write how many people they can bring as a whole number from 1 to %(limit)s, such as "
        "40, or leave it empty if you do not know",
        limit=f"{organisations.MOST_PEOPLE:,}",
    )
    return None, [("most", words)]
