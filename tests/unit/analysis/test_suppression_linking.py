import pytest

from analysis.suppression.linking import Linked


def linked_of(counts):
    linked = Linked()
    for key, count in counts.items():
        linked.add(key, count)
    return linked


def test_counts_that_break_their_sum_are_refused():
    linked = linked_of({"yes": 40, "no": 30, "all": 71})
    linked.adds_up(["yes", "no"], "all")
    with pytest.raises(ValueError, match="true figures break"):
        linked.published()


def test_figures_without_sums_are_each_published_alone():
    linked = linked_of({"yes": 40, "no": 3})
    assert "yes" in linked
    assert "maybe" not in linked
    assert {key: figure.text for key, figure in linked.published().items()} == {
        "yes": "40",
        "no": "fewer than 10",
    }


def test_a_known_total_is_used_exactly_and_shown_rounded():
    # 40 is 38 to 42; of exactly 43 people 1 to 5 said no.
    linked = linked_of({"yes": 40, "no": 3, "all": 43})
    linked.adds_up(["yes", "no"], "all")
    assert linked.published()["yes"].text == "40"
    linked.make_known("all")
    published = linked.published()
    assert published["yes"].text == "not shown"
    assert published["all"].text == "45"


def test_a_known_total_below_the_threshold_is_hidden_all_the_same():
    linked = linked_of({"yes": 4, "no": 3, "all": 7})
    linked.adds_up(["yes", "no"], "all")
    linked.make_known("all")
    assert {figure.text for figure in linked.published().values()} == {"fewer than 10"}


def test_what_is_held_back_is_not_said_to_be_small():
    linked = linked_of({"yes": 4, "no": 30})
    linked.hold_back(["yes", "no"])
    assert {figure.text for figure in linked.published().values()} == {"not shown"}
