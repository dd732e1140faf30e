"""Rows joined into groups by pairs, as the pairs are found."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Rows = NDArray[np.int64]


class JoinedRows:
    """Groups of rows, in which two rows are together where a chain of pairs joins them.

    Args:
        n: rows, each by itself at first.

    Attributes:
        labels: (n,) the lowest row of each row's group, whatever the order of the pairs.

    Example:
        >>> joined = JoinedRows(4)
        >>> joined.join(np.array([2, 0]), np.array([3, 2]))
        >>> joined.labels.tolist()
        [0, 1, 0, 0]
    """

    def __init__(self, n: int) -> None:
        self.labels: Rows = np.arange(n)
        self._moved = self.labels.copy()

    def join(self, first: Rows, second: Rows) -> None:
        """Takes in pairs of rows (k,) and (k,)."""
        ends = np.stack([self.labels[first], self.labels[second]])
        ends = ends[:, ends[0] != ends[1]]
        if not ends.size:
            return
        names, inverse = np.unique(ends, return_inverse=True)
        one, two = inverse.reshape(ends.shape)
        graph = coo_array((np.ones(len(one), dtype=bool), (one, two)), shape=(len(names), len(names)))
        merged = connected_components(graph, directed=False)[1]
        lowest = np.full(merged.max() + 1, len(self.labels))
        np.minimum.at(lowest, merged, names)
        self._moved[names] = lowest[merged]
        self.labels = self._moved[self.labels]

    def together(self, first: Rows, second: Rows) -> NDArray[np.bool_]:
        """Which pairs are in one group already; other threads may join rows meanwhile."""
        now = self.labels
        return np.asarray(now[first] == now[second])
