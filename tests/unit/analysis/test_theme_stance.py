"""Support and opposition within themes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.statistics import Interval, wilson
from analysis.themes.counting import State, incidence
from analysis.themes.stance import Stance, count_stances, from_scale

FOR, AGAINST, BETWEEN = Stance.SUPPORT, Stance.OPPOSE, Stance.NEITHER


def count(people, themes=1):
    """Count from (themes, stance) a person; None for the themes of one without content."""
    pairs = [(at, theme) for at, (own, _) in enumerate(people) for theme in own or ()]
    raised = incidence([at for at, _ in pairs], [theme for _, theme in pairs], len(people), themes)
    return count_stances(
        raised, [stance for _, stance in people], [own is not None for own, _ in people]
    )


def test_sides_within_a_theme_and_overall():
    people = [((0,), FOR)] * 3 + [((0,), AGAINST), ((0,), None), ((), BETWEEN), (None, FOR)]

    stances = count(people)

    sides = stances.themes[0].sides
    assert (sides.support, sides.oppose, sides.neither, sides.not_known) == (3, 1, 0, 1)
    # The blank one is in no share.
    assert (sides.known, sides.support_share, sides.oppose_share) == (4, 0.75, 0.25)
    assert sides.support_interval == wilson(3, 4)
    assert sides.oppose_interval == wilson(1, 4)
    # Who wrote nothing with content is left out of the overall as well.
    assert (stances.overall.support, stances.overall.oppose, stances.overall.neither) == (3, 1, 1)


def test_a_theme_with_another_balance_than_the_rest():
    # 8 of 20 in the theme support against 10 of 80 of the rest: Newcombe .072673 to .495558,
    # Fisher p .00822735; with the test of opposition q is at most twice that.
    people = [((0,), FOR)] * 8 + [((0,), AGAINST)] * 12 + [((), FOR)] * 10 + [((), AGAINST)] * 70

    theme = count(people).themes[0]

    assert theme.support.state is State.MORE
    assert theme.oppose.state is State.LESS
    assert theme.balance_differs
    difference = theme.support.difference
    assert difference is not None
    assert (difference.low, difference.high) == pytest.approx((0.072673, 0.495558), abs=6e-7)
    assert theme.support.p_value == pytest.approx(0.00822735, abs=6e-9)


def test_a_theme_may_divide_people():
    # Nobody in between within the theme, everybody in between outside.
    people = [((0,), FOR)] * 30 + [((0,), AGAINST)] * 30 + [((), BETWEEN)] * 60

    theme = count(people).themes[0]

    assert theme.support.state is theme.oppose.state is State.MORE


def test_every_theme_and_side_is_one_family():
    # Support and opposition of theme 0 are two tests: the lesser p .00822735 doubles.
    # Nobody opposes.
    within = [((0,), FOR)] * 8 + [((0,), BETWEEN)] * 12
    people = [*within, *[((), FOR)] * 10, *[((), BETWEEN)] * 70]

    first, second = count([((*own, 1), stance) for own, stance in people], themes=2).themes

    # Theme 1 holds everybody, so that there is no rest: no test, and no cost.
    assert second.support.state is State.TOO_FEW
    assert first.support.q_value == pytest.approx(2 * 0.00822735, abs=2e-8)
    assert first.oppose.q_value == 1.0


def test_too_few_is_said():
    theme = count([((0,), FOR)] * 9 + [((), AGAINST)] * 50).themes[0]

    assert theme.sides.too_few
    assert not theme.balance_differs
    assert theme.support.state is theme.oppose.state is State.TOO_FEW
    assert theme.sides.support == 9
    assert not count([((0,), FOR)] * 10).themes[0].sides.too_few


def test_unknown_stances_leave_too_few():
    # Thirty people in the theme, but nobody answered the closed question.
    theme = count([((0,), None)] * 30 + [((), AGAINST)] * 50).themes[0]

    assert theme.sides.too_few
    assert (theme.sides.support_share, theme.sides.oppose_share) == (None, None)
    assert theme.sides.support_interval == Interval(0.0, 1.0)


def test_nobody_and_no_themes():
    assert count([]).overall.known == 0
    assert count([((), FOR)], themes=0).themes == ()


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.sets(st.integers(0, 2))),
            st.sampled_from([FOR, AGAINST, BETWEEN, None]),
        ),
        max_size=40,
    )
)
def test_every_respondent_with_content_is_accounted_for(people):
    stances = count(people, themes=3)

    assert stances.overall.known + stances.overall.not_known == sum(
        own is not None for own, _ in people
    )
    for at, theme in enumerate(stances.themes):
        assert theme.sides.known + theme.sides.not_known == sum(
            at in (own or ()) for own, _ in people
        )
        assert theme.support.rest_base == stances.overall.known - theme.sides.known


@pytest.mark.parametrize(
    ("position", "length", "stance"),
    [
        (1, 5, AGAINST),
        (3, 5, BETWEEN),
        (4, 5, FOR),
        (2, 4, AGAINST),
        (3, 4, FOR),
        (1, 2, AGAINST),
        (2, 2, FOR),
        (4, 7, BETWEEN),
    ],
)
def test_from_scale(position, length, stance):
    assert from_scale(position, length) is stance


@pytest.mark.parametrize(("position", "length"), [(0, 5), (6, 5), (1, 1), (1, 0)])
def test_off_the_scale(position, length):
    with pytest.raises(ValueError, match="on a scale of"):
        from_scale(position, length)


def test_bad_shapes():
    raised = incidence([0], [0], 2, 1)
    with pytest.raises(ValueError, match="1 stances"):
        count_stances(raised, [FOR], [True, True])
    with pytest.raises(ValueError, match="2 stances, 1 contents"):
        count_stances(raised, [FOR, FOR], [True])
    with pytest.raises(ValueError, match="without content"):
        count_stances(raised, [FOR, FOR], [False, True])
