"""DBSCAN against scikit-learn on random data of every shape, and what it says about degenerate data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN

from lib.clustering.cells import cells, separation
from lib.clustering.core_graph import CoreGraph
from lib.clustering.dbscan import dbscan, k_distances
from lib.clustering.distances import Distances
from lib.errors import UserError


@st.composite
def clouds(draw):
    """Blobs, grids with ties, duplicates, lines, rings, outliers; far from the origin or not."""
    n, d = draw(st.integers(1, 500)), draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    kind = draw(st.sampled_from(["blobs", "grid", "uniform", "line", "ring", "duplicates", "heavy"]))
    if kind == "grid":
        return rng.integers(0, draw(st.integers(1, 12)), size=(n, d)).astype(np.float64), float(draw(st.integers(1, 3)))
    x = rng.normal(size=(n, d))
    if kind == "blobs":
        x = 0.3 * x + 3 * rng.normal(size=(6, d))[rng.integers(0, 6, size=n)]
    elif kind == "line":
        x = np.outer(x[:, 0], np.ones(d)) + 0.01 * x
    elif kind == "ring":
        x = x / np.linalg.norm(x, axis=1, keepdims=True) * rng.choice([1.0, 2.0], size=(n, 1))
    elif kind == "duplicates":
        x = x[rng.integers(0, max(1, n // 5), size=n)]
    elif kind == "heavy":
        x = x / np.maximum(rng.random((n, 1)), 1e-3) ** 2
    typical = float(np.quantile(cdist(x, x), draw(st.floats(0.001, 0.7)))) or 1.0
    x = x + draw(st.sampled_from([0.0, 100.0]))
    # A radius that no distance equals: where one does, rounding decides and no two programs need agree.
    return x, typical * 1.000123


@settings(max_examples=120, deadline=None)
@given(clouds(), st.integers(1, 12), st.integers(15, 300), st.booleans())
def test_labels_are_scikit_learns(cloud, min_samples, block, single):
    x, eps = cloud
    x = x.astype(np.float32) if single else x
    found = dbscan(x, eps=eps, min_samples=min_samples, block=block)
    other = DBSCAN(eps=eps, min_samples=min_samples, algorithm="kd_tree").fit(x.astype(np.float64))
    np.testing.assert_array_equal(found.labels, other.labels_)
    np.testing.assert_array_equal(np.flatnonzero(found.core), other.core_sample_indices_)


@settings(max_examples=40, deadline=None)
@given(clouds(), st.integers(1, 8), st.floats(0.001, 1.5), st.integers(15, 300))
def test_cosine_labels_are_scikit_learns(cloud, min_samples, eps, block):
    x = cloud[0] + 0.01234
    found = dbscan(x, eps=eps, min_samples=min_samples, metric="cosine", block=block)
    other = DBSCAN(eps=eps, min_samples=min_samples, metric="cosine").fit(x)
    np.testing.assert_array_equal(found.labels, other.labels_)


def test_high_dimensional_single_precision_far_from_the_origin():
    rng = np.random.default_rng(0)
    x = (rng.normal(size=(12, 256))[rng.integers(0, 12, size=900)] + 0.4 * rng.normal(size=(900, 256))).astype(
        np.float32
    )
    x += np.float32(50)
    eps = float(np.quantile(cdist(x, x), 0.03))
    found = dbscan(x, eps=eps, min_samples=5, block=64)
    np.testing.assert_array_equal(found.labels, DBSCAN(eps=eps, min_samples=5).fit(x.astype(np.float64)).labels_)
    assert found.clusters > 1


def test_a_border_point_goes_to_the_cluster_with_the_lowest_core_point():
    # The last point touches both ends; its own neighbourhood is too small for a core.
    left, right = [[-1.0], [-1.5], [-1.2], [-1.6]], [[1.0], [1.5], [1.2], [1.6]]
    for rows, expected in ((left + right, 0), (right + left, 0)):
        found = dbscan([*rows, [0.0]], eps=1.0, min_samples=4)
        assert found.labels.tolist() == [0] * 4 + [1] * 4 + [expected]
        assert not found.core[-1]


def test_distances_equal_to_eps_count():
    assert dbscan([[0.0], [1.0], [2.0]], eps=1.0, min_samples=3).labels.tolist() == [0, 0, 0]
    corners = np.array(np.meshgrid([0, 1], [0, 1])).reshape(2, -1).T.astype(float)
    assert dbscan(corners, eps=1.0, min_samples=3).clusters == 1
    assert dbscan(corners, eps=np.nextafter(1.0, 0), min_samples=2).clusters == 0


def test_float32_alone_would_be_wrong():
    # Two distances that differ by less than float32 can tell at this length.
    x = np.array([[1e4], [1e4 + 1 - 1e-9], [-1e4], [-1e4 + 1 + 1e-9]])
    assert dbscan(x, eps=1.0, min_samples=2).labels.tolist() == [0, 0, -1, -1]


def test_all_noise_is_explained():
    x = np.arange(10.0)[:, None]
    note = dbscan(x, eps=0.5, min_samples=3).note
    assert note.startswith("all 10 points are noise: none has 3 points within eps 0.5") and "nearest 1" in note
    assert "more than there are points" in dbscan(x, eps=0.5, min_samples=11).note
    assert "\n" not in note


def test_constant_vectors_and_duplicates_are_one_cluster():
    same = dbscan(np.full((300, 7), 3.3), eps=1e-9, min_samples=4, block=16)
    assert same.clusters == 1 and same.noise_share == 0 and "one cluster" in same.note
    pairs = np.repeat(np.random.default_rng(0).normal(size=(40, 5)), 3, axis=0)
    assert dbscan(pairs, eps=1e-9, min_samples=3, block=16).labels.tolist() == np.repeat(np.arange(40), 3).tolist()


@pytest.mark.parametrize(
    "wrong", [{"eps": 0.0}, {"eps": -1.0}, {"eps": float("nan")}, {"min_samples": 0}, {"block": 0}]
)
def test_parameters_that_mean_nothing_are_refused(wrong):
    with pytest.raises(UserError, match=f"{next(iter(wrong))} must be positive"):
        dbscan(np.zeros((3, 2)), **({"eps": 1.0, "min_samples": 1} | wrong))


def test_vectors_that_cannot_be_compared_are_refused_in_one_line():
    x = np.ones((4, 2))
    x[2] = np.nan
    with pytest.raises(
        UserError, match=r"^rows to cluster holds NaN or infinity in 1 of 4 rows; drop such rows or mend them$"
    ):
        dbscan(x, eps=1.0, min_samples=1)
    with pytest.raises(UserError, match="1 of 2 rows to cluster are zero"):
        dbscan([[0.0, 0.0], [1.0, 0.0]], eps=1.0, min_samples=1, metric="cosine")


def test_few_pairs_wait(monkeypatch):
    # With next to no room the waiting pairs are sorted out again and again, and nothing is lost.
    monkeypatch.setattr("lib.clustering.core_graph.WAITING", 10)
    x = np.random.default_rng(3).normal(size=(400, 2))
    graphs = []
    original = CoreGraph.__init__
    monkeypatch.setattr(CoreGraph, "__init__", lambda self, *a: (original(self, *a), graphs.append(self))[0])
    found = dbscan(x, eps=0.15, min_samples=6, block=32)
    np.testing.assert_array_equal(found.labels, DBSCAN(eps=0.15, min_samples=6).fit(x).labels_)
    assert sum(pairs.shape[1] for pairs in graphs[0]._waiting) <= 400 * 6


def test_cells_hold_every_row_and_bounds_hold():
    x = np.random.default_rng(1).normal(size=(700, 20))
    distances = Distances(x, "euclidean")
    made = cells(distances, 50)
    assert sorted(np.concatenate(made.members).tolist()) == list(range(700))
    slack = distances.margin(2 * distances.length.max())
    scaled = cdist(distances.laid[:, :-2].astype(float), made.centre[:, :-2].astype(float))
    for number, rows in enumerate(made.members):
        assert (scaled[rows, number] <= made.radius[number]).all()
        assert (separation(distances.laid, made.centre[number], slack) <= scaled[:, number]).all()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("min_samples", [1, 2, 7])
def test_k_distances_against_all_distances(metric, min_samples):
    x = np.random.default_rng(2).normal(size=(300, 6)).astype(np.float32)
    whole = np.sort(cdist(x.astype(float), x.astype(float), metric), axis=1)[:, min_samples - 1]
    curve = k_distances(x, min_samples=min_samples, metric=metric, sample=300, rng=np.random.default_rng(0))
    np.testing.assert_allclose(curve.radius, np.sort(whole), atol=1e-12)
    np.testing.assert_allclose(curve.radius, whole[curve.rows], atol=1e-12)
    eps = float(np.median(whole)) * 1.0001 + 1e-9
    assert (curve.radius <= eps).mean() == dbscan(x, eps=eps, min_samples=min_samples, metric=metric).core.mean()


def test_k_distances_need_enough_points():
    with pytest.raises(UserError, match="min_samples is 4; it must be 1 to 3"):
        k_distances(np.zeros((3, 1)), min_samples=4, rng=np.random.default_rng(0))
