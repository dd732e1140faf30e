"""Measures of clusters against scikit-learn, brute force and closed forms."""

import numpy as np
import pytest
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial.distance import cdist
from sklearn import metrics
from sklearn.datasets import make_blobs, make_moons

from lib.base.errors import UserError
from lib.clustering.coherence import coherence
from lib.clustering.density_validity import density_validity, spanning_tree
from lib.clustering.quality import quality, silhouettes
from lib.clustering.stability import stability


@pytest.fixture
def blobs():
    x, y = make_blobs(400, 6, centers=4, cluster_std=3.0, random_state=0)
    y[:20] = -1
    y[20] = 9
    return x, y


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_quality_is_scikit_learns_without_the_noise(blobs, metric):
    x, y = blobs
    found = quality(x, y, rng=np.random.default_rng(0), sample=1000, metric=metric)
    kept = y >= 0
    assert found.silhouette.value == pytest.approx(metrics.silhouette_score(x[kept], y[kept], metric=metric), abs=1e-9)
    rows = x[kept] / (np.linalg.norm(x[kept], axis=1, keepdims=True) if metric == "cosine" else 1)
    assert found.davies_bouldin == pytest.approx(metrics.davies_bouldin_score(rows, y[kept]))
    assert found.calinski_harabasz == pytest.approx(metrics.calinski_harabasz_score(rows, y[kept]))
    assert found.silhouette.low == found.silhouette.high
    assert found.noise_share == pytest.approx(0.05) and found.clusters == 5


def test_silhouettes_by_cosine_are_scikit_learns_of_every_row_and_noise_is_no_cluster(blobs):
    x, y = blobs
    rows = (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)
    found, kept = silhouettes(rows, y), y >= 0
    expected = metrics.silhouette_samples(rows[kept].astype(float), y[kept], metric="cosine")
    np.testing.assert_allclose(found[kept], expected, atol=1e-5)
    assert np.isnan(found[~kept]).all()
    some = np.array([30, 5, 20, 399])
    np.testing.assert_allclose(silhouettes(rows, y, rows=some), found[some])
    assert (silhouettes(rows, np.zeros(400, int)) == 0).all() and np.isnan(silhouettes(rows, np.full(400, -1))).all()


def test_a_sampled_silhouette_is_off_by_its_error(blobs):
    x, y = blobs
    whole = quality(x, y, rng=np.random.default_rng(0)).silhouette.value
    parts = [quality(x, y, rng=np.random.default_rng(seed), sample=60) for seed in range(100)]
    parts = [part.silhouette for part in parts]
    off = np.array([(part.value - whole) / ((part.high - part.low) / 2 / 1.96) for part in parts])
    assert abs(off.mean()) < 0.3 and 0.8 < off.std() < 1.25


def test_too_few_clusters_are_explained(blobs):
    x, _ = blobs
    for labels, clusters in ((np.zeros(400, int), 1), (np.full(400, -1), 0), (np.arange(400), 400)):
        found = quality(x, labels, rng=np.random.default_rng(0))
        assert np.isnan(found.silhouette.value) and found.note.startswith(f"{clusters} clusters")
    with pytest.raises(UserError, match="labels of shape"):
        quality(x, [0, 1], rng=np.random.default_rng(0))


def test_spanning_tree_weighs_what_scipys_does():
    x = np.random.default_rng(0).random((40, 40)) + 0.1
    x = x + x.T
    assert spanning_tree(x)[2].sum() == pytest.approx(minimum_spanning_tree(np.triu(x, 1)).sum())


def naive_dbcv(x, y):
    """The definition, one pair at a time; edges have distinct lengths, so the tree is the only one."""
    d, parts = x.shape[1], []
    for label in sorted(set(y) - {-1}):
        rows = x[y == label]
        gaps = np.linalg.norm(rows[:, None] - rows, axis=2)
        core = np.array([(sum(1 / g**d for g in row if g > 0) / (len(rows) - 1)) ** (-1 / d) for row in gaps])
        reach = np.maximum(gaps, np.maximum(core[:, None], core[None]))
        one, two, length = spanning_tree(reach)
        degree = np.bincount(np.r_[one, two])
        inside = (degree[one] > 1) & (degree[two] > 1)
        parts.append((rows[degree > 1], core[degree > 1], length[inside].max(), len(rows)))
    total = 0.0
    for i, (rows, core, sparse, size) in enumerate(parts):
        near = min(
            max(np.linalg.norm(a - b), c, e)
            for j, (others, cores, _, _) in enumerate(parts)
            if j != i
            for a, c in zip(rows, core, strict=True)
            for b, e in zip(others, cores, strict=True)
        )
        total += size / len(x) * (near - sparse) / max(near, sparse)
    return total


def test_density_validity_against_the_definition():
    x, y = make_moons(120, noise=0.08, random_state=1)
    y = y.astype(int)
    y[:6] = -1
    found = density_validity(x, y, rng=np.random.default_rng(0))
    assert found.value == pytest.approx(naive_dbcv(x, y), abs=1e-12) and found.rows == 120


def test_density_validity_prefers_the_moons_to_a_straight_cut():
    x, y = make_moons(600, noise=0.04, random_state=0)
    rng = np.random.default_rng(0)
    right, wrong = density_validity(x, y, rng=rng).value, density_validity(x, x[:, 0] > 0.5, rng=rng).value
    assert right > 0.5 > 0 > wrong
    assert density_validity(x, y, rng=rng, sample=400).value == pytest.approx(right, abs=0.2)


def test_density_validity_in_many_dimensions_and_of_degenerate_clusters():
    rng = np.random.default_rng(0)
    x = np.r_[rng.normal(size=(50, 256)), rng.normal(size=(50, 256)) + 5] * 1e-3
    y = np.repeat([0, 1], 50)
    assert 0 < density_validity(x, y, rng=rng).value <= 1
    same = np.repeat([[0.0, 0.0], [1.0, 1.0]], 5, axis=0)
    assert density_validity(same, np.repeat([0, 1], 5), rng=rng).value == 1
    assert density_validity(same, [0] * 9 + [1], rng=rng).clusters[1] == 0
    assert "at least two" in density_validity(same, np.zeros(10, int), rng=rng).note


def test_coherence_is_the_mean_over_all_pairs():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(60, 8)), rng.integers(-1, 3, size=60)
    found = coherence(x, y, rng=rng, permutations=99)
    directions = x / np.linalg.norm(x, axis=1, keepdims=True)
    for label, rows, cosine in found.table[["cluster", "rows", "cosine"]].itertuples(index=False):
        own = (directions @ directions.T)[np.ix_(y == label, y == label)]
        assert rows == len(own) and cosine == pytest.approx(own[np.triu_indices(len(own), 1)].mean(), abs=1e-6)
    kept = directions[y >= 0]
    assert found.expected == pytest.approx((kept @ kept.T)[np.triu_indices(len(kept), 1)].mean(), abs=1e-6)
    assert found.p > 0.01 and found.low < found.expected < found.high


def test_a_mirror_does_not_make_a_cluster_coherent():
    rng = np.random.default_rng(1)
    x = np.repeat(rng.normal(size=(200, 64)), 2, axis=0)
    pairs = np.repeat(np.arange(200), 2)
    y = np.repeat(np.arange(50), 8)
    assert coherence(x, y, rng=rng, permutations=99).p == 0.01
    found = coherence(x, y, rng=rng, groups=pairs, permutations=99)
    assert found.p > 0.01 and found.rows == 200
    with pytest.raises(ValueError, match="needs a cluster of two rows"):
        coherence(x[:2], [0, 1], rng=rng)


def test_stability_of_a_certain_and_of_a_random_clustering():
    x = np.random.default_rng(0).normal(size=(300, 2))
    certain = stability(lambda v, seed: (v[:, 0] > 0) + 2 * (v[:, 1] > 0), x, rng=np.random.default_rng(0))
    assert certain.seeds == certain.bootstraps == certain.lowest_bootstraps == 1
    assert len(certain.partitions) == 5 and (certain.partitions[4] == certain.partitions[0]).all()
    assert certain.table["kind"].value_counts().to_dict() == {"seeds": 10, "bootstrap": 5}
    chance = stability(
        lambda v, seed: np.random.default_rng(seed).integers(0, 3, len(v)), x, rng=np.random.default_rng(0)
    )
    assert abs(chance.seeds) < 0.05


def test_stability_leaves_out_noise_and_draws_whole_groups():
    x, groups = np.arange(40.0)[:, None], np.repeat(np.arange(20), 2)
    seen = []

    def cluster(vectors, seed):
        seen.append(vectors[:, 0].astype(int))
        return np.where(vectors[:, 0] < 10, -1, vectors[:, 0] > 25)

    found = stability(cluster, x, seeds=[3], bootstraps=2, groups=groups, rng=np.random.default_rng(0))
    assert np.isnan(found.seeds) and found.bootstraps == 1 and (found.table["rows"] <= 30).all()
    for rows in seen[1:]:
        assert (np.bincount(rows, minlength=40).reshape(20, 2) @ [1, -1] == 0).all()


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([[1, 1], [2, 2], [4, 4], [5, 5]], [0, 0, 1, 1], 0.75),
        ([[1, 2], [3, 4], [5, 6], [7, 8], [9, 10]], [0, 0, 1, 1, 1], 0.694201697828989),
    ],
)
def test_density_validity_of_the_authors_own_program(monkeypatch, x, y, expected):
    # The authors' MATLAB squares the distances, which their paper does not; FelSiq/DBCV keeps its outputs as tests.
    monkeypatch.setattr("lib.clustering.density_validity.cdist", lambda a, b: cdist(a, b, "sqeuclidean"))
    found = density_validity(np.array(x, dtype=float), y, rng=np.random.default_rng(0))
    assert found.value == pytest.approx(expected, rel=1e-9)
