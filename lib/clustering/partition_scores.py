"""Scores of two partitions from their contingency table, so that thousands of tables cost nothing but arithmetic."""

import numpy as np
from scipy.special import gammaln, xlogy

from lib.metrics.intervals import Floats

SPREAD = 12


def adjusted_rand(table: Floats) -> float:
    """The adjusted Rand index of a contingency table (r, c) of counts.

    Source: Hubert and Arabie 1985; 1 when both partitions are the same trivial one, as in scikit-learn.

    Example:
        >>> round(adjusted_rand(np.array([[2.0, 0.0], [1.0, 1.0]])), 3)
        0.0
    """
    both, one, two, total = (_pairs(x) for x in (table, table.sum(axis=1), table.sum(axis=0), table.sum()))
    expected, most = one * two / total if total else 0.0, (one + two) / 2
    return float((both - expected) / (most - expected)) if most != expected else 1.0


def mutual_information(table: Floats) -> float:
    """The mutual information of a contingency table (r, c), in nats."""
    return max(0.0, entropy(table.sum(axis=1)) + entropy(table.sum(axis=0)) - entropy(table.ravel()))


def normalised(table: Floats) -> float:
    """Mutual information over the mean of both entropies; 1 when both partitions are one cluster."""
    mean = (entropy(table.sum(axis=1)) + entropy(table.sum(axis=0))) / 2
    return mutual_information(table) / mean if mean > 0 else 1.0


def adjusted_mutual_information(table: Floats) -> float:
    """Mutual information above what unrelated partitions of these sizes have, over the most that it can be above.

    Source: Vinh, Epps and Bailey 2010, with the mean of the entropies, as in scikit-learn.

    Example:
        >>> round(adjusted_mutual_information(np.array([[5.0, 0.0], [0.0, 5.0]])), 3)
        1.0
    """
    expected = expected_information(table.sum(axis=1), table.sum(axis=0))
    most = (entropy(table.sum(axis=1)) + entropy(table.sum(axis=0))) / 2
    if most == 0:
        return 1.0
    room = most - expected
    return float((mutual_information(table) - expected) / (room if abs(room) > 1e-15 else 1e-15))


def expected_information(one: Floats, two: Floats) -> float:
    """The mean mutual information of random partitions with these cluster sizes, in nats.

    Source: Vinh, Epps and Bailey 2010, equation 24. Counts farther than 12 standard deviations of the hypergeometric
    distribution from their mean are left out: together they weigh less than rounding does.
    """
    n, total = float(one.sum()), 0.0
    for size in one[one > 0]:
        mean = size * two / n
        spread = SPREAD * np.sqrt(mean * (n - size) * (n - two) / (n * max(n - 1, 1))) + SPREAD * 3
        low = np.maximum(np.maximum(1, size + two - n), np.floor(mean - spread))
        high = np.minimum(np.minimum(size, two), np.ceil(mean + spread))
        width = int(max(0, (high - low).max() + 1))
        count = low[:, None] + np.arange(width)
        inside = (count <= high[:, None]) & (two > 0)[:, None]
        x, other = np.where(inside, count, 1), np.where(inside, two[:, None], 1)
        log_p = (
            gammaln(size + 1) + gammaln(other + 1) + gammaln(n - size + 1) + gammaln(n - other + 1) - gammaln(n + 1)
        ) - (
            gammaln(x + 1)
            + gammaln(size - x + 1)
            + gammaln(other - x + 1)
            + gammaln(np.maximum(n - size - other + x, 0) + 1)
        )
        total += float(
            (np.where(inside, np.exp(np.where(inside, log_p, 0)), 0) * x / n * np.log(n * x / (size * other))).sum()
        )
    return total


def entropy(sizes: Floats) -> float:
    """The entropy of cluster sizes, in nats.

    Example:
        >>> round(entropy(np.array([1.0, 1.0])), 4)
        0.6931
    """
    share = sizes / sizes.sum()
    return float(-xlogy(share, share).sum())


def _pairs(counts: Floats) -> float:
    return float((counts * (counts - 1)).sum() / 2)
