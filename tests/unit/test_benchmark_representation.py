import math

import numpy as np
import pytest

from analysis.representation.watching.evalues import e_bh
from analysis.representation.watching.monitoring import (
    Family,
    Observed,
    Stage,
    Tier,
    close,
    declare,
    monitor,
)
from analysis.statistics import benjamini_hochberg
from benchmarks import representation
from benchmarks.representation_rules import (
    confirmed,
    e_step_up,
    early,
    evidence,
    four_fifths,
    lowest_rate,
    material,
    plain,
    step_up,
)
from benchmarks.representation_scores import lowest_by_highest_rate


def test_the_peers_score():
    # Its own published example: rates 10, 7.5 and 8 %.
    assert lowest_by_highest_rate([100, 75, 80], [1_000] * 3) == pytest.approx(0.75)
    # Ratios 1.5, 1 and 2/3.
    assert lowest_by_highest_rate([30, 50, 20], [20, 50, 30]) == pytest.approx(4 / 9)
    scores = lowest_by_highest_rate([[0, 5], [0, 0]], [1, 1])
    assert scores[0] == 0
    assert math.isnan(scores[1])


def test_rows_are_judged_as_the_product_does():
    random = np.random.default_rng(1)
    p_values = random.random((50, 12)) ** 3
    log_e = random.normal(1.5, 2, size=(50, 12))
    for row, rejected in zip(p_values, step_up(p_values, 0.1), strict=True):
        assert (benjamini_hochberg(row) <= 0.1).tolist() == rejected.tolist()
    for row, rejected in zip(log_e, e_step_up(log_e, 0.1), strict=True):
        assert e_bh(row).tolist() == rejected.tolist()


def test_flags_are_those_of_the_product():
    shares = np.array([0.1, 0.2, 0.3, 0.4])
    family = Family("f", declare("f", list("abcd"), shares))
    counts = np.random.default_rng(2).multinomial(200, [0.04, 0.2, 0.32, 0.44], size=30)
    seen = evidence(counts, 200, shares)
    flagged, signs = confirmed(seen), early(seen)
    for at, row in enumerate(counts):
        observed = {
            member.group: Observed(int(count), 200)
            for member, count in zip(family.members, row, strict=True)
        }
        tiers = [each.tier for each in monitor([family], [Stage("s", observed)])]
        expected = (flagged.under | flagged.over)[at]
        assert [tier is Tier.CONFIRMED for tier in tiers] == expected.tolist()
        closed = [each.flagged for each in close([family], observed)]
        assert closed == (signs.under | signs.over)[at].tolist()
    assert flagged.any.any()


def test_rules_of_thumb():
    # 7 of 50 against 20 % is a ratio of 0.7, and P(X <= 7 | 50, 0.16) = 0.4; 25 against 40 %.
    seen = evidence(np.array([[7, 25, 18]]), 50, np.array([0.2, 0.4, 0.4]))
    assert four_fifths(seen).under.tolist() == [[True, False, False]]
    assert not material(seen).under.any()
    assert not plain(seen).any
    assert lowest_rate(seen).under.tolist() == [[True, False, False]]


def test_a_small_run(tmp_path, monkeypatch):
    monkeypatch.setattr(representation, "CONSULTATIONS", 20)
    monkeypatch.setattr(representation, "LOOKS", 4)
    monkeypatch.setattr(representation, "SAMPLES", 5)
    outcome = representation.run(tmp_path)
    assert len(outcome.tables) == 4
    assert not outcome.faults
    assert outcome.figures["coverage_percent"]["Clopper-Pearson, one look"]["least"] >= 95
    assert all(str(table) for table in outcome.tables)


def test_a_broken_promise_fails_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(representation, "CONSULTATIONS", 20)
    monkeypatch.setattr(representation, "LOOKS", 4)
    monkeypatch.setattr(representation, "SAMPLES", 5)
    monkeypatch.setattr(representation, "GOAL", -1.0)
    assert "may" in representation.run(tmp_path).faults[0]
