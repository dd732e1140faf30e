"""How large and how wide clusters are, and how close together rows lie where the clusters are."""

import faiss
import numpy as np
import numpy.typing as npt

from lib.clustering.kmeans import Labels
from lib.clustering.points import ROWS_AT_ONCE, points
from lib.metrics.directions import Floats
from lib.metrics.intervals import Measure, bootstrap_groups, percentile_interval


def radii(vectors: npt.ArrayLike, labels: Labels) -> Floats:
    """Root mean square distance of the rows of each cluster to their mean.

    Args:
        vectors: (n, d) finite floats.
        labels: cluster of each row (n,), 0 to k - 1, each with rows.

    Returns:
        Radii (k,).

    Example:
        >>> radii([[0.0], [2.0], [5.0]], np.array([0, 0, 1])).tolist()
        [1.0, 0.0]
    """
    rows = np.asarray(vectors, dtype=np.float64)
    sizes = np.bincount(labels)
    sums = np.zeros((len(sizes), rows.shape[1]))
    np.add.at(sums, labels, rows)
    apart = np.square(rows - (sums / sizes[:, None])[labels]).sum(axis=1)
    return np.asarray(np.sqrt(np.bincount(labels, weights=apart) / sizes))


def spacing(vectors: npt.ArrayLike, *, neighbours: int) -> Floats:
    """Distance of each row to its neighbour of this rank, itself left out: small where rows lie dense.

    Args:
        vectors: (n, d) finite floats.
        neighbours: rank of the neighbour; the last one where there are fewer.

    Returns:
        Distances (n,); 0 of a single row.

    Example:
        >>> spacing([[0.0], [1.0], [5.0]], neighbours=1).tolist()
        [1.0, 1.0, 4.0]
    """
    rows = points(vectors)
    index = faiss.IndexFlatL2(rows.shape[1])
    index.add(rows)
    rank = min(neighbours, len(rows) - 1) + 1
    starts = range(0, len(rows), ROWS_AT_ONCE)
    last = [index.search(rows[at : at + ROWS_AT_ONCE], rank)[1][:, -1] for at in starts]
    apart = rows.astype(np.float64) - rows[np.concatenate(last)]  # not faiss's squares, which cancel near 0
    return np.asarray(np.linalg.norm(apart, axis=1))


def medians(values: npt.ArrayLike, labels: Labels) -> Floats:
    """The median value of the rows of each cluster (k,).

    Example:
        >>> medians([1.0, 2.0, 9.0, 4.0], np.array([0, 0, 0, 1])).tolist()
        [2.0, 4.0]
    """
    numbers = np.asarray(values, dtype=np.float64)
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(np.bincount(labels))[:-1]
    return np.array([np.median(some) for some in np.split(numbers[order], ends)])


def variation(values: npt.ArrayLike, *, draws: int, rng: np.random.Generator) -> Measure:
    """The coefficient of variation, standard deviation over mean, with a percentile bootstrap over the values.

    Args:
        values: (k,) positive numbers, such as sizes.
        draws: bootstrap replicates.
        rng: source of randomness.

    Returns:
        0 where all are equal; n counts values.

    Example:
        >>> variation([1.0, 3.0], draws=100, rng=np.random.default_rng(0)).value
        0.5
    """
    numbers = np.asarray(values, dtype=np.float64)

    def statistic(weights: Floats) -> Floats:
        mean = weights @ numbers / len(numbers)
        square = weights @ np.square(numbers - numbers.mean()) / len(numbers)
        spread = np.sqrt(np.clip(square - np.square(mean - numbers.mean()), 0.0, None))
        return np.asarray(np.divide(spread, mean, out=np.zeros_like(mean), where=mean > 0))

    whole = float(statistic(np.ones((1, len(numbers))))[0])
    low, high = percentile_interval(bootstrap_groups(statistic, len(numbers), draws=draws, rng=rng))
    return Measure(whole, float(low), float(high), len(numbers), digits=2)
