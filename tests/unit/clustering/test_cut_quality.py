"""Measures of every cut against those of each cut alone, and against scikit-learn."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.datasets import make_blobs

from lib.clustering.coherence import coherence
from lib.clustering.cut_quality import coherences, silhouettes
from lib.clustering.quality import quality
from lib.clustering.semantic import cluster

COUNTS = [2, 3, 7, 20]


@pytest.fixture(scope="module")
def made():
    rows, _ = make_blobs(500, 5, centers=6, cluster_std=3.0, random_state=0)
    found = cluster(rows, n_centroids=40, n_clusters=4, seed=0)
    return rows, found, {count: found.at(n_clusters=count).merged for count in COUNTS}


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_silhouettes_are_scikit_learns_at_every_cut(made, metric):
    rows, found, cuts = made
    table = silhouettes(rows, found.nearest, cuts, rng=np.random.default_rng(0), sample=1000, metric=metric)
    expected = [metrics.silhouette_score(rows, merged[found.nearest], metric=metric) for merged in cuts.values()]
    assert table["clusters"].tolist() == COUNTS
    assert table["silhouette"].to_numpy() == pytest.approx(expected, abs=1e-6)
    assert (table["silhouette_high"] - table["silhouette_low"]).to_numpy() == pytest.approx(0, abs=1e-12)


def test_sampled_silhouettes_lie_in_their_interval_of_the_whole(made):
    rows, found, cuts = made
    whole = silhouettes(rows, found.nearest, cuts, rng=np.random.default_rng(0), sample=500)["silhouette"]
    parts = [silhouettes(rows, found.nearest, cuts, rng=np.random.default_rng(s), sample=80) for s in range(60)]
    inside = [((part["silhouette_low"] <= whole) & (whole <= part["silhouette_high"])).mean() for part in parts]
    assert 0.88 < np.mean(inside) <= 1
    one = quality(rows, cuts[3][found.nearest], rng=np.random.default_rng(0), sample=80).silhouette
    width = np.mean([part["silhouette_high"][1] - part["silhouette_low"][1] for part in parts])
    assert one.high - one.low == pytest.approx(width, rel=0.4)


def test_coherence_is_that_of_each_cut_alone(made):
    rows, found, cuts = made
    sentences = np.random.default_rng(1).normal(size=(500, 8)) + rows[:, :1]
    table = coherences(sentences, found.nearest, cuts, rng=np.random.default_rng(0), permutations=60)
    for row, merged in zip(table.itertuples(), cuts.values(), strict=True):
        alone = coherence(sentences, merged[found.nearest], rng=np.random.default_rng(2), permutations=60)
        assert row.coherence == pytest.approx(alone.value) and row.by_chance == pytest.approx(alone.expected)
        wide = alone.high - alone.low
        assert abs(row.chance_low - alone.low) < 0.6 * wide and abs(row.chance_high - alone.high) < 0.6 * wide


def test_one_row_of_a_group_counts_and_a_sample_is_near_the_whole(made):
    rows, found, cuts = made
    sentences = np.random.default_rng(1).normal(size=(500, 8)) + rows[:, :1]
    twice, nearest = np.repeat(sentences, 2, axis=0), np.repeat(found.nearest, 2)
    how = {"rng": np.random.default_rng(0), "permutations": 0}
    once = coherences(sentences, found.nearest, cuts, **how)
    grouped = coherences(twice, nearest, cuts, groups=np.repeat(np.arange(500), 2), **how)
    assert grouped["coherence"].to_numpy() == pytest.approx(once["coherence"].to_numpy())
    few = coherences(sentences, found.nearest, cuts, sample=300, **how)
    assert few["coherence"].to_numpy() == pytest.approx(once["coherence"].to_numpy(), abs=0.1)


def test_clusters_of_one_row_do_not_count():
    table = coherences(np.eye(3), [0, 1, 2], {3: np.arange(3)}, rng=np.random.default_rng(0), permutations=0)
    assert table[["coherence"]].isna().all(axis=None)
