"""A made-up partner organisation with two sessions: one was held, one is planned."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.db import unit_of_work
from consult.models import AssistedSession, Consultation, Provenance, Response, Workspace
from consult.services import accounts, audit, workspaces
from consult.services.assisting import members, planning
from consult.services.assisting.planning import Plan
from consult.services.watching import organisations
from consult.services.watching.organisations import Entry

PERSON = "partner@example.org"
PARTNER = Entry(
    name="Lozells Neighbours (made up)",
    languages=("en", "ur", "bn"),
    reaches=(("religion", "muslim"),),
    areas=("E05011153",),
    most=40,
)
HELD_DAYS_AGO = 12
PLANNED_IN_DAYS = 6
SENT_WITHIN = timedelta(days=4)
"""Tablets send when they have a network again: what came with help from the session's day on, for
so long, is told to be from it."""


def prepare(session: Session, slug: str, *, now: datetime) -> None:
    """Make them, where nobody has recorded an organisation yet."""
    with unit_of_work(session):
        workspace = workspaces.find(session, slug)
        person = accounts.find(session, PERSON)
        if workspace is None or person is None or workspace.consultation is None:
            return
        if organisations.all_of(session, workspace):
            return
        stored = workspace.consultation
        partner = organisations.add(session, workspace, PARTNER, actor=audit.COMMAND_LINE, now=now)
        members.add(session, partner, PERSON, actor=audit.COMMAND_LINE, now=now)
        zone = ZoneInfo(str(stored.definition["timezone"]))
        today = now.astimezone(zone).date()
        held_at = max(now - timedelta(days=HELD_DAYS_AGO), stored.opens_at)
        held = _plan(
            session,
            workspace,
            Plan(
                organisation_id=partner.id,
                venue="Lozells community hall (made up)",
                on=held_at.astimezone(zone).date(),
                languages=("en", "ur", "bn"),
                area=PARTNER.areas[0],
                hopes=PARTNER.reaches,
                hoped_for=20,
                facilitator="Piotr",
                interpreter="Mrs Khan, Urdu",
            ),
            held_at - timedelta(days=7),
        )
        _let_come(session, stored, held, zone)
        planning.tell(
            session,
            held,
            turned_away=3,
            what_was_hard="Two people wanted to talk about their housing first.",
            actor=audit.COMMAND_LINE,
            now=held_at + timedelta(hours=6),
        )
        held.told_by = PERSON
        _plan(
            session,
            workspace,
            Plan(
                organisation_id=partner.id,
                venue="Coffee morning at the library (made up)",
                on=min(
                    today + timedelta(days=PLANNED_IN_DAYS),
                    stored.closes_at.astimezone(zone).date(),
                ),
                languages=("en", "ur", "bn"),
                area=PARTNER.areas[0],
                hopes=PARTNER.reaches,
                hoped_for=15,
                facilitator="Piotr",
            ),
            now,
        )


def _plan(session: Session, workspace: Workspace, plan: Plan, at: datetime) -> AssistedSession:
    return planning.plan(session, workspace, plan, actor=audit.COMMAND_LINE, now=at)


def _let_come(
    session: Session, stored: Consultation, held: AssistedSession, zone: ZoneInfo
) -> None:
    """Say of illustrative responses given with help that they are from the session."""
    begins = datetime.combine(held.on, datetime.min.time(), zone)
    found = session.scalars(
        select(Response).where(
            Response.consultation_id == stored.id,
            Response.channel == "assisted",
            Response.received_at >= begins,
            Response.received_at < begins + SENT_WITHIN,
        )
    )
    for response in found:
        session.add(
            Provenance(
                response_id=response.id,
                session_id=held.id,
                mode="helped",
                interpreted=response.language != stored.definition["source_language"],
                consented_at=response.started_at,
            )
        )
    session.flush()
