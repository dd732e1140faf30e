import tracemalloc

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from lib.metrics.nearest import nearest

# Small whole numbers: every product is exact in float32, so ties are ties whatever the order of summation.
WHOLE = st.integers(-3, 3).map(float)
DEVICES = st.sampled_from(["cpu", torch.device("cpu")])
"""By numpy, and by the code that runs on a GPU."""


@st.composite
def tables(draw: st.DrawFn) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    width = draw(st.integers(1, 4))
    queries = draw(arrays(float, st.tuples(st.integers(0, 12), st.just(width)), elements=WHOLE))
    return queries, draw(arrays(float, st.tuples(st.integers(1, 12), st.just(width)), elements=WHOLE))


@given(tables(), st.integers(1, 15), DEVICES)
def test_nearest_is_brute_force(
    both: tuple[NDArray[np.float64], NDArray[np.float64]], block: int, device: str | torch.device
) -> None:
    queries, references = both
    scores, indices = nearest(queries, references, block=block, device=device)
    whole = queries @ references.T
    assert scores.dtype == np.float32 and indices.dtype == np.int64
    assert np.array_equal(indices, whole.argmax(axis=1))
    assert np.array_equal(scores, whole.max(axis=1))


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 70), DEVICES)
def test_the_first_of_equal_references_wins_whatever_the_block(
    seed: int, block: int, device: str | torch.device
) -> None:
    rng = np.random.default_rng(seed)
    distinct = rng.normal(size=(20, 768)).astype(np.float32)
    distinct /= np.linalg.norm(distinct, axis=1, keepdims=True)
    order = rng.integers(0, 20, 60)
    scores, indices = nearest(distinct, distinct[order], block=block, device=device)
    present = np.isin(np.arange(20), order)
    assert [int(np.flatnonzero(order == i)[0]) for i in np.flatnonzero(present)] == indices[present].tolist()
    np.testing.assert_allclose(scores[present], 1, atol=1e-5)


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.integers(1, 90))
def test_another_device_moves_scores_by_rounding_alone(seed: int, block: int) -> None:
    rng = np.random.default_rng(seed)
    queries, references = (rng.normal(size=(n, 96)).astype(np.float32) for n in (40, 70))
    queries, references = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (queries, references))
    for scores, indices in (
        nearest(queries, references, block=block, device=device) for device in ("cpu", torch.device("cpu"))
    ):
        whole = queries.astype(float) @ references.T.astype(float)
        np.testing.assert_allclose(scores, whole.max(axis=1), atol=1e-6)
        np.testing.assert_allclose(whole[np.arange(40), indices], whole.max(axis=1), atol=1e-6)


def test_memory_follows_the_block() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(6000, 8)).astype(np.float32)
    peaks = []
    for block in (100, 1000):
        tracemalloc.start()
        nearest(vectors, vectors, block=block)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < 2e6 < peaks[1] < 2e7 < 4 * 6000**2


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_refused(value: float) -> None:
    good, bad = np.eye(3), np.eye(3)
    bad[1, 1] = value
    with pytest.raises(ValueError, match="queries hold NaN or infinity in 1 of 3 rows"):
        nearest(bad, good, block=2)
    with pytest.raises(ValueError, match="references hold NaN"):
        nearest(good, bad, block=2)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="block"):
        nearest(np.eye(2), np.eye(2), block=0)
    with pytest.raises(ValueError, match="dimensions"):
        nearest(np.eye(2), np.eye(3), block=2)
    with pytest.raises(ValueError, match="no references"):
        nearest(np.eye(2), np.zeros((0, 2)), block=2)
    with pytest.raises(ValueError, match="must be"):
        nearest(np.zeros(3), np.eye(3), block=2)
