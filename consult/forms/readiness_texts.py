"""Words for findings about what is written: missing, worded badly, not translated."""

from flask_babel import gettext, ngettext

from consult.forms.bidirectional import isolated
from consult.forms.editing.labels import LABELS
from consult.languages import native_name
from consult.readiness.findings import Code, Finding

Words = tuple[str, str]


def textual(finding: Finding) -> Words | None:
    """What is wrong and the mend; nothing where the finding is about something else."""
    return _structure(finding) or _clarity(finding) or _questions(finding) or _translations(finding)


def _structure(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.MISSING:
            fields = values["fields"]
            names = (
                [_field_name(finding.path, field) for field in fields]
                if isinstance(fields, tuple)
                else []
            )
            if not names:
                return (
                    gettext("Nothing is written here yet."),
                    gettext("Open the page and write it."),
                )
            return (
                # Translators: a list of fields of a form, each in its own words
                gettext("Not written yet: %(fields)s.", fields="; ".join(names)),
                gettext("Open the page and write what is missing."),
            )
        case Code.UNFIT:
            return (
                ngettext(
                    "%(num)s thing here does not fit.",
                    "%(num)s things here do not fit.",
                    finding.number("count"),
                ),
                gettext("Open the page: it says at the top what to put right."),
            )
        case Code.CONTRADICTS:
            return (
                gettext("What stands here cannot be published."),
                gettext("Open the page, look through it, and save it once more."),
            )
    return None


def _clarity(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.ACRONYM:
            return (
                gettext("“%(name)s” is not explained.", name=isolated(values["name"])),
                gettext(
                    "Where it first stands, write the words and put the letters in brackets after "
                    "them. Or do without the letters."
                ),
            )
        case Code.ACRONYM_LATE:
            return (
                gettext(
                    "“%(name)s” is explained later than it is first used.",
                    name=isolated(values["name"]),
                ),
                gettext("Move the explanation to the first place."),
            )
        case Code.PLACEHOLDER:
            return (
                gettext(
                    "“%(text)s” looks like something to fill in.", text=isolated(values["text"])
                ),
                gettext("Write what belongs there."),
            )
        case Code.READING_AGE:
            return (
                gettext(
                    "This reads like a text for people aged about %(age)s (right to about a year "
                    "either way). Aim for %(target)s.",
                    age=values["age"],
                    target=values["target"],
                ),
                gettext("Use shorter sentences and everyday words."),
            )
        case Code.LONG_SENTENCES:
            return (
                ngettext(
                    "%(num)s sentence here has more than %(limit)s words. The longest has "
                    "%(longest)s.",
                    "%(num)s sentences here have more than %(limit)s words. The longest has "
                    "%(longest)s.",
                    finding.number("count"),
                    limit=values["limit"],
                    longest=values["longest"],
                ),
                gettext("Make two sentences of one."),
            )
    return None


def _questions(finding: Finding) -> Words | None:
    values = finding.values
    match finding.code:
        case Code.LONG_QUESTION:
            return (
                gettext("The question has %(count)s words.", count=values["count"]),
                gettext(
                    "Ask it in %(limit)s words or fewer. What needs explaining can stand in the "
                    "help.",
                    limit=values["limit"],
                ),
            )
        case Code.LEADING_QUESTION:
            return (
                gettext("The question may lead people to one answer."),
                gettext("Name both sides, such as “Do you agree or disagree …”."),
            )
        case Code.TWO_QUESTIONS:
            return (
                gettext(
                    "The question may ask two things at once. Whoever agrees with one and not "
                    "with the other cannot answer."
                ),
                gettext("If so, make two questions of it."),
            )
    return None


def _translations(finding: Finding) -> Words | None:
    values = finding.values
    language = isolated(native_name(str(values.get("language", ""))))
    match finding.code:
        case Code.ESSENTIALS_UNTRANSLATED:
            return (
                ngettext(
                    "%(language)s: %(num)s text that people must understand before they answer is "
                    "not translated and approved (title, introduction, consent, privacy).",
                    "%(language)s: %(num)s texts that people must understand before they answer "
                    "are not translated and approved (title, introduction, consent, privacy).",
                    finding.number("count"),
                    language=language,
                ),
                gettext("Translate and approve them, or do not offer the language."),
            )
        case Code.UNTRANSLATED:
            return (
                ngettext(
                    "%(language)s: %(num)s of %(total)s texts is not translated. Residents will "
                    "meet the original there.",
                    "%(language)s: %(num)s of %(total)s texts are not translated. Residents will "
                    "meet the original there.",
                    finding.number("count"),
                    language=language,
                    total=values["total"],
                ),
                gettext("Translate what is missing."),
            )
        case Code.STALE:
            return (
                ngettext(
                    "%(language)s: %(num)s translation is of an older text, so residents will not "
                    "meet it.",
                    "%(language)s: %(num)s translations are of older texts, so residents will not "
                    "meet them.",
                    finding.number("count"),
                    language=language,
                ),
                gettext("Look at what has changed, and mend or confirm the translation."),
            )
        case Code.UNAPPROVED:
            return (
                ngettext(
                    "%(language)s: %(num)s translation is not approved by anybody, so residents "
                    "will not meet it.",
                    "%(language)s: %(num)s translations are not approved by anybody, so residents "
                    "will not meet them.",
                    finding.number("count"),
                    language=language,
                ),
                gettext("Let somebody who reads the language look at it and approve it."),
            )
        case Code.TRANSLATION_WARNINGS:
            return (
                ngettext(
                    "%(language)s: %(num)s translation looks odd beside its original.",
                    "%(language)s: %(num)s translations look odd beside their originals.",
                    finding.number("count"),
                    language=language,
                ),
                gettext("Look at the remarks on the page of the translation."),
            )
    return None


def _field_name(part: str, field: str) -> str:
    label = LABELS.get(f"{part.split('.', 1)[0]}.{field}")
    return str(label) if label is not None else field
