"""What pages and codebooks of raw data say."""

from flask_babel import force_locale, gettext

from consult.services.raw.codebook import Words
from consult.services.raw.columns import Column, Holds
from consult.services.raw.reading import STATUSES
from consult.services.tokens import Scope
from consult.views.residents.choices import FIXED_LABELS
from consult.views.staff.responses.words import (
    channel_words,
    fate_words,
    mode_words,
    origin_words,
)

ORIGINS = ("pages", "file", "email", "letter", "phone", "paper_form")
CHANNELS = ("online", "assisted", "paper", "phone")
MODES = ("helped", "self", "paper")


def format_words() -> dict[str, str]:
    """The files that responses can be had as."""
    return {
        "zip": gettext("Table with its codebook, in one ZIP archive"),
        "csv": gettext("Table (CSV), for statistics programs"),
        "xlsx": gettext("Excel workbook, with the codebook as a second sheet"),
        # Translators: a file format in which each line is a JSON object
        "jsonl": gettext("JSON lines, for programs"),
    }


def which_words() -> dict[str, str]:
    """Which responses there are to choose from."""
    return {
        "counted": gettext("Those that count"),
        "all": gettext("All, with a column that says whether each counts"),
    }


def scope_words() -> dict[Scope, str]:
    """What a token opens."""
    return {
        Scope.CONSULTATIONS: gettext("Consultations that are not open yet"),
        Scope.RESPONSES: gettext("Single responses"),
        Scope.THEMES: gettext("Themes and their figures"),
    }


def codebook_words(language: str) -> Words:
    """What a codebook says beside the texts of a consultation in that language."""
    return Words(fixed=fixed_labels(language), holds=_holds, values=_values())


def fixed_labels(language: str) -> dict[str, str]:
    """The answers that the product words, in the language of a consultation."""
    with force_locale("en_GB" if language == "en" else language):
        return {key: str(label) for key, label in FIXED_LABELS.items()}


def _values() -> dict[Holds, dict[str, str]]:
    return {
        Holds.CHANNEL: {channel: channel_words(channel) for channel in CHANNELS},
        Holds.MODE: {mode: mode_words(mode) for mode in MODES},
        Holds.INTERPRETED: {"1": gettext("Yes"), "0": gettext("No")},
        Holds.ORIGIN: {origin: origin_words(origin) for origin in ORIGINS},
        Holds.TIMING: {
            "on_time": gettext("In time"),
            "late": gettext("Finished in time on the person’s device, and delivered later"),
            "doubtful": gettext("In doubt: the clocks do not tell whether it was finished in time"),
        },
        Holds.IS_RESIDENT: {"1": gettext("Yes"), "0": gettext("No")},
        Holds.STATUS: {fate.value: fate_words(fate) for fate in STATUSES},
    }


def _holds(column: Column) -> str:
    """What the cells of a column are, in one sentence."""
    if column.holds is Holds.OPTION:
        return gettext(
            "1 where this option was chosen and 0 where it was not; of a ranking, its place, 1 "
            "being the first; blank where the question was not answered or the option not ranked"
        )
    return {
        Holds.ID: gettext(
            "Stands for the response in every file and for programs; it leads to no person"
        ),
        Holds.RECEIVED_ON: gettext("The day on which the response came, without the time"),
        Holds.CHANNEL: gettext("How the person answered"),
        Holds.SESSION: gettext(
            "Code of the partner’s session that the response came from, where it came from one"
        ),
        Holds.PARTNER: gettext("The organisation that held the session"),
        Holds.MODE: gettext("Who entered the answers; blank where the person did so online"),
        Holds.INTERPRETED: gettext(
            "Whether there was an interpreter; blank where the person answered online"
        ),
        Holds.FORM_LANGUAGE: gettext("Code of the language in which the questions were read"),
        Holds.ORIGIN: gettext("How the response came in"),
        Holds.IMPORT: gettext("Which file it came with, where it came with one"),
        Holds.TIMING: gettext("Whether the response came in time"),
        Holds.IS_RESIDENT: gettext(
            "Whether the person lives in the area; blank where that is not known"
        ),
        Holds.STATUS: gettext("Whether the response counts"),
        Holds.ANSWER: gettext(
            "The answer: the key of the option chosen, a number, or the words written, in which "
            "[…] stands for what was hidden; blank where the question was not answered"
        ),
        Holds.OTHER: gettext("What was written beside an option that asks for words"),
        Holds.LANGUAGE: gettext("Code of the language that the words are in"),
        Holds.TRANSLATION: gettext("The words in the language that was asked for"),
        Holds.TRANSLATED_BY: gettext("Who translated the words: person or machine"),
        Holds.VERSION: gettext("Which version of the question was answered"),
    }[column.holds]
