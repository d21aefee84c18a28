"""What the fields of a consultation are called, on forms and in lists of what is left to do."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext, lazy_gettext

from consult.document.model import Part, QuestionKind, Sensitivity

LABELS: Mapping[str, Any] = {
    "words.title": lazy_gettext("Title"),
    "words.asked_by": lazy_gettext("Who asks"),
    "words.introduction": lazy_gettext("What is asked, and why"),
    "words.what_happens_next": lazy_gettext("What happens with the answers"),
    "words.consent": lazy_gettext("What people agree to when they send their answers"),
    "words.monitoring_introduction": lazy_gettext("Why you ask questions about the person"),
    "dates.opens_at": lazy_gettext("Opens"),
    "dates.closes_at": lazy_gettext("Closes"),
    "dates.late_until": lazy_gettext("Late answers are taken until"),
    "dates.grace_minutes": lazy_gettext("Minutes to finish after closing"),
    "dates.draft_days": lazy_gettext("Days that saved answers are kept"),
    "dates.minimum_age": lazy_gettext("Youngest age"),
    "dates.timezone": lazy_gettext("Time zone"),
    "contact.phone": lazy_gettext("Phone number"),
    "contact.phone_hours": lazy_gettext("When the phone is answered, and in which languages"),
    "contact.email": lazy_gettext("E-mail address"),
    "contact.paper": lazy_gettext("How to get the questions on paper"),
    "contact.large_print": lazy_gettext("How to get large print, Braille or a recording"),
    "contact.sign_language": lazy_gettext("How to take part in British Sign Language"),
    "privacy.controller": lazy_gettext("Data controller"),
    "privacy.contact": lazy_gettext("How to reach the data protection officer"),
    "privacy.lawful_basis_article_6": lazy_gettext("Lawful basis, Article 6 of the UK GDPR"),
    "privacy.lawful_basis_article_9": lazy_gettext(
        "Lawful basis for special category data, Article 9 of the UK GDPR"
    ),
    "privacy.impact_assessment": lazy_gettext(
        "Reference of the data protection impact assessment (DPIA)"
    ),
    "privacy.who_sees": lazy_gettext("Who sees the answers"),
    "privacy.delete_on": lazy_gettext("Deletion date"),
    "privacy.deletion": lazy_gettext("What happens on that day"),
    "areas.code": lazy_gettext("Code of an area"),
    "areas.name": lazy_gettext("Name of an area"),
    "residents.question": lazy_gettext("The question that tells who lives here"),
    "residents.any_of": lazy_gettext("The answers of people who live here"),
    "reference_population.dimension": lazy_gettext("What is compared"),
    "reference_population.base": lazy_gettext("Who is counted"),
    "reference_population.source": lazy_gettext("Source of the figures"),
    "reference_population.as_of": lazy_gettext("Day of the figures"),
    "reference_population.counts": lazy_gettext("Figures"),
    "sections.title": lazy_gettext("Title of the section"),
    "sections.summary": lazy_gettext("In short"),
    "sections.easy_read": lazy_gettext("Easy Read"),
    "sections.full": lazy_gettext("Full text"),
    "questions.label": lazy_gettext("Question"),
    "questions.help": lazy_gettext("Help with answering"),
    "questions.part": lazy_gettext("Where the question stands"),
    "questions.kind": lazy_gettext("How it is answered"),
    "questions.section": lazy_gettext("Section that the question is about"),
    "questions.required": lazy_gettext("Whether it must be answered"),
    "questions.sensitivity": lazy_gettext("How sensitive the answers are"),
    "questions.options": lazy_gettext("Answers to choose from"),
    "questions.options.label": lazy_gettext("Words of an answer"),
    "questions.options.hint": lazy_gettext("Explanation of an answer"),
    "questions.options.category": lazy_gettext("Category in the figures"),
    "questions.choose_at_most": lazy_gettext("How many may be chosen"),
    "questions.rank_at_most": lazy_gettext("How many places to give"),
    "questions.minimum": lazy_gettext("Smallest number"),
    "questions.maximum": lazy_gettext("Largest number"),
    "questions.unit": lazy_gettext("What is counted"),
    "questions.max_length": lazy_gettext("Longest answer, in characters"),
    "questions.show_if": lazy_gettext("Who is asked"),
    "questions.show_if.question": lazy_gettext("Earlier question"),
    "questions.dimension": lazy_gettext("Group of figures to compare with"),
}
"""By part and field; the items of a list share one label."""


def label(name: str) -> str:
    """What a field is called, such as ``words.title``."""
    return str(LABELS[name])


def kind_words(kind: str) -> tuple[str, str]:
    """How a question is answered, and when that is the right way."""
    match kind:
        case QuestionKind.AGREE_SCALE:
            return gettext("Agree or disagree"), gettext(
                "Five steps from “strongly agree” to “strongly disagree”, and “I don't know”. The "
                "words are there in every language."
            )
        case QuestionKind.SINGLE_CHOICE:
            return gettext("One answer from a list"), gettext(
                "For answers that exclude each other."
            )
        case QuestionKind.SEVERAL_CHOICES:
            return gettext("Several answers from a list"), gettext(
                "For answers that can be true together. You can limit how many."
            )
        case QuestionKind.RANKING:
            return gettext("Putting in order"), gettext(
                "For finding out what matters most. Keep the list short."
            )
        case QuestionKind.NUMBER:
            return gettext("A number"), gettext("A whole number, such as days or people.")
        case QuestionKind.SHORT_TEXT:
            return gettext("A few words"), gettext("One line, such as the name of a place.")
        case QuestionKind.LONG_TEXT:
            return gettext("Own words"), gettext("As much as people want to write.")
        case QuestionKind.WARD:
            return gettext("Where people live"), gettext(
                "One of the areas that you list on the page of areas."
            )
    raise ValueError(kind)


def part_words(part: str) -> str:
    """The part of a resident's way that a question stands in."""
    match part:
        case Part.WHO:
            return gettext("At the start: who is answering")
        case Part.DRAFT:
            return gettext("About the draft")
        case Part.MONITORING:
            return gettext("At the end: about the person")
    raise ValueError(part)


def sensitivity_words(sensitivity: str) -> tuple[str, str]:
    """How much care answers need, and what that means."""
    match sensitivity:
        case Sensitivity.NONE:
            return gettext("Not personal"), gettext("Views about the plan, chosen from a list.")
        case Sensitivity.PERSONAL:
            return gettext("Personal"), gettext(
                "Says something about the person, or can: own words, age, place, work."
            )
        case Sensitivity.SPECIAL:
            return gettext("Special category data"), gettext(
                "Health, disability, ethnic group, religion, sexual orientation and the like. The "
                "law asks for a reason of its own (Article 9)."
            )
    raise ValueError(sensitivity)
