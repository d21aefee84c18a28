"""The tables that a report makes of the answers to one text question.

The people of a question's tables are those who wrote something with content: a universe of its
own, whose number is taken to be known exactly. Tables that only this number ties are therefore
looked at apart, each under a name of its own. Themes overlap, so a theme stands within these
people. The people of each theme are a universe again, told by group and by language, by one at a
time: a theme is never crossed with two groups at once.

Which crossings a public report has is declared by the questionnaire: every monitoring question
with one answer, whatever people said. What is too small for a figure of its own there goes
together with others (:func:`told_groups`), or is not told at all where it says nothing of
anybody, such as how many wrote "n/a".
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from analysis.disclosure import Rule
from analysis.suppression.tables import Axis, Kind, Table, make_table
from analysis.themes.stance import Sides
from consult.document.model import PREFER_NOT_TO_SAY, choices_of
from consult.document.model import Consultation as Document
from consult.services.reporting.figures import APART, COUNTED
from consult.services.reporting.heard import (
    Heard,
    HeardTheme,
    gathered_languages,
    short_digest,
)
from consult.services.themes.exporting import groups_of_document

UNKNOWN: Final = f"{APART}unknown"
"""People who did not say which group they are in."""

SOME, NONE = "some", "none"
CONTENT, NO_CONTENT, UNCLEAR = "content", "no content", "unclear"
ANALYSED, WAITING = "analysed", "waiting"
LETTER, OWN = "letter", "own"
ALL = "all"
SUPPORT, OPPOSE, NEITHER = "support", "oppose", "neither"


@dataclass(frozen=True, slots=True)
class Names:
    """What the tables of one question are called."""

    question: str

    @property
    def universe(self) -> str:
        return f"talk {self.question}"

    @property
    def theme(self) -> str:
        """The axis of themes."""
        return f"theme of {self.question}"

    @property
    def themes(self) -> str:
        return f"{self.universe}: themes"

    @property
    def placed(self) -> str:
        return f"{self.universe}: placed"

    @property
    def asked(self) -> str:
        return f"{self.universe}: asked"

    @property
    def waiting(self) -> str:
        return f"{self.universe}: waiting"

    @property
    def letters(self) -> str:
        return f"{self.universe}: letters"

    @property
    def voices(self) -> str:
        return f"{self.universe}: voices"

    @property
    def languages(self) -> str:
        return f"{self.universe}: languages"

    def untranslated(self, language: str) -> str:
        """A table, and a universe, for each language: their sum is not told."""
        return f"{self.universe}: untranslated {language}"

    @property
    def stance(self) -> str:
        return f"{self.universe}: stance"

    def by(self, dimension: str) -> str:
        """Everybody by the answers to a monitoring question."""
        return f"{self.universe}: by {dimension}"

    def people_of(self, theme: HeardTheme) -> str:
        """The universe of those who raise a theme."""
        return f"{self.universe}: {theme.category}"

    def theme_by(self, theme: HeardTheme, dimension: str) -> str:
        """Those who raise a theme, by the answers to a monitoring question."""
        return f"{self.people_of(theme)} by {dimension}"

    def theme_languages(self, theme: HeardTheme) -> str:
        return f"{self.people_of(theme)}: languages"


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of one question, for one kind of reader.

    Attributes
    ----------
    heard : Heard
    document : Document
    rule : Rule
    is_public : bool
        In an internal report nothing is left out.
    """

    heard: Heard
    document: Document
    rule: Rule
    is_public: bool

    @property
    def names(self) -> Names:
        return Names(self.heard.question)

    @cached_property
    def listed(self) -> tuple[HeardTheme, ...]:
        """The themes with enough people to be told one by one."""
        least = self.rule.threshold if self.is_public else 0
        return tuple(each for each in self.heard.themes if each.figures.responses >= least)

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """Keys of the monitoring questions that themes are crossed with."""
        return tuple(groups_of_document(self.document)) if self.is_public else ()

    def all(self) -> Iterator[Table]:
        """Every table."""
        yield from self._bases()
        yield from self._letters()
        yield from self._languages()
        yield from self._stance()
        for question in self.dimensions:
            yield from self._by_group(question)
        if self.heard.themes:
            yield make_table(
                self.names.themes,
                [self._themes(self.heard.themes)],
                [theme.figures.responses for theme in self.heard.themes],
                bases=self.heard.overview.answering,
                universe=self.names.universe,
            )

    def placed(self, category: str) -> str:
        """The name of those in some listed theme, or in none: of other themes, other people."""
        return f"{category} of {short_digest(theme.category for theme in self.listed)}"

    def _bases(self) -> Iterator[Table]:
        overview, names = self.heard.overview, self.names
        none = self.heard.in_none_of(self.listed)
        yield _simple(
            names.placed,
            {self.placed(SOME): overview.answering - none, self.placed(NONE): none},
            names.universe,
        )
        analysed = {
            CONTENT: overview.answering,
            NO_CONTENT: overview.no_content,
            UNCLEAR: overview.unclear,
        }
        yield _simple(names.asked, self._large(analysed), names.asked)
        waiting = min(overview.not_yet_analysed, overview.in_all)
        came = {WAITING: waiting, ANALYSED: overview.in_all - waiting}
        yield _simple(names.waiting, self._large(came), COUNTED)

    def _large(self, parts: Mapping[str, int]) -> dict[str, int]:
        """The parts of a whole that are large enough to be told, and all others together.

        Who wrote "n/a" is nobody's secret, but beside an exact total a small number of them
        could not be kept without withholding how many answered. So it is not told at all.
        """
        if not self.is_public:
            return dict(parts)
        large = {name: count for name, count in parts.items() if count >= self.rule.threshold}
        small = [name for name in parts if name not in large]
        if not small:
            return large
        rest = sum(parts[name] for name in small)
        if rest >= self.rule.threshold:
            return {**large, " or ".join(small): rest}
        return {ALL: sum(parts.values())}

    def _letters(self) -> Iterator[Table]:
        """Who sent a letter that many sent, and themes with each letter counted once.

        In public only where enough people sent one: beside the plain numbers, those without
        letters would tell how many sent them.
        """
        overview, names = self.heard.overview, self.names
        if self.is_public and overview.in_campaigns < self.rule.threshold:
            return
        yield _simple(
            names.letters,
            {LETTER: overview.in_campaigns, OWN: overview.answering - overview.in_campaigns},
            names.universe,
        )
        if not self.listed:
            yield _simple(names.voices, {ALL: overview.voices}, names.voices)
            return
        yield make_table(
            names.voices,
            [self._themes(self.listed)],
            [theme.figures.responses_without_campaigns for theme in self.listed],
            bases=overview.voices,
            universe=names.voices,
        )

    def _languages(self) -> Iterator[Table]:
        names = self.names
        bases = self._by_language(self.heard.overview.languages)
        if not bases:
            return
        yield _simple(names.languages, bases, names.languages, Kind.GROUP)
        for theme in self.listed:
            counts = self._by_language(theme.figures.languages)
            yield from self._within(theme, names.theme_languages(theme), counts, bases)
        untranslated = self._by_language(self.heard.untranslated)
        if self.is_public:
            del untranslated[self.document.source_language]
        for code, count in untranslated.items():
            name = names.untranslated(code)
            yield _simple(name, {code: count}, name, Kind.GROUP)

    def _by_language(self, counts: Mapping[str, int]) -> dict[str, int]:
        return gathered_languages(counts, self.document) if self.is_public else dict(counts)

    def _stance(self) -> Iterator[Table]:
        """Sides of those whose side is known: a universe of its own."""
        if not self.listed or self.listed[0].detail.overall is None:
            return
        overall, names = self.listed[0].detail.overall, self.names
        stances = [theme.detail.stance for theme in self.listed]
        yield make_table(
            names.stance,
            [
                self._themes(self.listed),
                Axis(names.stance, (SUPPORT, OPPOSE, NEITHER), Kind.ANSWER),
            ],
            [_sides(stance.sides) for stance in stances if stance is not None],
            bases=_sides(overall.overall),
            universe=names.stance,
        )

    def _by_group(self, question: str) -> Iterator[Table]:
        """Everybody, and those of each theme, by the answers to a monitoring question."""
        asked = next(each for each in self.document.questions if each.key == question)
        # Listed whether anybody is in them or not; an option that is not asked any more is none.
        groups = [key for key in choices_of(asked, self.document) if key != PREFER_NOT_TO_SAY]
        bases = dict.fromkeys(groups, 0)
        rows = []
        for theme in self.listed:
            row = dict.fromkeys(groups, 0)
            for column in theme.detail.columns:
                if column.question_key != question:
                    continue
                for group in column.groups:
                    if group.value in row:
                        row[group.value], bases[group.value] = group.count, group.base
            rows.append({**row, UNKNOWN: theme.figures.responses - sum(row.values())})
        if not rows:
            return
        bases[UNKNOWN] = self.heard.overview.answering - sum(bases.values())
        names = self.names
        yield _simple(names.by(question), bases, names.by(question), Kind.GROUP)
        for theme, row in zip(self.listed, rows, strict=True):
            yield from self._within(theme, names.theme_by(theme, question), row, bases)

    def _within(
        self, theme: HeardTheme, table: str, counts: Mapping[str, int], bases: Mapping[str, int]
    ) -> Iterator[Table]:
        """The people of a theme by group: a universe of their own."""
        told = told_groups(counts, bases, self.rule) if self.is_public else dict(counts)
        if told:
            yield _simple(table, told, self.names.people_of(theme), Kind.GROUP)

    def _themes(self, themes: Sequence[HeardTheme]) -> Axis:
        return Axis(
            self.names.theme,
            tuple(theme.category for theme in themes),
            Kind.THEME,
            several=True,
        )


def told_groups(counts: Mapping[str, int], bases: Mapping[str, int], rule: Rule) -> dict[str, int]:
    """The groups among the people of a theme that may be told of, and all others together.

    Not told of are groups with too few people in the theme, and those of which (nearly) all
    raise it. Were each of them hidden by itself, the number of the theme would often have to go
    for their sake; so they are one figure, and where they are too few for that, or too much one
    group, the smallest of the others goes with them.

    Parameters
    ----------
    counts : mapping of str to int
        People of the theme, by group; each is in one.
    bases : mapping of str to int
        The same of everybody.

    Returns
    -------
    dict of str to int
        Empty where nothing could be told but their number.

    Examples
    --------
    >>> from analysis.disclosure import RULE
    >>> told_groups({"a": 30, "b": 12, "c": 2, "d": 9}, {"a": 50, "b": 40, "c": 9, "d": 9}, RULE)
    {'a': 30, 'b': 12, 'others: c d': 11}
    >>> told_groups({"a": 30, "b": 12, "c": 2}, {"a": 50, "b": 40, "c": 9}, RULE)
    {'a': 30, 'others: b c': 14}
    """
    there = {group: counts.get(group, 0) for group, base in bases.items() if base}
    small = {group for group, count in there.items() if count < rule.threshold}
    alike = {
        group for group in there.keys() - small if rule.dominated([there[group]], bases[group])
    }
    rest = {group: there[group] for group in small | alike}
    told = sorted(there.keys() - rest.keys(), key=lambda group: (there[group], group))
    while told and rest and not _hides(rest, alike, rule):
        smallest = told.pop(0)
        rest[smallest] = there[smallest]
    if not told:
        return {}
    found = {group: count for group, count in there.items() if group in told}
    return {**found, f"others: {' '.join(sorted(rest))}": sum(rest.values())} if rest else found


def _hides(rest: Mapping[str, int], alike: Collection[str], rule: Rule) -> bool:
    """Whether groups taken together keep what each of them must not tell."""
    people = sum(rest.values())
    largest = max((count for group, count in rest.items() if group in alike), default=0)
    return people - largest >= rule.threshold


def _simple(name: str, counts: Mapping[str, int], universe: str, kind: Kind = Kind.THEME) -> Table:
    return make_table(
        name, [Axis(name, tuple(counts), kind)], list(counts.values()), universe=universe
    )


def _sides(sides: Sides) -> list[int]:
    return [sides.support, sides.oppose, sides.neither]
