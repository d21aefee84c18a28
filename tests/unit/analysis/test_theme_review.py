"""The review model and its queue."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.themes.embedding.protocol import unit_rows
from analysis.themes.reviewing import review
from analysis.themes.reviewing.review import (
    LEAST_CONFIRMED,
    choose_themes,
    fit_review_model,
    learn_features,
)
from analysis.themes.reviewing.review_queue import audit_order, review_queue

THEMES = 4


@pytest.fixture(scope="module")
def run():
    """Vectors of four themes that overlap a little, their true theme and centroids."""
    random = np.random.default_rng(5)
    centres = random.normal(size=(THEMES, 16))
    truth = random.integers(0, THEMES, 400)
    vectors = unit_rows(centres[truth] + random.normal(size=(400, 16)) * 1.1)
    return vectors, truth, unit_rows(centres)


def one_hot(themes):
    return np.eye(THEMES, dtype=bool)[themes]


def right(model, features, prior, truth):
    return float(np.mean(model.scores(features, prior).argmax(axis=1) == truth))


def test_people_overrule_a_machine_that_is_wrong(run):
    vectors, truth, centres = run
    features = learn_features(vectors).features(vectors)
    prior = vectors @ np.roll(centres, 1, axis=0).T  # calls every theme by its neighbour's name
    rows = list(range(120))
    rest = slice(120, None)

    model = fit_review_model(features, prior, rows, one_hot(truth[rows]))

    assert np.mean(prior[rest].argmax(axis=1) == truth[rest]) < 0.1
    assert right(model, features[rest], prior[rest], truth[rest]) > 0.85


def test_below_the_least_number_the_machine_decides_alone(run):
    vectors, truth, centres = run
    features = learn_features(vectors).features(vectors)
    prior = vectors @ np.roll(centres, 1, axis=0).T
    rows = list(range(LEAST_CONFIRMED - 1))

    model = fit_review_model(features, prior, rows, one_hot(truth[rows]))
    scores = model.scores(features, prior)

    assert model.blend is None
    assert model.by_machine == (0, 1, 2, 3)
    assert model.confirmed == LEAST_CONFIRMED - 1
    assert np.array_equal(scores.argmax(axis=1), prior.argmax(axis=1))
    assert scores.sum(axis=1) == pytest.approx(np.ones(len(vectors)))


def test_no_decisions_at_all(run):
    vectors, _, centres = run
    features = learn_features(vectors).features(vectors)
    prior = vectors @ centres.T

    model = fit_review_model(features, prior, [], np.zeros((0, THEMES), bool))

    assert model.positive == (0, 0, 0, 0)
    assert np.array_equal(choose_themes(model.scores(features, prior)).any(axis=1), [True] * 400)


@pytest.mark.parametrize("count", [20, 40])
def test_a_machine_that_is_right_stays_right_with_few_decisions(run, count):
    # What people decide here is what the machine says, but for one decision in ten.
    vectors, _, centres = run
    features = learn_features(vectors).features(vectors)
    prior = vectors @ centres.T
    said = prior.argmax(axis=1)
    decided = said.copy()
    decided[::10] = (decided[::10] + 1) % THEMES
    rows = list(range(count))

    model = fit_review_model(features, prior, rows, one_hot(decided[rows]))

    assert right(model, features, prior, said) >= 0.98


def test_a_theme_that_nobody_looked_at_keeps_the_machines_word(run):
    # The queue has not reached theme 3: its units are not read as belonging to the others.
    vectors, truth, centres = run
    features = learn_features(vectors).features(vectors)
    prior = vectors @ centres.T
    rows = [int(row) for row in np.flatnonzero(truth != 3)[:60]]

    model = fit_review_model(features, prior, rows, one_hot(truth[rows]))

    assert model.positive[3] == 0
    assert model.by_machine == (3,)
    assert model.blend is not None
    hidden = (truth == 3) & (prior.argmax(axis=1) == 3)
    kept = model.scores(features[hidden], prior[hidden]).argmax(axis=1) == 3
    assert np.mean(kept) > 0.9


@pytest.mark.parametrize(("said", "chance"), [(0, 5 * 21 / 32 / 5), (5, 5 * 21 / 32 / 10)])
def test_the_machines_word_weighs_as_much_as_it_was_right(run, said, chance):
    # Of 30 decisions 20 agree with the machine; on theme 3 it spoke up never, or five times
    # and was wrong. Overall (20 + 1) / (30 + 2); of theme 3 five decisions' weight of that.
    vectors, _, _ = run
    features = np.zeros_like(vectors)
    machine = np.array([3] * said + [0] * (10 - said) + [1] * 20 + [3] * 370)
    decided = np.array([2] * 10 + [1] * 20)

    model = fit_review_model(features, one_hot(machine) / 2, range(30), one_hot(decided))

    scores = model.scores(features[-1:], one_hot([3]) / 2)
    assert 3 in model.by_machine
    assert scores[0, 3] == pytest.approx(chance)


def test_one_example_is_not_enough_for_a_classifier(run):
    vectors, truth, centres = run
    features = learn_features(vectors).features(vectors)
    rows = [int(row) for row in np.flatnonzero(truth != 3)[:40]]
    rows.append(int(np.flatnonzero(truth == 3)[0]))

    model = fit_review_model(features, vectors @ centres.T, rows, one_hot(truth[rows]))

    assert model.positive[3] == 1
    assert model.by_machine == (3,)


def test_a_unit_in_two_themes_gets_both(run):
    _, _, centres = run
    random = np.random.default_rng(2)
    labels = random.random((300, THEMES)) < 0.4
    vectors = unit_rows(labels @ centres + random.normal(size=(300, 16)) * 0.1)
    features = learn_features(vectors).features(vectors)
    prior = vectors @ centres.T

    model = fit_review_model(features, prior, range(200), labels[:200])
    chosen = choose_themes(model.scores(features[200:], prior[200:]))

    wanted = labels[200:].sum(axis=1) == 2
    assert np.mean(chosen[wanted] == labels[200:][wanted]) > 0.9


@pytest.mark.parametrize("value", [False, True])
def test_decisions_that_are_all_alike_teach_nothing(run, value):
    vectors, _, centres = run
    features = learn_features(vectors).features(vectors)
    labels = np.full((30, THEMES), value)

    model = fit_review_model(features, vectors @ centres.T, range(30), labels)

    assert model.blend is None


def test_everybody_in_one_theme(run):
    # The theme has no counterexample, so there is no classifier, only how common it is.
    vectors, _, _ = run
    features = learn_features(vectors).features(vectors)
    labels = np.zeros((30, THEMES), bool)
    labels[:, 2] = True

    model = fit_review_model(features, np.zeros((400, THEMES)), range(30), labels)

    assert np.all(model.scores(features, np.zeros((400, THEMES))).argmax(axis=1) == 2)


def test_the_order_of_decisions_and_repetition_change_no_byte(run):
    vectors, truth, centres = run
    prior = vectors @ centres.T
    rows = np.arange(60)

    def scores(order):
        features = learn_features(vectors).features(vectors)
        model = fit_review_model(features, prior, order.tolist(), one_hot(truth[order]))
        return model.scores(features, prior).tobytes()

    assert scores(rows) == scores(rows) == scores(rows[::-1])


def test_the_order_of_units_changes_no_feature(run):
    vectors, _, _ = run
    order = np.random.default_rng(1).permutation(len(vectors))

    here = learn_features(vectors).features(vectors)
    there = learn_features(vectors[order]).features(vectors[order])

    assert there == pytest.approx(here[order], abs=1e-6)


def test_features_by_hand():
    # Around their middle two units lie opposite. Each is averaged with the mean of both,
    # which is zero, and then brought back to length one.
    vectors = np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)

    features = learn_features(vectors).features(vectors)

    half = 0.5**0.5
    assert features == pytest.approx(np.array([[half, -half], [-half, half]]), abs=1e-6)


def test_neighbours_pull_a_unit_towards_them(monkeypatch):
    # Middle (1/3, 0); three units at 1 and three at -1/3 become 1 and -1 around it. With
    # three neighbours each is averaged with its own kind, and nothing changes.
    monkeypatch.setattr(review, "_NEIGHBOURS", 3)
    vectors = np.array([[1, 0]] * 3 + [[-1, 0]] * 3, dtype=np.float32)

    assert learn_features(vectors).features(vectors).tolist() == vectors.tolist()


def test_one_text_alone_and_identical_texts():
    vectors = np.array([[0.6, 0.8]] * 3, dtype=np.float32)

    features = learn_features(vectors).features(vectors)

    assert np.isfinite(features).all()
    assert np.isfinite(learn_features(vectors[:1]).features(vectors[:1])).all()


def test_a_large_run_looks_for_neighbours_in_a_sample(run, monkeypatch):
    monkeypatch.setattr(review, "_REFERENCE", 100)
    vectors, truth, centres = run
    prior = vectors @ centres.T

    space = learn_features(vectors, seed=3)
    features = space.features(vectors)
    model = fit_review_model(features, prior, range(120), one_hot(truth[:120]))

    assert space.reference.shape == (100, 16)
    assert learn_features(vectors, seed=3).reference.tobytes() == space.reference.tobytes()
    assert right(model, features[120:], prior[120:], truth[120:]) > 0.85


def test_a_prior_that_says_nothing_is_ignored(run):
    vectors, truth, _ = run
    features = learn_features(vectors).features(vectors)
    prior = np.full((400, THEMES), 0.3)

    model = fit_review_model(features, prior, range(120), one_hot(truth[:120]))

    # Neither its scores nor a choice among equal ones weighs anything.
    assert model.blend is not None
    assert model.blend[1:3] == pytest.approx((0.0, 0.0), abs=1e-9)
    assert right(model, features[120:], prior[120:], truth[120:]) > 0.85


def test_scores_are_chances(run):
    # Of a hundred held-out units that are given a chance of x, about 100 x are right.
    vectors, truth, centres = run
    features = learn_features(vectors).features(vectors)
    prior = vectors @ centres.T
    model = fit_review_model(features, prior, range(150), one_hot(truth[:150]))

    scores = model.scores(features[150:], prior[150:])

    assert scores.min() >= 0
    assert scores.max() <= 1
    assert scores.sum() == pytest.approx(250, rel=0.1)


def test_choose_themes():
    scores = np.array([[0.9, 0.4, 0.39], [0.1, 0.2, 0.2], [0.0, 0.0, 0.0]])

    assert choose_themes(scores).tolist() == [
        [True, True, False],  # the second from .4 on
        [False, True, False],  # the best always, the first of equals
        [True, False, False],
    ]
    assert choose_themes(np.zeros((2, 0))).shape == (2, 0)


def test_bad_input(run):
    vectors, truth, centres = run
    prior = vectors @ centres.T
    labels = one_hot(truth[:2])
    with pytest.raises(ValueError, match="no vectors"):
        learn_features(vectors[:0])
    with pytest.raises(ValueError, match="for 3 rows"):
        fit_review_model(vectors, prior, [0, 1, 2], labels)
    with pytest.raises(ValueError, match="labels of shape"):
        fit_review_model(vectors, prior, [0, 1], labels[0])
    with pytest.raises(ValueError, match="no themes"):
        fit_review_model(vectors, prior[:, :0], [0, 1], labels[:, :0])
    with pytest.raises(ValueError, match="twice"):
        fit_review_model(vectors, prior, [1, 1], labels)
    with pytest.raises(ValueError, match="4 themes"):
        fit_review_model(vectors, prior[:, :3], [0, 1], labels)
    with pytest.raises(ValueError, match="not finite"):
        fit_review_model(vectors, prior * np.nan, [0, 1], labels)
    model = fit_review_model(vectors, prior, [0, 1], labels)
    with pytest.raises(ValueError, match="399 units"):
        model.scores(vectors[1:], prior)


def test_inputs_stay_as_they_were(run):
    vectors, truth, centres = run
    prior = vectors @ centres.T
    labels = one_hot(truth[:30])
    for array in (vectors, prior, labels):
        array.flags.writeable = False

    features = learn_features(vectors).features(vectors)
    features.flags.writeable = False
    fit_review_model(features, prior, range(30), labels).scores(features, prior)


# The queue


def test_letters_first_then_the_least_certain():
    scores = np.array([[0.9], [0.2], [0.5], [0.7], [0.99], [0.2]])

    queue = review_queue(
        scores, list("abcdef"), audit_size=0, seed=1, copies=[1, 1, 4, 5, 300, 1], decided=[0]
    )

    # Four copies are no campaign; b and f are equally uncertain, and their ids decide.
    assert queue.review == (4, 3, 1, 5, 2)
    assert queue.audit == ()


def test_the_audit_is_kept_apart_and_stays_random():
    ids = [f"r{at}" for at in range(50)]
    queue = review_queue(np.full((50, 2), 0.5), ids, audit_size=12, seed=4, decided=range(40))

    assert queue.audit == audit_order(ids, 4)[:12]
    # What is decided already can be drawn too; nothing is in both lists.
    assert set(queue.audit) & set(range(40))
    assert not set(queue.audit) & set(queue.review)
    assert set(queue.review) | set(queue.audit) | set(range(40)) == set(range(50))


def test_an_audit_larger_than_the_run():
    queue = review_queue(np.full((3, 1), 0.5), ["a", "b", "c"], audit_size=10, seed=0)

    assert sorted(queue.audit) == [0, 1, 2]
    assert queue.review == ()


@settings(max_examples=40)
@given(st.lists(st.text(max_size=4), unique=True, max_size=30), st.integers(0, 5), st.randoms())
def test_later_responses_do_not_move_earlier_ones(ids, seed, random):
    early = ids[: len(ids) // 2]
    shuffled = list(ids)
    random.shuffle(shuffled)

    alone = [early[at] for at in audit_order(early, seed)]
    among = [shuffled[at] for at in audit_order(shuffled, seed)]

    assert [name for name in among if name in set(early)] == alone


def test_seeds_draw_differently():
    ids = [str(at) for at in range(100)]
    assert audit_order(ids, 1) != audit_order(ids, 2)


def test_every_response_is_drawn_as_often():
    # 400 seeds, 10 of 40 each: 100 times on the mean, with a standard deviation of 8.7.
    drawn = np.zeros(40, dtype=int)
    ids = [str(at) for at in range(40)]
    for seed in range(400):
        drawn[list(audit_order(ids, seed)[:10])] += 1

    assert drawn.min() > 100 - 4 * 8.7
    assert drawn.max() < 100 + 4 * 8.7


@pytest.mark.parametrize(
    ("count", "size", "copies"), [(2, 1, [1, 1, 1]), (3, -1, [1, 1, 1]), (3, 1, [1])]
)
def test_a_queue_that_does_not_fit(count, size, copies):
    with pytest.raises(ValueError, match="3 ids"):
        review_queue(np.zeros((count, 1)), list("abc"), audit_size=size, seed=0, copies=copies)
