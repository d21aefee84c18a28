"""The text questions of a consultation, and having their answers analysed."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy import and_

from consult.db import db, unit_of_work
from consult.document.model import Question
from consult.models import Job, Study
from consult.models.job import UNFINISHED
from consult.services import access, jobs
from consult.services.themes import asking, figures, studies
from consult.services.themes.figures import Overview
from consult.views.staff import job_words
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page, workspace
from consult.views.staff.themes.at_hand import AtHand, Opened, at_hand, opened

MOST_THEMES = 200
"""Themes that somebody can ask for; nobody reads as many."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text question, and how far its themes are."""

    question: Question
    overview: Overview | None
    """Nothing where the answers were never analysed."""
    job: Job | None
    """Analysing them just now, or about to."""


@for_staff("/consultations/<slug>/themes", roles=access.ANALYSTS)
def themes() -> ResponseReturnValue:
    """All questions that are answered in one's own words."""
    found = opened()
    return render_template(
        "staff/themes/listing.html",
        page_title=gettext("Themes"),
        is_opened=found is not None,
        lines=[] if found is None else _lines(found),
        job_words=job_words,
    )


@for_staff("/consultations/<slug>/themes/<question>/find", roles=access.ANALYSTS, methods=("POST",))
def find_themes(question: str) -> ResponseReturnValue:
    """Find themes, or put new answers into those that are there."""
    _text_question(question)
    return _ask(question)


@for_staff("/consultations/<slug>/themes/<question>/again", roles=access.ANALYSTS)
def themes_again(question: str) -> ResponseReturnValue:
    """Ask before the themes are looked for from the beginning."""
    return _again_page(at_hand(question))


@for_staff(
    "/consultations/<slug>/themes/<question>/again", roles=access.ANALYSTS, methods=("POST",)
)
def find_themes_again(question: str) -> ResponseReturnValue:
    """Look for the themes from the beginning; what people did stays."""
    at = at_hand(question)
    typed = " ".join(request.form.get("themes", "").split())
    if not typed:
        return _ask(question, all_over_again=True)
    wanted = int(typed) if typed.isdecimal() and len(typed) < 6 else 0
    if not 1 <= wanted <= MOST_THEMES:
        words = gettext(
            "Write a whole number from 1 to %(most)s, or leave the field empty", most=MOST_THEMES
        )
        return _again_page(at, typed, words), 422
    return _ask(question, all_over_again=True, themes=wanted)


def running_job(question: str) -> Job | None:
    """The job that analyses the answers to a question just now, or is about to."""
    key = asking.key_of(workspace().slug, question)
    wanted = and_(Job.key == key, Job.state.in_(UNFINISHED))
    found = jobs.listing(db.session, wanted, start=0, count=1)
    return found[0] if found else None


def _ask(
    question: str, *, all_over_again: bool = False, themes: int | None = None
) -> ResponseReturnValue:
    with unit_of_work(db.session):
        job = asking.ask(
            db.session,
            workspace(),
            question,
            all_over_again=all_over_again,
            themes=themes,
            actor=actor(),
            now=now(),
        )
        job_id = job.id
    return redirect(page("job", job_id=job_id), 303)


def _again_page(at: AtHand, typed: str = "", error: str | None = None) -> str:
    return render_template(
        "staff/themes/again.html",
        page_title=gettext("Find the themes all over again"),
        at=at,
        typed=typed,
        error=error,
        errors=[] if error is None else [("themes", error)],
    )


def _lines(found: Opened) -> list[Line]:
    return [
        Line(question, _overview(studies.find(db.session, found.stored, question.key)), job)
        for question in studies.text_questions(found.document)
        for job in [running_job(question.key)]
    ]


def _overview(study: Study | None) -> Overview | None:
    if study is None or study.analysed_at is None:
        return None
    return figures.overview(db.session, study)


def _text_question(key: str) -> None:
    found = opened()
    if found is None or key not in {each.key for each in studies.text_questions(found.document)}:
        abort(404)
