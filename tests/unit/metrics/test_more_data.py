"""How much more data decides: against the rule itself, on intervals that shrink as they should."""

from math import isinf

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from lib.metrics.decision import relation
from lib.metrics.more_data import MOST, Times, times_needed


@given(st.floats(-1, 1), st.floats(0.01, 1), st.floats(0.001, 0.5))
def test_so_many_times_the_data_decide_and_a_little_less_do_not(value: float, half: float, margin: float) -> None:
    found = times_needed(value, value - half, value + half, margin)
    if found is None or found.value > 1e8:
        assert abs(abs(value) - margin) < 1e-3  # on the margin nothing decides
        return

    def said(times: float) -> str:
        reach = half / np.sqrt(times)
        return relation(value, value - reach, value + reach, margin)

    assert said(found.value * 1.001) != "not shown"
    if found.value > 1.01:
        assert said(found.value * 0.999) == "not shown"


def test_the_interval_is_that_of_the_differences_that_the_data_allow() -> None:
    found = times_needed(0.3, -0.1, 0.7, 0.05)
    rng = np.random.default_rng(0)
    drawn = np.abs(0.3 + 0.4 / norm.ppf(0.975) * rng.normal(size=100_000))
    target = np.where(drawn > 0.05, drawn, 0.05 - drawn)
    factors = np.maximum((0.4 / target) ** 2, 1)
    assert found is not None and found.value == pytest.approx((0.4 / 0.3) ** 2)
    assert found.low == pytest.approx(np.quantile(factors, 0.025), rel=0.02)
    assert found.high == pytest.approx(np.quantile(factors, 0.975), rel=0.2)


def test_what_more_of_one_kind_leaves_is_no_ones_to_shrink() -> None:
    """Half of 0.5 is made of 0.3 that stays and 0.4 that shrinks: to reach 0.34 the latter must be 0.16."""
    found = times_needed(0.34, -0.16, 0.84, 0.05, fixed=0.3)
    assert found is not None and found.value == pytest.approx((0.4 / 0.16) ** 2)
    assert isinf(found.high) and times_needed(0.29, -0.21, 0.79, 0.05, fixed=0.3) is None


def test_numbers_beyond_reach_are_told_as_such() -> None:
    assert Times(2.01, 1.0, MOST).of(3, "seeds") == "7 seeds (95 % CI 3–3,000)"
    assert Times(2.01, 1.0, float("inf")).of(3, "seeds") == "7 seeds (95 % CI 3 to more than 3,000)"
    assert Times(2000.0, 10.0, 1e9).of(10, "clips") == "more than 10,000 clips (95 % CI 100 to more than 10,000)"
