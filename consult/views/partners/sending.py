"""A saved copy of what a tablet owes, sent from any machine."""

from collections import Counter
from contextlib import closing

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from consult.db import db, unit_of_work
from consult.services.assisting import enrolling, receiving, sealed_files, sealing
from consult.services.assisting.keys import KeyFileProblem, Keys
from consult.services.assisting.outcomes import Outcome
from consult.views.clock import settings
from consult.views.partners.sessions import ROOT
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, now, page

MEGABYTE = 1_000_000
UNREADABLE, TOO_MUCH = "unreadable", "too_much"
"""What became of an item that is not taken in at all, beside the outcomes of those that are."""


@for_staff(f"{ROOT}/upload")
def send_copy() -> ResponseReturnValue:
    """Ask for the file."""
    if not _is_partner():
        return redirect(page("my_sessions"), 303)
    return _page([])


@for_staff(f"{ROOT}/upload", methods=("POST",), largest=sealed_files.LARGEST_FILE + MEGABYTE)
def take_copy() -> ResponseReturnValue:
    """Take each item, and say of each what became of it.

    The answer is shown at once: sending the file again changes nothing.
    """
    if not _is_partner():
        return redirect(page("my_sessions"), 303)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page([("file", gettext("Choose the file that the tablet has saved"))]), 422
    with closing(file):  # a large one lies in a temporary file
        content = file.stream.read(sealed_files.LARGEST_FILE + 1)
    try:
        items = sealed_files.read(content)
    except sealed_files.NotACopy:
        words = gettext(
            "This is not a sealed copy of a tablet, or not the whole of it. Save it on the tablet "
            "once more, then choose that file. Its name ends in .json"
        )
        return _page([("file", words)]), 422
    try:
        found = [_take(item) for item in items]
    except KeyFileProblem:
        words = gettext(
            "Nothing more can be taken just now, because the server cannot open its keys. Keep the "
            "file and try again later; the tablet still holds everything."
        )
        return _page([("file", words)]), 503
    return _page([], found)


def _take(sealed: str) -> str:
    """Take one item in a unit of work of its own, so that no other hangs on it."""
    try:
        with unit_of_work(db.session) as session:
            receipt = receiving.receive(
                session,
                sealed,
                opener=Keys(settings().key_path),
                sender=None,
                device_now=None,
                secret_key=settings().secret_key,
                now=now(),
            )
            return receipt.outcome.value
    except sealing.NotSealed:
        return UNREADABLE
    except receiving.TooMuch:
        return TOO_MUCH


def _is_partner() -> bool:
    """Whether the person may enrol tablets; others are told on the page of sessions what to do."""
    return bool(enrolling.organisations_for(db.session, account()))


def _page(errors: list[tuple[str, str]], found: list[str] | None = None) -> str:
    counts = Counter(found or ())
    return render_template(
        "partners/upload.html",
        page_title=gettext("Send a saved copy"),
        errors=errors,
        problems=dict(errors),
        megabytes=sealed_files.LARGEST_FILE // MEGABYTE,
        items=None if found is None else list(enumerate(map(_words, found), start=1)),
        summary=_summary(counts),
    )


def _summary(counts: Counter[str]) -> list[str]:
    total = counts.total()
    stored = counts[Outcome.STORED]
    sentences = [
        ngettext("The file holds %(num)s item.", "The file holds %(num)s items.", total),
        ngettext("%(num)s of them is stored.", "%(num)s of them are stored.", stored),
    ]
    waits = counts[Outcome.KEPT_ASIDE] + counts[Outcome.QUARANTINED]
    if waits:
        sentences.append(
            ngettext(
                "%(num)s waits for an officer of the council.",
                "%(num)s wait for an officer of the council.",
                waits,
            )
        )
    return sentences


def _words(outcome: str) -> str:
    """What became of one item."""
    return {
        Outcome.STORED: gettext("Stored"),
        Outcome.KEPT_ASIDE: gettext("Differs from what came before: an officer decides"),
        Outcome.QUARANTINED: gettext("Something is unusual about it: an officer decides"),
        Outcome.TOO_LATE: gettext(
            "It came after the last day, and was not taken. Ask the council what to do"
        ),
        Outcome.WITHDRAWN: gettext("Its person has withdrawn it, so it was not stored again"),
        UNREADABLE: gettext("This item is damaged. Save the copy on the tablet once more"),
        TOO_MUCH: gettext(
            "Too much of this tablet waits for an officer. Send the file again after they have "
            "decided"
        ),
    }[outcome]
