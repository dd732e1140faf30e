"""K-means: a partition by nearest centroid, as good as scikit-learn's, the same for a seed, whatever the rows."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans as Peer
from sklearn.metrics import adjusted_rand_score

from lib.base.errors import ParamsError, UserError
from lib.clustering.kmeans import kmeans


def blobs(n: int = 2000, k: int = 20, d: int = 16) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.integers(k, size=n)
    return (4 * rng.normal(size=(k, d))[truth] + rng.normal(size=(n, d))).astype(np.float32), truth


@settings(max_examples=40)
@given(seed=st.integers(0, 1000), n=st.integers(1, 60), k=st.integers(1, 60), spherical=st.booleans())
def test_every_row_belongs_to_its_nearest_centroid_and_none_is_without_rows(seed, n, k, spherical):
    k = min(k, n)
    rows = np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32) + 0.5
    found = kmeans(rows, n_centroids=k, seed=seed, spherical=spherical)
    seen = rows / np.linalg.norm(rows, axis=1, keepdims=True) if spherical else rows
    distances = cdist(seen, found.centroids)
    own = distances[np.arange(n), found.labels]
    np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-3)
    np.testing.assert_allclose(found.inertia, (own**2).sum(), rtol=1e-3, atol=1e-6)
    assert found.sizes.tolist() == np.bincount(found.labels).tolist() == sorted(found.sizes, reverse=True)
    assert found.sizes.min() > 0
    if spherical:
        np.testing.assert_allclose(np.linalg.norm(found.centroids, axis=1), 1, atol=1e-5)


def test_inertia_is_within_one_per_cent_of_scikit_learns():
    rows, _ = blobs()
    peer = Peer(30, n_init=3, random_state=0).fit(rows).inertia_
    assert kmeans(rows, n_centroids=30, seed=0).inertia < 1.01 * peer


def test_it_finds_what_was_planted():
    rows, truth = blobs()
    assert adjusted_rand_score(truth, kmeans(rows, n_centroids=20, seed=1).labels) > 0.9


def test_the_same_seed_gives_the_same_partition():
    rows, _ = blobs(500)
    one, two = (kmeans(rows, n_centroids=40, seed=3) for _ in range(2))
    np.testing.assert_array_equal(one.centroids, two.centroids)
    np.testing.assert_array_equal(one.labels, two.labels)


@pytest.mark.parametrize("spherical", [False, True])
def test_rows_that_repeat_have_fewer_centroids(spherical):
    rows = np.repeat([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]], [50, 30, 20], axis=0)
    found = kmeans(rows, n_centroids=10, seed=0, spherical=spherical)
    assert (found.sizes.tolist(), found.asked) == ([50, 30, 20], 10)
    assert found.inertia == pytest.approx(0, abs=1e-9)


def test_constant_rows_are_one_cluster_on_their_place():
    found = kmeans(np.full((100, 4), 7.25), n_centroids=8, seed=0)
    assert found.centroids.tolist() == [[7.25] * 4] and found.inertia == 0


def test_one_centroid_is_the_mean():
    rows, _ = blobs(300)
    np.testing.assert_allclose(kmeans(rows, n_centroids=1, seed=0).centroids[0], rows.mean(axis=0), atol=1e-4)


def test_as_many_centroids_as_rows_are_the_rows():
    rows, _ = blobs(50)
    assert kmeans(rows, n_centroids=50, seed=0).inertia == 0


def test_what_cannot_be_is_told_in_one_line():
    rows, _ = blobs(30)
    with pytest.raises(ParamsError, match="n_centroids = 31 with 30 rows; choose 1 to 30"):
        kmeans(rows, n_centroids=31, seed=0)
    rows[[4, 9], 2] = np.nan
    with pytest.raises(UserError, match="2 of 30 rows to cluster are not finite, the first is row 4"):
        kmeans(rows, n_centroids=3, seed=0)
    with pytest.raises(UserError, match="1 of 2 rows to cluster is zero, the first is row 1"):
        kmeans([[1.0], [0.0]], n_centroids=1, seed=0, spherical=True)
    with pytest.raises(UserError, match=r"rows to cluster have shape \(0, 3\)"):
        kmeans(np.zeros((0, 3)), n_centroids=1, seed=0)
