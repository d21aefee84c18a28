"""The switch for e-mails about confirmed flags: everybody's own."""

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.services import access
from consult.services.watching import digests
from consult.sign_in.mail import outbox
from consult.views.staff.audience import for_staff
from consult.views.staff.current import account, now, page, workspace
from consult.views.staff.watch import outreach_form
from consult.views.staff.watch.outreach import outreach_page


@for_staff("/consultations/<slug>/watch/digest", roles=access.ANALYSTS, methods=("POST",))
def save_digest() -> ResponseReturnValue:
    """Switch the e-mails on or off for the person at hand."""
    wanted = request.form.get("wanted") == "yes"
    if wanted and not outbox().can_send():
        asked, options, _ = outreach_form.read()
        words = gettext(
            "E-mails cannot be sent here: no mail server is set up. The person who runs this "
            "installation can set one up."
        )
        return outreach_page(asked, options, [("digest", words)]), 422
    with unit_of_work(db.session):
        switch = digests.wish if wanted else digests.end_wish
        switch(db.session, account(), workspace(), now=now())
    return redirect(page("outreach", done="digest-on" if wanted else "digest-off") + "#digest", 303)
