"""What is said of gaps, of those who did not say, and of a whole: sentences to read out."""

import math
from collections.abc import Collection, Sequence

from analysis.representation.comparison.gaps import GroupGap, State, Untested
from analysis.representation.comparison.missing import Unknown, cautious
from analysis.representation.comparison.overall import Overall
from analysis.representation.telling.sentences import (
    TEXTS,
    Count,
    Message,
    Percent,
    message,
    percents,
)
from analysis.representation.watching.families import Rules, Tier
from analysis.representation.watching.monitoring import Monitored

__all__ = [
    "TEXTS",
    "Count",
    "Message",
    "Percent",
    "caveats",
    "gap_message",
    "interval_messages",
    "label",
    "message",
    "monitoring_messages",
    "overall_messages",
    "percents",
    "reference_message",
    "unknown_messages",
]


def label(name: State | Tier) -> Message:
    """Return the name of a state or a tier, for tables and legends."""
    return message(f"{'state' if isinstance(name, State) else 'tier'}.{name}")


def gap_message(gap: GroupGap, tier: Tier = Tier.NONE, group: str | None = None) -> Message:
    """Say how one group stands.

    Parameters
    ----------
    gap : GroupGap
    tier : Tier, default none
        For a group that is under or over.
    group : str, optional
        How to call it, e.g. "Muslim residents"; else its category.

    Examples
    --------
    >>> from analysis.representation.comparison.gaps import group_gaps
    >>> muslim, _ = group_gaps([16, 126], [341_811, 803_106])
    >>> print(gap_message(muslim, Tier.CONFIRMED, "Muslim residents"))
    Muslim residents: 16 of 142 responses (11 %), but 30 % of residents. That is clearly under.
    """
    group = group or gap.category
    if gap.untested is not None or gap.share is None or gap.population_share is None:
        return message(f"gap.{gap.untested or Untested.NO_RESPONSES}", group=group)
    share, population = percents(gap.share, gap.population_share)
    known = Count(gap.known)
    if gap.state is State.TOO_FEW and gap.respondents == 0 and gap.needed is not None:
        needed = Count(gap.needed)
        return message("gap.silent", group=group, known=known, population=population, needed=needed)
    key = f"gap.{gap.state}"
    if gap.state in (State.UNDER, State.OVER):
        key = f"{key}.{tier}"
    return message(
        key,
        group=group,
        respondents=Count(gap.respondents),
        known=known,
        share=share,
        population=population,
    )


def interval_messages(gap: GroupGap, group: str | None = None) -> tuple[Message, ...]:
    """Say which shares fit the counts and when silence would mean something.

    Each is left out where there is no such figure.
    """
    group = group or gap.category
    said = []
    if gap.interval is not None:
        low, high = percents(gap.interval.low, gap.interval.high)
        said.append(message("gap.interval", group=group, low=low, high=high))
    if gap.needed is not None and gap.known < gap.needed:
        said.append(message("gap.needed", group=group, needed=Count(gap.needed)))
    return tuple(said)


def unknown_messages(
    gap: GroupGap, effect: Unknown, tier: Tier = Tier.NONE, group: str | None = None
) -> tuple[Message, ...]:
    """Say what those who did not answer could change about one group; nothing if all did.

    Parameters
    ----------
    gap : GroupGap
    effect : Unknown
        Of the same group, for the side on which its gap lies.
    tier : Tier, default none
        Before :func:`analysis.representation.comparison.missing.cautious`.
    group : str, optional
        How to call it.
    """
    if not effect.unknown or effect.share_unknown is None or effect.bounds is None:
        return ()
    group, unknown = group or gap.category, Count(effect.unknown)
    (share,) = percents(effect.share_unknown)
    low, high = percents(effect.bounds.low, effect.bounds.high)
    everybody = Count(gap.known + effect.unknown)
    said = [
        message("unknown.share", unknown=unknown, everybody=everybody, share=share),
        message("unknown.bounds", group=group, low=low, high=high),
    ]
    if gap.state in (State.UNDER, State.OVER):
        if effect.robust:
            said.append(message(f"unknown.robust.{gap.state}", group=group, unknown=unknown))
        else:
            said.append(
                message(
                    f"unknown.tipping.{gap.state}",
                    group=group,
                    tipping=Count(effect.tipping_point),
                    unknown=unknown,
                )
            )
        if cautious(tier, effect) is not tier:
            said.append(message("unknown.cautious"))
    return tuple(said)


def overall_messages(
    dimension: str, whole: Overall, categories: Sequence[str]
) -> tuple[Message, ...]:
    """Say how alike responses and residents are in one dimension.

    Parameters
    ----------
    dimension : str
        How to call it.
    whole : Overall
    categories : sequence of str
        Names of the groups in the order in which ``whole`` was made.
    """
    if whole.similarity is None or whole.similarity_by_chance is None:
        key = "overall.one_group" if whole.known else "overall.no_responses"
        return (message(key, dimension=dimension),)
    similarity, by_chance, moved = percents(
        whole.similarity, whole.similarity_by_chance, 1 - whole.similarity
    )
    if whole.excess:
        said = [
            message(
                "overall.similarity",
                dimension=dimension,
                similarity=similarity,
                by_chance=by_chance,
            ),
            message("overall.moved", share=moved),
        ]
    else:
        said = [message("overall.by_chance", dimension=dimension, similarity=similarity)]
    if whole.effective_n is None:
        groups = ", ".join(categories[at] for at in whole.empty)
        said.append(message("overall.cannot_weight", groups=groups))
    else:
        # Down, so that weighted responses never seem to tell more than they do.
        effective = Count(math.floor(round(whole.effective_n, 9)))
        said.append(message("overall.effective", known=Count(whole.known), effective=effective))
    return tuple(said)


def monitoring_messages(monitored: Monitored, group: str | None = None) -> tuple[Message, ...]:
    """Say what the present stage shows of one group, and what earlier ones did."""
    group = group or monitored.group.category
    low, high = percents(monitored.band.low, monitored.band.high)
    said = [message("monitoring.band", group=group, low=low, high=high)]
    if monitored.confirmed_before:
        key = f"monitoring.before.{monitored.direction}"
        said.append(message(key, group=group, stages=", ".join(monitored.confirmed_before)))
    return tuple(said)


def caveats(
    tiers: Collection[Tier] = (),
    *,
    rules: Rules | None = None,
    multiple: bool = False,
    stage: str | None = None,
    closing: bool = False,
) -> tuple[Message, ...]:
    """Return what has to stand below a table of gaps.

    Parameters
    ----------
    tiers : collection of Tier
        Those that occur in the table.
    rules : Rules, optional
        What the flags were held to.
    multiple : bool, default False
        People could choose several answers.
    stage : str, optional
        Name of the present stage, if it is not the first.
    closing : bool, default False
        The table is the analysis at closing.
    """
    rules = rules or Rules()
    said = []
    if Tier.CONFIRMED in tiers or Tier.EARLY in tiers:
        said.append(message("caveat.chance"))
    said += [message("caveat.opinions"), message("caveat.unmeasured"), message("caveat.outreach")]
    if Tier.CONFIRMED in tiers and not closing:
        (rate,) = percents(rules.alpha)
        said.append(message("caveat.confirmed", rate=rate))
    if Tier.EARLY in tiers and not closing:
        said.append(message("caveat.early"))
    if closing:
        said.append(message("monitoring.closing"))
    if stage is not None:
        said.append(message("monitoring.stage", stage=stage))
    if multiple:
        said.append(message("caveat.multiple"))
    if rules.cluster_factor > 1:
        said.append(message("caveat.clusters", factor=f"{rules.cluster_factor:g}"))
    return tuple(said)


def reference_message(base: str, source: str, date: str) -> Message:
    """Say what responses are compared with."""
    return message("caveat.reference", base=base, source=source, date=date)
