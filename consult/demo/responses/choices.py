"""What invented respondents choose where the answer is a choice."""

from bisect import bisect
from collections.abc import Mapping
from random import Random
from statistics import NormalDist

from consult.demo.responses.people import Weighted
from consult.document.model import AGREE_SCALE

_DONT_KNOW_SHARE = 0.02

_AGREEMENT = {
    "vision_agree": 0.9,
    "food_agree": 0.91,
    "mental_agree": 0.91,
    "active_agree": 0.88,
    "green_agree": 0.84,
    "protect_agree": 0.86,
    "gap_agree": 0.86,
}
"""Share of those with an opinion who agree or strongly agree."""

_AGREEMENT_ELSEWHERE = 0.8
_STRONGLY_AMONG_AGREEING = 0.5
_OUTLOOK_LOADING = 0.75
"""How much of a judgement comes from the outlook, the rest being its own."""


PRIORITIES: Mapping[str, float] = {
    "mental": 30,
    "food": 28,
    "active": 16,
    "green": 14,
    "protect": 12,
}
LIFE_STAGES: Mapping[str, float] = {"start": 42, "ageing": 33, "living": 25}
HELP_MOST: Mapping[str, float] = {
    "gp_appointments": 26,
    "cheaper_food": 19,
    "free_activities": 15,
    "safe_streets": 14,
    "green_space": 12,
    "warm_home": 8,
    "someone_to_talk": 8,
    "childcare": 4,
    "other": 5,
}
NO_HELP_SHARE = 0.03

_SAID_AS_OTHER = {
    "asian_other": ("Kashmiri", "Nepali", "Afghan", "Sri Lankan Tamil"),
    "black_other": ("Black British", "Somali"),
    "mixed_other": ("White and Latin American", "Mixed, it's complicated"),
    "white_other": ("German", "Italian", "European"),
    "any_other": ("Kurdish", "Yemeni", "Iranian", "Brummie"),
    "other_religion": ("Pagan", "Spiritual", "Quaker", "Ravidassia"),
    "other_orientation": ("queer", "asexual"),
    "other_language": ("Gujarati", "Kurdish", "Tamil", "French", "Cantonese"),
}
_SAID_AS_OTHER_IN = {
    ("pl", "white_other"): ("Polish", "Polka", "polskie"),
    ("ro", "white_other"): ("Romanian", "română", "roman"),
    ("ro", "any_other"): ("Moldovean",),
    ("so", "black_other"): ("Soomaali",),
    ("ar", "any_other"): ("يمني", "كردي"),
    ("ar", "other_language"): ("الكردية",),
    ("ro", "other_language"): ("romani",),
}


def scale_bounds(question: str) -> tuple[float, ...]:
    """Find where the answer changes, on a standing counted from friend to critic."""
    agreement = _AGREEMENT.get(question, _AGREEMENT_ELSEWHERE)
    rest = 1 - agreement
    above = (
        agreement * _STRONGLY_AMONG_AGREEING,
        agreement,
        agreement + 0.5 * rest,
        agreement + 0.8 * rest,
    )
    return tuple(NormalDist().inv_cdf(share) for share in above)


def draw_agreement(rng: Random, outlook: float, bounds: tuple[float, ...]) -> str:
    """Draw an answer to an ``agree_scale`` question that goes with a person's outlook.

    ``bounds`` are those of :func:`scale_bounds`.
    """
    if rng.random() < _DONT_KNOW_SHARE:
        return "dont_know"
    own = rng.gauss(0.0, (1 - _OUTLOOK_LOADING**2) ** 0.5)
    return AGREE_SCALE[bisect(bounds, -(_OUTLOOK_LOADING * outlook + own))]


def said_as_other(rng: Random, language: str, choice: str) -> str:
    """Say what someone fills in beside an option such as "another religion"."""
    said = _SAID_AS_OTHER_IN.get((language, choice), _SAID_AS_OTHER.get(choice, ("-",)))
    return rng.choice(said)


def draw_some(
    rng: Random, weights: Mapping[str, float], offered: tuple[str, ...], number: int
) -> list[str]:
    """Draw different keys of those offered, with their weights, the first drawn first."""
    left = {key: weight for key, weight in weights.items() if key in offered}
    drawn: list[str] = []
    while left and len(drawn) < number:
        key = Weighted(left).pick(rng)
        drawn.append(key)
        del left[key]
    return drawn
