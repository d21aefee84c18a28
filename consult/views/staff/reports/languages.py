"""The report's texts in other languages: what is missing, and writing it beside its source."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import and_

from consult.db import db, unit_of_work
from consult.jobs import report_drafts
from consult.languages import direction
from consult.models import Job
from consult.models.job import UNFINISHED
from consult.services import access, jobs
from consult.services.reporting import languages
from consult.services.reporting.languages import QUOTES, THEMES, WORDS, Change, Group, Line
from consult.services.reporting.texts import Held, Refused, Typed
from consult.telling.report.names import characteristic_name
from consult.views.staff import job_words
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, may, now, page, settings, workspace
from consult.views.staff.reports.at_hand import Opened, report_at_hand
from consult.views.staff.reports.typed import Theirs, theirs_of
from consult.views.staff.reports.words import refusal_words
from consult.views.staff.themes.at_hand import question_label
from consult.views.staff.themes.figure_words import language_name

PAGE_LENGTH = 40
"""Texts on one page."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One text beside its source, on the page."""

    number: int
    line: Line
    about: str
    """What the text is, in words."""
    typed: str
    seen: str
    error: str | None = None
    theirs: Theirs | None = None

    @property
    def name(self) -> str:
        """Of its field."""
        return f"text-{self.number}"

    @property
    def label(self) -> str:
        """Of its field, as a list of problems names it."""
        return self.about


@for_staff("/consultations/<slug>/report/languages", roles=access.ANALYSTS)
def report_languages() -> ResponseReturnValue:
    """How far each language is."""
    found = report_at_hand()
    lines = [
        (
            code,
            language_name(code),
            languages.groups(db.session, found.stored, found.document, code),
        )
        for code in found.document.languages
    ]
    return render_template(
        "staff/reports/languages.html",
        page_title=gettext("The report in other languages"),
        lines=lines,
        source_name=language_name(found.document.source_language),
    )


@for_staff("/consultations/<slug>/report/texts/<code>", roles=access.ANALYSTS)
def report_texts(code: str) -> ResponseReturnValue:
    """One group of texts in one language."""
    found = _with_language(code)
    return _page(found, code, request.args.get("part", ""), _start(request.args.get("start", "")))


@for_staff("/consultations/<slug>/report/texts/<code>", roles=access.EDITORS, methods=("POST",))
def save_report_texts(code: str) -> ResponseReturnValue:
    """Save what was typed; what a colleague wrote meanwhile stands beside it."""
    found = _with_language(code)
    part, start = request.form.get("part", ""), _start(request.form.get("start", ""))
    sent = _sent()
    try:
        with unit_of_work(db.session):
            saved = languages.save(
                db.session, found.stored, found.document, code, sent, actor=actor(), now=now()
            )
    except Refused as refused:
        return _page(found, code, part, start, sent, refused=refused), 422
    if saved.held:
        return _page(found, code, part, start, sent, held=saved.held), 409
    if request.form.get("do") == "next":
        return redirect(page("report_texts", code=code, part=part, start=start + PAGE_LENGTH), 303)
    return redirect(page("report_texts", code=code, part=part, start=start, saved=1), 303)


@for_staff("/consultations/<slug>/report/drafts/<code>", roles=access.EDITORS, methods=("POST",))
def draft_report_texts(code: str) -> ResponseReturnValue:
    """Have the council's own service draft what is missing."""
    found = _with_language(code)
    if settings().translate_url is None:
        abort(404)
    with unit_of_work(db.session):
        job = report_drafts.ask(db.session, found.stored.slug, code, actor=actor(), now=now())
        job_id = job.id
    return redirect(page("job", job_id=job_id), 303)


def _page(
    found: Opened,
    code: str,
    part: str,
    start: int,
    sent: Sequence[Change] = (),
    *,
    refused: Refused | None = None,
    held: Sequence[Held] = (),
) -> str:
    groups = languages.groups(db.session, found.stored, found.document, code)
    group = next((each for each in groups if each.name == part), groups[0] if groups else None)
    lines = () if group is None else group.lines
    start = start if start < len(lines) else 0
    pairs = _pairs(found, group, start, sent, refused, held) if group is not None else []
    return render_template(
        "staff/reports/texts.html",
        page_title=gettext("The report in %(language)s", language=language_name(code)),
        code=code,
        language_name=language_name(code),
        code_direction=direction(code),
        name_of=language_name,
        direction_of=direction,
        groups=[(each, _group_words(found, each)) for each in groups],
        group=group,
        pairs=pairs,
        start=start,
        total=len(lines),
        following=start + PAGE_LENGTH if start + PAGE_LENGTH < len(lines) else None,
        previous=max(0, start - PAGE_LENGTH) if start else None,
        lost=_lost(group, sent, held),
        errors=[(pair.name, pair.error) for pair in pairs if pair.error],
        saved="saved" in request.args,
        can_edit=may(*access.EDITORS),
        machine=settings().translate_url is not None and any(each.missing for each in groups),
        job=_running(code),
        job_words=job_words,
    )


def _pairs(
    found: Opened,
    group: Group,
    start: int,
    sent: Sequence[Change],
    refused: Refused | None,
    held: Sequence[Held],
) -> list[Pair]:
    typed = {change.typed.key: change.typed for change in sent}
    kept_back = {each.key: each for each in held}
    pairs = []
    for number, line in enumerate(group.lines[start : start + PAGE_LENGTH], start=start + 1):
        one, other = typed.get(line.key), kept_back.get(line.key)
        pairs.append(
            Pair(
                number=number,
                line=line,
                about=_about(found, group, line),
                typed=line.text if one is None else one.text,
                seen=line.mark if one is None or other is not None else one.seen,
                error=(
                    refusal_words(refused)
                    if refused is not None and refused.key == line.key
                    else None
                ),
                theirs=None if other is None else theirs_of(other),
            )
        )
    return pairs


def _lost(group: Group | None, sent: Sequence[Change], held: Sequence[Held]) -> list[str]:
    """What was typed for texts that are not there any more."""
    there = {line.key for line in group.lines} if group is not None else set()
    kept_back = {each.key for each in held}
    return [
        change.typed.text
        for change in sent
        if change.typed.key in kept_back and change.typed.key not in there
    ]


def _sent() -> list[Change]:
    """The texts of the form at hand."""
    numbers = [name.removeprefix("key-") for name in request.form if name.startswith("key-")]
    return [
        Change(
            Typed(
                request.form[f"key-{number}"],
                request.form.get(f"text-{number}", ""),
                request.form.get(f"seen-{number}", ""),
            ),
            request.form.get(f"source-{number}", ""),
        )
        for number in numbers
    ]


def _about(found: Opened, group: Group, line: Line) -> str:
    if group.kind == QUOTES:
        # Translators: a quote that stands for a theme; the theme's name follows
        return gettext("Quote for “%(theme)s”", theme=line.about)
    if group.kind == THEMES:
        if line.key.endswith(":label"):
            # Translators: a text to be translated: what a theme is called
            return gettext("Name of the theme “%(theme)s”", theme=line.about)
        # Translators: a text to be translated: what a theme is about
        return gettext("Description of the theme “%(theme)s”", theme=line.about)
    if line.about == "title":
        return gettext("Title of your own paragraph")
    if line.about == "text":
        return gettext("Your own paragraph")
    # Translators: what decision-makers must consider; a protected characteristic follows
    return gettext(
        "What must be considered: %(characteristic)s",
        characteristic=characteristic_name(line.about),
    )


def _group_words(found: Opened, group: Group) -> str:
    if group.kind == WORDS:
        return gettext("Your own words")
    label = str(question_label(found.document, group.question))
    if group.kind == THEMES:
        return gettext("Themes of “%(question)s”", question=label)
    return gettext("Quotes from “%(question)s”", question=label)


def _with_language(code: str) -> Opened:
    """The report at hand; the page of an address that does not exist for another language."""
    found = report_at_hand()
    if code not in found.document.languages:
        abort(404)
    return found


def _start(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0


def _running(code: str) -> Job | None:
    key = report_drafts.key_of(workspace().slug, code)
    wanted = and_(Job.key == key, Job.state.in_(UNFINISHED))
    return next(iter(jobs.listing(db.session, wanted, start=0, count=1)), None)
