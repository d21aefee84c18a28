"""One consultation's first page: where it stands, and what to do next."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db
from consult.readiness.facts import LanguageState
from consult.services import access, changes, readiness, sign_offs, workspaces
from consult.services.readiness import Report
from consult.services.workspaces import State
from consult.views.staff.audience import for_staff
from consult.views.staff.current import may, now, page, workspace


@dataclass(frozen=True, slots=True)
class Step:
    """One page of setting up, and how far it is."""

    words: str
    href: str
    state: str
    colour: str


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps that belong together."""

    words: str
    steps: Sequence[Step]


@for_staff("/consultations/<slug>/", roles=access.READERS)
def consultation() -> ResponseReturnValue:
    """The consultation's parts, each with its state."""
    found = readiness.report(db.session, workspace(), now=now())
    state = workspaces.state_of(workspace(), now())
    return render_template(
        "staff/consultation.html",
        page_title=workspace().content.get("title") or workspace().slug,
        state=state,
        opens=found.case.document.opens,
        closes=found.case.document.closes,
        illustration=workspace().content.get("illustration", False),
        has_unpublished=state is not State.PREPARING
        and bool(changes.pending(db.session, workspace()).parts),
        stages=_stages(found),
        slug=workspace().slug,
    )


def _stages(found: Report) -> list[Stage]:
    """Everything that is to be done, in the order in which it is best done."""
    written = _written(found.case.gaps)
    return [
        *_listening(),
        *_reporting(),
        Stage(
            gettext("Write"),
            [
                written("edit_words", gettext("Title and words for residents"), *workspaces.WORDS),
                # Translators: parts of the draft strategy that residents read
                written("sections", gettext("Parts of the draft"), "sections"),
                written("questions", gettext("Questions"), "questions"),
                _link("routing", gettext("Who is asked what")),
                written("edit_dates", gettext("Dates"), *workspaces.DATES),
                written("edit_contact", gettext("Help, and other ways to answer"), "contact"),
                written("edit_privacy", gettext("Privacy"), "privacy"),
                written("edit_areas", gettext("Wards"), "areas"),
                written("edit_residents", gettext("Who counts as a resident"), "residents"),
                written(
                    "population",
                    gettext("Who the answers are compared with"),
                    "reference_population",
                ),
            ],
        ),
        Stage(
            gettext("Translate"),
            [_languages(found.case.facts.translations.values())],
        ),
        Stage(
            gettext("Check"),
            [
                _link("preview_link", gettext("Private preview for colleagues")),
                _blockers(found),
                _sign_off(found),
            ],
        ),
        Stage(
            gettext("Open, and tell people"),
            [
                _link("opening_page", gettext("Open, pause, extend, close")),
                _link("handouts", gettext("Posters and leaflets")),
                *(
                    [_link("people", gettext("People who work on it"))]
                    if may(*access.EDITORS)
                    else []
                ),
            ],
        ),
    ]


def _listening() -> list[Stage]:
    """What there is to do with responses, once there can be any; nothing before."""
    if workspace().consultation_id is None:
        return []
    steps = [_link("watch", gettext("Responses so far, and who is missing"))]
    if may(*access.ANALYSTS):
        steps += [
            _link("outreach", gettext("Whom to reach, and by whom")),
            _link("assisted_sessions", gettext("Sessions with partners")),
            _link("responses", gettext("Single responses")),
            _link("import_responses", gettext("Responses from elsewhere")),
            _link("petitions", gettext("Petitions")),
            _link("themes", gettext("Themes of the answers")),
            _link("raw_data", gettext("Raw data")),
        ]
    return [Stage(gettext("Listen"), steps)]


def _reporting() -> list[Stage]:
    """What there is to do with the report, once there can be one; nothing before."""
    if workspace().consultation_id is None:
        return []
    steps = [_link("report", gettext("What the report says"))]
    if may(*access.ANALYSTS):
        steps.append(_link("report_languages", gettext("The report in other languages")))
    steps.append(_link("report_versions", gettext("Versions and downloads")))
    return [Stage(gettext("Report"), steps)]


def _written(gaps: Sequence[str]) -> Callable[..., Step]:
    """Makes steps whose state is the number of their parts that are not written yet."""

    def step(endpoint: str, words: str, *parts: str) -> Step:
        count = sum(gap.split(".")[0] in parts for gap in gaps)
        if not count:
            return Step(words, page(endpoint), gettext("Done"), "green")
        # Translators: things that are still to be written
        missing = ngettext("%(num)s to write", "%(num)s to write", count)
        return Step(words, page(endpoint), missing, "blue")

    return step


def _link(endpoint: str, words: str) -> Step:
    return Step(words, page(endpoint), "", "")


def _languages(found: Iterable[LanguageState]) -> Step:
    waiting = sum(each.missing + each.stale + each.unapproved for each in found)
    words, href = gettext("Languages and translations"), page("languages")
    if not waiting:
        return Step(words, href, gettext("Done"), "green")
    return Step(words, href, ngettext("%(num)s text to do", "%(num)s texts to do", waiting), "blue")


def _blockers(found: Report) -> Step:
    words, href, count = gettext("Is it ready?"), page("readiness_list"), len(found.blockers)
    if not count:
        return Step(words, href, gettext("Nothing stands in the way"), "green")
    return Step(words, href, ngettext("%(num)s to settle", "%(num)s to settle", count), "yellow")


def _sign_off(found: Report) -> Step:
    words, href = gettext("A second person’s word"), page("sign_off")
    if found.standing.state is sign_offs.State.AGREED:
        return Step(words, href, gettext("Given"), "green")
    return Step(words, href, gettext("Not given yet"), "grey")
