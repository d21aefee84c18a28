"""How far two colleagues agree, and each of them with the machine."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from consult.db import db
from consult.services import access
from consult.services.reviewing.agreeing import Coder, Compared, StillReading, coders, compare
from consult.views.staff.audience import for_staff
from consult.views.staff.current import actor
from consult.views.staff.editing.saving import name_of
from consult.views.staff.reviewing import agreement_words
from consult.views.staff.themes import figure_words
from consult.views.staff.themes.at_hand import at_hand

MACHINE = "machine"
"""What the address calls the machine."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two who can be compared."""

    first: str
    second: str | None
    """Nothing for the machine."""

    @property
    def words(self) -> str:
        """The two by name."""
        if self.second is None:
            return gettext("%(name)s and the machine", name=name_of(self.first))
        # Translators: the names of two colleagues
        return gettext(
            "%(first)s and %(second)s", first=name_of(self.first), second=name_of(self.second)
        )

    @property
    def address(self) -> dict[str, str]:
        """What the address says of the pair."""
        return {"first": self.first, "second": self.second or MACHINE}


@for_staff("/consultations/<slug>/themes/<question>/agreement", roles=access.ANALYSTS)
def agreement(question: str) -> ResponseReturnValue:
    """Agreement by theme and by language, in figures and in careful words."""
    at = at_hand(question)
    readers = coders(db.session, at.study)
    pairs = _pairs(readers)
    chosen = _chosen(pairs)
    compared: Compared | None = None
    if chosen is not None:
        try:
            compared = compare(db.session, at.study, chosen.first, chosen.second)
        except StillReading:
            chosen = None
    return render_template(
        "staff/reviewing/agreement.html",
        page_title=gettext("How far people agree"),
        at=at,
        readers=readers,
        name_of=name_of,
        pairs=pairs,
        chosen=chosen,
        compared=compared,
        words=figure_words,
        said=agreement_words,
    )


def _pairs(readers: list[Coder]) -> list[Pair]:
    """All pairs that may be seen: nobody who still reads sees what others found."""
    me = next((reader for reader in readers if reader.email == actor()), None)
    if me is not None and not me.is_done:
        return []
    done = [reader.email for reader in readers if reader.is_done]
    people = [Pair(one, two) for at, one in enumerate(done) for two in done[at + 1 :]]
    return [*people, *(Pair(one, None) for one in done)]


def _chosen(pairs: list[Pair]) -> Pair | None:
    asked = {name: request.args.get(name) for name in ("first", "second")}
    named = next((pair for pair in pairs if pair.address == asked), None)
    return named or next(iter(pairs), None)
