"""The audit trail: who did what and when, to read, search and download. Nothing changes it."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, redirect, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from analysis.output import harmless
from consult.db import db
from consult.i18n import DEFAULT_TIMEZONE
from consult.models import AuditEvent
from consult.services import access, audit
from consult.services.audit import Leaf, Place, Wanted
from consult.views.staff.audience import for_staff
from consult.views.staff.audit_words import action_choices, action_words, detail_lines
from consult.views.staff.current import now, page

COLUMNS = ("at", "actor", "action", "subject", "details")
LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """What the search form says, as it was typed."""

    text: str
    actor: str
    action: str
    subject: str
    since: str
    until: str

    def fields(self) -> dict[str, str]:
        """Fields that say something, for the address of another page of the same search."""
        pairs = {
            "q": self.text,
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "since": self.since,
            "until": self.until,
        }
        return {name: value for name, value in pairs.items() if value}


@for_staff("/audit-trail", roles=(access.ADMIN,))
def audit_trail() -> ResponseReturnValue:
    """One page of the trail, the newest first."""
    asked = _asked()
    wanted, errors = _wanted(asked)
    try:
        older_than, newer_than = _place("older_than"), _place("newer_than")
    except ValueError:
        return redirect(page("audit_trail", **asked.fields()), 303)
    leaf = Leaf([], None, None)
    if not errors:
        leaf = audit.search(db.session, wanted, older_than=older_than, newer_than=newer_than)
    if newer_than is not None and leaf.newer is None and not errors:
        return redirect(page("audit_trail", **asked.fields()), 303)  # the newest, all of them
    here = asked.fields()
    return render_template(
        "staff/audit_trail.html",
        page_title=gettext("Audit trail"),
        asked=asked,
        errors=errors,
        problems=dict(errors),
        rows=[(row, action_words(row.action), detail_lines(row.details)) for row in leaf.rows],
        actions=action_choices(asked.action),
        newer=leaf.newer and page("audit_trail", newer_than=str(leaf.newer), **here),
        older=leaf.older and page("audit_trail", older_than=str(leaf.older), **here),
        as_csv=page("download_audit_trail", ending="csv", **here),
        as_lines=page("download_audit_trail", ending="jsonl", **here),
    ), (422 if errors else 200)


@for_staff("/audit-trail/audit-trail.<any(csv, jsonl):ending>", roles=(access.ADMIN,))
def download_audit_trail(ending: str) -> ResponseReturnValue:
    """All rows of a search as a file, sent while it is read."""
    asked = _asked()
    wanted, errors = _wanted(asked)
    if errors:
        return redirect(page("audit_trail", **asked.fields()), 303)
    rows = audit.every(db.session, wanted)
    lines, kind = (
        (_csv(rows), "text/csv") if ending == "csv" else (_lines(rows), "application/jsonl")
    )
    name = f"audit-trail-{now():%Y-%m-%d}.{ending}"
    return Response(
        stream_with_context(lines),
        content_type=f"{kind}; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _csv(rows: Iterable[AuditEvent]) -> Iterator[str]:
    """The rows for a spreadsheet: none of its cells is taken for a formula."""
    yield "\ufeff" + _csv_line(COLUMNS)  # the mark by which Excel knows UTF-8
    for row in rows:
        told = _told(row)
        details = json.dumps(told["details"], ensure_ascii=False, sort_keys=True)
        cells = (told["at"], row.actor, row.action, row.subject, details)
        yield _csv_line([harmless(cell) for cell in cells])


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _lines(rows: Iterable[AuditEvent]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(_told(row), ensure_ascii=False) + "\n"


def _told(row: AuditEvent) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(),
        "actor": row.actor,
        "action": row.action,
        "subject": row.subject,
        "details": row.details,
    }


def _asked() -> Asked:
    def typed(name: str) -> str:
        return request.args.get(name, "").strip()[:LONGEST_TEXT].replace("\x00", "")

    return Asked(
        typed("q"),
        typed("actor"),
        typed("action"),
        typed("subject"),
        typed("since"),
        typed("until"),
    )


def _wanted(asked: Asked) -> tuple[Wanted, list[tuple[str, str]]]:
    """What to look for, and what of it cannot be understood."""
    errors: list[tuple[str, str]] = []
    moments: dict[str, datetime | None] = {}
    for field, typed, later in (("since", asked.since, 0), ("until", asked.until, 1)):
        try:
            moments[field] = _midnight(typed, later)
        except (ValueError, OverflowError):
            moments[field] = None
            errors.append((field, gettext("Write the date as year, month and day: 2027-01-31")))
    wanted = Wanted(
        text=asked.text,
        actor=asked.actor,
        action=asked.action,
        subject=asked.subject,
        since=moments["since"],
        until=moments["until"],
    )
    return wanted, errors


def _midnight(typed: str, days_later: int) -> datetime | None:
    """The beginning of a day as the pages show days, or of one after it."""
    if not typed:
        return None
    day = date.fromisoformat(typed) + timedelta(days=days_later)
    return datetime.combine(day, time(), ZoneInfo(DEFAULT_TIMEZONE))


def _place(name: str) -> Place | None:
    typed = request.args.get(name, "")
    return Place.parse(typed) if typed else None
