"""Whether a clustering comes out the same with another seed, and on other rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.clustering.partition_scores import adjusted_rand

Labels = npt.NDArray[np.int64]
Clustering = Callable[[npt.NDArray[np.floating], int], npt.ArrayLike]


@dataclass(frozen=True)
class Stability:
    """Adjusted Rand indices of repeated clusterings.

    Args:
        seeds: mean over all pairs of seeds on the same rows; NaN with a single seed.
        lowest_seeds: the lowest of these.
        bootstraps: mean over resamples, each against the clustering of all rows; NaN without any.
        lowest_bootstraps: the lowest of these.
        table: one row a comparison: `kind` (seeds, bootstrap), `first, second` (seeds, or the seed of the whole and the
            number of the resample), `ari, clusters, rows` (compared).
        partitions: (n,) the clustering of all rows with each seed.
    """

    seeds: float
    lowest_seeds: float
    bootstraps: float
    lowest_bootstraps: float
    table: pd.DataFrame
    partitions: list[Labels]


def stability(
    cluster: Clustering,
    vectors: npt.NDArray[np.floating],
    *,
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    bootstraps: int = 5,
    rng: np.random.Generator,
    groups: npt.ArrayLike | None = None,
) -> Stability:
    """Repeats a clustering over seeds, and over rows drawn with replacement.

    A resample is clustered as it is, copies included, and compared on the distinct rows it holds. Rows that either
    clustering calls noise (-1) are left out of a comparison, which says how many were left.

    Source: Hennig 2007, with the adjusted Rand index in place of Jaccard's.

    Args:
        cluster: maps vectors (m, d) and a seed to labels (m,), -1 for noise.
        vectors: (n, d).
        seeds: at least one; the first clusters the resamples.
        bootstraps: resamples.
        rng: draws the resamples.
        groups: base clip of each row (n,): resamples draw groups, so that mirrors stay together.

    Returns:
        The stability.

    Example:
        >>> x, rng = np.array([[-1.0], [1.0], [2.0]]), np.random.default_rng(0)
        >>> found = stability(lambda rows, seed: rows[:, 0] > 0, x, rng=rng)
        >>> found.seeds, found.bootstraps
        (1.0, 1.0)
    """
    if not len(seeds):
        raise ValueError("stability needs at least one seed")
    whole = [_labels(cluster, vectors, seed) for seed in seeds]
    table = [("seeds", seeds[i], seeds[j], *_compared(whole[i], whole[j])) for j in range(len(seeds)) for i in range(j)]
    names, group = np.unique(np.arange(len(vectors)) if groups is None else np.asarray(groups), return_inverse=True)
    for turn in range(bootstraps):
        times = np.bincount(rng.integers(0, len(names), size=len(names)), minlength=len(names))[group]
        labels = _labels(cluster, vectors[np.repeat(np.arange(len(vectors)), times)], seeds[0])
        held = times > 0
        first_copy = (np.cumsum(times) - times)[held]
        table.append(("bootstrap", seeds[0], turn, *_compared(whole[0][held], labels[first_copy])))
    frame = pd.DataFrame(table, columns=["kind", "first", "second", "ari", "clusters", "rows"])
    means, lowest = (frame.groupby("kind")["ari"].agg(how) for how in ("mean", "min"))
    numbers = [float(x.get(kind, np.nan)) for kind in ("seeds", "bootstrap") for x in (means, lowest)]
    return Stability(numbers[0], numbers[1], numbers[2], numbers[3], frame, whole)


def _labels(cluster: Clustering, vectors: npt.NDArray[np.floating], seed: int) -> Labels:
    return np.asarray(cluster(vectors, seed)).astype(np.int64)


def _compared(one: Labels, two: Labels) -> tuple[float, int, int]:
    kept = (one >= 0) & (two >= 0)
    if not kept.any():
        return float("nan"), len(np.unique(two[two >= 0])), 0
    table = pd.crosstab(one[kept], two[kept]).to_numpy().astype(np.float64)
    return adjusted_rand(table), len(np.unique(two[two >= 0])), int(kept.sum())
