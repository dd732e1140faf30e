"""Flipped signs against every pattern one by one, scipy's permutation test and the binomial distribution."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, permutation_test

from lib.metrics.sign_flips import BY_HALVES_UP_TO, sign_flip_p, sign_flips


def every_pattern(values: np.ndarray) -> float:
    """The share of all sign patterns whose sum is as far from zero, tried one by one."""
    sums = np.abs(np.array(list(product((1.0, -1.0), repeat=len(values)))) @ values)
    return float((sums >= abs(values.sum()) - 1e-9).mean())


def exactly(values: object) -> float:
    found = sign_flips(values, draws=1, rng=np.random.default_rng(0))
    assert found.patterns == 0 and found.kind == "exact"
    return found.p


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=10), st.sampled_from([1.0, 0.5, np.pi, 1e-4, 1e5]))
def test_few_differences_are_counted_exactly(values: list[int], unit: float) -> None:
    scaled = np.array(values) * unit
    assert exactly(scaled) == pytest.approx(every_pattern(np.array(values, dtype=float)), rel=1e-9)


@pytest.mark.parametrize("whole", [True, False])
def test_seventeen_respondents_are_counted_as_one_by_one(whole: bool) -> None:
    values = np.random.default_rng(3).normal(3, 4, size=17)
    values = np.rint(values) if whole else values
    assert exactly(values) == pytest.approx(every_pattern(values), rel=1e-9)


@pytest.mark.parametrize("shift", [0.0, 0.4, 1.5])
def test_the_p_is_that_of_scipy(shift: float) -> None:
    values = np.random.default_rng(0).normal(shift, 1, size=12)
    wanted = permutation_test((values,), np.mean, permutation_type="samples", n_resamples=np.inf)
    assert exactly(values) == pytest.approx(float(wanted.pvalue), rel=1e-9)


@pytest.mark.parametrize(("won", "n"), [(17, 17), (40, 50), (310, 550), (100, 200), (2900, 4000)])
def test_equal_sizes_follow_the_binomial_distribution(won: int, n: int) -> None:
    values = np.repeat([3, -3, 0], [won, n - won, 25])
    assert exactly(values) == pytest.approx(float(binomtest(won, n).pvalue), rel=1e-6)


def test_as_many_as_are_counted_by_halves_follow_it_too() -> None:
    values = np.repeat([0.3, -0.3], [27, BY_HALVES_UP_TO - 27])
    assert exactly(values) == pytest.approx(float(binomtest(27, BY_HALVES_UP_TO).pvalue), rel=1e-9)


def test_more_are_drawn_by_chance_and_say_so() -> None:
    values = np.repeat([0.3, -0.3, 0.0], [48, 32, 9])
    found = sign_flips(values, draws=49_999, rng=np.random.default_rng(1))
    wanted = float(binomtest(48, 80).pvalue)
    assert found.p == pytest.approx(wanted, abs=4 * np.sqrt(wanted / 50_000))
    assert (found.patterns, found.kind) == (50_000, "Monte-Carlo, 0.00002 at least")
    sure = sign_flips(np.full(80, 0.3), draws=999, rng=np.random.default_rng(1))
    assert sure.p == 1 / sure.patterns == 0.001


def test_what_cannot_differ_is_not_distinguished() -> None:
    rng = np.random.default_rng(0)
    assert sign_flip_p([0, 0, 0], draws=9, rng=rng) == sign_flip_p([2.5, -2.5], draws=9, rng=rng) == 1
    assert np.isnan(sign_flip_p([], draws=9, rng=rng))
