"""The small form of a plan: what it asks for, what that comes to, its faults."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from flask import request
from flask_babel import format_percent, gettext, ngettext

from consult.services.watching.outreach import Options

RATIOS = (0.8, 0.9, 1.0)
FLAGGED, EVERY_GAP = "flagged", "every_gap"
MOST_RESPONSES = 100_000

_LONGEST = 12
"""Characters of a number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The form's fields as they stand in it."""

    ratio: str
    whom: str
    plan_for: tuple[str, ...]
    most: str
    rate: str


def read() -> tuple[Asked, Options, list[tuple[str, str]]]:
    """What the address asks for, what it comes to, and what is wrong with it."""
    given = request.args
    asked = Asked(
        ratio=given.get("ratio", ""),
        whom=EVERY_GAP if given.get("whom") == EVERY_GAP else FLAGGED,
        plan_for=tuple(given.getlist("plan_for")),
        most=given.get("most", "").strip(),
        rate=given.get("rate", "").strip(),
    )
    ratio = next((each for each in RATIOS if str(each) == asked.ratio), RATIOS[0])
    options = Options(
        ratio=ratio,
        every_gap=asked.whom == EVERY_GAP,
        dimensions=asked.plan_for,
        most=_whole(asked.most),
        response_rate=_rate(asked.rate),
    )
    return asked, options, _problems(asked, options)


def ratio_choices() -> list[dict[str, str]]:
    """How far a plan may aim."""
    return [
        {
            "value": str(ratio),
            "label": gettext("Their full share")
            if ratio == 1.0
            else gettext("%(percent)s of their share", percent=format_percent(ratio)),
        }
        for ratio in RATIOS
    ]


def whom_choices() -> list[dict[str, str]]:
    """Which groups a plan may be for."""
    return [
        {
            "value": FLAGGED,
            "label": gettext("Groups with a flag"),
            "hint": gettext("Confirmed ones, and early signs."),
        },
        {
            "value": EVERY_GAP,
            "label": gettext("Every group below its target"),
            "hint": gettext("Also where it may be chance. One question at a time."),
        },
    ]


def rate_words(options: Options) -> str:
    """The response rate in the digits of the page."""
    return "" if options.response_rate is None else format_percent(options.response_rate, "0.#%")


def _problems(asked: Asked, options: Options) -> list[tuple[str, str]]:
    problems = []
    limit = options.most_dimensions
    if len(asked.plan_for) > limit:
        words = ngettext(
            "Plan for %(num)s question at a time: untick the others",
            "Plan for at most %(num)s questions together: untick the others",
            limit,
        )
        problems.append(("plan_for", words))
    if asked.most and options.most is None:
        words = gettext(
            "Write the most responses without a partner as a whole number from 0 to %(limit)s, "
            "or leave it empty",
            limit=f"{MOST_RESPONSES:,}",
        )
        problems.append(("most", words))
    if asked.rate and options.response_rate is None:
        words = gettext(
            "Write how many of a hundred people answer as a number from 0.1 to 100, such as 5, "
            "or leave it empty"
        )
        problems.append(("rate", words))
    return problems


def _whole(text: str) -> int | None:
    digits = text.replace(",", "").replace(" ", "")
    if not digits.isdecimal() or len(digits) > _LONGEST or int(digits) > MOST_RESPONSES:
        return None
    return int(digits)


def _rate(text: str) -> float | None:
    """A share from a percentage, with a point or a comma, with or without its sign."""
    plain = text.removesuffix("%").strip().replace(",", ".")
    if len(plain) > _LONGEST or not plain.replace(".", "", 1).isdecimal():
        return None
    try:
        percent = Decimal(plain)
    except InvalidOperation:
        return None
    return float(percent / 100) if Decimal("0.1") <= percent <= 100 else None


def kept_address_values(asked: Asked) -> dict[str, str | list[str]]:
    """What the form said, for the address of another page of the same plan."""
    values: dict[str, str | list[str]] = {
        "ratio": asked.ratio,
        "whom": "" if asked.whom == FLAGGED else asked.whom,
        "plan_for": list(asked.plan_for),
        "most": asked.most,
        "rate": asked.rate,
    }
    return {name: value for name, value in values.items() if value}
