"""What the checks of readiness find, in sentences: what is wrong, and what to do about it."""

from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import gettext, ngettext

from consult.document.model import Consultation as Document
from consult.forms.bidirectional import isolated
from consult.forms.editing.labels import LABELS
from consult.forms.readiness_circumstances import circumstance
from consult.forms.readiness_law import legal
from consult.forms.readiness_texts import textual
from consult.languages import native_name
from consult.readiness.asked import Asked
from consult.readiness.findings import Finding, Severity
from consult.readiness.places import field_of, part_of
from consult.readiness.wording import Group
from consult.services.changes import ORDER, REST, TEXTS
from consult.services.sign_offs import State


class Said(NamedTuple):
    """A finding in words."""

    what: str
    mend: str


def said(finding: Finding) -> Said:
    """What a finding says, and its mend."""
    for words in (textual, legal, circumstance):
        found = words(finding)
        if found is not None:
            return Said(*found)
    raise KeyError(finding.code)


def severity_words(severity: Severity, count: int) -> str:
    """The heading over findings of one severity."""
    match severity:
        case Severity.BLOCKS:
            return ngettext(
                "%(num)s thing to settle before it can open",
                "%(num)s things to settle before it can open",
                count,
            )
        case Severity.WARNS:
            return ngettext(
                "%(num)s thing that is likely to be wrong",
                "%(num)s things that are likely to be wrong",
                count,
            )
        case Severity.ASKS:
            return ngettext("%(num)s thing to think about", "%(num)s things to think about", count)


def place_words(path: str, document: Document) -> str:
    """Where something stands, by the names that officers see."""
    part, field = part_of(path), field_of(path)
    name = part.split(".", 1)[0]
    outer = part_words(part, document)
    label = LABELS.get(f"{name}.{_without_items(field)}")
    if label is None or field == "label":
        return outer
    if name in {"sections", "questions"}:
        # Translators: a field of a section or question, such as "Section “Food”: In short"
        return gettext("%(place)s: %(field)s", place=outer, field=str(label))
    return str(label)


def part_words(part: str, document: Document) -> str:
    """A part of a consultation by the name that officers see."""
    name, _, key = part.partition(".")
    if name == "sections":
        section = document.section(key)
        return gettext("Section “%(title)s”", title=isolated(section.title if section else key))
    if name == "questions" and key:
        question = document.question(key)
        return gettext("Question “%(title)s”", title=isolated(question.label if question else key))
    if name == TEXTS:
        if not key:
            return gettext("Translations")
        return gettext("Translation: %(language)s", language=isolated(native_name(key)))
    if name == ORDER:
        return (
            gettext("Order of the sections")
            if key == "sections"
            else gettext("Order of the questions")
        )
    return _part_names().get(name, name)


def _part_names() -> Mapping[str, str]:
    return {
        "words": gettext("Words of the consultation"),
        "dates": gettext("Dates and ages"),
        "languages": gettext("Languages"),
        "contact": gettext("Contact"),
        "privacy": gettext("Privacy"),
        "sections": gettext("Sections"),
        "questions": gettext("Questions"),
        "areas": gettext("Areas"),
        "residents": gettext("Who is compared"),
        "reference_population": gettext("Reference figures"),
        "preview": gettext("Private preview"),
        "readiness": gettext("Questions for a person"),
        "sign_off": gettext("A second person’s word"),
        REST: gettext("Other settings"),
    }


def _without_items(field: str) -> str:
    """A field's name without the keys of list items: ``options.yes.label`` is ``options``."""
    return field.split(".", 1)[0]


def group_words(group: Group) -> str:
    """Texts whose reading age is measured together."""
    match group:
        case Group.WORDS:
            return gettext("Introduction and the other words of the consultation")
        case Group.SUMMARIES:
            return gettext("All sections in short")
        case Group.EASY_READ:
            return gettext("All Easy Read texts")
        case Group.QUESTIONS:
            return gettext("All questions and their help")
        case Group.FULL:
            return gettext("Full text")
        case Group.PRIVACY:
            return gettext("Privacy")


def asked_words(asked: Asked) -> tuple[str, str]:
    """A question that only a person can answer, and what to think of when answering."""
    match asked:
        case Asked.FORMATIVE:
            return gettext("What can still change because of the answers?"), gettext(
                "A consultation is fair only while the plan is at a formative stage. Say what is "
                "open, what is decided already and why, and who decides."
            )
        case Asked.INFORMATION:
            return gettext("How can people judge the plan by what they are told?"), gettext(
                "People need enough information to think it through: the reasons, the other "
                "options and why they were left, what it costs and whom it affects."
            )
        case Asked.TIME:
            return gettext("Why is there enough time to think and to answer?"), gettext(
                "Think of holidays, of groups that meet once a month, of people who need it on "
                "paper or in another language."
            )
        case Asked.CONSIDERATION:
            return gettext("How will the answers be conscientiously considered?"), gettext(
                "Say who reads them, who gets the report and when, who decides and on which day, "
                "and how people will hear what became of what they said."
            )
        case Asked.ELECTION:
            return gettext(
                "Is there an election or a referendum while it is open, or soon after?"
            ), gettext(
                "Before elections councils take special care (the pre-election period): ask your "
                "monitoring officer. If there is one, say what follows from it."
            )


def standing_words(state: State) -> str:
    """Where the second person's word stands, in short."""
    match state:
        case State.NONE:
            # Translators: of a second person's word (all five of these)
            return gettext("Not asked for")
        case State.WAITING:
            return gettext("Waiting")
        case State.AGREED:
            return gettext("Given")
        case State.DECLINED:
            return gettext("Declined")
        case State.VOID:
            return gettext("Void")


def standing_colour(state: State) -> str:
    """The colour of the tag for it."""
    return {State.AGREED: "green", State.WAITING: "blue", State.NONE: "grey"}.get(state, "red")
