"""Every pair of near-duplicates, each once: exact, in blocks, with most pairs ruled out by a few dimensions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from lib.base.arrays import Place, place_of
from lib.base.threads import in_order

if TYPE_CHECKING:
    import torch

Vectors = NDArray[np.floating]
Rows = NDArray[np.int64]
Pairs = tuple[Rows, Rows, NDArray[np.float32]]
Settled = Callable[[Rows, Rows], NDArray[np.bool_]]

WIDTHS = (32, 64, 96, 128, 192, 256, 384)
"""Leading dimensions that may do the first pass; all of them where none of these pays."""
SAMPLE = 2048
ALONE = 20_000
"""What a pair costs that is looked at alone, in dimensions of a matrix product: measured, only speed depends on it."""
CHUNK = 8192
UNIT = 2.0**-24


def pairs_above(
    vectors: Vectors,
    threshold: float,
    *,
    block: int = 2048,
    settled: Settled | None = None,
    device: "str | torch.device | None" = None,
) -> Iterator[Pairs]:
    """Every pair of rows whose similarity reaches a threshold, each pair once, one tile at a time.

    A first pass multiplies the rows' leading principal components alone; by Cauchy and Schwarz what is left adds at
    most the product of the two remainders' lengths, so that most pairs are ruled out with a tenth of the work and none
    is lost. A sample of the rows says how many components pay; where the vectors have no few directions, all are taken.
    A pair counts when its similarity, computed in float64 and rounded to float32, reaches the threshold so rounded:
    neither blocks, processors nor the device decide, whatever a matrix product rounds.

    Args:
        vectors: (n, d) finite floats, L2-normalised for cosines.
        threshold: the lowest similarity that counts, inclusive.
        block: rows and columns of a tile; besides the vectors in float32 and their components, memory is two tiles a
            processor and the pairs of each, 40 * block ** 2 bytes where all of a tile's pairs count. On a GPU see
            `lib.base.arrays.ROWS_OF_A_GPU`.
        settled: says of rows (k,) and (k,) which pairs need not be looked at; it is asked by several threads.
        device: of the first pass, as `lib.base.arrays.place_of` takes it; by default that of the run.

    Yields:
        first (k,) and second (k,) int64 with first < second, and similarity (k,) float32, of the pairs of one tile.

    Raises:
        ValueError: values that are not finite, a threshold that is not a number, or a block below one.

    Example:
        >>> [first.tolist() for first, *_ in pairs_above(np.array([[1.0, 0.0], [1.0, 0.0]]), 0.9, block=1)]
        [[], [0], []]
    """
    place = place_of(device)
    search = prepared(vectors, threshold)
    block = place.block(block)
    corners = tiles(len(search.rows), block)
    yield from in_order(partial(search.tile, *corner, block, place, settled) for corner in corners)


def tiles(n: int, block: int) -> Iterator[tuple[int, int]]:
    """The corners of the tiles that hold each pair of n rows once, cut by position.

    Raises:
        ValueError: a block below one.

    Example:
        >>> list(tiles(3, 2))
        [(0, 0), (0, 2), (2, 2)]
    """
    if block < 1:
        raise ValueError(f"block must be 1 or more, not {block}")
    return ((top, left) for top in range(0, n, block) for left in range(top, n, block))


def prepared(vectors: Vectors, threshold: float) -> "PairSearch":
    """Rows made ready to be searched.

    Args:
        vectors: (n, d) finite floats.
        threshold: the lowest similarity that counts.

    Raises:
        ValueError: values that are not finite, or a threshold that is not a number.
    """
    if np.isnan(threshold):
        raise ValueError("the threshold is not a number")
    rows = checked_rows(vectors)
    squares = np.concatenate([np.zeros(1), *(np.square(some, dtype=np.float64).sum(axis=1) for some in _split(rows))])
    # A float32 sum of d products is off by d units of rounding of the lengths at most; so are components and bound.
    margin = float((rows.shape[1] + 16) * UNIT * squares.max() + 2 * UNIT * abs(threshold))
    bound = float(np.float32(threshold))
    return PairSearch(rows, _heads(rows, squares[1:], np.float32(bound - margin)), bound, margin)


@dataclass(frozen=True, eq=False)
class PairSearch:
    """Rows, their leading components with the length of what is left, and the rule that decides a pair.

    Attributes:
        rows: (n, d).
        heads: (n, k + 1), or the rows themselves where all dimensions are multiplied at once.
        threshold: the lowest similarity that counts, as float32 rounds it.
        margin: how far a product of float32 may be from the truth.
    """

    rows: NDArray[np.float32]
    heads: NDArray[np.float32]
    threshold: float
    margin: float

    def tile(self, top: int, left: int, block: int, place: Place, settled: Settled | None = None) -> Pairs:
        """The pairs of one tile.

        Args:
            top: its first row.
            left: its first column.
            block: its rows and columns.
            place: where the first pass is computed.
            settled: see `pairs_above`.
        """
        whole, columns = self.heads is self.rows, self.heads[left : left + block]
        bounds = (place.put(self.heads[top : top + block]) @ place.put(columns).T).reshape(-1)
        high = place.library.argwhere(bounds >= float(np.float32(self.threshold - self.margin)))[:, 0]
        flat, dots = place.back(high), place.back(bounds[high]) if whole else None
        first, second = np.divmod(flat, len(columns))
        first, second = first + top, second + left
        kept = first < second
        if settled is not None:
            kept &= ~settled(first, second)
        if not kept.all():
            first, second, dots = first[kept], second[kept], None if dots is None else dots[kept]
        return self._decided(first, second, self._dots(first, second) if dots is None else dots)

    def _decided(self, first: Rows, second: Rows, dots: NDArray[np.float32]) -> Pairs:
        open_ = np.flatnonzero(np.abs(dots - np.float32(self.threshold)) <= np.float32(2 * self.margin))
        for some in _split(open_):
            one, two = self.rows[first[some]].astype(np.float64), self.rows[second[some]]
            dots[some] = np.einsum("ij,ij->i", one, two)
        near = dots >= np.float32(self.threshold)
        return first[near], second[near], dots[near]

    def _dots(self, first: Rows, second: Rows) -> NDArray[np.float32]:
        rows, row = np.unique(first, return_inverse=True)
        columns, column = np.unique(second, return_inverse=True)
        if len(first) * ALONE > len(rows) * len(columns) * self.rows.shape[1]:
            return np.asarray((self.rows[rows] @ self.rows[columns].T)[row, column])
        parts = [np.einsum("ij,ij->i", self.rows[first[some]], self.rows[second[some]]) for some in _slices(len(first))]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


def _heads(rows: NDArray[np.float32], squares: NDArray[np.float64], bound: np.float32) -> NDArray[np.float32]:
    """As many leading components as pay, by what a sample of pairs says of their bounds; the rows where none do."""
    n, d = rows.shape
    widths = [width for width in WIDTHS if width < d]
    if n <= 2 * SAMPLE or not widths:
        return rows
    sample = np.sort(np.random.default_rng(0).choice(n, size=2 * SAMPLE, replace=False))
    wide = rows[sample].astype(np.float64)
    basis = np.linalg.eigh(wide.T @ wide)[1][:, ::-1]
    costs = {d: float(d)}
    for width in widths:
        heads = _leading(rows[sample], squares[sample], basis[:, :width])
        tile = heads[:SAMPLE] @ heads[SAMPLE:].T
        alive = np.count_nonzero(tile >= bound) / tile.size
        costs[width] = width + min(ALONE * alive, float(d))
    width = min(costs, key=lambda width: costs[width])
    return rows if width == d else _leading(rows, squares, basis[:, :width])


def _leading(
    rows: NDArray[np.float32], squares: NDArray[np.float64], basis: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Components (n, k + 1): the leading ones, and the length of the rest, never too short."""
    heads = np.empty((len(rows), basis.shape[1] + 1), dtype=np.float32)
    for some in _slices(len(rows)):
        part = rows[some].astype(np.float64) @ basis
        rest = np.maximum(squares[some] - np.square(part).sum(axis=1), 0.0) + 1e-12 * squares[some]
        heads[some, :-1], heads[some, -1] = part, np.sqrt(rest) * (1 + 4 * UNIT)
    return heads


def checked_rows(vectors: Vectors, name: str = "vectors") -> NDArray[np.float32]:
    """Vectors (n, d) as contiguous float32.

    Args:
        vectors: looked at a few at a time.
        name: what to call them in an error.

    Raises:
        ValueError: another shape, or values that are not finite.

    Example:
        >>> checked_rows(np.eye(2)).dtype
        dtype('float32')
    """
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2:
        raise ValueError(f"{name} must be (n, d), not {rows.shape}")
    if broken := sum(int((~np.isfinite(rows[some]).all(axis=1)).sum()) for some in _slices(len(rows))):
        raise ValueError(f"{name} hold NaN or infinity in {broken} of {len(rows)} rows")
    return rows


def _slices(n: int) -> list[slice]:
    return [slice(start, start + CHUNK) for start in range(0, n, CHUNK)]


def _split(rows: NDArray[Any]) -> Iterator[NDArray[Any]]:
    return (rows[some] for some in _slices(len(rows)))
