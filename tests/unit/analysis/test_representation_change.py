import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.representation.weights.change import Question, what_would_change
from analysis.representation.weights.group_themes import Raised, raised_by_group
from analysis.representation.weights.margins import Margin
from analysis.representation.weights.parity import Voice, at_parity, each_at_parity, stress_test
from analysis.representation.weights.raking import effective_size
from analysis.representation.weights.weighting import weigh
from analysis.statistics import benjamini_hochberg, newcombe

# Three groups with shares .3, .5, .2 in place of .2, .5, .3; 70, 50 and 30 % of them say yes.
GROUP = np.repeat([0, 1, 2], [30, 50, 20])
YES = np.concatenate([np.arange(size) < yes for size, yes in ((30, 21), (50, 25), (20, 6))])


def age(times=1):
    return Margin("age", ["16-24", "25-64", "65+"], [2, 5, 3], np.repeat(GROUP, times))


def yes_or_no(times=1):
    return Question.single("plan", ["yes", "no"], np.where(np.repeat(YES, times), 0, 1))


def weighted(figure):
    assert figure.weighted is not None
    return figure.weighted


def value(share):
    assert share is not None
    return share.value


class TestWhatWouldChange:
    def test_a_majority_that_flips(self):
        yes, no = what_would_change([yes_or_no()], weigh([age()]))
        assert yes.figure.unweighted.value == pytest.approx(0.52)
        assert weighted(yes.figure).value == pytest.approx(0.48)
        assert yes.difference == pytest.approx(-0.04)
        assert (yes.question, yes.option) == ("plan", "yes")
        assert yes.majority_flips
        assert (yes.rank, yes.weighted_rank, yes.rank_flips) == (1, 2, True)
        assert no.difference == pytest.approx(0.04)
        assert no.standard_error == pytest.approx(yes.standard_error)
        assert no.p_value == pytest.approx(yes.p_value)

    def test_standard_error_by_hand(self):
        # One margin: the fit is each group's mean. Group by group w (y - mean of group) - (y - .52)
        # with w = 2/3, 1, 3/2, for yes and for no.
        total = 0.0
        for size, yes, weight in ((30, 21, 2 / 3), (50, 25, 1.0), (20, 6, 1.5)):
            mean = yes / size
            total += yes * (weight * (1 - mean) - 0.48) ** 2
            total += (size - yes) * (weight * (0 - mean) + 0.52) ** 2
        change = what_would_change([yes_or_no()], weigh([age()]))[0]
        assert change.standard_error == pytest.approx(np.sqrt(total) / 100)
        z = 1.959963984540054
        assert change.interval.low == pytest.approx(-0.04 - z * change.standard_error)
        assert change.interval.high == pytest.approx(-0.04 + z * change.standard_error)
        assert change.p_value == pytest.approx(
            2 * stats.norm.sf(0.04 / change.standard_error), rel=1e-9
        )

    def test_standard_error_agrees_with_regression_row_by_row(self):
        random = np.random.default_rng(4)
        n, sizes = 500, (3, 4, 2)
        codes = [random.integers(-1, size, n) for size in sizes]
        population = [random.dirichlet(np.full(size, 9.0)) for size in sizes]
        margins = [
            Margin(name, [str(k) for k in range(p.size)], p, c)
            for name, p, c in zip("abc", population, codes, strict=True)
        ]
        weighting = weigh(margins)
        weights = weighting.weights
        option = random.integers(-1, 3, n) * (codes[0] > -1)
        question = Question.single("q", ["x", "y", "z"], option)
        found = what_would_change([question], weighting)
        design = np.column_stack(
            [c == k for c, s in zip(codes, sizes, strict=True) for k in range(-1, s)]
        ).astype(float)
        answered = option >= 0
        for at, change in enumerate(found):
            y = option == at
            mean, weighted = y[answered].mean(), np.average(y[answered], weights=weights[answered])
            z = np.where(answered, y - weighted, 0.0)
            root = np.sqrt(weights)
            slopes, *_ = np.linalg.lstsq(design * root[:, None], z * root, rcond=None)
            influence = weights * (z - design @ slopes) / (weights[answered].sum() / n)
            influence -= np.where(answered, y - mean, 0.0) / answered.mean()
            assert change.difference == pytest.approx(weighted - mean, abs=1e-12)
            assert change.standard_error == pytest.approx(
                np.sqrt(np.sum(influence**2)) / n, rel=1e-9
            )
            assert influence.sum() == pytest.approx(0, abs=1e-6)

    def test_notable_is_large_and_sure_among_all(self):
        # Ten times the people: four points with a standard error of well below one.
        changes = what_would_change([yes_or_no(10)], weigh([age(10)]))
        assert [change.notable for change in changes] == [True, True]
        # 18 of 30, 20 of 50, 7 of 20: .45 to .425. Group by group, (w - 1)^2 times the variance
        # within, and the variance between: (.3 x .0267 + .2 x .0569 + .01) / 100 = .0171^2.
        split = [np.arange(size) < yes for size, yes in ((30, 18), (50, 20), (20, 7))]
        unsure = Question("q", ["yes"], np.concatenate(split)[:, None])
        (change,) = what_would_change([unsure], weigh([age()]))
        assert change.difference == pytest.approx(-0.025)
        assert change.standard_error == pytest.approx(0.0171, abs=0.0001)
        assert not change.notable

    def test_small_changes_are_not_notable_however_sure(self):
        # Two points are (.3 - .2) x (.4 - .6): sure with 100,000 people, and not more than two.
        group = np.repeat([0, 1], [20_000, 80_000])
        yes = np.concatenate([np.arange(20_000) < 8_000, np.arange(80_000) < 48_000])
        weighting = weigh([Margin("sex", ["m", "f"], [3, 7], group)])
        (change,) = what_would_change([Question("q", ["yes"], yes[:, None])], weighting)
        assert change.difference == pytest.approx(-0.02)
        assert change.p_value < 1e-6
        assert not change.notable

    def test_one_family_over_questions_and_options(self):
        noise = np.random.default_rng(1).integers(0, 4, 1000)
        questions = [yes_or_no(10), Question.single("noise", list("abcd"), noise)]
        changes = what_would_change(questions, weigh([age(10)]))
        adjusted = benjamini_hochberg([change.p_value for change in changes])
        assert [change.q_value for change in changes] == adjusted.tolist()
        assert [change.question for change in changes] == ["plan"] * 2 + ["noise"] * 4

    def test_what_a_margin_asks_for_is_reached(self):
        # The option is the group itself: weighted it is the population's share.
        question = Question.single("group", ["a", "b", "c"], GROUP)
        changes = what_would_change([question], weigh([age()]))
        assert [weighted(change.figure).value for change in changes] == pytest.approx(
            [0.2, 0.5, 0.3]
        )
        # Nothing is left to explain: the error is that of the unweighted share alone.
        assert changes[0].standard_error == pytest.approx(np.sqrt(0.3 * 0.7 / 100))

    def test_where_all_agree_nothing_changes(self):
        everyone = Question("all", ["yes"], np.ones((100, 1)))
        (change,) = what_would_change([everyone], weigh([age()]))
        assert change.difference == pytest.approx(0, abs=1e-12)
        assert change.p_value == pytest.approx(1)
        assert not change.notable

    def test_equal_shares_have_equal_ranks(self):
        question = Question.single("q", list("abc"), np.arange(100) % 2)
        ranks = [change.rank for change in what_would_change([question], weigh([age()]))]
        assert ranks == [1, 1, 3]

    def test_without_weights_or_answers_there_is_nothing_to_compare(self):
        silent = Question.single("silent", ["yes"], np.full(100, -1))
        assert what_would_change([yes_or_no()], weigh([], respondents=100)) == ()
        assert what_would_change([silent], weigh([age()])) == ()
        assert what_would_change([], weigh([age()])) == ()
        assert len(what_would_change([silent, yes_or_no()], weigh([age()]))) == 2

    @given(st.randoms(use_true_random=False))
    @settings(max_examples=10, deadline=None)
    def test_the_order_of_respondents_changes_no_bit(self, random):
        order = list(range(100))
        random.shuffle(order)
        shuffled = Margin("age", age().categories, age().population, GROUP[order])
        question = Question.single("plan", ["yes", "no"], np.where(YES[order], 0, 1))
        assert what_would_change([question], weigh([shuffled])) == what_would_change(
            [yes_or_no()], weigh([age()])
        )

    def test_doubling_divides_the_error_by_the_root_of_two(self):
        once, twice = (
            what_would_change([yes_or_no(times)], weigh([age(times)]))[0] for times in (1, 2)
        )
        assert twice.difference == pytest.approx(once.difference)
        assert twice.standard_error == pytest.approx(once.standard_error / np.sqrt(2))

    def test_shapes_that_do_not_fit(self):
        with pytest.raises(ValueError, match="a column for each option"):
            Question("q", ["a", "b"], [[1]])
        with pytest.raises(ValueError, match="points at no option"):
            Question.single("q", ["a"], [1])
        with pytest.raises(ValueError, match="for each respondent"):
            what_would_change([Question("q", ["a"], [[1]])], weigh([age()]))


class TestParity:
    def test_share_gap_times_opinion_gap(self):
        # (.3 - .2) x (.3 - .575): the group 65+ above, three times as many people.
        found = at_parity(
            "65+", n_group=60, chosen_by_group=18, n=300, chosen=156, population_share=0.3
        )
        assert found.difference == pytest.approx(-0.0275)
        assert (value(found.support), value(found.others)) == pytest.approx((0.3, 0.575))
        assert found.opinion_gap == newcombe(18, 60, 138, 240)
        assert found.voice is Voice.HEARD
        assert found.values() == pytest.approx(
            {
                "group": "65+", "share": 20, "population_share": 30,
                "support": 30, "others": 57.5, "difference": -2.75,
            }
        )  # fmt: skip

    @pytest.mark.parametrize(
        ("n_group", "voice"),
        [(0, Voice.UNKNOWN), (9, Voice.UNKNOWN), (10, Voice.FEW), (29, Voice.FEW)],
    )
    def test_we_do_not_know_what_few_people_think(self, n_group, voice):
        found = at_parity(
            "65+", n_group=n_group, chosen_by_group=0, n=300, chosen=100, population_share=0.3
        )
        assert found.voice is voice
        assert (found.support, found.others, found.difference) == (None, None, None)
        assert set(found.values()) == {"group", "share", "population_share"}

    def test_thirty_are_heard(self):
        found = at_parity("a", n_group=30, chosen_by_group=3, n=90, chosen=9, population_share=1)
        assert found.voice is Voice.HEARD
        assert found.difference == pytest.approx(0)

    def test_a_group_without_others(self):
        found = at_parity("a", n_group=40, chosen_by_group=3, n=40, chosen=3, population_share=1)
        assert found.voice is Voice.HEARD
        assert (found.others, found.opinion_gap, found.difference) == (None, None, None)
        assert set(found.values()) == {"group", "share", "population_share"}

    def test_the_groups_of_a_dimension(self):
        found = each_at_parity(age(3), np.repeat(YES, 3))
        assert [group.group for group in found] == ["16-24", "25-64", "65+"]
        assert found[2].difference == pytest.approx(-0.0275)
        # (.2 - .3) x (.7 - 31/70) and 0 x ...
        assert found[0].difference == pytest.approx(-0.1 * (0.7 - 31 / 70))
        assert found[1].difference == pytest.approx(0)

    def test_who_did_not_answer_or_is_unknown_is_left_out(self):
        codes = np.concatenate([GROUP, [-1] * 7])
        margin = Margin("age", ["a", "b", "c", "d"], [2, 5, 3, 0], codes)
        answered = np.arange(107) != 0
        found = each_at_parity(margin, np.concatenate([YES, [1] * 7]), answered)
        assert [group.group for group in found] == ["a", "b", "c"]
        assert found[0].share == pytest.approx(29 / 99)
        assert each_at_parity(margin, np.ones(107), np.zeros(107)) == ()

    @pytest.mark.parametrize(
        "changed",
        [
            {"chosen_by_group": 61},
            {"chosen": 10},
            {"chosen": 259},
            {"n": 50},
            {"n_group": 0, "chosen_by_group": 0, "n": 0, "chosen": 0},
            {"population_share": 1.1},
        ],
    )
    def test_what_makes_no_sense_is_refused(self, changed):
        numbers = {"n_group": 60, "chosen_by_group": 18, "n": 300, "chosen": 156}
        with pytest.raises(ValueError, match="from 0"):
            at_parity("a", **{**numbers, "population_share": 0.3, **changed})


class TestStress:
    def test_a_majority_that_could_flip(self):
        # 52/125, 77/125; (62.5 - 52) / 25.
        found = stress_test(52, 100, 25)
        assert (found.low, found.high) == pytest.approx((0.416, 0.616))
        assert found.flip_share == pytest.approx(0.42)
        assert found.majority

    def test_a_minority_that_could_flip(self):
        # 48 + more than 14.5 of 25.
        found = stress_test(48, 100, 25)
        assert found.flip_share == pytest.approx(0.58)
        assert not found.majority

    def test_what_nobody_can_flip(self):
        # 80 of 120 stay a majority if none of the 20 agrees; 20 of 120 a minority if all do.
        assert stress_test(80, 100, 20).flip_share is None
        assert stress_test(20, 100, 20).flip_share is None
        # Half is no majority: 60 of 120 would need one more.
        assert stress_test(40, 100, 20).flip_share is None
        assert stress_test(60, 100, 20).flip_share is None
        assert stress_test(60, 100, 21).flip_share == pytest.approx(0.5 / 21)

    def test_nobody_missing(self):
        found = stress_test(52, 100, 0)
        assert (found.low, found.high, found.flip_share) == (0.52, 0.52, None)

    @pytest.mark.parametrize(
        ("chosen", "n", "missing"), [(2, 1, 0), (-1, 1, 0), (0, 0, 5), (1, 2, -1)]
    )
    def test_what_makes_no_sense_is_refused(self, chosen, n, missing):
        with pytest.raises(ValueError, match="from 0"):
            stress_test(chosen, n, missing)

    @given(st.integers(1, 300), st.integers(0, 300), st.integers(1, 200))
    @settings(max_examples=100, deadline=None)
    def test_the_flip_share_is_where_half_is_reached(self, n, chosen, missing):
        chosen = min(chosen, n)
        found = stress_test(chosen, n, missing)
        if found.flip_share is None:
            assert (found.low > 0.5) or (found.high <= 0.5) or (found.low == 0.5 and found.majority)
        else:
            at_flip = (chosen + found.flip_share * missing) / (n + missing)
            assert at_flip == pytest.approx(0.5)


class TestGroupThemes:
    def themes(self):
        # 8 of 20 against 10 of 80; and a theme that all raise alike.
        group = np.repeat([0, 1], [20, 80])
        buses = np.concatenate([np.arange(20) < 8, np.arange(80) < 10])
        parks = np.concatenate([np.arange(20) < 5, np.arange(80) < 20])
        margin = Margin("sex", ["f", "m"], [1, 4], group)
        return Question("themes", ["buses", "parks"], np.column_stack([buses, parks])), margin

    def test_with_equal_weights_the_plain_analysis(self):
        question, margin = self.themes()
        weighting = weigh([margin])
        assert set(weighting.weights) == {1.0}
        grid = raised_by_group(question, [margin], weighting)
        first, second, third, _ = grid.rows
        assert (first.dimension, first.group, first.theme) == ("sex", "f", "buses")
        assert first.in_group.unweighted.value == 0.4
        assert weighted(first.others).value == pytest.approx(0.125)
        assert first.difference == pytest.approx(0.275)
        assert (first.interval.low, first.interval.high) == pytest.approx(
            (0.072673, 0.495558), abs=1e-6
        )
        assert first.p_value == pytest.approx(0.00822735, abs=1e-8)
        # Fisher's is the same for the men, and 1 for parks, twice: the second of four.
        assert first.q_value == pytest.approx(2 * 0.00822735, abs=1e-7)
        assert first.state is Raised.MORE
        assert second.state is Raised.NO_SIGN
        assert third.state is Raised.LESS
        assert grid.hidden == ()

    def test_without_weighting_the_plain_counts(self):
        question, margin = self.themes()
        grid = raised_by_group(question, [margin], weigh([], respondents=100))
        assert grid.rows[0].in_group.weighted is None
        assert grid.rows[0].p_value == pytest.approx(0.00822735, abs=1e-8)

    def test_weighted_by_another_dimension(self):
        random = np.random.default_rng(3)
        sex, young = random.integers(0, 2, 400), random.random(400) < 0.3
        raised = random.random(400) < np.where(young, 0.5, 0.2)
        margins = [
            Margin("sex", ["f", "m"], [1, 1], sex),
            Margin("age", ["young", "old"], [1, 1], np.where(young, 0, 1)),
        ]
        weighting = weigh(margins[1:])
        grid = raised_by_group(Question("t", ["buses"], raised[:, None]), margins, weighting)
        row = grid.rows[0]
        women, weights = sex == 0, weighting.weights
        n_1, n_2 = effective_size(weights[women]), effective_size(weights[~women])
        share_1 = np.average(raised[women], weights=weights[women])
        share_2 = np.average(raised[~women], weights=weights[~women])
        assert weighted(row.in_group).value == pytest.approx(share_1, rel=1e-12)
        assert weighted(row.in_group).base == pytest.approx(n_1, rel=1e-12)
        assert row.in_group.unweighted.value == pytest.approx(raised[women].mean())
        assert row.difference == pytest.approx(share_1 - share_2)
        expected = newcombe(share_1 * n_1, n_1, share_2 * n_2, n_2)
        assert (row.interval.low, row.interval.high) == pytest.approx((expected.low, expected.high))
        table = np.rint([[share_1 * n_1, 0], [share_2 * n_2, 0]])
        table[:, 1] = np.rint([n_1, n_2]) - table[:, 0]
        assert row.p_value == pytest.approx(stats.fisher_exact(table).pvalue, rel=1e-6)
        assert row.p_value == pytest.approx(grid.rows[1].p_value)
        young_row = grid.rows[2]
        assert (young_row.group, young_row.state) == ("young", Raised.MORE)

    def test_the_order_of_respondents_changes_no_bit(self):
        random = np.random.default_rng(6)
        codes, themes = random.integers(0, 3, 300), random.random((300, 2)) < 0.3
        order = random.permutation(300)

        def grid(codes, themes):
            margin = Margin("age", list("abc"), [2, 5, 3], codes)
            return raised_by_group(Question("t", ["x", "y"], themes), [margin], weigh([margin]))

        assert grid(codes, themes) == grid(codes[order], themes[order])

    def test_small_groups_and_few_others_are_hidden(self):
        margin = Margin("age", ["a", "b", "c", "d"], [1, 1, 1, 0], [0] * 9 + [1] * 60 + [2] * 40)
        question = Question("t", ["x"], np.ones((109, 1)))
        grid = raised_by_group(question, [margin], weigh([], respondents=109))
        assert grid.hidden == (("age", "a"),)
        assert [row.group for row in grid.rows] == ["b", "c"]
        two = Margin("sex", ["f", "m"], [1, 1], [0] * 9 + [1] * 100)
        hidden = raised_by_group(question, [two], weigh([], respondents=109))
        assert (hidden.rows, hidden.hidden) == ((), (("sex", "f"), ("sex", "m")))

    def test_who_wrote_nothing_or_is_unknown_does_not_count(self):
        codes = np.array([0] * 30 + [1] * 30 + [-1] * 40)
        margin = Margin("sex", ["f", "m"], [1, 1], codes)
        question = Question("t", ["x"], np.ones((100, 1)), np.arange(100) >= 15)
        grid = raised_by_group(question, [margin], weigh([], respondents=100))
        assert (grid.rows[0].in_group.unweighted.base, grid.rows[0].others.unweighted.base) == (
            15,
            30,
        )

    def test_no_theme_no_row(self):
        question = Question("t", [], np.empty((100, 0)))
        assert raised_by_group(question, [age()], weigh([age()])).rows == ()

    def test_other_respondents_are_refused(self):
        question, margin = self.themes()
        with pytest.raises(ValueError, match="same respondents"):
            raised_by_group(question, [margin], weigh([], respondents=9))
