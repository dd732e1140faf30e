"""Exact nearest neighbours by dot product, in blocks: memory follows the block, not the corpus.

They are searched for by numpy on a processor and by PyTorch on a GPU (`lib.base.arrays`), whose products of float32
round differently: scores agree within 1e-6 of the product of the rows' lengths, and among references closer than that
another may be found.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from lib.base.arrays import place_of

if TYPE_CHECKING:
    import torch

Vectors = NDArray[np.floating]


def nearest(
    queries: Vectors, references: Vectors, *, block: int = 2048, device: "str | torch.device | None" = None
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The most similar reference of every query: exact, no index, no sampling.

    On L2-normalised rows the score is the raw cosine, in -1..1. On TMR's scale, (cosine + 1) / 2, its
    thresholds .95 and .80 are cosines .90 and .60.

    Source: Petrovich et al. 2023, TMR + TMR: retrieval.py, which holds the whole n x n matrix; here it exists one
    tile at a time.

    Args:
        queries: (n, d) finite floats.
        references: (m, d) finite floats, m >= 1.
        block: rows and columns of a tile; the working memory is about 8 * block ** 2 bytes. On a GPU see
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
    queries, references = _checked(queries, "queries", block), _checked(references, "references", block)
    if queries.shape[1] != references.shape[1]:
        raise ValueError(f"queries have {queries.shape[1]} dimensions, references {references.shape[1]}")
    if not references.size:
        raise ValueError("no references to search")
    first, place = _first_of_equals(references), place_of(device)
    block = place.block(block)
    scores = np.full(len(queries), -np.inf, dtype=np.float32)
    indices = np.zeros(len(queries), dtype=np.int64)
    for left in range(0, len(first), block):
        columns = first[left : left + block]
        some = place.put(references[columns]).T
        for top in range(0, len(queries), block):
            rows = slice(top, top + block)
            tile = place.put(queries[rows]) @ some
            at = tile.argmax(axis=1)
            score, best = place.back(tile[place.put(np.arange(len(tile))), at]), place.back(at)
            better = score > scores[rows]
            scores[rows] = np.where(better, score, scores[rows])
            indices[rows] = np.where(better, columns[best], indices[rows])
    return scores, indices


def _first_of_equals(rows: NDArray[np.float32]) -> NDArray[np.int64]:
    # A matrix product may round the same two rows differently in different tiles, so that a later copy of a
    # reference would beat an earlier one by the last bit: only the first copy takes part.
    whole = rows.view(np.dtype((np.void, rows.dtype.itemsize * rows.shape[1]))).ravel()
    return np.sort(np.unique(whole, return_index=True)[1]).astype(np.int64)


def _checked(vectors: Vectors, name: str, block: int) -> NDArray[np.float32]:
    if block < 1:
        raise ValueError(f"block must be 1 or more, not {block}")
    array = np.ascontiguousarray(vectors, dtype=np.float32)
    if array.ndim != 2:
        raise ValueError(f"{name} must be (n, d), not {array.shape}")
    broken = int((~np.isfinite(array).all(axis=1)).sum())
    if broken:
        raise ValueError(f"{name} hold NaN or infinity in {broken} of {len(array)} rows")
    return array
