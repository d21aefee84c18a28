"""Answers to closed questions: as they were given, and weighted to residents beside them."""

from collections.abc import Iterator, Sequence

from flask_babel import gettext

from consult.reports.data import Closed, Count, Option
from consult.reports.paper import (
    Block,
    Cell,
    Column,
    Figure,
    Heading,
    Kind,
    Paragraph,
    Span,
    Table,
    Text,
)
from consult.telling.gap_words import dimension_name
from consult.telling.report.drawing import mark, shares
from consult.telling.report.figures import (
    NOTHING,
    count_cell,
    count_words,
    number,
    one_decimal,
    share_cells,
    share_columns,
    share_words,
    sure,
)
from consult.telling.report.missing import several_note
from consult.telling.report.subject import Subject, Written
from consult.telling.report.ways import ways
from consult.telling.report.weaving import bullets, listed, para, woven

MOST_DRAWN = 24


def closed(subject: Subject) -> Written:
    """The section."""
    blocks: list[Block] = list(_opening(subject))
    for answers in subject.data.closed:
        blocks.extend(_question(subject, answers))
    blocks.extend(ways(subject))
    return Written("closed", gettext("Answers to closed questions"), tuple(blocks))


def foremost(answers: Closed) -> Option | None:
    """The answer that was given most often, where one alone was and it may be said."""
    shown = sorted(
        (option for option in answers.options if option.count.value is not None),
        key=lambda option: -(option.count.value or 0),
    )
    if not shown or shown[0].share.value is None:
        return None
    first = shown[0]
    others = (option.count for option in answers.options if option is not first)
    return first if all(is_below(each, first.count) for each in others) else None


def is_below(count: Count, most: Count) -> bool:
    """Whether a number is surely the smaller one, also if it is not shown."""
    return count.high is not None and count.high < most.low


def is_majority(option: Option, answers: Closed) -> bool:
    """Whether surely more than half of those who answered chose it."""
    return answers.answered.high is not None and 2 * option.count.low > answers.answered.high


def foremost_sentence(subject: Subject, answers: Closed) -> Text:
    """The answer given most often, with its base; nothing where it cannot be said."""
    first = foremost(answers)
    if first is None:
        return ()
    return woven(
        gettext(
            "The answer given most often to “%(question)s” was “%(answer)s”: %(count)s of "
            "%(answered)s people who answered it, %(share)s."
        ),
        question=subject.question(answers.question),
        answer=subject.option(first),
        count=count_words(first.count),
        answered=count_words(answers.answered),
        share=sure(first.share, answers.answered),
    )


def weighting_sentences() -> dict[str, str]:
    """Why weighted figures do not come first, by reason."""
    return {
        "no_responses": gettext("There are no responses to weight."),
        "no_margin": gettext("No characteristic is fit to weight by."),
        "infeasible": gettext(
            "No weights fit, because nobody answered from some groups of residents."
        ),
        "effective_size": gettext(
            "Weighted, the responses would tell as much as fewer than 100 responses."
        ),
        "design_effect": gettext("The weights would make the figures much less steady."),
        "largest_weight": gettext("Some people would count five times as much as others, or more."),
        "missing": gettext("Too many people did not say what we would weight by."),
        "margins_not_met": gettext(
            "Even weighted, the responses would not be made up like residents."
        ),
    }


def reasons(subject: Subject) -> Iterator[Text]:
    """Why weighted figures do not come first here."""
    known = weighting_sentences()
    for reason in dict.fromkeys(subject.data.weights.reasons):
        if reason in known:
            yield (Span(known[reason]),)


def _opening(subject: Subject) -> Iterator[Block]:
    weights = subject.data.weights
    if not subject.data.closed:
        yield para(gettext("No closed question about the draft was asked."))
        return
    if not weights.applied:
        yield para(gettext("These answers could not be weighted to residents."))
        yield from bullets(reasons(subject))
        return
    yield para(
        gettext(
            "Each answer is shown as it was given. Beside it stands the share that it would have "
            "if the people who answered were made up like residents by: %(dimensions)s. That is "
            "called weighting."
        ),
        dimensions=listed(Span(dimension_name(each)) for each in weights.by),
    )
    yield para(
        gettext(
            "Weighting mends the make-up alone. It cannot tell what people think who did not "
            "answer, so the figures as given come first."
        )
    )
    if weights.effective is not None:
        yield para(
            gettext("Weighted, %(responses)s responses tell as much as about %(effective)s."),
            responses=count_words(subject.data.arrived.responses),
            effective=number(round(weights.effective)),
        )
    if weights.largest is not None:
        yield para(
            gettext("Nobody counts more than %(largest)s times as much as the average person."),
            largest=one_decimal(weights.largest),
        )
    found = tuple(reasons(subject))
    if found and not weights.headline:
        yield para(gettext("Here weighted figures could not come first in any case, because:"))
        yield from bullets(found)


def _question(subject: Subject, answers: Closed) -> Iterator[Block]:
    yield Heading(subject.question_heading(answers.question), anchor=f"answers-{answers.question}")
    yield Paragraph(foremost_sentence(subject, answers) or _level(answers))
    yield para(
        gettext("Left this question out: %(number)s of those who sent a response."),
        number=count_words(answers.not_answered),
    )
    drawn = answers.options[:MOST_DRAWN]
    table = closed_table(subject, answers)
    if drawn:
        yield Figure(
            table.key,
            gettext(
                "%(question)s: share of each answer", question=subject.numbered(answers.question)
            ),
            shares(
                subject,
                [
                    mark(
                        subject.option(option),
                        option.count,
                        option.share,
                        answers.answered,
                        reference=None if option.weighted is None else option.weighted.value,
                    )
                    for option in drawn
                ],
                value_name=gettext("As answered"),
                reference_name=gettext("Weighted to residents") if _is_weighted(answers) else "",
                as_bars=True,
            ),
            _alternative(subject, answers),
            table.key,
        )
    yield table
    yield from bullets(_changes(subject, answers))


def _level(answers: Closed) -> Text:
    return woven(
        gettext(
            "%(answered)s people answered. No single answer can be named as the most frequent."
        ),
        answered=count_words(answers.answered),
    )


def _is_weighted(answers: Closed) -> bool:
    return any(option.weighted is not None for option in answers.options)


def _alternative(subject: Subject, answers: Closed) -> str:
    first = foremost(answers)
    if first is None or first.share.value is None:
        return gettext(
            "A bar for each of %(answers)s answers.", answers=number(len(answers.options))
        )
    return gettext(
        "A bar for each of %(answers)s answers. The longest is “%(answer)s” with %(share)s.",
        answers=number(len(answers.options)),
        answer=subject.option(first).text,
        share=sure(first.share, answers.answered),
    )


def closed_table(subject: Subject, answers: Closed) -> Table:
    """All answers to a question, as given and weighted."""
    weighted = _is_weighted(answers)
    columns = (
        Column("answer", gettext("Answer")),
        Column("responses", gettext("People"), Kind.COUNT),
        *share_columns("share", gettext("Share")),
        *(share_columns("weighted", gettext("Weighted share")) if weighted else ()),
        *((Column("change", gettext("What weighting changes")),) if weighted else ()),
    )
    rows = tuple(
        (
            subject.cell(subject.option(option)),
            count_cell(option.count),
            *share_cells(option.share, answers.answered),
            *(share_cells(option.weighted, answers.answered) if weighted else ()),
            *((Cell(_change_words(option)),) if weighted else ()),
        )
        for option in answers.options
    )
    notes = [
        gettext(
            "Shares are of %(answered)s people who answered this question.",
            answered=count_words(answers.answered),
        )
    ]
    if subject.kind(answers.question) == "ranking":
        notes.append(gettext("People put the answers in order. Counted is what they put first."))
    if answers.several:
        notes.append(several_note())
    title = gettext("%(question)s: all answers", question=subject.numbered(answers.question))
    return Table(f"closed-{answers.question}", title, columns, rows, tuple(notes))


def _change_words(option: Option) -> str:
    if option.weighted is None:
        return NOTHING
    if option.majority_flips:
        # Translators: of an answer: weighted to residents it has a majority that it did not
        # have, or loses the majority that it had
        return gettext("The majority changes")
    if option.change_notable:
        return gettext("A change by more than chance")
    return gettext("No clear change")


def _changes(subject: Subject, answers: Closed) -> Iterator[Text]:
    """What weighting changes by more than chance."""
    notable: Sequence[Option] = [
        option for option in answers.options if option.change_notable or option.majority_flips
    ]
    for option in notable:
        if option.weighted is None or option.weighted.value is None or option.share.value is None:
            continue
        values = {
            "answer": subject.option(option),
            "share": Span(share_words(option.share, answers.answered)),
            "weighted": Span(sure(option.weighted, answers.answered)),
        }
        if option.majority_flips and option.share.value >= 0.5:
            yield woven(
                gettext(
                    "Weighting changes the majority: “%(answer)s” has %(share)s as answered, but "
                    "weighted to residents only %(weighted)s."
                ),
                **values,
            )
        elif option.majority_flips:
            yield woven(
                gettext(
                    "Weighting changes the majority: “%(answer)s” has %(share)s as answered, but "
                    "weighted to residents %(weighted)s."
                ),
                **values,
            )
        else:
            yield woven(
                gettext(
                    "Weighting changes “%(answer)s” by more than chance: from %(share)s as "
                    "answered to %(weighted)s."
                ),
                **values,
            )
    if _is_weighted(answers) and not notable:
        yield woven(gettext("Weighting changes no answer to this question by more than chance."))
