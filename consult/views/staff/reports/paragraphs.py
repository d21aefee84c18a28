"""The officers' own paragraphs: written, put into their place, removed."""

from collections.abc import Sequence

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.services import access
from consult.services.reporting import layouts, texts
from consult.services.reporting.layouts import START, NoSuchPart, TooManyParagraphs
from consult.services.reporting.texts import Refused
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page
from consult.views.staff.reports.at_hand import Opened, report_at_hand
from consult.views.staff.reports.outline import entries
from consult.views.staff.reports.typed import (
    Field,
    error_list,
    fields_again,
    stored_field,
    typed,
)
from consult.views.staff.reports.words import refusal_words


@for_staff("/consultations/<slug>/report/paragraphs/add", roles=access.EDITORS)
def new_report_paragraph() -> ResponseReturnValue:
    """An empty form for a paragraph, to stand after the part that the address names."""
    found = report_at_hand()
    return _page(found, None, _empty("", ""), request.args.get("after", START))


@for_staff("/consultations/<slug>/report/paragraphs/add", roles=access.EDITORS, methods=("POST",))
def add_report_paragraph() -> ResponseReturnValue:
    """Add a paragraph."""
    found = report_at_hand()
    title, text, after = (request.form.get(name, "") for name in ("title", "text", "after"))
    errors: dict[str, str] = {}
    if not texts.plain(text):
        errors["text"] = gettext("Write what the paragraph says")
    else:
        try:
            with unit_of_work(db.session):
                layouts.add_own(
                    db.session,
                    found.stored,
                    title=title,
                    text=text,
                    after=after,
                    language=found.document.source_language,
                    actor=actor(),
                    now=now(),
                )
        except Refused as refused:
            errors["title" if refused.key.endswith(":title") else "text"] = refusal_words(refused)
        except TooManyParagraphs:
            errors["text"] = gettext(
                "A report takes up to %(most)s paragraphs of your own. Add these words to one "
                "that is there.",
                most=layouts.MOST_OWN,
            )
    if errors:
        return _page(found, None, _empty(title, text, errors), after), 422
    return redirect(page("report", added=1), 303)


@for_staff("/consultations/<slug>/report/paragraphs/<key>", roles=access.EDITORS)
def report_paragraph(key: str) -> ResponseReturnValue:
    """One paragraph as it is written."""
    found = report_at_hand()
    return _page(found, key, _stored(found, key), _place(found, key))


@for_staff("/consultations/<slug>/report/paragraphs/<key>", roles=access.EDITORS, methods=("POST",))
def save_report_paragraph(key: str) -> ResponseReturnValue:
    """Save a paragraph and its place."""
    found = report_at_hand()
    sent = typed([("title", layouts.title_of(key)), ("text", layouts.text_of(key))])
    after = request.form.get("after", START)
    if any(each.key == layouts.text_of(key) and not texts.plain(each.text) for each in sent):
        fields = fields_again(_stored(found, key), sent)
        empty = gettext("Write what the paragraph says, or go back and remove it")
        return _page(found, key, fields, after, [("text", empty)]), 422
    try:
        with unit_of_work(db.session):
            saved = layouts.change_own(
                db.session,
                found.stored,
                key,
                sent,
                after=after,
                language=found.document.source_language,
                actor=actor(),
                now=now(),
            )
    except NoSuchPart:
        return _removed_meanwhile(found)
    except Refused as refused:
        fields = fields_again(_stored(found, key), sent, refused=refused)
        return _page(found, key, fields, after), 422
    if saved.held:
        fields = fields_again(_stored(found, key), sent, held=saved.held)
        return _page(found, key, fields, _place(found, key)), 409
    return redirect(page("report", _anchor=f"item-{key.replace(':', '-')}"), 303)


@for_staff("/consultations/<slug>/report/paragraphs/<key>/remove", roles=access.EDITORS)
def confirm_removing_report_paragraph(key: str) -> ResponseReturnValue:
    """Ask before a paragraph is removed."""
    found = report_at_hand()
    title, text = _stored(found, key)
    return render_template(
        "staff/reports/remove.html",
        page_title=gettext("Remove this paragraph?"),
        name=title.text or text.text,
        key=key,
    )


@for_staff(
    "/consultations/<slug>/report/paragraphs/<key>/remove", roles=access.EDITORS, methods=("POST",)
)
def remove_report_paragraph(key: str) -> ResponseReturnValue:
    """Remove a paragraph in every language."""
    found = report_at_hand()
    with unit_of_work(db.session):
        layouts.remove_own(db.session, found.stored, key, actor=actor(), now=now())
    return redirect(page("report", removed=1), 303)


def _page(
    found: Opened,
    key: str | None,
    fields: Sequence[Field],
    after: str,
    errors: Sequence[tuple[str | None, str]] = (),
) -> str:
    outline = layouts.outline(db.session, found.stored)
    names = {entry.key: entry.name for entry in entries(found, outline)}
    places = [
        {"value": each, "label": names.get(each) or gettext("At the very beginning")}
        for each in outline.places(key or "")
    ]
    title, text = fields
    return render_template(
        "staff/reports/paragraph.html",
        page_title=(
            gettext("Add a paragraph of your own") if key is None else gettext("Your own paragraph")
        ),
        errors=[*errors, *error_list(fields)],
        title=title,
        text=text,
        after=after,
        places=places,
        key=key,
        longest=texts.LONGEST,
        source_language=found.document.source_language,
    )


def _empty(title: str, text: str, errors: dict[str, str] | None = None) -> list[Field]:
    wrong = errors or {}
    return [
        Field("title", "", _title_label(), title, "", wrong.get("title")),
        Field("text", "", _text_label(), text, "", wrong.get("text")),
    ]


def _stored(found: Opened, key: str) -> list[Field]:
    """The fields with what is stored; the page of an address that does not exist if it is gone."""
    if not key.startswith(layouts.OWN):
        abort(404)
    if key not in layouts.outline(db.session, found.stored).printed:
        abort(404)
    there = texts.rows(db.session, found.stored)
    source = found.document.source_language
    return [
        stored_field(name, of, label, row.text if row is not None else "")
        for name, of, label in (
            ("title", layouts.title_of(key), _title_label()),
            ("text", layouts.text_of(key), _text_label()),
        )
        for row in [there.get((of, source))]
    ]


def _place(found: Opened, key: str) -> str:
    return layouts.outline(db.session, found.stored).before(key)


def _removed_meanwhile(found: Opened) -> ResponseReturnValue:
    """The form once more, as for a new paragraph: a colleague has removed this one."""
    fields = _empty(request.form.get("title", ""), request.form.get("text", ""))
    told = gettext(
        "A colleague has removed this paragraph meanwhile. Your words are still here: add them "
        "as a new paragraph, or leave the page."
    )
    return _page(found, None, fields, request.form.get("after", START), [(None, told)]), 409


def _title_label() -> str:
    return gettext("Title (you can leave it out)")


def _text_label() -> str:
    return gettext("Text")
