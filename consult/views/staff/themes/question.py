"""The themes of one question: all of them with their figures, and what the machine proposes."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.services import access, audit
from consult.services.themes import editing, exporting, figures
from consult.services.themes.answers import UnitLine
from consult.services.themes.editing import EditRefused
from consult.services.themes.examples import examples_of
from consult.services.themes.figures import Overview, SuggestedTheme
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, workspace
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.acting import (
    carry_out,
    done,
    refused_page,
    status_of,
)
from consult.views.staff.themes.at_hand import AtHand, at_hand
from consult.views.staff.themes.edit_words import refusal_words
from consult.views.staff.themes.exemplars import exemplars_of
from consult.views.staff.themes.listing import running_job
from consult.views.staff.themes.raising import stances_of
from consult.views.staff.themes.tables import themes_csv

EXAMPLES = 4
"""Statements that show what a proposal is about."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A theme that the machine suggests, with examples and the label that was typed for it."""

    suggested: SuggestedTheme
    examples: Sequence[UnitLine]
    label: str
    error: str | None = None


@for_staff("/consultations/<slug>/themes/<question>", roles=access.ANALYSTS)
def question_themes(question: str) -> ResponseReturnValue:
    """The themes, most people first."""
    return _page(at_hand(question))


@for_staff(
    "/consultations/<slug>/themes/<question>/adopt", roles=access.ANALYSTS, methods=("POST",)
)
def adopt_theme(question: str) -> ResponseReturnValue:
    """Take a suggested theme on."""
    at = at_hand(question)
    suggestion, label = request.form.get("suggestion", ""), request.form.get("label", "")

    def refused(told: EditRefused) -> ResponseReturnValue:
        return _page(at, refused=(suggestion, label, told)), status_of(told)

    return carry_out(
        at,
        lambda: editing.adopt(db.session, at.study.id, suggestion, label, actor=actor(), now=now()),
        refused,
    )


@for_staff("/consultations/<slug>/themes/<question>/lock", roles=access.ANALYSTS, methods=("POST",))
def lock_list(question: str) -> ResponseReturnValue:
    """Let the machine propose no further themes, or let it again."""
    at = at_hand(question)
    act = editing.unlock if request.form.get("to") == "unlocked" else editing.lock
    return carry_out(
        at,
        lambda: act(db.session, at.study.id, None, actor=actor(), now=now()),
        lambda told: refused_page(at, told),
    )


@for_staff("/consultations/<slug>/themes/<question>/more", roles=access.ANALYSTS)
def more_themes(question: str) -> ResponseReturnValue:
    """Lead to the split of the theme whose statements are least alike."""
    at = at_hand(question)
    try:
        theme = editing.loosest(db.session, at.study)
    except EditRefused as told:
        return refused_page(at, told)
    return redirect(at.page("split_theme", theme=theme, more=1), 303)


@for_staff("/consultations/<slug>/themes/<question>/fewer", roles=access.ANALYSTS)
def fewer_themes(question: str) -> ResponseReturnValue:
    """The two themes that are most alike, beside each other, to be merged or left."""
    at = at_hand(question)
    try:
        pair = editing.closest_pair(db.session, at.study)
    except EditRefused as told:
        return refused_page(at, told)
    overview = figures.overview(db.session, at.study)
    shown = [each for name in pair for each in overview.themes if each.id == name]
    return render_template(
        "staff/themes/fewer.html",
        page_title=gettext("Fewer themes"),
        at=at,
        overview=overview,
        pair=shown,
        exemplars=exemplars_of(at, shown, limit=3),
        words=figure_words,
        seen=at.study.last_sequence,
    )


@for_staff("/consultations/<slug>/themes/<question>/answers.csv", roles=access.ANALYSTS)
def download_theme_answers(question: str) -> ResponseReturnValue:
    """The answers as the command line reads them."""
    at = at_hand(question)
    table = exporting.answers_table(db.session, at.study)
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor(),
            action="answers downloaded",
            subject=workspace().slug,
            now=now(),
            question=at.question,
            answers=len(table.ids),
        )
    return _file(exporting.as_csv(table), f"answers-{at.question}")


@for_staff("/consultations/<slug>/themes/<question>/themes.csv", roles=access.ANALYSTS)
def download_themes(question: str) -> ResponseReturnValue:
    """The themes with their figures, for a spreadsheet."""
    at = at_hand(question)
    return _file(themes_csv(figures.overview(db.session, at.study)), f"themes-{at.question}")


def _page(at: AtHand, refused: tuple[str, str, EditRefused] | None = None) -> str:
    overview = figures.overview(db.session, at.study)
    proposals = _proposals(at, overview, refused)
    errors: list[tuple[str | None, str]] = []
    if refused is not None:
        suggestion, _, told = refused
        shown = any(each.suggested.id == suggestion for each in proposals)
        errors = [(f"label-{suggestion}" if shown else None, refusal_words(told))]
    return render_template(
        "staff/themes/question.html",
        page_title=gettext("Themes"),
        at=at,
        overview=overview,
        exemplars=exemplars_of(at, overview.themes, limit=1),
        proposals=proposals,
        waiting=[each for each in overview.suggestions if not each.is_large_enough],
        stances=stances_of(at, overview),
        job=running_job(at.question),
        words=figure_words,
        done=done(at),
        seen=overview.last_sequence,
        back=at.page("question_themes"),
        errors=errors,
    )


def _proposals(
    at: AtHand, overview: Overview, refused: tuple[str, str, EditRefused] | None
) -> list[Proposal]:
    suggested = [each for each in overview.suggestions if each.is_large_enough]
    examples = examples_of(db.session, at.study, [each.keys for each in suggested], EXAMPLES)
    suggestion, label, told = refused or ("", "", None)
    return [
        Proposal(
            each,
            shown,
            label if each.id == suggestion else each.label,
            refusal_words(told) if told is not None and each.id == suggestion else None,
        )
        for each, shown in zip(suggested, examples, strict=True)
    ]


def _file(content: str, name: str) -> Response:
    return Response(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-{now():%Y-%m-%d}.csv"'},
    )
