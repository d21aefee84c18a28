"""What was done to reach people."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.paper import Block, Text
from consult.telling.report.figures import day
from consult.telling.report.subject import Subject, Written
from consult.telling.report.weaving import bullets, para, woven


def reached(subject: Subject) -> Written:
    """The section."""
    return Written("reached", gettext("What was done to reach people"), tuple(_blocks(subject)))


def acts(subject: Subject) -> Iterator[Text]:
    """What was done, in the officers' words, by day."""
    for act in subject.data.representation.acts:
        yield woven(
            # Translators: a line in a list: a day, and what was done on it
            gettext("%(day)s: %(what)s"),
            day=day(act.on),
            what=subject.in_language(act.what, subject.source),
        )


def no_acts() -> str:
    """That nothing was done, or nothing was written down."""
    return gettext("No steps to reach people are on record.")


def _blocks(subject: Subject) -> Iterator[Block]:
    found = tuple(acts(subject))
    if not found:
        yield para(no_acts())
        return
    yield para(gettext("These steps to reach people who might not have answered are on record:"))
    yield from bullets(found)
    yield para(
        gettext(
            "Whether a step worked is not easy to tell: other things happened at the same time."
        )
    )
