"""What came so far, and who stopped where, as the page says and draws it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from flask_babel import format_date, format_decimal, get_locale, gettext, ngettext

from analysis.disclosure import Published, percentage, public_order
from analysis.representation.telling.sentences import percents
from consult.document.model import Consultation as Document
from consult.services.timing import Phase, phase
from consult.services.watching.arrivals import NOT_SAID, Home, Standing
from consult.services.watching.completion import AT_THE_END
from consult.services.watching.disclosed import (
    AT_IT,
    SENT,
    UNFINISHED,
    Counted,
    Disclosed,
)
from consult.telling.gap_words import (
    category_name,
    number_words,
    percent_words,
    public_percent,
    ward_names,
)
from consult.telling.report.names import channel_name
from consult.views.staff.watch import charts
from consult.views.staff.watch.charts import Bar


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what is counted, and how many."""

    name: str
    number: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of two columns; ``heading`` names the first."""

    anchor: str
    caption: str
    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """Responses by day or by week: bars, and a table that says the same."""

    alternative: str
    bars: tuple[Bar, ...]
    first: str
    last: str
    most: str
    heading: str
    rows: tuple[tuple[str, str, str], ...]
    """Day, responses, and, for who may see exact numbers, the total so far."""


@dataclass(frozen=True, slots=True)
class Board:
    """The parts of the page before the comparison."""

    responses: str
    begun: str
    days_left: str
    arrived: Arrived | None
    standing: Table
    notes: tuple[str, ...]
    tables: tuple[Table, ...]
    petitions: tuple[tuple[str, str, str], ...]
    completion: tuple[str, ...]
    stopped: Table | None


def board(shown: Disclosed, document: Document, language: str, *, now: datetime) -> Board:
    """Say and draw what came, in the language that the document is in."""
    came = shown.figures.arrivals
    return Board(
        responses=number_words(shown.standing[Standing.COUNTED.value]),
        begun=number_words(shown.begun.total),
        days_left=_days_left(document, now),
        arrived=_arrived(shown, language),
        standing=_standing(shown.standing),
        notes=tuple(_notes(shown)),
        tables=tuple(_tables(shown, document)),
        petitions=tuple(
            (each.title, format_decimal(each.signatures), format_date(each.received_on, "long"))
            for each in came.petitions
        ),
        completion=tuple(_completion(shown)),
        stopped=_stopped(shown, document),
    )


def _days_left(document: Document, now: datetime) -> str:
    """How long it is open still, in days of its own time zone."""
    match phase(document, now):
        case Phase.BEFORE:
            return gettext("not open yet")
        case Phase.OPEN | Phase.PAUSED:
            zone = ZoneInfo(document.timezone)
            days = (document.closes.astimezone(zone).date() - now.astimezone(zone).date()).days
            if days < 0:
                return gettext("closed")
            if days == 0:
                return gettext("closes today")
            return ngettext("%(count)s day", "%(count)s days", days, count=format_decimal(days))
        case _:
            return gettext("closed")


def _arrived(shown: Disclosed, language: str) -> Arrived | None:
    found = shown.arrived
    if found is None:
        return None
    days = [date.fromisoformat(day) for day in found.rows]
    figures = list(found.rows.values())
    values = [figure.value for figure in figures]
    total = 0
    rows = []
    for day, figure in zip(days, figures, strict=True):
        total += figure.value or 0
        so_far = format_decimal(total) if shown.is_exact else ""
        rows.append((format_date(day, "long"), number_words(figure), so_far))
    return Arrived(
        alternative=_arrived_words(shown, days, figures),
        bars=tuple(charts.bars(values, language)),
        first=format_date(days[0], "d MMM"),
        last=format_date(days[-1], "d MMM"),
        most=number_words(max(figures, key=lambda figure: figure.value or 0)),
        # Translators: heading of a column of days
        heading=gettext("Day") if shown.is_exact else gettext("Seven days from"),
        rows=tuple(rows),
    )


def _arrived_words(shown: Disclosed, days: Sequence[date], figures: Sequence[Published]) -> str:
    at = max(range(len(figures)), key=lambda place: (figures[place].value or 0, -place))
    values = {
        "responses": number_words(shown.standing[Standing.COUNTED.value]),
        "first": format_date(days[0], "long"),
        "busiest": format_date(days[at], "long"),
        "most": number_words(figures[at]),
    }
    if shown.is_exact:
        return gettext(
            "%(responses)s responses since %(first)s. Most came on %(busiest)s: %(most)s.", **values
        )
    return gettext(
        "%(responses)s responses since %(first)s. Most came in the seven days from %(busiest)s: "
        "%(most)s.",
        **values,
    )


def _standing(found: Mapping[str, Published]) -> Table:
    words = {
        Standing.COUNTED: (gettext("Counted"), ""),
        Standing.WAITING: (
            gettext("Not counted yet"),
            gettext("Nobody has decided yet whether it came in time."),
        ),
        Standing.TOO_LATE: (gettext("Came too late"), ""),
        Standing.EXCLUDED: (
            gettext("Excluded"),
            gettext("A person gave the reason; it can be taken back."),
        ),
        Standing.WITHDRAWN: (
            gettext("Withdrawn"),
            gettext("By the person who gave it. The answers are gone."),
        ),
        Standing.TEST: (gettext("Tests in the preview"), ""),
    }
    rows = [
        Row(words[Standing(name)][0], number_words(figure), words[Standing(name)][1])
        for name, figure in found.items()
    ]
    return Table(
        "standing", gettext("What counts and what does not"), gettext("Responses"), tuple(rows)
    )


def _notes(shown: Disclosed) -> Iterator[str]:
    """What else is known of the responses that count."""
    for figure, words in (
        (shown.late, gettext("Came after closing and counted all the same: %(number)s.")),
        (shown.changed, gettext("Changed by their people after sending: %(number)s.")),
        (
            shown.suspected,
            gettext("Counted, but marked as suspected spam or repeats: %(number)s."),
        ),
    ):
        if figure.value != 0:
            yield words % {"number": number_words(figure)}


def _tables(shown: Disclosed, document: Document) -> Iterator[Table]:
    yield _table(shown.way, "ways", gettext("How they came"), gettext("Way"), channel_name)
    # Translators: responses by the language that the person answered in
    caption = gettext("Language they were given in")
    yield _table(shown.language, "languages", caption, gettext("Language"), _language_name)
    if document.residents is not None:
        yield _table(
            shown.home, "homes", gettext("Who lives here"), gettext("Where people live"), _home_name
        )
    if shown.ward is not None:
        names = ward_names(document)
        yield _table(
            shown.ward,
            "wards",
            gettext("Ward, of people who live here"),
            gettext("Ward"),
            lambda code: _ward_name(code, names),
        )


def _table(
    found: Counted, anchor: str, caption: str, heading: str, name: Callable[[str], str]
) -> Table:
    """Rows by what is said, most first, so that their order tells nothing more."""
    keys, figures = list(found.rows), list(found.rows.values())
    called = [name(key) for key in keys]
    order = public_order(called, figures)
    rows = tuple(Row(called[at], number_words(figures[at])) for at in order)
    return Table(anchor, caption, heading, rows)


def _language_name(code: str) -> str:
    """A language's name in the language of the page."""
    try:
        return Locale.parse(code, sep="-").get_language_name(get_locale()) or code
    except (UnknownLocaleError, ValueError):
        return code


def _home_name(home: str) -> str:
    match Home(home):
        case Home.HERE:
            return gettext("Live here: compared with residents")
        case Home.ELSEWHERE:
            return gettext("Live elsewhere: counted, not compared")
        case Home.UNKNOWN:
            return gettext("Did not say: compared with residents")


def _ward_name(code: str, names: dict[str, str]) -> str:
    return gettext("Did not say") if code == NOT_SAID else category_name(names, code)


def _completion(shown: Disclosed) -> Iterator[str]:
    """How many sent what they began, and what nobody knows."""
    found, begun = shown.figures.completion, shown.begun
    sent = begun[SENT]
    share = percentage(sent, begun.total)
    if sent.value is not None and begun.total.value and (shown.is_exact or share.value is not None):
        part = public_percent(share, begun.total)
        if shown.is_exact:
            (part,) = percents(sent.value / begun.total.value)
        yield gettext(
            "Of %(begun)s people known to have begun on the website, %(sent)s sent their answers "
            "(%(share)s).",
            begun=number_words(begun.total),
            sent=number_words(sent),
            share=percent_words(part),
        )
    yield gettext("Begun and not sent: %(number)s.", number=number_words(begun[UNFINISHED]))
    if begun[AT_IT].value != 0:
        yield gettext(
            "Of these, saved an answer in the last hour and may still be answering: %(number)s.",
            number=number_words(begun[AT_IT]),
        )
    if shown.changing.value != 0:
        yield gettext(
            "Changing answers that they sent before, which count as they were: %(number)s.",
            number=number_words(shown.changing),
        )
    yield ngettext(
        "Unsent answers are kept for %(count)s day after the last one was saved, or until the "
        "person clears the device; then nothing is known of them. Who only reads, and answers no "
        "question, is not recorded. So fewer people may have finished than it seems.",
        "Unsent answers are kept for %(count)s days after the last one was saved, or until the "
        "person clears the device; then nothing is known of them. Who only reads, and answers no "
        "question, is not recorded. So fewer people may have finished than it seems.",
        found.kept_days,
        count=format_decimal(found.kept_days),
    )


def _stopped(shown: Disclosed, document: Document) -> Table | None:
    """The first question that people with unsent answers have not seen, in the order asked."""
    rows = []
    for key in shown.figures.completion.stopped:
        question = document.question(key)
        name = str(question.label) if question else key
        if key == AT_THE_END:
            name = gettext("Saw every question, and did not send")
        rows.append(Row(name, number_words(shown.begun[key])))
    if not rows:
        return None
    return Table(
        "stopped",
        gettext("Where people stopped: the first question they have not seen"),
        gettext("Question"),
        tuple(rows),
    )
