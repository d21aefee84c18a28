"""What a session came to, in words."""

from dataclasses import dataclass

from flask_babel import format_decimal, gettext

from analysis.representation.planning.outreach_plan import rounded_up
from analysis.representation.telling.sentences import percents
from consult.document.model import Consultation as Document
from consult.forms.translating_words import language_name
from consult.services.assisting.afterwards import Change, Gaps, Told
from consult.services.assisting.planning import Group
from consult.services.watching.gaps import NothingToCompare
from consult.telling import gap_words
from consult.views.staff.responses.words import mode_words
from consult.views.staff.watch.outreach_words import Names, why_nothing


@dataclass(frozen=True, slots=True)
class GapRow:
    """One group, as the table shows it; numbers are blank where they are not for the reader."""

    name: str
    question: str
    came: str
    without: str
    present: str
    residents: str
    verdict: str
    colour: str
    more: str


def number_rows(told: Told) -> list[tuple[str, str]]:
    """How many answered, as rows of a list."""
    rows = [(gettext("Responses"), gap_words.number_words(told.responses))]
    rows += [
        # Translators: responses that were given in a language, such as "In Urdu"
        (gettext("In %(language)s", language=language_name(code)), gap_words.number_words(figure))
        for code, figure in told.by_language.items()
    ]
    rows += [
        (mode_words(mode), gap_words.number_words(figure))
        for mode, figure in told.by_mode.items()
        if not (told.is_exact and figure.value == 0)
    ]
    rows.append((gettext("With an interpreter"), gap_words.number_words(told.interpreted)))
    rows.append((gettext("Tables that talked together"), format_decimal(told.tables)))
    if told.tables:
        rows.append(
            (gettext("People at those tables"), gap_words.number_words(told.people_at_tables))
        )
    return rows


def gap_rows(
    found: Gaps | NothingToCompare | None, document: Document, *, is_exact: bool
) -> dict[str, object]:
    """What changed in who is missing, as a template shows it."""
    if found is None:
        return {"gaps": [], "why": None, "as_of": None, "is_exact": is_exact}
    if isinstance(found, NothingToCompare):
        return {"gaps": [], "why": why_nothing(found), "as_of": None, "is_exact": is_exact}
    names = Names(document)
    rows = [_row(change, names, is_exact=is_exact) for change in found.changes]
    return {"gaps": rows, "why": None, "as_of": found.as_of, "is_exact": is_exact}


def _row(change: Change, names: Names, *, is_exact: bool) -> GapRow:
    group: Group = (change.dimension, change.category)
    verdict, colour = _verdict(change)
    row = GapRow(
        name=names.category(group),
        question=gap_words.dimension_name(change.dimension),
        came="",
        without="",
        present="",
        residents="",
        verdict=verdict,
        colour=colour,
        more=format_decimal(rounded_up(change.more)) if change.more else "",
    )
    if not is_exact:
        return row
    without, residents = percents(
        change.without.share or 0.0, change.present.population_share or 0.0
    )
    present, _ = percents(change.present.share or 0.0, change.present.population_share or 0.0)
    return GapRow(
        name=row.name,
        question=row.question,
        came=format_decimal(change.came),
        without=gap_words.percent_words(without),
        present=gap_words.percent_words(present),
        residents=gap_words.percent_words(residents),
        verdict=verdict,
        colour=colour,
        more=row.more,
    )


def _verdict(change: Change) -> tuple[str, str]:
    """What became of a gap, for a tag."""
    if change.is_closed:
        # Translators: of a gap between those who answered and residents
        return gettext("Closed by this session"), "green"
    if change.more:
        # Translators: of a group of residents of whom too few have answered
        return gettext("Still missing"), "yellow"
    # Translators: of a group of residents: it is not missing among those who answered
    return gettext("Not missing"), "grey"
