"""The hand-written texts of each language, read from the package."""

from functools import cache
from importlib import resources

from pydantic import Field, field_validator
from ruamel.yaml import YAML

from consult.document.model import Strict

LANGUAGES = ("en", "ur", "pa", "bn", "pl", "ar", "so", "ro")
"""The languages that have a text bank."""

NO_ANSWER = "no_answer"
"""Label of a text that declines to answer, such as "N/A"."""

OFF_TOPIC = "off_topic"
"""Label of a text about something that the consultation does not ask."""

CAMPAIGN_LETTER = "campaign_letter"
"""Label of the letter that many people send with small changes."""

THEMES = frozenset(
    {
        "air_quality",
        "alcohol_drugs",
        "buses",
        "carers",
        "community_groups",
        "cooking_skills",
        "cost_of_activities",
        "culture",
        "cycling_safety",
        "dentists",
        "diabetes",
        "digital_exclusion",
        "disability_access",
        "discrimination",
        "energy_bills",
        "faith_groups",
        "fgm",
        "food_banks",
        "food_prices",
        "gp_access",
        "home",
        "housing_damp",
        "inequality",
        "jobs_pay",
        "language_barriers",
        "leisure_centre",
        "library",
        "litter",
        "loneliness",
        "maternity_health_visitor",
        "mental_waiting",
        "motivation",
        "older_people",
        "parks",
        "personal_freedom",
        "plain_words",
        "safety_crime",
        "school_food",
        "school_places",
        "screening",
        "survey_itself",
        "takeaways",
        "thanks",
        "time_pressure",
        "trust_in_council",
        "vaccines",
        "walking_pavements",
        "womens_exercise",
        "young_people",
        NO_ANSWER,
        OFF_TOPIC,
    }
)
"""What a text can be about. ``thanks`` is general praise, ``trust_in_council`` also doubt."""

PERSONAL_DETAILS = frozenset({"name", "phone", "email", "postcode"})


class BankText(Strict):
    """One hand-written answer and what it is about."""

    text: str = Field(min_length=1, max_length=5_000)
    themes: tuple[str, ...] = Field(min_length=1)
    fits: tuple[str, ...] = Field(min_length=1)
    """Keys of the questions that it could answer."""
    tone: str = Field(default="neutral", pattern="^(for|against|neutral)$")
    """Whether it speaks for the draft or the council, or against."""
    by_organisation: bool = False
    personal: tuple[str, ...] = ()
    """Which personal details, all fictional, it gives away."""

    @field_validator("themes")
    @classmethod
    def _known_themes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(value) - THEMES):
            raise ValueError(f"unknown themes: {', '.join(unknown)}")
        return value

    @field_validator("personal")
    @classmethod
    def _known_details(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := sorted(set(value) - PERSONAL_DETAILS):
            raise ValueError(f"unknown personal details: {', '.join(unknown)}")
        return value


class OwnSentence(Strict):
    """What one sender adds to the campaign letter."""

    text: str
    themes: tuple[str, ...] = ()


class Campaign(Strict):
    """The parts of the letter that many people send."""

    greetings: tuple[str, ...] = Field(min_length=1)
    paragraphs: tuple[str, str]
    closings: tuple[str, ...] = Field(min_length=1)
    own_sentences: tuple[OwnSentence, ...] = Field(min_length=1)


class Bank(Strict):
    """Everything hand-written in one language."""

    language: str
    openers: tuple[str, ...] = Field(min_length=1)
    closers: tuple[str, ...] = Field(min_length=1)
    contacts: tuple[str, ...] = Field(min_length=1)
    """Sentences with a place, ``{phone}``, for a fictional phone number."""
    help_other: tuple[str, ...] = Field(min_length=1)
    """What people fill in at "something else" when asked what would help them."""
    organisations: tuple[str, ...] = ()
    campaign: Campaign | None = None
    texts: tuple[BankText, ...] = Field(min_length=1)


@cache
def bank(language: str) -> Bank:
    """Return the text bank of a language, one of :data:`LANGUAGES`.

    Raises
    ------
    ValueError
        If there is no bank in that language.
    pydantic.ValidationError
        If its file is not in the expected form.
    """
    if language not in LANGUAGES:
        raise ValueError(f"there are no illustrative texts in {language!r}")
    file = resources.files("consult.demo.responses.texts").joinpath(f"{language}.yaml")
    loaded = YAML(typ="safe").load(file.read_text(encoding="utf-8"))
    return Bank.model_validate(loaded)
