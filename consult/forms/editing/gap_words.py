"""What is left to do in a part, in sentences: what is wrong and what to do."""

from flask_babel import format_date, gettext, ngettext

from consult.forms.editing.labels import LABELS
from consult.services.unfinished import Fault, Gap


def sentence(gap: Gap) -> str:
    """The sentence for one thing that is left to do."""
    values = gap.values
    name = field_label(gap)
    match gap.fault:
        case Fault.MISSING:
            return gettext("%(field)s: write this, it is still empty", field=name)
        case Fault.TOO_LONG:
            return ngettext(
                "%(field)s: shorten this by %(num)s character, it can have %(limit)s",
                "%(field)s: shorten this by %(num)s characters, it can have %(limit)s",
                values["over"],
                field=name,
                limit=values["limit"],
            )
        case Fault.UNSEEN:
            return gettext(
                "%(field)s: this holds a character that nobody can see. Save the page once more: "
                "that takes it out.",
                field=name,
            )
        case Fault.TOO_SMALL:
            return gettext("%(field)s: write %(limit)s or more", field=name, limit=values["limit"])
        case Fault.TOO_LARGE:
            return gettext("%(field)s: write %(limit)s or less", field=name, limit=values["limit"])
        case Fault.UNFIT:
            return gettext("%(field)s: this cannot be used. Write it again.", field=name)
        case Fault.FEW_OPTIONS:
            return gettext("Give at least two answers to choose from")
        case Fault.OPTION_REPEATED:
            return gettext("“%(label)s” is there twice: change or remove one", **values)
        case Fault.OPTION_BY_ITSELF:
            return gettext(
                "Remove the answer “I prefer not to say”: every question about the person has it "
                "by itself"
            )
        case Fault.OTHER_TWICE:
            return gettext("Only one answer can ask for own words: untick it at the others")
        case Fault.NOT_IN_RANKING:
            return gettext(
                "Answers that are put in order can neither ask for own words nor exclude the "
                "others: save the page once more to take that away"
            )
        case Fault.LIMITS_CROSSED:
            return gettext("The smallest number is above the largest: correct one of them")
        case Fault.ALWAYS_SKIPPED:
            return gettext("A question about the person can always be skipped: save it once more")
        case Fault.NOT_OF_KIND:
            return gettext(
                "%(field)s: this does not go with the way the question is answered. Save it once "
                "more to take it away.",
                field=name,
            )
        case _:
            return _across_parts(gap)


def _across_parts(gap: Gap) -> str:
    values = gap.values
    match gap.fault:
        case Fault.NO_SUCH_SECTION:
            return gettext("The section that it was about is gone: choose another, or none")
        case Fault.NO_AREAS:
            return gettext("There are no areas to choose from: list them on the page of areas")
        case Fault.CONDITION_EMPTY:
            return gettext("A condition names no answers: tick some, or remove the condition")
        case Fault.CONDITION_LOST:
            return gettext(
                "A condition looks at a question that is not asked before this one: choose "
                "another, or remove the condition"
            )
        case Fault.ANSWER_LOST:
            return gettext(
                "An answer is named that “%(question)s” does not have any more: untick it",
                question=values["question"] or "",
            )
        case Fault.QUESTION_LOST:
            return gettext("The question that was chosen is gone: choose another")
        case Fault.NOBODY_TO_ASK:
            return gettext("Give a phone number or an e-mail address, so that people can ask")
        case Fault.CLOSES_FIRST:
            return gettext("It closes before it opens: correct one of the two times")
        case Fault.LATE_TOO_EARLY:
            return ngettext(
                "Late answers must be taken for at least %(num)s minute after closing",
                "Late answers must be taken for at least %(num)s minutes after closing",
                values["minutes"],
            )
        case Fault.DELETED_TOO_EARLY:
            return gettext(
                "The deletion date must come after the last late answers, so after %(day)s",
                day=format_date(values["day"], "long"),
            )
        case Fault.REPEATED:
            return gettext("“%(name)s” is there twice: remove one", name=values["name"])
        case Fault.NO_QUESTIONS:
            return gettext("There is no question yet: add one")
        case _:
            raise ValueError(gap.fault)


def field_label(gap: Gap) -> str:
    """What the field is called where something is left to do."""
    name = ".".join(
        (gap.part.split(".")[0], *(step for step in gap.place if isinstance(step, str)))
    )
    while name not in LABELS and "." in name:
        name = name.rpartition(".")[0]
    return str(LABELS[name]) if name in LABELS else ""


def field_id(gap: Gap) -> str | None:
    """The id of the form's field where something is left to do, if it is one field."""
    if not gap.place:
        return None
    first, *rest = gap.place
    numbers = [step + 1 for step in rest if isinstance(step, int)]
    match gap.part.split(".")[0]:
        case "dates" if first in {"opens_at", "closes_at", "late_until"}:
            return f"{first}-day"
        case "privacy" if first == "delete_on":
            return "delete_on-day"
        case "questions" if first == "options" and numbers:
            return f"option-{numbers[0]}-{rest[-1]}"
        case "questions" if first == "show_if" and numbers:
            return f"condition-{numbers[0]}-{rest[-1]}"
        case "questions" if first == "options":
            return "options"
        case "questions" if first in {"kind", "key", "version"}:
            return None
        case "dates" if first == "timezone":
            return None
        case "areas":
            return "areas"
        case "residents":
            return "question" if first == "question" else "any_of"
        case "reference_population":
            return None
        case _:
            return str(first)
