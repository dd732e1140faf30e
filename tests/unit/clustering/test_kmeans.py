"""K-means: a partition by nearest centroid, as good as scikit-learn's, the same for a seed, whatever the rows."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans as Peer
from sklearn.metrics import adjusted_rand_score

from lib.base.arrays import place_of
from lib.base.errors import ParamsError, UserError
from lib.clustering import lloyd
from lib.clustering.kmeans import kmeans
from lib.clustering.seeding import seeds

DEVICES = ["cpu", torch.device("cpu")]
"""By faiss, and by the code that runs on a GPU."""
ON_TORCH = place_of(torch.device("cpu"))


def blobs(n: int = 2000, k: int = 20, d: int = 16) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    truth = rng.integers(k, size=n)
    return (4 * rng.normal(size=(k, d))[truth] + rng.normal(size=(n, d))).astype(np.float32), truth


@settings(max_examples=40)
@given(
    seed=st.integers(0, 1000),
    n=st.integers(1, 60),
    k=st.integers(1, 60),
    spherical=st.booleans(),
    device=st.sampled_from(DEVICES),
)
def test_every_row_belongs_to_its_nearest_centroid_and_none_is_without_rows(seed, n, k, spherical, device):
    k = min(k, n)
    rows = np.random.default_rng(seed).normal(size=(n, 3)).astype(np.float32) + 0.5
    found = kmeans(rows, n_centroids=k, seed=seed, spherical=spherical, device=device)
    seen = rows / np.linalg.norm(rows, axis=1, keepdims=True) if spherical else rows
    distances = cdist(seen, found.centroids)
    own = distances[np.arange(n), found.labels]
    np.testing.assert_allclose(own, distances.min(axis=1), atol=1e-3)
    np.testing.assert_allclose(found.inertia, (own**2).sum(), rtol=1e-3, atol=1e-6)
    assert found.sizes.tolist() == np.bincount(found.labels).tolist() == sorted(found.sizes, reverse=True)
    assert found.sizes.min() > 0
    if spherical:
        np.testing.assert_allclose(np.linalg.norm(found.centroids, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("device", DEVICES)
def test_inertia_is_within_one_per_cent_of_scikit_learns(device):
    rows, _ = blobs()
    peer = Peer(30, n_init=3, random_state=0).fit(rows).inertia_
    assert kmeans(rows, n_centroids=30, seed=0, device=device).inertia < 1.01 * peer


@pytest.mark.parametrize("device", DEVICES)
def test_it_finds_what_was_planted(device):
    rows, truth = blobs()
    assert adjusted_rand_score(truth, kmeans(rows, n_centroids=20, seed=1, device=device).labels) > 0.9


@pytest.mark.parametrize("device", DEVICES)
def test_the_same_seed_gives_the_same_partition(device):
    rows, _ = blobs(500)
    one, two = (kmeans(rows, n_centroids=40, seed=3, device=device) for _ in range(2))
    np.testing.assert_array_equal(one.centroids, two.centroids)
    np.testing.assert_array_equal(one.labels, two.labels)


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("spherical", [False, True])
def test_rows_that_repeat_have_fewer_centroids(spherical, device):
    rows = np.repeat([[1.0, 0.0], [0.0, 2.0], [-3.0, 0.0]], [50, 30, 20], axis=0)
    found = kmeans(rows, n_centroids=10, seed=0, spherical=spherical, device=device)
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


@pytest.mark.parametrize("block", [lloyd.ROWS, 300])
def test_iterations_on_torch_are_scikit_learns_from_the_same_seeds(monkeypatch, block):
    monkeypatch.setattr(lloyd, "ROWS", block)
    rows, _ = blobs()
    begin = seeds(rows, 30, 0, place_of("cpu"))
    for iterations in (1, 4, 100):
        peer = Peer(30, init=begin, n_init=1, max_iter=iterations, tol=0, algorithm="lloyd").fit(rows.astype(float))
        made = lloyd.centroids(rows, begin, ON_TORCH, iterations=iterations)
        apart = cdist(rows, made, "sqeuclidean")
        assert (apart.argmin(axis=1) == peer.labels_).mean() > 0.999
        np.testing.assert_allclose(made, peer.cluster_centers_, atol=1e-3)
        np.testing.assert_allclose(apart.min(axis=1).sum(), peer.inertia_, rtol=1e-5)


def test_a_centroid_without_rows_takes_the_farthest_row():
    rows = np.array([[0.0], [0.1], [0.2], [7.0], [9.0]], dtype=np.float32)
    begin = np.array([[0.1], [50.0], [60.0]], dtype=np.float32)
    made = lloyd.centroids(rows, begin, ON_TORCH, iterations=1)
    np.testing.assert_allclose(np.sort(made.ravel()), [0.1, 7.0, 9.0], atol=1e-5)


@pytest.mark.parametrize("device", DEVICES)
def test_fit_on_a_sample_assigns_all_and_says_what_it_loses(device):
    rows, truth = blobs()
    found = kmeans(rows, n_centroids=20, seed=1, fit=400, device=device)
    assert (found.fitted, len(found.labels), found.sizes.sum()) == (400, 2000, 2000)
    whole = cdist(rows, found.centroids, "sqeuclidean")
    np.testing.assert_array_equal(found.labels, whole.argmin(axis=1))
    np.testing.assert_allclose(found.inertia, whole.min(axis=1).sum(), rtol=1e-5)
    sums = np.sort(whole.min(axis=1))
    assert sums[:400].sum() < found.fit_inertia < sums[-400:].sum()
    assert 1 < (found.inertia / 2000) / (found.fit_inertia / 400) < 1.2
    assert adjusted_rand_score(truth, found.labels) > 0.9


def test_a_fit_on_as_many_rows_as_there_are_is_one_on_all():
    rows, _ = blobs(300)
    whole, *others = (kmeans(rows, n_centroids=9, seed=2, fit=fit) for fit in (None, 300, 10**9))
    for one in others:
        np.testing.assert_array_equal(one.centroids, whole.centroids)
    assert (whole.fitted, whole.fit_inertia) == (300, whole.inertia)
    with pytest.raises(ParamsError, match="n_centroids = 9 with 8 rows; choose 1 to 8"):
        kmeans(rows, n_centroids=9, seed=2, fit=8)
