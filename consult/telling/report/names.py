"""Names of what the figures know by a key: languages, ways of answering, fixed answers."""

from collections.abc import Mapping

from flask_babel import get_locale, gettext

from analysis.text.codes import language_name as english_name


def language_name(code: str) -> str:
    """A language's name in the language of the paper."""
    if code in {"", "und"}:
        # Translators: in place of the name of a language: nobody knows which one it is
        return gettext("Language not known")
    if code == "other":
        return gettext("Other languages")
    locale = get_locale()
    language, _, rest = code.partition("-")
    name = locale.languages.get(language) if locale else None
    if name is None:
        return english_name(code)
    script = locale.scripts.get(rest) if locale and rest else None
    if script is None:
        return name
    # Translators: a language written in the letters of another, such as: Urdu in Latin letters
    return gettext("%(language)s in %(script)s letters", language=name, script=script)


def channel_name(key: str) -> str:
    """The way that a response came."""
    return {
        "online": gettext("On the website"),
        # Translators: a response that a partner or a colleague wrote down for somebody
        "assisted": gettext("With somebody's help"),
        "paper": gettext("On paper"),
        "phone": gettext("By phone"),
        "file": gettext("From another platform's file"),
        "email": gettext("By e-mail"),
        "letter": gettext("By letter"),
        "paper_form": gettext("On a paper form"),
    }.get(key, key)


def area_name(key: str) -> str:
    """Of those that are not areas of the consultation."""
    return {
        "": gettext("Did not say"),
        "not_said": gettext("Did not say"),
        "unknown": gettext("Did not say"),
        "prefer_not_to_say": gettext("I prefer not to say"),
        "outside_area": gettext("Outside the area"),
    }.get(key, key)


def standing_names() -> Mapping[str, tuple[str, str]]:
    """What became of responses that do not count, and what that means, by key."""
    return {
        "waiting": (
            gettext("Not counted yet"),
            gettext("Nobody has decided yet whether it came in time."),
        ),
        "too_late": (
            gettext("Came too late"),
            gettext("A person decided that it came after the last moment."),
        ),
        "excluded": (
            gettext("Excluded"),
            gettext("A person excluded it and wrote down the reason."),
        ),
        "withdrawn": (
            gettext("Withdrawn"),
            gettext("By the person who gave it. The answers are gone."),
        ),
        "test": (
            gettext("Tests in the preview"),
            gettext("A colleague tried the questions out."),
        ),
    }


def answer_name(key: str) -> str | None:
    """A fixed answer of our own scales, as residents see it."""
    return {
        "strongly_agree": gettext("Strongly agree"),
        "agree": gettext("Agree"),
        "neither": gettext("Neither agree nor disagree"),
        "disagree": gettext("Disagree"),
        "strongly_disagree": gettext("Strongly disagree"),
        "dont_know": gettext("I don't know"),
        "prefer_not_to_say": gettext("I prefer not to say"),
        "outside_area": gettext("I do not live in any of these"),
    }.get(key)


def state_name(state: str) -> str:
    """How a group stands beside its share of residents."""
    return {
        "under": gettext("Under"),
        "in_line": gettext("In line"),
        "over": gettext("Over"),
        "too_few": gettext("Too few to tell"),
        # Translators: of a group that could not be compared with residents
        "untested": gettext("Not compared"),
    }[state]


def tier_name(tier: str) -> str:
    """How firmly that is known."""
    return {
        "confirmed": gettext("Confirmed"),
        "early": gettext("Early sign"),
        "none": gettext("No flag"),
    }[tier]


def characteristic_name(key: str) -> str:
    """A protected characteristic of the Equality Act 2010."""
    return {
        "age": gettext("Age"),
        "disability": gettext("Disability"),
        # Translators: a protected characteristic of British equality law
        "gender_reassignment": gettext("Gender reassignment"),
        # Translators: a protected characteristic of British equality law
        "marriage_and_civil_partnership": gettext("Marriage and civil partnership"),
        # Translators: a protected characteristic of British equality law
        "pregnancy_and_maternity": gettext("Pregnancy and maternity"),
        # Translators: a protected characteristic of British equality law
        "race": gettext("Race"),
        # Translators: a protected characteristic of British equality law
        "religion_or_belief": gettext("Religion or belief"),
        "sex": gettext("Sex"),
        "sexual_orientation": gettext("Sexual orientation"),
    }.get(key, key)
