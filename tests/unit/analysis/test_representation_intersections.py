import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq, minimize_scalar

from analysis.errors import InputError
from analysis.representation.crossing.cross_reference import CrossReference, ReferenceKind
from analysis.representation.crossing.crossings import Cause, CellState, RoughInterval, draw_shares
from analysis.representation.crossing.intersections import crossed, every_pair, intersections
from analysis.representation.crossing.neighbourhoods import neighbourhoods
from analysis.representation.crossing.smoothing import likelihood_alpha, moment_alpha, smooth
from analysis.representation.weights.margins import Margin

OBSERVED, EXPECTED = [2, 8, 15, 25, 50], [10, 10, 20, 20, 40]


class TestSmoothing:
    @pytest.mark.parametrize(
        ("observed", "expected", "mean", "p_under"),
        [
            # (4 + O) / (4 + E), and the gamma law with these at .8.
            (2, 10, 6 / 14, 0.9667262),
            (0, 1, 0.8, 0.5665299),
            (0, 10, 4 / 14, 0.9957737),
        ],
    )
    def test_posterior(self, observed, expected, mean, p_under):
        found = smooth([observed], [expected], [[1.0]], 4)
        assert found.ratio[0] == pytest.approx(mean)
        assert found.p_under[0] == pytest.approx(p_under, abs=1e-7)
        assert found.p_worse[0] == pytest.approx(p_under, abs=1e-7)

    def test_agrees_with_scipy_on_a_mixture(self):
        parts = np.array([[0.5, 1.2], [0.7, 0.9], [1.1, 1.0]])
        observed, expected, alpha = [3, 11], [9.0, 8.0], 6.5
        found = smooth(observed, expected, parts, alpha)
        for cell in range(2):
            laws = [
                stats.gamma(alpha + observed[cell], scale=1 / (alpha / m + expected[cell]))
                for m in parts[:, cell]
            ]
            own = [
                stats.gamma(alpha + observed[cell], scale=1 / (alpha + expected[cell] * m))
                for m in parts[:, cell]
            ]

            def below(ratio, laws=laws):
                return np.mean([law.cdf(ratio) for law in laws])

            assert found.ratio[cell] == pytest.approx(np.mean([law.mean() for law in laws]))
            assert found.p_under[cell] == pytest.approx(below(0.8), rel=1e-9)
            assert found.p_worse[cell] == pytest.approx(
                np.mean([law.cdf(0.8) for law in own]), rel=1e-9
            )
            for bound, tail in ((found.low, 0.05), (found.high, 0.95)):
                root = brentq(lambda x, t=tail: below(x) - t, 1e-6, 20, xtol=1e-14, rtol=1e-14)
                assert bound[cell] == pytest.approx(root, rel=1e-9)

    def test_draws_far_apart(self):
        # The density between two narrow humps is zero: halving must find the way.
        found = smooth([1000], [1e5], [[1e-9], [1.0]], 16, confidence=0.02)
        assert found.low[0] < found.high[0]
        law = [stats.gamma(1016, scale=1 / (16 / m + 1e5)) for m in (1e-9, 1.0)]
        assert np.mean([one.cdf(found.low[0]) for one in law]) == pytest.approx(0.49)

    def test_alpha_by_moments(self):
        # 1/alpha = (54 - 6 + 5 + 5 + 60) / 2600 = 118 / 2600, from (O-E)^2 - E over E^2.
        assert moment_alpha(OBSERVED, EXPECTED) == pytest.approx(2600 / 118)
        assert moment_alpha([10, 10], [10, 10]) == np.inf

    def test_alpha_by_likelihood(self):
        assert likelihood_alpha(OBSERVED, EXPECTED) == pytest.approx(7.0189, abs=1e-4)

    def test_alpha_agrees_with_scipys_negative_binomial(self):
        expected = np.array(EXPECTED)

        def loss(alpha):
            return -stats.nbinom.logpmf(OBSERVED, alpha, alpha / (alpha + expected)).sum()

        best = minimize_scalar(loss, bounds=(1, 16), method="bounded", options={"xatol": 1e-9})
        assert likelihood_alpha(OBSERVED, EXPECTED) == pytest.approx(best.x, rel=1e-6)
        assert loss(likelihood_alpha(OBSERVED, EXPECTED)) == pytest.approx(best.fun, rel=1e-12)

    def test_alpha_is_capped(self):
        assert likelihood_alpha([10, 10, 20], [10, 10, 20]) == 16
        assert likelihood_alpha([], []) == 16
        assert likelihood_alpha([3], [0]) == 16
        assert likelihood_alpha([10, 10], [10, 10], largest=40) == 40

    def test_alpha_of_wild_cells_is_small(self):
        assert likelihood_alpha([0, 0, 0, 400], [100, 100, 100, 100]) < 0.3

    @given(st.integers(0, 200), st.floats(0.1, 300), st.floats(0.2, 3), st.floats(0.1, 16))
    @settings(max_examples=100, deadline=None)
    def test_lies_between_the_parts_and_the_raw_ratio(self, observed, expected, parts, alpha):
        found = smooth([observed], [expected], [[parts]], alpha)
        raw = observed / expected
        slack = 1e-9 * (1 + max(raw, parts))
        assert min(raw, parts) - slack <= found.ratio[0] <= max(raw, parts) + slack
        assert found.low[0] < found.high[0]

    def test_doubling_narrows(self):
        once = smooth([5], [10], [[1.0]], 4)
        twice = smooth([10], [20], [[1.0]], 4)
        assert abs(twice.ratio[0] - 0.5) < abs(once.ratio[0] - 0.5)
        assert twice.high[0] - twice.low[0] < once.high[0] - once.low[0]

    @pytest.mark.parametrize(
        ("observed", "expected", "parts", "alpha", "message"),
        [
            ([1], [1, 2], [[1.0]], 4, "one expected"),
            ([[1]], [[1]], [[1.0]], 4, "one expected"),
            ([-1], [1], [[1.0]], 4, "from 0 on"),
            ([1], [np.nan], [[1.0]], 4, "from 0 on"),
            ([1], [0], [[1.0]], 4, "above zero"),
            ([1], [1], [[0.0]], 4, "above zero"),
            ([1], [1], [[np.inf]], 4, "above zero"),
            ([1], [1], [1.0], 4, "a draw for each"),
            ([1], [1], np.empty((0, 1)), 4, "a draw for each"),
            ([1], [1], [[1.0]], 0, "alpha"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, observed, expected, parts, alpha, message):
        with pytest.raises(ValueError, match=message):
            smooth(observed, expected, parts, alpha)


class TestReferences:
    def test_exact(self):
        reference = CrossReference.exact(["a", "b"], [["x", "y"], ["u", "v"]], [[1, 2], [3, 4]])
        assert reference.kind is ReferenceKind.EXACT
        assert reference.shares.tolist() == [[0.1, 0.2], [0.3, 0.4]]

    def test_modelled_from_a_table_and_a_margin_keeps_their_pattern(self):
        reference = CrossReference.modelled(
            ["age", "sex", "faith"],
            [["y", "o"], ["f", "m"], ["p", "q"]],
            [(["age", "sex"], [[30, 10], [20, 40]]), (["faith"], [1, 3])],
        )
        assert reference.kind is ReferenceKind.MODELLED
        assert reference.shares.sum(axis=2) == pytest.approx(np.array([[0.3, 0.1], [0.2, 0.4]]))
        assert reference.shares.sum(axis=(0, 1)) == pytest.approx([0.25, 0.75])
        assert reference.residual == pytest.approx(0, abs=1e-9)

    def test_modelled_keeps_the_odds_ratio_of_an_older_table(self):
        # As in raking: [[40, 10], [20, 30]] to halves.
        reference = CrossReference.modelled(
            ["a", "b"], [["x", "y"], ["u", "v"]], [(["a"], [1, 1]), (["b"], [1, 1])],
            start=[[40, 10], [20, 30]],
        )  # fmt: skip
        assert reference.shares[0, 0] == pytest.approx(0.35505103, abs=1e-8)

    @pytest.mark.parametrize(
        ("categories", "counts", "message"),
        [
            ([["x", "y"]], [[1, 2]], "an axis for each"),
            ([["x", "y"], ["u"]], [1, 2], "an axis for each"),
            ([["x", "y"], ["u"]], [[1], [-2]], "from 0 on"),
            ([["x", "y"], ["u"]], [[0], [0]], "not all 0"),
            ([["x", "y"], ["u"]], [[1], [np.nan]], "from 0 on"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, categories, counts, message):
        with pytest.raises(ValueError, match=message):
            CrossReference.exact(["a", "b"], categories, counts)

    def test_every_dimension_needs_a_table(self):
        with pytest.raises(ValueError, match="at least once"):
            CrossReference.modelled(["a", "b"], [["x"], ["u"]], [(["a"], [1])])


def square(rows=(0.3, 0.7), columns=(0.3, 0.7)):
    return CrossReference.exact(
        ["age", "sex"], [["young", "old"], ["m", "f"]], np.outer(rows, columns)
    )


def cell(crossing, *categories):
    return next(found for found in crossing.cells if found.categories == categories)


class TestIntersections:
    def test_a_gap_that_adds_up(self):
        # Young and male are both half of what they should be: 150 of 1,000; both together are
        # a quarter, 22 of 90, which is what the parts say.
        found = cell(intersections([[22, 128], [128, 722]], square(), seed=1), "young", "m")
        assert found.expected == pytest.approx(90)
        assert found.ratio == pytest.approx(22 / 90)
        # (150.5 / 1001 / .3)^2.
        assert found.parts == pytest.approx((150.5 / 1001 / 0.3) ** 2)
        assert found.smoothed == pytest.approx(0.25, abs=0.02)
        assert (found.state, found.cause) == (CellState.LIKELY_UNDER, Cause.ADDS_UP)

    def test_a_gap_that_is_worse_than_its_parts(self):
        # Young and male people are as many as they should be; young men are 30 of 90.
        crossing = intersections([[30, 270], [270, 430]], square(), seed=1)
        found = cell(crossing, "young", "m")
        assert found.parts == pytest.approx(1, abs=0.01)
        assert (found.state, found.cause) == (CellState.LIKELY_UNDER, Cause.WORSE_THAN_PARTS)
        other = cell(crossing, "young", "f")
        assert (other.state, other.cause) == (CellState.NO_SIGN, None)
        assert crossing.alpha < 16

    def test_a_gap_whose_cause_is_unclear(self):
        found = cell(intersections([[8, 42], [52, 98]], square(), seed=1), "young", "m")
        assert found.state is CellState.WATCH
        assert found.cause is Cause.UNCLEAR

    def test_too_few_expected_still_shows_the_steadied_ratio(self):
        # Of 40, 3.6 are expected to be young and male.
        found = cell(intersections([[0, 12], [12, 16]], square(), seed=1), "young", "m")
        assert found.expected == pytest.approx(3.6)
        assert (found.state, found.cause) == (CellState.TOO_FEW, None)
        assert found.ratio == 0
        assert 0 < found.smoothed < 1
        assert found.interval.low < found.smoothed < found.interval.high
        assert str(found.interval).startswith("roughly ")

    def test_agrees_with_draws_made_by_hand(self):
        observed = np.array([[20, 40], [70, 170]])
        crossing = intersections(observed, square(), seed=3, draws=50)
        age = draw_shares("age", ["young", "old"], observed.sum(axis=1), seed=3, draws=50)
        sex = draw_shares("sex", ["m", "f"], observed.sum(axis=0), seed=3, draws=50)
        # In a reference without association the ratios of the margins multiply.
        parts = age[:, 0] / 0.3 * (sex[:, 1] / 0.7)
        found = cell(crossing, "young", "f")
        assert found.parts == pytest.approx(parts[0])
        shape, expected = crossing.alpha + 40, 300 * 0.21
        laws = stats.gamma(shape, scale=1 / (crossing.alpha / parts[1:] + expected))
        assert found.p_under == pytest.approx(laws.cdf(0.8).mean(), rel=1e-9)
        assert found.smoothed == pytest.approx(laws.mean().mean(), rel=1e-9)

    def test_draws_are_those_of_a_dirichlet_law(self):
        drawn = draw_shares("a", ["x", "y", "z"], np.array([0, 30, 70]), seed=1, draws=4000)
        assert drawn[0] == pytest.approx(np.array([0.5, 30.5, 70.5]) / 101.5)
        law = stats.dirichlet([0.5, 30.5, 70.5])
        assert drawn[1:].mean(axis=0) == pytest.approx(law.mean(), abs=0.003)
        assert drawn[1:].var(axis=0) == pytest.approx(law.var(), rel=0.1)
        assert drawn.sum(axis=1) == pytest.approx(1)

    @given(st.lists(st.integers(0, 80), min_size=6, max_size=6), st.permutations(range(3)))
    @settings(max_examples=25, deadline=None)
    def test_the_order_of_categories_does_not_matter(self, counts, order):
        table = np.reshape(counts, (2, 3))
        shares = np.array([[10.0, 20, 5], [30, 15, 20]])
        names = ["p", "q", "r"]
        one = intersections(
            table, CrossReference.exact(["a", "b"], [["x", "y"], names], shares), seed=1, draws=20
        )
        turned = CrossReference.exact(
            ["a", "b"], [["x", "y"], [names[k] for k in order]], shares[:, order]
        )
        other = intersections(table[:, order], turned, seed=1, draws=20)
        assert other.alpha == pytest.approx(one.alpha, rel=1e-4)
        for found in one.cells:
            same = cell(other, *found.categories)
            assert same.p_under == pytest.approx(found.p_under, rel=1e-3, abs=1e-6)
            assert (same.observed, same.expected) == (found.observed, found.expected)

    def test_the_same_seed_gives_the_same_bytes(self):
        table = [[20, 40], [70, 170]]
        assert intersections(table, square(), seed=5) == intersections(table, square(), seed=5)
        assert intersections(table, square(), seed=5) != intersections(table, square(), seed=6)

    def test_groups_that_the_reference_does_not_have(self):
        reference = CrossReference.exact(
            ["a", "b"], [["x", "y", "z"], ["u", "v"]], [[10, 0], [20, 30], [0, 0]]
        )
        crossing = intersections([[5, 3], [10, 15], [1, 0]], reference, seed=1)
        assert (crossing.n, crossing.outside) == (30, 4)
        assert [found.categories for found in crossing.cells] == [
            ("x", "u"), ("y", "u"), ("y", "v"),
        ]  # fmt: skip
        assert sum(found.expected for found in crossing.cells) == pytest.approx(30)

    def test_margins_out_of_reach_end(self):
        # Only the diagonal exists: its two margins are one, and draws of them differ.
        reference = CrossReference.exact(["a", "b"], [["x", "y"], ["u", "v"]], [[1, 0], [0, 1]])
        crossing = intersections([[9, 0], [0, 31]], reference, seed=1, draws=5)
        assert [found.observed for found in crossing.cells] == [9, 31]
        assert cell(crossing, "x", "u").state is not CellState.TOO_FEW

    def test_nobody(self):
        crossing = intersections([[0, 0], [0, 0]], square(), seed=1)
        assert (crossing.n, crossing.cells, crossing.alpha) == (0, (), 16)

    @pytest.mark.parametrize(
        ("observed", "draws"), [([[1, 2]], 10), ([[1, 2], [3, -1]], 10), ([[1, 2], [3, 4]], 0)]
    )
    def test_what_makes_no_sense_is_refused(self, observed, draws):
        with pytest.raises(ValueError, match="a count from 0 on"):
            intersections(observed, square(), seed=1, draws=draws)

    def test_intervals_say_roughly(self):
        assert str(RoughInterval(0.305, 0.8)) == "roughly 0.30 to 0.80"


def three_margins(order=slice(None)):
    random = np.random.default_rng(8)
    codes = random.integers(-1, 2, (3, 300))[:, order]
    return [Margin(name, ["x", "y"], [40, 60], c) for name, c in zip("cab", codes, strict=True)]


class TestEveryPair:
    def test_pairs_by_name_each_with_its_reference(self):
        exact = CrossReference.exact(["c", "a"], [["x", "y"]] * 2, [[30, 10], [10, 50]])
        found = list(every_pair(three_margins(), [exact], seed=1, draws=10))
        assert [crossing.dimensions for crossing in found] == [("a", "b"), ("c", "a"), ("b", "c")]
        assert [crossing.kind.value for crossing in found] == ["modelled", "exact", "modelled"]
        assert cell(found[1], "x", "x").population_share == pytest.approx(0.3)
        assert cell(found[0], "x", "x").population_share == pytest.approx(0.16)

    def test_counts_who_is_known_in_both(self):
        margins = three_margins()
        table = crossed(margins[:2])
        both = (margins[0].codes >= 0) & (margins[1].codes >= 0)
        assert table.sum() == both.sum()
        assert table[0, 1] == np.sum((margins[0].codes == 0) & (margins[1].codes == 1))

    def test_the_order_of_respondents_and_dimensions_does_not_matter(self):
        order = np.random.default_rng(9).permutation(300)
        one = list(every_pair(three_margins(), seed=1, draws=10))
        assert list(every_pair(three_margins(order)[::-1], seed=1, draws=10)) == one

    def test_more_groups_than_can_be_drawn(self):
        streets = Margin("street", [str(k) for k in range(10_000)], np.ones(10_000), [0] * 300)
        wards = Margin("ward", ["A", "B", "C"], [1, 1, 1], [0] * 300)
        with pytest.raises(InputError, match="street and ward have 30,000 groups together"):
            next(every_pair([*three_margins(), streets, wards], seed=1))

    def test_a_reference_of_other_categories(self):
        exact = CrossReference.exact(["a", "b"], [["x", "y"], ["y", "x"]], [[30, 10], [10, 50]])
        with pytest.raises(ValueError, match="a and b has other categories"):
            list(every_pair(three_margins(), [exact], seed=1))


class TestNeighbourhoods:
    def test_drawn_to_all_without_groups(self):
        crossing = neighbourhoods("ward", list("ABCDE"), OBSERVED, EXPECTED, seed=1)
        # The gamma-Poisson example with alpha by maximum likelihood, 7.0189; the gamma law of
        # 9.0189 and 17.0189 has .924 of its mass below .8.
        assert crossing.alpha == pytest.approx(7.0189, abs=1e-4)
        assert crossing.cells[0].smoothed == pytest.approx(9.0189 / 17.0189, abs=1e-4)
        assert crossing.cells[0].state is CellState.WATCH
        assert {found.cause for found in crossing.cells} == {None}
        assert {found.parts for found in crossing.cells} == {1.0}

    def test_drawn_to_their_group(self):
        # Deprived wards have half of what is expected, the others 1.5: A is low like its group.
        crossing = neighbourhoods(
            "ward", list("ABCD"), [20, 30, 75, 75], [50, 50, 50, 50],
            groups=["deprived", "deprived", "other", "other"], seed=1,
        )  # fmt: skip
        first = crossing.cells[0]
        # (50 + .5) / (200 + 1) over half.
        assert first.parts == pytest.approx(50.5 / 201 / 0.5)
        assert 0.4 < first.smoothed < first.parts
        assert (first.state, first.cause) == (CellState.LIKELY_UNDER, Cause.ADDS_UP)

    def test_areas_without_people_are_left_out(self):
        crossing = neighbourhoods(
            "ward", ["A", "park", "B"], [10, 2, 20], [50, 0, 50], groups=["q", "r", "q"], seed=1
        )
        assert [found.categories for found in crossing.cells] == [("A",), ("B",)]
        assert (crossing.n, crossing.outside) == (30, 2)

    def test_nobody(self):
        assert neighbourhoods("ward", ["A"], [0], [9], seed=1).cells == ()

    @pytest.mark.parametrize(
        ("observed", "population", "groups", "draws", "message"),
        [
            ([1], [1, 1], None, 9, "for each area"),
            ([1, -1], [1, 1], None, 9, "for each area"),
            ([1, 1], [1, 1], None, 0, "a draw or more"),
            ([1, 1], [1, -1], None, 9, "from 0 on"),
            ([1, 1], [0, 0], None, 9, "not all 0"),
            ([1, 1], [1, 1], ["q"], 9, "a group for each"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, observed, population, groups, draws, message):
        with pytest.raises(ValueError, match=message):
            neighbourhoods(
                "ward", ["A", "B"], observed, population, groups=groups, seed=1, draws=draws
            )
