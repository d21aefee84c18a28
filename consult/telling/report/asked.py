"""What was asked."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import Asked
from consult.reports.paper import Block, Paragraph, Span, Text
from consult.telling.report.figures import day_of
from consult.telling.report.subject import Subject, Written
from consult.telling.report.weaving import bullets, heading, listed, para, woven


def asked(subject: Subject) -> Written:
    """The section."""
    return Written("asked", gettext("What we asked"), tuple(_blocks(subject)))


def when(subject: Subject) -> dict[str, str]:
    """The first and the last day on which people could answer."""
    about = subject.data.consultation
    return {
        "first": day_of(about.opened_at, about.timezone),
        "last": day_of(about.closes_at, about.timezone),
    }


def _blocks(subject: Subject) -> Iterator[Block]:
    about = subject.data.consultation
    introduction = subject.said(about.introduction)
    for each in introduction.text.split("\n\n"):
        if each.strip():
            yield Paragraph((Span(each.strip(), introduction.language),))
    yield para(
        gettext(
            "People could answer from %(first)s to %(last)s, in these languages: %(languages)s."
        ),
        languages=listed(map(Span, subject.languages())),
        **when(subject),
    )
    if about.sections:
        yield heading(gettext("The parts of the draft"))
        yield from bullets((subject.said(each.title, each.key),) for each in about.sections)
    for part, title in (
        ("eligibility", gettext("First questions: who is answering")),
        ("draft", gettext("Questions about the draft")),
        ("monitoring", gettext("Questions about the people who answered")),
    ):
        found = [each for each in about.questions if each.part == part]
        if found:
            yield heading(title)
            yield from bullets(_question(subject, each) for each in found)
    if any(each.part == "monitoring" for each in about.questions):
        yield para(
            gettext(
                "Nobody had to answer the questions about themselves. They are asked so that we "
                "can see who is missing."
            )
        )


def _question(subject: Subject, question: Asked) -> Text:
    title = next(
        (
            subject.said(each.title, each.key)
            for each in subject.data.consultation.sections
            if each.key == question.section
        ),
        None,
    )
    if title is None:
        return subject.question_heading(question.key)
    return woven(
        # Translators: a question, and the part of the draft that it is about
        gettext("%(number)s: %(question)s (about “%(part)s”)"),
        number=subject.numbered(question.key),
        question=subject.question(question.key),
        part=title,
    )
