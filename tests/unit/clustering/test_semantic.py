"""Two steps: what was planted comes back, in exactly as many clusters as asked for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage
from sklearn.metrics import adjusted_rand_score

from lib.base.errors import ParamsError, UserError
from lib.clustering.semantic import cluster


def planted(n: int = 3000, k: int = 12) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    truth = rng.choice(k, size=n, p=(np.arange(k) + 1) / (k * (k + 1) / 2))
    return 3 * rng.normal(size=(k, 24))[truth] + rng.normal(size=(n, 24)), truth


@pytest.mark.parametrize("how", ["ward", "average", "complete"])
def test_planted_clusters_of_unequal_size_are_recovered(how):
    rows, truth = planted()
    found = cluster(rows, n_centroids=100, n_clusters=12, linkage=how, seed=0)
    assert adjusted_rand_score(truth, found.labels) > 0.95
    assert found.cluster_sizes.tolist() == sorted(found.cluster_sizes, reverse=True)


def test_with_a_centroid_a_row_it_is_agglomerative_clustering():
    rows, _ = planted(200)
    expected = fcluster(linkage(np.float32(rows), "ward"), 12, "maxclust")
    found = cluster(rows, n_centroids=200, n_clusters=12, seed=0)
    assert adjusted_rand_score(expected, found.labels) == 1


def test_sizes_make_the_two_steps_nearer_to_one():
    rows, _ = planted(800)
    whole = fcluster(linkage(rows, "ward"), 12, "maxclust")
    agreed = [
        adjusted_rand_score(whole, cluster(rows, n_centroids=60, n_clusters=12, weighted=how, seed=0).labels)
        for how in (True, False)
    ]
    assert agreed[0] >= agreed[1]


@settings(max_examples=40)
@given(seed=st.integers(0, 1000), n=st.integers(12, 80), clusters=st.integers(1, 12))
def test_a_requested_number_is_exact_and_its_threshold_gives_it_back(seed, n, clusters):
    rows = np.random.default_rng(seed).normal(size=(n, 4))
    found = cluster(rows, n_centroids=12, n_clusters=clusters, seed=seed)
    assert found.n_clusters == clusters == len(np.unique(found.labels))
    again = cluster(rows, n_centroids=12, threshold=found.threshold, seed=seed)
    np.testing.assert_array_equal(again.labels, found.labels)
    np.testing.assert_array_equal(found.at(threshold=found.threshold).labels, found.labels)
    assert found.at(n_clusters=1).n_clusters == 1


def test_rows_that_repeat_say_how_many_clusters_there_can_be():
    rows = np.repeat(np.eye(5), 20, axis=0)
    with pytest.raises(ParamsError, match=r"no threshold gives 12 clusters of 5 rows; ask for 5"):
        cluster(rows, n_centroids=20, n_clusters=12, seed=0)
    with pytest.raises(ParamsError, match="no threshold gives 3 clusters, since merges tie; ask for 1 or 5"):
        cluster(rows, n_centroids=20, n_clusters=3, linkage="single", seed=0)  # five corners, all as far apart
    assert cluster(np.ones((40, 3)), n_centroids=5, n_clusters=1, seed=0).labels.tolist() == [0] * 40


def test_what_cannot_be_is_told_in_one_line():
    rows, _ = planted(60)
    with pytest.raises(ParamsError, match="n_clusters and threshold; give one of the two"):
        cluster(rows, n_centroids=9, seed=0)
    with pytest.raises(ParamsError, match="n_clusters = 12 of 9 centroids; choose 1 to n_centroids"):
        cluster(rows, n_centroids=9, n_clusters=12, seed=0)
    with pytest.raises(ParamsError, match="n_centroids = 61 with 60 rows"):
        cluster(rows, n_centroids=61, n_clusters=12, seed=0)
    with pytest.raises(ParamsError, match="threshold = -1.0; give a height of the tree"):
        cluster(rows, n_centroids=9, threshold=-1.0, seed=0)
    rows[7] = np.inf
    with pytest.raises(UserError, match="1 of 60 rows to cluster is not finite, the first is row 7"):
        cluster(rows, n_centroids=9, n_clusters=3, seed=0)
