"""Which rows lie within a radius, and how far the nearest are: searched by faiss, decided in float64 where it is close.

faiss computes in float32. Its rounding error has a bound, and only pairs within that bound of the radius are computed
again in float64.
"""

import faiss
import numpy as np
import numpy.typing as npt

from lib.clustering.lance_williams import Metric
from lib.clustering.points import Singles, slices
from lib.errors import ParamsError, UserError
from lib.metrics.directions import Floats, checked

Rows = npt.NDArray[np.int64]
ROUNDING = 2.0**-24
PAIRS_AT_ONCE = 16_384
SPARE = 8
"""Neighbours that float32 selects beyond those wanted, so that float64 can put them in order."""


class Neighbours:
    """Rows laid out for exact searches.

    The search works on a copy in float32, centred and scaled to lengths of at most 1: distances keep their proportion,
    and rounding errors shrink with the lengths.

    Args:
        vectors: (n, d) finite floats.
        metric: ``euclidean``, or ``cosine``: 1 - cosine, half the squared distance of the rows at unit length.

    Raises:
        UserError: another shape, values that are not finite, an unknown metric, rows of zeros with ``cosine``.

    Example:
        >>> Neighbours([[3.0, 0.0], [0.0, 4.0]], "euclidean").squared([0], [1]).tolist()
        [25.0]
    """

    def __init__(self, vectors: npt.ArrayLike, metric: Metric) -> None:
        try:
            self.vectors = checked(vectors, "rows to cluster")
        except ValueError as error:
            raise UserError(str(error), fix="drop such rows or mend them") from None
        self.metric: Metric = metric
        n, d = self.vectors.shape
        if metric not in ("euclidean", "cosine"):
            raise ParamsError(f"metric is euclidean or cosine, not {metric}")
        zero = sum(int((~self.vectors[part].any(axis=1)).sum()) for part in slices(n)) if metric == "cosine" else 0
        if zero:
            raise UserError(f"{zero:,} of {n:,} rows to cluster are zero", fix="drop them or use euclidean distances")
        centre = sum((self.wide(part).sum(axis=0) for part in slices(n)), np.zeros(d)) / n
        largest = max(float(np.abs(self.wide(part) - centre).max()) for part in slices(n))
        self.scale = largest * float(np.sqrt(d)) or 1.0
        self.single: Singles = np.empty((n, d), dtype=np.float32)
        for part in slices(n):
            self.single[part] = (self.wide(part) - centre) / self.scale
        self.length: Floats = np.sqrt(np.einsum("ij,ij->i", self.single, self.single, dtype=np.float64))

    def __len__(self) -> int:
        """The number of rows."""
        return len(self.vectors)

    def wide(self, rows: slice | Rows) -> Floats:
        """Rows in float64, at unit length for cosines."""
        wide = self.vectors[rows].astype(np.float64)
        if self.metric == "cosine":
            wide /= np.linalg.norm(wide, axis=1, keepdims=True)
        return wide

    def limit(self, radius: float) -> float:
        """The squared Euclidean distance that a radius stands for."""
        return 2 * radius if self.metric == "cosine" else radius * radius

    def radius(self, squared: Floats) -> Floats:
        """The radius that a squared Euclidean distance stands for: the inverse of `limit`."""
        return np.asarray(squared / 2 if self.metric == "cosine" else np.sqrt(squared))

    def squared(self, first: npt.ArrayLike, second: npt.ArrayLike) -> Floats:
        """Squared Euclidean distances (k,) of pairs of rows, in float64 from differences."""
        one, other = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
        distances = np.empty(len(one))
        for part in slices(len(one), PAIRS_AT_ONCE):
            distances[part] = np.square(self.wide(one[part]) - self.wide(other[part])).sum(axis=1)
        return distances

    def within(self, rows: Rows, columns: Rows, radius: float) -> tuple[Rows, Rows]:
        """The pairs of a tile that lie within a radius, inclusive: exact but for the rounding of float64.

        Args:
            rows: (r,) rows of one side.
            columns: (c,) rows of the other.
            radius: a distance, or 1 - cosine.

        Returns:
            Positions (k,) in `rows`, ascending, and positions (k,) in `columns`.

        Example:
            >>> near = Neighbours([[0.0], [1.0], [3.0]], "euclidean")
            >>> near.within(np.array([2, 0]), np.array([0, 1, 2]), 2.0)[0].tolist()
            [0, 0, 1, 1]
        """
        limit = self.limit(radius) / self.scale**2
        margin = self.margin(self.length[rows].max() + self.length[columns].max(), limit)
        index = faiss.IndexFlatL2(self.single.shape[1])
        index.add(self.single[columns])
        # No two rows are farther apart than 2, so a larger limit means all pairs; the next float32 includes the limit.
        reach = np.nextafter(np.float32(min(limit + margin, 8.0)), np.float32(np.inf))
        ends, distances, column = index.range_search(self.single[rows], float(reach))
        row = np.repeat(np.arange(len(rows)), np.diff(ends.astype(np.int64)))
        close = np.flatnonzero(distances > limit - margin)
        if len(close):
            first, second = rows[row[close]], columns[column[close]]
            error = distances[close] - limit
            margin = self.margin(self.length[first] + self.length[second], limit)
            inside, open_ = error <= -margin, np.abs(error) < margin
            inside[open_] = self.squared(first[open_], second[open_]) <= self.limit(radius)
            kept = np.ones(len(row), dtype=bool)
            kept[close] = inside
            row, column = row[kept], column[kept]
        return row, column

    def nearest(self, rows: Rows, count: int) -> Floats:
        """Squared distances (r, count) from rows to their nearest rows, themselves included, ascending, in float64."""
        wanted = min(len(self), count + SPARE)
        nearest = faiss.knn(self.single[rows], self.single, wanted)[1]
        squared = self.squared(np.repeat(rows, wanted), nearest.ravel()).reshape(nearest.shape)
        return np.asarray(np.sort(squared, axis=1)[:, :count])

    def margin(self, lengths: npt.ArrayLike, limit: float) -> Floats:
        """How far squared distances in float32 can be from the truth, by the summed lengths of both rows."""
        dimensions = self.single.shape[1]
        squares = np.square(np.asarray(lengths, dtype=np.float64))
        return np.asarray((dimensions + 16) * ROUNDING * squares + 4 * ROUNDING * limit + np.finfo(np.float32).tiny)
