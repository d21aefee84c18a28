"""Who answers: invented people, skewed as respondents to real consultations are.

The shares follow the published figures of the consultation on Birmingham's Health and
Wellbeing Board strategy (2021, 142 responses: 63 % White British, 11 % Muslim, 36 % with a
health condition, most of them aged 45 to 59) and what such consultations share: better-off
wards answer more. The weights are our own and claim no more than that.
"""

from bisect import bisect
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from consult.document.model import OUTSIDE_AREA, PREFER_NOT_TO_SAY

LANGUAGE_WEIGHTS: Mapping[str, int] = {
    "en": 300,
    "ur": 24,
    "bn": 16,
    "pl": 14,
    "ro": 14,
    "ar": 12,
    "pa": 10,
    "so": 10,
}
"""How many of 400 responses are in each language."""


class Weighted:
    """Keys to draw from, each with its weight."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._keys = tuple(weights)
        self._bounds = tuple(accumulate(weights.values()))

    def pick(self, rng: Random) -> str:
        """One key, drawn with its weight."""
        last = len(self._keys) - 1
        return self._keys[bisect(self._bounds, rng.random() * self._bounds[-1], 0, last)]


@dataclass(frozen=True, slots=True)
class Person:
    """One invented respondent."""

    language: str
    who: str
    outlook: float
    """Standing with the draft, normally distributed: high for a friend, low for a critic."""
    channel: str
    monitoring: Mapping[str, str]
    """What the person would choose for each monitoring question, wards apart."""
    ward_profile: str


_WHO = Weighted(
    {"resident": 86, "works_or_studies": 6, "organisation": 4, "councillor_or_staff": 4}
)
_WHO_OTHER_LANGUAGES = Weighted({"resident": 97, "works_or_studies": 2, "organisation": 1})

_AGE = Weighted(
    {
        "age_16_24": 3,
        "age_25_34": 9,
        "age_35_44": 15,
        "age_45_54": 22,
        "age_55_64": 23,
        "age_65_74": 18,
        "age_75_84": 8,
        "age_85_over": 2,
    }
)
_AGE_OTHER_LANGUAGES = Weighted(
    {
        "age_16_24": 5,
        "age_25_34": 20,
        "age_35_44": 30,
        "age_45_54": 22,
        "age_55_64": 13,
        "age_65_74": 7,
        "age_75_84": 3,
    }
)
_FEMALE = {"en": 0.61, "ur": 0.66, "bn": 0.58, "pl": 0.6, "ro": 0.55, "ar": 0.52, "pa": 0.5}
_FEMALE_ELSEWHERE = 0.7

_ETHNIC = {
    "en": Weighted(
        {
            "white_british": 85,
            "white_irish": 2.2,
            "white_gypsy_traveller": 0.1,
            "white_roma": 0.1,
            "white_other": 1.2,
            "asian_indian": 2.4,
            "asian_pakistani": 0.6,
            "asian_bangladeshi": 0.2,
            "asian_chinese": 0.5,
            "asian_other": 0.6,
            "black_caribbean": 3.2,
            "black_african": 1.0,
            "black_other": 0.5,
            "mixed_white_black_caribbean": 1.0,
            "mixed_white_asian": 0.5,
            "mixed_white_black_african": 0.2,
            "mixed_other": 0.3,
            "arab": 0.1,
            "any_other": 0.3,
        }
    ),
    "ur": Weighted({"asian_pakistani": 94, "asian_other": 3, "asian_indian": 3}),
    "pa": Weighted({"asian_indian": 96, "asian_other": 4}),
    "bn": Weighted({"asian_bangladeshi": 85, "asian_indian": 15}),
    "pl": Weighted({"white_other": 97, "white_roma": 3}),
    "ar": Weighted({"arab": 78, "black_african": 12, "any_other": 10}),
    "so": Weighted({"black_african": 96, "black_other": 4}),
    "ro": Weighted({"white_other": 78, "white_roma": 18, "any_other": 4}),
}

_RELIGION_BY_LANGUAGE = {
    "ur": Weighted({"muslim": 90, "christian": 8, "no_religion": 2}),
    "pa": Weighted({"sikh": 90, "hindu": 6, "christian": 2, "no_religion": 2}),
    "bn": Weighted({"muslim": 79, "hindu": 18, "no_religion": 3}),
    "pl": Weighted({"christian": 72, "no_religion": 28}),
    "ar": Weighted({"muslim": 78, "christian": 18, "no_religion": 4}),
    "so": Weighted({"muslim": 98, "no_religion": 2}),
    "ro": Weighted({"christian": 92, "no_religion": 7, "other_religion": 1}),
}
_RELIGION_BY_ETHNIC_GROUP = {
    "white_british": Weighted(
        {
            "no_religion": 52,
            "christian": 43,
            "other_religion": 2.2,
            "buddhist": 1,
            "jewish": 0.6,
            "muslim": 0.2,
        }
    ),
    "white_irish": Weighted({"christian": 70, "no_religion": 30}),
    "asian_indian": Weighted(
        {"hindu": 42, "sikh": 36, "christian": 8, "muslim": 4, "no_religion": 10}
    ),
    "asian_pakistani": Weighted({"muslim": 92, "no_religion": 5, "christian": 3}),
    "asian_bangladeshi": Weighted({"muslim": 92, "hindu": 6, "no_religion": 2}),
    "asian_chinese": Weighted({"no_religion": 60, "christian": 20, "buddhist": 20}),
    "asian_other": Weighted({"muslim": 40, "hindu": 25, "buddhist": 15, "no_religion": 20}),
    "black_african": Weighted({"christian": 78, "muslim": 15, "no_religion": 7}),
    "black_caribbean": Weighted({"christian": 66, "no_religion": 32, "other_religion": 2}),
    "arab": Weighted({"muslim": 80, "christian": 15, "no_religion": 5}),
}
_RELIGION_ELSEWHERE = Weighted(
    {"no_religion": 52, "christian": 44, "muslim": 2, "other_religion": 2}
)

_MAIN_LANGUAGE = {
    "ur": Weighted({"urdu": 78, "pahari": 14, "panjabi": 5, "pashto": 3}),
    "pa": Weighted({"panjabi": 100}),
    "bn": Weighted({"bengali": 100}),
    "pl": Weighted({"polish": 100}),
    "ar": Weighted({"arabic": 94, "other_language": 6}),
    "so": Weighted({"somali": 100}),
    "ro": Weighted({"romanian": 97, "other_language": 3}),
}
_MAIN_LANGUAGE_IN_ENGLISH = {
    "white_british": Weighted({"english": 99.5, "other_language": 0.5}),
    "white_other": Weighted({"english": 35, "other_language": 30, "polish": 20, "romanian": 15}),
    "asian_pakistani": Weighted({"english": 62, "urdu": 20, "pahari": 14, "pashto": 4}),
    "asian_indian": Weighted({"english": 72, "panjabi": 18, "other_language": 10}),
    "asian_bangladeshi": Weighted({"english": 60, "bengali": 40}),
    "arab": Weighted({"english": 50, "arabic": 50}),
    "black_african": Weighted({"english": 72, "other_language": 20, "somali": 8}),
}
_MAIN_LANGUAGE_ELSEWHERE = Weighted({"english": 92, "other_language": 8})

_DISABLED_SHARE = {
    "age_65_74": 0.42,
    "age_75_84": 0.52,
    "age_85_over": 0.65,
    "age_45_54": 0.37,
    "age_55_64": 0.38,
}
_DISABLED_SHARE_YOUNGER = 0.29
_ORIENTATION = Weighted(
    {"straight": 87, "gay_or_lesbian": 7, "bisexual": 5, "other_orientation": 1}
)
_ORIENTATION_OTHER_LANGUAGES = Weighted({"straight": 98, "gay_or_lesbian": 1, "bisexual": 1})
_MARRIAGE_YOUNG = Weighted({"single": 82, "married": 16, "civil_partnership": 1, "separated": 1})
_MARRIAGE_MIDDLE = Weighted(
    {
        "married": 55,
        "single": 25,
        "divorced": 11,
        "separated": 4,
        "civil_partnership": 2,
        "widowed": 3,
    }
)
_MARRIAGE_OLD = Weighted({"married": 52, "widowed": 28, "divorced": 12, "single": 8})
_CARER = Weighted({"not_a_carer": 84, "up_to_19_hours": 9, "hours_20_49": 3, "hours_50_plus": 4})
_CARER_MIDDLE = Weighted(
    {"not_a_carer": 71, "up_to_19_hours": 17, "hours_20_49": 5, "hours_50_plus": 7}
)

_PREFERS_NOT_TO_SAY = {
    "ward": 0.015,
    "age": 0.01,
    "sex": 0.01,
    "gender_identity": 0.03,
    "ethnic_group": 0.025,
    "religion": 0.05,
    "disability": 0.04,
    "sexual_orientation": 0.07,
    "marriage": 0.04,
    "pregnancy": 0.03,
}
_PREFERS_NOT_TO_SAY_ELSEWHERE = 0.02

_BETTER_OFF_WARDS = {
    "E05011128": 3.5,  # Bournbrook & Selly Park
    "E05011129": 6,  # Bournville & Cotteridge
    "E05011130": 5.5,  # Brandwood & King's Heath
    "E05011134": 3,  # Edgbaston
    "E05011141": 2.5,  # Hall Green South
    "E05011144": 6,  # Harborne
    "E05011154": 6,  # Moseley
    "E05011158": 2.5,  # Northfield
    "E05011172": 2.5,  # Stirchley
    "E05011174": 4,  # Sutton Four Oaks
    "E05011175": 3,  # Sutton Mere Green
    "E05011177": 3,  # Sutton Roughley
    "E05011178": 2.5,  # Sutton Trinity
    "E05011179": 4.5,  # Sutton Vesey
    "E05011180": 4,  # Sutton Walmley & Minworth
    "E05011181": 3.5,  # Sutton Wylde Green
}
_WORSE_OFF_WARDS = (
    "E05011120",  # Alum Rock
    "E05011121",  # Aston
    "E05011122",  # Balsall Heath West
    "E05011125",  # Birchfield
    "E05011127",  # Bordesley Green
    "E05011137",  # Garretts Green
    "E05011138",  # Glebe Farm & Tile Cross
    "E05011142",  # Handsworth
    "E05011145",  # Heartlands
    "E05011153",  # Lozells
    "E05011156",  # Newtown
    "E05011165",  # Shard End
    "E05011167",  # Small Heath
    "E05011170",  # Sparkbrook & Balsall Heath East
)
_WARDS_OF_A_LANGUAGE = {
    "ur": "E05011120 E05011127 E05011140 E05011167 E05011170 E05011171 E05011183",
    "pa": "E05011125 E05011142 E05011143 E05011147 E05011168",
    "bn": "E05011121 E05011153 E05011156 E05011167 E05011170",
    "pl": "E05011135 E05011139 E05011173 E05011184",
    "ar": "E05011122 E05011126 E05011151 E05011170",
    "so": "E05011122 E05011126 E05011155 E05011167 E05011170",
    "ro": "E05011125 E05011139 E05011142 E05011168 E05011173",
}
_LANGUAGE_WARD_WEIGHT = 8.0
_OTHER_WARD_WEIGHT_OF_A_LANGUAGE = 0.4
_WORSE_OFF_WEIGHT = 0.4


def ward_draws(codes: Iterable[str]) -> dict[str, Weighted]:
    """Weigh the wards for each ward profile; codes that are not in our tables weigh 1."""
    known = tuple(codes)
    worse_off = dict.fromkeys(_WORSE_OFF_WARDS, _WORSE_OFF_WEIGHT)
    general = {**worse_off, **_BETTER_OFF_WARDS}
    draws = {"en": Weighted({code: general.get(code, 1.0) for code in known})}
    for language, joined in _WARDS_OF_A_LANGUAGE.items():
        main = dict.fromkeys(joined.split(), _LANGUAGE_WARD_WEIGHT)
        draws[language] = Weighted(
            {code: main.get(code, _OTHER_WARD_WEIGHT_OF_A_LANGUAGE) for code in known}
        )
    return draws


def draw_person(rng: Random, language: str) -> Person:
    """Draw one invented respondent who answers in a language."""
    english = language == "en"
    who = (_WHO if english else _WHO_OTHER_LANGUAGES).pick(rng)
    age = (_AGE if english else _AGE_OTHER_LANGUAGES).pick(rng)
    female = rng.random() < _FEMALE.get(language, _FEMALE_ELSEWHERE)
    ethnic = _ETHNIC[language].pick(rng)
    monitoring = {
        "age": age,
        "sex": "female" if female else "male",
        "gender_identity": "different" if rng.random() < 0.008 else "same",
        "ethnic_group": ethnic,
        "religion": _religion(language, ethnic).pick(rng),
        "disability": _disability(rng, age),
        "sexual_orientation": (_ORIENTATION if english else _ORIENTATION_OTHER_LANGUAGES).pick(rng),
        "marriage": _marriage(age).pick(rng),
        "pregnancy": _pregnancy(rng, age, female),
        "carer": (_CARER_MIDDLE if age in {"age_45_54", "age_55_64"} else _CARER).pick(rng),
        "main_language": _main_language(language, ethnic).pick(rng),
    }
    return Person(
        language=language,
        who=who,
        outlook=rng.gauss(0.0, 1.0),
        channel=_channel(rng, language, age),
        monitoring=monitoring,
        ward_profile="ur" if english and ethnic == "asian_pakistani" else language,
    )


def or_prefers_not_to_say(rng: Random, key: str, choice: str) -> str:
    """Give the choice itself, or now and then "prefer not to say"."""
    share = _PREFERS_NOT_TO_SAY.get(key, _PREFERS_NOT_TO_SAY_ELSEWHERE)
    return PREFER_NOT_TO_SAY if rng.random() < share else choice


def draw_ward(rng: Random, person: Person, draws: Mapping[str, Weighted]) -> str:
    """Draw the ward that a person lives in, or ``outside_area``."""
    away = 0.9 if person.who == "works_or_studies" else 0.004
    if rng.random() < away:
        return OUTSIDE_AREA
    return draws[person.ward_profile].pick(rng)


def _religion(language: str, ethnic: str) -> Weighted:
    if language in _RELIGION_BY_LANGUAGE:
        return _RELIGION_BY_LANGUAGE[language]
    return _RELIGION_BY_ETHNIC_GROUP.get(ethnic, _RELIGION_ELSEWHERE)


def _main_language(language: str, ethnic: str) -> Weighted:
    if language in _MAIN_LANGUAGE:
        return _MAIN_LANGUAGE[language]
    return _MAIN_LANGUAGE_IN_ENGLISH.get(ethnic, _MAIN_LANGUAGE_ELSEWHERE)


def _disability(rng: Random, age: str) -> str:
    if rng.random() >= _DISABLED_SHARE.get(age, _DISABLED_SHARE_YOUNGER):
        return "not_disabled"
    return "limited_a_lot" if rng.random() < 0.4 else "limited_a_little"


def _marriage(age: str) -> Weighted:
    if age in {"age_16_24", "age_25_34"}:
        return _MARRIAGE_YOUNG
    if age in {"age_65_74", "age_75_84", "age_85_over"}:
        return _MARRIAGE_OLD
    return _MARRIAGE_MIDDLE


def _pregnancy(rng: Random, age: str, female: bool) -> str:
    draw = rng.random()
    if female and age in {"age_16_24", "age_25_34", "age_35_44"}:
        if draw < 0.04:
            return "pregnant_now"
        if draw < 0.08:
            return "baby_26_weeks"
    return "neither"


def _channel(rng: Random, language: str, age: str) -> str:
    draw = rng.random()
    if age in {"age_75_84", "age_85_over"}:
        bounds = (0.3, 0.42, 0.54)
    elif language != "en":
        bounds = (0.05, 0.08, 0.3)
    else:
        bounds = (0.07, 0.09, 0.12)
    for bound, channel in zip(bounds, ("paper", "phone", "assisted"), strict=True):
        if draw < bound:
            return channel
    return "online"
