"""Captioners against brute force, statsmodels, and simulations with a planted truth."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from lib.metrics.p_values import holm
from lib.sections.captioners.captioner_retrieval import leader
from lib.sections.captioners.metrics.mcnemar import Discordance, discordance
from lib.sections.captioners.metrics.paired_retrieval import (
    Gallery,
    by_gallery,
    differences,
    recall_difference,
    recalls,
    retrieve,
    significance,
    video_to_text_r1,
)

DRAWN = {"draws": 200, "rng": np.random.default_rng(7)}


def planted(noise: dict[str, float], clips: int, rng: np.random.Generator, width: int = 12) -> Gallery:
    """Captions are their video with noise: the less, the better the captioner."""
    videos = rng.normal(size=(clips, width))
    captions = {name: videos + sd * rng.normal(size=videos.shape) for name, sd in noise.items()}
    names = np.array([f"c{i:04d}" for i in range(clips)])
    return Gallery(names, dict.fromkeys(noise, videos), captions)


def brute_force(videos: np.ndarray, captions: np.ndarray) -> np.ndarray:
    """Places of each video's own caption among all, 0 for the first; no ties in these data."""
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (videos, captions))
    similar = a @ b.T
    return (similar > np.diag(similar)[:, None]).sum(axis=1)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 30))
def test_mcnemar_agrees_with_statsmodels(only_a, only_b, both):
    table = [[both, only_a], [only_b, 7]]
    n = both + only_a + only_b + 7
    if only_a + only_b:
        assert Discordance(only_a, only_b, n).p == pytest.approx(mcnemar(table, exact=True).pvalue, abs=1e-12)
    else:
        assert Discordance(0, 0, n).p == 1.0


def test_mcnemar_refuses_answers_that_are_no_decision():
    with pytest.raises(ValueError, match="decide ties"):
        discordance([0.5, 1], [0, 1])
    with pytest.raises(ValueError, match="paired"):
        discordance([1], [0, 1])


@pytest.mark.parametrize(("only_a", "only_b", "n"), [(20, 10, 100), (30, 12, 200)])
def test_the_pairs_needed_give_the_power_asked_for(only_a, only_b, n):
    needed = Discordance(only_a, only_b, n).pairs_needed(alpha=0.05, power=0.8)
    drawn = np.random.default_rng(0).multinomial(needed, [only_a / n, only_b / n, 1 - (only_a + only_b) / n], size=600)
    power = np.mean([Discordance(int(a), int(b), needed).p < 0.05 for a, b, _ in drawn])
    assert 0.71 < power < 0.85


def test_recalls_agree_with_brute_force_in_both_directions():
    compared = planted({"x": 0.8}, 60, np.random.default_rng(1))
    table = recalls(retrieve(compared), draws=50, rng=np.random.default_rng(0)).set_index(["direction", "measure"])
    videos, captions = compared.videos["x"], compared.captions["x"]
    for told, places in (
        ("video to text", brute_force(videos, captions)),
        ("text to video", brute_force(captions, videos)),
    ):
        for k in (1, 5, 10):
            row = table.loc[(told, f"R@{k}")]
            assert row["value"] == pytest.approx(100 * (places < k).mean()) and row["chance"] == pytest.approx(
                100 * k / 60
            )
            assert row["low"] <= row["value"] <= row["high"] and row["clips"] == 60
        assert table.loc[(told, "MedR"), "value"] == np.median(places) + 1


def test_ties_follow_the_stated_rule():
    videos = np.eye(4)
    captions = np.array([[1.0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0], [0, 0, 1, 0]])
    one = Gallery(np.array(list("abcd")), {"x": videos}, {"x": captions})
    found = {ties: retrieve(one, ties=ties).ranks["x"]["v2t"].found(1, ties) for ties in ("average", "optimistic")}
    assert found["average"].tolist() == [1, 0, 1, 0] and found["optimistic"].tolist() == [1, 1, 1, 1]


def test_a_captioner_that_says_the_same_of_every_clip_is_at_chance():
    same = Gallery(np.array([f"{i}" for i in range(30)]), {"x": np.eye(30)}, {"x": np.ones((30, 30))})
    table = recalls(retrieve(same), draws=20, rng=np.random.default_rng(0))
    assert table.loc[table["measure"] == "R@10", "value"].eq(0).all()
    assert table.loc[table["measure"] == "MedR", "value"].eq(15.5).all()


def test_the_planted_order_is_recovered_with_intervals_and_a_leader():
    noise = {"worst": 2.0, "best": 0.7, "middle": 1.2}
    found = retrieve(planted(noise, 300, np.random.default_rng(0)))
    table = recalls(found, draws=200, rng=np.random.default_rng(0))
    first = video_to_text_r1(table).set_index("captioner")
    assert list(first["value"].sort_values(ascending=False).index) == ["best", "middle", "worst"]
    assert (
        first.loc["best", "low"] > first.loc["middle", "high"] > first.loc["middle", "low"] > first.loc["worst", "high"]
    )
    tested = significance(found, **DRAWN)
    assert tested["different"].all()
    found_leader = leader(table, tested)
    assert found_leader == leader(table, tested.sample(frac=1, random_state=0))
    assert found_leader is not None and found_leader.name == "best" and not found_leader.undistinguished
    assert found_leader.clips_needed is None
    apart = differences(found, draws=200, rng=np.random.default_rng(0)).query("measure == 'R@1'")
    assert ((apart["low"] > 0) | (apart["high"] < 0)).all()


def test_a_leader_that_is_not_distinguished_comes_with_the_clips_it_would_take():
    found = retrieve(planted({"x": 1.0, "y": 1.1}, 80, np.random.default_rng(1)))
    table, tested = recalls(found, draws=50, rng=np.random.default_rng(0)), significance(found, **DRAWN)
    first = leader(table, tested)
    row = tested.iloc[0]
    s, d = (row["only_first"] + row["only_second"]) / 80, (row["only_first"] - row["only_second"]) / 80
    wanted = ((1.959964 * s**0.5 + 0.841621 * (s - d**2) ** 0.5) / d) ** 2
    assert first is not None and len(first.undistinguished) == 1 and first.clips_needed is not None
    needed = first.clips_needed
    assert (
        needed.value == pytest.approx(wanted, abs=1) and needed.value > 80 and needed.low < needed.value < needed.high
    )


def test_the_clips_needed_have_the_interval_of_resampled_pairs():
    counts, asked = Discordance(40, 20, 300), {"alpha": 0.05, "power": 0.8}
    low, high = counts.pairs_needed_interval(**asked, draws=4000, rng=np.random.default_rng(0))
    rows, rng = np.repeat([1, -1, 0], [40, 20, 240]), np.random.default_rng(1)
    drawn = [rng.choice(rows, 300) for _ in range(4000)]
    needed = [Discordance(int((one > 0).sum()), int((one < 0).sum()), 300).pairs_needed(**asked) for one in drawn]
    wanted = np.quantile([n for n in needed if n is not None], [0.025, 0.975])
    assert (low, high) == pytest.approx(tuple(wanted), rel=0.15) and low < counts.pairs_needed(**asked) < high
    alike = Discordance(0, 0, 50).pairs_needed_interval(**asked, draws=100, rng=rng)
    assert alike == pytest.approx((alike[0],) * 2)  # one pair of fifty, in every resample
    assert alike[0] == pytest.approx(Discordance(1, 0, 50).pairs_needed(**asked), abs=1)


def test_holm_covers_all_pairs_as_in_statsmodels():
    noise = dict(zip("abcd", (0.9, 1.0, 1.1, 1.6), strict=True))
    found = retrieve(planted(noise, 120, np.random.default_rng(5)))
    tested = significance(found, **DRAWN)
    raw = []
    for a, b in combinations("abcd", 2):
        hits = [found.ranks[name]["v2t"].above == 0 for name in (a, b)]
        raw.append(mcnemar(pd.crosstab(*hits), exact=True).pvalue)
    assert tested["p"].to_numpy() == pytest.approx(raw)
    assert tested["p_holm"].to_numpy() == pytest.approx(multipletests(raw, method="holm")[1])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=9))
@settings(max_examples=8)
def test_holm_agrees_with_statsmodels(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])
    assert holm([*p, float("nan")])[:-1] == pytest.approx(holm(p))


def test_one_captioner_is_measured_but_not_compared():
    found = retrieve(planted({"only": 1.0}, 20, np.random.default_rng(0)))
    table = recalls(found, draws=20, rng=np.random.default_rng(0))
    assert (
        len(table) == 8 and significance(found, **DRAWN).empty and leader(table, significance(found, **DRAWN)) is None
    )
    assert differences(found, draws=20, rng=np.random.default_rng(0)).empty


def test_mcnemar_is_refused_where_clips_are_not_independent():
    compared = planted({"x": 1.0, "y": 1.0}, 10, np.random.default_rng(0))
    twice = Gallery(np.repeat(compared.groups[:5], 2), compared.videos, compared.captions)
    with pytest.raises(ValueError, match="mirrored"):
        significance(retrieve(twice), **DRAWN)


def test_captioners_that_agree_on_every_clip_differ_by_zero_within_wilson_s_bound():
    value, low, high = recall_difference(
        [1, 0] * 10, [1, 0] * 10, np.arange(20), draws=50, rng=np.random.default_rng(0)
    )
    assert value == 0 and low == -high and high == pytest.approx(100 * 3.8415 / (20 + 3.8415), abs=0.01)


def test_recall_falls_with_the_gallery_and_meets_the_whole_one():
    compared = planted({"x": 1.0}, 50, np.random.default_rng(2))
    found = retrieve(compared)
    curve = by_gallery(found, [1, 10, 25, 50], draws=20, rng=np.random.default_rng(0))
    assert curve["recall"].is_monotonic_decreasing and curve["recall"].iloc[0] == 100
    whole = 100 * (brute_force(compared.videos["x"], compared.captions["x"]) == 0).mean()
    assert curve["recall"].iloc[-1] == pytest.approx(whole) and curve["chance"].iloc[1] == 10


def simulated(noise: dict[str, float], clips: int, times: int) -> list:
    rng = np.random.default_rng(11)
    return [retrieve(planted(noise, clips, rng)) for _ in range(times)]


def test_intervals_of_a_difference_hold_the_truth_at_the_stated_rate():
    """600 worlds of 60 clips: the truth is the mean over all of them; 3 Monte Carlo errors either way, 2 points apart
    for the percentile bootstrap's own small-sample error."""
    hits = [
        [found.ranks[name]["v2t"].found(1) for name in ("x", "y")] for found in simulated({"x": 0.9, "y": 1.3}, 60, 600)
    ]
    truth = 100 * np.mean([a.mean() - b.mean() for a, b in hits])
    rng = np.random.default_rng(0)
    ends = [recall_difference(a, b, np.arange(60), draws=300, rng=rng)[1:] for a, b in hits]
    covered = np.mean([low <= truth <= high for low, high in ends])
    assert abs(covered - 0.95) < 3 * np.sqrt(0.95 * 0.05 / 600) + 0.02


def test_captioners_that_are_alike_are_told_apart_in_at_most_one_world_in_twenty():
    """Three captioners of one law in 400 worlds: the share with any significant pair, plus 3 Monte Carlo errors."""
    found = simulated(dict.fromkeys("xyz", 1.0), 60, 400)
    wrong = np.mean([significance(one, **DRAWN)["different"].any() for one in found])
    assert wrong <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 400)


def test_the_paired_interval_is_the_bootstrap_of_the_difference():
    """20,000 draws on either side: their ends may lie one step apart, which of 40 clips is 2.5 points."""
    rng = np.random.default_rng(0)
    a, b = rng.integers(0, 2, 40), rng.integers(0, 2, 40)
    drawn = 100 * rng.choice(a - b, (20_000, 40)).mean(axis=1)
    found = recall_difference(a, b, np.arange(40), draws=20_000, rng=np.random.default_rng(1))
    assert found[0] == pytest.approx(100 * (a.mean() - b.mean()))
    assert found[1:] == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=2.5)
