"""What was said in group talks: counted apart from responses."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import GroupTalks, TalkNote
from consult.reports.paper import Block, Cell, Column, Kind, Quotation, Table
from consult.telling.report.figures import count_cell, count_words, number
from consult.telling.report.names import language_name
from consult.telling.report.subject import Subject, Written
from consult.telling.report.weaving import heading, lead, para, woven


def talks(subject: Subject) -> Written:
    """The section."""
    return Written("talks", gettext("What was said in group talks"), tuple(_blocks(subject)))


def _blocks(subject: Subject) -> Iterator[Block]:
    found = subject.data.group_talks
    if found is None:
        yield para(gettext("No group talks are on record."))
        return
    yield lead(
        # Translators: tables are groups of people who sit together
        gettext(
            "Tables that talked together: %(tables)s. People at them: %(people)s. Notes of what "
            "they said: %(notes)s."
        ),
        tables=number(found.tables),
        people=count_words(found.people),
        notes=number(found.notes),
    )
    yield para(
        gettext(
            "They are kept apart from responses and are in no other figure of this report. "
            "Somebody at a table may have sent a response as well."
        )
    )
    yield _languages(subject, found)
    if subject.is_public:
        yield para(
            gettext("What they said is not printed here, as it may tell who sat at a table.")
        )
        return
    yield heading(gettext("What they said"))
    for note in found.said:
        yield from _note(subject, note)


def _languages(subject: Subject, found: GroupTalks) -> Table:
    return Table(
        "group-talks-by-language",
        gettext("People at tables, by the language they talked in"),
        (
            Column("language", gettext("Language")),
            Column("people", gettext("People"), Kind.COUNT),
        ),
        tuple(
            (Cell(language_name(line.key)), count_cell(line.count)) for line in found.by_language
        ),
        (gettext("Each table counts with the people of its largest note."),),
    )


def _note(subject: Subject, note: TalkNote) -> Iterator[Block]:
    """One note; it stands in the language in which it was written down."""
    if not note.text.strip():
        return
    whose = (
        gettext("%(people)s people, about the draft as a whole. Written in %(language)s.")
        if note.question is None
        else gettext("%(people)s people, about “%(question)s”. Written in %(language)s.")
    )
    about = {} if note.question is None else {"question": subject.question(note.question)}
    yield Quotation(
        (subject.in_language(note.text.strip(), note.language),),
        None,
        woven(
            whose,
            people=count_words(note.people),
            language=language_name(note.language),
            **about,
        ),
    )
