import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure import Reason, Rule
from analysis.suppression import protecting
from analysis.suppression.protecting import CannotProtect
from analysis.suppression.publishing import protect_tables
from analysis.suppression.tables import (
    Axis,
    DeclaredTables,
    Kind,
    collapse,
    make_table,
)
from tests.unit.analysis.table_attack import attack

LETTERS = "ABCDEFGH"


def group_axis(size, name="group"):
    return Axis(name, tuple(LETTERS[:size]), Kind.GROUP)


def answer_axis(size, name="answer"):
    return Axis(name, tuple(LETTERS[:size].lower()), Kind.ANSWER)


def crosstab(counts, name="table", group="group", answer="answer", universe=""):
    rows, columns = np.shape(counts)
    axes = [group_axis(rows, group), answer_axis(columns, answer)]
    return make_table(name, axes, counts, universe=universe)


def texts(table):
    """Return the texts of a table of two dimensions, totals last."""
    width = len(table.axes[1].categories) + 1
    shown = [figure.text for figure in table.figures]
    return [shown[at : at + width] for at in range(0, len(shown), width)]


def test_a_table_is_rounded_and_totals_come_from_the_true_totals():
    # 13 + 13 + 13 = 39: three times 15, and 40.
    table = crosstab([[13, 13, 13], [23, 33, 43], [16, 26, 36]])
    (shown,) = protect_tables([table])
    assert texts(shown) == [
        ["15", "15", "15", "40"],
        ["25", "35", "45", "100"],
        ["15", "25", "35", "80"],
        ["50", "70", "90", "215"],
    ]
    assert shown.at("A", "a").text == "15"
    assert shown.at("B", None).text == "100"
    assert shown.at(None, None).text == "215"


def test_small_cells_say_that_they_are_small_where_that_is_safe():
    (shown,) = protect_tables([crosstab([[33, 4, 21], [24, 12, 18], [41, 22, 30]])])
    assert texts(shown)[0] == ["35", "fewer than 10", "20", "60"]


def test_a_small_cell_beside_one_other_takes_that_with_it():
    # 57 of whom 54: the rest is 0 to 4 even after rounding, closer than five.
    table = make_table("t", [group_axis(2)], [54, 3])
    (shown,) = protect_tables([table], total_known=False)
    assert [figure.text for figure in shown.figures] == ["not shown", "fewer than 10", "55"]
    found = attack([shown])
    assert min(each.width for each in found.values()) >= 5


def test_labels_say_less_where_they_would_say_too_much():
    # Of exactly 18 people two groups with fewer than ten each are nine and nine.
    (shown,) = protect_tables([make_table("t", [group_axis(2)], [9, 9])])
    assert [figure.text for figure in shown.figures[:2]] == ["not shown", "not shown"]
    assert attack([shown], totals={"": 18})[None, "", ("group", "A")].width == 18


def test_a_table_of_few_people_says_nothing():
    (shown,) = protect_tables([make_table("t", [group_axis(3)], [2, 0, 1])])
    assert {figure.text for figure in shown.figures} == {"fewer than 10"}


def test_a_group_that_answers_as_one_is_held_back_and_its_size_is_not():
    # All 20 of A say a: nobody may learn that, nor of which answer it is true.
    table = crosstab([[20, 0, 0], [30, 25, 28], [41, 35, 37]])
    (shown,) = protect_tables([table])
    assert texts(shown)[0] == ["not shown", "not shown", "not shown", "20"]
    found = attack([shown], totals={"": 216})
    answers = [found[None, "", ("answer", answer), ("group", "A")] for answer in "abc"]
    assert all(each.width >= 5 for each in answers)


def test_answers_to_a_question_alone_may_all_be_one():
    table = make_table("t", [answer_axis(2)], [200, 0])
    (shown,) = protect_tables([table])
    assert [figure.text for figure in shown.figures] == ["200", "0", "200"]


def test_a_question_alone_keeps_to_the_lower_threshold_and_a_crossed_one_does_not():
    question = make_table("question", [answer_axis(3)], [60, 33, 7])
    (alone,) = protect_tables([question])
    assert alone.at("c").text == "5"
    crossed = crosstab([[20, 18, 2], [40, 15, 5]])
    question_again, table = protect_tables([question, crossed])
    assert question_again.at("c").text == "fewer than 10"
    assert table.at(None, "c") == question_again.at("c")


def test_themes_overlap_and_stay_named():
    themes = Axis("theme", ("parks", "buses", "bins"), Kind.THEME, several=True)
    groups = group_axis(2)
    table = make_table(
        "t", [themes, groups], [[30, 20], [12, 25], [2, 1]], bases=np.array([40, 35])
    )
    assert table.counts.tolist() == [[30, 20, 50], [12, 25, 37], [2, 1, 3], [40, 35, 75]]
    (shown,) = protect_tables([table])
    assert [shown.at(theme, None).text for theme in themes.categories] == [
        "50",
        "35",
        "fewer than 10",
    ]
    assert shown.at("bins", "A").text == "fewer than 10"


def test_a_theme_that_all_of_a_group_raise_is_held_back_alone():
    themes = Axis("theme", ("parks", "buses"), Kind.THEME, several=True)
    table = make_table(
        "t", [themes, group_axis(3)], [[20, 30, 35], [11, 14, 18]], bases=[20, 60, 70]
    )
    (shown,) = protect_tables([table])
    assert shown.at("parks", "A").reason is Reason.WITHHELD
    assert shown.at("buses", "A").text == "10"


def test_a_theme_by_two_groups_is_never_public():
    themes = Axis("theme", ("parks", "buses"), Kind.THEME)
    axes = [themes, group_axis(2), group_axis(2, "ward")]
    with pytest.raises(ValueError, match="never public"):
        protect_tables([make_table("t", axes, np.full((2, 2, 2), 50))])


def test_only_declared_crossings_are_public():
    declared = DeclaredTables(frozenset({frozenset({"age", "vision"})}))
    declared.require(["vision", "age"])
    with pytest.raises(ValueError, match="age by ward was not declared"):
        declared.require(["age", "ward"])


# --- exact numbers ------------------------------------------------------------------------

FIVE = Rule(threshold=5)


def hidden_cells(table):
    width = len(table.axes[1].categories) + 1
    return {divmod(at, width) for at, figure in enumerate(table.figures) if figure.value is None}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        # Cheapest: 20 + 15 + 12 = 47; with columns 1 and 2 it is 47 too, the earlier wins.
        ([[20, 3, 17], [15, 12, 18], [10, 25, 30]], {(0, 0), (0, 1), (1, 0), (1, 1)}),
        ([[20, 3, 17], [15, 4, 18], [10, 25, 30]], {(0, 0), (0, 1), (1, 0), (1, 1)}),
        # Nothing small: nothing hidden.
        ([[20, 13, 17], [15, 12, 18]], set()),
    ],
)
def test_exact_tables_hide_the_cheapest_rectangle(counts, expected):
    (shown,) = protect_tables([crosstab(counts)], FIVE, exact=True)
    assert hidden_cells(shown) == expected
    assert shown.at(None, None).value == int(np.sum(counts))


def test_zeros_that_everybody_chose_not_to_be_do_not_hide():
    # Row 0 has no other cell but the small one's neighbours are zeros of a plain question.
    counts = [[30, 3], [0, 40]]
    axes = [answer_axis(2, "one"), answer_axis(2, "two")]
    with pytest.raises(CannotProtect, match="cannot be protected"):
        protect_tables([make_table("t", axes, counts)], exact=True)


def test_a_total_that_is_small_cannot_be_protected_until_categories_are_merged():
    table = make_table("t", [group_axis(3), answer_axis(2)], [[3, 0], [15, 0], [40, 30]])
    with pytest.raises(CannotProtect) as raised:
        protect_tables([table], FIVE, exact=True)
    # The three of A in all.
    assert raised.value.keys == (("", frozenset({("group", "A")})),)
    merged = collapse(table, "group", {"A": "A or B", "B": "A or B"})
    assert merged.axes[0].categories == ("A or B", "C")
    assert merged.counts.tolist() == [[18, 0, 18], [40, 30, 70], [58, 30, 88]]


def test_a_table_with_one_column_of_people_must_be_collapsed():
    with pytest.raises(CannotProtect):
        protect_tables([crosstab([[3, 0], [15, 0]])], FIVE, exact=True)


@pytest.mark.parametrize(("axis", "into"), [("group", {"Z": "Y"}), ("theme", {"parks": "green"})])
def test_only_categories_that_are_there_and_do_not_overlap_can_be_merged(axis, into):
    themes = Axis("theme", ("parks", "buses"), Kind.THEME, several=True)
    table = make_table("t", [themes, group_axis(2)], [[5, 6], [7, 8]], bases=[9, 9])
    with pytest.raises(ValueError, match="cannot merge"):
        collapse(table, axis, into)


def test_a_table_of_three_dimensions_is_protected_by_a_cuboid():
    counts = np.full((3, 3, 3), 30)
    counts[0, 0, 0] = 2
    axes = [answer_axis(3, name) for name in ("one", "two", "three")]
    (shown,) = protect_tables([make_table("t", axes, counts)], FIVE, exact=True)
    hidden = [at for at, figure in enumerate(shown.figures) if figure.value is None]
    assert len(hidden) == 8
    found = attack([shown], exact=True)
    assert min(each.width for each in found.values()) >= 5


# --- against the attacker -----------------------------------------------------------------

small_counts = st.one_of(st.integers(0, 12), st.integers(0, 60))


@st.composite
def crosstabs(draw):
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = st.lists(small_counts, min_size=columns, max_size=columns)
    return draw(st.lists(cells, min_size=rows, max_size=rows))


@settings(max_examples=40, deadline=None)
@given(crosstabs(), st.booleans())
def test_whoever_holds_the_table_knows_no_hidden_figure_closer_than_five(counts, total_known):
    (shown,) = protect_tables([crosstab(counts)], total_known=total_known)
    people = int(np.sum(counts))
    totals = {"": people} if total_known and people >= 10 else None
    for each in attack([shown], totals=totals).values():
        assert each.width >= 5 - 1e-6


@settings(max_examples=20, deadline=None)
@given(crosstabs())
def test_no_more_is_hidden_than_needed(counts):
    (shown,) = protect_tables([crosstab(counts)])
    people = int(np.sum(counts))
    dominated = any(max(row) > 0.9 * sum(row) for row in counts)
    extra = [figure for figure in shown.figures if figure.reason is Reason.WITHHELD]
    smalls = [count for row in counts for count in row if count < 10]
    if not smalls and people >= 10 and not dominated and len(counts) > 1:
        assert not extra


@settings(max_examples=15, deadline=None)
@given(crosstabs())
def test_exact_totals_give_no_hidden_cell_away(counts):
    rule = Rule(threshold=5)
    try:
        (shown,) = protect_tables([crosstab(counts)], rule, exact=True)
    except CannotProtect:
        return
    for each in attack([shown], rule=rule, exact=True).values():
        assert each.width >= 5 - 1e-6


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_tables_that_share_a_question_are_safe_together(seed):
    rng = np.random.default_rng(seed)
    people = int(rng.integers(30, 200))
    answers = rng.choice(3, people, p=rng.dirichlet(np.ones(3)))
    tables = []
    for group, size in (("age", 4), ("sex", 2), ("religion", 3)):
        members = rng.choice(size, people, p=rng.dirichlet(np.ones(size)))
        counts = np.zeros((size, 3), dtype=int)
        np.add.at(counts, (members, answers), 1)
        tables.append(crosstab(counts, group, group=group))
    shown = protect_tables(tables)
    for each in attack(shown, totals={"": people}).values():
        assert each.width >= 5 - 1e-6
    # A total has one text wherever it stands.
    assert len({table.at(None, "a") for table in shown}) == 1


def test_the_order_of_categories_does_not_change_what_is_shown():
    counts = np.array([[33, 4, 21], [24, 12, 18], [41, 22, 30]])
    (shown,) = protect_tables([crosstab(counts)])
    order = [2, 0, 1]
    axes = [Axis("group", tuple("CAB"), Kind.GROUP), answer_axis(3)]
    (again,) = protect_tables([make_table("table", axes, counts[order])])
    for group in "ABC":
        for answer in "abc":
            assert shown.at(group, answer) == again.at(group, answer)


# --- bad tables ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Axis("age", (), Kind.GROUP), "categories must be there"),
        (lambda: Axis("age", ("a", "a"), Kind.GROUP), "each once"),
        (lambda: Axis("age", ("a", "b"), Kind.GROUP, parents=("",)), "a parent for each"),
        (lambda: make_table("t", [group_axis(2)], [1, 2, 3]), "do not fit"),
        (lambda: make_table("t", [group_axis(2)], [1, -2]), "0 or more"),
        (lambda: make_table("t", [group_axis(2)], [1.5, 2]), "whole numbers"),
        (lambda: make_table("t", [group_axis(2)], [1, 2], bases=3), "bases go with"),
        (
            lambda: make_table(
                "t", [Axis("theme", ("a",), Kind.THEME, several=True)], [5], bases=4
            ),
            "more people in a category",
        ),
    ],
)
def test_bad_tables_are_refused(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_tables_that_disagree_about_a_total_are_refused():
    with pytest.raises(ValueError, match="43 people in one table, 44 in another"):
        protect_tables(
            [make_table("a", [group_axis(2)], [20, 23]), make_table("b", [answer_axis(1)], [44])]
        )


def test_too_many_figures_are_refused(monkeypatch):
    monkeypatch.setattr(protecting, "MOST_FIGURES", 5)
    with pytest.raises(ValueError, match="16 figures in one system, 5 at most"):
        protect_tables([crosstab([[13, 13, 13]] * 3)])


def test_progress_is_told():
    told = []
    table = make_table("t", [group_axis(2)], [54, 3])
    protect_tables([table], progress=lambda done, total: told.append((done, total)))
    assert told
    assert all(0 < done <= total for done, total in told)
