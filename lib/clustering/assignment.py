"""The nearest centroid of every row as float64 tells it: block, device, threads and partitions decide nothing.

A product of float32 says which centroids may be the nearest; where several are closer together than it rounds, their
distances are computed in float64 from differences. Of equally near ones the first counts.
"""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lib.base.arrays import Place, place_of
from lib.base.threads import in_order
from lib.clustering.points import Singles
from lib.engine.arrays import is_large, kept, opened
from lib.engine.mapping import map_partitions

Labels = npt.NDArray[np.int64]
ROWS = 8192
"""Rows of a tile: of 1,000 centroids, one takes 33 MB."""
BLOCKS = 32
"""Tiles of a partition: of 1,000 centroids and 256 dimensions, some three seconds of a core."""
PAIRS = 16_384
UNIT = 2.0**-24


def nearest(rows: Singles, centroids: Singles, place: Place, *, folder: Path | None = None) -> Labels:
    """The nearest centroid of each row; many multiplications go through the engine, by partitions of the rows.

    Args:
        rows: (n, d) finite.
        centroids: (k, d) finite.
        place: where tiles are computed; through the engine, the device of the run.
        folder: holds the files of rows and of results; by default the cache.

    Returns:
        Labels (n,), 0 to k - 1.

    Raises:
        RunError: a partition failed.
        UserError: the disk has no room for the rows.

    Example:
        >>> nearest(np.float32([[0], [4], [2]]), np.float32([[1], [1], [3]]), place_of("cpu")).tolist()
        [0, 2, 0]
    """
    if not is_large(len(rows), *centroids.shape):
        return _assigned(rows, centroids, place)
    made = map_partitions(
        nearest_rows,
        pd.DataFrame({"top": np.arange(0, len(rows), ROWS)}),
        step="nearest centroids",
        arguments={"vectors": kept(rows, folder=folder), "centroids": kept(centroids, folder=folder)},
        rows=BLOCKS,
        on_device=True,
        folder=folder,
    )
    return made["centroid"].to_numpy(np.int64)


def nearest_rows(rows: pd.DataFrame, *, vectors: str, centroids: str) -> pd.DataFrame:
    """The nearest centroid of a partition's vectors: ``centroid``, a row a vector.

    Args:
        rows: ``top``, where blocks of `ROWS` vectors begin that follow one another.
        vectors: the file of all vectors.
        centroids: the file of the centroids.
    """
    some = opened(vectors)[rows["top"].iloc[0] : rows["top"].iloc[-1] + ROWS]
    return pd.DataFrame({"centroid": _assigned(some, opened(centroids), place_of(), threads=1)})


def _assigned(rows: Singles, centroids: Singles, place: Place, *, threads: int | None = None) -> Labels:
    first = np.sort(np.unique(centroids, axis=0, return_index=True)[1])  # equal ones would tie for all their rows
    known = centroids[first]
    centre = known.mean(axis=0)  # near the origin, products in float32 lose little
    there = known - centre
    squares = np.square(there).sum(axis=1)
    laid = place.put(-2 * there).T, place.put(squares), float(np.sqrt(squares.max()))
    blocks = (partial(_block, rows[at : at + ROWS], known, centre, laid, place) for at in range(0, len(rows), ROWS))
    if len(rows) > ROWS:
        found = list(in_order(blocks, threads=threads if place.device is None else 1))
    else:
        found = [block() for block in blocks]
    return first[np.concatenate(found)].astype(np.int64)


def _block(rows: Singles, centroids: Singles, centre: Singles, laid: tuple[Any, Any, float], place: Place) -> Labels:
    turned, squares, longest = laid
    some = rows - centre
    # Less the row's own square, which orders nothing: off by d units of rounding of the squared lengths at most.
    far = place.put(some) @ turned
    far += squares
    reach = float(np.sqrt(np.square(some).sum(axis=1).max())) + longest
    at = far.argmin(axis=1)
    least = far[place.put(np.arange(len(some))), at]
    near = far <= (least + 4 * (rows.shape[1] + 16) * UNIT * reach**2)[:, None]
    labels: Labels = place.back(at).astype(np.int64)
    open_ = np.flatnonzero(place.back(near.sum(axis=1)) > 1)
    if len(open_):
        row, column = place.back(place.library.argwhere(near[place.put(open_)])).T
        labels[open_] = _decided(rows, centroids, open_[row], column)
    return labels


def _decided(rows: Singles, centroids: Singles, row: Labels, column: Labels) -> Labels:
    """The nearest of some centroids of each row, given as pairs in ascending order."""
    squared = np.empty(len(row))
    for at in range(0, len(row), PAIRS):
        some = slice(at, at + PAIRS)
        apart = rows[row[some]].astype(np.float64) - centroids[column[some]]
        squared[some] = np.square(apart).sum(axis=1)
    starts = np.flatnonzero(np.diff(row, prepend=-1))
    least = np.repeat(np.minimum.reduceat(squared, starts), np.diff(np.append(starts, len(row))))
    nearest_ones = np.flatnonzero(squared == least)
    return column[nearest_ones[np.unique(row[nearest_ones], return_index=True)[1]]]
