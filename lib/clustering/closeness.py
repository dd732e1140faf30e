"""How alike each row is to the others of its cluster, and how alike rows are at random."""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from lib.clustering.assignment import Labels
from lib.clustering.distances import slices
from lib.metrics.directions import Floats, unit


def mean_of_pairs(sums: Floats, squares: npt.NDArray[Any], sizes: npt.NDArray[Any]) -> Floats:
    """The mean inner product of two different rows of each cluster, from sums alone: (|sum|² - squares) / (n (n - 1)).

    Args:
        sums: (k, d) of the rows of each cluster.
        squares: (k,) summed squared lengths of its rows.
        sizes: (k,) how many they are.

    Returns:
        (k,), NaN where a cluster has fewer than two rows.

    Example:
        >>> mean_of_pairs(np.array([[2.0, 0.0], [0.0, 1.0]]), np.array([2.0, 1.0]), np.array([2, 1])).tolist()
        [1.0, nan]
    """
    pairs = np.where(sizes > 1, sizes * (sizes - 1.0), np.nan)
    return np.asarray((np.square(sums).sum(axis=-1) - squares) / pairs)


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
        together, own = self._products(codes, kept)
        others = sizes[codes] - 1
        measured = kept & (others > 0)
        return np.asarray(np.divide(together - own, others, out=np.full(len(self), np.nan), where=measured))

    def _products(self, codes: Labels, kept: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Of each row the inner product with the sum of its cluster, and with itself."""
        if isinstance(self.vectors, csr_array):
            return _sparse(self.vectors, codes, kept)
        together, own = np.empty(len(self)), np.empty(len(self))
        sums = np.zeros((int(codes.max()) + 1, self.vectors.shape[1]))
        for some in slices(len(self)):
            here, block = kept[some], self._block(self.vectors[some])
            member = csr_array(
                (np.ones(here.sum()), (codes[some][here], np.flatnonzero(here))), (len(sums), len(block))
            )
            sums += member @ block
        for some in slices(len(self)):
            block = self._block(self.vectors[some])
            together[some] = np.einsum("ij,ij->i", block, sums[codes[some]])
            own[some] = np.einsum("ij,ij->i", block, block)
        return together, own

    def _block(self, block: npt.NDArray[np.floating]) -> Floats:
        return unit(block) if self.directions else np.asarray(block, dtype=np.float64)


def _sparse(vectors: csr_array, codes: Labels, kept: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """By the entries that are there: a cluster's sum is kept for the columns that its rows use."""
    at = np.repeat(np.arange(vectors.shape[0]), np.diff(vectors.indptr))
    value = np.asarray(vectors.data, dtype=np.float64)
    place, inverse = np.unique(codes[at] * vectors.shape[1] + vectors.indices, return_inverse=True)
    sums = np.bincount(inverse, weights=value * kept[at], minlength=len(place)).astype(np.float64)
    together = np.bincount(at, weights=value * sums[inverse], minlength=len(codes)).astype(np.float64)
    own = np.bincount(at, weights=np.square(value), minlength=len(codes)).astype(np.float64)
    return together, own
