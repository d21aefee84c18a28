import re
from dataclasses import replace

import pytest

from analysis.representation.comparison.gaps import State, group_gaps
from analysis.representation.comparison.missing import unknown_effect
from analysis.representation.comparison.overall import overall
from analysis.representation.telling.words import (
    TEXTS,
    Count,
    Percent,
    caveats,
    gap_message,
    interval_messages,
    label,
    message,
    monitoring_messages,
    overall_messages,
    percents,
    reference_message,
    unknown_messages,
)
from analysis.representation.watching.families import Rules, Tier
from analysis.representation.watching.monitoring import (
    Family,
    Group,
    Observed,
    Stage,
    declare,
    monitor,
)

MUSLIM = group_gaps(
    [16, 126], [341_811, 803_106], categories=["Muslim residents", "Other residents"]
)[0]
SIKH = group_gaps([10, 437], [33_126, 1_111_791], categories=["Sikh residents", "Others"])[0]


def said(messages):
    return [str(each) for each in messages]


@pytest.mark.parametrize(
    ("gap", "tier", "sentence"),
    [
        (
            MUSLIM,
            Tier.CONFIRMED,
            "Muslim residents: 16 of 142 responses (11 %), but 30 % of residents. "
            "That is clearly under.",
        ),
        (
            MUSLIM,
            Tier.EARLY,
            "Muslim residents: 16 of 142 responses (11 %), but 30 % of residents. "
            "That looks under. It is an early sign and may change.",
        ),
        (
            MUSLIM,
            Tier.NONE,
            "Muslim residents: 16 of 142 responses (11 %), but 30 % of residents. "
            "That looks under, but among so many groups one can look so by chance.",
        ),
        (
            SIKH,
            Tier.NONE,
            "Sikh residents: 10 of 447 responses (2.2 %), and 2.9 % of residents. "
            "There are too few responses to tell.",
        ),
        (
            group_gaps([1_200, 4_800], [20, 80])[0],
            Tier.NONE,
            "0: 1,200 of 6,000 responses (20 %), and 20 % of residents. That is in line.",
        ),
        (
            group_gaps([60, 40], [30, 70])[0],
            Tier.CONFIRMED,
            "0: 60 of 100 responses (60 %), but 30 % of residents. That is clearly over.",
        ),
        (
            group_gaps([60, 40], [30, 70])[0],
            Tier.EARLY,
            "0: 60 of 100 responses (60 %), but 30 % of residents. "
            "That looks over. It is an early sign and may change.",
        ),
        (
            group_gaps([60, 40], [30, 70])[0],
            Tier.NONE,
            "0: 60 of 100 responses (60 %), but 30 % of residents. "
            "That looks over, but among so many groups one can look so by chance.",
        ),
        (
            # Needs ln 0.05 / ln 0.96 = 73.4.
            group_gaps([0, 20], [5, 95])[0],
            Tier.NONE,
            "0: none of 20 responses so far, and 5.0 % of residents. "
            "It needs about 74 responses before silence means anything.",
        ),
        (
            group_gaps([0, 0], [5, 95])[0],
            Tier.NONE,
            "0: nobody has answered this question yet.",
        ),
        (
            group_gaps([3, 7], [0, 95])[0],
            Tier.NONE,
            "0: there is no figure for residents to compare with.",
        ),
        (
            group_gaps([3], [95])[0],
            Tier.NONE,
            "0: all residents are in this group, so there is nothing to compare.",
        ),
    ],
)
def test_a_sentence_for_every_state(gap, tier, sentence):
    assert str(gap_message(gap, tier)) == sentence


def test_a_group_can_be_called_otherwise():
    assert str(gap_message(MUSLIM, group="Muslims")).startswith("Muslims: 16 of 142")


@pytest.mark.parametrize(
    ("share", "decimals", "shown"),
    [
        (0.125, 0, "13 %"),
        (0.285, 0, "29 %"),
        (0.2849, 0, "28 %"),
        (0.0224, 1, "2.2 %"),
        (0.0005, 1, "0.1 %"),
        (0.0004, 1, "<0.1 %"),
        (0.9996, 1, ">99.9 %"),
        (0.996, 0, ">99 %"),
        (0.0, 1, "0 %"),
        (1.0, 1, "100 %"),
        (0.3, 1, "30.0 %"),
    ],
)
def test_shares_are_rounded_half_up_and_never_to_nothing(share, decimals, shown):
    assert str(Percent(share, decimals)) == shown


@pytest.mark.parametrize(
    ("shares", "shown"),
    [
        ((0.11, 0.30), ["11 %", "30 %"]),
        ((0.0, 0.30), ["0 %", "30 %"]),
        ((0.099, 0.30), ["9.9 %", "30.0 %"]),
        ((0.301, 0.298), ["30.1 %", "29.8 %"]),
        ((0.30, 0.30), ["30 %", "30 %"]),
    ],
)
def test_shares_of_one_sentence_have_the_same_decimals(shares, shown):
    assert [str(each) for each in percents(*shares)] == shown


def test_counts_are_grouped():
    assert str(Count(1_144_917)) == "1,144,917"


def test_interval_and_what_silence_needs():
    # Wilson for 3 of 50 is 0.0206 to 0.1622; 0.8 * 5 % needs 74.
    few = group_gaps([3, 47], [5, 95], categories=["Sikh residents", "Others"])[0]
    assert said(interval_messages(few)) == [
        "Sikh residents: these counts fit a share from 2.1 % to 16.2 % of those who respond.",
        "Sikh residents: it needs about 74 responses before silence means anything.",
    ]
    many = interval_messages(MUSLIM, "Muslims")
    assert [each.key for each in many] == ["gap.interval"]
    assert interval_messages(group_gaps([3], [0])[0]) == ()


def test_those_who_did_not_say():
    under = group_gaps([16, 126], [30, 70], categories=["Muslim residents", "Others"])[0]
    # 0.24 * 204 - 16 = 32.96; bounds 16/204 and 78/204; 62/204 are unknown.
    effect = unknown_effect(16, 142, 62, 0.30)
    assert said(unknown_messages(under, effect, Tier.CONFIRMED)) == [
        "62 of 204 people (30 %) did not say.",
        "Muslim residents: with those who did not say, from 7.8 % to 38.2 % of all who responded.",
        "Muslim residents: the flag would disappear if at least 33 of the 62 who did not say "
        "belong to this group.",
        "So many people did not say that this counts as an early sign only.",
    ]
    assert len(unknown_messages(under, effect, Tier.EARLY)) == 3
    robust = unknown_messages(under, unknown_effect(16, 142, 8, 0.30), Tier.CONFIRMED, "Muslims")
    assert str(robust[2]) == (
        "Muslims: even if all who did not say (8) belonged to this group, it would still be under."
    )


def test_those_who_did_not_say_and_an_excess():
    over = group_gaps([60, 40], [40, 60], categories=["Women", "Others"])[0]
    # 60 + 30 - 0.5 * 130 = 25; with 10 unknown, 60 - 0.5 * 110 = 5 are too many without them.
    tips = unknown_messages(over, unknown_effect(60, 100, 30, 0.40, direction=State.OVER))
    assert str(tips[2]) == (
        "Women: the flag would disappear if at least 25 of the 30 who did not say "
        "belong to other groups."
    )
    firm = unknown_messages(over, unknown_effect(60, 100, 10, 0.40, direction=State.OVER))
    assert str(firm[2]) == (
        "Women: even if all who did not say (10) belonged to other groups, it would still be over."
    )


def test_a_group_without_a_flag_has_bounds_alone():
    keys = [each.key for each in unknown_messages(SIKH, unknown_effect(10, 447, 20, 0.0289))]
    assert keys == ["unknown.share", "unknown.bounds"]


def test_nobody_unknown_is_not_mentioned():
    assert unknown_messages(MUSLIM, unknown_effect(16, 142, 0, 0.30)) == ()


def test_a_whole_dimension():
    names = ["a", "b", "c"]
    # D = .1 against .05401 by chance; 100 / (13 / 12) = 92.3.
    assert said(overall_messages("Religion", overall([30, 50, 20], [20, 50, 30]), names)) == [
        "Religion: the make-up of responses is 90 % like that of residents. "
        "A random sample of the same size would be 95 % like it.",
        "10 % of responses would have to come from other groups to match.",
        "Weighted to residents, these 100 responses would tell as much as about 92.",
    ]
    perfect = overall_messages("Religion", overall([20, 50, 30], [20, 50, 30]), names)
    assert said(perfect) == [
        "Religion: the make-up of responses is 100 % like that of residents, "
        "as close as a random sample of the same size.",
        "Weighted to residents, these 100 responses would tell as much as about 100.",
    ]
    empty = overall_messages("Religion", overall([0, 50, 0], [20, 50, 30]), names)
    assert str(empty[-1]) == "Weighting cannot mend this: there is no response from a, c."


def test_a_dimension_without_a_score():
    nobody = overall_messages("Religion", overall([0, 0], [1, 2]), ["a", "b"])
    assert said(nobody) == ["Religion: nobody has answered yet, so there is no score."]
    single = overall_messages("Religion", overall([5], [1]), ["a"])
    assert said(single) == ["Religion: residents are all in one group, so there is no score."]


def test_watching():
    family = Family("religion", declare("religion", ["Muslim", "other"], [3, 7]))
    counts = [
        {
            Group("religion", "Muslim"): Observed(x, n),
            Group("religion", "other"): Observed(n - x, n),
        }
        for x, n in ((16, 142), (0, 0))
    ]
    stages = [Stage(name, seen) for name, seen in zip(("spring", "summer"), counts, strict=True)]
    found = monitor([family], stages)[0]
    assert said(monitoring_messages(found, "Muslims")) == [
        "Muslims: however often one looks, the share of those who respond lies from 0 % to 100 % "
        "(with 95 % confidence).",
        "Muslims: confirmed as under in an earlier stage: spring.",
    ]
    over = replace(found, direction=State.OVER)
    assert str(monitoring_messages(over)[1]) == (
        "Muslim: confirmed as over in an earlier stage: spring."
    )
    first = monitor([family], stages[:1])[0]
    assert [each.key for each in monitoring_messages(first)] == ["monitoring.band"]


def test_caveats():
    always = ["caveat.opinions", "caveat.unmeasured", "caveat.outreach"]
    assert [each.key for each in caveats()] == always
    flagged = caveats([Tier.CONFIRMED, Tier.EARLY], stage="since May")
    assert [each.key for each in flagged] == [
        "caveat.chance",
        *always,
        "caveat.confirmed",
        "caveat.early",
        "monitoring.stage",
    ]
    assert str(flagged[0]) == (
        "If responses arrived independently, a gap this size would be unlikely by chance."
    )
    assert str(flagged[1]) == (
        "This is not a margin of error for residents' opinions: respondents chose themselves."
    )
    assert "at most 10 % of them are false" in str(flagged[4])
    closed = caveats([Tier.EARLY], rules=Rules(cluster_factor=1.5), multiple=True, closing=True)
    assert [each.key for each in closed] == [
        "caveat.chance",
        *always,
        "monitoring.closing",
        "caveat.multiple",
        "caveat.clusters",
    ]
    assert "divide counts by 1.5" in str(closed[-1])
    assert "more than 100 %." in str(closed[-2])


def test_what_responses_are_compared_with():
    shown = reference_message("usual residents", "ONS, TS030", "March 2021")
    assert str(shown) == "Compared with: usual residents, ONS, TS030, March 2021."


def test_names_of_states_and_tiers():
    assert said(map(label, State)) == ["Under", "In line", "Over", "Too few to tell"]
    assert said(map(label, Tier)) == ["Confirmed", "Early sign", "No flag"]


@pytest.mark.parametrize("key", TEXTS)
def test_every_text_is_a_sentence_with_named_placeholders(key):
    text = TEXTS[key]
    names = re.findall(r"%\((\w+)\)s", text)
    filled = text % dict.fromkeys(names, "x")
    assert "%(" not in filled
    # A percent sign that is left over was written twice on purpose.
    assert text.count("%%") == filled.count("%")
    if not key.startswith(("state.", "tier.")):
        assert text.endswith(".")
        assert not re.search(r"\s\s", text)


def test_a_message_names_its_sentence():
    shown = message("unknown.cautious")
    assert (shown.key, shown.text, dict(shown.values)) == (
        "unknown.cautious",
        TEXTS["unknown.cautious"],
        {},
    )
    with pytest.raises(KeyError):
        message("nothing.like.it")
