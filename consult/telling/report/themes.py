"""What people wrote, question by question: an overview, then each theme."""

from collections.abc import Iterator

from flask_babel import gettext, ngettext

from consult.reports.data import Talk, Theme
from consult.reports.paper import Block, Cell, Column, Figure, Heading, Kind, Paragraph, Table, Text
from consult.telling.report.closed import is_below
from consult.telling.report.drawing import mark, shares
from consult.telling.report.figures import (
    NOTHING,
    count_cell,
    count_words,
    number,
    share_cells,
    share_columns,
    sure,
)
from consult.telling.report.figures import coefficient as coefficient_words
from consult.telling.report.names import language_name
from consult.telling.report.subject import Subject, Written
from consult.telling.report.theme import says_more, theme_blocks, whose_name
from consult.telling.report.weaving import bullets, para, warning, words, woven

MOST_DRAWN = 12


def themes(subject: Subject) -> Written:
    """The section."""
    blocks: list[Block] = []
    behind: list[Table] = []
    if not subject.data.talk:
        blocks.append(para(gettext("No question was answered in people’s own words.")))
    else:
        blocks.extend(_opening())
    for talk in subject.data.talk:
        blocks.extend(_question(subject, talk))
        behind.extend(_behind(subject, talk))
    return Written("themes", gettext("What people wrote"), tuple(blocks), tuple(behind))


def top_sentence(subject: Subject, talk: Talk) -> Text:
    """The theme that most people raise, with its base; nothing where there is none."""
    if not talk.themes or talk.themes[0].share.value is None:
        return ()
    first = talk.themes[0]
    if stands_out(talk):
        sentence = gettext(
            "In answer to “%(question)s”, people wrote most often about %(theme)s: %(count)s of "
            "%(answering)s people who wrote something, %(share)s."
        )
    else:
        sentence = gettext(
            "In answer to “%(question)s”, one of the themes that people wrote about most often is "
            "%(theme)s: %(count)s of %(answering)s people who wrote something, %(share)s."
        )
    return woven(
        sentence,
        question=subject.question(talk.question),
        theme=subject.theme_named(first, talk),
        count=count_words(first.responses),
        answering=count_words(talk.answering),
        share=sure(first.share, talk.answering),
    )


def stands_out(talk: Talk) -> bool:
    """Whether surely more people raise the first theme than any other."""
    if not talk.themes:
        return False
    first, *others = talk.themes
    return all(is_below(theme.responses, first.responses) for theme in others)


def _opening() -> Iterator[Block]:
    yield para(
        gettext(
            "A theme is something that several people wrote about. One person can raise more than "
            "one theme, so shares can add up to more than all people."
        )
    )
    yield para(
        gettext(
            "A theme that few people raise can matter as much as one that many raise. Numbers say "
            "how many wrote about it, not how right they are."
        )
    )


def _question(subject: Subject, talk: Talk) -> Iterator[Block]:
    yield Heading(subject.question_heading(talk.question), anchor=f"words-{talk.question}")
    yield para(
        gettext(
            "%(answering)s of the %(asked)s people who answered wrote something with content. All "
            "shares below are of them."
        ),
        answering=count_words(talk.answering),
        asked=count_words(talk.asked),
    )
    if talk.is_provisional:
        yield warning(
            gettext(
                "These themes are provisional: they come from few answers and can still change."
            )
        )
    if not talk.themes:
        yield para(gettext("No theme has enough people behind it to be shown by itself."))
    else:
        yield Paragraph(top_sentence(subject, talk) or _uncounted(talk))
        yield _figure(subject, talk)
        yield themes_table(subject, talk)
    yield from bullets(_about_all(subject, talk))
    yield from _people_and_machine(subject, talk)
    for theme in talk.themes:
        if says_more(theme):
            yield from theme_blocks(subject, talk, theme)


def _uncounted(talk: Talk) -> Text:
    return woven(
        gettext("Themes found: %(themes)s. How many people raise the first may not be shown."),
        themes=number(len(talk.themes)),
    )


def _has_campaigns(talk: Talk) -> bool:
    return bool(talk.campaigns) and talk.voices.value is not None


def _figure(subject: Subject, talk: Talk) -> Figure:
    drawn = talk.themes[:MOST_DRAWN]
    once = _has_campaigns(talk)
    chart = shares(
        subject,
        [
            mark(
                subject.theme(theme, talk),
                theme.responses,
                theme.share,
                talk.answering,
                reference=theme.share_without_campaigns.value if once else None,
            )
            for theme in drawn
        ],
        value_name=gettext("Share of those who wrote something"),
        reference_name=gettext("Each letter counted once") if once else "",
        as_bars=True,
    )
    alternative = _alternative(subject, talk, len(drawn))
    title = gettext("%(question)s: the themes", question=subject.numbered(talk.question))
    return Figure(f"themes-{talk.question}", title, chart, alternative, f"themes-{talk.question}")


def _alternative(subject: Subject, talk: Talk, drawn: int) -> str:
    first = talk.themes[0]
    if first.share.value is None:
        return gettext("A bar for each of the %(shown)s largest themes.", shown=number(drawn))
    return gettext(
        "A bar for each of the %(shown)s largest themes. The longest is “%(theme)s” with "
        "%(share)s.",
        shown=number(drawn),
        theme=subject.theme(first, talk).text,
        share=sure(first.share, talk.answering),
    )


def themes_table(subject: Subject, talk: Talk) -> Table:
    """All themes of a question with their numbers, campaigns both ways."""
    once = _has_campaigns(talk)
    with_stance = any(theme.stance is not None for theme in talk.themes)
    columns = (
        Column("theme", gettext("Theme")),
        Column("responses", gettext("People"), Kind.COUNT),
        *share_columns("share", gettext("Share")),
        *(
            (
                Column("people_once", gettext("People, each letter once"), Kind.COUNT),
                *share_columns("share_once", gettext("Share, each letter once")),
            )
            if once
            else ()
        ),
        *(
            (
                # Translators: of people's answers on a scale from agreeing to disagreeing
                Column("support", gettext("For it"), Kind.SHARE),
                # Translators: of people's answers on a scale from agreeing to disagreeing
                Column("oppose", gettext("Against it"), Kind.SHARE),
            )
            if with_stance
            else ()
        ),
        Column(
            "named_by",
            gettext("Who named it"),
            printed=any(theme.label and theme.label_by == "machine" for theme in talk.themes),
        ),
    )
    rows = tuple(
        (
            subject.cell(subject.theme(theme, talk)),
            count_cell(theme.responses),
            *share_cells(theme.share, talk.answering),
            *(_once(talk, theme) if once else ()),
            *(_sides(theme) if with_stance else ()),
            Cell(whose_name(theme)),
        )
        for theme in talk.themes
    )
    notes = [
        gettext(
            "Shares are of %(answering)s people who wrote something with content.",
            answering=count_words(talk.answering),
        )
    ]
    if once:
        notes.append(
            gettext(
                "With each letter that many people sent counted once, shares are of %(voices)s.",
                voices=count_words(talk.voices),
            )
        )
    if talk.small_themes:
        notes.append(_small(talk))
    title = gettext("%(question)s: all themes", question=subject.numbered(talk.question))
    return Table(f"themes-{talk.question}", title, columns, rows, tuple(notes))


def _once(talk: Talk, theme: Theme) -> tuple[Cell, ...]:
    """A theme with each letter counted once."""
    return (
        count_cell(theme.responses_without_campaigns),
        *share_cells(theme.share_without_campaigns, talk.voices),
    )


def _sides(theme: Theme) -> tuple[Cell, Cell]:
    """How many of a theme's people are for it and against it."""
    stance = theme.stance
    if stance is None:
        return Cell(NOTHING), Cell(NOTHING)
    return (
        share_cells(stance.support, stance.known)[0],
        share_cells(stance.oppose, stance.known)[0],
    )


def _small(talk: Talk) -> str:
    return ngettext(
        "%(count)s more theme has too few people behind it to be listed by itself.",
        "%(count)s more themes have too few people behind them to be listed one by one.",
        talk.small_themes,
        count=number(talk.small_themes),
    )


def _about_all(subject: Subject, talk: Talk) -> Iterator[Text]:
    if talk.small_themes and not talk.themes:
        yield words(_small(talk))
    yield woven(
        gettext("Wrote something that fits no theme: %(number)s of %(answering)s people."),
        number=count_words(talk.without_theme),
        answering=count_words(talk.answering),
    )
    if talk.campaigns:
        yield woven(
            _campaigns(talk.campaigns),
            letters=number(talk.campaigns),
            people=count_words(talk.in_campaigns),
            voices=count_words(talk.voices),
            answering=count_words(talk.answering),
        )


def _campaigns(campaigns: int) -> str:
    """The sentence of campaigns, whose other values are put in later."""
    if campaigns == 1:
        return gettext(
            "One letter was sent by many people, %(people)s in all. All of them count. With the "
            "letter counted once, %(voices)s instead of %(answering)s wrote something."
        )
    return gettext(
        "%(letters)s letters were sent by many people, %(people)s in all. All of them count. With "
        "each letter counted once, %(voices)s instead of %(answering)s wrote something."
    )


def _people_and_machine(subject: Subject, talk: Talk) -> Iterator[Block]:
    named = sum(theme.label_by == "person" for theme in talk.themes)
    if talk.themes:
        yield para(
            gettext(
                "A machine sorted the answers into themes; people can correct it. Of the "
                "%(themes)s themes listed here, people have named %(named)s."
            ),
            themes=number(len(talk.themes)),
            named=number(named),
        )
    if any(not theme.label for theme in talk.themes):
        yield para(
            gettext(
                "A theme that goes by a number has no name yet that may be shown to everybody. "
                "Where nothing more can be said of it, it stands in the table alone."
            )
        )
    if any(not theme.reviewed_share for theme in talk.themes):
        yield para(
            gettext(
                "Where a theme does not say how much of it people have checked, they have checked "
                "little or nothing."
            )
        )
    checked = talk.checked
    if checked is None:
        yield para(
            gettext("Nobody has yet read answers apart from the machine to check these themes.")
        )
        return
    if checked.read:
        yield para(
            gettext(
                "To check the machine, people read %(read)s answers without seeing its themes."
            ),
            read=number(checked.read),
        )
    if checked.corrected:
        yield para(gettext("Where enough was read, a corrected share stands below with the theme."))
    if checked.agreement is not None:
        yield para(
            gettext(
                "Where two people read the same answers apart, they agreed at %(value)s on a scale "
                "on which %(most)s is agreement in everything."
            ),
            value=coefficient_words(checked.agreement),
            most=number(1),
        )


def _behind(subject: Subject, talk: Talk) -> Iterator[Table]:
    """Themes by group and by language, for the appendix."""
    groups = [
        (
            subject.cell(subject.theme(theme, talk)),
            subject.cell(subject.characteristic(each.dimension)),
            subject.cell(subject.said(each.label, each.group)),
            *share_cells(each.share, talk.answering),
            *share_cells(each.rest, talk.answering),
            Cell(gettext("more often") if each.state == "more" else gettext("less often")),
        )
        for theme in talk.themes
        for each in theme.differences
    ]
    if groups:
        yield Table(
            f"theme-groups-{talk.question}",
            gettext(
                "%(question)s: groups that raise a theme more or less often",
                question=subject.numbered(talk.question),
            ),
            (
                Column("theme", gettext("Theme")),
                Column("characteristic", gettext("Characteristic")),
                Column("group", gettext("Group")),
                *share_columns("share", gettext("Share of the group")),
                *share_columns("rest", gettext("Share of everybody else")),
                Column("state", gettext("They raise it")),
            ),
            tuple(groups),
            (gettext("Only clear differences are listed."),),
        )
    languages = [
        (
            subject.cell(subject.theme(theme, talk)),
            Cell(language_name(line.key)),
            count_cell(line.count),
        )
        for theme in talk.themes
        for line in theme.languages
    ]
    if languages:
        yield Table(
            f"theme-languages-{talk.question}",
            gettext(
                "%(question)s: themes by the language people wrote in",
                question=subject.numbered(talk.question),
            ),
            (
                Column("theme", gettext("Theme")),
                Column("language", gettext("Language")),
                Column("responses", gettext("People"), Kind.COUNT),
            ),
            tuple(languages),
        )
