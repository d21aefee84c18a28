"""The report at hand: of a consultation with answers, or that residents can answer."""

from flask import abort, redirect

from consult.db import db
from consult.services.reporting import versions
from consult.views.staff.current import page
from consult.views.staff.themes.at_hand import Opened, opened

__all__ = ["Opened", "found_report", "report_at_hand"]


def found_report() -> Opened | None:
    """The consultation at hand as it was opened; nothing while there is nothing to report."""
    found = opened()
    return found if found and versions.is_reportable(db.session, found.stored) else None


def report_at_hand() -> Opened:
    """The same for other pages than the first, which says why there is no report yet."""
    found = found_report()
    if found is None:
        abort(redirect(page("report"), 303))
    return found
