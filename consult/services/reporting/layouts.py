"""What a report prints and in which order: sections, and the officers' own paragraphs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from consult.document.model import Consultation as Document
from consult.models import Consultation, Report
from consult.reports.data import CHARACTERISTICS, SECTIONS, Layout, OwnParagraph
from consult.services import audit
from consult.services.reporting import texts
from consult.services.reporting.texts import Author, Typed

OWN = "own:"
"""What the key of an own paragraph begins with."""

START = "start"
"""Where an own paragraph stands that comes before every section."""

MOST_OWN = 40
"""Own paragraphs that a report can hold."""


class NoSuchPart(LookupError):
    """There is no such section or own paragraph, or somebody has removed it."""


class TooManyParagraphs(ValueError):
    """A report does not take more own paragraphs."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The order of a report as it stands.

    Attributes
    ----------
    printed : tuple of str
        Keys of sections and of own paragraphs.
    left_out : tuple of str
        Sections that are not printed, in the order of a report that nobody has changed.
    changed_by, changed_at
        None while nobody has changed anything.
    """

    printed: tuple[str, ...]
    left_out: tuple[str, ...]
    revision: int
    changed_by: str | None
    changed_at: datetime | None

    def places(self, key: str = "") -> list[str]:
        """What an own paragraph can follow: the beginning, and every other printed part."""
        return [START, *(each for each in self.printed if each != key)]

    def before(self, key: str) -> str:
        """What a printed part follows."""
        place = self.printed.index(key)
        return self.printed[place - 1] if place else START


def outline(session: Session, stored: Consultation) -> Outline:
    """The order of a consultation's report; the usual one while nobody has changed it."""
    report = session.get(Report, stored.id, populate_existing=True)
    printed = _known(report.sections if report is not None else SECTIONS)
    return Outline(
        printed=printed,
        left_out=tuple(key for key in SECTIONS if key not in printed),
        revision=report.revision if report is not None else 0,
        changed_by=report.changed_by if report is not None else None,
        changed_at=report.changed_at if report is not None else None,
    )


def layout_of(session: Session, stored: Consultation, document: Document) -> Layout:
    """The layout as a report takes it, with every text in every language that it has."""
    written = texts.by_key(session, stored, document)
    printed = outline(session, stored).printed
    own = []
    after = START
    for key in printed:
        if not key.startswith(OWN):
            after = key
            continue
        own.append(
            OwnParagraph(
                id=key.removeprefix(OWN),
                after=after,
                title=written.get(title_of(key), {}),
                text=written.get(text_of(key), {}),
            )
        )
    considered = {each: written.get(texts.considered(each), {}) for each in CHARACTERISTICS}
    return Layout(
        sections=tuple(key for key in printed if not key.startswith(OWN)),
        own=tuple(own),
        considered={each: found for each, found in considered.items() if found},
    )


def title_of(key: str) -> str:
    """The key of an own paragraph's title."""
    return f"{key}:title"


def text_of(key: str) -> str:
    """The key of an own paragraph's text."""
    return f"{key}:text"


def move(
    session: Session, stored: Consultation, key: str, *, up: bool, actor: str, now: datetime
) -> None:
    """Move a printed part by one place from where it is now; at the end it stays.

    Raises
    ------
    NoSuchPart
        If it is not printed (any more).
    """
    report = _locked(session, stored, actor, now)
    printed = list(report.sections)
    if key not in printed:
        raise NoSuchPart(key)
    at = printed.index(key)
    other = at - 1 if up else at + 1
    if 0 <= other < len(printed):
        printed[at], printed[other] = printed[other], printed[at]
        _store(session, stored, report, printed, actor, now, moved=key)


def switch(
    session: Session, stored: Consultation, key: str, *, on: bool, actor: str, now: datetime
) -> None:
    """Print a section or leave it out; one that is so already stays where it is.

    Raises
    ------
    NoSuchPart
        If there is no such section.
    """
    if key not in SECTIONS:
        raise NoSuchPart(key)
    report = _locked(session, stored, actor, now)
    printed = list(report.sections)
    if on == (key in printed):
        return
    if on:
        printed.insert(_usual_place(printed, key), key)
        _store(session, stored, report, printed, actor, now, printed_again=key)
    else:
        printed.remove(key)
        _store(session, stored, report, printed, actor, now, left_out=key)


def add_own(
    session: Session,
    stored: Consultation,
    *,
    title: str,
    text: str,
    after: str,
    language: str,
    actor: str,
    now: datetime,
) -> str:
    """Add an own paragraph after a part, at the end if that is gone; and return its key.

    Raises
    ------
    texts.Refused
        If its words cannot be kept.
    TooManyParagraphs
        If there are too many already.
    """
    report = _locked(session, stored, actor, now)
    if sum(key.startswith(OWN) for key in report.sections) >= MOST_OWN:
        raise TooManyParagraphs(MOST_OWN)
    key = f"{OWN}{uuid4().hex[:12]}"
    texts.write(session, stored, title_of(key), language, title, author=Author(actor), now=now)
    texts.write(session, stored, text_of(key), language, text, author=Author(actor), now=now)
    printed = _placed(report.sections, key, after)
    _store(session, stored, report, printed, actor, now, paragraph_added=key)
    return key


def change_own(
    session: Session,
    stored: Consultation,
    key: str,
    typed: Sequence[Typed],
    *,
    after: str,
    language: str,
    actor: str,
    now: datetime,
) -> texts.Saved:
    """Change an own paragraph's words and its place.

    What a colleague has written meanwhile is not written over: see :func:`texts.save`.

    Raises
    ------
    NoSuchPart
        If somebody has removed it.
    """
    report = _locked(session, stored, actor, now)
    if key not in report.sections:
        raise NoSuchPart(key)
    saved = texts.save(session, stored, language, typed, actor=actor, now=now)
    others = [each for each in report.sections if each != key]
    printed = _placed(others, key, after)
    if printed != list(report.sections):
        _store(session, stored, report, printed, actor, now, moved=key)
    return saved


def remove_own(
    session: Session, stored: Consultation, key: str, *, actor: str, now: datetime
) -> None:
    """Remove an own paragraph with its words in every language; one that is gone stays so."""
    report = _locked(session, stored, actor, now)
    if not key.startswith(OWN) or key not in report.sections:
        return
    texts.remove(session, stored, [title_of(key), text_of(key)])
    printed = [each for each in report.sections if each != key]
    _store(session, stored, report, printed, actor, now, paragraph_removed=key)


def _known(keys: Sequence[str]) -> tuple[str, ...]:
    """Without sections that another version of the product had."""
    return tuple(key for key in keys if key in SECTIONS or key.startswith(OWN))


def _usual_place(printed: Sequence[str], key: str) -> int:
    """Behind the last printed section that usually comes before it."""
    earlier = set(SECTIONS[: SECTIONS.index(key)])
    places = [place for place, each in enumerate(printed) if each in earlier]
    return places[-1] + 1 if places else 0


def _placed(printed: Sequence[str], key: str, after: str) -> list[str]:
    if after == START:
        return [key, *printed]
    place = printed.index(after) + 1 if after in printed else len(printed)
    return [*printed[:place], key, *printed[place:]]


def _locked(session: Session, stored: Consultation, actor: str, now: datetime) -> Report:
    """The report's row as it is now, held until the unit of work ends; made where none is."""
    texts.hold(session, stored)
    report = session.get(Report, stored.id, populate_existing=True)
    if report is None:
        report = Report(
            consultation_id=stored.id,
            sections=list(SECTIONS),
            revision=1,
            changed_by=actor,
            changed_at=now,
        )
        session.add(report)
    else:
        report.sections = list(_known(report.sections))
    session.flush()
    return report


def _store(
    session: Session,
    stored: Consultation,
    report: Report,
    printed: list[str],
    actor: str,
    now: datetime,
    **details: str,
) -> None:
    report.sections = printed
    report.revision += 1
    report.changed_by, report.changed_at = actor, now
    audit.record(
        session,
        actor=actor,
        action="report layout changed",
        subject=stored.slug,
        now=now,
        **details,
    )
