"""Whether a consultation may open: what is missing, and what a person has to answer for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from consult.models import Workspace
from consult.readiness.asked import Answer, Asked, answers_in, written
from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, blocking, blocks
from consult.services import audit, sign_offs, workspaces
from consult.services.readiness_findings import NotReady, case_of, findings_of
from consult.services.workspaces import digest

__all__ = [
    "Given",
    "NotReady",
    "Report",
    "answer",
    "answer_digest",
    "case_of",
    "report",
    "require",
]

LONGEST_ANSWER = 5_000


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that the page about readiness says."""

    case: Case
    findings: tuple[Finding, ...]
    standing: sign_offs.Standing

    @property
    def blockers(self) -> tuple[Finding, ...]:
        """What has to be settled before anybody is asked to sign."""
        return blocking(self.findings)


@dataclass(frozen=True, slots=True)
class Given:
    """What an officer wrote in answer to one question."""

    text: str
    choice: str
    seen: str
    """The digest of the answer that they had before them."""
    still_right: bool = False
    """Whether the same words hold for the dates that there are now."""


def report(
    session: Session, workspace: Workspace, *, now: datetime, at_once: bool = False
) -> Report:
    """What is to be mended, looked at and thought about, and where the sign-off stands."""
    case = case_of(session, workspace, now=now, at_once=at_once)
    return Report(
        case, findings_of(session, workspace, case), sign_offs.standing(session, workspace)
    )


def require(
    session: Session, workspace: Workspace, *, now: datetime, at_once: bool = False
) -> None:
    """Let a consultation, or the changes of one, pass that is ready and signed off.

    Raises
    ------
    NotReady
        If it is not.
    """
    found = report(session, workspace, now=now, at_once=at_once)
    blockers = found.blockers
    if found.standing.state is not sign_offs.State.AGREED:
        blockers += (blocks(Code.NOT_SIGNED_OFF, "sign_off", state=found.standing.state.value),)
    if blockers:
        raise NotReady(blockers)


def answer(
    session: Session,
    slug: str,
    given: Mapping[Asked, Given],
    *,
    actor: str,
    name: str,
    now: datetime,
) -> dict[Asked, Answer | None]:
    """Save what an officer answered, question by question; what others answered stays.

    Returns the answers that somebody else has changed meanwhile: those are kept, and the
    officer's own are not saved.
    """
    workspace = workspaces.lock(session, slug)
    case = case_of(session, workspace, now=now)
    known = case.has("opens_at") and case.has("closes_at")
    kept: dict[str, Any] = dict(workspace.readiness)
    before = answers_in(kept)
    conflicts: dict[Asked, Answer | None] = {}
    for asked, each in given.items():
        if not _says_more(before.get(asked), each):
            continue
        if answer_digest(workspace, asked) != each.seen:
            conflicts[asked] = before.get(asked)
            continue
        made = Answer(
            text=each.text,
            choice=each.choice,
            by=actor,
            name=name,
            at=now,
            opens=case.opens if known else None,
            closes=case.document.closes if known else None,
        )
        kept[asked.value] = written(made)
        action = "readiness answered"
        audit.record(
            session, actor=actor, action=action, subject=slug, now=now, question=asked.value
        )
    workspace.readiness = kept
    session.flush()
    return conflicts


def _says_more(before: Answer | None, given: Given) -> bool:
    """Whether there is something to save: other words, or the same for other dates."""
    if before is None:
        return bool(given.text or given.choice)
    return given.still_right or (given.text, given.choice) != (before.text, before.choice)


def answer_digest(workspace: Workspace, asked: Asked) -> str:
    """Stands for an answer as it is: whoever saves says what they had before them."""
    return digest(workspace.readiness.get(asked.value))
