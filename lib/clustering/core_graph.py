"""The graph of core points, grown pair by pair while it is still being found out which points are core."""

import numpy as np
import numpy.typing as npt

from lib.clustering.distances import Rows

Flags = npt.NDArray[np.bool_]
WAITING = 4_000_000


class CoreGraph:
    """Neighbour counts, components of core points, and the pairs that wait for one of their points to become core.

    A point is core once it was seen with enough neighbours. A pair of core points joins their components and is
    forgotten; a pair that waits has a point with too few neighbours so far, so at most n * min_samples pairs wait.

    Args:
        n: number of points.
        min_samples: neighbours, itself included, that make a point core.

    Example:
        >>> graph, rows = CoreGraph(3, 2), np.arange(3)
        >>> graph.add(rows, rows, np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1]], dtype=bool))
        >>> graph.labels().tolist()
        [0, 0, -1]
    """

    def __init__(self, n: int, min_samples: int) -> None:
        self.seen: Rows = np.zeros(n, dtype=np.int64)
        self.parent: Rows = np.arange(n)
        self.min_samples = min_samples
        self._waiting: list[npt.NDArray[np.int32]] = []
        self._room = WAITING

    def core(self, rows: Rows) -> Flags:
        """Which rows are known to be core."""
        return np.asarray(self.seen[rows] >= self.min_samples)

    def roots(self, rows: Rows) -> Rows:
        """The lowest point of each row's component."""
        found = self.parent[rows]
        while not np.array_equal(above := self.parent[found], found):
            found = above
        self.parent[rows] = found
        return found

    def unsettled(self, rows: Rows, columns: Rows) -> list[tuple[Rows, Rows]]:
        """The tile without the pairs that can change nothing: core points of one component, the commonest here."""
        both = np.concatenate([rows, columns])
        root = np.where(self.core(both), self.roots(both), -1)
        names, times = np.unique(root[root >= 0], return_counts=True)
        if not len(names):
            return [(rows, columns)]
        inside = root == names[times.argmax()]
        row, column = inside[: len(rows)], inside[len(rows) :]
        parts = [(rows[~row], columns), (rows[row], columns[~column])]
        return [(some, others) for some, others in parts if len(some) and len(others)]

    def add(self, rows: Rows, columns: Rows, near: Flags) -> None:
        """Takes in a tile of neighbours (rows, columns); when both are the same array, pairs occur twice."""
        self.seen[rows] += near.sum(axis=1)
        square = rows is columns
        if not square:
            self.seen[columns] += near.sum(axis=0)
        row, column = np.divmod(np.flatnonzero(near), len(columns))
        if square:
            once = row < column
            row, column = row[once], column[once]
        self._take(rows[row], columns[column])

    def labels(self) -> Rows:
        """Clusters numbered by their lowest core point; a border point goes to the lowest number it touches; -1 noise.

        Source: Ester et al. 1996 + scikit-learn: sklearn/cluster/_dbscan_inner.pyx, whose scan gives these numbers.
        """
        self._settle()
        labels = np.full(len(self.seen), -1, dtype=np.int64)
        core = np.flatnonzero(self.core(np.arange(len(self.seen))))
        labels[core] = np.unique(self.roots(core), return_inverse=True)[1]
        number = np.where(labels >= 0, labels, len(labels))
        for pairs in self._waiting:
            for one, other in (pairs, pairs[::-1]):
                np.minimum.at(number, one, np.where(labels[other] >= 0, labels[other], len(labels)))
        return np.where(number < len(labels), number, -1)

    def _take(self, first: Rows, second: Rows) -> None:
        joins = self.core(first) & self.core(second)
        self._join(first[joins], second[joins])
        if not joins.all():
            self._waiting.append(np.stack([first[~joins], second[~joins]]).astype(np.int32))
            if sum(pairs.shape[1] for pairs in self._waiting) > self._room:
                self._settle()

    def _settle(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._room = np.iinfo(np.int64).max
        for pairs in waiting:
            self._take(*pairs.astype(np.int64))
        self._room = WAITING + 2 * sum(pairs.shape[1] for pairs in self._waiting)

    def _join(self, first: Rows, second: Rows) -> None:
        while len(first):
            first, second = self.roots(first), self.roots(second)
            apart = first != second
            first, second = first[apart], second[apart]
            np.minimum.at(self.parent, np.maximum(first, second), np.minimum(first, second))
