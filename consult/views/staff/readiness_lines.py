"""Findings as pages show them: where, what, the mend, and the way to it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g

from consult.document.fields import known_timezones
from consult.forms.editing.gap_words import sentence
from consult.forms.readiness_words import asked_words, place_words, said, severity_words
from consult.i18n import DEFAULT_TIMEZONE
from consult.readiness.asked import Asked
from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, Severity
from consult.readiness.places import field_of, part_of
from consult.services import unfinished
from consult.services.unfinished import Fault
from consult.views.staff.current import page, workspace

PAGES = {
    "words": "edit_words",
    "dates": "edit_dates",
    "contact": "edit_contact",
    "privacy": "edit_privacy",
    "areas": "edit_areas",
    "residents": "edit_residents",
    "reference_population": "population",
    "languages": "languages",
    "preview": "preview_link",
    "readiness": "readiness_questions",
    "sign_off": "sign_off",
}
"""The page on which a part is mended."""

PAGES_OF_ITEMS = {
    "sections": ("edit_section", "key", "sections"),
    "questions": ("edit_question", "key", "questions"),
    "translations": ("translations", "code", "languages"),
}
"""The page of one item, what its address calls the item, and the page of all of them."""


@dataclass(frozen=True, slots=True)
class Line:
    """A finding as a page shows it."""

    where: str
    href: str
    what: str
    mend: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Findings of one severity."""

    severity: str
    heading: str
    lines: list[Line]


def in_its_time_zone() -> None:
    """Tell times on the page at hand as the consultation's residents read them."""
    named = workspace().content.get("timezone")
    g.consultation_timezone = named if named in known_timezones() else DEFAULT_TIMEZONE


def grouped(findings: Iterable[Finding], case: Case) -> list[Group]:
    """Findings by severity, those that matter most first."""
    found: dict[Severity, list[Line]] = {}
    for finding in findings:
        found.setdefault(finding.severity, []).append(line_of(finding, case))
    return [
        Group(severity.value, severity_words(severity, len(found[severity])), found[severity])
        for severity in Severity
        if severity in found
    ]


def line_of(finding: Finding, case: Case) -> Line:
    """One finding in words, with the way to its mend."""
    words = said(finding)
    where = place_words(finding.path, case.document)
    if part_of(finding.path) == "readiness":
        where = asked_words(Asked(field_of(finding.path)))[0]
    more: tuple[str, ...] = ()
    if finding.code is Code.UNFIT:
        gaps = unfinished.gaps(case.content, finding.path)
        more = tuple(sentence(gap) for gap in gaps if gap.fault is not Fault.MISSING)
    return Line(where, link_to(finding.path), words.what, words.mend, more)


def link_to(path: str) -> str:
    """The page on which what stands at a path is mended, at its field."""
    name, _, key = part_of(path).partition(".")
    field = field_of(path).split(".", 1)[0]
    if name in PAGES_OF_ITEMS:
        of_one, called, of_all = PAGES_OF_ITEMS[name]
        address = page(of_one, **{called: key}) if key else page(of_all)
    else:
        address = page(PAGES.get(name, "consultation"))
    return f"{address}#{field}" if field else address
