"""Words about responses: how they came, what becomes of them, why words are hidden."""

from collections.abc import Mapping
from datetime import date

from flask_babel import format_date, gettext

from analysis.suppression.quotes import QuoteReason
from consult.models import Response
from consult.services.reading.listing import ON_THE_PAGES, Fate
from consult.services.reading.redacted import MARKER
from consult.services.timing import Timing

FATE_COLOURS: Mapping[Fate, str] = {
    Fate.COUNTED: "green",
    Fate.WAITING: "yellow",
    Fate.REFUSED: "red",
    Fate.EXCLUDED: "red",
    Fate.WITHDRAWN: "grey",
}
"""Of the tags; the words say it, the colour repeats it."""


def fate_words(fate: Fate) -> str:
    """What becomes of a response, for a tag."""
    return {
        # Translators: of a response: it is in the figures
        Fate.COUNTED: gettext("Counts"),
        # Translators: of a response: nobody has said yet whether it came in time
        Fate.WAITING: gettext("Waits for a decision"),
        # Translators: of a response: it came too late, as an officer decided
        Fate.REFUSED: gettext("Too late"),
        # Translators: of a response: an officer left it out of the figures
        Fate.EXCLUDED: gettext("Left out"),
        # Translators: of a response: its person took it back
        Fate.WITHDRAWN: gettext("Withdrawn"),
    }[fate]


def fate_sentence(fate: Fate) -> str:
    """What becomes of responses and why, for a row of figures."""
    return {
        Fate.COUNTED: gettext("Count in every figure and every theme"),
        Fate.WAITING: gettext(
            "Do not count yet: their clocks do not tell whether they came in time"
        ),
        Fate.REFUSED: gettext("Do not count: they came too late, as an officer decided"),
        Fate.EXCLUDED: gettext("Do not count: an officer left them out, with a reason"),
        Fate.WITHDRAWN: gettext("Do not count: their people took them back, and they are deleted"),
    }[fate]


def channel_words(channel: str) -> str:
    """The way in which somebody answered."""
    words = {
        # Translators: way of answering: by oneself, on the web pages
        "online": gettext("Online"),
        # Translators: way of answering: with the help of somebody else
        "assisted": gettext("With help"),
        "paper": gettext("On paper"),
        "phone": gettext("By phone"),
    }
    return words.get(channel, channel)


def origin_words(origin: str) -> str:
    """How a response came in."""
    words = {
        ON_THE_PAGES: gettext("Given on the pages"),
        # Translators: how a response came in: from another survey platform's export
        "file": gettext("File from elsewhere"),
        "email": gettext("E-mail"),
        "letter": gettext("Letter"),
        "phone": gettext("Phone call"),
        "paper_form": gettext("Paper form"),
    }
    return words.get(origin, origin)


def day_words(day: date) -> str:
    """A day without a time."""
    return format_date(day, "long")


def mode_words(mode: str) -> str:
    """Who entered the answers of somebody who came to a session or filled in a form."""
    words = {
        # Translators: the helper held the tablet and entered what the person said
        "helped": gettext("A helper, for the person"),
        # Translators: at a session, with the tablet in the person's own hands
        "self": gettext("The person alone, on the partner’s tablet"),
        "paper": gettext("The person on a paper form, which was typed in later"),
    }
    return words.get(mode, mode)


def mark_words(kind: str) -> str:
    """A suspicion, for a tag."""
    words = {
        "suspected_spam": gettext("Perhaps spam"),
        # Translators: a person may have answered twice
        "suspected_repeat": gettext("Perhaps a repeat"),
    }
    return words.get(kind, kind)


def mark_reason(reason: str) -> str:
    """Why a response is under suspicion."""
    words = {
        "hidden_field": gettext("A field was filled in that no person sees"),
        "many_links": gettext("It holds many links"),
        "very_fast": gettext("It was answered faster than anybody reads"),
        "same_answers": gettext("Another response says exactly the same"),
        "advertising": gettext("It advertises something"),
        "not_about_this": gettext("It is not about this consultation"),
        "made_up": gettext("Its answers are made up"),
        "same_person": gettext("The same person has answered before"),
        "same_words": gettext("It repeats the words of another response"),
    }
    return words.get(reason, reason)


def timing_words(response: Response) -> str:
    """Whether a response came in time, and how that is known."""
    match response.timing:
        case Timing.ON_TIME:
            return gettext("In time")
        case Timing.LATE:
            return gettext("Finished in time on the person’s device, and delivered later")
        case _:
            return gettext("In doubt: the clocks do not tell whether it was finished in time")


def redaction_reason(reason: str) -> str:
    """Why words are hidden, for a choice or a list."""
    words = {
        "name": gettext("A person’s name"),
        "contact": gettext("Contact details, such as a phone number"),
        "address": gettext("An address or postcode"),
        "health": gettext("Something about the health of a person who can be recognised"),
        "other": gettext("Something else by which a person can be recognised"),
        "abusive": gettext("Abuse of a person or a group"),
    }
    return words.get(reason, reason)


def marker_words() -> dict[str, str]:
    """What stands in the place of hidden words, by reason, in the reader's language."""
    return {
        # Translators: these stand in an answer where words were hidden; keep the brackets
        "name": gettext("[name removed]"),
        "contact": gettext("[contact details removed]"),
        "address": gettext("[address removed]"),
        "health": gettext("[health details removed]"),
        "other": gettext("[personal details removed]"),
        "abusive": gettext("[abuse removed]"),
    }


def marker(reason: str) -> str:
    """What stands in the place of words that are hidden for a reason."""
    return marker_words().get(reason, MARKER)


def kind_words(kind: str) -> str:
    """A kind of personal data that the machine finds."""
    words = {
        "email": gettext("E-mail address"),
        "url": gettext("Web address"),
        "card": gettext("Number of a bank card"),
        "national_insurance": gettext("National Insurance number"),
        "nhs_number": gettext("NHS number"),
        "phone": gettext("Phone number"),
        "postcode": gettext("Postcode"),
        "vehicle": gettext("Number plate"),
        "birth_date": gettext("Date of birth"),
        "address": gettext("Address"),
        "name": gettext("Name"),
        # Translators: the name of an account on social media, such as @someone
        "handle": gettext("Account on social media"),
    }
    return words.get(kind, kind)


def quote_reason(reason: QuoteReason, language: str) -> str:
    """Why a quote, or the language beside it, would not be published. ``language``: its name."""
    match reason:
        case QuoteReason.PERSONAL_DATA:
            return gettext(
                "It is held back, because a machine finds personal data in it. Hide that in the "
                "answer, or say below that it is none."
            )
        case QuoteReason.SMALL_GROUP:
            return gettext(
                "Its language would not stand beside it, because too few people raised the theme "
                "in that language: %(language)s.",
                language=language,
            )
        case QuoteReason.NOT_APPROVED:
            return gettext("It is not approved.")
        case QuoteReason.REDACTED:
            return gettext("Personal data in it is replaced.")
        case QuoteReason.TWO_ATTRIBUTES:
            return gettext("More than one thing would be said of the writer.")
