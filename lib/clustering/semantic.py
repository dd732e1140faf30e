"""Semantic clusters: K-means to as many centroids as one can merge, then a tree over the centroids."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from lib.base.errors import ParamsError
from lib.clustering.assignment import Labels
from lib.clustering.hierarchy import Tree, tree
from lib.clustering.kmeans import kmeans
from lib.clustering.lance_williams import SIZED, Linkage, Metric
from lib.clustering.points import Singles, points


@dataclass(frozen=True)
class SemanticClusters:
    """Clusters of rows, by way of centroids.

    Attributes:
        labels: (n,) cluster of each row, 0 the largest.
        nearest: (n,) centroid of each row.
        centroids: (k, d), at unit length for cosines.
        sizes: (k,) rows of each centroid.
        merged: (k,) cluster of each centroid.
        tree: over the centroids.
        threshold: at which the tree was cut.
        inertia: of the centroids.
        fitted: rows that the centroids were fit on.
        fit_inertia: of these rows alone.
    """

    labels: Labels
    nearest: Labels
    centroids: Singles
    sizes: Labels
    merged: Labels
    tree: Tree
    threshold: float
    inertia: float
    fitted: int
    fit_inertia: float

    @property
    def n_clusters(self) -> int:
        """How many clusters there are."""
        return int(self.merged.max()) + 1

    @property
    def cluster_sizes(self) -> Labels:
        """Rows of each cluster, falling."""
        return np.bincount(self.labels, minlength=self.n_clusters)

    def at(self, *, n_clusters: int | None = None, threshold: float | None = None) -> "SemanticClusters":
        """The same centroids and tree cut elsewhere; see `cluster`."""
        height = _height(self.tree, n_clusters, threshold)
        merged = self.tree.cut(height)
        return replace(self, labels=merged[self.nearest], merged=merged, threshold=height)


def most_clusters(found: Sequence[SemanticClusters], n_clusters: int) -> int:
    """The largest number of clusters, at most the one asked for, that every tree gives at some threshold.

    Rows that repeat leave fewer centroids, and merges that tie leave out some numbers.

    Example:
        >>> rows = np.array([[0.0, 0], [0, 0], [3, 0], [3, 0]])
        >>> most_clusters([cluster(rows, n_centroids=4, threshold=0.0, seed=0)], 4)
        2
    """
    common = set.intersection(*(one.tree.counts() for one in found))
    return max(count for count in common if count <= n_clusters)


def cluster(
    latents: npt.ArrayLike,
    *,
    n_centroids: int,
    n_clusters: int | None = None,
    threshold: float | None = None,
    seed: int,
    linkage: Linkage = "ward",
    metric: Metric = "euclidean",
    weighted: bool = True,
    iterations: int = 20,
    fit: int | None = None,
) -> SemanticClusters:
    """Clusters rows in two steps: K-means, then agglomerative clustering of the centroids.

    Source: the technical report's section 5, which merges centroids as if each were one row; here a centroid counts as
    its rows do unless `weighted` is off. With as many centroids as distinct rows this is agglomerative clustering.

    Args:
        latents: (n, d) finite floats.
        n_centroids: of K-means, at most n; fewer are left when rows repeat.
        n_clusters: how many clusters, exactly; or else
        threshold: the height of the tree at which it is cut.
        seed: of K-means.
        linkage: of the tree.
        metric: of both steps; with cosine, K-means is spherical.
        weighted: count a centroid as often as it has rows, where the linkage has a use for that.
        iterations: of K-means.
        fit: rows that K-means is fit on, see `lib.clustering.kmeans.kmeans`.

    Returns:
        The clusters, numbered from the largest.

    Raises:
        ParamsError: a number of clusters that does not exist (the message says which do), both or neither of
            `n_clusters` and `threshold`, or more centroids than rows.
        UserError: rows that are not finite, or zero with cosine.

    Example:
        >>> rows = np.array([[0.0, 1], [0, 1.1], [5, 0], [5, 0.1], [5, 0.2], [9, 9]])
        >>> cluster(rows, n_centroids=5, n_clusters=3, seed=0).labels.tolist()
        [1, 1, 0, 0, 0, 2]
    """
    if (n_clusters is None) == (threshold is None):
        raise ParamsError("n_clusters and threshold", fix="give one of the two")
    rows = points(latents)
    if n_clusters is not None and not 1 <= n_clusters <= n_centroids:
        raise ParamsError(f"n_clusters = {n_clusters} of {n_centroids} centroids", fix="choose 1 to n_centroids")
    spherical = metric == "cosine"
    found = kmeans(rows, n_centroids=n_centroids, seed=seed, iterations=iterations, spherical=spherical, fit=fit)
    sizes = found.sizes if weighted and linkage in SIZED else None
    made = tree(found.centroids, linkage=linkage, metric=metric, sizes=sizes)
    made = Tree(made.merges, found.sizes)
    height = _height(made, n_clusters, threshold)
    merged = made.cut(height)
    labels = merged[found.labels]
    fitted = (found.inertia, found.fitted, found.fit_inertia)
    return SemanticClusters(labels, found.labels, found.centroids, found.sizes, merged, made, height, *fitted)


def _height(made: Tree, n_clusters: int | None, threshold: float | None) -> float:
    if n_clusters is not None:
        return made.threshold(n_clusters)
    if threshold is None or not threshold >= 0:
        raise ParamsError(f"threshold = {threshold}", fix="give a height of the tree, 0 or more")
    return float(threshold)
