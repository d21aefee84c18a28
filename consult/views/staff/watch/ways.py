"""Who answered in which way, and how answers with help stand beside all others."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, gettext

from consult.db import db
from consult.document.model import Consultation as Document
from consult.models import Consultation
from consult.reports.data import ByWay, OptionByWay
from consult.services import access
from consult.services.assisting import provenance
from consult.services.reporting import ways as by_ways
from consult.services.watching.arrivals import arrivals
from consult.telling.report.figures import sure
from consult.telling.report.names import answer_name, channel_name
from consult.telling.report.ways import state_words, too_few
from consult.views.staff.audience import for_staff
from consult.views.staff.current import page
from consult.views.staff.watch.board import Row, Table
from consult.views.staff.watch.figures import document_here, stored_here


@dataclass(frozen=True, slots=True)
class Compared:
    """One answer to a closed question, as the page says it."""

    answer: str
    helped: str
    others: str
    difference: str


@dataclass(frozen=True, slots=True)
class Question:
    """One closed question whose answers can be compared."""

    key: str
    label: str
    rows: tuple[Compared, ...]


@for_staff("/consultations/<slug>/watch/ways", roles=access.ANALYSTS)
def watch_ways() -> ResponseReturnValue:
    """Exact figures, for those who judge responses."""
    stored = stored_here()
    if stored is None:
        return redirect(page("watch"), 303)
    document = document_here(stored)
    found = by_ways.as_it_is(db.session, stored, document)
    return render_template(
        "staff/watch/ways.html",
        page_title=gettext("Answers with help beside all others"),
        tables=list(_tables(stored, document)),
        said=_said(found),
        differing=[_question(each, document) for each in found if _differs(each)],
        alike=[
            _question(each, document) for each in found if _is_compared(each) and not _differs(each)
        ],
    )


def _tables(stored: Consultation, document: Document) -> Iterator[Table]:
    came = arrivals(db.session, stored, document)
    yield Table(
        "ways",
        gettext("How they came"),
        gettext("Way"),
        tuple(Row(channel_name(key), format_decimal(n)) for key, n in came.by_way.items()),
    )
    entered = provenance.entered(db.session, stored)
    yield Table(
        "entered",
        gettext("Sessions and paper forms"),
        gettext("Who entered the answers"),
        (
            Row(gettext("A helper, for the person"), format_decimal(entered.helped)),
            Row(
                gettext("The person alone, on the partner’s tablet"),
                format_decimal(entered.by_self),
            ),
            Row(
                gettext("The person on a paper form, which was typed in later"),
                format_decimal(entered.paper),
            ),
            Row(gettext("Of all these, with an interpreter"), format_decimal(entered.interpreted)),
        ),
    )


def _said(found: tuple[ByWay, ...]) -> str:
    """What can be said of all answers together."""
    states = {option.state for each in found for option in each.options}
    if states & {"more", "less"}:
        return gettext(
            "People who answered with help differ clearly from all others in some answers."
        )
    if "no_clear_difference" in states:
        return gettext(
            "In no answer do people who answered with help differ clearly from all others."
        )
    if states:
        return too_few()
    return gettext("Nobody has answered with help so far, so there is nothing to compare.")


def _differs(each: ByWay) -> bool:
    return any(option.state in {"more", "less"} for option in each.options)


def _is_compared(each: ByWay) -> bool:
    """Whether anybody answered it, and enough people came in both ways."""
    return any(
        option.state != "too_few" and (option.helped.value or option.others.value)
        for option in each.options
    )


def _question(each: ByWay, document: Document) -> Question:
    asked = document.question(each.question)
    return Question(
        each.question,
        each.question if asked is None else asked.label,
        tuple(_row(each, option, document) for option in each.options),
    )


def _row(each: ByWay, option: OptionByWay, document: Document) -> Compared:
    asked = document.question(each.question)
    offered = None if asked is None else asked.option(option.key)
    label = answer_name(option.key) if offered is None else str(offered.label)
    return Compared(
        answer=label or option.key,
        helped=sure(option.helped, each.helped),
        others=sure(option.others, each.others),
        difference=state_words(option.state),
    )
