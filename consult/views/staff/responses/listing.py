"""The list of responses: which count, which do not and why."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.forms.translating_words import language_name
from consult.languages import direction
from consult.models.response import CHANNELS
from consult.services import access
from consult.services.assisting import provenance
from consult.services.assisting.provenance import Held
from consult.services.reading import listing
from consult.services.reading.listing import Fate, Figures, Leaf, Wanted
from consult.services.themes.studies import text_questions
from consult.views.staff.audience import for_staff
from consult.views.staff.current import may
from consult.views.staff.responses import words
from consult.views.staff.responses.at_hand import document_of, reference, stored_if_any

LISTED = (Fate.COUNTED, Fate.WAITING, Fate.REFUSED, Fate.EXCLUDED)
"""Withdrawn ones are counted, and there is nothing to list of them."""

MARKED = "marked"


@for_staff("/consultations/<slug>/responses", roles=access.ANALYSTS)
def responses() -> ResponseReturnValue:
    """The responses wanted, a page at a time, below the figures of all."""
    found = stored_if_any()
    wanted = _wanted()
    figures = Figures(dict.fromkeys(Fate, 0), 0, {}, {}, {})
    leaf = Leaf()
    held: list[Held] = []
    if found is not None:
        figures = listing.figures(db.session, found)
        held = provenance.sessions_of(db.session, found)
        number = request.args.get("page", 1, type=int)
        leaf = listing.page_of(db.session, found, wanted, number)
    return render_template(
        "staff/responses/list.html",
        page_title=gettext("Responses"),
        figures=figures,
        fates=list(Fate),
        leaf=leaf,
        wanted=wanted,
        is_filtered=wanted != Wanted(),
        query=_query(wanted),
        shows=_shows(figures),
        show=MARKED if wanted.marked else (wanted.fate or ""),
        channels=_choices(figures.channels, words.channel_words),
        origins=_choices(figures.origins, words.origin_words),
        languages=_choices(figures.languages, language_name),
        sessions=[{"value": str(each.id), "label": _session_words(each)} for each in held],
        words=words,
        reference=reference,
        language_name=language_name,
        direction=direction,
        questions=[] if found is None else text_questions(document_of(found)),
        may_edit=may(*access.EDITORS),
    )


def _wanted() -> Wanted:
    """What the address asks for; what is no such thing is passed over."""
    show = request.args.get("show", "")
    channel = request.args.get("channel", "")
    return Wanted(
        fate=Fate(show) if show in {fate.value for fate in LISTED} else None,
        marked=show == MARKED,
        channel=channel if channel in CHANNELS else "",
        origin=request.args.get("origin", "")[:20],
        language=request.args.get("language", "")[:20],
        letter=_letter(request.args.get("letter", "")),
        like=_uuid(request.args.get("like", "")),
        session=_uuid(request.args.get("session", "")),
    )


def _query(wanted: Wanted) -> dict[str, Any]:
    """The address's query for the same list."""
    said = {
        name: value
        for name, value in asdict(wanted).items()
        if name in {"channel", "origin", "language"} and value
    }
    if wanted.marked:
        said["show"] = MARKED
    elif wanted.fate is not None:
        said["show"] = wanted.fate.value
    if wanted.letter is not None:
        said["letter"] = f"{wanted.letter[0]}.{wanted.letter[1]}"
    if wanted.like is not None:
        said["like"] = str(wanted.like)
    if wanted.session is not None:
        said["session"] = str(wanted.session)
    return said


def _shows(figures: Figures) -> list[dict[str, str]]:
    everything = [{"value": "", "label": gettext("All that are there")}]
    fates = [
        {"value": fate.value, "label": f"{words.fate_words(fate)} ({figures.by_fate[fate]})"}
        for fate in LISTED
    ]
    marked = gettext("Marked as perhaps spam or a repeat")
    return [*everything, *fates, {"value": MARKED, "label": f"{marked} ({figures.marked})"}]


def _session_words(held: Held) -> str:
    # Translators: a session where people were helped to answer, and how many responses came
    # from it, such as: Central library, 3 March 2026 – Lozells Women's Group (12)
    return gettext(
        "%(venue)s, %(day)s – %(partner)s (%(number)s)",
        venue=held.venue,
        day=words.day_words(held.on),
        partner=held.partner,
        number=held.responses,
    )


def _choices(counts: Any, said: Any) -> list[dict[str, str]]:
    return [{"value": key, "label": f"{said(key)} ({count})"} for key, count in counts.items()]


_LONGEST_NUMBER = 9
"""Digits that a database takes as a number."""


def _letter(text: str) -> tuple[str, int] | None:
    key, _, number = text.rpartition(".")
    is_number = number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER
    return (key, int(number)) if key and is_number else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
