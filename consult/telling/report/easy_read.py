"""The report in Easy Read: short sentences, one idea a line, and the big ideas alone."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import Closed, Share, Talk
from consult.reports.paper import Block, Heading, Paragraph, Span
from consult.telling.report.asked import when
from consult.telling.report.closed import foremost, is_majority
from consult.telling.report.figures import count_words, number
from consult.telling.report.missing import flagged
from consult.telling.report.subject import Subject, Written
from consult.telling.report.theme import quotation
from consult.telling.report.weaving import bullets, para

MOST_GROUPS = 5
MOST_THEMES = 3


def easy_read(subject: Subject) -> tuple[Written, ...]:
    """The sections; those that the officers left out are not here either."""
    known = {
        "asked": (gettext("What this is about"), _about),
        "answered": (gettext("Who answered"), _answered),
        "missing": (gettext("Who we did not hear from enough"), _missing),
        "reached": (gettext("What we did to hear from more people"), _reached),
        "closed": (gettext("What people chose"), _closed),
        "themes": (gettext("What people wrote about"), _themes),
        "method": (gettext("What we do not know"), _limits),
    }
    found = [
        Written(key, known[key][0], tuple(known[key][1](subject)))
        for key in subject.data.layout.sections
        if key in known
    ]
    found.append(Written("words", gettext("Words in this report"), tuple(_words())))
    return tuple(each for each in found if each.blocks)


def _about(subject: Subject) -> Iterator[Block]:
    yield para(gettext("%(asked_by)s asked people what they think."), asked_by=subject.asked_by())
    yield para(gettext("It is about “%(title)s”."), title=subject.title())
    yield para(gettext("People could answer from %(first)s to %(last)s."), **when(subject))
    yield para(gettext("This report says what they told us."))


def _answered(subject: Subject) -> Iterator[Block]:
    yield para(
        gettext("Number of people who answered: %(responses)s."),
        responses=count_words(subject.data.arrived.responses),
    )
    if subject.is_public:
        yield para(gettext("We have rounded our numbers. That keeps people’s answers private."))
    else:
        yield para(
            gettext("The numbers in this version are exact. Keep this version inside the council.")
        )
    yield para(gettext("People chose for themselves whether to answer."))


def _missing(subject: Subject) -> Iterator[Block]:
    if not subject.data.representation.dimensions:
        yield para(gettext("We cannot tell who is missing."))
        yield para(gettext("We have no numbers of the people who live here."))
        return
    pairs = flagged(subject, "under")[:MOST_GROUPS]
    if not pairs:
        yield para(gettext("We did not find a group that is clearly missing."))
        yield para(gettext("But we may not have enough answers to see it."))
        return
    yield para(gettext("We know who lives here. We looked at who answered."))
    yield para(gettext("We heard from fewer people than we should have from these groups:"))
    yield from bullets(subject.group_in(group, dimension) for dimension, group in pairs)
    yield para(gettext("Their views may be missing from this report."))


def _reached(subject: Subject) -> Iterator[Block]:
    done = len(subject.data.representation.acts)
    if done:
        yield para(gettext("We wanted to hear from more people."))
        yield para(
            gettext("Things we did to hear from more people: %(number)s."), number=number(done)
        )


def _closed(subject: Subject) -> Iterator[Block]:
    for answers in subject.data.closed:
        yield from _question(subject, answers)


def _question(subject: Subject, answers: Closed) -> Iterator[Block]:
    first = foremost(answers)
    if first is None:
        return
    yield Heading(subject.question_heading(answers.question))
    yield para(
        gettext("%(people)s people answered this question."), people=count_words(answers.answered)
    )
    if is_majority(first, answers):
        yield para(gettext("Most of them chose:"))
    else:
        yield para(gettext("The answer that they chose most often:"))
    yield from bullets([(subject.option(first),)])
    yield _how_many(first.share)


def _how_many(share: Share) -> Paragraph:
    """A share in tens: whole numbers are read more easily than percents."""
    if share.value is None:
        return para(gettext("We cannot say how many people that is."))
    tenths = round(10 * share.value)
    if tenths < 1:
        return para(gettext("That is fewer than 1 in 10 people."))
    if tenths > 9:
        return para(gettext("That is nearly everybody."))
    return para(gettext("That is about %(tenths)s in 10 people."), tenths=number(tenths))


def _themes(subject: Subject) -> Iterator[Block]:
    for talk in subject.data.talk:
        yield from _written(subject, talk)


def _written(subject: Subject, talk: Talk) -> Iterator[Block]:
    shown = [theme for theme in talk.themes if theme.label and theme.share.value is not None]
    if not shown:
        return
    yield Heading(subject.question_heading(talk.question))
    yield para(
        gettext("%(people)s people wrote something here."), people=count_words(talk.answering)
    )
    yield para(gettext("This is what many of them wrote about:"))
    for theme in shown[:MOST_THEMES]:
        yield Heading((subject.theme(theme, talk),), 4)
        yield _how_many(theme.share)
        quotes: list[Block] = [each for quote in theme.quotes for each in quotation(subject, quote)]
        if quotes:
            yield para(gettext("One person wrote:"))
            yield quotes[0]


def _limits(subject: Subject) -> Iterator[Block]:
    yield para(gettext("Not everybody who lives here answered."))
    yield para(gettext("People who did not answer may think something else."))
    yield para(gettext("A computer helped us to sort what people wrote."))
    yield para(gettext("A computer can make mistakes."))
    if any(talk.checked is not None and talk.checked.read for talk in subject.data.talk):
        yield para(gettext("People read some of the answers to check the computer’s work."))


def _words() -> Iterator[Block]:
    for term, meaning in (
        (gettext("Theme"), gettext("A theme is something that many people wrote about.")),
        (
            gettext("Group"),
            gettext("A group is people who have something in common, like their age."),
        ),
        (gettext("1 in 10 people"), gettext("Think of 10 people. 1 in 10 means 1 of them.")),
    ):
        yield Paragraph((Span(term, strong=True),))
        yield para(meaning)
