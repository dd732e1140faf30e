"""The tree: scipy's merges, sizes as repeated rows, and a threshold for every number of clusters that exists."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.cluster.hierarchy import fcluster, linkage

from lib.base.errors import ParamsError, UserError
from lib.clustering.hierarchy import tree
from lib.clustering.kmeans import kmeans

LINKAGES = ["ward", "average", "centroid", "single", "complete", "weighted", "median"]


def rows(seed: int, k: int = 30, d: int = 5) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(k, d))


def same(one: np.ndarray, two: np.ndarray) -> bool:
    pairs = {*zip(one.tolist(), two.tolist(), strict=True)}
    return len(pairs) == len(set(one.tolist())) == len(set(two.tolist()))


@pytest.mark.parametrize("how", LINKAGES)
def test_without_sizes_it_is_scipys_linkage_on_the_centroids(how):
    centroids = kmeans(rows(0, 400), n_centroids=40, seed=0).centroids
    np.testing.assert_array_equal(tree(centroids, linkage=how).merges, linkage(centroids, how))


def test_cosines_are_scipys_too():
    np.testing.assert_array_equal(
        tree(rows(1), linkage="average", metric="cosine").merges, linkage(rows(1), "average", "cosine")
    )


@pytest.mark.parametrize("how", LINKAGES)
@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), k=st.integers(2, 12))
def test_a_size_counts_as_so_many_equal_rows(how, seed, k):
    rng = np.random.default_rng(seed)
    some, sizes = rows(seed, k, 3), rng.integers(1, 6, size=k)
    if how == "median":
        sizes[:] = 1  # repeated rows merge with midpoints of their own
    repeated = linkage(np.repeat(some, sizes, axis=0), how)[-(k - 1) :]
    made = tree(some, linkage=how, sizes=sizes)
    np.testing.assert_allclose(np.sort(made.merges[:, 2]), np.sort(repeated[:, 2]), rtol=1e-6, atol=1e-9)
    whole = linkage(np.repeat(some, sizes, axis=0), how)
    for n in made.curve()["clusters"].tolist():
        expected = fcluster(whole, made.threshold(n) * (1 + 1e-9), "distance")  # one cluster has no middle
        assert same(np.repeat(made.cut(made.threshold(n)), sizes), expected)


@pytest.mark.parametrize("how", ["ward", "average", "centroid"])
def test_equal_sizes_scale_nothing_but_ward(how):
    plain, sized = tree(rows(3), linkage=how), tree(rows(3), linkage=how, sizes=np.full(30, 4))
    factor = 2.0 if how == "ward" else 1.0  # Ward's height grows with the root of the size
    np.testing.assert_allclose(sized.merges[:, 2], factor * plain.merges[:, 2], rtol=1e-9)
    np.testing.assert_array_equal(sized.merges[:, :2], plain.merges[:, :2])


@pytest.mark.parametrize("how", LINKAGES)
@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 25))
def test_every_count_of_the_curve_is_cut_exactly(how, seed, k):
    made = tree(rows(seed, k, 2), linkage=how)
    curve = made.curve()
    assert curve["clusters"].is_monotonic_decreasing and curve["clusters"].iloc[-1] == 1
    for n, low, below in curve.itertuples(index=False):
        assert len(set(made.cut(low).tolist())) == made.count(low) == n
        assert len(set(made.cut(made.threshold(n)).tolist())) == n
        if np.isfinite(below):
            assert made.count(below) < n


def test_centroid_linkage_turns_back_and_is_cut_all_the_same():
    triangle = [[0.0, 0.0], [1.0, 0.0], [0.5, 0.9]]
    made = tree(triangle, linkage="centroid")
    assert made.merges[1, 2] < made.merges[0, 2]
    assert made.curve()["clusters"].tolist() == [3, 1]
    with pytest.raises(ParamsError, match="no threshold gives 2 clusters, since merges tie; ask for 1 or 3"):
        made.threshold(2)


def test_clusters_are_numbered_from_the_one_that_stands_for_most_rows():
    made = tree([[0.0], [0.1], [9.0]], linkage="single", sizes=[1, 1, 5])
    assert made.cut(1.0).tolist() == [1, 1, 0]


def test_what_cannot_be_is_told_in_one_line():
    made = tree(rows(0, 5))
    with pytest.raises(ParamsError, match="no threshold gives 9 clusters of 5 rows; ask for 5"):
        made.threshold(9)
    with pytest.raises(ParamsError, match="linkage ward with metric cosine; take metric euclidean"):
        tree(rows(0), metric="cosine")
    with pytest.raises(ParamsError, match="needs 5 GB of distances; merge centroids of K-means"):
        tree(np.zeros((25_001, 1)))
    with pytest.raises(UserError, match="1 of 2 rows to cluster is not finite"):
        tree([[np.nan], [0.0]])
