"""What people wrote, theme by theme, as a report tells it.

:func:`begin` reads the analysed questions and puts their tables among the figures of the report;
when those are settled, :meth:`Begun.finish` tells of them what the reader may know.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from analysis.disclosure import WITHHELD, Published, Reason
from consult.document.model import Consultation as Document
from consult.models import Consultation
from consult.reports.data import (
    Audience,
    Count,
    Difference,
    Line,
    QuoteRef,
    Stance,
    Talk,
    Texts,
    Theme,
)
from consult.services.reporting import differences, naming, quoting, talk_tables, texts
from consult.services.reporting.checked import checked
from consult.services.reporting.differences import Beside, Cell, Labels
from consult.services.reporting.figures import Figures, as_count
from consult.services.reporting.heard import Heard, HeardTheme, hear
from consult.services.reporting.talk_tables import Names, Tables

_FINE: Final = 20
"""In public, shares of statements are told in steps of a twentieth."""


def begin(
    session: Session,
    stored: Consultation,
    document: Document,
    figures: Figures,
    audience: Audience,
) -> "Begun":
    """Read the analysed questions, and put their tables among the figures."""
    questions = []
    for heard in hear(session, stored, document):
        tables = Tables(heard, document, figures.rule, audience is Audience.PUBLIC)
        for table in tables.all():
            figures.add(table)
        questions.append(Question(session, figures, tables))
    return Begun(tuple(questions), texts.by_key(session, stored, document))


@dataclass(frozen=True, slots=True)
class Begun:
    """The questions whose tables are among the figures."""

    questions: tuple["Question", ...]
    translated: Mapping[str, Texts]

    def finish(self) -> tuple[Talk, ...]:
        """Tell what the settled figures let a reader know."""
        return tuple(question.told(self.translated) for question in self.questions)


@dataclass(frozen=True, slots=True)
class Told:
    """Everything about the themes of one question that is looked up once for all of them."""

    answering: Published
    voices: Published
    people: Mapping[str, Published]
    labels: Mapping[str, Texts]
    differences: Mapping[str, tuple[Difference, ...]]
    differing: frozenset[str]
    """Themes whose people clearly stand elsewhere on the closed question."""
    quotes: Mapping[str, tuple[QuoteRef, ...]]
    translated: Mapping[str, Texts]


@dataclass(frozen=True, slots=True)
class Question:
    """One question on its way from exact numbers to what is told."""

    session: Session
    figures: Figures
    tables: Tables

    @property
    def heard(self) -> Heard:
        return self.tables.heard

    @property
    def document(self) -> Document:
        return self.tables.document

    @property
    def names(self) -> Names:
        return Names(self.heard.question)

    @property
    def is_public(self) -> bool:
        return self.figures.is_public

    def told(self, translated: Mapping[str, Texts]) -> Talk:
        """The answers to the question, by theme."""
        overview, names = self.heard.overview, self.names
        people = {
            theme.id: self.figures.published(names.themes, theme.category)
            for theme in self.heard.themes
        }
        shown = [t for t in self.heard.themes if people[t.id].reason is not Reason.SMALL]
        told = self._told(shown, people, translated)
        in_letters = self._published(names.letters, talk_tables.LETTER)
        return Talk(
            question=self.heard.question,
            asked=self._count(names.asked, None),
            answering=as_count(told.answering),
            no_content=self._count(names.asked, talk_tables.NO_CONTENT),
            unclear=self._count(names.asked, talk_tables.UNCLEAR),
            without_theme=self._count(names.placed, self.tables.placed(talk_tables.NONE)),
            not_yet_analysed=self._count(names.waiting, talk_tables.WAITING),
            not_translated=self._not_translated(),
            campaigns=None if in_letters.value is None else overview.campaigns,
            in_campaigns=as_count(in_letters),
            voices=as_count(told.voices),
            themes=tuple(self._theme(theme, told) for theme in self._ordered(shown, people)),
            small_themes=len(people) - len(shown),
            is_provisional=overview.is_provisional,
            engine=overview.engine,
            model=overview.model,
            analysed_at=overview.analysed_at,
            checked=checked(
                self.session, self.heard, {t.id: people[t.id] for t in shown}, self.figures
            ),
        )

    def _told(
        self,
        shown: Sequence[HeardTheme],
        people: Mapping[str, Published],
        translated: Mapping[str, Texts],
    ) -> Told:
        names, document = self.names, self.document
        unfit: frozenset[str] = frozenset()
        if self.is_public:
            unfit = naming.unfit(self.session, self.heard, shown, document, self.figures.rule)
        # Beside a number of letters that is not told, that of the voices would give it away.
        letters = self._published(names.letters, talk_tables.LETTER)
        return Told(
            answering=self.figures.published(names.placed, None),
            voices=WITHHELD if letters.value is None else self._total(names.voices),
            people=people,
            labels={
                theme.id: {}
                if theme.id in unfit
                else naming.labels(theme, self.heard, document, translated)
                for theme in shown
            },
            differences=self._differences(shown),
            differing=self._differing(shown),
            quotes=quoting.chosen(
                self.session,
                self.heard.study,
                {theme.id for theme in shown},
                self.figures.audience,
            ),
            translated=translated,
        )

    def _theme(self, theme: HeardTheme, told: Told) -> Theme:
        found, names = theme.figures, self.names
        voices = WITHHELD
        if told.voices.value is not None:
            voices = self._published(names.voices, theme.category)
        return Theme(
            id=theme.id,
            label=told.labels[theme.id],
            label_by="machine" if found.label_by == naming.MACHINE else "person",
            description=naming.descriptions(theme, self.heard, self.document, told.translated),
            responses=as_count(told.people[theme.id]),
            share=self.figures.share(told.people[theme.id], told.answering),
            responses_without_campaigns=as_count(voices),
            share_without_campaigns=self.figures.share(voices, told.voices),
            languages=self._languages(theme),
            stance=self._stance(theme, theme.id in told.differing),
            differences=told.differences.get(theme.id, ()),
            quotes=told.quotes.get(theme.id, ()),
            stability=self._coarse(found.stability, 10),
            reviewed_share=self._coarse(found.reviewed_share, _FINE),
        )

    def _coarse(self, share: float | None, steps: int) -> float | None:
        """A share of statements, in public so that their exact number cannot be told from it."""
        if share is None or not self.is_public:
            return share
        return int(share * steps + 1e-9) / steps

    def _ordered(
        self, themes: Sequence[HeardTheme], people: Mapping[str, Published]
    ) -> list[HeardTheme]:
        order = self.figures.order(
            [theme.id for theme in themes], [people[theme.id] for theme in themes]
        )
        return [themes[at] for at in order]

    # --- Languages -------------------------------------------------------------------------

    def _languages(self, theme: HeardTheme) -> tuple[Line, ...]:
        """The languages that a theme was raised in, where that may be told."""
        table = self.names.theme_languages(theme)
        if table not in self.figures:
            return ()
        known = self._categories(self.names.languages)
        told = {
            code: self._published(table, code) for code in self._categories(table) if code in known
        }
        return self._lines({code: each for code, each in told.items() if each.value})

    def _not_translated(self) -> tuple[Line, ...]:
        names = self.names
        if names.languages not in self.figures:
            return ()
        told: dict[str, Published] = {}
        for code in self._categories(names.languages):
            if names.untranslated(code) not in self.figures:
                continue
            told[code] = self._published(names.untranslated(code), code)
            # What is not said of all answers in a language is not said of a part of them.
            everybody = self._published(names.languages, code)
            if self.is_public and everybody.value is None and told[code].value:
                told[code] = WITHHELD
        return self._lines(told)

    def _lines(self, told: Mapping[str, Published]) -> tuple[Line, ...]:
        codes = list(told)
        order = self.figures.order(codes, [told[code] for code in codes])
        return tuple(Line(key=codes[at], count=as_count(told[codes[at]])) for at in order)

    # --- The closed question asked with it -------------------------------------------------

    def _stance(self, theme: HeardTheme, differs: bool) -> Stance | None:
        names, scale = self.names, self.heard.scale
        if scale is None or theme not in self.tables.listed or names.stance not in self.figures:
            return None
        known = self._published(names.stance, theme.category, None)
        sides = [
            self._published(names.stance, theme.category, side)
            for side in (talk_tables.SUPPORT, talk_tables.OPPOSE)
        ]
        support, oppose = (self.figures.share(side, known) for side in sides)
        if self.is_public and support.value is None and oppose.value is None:
            return None
        return Stance(
            question=scale,
            support=support,
            oppose=oppose,
            known=as_count(known),
            differs=differs,
        )

    def _differing(self, shown: Iterable[HeardTheme]) -> frozenset[str]:
        if not self.is_public:
            return frozenset(
                theme.id
                for theme in shown
                if theme.detail.stance is not None and theme.detail.stance.balance_differs
            )
        table = self.names.stance
        if table not in self.figures:
            return frozenset()
        cells = []
        for theme in self.tables.listed:
            for side in (talk_tables.SUPPORT, talk_tables.OPPOSE):
                numbers = Beside(
                    self._published(table, theme.category, side),
                    self._published(table, theme.category, None),
                    self._published(table, None, side),
                    self._published(table, None, None),
                )
                cells.append(Cell(theme.id, table, side, numbers))
        return frozenset(differences.public(cells, self.figures, Labels(self.document)))

    # --- Groups ----------------------------------------------------------------------------

    def _differences(self, shown: Iterable[HeardTheme]) -> Mapping[str, tuple[Difference, ...]]:
        labels = Labels(self.document)
        if not self.is_public:
            return {theme.id: differences.internal(theme, self.figures, labels) for theme in shown}
        answering = self.figures.published(self.names.placed, None)
        cells = []
        for question in self.tables.dimensions:
            for theme in self.tables.listed:
                table = self.names.theme_by(theme, question)
                if table not in self.figures:
                    continue
                for group in self._categories(table):
                    numbers = Beside(
                        self._published(table, group),
                        self._published(self.names.by(question), group),
                        self._published(table, None),
                        answering,
                    )
                    if group != talk_tables.UNKNOWN:
                        cells.append(Cell(theme.id, question, group, numbers))
        return differences.public(cells, self.figures, labels)

    # --- Reading tables --------------------------------------------------------------------

    def _categories(self, table: str) -> tuple[str, ...]:
        """Of a table's last axis."""
        return next(each.axes[-1].categories for each in self.figures.tables if each.name == table)

    def _published(self, table: str, *categories: str | None) -> Published:
        """A figure; withheld where the table does not tell it."""
        found = next((each for each in self.figures.tables if each.name == table), None)
        if found is None or len(found.axes) != len(categories):
            return WITHHELD
        for axis, category in zip(found.axes, categories, strict=True):
            if category is not None and category not in axis.categories:
                return WITHHELD
        return self.figures.published(table, *categories)

    def _total(self, table: str) -> Published:
        return self._published(table, None)

    def _count(self, table: str, category: str | None) -> Count:
        return as_count(self._published(table, category))
