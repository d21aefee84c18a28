import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import Reason, read_back
from analysis.suppression import protecting
from analysis.suppression import releases as module
from analysis.suppression.attacker import Attacker
from analysis.suppression.protecting import CannotProtect
from analysis.suppression.releases import (
    Decision,
    Release,
    decide,
    next_release,
    release_from_json,
    release_to_json,
)
from analysis.suppression.tables import Axis, Kind, make_table
from tests.unit.analysis.table_attack import name_of, places_of, tie

GROUPS = ("A", "B", "C")
ANSWERS = ("yes", "no")


def crosstab(counts, universe=""):
    rows, columns = np.shape(counts)
    axes = [
        Axis("group", GROUPS[:rows], Kind.GROUP),
        Axis("answer", ANSWERS[:columns], Kind.ANSWER),
    ]
    return make_table("table", axes, counts, universe=universe)


def attack_releases(releases):
    """Return what each hidden figure can be for who holds all releases and counted arrivals."""
    attacker, hidden = Attacker(), []
    for at, release in enumerate(releases):
        for released in release.tables:
            table = released.public()
            for place, figure, decision in zip(
                places_of(table), table.figures, released.decisions, strict=True
            ):
                name = name_of(table, place, at)
                attacker.learn(name)
                if at and name_of(table, place, at - 1) in attacker:
                    attacker.at_most(name_of(table, place, at - 1), name)
                if decision is not Decision.NEW:
                    continue
                attacker.learn(name, *read_back(figure.text))
                if figure.value is None:
                    hidden.append(name)
            people = int(released.table.counts.flat[-1])
            if people >= 10:
                attacker.learn((at, table.universe), people, people)
            tie(attacker, table, at)
    return attacker.intervals(dict.fromkeys(hidden))


def shown(release):
    table = release.tables[0].public()
    return {
        (group, answer): table.at(group, answer).text
        for group in (*table.axes[0].categories, None)
        for answer in (*table.axes[1].categories, None)
    }


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (None, 3, Decision.NEW),
        (142, 142, Decision.KEPT),
        (142, 151, Decision.KEPT),
        (142, 152, Decision.NEW),
        (142, 133, Decision.KEPT),
        (142, 132, Decision.NEW),
    ],
)
def test_a_base_must_change_by_ten(before, now, expected):
    assert decide(before, now) is expected


def test_nine_more_responses_change_nothing_in_public():
    first = next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])
    second = next_release("2", [crosstab([[43, 33], [27, 20], [36, 15]])], [first])
    assert shown(second) == shown(first)
    assert set(second.tables[0].decisions) == {Decision.KEPT}


def test_only_groups_with_ten_more_are_shown_anew():
    first = next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])
    # A gains 16, B two, C none.
    second = next_release("2", [crosstab([[50, 36], [26, 21], [35, 15]])], [first])
    figures = shown(second)
    assert (figures["A", "yes"], figures["A", "no"], figures["A", None]) == ("50", "35", "85")
    assert (figures["B", "yes"], figures["B", "no"], figures["B", None]) == ("25", "20", "45")
    assert (figures[None, "yes"], figures[None, None]) == ("110", "185")
    table = second.tables[0]
    decisions = dict(zip(shown(second), table.decisions, strict=True))
    assert decisions["A", "yes"] is Decision.NEW
    assert decisions["B", "yes"] is decisions["C", None] is Decision.KEPT
    assert decisions[None, "yes"] is Decision.NEW


def test_small_changes_add_up_until_a_figure_is_shown_anew():
    releases = [next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])]
    releases.append(next_release("2", [crosstab([[44, 33], [25, 20], [35, 15]])], releases))
    releases.append(next_release("3", [crosstab([[48, 36], [25, 20], [35, 15]])], releases))
    # A: 70, 77, 84: fourteen more than when it was last shown anew.
    assert [shown(release)["A", None] for release in releases] == ["70", "70", "85"]


def test_a_jump_would_give_the_hidden_number_before_away():
    # 9 was hidden; with ten more responses 18 would show as 20, so before it was 8 or 9.
    first = next_release("1", [crosstab([[9, 40], [30, 35], [45, 25]])])
    assert shown(first)["A", "yes"] == "fewer than 10"
    second = next_release("2", [crosstab([[18, 41], [30, 35], [45, 25]])], [first])
    found = attack_releases([first, second])
    assert found[0, "", ("answer", "yes"), ("group", "A")].width >= 5
    assert shown(second)["A", "yes"] == "not shown"
    assert second.tables[0].figures[0].reason is Reason.WITHHELD


def test_a_new_table_waits_until_everybody_elses_base_moved():
    first = next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])
    age = make_table("age", [Axis("age", ("young", "old"), Kind.GROUP)], [70, 98])
    # 165 responses then, 168 now.
    second = next_release("2", [crosstab([[41, 31], [25, 21], [35, 15]]), age], [first])
    waiting = second.tables[1]
    assert set(waiting.decisions[:2]) == {Decision.WITHHELD}
    assert [figure.text for figure in waiting.figures] == ["not shown", "not shown", "165"]
    age = make_table("age", [Axis("age", ("young", "old"), Kind.GROUP)], [80, 98])
    third = next_release("3", [crosstab([[46, 35], [26, 21], [35, 15]]), age], [first, second])
    assert [figure.text for figure in third.tables[1].figures] == ["80", "100", "180"]


def test_a_new_table_of_the_same_people_may_come_at_once():
    first = next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])
    age = make_table("age", [Axis("age", ("young", "old"), Kind.GROUP)], [70, 95])
    second = next_release("2", [crosstab([[40, 30], [25, 20], [35, 15]]), age], [first])
    assert [figure.text for figure in second.tables[1].figures] == ["70", "95", "165"]


def test_withdrawals_show_in_the_next_safe_release():
    first = next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])
    second = next_release("2", [crosstab([[28, 30], [25, 20], [35, 15]])], [first])
    assert shown(second)["A", "yes"] == "30"
    assert shown(second)[None, None] == "155"


def test_what_cannot_be_made_safe_beside_the_old_figures_stays_as_it_was(monkeypatch):
    first = next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])

    def hopeless(*_: object):
        raise CannotProtect([0])

    monkeypatch.setattr("analysis.suppression.linking.protect", hopeless)
    second = next_release("2", [crosstab([[60, 50], [45, 40], [55, 35]])], [first])
    assert shown(second) == shown(first)
    assert set(second.tables[0].decisions) == {Decision.KEPT}
    with pytest.raises(CannotProtect):
        next_release("1", [crosstab([[40, 30], [25, 20], [35, 15]])])


def test_older_releases_give_way_when_there_are_too_many(monkeypatch):
    counts = np.array([[40, 30], [25, 20], [35, 15]])
    releases: list[Release] = []
    for at in range(4):
        releases.append(next_release(str(at), [crosstab(counts + 10 * at)], releases))
    # Twelve figures a release: two releases fit.
    monkeypatch.setattr(protecting, "MOST_FIGURES", 36)
    monkeypatch.setattr(module, "MOST_FIGURES", 36)
    last = next_release("5", [crosstab(counts + 40)], releases)
    assert set(last.tables[0].decisions) == {Decision.NEW}


def test_a_release_can_be_stored_and_read_back():
    release = next_release("2026-11-22", [crosstab([[9, 40], [30, 35], [45, 25]], "adults")])
    text = release_to_json(release)
    again = release_from_json(text)
    assert release_to_json(again) == text
    assert again.tables[0].public() == release.tables[0].public()
    assert again.tables[0].table.counts.tolist() == release.tables[0].table.counts.tolist()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tables": [{"axes": 3}], "name": "x"}'])
def test_what_is_no_release_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        release_from_json(text)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_no_release_gives_an_earlier_one_away(seed):
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(2, 4)), 2)
    counts = rng.poisson(rng.gamma(0.8, 15, shape))
    releases: list[Release] = []
    for at in range(3):
        releases.append(next_release(str(at), [crosstab(counts)], releases))
        # Ten more responses, or twenty, spread evenly or all in a few cells.
        shares = rng.dirichlet(np.full(counts.size, rng.choice([0.2, 5.0])))
        counts = counts + rng.multinomial(rng.choice([10, 20]), shares).reshape(shape)
    for each in attack_releases(releases).values():
        assert each.width >= 5 - 1e-6
