"""Intervals against closed forms and by simulated coverage."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from lib.metrics import intervals


def rng(seed=0):
    return np.random.default_rng(seed)


def test_share_of_independent_rows_agrees_with_the_normal_interval():
    flags = np.arange(1000) < 300
    found = intervals.share(flags, np.arange(1000), draws=4000, rng=rng())
    half = norm.ppf(0.975) * np.sqrt(0.3 * 0.7 / 1000)
    assert found.value == 0.3 and found.n == 1000
    assert (found.low, found.high) == pytest.approx((0.3 - half, 0.3 + half), abs=0.004)


def test_copies_of_a_row_do_not_narrow_the_interval():
    flags = rng().random(200) < 0.4
    once = intervals.share(flags, np.arange(200), draws=2000, rng=rng())
    five = intervals.share(np.repeat(flags, 5), np.repeat(np.arange(200), 5), draws=2000, rng=rng())
    assert (five.low, five.high) == pytest.approx((once.low, once.high)) and five.n == 1000


@pytest.mark.parametrize(("flag", "expected"), [(False, (0.0, 0.161)), (True, (0.839, 1.0))])
def test_when_all_rows_agree_the_interval_is_wilsons_over_groups(flag, expected):
    found = intervals.share([flag] * 40, np.repeat(np.arange(20), 2), draws=100, rng=rng())
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize("groups", [19, 20])
def test_when_every_group_agrees_on_a_share_between_the_interval_is_wilsons_too(groups):
    """Ties that count one half each: p of Wilson's closed form is 1/2, whatever the number of rows a group."""
    found = intervals.share(np.full(3 * groups, 0.5), np.repeat(np.arange(groups), 3), draws=100, rng=rng())
    half = norm.ppf(0.975) / (2 * np.sqrt(groups + norm.ppf(0.975) ** 2))
    assert found.value == 0.5 and (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half))


def test_no_rows_give_no_number():
    found = intervals.share([], [], draws=100, rng=rng())
    assert np.isnan(found.value) and found.n == 0


def test_clustered_intervals_cover_at_the_stated_rate():
    """500 simulated data sets of 80 clusters with shared luck; 95 % intervals must cover within Monte Carlo error."""
    random, hits, runs = rng(1), 0, 500
    for _ in range(runs):
        chance = random.beta(2, 3, size=80)
        sizes = random.integers(1, 5, size=80)
        groups = np.repeat(np.arange(80), sizes)
        found = intervals.share(random.random(sizes.sum()) < np.repeat(chance, sizes), groups, draws=300, rng=random)
        hits += found.low <= 0.4 <= found.high
    assert abs(hits / runs - 0.95) < 0.035


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=60))
def test_an_interval_holds_its_estimate_and_stays_a_share(rows):
    flags, groups = zip(*rows, strict=True)
    found = intervals.share(flags, groups, draws=200, rng=rng())
    assert found.value == pytest.approx(np.mean(flags))
    assert 0 <= found.low <= found.high <= 1


def test_mean_of_constants_is_that_constant():
    found = intervals.mean([4, 4, 4], ["a", "a", "b"], draws=50, rng=rng(), unit="words")
    assert (found.value, found.low, found.high) == (4, 4, 4) and found.text.startswith("4.0 words")


def test_replicates_do_not_depend_on_how_many_fit_in_memory(monkeypatch):
    flags, groups = rng().random(300) < 0.5, np.arange(300)
    once = intervals.share(flags, groups, draws=100, rng=rng())
    monkeypatch.setattr(intervals, "CELLS", 900)
    assert intervals.share(flags, groups, draws=100, rng=rng()) == once


def test_resamples_of_many_groups_have_the_moments_of_a_multinomial_and_leave_none_out(monkeypatch):
    monkeypatch.setattr(intervals, "MANY", 50)
    made = intervals.bootstrap_groups(lambda weights: weights, 60, draws=4000, rng=np.random.default_rng(3))
    assert (made.sum(axis=1) == 60).all() and (made >= 0).all() and (made == made.round()).all()
    # Of each count the mean is 1 and the variance 59 / 60; of two counts the covariance is -1 / 60.
    np.testing.assert_allclose(made.mean(axis=0), 1.0, atol=5 * np.sqrt(1 / 4000))
    covariance = np.cov(made.T)
    np.testing.assert_allclose(np.diag(covariance), 59 / 60, atol=0.15)
    assert covariance[~np.eye(60, dtype=bool)].mean() == pytest.approx(-1 / 60, abs=0.001)


def test_the_interval_of_many_groups_is_the_normal_one(monkeypatch):
    monkeypatch.setattr(intervals, "MANY", 1000)
    flags = np.arange(4000) < 1200
    found = intervals.share(flags, np.arange(4000), draws=4000, rng=np.random.default_rng(0))
    half = 1.96 * np.sqrt(0.3 * 0.7 / 4000)
    assert (found.value, found.low, found.high) == pytest.approx((0.3, 0.3 - half, 0.3 + half), abs=0.001)
