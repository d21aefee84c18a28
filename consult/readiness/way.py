"""The way through the questions: those that nobody meets, and those that stop somebody."""

from collections.abc import Iterator

from consult.document.model import CHOICE_KINDS, TEXT_KINDS, Question, QuestionKind, Sensitivity
from consult.readiness.facts import Case
from consult.readiness.findings import Code, Finding, asks, blocks, warns

_WAYS_OUT = ("other", "none", "neither", "dont_know", "not_sure", "prefer_not", "does_not")
"""How the keys of options begin that fit whoever no other fits."""

_FREE_KINDS = TEXT_KINDS | {QuestionKind.NUMBER, QuestionKind.RANKING}


def way(case: Case) -> Iterator[Finding]:
    """Questions that nobody meets, and required ones that some people cannot answer."""
    for key in case.facts.never_met:
        yield blocks(Code.UNREACHABLE, f"questions.{key}.show_if")
    for question in case.document.questions:
        path = f"questions.{question.key}"
        if not question.required or not case.has(path):
            continue
        if question.sensitivity is not Sensitivity.NONE:
            yield warns(Code.REQUIRED_PERSONAL, f"{path}.required")
        elif question.kind in _FREE_KINDS:
            yield asks(Code.REQUIRED_WORDS, f"{path}.required")
        elif question.kind in CHOICE_KINDS and not _has_way_out(question):
            yield asks(Code.REQUIRED_WITHOUT_WAY_OUT, f"{path}.options")


def _has_way_out(question: Question) -> bool:
    return any(
        option.other or option.exclusive or option.key.startswith(_WAYS_OUT)
        for option in question.options
    )
