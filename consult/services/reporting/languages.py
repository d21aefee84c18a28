"""What a report still lacks in a language: its own words, names of themes, quotes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.themes.tracking.events import Describe, Rename
from analysis.themes.tracking.state import State
from consult.document.model import Consultation as Document
from consult.models import Consultation, ReportText
from consult.reports.data import CHARACTERISTICS
from consult.services.reading import quotes
from consult.services.reporting import layouts, quote_texts, texts
from consult.services.reporting.texts import Author, Held, Saved, Typed
from consult.services.themes import studies

WORDS, THEMES, QUOTES = "words", "themes", "quotes"
"""Kinds of groups; those of themes and quotes are about one question."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text to be told in another language.

    Attributes
    ----------
    key : str
        Of the text, or ``quote:<id>``.
    about : str
        What it belongs to: ``title``, ``text``, a characteristic, or a theme's name.
    source, source_language : str
    text : str
        In the language at hand; empty where it is missing.
    origin : str
        ``person`` or ``machine``; empty where it is missing.
    is_stale : bool
        It is older than what it translates.
    """

    key: str
    about: str
    source: str
    source_language: str
    text: str
    origin: str
    is_stale: bool

    @property
    def mark(self) -> str:
        """What stands for the translation that somebody has before them."""
        return texts.mark(self.text)

    @property
    def source_mark(self) -> str:
        """What stands for the text that they translate."""
        return texts.mark(self.source)


@dataclass(frozen=True, slots=True)
class Group:
    """Texts that are translated on one page."""

    kind: str
    question: str
    """The key of the question that it is about; empty for the officers' own words."""
    lines: tuple[Line, ...]

    @property
    def name(self) -> str:
        """The group in an address."""
        return f"{self.kind}.{self.question}" if self.question else self.kind

    @property
    def size(self) -> int:
        """All texts of the group."""
        return len(self.lines)

    @property
    def missing(self) -> int:
        """Texts that are not there at all."""
        return sum(not line.text for line in self.lines)

    @property
    def stale(self) -> int:
        """Texts that are older than what they translate."""
        return sum(line.is_stale for line in self.lines)

    @property
    def by_machine(self) -> int:
        """Drafts of the machine that no person has gone over."""
        return sum(line.origin == "machine" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wrote, and what they had before them."""

    typed: Typed
    source_seen: str


def groups(
    session: Session, stored: Consultation, document: Document, language: str
) -> tuple[Group, ...]:
    """Everything that a report says in a language, in groups; those with nothing are left out.

    Own words and names of themes are written in the consultation's language, quotes in any.
    """
    found: list[Group] = []
    if language != document.source_language:
        there = texts.rows(session, stored)
        found.append(Group(WORDS, "", tuple(_words(session, stored, document, language, there))))
        for study in studies.all_of(session, stored):
            state = studies.standing(session, study).state
            names = _themes(document, study.question_key, state, language, there)
            found.append(Group(THEMES, study.question_key, tuple(names)))
    translated = quote_texts.rows(session, stored, language)
    for study in studies.all_of(session, stored):
        lines = [
            Line(
                key=quote_texts.key_of(each.quote),
                about=each.label,
                source=each.quote.text,
                source_language=each.quote.language,
                text=row.text if row is not None else "",
                origin=row.origin if row is not None else "",
                is_stale=row is not None and row.written_at < each.quote.approved_at,
            )
            for each in quotes.approved(session, study)
            if each.stands and each.quote.language != language
            for row in [translated.get(each.quote.id)]
        ]
        found.append(Group(QUOTES, study.question_key, tuple(lines)))
    return tuple(group for group in found if group.lines)


def save(
    session: Session,
    stored: Consultation,
    document: Document,
    language: str,
    changes: Sequence[Change],
    *,
    actor: str,
    now: datetime,
) -> Saved:
    """Write translations. Held back is one whose source or itself is not as it was seen.

    Raises
    ------
    texts.Refused
        If a text cannot be kept; nothing is written then.
    """
    for change in changes:
        texts.checked(change.typed.key, change.typed.text)
    texts.hold(session, stored)
    lines = {
        line.key: line
        for group in groups(session, stored, document, language)
        for line in group.lines
    }
    held: list[Held] = []
    sound: list[Typed] = []
    for change in changes:
        key, text = change.typed.key, texts.plain(change.typed.text)
        line = lines.get(key)
        if line is not None and line.source_mark == change.source_seen:
            sound.append(change.typed)
        elif texts.mark(text) != change.typed.seen:
            held.append(Held(key, text, line.text if line is not None else "", None, None))
    parts = [
        saver.save(session, stored, language, some, actor=actor, now=now)
        for saver, some in (
            (texts, [each for each in sound if not each.key.startswith(quote_texts.QUOTE)]),
            (quote_texts, [each for each in sound if each.key.startswith(quote_texts.QUOTE)]),
        )
    ]
    return Saved(
        sum(part.count for part in parts), (*held, *(each for part in parts for each in part.held))
    )


def store_drafts(
    session: Session,
    stored: Consultation,
    document: Document,
    language: str,
    drafts: Iterable[tuple[Line, str]],
    *,
    now: datetime,
) -> int:
    """Keep what the machine drafted where there is still nothing; and say how many were kept."""
    texts.hold(session, stored)
    machine = Author("machine", "machine")
    lines = {
        line.key: line
        for group in groups(session, stored, document, language)
        for line in group.lines
    }
    quote_of = quote_texts.by_key(session, stored)
    kept = 0
    for line, text in drafts:
        now_there = lines.get(line.key)
        text = texts.plain(text)
        if not text or now_there is None or now_there.text or now_there.source != line.source:
            continue
        if line.key in quote_of:
            quote_texts.write(session, quote_of[line.key], language, text, author=machine, now=now)
        else:
            texts.write(session, stored, line.key, language, text, author=machine, now=now)
        kept += 1
    if kept:
        texts.note(session, stored, language, kept, actor="machine", now=now, by="machine")
    return kept


def _words(
    session: Session,
    stored: Consultation,
    document: Document,
    language: str,
    there: dict[tuple[str, str], ReportText],
) -> Iterator[Line]:
    own = [
        (key, about)
        for part in layouts.outline(session, stored).printed
        if part.startswith(layouts.OWN)
        for key, about in ((layouts.title_of(part), "title"), (layouts.text_of(part), "text"))
    ]
    about_groups = [(texts.considered(each), each) for each in CHARACTERISTICS]
    for key, about in (*own, *about_groups):
        source = there.get((key, document.source_language))
        if source is None:
            continue
        row = there.get((key, language))
        yield Line(
            key=key,
            about=about,
            source=source.text,
            source_language=document.source_language,
            text=row.text if row is not None else "",
            origin=row.origin if row is not None else "",
            is_stale=texts.stale(row, source),
        )


def _themes(
    document: Document,
    question: str,
    state: State,
    language: str,
    there: dict[tuple[str, str], ReportText],
) -> Iterator[Line]:
    for name in state.standing:
        theme = state.themes[name]
        if theme.retired or name in state.hidden:
            continue
        for key, source, kind in (
            (texts.theme_label(question, name), theme.label, Rename),
            (texts.theme_description(question, name), theme.description, Describe),
        ):
            if not source:
                continue
            row = there.get((key, language))
            yield Line(
                key=key,
                about=theme.label,
                source=source,
                source_language=document.source_language,
                text=row.text if row is not None else "",
                origin=row.origin if row is not None else "",
                is_stale=row is not None and _changed_since(state, name, kind, row.written_at),
            )


def _changed_since(
    state: State, theme: str, kind: type[Rename] | type[Describe], since: datetime
) -> bool:
    """Whether a person has written a theme's words since a time."""
    return any(
        isinstance(event, kind)
        and event.theme == theme
        and event.at > since
        and event.sequence not in state.undone
        for event in state.history
    )
