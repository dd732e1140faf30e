"""How good the clusters of every cut of a tree are, for the price of one cut: sums over centroids are merged."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.assignment import Labels
from lib.clustering.closeness import mean_of_pairs
from lib.clustering.distances import Metric, slices
from lib.clustering.quality import cosine_sums, distance_sums, scores
from lib.metrics.directions import Floats, checked, unit

Cuts = Mapping[int, Labels]
"""The cluster (k,) of each centroid, by the number of clusters."""


def silhouettes(
    vectors: npt.ArrayLike,
    nearest: npt.ArrayLike,
    cuts: Cuts,
    *,
    rng: np.random.Generator,
    sample: int = 1000,
    metric: Metric = "euclidean",
) -> pd.DataFrame:
    """The mean silhouette of a sample of rows at every cut, each row against all rows.

    The distances of a sampled row to all rows are summed by centroid once; a cut adds the sums of its centroids. So
    many cuts cost what one does: sample x n x d operations.

    Args:
        vectors: (n, d) finite floats.
        nearest: (n,) centroid of each row.
        cuts: of the tree over centroids.
        rng: draws the sample.
        sample: rows whose silhouette is found.
        metric: ``euclidean``, or ``cosine`` for 1 - cosine.

    Returns:
        ``clusters, silhouette, silhouette_low, silhouette_high``; the interval is the one that sampling leaves, as
        `lib.clustering.quality.quality` has it.

    Example:
        >>> rows, cuts = [[0.0], [1.0], [10.0], [11.0]], {2: np.array([0, 0, 1, 1])}
        >>> found = silhouettes(rows, [0, 1, 2, 3], cuts, rng=np.random.default_rng(0))
        >>> found["silhouette"].round(3).tolist()
        [0.9]
    """
    rows = checked(vectors, "vectors")
    order, codes, kept = _grouped(np.asarray(nearest))
    rows = rows[order]
    if metric == "cosine":
        rows = np.concatenate([unit(rows[some]).astype(rows.dtype) for some in slices(len(rows))])
    drawn = np.sort(rng.choice(len(rows), size=min(sample, len(rows)), replace=False))
    sums = (cosine_sums if metric == "cosine" else distance_sums)(rows, codes, drawn)
    sizes, table = np.bincount(codes), []
    for count, merged in cuts.items():
        clusters = np.unique(merged[kept], return_inverse=True)[1]
        values = scores(_merged(sums.T, clusters).T, _merged(sizes, clusters).astype(np.int64), clusters[codes[drawn]])
        mean = float(values.mean())
        error = float(values.std(ddof=1) / np.sqrt(len(values)) * np.sqrt(1 - len(values) / len(rows)))
        table.append((count, mean, mean - 1.96 * error, mean + 1.96 * error))
    return pd.DataFrame(table, columns=["clusters", "silhouette", "silhouette_low", "silhouette_high"])


def coherences(
    sentences: npt.ArrayLike,
    nearest: npt.ArrayLike,
    cuts: Cuts,
    *,
    rng: np.random.Generator,
    groups: npt.ArrayLike | None = None,
    permutations: int = 99,
    sample: int = 20_000,
) -> pd.DataFrame:
    """Mean cosine between captions within clusters at every cut, and the same of random clusters of the same sizes.

    Args:
        sentences: (n, e) sentence embeddings, taken as directions.
        nearest: (n,) centroid of each row.
        cuts: of the tree over centroids.
        rng: draws the sample and the random clusters.
        groups: base clip of each row (n,): one row a group, drawn at random, is kept.
        permutations: random groupings; the same ones at every cut.
        sample: rows at most, drawn at random.

    Returns:
        ``clusters, coherence, by_chance, chance_low, chance_high``: see `lib.clustering.coherence.Coherence`. Clusters
        of one row do not count; NaN where there are only such.

    Example:
        >>> sentences, cuts = [[1, 0], [1, 0], [0, 1], [0, 1]], {2: np.array([0, 1])}
        >>> made = coherences(sentences, [0, 0, 1, 1], cuts, rng=np.random.default_rng(0))
        >>> made["coherence"].tolist(), made["by_chance"].round(3).tolist()
        ([1.0], [0.333])
    """
    whole = np.asarray(nearest)
    rows = rng.permutation(len(whole))
    if groups is not None:
        rows = rows[np.sort(np.unique(np.asarray(groups)[rows], return_index=True)[1])]
    rows = rows[:sample]
    vectors = unit(checked(sentences, "sentences", rows=len(whole))[rows])
    order, codes, kept = _grouped(whole[rows])
    vectors, sizes = vectors[order], np.bincount(codes)
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    drawn = [np.add.reduceat(vectors, starts, axis=0)]
    drawn += [np.add.reduceat(vectors[rng.permutation(len(vectors))], starts, axis=0) for _ in range(permutations)]
    together, n = drawn[0].sum(axis=0)[None], np.array([len(vectors)])
    expected = float(mean_of_pairs(together, n, n)[0])
    table = []
    for count, merged in cuts.items():
        clusters = np.unique(merged[kept], return_inverse=True)[1]
        own, *random = (_within(_merged(sums, clusters), _merged(sizes, clusters)) for sums in drawn)
        low, high = np.quantile(random, [0.025, 0.975]) if random else (np.nan, np.nan)
        table.append((count, own, expected, float(low), float(high)))
    return pd.DataFrame(table, columns=["clusters", "coherence", "by_chance", "chance_low", "chance_high"])


def _grouped(nearest: Labels) -> tuple[Labels, Labels, Labels]:
    """The order that sorts rows by centroid, the number of each row's centroid in that order, and which centroids."""
    order = np.argsort(nearest, kind="stable")
    kept, codes = np.unique(nearest[order], return_inverse=True)
    return order, codes, kept


def _merged(values: npt.NDArray[np.generic], clusters: Labels) -> Floats:
    """Values (k, ...) of centroids summed over the centroids of each cluster."""
    sums = np.zeros((int(clusters.max()) + 1, *values.shape[1:]))
    np.add.at(sums, clusters, values)
    return sums


def _within(sums: Floats, sizes: Floats) -> float:
    several = sizes > 1
    if not several.any():
        return float("nan")
    sums, sizes = sums[several], sizes[several]
    return float(mean_of_pairs(sums, sizes, sizes) @ sizes / sizes.sum())
