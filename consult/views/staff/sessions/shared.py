"""What the pages of officers and of partners about sessions have in common."""

from collections.abc import Sequence

from flask import flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from consult.db import db, unit_of_work
from consult.document.model import Consultation as Document
from consult.models import AssistedSession, Consultation, Organisation
from consult.services import access, consultations
from consult.services.assisting import afterwards, planning
from consult.services.assisting.afterwards import Gaps, Numbers
from consult.services.assisting.planning import SessionChanged
from consult.services.watching import snapshots
from consult.services.watching.gaps import NothingToCompare
from consult.telling import gap_words
from consult.views.clock import now
from consult.views.staff.current import account, actor
from consult.views.staff.sessions import afterwards_words, plan_forms
from consult.views.staff.sessions.plan_forms import Errors, Typed


def told(row: AssistedSession, document: Document, *, is_exact: bool) -> dict[str, object]:
    """What a page tells of what came from a session; nothing before anything could come.

    ``is_exact`` is for those who may see small numbers; partners may not.
    """
    stored = consultations.find(db.session, document.slug)
    if stored is None:
        return {}
    found = afterwards.numbers(db.session, stored, row)
    shown = afterwards.told(found, document.languages, is_exact=is_exact)
    gaps: Gaps | NothingToCompare | None = None
    if is_exact and found.responses:
        gaps = afterwards.changed_gaps(db.session, stored, document, row)
    elif not is_exact:
        gaps = _gaps_for_partners(row, stored, document, found)
    return {
        "numbers": afterwards_words.number_rows(shown),
        "not_counted": found.not_counted if is_exact else 0,
        **afterwards_words.gap_rows(gaps, document, is_exact=is_exact),
    }


def _gaps_for_partners(
    row: AssistedSession, stored: Consultation, document: Document, found: Numbers
) -> Gaps | NothingToCompare | None:
    rules = consultations.rules_of(stored)
    if not afterwards.may_tell_partners(row, rules, found, now=now()):
        return None
    if snapshots.is_small(db.session, stored):
        with unit_of_work(db.session):
            snapshots.renewed(db.session, stored, document, now=now())
    return afterwards.changed_for_partners(db.session, stored, document, row)


def plan_page(
    typed: Typed,
    document: Document,
    partners: Sequence[Organisation],
    errors: Errors,
    *,
    here: str,
    back: str,
    row: AssistedSession | None = None,
    changed: SessionChanged | None = None,
) -> str:
    """The form of a session's plan; ``here`` takes it, ``back`` leads away from it."""
    return render_template(
        "staff/sessions/plan.html",
        page_title=gettext("Plan a session") if row is None else gettext("Change the session"),
        row=row,
        typed=typed,
        errors=errors,
        problems=dict(errors),
        changed=changed,
        current=None if changed is None else plan_forms.described(changed.current, document),
        here=here,
        back=back,
        dimension_words=gap_words.dimension_name,
        **plan_forms.choices(document, partners),
    )


def planned_words() -> str:
    """What is said once a session is planned."""
    return gettext(
        "The session is planned. The partner’s people find it on their own pages, with its code "
        "and the steps for the tablet."
    )


def refusal(refused: Exception) -> str:
    """Why a session cannot be changed so."""
    if isinstance(refused, planning.CalledOff):
        return gettext("The session was called off meanwhile. Plan a new one instead.")
    return gettext(
        "People have answered in this session already, so it stays with its organisation and "
        "cannot be called off."
    )


def is_admin() -> bool:
    """Whether the person at hand is an admin of every consultation."""
    return access.ADMIN in access.roles_everywhere(account())


def calling_off_page(row: AssistedSession, *, here: str, back: str) -> str:
    """Ask once more before a session is called off."""
    return render_template(
        "staff/sessions/call_off.html",
        page_title=gettext("Call this session off?"),
        row=row,
        here=here,
        back=back,
    )


def called_off(row: AssistedSession, back: str) -> Response:
    """Call a session off, unless people have answered in it, and go back to it."""
    try:
        with unit_of_work(db.session):
            planning.call_off(db.session, row, actor=actor(), now=now())
    except planning.SomethingCame as refused:
        flash(refusal(refused))
    else:
        flash(gettext("The session is called off. Tablets do not load it any more."))
    return redirect(back, 303)
