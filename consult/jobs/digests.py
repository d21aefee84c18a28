"""Looking for newly confirmed flags, and telling by e-mail the people who asked for it."""

from typing import Any

from flask import current_app

from consult.forms.digest_words import letter
from consult.jobs.context import Context, WorkFailed
from consult.jobs.registry import Registry, Step
from consult.logs import logger
from consult.services import consultations
from consult.services.watching import digests, flags, gaps
from consult.services.watching.digests import Digest, Recipient
from consult.sign_in.mail import hand_over
from consult.telling.marking import N_

FLAG_FAULTS = {
    "gone": N_("The consultation is not there any more, so there is nothing to watch."),
}
FLAG_FIGURES = {
    # Translators: signs that a group answers less or more than its share of residents
    "confirmed": N_("Newly confirmed flags"),
}
DIGEST_FIGURES = {
    "sent": N_("E-mails sent"),
    "failed": N_("E-mails that the mail server did not take; they are tried again"),
}


def register(kinds: Registry) -> None:
    """Add both to the kinds of work."""
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Looking for groups that are clearly missing")
    kinds.kind(flags.KIND, label=label, faults=FLAG_FAULTS, figures=FLAG_FIGURES)(look)
    # Translators: the name of a piece of work that the service does beside its pages
    label = N_("Telling colleagues by e-mail of newly confirmed flags")
    kinds.kind(digests.KIND, label=label, figures=DIGEST_FIGURES)(tell)


def look(context: Context) -> Step:
    """Note the flags that are newly confirmed in one consultation."""
    with context.reading() as session:
        stored = consultations.find(session, context.subject)
        if stored is None or stored.is_preview:
            raise WorkFailed("gone")
        seen = flags.stamp(session, stored)
        document = consultations.document_of(session, stored)
        found = gaps.representation(session, stored, document, now=context.now())
    context.check()

    def store(session: Any) -> dict[str, int]:
        at_hand = consultations.get(session, context.subject)
        flags.note_look(session, at_hand, seen, now=context.now())
        if isinstance(found, gaps.NothingToCompare):
            return {"confirmed": 0}
        new = flags.note_confirmed(session, at_hand, found, now=context.now())
        return {"confirmed": len(new)}

    return store


def tell(context: Context) -> Step:
    """Write and send the e-mails that are due, each by itself.

    Sent again by another attempt they are not: each is written down before it is handed over.
    """
    sent = failed = 0
    if context.settings.smtp_url is not None:
        with context.reading() as session:
            waiting = digests.due(session, now=context.now())
        for number, recipient in enumerate(waiting):
            context.progress(number, len(waiting))
            outcome = _tell_one(context, recipient)
            sent += outcome is True
            failed += outcome is False
    return lambda _session: {"sent": sent, "failed": failed}


def _tell_one(context: Context, recipient: Recipient) -> bool | None:
    """Send one e-mail; whether the mail server took it, and None where none was due."""
    now = context.now()
    with context.writing() as session:
        digest = digests.take(session, recipient, now=now)
        if digest is None:
            return None
        document = consultations.document_of(session, digest.stored)
    try:
        hand_over(context.settings, letter(context.settings, current_app.url_map, digest, document))
    except Exception as error:  # the next person is to be told all the same
        logger.error("digest not sent", extra={"facts": {"kind": type(error).__name__}})
        _take_back(context, digest, now)
        return False
    return True


def _take_back(context: Context, digest: Digest, now: Any) -> None:
    with context.writing() as session:
        digests.take_back(session, digest, now=now)
