"""Intervals of generation metrics: closed forms, and coverage in simulations."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from scipy.stats import ttest_1samp, ttest_ind

from lib.metrics.diversity import diversity, multimodality, spread_by_text, spread_of_all
from lib.metrics.fid import frechet_distance
from lib.metrics.jackknife import blocks_of, jackknife, spread
from lib.metrics.kid import kid
from lib.metrics.matching import expected_precision, r_precision
from lib.metrics.replication import difference_interval, difference_p, replicate, replication_interval, seed_interval
from lib.metrics.sample_size import frechet_by_size, halved, split_halves


def normal(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def test_a_collapsed_model_scores_at_chance():
    text = normal(0, 96, 5)
    np.testing.assert_allclose(r_precision(text, np.ones((96, 5))), [1 / 32, 2 / 32, 3 / 32])
    np.testing.assert_allclose(expected_precision(text, np.ones((96, 5))).mean(axis=0), [1 / 32, 2 / 32, 3 / 32])


@given(st.integers(0, 50), st.integers(4, 14), st.integers(2, 4), st.sampled_from(["cpu", torch.device("cpu")]))
def test_expected_precision_is_the_mean_over_pools(seed, n, pool, device):
    """Integer coordinates make ties; every pool of a text's own motion and others is enumerated."""
    from itertools import combinations

    rng = np.random.default_rng(seed)
    n = min(n, 8)
    text, motion = rng.integers(-1, 2, size=(2, n, 2)).astype(float)
    found = expected_precision(text, motion, pool=pool, top_k=2, device=device)
    for i in range(n):
        far = ((text[i] - motion) ** 2).sum(axis=1)
        shares = []
        for others in combinations([j for j in range(n) if j != i], min(pool, n) - 1):
            above, tied = sum(far[j] < far[i] for j in others), 1 + sum(far[j] == far[i] for j in others)
            shares.append([np.clip((k - above) / tied, 0, 1) for k in (1, 2)])
        np.testing.assert_allclose(found[i], np.mean(shares, axis=0), atol=1e-12)


def test_draws_converge_to_the_values_of_clips():
    x, y = normal(1, 60, 4), normal(2, 20, 12, 4)
    rng = np.random.default_rng(0)
    drawn = [diversity(x, pairs=60, rng=rng) for _ in range(400)]
    assert spread_of_all(x).mean() == pytest.approx(np.mean(drawn), abs=5 * np.std(drawn) / 20)
    drawn = [multimodality(y, rng=rng) for _ in range(400)]
    assert spread_by_text(y).mean() == pytest.approx(np.mean(drawn), abs=5 * np.std(drawn) / 20)
    text = x + normal(3, 60, 4)
    drawn = np.array([r_precision(text, x, pool=7, rng=rng) for _ in range(400)])
    np.testing.assert_allclose(
        expected_precision(text, x, pool=7).mean(0), drawn.mean(0), atol=5 * drawn.std(0).max() / 20
    )


@pytest.mark.parametrize("pairs", [0, 6])
def test_more_pairs_than_motions_are_refused(pairs):
    with pytest.raises(ValueError, match="without replacement"):
        diversity(np.ones((5, 2)), pairs=pairs, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="without replacement"):
        multimodality(np.ones((3, 5, 2)), pairs=pairs, rng=np.random.default_rng(0))


@pytest.mark.parametrize("wrong", [{"pool": 33}, {"pool": 2, "top_k": 3}, {"top_k": 0}])
def test_pools_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match="top_k <= pool <= n"):
        r_precision(np.eye(32), np.eye(32), **wrong)


@pytest.mark.parametrize(
    "metric", [frechet_distance, r_precision, lambda a, b: kid(a, b, rng=np.random.default_rng(0))]
)
def test_nan_is_refused(metric):
    bad = np.eye(40)
    bad[3, 3] = np.nan
    with pytest.raises(ValueError, match="NaN"):
        metric(bad, np.eye(40))


def test_the_papers_interval():
    values = normal(4, 20)
    found = replication_interval(values)
    assert found.high - found.value == pytest.approx(1.96 * values.std() / np.sqrt(20)) and found.n == 20
    assert found.value == pytest.approx(values.mean())


def test_a_replication_does_not_depend_on_how_many_there_are():
    few, many = (replicate(lambda rng, at: (at, rng.normal()), times=n, seed=3) for n in (2, 5))
    assert few == many[:2] and len({value for _, value in many}) == 5


def test_the_seed_interval_is_students_and_one_seed_has_none():
    found = seed_interval([1.0, 2.0, 6.0])
    assert found.high - found.value == pytest.approx(4.302653 * np.std([1, 2, 6], ddof=1) / np.sqrt(3), rel=1e-6)
    assert np.isnan(seed_interval([1.0]).low) and seed_interval([1.0]).value == 1.0


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=6), st.lists(st.floats(-5, 5), min_size=2, max_size=6))
def test_without_clip_error_the_difference_is_welchs(a, b):
    if np.var(a) + np.var(b) < 1e-6:
        return
    found, welch = difference_interval(a, b, clip_error=0.0, clips=99, n=1), ttest_ind(a, b, equal_var=False)
    interval = welch.confidence_interval()
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))
    assert difference_p(a, b, clip_error=0.0, clips=99) == pytest.approx(welch.pvalue)


@given(st.integers(0, 200), st.floats(0.01, 2), st.integers(5, 80))
def test_the_p_of_a_difference_is_below_a_twentieth_where_its_interval_leaves_zero_out(seed, error, clips):
    rng = np.random.default_rng(seed)
    ours, theirs = rng.normal(1, 1, size=3), rng.normal(0, 1, size=4)
    found = difference_interval(ours, theirs, clip_error=error, clips=clips, n=clips)
    p = difference_p(ours, theirs, clip_error=error, clips=clips)
    assert (p < 0.05) == (found.low > 0 or found.high < 0)
    assert difference_p(theirs, ours, clip_error=error, clips=clips) == pytest.approx(p)


def test_the_p_of_single_trainings_is_of_the_clips_alone_and_unknown_with_their_error():
    clips = normal(3, 40) + 0.3
    error = clips.std(ddof=1) / np.sqrt(40)
    found = difference_p([clips.mean()], [0.0], clip_error=error, clips=40)
    assert found == pytest.approx(ttest_1samp(clips, 0).pvalue)
    assert difference_p([1.0], [1.0], clip_error=0.0, clips=40) == 1.0
    assert difference_p([1.0], [0.0], clip_error=0.0, clips=40) == 0.0
    assert np.isnan(difference_p([1.0], [0.0], clip_error=np.nan, clips=40))


def test_the_difference_covers_in_clips_and_seeds_where_a_bootstrap_of_three_seeds_does_not():
    rng = np.random.default_rng(1)
    times, clips = 1000, 60
    ours, naive = 0, 0
    for _ in range(times):
        # The truth is 0: effects of 3 seeds a side, effects of clips on the difference, and their interaction.
        clip = rng.normal(scale=1.0, size=clips)
        a = rng.normal(scale=0.3, size=(3, 1)) + clip + rng.normal(scale=0.5, size=(3, clips))
        b = rng.normal(scale=0.3, size=(3, 1)) + rng.normal(scale=0.5, size=(3, clips))
        paired = a.mean(0) - b.mean(0)
        error = paired.std(ddof=1) / np.sqrt(clips)
        found = difference_interval(a.mean(1), b.mean(1), clip_error=error, clips=clips, n=clips)
        ours += found.low <= 0 <= found.high
        at, left, right = rng.integers(clips, size=(200, clips)), *rng.integers(3, size=(2, 200, 3))
        drawn = a.mean(1)[left].mean(1) - b.mean(1)[right].mean(1) + paired[at].mean(1) - paired.mean()
        low, high = np.quantile(drawn, [0.025, 0.975])
        naive += low <= 0 <= high
    assert 0.93 < ours / times < 0.98 and naive / times < 0.91


def test_the_jackknife_of_a_mean_is_its_standard_error():
    x = normal(6, 30)
    left_out = np.array([np.delete(x, i).mean() for i in range(30)])
    assert spread(left_out) == pytest.approx(x.std(ddof=1) / np.sqrt(30))
    assert jackknife(x.mean(), left_out, n=30).value == x.mean()


def test_kid_intervals_cover():
    """Two normal laws a step apart, d = 2: k = (x.y/2 + 1)^3 has expectations in closed form (moments to order 3)."""
    rng = np.random.default_rng(7)
    shift = np.array([0.6, 0.0])
    big = [rng.normal(size=(400_000, 2)) + s for s in (0, 0, shift, shift)]
    k = lambda a, b: ((a * b).sum(1) / 2 + 1) ** 3
    truth = k(big[0], big[1]).mean() + k(big[2], big[3]).mean() - 2 * k(big[0], big[2]).mean()
    inside = 0
    for _ in range(200):
        found = kid(rng.normal(size=(80, 2)), rng.normal(size=(80, 2)) + shift, blocks=20, rng=rng)
        inside += found.low <= truth <= found.high
    assert inside / 200 > 0.88


def test_mirrors_share_a_block():
    groups = np.repeat(np.arange(20), 2)
    block = blocks_of(groups, 50, rng=np.random.default_rng(0))
    assert (block[::2] == block[1::2]).all() and len(set(block)) == 20


def test_the_floor_of_split_halves_is_what_the_protocol_gives():
    """P4: two samples of one law, length one, d = 256: .129 at 1000/1000; here halves of 2000."""
    x = normal(8, 2000, 256)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    halves = split_halves(x, groups=np.arange(2000), times=2, rng=np.random.default_rng(0))
    assert halves["FID"].mean() == pytest.approx(0.129, abs=0.004)
    assert abs(halves["KID"].mean()) < 1e-4


def test_distances_fall_with_size_towards_the_truth():
    """Rows of 8 dimensions against the same rows moved by 1/2: the truth is 2, off by some 1 / n."""
    x, y = normal(9, 4000, 8), normal(9, 1, 4000, 8) + 0.5
    given = {"groups": np.arange(4000), "sizes": 3, "rng": np.random.default_rng(0)}
    curve = frechet_by_size(x, y, smallest=20, **given)
    assert curve["n"].tolist() == [20, 200, 2000]
    assert (np.diff(curve["FID"]) < 0).all() and curve["FID"].iloc[0] > 2.2
    assert np.polyfit(1 / curve["n"], curve["FID"], 1)[1] == pytest.approx(2.0, abs=0.1)
    with pytest.raises(ValueError, match="a half holds 2000 rows"):
        frechet_by_size(x, y, smallest=2001, **given)


def test_a_clip_and_its_mirror_are_never_on_both_sides():
    """Rows that stand twice: were they dealt one by one, either half would hold most of the other's clips."""
    groups = np.repeat(np.arange(51), 2)
    for one, other in halved(groups, times=20, rng=np.random.default_rng(0)):
        assert len(one) == len(other) == 50 and not {*groups[one]} & {*groups[other]}
    single = normal(11, 1000, 64)
    twice, of = np.repeat(single, 2, axis=0), np.repeat(np.arange(1000), 2)
    last = lambda x, of: frechet_by_size(
        x, x[None], groups=of, smallest=len(x) // 2, sizes=1, times=3, rng=np.random.default_rng(0)
    )["FID"].iloc[-1]
    assert last(twice, of) == pytest.approx(last(single, np.arange(1000)), rel=0.05)
    assert last(twice, np.arange(2000)) < 0.8 * last(twice, of)


def test_the_last_point_is_the_mean_over_splits_and_trainings_of_the_distances_of_whole_halves():
    x, y, groups = normal(12, 90, 6), normal(13, 2, 90, 6) + 1, np.arange(90) // 2
    curve = frechet_by_size(x, y, groups=groups, smallest=10, sizes=4, rng=np.random.default_rng(3)).iloc[-1]
    distances = []
    for made in y:
        for one, other in halved(groups, times=20, rng=np.random.default_rng(3)):
            a, b = np.cov(x[one], rowvar=False), np.cov(made[other], rowvar=False)
            apart = ((x[one].mean(axis=0) - made[other].mean(axis=0)) ** 2).sum()
            distances.append(apart + np.trace(a + b - 2 * sqrtm(a @ b).real))
    ends = np.quantile(distances, [0.025, 0.975])
    assert curve.tolist() == pytest.approx([44, np.mean(distances), *ends])


@pytest.mark.parametrize("ours", [[1.0, 2.0], [1.5, 1.5], [1.5]])
def test_an_error_over_clips_that_is_not_known_leaves_no_interval(ours):
    one = difference_interval(ours, [0.0, 1.0], clip_error=np.nan, clips=1, n=2)
    assert one.value == 1.0 and np.isnan(one.low) and np.isnan(one.high)
    assert not np.isnan(difference_interval([1.0, 2.0], [0.0, 1.0], clip_error=0.0, clips=1, n=2).low)
