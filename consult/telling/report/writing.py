"""A report in words: from its figures to a paper in one language and one form."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from flask_babel import force_locale, gettext

from consult.reports.data import Form, ReportData
from consult.reports.paper import (
    Block,
    Furniture,
    Heading,
    Notice,
    Paper,
    Paragraph,
    Part,
    Span,
    Text,
)
from consult.telling.report.answered import answered
from consult.telling.report.asked import asked, when
from consult.telling.report.closed import closed
from consult.telling.report.easy_read import easy_read
from consult.telling.report.equality import equality
from consult.telling.report.figures import day_of, number
from consult.telling.report.left_out import left_out
from consult.telling.report.method import audience_sentence, method, notes
from consult.telling.report.missing import missing
from consult.telling.report.one_page import one_page
from consult.telling.report.reached import reached
from consult.telling.report.subject import Subject, Written
from consult.telling.report.summary import summary
from consult.telling.report.tables import appendix, kept_behind
from consult.telling.report.talks import talks
from consult.telling.report.themes import themes
from consult.telling.report.weaving import joined, words, woven

START = "start"
"""Where own paragraphs stand that come before every section."""

_SECTIONS: Mapping[str, Callable[[Subject], Written]] = MappingProxyType(
    {
        "summary": summary,
        "asked": asked,
        "answered": answered,
        "missing": missing,
        "reached": reached,
        "closed": closed,
        "themes": themes,
        "talks": talks,
        "left_out": left_out,
        "method": method,
        "equality": equality,
    }
)
"""All but the tables, which are those of the others."""


def paper(data: ReportData, language: str, form: Form = Form.FULL) -> Paper:
    """Write a report in one language.

    The same figures make the same paper. Words that are not translated yet are English; texts of
    the consultation that exist in another language alone are marked with it.

    Parameters
    ----------
    data : ReportData
        With the words of its quotes filled in.
    language : str
        One of :data:`consult.languages.LANGUAGES`.
    form : Form
    """
    # English is British here, as on pages.
    with force_locale("en_GB" if language == "en" else language):
        return _paper(Subject(data, language, form))


def _paper(subject: Subject) -> Paper:
    data = subject.data
    sections = {
        Form.FULL: _full,
        Form.ONE_PAGE: one_page,
        Form.EASY_READ: easy_read,
    }[subject.form](subject)
    return Paper(
        language=subject.language,
        direction=subject.direction,
        audience=data.audience,
        form=subject.form,
        number=data.number,
        made_at=data.made_at,
        title=(subject.title(),),
        subtitle=words(_subtitle(subject.form)),
        about=tuple(_about(subject)),
        contents_title=gettext("Contents"),
        # Translators: name of a sheet of a workbook: how to read its numbers
        notes_title=gettext("Notes"),
        notes=tuple(notes(subject)),
        parts=_noticed(
            subject,
            [
                Part(each.key, each.title, each.blocks, each.appendix, each.tables)
                for each in sections
            ],
        ),
        furniture=_furniture(),
    )


def _subtitle(form: Form) -> str:
    match form:
        case Form.FULL:
            return gettext("Report on what people said")
        case Form.ONE_PAGE:
            return gettext("What people said, on one page")
        case Form.EASY_READ:
            # Translators: Easy Read is writing that people with a learning disability can read
            return gettext("What people said, in Easy Read")


def _about(subject: Subject) -> Iterator[Text]:
    """The lines under the title."""
    about = subject.data.consultation
    if subject.form is not Form.ONE_PAGE:  # its summary begins with both
        yield woven(gettext("Asked by: %(asked_by)s"), asked_by=subject.asked_by())
        # Translators: when a consultation was open
        yield woven(gettext("Open from %(first)s to %(last)s"), **when(subject))
    made = day_of(subject.data.made_at, about.timezone)
    if subject.data.number:
        yield woven(
            gettext("Version %(number)s, made on %(day)s"),
            number=number(subject.data.number),
            day=made,
        )
    else:
        yield woven(gettext("Not a fixed version: the figures of %(day)s"), day=made)
    if subject.form is not Form.EASY_READ:
        yield words(audience_sentence(subject))
    elif subject.is_public:
        yield words(gettext("Public version"))
    else:
        yield words(gettext("Internal version: not for publication"))


def _noticed(subject: Subject, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, with what must not be overlooked before everything else."""
    said: list[str] = []
    if subject.data.consultation.illustration:
        said.append(gettext("This is an illustration, not a real consultation."))
    if not subject.is_public:
        said.append(audience_sentence(subject))
    notices = (Notice(joined([words(each) for each in said])),) if said else ()
    if not parts:
        # All sections were left out; what must not be overlooked remains.
        return (Part(START, _subtitle(subject.form), notices),)
    first = parts[0]
    return (replace(first, blocks=(*notices, *first.blocks)), *parts[1:])


def _full(subject: Subject) -> tuple[Written, ...]:
    printed = [
        _SECTIONS[key](subject)
        for key in dict.fromkeys(subject.data.layout.sections)
        if key in _SECTIONS and not _is_idle(subject, key)
    ]
    if not subject.has_appendix:
        return tuple(
            replace(each, blocks=(*each.blocks, *kept_behind(each), *_own(subject, each.key)))
            for each in _started(subject, printed)
        )
    by_key = {each.key: each for each in [*printed, appendix(printed)]}
    ordered = [by_key[key] for key in dict.fromkeys(subject.data.layout.sections) if key in by_key]
    return tuple(
        replace(each, blocks=(*each.blocks, *_own(subject, each.key)))
        for each in _started(subject, ordered)
    )


def _is_idle(subject: Subject, key: str) -> bool:
    """Whether a section would only say that there were no group talks: most have none."""
    is_followed = any(each.after == key for each in subject.data.layout.own)
    return key == "talks" and subject.data.group_talks is None and not is_followed


def _started(subject: Subject, sections: Sequence[Written]) -> Sequence[Written]:
    """The sections, after what the officers put before all of them."""
    if not any(each.after == START for each in subject.data.layout.own):
        return sections
    return [Written(START, gettext("Introduction"), ()), *sections]


def _own(subject: Subject, after: str) -> Iterator[Block]:
    """What the officers wrote themselves, after a section."""
    for own in subject.data.layout.own:
        if own.after != after:
            continue
        title, text = subject.said(own.title), subject.said(own.text)
        if title.text:
            yield Heading((title,))
        for each in text.text.replace("\r\n", "\n").split("\n\n"):
            if each.strip():
                yield Paragraph((Span(each.strip(), text.language),))


def _furniture() -> Furniture:
    return Furniture(
        skip=gettext("Skip to main content"),
        # Translators: heading over the names of sheets of a workbook
        sheet=gettext("Sheet"),
        # Translators: heading over the titles of tables
        table=gettext("Table"),
        # Translators: name of the sheet of a workbook that holds pictures
        charts=gettext("Charts"),
        # Translators: name of a column with words, beside the column of the same numbers
        as_shown=gettext("%(column)s, as shown", column="{column}"),
    )
