"""What the Equality Act 2010 asks, in our own plain words. Not legal advice."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flask_babel import gettext

from consult.reports.data import CHARACTERISTICS, Asked

_KEYS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        # Before sex: questions about gender identity often name both.
        "gender_reassignment": (
            "gender_reassignment",
            "gender_identity",
            "gender_same",
            "gender_different",
            "same_as_birth",
            "sex_at_birth",
            "trans",
            "transgender",
        ),
        "sexual_orientation": ("sexual_orientation", "sexuality", "orientation"),
        "age": ("age", "ages", "year_of_birth", "birth_year"),
        "disability": (
            "disability",
            "disabilities",
            "disabled",
            "impairment",
            "health_condition",
            "long_term_condition",
        ),
        "marriage_and_civil_partnership": (
            "marriage",
            "married",
            "marital",
            "civil_partnership",
            "partnership_status",
        ),
        "pregnancy_and_maternity": ("pregnancy", "pregnant", "maternity"),
        "race": ("race", "ethnicity", "ethnic", "nationality", "national_identity"),
        "religion_or_belief": ("religion", "belief", "faith"),
        "sex": ("sex", "gender"),
    }
)
"""Words by which keys of questions and of figures name a characteristic."""

_LABELS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        name: re.compile(pattern, re.IGNORECASE)
        for name, pattern in (
            (
                "gender_reassignment",
                r"same as the (sex|gender)|gender identity|transgender|\btrans\b|at birth",
            ),
            ("sexual_orientation", r"sexual orientation|sexuality"),
            ("age", r"how old|\bage\b|age group|year .*born"),
            ("disability", r"disab|day-to-day activities|long-term (health )?condition"),
            ("marriage_and_civil_partnership", r"married|marital|civil partner"),
            ("pregnancy_and_maternity", r"pregnan|maternity"),
            ("race", r"ethnic|\brace\b|nationality"),
            ("religion_or_belief", r"religio|belief|faith"),
            ("sex", r"\bsex\b|\bgender\b"),
        )
    }
)
"""The same for the English words of questions, whose keys may say nothing."""


def characteristic_of(key: str) -> str | None:
    """The protected characteristic that a key names."""
    name = re.sub(r"[^a-z]+", "_", key.lower()).strip("_")
    for characteristic, found in _KEYS.items():
        if any(f"_{word}_" in f"_{name}_" for word in found):
            return characteristic
    return None


def asked_about(question: Asked) -> str | None:
    """The protected characteristic that a monitoring question asks about."""
    if question.part != "monitoring":
        return None
    if found := characteristic_of(question.key):
        return found
    label = question.label.get("en", "")
    return next((name for name, words in _LABELS.items() if words.search(label)), None)


def meaning(characteristic: str) -> str:
    """Whom the law protects by a characteristic, in a sentence."""
    return {
        "age": gettext("Age: people of every age, and of an age group such as those under 25."),
        "disability": gettext(
            "Disability: a physical or mental impairment that makes everyday life harder, by more "
            "than a little and for 12 months or longer."
        ),
        "gender_reassignment": gettext(
            "Gender reassignment: people who are going to change, are changing or have changed "
            "their sex. No medical treatment is needed for that."
        ),
        "marriage_and_civil_partnership": gettext(
            "Marriage and civil partnership: people who are married or in a civil partnership. It "
            "counts for the first of the three aims only: ending discrimination."
        ),
        "pregnancy_and_maternity": gettext(
            "Pregnancy and maternity: people who are pregnant or have had a baby in the last 26 "
            "weeks."
        ),
        "race": gettext(
            "Race: colour, nationality, and ethnic or national origins. Gypsies, Roma and Irish "
            "Travellers are among those protected."
        ),
        "religion_or_belief": gettext(
            "Religion or belief: every religion, other serious beliefs about how to live, and "
            "having no religion or belief."
        ),
        "sex": gettext("Sex: women and men."),
        "sexual_orientation": gettext(
            "Sexual orientation: whether people are drawn to the same sex, the other sex or both."
        ),
    }[characteristic]


def duty() -> Iterator[str]:
    """The three aims of section 149."""
    yield gettext(
        "End discrimination, harassment, victimisation and whatever else the Act forbids."
    )
    yield gettext(
        "Give people who share a protected characteristic the same chances as others: take away "
        "disadvantages, meet needs that differ, and help people to take part where few of them do."
    )
    yield gettext(
        "Foster good relations between people who share a characteristic and people who do not: "
        "tackle prejudice and help them to understand each other."
    )


def due_regard() -> Iterator[str]:
    """What that means for those who decide."""
    yield gettext(
        "Think of the aims before you decide and while you decide, not afterwards, with an open "
        "mind."
    )
    yield gettext(
        "Think harder where more is at stake for people. The weight that you give to the aims must "
        "fit what the decision does to them."
    )
    yield gettext(
        "Know enough. Where a group is missing from the answers, ask whether you must find out "
        "more before you decide."
    )
    yield gettext(
        "The duty is yours. It cannot be handed to officers, to a consultant or to a computer "
        "program."
    )
    yield gettext(
        "Keep a record of what you considered. To remove a disadvantage can mean to treat some "
        "people better than others, as far as the Act allows."
    )


assert set(_KEYS) == set(_LABELS) == set(CHARACTERISTICS)  # noqa: S101 - each needs its words
