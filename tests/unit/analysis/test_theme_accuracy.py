"""The machine beside blind review."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_fscore_support

from analysis.statistics import wilson
from analysis.themes.reviewing.accuracy import (
    How,
    Measured,
    measure_accuracy,
    measured_ratio,
    micro_f1,
    samples_f1,
)


def labels(*rows, themes=3):
    table = np.zeros((len(rows), themes), dtype=bool)
    for at, row in enumerate(rows):
        table[at, list(row)] = True
    return table


def measure(machine, people, how=None, **details):
    n = len(machine)
    details = {"languages": ["en"] * n, "words": [5] * n, **details}
    return measure_accuracy(machine, people, how or [How.BLIND] * n, **details)


def single(right, wrong):
    """One theme a response: so many with the same, so many with another."""
    return labels(*[(0,)] * (right + wrong)), labels(*[(0,)] * right, *[(1,)] * wrong)


def test_one_theme_each_is_plain_accuracy():
    # 30 of 40 right: each rate is .75 with Wilson's interval of 30 of 40.
    scores = measure(*single(30, 10)).overall

    expected = Measured(0.75, wilson(30, 40))
    assert scores.reviews == 40
    assert not scores.too_few
    for found in (scores.precision, scores.recall, scores.f1, scores.samples_f1):
        assert found is not None
        assert found.value == 0.75
        assert (found.interval.low, found.interval.high) == pytest.approx(
            (expected.interval.low, expected.interval.high)
        )


def test_several_themes_by_hand():
    # Ten times: the machine says 0 and 1 where a person found 0; twenty times both found 2.
    # Right 30, by the machine 40, by people 30: precision .75, recall 1, F1 60 / 70.
    # Within a response F1 is 2/3 or 1: (10 * 2/3 + 20) / 30.
    machine = labels(*[(0, 1)] * 10, *[(2,)] * 20)
    people = labels(*[(0,)] * 10, *[(2,)] * 20)

    scores = measure(machine, people).overall

    found = [scores.precision, scores.recall, scores.f1, scores.samples_f1]
    assert [rate.value for rate in found if rate] == pytest.approx(
        [0.75, 1.0, 60 / 70, (10 * 2 / 3 + 20) / 30]
    )


def test_only_blind_review_counts():
    machine = labels(*[(0,)] * 30, *[(0,)] * 6)
    people = labels(*[(0,)] * 30, *[(1,)] * 6)
    how = [How.BLIND] * 30 + [How.SHOWN] * 4 + [How.UNEDITED] * 2

    accuracy = measure(machine, people, how)

    assert accuracy.overall.reviews == 30
    assert accuracy.overall.f1 is not None
    assert accuracy.overall.f1.value == 1.0
    assert accuracy.left_out == {How.SHOWN: 4, How.UNEDITED: 2}


def test_too_few_is_said():
    accuracy = measure(*single(29, 0))

    assert accuracy.overall.too_few
    assert accuracy.overall.reviews == 29
    assert accuracy.overall.f1 is accuracy.overall.samples_f1 is None
    assert not measure(*single(30, 0)).overall.too_few


def test_themes():
    # Theme 0: by both 12 times, by the machine alone 3, by people alone never.
    machine = labels(*[(0,)] * 15, *[(2,)] * 9)
    people = labels(*[(0,)] * 12, *[()] * 3, *[(2,)] * 9)

    first, second, third = measure(machine, people).themes

    assert first.concerned == 15
    assert first.precision is not None
    assert first.precision.value == 12 / 15
    assert first.precision.interval.low == pytest.approx(wilson(12, 15).low)
    assert first.recall == Measured(1.0, wilson(12, 12))
    assert first.f1 is not None
    assert first.f1.value == 24 / 27
    assert (second.concerned, second.too_few, second.f1) == (0, True, None)
    assert (third.concerned, third.too_few, third.f1) == (9, True, None)


def test_a_theme_that_the_machine_never_gives_has_no_precision():
    _, second, _ = measure(*single(0, 30)).themes

    assert second.precision is None
    assert second.recall is not None
    assert second.recall.value == 0.0


def test_by_language_length_and_group():
    machine, people = single(40, 60)
    # The first 40 are right and English; of the rest 50 are Urdu and 10 Polish.
    languages = ["en"] * 40 + ["ur"] * 50 + ["pl"] * 10
    words = [0, 1, 3] * 10 + [4, 10] * 20 + [11, 25, 26, 400, 26] * 6
    group = [None, " "] * 20 + ["young"] * 60

    accuracy = measure(machine, people, languages=languages, words=words, groups={"age": group})

    assert list(accuracy.languages) == ["en", "pl", "ur"]
    english, urdu = accuracy.languages["en"].f1, accuracy.languages["ur"].f1
    assert english is not None
    assert urdu is not None
    assert (english.value, urdu.value) == (1.0, 0.0)
    assert accuracy.languages["pl"].too_few
    counts = {name: scores.reviews for name, scores in accuracy.lengths.items()}
    assert counts == {"1-3": 30, "4-10": 40, "11-25": 12, "26+": 18}
    assert {name: scores.reviews for name, scores in accuracy.groups["age"].items()} == {
        "young": 60
    }


def test_nobody_reviewed():
    accuracy = measure(labels(), labels())

    assert accuracy.overall.reviews == 0
    assert accuracy.overall.too_few
    assert accuracy.languages == accuracy.left_out == {}
    assert set(accuracy.lengths) == {"1-3", "4-10", "11-25", "26+"}


def test_no_theme_on_either_side_is_agreement():
    empty = labels(*[()] * 30)

    scores = measure(empty, empty).overall

    assert scores.precision is scores.recall is scores.f1 is None
    assert scores.samples_f1 is not None
    assert scores.samples_f1.value == 1.0


def test_responses_and_not_pairs_are_the_evidence():
    # Ten responses of ten themes each, all right or all wrong: as good as ten observations.
    found = measured_ratio([10] * 6 + [0] * 4, [10] * 10)
    assert found is not None
    assert found.interval.low == pytest.approx(wilson(6, 10).low)

    # Every response half right: no spread, but still no more than ten observations.
    found = measured_ratio([5] * 10, [10] * 10)
    assert found == Measured(0.5, wilson(5, 10))


def test_effective_size_by_hand():
    # Parts 0 and 4 of wholes 2 and 4: share 2/3, deviations -4/3 and 4/3, variance
    # (32/9) / 36 = 8/81; (2/9) / (8/81) = 2.25, and no more than the two responses.
    found = measured_ratio([0, 4], [2, 4])
    assert found is not None
    assert found.interval == wilson(2 * (2 / 3), 2)

    # Parts 9, 0 and 1 of wholes 9, 9 and 1: share 10/19, deviations 4.2632, -4.7368 and
    # .4737, variance (sum of their squares) / 361 = .11312; (90/361) / .11312 = 2.2040.
    found = measured_ratio([9, 0, 1], [9, 9, 1])
    assert found is not None
    expected = wilson(10 / 19 * 2.2040, 2.2040)
    assert (found.interval.low, found.interval.high) == pytest.approx(
        (expected.low, expected.high), abs=1e-4
    )


def test_a_ratio_without_a_base():
    assert measured_ratio([0, 0], [0, 0]) is None
    assert measured_ratio([], []) is None


multi_hot = st.lists(
    st.tuples(st.sets(st.integers(0, 2)), st.sets(st.integers(0, 2))), min_size=30, max_size=50
)


@settings(max_examples=15)
@given(multi_hot, st.randoms())
def test_agrees_with_scikit_learn(rows, random):
    machine = labels(*[one for one, _ in rows])
    people = labels(*[other for _, other in rows])
    precision, recall, f1, _ = precision_recall_fscore_support(
        people, machine, average="micro", zero_division=0
    )

    scores = measure(machine, people).overall

    for found, expected in (
        (scores.precision, precision),
        (scores.recall, recall),
        (scores.f1, f1),
    ):
        if found is not None:
            assert found.value == pytest.approx(expected)
            assert 0 <= found.interval.low <= found.value <= found.interval.high <= 1

    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = measure(machine[order], people[order]).overall
    assert shuffled.reviews == scores.reviews
    if scores.f1 and shuffled.f1:
        assert shuffled.f1.value == pytest.approx(scores.f1.value)
    assert micro_f1(people, machine) == micro_f1(machine, people)
    assert samples_f1(people, machine) == samples_f1(machine, people)


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({"languages": ["en"]}, "languages: 1 values for 2"),
        ({"words": [1, 2, 3]}, "words: 3 values for 2"),
        ({"words": [1, -2]}, "negative"),
        ({"groups": {"age": ["a"]}}, "age: 1 values for 2"),
        ({"how": [How.BLIND]}, "how: 1 values for 2"),
    ],
)
def test_lengths_that_differ(details, message):
    with pytest.raises(ValueError, match=message):
        measure(labels((0,), (1,)), labels((0,), (1,)), **details)


def test_shapes_that_differ():
    with pytest.raises(ValueError, match="shape"):
        measure(labels((0,), (1,)), labels((0,)))
    with pytest.raises(ValueError, match="shape"):
        measure(np.zeros(2), np.zeros(2))
