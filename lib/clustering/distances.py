"""Whether two rows lie within a radius: decided in float32 where that is safe, in float64 where it is close."""

from typing import Literal

import numpy as np
import numpy.typing as npt

from lib.errors import ParamsError, UserError
from lib.metrics.directions import Floats, checked

Metric = Literal["euclidean", "cosine"]
Rows = npt.NDArray[np.int64]
Singles = npt.NDArray[np.float32]
UNIT = 2.0**-24
CHUNK = 16_384


class Distances:
    """Vectors laid out so that one float32 product gives -d² / 2 of every pair, with a bound on its rounding.

    A row x becomes (x, -|x|² / 2, 1) and is multiplied with (y, 1, -|y|² / 2). Rows are centred and scaled first:
    distances do not change, rounding errors shrink with the norms.

    Args:
        vectors: (n, d) finite floats.
        metric: ``euclidean``, or ``cosine``: 1 - cosine, half the squared distance of the rows scaled to length one.

    Raises:
        UserError: another shape, values that are not finite, an unknown metric, rows of zeros with ``cosine``.

    Example:
        >>> Distances([[3.0, 0.0], [0.0, 4.0]], "euclidean").squared([0], [1]).tolist()
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
        empty = sum(int((~self.vectors[some].any(axis=1)).sum()) for some in slices(n)) if metric == "cosine" else 0
        if empty:
            raise UserError(f"{empty:,} of {n:,} rows to cluster are zero", fix="drop them or use euclidean distances")
        middle = sum((self.wide(some).sum(axis=0) for some in slices(n)), np.zeros(d)) / n
        longest = max(float(np.abs(self.wide(some) - middle).max()) for some in slices(n))
        self.scale = longest * float(np.sqrt(d)) or 1.0
        self.laid: Singles = np.ones((n, d + 2), dtype=np.float32)
        self.length = np.empty(n)
        for some in slices(n):
            part = self.laid[some]
            part[:, :d] = (self.wide(some) - middle) / self.scale
            squares = np.square(part[:, :d], dtype=np.float64).sum(axis=1)
            part[:, d] = -squares / 2
            self.length[some] = np.sqrt(squares)

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.vectors)

    def wide(self, rows: slice | Rows) -> Floats:
        """Rows in float64, at unit length for cosines."""
        some = self.vectors[rows].astype(np.float64)
        if self.metric == "cosine":
            some /= np.linalg.norm(some, axis=1, keepdims=True)
        return some

    def limit(self, radius: float) -> float:
        """The squared Euclidean distance that a radius stands for."""
        return 2 * radius if self.metric == "cosine" else radius * radius

    def radius(self, squared: Floats) -> Floats:
        """The radius that a squared Euclidean distance stands for: the inverse of `limit`."""
        return np.asarray(squared / 2 if self.metric == "cosine" else np.sqrt(squared))

    def squared(self, first: npt.ArrayLike, second: npt.ArrayLike) -> Floats:
        """Squared Euclidean distances (k,) of pairs of rows, in float64 from differences."""
        one, two = np.asarray(first, dtype=np.int64), np.asarray(second, dtype=np.int64)
        found = np.empty(len(one))
        for some in slices(len(one), CHUNK):
            found[some] = np.square(self.wide(one[some]) - self.wide(two[some])).sum(axis=1)
        return found

    def margin(self, reach: float) -> float:
        """How far the float32 -d² / 2, in the scaled space, can be from the truth.

        Args:
            reach: the largest sum of the lengths of two rows compared.
        """
        return float((self.laid.shape[1] + 8) * UNIT * reach * reach)

    def within(self, rows: Rows, columns: Rows, radius: float) -> npt.NDArray[np.bool_]:
        """Which pairs of a tile lie within a radius, inclusive: exact but for the rounding of float64."""
        half = self.limit(radius) / (2 * self.scale * self.scale)
        margin = self.margin(float(self.length[rows].max() + self.length[columns].max())) + 2 * UNIT * half
        tile = self.laid[rows] @ turned(self.laid[columns]).T
        near = tile >= np.float32(margin - half)
        open_ = np.flatnonzero((tile >= np.float32(-margin - half)) ^ near)
        if len(open_):
            row, column = np.divmod(open_, len(columns))
            near.ravel()[open_] = self.squared(rows[row], columns[column]) <= self.limit(radius)
        return near


def turned(rows: Singles) -> Singles:
    """The other side of the product: the last two columns change places."""
    other = rows.copy()
    other[:, -2:] = rows[:, :-3:-1]
    return other


def slices(n: int, size: int = 8192) -> list[slice]:
    """Ranges that cover n rows.

    Example:
        >>> slices(5, 3)
        [slice(0, 3, None), slice(3, 5, None)]
    """
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]
