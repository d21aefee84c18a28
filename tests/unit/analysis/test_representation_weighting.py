import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root

from analysis.representation.crossing.fitting import fit_table
from analysis.representation.weights.collapsing import DropReason, Merge
from analysis.representation.weights.margins import Cells, Margin
from analysis.representation.weights.raking import effective_size, rake
from analysis.representation.weights.shares import weighted_shares
from analysis.representation.weights.weighting import ReasonKind, weigh


def from_table(table, rows, columns):
    """Respondents of a table, a margin for its rows and one for its columns."""
    table = np.asarray(table)
    at = np.repeat(np.arange(table.size), table.ravel())
    row, column = np.unravel_index(at, table.shape)
    return (
        Margin("row", [f"r{i}" for i in range(table.shape[0])], rows, row),
        Margin("column", [f"c{i}" for i in range(table.shape[1])], columns, column),
    )


def raked(margins):
    cells = Cells.of(margins)
    found = rake(cells)
    return found, found.weights[cells.cell_of]


def as_table(margins, weights):
    table = np.zeros([len(margin.categories) for margin in margins])
    np.add.at(table, tuple(margin.codes for margin in margins), weights)
    return table


def coded(name, population, counts, unknown=0):
    codes = np.concatenate([np.repeat(np.arange(len(counts)), counts), np.full(unknown, -1)])
    return Margin(name, [f"{name} {i}" for i in range(len(counts))], population, codes)


class TestRaking:
    def test_both_margins_to_halves(self):
        # a / (50 - a) squared over odds ratio 6: a = 50 sqrt 6 / (1 + sqrt 6) = 35.505103.
        margins = from_table([[40, 10], [20, 30]], [50, 50], [50, 50])
        found, weights = raked(margins)
        a = 50 * np.sqrt(6) / (1 + np.sqrt(6))
        assert found.converged
        assert as_table(margins, weights) == pytest.approx(
            np.array([[a, 50 - a], [50 - a, a]]), abs=1e-3
        )
        table = as_table(margins, weights) / [[40, 10], [20, 30]]
        assert table == pytest.approx(
            np.array([[0.887628, 1.449490], [0.724745, 1.183503]]), abs=1e-4
        )
        # 100^2 / (35.505103 x (.887628 + 1.183503) + 14.494897 x (1.449490 + .724745)).
        assert effective_size(weights) == pytest.approx(95.191836, abs=1e-3)

    def test_to_other_margins(self):
        margins = from_table([[40, 10], [20, 30]], [60, 40], [45, 55])
        _, weights = raked(margins)
        table = as_table(margins, weights)
        # The odds ratio of 6 and the margins leave one unknown: its quadratic gives 36.688181.
        assert table == pytest.approx(
            np.array([[36.688181, 23.311819], [8.311819, 31.688181]]), abs=1e-3
        )

    def test_without_association_margins_multiply(self):
        margins = from_table([[10, 10], [10, 10]], [30, 10], [20, 20])
        _, weights = raked(margins)
        assert as_table(margins, weights) == pytest.approx(np.array([[15.0, 15], [5, 5]]))

    def test_unknown_is_a_bucket_of_its_own(self):
        # Targets 40 and 60 of the 80 % known: 32/20, 48/60, and 1 for the unknown.
        found, weights = raked([coded("age", [40, 60], [20, 60], unknown=20)])
        assert found.converged
        assert weights[[0, 20, 80]] == pytest.approx([1.6, 0.8, 1.0])
        # 100^2 / (20 x 1.6^2 + 60 x .8^2 + 20).
        assert effective_size(weights) == pytest.approx(91.240876, abs=1e-6)

    def test_standing_still_is_no_success(self):
        margins = from_table([[10, 0], [0, 10]], [12, 8], [8, 12])
        found, weights = raked(margins)
        assert not found.converged
        assert weights.tolist() == [1.0] * 20
        assert found.sweeps == 200
        # Columns are fitted first: at the end rows are met and columns are 4 people off.
        assert found.residual * 20 == pytest.approx(4)
        assert found.residuals["column"] * 20 == pytest.approx(4)

    def test_a_zero_cell_is_no_hindrance(self):
        margins = from_table([[30, 0], [20, 50]], [40, 60], [55, 45])
        found, weights = raked(margins)
        # The zero leaves one solution: row 0 is all of cell (0, 0).
        assert found.converged
        assert as_table(margins, weights) == pytest.approx(np.array([[40, 0], [15, 45]]), abs=1e-3)

    def test_a_group_without_respondents_is_listed(self):
        found = rake(Cells.of([coded("faith", [50, 30, 20], [60, 0, 40])]))
        assert found.empty == (("faith", "faith 1"),)
        assert (found.converged, found.sweeps) == (False, 0)
        assert set(found.weights) == {1.0}
        assert found.residual == pytest.approx(0.3)

    def test_a_group_that_the_population_does_not_have_is_unknown(self):
        margin = Margin("sex", ["f", "m", "other"], [50, 50, 0], [0] * 30 + [1] * 10 + [2] * 10)
        assert margin.missing == pytest.approx(0.2)
        # Of the 80 % known, 20 each: 20/30 and 20/10.
        _, weights = raked([margin])
        assert weights[[0, 30, 40]] == pytest.approx([2 / 3, 2.0, 1.0])

    def test_agrees_with_calibration_by_a_root_finder(self):
        # Raking is the calibration whose weights are exp(a + b): solve its equations directly.
        random = np.random.default_rng(5)
        n, sizes = 400, (3, 4, 2)
        codes = [random.integers(0, size, n) for size in sizes]
        population = [random.dirichlet(np.full(size, 8.0)) for size in sizes]
        cells = Cells.of(
            [
                Margin(name, [str(k) for k in range(p.size)], p, c)
                for name, p, c in zip("abc", population, codes, strict=True)
            ]
        )
        found = rake(cells, tolerance=1e-13, sweeps=2000)
        design = np.column_stack(
            [np.ones(n)] + [c == k for c, s in zip(codes, sizes, strict=True) for k in range(1, s)]
        )
        targets = n * np.concatenate([[1.0], *(p[1:] for p in population)])
        solved = root(
            lambda b: design.T @ np.exp(design @ b) - targets,
            np.zeros(targets.size),
            jac=lambda b: (design * np.exp(design @ b)[:, None]).T @ design,
            tol=1e-14,
        )
        assert found.weights[cells.cell_of] == pytest.approx(np.exp(design @ solved.x), rel=1e-9)

    def test_nobody_cannot_be_weighted(self):
        with pytest.raises(ValueError, match="nobody"):
            rake(Cells.of([Margin("a", ["x"], [1], [])]))

    def test_effective_size(self):
        assert effective_size([]) == 0
        assert effective_size([1, 1, 2]) == pytest.approx(16 / 6)
        assert effective_size([1, 2], [2, 1]) == pytest.approx(16 / 6)


tables = st.lists(st.integers(1, 60), min_size=6, max_size=6).map(
    lambda values: np.reshape(values, (2, 3))
)
targets = st.tuples(
    st.lists(st.integers(1, 9), min_size=2, max_size=2),
    st.lists(st.integers(1, 9), min_size=3, max_size=3),
)


class TestProperties:
    @given(tables, targets)
    @settings(max_examples=50, deadline=None)
    def test_raking_meets_margins_and_keeps_odds_ratios(self, table, target):
        margins = from_table(table, *target)
        found, weights = raked(margins)
        assert found.converged
        fitted = as_table(margins, weights)
        assert fitted.sum() == pytest.approx(table.sum())
        for axis, margin in enumerate(margins):
            shares = fitted.sum(axis=1 - axis) / fitted.sum()
            assert shares == pytest.approx(margin.shares, abs=2e-6)
        for column in (1, 2):
            before = table[0, 0] * table[1, column] / (table[0, column] * table[1, 0])
            after = fitted[0, 0] * fitted[1, column] / (fitted[0, column] * fitted[1, 0])
            assert after == pytest.approx(before, rel=1e-9)

    @given(tables, targets, st.randoms(use_true_random=False))
    @settings(max_examples=30, deadline=None)
    def test_the_order_of_respondents_changes_no_bit(self, table, target, random):
        margins = from_table(table, *target)
        order = list(range(int(table.sum())))
        random.shuffle(order)
        shuffled = [
            Margin(m.name, m.categories, m.population, m.codes[order]) for m in reversed(margins)
        ]
        assert raked(shuffled)[1].tolist() == raked(margins)[1][order].tolist()

    @given(tables, targets)
    @settings(max_examples=30, deadline=None)
    def test_the_order_of_categories_does_not_matter(self, table, target):
        _, weights = raked(from_table(table, *target))
        row, column = from_table(table, *target)
        turned = Margin(
            column.name, column.categories[::-1], column.population[::-1], 2 - column.codes
        )
        assert raked([row, turned])[1] == pytest.approx(weights, rel=1e-9)

    @given(tables, targets)
    @settings(max_examples=30, deadline=None)
    def test_doubling_keeps_weights_and_doubles_the_effective_size(self, table, target):
        margins = from_table(table, *target)
        _, weights = raked(margins)
        _, doubled = raked(from_table(2 * table, *target))
        assert effective_size(doubled) == pytest.approx(2 * effective_size(weights))
        assert sorted(set(doubled.round(9))) == sorted(set(weights.round(9)))


class TestMargin:
    @pytest.mark.parametrize(
        ("categories", "population", "codes", "message"),
        [
            (["a", "a"], [1, 1], [0], "each category once"),
            (["a", "b"], [1], [0], "one population count"),
            (["a", "b"], [1, -1], [0], "from 0 on"),
            (["a", "b"], [0, 0], [0], "not all 0"),
            (["a", "b"], [1, np.nan], [0], "from 0 on"),
            (["a", "b"], [1, np.inf], [0], "from 0 on"),
            (["a", "b"], [1, 1], [2], "points at no category"),
            (["a", "b"], [1, 1], [-2], "points at no category"),
            (["a", "b"], [1, 1], [0.5], "whole numbers"),
            (["a", "b"], [1, 1], [[0]], "whole numbers"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, categories, population, codes, message):
        with pytest.raises(ValueError, match=message):
            Margin("sex", categories, population, codes)

    def test_answers_by_name(self):
        margin = Margin.from_answers("sex", {"f": 51, "m": 49}, ["m", "f", None, "x", "f"])
        assert margin.codes.tolist() == [1, 0, -1, -1, 0]
        assert margin.counts.tolist() == [2, 1]
        assert margin.missing == pytest.approx(0.4)
        assert margin.shares == pytest.approx([0.51, 0.49])

    def test_nothing_is_missing_among_nobody(self):
        assert Margin("sex", ["f"], [1], []).missing == 0

    def test_the_codes_given_stay_as_they_are(self):
        given_codes = np.array([0, 1, 2])
        margin = Margin("sex", ["f", "m", "x"], [1, 1, 0], given_codes)
        assert given_codes.tolist() == [0, 1, 2]
        assert margin.codes.tolist() == [0, 1, -1]

    def test_margins_that_do_not_belong_together(self):
        one, other = Margin("a", ["x"], [1], [0]), Margin("b", ["x"], [1], [0, 0])
        with pytest.raises(ValueError, match="same respondents"):
            Cells.of([one, other])
        with pytest.raises(ValueError, match="each name once"):
            Cells.of([one, one])
        with pytest.raises(ValueError, match="at least one margin"):
            Cells.of([])


class TestFitting:
    def test_a_three_way_table_from_a_two_way_one_and_a_margin(self):
        lower = np.array([[30.0, 10], [20, 40]])
        table, residual = fit_table(np.ones((2, 2, 2)), [((0, 1), lower), ((2,), [25, 75])])
        # Nothing ties the third dimension to the others: shares multiply.
        assert table == pytest.approx(lower[:, :, None] * [0.25, 0.75])
        assert residual == pytest.approx(0, abs=1e-9)

    def test_totals_that_differ_are_scaled_to_the_first(self):
        table, _ = fit_table(np.ones((2, 2)), [((0,), [30, 10]), ((1,), [0.5, 0.5])])
        assert table == pytest.approx(np.array([[15.0, 15], [5, 5]]))

    def test_zeros_in_the_way_are_told(self):
        _, residual = fit_table([[10, 0], [0, 10]], [((0,), [12, 8]), ((1,), [8, 12])])
        assert residual == pytest.approx(4 / 20)

    @pytest.mark.parametrize(
        ("start", "margins", "message"),
        [
            ([[1, 1]], [], "at least one margin"),
            ([[1, -1]], [((1,), [1, 1])], "from 0 on"),
            ([[1, 1]], [((2,), [1, 1])], "no axes"),
            ([[1, 1]], [((1, 0), [[1], [1]])], "no axes"),
            ([[1, 1]], [((1,), [1, 1, 1])], "shape"),
            ([[1, 1]], [((1,), [0, 0])], "not all 0"),
            ([[1, 1]], [((1,), [np.nan, 1])], "from 0 on"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, start, margins, message):
        with pytest.raises(ValueError, match=message):
            fit_table(start, margins)


def reasons(weighting):
    return [(reason.kind, reason.margin) for reason in weighting.reasons]


class TestWeigh:
    def test_one_margin_is_poststratification(self):
        # Shares .3, .5, .2 to .2, .5, .3: weights 2/3, 1, 1.5.
        weighting = weigh([coded("age", [2, 5, 3], [90, 150, 60])])
        assert weighting.weights[[0, 90, 240]] == pytest.approx([2 / 3, 1, 1.5])
        # sum of P^2 / s = 13/12.
        assert weighting.design_effect == pytest.approx(13 / 12)
        assert weighting.n_effective == pytest.approx(300 * 12 / 13)
        assert weighting.largest == pytest.approx(1.5)
        assert (weighting.applied, weighting.headline, weighting.reasons) == (True, True, ())

    def test_few_in_effect_do_not_make_a_headline(self):
        weighting = weigh([coded("age", [2, 5, 3], [30, 50, 20])])
        assert weighting.n_effective == pytest.approx(92.307692, abs=1e-6)
        assert weighting.applied
        assert not weighting.headline
        (reason,) = weighting.reasons
        assert (reason.kind, reason.limit) == (ReasonKind.EFFECTIVE_SIZE, 100)
        assert reason.value == pytest.approx(92.307692, abs=1e-6)

    def test_a_large_design_effect_does_not_make_a_headline(self):
        # Weights 20 x 12.5 and 480 x .520833 without a cap: deff = .5^2/.04 + .5^2/.96 = 6.51.
        weighting = weigh([coded("age", [1, 1], [20, 480])], cap=None)
        assert weighting.design_effect == pytest.approx(0.25 / 0.04 + 0.25 / 0.96)
        assert weighting.trimmed is None
        assert [kind for kind, _ in reasons(weighting)] == [
            ReasonKind.EFFECTIVE_SIZE,
            ReasonKind.DESIGN_EFFECT,
            ReasonKind.LARGEST_WEIGHT,
        ]

    def test_cut_weights_miss_their_margin_and_say_so(self):
        # 20 x 5 = 100 of 500 people: .2 where .5 was wanted.
        weighting = weigh([coded("age", [1, 1], [20, 480])])
        assert weighting.largest == pytest.approx(5)
        assert weighting.residuals["age"] == pytest.approx(0.3)
        assert weighting.trimmed is not None
        assert weighting.trimmed.people == 20
        assert not weighting.trimmed.margins_met
        assert (ReasonKind.MARGINS_NOT_MET, "age") in reasons(weighting)
        assert ReasonKind.LARGEST_WEIGHT not in [kind for kind, _ in reasons(weighting)]

    def test_many_unknown_do_not_make_a_headline(self):
        weighting = weigh([coded("age", [1, 1], [300, 100], unknown=101)])
        assert reasons(weighting) == [(ReasonKind.MISSING, "age")]
        assert weighting.reasons[0].value == pytest.approx(101 / 501)
        assert weigh([coded("age", [1, 1], [300, 100], unknown=100)]).headline

    def test_margins_that_contradict_each_other_leave_figures_unweighted(self):
        margins = from_table([[60, 0], [0, 60]], [12, 8], [8, 12])
        weighting = weigh(margins)
        assert not weighting.applied
        assert weighting.weights.tolist() == [1.0] * 120
        (reason,) = weighting.reasons
        assert reason.kind is ReasonKind.INFEASIBLE
        # 4 of 20 people, 24 of 120.
        assert reason.value == pytest.approx(0.2)
        assert weighting.residuals["column"] == pytest.approx(0.2)

    def test_nothing_to_weight_by(self):
        assert reasons(weigh([])) == [(ReasonKind.NO_RESPONSES, "")]
        assert reasons(weigh([coded("age", [1, 1], [0, 0])])) == [(ReasonKind.NO_RESPONSES, "")]
        unasked = weigh([], respondents=7)
        assert reasons(unasked) == [(ReasonKind.NO_MARGIN, "")]
        assert unasked.weights.tolist() == [1.0] * 7
        one_person = weigh([coded("age", [1, 1], [1, 0])])
        assert reasons(one_person) == [(ReasonKind.NO_MARGIN, "")]
        assert one_person.margins[0].small == ("age 0", "age 1")

    def test_at_most_four_margins_in_the_order_given(self):
        random = np.random.default_rng(2)
        codes = random.integers(0, 2, (6, 400))
        margins = [
            Margin(name, ["a", "b"], [1, 1], c) for name, c in zip("fedcba", codes, strict=True)
        ]
        tiny = coded("zz", [1, 1], [10, 390])
        weighting = weigh([tiny, *margins])
        assert [report.name for report in weighting.margins] == ["zz", *"fedcba"]
        assert [report.dropped for report in weighting.margins] == [
            DropReason.TOO_SMALL, None, None, None, None,
            DropReason.BEYOND_LIMIT, DropReason.BEYOND_LIMIT,
        ]  # fmt: skip
        assert weighting.cells is not None
        assert [margin.name for margin in weighting.cells.margins] == list("cdef")

    def test_small_categories_are_joined_as_declared(self):
        margin = coded("age", [4, 4, 2], [100, 120, 5])
        weighting = weigh([margin], order={"age": [Merge("30 on", ("age 1", "age 2"))]})
        # 40 % and 60 % of 225: 90/100 and 135/125.
        assert weighting.weights[[0, 100, 224]] == pytest.approx([0.9, 1.08, 1.08])
        assert weighting.margins[0].merged == (Merge("30 on", ("age 1", "age 2")),)


def weighted(figure):
    assert figure.weighted is not None
    return figure.weighted


class TestWeightedShares:
    def test_never_without_the_unweighted_one(self):
        # Yes by age: 21 of 30, 25 of 50, 6 of 20: .52; by the population .2x.7+.5x.5+.3x.3 = .48.
        yes = [1] * 21 + [0] * 9 + [1] * 25 + [0] * 25 + [1] * 6 + [0] * 14
        (figure,) = weighted_shares(
            np.array(yes)[:, None], weigh([coded("age", [2, 5, 3], [30, 50, 20])])
        )
        assert figure.unweighted.value == pytest.approx(0.52)
        assert figure.unweighted.base == 100
        assert weighted(figure).value == pytest.approx(0.48)
        assert weighted(figure).base == pytest.approx(92.307692, abs=1e-6)
        # Wilson with 92.3 people, by its formula.
        assert weighted(figure).interval.low == pytest.approx(0.380934, abs=1e-6)
        assert weighted(figure).interval.high == pytest.approx(0.580664, abs=1e-6)
        assert figure.first is figure.unweighted
        assert [reason.kind for reason in figure.reasons] == [ReasonKind.EFFECTIVE_SIZE]

    def test_comes_first_when_nothing_speaks_against_it(self):
        yes = np.array([[1]] * 210 + [[0]] * 90 + [[0]] * 700)
        (figure,) = weighted_shares(yes, weigh([coded("age", [2, 8], [300, 700])]))
        assert figure.first is figure.weighted
        assert weighted(figure).value == pytest.approx(0.14)

    def test_sample_size_is_that_of_who_answered(self):
        weighting = weigh([coded("age", [2, 5, 3], [90, 150, 60])])
        assert weighting.headline
        answered = np.arange(300) % 3 == 0
        (figure,) = weighted_shares(np.ones((300, 1)), weighting, answered=answered)
        # A third of each group: n_eff = 300 x 12/13 / 3.
        assert weighted(figure).base == pytest.approx(92.307692, abs=1e-6)
        assert [reason.kind for reason in figure.reasons] == [ReasonKind.EFFECTIVE_SIZE]
        assert (figure.unweighted.value, weighted(figure).value) == (1, 1)

    def test_without_weights_only_the_unweighted_one(self):
        (figure,) = weighted_shares([[1], [0]], weigh([coded("age", [1, 1], [1, 1])]))
        assert figure.weighted is None
        assert figure.first.value == 0.5
        assert [reason.kind for reason in figure.reasons] == [ReasonKind.NO_MARGIN]

    def test_nobody_answered(self):
        weighting = weigh([coded("age", [2, 5, 3], [90, 150, 60])])
        (figure,) = weighted_shares(np.ones((300, 1)), weighting, answered=np.zeros(300))
        assert figure.unweighted.value is None
        assert weighted(figure).value is None
        assert (figure.unweighted.interval.low, figure.unweighted.interval.high) == (0, 1)

    @pytest.mark.parametrize(
        ("chosen", "answered"), [([1, 0], None), ([[1]], None), ([[1], [0]], [True])]
    )
    def test_shapes_that_do_not_fit(self, chosen, answered):
        with pytest.raises(ValueError, match="for each respondent"):
            weighted_shares(chosen, weigh([], respondents=2), answered=answered)
