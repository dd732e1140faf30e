"""Assignment is float64's nearest centroid, the lower of equals, whatever block, device and partitions."""

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.neighbors import NearestNeighbors

from lib.base.arrays import place_of
from lib.clustering import assignment
from lib.clustering.assignment import nearest
from lib.engine import arrays
from lib.engine.parameters import CHOSEN, EngineParameters

PLACES = [place_of("cpu"), place_of(torch.device("cpu"))]
"""Numpy, and the code that runs on a GPU."""
Singles = NDArray[np.float32]


def clouds(n: int, k: int, d: int, seed: int = 0, spread: float = 1.0) -> tuple[Singles, Singles]:
    rng = np.random.default_rng(seed)
    centroids = rng.normal(size=(k, d))
    rows = centroids[rng.integers(0, k, n)] + spread * rng.normal(size=(n, d))
    return rows.astype(np.float32), centroids.astype(np.float32)


@settings(deadline=None, max_examples=60)
@given(
    seed=st.integers(0, 999),
    k=st.integers(1, 9),
    shift=st.sampled_from([0.0, 1e3, -1e4]),
    place=st.sampled_from(PLACES),
    block=st.sampled_from([7, 8192]),
)
def test_of_whole_numbers_it_is_brute_force_and_ties_go_to_the_lower(seed, k, shift, place, block):
    rng = np.random.default_rng(seed)
    rows, centroids = ((rng.integers(-3, 4, (n, 3)) + shift).astype(np.float32) for n in (40, k))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(assignment, "ROWS", block)
        labels = nearest(rows, centroids, place)
    assert labels.dtype == np.int64
    np.testing.assert_array_equal(labels, cdist(rows, centroids, "sqeuclidean").argmin(axis=1))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("spread", [1e-6, 0.3, 3.0])
def test_of_many_dimensions_it_is_float64s(place, spread):
    rows, centroids = clouds(3000, 60, 128, spread=spread)
    whole = cdist(rows.astype(float), centroids.astype(float), "sqeuclidean")
    np.testing.assert_array_equal(nearest(rows, centroids, place), whole.argmin(axis=1))
    peer = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(centroids.astype(float)).kneighbors(rows)[1]
    np.testing.assert_array_equal(nearest(rows, centroids, place), peer.ravel())


@pytest.mark.parametrize("place", PLACES)
def test_centroids_that_float32_cannot_tell_apart_are_told_apart(place):
    rng = np.random.default_rng(0)
    base = rng.normal(size=64).astype(np.float32)
    centroids = np.repeat(base[None], 50, axis=0)
    centroids[np.arange(50), rng.integers(0, 64, 50)] *= np.float32(1) + np.float32(2.0**-22)
    rows = (base + 0.5 * rng.normal(size=(400, 64))).astype(np.float32)
    whole = cdist(rows.astype(float), centroids.astype(float), "sqeuclidean")
    single = (np.square(centroids).sum(axis=1) - 2 * rows @ centroids.T).argmin(axis=1)
    assert (single != whole.argmin(axis=1)).any(), "float32 alone would do"
    found = nearest(rows, centroids, place)
    np.testing.assert_allclose(whole[np.arange(400), found], whole.min(axis=1), rtol=1e-14)


@pytest.mark.parametrize("place", PLACES)
def test_of_equal_centroids_the_first_has_all_rows(place):
    rows, centroids = clouds(500, 5, 8)
    order = np.array([3, 0, 0, 3, 1, 2, 4, 4])
    found = nearest(rows, centroids[order], place)
    assert {*found.tolist()} <= {0, 1, 4, 5, 6}
    np.testing.assert_array_equal(order[found], nearest(rows, centroids, place))


@pytest.mark.parametrize(("partitions", "workers"), [(1, 1), (2, 1), (7, 1), (7, 2)])
def test_partitions_change_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, partitions: int, workers: int
) -> None:
    monkeypatch.setenv(CHOSEN, EngineParameters(workers=workers).model_dump_json())
    rows, centroids = clouds(13 * assignment.ROWS + 100, 12, 6)
    alone = nearest(rows, centroids, PLACES[0], folder=tmp_path)
    assert not [*tmp_path.iterdir()]
    monkeypatch.setattr(arrays, "LARGE", 0)
    monkeypatch.setattr(assignment, "BLOCKS", 14 // partitions)
    found = nearest(rows, centroids, PLACES[0], folder=tmp_path)
    np.testing.assert_array_equal(found, alone)
    assert len([*tmp_path.glob("nearest centroids/*.parquet")]) == partitions
    assert len([*tmp_path.glob("*.npy")]) == 2
