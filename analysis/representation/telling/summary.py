"""What a person reads of a comparison: plain sentences, the flags first."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from analysis.representation.comparison.gaps import State, Untested
from analysis.representation.populations.areas import EXPECTED, finest_level, is_area_dimension
from analysis.representation.run import Comparison, GroupResult, Representation
from analysis.representation.telling.words import (
    Count,
    Message,
    caveats,
    gap_message,
    message,
    overall_messages,
    percents,
    reference_message,
    unknown_messages,
)
from analysis.representation.watching.families import Rules, Tier

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "summary.internal": "Internal: these are exact counts of personal characteristics. "
        "Publish nothing of it before `python -m analysis disclose`.",
        "summary.nothing": "No group is flagged.",
        "summary.in_line": "In line: %(groups)s.",
        "summary.too_few": "Too few responses to tell: %(groups)s.",
        "summary.needed": "Too few responses to tell; in brackets how many it needs before "
        "silence means anything: %(groups)s.",
        "summary.outside": "%(people)s people answered what the population file has no "
        "category for. They are counted here and compared with nobody: %(answers)s.",
        "summary.closing": "If this is the one analysis that was planned for after closing, "
        "early signs stand as well.",
        "summary.small_areas": "If everybody answered alike, %(enough)s of %(areas)s areas "
        "would have five responses or more. For most areas it is too early to judge.",
        "summary.area": "%(dimension)s in %(area)s",
        "summary.only_respondents": "Only in the respondents' file, so not compared: "
        "%(dimensions)s.",
        "summary.only_population": "Only in the population file, so not compared: %(dimensions)s.",
        "summary.unread_areas": "The population file counts %(areas)s areas. The respondents' "
        'file does not say where people live; name that column "area" to compare areas.',
        "summary.elsewhere": "Some respondents live where the population file counts nobody: "
        "%(areas)s.",
        "summary.more": "%(names)s; and %(more)s more",
    }
)
"""English sentence by key, as in :data:`analysis.representation.telling.sentences.TEXTS`."""

# A list that nobody would read to its end; all of it is in the data file.
_MOST_NAMED = 25
_MOST_EMPTY = 8
# An underscore within a word is no mark-up.
_MARKDOWN = re.compile(r"[\\`*\[\]<>|#]|(?<![^\W_])_|_(?![^\W_])")
_FIRMNESS = {Tier.CONFIRMED: 0, Tier.EARLY: 1, Tier.NONE: 2}


def summarise(result: Representation) -> str:
    """Return the summary in Markdown.

    Parameters
    ----------
    result : Representation
    """
    lines = ["# Who is missing", "", TEXTS["summary.internal"], ""]
    for comparison in result.wholes:
        lines += [f"## {plain(_title(comparison))}", "", *_whole(comparison), ""]
    if result.areas:
        lines += ["## By area", "", *_by_area(result.areas), ""]
    if left_out := [plain(str(said)) for said in left_out_messages(result)]:
        lines += ["## Not compared", "", *_bullets(left_out), ""]
    lines += ["## How to read this", "", *_bullets(_reading(result))]
    return "\n".join(lines) + "\n"


def left_out_messages(result: Representation) -> tuple[Message, ...]:
    """Say what is in one file alone: nothing is dropped in silence."""
    said = []
    if result.only_respondents:
        said.append(_message("only_respondents", dimensions=_named(result.only_respondents)))
    if result.only_population:
        said.append(_message("only_population", dimensions=_named(result.only_population)))
    if result.unread_areas:
        said.append(_message("unread_areas", areas=Count(result.unread_areas)))
    if result.elsewhere:
        said.append(_message("elsewhere", areas=_named(result.elsewhere)))
    return tuple(said)


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    return _MARKDOWN.sub(lambda found: f"\\{found[0]}", text)


def _whole(comparison: Comparison) -> Iterator[str]:
    for paragraph in _paragraphs(comparison):
        yield from (plain(paragraph), "")
    yield from _groups(comparison)
    reference = comparison.reference
    if comparison.counted.several:
        yield from ("", str(message("caveat.multiple")))
    if reference.source:
        said = reference_message(reference.base, reference.source, reference.date)
        yield from ("", plain(str(said)))


def _paragraphs(comparison: Comparison) -> Iterator[str]:
    reference, counted = comparison.reference, comparison.counted
    if comparison.overall is not None:
        names = reference.categories
        said = overall_messages(_called(reference.name), comparison.overall, names)
        if len(comparison.overall.empty) > _MOST_EMPTY:
            said = tuple(each for each in said if each.key != "overall.cannot_weight")
        yield " ".join(map(str, said))
    if counted.unknown:
        everybody = counted.known + counted.unknown
        (share,) = percents(counted.unknown / everybody)
        said_not = message(
            "unknown.share", unknown=Count(counted.unknown), everybody=Count(everybody), share=share
        )
        yield str(said_not)
    if counted.outside:
        answers = _named(f"{answer} ({people:,})" for answer, people in counted.outside.items())
        people = Count(sum(counted.outside.values()))
        yield str(_message("outside", people=people, answers=answers))
    if is_area_dimension(reference.name):
        yield from _size(reference.counts, counted.known)


def _groups(comparison: Comparison) -> Iterator[str]:
    """Flagged groups in full, those in line or too few to tell by name."""
    groups = comparison.groups
    flagged = [each for each in groups if each.gap.state in (State.UNDER, State.OVER)]
    # Python's sort keeps the order of categories among equals.
    flagged.sort(key=lambda each: (each.gap.state is State.OVER, _FIRMNESS[each.tier]))
    lines = [_flag(each) for each in flagged]
    untested = (Untested.NO_REFERENCE, Untested.WHOLE_POPULATION)
    lines += [
        plain(str(gap_message(each.gap)))
        for each in groups
        if each.gap.untested in untested and each.gap.respondents
    ]
    yield from _bullets(lines) if lines else [TEXTS["summary.nothing"]]
    few = [
        each
        for each in groups
        if each.gap.state is State.TOO_FEW and each.gap.untested not in untested
    ]
    for key, names in (
        ("in_line", [each.gap.category for each in groups if each.gap.state is State.IN_LINE]),
        ("too_few", [each.gap.category for each in few if not _needed(each)]),
        ("needed", [f"{each.gap.category} ({_needed(each):,})" for each in few if _needed(each)]),
    ):
        if names:
            yield from ("", plain(str(_message(key, groups=_named(names)))))


def _flag(result: GroupResult, where: str = "") -> str:
    group = result.gap.category + where
    said = [gap_message(result.gap, result.tier, group)]
    if result.unknown is not None and result.monitored is not None:
        said += [
            each
            for each in unknown_messages(result.gap, result.unknown, result.monitored.tier, group)
            if each.key.startswith(("unknown.tipping", "unknown.robust", "unknown.cautious"))
        ]
    return plain(" ".join(map(str, said)))


def _needed(result: GroupResult) -> int:
    """Responses before silence means anything; 0 when there are as many already."""
    needed = result.gap.needed or 0
    return needed if result.gap.known < needed else 0


def _by_area(areas: Sequence[Comparison]) -> Iterator[str]:
    by_dimension: dict[str, list[Comparison]] = {}
    for comparison in areas:
        by_dimension.setdefault(comparison.reference.name, []).append(comparison)
    largest = max(by_dimension.values(), key=len)
    people = [part.reference.total for part in largest]
    for said in _size(people, sum(part.counted.known for part in largest)):
        yield from (said, "")
    flagged = [
        (comparison, each)
        for comparison in areas
        for each in comparison.groups
        if each.tier is not Tier.NONE
    ]
    flagged.sort(key=lambda pair: _FIRMNESS[pair[1].tier])
    if not flagged:
        yield TEXTS["summary.nothing"]
    lines = [_flag(each, f" ({_title(comparison)})") for comparison, each in flagged]
    yield from _bullets(lines[:_MOST_NAMED])
    if len(lines) > _MOST_NAMED:
        yield ""
        yield f"{len(lines) - _MOST_NAMED:,} more flags by area are in representation.json."


def _size(people: Sequence[float], respondents: int) -> Iterator[str]:
    choice = finest_level({"area": people}, respondents, expected=EXPECTED)
    if choice.level is None:
        enough, areas = choice.enough["area"]
        yield str(_message("small_areas", enough=Count(enough), areas=Count(areas)))


def _reading(result: Representation) -> Iterator[str]:
    tiers = {each.tier for part in (*result.wholes, *result.areas) for each in part.groups}
    yield from map(str, caveats(tiers, rules=Rules(materiality=result.materiality)))
    if Tier.EARLY in tiers:
        yield TEXTS["summary.closing"]


def _title(comparison: Comparison) -> str:
    reference = comparison.reference
    name = _called(reference.name)
    if reference.area is None:
        return name
    return str(_message("area", dimension=name, area=reference.area))


def _called(dimension: str) -> str:
    """Return how a reader calls a dimension: ``ethnic_group`` is "Ethnic group"."""
    name = dimension.replace("_", " ")
    return name[:1].upper() + name[1:]


def _named(names: Iterable[str]) -> str:
    shown = list(names)
    if len(shown) <= _MOST_NAMED:
        return "; ".join(shown)
    more = Count(len(shown) - _MOST_NAMED)
    return str(_message("more", names="; ".join(shown[:_MOST_NAMED]), more=more))


def _bullets(lines: Iterable[str]) -> list[str]:
    return [f"- {line}" for line in lines]


def _message(key: str, **values: str | Count) -> Message:
    return Message(f"summary.{key}", TEXTS[f"summary.{key}"], MappingProxyType(dict(values)))
