"""How alike each row is to the others of its cluster, and how alike rows are at random."""

from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from lib.clustering.assignment import Labels
from lib.clustering.distances import slices
from lib.metrics.directions import Floats, unit


class Likeness:
    """Rows whose inner product says how alike they are; no pair is ever formed and no second copy is held.

    Args:
        vectors: (n, d), dense, or sparse with unit rows.
        directions: scale rows to unit length a block at a time, so that likeness is the cosine.

    Example:
        >>> found = Likeness(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]))
        >>> found.within(np.array([0, 0, 1, 1])).tolist(), round(found.at_random, 3)
        ([1.0, 1.0, 1.0, 1.0], 0.333)
    """

    def __init__(self, vectors: "npt.NDArray[np.floating] | csr_array", *, directions: bool = False) -> None:
        self.vectors, self.directions = vectors, directions

    def __len__(self) -> int:
        """How many rows there are."""
        return int(self.vectors.shape[0])

    @cached_property
    def at_random(self) -> float:
        """The mean inner product of two different rows: what clusters drawn at random have, whatever their sizes."""
        n = len(self)
        alike = self.within(np.zeros(n, dtype=np.int64))
        return float(alike.mean()) if n > 1 else float("nan")

    def within(self, labels: Labels) -> Floats:
        """The mean inner product (n,) of each row with the other rows of its cluster.

        Args:
            labels: (n,) cluster of each row, -1 for noise.

        Returns:
            NaN for noise and for a row alone in its cluster.
        """
        kept = labels >= 0
        codes = np.where(kept, labels, 0).astype(np.int64)
        sizes = np.bincount(codes, weights=kept)
        together, own = self._sparse(codes, kept) if isinstance(self.vectors, csr_array) else self._dense(codes, kept)
        others = sizes[codes] - 1
        measured = kept & (others > 0)
        return np.asarray(np.divide(together - own, others, out=np.full(len(self), np.nan), where=measured))

    def _dense(self, codes: Labels, kept: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        together, own = np.empty(len(self)), np.empty(len(self))
        sums = np.zeros((int(codes.max()) + 1, self.vectors.shape[1]))
        for some in slices(len(self)):
            here, block = kept[some], self._block(some)
            member = csr_array(
                (np.ones(here.sum()), (codes[some][here], np.flatnonzero(here))), (len(sums), len(block))
            )
            sums += member @ block
        for some in slices(len(self)):
            block = self._block(some)
            together[some] = np.einsum("ij,ij->i", block, sums[codes[some]])
            own[some] = np.einsum("ij,ij->i", block, block)
        return together, own

    def _sparse(self, codes: Labels, kept: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """By the entries that are there: a cluster's sum is kept for the columns that its rows use."""
        rows = self.vectors.tocoo()
        at, value = rows.row.astype(np.int64), rows.data.astype(np.float64)
        place, inverse = np.unique(codes[at] * self.vectors.shape[1] + rows.col, return_inverse=True)
        sums = np.bincount(inverse, weights=value * kept[at], minlength=len(place))
        together = np.bincount(at, weights=value * sums[inverse], minlength=len(self))
        return together, np.bincount(at, weights=np.square(value), minlength=len(self))

    def _block(self, some: slice) -> Floats:
        block = self.vectors[some]
        return unit(block) if self.directions else np.asarray(block, dtype=np.float64)
