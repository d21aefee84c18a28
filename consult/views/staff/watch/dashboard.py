"""The page on which a consultation is watched while something can still be done."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.services import access
from consult.views.staff.audience import for_staff
from consult.views.staff.current import may, workspace
from consult.views.staff.watch.figures import fragment, stored_here


@for_staff("/consultations/<slug>/watch", roles=access.READERS)
def watch() -> ResponseReturnValue:
    """What came so far, where people stop, and who is missing."""
    stored = stored_here()
    return render_template(
        "staff/watch/watch.html",
        page_title=gettext("Responses and who is missing"),
        title=workspace().content.get("title") or workspace().slug,
        stored=stored,
        figures=None if stored is None else fragment(stored),
        pages=_pages(),
    )


def _pages() -> list[tuple[str, str]]:
    """Where one goes from here, as far as the person at hand may."""
    pages = [
        ("outreach", gettext("Reach who is missing"), access.ANALYSTS),
        ("organisations", gettext("Partners who reach people"), access.ANALYSTS),
        ("responses", gettext("Read the responses"), access.ANALYSTS),
        ("watch_ways", gettext("Answers with help beside all others"), access.ANALYSTS),
        ("session_talk", gettext("What was said at tables"), access.ANALYSTS),
        ("petitions", gettext("Petitions"), access.ANALYSTS),
    ]
    return [
        (endpoint, words)
        for endpoint, words, roles in pages
        if f"staff.{endpoint}" in current_app.view_functions and may(*roles)
    ]
