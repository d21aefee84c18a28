"""The sentences of this part, and values that know how to be written.

Sentences are whole, never put together of parts, and their numbers are placeholders, so that
each can be translated. A :class:`Message` names its sentence and carries its values; who shows
it may translate ``text`` and write ``Count`` and ``Percent`` in the reader's digits. ``str``
gives English.

Rounding: shares are whole percents, and have one decimal as soon as a share in the sentence is
under 10 % or two that differ would look the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        # One group and its flag.
        "gap.under.confirmed": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "but %(population)s of residents. That is clearly under.",
        "gap.under.early": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "but %(population)s of residents. That looks under. It is an early sign and may change.",
        "gap.under.none": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "but %(population)s of residents. That looks under, but among so many groups one can "
        "look so by chance.",
        "gap.over.confirmed": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "but %(population)s of residents. That is clearly over.",
        "gap.over.early": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "but %(population)s of residents. That looks over. It is an early sign and may change.",
        "gap.over.none": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "but %(population)s of residents. That looks over, but among so many groups one can "
        "look so by chance.",
        "gap.in_line": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "and %(population)s of residents. That is in line.",
        "gap.too_few": "%(group)s: %(respondents)s of %(known)s responses (%(share)s), "
        "and %(population)s of residents. There are too few responses to tell.",
        "gap.silent": "%(group)s: none of %(known)s responses so far, and %(population)s of "
        "residents. It needs about %(needed)s responses before silence means anything.",
        "gap.no_responses": "%(group)s: nobody has answered this question yet.",
        "gap.no_reference": "%(group)s: there is no figure for residents to compare with.",
        "gap.whole_population": "%(group)s: all residents are in this group, so there is "
        "nothing to compare.",
        "gap.needed": "%(group)s: it needs about %(needed)s responses before silence means "
        "anything.",
        "gap.interval": "%(group)s: these counts fit a share from %(low)s to %(high)s of those "
        "who respond.",
        # Names of states and tiers, for tables and legends.
        "state.under": "Under",
        "state.in_line": "In line",
        "state.over": "Over",
        "state.too_few": "Too few to tell",
        "tier.confirmed": "Confirmed",
        "tier.early": "Early sign",
        "tier.none": "No flag",
        # Those who did not say.
        "unknown.share": "%(unknown)s of %(everybody)s people (%(share)s) did not say.",
        "unknown.bounds": "%(group)s: with those who did not say, from %(low)s to %(high)s of "
        "all who responded.",
        "unknown.tipping.under": "%(group)s: the flag would disappear if at least %(tipping)s of "
        "the %(unknown)s who did not say belong to this group.",
        "unknown.tipping.over": "%(group)s: the flag would disappear if at least %(tipping)s of "
        "the %(unknown)s who did not say belong to other groups.",
        "unknown.robust.under": "%(group)s: even if all who did not say (%(unknown)s) belonged "
        "to this group, it would still be under.",
        "unknown.robust.over": "%(group)s: even if all who did not say (%(unknown)s) belonged "
        "to other groups, it would still be over.",
        "unknown.cautious": "So many people did not say that this counts as an early sign only.",
        # A dimension as a whole.
        "overall.similarity": "%(dimension)s: the make-up of responses is %(similarity)s like "
        "that of residents. A random sample of the same size would be %(by_chance)s like it.",
        "overall.by_chance": "%(dimension)s: the make-up of responses is %(similarity)s like "
        "that of residents, as close as a random sample of the same size.",
        "overall.moved": "%(share)s of responses would have to come from other groups to match.",
        "overall.effective": "Weighted to residents, these %(known)s responses would tell as "
        "much as about %(effective)s.",
        "overall.cannot_weight": "Weighting cannot mend this: there is no response from "
        "%(groups)s.",
        "overall.no_responses": "%(dimension)s: nobody has answered yet, so there is no score.",
        "overall.one_group": "%(dimension)s: residents are all in one group, so there is no score.",
        # Watching while a consultation is open.
        "monitoring.band": "%(group)s: however often one looks, the share of those who respond "
        "lies from %(low)s to %(high)s (with 95 %% confidence).",
        "monitoring.stage": "Confirmed flags rest on the responses of this stage alone: %(stage)s.",
        "monitoring.before.under": "%(group)s: confirmed as under in an earlier stage: %(stages)s.",
        "monitoring.before.over": "%(group)s: confirmed as over in an earlier stage: %(stages)s.",
        "monitoring.closing": "Judged once, on all responses, after closing.",
        # What holds for all of it.
        "caveat.chance": "If responses arrived independently, a gap this size would be unlikely "
        "by chance.",
        "caveat.opinions": "This is not a margin of error for residents' opinions: respondents "
        "chose themselves.",
        "caveat.unmeasured": "A group that is in line can still differ from residents in what "
        "was not asked.",
        "caveat.outreach": "A flag is a reason to reach out. It never makes a response count less.",
        "caveat.confirmed": "Confirmed flags may be looked at every day: on average at most "
        "%(rate)s of them are false.",
        "caveat.early": "Early signs may go again as more responses arrive.",
        "caveat.multiple": "People could choose several answers, so shares can add up to more "
        "than 100 %%. Each group is compared with everybody else.",
        "caveat.clusters": "Responses that came in batches depend on each other. Tests and "
        "intervals divide counts by %(factor)s.",
        "caveat.reference": "Compared with: %(base)s, %(source)s, %(date)s.",
    }
)
"""English sentence by key; placeholders as in gettext's ``python-format``."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people."""

    value: int

    def __str__(self) -> str:
        return f"{self.value:,}"


@dataclass(frozen=True, slots=True)
class Percent:
    """A share from 0 to 1 with the decimals to show, half rounded up.

    What is above nothing never reads as nothing, nor what is below all as all.

    Examples
    --------
    >>> str(Percent(0.125)), str(Percent(0.0224, 1)), str(Percent(0.0001, 1))
    ('13 %', '2.2 %', '<0.1 %')
    """

    share: float
    decimals: int = 0

    def __str__(self) -> str:
        unit = Decimal(1).scaleb(-self.decimals)
        # Rounded first: the share 0.285 is stored as a little less than that.
        exact = Decimal(repr(round(self.share * 100, 9)))
        shown = exact.quantize(unit, ROUND_HALF_UP)
        if self.share in (0, 1):
            shown = shown.quantize(Decimal(1))
        elif shown == 0:
            return f"<{unit} %"
        elif shown == 100:
            return f">{100 - unit} %"
        return f"{shown} %"


Value = str | Count | Percent


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its values.

    Attributes
    ----------
    key : str
        In :data:`TEXTS`.
    text : str
        The English sentence with ``%(name)s`` placeholders.
    values : mapping
        One for each placeholder.
    """

    key: str
    text: str
    values: Mapping[str, Value] = field(hash=False)

    def __str__(self) -> str:
        return self.text % self.values


def percents(*shares: float) -> tuple[Percent, ...]:
    """Return shares of one sentence with the decimals that they need together.

    Examples
    --------
    >>> [str(share) for share in percents(16 / 142, 0.2985)]
    ['11 %', '30 %']
    >>> [str(share) for share in percents(10 / 447, 0.0289)]
    ['2.2 %', '2.9 %']
    """
    # Rounded first: 1 - 0.9 is stored as a little less than a tenth.
    small = any(0 < round(share, 9) < 0.1 for share in shares)
    alike = len({str(Percent(share)) for share in shares}) < len(set(shares))
    return tuple(Percent(share, 1 if small or alike else 0) for share in shares)


def message(key: str, **values: Value) -> Message:
    """Return a sentence of :data:`TEXTS` with its values.

    Raises
    ------
    KeyError
        If there is no such sentence.
    """
    return Message(key, TEXTS[key], MappingProxyType(values))
