"""What every section asks of the figures: names in the language, numbers of questions."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from flask_babel import gettext

from consult.languages import direction
from consult.reports.data import (
    Asked,
    Audience,
    Dimension,
    Form,
    GroupLine,
    Line,
    Option,
    OptionByWay,
    ReportData,
    Talk,
    Texts,
    Theme,
)
from consult.reports.paper import Block, Cell, Span, Table, Text
from consult.telling.gap_words import dimension_name
from consult.telling.report.figures import number
from consult.telling.report.names import answer_name, area_name, language_name
from consult.telling.report.weaving import woven

MEANT = "en"
"""The language of names that the figures of residents come with."""


@dataclass(frozen=True, slots=True)
class Written:
    """One section: what is printed, and tables that stand at the end where tables do."""

    key: str
    title: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    appendix: bool = False


@dataclass(frozen=True)
class Subject:
    """The figures, and the language and the form that they are told in."""

    data: ReportData
    language: str
    form: Form

    @property
    def direction(self) -> str:
        """The paper's direction of writing."""
        return direction(self.language)

    @property
    def is_public(self) -> bool:
        """Whether small numbers are not shown."""
        return self.data.audience is Audience.PUBLIC

    @property
    def has_appendix(self) -> bool:
        """Whether long tables can stand at the end."""
        return "tables" in self.data.layout.sections

    @property
    def compares(self) -> bool:
        """Whether the report says who is missing, or that nobody can tell."""
        has_figures = bool(self.data.representation.dimensions)
        return has_figures or self.prints("missing", "equality")

    @property
    def tells_themes(self) -> bool:
        """Whether the report tells themes, or that there are none."""
        return any(talk.themes for talk in self.data.talk) or self.prints("themes")

    def prints(self, *sections: str) -> bool:
        """Whether any of these sections is printed."""
        return any(each in self.data.layout.sections for each in sections)

    @property
    def source(self) -> str:
        """The language that the consultation was written in."""
        return self.data.consultation.source_language

    def said(self, texts: Texts, otherwise: str = "") -> Span:
        """A text in the paper's language; else in the one it has, marked with it."""
        for code in (self.language, self.source, *texts):
            if texts.get(code, "").strip():
                return self.in_language(texts[code].strip(), code)
        return Span(otherwise)

    def in_language(self, text: str, code: str) -> Span:
        """A text that is known to be in a language."""
        return Span(text, None if code in {self.language, "", "und"} else code)

    def title(self) -> Span:
        """The consultation's name."""
        return self.said(self.data.consultation.title, self.data.consultation.slug)

    def asked_by(self) -> Span:
        """Who asks."""
        return self.said(self.data.consultation.asked_by, gettext("The council"))

    @cached_property
    def _questions(self) -> dict[str, tuple[int, Asked]]:
        return {
            question.key: (place, question)
            for place, question in enumerate(self.data.consultation.questions, start=1)
        }

    def question(self, key: str) -> Span:
        """The words of a question."""
        found = self._questions.get(key)
        return Span(key) if found is None else self.said(found[1].label, key)

    def kind(self, key: str) -> str:
        """How a question is answered."""
        found = self._questions.get(key)
        return "" if found is None else found[1].kind

    def numbered(self, key: str) -> str:
        """A question by its number in the list of all questions."""
        found = self._questions.get(key)
        if found is None:
            return key
        return gettext("Question %(number)s", number=number(found[0]))

    def question_heading(self, key: str) -> Text:
        """Number and words of a question."""
        return woven(
            # Translators: a question by its number, then its words
            gettext("%(number)s: %(question)s"),
            number=self.numbered(key),
            question=self.question(key),
        )

    def group(self, group: GroupLine) -> Span:
        """A group of people."""
        return self.said(group.label) if group.label else self.residents_group(group.key)

    def residents_group(self, key: str) -> Span:
        """A group that only the figures of residents name."""
        fixed = answer_name(key) if key in {"outside_area"} else None
        return Span(fixed) if fixed else self.in_language(key, MEANT)

    def group_in(self, group: GroupLine, dimension: Dimension) -> Text:
        """A group with what it is a group of."""
        return woven(
            # Translators: a group of people and what it is a group of, such as: Muslim (Religion)
            gettext("%(group)s (%(dimension)s)"),
            group=self.group(group),
            dimension=dimension_name(dimension.key),
        )

    def dimension_of(self, question: str) -> Dimension | None:
        """What people are compared by with a question."""
        return next(
            (each for each in self.data.representation.dimensions if each.question == question),
            None,
        )

    def characteristic(self, question: str) -> Span:
        """What a monitoring question asks for, in a word where there is one."""
        found = self.dimension_of(question)
        return self.question(question) if found is None else Span(dimension_name(found.key))

    def option(self, option: Option | OptionByWay) -> Span:
        """An answer to a closed question."""
        if option.label:
            return self.said(option.label, option.key)
        return Span(answer_name(option.key) or option.key)

    def area(self, line: Line) -> Span:
        """An area; its name is the same in every language."""
        if line.label:
            return self.said(line.label, line.key)
        return Span(area_name(line.key))

    def theme(self, theme: Theme, talk: Talk) -> Span:
        """A theme by its name, else by its place in the list."""
        place = next(at for at, each in enumerate(talk.themes, start=1) if each.id == theme.id)
        # Translators: a theme that has no name that may be shown
        return self.said(theme.label, gettext("Theme %(number)s", number=number(place)))

    def theme_named(self, theme: Theme, talk: Talk) -> Text:
        """A theme within a sentence, where a machine's word for it is not taken for a person's."""
        if theme.label and theme.label_by == "machine":
            return woven(
                # Translators: the name of a theme in a sentence, which a machine made up
                gettext("“%(theme)s” (the machine’s name for it)"),
                theme=self.theme(theme, talk),
            )
        # Translators: the name of a theme in a sentence
        return woven(gettext("“%(theme)s”"), theme=self.theme(theme, talk))

    def languages(self) -> Iterator[str]:
        """Names of the languages that could be answered in."""
        for code in self.data.consultation.languages:
            yield language_name(code)

    def cell(self, span: Span) -> Cell:
        """A name in a table."""
        return Cell(span.text, None, span.language)
