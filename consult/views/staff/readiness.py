"""Whether a consultation is ready to open: one list with mends, and what people answer for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.document.fields import UNPRINTABLE
from consult.forms.readiness_words import (
    asked_words,
    group_words,
    place_words,
    standing_colour,
    standing_words,
)
from consult.i18n import local_date
from consult.readiness.asked import NO, YES, Answer, Asked, is_outdated, is_very_short
from consult.readiness.dates import usual_election_days
from consult.readiness.facts import Case
from consult.readiness.wording import readings
from consult.services import access, readiness, workspaces
from consult.services.readiness import LONGEST_ANSWER, Given
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, actor, now, page, workspace
from consult.views.staff.readiness_lines import grouped, in_its_time_zone


@dataclass(frozen=True, slots=True)
class AskedLine:
    """One question for a person: what was answered, and what stands in its fields."""

    key: str
    legend: str
    hint: str
    answer: Answer | None
    seen: str
    text: str
    choice: str
    choice_legend: str
    """Of its yes and no; empty where it has none."""
    is_outdated: bool
    error: str | None
    choice_error: str | None
    conflict: bool
    """Whether somebody else has answered while this was written."""


@for_staff("/consultations/<slug>/readiness", roles=access.READERS)
def readiness_list() -> ResponseReturnValue:
    """Everything to settle, to look at and to think about before residents see it."""
    in_its_time_zone()
    found = readiness.report(db.session, workspace(), now=now())
    measured = readings(found.case.document, found.case.texts)
    return render_template(
        "staff/readiness.html",
        page_title=gettext("Is it ready?"),
        state=workspaces.state_of(workspace(), now()),
        groups=grouped(found.findings, found.case),
        readings=[
            (
                place_words(each.path, found.case.document)
                if each.path
                else group_words(each.group),
                each,
            )
            for each in measured
        ],
        standing=found.standing,
        standing_words=standing_words(found.standing.state),
        standing_colour=standing_colour(found.standing.state),
        test_count=found.case.facts.test_count,
        may_be_asked=not found.blockers,
    )


@for_staff("/consultations/<slug>/readiness/questions", roles=access.READERS)
def readiness_questions() -> ResponseReturnValue:
    """What no machine can check: officers answer by name."""
    return _questions_page({}, {}, {})


@for_staff("/consultations/<slug>/readiness/questions", roles=access.EDITORS, methods=("POST",))
def answer_readiness() -> ResponseReturnValue:
    """Save the answers that were written or changed; those of others stay."""
    given = {asked: _given(asked) for asked in Asked if f"seen_{asked}" in request.form}
    errors = dict(_problems(given))
    refused = {name.removeprefix("choice_") for name in errors}
    sound = {asked: each for asked, each in given.items() if asked.value not in refused}
    with unit_of_work(db.session):
        conflicts = readiness.answer(
            db.session,
            workspace().slug,
            sound,
            actor=actor(),
            name=account().name or actor(),
            now=now(),
        )
    if errors or conflicts:
        return _questions_page(given, errors, conflicts), 422
    flash(gettext("Your answers are saved, with your name and the day."))
    return redirect(page("readiness_list"), 303)


def _given(asked: Asked) -> Given:
    text = UNPRINTABLE.sub("", request.form.get(asked.value, "")).replace("\r\n", "\n").strip()
    choice = request.form.get(f"choice_{asked}", "")
    return Given(
        text,
        choice if choice in {YES, NO} else "",
        request.form.get(f"seen_{asked}", ""),
        still_right=f"still_{asked}" in request.form,
    )


def _problems(given: Mapping[Asked, Given]) -> Iterator[tuple[str, str]]:
    """Fields that cannot be saved, each with its sentence."""
    for asked, each in given.items():
        over = len(each.text) - LONGEST_ANSWER
        if over > 0:
            told = ngettext(
                "Your answer is too long by %(num)s character. Please shorten it: "
                "we can take up to %(limit)s characters.",
                "Your answer is too long by %(num)s characters. Please shorten it: "
                "we can take up to %(limit)s characters.",
                over,
                limit=LONGEST_ANSWER,
            )
            yield asked.value, told
        elif asked is Asked.ELECTION and each.choice == YES and not each.text:
            yield asked.value, gettext("Say what follows from the election")
        elif asked is Asked.ELECTION and each.text and not each.choice:
            yield f"choice_{asked}", gettext("Choose whether there is one")


def _questions_page(
    given: Mapping[Asked, Given],
    errors: Mapping[str, str],
    conflicts: Mapping[Asked, Answer | None],
) -> str:
    in_its_time_zone()
    case = readiness.case_of(db.session, workspace(), now=now())
    lines = [_line(asked, case, given, errors, conflicts) for asked in Asked]
    return render_template(
        "staff/readiness_questions.html",
        page_title=gettext("Questions that only people can answer"),
        lines=lines,
        longest=LONGEST_ANSWER,
        yes_and_no=[
            {"value": YES, "label": gettext("Yes")},
            {"value": NO, "label": gettext("No")},
        ],
        errors=[
            (field, told)
            for line in lines
            for field, told in ((f"choice_{line.key}", line.choice_error), (line.key, line.error))
            if told
        ],
    )


def _line(
    asked: Asked,
    case: Case,
    given: Mapping[Asked, Given],
    errors: Mapping[str, str],
    conflicts: Mapping[Asked, Answer | None],
) -> AskedLine:
    answer = case.facts.answers.get(asked)
    typed = given.get(asked)
    legend, hint = asked_words(asked)
    error = _conflict_words(conflicts[asked]) if asked in conflicts else errors.get(asked.value)
    dated = case.has("opens_at") and case.has("closes_at")
    very_short = dated and is_very_short(case.opens, case.document.closes)
    choice_legend = ""
    if asked is Asked.ELECTION:
        choice_legend = legend
        legend = gettext("What follows from it?")
        hint = _election_hint(case, hint) if dated else hint
    elif asked is Asked.TIME and very_short:
        choice_legend = gettext(
            "It is open for less than two weeks. Has a lawyer advised that this is enough?"
        )
    return AskedLine(
        key=asked.value,
        legend=legend,
        hint=hint,
        answer=answer,
        seen=readiness.answer_digest(workspace(), asked),
        text=typed.text if typed else (answer.text if answer else ""),
        choice=typed.choice if typed else (answer.choice if answer else ""),
        choice_legend=choice_legend,
        is_outdated=answer is not None
        and dated
        and is_outdated(asked, answer, case.opens, case.document.closes),
        error=error,
        choice_error=errors.get(f"choice_{asked}"),
        conflict=asked in conflicts,
    )


def _conflict_words(theirs: Answer | None) -> str:
    if theirs is None:
        return gettext("Somebody removed the answer while you were writing. Yours is below.")
    return gettext(
        "%(name)s answered this while you were writing. Their answer is shown beside yours: "
        "saving once more puts yours in its place.",
        name=theirs.name,
    )


def _election_hint(case: Case, hint: str) -> str:
    first = case.opens.astimezone(case.zone).date()
    last = case.document.closes.astimezone(case.zone).date()
    days = usual_election_days(first, last)
    if not days:
        return hint
    told = gettext(
        "Local elections are usually held on the first Thursday in May. That day, %(day)s, or the "
        "six weeks before it fall into the consultation.",
        day=local_date(days[0]),
    )
    return f"{hint} {told}"
