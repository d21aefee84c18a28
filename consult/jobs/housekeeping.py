"""What has to happen by itself as days pass: in rounds, and on demand as a job."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.db import forget_removed
from consult.jobs.context import Context
from consult.jobs.registry import Registry, Step
from consult.services import housekeeping
from consult.telling.marking import N_

NAME = "housekeeping"
"""The kind; also the key, for all of it is one and the same work."""

TURN = 5_402_861
"""Any number that nothing else locks in the same PostgreSQL database."""

WORDS: Mapping[str, str] = {
    "expired drafts removed": N_("Removing unsent answers that have expired"),
    "contacts filed": N_("Filing e-mail addresses of earlier days"),
    "due data removed": N_("Removing data on the day that was promised"),
    "old jobs removed": N_("Removing old jobs from the list"),
    "old invitations removed": N_("Removing old invitations"),
    "old sessions removed": N_("Removing what is kept of old sessions"),
    "old failures to sign in removed": N_("Removing old failures to sign in"),
    "old tokens removed": N_("Removing old tokens of programs"),
    "old response files removed": N_("Removing files of responses that nobody brought in"),
    "old answer sheets removed": N_("Removing sheets of translated answers that nobody took"),
    "items of no consultation removed": N_(
        "Removing what tablets sent that belongs to no consultation"
    ),
    "old keys of tablets removed": N_("Removing keys that no tablet needs any more"),
    "flags looked for": N_("Asking for a look at who is missing"),
    "digests asked for": N_("Asking for e-mails about confirmed flags"),
    "new answers given to the themes": N_("Looking for answers that no theme has yet"),
}
"""What each of the rounds does, as :data:`consult.services.housekeeping.JOBS` names it."""

FIGURES: Mapping[str, str] = {
    "expired drafts removed": N_("Sets of unsent answers removed"),
    "contacts filed": N_("E-mail addresses filed"),
    "due data removed": N_("Consultations whose data were removed"),
    "old jobs removed": N_("Jobs removed from the list"),
    "old invitations removed": N_("Invitations removed"),
    "old sessions removed": N_("Sessions removed"),
    "old failures to sign in removed": N_("Failures to sign in removed"),
    "old tokens removed": N_("Tokens of programs removed"),
    "old response files removed": N_("Files of responses removed"),
    "old answer sheets removed": N_("Sheets of translated answers removed"),
    "items of no consultation removed": N_("Items from tablets removed"),
    "old keys of tablets removed": N_("Keys of tablets removed"),
    "flags looked for": N_("Consultations to be looked at for who is missing"),
    "digests asked for": N_("E-mails about confirmed flags asked for"),
    "new answers given to the themes": N_("Questions whose new answers are being sorted"),
}


def do_one(job: Callable[..., Any], session: Session, *, now: datetime) -> Any:
    """Do one piece of housekeeping, after any worker that is at it just now.

    Two workers at the same would find the same due, and note it twice in the audit trail.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(TURN)))
    return job(session, now=now)


def register(kinds: Registry) -> None:
    """Add housekeeping on demand to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Housekeeping: removing what has expired")
    kinds.kind(NAME, label=label, stages=WORDS, figures=FIGURES)(housekeep)


def housekeep(context: Context) -> Step:
    """Do all of it now, each piece in a unit of work of its own: done twice, it does no harm."""
    done: dict[str, int] = {}
    pieces = housekeeping.JOBS.items()
    for number, (name, job) in enumerate(pieces):
        context.progress(number, len(pieces), name)
        with context.writing() as session:
            done[name] = _count(do_one(job, session, now=context.now()))
    with context.reading() as session:
        forget_removed(session)
    return lambda _session: done


def _count(done: Any) -> int:
    return done if isinstance(done, int) else len(done)
