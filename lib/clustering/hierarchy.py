"""A tree over centroids, the number of clusters at every threshold, and the threshold that gives a number."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.cluster.hierarchy import fcluster, maxdists

from lib.base.errors import ParamsError
from lib.clustering.lance_williams import SQUARED, Floats, Linkage, Metric, merges
from lib.clustering.points import points

Labels = npt.NDArray[np.int64]
LARGEST = 20_000
"""Rows of a tree: their distances take k * k * 8 bytes, 3 GB at this many."""


@dataclass(frozen=True)
class Tree:
    """The merges of k rows, lowest first.

    Attributes:
        merges: (k - 1, 4) as scipy's ``linkage`` has them.
        sizes: (k,) rows that each of the k stands for.
    """

    merges: Floats
    sizes: Labels

    @cached_property
    def heights(self) -> Floats:
        """The threshold (k - 1,) from which on each merge holds, sorted.

        That is its own height, or a higher one below it: with centroid or median linkage a merge may lie lower than
        the merges it joins, and cutting between the two would give no partition of its own.
        """
        return np.sort(maxdists(self.merges)) if len(self.merges) else np.zeros(0)

    def count(self, threshold: float) -> int:
        """Clusters at a threshold: merges at or below it are made.

        Example:
            >>> tree([[0.0], [1.0], [5.0]], linkage="single").count(1.0)
            2
        """
        return int(len(self.sizes) - np.searchsorted(self.heights, threshold, side="right"))

    def curve(self) -> pd.DataFrame:
        """Every count that exists with its thresholds: ``clusters, threshold`` (the lowest), ``below`` (exclusive)."""
        starts = np.unique(np.concatenate([[0.0], self.heights]))
        counts = [self.count(start) for start in starts]
        return pd.DataFrame({"clusters": counts, "threshold": starts, "below": [*starts[1:], np.inf]})

    def threshold(self, n_clusters: int) -> float:
        """The threshold that gives a number of clusters: the middle of those that do.

        Raises:
            ParamsError: none does; the message names the nearest counts that exist.

        Example:
            >>> tree([[0.0], [1.0], [5.0]], linkage="single").threshold(2)
            2.5
            >>> tree([[0.0], [1.0], [2.0]], linkage="single").threshold(2)
            Traceback (most recent call last):
            lib.base.errors.ParamsError: no threshold gives 2 clusters, since merges tie; ask for 1 or 3
        """
        curve = self.curve()
        row = curve[curve["clusters"] == n_clusters]
        if row.empty:
            what, fix = _missing(n_clusters, curve["clusters"].tolist())
            raise ParamsError(what, fix=fix)
        low, high = float(row["threshold"].iloc[0]), float(row["below"].iloc[0])
        middle = (low + high) / 2
        return low if np.isinf(high) or middle >= high else middle

    def counts(self) -> set[int]:
        """The numbers of clusters that some threshold gives; merges that tie leave gaps between them.

        Example:
            >>> tree([[0.0], [1.0], [2.0]], linkage="single").counts()
            {1, 3}
        """
        return {int(count) for count in self.curve()["clusters"]}

    def cut(self, threshold: float) -> Labels:
        """The cluster (k,) of each row at a threshold, numbered from the one that stands for most rows."""
        if not len(self.merges):
            return np.zeros(1, dtype=np.int64)
        flat = fcluster(self.merges, threshold, criterion="distance") - 1
        held = np.bincount(flat, weights=self.sizes)
        rank = np.empty(len(held), dtype=np.int64)
        rank[np.argsort(-held, kind="stable")] = np.arange(len(held))
        return rank[flat]


def tree(
    rows: npt.ArrayLike,
    *,
    linkage: Linkage = "ward",
    metric: Metric = "euclidean",
    sizes: npt.ArrayLike | None = None,
) -> Tree:
    """Merges rows into a tree; without sizes the merges are scipy's.

    Args:
        rows: (k, d) finite: centroids.
        linkage: ward, average, centroid, single, complete, weighted or median, as scipy names them.
        metric: euclidean or cosine.
        sizes: (k,) how many equal rows each stands for; equal ones by default.

    Raises:
        ParamsError: more rows than a tree holds in memory; ward, centroid or median with another metric than euclidean.
        UserError: rows that are not finite.

    Example:
        >>> tree([[0.0], [1.0], [5.0]]).curve()["clusters"].tolist()
        [3, 2, 1]
    """
    vectors = points(rows, directions=metric == "cosine")
    if len(vectors) > LARGEST:
        told = f"a tree of {len(vectors):,} rows needs {len(vectors) ** 2 * 8 / 1e9:,.0f} GB of distances"
        raise ParamsError(told, fix="merge centroids of K-means, not rows")
    if linkage in SQUARED and metric != "euclidean":
        raise ParamsError(f"linkage {linkage} with metric {metric}", fix="take metric euclidean, or linkage average")
    counts = np.ones(len(vectors), dtype=np.int64) if sizes is None else np.asarray(sizes, dtype=np.int64)
    if len(vectors) == 1:
        return Tree(np.zeros((0, 4)), counts)
    return Tree(merges(np.asarray(rows), linkage=linkage, metric=metric, sizes=sizes), counts)


def _missing(wanted: int, counts: list[int]) -> tuple[str, str]:
    below = [count for count in counts if count < wanted]
    above = [count for count in counts if count > wanted]
    near = [str(count) for count in (max(below, default=0), min(above, default=0)) if count]
    why = ", since merges tie" if len(near) == 2 else f" of {max(counts):,} rows"
    return f"no threshold gives {wanted} clusters{why}", f"ask for {' or '.join(near)}"
