"""What is not in the figures, or in fewer of them than readers may think."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import Count, Line, Talk
from consult.reports.paper import Block, Column, Kind, Table, Text
from consult.telling.report.answered import petitions_table, standing_table
from consult.telling.report.figures import count_cell, count_words
from consult.telling.report.names import language_name
from consult.telling.report.subject import Subject, Written
from consult.telling.report.weaving import bullets, heading, lead, listed, para, woven


def left_out(subject: Subject) -> Written:
    """The section."""
    return Written("left_out", gettext("What is left out"), tuple(_blocks(subject)))


def _blocks(subject: Subject) -> Iterator[Block]:
    yield lead(
        gettext(
            "A report should say what it leaves out: responses that do not count, answers that are "
            "in no theme, and answers that nobody has translated."
        )
    )
    standing = tuple(standing_table(subject))
    if standing:
        yield from standing
    yield heading(gettext("Answers in people’s own words that are in no theme"))
    if not subject.data.talk:
        yield para(gettext("No answers in people’s own words have been sorted into themes."))
    else:
        yield texts_table(subject)
        yield from bullets(_meanings())
    yield heading(gettext("Answers that are not translated"))
    yield from _untranslated(subject)
    petitions = tuple(petitions_table(subject))
    if petitions:
        yield heading(gettext("Petitions"))
        yield para(
            gettext(
                "Petitions are counted apart. A signature is not a response, and nobody can tell "
                "how many people did both."
            )
        )
        yield from petitions


def waiting(subject: Subject) -> list[tuple[Talk, Line]]:
    """Answers that are known to be without a translation, by question and language."""
    return [
        (talk, line)
        for talk in subject.data.talk
        for line in talk.not_translated
        if line.count.value
    ]


def _untranslated(subject: Subject) -> Iterator[Block]:
    found = waiting(subject)
    hidden = any(
        line.count.value is None for talk in subject.data.talk for line in talk.not_translated
    )
    for talk in dict.fromkeys(talk.question for talk, _ in found):
        yield para(
            # Translators: languages with numbers of answers, such as: Urdu 15 and Polish 10
            gettext("Not translated, of the answers to “%(question)s”: %(languages)s."),
            question=subject.question(talk),
            languages=listed(
                woven(
                    # Translators: a language and how many, such as: Urdu 15
                    gettext("%(language)s %(count)s"),
                    language=language_name(line.key),
                    count=count_words(line.count),
                )
                for each, line in found
                if each.question == talk
            ),
        )
    if hidden:
        yield para(
            gettext(
                "Numbers of answers in other languages are too small to be shown; they can be none."
            )
        )
    if found:
        yield para(
            gettext(
                "They are counted and sorted into themes all the same. But people who do not know "
                "the language have not read them."
            )
        )
    elif not hidden:
        yield para(gettext("Every answer in another language has a translation."))


def texts_table(subject: Subject) -> Table:
    """What became of the answers to each text question."""
    return Table(
        "answers-in-no-theme",
        gettext("Answers in people’s own words, by question"),
        (
            Column("question", gettext("Question")),
            Column("answering", gettext("With content"), Kind.COUNT),
            Column("no_content", gettext("No content"), Kind.COUNT),
            Column("unclear", gettext("Unclear"), Kind.COUNT),
            Column("without_theme", gettext("In no theme"), Kind.COUNT),
            Column("not_yet_analysed", gettext("Not yet analysed"), Kind.COUNT),
        ),
        tuple(
            (
                subject.cell(subject.question(talk.question)),
                *(count_cell(count) for count in _counts(talk)),
            )
            for talk in subject.data.talk
        ),
    )


def _counts(talk: Talk) -> tuple[Count, ...]:
    return (
        talk.answering,
        talk.no_content,
        talk.unclear,
        talk.without_theme,
        talk.not_yet_analysed,
    )


def _meanings() -> Iterator[Text]:
    yield woven(gettext("No content: for example “none”, “n/a” or a full stop."))
    yield woven(gettext("Unclear: nobody could tell what was meant, or in which language."))
    yield woven(gettext("In no theme: it fits none of the themes that are listed."))
    yield woven(gettext("Not yet analysed: it came or was changed after the themes were made."))
