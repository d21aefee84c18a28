"""One theme: how many, who, where they stand, and their own words."""

from collections.abc import Iterator

from flask_babel import gettext

from consult.reports.data import QuoteRef, Stance, Talk, Theme
from consult.reports.paper import Block, Heading, Paragraph, Quotation, Span, Text
from consult.telling.report.figures import (
    count_words,
    sure,
    whole_percent,
)
from consult.telling.report.names import language_name
from consult.telling.report.subject import Subject
from consult.telling.report.weaving import bullets, joined, listed, woven

FIRM, LOOSE = 0.75, 0.5
"""As the pages of themes have them."""


def theme_blocks(subject: Subject, talk: Talk, theme: Theme) -> Iterator[Block]:
    """Everything of one theme."""
    yield Heading((subject.theme(theme, talk),), 4, anchor=f"theme-{theme.id}")
    description = subject.said(theme.description)
    if description.text:
        yield Paragraph((description,))
    yield Paragraph(joined(tuple(_how_many(talk, theme))))
    yield from bullets(_who(subject, talk, theme))
    for quote in theme.quotes:
        yield from quotation(subject, quote)
    told = tuple(_whose_work(theme))
    if told:
        yield Paragraph(joined(told))


def says_more(theme: Theme) -> bool:
    """Whether there is more to say of a theme than what stands in the table of all themes."""
    return bool(theme.label or theme.description or theme.differences or theme.quotes)


def whose_name(theme: Theme) -> str:
    """Who gave a theme its name."""
    if theme.label_by == "person":
        # Translators: a person gave this theme its name
        return gettext("A person")
    if theme.label:
        # Translators: a machine gave this theme its name
        return gettext("The machine")
    # Translators: nobody gave this theme a name that may be shown
    return gettext("Nobody yet")


def _how_many(talk: Talk, theme: Theme) -> Iterator[Text]:
    yield woven(
        gettext("%(count)s of %(answering)s people raise this, %(share)s."),
        count=count_words(theme.responses),
        answering=count_words(talk.answering),
        share=sure(theme.share, talk.answering),
    )
    if talk.campaigns and theme.share_without_campaigns.value is not None:
        yield woven(
            gettext("Each letter counted once: %(count)s of %(voices)s, %(share)s."),
            count=count_words(theme.responses_without_campaigns),
            voices=count_words(talk.voices),
            share=sure(theme.share_without_campaigns, talk.voices),
        )
    found = corrected(talk, theme)
    if found:
        yield found


def corrected(talk: Talk, theme: Theme) -> Text:
    """What the share becomes with what people found who read without the machine."""
    share = None if talk.checked is None else talk.checked.corrected.get(theme.id)
    if share is None or share.value is None:
        return ()
    return woven(
        gettext("Corrected by what people found who read without the machine: %(share)s."),
        share=sure(share, talk.answering),
    )


def _who(subject: Subject, talk: Talk, theme: Theme) -> Iterator[Text]:
    if theme.stance is not None:
        yield from _stance(subject, theme.stance)
    for each in theme.differences:
        group = woven(
            # Translators: a group of people and what it is a group of, such as: Muslim (Religion)
            gettext("%(group)s (%(dimension)s)"),
            group=subject.said(each.label, each.group),
            dimension=subject.characteristic(each.dimension),
        )
        sentence = (
            gettext(
                "%(group)s: they raise this more often than everybody else, %(share)s against "
                "%(rest)s."
            )
            if each.state == "more"
            else gettext(
                "%(group)s: they raise this less often than everybody else, %(share)s against "
                "%(rest)s."
            )
        )
        yield woven(
            sentence,
            group=group,
            share=sure(each.share, talk.answering),
            rest=sure(each.rest, talk.answering),
        )
    if len(theme.languages) > 1:
        yield woven(
            # Translators: languages with numbers of people, such as: English 35, Urdu 10
            gettext("Written in: %(languages)s."),
            languages=listed(
                woven(
                    # Translators: a language and how many, such as: Urdu 15
                    gettext("%(language)s %(count)s"),
                    language=language_name(line.key),
                    count=count_words(line.count),
                )
                for line in theme.languages
            ),
        )


def _stance(subject: Subject, stance: Stance) -> Iterator[Text]:
    if stance.support.value is None and stance.oppose.value is None:
        yield woven(
            gettext("Too few of them answered “%(question)s” to say where they stand."),
            question=subject.question(stance.question),
        )
        return
    values = {
        "question": subject.question(stance.question),
        "known": Span(count_words(stance.known)),
        "support": Span(sure(stance.support, stance.known)),
        "oppose": Span(sure(stance.oppose, stance.known)),
    }
    if stance.oppose.value is None:
        sentence = gettext(
            "Asked “%(question)s”, %(support)s are for it, of %(known)s people who raise this "
            "theme and answered. How many are against it may not be shown."
        )
    elif stance.support.value is None:
        sentence = gettext(
            "Asked “%(question)s”, %(oppose)s are against it, of %(known)s people who raise this "
            "theme and answered. How many are for it may not be shown."
        )
    else:
        sentence = gettext(
            "Asked “%(question)s”, %(support)s are for it and %(oppose)s against it, of "
            "%(known)s people who raise this theme and answered."
        )
    yield woven(sentence, **values)
    if stance.differs:
        yield woven(gettext("They clearly stand elsewhere than people who do not raise this."))


def _whose_work(theme: Theme) -> Iterator[Text]:
    """Whose word it is; what holds for most themes is said once for all of them."""
    if theme.label_by == "person":
        yield woven(gettext("A person gave this theme its name."))
    elif theme.label:
        yield woven(gettext("The machine gave this theme its name; nobody has confirmed it."))
    if theme.reviewed_share:
        yield woven(
            gettext("People have checked %(share)s of what is sorted under it."),
            share=whole_percent(theme.reviewed_share),
        )
    if theme.stability is not None and theme.stability < LOOSE:
        yield woven(
            gettext(
                "It is a loose theme: sorted anew, much of it falls apart. Take its numbers with "
                "care."
            )
        )
    elif theme.stability is not None and theme.stability >= FIRM:
        yield woven(gettext("It is a firm theme: sorted anew, most of it comes back together."))


def quotation(subject: Subject, quote: QuoteRef) -> Iterator[Block]:
    """Somebody's words; a translation comes with the original below it and who translated."""
    original = quote.text.get(quote.language, "").strip()
    if not original:
        return
    written = Span(original, _marked(subject, quote.language))
    name = language_name(quote.language)
    if quote.language == subject.language:
        yield Quotation((written,), None, ())
        return
    translated = quote.text.get(subject.language, "").strip()
    if translated and quote.translated_by is not None:
        note = (
            gettext("Written in %(language)s. Translated by a person.", language=name)
            if quote.translated_by == "person"
            else gettext(
                "Written in %(language)s. Translated by a machine; it may be wrong.", language=name
            )
        )
        yield Quotation((Span(translated),), (written,), (Span(note),))
        return
    note = gettext("Written in %(language)s. Not translated yet.", language=name)
    yield Quotation((written,), None, (Span(note),))


def _marked(subject: Subject, code: str) -> str | None:
    return None if code in {subject.language, "", "und"} else code
