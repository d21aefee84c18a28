"""What is not translated, or not fit to be shown, in each language that is offered."""

from collections.abc import Iterator

from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, asks, blocks, warns

ESSENTIAL = ("title", "introduction", "consent", "privacy.")
"""What people have to understand before they answer, by the beginnings of paths.

A language in which these cannot be read is not offered: consent that nobody understands is none.
"""


def translations(case: Case) -> Iterator[Finding]:
    """Missing, stale and unapproved texts per language."""
    for language, state in case.facts.translations.items():
        path = f"translations.{language}"
        if state.essentials:
            yield blocks(
                Code.ESSENTIALS_UNTRANSLATED, path, language=language, count=len(state.essentials)
            )
        for code, count in (
            (Code.UNTRANSLATED, state.missing),
            (Code.STALE, state.stale),
            (Code.UNAPPROVED, state.unapproved),
        ):
            if count:
                yield warns(code, path, language=language, count=count, total=state.total)
        if state.warnings:
            yield asks(Code.TRANSLATION_WARNINGS, path, language=language, count=state.warnings)
