"""Results come in the order of the calls, few are computed ahead, and BLAS has one thread meanwhile."""

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_info

from lib.base.threads import in_order


@given(st.lists(st.integers(), max_size=20), st.integers(1, 4))
def test_results_are_those_of_a_loop(numbers: list[int], threads: int) -> None:
    assert list(in_order((partial(abs, n) for n in numbers), threads=threads)) == [abs(n) for n in numbers]


def test_a_call_that_takes_long_does_not_lose_its_place_and_others_run_meanwhile() -> None:
    other = threading.Event()

    def waits() -> bool:
        return other.wait(20)

    def wakes() -> bool:
        other.set()
        return False

    assert list(in_order([waits, wakes], threads=2)) == [True, False]


def test_calls_are_drawn_as_results_are_taken() -> None:
    drawn: list[int] = []

    def calls() -> Iterator[Callable[[], int]]:
        for n in range(100):
            drawn.append(n)
            yield partial(abs, n)

    results = in_order(calls(), threads=2)
    assert next(results) == 0 and len(drawn) == 3
    assert next(results) == 1 and len(drawn) == 4
    results.close()
    time.sleep(0.01)
    assert len(drawn) == 4


def test_products_have_one_thread() -> None:
    def most() -> int:
        return int(max(one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"))

    assert np.eye(2).sum() == 2 and list(in_order([most] * 3, threads=3)) == [1, 1, 1]


def test_what_a_call_raises_comes_at_its_place() -> None:
    results = in_order([partial(abs, -1), partial(divmod, 1, 0), partial(abs, -2)], threads=2)
    assert next(results) == 1
    with pytest.raises(ZeroDivisionError):
        next(results)
