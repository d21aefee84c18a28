"""How the report was made, and what it cannot tell, in plain words."""

from collections.abc import Iterator

from flask_babel import gettext

from analysis.disclosure import RULE
from consult.reports.data import Talk
from consult.reports.paper import Block, Paragraph, Text
from consult.telling.report.figures import day_of, number, whole_percent
from consult.telling.report.subject import Subject, Written
from consult.telling.report.weaving import bullets, heading, lead, words, woven

BY_WORDS = "lsa"
"""How the names of models begin that know words and no meaning."""


def method(subject: Subject) -> Written:
    """The section."""
    return Written("method", gettext("Method and limits"), tuple(_blocks(subject)))


def audience_sentence(subject: Subject) -> str:
    """Who may read this version, and what that does to its numbers."""
    if subject.is_public:
        return gettext(
            "This version is public. Numbers of people below %(threshold)s are not shown, and "
            "others are rounded to the nearest %(base)s.",
            threshold=number(subject.data.threshold),
            base=number(subject.data.rounded_to),
        )
    return gettext(
        "This version is internal: its numbers are exact, and small ones can point to a person. "
        "Do not publish it or pass it on."
    )


def notes(subject: Subject) -> Iterator[str]:
    """How to read the figures, for a sheet of notes."""
    yield self_selected()
    yield audience_sentence(subject)
    if subject.is_public:
        yield gettext(
            "“Fewer than %(threshold)s” can mean none. “Not shown” means that the number could "
            "give a smaller one away.",
            threshold=number(subject.data.threshold),
        )
        yield closed_rule()
        yield gettext("Rows need not add up to their total, because each is rounded by itself.")
    yield gettext(
        "The interval beside a share says how far chance alone could move it, in 95 cases of 100. "
        "It is not a margin of error for what all residents think."
    )
    if subject.data.consultation.illustration:
        yield gettext("This is an illustration, not a real consultation.")


def closed_rule() -> str:
    """The one place where smaller numbers are shown."""
    return gettext(
        "How many chose an answer to a question of the draft is shown from %(least)s people on, as "
        "long as it is not told for a group of people.",
        least=number(RULE.total_threshold),
    )


def self_selected() -> str:
    """The caution that belongs beside every figure of a consultation."""
    return gettext(
        "People chose for themselves whether to answer. So these are the views of those who "
        "answered, and no one can tell from them how many residents think the same."
    )


def _blocks(subject: Subject) -> Iterator[Block]:
    yield lead(self_selected())
    yield heading(gettext("How to read the numbers"))
    yield Paragraph(words(audience_sentence(subject)))
    yield from bullets(_reading(subject))
    if subject.compares:
        yield heading(gettext("How people were compared with residents"))
        yield from bullets(_comparing(subject))
    if subject.data.closed or subject.prints("closed"):
        yield heading(gettext("How answers were weighted"))
        yield from bullets(_weighting(subject))
    if subject.tells_themes:
        yield heading(gettext("How themes were found"))
        yield from bullets(_themes(subject))
        yield heading(gettext("How quotes were chosen"))
        yield from bullets(_quotes())


def _reading(subject: Subject) -> Iterator[Text]:
    yield woven(
        gettext(
            "A share is always of the people named beside it: those who answered the question, "
            "not all who took part."
        )
    )
    yield woven(
        gettext(
            "The interval beside a share, such as “%(low)s to %(high)s”, says how far chance alone "
            "could move it, in 95 cases of 100. It is not a margin of error for what all residents "
            "think: people who did not answer may think otherwise."
        ),
        low=whole_percent(0.32),
        high=whole_percent(0.5),
    )
    if subject.is_public:
        yield woven(
            gettext(
                "“Fewer than %(threshold)s” can mean none. “Not shown” means that the number could "
                "give a smaller one away."
            ),
            threshold=number(subject.data.threshold),
        )
        yield words(closed_rule())
        yield woven(
            gettext(
                "Shares are worked out from the rounded numbers. Rows need not add up to their "
                "total, because each is rounded by itself."
            )
        )
        yield woven(
            gettext("Numbers can differ a little from those of an internal version of this report.")
        )
    yield woven(
        gettext(
            "Every response counts once, however it came. People who answered twice cannot always "
            "be told."
        )
    )


def _comparing(subject: Subject) -> Iterator[Text]:
    if not subject.data.representation.dimensions:
        yield woven(gettext("They were not compared, because there is nothing to compare with."))
        return
    yield woven(
        gettext(
            "Each group’s share of the people who answered is held against its share of residents, "
            "as published in the figures named beside each chart."
        )
    )
    yield woven(
        gettext(
            "So many groups are compared that some would stand out by chance. Confirmed flags "
            "allow for that. Early signs do so less and may go again."
        )
    )
    yield woven(
        gettext("A group that is in line can still differ from residents in what was not asked.")
    )
    yield woven(gettext("A flag is a reason to reach out. It never makes a response count less."))


def _weighting(subject: Subject) -> Iterator[Text]:
    if not subject.data.weights.applied:
        yield woven(gettext("Answers were not weighted. They are shown as they were given."))
        return
    yield woven(
        gettext(
            "Weighting lets answers from groups that are missing count for more, and others for "
            "less, until the make-up is that of residents. No weight is above five times the "
            "average."
        )
    )
    yield woven(
        gettext(
            "It assumes that the people of a group who answered think like those of the same group "
            "who did not. Nobody can check that. So weighted figures stand beside the others and "
            "never alone."
        )
    )
    yield woven(gettext("People who said that they live elsewhere count as one each."))


def _themes(subject: Subject) -> Iterator[Text]:
    talks = subject.data.talk
    if not talks:
        yield woven(gettext("No question was answered in people’s own words."))
        return
    yield woven(
        gettext(
            "A computer program split answers into statements and put statements that are about "
            "the same matter together. No answer was sent to an outside service for that."
        )
    )
    yield woven(
        gettext(
            "People can rename themes, merge and split them, and move statements. What a person "
            "decided stands over what the machine found. Each theme says who gave it its name."
        )
    )
    yield woven(
        gettext(
            "A theme says what people write about, not whether they are for it or against it. "
            "Where a question with fixed answers was asked as well, that tells where they stand."
        )
    )
    yield woven(
        gettext(
            "Letters that many people sent in the same words count in full. Beside that stands "
            "what the numbers would be if each letter counted once."
        )
    )
    if any(talk.is_provisional for talk in talks):
        yield woven(gettext("Some themes are provisional, which is said where they are listed."))
    yield from _programs(subject, talks)


def _programs(subject: Subject, talks: tuple[Talk, ...]) -> Iterator[Text]:
    """What told which statements are alike; words in common do so within one language only."""
    models = dict.fromkeys(talk.model for talk in talks)
    for model in models:
        if model.startswith(BY_WORDS):
            continue
        yield woven(
            gettext(
                "Which statements are alike was told by a language model called %(model)s, which "
                "reads many languages."
            ),
            model=model,
        )
    if any(model.startswith(BY_WORDS) for model in models):
        yield woven(
            gettext(
                "Some answers were compared by the words that they share, without a language "
                "model. Statements in different languages then do not come together."
            )
        )
    days = [talk.analysed_at for talk in talks if talk.analysed_at is not None]
    if days:
        yield woven(
            gettext("The themes were last worked out on %(day)s."),
            day=day_of(max(days), subject.data.consultation.timezone),
        )


def _quotes() -> Iterator[Text]:
    yield woven(
        gettext("A person chose each quote, as an example of its theme. Quotes prove no numbers.")
    )
    yield woven(
        gettext(
            "Quotes are checked for names, addresses and other words that could tell who somebody "
            "is, and such words are taken out. A quote goes when the person who wrote it withdraws "
            "their response."
        )
    )
    yield woven(
        gettext(
            "Translated quotes stand with the original, and say whether a person or a machine "
            "translated them."
        )
    )
