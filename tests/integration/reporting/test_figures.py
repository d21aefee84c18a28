"""What readers see of tables that go out together."""

import pytest

from analysis.disclosure import Reason
from analysis.suppression.releases import release_from_json, release_to_json
from analysis.suppression.tables import Axis, Kind, make_table
from consult.reports.data import Audience
from consult.services.reporting.figures import COUNTED, Figures, as_count, exact

AGE = Axis("age", ("young", "middle", "old"), Kind.GROUP)
SIDE = Axis("side", ("for", "against"), Kind.ANSWER)


def table(name, counts, axis=AGE):
    return make_table(name, [axis], counts, universe=COUNTED)


def settled(*tables, audience=Audience.PUBLIC, earlier=()):
    figures = Figures(audience, name="today", earlier=earlier)
    for each in tables:
        figures.add(each)
    figures.settle()
    return figures


def test_an_internal_report_is_exact():
    figures = settled(table("age", [41, 3, 52]), audience=Audience.INTERNAL)
    assert [figures.count("age", name).text for name in (*AGE.categories, None)] == [
        "41",
        "3",
        "52",
        "96",
    ]
    assert figures.release is None
    few = figures.published("age", "middle")
    assert (few.value, few.low, few.high, few.reason) == (3, 3, 3, Reason.SHOWN)


def test_a_public_one_is_rounded_and_hides_small_numbers():
    figures = settled(table("age", [41, 3, 52]))
    assert [figures.count("age", name).text for name in (*AGE.categories, None)] == [
        "40",
        "fewer than 10",
        "50",
        "95",
    ]
    assert figures.count("age", "middle").model_dump() == {
        "text": "fewer than 10",
        "value": None,
        "low": 0,
        "high": 9,
        "reason": "small",
    }


def test_tables_of_the_same_people_are_looked_at_together():
    # Alone, 54 of 57 would be shown; with the total known that leaves 1 to 5 for the others.
    both = Axis("home", ("here", "elsewhere"), Kind.GROUP)
    figures = settled(table("home", [54, 3], both), table("side", [30, 27], SIDE))
    assert figures.published("home", "here").reason is Reason.WITHHELD
    assert figures.count("home", None).text == "55"
    assert figures.count("side", "for").text == "30"


def test_shares_come_from_what_is_published():
    figures = settled(table("side", [16, 126], SIDE))
    share = figures.share(figures.published("side", "for"), figures.published("side", None))
    # 15 of 140, not 16 of 142; Wilson's interval of those, in whole percent.
    assert (share.value, share.low, share.high, share.few) == (0.11, 0.07, 0.17, False)


def test_exact_shares_have_wilsons_interval():
    figures = settled(table("side", [16, 126], SIDE), audience=Audience.INTERNAL)
    share = figures.share(figures.published("side", "for"), figures.published("side", None))
    assert share.value == pytest.approx(16 / 142)
    assert (share.low, share.high) == (
        pytest.approx(0.0706, abs=1e-4),
        pytest.approx(0.1752, abs=1e-4),
    )


def test_a_share_of_few_says_so_and_one_of_nobody_is_none():
    figures = settled(table("side", [12, 10], SIDE))
    assert figures.share(figures.published("side", "for"), figures.published("side", None)).few
    inside = settled(table("side", [0, 0], SIDE), audience=Audience.INTERNAL)
    assert inside.share(exact(0), exact(0)).value is None


def test_a_hidden_number_has_no_share():
    figures = settled(table("age", [41, 3, 52]))
    share = figures.share(figures.published("age", "middle"), figures.published("age", None))
    assert (share.value, share.low, share.high) == (None, None, None)


def test_nine_more_responses_change_nothing():
    first = settled(table("age", [41, 13, 52])).release
    assert first is not None
    stored = release_from_json(release_to_json(first))
    second = settled(table("age", [44, 16, 55]), earlier=[stored])
    assert [second.count("age", name).text for name in AGE.categories] == ["40", "15", "50"]
    third = settled(table("age", [51, 16, 55]), earlier=[stored])
    # Sixteen more people, ten of them young.
    assert [third.count("age", name).text for name in AGE.categories] == ["50", "15", "50"]


def test_order_is_by_what_is_said():
    figures = settled(table("age", [8, 3, 52]))
    names = ("young", "middle", "old")
    published = [figures.published("age", name) for name in names]
    assert [names[at] for at in figures.order(names, published)] == ["old", "middle", "young"]


def test_what_comes_too_late_or_twice_is_refused():
    figures = Figures(Audience.PUBLIC, name="today")
    figures.add(table("age", [41, 3, 52]))
    with pytest.raises(ValueError, match="age is there already"):
        figures.add(table("age", [41, 3, 52]))
    with pytest.raises(ValueError, match="not settled"):
        figures.published("age", None)
    figures.settle()
    with pytest.raises(ValueError, match="settled"):
        figures.add(table("side", [50, 46], SIDE))
    with pytest.raises(ValueError, match="settled"):
        figures.settle()
    with pytest.raises(ValueError, match="no table sex"):
        figures.published("sex", None)


def test_a_theme_by_two_groups_is_refused_for_every_audience():
    axes = [
        Axis("theme", ("buses",), Kind.THEME, several=True),
        Axis("age", ("young",), Kind.GROUP),
        Axis("sex", ("female",), Kind.GROUP),
    ]
    never = make_table("never", axes, [[[40]]], bases=[[60]])
    for audience in Audience:
        with pytest.raises(ValueError, match="theme by two groups"):
            Figures(audience, name="today").add(never)


def test_a_count_of_the_report_is_the_published_figure():
    assert as_count(exact(1205)).text == "1,205"
