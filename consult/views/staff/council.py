"""The council's name, colour and logo, set by an admin."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.look.colours import parse_colour, readable
from consult.look.logos import LARGEST, LogoError, LogoFault
from consult.services import access, council
from consult.views.look import looks
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor, now, page

LONGEST = 200


@for_staff("/council", roles=(access.ADMIN,))
def council_page() -> ResponseReturnValue:
    """What the council looks like now."""
    return _page(_kept())


@for_staff("/council", roles=(access.ADMIN,), methods=("POST",))
def save_council() -> ResponseReturnValue:
    """Set name, colour, and the words that stand for the logo."""
    typed = {name: request.form.get(name, "").strip() for name in ("name", "colour", "logo_text")}
    errors = [
        (name, gettext("Write up to %(limit)s characters.", limit=LONGEST))
        for name in ("name", "logo_text")
        if len(typed[name]) > LONGEST
    ]
    colour = parse_colour(typed["colour"]) if typed["colour"] else None
    if typed["colour"] and colour is None:
        errors.append(("colour", gettext("Write a colour with six digits, such as #0e5157.")))
    if errors:
        return _page(typed, errors), 422
    try:
        with unit_of_work(db.session):
            council.describe(
                db.session,
                name=typed["name"],
                colour=colour,
                logo_text=typed["logo_text"],
                actor=actor(),
                now=now(),
            )
    except council.HardToRead:
        words = gettext(
            "White letters on this colour are hard to read. Take a darker one: %(colour)s is the "
            "nearest that works.",
            colour=readable(colour or ""),
        )
        return _page(typed, [("colour", words)]), 422
    looks().forget()
    return redirect(page("council_page", saved=1), 303)


@for_staff("/council/logo", roles=(access.ADMIN,), methods=("POST",))
def save_logo() -> ResponseReturnValue:
    """Take a new logo, or remove it."""
    file = request.files.get("logo")
    try:
        with unit_of_work(db.session):
            if "remove" in request.form:
                council.remove_logo(db.session, actor=actor(), now=now())
            else:
                content = file.stream.read(LARGEST + 1) if file is not None else b""
                council.set_logo(db.session, content, actor=actor(), now=now())
    except LogoError as error:
        return _page(_kept(), [("logo", _sentence(error.fault))]), 422
    looks().forget()
    return redirect(page("council_page", saved=1), 303)


def _kept() -> dict[str, str]:
    found = council.find(db.session)
    if found is None:
        return {"name": "", "colour": "", "logo_text": ""}
    return {"name": found.name, "colour": found.colour or "", "logo_text": found.logo_text}


def _sentence(fault: LogoFault) -> str:
    match fault:
        case LogoFault.EMPTY:
            return gettext("Choose a picture.")
        case LogoFault.TOO_LARGE:
            return gettext(
                "The picture is larger than %(limit)s kB. Residents with slow phones load it "
                "with every first page: make it smaller, or use an SVG.",
                limit=LARGEST // 1000,
            )
        case LogoFault.UNKNOWN_TYPE:
            return gettext("The file is no picture that we can show. Use PNG, JPEG, WebP or SVG.")
        case LogoFault.DAMAGED:
            return gettext("The drawing is damaged. Save it again as SVG, or use a PNG.")
        case LogoFault.ACTIVE:
            return gettext(
                "The drawing holds scripts or fetches something from elsewhere. Save it as a "
                "plain SVG, or use a PNG."
            )


def _page(typed: dict[str, str], errors: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "staff/council.html",
        page_title=gettext("Council"),
        typed=typed,
        errors=errors or [],
        error_of=dict(errors or []),
        saved="saved" in request.args,
    )
