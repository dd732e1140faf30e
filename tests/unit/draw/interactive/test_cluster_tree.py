"""The drawn tree names each cluster once, and its branches are those of scipy's own cut."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.cluster.hierarchy import fcluster

from lib.clustering.semantic import SemanticClusters, cluster
from lib.sections.clustering import figures as plots

NAMES = [f"name {number}" for number in range(8)]


def found(clusters: int, **how: str) -> SemanticClusters:
    rng = np.random.default_rng(0)
    rows = np.repeat(rng.normal(size=(8, 5)), 60, axis=0) + 0.05 * rng.normal(size=(480, 5))
    return cluster(rows.astype(np.float32), n_centroids=30, n_clusters=clusters, seed=0, **how)


def called(one: SemanticClusters) -> pd.DataFrame:
    return pd.DataFrame({"cluster": range(one.n_clusters), "name": NAMES[: one.n_clusters]})


@pytest.mark.parametrize("clusters", [2, 5, 8])
def test_every_cluster_is_one_leaf_and_the_last_merge_parts_them_as_scipy_does(clusters: int) -> None:
    one = found(clusters)
    drawing = plots.tree({"text": one, "motion": one}, {"text": called(one), "motion": called(one)})
    assert drawing.figure is not None
    for axes in drawing.figure.axes:
        leaves = [label.get_text() for label in axes.get_yticklabels()]
        assert sorted(leaves) == [f"{number + 1}  {NAMES[number]}" for number in range(clusters)]
        halves = fcluster(one.tree.merges, 2, criterion="maxclust")
        side = {int(label): int(half) for label, half in zip(one.merged, halves, strict=True)}
        sides = [side[int(leaf.split()[0]) - 1] for leaf in leaves]
        assert np.count_nonzero(np.diff(sides)) == 1
    plt.close(drawing.figure)
    assert f"the {clusters} clusters, cut at {one.threshold:.3f}" in drawing.alt


def test_a_single_cluster_has_no_tree_to_draw() -> None:
    one = found(1)
    assert plots.tree({"text": one}, {"text": called(one)}).figure is None
