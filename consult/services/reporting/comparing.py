"""What changed from one version of a report to the next, by what its readers may see."""

from dataclasses import dataclass

from consult.reports.data import Count, ReportData, Talk, Texts, Theme


@dataclass(frozen=True, slots=True)
class ThemesChanged:
    """The themes of one question that came or went."""

    question: Texts
    new: tuple[Theme, ...]
    gone: tuple[Theme, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two versions for the same readers."""

    before: int
    """The number of the earlier one."""
    responses_before: Count
    responses: Count
    themes: tuple[ThemesChanged, ...]
    """Of the questions where something came or went."""


def compare(before: ReportData, after: ReportData) -> Compared:
    """What is new since an earlier version."""
    earlier = {talk.question: talk for talk in before.talk}
    labels = {
        asked.key: asked.label for data in (before, after) for asked in data.consultation.questions
    }
    changed = [
        _themes(labels.get(talk.question, {}), earlier.get(talk.question), talk)
        for talk in after.talk
    ]
    return Compared(
        before=before.number,
        responses_before=before.arrived.responses,
        responses=after.arrived.responses,
        themes=tuple(each for each in changed if each.new or each.gone),
    )


def _themes(question: Texts, before: Talk | None, after: Talk) -> ThemesChanged:
    was = {theme.id: theme for theme in before.themes} if before is not None else {}
    now = {theme.id: theme for theme in after.themes}
    return ThemesChanged(
        question=question,
        new=tuple(theme for name, theme in now.items() if name not in was),
        gone=tuple(theme for name, theme in was.items() if name not in now),
    )
