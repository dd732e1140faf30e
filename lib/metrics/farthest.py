"""A subset of rows that differ from one another."""

import numpy as np
import numpy.typing as npt

from lib.metrics.directions import checked, unit


def farthest_first(vectors: npt.ArrayLike, size: int) -> npt.NDArray[np.int64]:
    """Rows chosen one by one, each the least similar to its nearest chosen row; the first is farthest from the mean.

    TMR lists 100 test captions that are as dissimilar as an approximation of the quadratic knapsack problem finds;
    where a corpus comes without such a list this greedy choice (Gonzalez 1985) takes its place: the smallest distance
    within it is at least half of the best possible. Memory is O(n d), no n x n matrix.

    Args:
        vectors: (n, d), compared by cosine.
        size: rows wanted; all rows where there are fewer.

    Returns:
        Row numbers in the order chosen; of equal candidates the first.

    Example:
        >>> farthest_first([[1, 0], [1, 0.1], [-1, 0], [0, 1]], 3).tolist()
        [2, 0, 3]
    """
    rows = unit(checked(vectors, "vectors"))
    chosen = [int(np.argmin(rows @ rows.mean(axis=0)))]
    nearest = rows @ rows[chosen[0]]
    while len(chosen) < min(size, len(rows)):
        nearest[chosen[-1]] = np.inf
        chosen.append(int(np.argmin(nearest)))
        nearest = np.maximum(nearest, rows @ rows[chosen[-1]])
    return np.array(chosen, dtype=np.int64)
