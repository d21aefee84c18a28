"""What the checks of readiness have to know of a consultation, and what they find."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import Response, Workspace
from consult.readiness.asked import answers_in
from consult.readiness.checking import check
from consult.readiness.facts import Case, Facts, LanguageState, Published, Unfinished
from consult.readiness.findings import Code, Finding, blocks
from consult.readiness.translations import ESSENTIAL
from consult.services import routing, translating, unfinished
from consult.services.translating import Line, Standing

SHOWN = frozenset({Standing.APPROVED})
"""Translations that residents meet."""


class NotReady(Exception):
    """Something that must be settled before opening is not; ``blockers`` says what."""

    def __init__(self, blockers: tuple[Finding, ...]) -> None:
        super().__init__(", ".join(finding.code for finding in blockers))
        self.blockers = blockers


def case_of(
    session: Session, workspace: Workspace, *, now: datetime, at_once: bool = False
) -> Case:
    """A workspace with all that the checks have to know."""
    case = Case.of(workspace.content, workspace.slug, Facts(now=now))
    facts = Facts(
        now=now,
        at_once=at_once,
        published=_published(workspace),
        unfinished=_unfinished(workspace),
        never_met=tuple(
            route.key for route in routing.unreachable(routing.as_far_as_written(workspace.content))
        ),
        translations={
            language: _language(lines)
            for language, lines in _lines(session, workspace, case.texts).items()
        },
        test_count=count_tests(session, workspace),
        answers=answers_in(workspace.readiness),
    )
    return replace(case, facts=facts)


def findings_of(session: Session, workspace: Workspace, case: Case) -> tuple[Finding, ...]:
    """Everything that the checks find, apart from the second person's word."""
    found = check(case)
    if case.gaps or _can_be_stored(session, workspace):
        return found
    return (blocks(Code.CONTRADICTS, "translations"), *found)


def _can_be_stored(session: Session, workspace: Workspace) -> bool:
    """Whether a whole consultation stays one with its translations."""
    translations = translating.published_translations(session, workspace)
    whole = {**workspace.content, "slug": workspace.slug, "translations": translations}
    try:
        Document.model_validate(whole)
    except ValidationError:
        return False
    return True


def count_tests(session: Session, workspace: Workspace) -> int:
    """Responses that colleagues have given through the private link."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Response)
            .where(Response.consultation_id == workspace.consultation_id, Response.is_test)
        )
        or 0
    )


def _published(workspace: Workspace) -> Published | None:
    stored = workspace.consultation
    if stored is None or stored.is_preview or workspace.opened_at is None:
        return None
    return Published(stored.opens_at, stored.closes_at, tuple(stored.definition["languages"]))


def _unfinished(workspace: Workspace) -> dict[str, Unfinished]:
    missing: dict[str, dict[str, None]] = {}
    others: dict[str, int] = {}
    for gap in unfinished.all_gaps(workspace.content):
        if gap.fault in {unfinished.Fault.MISSING, unfinished.Fault.NO_QUESTIONS}:
            fields = missing.setdefault(gap.part, {})
            fields.update(dict.fromkeys(str(step) for step in gap.place[:1]))
        else:
            others[gap.part] = others.get(gap.part, 0) + 1
    return {
        part: Unfinished(tuple(missing.get(part, ())), others.get(part, 0))
        for part in dict.fromkeys([*missing, *others])
    }


def _lines(
    session: Session, workspace: Workspace, sources: Mapping[str, str]
) -> dict[str, list[Line]]:
    languages = translating.target_languages(workspace)
    rows = translating.rows_by_language(session, workspace, languages)
    return {
        language: translating.lines_of(sources, rows[language], language) for language in languages
    }


def _language(lines: Sequence[Line]) -> LanguageState:
    standings = [line.standing for line in lines]
    return LanguageState(
        total=len(lines),
        missing=standings.count(Standing.MISSING),
        stale=standings.count(Standing.STALE),
        unapproved=standings.count(Standing.MACHINE) + standings.count(Standing.WRITTEN),
        warnings=sum(len(line.warnings) for line in lines),
        essentials=tuple(
            line.path
            for line in lines
            if line.path.startswith(ESSENTIAL) and line.standing not in SHOWN
        ),
    )
