"""Routing in words: who is asked a question, and what is wrong with it."""

from collections.abc import Callable, Iterable

from babel.lists import format_list
from flask_babel import get_locale, gettext

from consult.document.model import Condition, Consultation
from consult.forms.bidirectional import isolated
from consult.services.routing import Finding, Group, Route, Trouble

AnswerWords = Callable[[str], str]
"""The words of an answer that the product words itself, by its key."""


class RoutingWords:
    """Says the routing of one consultation in the page's language, its own texts as written."""

    def __init__(self, consultation: Consultation, fixed_words: AnswerWords) -> None:
        self._asked = {question.key: question for question in consultation.questions}
        self._areas = {area.code: area.name for area in consultation.areas}
        self._fixed_words = fixed_words

    def who(self, route: Route) -> list[str]:
        """Who is asked: a sentence per condition; all must hold."""
        if not route.conditions:
            return [gettext("Asked of everyone")]
        return [self._condition(condition) for condition in route.conditions]

    def group(self, group: Group) -> str:
        """The people of a group."""
        return gettext(
            "Only people who chose %(answers)s at “%(question)s”",
            answers=self._answers(group.question, group.options),
            question=self.question(group.question),
        )

    def finding(self, finding: Finding) -> str:
        """What is wrong, and the mend."""
        question = self.question(finding.question)
        match finding.trouble:
            case Trouble.NO_SUCH_QUESTION:
                return gettext(
                    "A condition looks at a question that is not there any more. Choose another, "
                    "or remove the condition."
                )
            case Trouble.LATER_QUESTION:
                return gettext(
                    "A condition looks at “%(question)s”, which is not asked before this one. Move "
                    "one of the two, or remove the condition.",
                    question=question,
                )
            case Trouble.NOTHING_TO_CHOOSE:
                return gettext(
                    "A condition looks at “%(question)s”, which has no answers to choose. Remove "
                    "the condition.",
                    question=question,
                )
            case Trouble.OPTIONS_GONE:
                return gettext(
                    "A condition names answers that “%(question)s” does not have any more. Change "
                    "the condition.",
                    question=question,
                )
            case Trouble.BEHIND_ANOTHER:
                return gettext(
                    "A condition needs an answer to “%(question)s”, which nobody is asked. Mend "
                    "that question first.",
                    question=question,
                )
            case Trouble.CONTRADICTION:
                return gettext(
                    "Nobody can meet all conditions together. Remove one of them, here or at the "
                    "questions that they look at."
                )

    def question(self, key: str) -> str:
        """A question's words, set apart from the sentence around them."""
        asked = self._asked.get(key)
        words = (asked.label if asked is not None else "") or key
        return isolated(words)

    def _condition(self, condition: Condition) -> str:
        if condition.any_of:
            return gettext(
                "Asked of those who chose %(answers)s at “%(question)s”",
                answers=self._answers(condition.question, condition.any_of),
                question=self.question(condition.question),
            )
        if condition.none_of:
            return gettext(
                "Asked of those who did not choose %(answers)s at “%(question)s”",
                answers=self._answers(condition.question, condition.none_of),
                question=self.question(condition.question),
            )
        return gettext(
            "A condition about “%(question)s” names no answers yet",
            question=self.question(condition.question),
        )

    def _answers(self, key: str, answers: Iterable[str]) -> str:
        words = [isolated(self._answer(key, answer)) for answer in answers]
        return str(format_list(words, style="or", locale=get_locale()))

    def _answer(self, key: str, answer: str) -> str:
        asked = self._asked.get(key)
        option = asked.option(answer) if asked is not None else None
        if option is not None:
            return option.label or answer
        if answer in self._areas:
            return self._areas[answer]
        return self._fixed_words(answer)


def removed_answer(key: str) -> str:
    """What stands for an answer that is not there any more."""
    return gettext("a removed answer (%(key)s)", key=key)
