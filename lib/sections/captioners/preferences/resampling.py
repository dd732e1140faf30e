"""Resampling of a survey: whole respondents, since the ballots of one person are not independent."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from lib.metrics.clusters import expanded_interval
from lib.metrics.intervals import Floats, bootstrap_groups


def by_cluster(rows: Floats, clusters: npt.ArrayLike) -> Floats:
    """Sums of the rows (n, …) of each cluster (c, …), in the order of the sorted labels; NaN counts as nothing.

    Example:
        >>> by_cluster(np.array([[1.0], [2.0], [np.nan]]), ["b", "a", "b"]).tolist()
        [[2.0], [1.0]]
    """
    names, code = np.unique(np.asarray(clusters), return_inverse=True)
    sums = np.zeros((len(names), *rows.shape[1:]))
    np.add.at(sums, code, np.nan_to_num(rows))
    return sums


def interval(
    statistic: Callable[[Floats], Floats], clusters: int, *, draws: int, rng: np.random.Generator
) -> tuple[Any, Any]:
    """The 95 % interval of a statistic over resampled clusters, widened for their number.

    Args:
        statistic: maps weights (b, clusters), how often each was drawn, to values (b, …).
        clusters: how many there are.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        Its ends; NaN with one cluster, see `lib.metrics.clusters.expanded_interval`.
    """
    return expanded_interval(bootstrap_groups(statistic, clusters, draws=draws, rng=rng), clusters)


def interval_of_means(sums: Floats, counts: Floats, *, draws: int, rng: np.random.Generator) -> tuple[Any, Any]:
    """The interval of means that are ratios of sums over clusters.

    Args:
        sums: of each cluster (c, m).
        counts: rows behind each sum (c, m).
        draws: bootstrap replicates.
        rng: source of randomness.
    """

    def means(weights: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):  # a resample may lack what only one cluster saw
            return np.asarray((weights @ sums) / (weights @ counts))

    return interval(means, len(sums), draws=draws, rng=rng)
