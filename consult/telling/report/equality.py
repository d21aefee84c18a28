"""The equality appendix: every protected characteristic, and what those who decide must weigh."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import CHARACTERISTICS, Asked, Difference, Dimension
from consult.reports.paper import Block, Cell, Column, Heading, Kind, Paragraph, Span, Table, Text
from consult.telling.gap_words import dimension_name
from consult.telling.report.equality_words import (
    asked_about,
    characteristic_of,
    due_regard,
    duty,
    meaning,
)
from consult.telling.report.figures import NOTHING, count_cell, count_words
from consult.telling.report.missing import gap_sentence, is_flagged, is_told, question_line
from consult.telling.report.names import characteristic_name
from consult.telling.report.reached import acts, no_acts
from consult.telling.report.subject import Subject, Written
from consult.telling.report.weaving import bullets, heading, lead, listed, para, words, woven


def equality(subject: Subject) -> Written:
    """The section."""
    blocks = (
        *_law(),
        overview(subject),
        *_steps(subject),
        *(block for each in CHARACTERISTICS for block in _characteristic(subject, each)),
    )
    return Written("equality", gettext("Equality"), blocks, appendix=True)


def dimensions_of(subject: Subject, characteristic: str) -> tuple[Dimension, ...]:
    """What people were compared by that is of a characteristic."""
    questions = {each.key for each in questions_of(subject, characteristic)}
    return tuple(
        each
        for each in subject.data.representation.dimensions
        if each.question in questions
        or (each.key and characteristic_of(each.key) == characteristic)
    )


def questions_of(subject: Subject, characteristic: str) -> tuple[Asked, ...]:
    """The monitoring questions that ask about a characteristic."""
    by_figures = {
        each.question: characteristic_of(each.key)
        for each in subject.data.representation.dimensions
    }
    return tuple(
        each
        for each in subject.data.consultation.questions
        if each.part == "monitoring"
        and (by_figures.get(each.key) or asked_about(each)) == characteristic
    )


def _law() -> Iterator[Block]:
    yield lead(
        gettext(
            "Section 149 of the Equality Act 2010 requires public bodies to have due regard to "
            "three aims in everything that they do."
        )
    )
    yield from bullets(map(words, duty()))
    yield heading(gettext("What “due regard” asks of those who decide"))
    yield from bullets(map(words, due_regard()))
    yield para(
        gettext(
            "These are our own words for the duty, to help you read this appendix. They are not "
            "legal advice, and the Act itself decides."
        )
    )


def overview(subject: Subject) -> Table:
    """All characteristics on one page."""
    return Table(
        "equality-overview",
        gettext("The nine protected characteristics in this consultation"),
        (
            Column("characteristic", gettext("Characteristic")),
            Column("asked", gettext("Was it asked?")),
            Column("answered", gettext("People compared"), Kind.COUNT),
            Column("under", gettext("Under their share of residents")),
            Column("considered", gettext("Written down what was considered?")),
        ),
        tuple(_overview_row(subject, each) for each in CHARACTERISTICS),
    )


def _overview_row(subject: Subject, characteristic: str) -> tuple[Cell, ...]:
    found = dimensions_of(subject, characteristic)
    was_asked = bool(found or questions_of(subject, characteristic))
    under = [
        subject.group(group)
        for dimension in found
        for group in dimension.groups
        if is_flagged(group, "under")
    ]
    languages = {group.language for group in under}
    return (
        Cell(characteristic_name(characteristic)),
        Cell(gettext("Yes") if was_asked else gettext("No")),
        count_cell(found[0].known) if found else Cell(NOTHING),
        Cell(
            "; ".join(group.text for group in under) or NOTHING,
            language=languages.pop() if len(languages) == 1 else None,
        ),
        Cell(gettext("Yes") if _considered(subject, characteristic).text else gettext("Not yet")),
    )


def _steps(subject: Subject) -> Iterator[Block]:
    yield heading(gettext("Steps taken to reach people"))
    found = tuple(acts(subject))
    yield from bullets(found) if found else (para(no_acts()),)


def _characteristic(subject: Subject, characteristic: str) -> Iterator[Block]:
    yield Heading(words(characteristic_name(characteristic)), anchor=f"equality-{characteristic}")
    yield Paragraph(words(meaning(characteristic)))
    compared = dimensions_of(subject, characteristic)
    questions = questions_of(subject, characteristic)
    if not compared and not questions:
        yield para(
            gettext(
                "This was not asked. So this report cannot tell who is missing, and those who "
                "decide need to find out about these people in another way."
            )
        )
    elif not compared:
        yield para(
            gettext(
                "This was asked with “%(questions)s”, but there are no figures of residents to "
                "compare the answers with."
            ),
            questions=listed(subject.question(each.key) for each in questions),
        )
    for dimension in compared:
        yield from _gap(subject, dimension)
    differences = tuple(_differences(subject, {each.key for each in questions}))
    if differences:
        yield para(gettext("Themes that some groups raise more or less often than others:"))
        yield from bullets(differences)
        yield para(gettext("Those who decide should ask why, and what they can do about it."))
    yield from _written(subject, characteristic)


def _gap(subject: Subject, dimension: Dimension) -> Iterator[Block]:
    yield question_line(subject, dimension)
    yield para(
        gettext(
            "%(dimension)s: %(known)s people said what describes them; the number of others is "
            "%(unknown)s."
        ),
        dimension=dimension_name(dimension.key),
        known=count_words(dimension.known),
        unknown=count_words(dimension.unknown),
    )
    sentences = [
        said
        for group in dimension.groups
        if is_told(group) and (said := gap_sentence(subject, group, dimension))
    ]
    few = [subject.group(each) for each in dimension.groups if each.state == "too_few"]
    if sentences:
        yield from bullets(sentences)
    else:
        yield para(gettext("No group is flagged."))
    if any(is_flagged(group, "under") for group in dimension.groups):
        yield para(
            gettext(
                "Those who decide should ask what the decision does to the groups that are under, "
                "and whether enough is known of what they need."
            )
        )
    if few:
        yield para(gettext("Too few responses to tell: %(groups)s."), groups=listed(few))


def _differences(subject: Subject, questions: set[str]) -> Iterator[Text]:
    for talk in subject.data.talk:
        for theme in talk.themes:
            for each in theme.differences:
                if each.dimension in questions:
                    yield woven(
                        _more_or_less(each),
                        group=subject.said(each.label, each.group),
                        theme=subject.theme(theme, talk),
                    )


def _more_or_less(difference: Difference) -> str:
    if difference.state == "more":
        return gettext("%(group)s: they raise “%(theme)s” more often than everybody else.")
    return gettext("%(group)s: they raise “%(theme)s” less often than everybody else.")


def _considered(subject: Subject, characteristic: str) -> Span:
    return subject.said(subject.data.layout.considered.get(characteristic, {}))


def _written(subject: Subject, characteristic: str) -> Iterator[Block]:
    considered = _considered(subject, characteristic)
    if not considered.text:
        yield para(
            gettext("Officers have not yet written what was considered here."),
        )
        return
    yield Heading(words(gettext("What officers considered")), 4)
    for each in considered.text.split("\n\n"):
        if each.strip():
            yield Paragraph((Span(each.strip(), considered.language),))
