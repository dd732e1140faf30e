"""Action distributions against closed forms, brute force and simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.metrics import actions

VERBS = st.lists(st.lists(st.sampled_from(["walk", "run", "jump", "dance"]), max_size=3), min_size=1, max_size=30)


def counted(**verbs: int) -> actions.ActionCounts:
    rows = [[verb] for verb, n in verbs.items() for _ in range(n)]
    return actions.count(rows, [str(i) for i in range(len(rows))])


@given(VERBS)
def test_counts_are_those_of_a_plain_count(rows):
    found = actions.count(rows, [str(i % 3) for i in range(len(rows))])
    flat = [verb for row in rows for verb in row]
    assert found.totals.to_dict() == {verb: flat.count(verb) for verb in set(flat)}
    assert found.captions == len(rows) and found.with_verb == sum(map(bool, rows))


@given(st.lists(st.integers(0, 50), min_size=2, max_size=20).filter(any))
def test_gini_is_the_mean_difference_over_twice_the_mean(values):
    x = np.array(values, float)
    brute = np.abs(x[:, None] - x[None, :]).mean() / (2 * x.mean())
    assert actions.gini(values) == pytest.approx(brute, abs=1e-12)


def test_share_intervals_hold_the_binomial_interval_and_name_the_top_verb():
    found = actions.share_intervals(
        counted(walk=300, run=700), ["run", "walk", "swim"], draws=2000, rng=np.random.default_rng(0)
    )
    run = found.iloc[0]
    half = 1.96 * np.sqrt(0.21 / 1000)
    assert (run["share"], run["top"]) == (0.7, 1.0)
    assert (run["low"], run["high"]) == pytest.approx((0.7 - half, 0.7 + half), abs=0.004)
    assert found.iloc[2][["count", "share", "high"]].tolist() == [0, 0, 0]


def test_log_odds_without_prior_is_the_plain_log_odds_ratio():
    table = actions.log_odds(counted(walk=60, run=40), counted(walk=20, run=80), prior=1e-9).set_index("verb")
    assert table.loc["walk", "log_odds"] == pytest.approx(np.log((60 / 40) / (20 / 80)), abs=1e-6)
    assert table.loc["run", "log_odds"] == pytest.approx(-table.loc["walk", "log_odds"], abs=1e-6)


def test_log_odds_intervals_widen_when_clips_repeat_their_verbs():
    apart = actions.log_odds(counted(walk=60, run=60), counted(walk=60, run=60)).set_index("verb")
    rows = [["walk"]] * 60 + [["run"]] * 60
    clumped = actions.count(rows, [str(i // 10) for i in range(120)])
    together = actions.log_odds(clumped, clumped).set_index("verb")
    width = lambda t: t.loc["walk", "high"] - t.loc["walk", "low"]
    assert width(together) > 2 * width(apart)


def test_jensen_shannon_closed_forms():
    rng = np.random.default_rng(0)
    same = actions.jensen_shannon(counted(walk=50, run=50), counted(walk=500, run=500), draws=200, rng=rng)
    apart = actions.jensen_shannon(counted(walk=50), counted(run=50), draws=200, rng=rng)
    assert same["value"] == pytest.approx(0) and apart["value"] == pytest.approx(1)
    p, q = np.array([0.9, 0.1]), np.array([0.5, 0.5])
    m = (p + q) / 2
    expected = np.sqrt((p @ np.log2(p / m) + q @ np.log2(q / m)) / 2)
    found = actions.jensen_shannon(counted(walk=90, run=10), counted(walk=50, run=50), draws=200, rng=rng)
    assert found["value"] == pytest.approx(expected)
    assert found["low"] < expected < found["high"] and found["groups"] == 200


def test_two_samples_of_one_law_lie_at_the_floor():
    rng = np.random.default_rng(3)
    draw = lambda: actions.count([[str(v)] for v in rng.zipf(1.5, 400) % 50], [str(i) for i in range(400)])
    found = actions.jensen_shannon(draw(), draw(), draws=400, rng=rng)
    assert found["value"] == pytest.approx(found["floor"], rel=0.25)


def test_the_floor_is_the_mean_distance_of_groups_dealt_anew():
    a, b = counted(walk=20, run=10), counted(walk=5, dance=30)
    rng = np.random.default_rng(4)
    found = actions.jensen_shannon(a, b, draws=300, rng=rng)["floor"]
    again, verbs = np.random.default_rng(4), ["dance", "run", "walk"]
    for side in (a, b):
        again.multinomial(side.matrix.shape[0], np.full(side.matrix.shape[0], 1 / side.matrix.shape[0]), size=300)
    both = (["walk"] * 20 + ["run"] * 10, ["walk"] * 5 + ["dance"] * 30)
    said = np.array([words[int(name)] for words in both for name in sorted(map(str, range(len(words))))])
    distances = []
    for _ in range(30):
        first = again.permutation(65) < 30
        p, q = ([np.mean(said[side] == verb) for verb in verbs] for side in (first, ~first))
        middle = (np.array(p) + q) / 2
        divergences = [sum(x * np.log2(x / m) for x, m in zip(side, middle, strict=True) if x) for side in (p, q)]
        distances.append(np.sqrt(sum(divergences) / 2))
    assert found == pytest.approx(np.mean(distances), rel=1e-9)
