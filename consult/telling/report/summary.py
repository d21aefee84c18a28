"""The summary: five or six sentences that stand alone."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import Closed
from consult.reports.paper import Block, Bullets, Paragraph, Text
from consult.telling.report.asked import when
from consult.telling.report.closed import foremost, foremost_sentence
from consult.telling.report.figures import count_words, number, sure
from consult.telling.report.left_out import waiting
from consult.telling.report.method import self_selected
from consult.telling.report.missing import flagged, why_not_compared
from consult.telling.report.subject import Subject, Written
from consult.telling.report.themes import stands_out, top_sentence
from consult.telling.report.weaving import joined, listed, woven

MOST_GROUPS = 5


def summary(subject: Subject) -> Written:
    """The section."""
    first, *others = sentences(subject)
    blocks: tuple[Block, ...] = (Paragraph(first, lead=True), Bullets(tuple(others)))
    return Written("summary", gettext("Summary"), blocks)


def sentences(subject: Subject) -> Iterator[Text]:
    """What a councillor should know who reads nothing else."""
    yield begun(subject)
    if subject.compares:
        yield _missing(subject)
    yield from _answers(subject)
    yield from _themes(subject)
    yield from _cautions(subject)


def sentences_beside_tables(subject: Subject) -> Iterator[Text]:
    """The same without what tables of missing groups and of themes say below."""
    yield begun(subject)
    printed = subject.data.layout.sections
    if subject.compares and ("missing" not in printed or not flagged(subject, "under")):
        yield _missing(subject)
    yield from _answers(subject)
    yield woven(self_selected())


def begun(subject: Subject) -> Text:
    """Who asked what and when, and how many answered."""
    return woven(
        gettext(
            "%(asked_by)s asked people about “%(title)s” from %(first)s to %(last)s, and "
            "%(responses)s responses count."
        ),
        asked_by=subject.asked_by(),
        title=subject.title(),
        responses=count_words(subject.data.arrived.responses),
        **when(subject),
    )


def _answers(subject: Subject) -> Iterator[Text]:
    answers = _first_answered(subject)
    if answers is not None:
        yield joined([foremost_sentence(subject, answers), *_weighted(answers)])


def _cautions(subject: Subject) -> Iterator[Text]:
    if waiting(subject):
        yield woven(
            gettext(
                "Not all answers in other languages are translated yet; they are counted and "
                "sorted into themes all the same."
            )
        )
    yield woven(self_selected())


def _missing(subject: Subject) -> Text:
    found = subject.data.representation
    if found.not_compared is not None or not found.dimensions:
        return woven(why_not_compared(found.not_compared))
    pairs = flagged(subject, "under")
    sure = [pair for pair in pairs if pair[1].tier == "confirmed"]
    if not pairs:
        return woven(
            gettext(
                "No group is clearly missing among those who answered; of some groups too few "
                "answered to tell."
            )
        )
    names = listed(
        subject.group_in(group, dimension) for dimension, group in (sure or pairs)[:MOST_GROUPS]
    )
    more = len(sure or pairs) - MOST_GROUPS
    if sure and more > 0:
        return woven(
            gettext(
                "These groups are clearly smaller among the people who answered than among "
                "residents: %(groups)s. Further groups of which that is so: %(more)s."
            ),
            groups=names,
            more=number(more),
        )
    if sure:
        return woven(
            gettext(
                "These groups are clearly smaller among the people who answered than among "
                "residents: %(groups)s."
            ),
            groups=names,
        )
    return woven(
        gettext(
            "There are early signs that these groups are smaller among the people who answered "
            "than among residents: %(groups)s."
        ),
        groups=names,
    )


def _first_answered(subject: Subject) -> Closed | None:
    """The first closed question with an answer that stands out."""
    return next((each for each in subject.data.closed if foremost(each) is not None), None)


def _weighted(answers: Closed) -> Iterator[Text]:
    """What must be said of an answer whose majority depends on who answered."""
    first = foremost(answers)
    if first is not None and first.majority_flips and first.weighted is not None:
        yield woven(
            gettext("Weighted to residents its share would be %(share)s."),
            share=sure(first.weighted, answers.answered),
        )


def _themes(subject: Subject) -> Iterator[Text]:
    """What people wrote most often, where it has a name."""
    talks = subject.data.talk
    named = [talk for talk in talks if top_sentence(subject, talk) and talk.themes[0].label]
    if named:
        yield top_sentence(subject, named[0])
    elif any(talk.themes for talk in talks):
        yield woven(
            gettext(
                "What people wrote is sorted into themes, but the largest of them have no name yet "
                "that may be shown."
            )
        )
    others = [talk for talk in named[1:] if stands_out(talk)]
    if others:
        yield woven(
            gettext("In answer to other questions, people wrote most often about: %(themes)s."),
            themes=listed(
                subject.theme_named(talk.themes[0], talk) for talk in others[:MOST_GROUPS]
            ),
        )
