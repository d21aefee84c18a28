"""Sessions of partners: planned, changed, called off, and told of afterwards."""

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.models import (
    Account,
    AssistedSession,
    GroupTalk,
    Organisation,
    OrganisationMember,
    PaperForm,
    Provenance,
    Workspace,
)
from consult.services import access, audit, workspaces

CODE_LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"
"""Without those that are taken for others when they are read out or written by hand."""
CODE_LENGTH = 6
LINE_LIMIT = 200
NOTE_LIMIT = 2_000
MOST_PEOPLE = 100_000
"""What one session may hope for; more is a slip of the keyboard."""

_TRIES = 20

Group = tuple[str, str]
"""A dimension and a category of it."""


class State(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    HELD = "held"
    CALLED_OFF = "called_off"


class NoSuchSession(LookupError):
    """There is none of that id, or it is not this person's to see."""


class NoSuchPartner(LookupError):
    """The organisation is not recorded for this consultation, or not any more."""


class SessionChanged(Exception):
    """Somebody else has changed the plan since it was read; ``current`` is what it says now."""

    def __init__(self, current: "Plan", changed_at: datetime) -> None:
        super().__init__(changed_at.isoformat())
        self.current = current
        self.changed_at = changed_at


class CalledOff(Exception):
    """The session was called off, so there is nothing to change or to tell."""


class SomethingCame(Exception):
    """People have answered in the session, so it took place and cannot be called off."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is planned: by whom, where, when, for whom."""

    organisation_id: UUID
    venue: str
    on: date
    languages: tuple[str, ...]
    area: str | None = None
    """Code of an area of the consultation."""
    hopes: tuple[Group, ...] = ()
    hoped_for: int | None = None
    facilitator: str = ""
    interpreter: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What a line of the outreach plan says of a session that is to meet it."""

    organisation_id: UUID
    languages: tuple[str, ...]
    area: str | None
    hopes: tuple[Group, ...]
    hoped_for: int | None


def from_outreach(
    partner: Organisation,
    groups: Collection[Group],
    people: int | None,
    *,
    ward_dimension: str | None,
    languages: Collection[str],
) -> Prefilled:
    """A session as one line of the outreach plan asks for it.

    Parameters
    ----------
    ward_dimension
        The dimension whose categories are wards: such a group is a place, not a hope.
    languages
        Those that the consultation speaks.
    """
    wards = [category for dimension, category in groups if dimension == ward_dimension]
    places = wards or [str(code) for code in partner.areas]
    return Prefilled(
        organisation_id=partner.id,
        languages=tuple(code for code in languages if code in partner.languages),
        area=places[0] if len(places) == 1 else None,
        hopes=tuple(group for group in groups if group[0] != ward_dimension),
        hoped_for=people,
    )


def plan_of(row: AssistedSession) -> Plan:
    """What a row says."""
    return Plan(
        organisation_id=row.organisation_id,
        venue=row.venue,
        on=row.on,
        languages=tuple(row.languages),
        area=row.area,
        hopes=tuple((str(dimension), str(category)) for dimension, category in row.hopes),
        hoped_for=row.hoped_for,
        facilitator=row.facilitator,
        interpreter=row.interpreter,
        note=row.note,
    )


def digest(plan: Plan) -> str:
    """A short name for what a plan says, for a form to carry."""
    said = asdict(plan)
    return workspaces.digest(
        {**said, "organisation_id": str(plan.organisation_id), "on": plan.on.isoformat()}
    )


def of_workspace(session: Session, workspace: Workspace) -> list[AssistedSession]:
    """A consultation's sessions, the last day first."""
    wanted = select(AssistedSession).where(AssistedSession.workspace_id == workspace.id)
    return list(session.scalars(wanted.order_by(AssistedSession.on.desc(), AssistedSession.code)))


def of_account(session: Session, account: Account) -> list[AssistedSession]:
    """The sessions of the organisations that an account works for, the last day first."""
    wanted = (
        select(AssistedSession)
        .join(
            OrganisationMember,
            OrganisationMember.organisation_id == AssistedSession.organisation_id,
        )
        .where(OrganisationMember.account_id == account.id)
    )
    return list(session.scalars(wanted.order_by(AssistedSession.on.desc(), AssistedSession.code)))


def get(session: Session, workspace: Workspace, session_id: UUID) -> AssistedSession:
    """One of a consultation's sessions.

    Raises
    ------
    NoSuchSession
        If it is none of them.
    """
    row = session.get(AssistedSession, session_id)
    if row is None or row.workspace_id != workspace.id:
        raise NoSuchSession(session_id)
    return row


def get_for(session: Session, account: Account, session_id: UUID) -> AssistedSession:
    """A session of an organisation that an account works for, or whose officer it is.

    Raises
    ------
    NoSuchSession
        If there is none of that id for this account.
    """
    row = session.get(AssistedSession, session_id)
    if row is None or not (
        works_for(session, account, row.organisation_id)
        or access.allows(access.roles_in(account, row.workspace_id), access.EDITORS)
    ):
        raise NoSuchSession(session_id)
    return row


def works_for(session: Session, account: Account, organisation_id: UUID) -> bool:
    """Whether an account is one of an organisation's people."""
    return session.get(OrganisationMember, (organisation_id, account.id)) is not None


def plan(
    session: Session, workspace: Workspace, planned: Plan, *, actor: str, now: datetime
) -> AssistedSession:
    """Plan a session, and give it a code that no other session has.

    Raises
    ------
    NoSuchPartner
        If the organisation is not recorded for the consultation.
    """
    _check_partner(session, workspace, planned)
    row = AssistedSession(workspace_id=workspace.id, planned_by=actor, planned_at=now)
    _write(row, planned, now)
    _add_with_code(session, row)
    _note(session, workspace, row, "session planned", actor=actor, now=now)
    return row


def change(
    session: Session,
    row: AssistedSession,
    planned: Plan,
    *,
    seen: str,
    actor: str,
    now: datetime,
) -> None:
    """Write a plan anew. ``seen`` is the digest of what was read.

    A session stays with its organisation once somebody has answered in it.

    Raises
    ------
    CalledOff
        If it was called off.
    NoSuchPartner
        If the organisation is not recorded for the consultation.
    SomethingCame
        If it would go to another organisation after people have answered.
    SessionChanged
        If somebody else has changed it since; saving what it already says is no fault.
    """
    _lock(session, row)
    if row.state == State.CALLED_OFF:
        raise CalledOff
    current = plan_of(row)
    if current == planned:
        return
    if digest(current) != seen:
        raise SessionChanged(current, row.changed_at)
    workspace = session.get_one(Workspace, row.workspace_id)
    _check_partner(session, workspace, planned)
    if planned.organisation_id != row.organisation_id and something_came(session, row):
        raise SomethingCame
    _write(row, planned, now)
    session.flush()
    session.expire(row, ["organisation"])
    _note(session, workspace, row, "session changed", actor=actor, now=now)


def call_off(session: Session, row: AssistedSession, *, actor: str, now: datetime) -> None:
    """Let a session not take place: no tablet loads it any more. Done twice, it stays.

    Raises
    ------
    SomethingCame
        If people have answered in it.
    """
    _lock(session, row)
    if row.state == State.CALLED_OFF:
        return
    if row.state == State.HELD or something_came(session, row):
        raise SomethingCame
    row.state, row.changed_at = State.CALLED_OFF.value, now
    session.flush()
    workspace = session.get_one(Workspace, row.workspace_id)
    _note(session, workspace, row, "session called off", actor=actor, now=now)


def tell(
    session: Session,
    row: AssistedSession,
    *,
    turned_away: int | None,
    what_was_hard: str,
    actor: str,
    now: datetime,
) -> None:
    """Take down how a session went; it counts as held from then on. The last word stays.

    Raises
    ------
    CalledOff
        If it was called off.
    """
    _lock(session, row)
    if row.state == State.CALLED_OFF:
        raise CalledOff
    row.turned_away, row.what_was_hard = turned_away, what_was_hard
    row.told_by, row.told_at = actor, now
    row.state = State.HELD.value
    session.flush()
    workspace = session.get_one(Workspace, row.workspace_id)
    _note(session, workspace, row, "session told of", actor=actor, now=now)


def something_came(session: Session, row: AssistedSession) -> bool:
    """Whether anything of a session is here: an answer, a talk, or a form printed for it."""
    return any(
        session.scalar(select(exists().where(table.session_id == row.id)))
        for table in (Provenance, GroupTalk, PaperForm)
    )


def _check_partner(session: Session, workspace: Workspace, planned: Plan) -> None:
    partner = session.get(Organisation, planned.organisation_id)
    if partner is None or partner.workspace_id != workspace.id:
        raise NoSuchPartner(planned.organisation_id)


def _write(row: AssistedSession, planned: Plan, now: datetime) -> None:
    row.organisation_id = planned.organisation_id
    row.venue, row.area, row.on = planned.venue, planned.area, planned.on
    row.languages = list(planned.languages)
    row.hopes = [list(group) for group in planned.hopes]
    row.hoped_for = planned.hoped_for
    row.facilitator, row.interpreter = planned.facilitator, planned.interpreter
    row.note, row.changed_at = planned.note, now


def _add_with_code(session: Session, row: AssistedSession) -> None:
    for _ in range(_TRIES):
        row.code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:  # the code is another session's
            continue
        return
    raise RuntimeError("no free code for a session was found")


def _lock(session: Session, row: AssistedSession) -> None:
    session.refresh(row, with_for_update=True)


def _note(
    session: Session,
    workspace: Workspace,
    row: AssistedSession,
    action: str,
    *,
    actor: str,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=workspace.slug,
        now=now,
        code=row.code,
        on=row.on.isoformat(),
        venue=row.venue,
    )
