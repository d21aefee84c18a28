"""Carrying an edit out: once, with a notice and a way to undo it, and with nothing typed lost."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db, unit_of_work
from consult.services.themes import editing
from consult.services.themes.editing import EditRefused, Refusal
from consult.views.staff.current import actor
from consult.views.staff.themes.at_hand import AtHand
from consult.views.staff.themes.edit_words import line_words, refusal_words

NEWS = ("done", "same", "others", "gone", "nothing")
"""What an address says of the act just done; not kept when a form leads back to it."""


@dataclass(frozen=True, slots=True)
class Done:
    """The act that was just carried out, for the notice at the top of a page."""

    words: str
    """What it did, in a sentence."""
    sequence: int | None
    """What to undo; nothing where it cannot be."""
    by_others: bool
    """Somebody else has changed themes since the page was opened."""
    gone: int
    """Ticked statements that were not there any more."""


def carry_out(
    at: AtHand,
    act: Callable[[], int],
    refused: Callable[[EditRefused], ResponseReturnValue],
    *,
    back: Callable[[], str] | None = None,
    gone: int = 0,
) -> ResponseReturnValue:
    """Do it in one unit of work, and lead back to where the form stood.

    ``back`` gives the page to lead to where it is not the form's own, as that of a theme that
    is made by the act. A page that is out of date does not stop the act, for edits are relative
    to what is there; the notice says that somebody else was there.
    """
    by_others, before = changed_by_others(at), at.study.last_sequence
    try:
        with unit_of_work(db.session):
            sequence = act()
    except EditRefused as told:
        return refused(told)
    news: dict[str, object] = {"done": sequence} if sequence > before else {"same": 1}
    if by_others:
        news["others"] = 1
    if gone:
        news["gone"] = gone
    return redirect(with_news(here(at) if back is None else back(), news), 303)


def refused_page(at: AtHand, told: EditRefused) -> ResponseReturnValue:
    """Why a button could not do what it says, with the way back; for acts without fields."""
    return render_template(
        "staff/themes/refused.html",
        page_title=gettext("This could not be done"),
        at=at,
        errors=[(None, refusal_words(told))],
        back=here(at),
        parts=told.parts,
    ), status_of(told)


def status_of(told: EditRefused) -> int:
    """What somebody typed is at fault, or what has happened meanwhile."""
    typed = {Refusal.NO_LABEL, Refusal.LABEL_TOO_LONG, Refusal.NO_UNITS, Refusal.IN_TWO_PARTS}
    return 422 if told.reason in typed else 409


def changed_by_others(at: AtHand) -> bool:
    """Whether somebody else has edited themes since the page of a form was opened."""
    seen = request.form.get("seen", type=int)
    if seen is None or seen >= at.study.last_sequence:
        return False
    return any(each.sequence > seen and each.author != actor() for each in at.state.history)


def done(at: AtHand) -> Done | None:
    """What the address says was just done, if anything."""
    if "same" in request.args:
        return Done(gettext("It is so already: nothing had to be changed."), None, False, 0)
    sequence = request.args.get("done", type=int)
    if sequence is None:
        return None
    lines = editing.history(db.session, at.study, before=sequence + 1, limit=1)
    line = next((each for each in lines if sequence in each.sequences), None)
    if line is None:
        return None
    return Done(
        words=line_words(line, at.state),
        sequence=sequence if line.can_undo else None,
        by_others="others" in request.args,
        gone=request.args.get("gone", 0, type=int),
    )


def here(at: AtHand) -> str:
    """The page that a form stood on: one about this question, or the list of its themes."""
    asked = request.form.get("back", "")
    top = at.page("question_themes")
    split = urlsplit(asked)
    inside = not split.scheme and not split.netloc and (split.path + "/").startswith(top + "/")
    return asked if inside and "\\" not in asked and "//" not in split.path else top


def with_news(address: str, news: dict[str, object]) -> str:
    """An address with what is to be told there, and without what was told before."""
    split = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(split.query) if name not in NEWS]
    return split._replace(query=urlencode([*kept, *news.items()])).geturl()


def this_page() -> str:
    """The address of the page that is being shown, for its forms to lead back to."""
    split = urlsplit(request.full_path)
    kept = [(name, value) for name, value in parse_qsl(split.query) if name not in NEWS]
    return split._replace(query=urlencode(kept)).geturl()
