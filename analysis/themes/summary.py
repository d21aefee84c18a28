"""A run in words, for the person who asked for it."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from analysis.text.codes import language_name
from analysis.text.personal import redact
from analysis.themes.counting import GroupDifference, State
from analysis.themes.model import Theme, ThemeRun
from analysis.themes.notes import number
from analysis.themes.prepare import Indexes, RowStatus

# More would bury what stands below.
_LISTED = 200
_FIRM, _LOOSE = 0.75, 0.5
# Shares with a decimal of fewer people promise more than they know.
_DECIMAL_FROM = 1000
# A theme is carried by a group that has so much of it, of so many people, and less elsewhere.
_CARRIED, _LEAST_CARRYING, _ELSEWHERE = 0.8, 3, 0.5
# What would be read as Markdown or HTML in people's own words.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~#]")


def summarise(run: ThemeRun) -> str:
    """Return ``summary.md``: what people said, who said it, and how sure that is."""
    parts = [_opening(run)]
    if run.themes:
        parts += [_overview(run), *(_theme(theme, run) for theme in run.themes)]
        parts += [_differences(run), _single_words(run)]
    else:
        parts.append(_listing(run))
    parts.append(_limits(run))
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(run: ThemeRun) -> str:
    counts = run.counts
    gates = Counter(run.prepared.status)
    lines = [
        "# Themes",
        "",
        "**Internal.** Exact counts and people's own words. Labels and quotes are suggestions "
        "until a person approves them.",
        "",
        f"- {number(len(run.answers.ids), 'answer')} from {number(counts.asked, 'respondent')}; "
        f"{counts.answering:,} of them wrote something with content.",
    ]
    if gates[RowStatus.NO_CONTENT]:
        nothing = number(gates[RowStatus.NO_CONTENT], "answer")
        lines.append(f'- Blank or saying nothing ("n/a", "no comment"): {nothing}.')
    if gates[RowStatus.UNCLEAR]:
        vague = number(gates[RowStatus.UNCLEAR], "answer")
        lines.append(f'- Agreeing, thanking and the like ("yes", "ok") without a topic: {vague}.')
    if counts.languages:
        lines.append(f"- Languages: {_languages(counts.languages)}.")
    if run.themes:
        lines.append(f"- {number(len(run.themes), 'theme')}.")
        if run.provisional:
            lines.append(
                f"- **Provisional:** {number(int(run.prepared.seeds.sum()), 'different statement')}"
                " to go by. With more answers the themes will change."
            )
        if counts.without_theme:
            lines.append(
                f"- With content but in no theme: {number(counts.without_theme, 'respondent')}."
            )
    return "\n".join(lines)


def _overview(run: ThemeRun) -> str:
    counts = run.counts
    head = "| theme | respondents | share | 95 % interval | firmness |"
    rule = "|---|---:|---:|---|---|"
    campaigns = counts.voices != counts.answering
    if campaigns:
        head, rule = f"{head} each letter counted once |", f"{rule}---:|"
    rows = []
    for theme in run.themes:
        count, base = theme.count, counts.answering
        row = (
            f"| {_name(theme)} | {count.responses:,} | {_share(count.responses, base)} | "
            f"{_percent(count.interval.low, base)} to {_percent(count.interval.high, base)} | "
            f"{_firmness(theme, run)} |"
        )
        if campaigns:
            voices = count.responses_without_campaigns
            row += f" {voices:,} ({_share(voices, counts.voices)}) |"
        rows.append(row)
    reading = (
        f"Shares are of the {number(counts.answering, 'respondent')} with content. Somebody who "
        "raises two themes counts in both, so that the shares can add up to more than 100 %."
    )
    if len(run.themes) > 1:
        reading += (
            " Firmness tells how much of a theme comes back when a fifth of the statements is "
            "left out and the rest sorted anew, from 0 to 1: firm from 0.75 on, loose below 0.5. "
            "A loose theme is one way among several to divide the subject; a firm one is not "
            "thereby right."
        )
    return "\n".join(["## Overview", "", head, rule, *rows, "", reading])


def _theme(theme: Theme, run: ThemeRun) -> str:
    count = theme.count
    lines = [f"## {_name(theme)}", "", f"`{theme.id}`", ""]
    people = f"- {number(count.responses, 'respondent')}"
    several = len(run.counts.languages) > 1
    lines.append(f"{people}: {_languages(count.languages)}." if several else f"{people}.")
    for language, words in theme.words.keywords.items():
        name = language_name(language) if several else "Keywords"
        lines.append(f"- {name}: {_plain(', '.join(words))}")
    lines += _carried_by(theme, run)
    for quote in theme.exemplars:
        source = _plain(f"{quote.language}, {quote.response}")
        lines += ["", f"> {_quoted(quote.text)} ({source})"]
    return "\n".join(lines)


def _carried_by(theme: Theme, run: ThemeRun) -> list[str]:
    """Say that nearly all who raise a theme have in common what most others have not."""
    found = []
    whole = run.counts.languages
    for language, count in theme.count.languages.items():
        if _is_carried(count, theme.count.languages, whole[language], whole):
            found.append(f"- Carried by answers in {language_name(language)}.")
    for column, values in theme.count.groups.items():
        whole = run.counts.groups[column]
        for value, count in values.items():
            if _is_carried(count, values, whole[value], whole):
                known = sum(values.values())
                found.append(
                    f"- Carried by {_plain(f'{column} {value}')}: {count:,} of {known:,} for whom "
                    "it is known."
                )
    return found


def _is_carried(
    count: int, theme: Mapping[str, int], everywhere: int, whole: Mapping[str, int]
) -> bool:
    in_theme, in_all = sum(theme.values()), sum(whole.values())
    return (
        count >= _LEAST_CARRYING
        and count >= _CARRIED * in_theme
        and everywhere < _ELSEWHERE * in_all
    )


def _differences(run: ThemeRun) -> str:
    made = run.counts.differences
    if not made:
        return ""
    clear = [each for each in made if each.comparison.state in {State.MORE, State.LESS}]
    few = sum(each.comparison.state is State.TOO_FEW for each in made)
    lines = ["## Who raises what", ""]
    lines += [_difference(each, run) for each in clear]
    if clear:
        lines.append("")
    undecided = len(made) - len(clear) - few
    lines.append(
        f"{number(len(made), 'comparison')} of a group with everybody else whose group is known: "
        f"{len(clear) or 'none'} clear, {undecided:,} without a clear difference, {few:,} with "
        "fewer than ten people on a side, which is too few to tell."
    )
    return "\n".join(lines)


def _difference(each: GroupDifference, run: ThemeRun) -> str:
    one, theme = each.comparison, run.themes[each.theme]
    span = one.difference
    points = f", {100 * span.low:+.0f} to {100 * span.high:+.0f} points" if span else ""
    return (
        f"- {_name(theme)}: {_plain(f'{each.column} {each.value}')} {one.state}, "
        f"{one.count:,} of {one.base:,} ({_share(one.count, one.base)}) against "
        f"{one.rest_count:,} of {one.rest_base:,} ({_share(one.rest_count, one.rest_base)}"
        f"{points})."
    )


def _listing(run: ThemeRun) -> str:
    prepared = run.prepared
    lines = ["## The answers", ""]
    if not prepared.keys:
        return "\n".join([*lines, "No answer has content: there are no themes and no shares."])
    lines.append(
        "Too few different statements to tell themes. Here they are, with the respondents who "
        "wrote them."
    )
    for language, words in run.keywords.items():
        name = f"Words used, {language_name(language)}"
        lines += ["", f"{name}: {_plain(', '.join(words))}."]
    every = _by_respondents(run, np.arange(len(prepared.keys)))
    lines.append("")
    lines += [f"- {_quoted(text)} ({count:,})" for text, count in every[:_LISTED]]
    if len(every) > _LISTED:
        lines += ["", f"And {len(every) - _LISTED:,} more."]
    return "\n".join(lines)


def _single_words(run: ThemeRun) -> str:
    """List the words that stand alone and are in no theme: none of them is lost."""
    prepared = run.prepared
    words = _by_respondents(run, np.unique(prepared.unit_key[run.unit_theme < 0]))
    if not words:
        return ""
    shown = ", ".join(f"{_quoted(word)} ({count:,})" for word, count in words[:_LISTED])
    more = f", and {len(words) - _LISTED:,} more" if len(words) > _LISTED else ""
    return f"## Single words in no theme\n\n{shown}{more}"


def _by_respondents(run: ThemeRun, keys: Indexes) -> list[tuple[str, int]]:
    """Return texts of distinct units and how many respondents wrote each, most first."""
    prepared = run.prepared
    pairs = np.unique(np.stack([prepared.unit_key, prepared.unit_respondent]), axis=1)
    counts = np.bincount(pairs[0], minlength=len(prepared.keys))
    said = ((prepared.key_text[key], int(counts[key])) for key in keys.tolist())
    return sorted(said, key=lambda one: (-one[1], one[0]))


def _limits(run: ThemeRun) -> str:
    lines = ["## How sure this is", "", f"- Texts compared by: {run.choice.reason}"]
    languages = defaultdict(list)
    for language, note in run.choice.notes.items():
        languages[note].append(language_name(language))
    lines += [f"- {', '.join(names)}: {note}" for note, names in languages.items()]
    lines += [f"- {note}" for note in run.notes]
    if run.themes:
        lines += [
            "- The intervals say what chance alone would do had the respondents been drawn at "
            "random. They say nothing about people who did not answer.",
            "- On real survey answers that people had sorted before, the machine agrees with "
            "them about half of the time (docs/benchmarks.md). Review before you rely on a figure.",
        ]
    lines.append(f"- Run: seed {run.seed}, {run.model_id}, {run.engine}.")
    return "\n".join(lines)


def _firmness(theme: Theme, run: ThemeRun) -> str:
    value = theme.stability
    # One theme is all there is: it comes back whatever is left out.
    if len(run.themes) == 1 or math.isnan(value):
        return "–"
    word = "firm" if value >= _FIRM else "loose" if value < _LOOSE else "fairly firm"
    # Rounded down, so that 0.75 beside "fairly firm" is never seen.
    return f"{word} ({math.floor(100 * value + 1e-9) / 100:.2f})"


def _share(count: int, base: int) -> str:
    return _percent(count / base, base)


def _percent(share: float, base: int) -> str:
    if base >= _DECIMAL_FROM:
        return f"{100 * share:.1f} %"
    return "under 1 %" if 0.0 < share < 0.005 else f"{100 * share:.0f} %"


def _languages(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{language_name(code)} {count:,}" for code, count in ordered)


def _name(theme: Theme) -> str:
    return _plain(theme.words.label) or theme.id


def _quoted(text: str) -> str:
    """Return people's own words without personal data that can be found, on one line."""
    return f"“{_plain(redact(text))}”"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", " ".join(text.split()))
