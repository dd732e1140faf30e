"""Rows in cells of near neighbours, so that a search by radius skips cells that are too far apart."""

import numpy as np

from lib.clustering.kmeans import kmeans
from lib.clustering.neighbours import ROUNDING, Neighbours, Rows
from lib.clustering.points import slices
from lib.metrics.directions import Floats

Pairs = tuple[Rows, Rows]


class Cells:
    """Rows grouped by K-means, each group as a ball. The grouping decides what is skipped, never what is found.

    Attributes:
        members: rows of each cell, ascending.
        centre: (c, d) centre of each cell, in the scaled space of `Neighbours`.
        length: (c,) length of each centre.
        reach: (c,) a bound of the distance from the centre to the farthest row of the cell.

    Args:
        near: the rows.
        radius: of the search: a distance, or 1 - cosine.
        size: rows of a cell at most.

    Example:
        >>> cells = Cells(Neighbours(np.arange(6.0)[:, None], "euclidean"), 1.0, 2)
        >>> sorted(np.concatenate(cells.members).tolist()), max(map(len, cells.members))
        ([0, 1, 2, 3, 4, 5], 2)
    """

    def __init__(self, near: Neighbours, radius: float, size: int) -> None:
        self.near, self.radius = near, radius
        # Rounding to float32 moves a row, whose length is 1 at most, by less than two units of rounding.
        self.step = float(np.sqrt(near.limit(radius))) / near.scale + 8 * ROUNDING
        groups = kmeans(near.single, n_centroids=-(-len(near) // size), seed=0, iterations=3)
        by_group = np.split(np.argsort(groups.labels, kind="stable"), np.cumsum(groups.sizes)[:-1])
        self.members: list[Rows] = [rows[part] for rows in by_group for part in slices(len(rows), size)]
        self.centre: Floats = np.stack([near.single[rows].mean(axis=0, dtype=np.float64) for rows in self.members])
        self.length: Floats = np.sqrt(np.square(self.centre).sum(axis=1))
        self.reach: Floats = np.array([self._distance(rows, cell, 1).max() for cell, rows in enumerate(self.members)])

    def __len__(self) -> int:
        """The number of cells."""
        return len(self.members)

    def touching(self, cell: int) -> list[int]:
        """The cells that may hold a row within the radius of a row of a cell: itself first, then by distance."""
        distance = np.sqrt(np.square(self.centre - self.centre[cell]).sum(axis=1))
        distance[cell] = -1
        order = np.argsort(distance, kind="stable")
        bound = (self.reach + self.reach[cell] + self.step)[order]
        return [int(other) for other in order[distance[order] <= bound]]

    def pairs(self, rows: Rows, cell: int, columns: Rows, other: int) -> Pairs:
        """The pairs within the radius, of some rows of a cell with some rows of another.

        Returns:
            Rows (k,), in the order given, and (k,) rows of the other cell.
        """
        rows = rows[self._distance(rows, other, -1) <= self.reach[other] + self.step]
        columns = columns[self._distance(columns, cell, -1) <= self.reach[cell] + self.step]
        if not len(rows) or not len(columns):
            return rows[:0], columns[:0]
        row, column = self.near.within(rows, columns, self.radius)
        return rows[row], columns[column]

    def _distance(self, rows: Rows, cell: int, side: int) -> Floats:
        """Bounds (r,) of the distances of rows from a centre: at least the distance with side 1, at most it with -1."""
        lengths, length = self.near.length[rows], self.length[cell]
        product = self.near.single[rows] @ self.centre[cell].astype(np.float32)
        squared = lengths**2 + length**2 - 2 * product + side * self.near.margin(lengths + length, 0.0)
        return np.asarray(np.sqrt(np.maximum(squared, 0.0)))
