"""What a report prints, and in which order."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.forms.bidirectional import isolated
from consult.services import access
from consult.services.reporting import layouts, texts
from consult.services.reporting.layouts import OWN, NoSuchPart, Outline
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page
from consult.views.staff.editing.arranging import list_notice
from consult.views.staff.reports.at_hand import Opened, found_report, report_at_hand
from consult.views.staff.reports.words import section_hint, section_words


@dataclass(frozen=True, slots=True)
class Entry:
    """One part of the report in the list."""

    key: str
    name: str
    hint: str
    is_own: bool

    @property
    def id(self) -> str:
        """Its name within the page."""
        return self.key.replace(":", "-")


@for_staff("/consultations/<slug>/report", roles=access.READERS)
def report() -> ResponseReturnValue:
    """The parts of the report in their order, and what is left out."""
    found = found_report()
    outline = None if found is None else layouts.outline(db.session, found.stored)
    printed = [] if found is None or outline is None else entries(found, outline)
    return render_template(
        "staff/reports/report.html",
        page_title=gettext("The report"),
        outline=outline,
        printed=printed,
        left_out=[] if outline is None else [_section(key) for key in outline.left_out],
        can_edit=may(*access.EDITORS),
        moved=_moved_words(printed),
        notice_words=list_notice() or _switched_words(),
    )


@for_staff("/consultations/<slug>/report/parts/<key>/move", roles=access.EDITORS, methods=("POST",))
def move_report_part(key: str) -> ResponseReturnValue:
    """Move a part up or down, and go back to its button."""
    found = report_at_hand()
    up = request.form.get("way") == "up"
    try:
        with unit_of_work(db.session):
            layouts.move(db.session, found.stored, key, up=up, actor=actor(), now=now())
    except NoSuchPart:
        return redirect(page("report", gone=1), 303)
    printed = layouts.outline(db.session, found.stored).printed
    name = key.replace(":", "-")
    if len(printed) == 1:
        anchor = f"item-{name}"
    elif key == printed[0]:
        anchor = f"down-{name}"  # the other button is not there
    elif key == printed[-1]:
        anchor = f"up-{name}"
    else:
        anchor = f"{'up' if up else 'down'}-{name}"
    return redirect(page("report", moved=key, _anchor=anchor), 303)


@for_staff(
    "/consultations/<slug>/report/parts/<key>/switch", roles=access.EDITORS, methods=("POST",)
)
def switch_report_section(key: str) -> ResponseReturnValue:
    """Leave a section out, or print it again."""
    found = report_at_hand()
    on = request.form.get("to") == "on"
    try:
        with unit_of_work(db.session):
            layouts.switch(db.session, found.stored, key, on=on, actor=actor(), now=now())
    except NoSuchPart:
        abort(404)
    return redirect(page("report", switched=key, _anchor=f"item-{key}"), 303)


def entries(found: Opened, outline: Outline) -> list[Entry]:
    """The printed parts with their names; an own paragraph without a title by its first words."""
    there = texts.rows(db.session, found.stored)
    source = found.document.source_language

    def words(key: str) -> str:
        row = there.get((key, source))
        return row.text if row is not None else ""

    return [
        Entry(
            key,
            words(layouts.title_of(key)) or gettext("Paragraph without a title"),
            words(layouts.text_of(key)),
            is_own=True,
        )
        if key.startswith(OWN)
        else _section(key)
        for key in outline.printed
    ]


def _section(key: str) -> Entry:
    return Entry(key, section_words(key), section_hint(key), is_own=False)


def _moved_words(printed: list[Entry]) -> str | None:
    moved = request.args.get("moved")
    for number, entry in enumerate(printed, start=1):
        if entry.key == moved:
            # Translators: a part of the report, and its place in it
            return gettext(
                "%(name)s: now %(number)s of %(total)s",
                name=isolated(entry.name),
                number=number,
                total=len(printed),
            )
    return None


def _switched_words() -> str | None:
    if request.args.get("switched"):
        return gettext("The parts of the report are changed.")
    return None
