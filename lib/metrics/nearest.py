"""Exact nearest neighbours by dot product, in blocks: memory follows the block, not the corpus.

They are searched for by numpy on a processor and by PyTorch on a GPU (`lib.base.arrays`), whose products of float32
round differently: scores agree within 1e-6 of the product of the rows' lengths, and among references closer than that
another may be found. On a processor a tile is one product by one thread, cut by position: neither threads nor what else
is searched for change a bit.
"""

import hashlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from lib.base.arrays import Place, place_of
from lib.base.threads import in_order
from lib.metrics.near_duplicates import Rows, Vectors, checked_rows

if TYPE_CHECKING:
    import torch

Found = tuple[NDArray[np.float32], Rows]


def nearest(
    queries: Vectors, references: Vectors, *, block: int = 2048, device: "str | torch.device | None" = None
) -> Found:
    """The most similar reference of every query: exact, no index, no sampling.

    On L2-normalised rows the score is the raw cosine, in -1..1. On TMR's scale, (cosine + 1) / 2, its
    thresholds .95 and .80 are cosines .90 and .60.

    Source: Petrovich et al. 2023, TMR + TMR: retrieval.py, which holds the whole n x n matrix; here it exists one
    tile at a time.

    Args:
        queries: (n, d) finite floats.
        references: (m, d) finite floats, m >= 1.
        block: rows and columns of a tile; the working memory is about 8 * block ** 2 bytes a processor. On a GPU see
            `lib.base.arrays.ROWS_OF_A_GPU`.
        device: as `lib.base.arrays.place_of` takes it; by default that of the run.

    Returns:
        scores (n,) float32 and indices (n,) int64 into the references; among equal scores the lowest index wins.

    Raises:
        ValueError: shapes that do not match, no references, values that are not finite, or a block below one.

    Example:
        >>> scores, indices = nearest(np.eye(2), np.array([[0.0, 1.0], [0.5, 0.0], [0.5, 0.0]]), block=2)
        >>> scores.tolist(), indices.tolist()
        ([0.5, 1.0], [1, 0])
    """
    asked, known = checked_pair(queries, references, block)
    first, place = distinct(known), place_of(device)
    scores, found = closest(asked, known, place.block(block), place, rows=first)
    return scores, first[found]


def checked_pair(queries: Vectors, references: Vectors, block: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Queries (n, d) and references (m, d) as contiguous float32.

    Raises:
        ValueError: as `nearest`.
    """
    if block < 1:
        raise ValueError(f"block must be 1 or more, not {block}")
    asked, known = checked_rows(queries, "queries"), checked_rows(references, "references")
    if asked.shape[1] != known.shape[1]:
        raise ValueError(f"queries have {asked.shape[1]} dimensions, references {known.shape[1]}")
    if not known.size:
        raise ValueError("no references to search")
    return asked, known


def distinct(rows: NDArray[np.float32]) -> Rows:
    """The first of each set of equal rows, ascending.

    A matrix product may round the same two rows differently in different tiles, so that a later copy of a reference
    would beat an earlier one by the last bit: only the first copy takes part.

    Args:
        rows: (m, d) contiguous.

    Example:
        >>> distinct(np.float32([[1, 2], [3, 4], [1, 2]])).tolist()
        [0, 1]
    """
    hashes = pd.Series([hashlib.blake2b(row.data, digest_size=16).digest() for row in rows], dtype=object)
    return np.flatnonzero(~hashes.duplicated().to_numpy()).astype(np.int64)


def closest(
    queries: NDArray[np.float32],
    references: NDArray[np.float32],
    block: int,
    place: Place,
    *,
    rows: Rows | None = None,
    threads: int | None = None,
) -> Found:
    """The search itself, among references that differ from one another.

    Args:
        queries: (n, d).
        references: (m, d).
        block: rows and columns of a tile. Tiles are cut from the first query on, so that some of the queries have the
            bits that they have among all of them, where they begin at a multiple of it.
        place: where tiles are computed.
        rows: the references that count (k,), by default all.
        threads: at most; by default one a processor. A GPU has one.

    Returns:
        scores (n,) float32, and indices (n,) int64 into `rows`, or into the references where all count; the first of
        equals.
    """
    scores = np.full(len(queries), -np.inf, dtype=np.float32)
    indices = np.zeros(len(queries), dtype=np.int64)
    tiles = _tiles(queries, references, block, place, rows)
    for top, left, score, best in in_order(tiles, threads=threads if place.device is None else 1):
        part = slice(top, top + block)
        better = score > scores[part]
        scores[part] = np.where(better, score, scores[part])
        indices[part] = np.where(better, left + best, indices[part])
    return scores, indices


Tile = tuple[int, int, NDArray[np.float32], Rows]


def _tiles(
    queries: NDArray[np.float32], references: NDArray[np.float32], block: int, place: Place, rows: Rows | None
) -> Iterator[Callable[[], Tile]]:
    for left in range(0, len(references) if rows is None else len(rows), block):
        columns = slice(left, left + block)
        some = place.put(references[columns] if rows is None else references[rows[columns]]).T
        for top in range(0, len(queries), block):
            yield partial(_best, queries[top : top + block], some, place, top, left)


def _best(queries: NDArray[np.float32], columns: Any, place: Place, top: int, left: int) -> Tile:
    tile = place.put(queries) @ columns
    at = tile.argmax(axis=1)
    return top, left, place.back(tile[place.put(np.arange(len(tile))), at]), place.back(at)
