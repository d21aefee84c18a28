"""What to say of a fault: what is wrong and what to do, in the person's language."""

from flask_babel import gettext, ngettext

from consult.services.answering import Fault, Problem


def sentence(problem: Problem) -> str:
    """The sentence for one problem."""
    figures = problem.figures
    match problem.fault:
        case Fault.REQUIRED:
            return gettext("Choose an answer")
        case Fault.REQUIRED_TEXT:
            return gettext("Write an answer")
        case Fault.UNKNOWN_OPTION:
            return gettext("Choose one of the answers in the list")
        case Fault.TOO_LONG:
            return ngettext(
                "Your answer is too long by %(num)s character. Please shorten it: "
                "we can take up to %(limit)s characters.",
                "Your answer is too long by %(num)s characters. Please shorten it: "
                "we can take up to %(limit)s characters.",
                figures["over"],
                limit=figures["limit"],
            )
        case Fault.TOO_MANY:
            return ngettext(
                "Choose no more than %(num)s answer",
                "Choose no more than %(num)s answers",
                figures["limit"],
            )
        case Fault.EXCLUSIVE:
            return gettext("Choose either that last answer or the others, not both")
        case Fault.NOT_A_NUMBER:
            return gettext("Write a number, such as 3")
        case Fault.NOT_WHOLE:
            return gettext("Write a whole number, without a decimal point")
        case Fault.TOO_SMALL:
            return gettext("Write a number that is not below %(limit)s", limit=figures["limit"])
        case Fault.TOO_LARGE:
            return gettext("Write a number that is not above %(limit)s", limit=figures["limit"])
        case Fault.SAME_PLACE:
            return gettext(
                "You gave choice %(place)s to more than one. Give each choice once.",
                place=figures["place"],
            )
        case Fault.PLACE_SKIPPED:
            return gettext(
                "You left out choice %(place)s. Give the choices in order, from 1.",
                place=figures["place"],
            )
        case Fault.UNKNOWN_PLACE:
            return gettext("Choose a place from 1 to %(limit)s", limit=figures["limit"])


def field_id(problem: Problem) -> str:
    """The id of the field that a problem's link leads to."""
    return "rank" if problem.field.startswith("rank-") else problem.field
