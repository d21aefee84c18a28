"""What to say of translations: where a text stands, how far it is, what may be wrong with it."""

from collections.abc import Mapping
from typing import Any

from babel.core import Locale, UnknownLocaleError
from flask_babel import get_locale, gettext, ngettext
from markupsafe import Markup

from consult.document.questions import Part
from consult.languages import direction, native_name
from consult.services.translating import Standing
from consult.services.translating_checks import Doubt, TextWarning
from consult.services.translating_saving import Held, Hindrance

LONGEST_NAME = 60
"""Characters of a title or question that stand for it in a label."""

COLOURS: Mapping[Standing, str] = {
    Standing.MISSING: "red",
    Standing.MACHINE: "purple",
    Standing.WRITTEN: "blue",
    Standing.STALE: "yellow",
    Standing.APPROVED: "green",
}
"""Of the tags; the words say it, the colour repeats it."""


def language_name(code: str) -> str:
    """A language in the words of the page's, and in its own: not every officer reads both."""
    native, common = native_name(code), _common_name(code)
    if common in {"", native}:
        return native
    # Translators: a language's name, and its name in itself, such as: Urdu (اردو)
    return gettext("%(name)s (%(native)s)", name=common, native=native)


def language_label(code: str) -> Markup:
    """The same for a label, each name in its own direction."""
    common = _common_name(code)
    native = Markup('<span lang="{}" dir="{}">{}</span>').format(
        code, direction(code), native_name(code)
    )
    if common in {"", native_name(code)}:
        return native
    return Markup("{} {}").format(common, native)


def _common_name(code: str) -> str:
    try:
        return Locale.parse(code, sep="-").get_language_name(get_locale()) or ""
    except (UnknownLocaleError, ValueError):
        return ""


def standing_words(standing: Standing) -> str:
    """How far the translation of a text is, for a tag."""
    match standing:
        case Standing.MISSING:
            # Translators: state of a text: it has no translation yet
            return gettext("Missing")
        case Standing.MACHINE:
            # Translators: state of a translation that a machine made and nobody approved yet
            return gettext("Machine draft")
        case Standing.WRITTEN:
            # Translators: state of a translation that a person wrote and nobody approved yet
            return gettext("Not approved")
        case Standing.STALE:
            # Translators: state of a translation whose English text was changed since
            return gettext("Source changed")
        case Standing.APPROVED:
            # Translators: state of a translation that a named person stands for
            return gettext("Approved")


def part_of(path: str, content: Mapping[str, Any]) -> str:
    """The key of the part of the consultation that a text belongs to."""
    first, _, rest = path.partition(".")
    if first in {"contact", "privacy", "sections"}:
        return first
    if first == "questions":
        question = _item(content, "questions", rest.partition(".")[0])
        part = question.get("part")
        return f"questions.{part}" if part in set(Part) else f"questions.{Part.DRAFT}"
    return "words"


def part_words(part: str) -> str:
    """The name of a part of the consultation."""
    match part:
        case "contact":
            return gettext("Contact and other ways to answer")
        case "privacy":
            return gettext("Privacy")
        case "sections":
            # Translators: the parts of the council's draft that residents read
            return gettext("Sections of the draft")
        case "questions.who":
            return gettext("First questions: who is answering")
        case "questions.draft":
            return gettext("Questions about the draft")
        case "questions.monitoring":
            # Translators: the questions about age, sex, ethnic group and so on
            return gettext("Monitoring questions")
        case _:
            return gettext("Words of the start page")


def where(path: str, content: Mapping[str, Any]) -> str:
    """Where residents meet a text."""
    steps = path.split(".")
    match steps:
        case ["sections", key, field]:
            name = _short(_item(content, "sections", key).get("title") or key)
            return _section_words(name, field)
        case ["questions", key, field]:
            name = _short(_item(content, "questions", key).get("label") or key)
            return _question_words(name, field)
        case ["questions", key, "options", _, field]:
            name = _short(_item(content, "questions", key).get("label") or key)
            if field == "hint":
                return gettext("Question “%(question)s”: hint under an answer", question=name)
            return gettext("Question “%(question)s”: an answer to choose", question=name)
        case _:
            return _plain_words(path)


def _section_words(name: str, field: str) -> str:
    match field:
        case "title":
            return gettext("Section “%(section)s”: title", section=name)
        case "summary":
            return gettext("Section “%(section)s”: summary", section=name)
        case "easy_read":
            return gettext("Section “%(section)s”: Easy Read", section=name)
        case _:
            return gettext("Section “%(section)s”: full text", section=name)


def _question_words(name: str, field: str) -> str:
    match field:
        case "label":
            return gettext("Question “%(question)s”", question=name)
        case "help":
            return gettext("Question “%(question)s”: help", question=name)
        case _:
            # Translators: what a number counts, such as "days"
            return gettext("Question “%(question)s”: unit of the number", question=name)


def _plain_words(path: str) -> str:
    words = {
        "title": gettext("Title"),
        "asked_by": gettext("Who asks"),
        "introduction": gettext("Introduction"),
        "what_happens_next": gettext("What happens next"),
        "consent": gettext("Consent"),
        "monitoring_introduction": gettext("Why the monitoring questions are asked"),
        "contact.phone_hours": gettext("When the phone is answered"),
        "contact.paper": gettext("How to answer on paper"),
        "contact.large_print": gettext("How to get large print"),
        "contact.sign_language": gettext("How to answer in British Sign Language"),
        "privacy.lawful_basis_article_6": gettext("Lawful basis, Article 6"),
        "privacy.lawful_basis_article_9": gettext("Lawful basis, Article 9"),
        "privacy.who_sees": gettext("Who sees the answers"),
    }
    return words.get(path, path)


def advice(path: str, source: str) -> list[str]:
    """What a translator should know of a text, beside the text."""
    found = []
    if path.endswith(".full"):
        found.append(
            gettext(
                "Keep the signs for headings (##), lists (-) and links, and the addresses of links."
            )
        )
    if path.endswith(".easy_read"):
        found.append(gettext("One short sentence a line; as many lines as in the source."))
    found.append(
        ngettext(
            "The source has %(num)s character. Stay well below %(limit)s.",
            "The source has %(num)s characters. Stay well below %(limit)s.",
            len(source),
            limit=3 * max(len(source), 40),
        )
    )
    return found


def warning_sentence(warning: TextWarning) -> str:
    """What to look at in a translation, and why."""
    figures = warning.figures
    match warning.doubt:
        case Doubt.HEADINGS:
            return gettext(
                "Headings: %(wanted)s in the source, %(count)s in the translation. Give both the "
                "same.",
                **figures,
            )
        case Doubt.LIST_ITEMS:
            return gettext(
                "List items: %(wanted)s in the source, %(count)s in the translation. Give both "
                "the same.",
                **figures,
            )
        case Doubt.LINKS:
            return gettext(
                "Links: %(wanted)s in the source, %(count)s in the translation. Give both the "
                "same.",
                **figures,
            )
        case Doubt.LINK_TARGETS:
            return gettext(
                "The links do not all lead to the same places: check %(target)s.", **figures
            )
        case Doubt.EASY_READ_LINES:
            return gettext(
                "Lines: %(wanted)s in the source, %(count)s in the translation. Write one line "
                "for each, so that the two can be read side by side.",
                **figures,
            )
        case Doubt.TOO_LONG:
            return gettext(
                "The translation is more than %(limit)s times as long as the source. Check that "
                "nothing else was pasted into it.",
                limit=figures["limit"],
            )
        case Doubt.TOO_SHORT:
            return gettext(
                "The source is more than %(limit)s times as long as the translation. Check that "
                "nothing is missing.",
                limit=figures["limit"],
            )
        case Doubt.SAME_AS_SOURCE:
            return gettext("The translation is the same as the source. Check that it is meant so.")
        case Doubt.OTHER_SCRIPT:
            return gettext(
                "Most letters are of another script than this language is written in. Check that "
                "the text is in the right language."
            )
        case Doubt.FOREIGN_LETTERS:
            return gettext(
                "Some letters are of another script: %(letters)s. Check that they are meant.",
                **figures,
            )


def held_sentence(held: Held) -> str:
    """Why a text was not saved, and what to do."""
    match held.hindrance:
        case Hindrance.CHANGED if held.now is not None and held.now.written_by:
            return gettext(
                "%(name)s changed this translation while you were at it. Yours is still in the "
                "field, theirs stands beside it: keep one of the two, or make one of both.",
                name=held.now.written_by,
            )
        case Hindrance.CHANGED:
            return gettext(
                "Somebody removed this translation while you were at it. Yours is still in the "
                "field: save it once more, if it shall stay."
            )
        case Hindrance.SOURCE_CHANGED:
            return gettext(
                "The text that you translated was changed meanwhile. Yours is still in the field: "
                "compare it with the new source, and save it once more."
            )
        case Hindrance.GONE:
            return gettext(
                "The consultation does not have this text any more, so its translation was not "
                "saved. Copy your words from here if you need them."
            )
        case Hindrance.UNPRINTABLE | Hindrance.TOO_LONG:
            return refusal_sentence(held.hindrance, held.figures)


def refusal_sentence(hindrance: Hindrance | None, figures: Mapping[str, int | str]) -> str:
    """Why a text cannot be kept at all, and what to do."""
    if hindrance is Hindrance.TOO_LONG:
        return gettext(
            "The translation is too long: it has %(count)s characters, and we can take up to "
            "%(limit)s. Shorten it.",
            **figures,
        )
    return gettext(
        "The translation holds a character that cannot be seen (%(character)s). Remove it; it "
        "often comes with text that was pasted.",
        **figures,
    )


def _item(content: Mapping[str, Any], field: str, key: str) -> Mapping[str, Any]:
    items = content.get(field) or ()
    return next((each for each in items if each.get("key") == key), {})


def _short(name: str) -> str:
    line = " ".join(str(name).split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1].rstrip()}…"
