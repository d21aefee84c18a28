"""Words of the report's pages: its parts, its forms, and what is to know of it."""

from collections.abc import Mapping

from flask_babel import format_percent, gettext, ngettext

from consult.reports.data import Audience, Form
from consult.services.reporting.checking import Finding, Kind
from consult.services.reporting.texts import Reason, Refused


def section_words(key: str) -> str:
    """What a section of the report is called."""
    return _sections().get(key, key)


def section_hint(key: str) -> str:
    """What stands in a section."""
    return _hints().get(key, "")


def form_choices() -> list[dict[str, str]]:
    """How long and how plain a report can be."""
    words = {
        Form.FULL: gettext("Full report"),
        Form.ONE_PAGE: gettext("One page"),
        Form.EASY_READ: gettext("Easy Read"),
    }
    return [{"value": form.value, "label": words[form]} for form in Form]


def format_choices() -> list[dict[str, str]]:
    """What a report can be taken along as."""
    words = format_words()
    return [{"value": name, "label": words[name]} for name in words]


def format_words() -> Mapping[str, str]:
    """The formats of files by their names."""
    return {
        "docx": "Word",
        "xlsx": "Excel",
        "html": gettext("Web page"),
        "csv": gettext("Figures as CSV"),
        "json": gettext("Open data as JSON"),
    }


def audience_words(audience: str) -> str:
    """For whom a version is."""
    if audience == Audience.PUBLIC.value:
        # Translators: of a version of a report that everybody may read
        return gettext("Public")
    # Translators: of a version of a report that only colleagues may read
    return gettext("Internal")


def refusal_words(refused: Refused) -> str:
    """Why a text cannot be kept, and what to do."""
    if refused.reason is Reason.TOO_LONG:
        return gettext(
            "This text has %(count)s characters. We can take up to 20,000: shorten it, or make "
            "two paragraphs of it.",
            count=refused.figure,
        )
    return gettext(
        "This text holds a character that nobody can see (%(code)s). It often comes with words "
        "that were pasted: type them instead.",
        code=refused.figure,
    )


def finding_words(finding: Finding, question: str, language: str) -> str:
    """One thing to know before a report goes out; with the names of what it is about."""
    match finding.kind:
        case Kind.STILL_OPEN:
            return gettext("The consultation is still open: the figures will change.")
        case Kind.NEVER_ANALYSED:
            return gettext("“%(question)s”: nobody has looked for themes yet.", question=question)
        case Kind.NOT_YET_ANALYSED:
            return ngettext(
                "“%(question)s”: %(num)s answer is not analysed yet.",
                "“%(question)s”: %(num)s answers are not analysed yet.",
                finding.count,
                question=question,
            )
        case Kind.UNNAMED:
            return ngettext(
                "“%(question)s”: %(num)s theme has a name that a machine made up.",
                "“%(question)s”: %(num)s themes have names that a machine made up.",
                finding.count,
                question=question,
            )
        case Kind.UNREVIEWED:
            return gettext(
                "“%(question)s”: no person has looked at %(share)s of the statements.",
                question=question,
                share=format_percent(finding.share),
            )
        case Kind.NO_QUOTES:
            return gettext("“%(question)s”: no quote is approved.", question=question)
        case Kind.CONSIDERED:
            return ngettext(
                "For %(num)s protected characteristic nothing is written about what "
                "decision-makers must consider.",
                "For %(num)s protected characteristics nothing is written about what "
                "decision-makers must consider.",
                finding.count,
            )
        case Kind.TEXTS_MISSING:
            return ngettext(
                "%(language)s: %(num)s text of the report is missing.",
                "%(language)s: %(num)s texts of the report are missing.",
                finding.count,
                language=language,
            )
        case Kind.QUOTES_MISSING:
            return ngettext(
                "%(language)s: %(num)s quote has no translation.",
                "%(language)s: %(num)s quotes have no translation.",
                finding.count,
                language=language,
            )
        case Kind.STALE:
            return ngettext(
                "%(language)s: %(num)s translation is older than its text.",
                "%(language)s: %(num)s translations are older than their texts.",
                finding.count,
                language=language,
            )
        case Kind.BY_MACHINE:
            return ngettext(
                "%(language)s: %(num)s machine draft that nobody has gone over.",
                "%(language)s: %(num)s machine drafts that nobody has gone over.",
                finding.count,
                language=language,
            )


def _sections() -> dict[str, str]:
    return {
        "summary": gettext("Summary"),
        "asked": gettext("What we asked"),
        "answered": gettext("Who answered"),
        "missing": gettext("Who is missing"),
        "reached": gettext("What was done to reach people"),
        "closed": gettext("Answers to closed questions"),
        "themes": gettext("What people wrote"),
        "talks": gettext("What was said in group talks"),
        "left_out": gettext("What is left out"),
        "method": gettext("Method and limits"),
        "equality": gettext("Equality"),
        "tables": gettext("Tables"),
    }


def _hints() -> dict[str, str]:
    return {
        "summary": gettext("The main figures and themes on one page."),
        "asked": gettext("The consultation, its dates and its questions."),
        "answered": gettext("How many answered, how, when and in which languages."),
        "missing": gettext("Groups of residents beside their share of those who answered."),
        "reached": gettext("What is written down about whom you reached."),
        "closed": gettext("Each question with its answers, as counted and weighted."),
        "themes": gettext("Each open question with its themes, quotes and groups."),
        "talks": gettext("Tables that talked together, apart from responses; only if any did."),
        "left_out": gettext("Answers not translated, excluded or withdrawn."),
        "method": gettext("In plain words, with what the figures cannot tell."),
        "equality": gettext(
            "An appendix: each protected characteristic, its gap, and what must be considered."
        ),
        "tables": gettext("An appendix: all figures once more."),
    }
